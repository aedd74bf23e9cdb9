//! Tables in CSV with a header: which columns there are, and their fields row by row.

use super::Refused;
use super::lines::Lines;
use super::refused::harmless;
use std::io::Read;

/// Bytes of a row at most.
const LONGEST: usize = 1 << 16;

/// A table under way.
pub(super) struct Table<R> {
    lines: Lines<R>,
    /// For each known column its place, if the file has it.
    places: Vec<Option<usize>>,
    width: usize,
}

/// A field, unquoted, and its column.
pub(super) struct Field {
    pub(super) text: Vec<u8>,
    pub(super) column: usize,
}

/// A row: its line, and the fields of the known columns that the file has.
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) fields: Vec<Option<Field>>,
}

impl<R: Read> Table<R> {
    /// Reads the header: of the known columns, of which the first `required` must be
    /// there, and no others.
    pub(super) fn new(source: R, known: &[&str], required: usize) -> Result<Table<R>, Refused> {
        let mut lines = Lines::new(source, LONGEST);
        let all = known.join(",");
        let Some((number, line)) = lines.next()? else {
            return Err(Refused::whole(format!("empty: its header may name {all}")));
        };
        let header = fields(line, number)?;
        let mut places = vec![None; known.len()];
        for (place, field) in header.iter().enumerate() {
            let name = field.text.trim_ascii();
            let Some(found) = known.iter().position(|known| known.as_bytes() == name) else {
                let why = format!("no column {}: there are {all}", harmless(name));
                return Err(Refused::at(number, field.column, why));
            };
            if places[found].replace(place).is_some() {
                let why = format!("the column {} is there twice", known[found]);
                return Err(Refused::at(number, field.column, why));
            }
        }
        if let Some(missing) = places[..required].iter().position(Option::is_none) {
            let why = format!("the header lacks {}: it may name {all}", known[missing]);
            return Err(Refused::at(number, 0, why));
        }
        let width = header.len();
        Ok(Table {
            lines,
            places,
            width,
        })
    }

    /// Has the file the known column?
    pub(super) fn has(&self, known: usize) -> bool {
        self.places[known].is_some()
    }

    /// The next row that is not empty.
    pub(super) fn next(&mut self) -> Result<Option<Row>, Refused> {
        while let Some((number, line)) = self.lines.next()? {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let fields = fields(line, number)?;
            if fields.len() != self.width {
                let why = format!("{} fields, and the header has {}", fields.len(), self.width);
                return Err(Refused::at(number, 0, why));
            }
            let mut fields: Vec<Option<Field>> = fields.into_iter().map(Some).collect();
            let pick = |place: &Option<usize>| place.and_then(|place| fields[place].take());
            let fields = self.places.iter().map(pick).collect();
            return Ok(Some(Row {
                line: number,
                fields,
            }));
        }
        Ok(None)
    }
}

impl Row {
    /// The value of a known column, if the file has it: neither empty nor refused.
    pub(super) fn value<T, E: std::fmt::Display>(
        &self,
        known: usize,
        read: impl Fn(&[u8]) -> Result<T, E>,
    ) -> Result<Option<T>, Refused> {
        let Some(field) = &self.fields[known] else {
            return Ok(None);
        };
        let text = field.text.trim_ascii();
        match read(text) {
            Ok(value) => Ok(Some(value)),
            Err(why) => {
                let why = format!("{why}, not {}", harmless(text));
                Err(Refused::at(self.line, field.column, why))
            }
        }
    }
}

/// Fields between commas; one in quotes may hold commas, and doubled quotes.
fn fields(line: &[u8], number: u64) -> Result<Vec<Field>, Refused> {
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        let column = at + 1;
        let text = if line.get(at) == Some(&b'"') {
            let (text, end) = quoted(line, at).ok_or_else(|| {
                let why = "this quote does not end before the line, or something follows it";
                Refused::at(number, column, why)
            })?;
            at = end;
            text
        } else {
            let length = line[at..].iter().take_while(|byte| **byte != b',').count();
            at += length;
            line[at - length..at].to_vec()
        };
        found.push(Field { text, column });
        match line.get(at) {
            None => return Ok(found),
            Some(_) => at += 1,
        }
    }
}

