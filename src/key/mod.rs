//! What a setting is: its name, what values it takes, what stands in its place
//! where it is left out, and what it means. [`keys!`](crate::keys)
//! makes a struct of settings that is read, written and described from one text.
//!
//! Invariant: knows no section, no kind and no file by name.

mod choices;
mod keys;
mod reading;
mod setting;
mod shape;

pub use reading::{Item, KnownKey, KnownWord, absent, refused};
pub use setting::Setting;
pub use shape::Shape;

/// One key of a table.
pub struct Key {
    /// As it is written in a scenario.
    pub name: &'static str,
    /// What it means: sentences, as in the doc comment of its field.
    pub about: &'static str,
    /// What a number counts; empty where the value says it itself.
    pub unit: &'static str,
    /// What values it takes.
    pub shape: fn() -> Shape,
    /// What stands in its place where it is left out.
    pub absent: Absent,
}

/// What stands in the place of a key that is left out.
#[derive(Clone, Copy)]
pub enum Absent {
    /// Nothing can: it must be given.
    Required,
    /// Nothing: it is a power that is not used.
    Unused,
    /// This value.
    Default(fn() -> toml::Value),
    /// A value that depends on other settings.
    Depends {
        /// On which, and how, in words.
        how: &'static str,
        /// The paths of those settings.
        on: &'static [&'static str],
    },
}

impl Absent {
    /// Of a key without a default.
    pub const fn of<T: Setting>() -> Absent {
        match T::MAY_BE_UNUSED {
            true => Absent::Unused,
            false => Absent::Required,
        }
    }
}

/// A setting as a value of TOML.
pub fn value<T: serde::Serialize>(setting: &T) -> toml::Value {
    // All types of settings are made of what TOML has.
    toml::Value::try_from(setting).unwrap_or(toml::Value::Boolean(false))
}

/// A doc comment as a line of a list: trimmed, without its last full stop.
pub const fn line(about: &'static str) -> &'static str {
    let text = about.trim_ascii();
    match text.as_bytes() {
        [rest @ .., b'.'] => text.split_at(rest.len()).0,
        _ => text,
    }
}

/// A doc comment as sentences on one line.
pub fn sentence(about: &str) -> String {
    about.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Key {
    /// The value that stands in its place, where that is the same in all scenarios.
    pub fn default_value(&self) -> Option<toml::Value> {
        match self.absent {
            Absent::Default(value) => Some(value()),
            _ => None,
        }
    }
}

/// A struct of settings: a section of a scenario, or what a kind takes.
/// [`keys!`](crate::keys) implements it.
pub trait Settings: serde::Serialize + serde::de::DeserializeOwned {
    /// What the table is for: the doc comment of the struct.
    const ABOUT: &'static str;
    /// Every key of it, in the order in which it is written.
    const KEYS: &'static [Key];
}

/// A choice by name, as in `latency = { kind = "constant" }`.
pub struct Kind {
    /// The value of `kind`.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// What it takes besides.
    pub keys: &'static [Key],
}
