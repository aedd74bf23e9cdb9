//! Ranges on axes, `{ from = 10, to = 10_000, per_decade = 3 }` or
//! `{ from = 0, to = 1, step = 0.25 }`, written out as lists.

use super::error::Problem;
use super::meaning;
use super::plain;
use super::tree::{self, Node, Tree};
use super::words;
use crate::key::Shape;
use crate::time::Duration;
use std::collections::BTreeSet;
use toml::de::DeValue;
use toml::{Spanned, Value};

/// What a range has.
pub const KEYS: [&str; 4] = ["from", "to", "per_decade", "step"];

/// A range has at most this many values.
const VALUES_MAX: usize = 10_000;

/// Above, a whole number (of nanoseconds, too) need not be an f64.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

const HOW: &str =
    "write { from = 10, to = 1000, per_decade = 3 } or { from = 0, to = 1, step = 0.25 }";

/// What a range's numbers are.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    Whole,
    Real,
    Durations,
}

/// The values of the axis, all of them at the place of the range.
pub fn values(
    axis: &str,
    node: &Node,
    table: &Tree,
    shapes: &[Shape],
) -> Result<Vec<Node>, Problem> {
    for (key, _) in table.iter() {
        if !KEYS.contains(&key.get_ref().as_ref()) {
            let why = format!(
                "unknown key `{}` in the range of `{axis}`",
                words::short(key.get_ref())
            );
            return Err(Problem::at(key.span(), why).help(words::suggest(key.get_ref(), &KEYS)));
        }
    }
    let of = kind_of(axis, node, table, shapes)?;
    let number = |key: &str| number(axis, node, table, key, of);
    let (from, to) = (number("from")?, number("to")?);
    if from > to {
        let why = format!("the range of `{axis}` is empty: `from` is above `to`");
        return Err(Problem::at(node.span(), why).help("write the smaller number first"));
    }
    let numbers = match (table.get("per_decade"), table.get("step")) {
        (Some(count), None) => decades(axis, count, from, to)?,
        (None, Some(step)) => steps(axis, step, from, to, number("step")?)?,
        _ => {
            let why = format!("the range of `{axis}` needs either `per_decade` or `step`");
            return Err(Problem::at(node.span(), why).help(HOW));
        }
    };
    let numbers = numbers.into_iter().map(|number| written(number, of));
    let mut seen = BTreeSet::new();
    let distinct: Vec<String> = numbers.filter(|text| seen.insert(text.clone())).collect();
    // As long-lived as the scenario's own text.
    let text: &'static str = Box::leak(format!("[{}]", distinct.join(", ")).into_boxed_str());
    let list = DeValue::parse(text).map(Spanned::into_inner);
    let Ok(DeValue::Array(items)) = list else {
        return Err(Problem::at(
            node.span(),
            format!("the range of `{axis}` has no values"),
        ));
    };
    let at_the_range = |item: Node| Spanned::new(node.span(), item.into_inner());
    Ok(items.into_iter().map(at_the_range).collect())
}

/// By what the key takes; where nobody described it, by what is written.
fn kind_of(axis: &str, node: &Node, table: &Tree, shapes: &[Shape]) -> Result<Of, Problem> {
    let flat = shapes.iter().flat_map(|shape| match shape {
        Shape::Either(shapes) => shapes.iter().collect(),
        shape => vec![shape],
    });
    let of = flat.filter_map(|shape| match shape {
        Shape::Whole(..) => Some(Of::Whole),
        Shape::Real(..) => Some(Of::Real),
        Shape::Duration(..) => Some(Of::Durations),
        _ => None,
    });
    let by_text = || match table.get("from").map(|node| node.get_ref()) {
        Some(DeValue::String(_)) => Of::Durations,
        Some(DeValue::Float(_)) => Of::Real,
        _ if table
            .get("step")
            .is_some_and(|step| step.get_ref().is_float()) =>
        {
            Of::Real
        }
        _ => Of::Whole,
    };
    match (of.collect::<Vec<_>>().first(), shapes.is_empty()) {
        (Some(of), _) => Ok(*of),
        (None, true) => Ok(by_text()),
        (None, false) => {
            let why = format!("the axis `{axis}` takes no numbers, and no range");
            Err(Problem::at(node.span(), why).help(format!("write \"{axis}\" = [..., ...]")))
        }
    }
}

