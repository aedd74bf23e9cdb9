//! Tables read back, row by row: for `verify` and `plot`.

use super::error::FileError;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const AGAIN: &str = "make the results again";

/// The rows of a table. An iterator; it ends after the first error.
pub struct Rows<R: Read> {
    path: PathBuf,
    columns: Arc<[String]>,
    csv: csv::Reader<R>,
    record: csv::StringRecord,
    is_over: bool,
}

/// One row: its fields as they are written in the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The line in the file, from 1.
    pub line: u64,
    columns: Arc<[String]>,
    fields: Vec<String>,
}

impl Row {
    /// The field in this column; `None` if there is no such column.
    pub fn get(&self, column: &str) -> Option<&str> {
        let place = self.columns.iter().position(|name| name == column)?;
        self.fields.get(place).map(String::as_str)
    }

    /// (column, field), in the file's order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.fields.iter().map(String::as_str);
        self.columns.iter().map(String::as_str).zip(fields)
    }

    /// As [`Row::fields`], as a list of what it owns.
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.columns.iter().cloned().zip(self.fields).collect()
    }
}

impl Rows<BufReader<File>> {
    /// Opens a table and reads its header.
    pub fn open(path: &Path) -> Result<Rows<BufReader<File>>, FileError> {
        let failed = |cause: &io::Error| match cause.kind() {
            io::ErrorKind::NotFound => FileError::results(path, "is missing", AGAIN),
            _ => unreadable(path, cause),
        };
        let metadata = fs::metadata(path).map_err(|cause| failed(&cause))?;
        if !metadata.is_file() {
            return Err(FileError::results(path, "is no plain file", AGAIN));
        }
        let file = File::open(path).map_err(|cause| failed(&cause))?;
        Rows::new(BufReader::with_capacity(1 << 16, file), path)
    }
}

impl<R: Read + Seek> Rows<R> {
    /// Reads the header. `path`: what errors name.
    pub fn new(mut reader: R, path: &Path) -> Result<Rows<R>, FileError> {
        check_whole(&mut reader, path)?;
        let mut csv = csv::ReaderBuilder::new().from_reader(reader);
        let header = csv
            .headers()
            .map_err(|error| damaged(path, error))?
            .iter()
            .map(str::to_string);
        let columns: Arc<[String]> = header.collect();
        for (place, name) in columns.iter().enumerate() {
            if columns[..place].contains(name) {
                let what = format!("has two columns \"{name}\"");
                return Err(FileError::results(path, what, AGAIN).at_line(1));
            }
        }
        Ok(Rows {
            path: path.to_path_buf(),
            columns,
            csv,
            record: csv::StringRecord::new(),
            is_over: false,
        })
    }
}

impl<R: Read> Rows<R> {
    /// The columns, in the file's order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// An error that names the first of these columns that is missing.
    pub fn require(&self, columns: &[&str]) -> Result<(), FileError> {
        let is_missing = |name: &&&str| !self.columns.iter().any(|column| column == **name);
        match columns.iter().find(is_missing) {
            None => Ok(()),
            Some(name) => {
                let what = format!("has no column \"{name}\"");
                Err(FileError::results(&self.path, what, AGAIN).at_line(1))
            }
        }
    }

    fn read(&mut self) -> Result<Option<Row>, FileError> {
        let read = self.csv.read_record(&mut self.record);
        if !read.map_err(|error| damaged(&self.path, error))? {
            return Ok(None);
        }
        let line = self.record.position().map_or(0, |position| position.line());
        Ok(Some(Row {
            line,
            columns: Arc::clone(&self.columns),
            fields: self.record.iter().map(str::to_string).collect(),
        }))
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<Row, FileError>;

    fn next(&mut self) -> Option<Result<Row, FileError>> {
        if self.is_over {
            return None;
        }
        let read = self.read().transpose();
        self.is_over = !matches!(read, Some(Ok(_)));
        read
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

    fn rows(text: &[u8]) -> Result<Vec<Row>, FileError> {
        Rows::new(Cursor::new(text), Path::new("runs.csv"))?.collect()
    }

    #[test]
    fn rows_are_as_written() {
        let read = rows(b"cell,case,loss\n0,\"a, \"\"b\"\"\",0.10\n1,,\n").unwrap();
        let pairs: Vec<(&str, &str)> = read[0].fields().collect();
        let expected = [("cell", "0"), ("case", "a, \"b\""), ("loss", "0.10")];
        assert_eq!(pairs, expected);
        assert_eq!(read[1].get("loss"), Some(""));
        assert_eq!(read[1].get("fanout"), None);
        assert_eq!((read[0].line, read[1].line), (2, 3));
        assert_eq!(read[1].clone().into_pairs()[0].1, "1");
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
        let table = Rows::new(Cursor::new("a,b\n"), Path::new("runs.csv")).unwrap();
        assert_eq!(table.columns(), ["a", "b"]);
        assert_eq!(table.require(&["b", "a"]), Ok(()));
        let error = table.require(&["a", "cell"]).unwrap_err().to_string();
        assert!(
            error.starts_with("runs.csv:1: has no column \"cell\""),
            "{error}"
        );
        let none = Rows::open(Path::new("no/such/runs.csv")).err().unwrap();
        assert!(none.to_string().contains("is missing"));
    }

    #[test]
    fn nothing_follows_an_error() {
        let text = Cursor::new("a,b\n1\n1,2\n");
        let mut table = Rows::new(text, Path::new("runs.csv")).unwrap();
        assert!(table.next().is_some_and(|row| row.is_err()));
        assert!(table.next().is_none());
    }
}
