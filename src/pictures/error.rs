//! What can be wrong with a table.

use std::fmt;
use std::path::Path;

/// A table that can't be drawn: which file, where in it, what is wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Error {
    /// The file, as the caller named it.
    pub file: String,
    /// The line, counted from 1, where one is to blame.
    pub line: Option<u64>,
    /// What was found and what was expected.
    pub what: String,
}

impl Error {
    /// An error in `file`, at `line` where one is to blame.
    pub(super) fn new(file: &Path, line: Option<u64>, what: impl Into<String>) -> Self {
        Error {
            file: file.display().to_string(),
            line,
            what: what.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

impl std::error::Error for Error {}