/// One of the range's numbers; of durations, in nanoseconds.
fn number(axis: &str, node: &Node, table: &Tree, key: &str, of: Of) -> Result<f64, Problem> {
    let Some(item) = table.get(key) else {
        let why = format!("the range of `{axis}` needs `{key}`");
        return Err(Problem::at(node.span(), why).help(HOW));
    };
    let value = tree::plain(item.get_ref());
    let any = [Shape::Duration(0, u64::MAX)];
    let number = value.as_ref().and_then(|value| match (of, value) {
        (Of::Durations, value) => Some(meaning::duration(value, &any)?.0 as f64),
        (Of::Real, Value::Float(number)) => number.is_finite().then_some(*number),
        (_, Value::Integer(number)) => Some(*number as f64),
        _ => None,
    });
    let what = match of {
        Of::Whole => "a whole number",
        Of::Real => "a number",
        Of::Durations => "a duration with its unit, as in \"50ms\" or \"1s\"",
    };
    let fits = |number: &f64| of == Of::Real || number.abs() <= EXACT_MAX;
    number.filter(fits).ok_or_else(|| {
        let why = format!("`{key}` in the range of `{axis}` must be {what}");
        let help = value.map(|value| plain::toml(&value)).unwrap_or_default();
        Problem::at(item.span(), format!("{why}, not {}", words::short(&help)))
    })
}

/// `from`, and so many to each factor of 10.
fn decades(axis: &str, count: &Node, from: f64, to: f64) -> Result<Vec<f64>, Problem> {
    let per_decade = match tree::plain(count.get_ref()) {
        Some(Value::Integer(number @ 1..=1000)) => number as f64,
        _ => {
            let why = format!(
                "`per_decade` in the range of `{axis}` must be a whole number from 1 to 1000"
            );
            return Err(Problem::at(count.span(), why));
        }
    };
    if from <= 0.0 {
        let why = format!("the range of `{axis}` must begin above 0 to have decades");
        return Err(Problem::at(count.span(), why).help("begin above 0, or take `step`"));
    }
    let value = |place: f64| from * libm::pow(10.0, place / per_decade);
    up_to(axis, count, to, value)
}

fn steps(axis: &str, node: &Node, from: f64, to: f64, step: f64) -> Result<Vec<f64>, Problem> {
    if step <= 0.0 {
        let why = format!("`step` in the range of `{axis}` must be above 0");
        return Err(Problem::at(node.span(), why));
    }
    up_to(axis, node, to, |place| from + place * step)
}

/// The values from the first on that are not above `to`, which one that is as good as
/// equal becomes.
fn up_to(
    axis: &str,
    node: &Node,
    to: f64,
    value: impl Fn(f64) -> f64,
) -> Result<Vec<f64>, Problem> {
    const NEAR: f64 = 1e-9;
    let near = NEAR * (value(1.0) - value(0.0)).abs().max(to.abs());
    let mut all = Vec::new();
    loop {
        let number = value(all.len() as f64);
        if number > to + near {
            return Ok(all);
        }
        if all.len() == VALUES_MAX {
            let why = format!("the range of `{axis}` has more than {VALUES_MAX} values");
            return Err(Problem::at(node.span(), why).help("take fewer, or a list"));
        }
        all.push(if (number - to).abs() <= near {
            to
        } else {
            number
        });
    }
}

/// As in a list: whole numbers and nanoseconds rounded half up, reals to 12 digits.
fn written(number: f64, of: Of) -> String {
    let half_up = (number + 0.5).floor();
    match of {
        Of::Whole => format!("{half_up}"),
        Of::Durations => format!("\"{}\"", Duration(half_up as u64)),
        Of::Real => {
            let rounded: f64 = format!("{number:.11e}").parse().unwrap_or(number);
            format!("{rounded:?}")
        }
    }
}
