//! Tables read back, row by row: for `verify`, `compare`, `plot` and every picture.
//!
//! A table may be long: one row is held at a time, and reading one allocates nothing.

use super::error::FileError;
use crate::text::short;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

const AGAIN: &str = "make the results again";
/// The largest magnitude that a number in a table may have: above any count of
/// 64 bits, far below where sums and axes break down.
const MAGNITUDE_MAX: f64 = 2e19;

/// An open table and its current row.
pub struct TableReader<R: Read = BufReader<File>> {
    path: PathBuf,
    columns: Vec<String>,
    csv: csv::Reader<R>,
    row: csv::StringRecord,
}

impl TableReader {
    /// Opens a table and reads its header.
    ///
    /// # Errors
    /// Where it is missing, unreadable or damaged.
    pub fn open(path: &Path) -> Result<TableReader, FileError> {
        let failed = |cause: &io::Error| match cause.kind() {
            io::ErrorKind::NotFound => FileError::results(path, "is missing", AGAIN),
            _ => unreadable(path, cause),
        };
        let metadata = fs::metadata(path).map_err(|cause| failed(&cause))?;
        if !metadata.is_file() {
            return Err(FileError::results(path, "is no plain file", AGAIN));
        }
        let file = File::open(path).map_err(|cause| failed(&cause))?;
        TableReader::new(BufReader::with_capacity(1 << 16, file), path)
    }
}

impl<R: Read + Seek> TableReader<R> {
    /// Sees that the table is whole, and reads its header. `path`: what errors
    /// name.
    ///
    /// # Errors
    /// Where it is damaged.
    pub fn new(mut reader: R, path: &Path) -> Result<TableReader<R>, FileError> {
        check_whole(&mut reader, path)?;
        let mut csv = csv::ReaderBuilder::new().from_reader(reader);
        let header = csv.headers().map_err(|error| damaged(path, error))?;
        let columns: Vec<String> = header.iter().map(str::to_string).collect();
        for (place, name) in columns.iter().enumerate() {
            if columns[..place].contains(name) {
                let what = format!("has two columns \"{}\"", short(name));
                return Err(FileError::results(path, what, AGAIN).at_line(1));
            }
        }
        Ok(TableReader {
            path: path.to_path_buf(),
            columns,
            csv,
            row: csv::StringRecord::new(),
        })
    }
}

impl<R: Read> TableReader<R> {
    /// The columns, in the file's order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The place of a column, from 0.
    ///
    /// # Errors
    /// Where there is none of that name.
    pub fn column(&self, name: &str) -> Result<usize, FileError> {
        let found = self.columns.iter().position(|column| column == name);
        found.ok_or_else(|| self.refuse(format!("has no column \"{name}\"")))
    }

    /// Goes to the next row; false at the end.
    ///
    /// # Errors
    /// Where the row is damaged.
    pub fn advance(&mut self) -> Result<bool, FileError> {
        let read = self.csv.read_record(&mut self.row);
        read.map_err(|error| damaged(&self.path, error))
    }

    /// The line of the current row, from 1.
    pub fn line(&self) -> u64 {
        self.row.position().map_or(0, csv::Position::line)
    }

    /// An error that blames the header.
    pub fn refuse(&self, what: impl Into<String>) -> FileError {
        FileError::results(&self.path, what, AGAIN).at_line(1)
    }

    /// An error that blames the current row.
    pub fn blame(&self, what: impl Into<String>) -> FileError {
        FileError::results(&self.path, what, AGAIN).at_line(self.line())
    }

    /// A field of the current row, as it is written in the file.
    pub fn text(&self, column: usize) -> &str {
        self.row.get(column).unwrap_or_default()
    }

    /// A whole number in the current row.
    ///
    /// # Errors
    /// Where the field is something else.
    pub fn whole(&self, column: usize) -> Result<u64, FileError> {
        let value = self.text(column).parse();
        value.map_err(|_| self.unexpected(column, "a whole number"))
    }

    /// A number in the current row.
    ///
    /// # Errors
    /// Where the field is something else, or a number beyond all measure.
    pub fn number(&self, column: usize) -> Result<f64, FileError> {
        let value: Option<f64> = self.text(column).parse().ok();
        let value = value.filter(|value| value.abs() <= MAGNITUDE_MAX);
        value.ok_or_else(|| self.unexpected(column, "a number"))
    }

    /// A number in the current row, or nothing where the field is empty.
    ///
    /// # Errors
    /// As [`TableReader::number`].
    pub fn optional(&self, column: usize) -> Result<Option<f64>, FileError> {
        match self.text(column) {
            "" => Ok(None),
            _ => self.number(column).map(Some),
        }
    }

    fn unexpected(&self, column: usize, expected: &str) -> FileError {
        let (name, found) = (&self.columns[column], short(self.text(column)));
        self.blame(format!("{name}: {expected} was expected, not `{found}`"))
    }
}