/// What the quotes at a place hold, and where the field ends.
fn quoted(line: &[u8], start: usize) -> Option<(Vec<u8>, usize)> {
    let (mut text, mut at) = (Vec::new(), start + 1);
    loop {
        match (line.get(at)?, line.get(at + 1)) {
            (b'"', Some(b'"')) => {
                text.push(b'"');
                at += 2;
            }
            (b'"', None | Some(b',')) => return Some((text, at + 1)),
            (b'"', Some(_)) => return None,
            (byte, _) => {
                text.push(*byte);
                at += 1;
            }
        }
    }
}

/// A name that may stand in any table and on any terminal: 1 to 64 letters, digits,
/// blanks and `_ . / -`, the first a letter or a digit.
pub(super) fn name(text: &[u8]) -> Result<String, &'static str> {
    const HOW: &str =
        "a name is 1 to 64 letters, digits, blanks and _ . / -, beginning with a letter or digit";
    let text = std::str::from_utf8(text).map_err(|_| HOW)?;
    let may = |c: char| c.is_alphanumeric() || " _./-".contains(c);
    let begins = text.chars().next().is_some_and(char::is_alphanumeric);
    let is_name = begins && text.chars().count() <= 64 && text.chars().all(may);
    is_name.then(|| text.to_string()).ok_or(HOW)
}

/// A real number that is finite and not negative.
pub(super) fn real(text: &[u8]) -> Result<f64, &'static str> {
    let text = std::str::from_utf8(text).unwrap_or("");
    let number = text.parse::<f64>().ok();
    number
        .filter(|value| value.is_finite() && *value >= 0.0)
        .ok_or("a number from 0")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> Option<Vec<(String, usize)>> {
        let fields = fields(line.as_bytes(), 1).ok()?;
        let text = |field: Field| (String::from_utf8(field.text).unwrap(), field.column);
        Some(fields.into_iter().map(text).collect())
    }

    #[test]
    fn fields_and_quotes() {
        let pairs = |list: &[(&str, usize)]| {
            let own = |(text, column): &(&str, usize)| (text.to_string(), *column);
            Some(list.iter().map(own).collect::<Vec<_>>())
        };
        assert_eq!(split("a,b,"), pairs(&[("a", 1), ("b", 3), ("", 5)]));
        assert_eq!(split(""), pairs(&[("", 1)]));
        assert_eq!(split(r#""a,""b""",c"#), pairs(&[("a,\"b\"", 1), ("c", 11)]));
        assert_eq!(split(r#"x,"""#), pairs(&[("x", 1), ("", 3)]));
        for bad in [r#"""#, r#""a"#, r#""a"b,c"#, r#"a,"b"#] {
            assert_eq!(split(bad), None, "{bad}");
        }
    }

    #[test]
    fn names_that_could_harm_are_refused() {
        for good in ["eu", "us-east 1", "M\u{fc}nchen", "r0", "9/a_b.c"] {
            assert_eq!(name(good.as_bytes()).as_deref(), Ok(good));
        }
        for bad in [
            "",
            "=1+1",
            "+x",
            "-x",
            "@x",
            " x",
            "a\tb",
            "a\u{1b}",
            "a\u{202e}b",
            "a,b",
            "a\"b",
        ] {
            assert!(name(bad.as_bytes()).is_err(), "{bad:?}");
        }
        assert!(name(&[b'a'; 65]).is_err() && name(&[0xff]).is_err());
        assert_eq!(real(b"1.5"), Ok(1.5));
        for bad in ["", "x", "-1", "inf", "NaN"] {
            assert!(real(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
