//! A list of durations, one a line, each with its unit.

use super::Refused;
use super::decimal::duration;
use super::lines::{Lines, is_comment};
use super::refused::harmless;
use crate::time::Duration;
use std::io::Read;

/// Durations that are read at most: 80 MB of them.
const COUNT_MAX: usize = 10_000_000;

/// Reads a list of durations; `#` begins a comment.
///
/// # Errors
/// What is no duration, none at all, or too many.
pub fn durations(source: impl Read) -> Result<Vec<Duration>, Refused> {
    let mut lines = Lines::new(source, 1 << 12);
    let mut found = Vec::new();
    while let Some((number, line)) = lines.next()? {
        if is_comment(line) {
            continue;
        }
        if found.len() == COUNT_MAX {
            let why = format!("more than {COUNT_MAX} durations");
            return Err(Refused::at(number, 0, why));
        }
        let word = line.trim_ascii();
        let value = duration(word)
            .map_err(|why| Refused::at(number, 1, format!("{why}, not {}", harmless(word))))?;
        found.push(value);
    }
    match found.is_empty() {
        true => Err(Refused::whole("no durations: one a line, with its unit")),
        false => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_a_line_with_its_unit() {
        let found = durations(&b"# measured\n 20ms \n\n1.5s\n"[..]).unwrap();
        assert_eq!(found, [Duration::millis(20), Duration::millis(1500)]);
        let why = |text: &[u8]| durations(text).unwrap_err().to_string();
        assert!(why(b"20ms\n7\n").starts_with("line 2, column 1: a duration is"));
        assert!(why(b"#\n").starts_with("no durations"));
    }
}