/// Every table ends with a line feed; one that does not was cut off.
fn check_whole<R: Read + Seek>(reader: &mut R, path: &Path) -> Result<(), FileError> {
    let failed = |cause: io::Error| unreadable(path, &cause);
    let end = reader.seek(SeekFrom::End(0)).map_err(failed)?;
    if end == 0 {
        return Err(FileError::results(path, "is empty", AGAIN));
    }
    let mut last = [0];
    reader.seek(SeekFrom::End(-1)).map_err(failed)?;
    reader.read_exact(&mut last).map_err(failed)?;
    reader.seek(SeekFrom::Start(0)).map_err(failed)?;
    if last == *b"\n" {
        return Ok(());
    }
    let line = 1 + line_feeds(reader).map_err(failed)?;
    Err(FileError::results(path, "is cut off in the middle of this line", AGAIN).at_line(line))
}

fn line_feeds(reader: &mut impl Read) -> io::Result<u64> {
    let mut block = vec![0; 1 << 16];
    let mut count = 0;
    loop {
        match reader.read(&mut block)? {
            0 => return Ok(count),
            read => count += block[..read].iter().filter(|byte| **byte == b'\n').count() as u64,
        }
    }
}

fn unreadable(path: &Path, cause: &io::Error) -> FileError {
    FileError::results(
        path,
        format!("cannot be read: {cause}"),
        "see that it can be read",
    )
}

fn damaged(path: &Path, error: csv::Error) -> FileError {
    let line = error.position().map(csv::Position::line);
    let error = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            let what = format!("has {len} fields, not {expected_len} as the header");
            FileError::results(path, what, AGAIN)
        }
        csv::ErrorKind::Utf8 { err, .. } => {
            let what = format!("is not UTF-8 in field {}", err.field() + 1);
            FileError::results(path, what, AGAIN)
        }
        csv::ErrorKind::Io(cause) => unreadable(path, cause),
        other => FileError::results(path, format!("is damaged: {other:?}"), AGAIN),
    };
    match line {
        Some(line) => error.at_line(line),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn open(text: &[u8]) -> Result<TableReader<Cursor<&[u8]>>, FileError> {
        TableReader::new(Cursor::new(text), Path::new("runs.csv"))
    }

    /// All fields of all rows, with their lines.
    fn rows(text: &[u8]) -> Result<Vec<(u64, Vec<String>)>, FileError> {
        let mut table = open(text)?;
        let mut rows = Vec::new();
        while table.advance()? {
            let fields = (0..table.columns().len()).map(|at| table.text(at).to_string());
            rows.push((table.line(), fields.collect()));
        }
        Ok(rows)
    }

    #[test]
    fn rows_are_as_written() {
        let read = rows(b"cell,case,loss\n0,\"a, \"\"b\"\"\",0.10\n1,,\n").unwrap();
        let fields = |fields: [&str; 3]| fields.map(str::to_string).to_vec();
        let expected = [
            (2, fields(["0", "a, \"b\"", "0.10"])),
            (3, fields(["1", "", ""])),
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn damage_is_named_with_its_line() {
        let table: [(&[u8], &str); 8] = [
            (b"", "runs.csv: is empty"),
            (b"a,b", "runs.csv:1: is cut off"),
            (b"a,b\n1,2\n3,", "runs.csv:3: is cut off"),
            (b"a,b\n1,2\n3\n4,5\n", "runs.csv:3: has 1 fields, not 2"),
            (b"a,b\n1,2,3\n", "runs.csv:2: has 3 fields, not 2"),
            (b"a,b\n1,2\n1,\xff\n", "runs.csv:3: is not UTF-8 in field 2"),
            (b"a,\xff\n1,2\n", "runs.csv:1: is not UTF-8"),
            (b"a,b,a\n1,2,3\n", "runs.csv:1: has two columns \"a\""),
        ];
        for (text, expected) in table {
            let error = rows(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{expected}: {error}");
            assert!(error.ends_with("; make the results again"));
        }
    }

    #[test]
    fn a_missing_column_and_a_missing_file_are_named() {
        let table = open(b"a,b\n").unwrap();
        assert_eq!(table.columns(), ["a", "b"]);
        assert_eq!(table.column("b"), Ok(1));
        let error = table.column("cell").unwrap_err().to_string();
        assert!(
            error.starts_with("runs.csv:1: has no column \"cell\""),
            "{error}"
        );
        let none = TableReader::open(Path::new("no/such/runs.csv")).err();
        assert!(none.unwrap().to_string().contains("is missing"));
    }

    #[test]
    fn numbers_are_read_as_such_or_named() {
        let text = format!(
            "whole,real,none\n{},-0.5,\n-1,NaN,x\n1e3,1e300,\n",
            u64::MAX
        );
        let mut table = open(text.as_bytes()).unwrap();
        assert_eq!(table.advance(), Ok(true));
        assert_eq!(table.whole(0), Ok(u64::MAX));
        assert_eq!(table.number(0), Ok(u64::MAX as f64));
        assert_eq!((table.number(1), table.optional(2)), (Ok(-0.5), Ok(None)));
        let refused = |found: Result<(), FileError>| found.unwrap_err().what;
        for (whole, real) in [("-1", "NaN"), ("1e3", "1e300")] {
            assert_eq!(table.advance(), Ok(true));
            let what = format!("whole: a whole number was expected, not `{whole}`");
            assert_eq!(refused(table.whole(0).map(drop)), what);
            let what = format!("real: a number was expected, not `{real}`");
            assert_eq!(refused(table.optional(1).map(drop)), what);
        }
        assert_eq!(table.advance(), Ok(false));
    }
}
