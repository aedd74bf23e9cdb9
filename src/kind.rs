//! Choices by name, as in `latency = { kind = "constant", value = "5ms" }`:
//! a list of kinds, each of which reads the rest of its own table.
//!
//! Invariant: knows no file and no position but the spans inside `toml`'s own
//! values; which kinds exist is each room's own list.

use crate::invalid::Invalid;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::DeTable;

/// A table of a scenario, less its `kind`, with the places where it was written.
pub type Table = Spanned<DeTable<'static>>;

/// One choice: its name, a line about it, and how its keys are read.
pub struct Kind<T: 'static> {
    /// The value of `kind`.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// Reads the table (less `kind`).
    pub read: fn(Table) -> Result<T, Refused>,
}

/// Why a table was not taken.
#[derive(Debug)]
pub enum Refused {
    /// Not of the right shape: an unknown or missing key, a wrong type.
    Shape(toml::de::Error),
    /// Well-formed, but a value that cannot be.
    Setting(Invalid),
}

impl From<Invalid> for Refused {
    fn from(invalid: Invalid) -> Refused {
        Refused::Setting(invalid)
    }
}

/// Reads a table into a struct by serde.
///
/// # Errors
/// [`Refused::Shape`], with the span of the offending key or value.
pub fn read<T: DeserializeOwned>(table: Table) -> Result<T, Refused> {
    T::deserialize(toml::Deserializer::from(table)).map_err(Refused::Shape)
}
