//! Why a file was not taken, and how its text is made safe to print.

use std::fmt;

/// What is wrong with a file, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// From 1; 0 where it is the file as a whole.
    pub line: u64,
    /// In bytes, from 1; 0 where it is the line as a whole.
    pub column: u64,
    /// What is wrong, and what would be right; nothing of the file in it is raw.
    pub why: String,
}

impl Refused {
    /// At a place.
    pub(super) fn at(line: u64, column: usize, why: impl Into<String>) -> Refused {
        Refused {
            line,
            column: column as u64,
            why: why.into(),
        }
    }

    /// The file as a whole.
    pub(super) fn whole(why: impl Into<String>) -> Refused {
        Refused::at(0, 0, why)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (0, _) => f.write_str(&self.why),
            (line, 0) => write!(f, "line {line}: {}", self.why),
            (line, column) => write!(f, "line {line}, column {column}: {}", self.why),
        }
    }
}

impl std::error::Error for Refused {}

/// Characters of a stranger's text that are shown.
const SHOWN: usize = 40;

/// A stranger's text in quotes, as it may be printed anywhere: letters, digits, plain
/// blanks and ASCII signs as they are, all else by number, and cut where it is long.
pub fn harmless(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(&text[..text.len().min(8 * SHOWN)]);
    let mut shown = String::from("`");
    for (count, character) in text.chars().enumerate() {
        if count == SHOWN {
            shown.push_str("...");
            break;
        }
        if character.is_alphanumeric() || character == ' ' || character.is_ascii_graphic() {
            shown.push(character);
        } else {
            shown.extend(character.escape_unicode());
        }
    }
    shown.push('`');
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_strangers_cannot_reach_a_terminal() {
        let table = [
            (&b"eu-west"[..], "`eu-west`"),
            (b"\x1b[31mred", "`\\u{1b}[31mred`"),
            ("a\u{202e}b".as_bytes(), "`a\\u{202e}b`"),
            (b"\xff\0", "`\\u{fffd}\\u{0}`"),
            ("M\u{fc}nchen".as_bytes(), "`M\u{fc}nchen`"),
        ];
        for (text, shown) in table {
            assert_eq!(harmless(text), shown);
        }
        assert_eq!(harmless(&[b'x'; 1000]).len(), SHOWN + 5);
    }

    #[test]
    fn places_are_told() {
        assert_eq!(Refused::at(3, 7, "no").to_string(), "line 3, column 7: no");
        assert_eq!(Refused::at(3, 0, "no").to_string(), "line 3: no");
        assert_eq!(Refused::whole("no").to_string(), "no");
    }
}
