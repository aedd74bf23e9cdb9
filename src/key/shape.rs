//! What values a setting takes.

use super::{Key, Kind};
use std::fmt;

/// The shape of a value.
#[derive(Clone)]
pub enum Shape {
    /// True or false.
    Boolean,
    /// A whole number, both ends included.
    Whole(u64, u64),
    /// A real number, both ends included.
    Real(f64, f64),
    /// A duration with its unit, both ends included, in nanoseconds.
    Duration(u64, u64),
    /// Any text.
    Text,
    /// One of these words; with a line about each.
    Choice(Vec<(&'static str, &'static str)>),
    /// A list of such items.
    List(Box<Shape>),
    /// Any of these, which are of different types.
    Either(Vec<Shape>),
    /// A table with a `kind`.
    Kinds(&'static [Kind]),
    /// A table of these keys.
    Table(&'static [Key]),
}

/// Kinds that are all named in one line, at most.
const KINDS_SHOWN: usize = 12;

impl fmt::Display for Shape {
    /// As in "must be ...".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shape::Boolean => f.write_str("true or false"),
            Shape::Whole(from, to) => write!(f, "a whole number from {from} to {to}"),
            Shape::Real(f64::MIN_POSITIVE, to) => write!(f, "a number above 0, to {to}"),
            Shape::Real(from, to) if to.is_finite() => write!(f, "a number from {from} to {to}"),
            Shape::Real(from, _) if from.is_finite() => write!(f, "a number from {from}"),
            Shape::Real(..) => f.write_str("a number"),
            Shape::Duration(from, to) => duration(f, *from, *to),
            Shape::Text => f.write_str("text in quotes"),
            Shape::Choice(words) => {
                let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                write!(f, "\"{}\"", words.join("\", \""))
            }
            Shape::List(item) => write!(f, "a list, each item {item}"),
            Shape::Either(shapes) => {
                let shapes: Vec<String> = shapes.iter().map(Shape::to_string).collect();
                f.write_str(&shapes.join(", or "))
            }
            Shape::Kinds(kinds) => {
                let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
                let (shown, others) = match names.len() {
                    0..=KINDS_SHOWN => (&names[..], 0),
                    many => (&names[..KINDS_SHOWN / 2], many - KINDS_SHOWN / 2),
                };
                write!(f, "a table with a `kind`: `{}`", shown.join("`, `"))?;
                match others {
                    0 => Ok(()),
                    others => write!(f, " or one of {others} others"),
                }
            }
            Shape::Table(_) => f.write_str("a table"),
        }
    }
}

fn duration(f: &mut fmt::Formatter<'_>, from: u64, to: u64) -> fmt::Result {
    use crate::time::Duration;
    match (from, to) {
        (0, u64::MAX) => f.write_str("a duration with its unit, as in \"50ms\" or \"1s\""),
        (1, u64::MAX) => f.write_str("above 0s"),
        (from, u64::MAX) => write!(f, "at least {}", Duration(from)),
        (from, to) => write!(f, "from {} to {}", Duration(from), Duration(to)),
    }
}
