//! A CSV file read row by row, with errors that say where.

use std::fs::File;
use std::path::Path;

use super::Error;

/// The largest magnitude that a number in a table may have: far above any count, far below where axes break down.
const MAGNITUDE_MAX: f64 = 1e15;

/// An open CSV file and its current row.
pub struct Table<'a> {
    path: &'a Path,
    reader: csv::Reader<File>,
    header: Vec<String>,
    row: csv::StringRecord,
}

impl<'a> Table<'a> {
    /// Opens the file and reads its header.
    pub fn open(path: &'a Path) -> Result<Self, Error> {
        let file = File::open(path)
            .map_err(|e| Error::new(path, None, format!("can't be opened: {e}")))?;
        let mut reader = csv::Reader::from_reader(file);
        let header = reader.headers().map_err(|e| explain(path, &e))?;
        let header: Vec<String> = header.iter().map(str::to_owned).collect();
        if header.is_empty() {
            return Err(Error::new(path, Some(1), "is empty: a header was expected"));
        }
        Ok(Table {
            path,
            reader,
            header,
            row: csv::StringRecord::new(),
        })
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The index of the column `name`.
    pub fn column(&self, name: &str) -> Result<usize, Error> {
        let found = self.header.iter().position(|column| column == name);
        found.ok_or_else(|| self.refuse(format!("has no column `{name}`")))
    }

    /// Goes to the next row; false at the end.
    pub fn advance(&mut self) -> Result<bool, Error> {
        self.reader
            .read_record(&mut self.row)
            .map_err(|e| explain(self.path, &e))
    }

    /// An error that blames the header.
    pub fn refuse(&self, what: impl Into<String>) -> Error {
        Error::new(self.path, Some(1), what)
    }

    /// An error that blames the current row.
    pub fn blame(&self, what: impl Into<String>) -> Error {
        Error::new(
            self.path,
            self.row.position().map(csv::Position::line),
            what,
        )
    }

    /// A field of the current row.
    pub fn text(&self, column: usize) -> &str {
        self.row.get(column).unwrap_or_default()
    }

    /// A whole number in the current row.
    pub fn whole(&self, column: usize) -> Result<u64, Error> {
        let text = self.text(column);
        let value: Option<u64> = text
            .parse()
            .ok()
            .filter(|&v: &u64| v as f64 <= MAGNITUDE_MAX);
        value.ok_or_else(|| {
            self.blame(format!(
                "{}: a whole number was expected, not `{}`",
                self.header[column],
                brief(text)
            ))
        })
    }

    /// A number in the current row.
    pub fn number(&self, column: usize) -> Result<f64, Error> {
        let text = self.text(column);
        let value: Option<f64> = text.parse().ok().filter(|v: &f64| v.abs() <= MAGNITUDE_MAX);
        value.ok_or_else(|| {
            self.blame(format!(
                "{}: a number was expected, not `{}`",
                self.header[column],
                brief(text)
            ))
        })
    }

    /// A number in the current row, or nothing where the field is empty.
    pub fn optional(&self, column: usize) -> Result<Option<f64>, Error> {
        if self.text(column).is_empty() {
            return Ok(None);
        }
        self.number(column).map(Some)
    }
}

/// A field as an error quotes it: no control characters, not too long.
fn brief(text: &str) -> String {
    text.chars().take(40).flat_map(char::escape_debug).collect()
}

/// The CSV reader's errors in our words.
fn explain(path: &Path, error: &csv::Error) -> Error {
    let line = error.position().map(csv::Position::line);
    let what = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!(
                "the row has {len} fields, the header {expected_len}: was the file cut off or edited?"
            )
        }
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8".to_owned(),
        csv::ErrorKind::Io(e) => format!("can't be read: {e}"),
        _ => "is not CSV".to_owned(),
    };
    Error::new(path, line, what)
}
