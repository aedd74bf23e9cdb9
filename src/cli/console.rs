//! What the program says, and how it ends.

use super::Program;
use crate::pictures;
use crate::scenario;
use crate::tables::{FileError, Reason};
use clap::error::ContextValue;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// Standard output for results, standard error for the rest.
#[derive(Clone)]
pub struct Console {
    quiet: bool,
    program: Program,
}

impl Console {
    pub fn new(quiet: bool, program: Program) -> Console {
        Console { quiet, program }
    }

    /// Whose console this is.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The last line: the command to try next, without the program's name.
    pub fn next(&self, command: impl Display) -> Result<(), Failure> {
        self.say(format!("next: {} {command}", self.program.name()))
    }

    /// One JSON object, asked for as such: printed even if quiet.
    pub fn json(&self, object: &serde_json::Value) -> Result<(), Failure> {
        self.give(format!("{object:#}\n"))
    }

    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// A result: a line (or more) to standard output.
    pub fn say(&self, text: impl Display) -> Result<(), Failure> {
        if self.quiet {
            return Ok(());
        }
        Ok(writeln!(anstream::stdout(), "{}", safe(text))?)
    }

    /// Something that was asked for as such, printed even if quiet.
    pub fn give(&self, text: impl Display) -> Result<(), Failure> {
        Ok(write!(anstream::stdout(), "{text}")?)
    }

    /// A remark to standard error.
    pub fn note(&self, text: impl Display) {
        if !self.quiet {
            // Nothing to be done if standard error is closed.
            let _ = writeln!(anstream::stderr(), "{}", safe(text));
        }
    }
}

/// Why a command did not succeed.
#[derive(Debug)]
pub enum Failure {
    /// Bad usage or a bad scenario: exit code 2.
    Usage(String),
    /// A failed run, or results that are not what they should be: exit code 1.
    Failed(String),
    /// The user interrupted: exit code 130.
    Interrupted(String),
    /// Nobody reads on: no error.
    ClosedPipe,
}

impl Failure {
    /// Says it, and gives the exit code.
    pub fn report(self) -> ExitCode {
        let (text, code) = match self {
            Failure::Usage(text) => (text, 2),
            Failure::Failed(text) => (text, 1),
            Failure::Interrupted(text) => (text, 130),
            Failure::ClosedPipe => return ExitCode::SUCCESS,
        };
        let text = match text.starts_with("error") {
            true => text,
            false => format!("error: {text}"),
        };
        let _ = writeln!(anstream::stderr(), "{}", safe(text.trim_end()));
        ExitCode::from(code)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
            _ => Failure::Failed(format!("cannot write to standard output: {error}")),
        }
    }
}

impl From<scenario::Error> for Failure {
    fn from(error: scenario::Error) -> Failure {
        Failure::Usage(error.to_string())
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Failure {
        match error.reason {
            Reason::Place => Failure::Usage(error.to_string()),
            Reason::Disk | Reason::Results => Failure::Failed(error.to_string()),
            Reason::Interrupted => Failure::Interrupted(error.to_string()),
        }
    }
}

impl From<pictures::Error> for Failure {
    fn from(error: pictures::Error) -> Failure {
        Failure::Failed(error.to_string())
    }
}

/// Lines for people. Names of files may hold what moves a terminal's cursor:
/// shown as an escape.
fn safe(text: impl Display) -> String {
    let text = text.to_string();
    let lines: Vec<String> = text.split('\n').map(scenario::visible).collect();
    lines.join("\n")
}

/// Says what clap has to say: its help, or what is wrong with the arguments,
/// which are made safe to show.
pub fn report_usage(mut error: clap::Error) -> ExitCode {
    let echoed: Vec<_> = error.context().map(|(k, v)| (k, v.clone())).collect();
    for (kind, value) in echoed {
        let visible = |text: &String| scenario::visible(text);
        let shown = match value {
            ContextValue::String(text) => ContextValue::String(visible(&text)),
            ContextValue::Strings(texts) => {
                ContextValue::Strings(texts.iter().map(visible).collect())
            }
            _ => continue,
        };
        error.insert(kind, shown);
    }
    // Nothing to be done if nobody reads on.
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}

/// A path as a shell takes it, for the commands that are shown to be tried.
pub fn argument(path: &Path) -> String {
    let path = path.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "/._-+,:@=".contains(c);
    match !path.is_empty() && path.chars().all(plain) {
        true => path.into_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

/// `1 run`, `2 runs`: a count with its noun, whose plural is regular.
pub fn counted(count: impl TryInto<u64>, noun: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// A number as JSON; what is none (infinite, say) as null.
pub fn number(value: Option<f64>) -> serde_json::Value {
    value.map_or(serde_json::Value::Null, |value| serde_json::json!(value))
}

/// A number with about five digits for people; files have all of them.
pub fn short(number: f64) -> String {
    let size = number.abs();
    let decimals = match size {
        0.0 => 0,
        s if s >= 10_000.0 => 0,
        s if s >= 1_000.0 => 1,
        s if s >= 100.0 => 2,
        s if s >= 10.0 => 3,
        s if s >= 1e-4 => 4,
        _ => 8,
    };
    let text = format!("{number:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text,
    }
}
