//! What can go wrong with files, as a value with a text for people.

use crate::text::visible;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why it failed: what the exit code rests on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// The place asked for can't be used: bad usage.
    Place,
    /// The disk failed us: full, gone, broken.
    Disk,
    /// Results that were to be read are incomplete or damaged.
    Results,
    /// The user interrupted.
    Interrupted,
}

/// One error: where, what is wrong, what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileError {
    /// Why it failed.
    pub reason: Reason,
    /// The file or directory; empty where unknown.
    pub path: PathBuf,
    /// The line in that file, from 1.
    pub line: Option<u64>,
    /// What is wrong.
    pub what: String,
    /// What to do about it; may be empty.
    pub advice: String,
}

/// The advice that helps against most places.
pub(crate) const ELSEWHERE: &str = "choose another directory with --out";

impl FileError {
    pub(crate) fn new(
        reason: Reason,
        path: impl AsRef<Path>,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) -> FileError {
        FileError {
            reason,
            path: path.as_ref().to_path_buf(),
            line: None,
            what: what.into(),
            advice: advice.into(),
        }
    }

    /// This place is refused.
    pub(crate) fn place(path: impl AsRef<Path>, what: impl Into<String>) -> FileError {
        FileError::new(Reason::Place, path, what, ELSEWHERE)
    }

    /// The operating system refused something on the way to writing.
    pub(crate) fn disk(path: impl AsRef<Path>, doing: &str, cause: &io::Error) -> FileError {
        let advice = match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                &format!("make room, or {ELSEWHERE}")
            }
            _ => ELSEWHERE,
        };
        FileError::new(
            Reason::Disk,
            path,
            format!("cannot {doing}: {cause}"),
            advice,
        )
    }

    /// As [`FileError::disk`], before any work was done: a full disk is a failure,
    /// all else the choice of a bad place.
    pub(crate) fn opening(path: impl AsRef<Path>, doing: &str, cause: &io::Error) -> FileError {
        let mut error = FileError::disk(path, doing, cause);
        if !matches!(
            cause.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
        ) {
            error.reason = Reason::Place;
        }
        error
    }

    /// Results that can't be read.
    pub(crate) fn results(
        path: impl AsRef<Path>,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) -> FileError {
        FileError::new(Reason::Results, path, what, advice)
    }

    pub(crate) fn interrupted(path: impl AsRef<Path>) -> FileError {
        let what = "interrupted: the results that were here are as they were";
        FileError::new(Reason::Interrupted, path, what, "")
    }

    /// The same for a command whose places are not chosen by `--out`.
    #[must_use]
    pub fn elsewhere(mut self, advice: &str) -> FileError {
        self.advice = self.advice.replace(ELSEWHERE, advice);
        self
    }

    pub(crate) fn at_line(mut self, line: u64) -> FileError {
        self.line = Some(line);
        self
    }
}

impl fmt::Display for FileError {
    /// `PATH:LINE: what; advice`, on one line and without control characters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.as_os_str().is_empty() {
            f.write_str(&visible(&self.path.display().to_string()))?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&visible(&self.what))?;
        if !self.advice.is_empty() {
            write!(f, "; {}", visible(&self.advice))?;
        }
        Ok(())
    }
}

impl std::error::Error for FileError {}

impl From<FileError> for io::Error {
    fn from(error: FileError) -> io::Error {
        io::Error::other(error)
    }
}

impl From<io::Error> for FileError {
    /// The error of ours that a writer of files wrapped, or a plain one.
    fn from(error: io::Error) -> FileError {
        match error.downcast::<FileError>() {
            Ok(ours) => ours,
            Err(other) => FileError::disk("", "write a table", &other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_where_what_and_what_to_do() {
        let error = FileError::results("a/runs.csv", "has 3 fields, not 4", "run again").at_line(7);
        assert_eq!(
            error.to_string(),
            "a/runs.csv:7: has 3 fields, not 4; run again"
        );
    }

    #[test]
    fn terminal_escapes_are_never_shown_raw() {
        let error = FileError::place("out\u{1b}[31m", "holds \"\u{202e}\n\u{7}\" – ü");
        let text = error.to_string();
        assert!(!text.chars().any(|c| c.is_control() || c == '\u{202e}'));
        assert!(
            text.contains("\\u{1b}[31m") && text.contains("– ü"),
            "{text}"
        );
    }

    #[test]
    fn our_error_survives_the_way_through_a_writer() {
        let error = FileError::place("x", "y");
        assert_eq!(FileError::from(io::Error::from(error.clone())), error);
        let other = FileError::from(io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(other.reason, Reason::Disk);
        assert!(other.advice.contains("make room"));
    }
}
