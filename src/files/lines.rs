//! A file line by line, none longer than a bound.

use super::Refused;
use std::io::{BufRead, BufReader, Read};

/// Lines of a source.
pub(super) struct Lines<R> {
    source: BufReader<R>,
    line: Vec<u8>,
    number: u64,
    longest: usize,
}

impl<R: Read> Lines<R> {
    /// Lines of at most so many bytes each.
    pub(super) fn new(source: R, longest: usize) -> Lines<R> {
        Lines {
            source: BufReader::with_capacity(1 << 16, source),
            line: Vec::new(),
            number: 0,
            longest,
        }
    }

    /// The next line, less its end and a byte order mark; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<(u64, &[u8])>, Refused> {
        self.line.clear();
        self.number += 1;
        let most = self.longest as u64 + 1;
        let read = (&mut self.source)
            .take(most)
            .read_until(b'\n', &mut self.line)
            .map_err(|error| {
                let why = format!("cannot be read: {}", error.kind());
                Refused::at(self.number, 0, why)
            })?;
        if read == 0 {
            return Ok(None);
        }
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
        } else if self.line.len() > self.longest {
            let why = format!("longer than {} bytes: is this a text file?", self.longest);
            return Err(Refused::at(self.number, 0, why));
        }
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        if let Some(column) = self.line.iter().position(|byte| *byte == 0) {
            let why = "a zero byte: this is no text file";
            return Err(Refused::at(self.number, column + 1, why));
        }
        let marked = self.number == 1 && self.line.starts_with(b"\xef\xbb\xbf");
        Ok(Some((
            self.number,
            &self.line[if marked { 3 } else { 0 }..],
        )))
    }
}

/// Words of a line between blanks, tabs and commas, with their columns from 1.
pub(super) fn words(line: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let is_gap = |byte: &u8| matches!(byte, b' ' | b'\t' | b',');
    let mut at = 0;
    std::iter::from_fn(move || {
        at += line[at..].iter().take_while(|byte| is_gap(byte)).count();
        let length = line[at..].iter().take_while(|byte| !is_gap(byte)).count();
        let word = (at + 1, &line[at..at + length]);
        at += length;
        (length > 0).then_some(word)
    })
}

/// Is there nothing to read in this line?
pub(super) fn is_comment(line: &[u8]) -> bool {
    let first = line.iter().find(|byte| !matches!(byte, b' ' | b'\t'));
    matches!(first, None | Some(b'#' | b'%'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &[u8]) -> Result<Vec<Vec<u8>>, String> {
        let mut lines = Lines::new(text, 8);
        let mut found = Vec::new();
        while let Some((_, line)) = lines.next().map_err(|refused| refused.to_string())? {
            found.push(line.to_vec());
        }
        Ok(found)
    }

    #[test]
    fn lines_end_as_they_may() {
        let found = all(b"\xef\xbb\xbfone\r\n\ntwo\nthree").unwrap();
        assert_eq!(found, [&b"one"[..], b"", b"two", b"three"]);
        assert_eq!(all(b"").unwrap().len(), 0);
        assert_eq!(all(b"12345678\n12345678").unwrap().len(), 2);
        assert!(
            all(b"1\n123456789")
                .unwrap_err()
                .starts_with("line 2: longer than 8")
        );
        assert!(
            all(b"1\n12\0")
                .unwrap_err()
                .starts_with("line 2, column 3: a zero byte")
        );
        assert!(Lines::new(std::io::repeat(b'x'), 8).next().is_err());
        assert!(Lines::new(std::io::repeat(0), 8).next().is_err());
    }

    #[test]
    fn words_know_their_columns() {
        let found: Vec<_> = words(b" 12,\t34  ,x").collect();
        assert_eq!(found, [(2, &b"12"[..]), (6, b"34"), (11, b"x")]);
        assert!(
            is_comment(b"  # 1 2") && is_comment(b"") && is_comment(b"%") && !is_comment(b" 1 #")
        );
    }
}
