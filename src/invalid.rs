//! A setting that cannot be: which one, and why.
//!
//! Invariant: imports nothing of ours; knows no file and no position, which
//! only the scenario's reader can add.

use std::fmt;

/// A refused setting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invalid {
    /// The key, relative to the table that was read ("fanout"), or from the
    /// scenario's root with a leading dot (".clock.mode").
    pub key: String,
    /// What is wrong and what would be right, as a sentence without full stop.
    pub why: String,
}

impl Invalid {
    /// The setting at `key` is refused, and why.
    pub fn new(key: impl Into<String>, why: impl Into<String>) -> Invalid {
        Invalid {
            key: key.into(),
            why: why.into(),
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key.trim_start_matches('.'), self.why)
    }
}

impl std::error::Error for Invalid {}
