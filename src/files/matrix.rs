//! A matrix of latencies between regions: k rows of k numbers between blanks or commas,
//! behind a row of names where there are names.
//!
//! Zero off the diagonal is a value that is missing: it is taken from the transpose,
//! else it is the median of all that are there (of an even number the mean of the
//! middle two, half to even).

use super::Refused;
use super::decimal::Decimal;
use super::lines::{Lines, is_comment, words};
use super::refused::harmless;
use super::table::name;
use crate::time::Duration;
use std::io::Read;

/// What a number of a matrix counts: `unit`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MatrixUnit {
    /// Nanoseconds.
    Nanos,
    /// Microseconds.
    Micros,
    /// Milliseconds.
    Millis,
    /// Seconds.
    Seconds,
}

impl MatrixUnit {
    /// All units, with their names in scenarios.
    pub const ALL: [(&'static str, MatrixUnit); 4] = [
        ("ns", MatrixUnit::Nanos),
        ("us", MatrixUnit::Micros),
        ("ms", MatrixUnit::Millis),
        ("s", MatrixUnit::Seconds),
    ];

    fn power(self) -> i32 {
        match self {
            MatrixUnit::Nanos => 0,
            MatrixUnit::Micros => 3,
            MatrixUnit::Millis => 6,
            MatrixUnit::Seconds => 9,
        }
    }
}

/// Latencies from region to region.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Matrix {
    /// The regions' names, in the order of rows and columns.
    pub names: Vec<String>,
    /// Row by row, k times k: from the row's region to the column's.
    pub latencies: Vec<Duration>,
    /// How many values were missing.
    pub filled: u64,
}

/// Regions at most, and bytes of a row.
const REGIONS_MAX: usize = 4096;
const LONGEST: usize = 1 << 18;

/// Reads a matrix; `halve`: it holds round trips (half to even).
///
/// # Errors
/// What is no number from 0, rows of unlike lengths or as many as they are long, names
/// that are there twice, nothing to take a missing value from.
pub fn matrix(source: impl Read, unit: MatrixUnit, halve: bool) -> Result<Matrix, Refused> {
    let divisor = if halve { 2 } else { 1 };
    let mut lines = Lines::new(source, LONGEST);
    let (mut names, mut latencies, mut width) = (Vec::new(), Vec::new(), 0);
    while let Some((number, line)) = lines.next()? {
        if is_comment(line) {
            continue;
        }
        let found = words(line).count();
        if found > REGIONS_MAX {
            let why = format!("{found} columns; at most {REGIONS_MAX} regions can be read");
            return Err(Refused::at(number, 0, why));
        }
        if width == 0 {
            width = found;
            let first = words(line).next();
            if first.is_some_and(|(_, word)| value(word, unit, divisor).is_none()) {
                names = read_names(line, number)?;
                continue;
            }
        }
        if found != width || latencies.len() == width * width {
            let rows = latencies.len() / width + 1;
            let why =
                format!("row {rows} of {found} numbers, where {width} rows of {width} belong");
            return Err(Refused::at(number, 0, why));
        }
        for (column, word) in words(line) {
            let latency = value(word, unit, divisor).ok_or_else(|| {
                let why = format!("a latency is a number from 0, not {}", harmless(word));
                Refused::at(number, column, why)
            })?;
            latencies.push(latency);
        }
    }
    if width == 0 || latencies.len() != width * width {
        let rows = latencies.len().checked_div(width).unwrap_or(0);
        let why = format!("{rows} rows of {width} numbers: a matrix has as many rows as columns");
        return Err(Refused::whole(why));
    }
    if names.is_empty() {
        names = (0..width).map(|region| format!("r{region}")).collect();
    }
    let filled = fill(&mut latencies, width)?;
    Ok(Matrix {
        names,
        latencies: latencies.into_iter().map(Duration).collect(),
        filled,
    })
}

fn value(word: &[u8], unit: MatrixUnit, divisor: u128) -> Option<u64> {
    let (number, end) = Decimal::read(word)?;
    number
        .scaled(unit.power(), divisor)
        .filter(|_| end == word.len())
}

fn read_names(line: &[u8], number: u64) -> Result<Vec<String>, Refused> {
    let mut names: Vec<String> = Vec::new();
    for (column, word) in words(line) {
        let name = name(word)
            .map_err(|why| Refused::at(number, column, format!("{why}, not {}", harmless(word))))?;
        if names.contains(&name) {
            let why = format!("the region {} is there twice", harmless(word));
            return Err(Refused::at(number, column, why));
        }
        names.push(name);
    }
    Ok(names)
}

/// Gives a value to what is missing; how many they were.
fn fill(latencies: &mut [u64], width: usize) -> Result<u64, Refused> {
    let places = (0..width * width).filter(|place| place / width != place % width);
    let missing: Vec<usize> = places
        .clone()
        .filter(|place| latencies[*place] == 0)
        .collect();
    if missing.is_empty() {
        return Ok(0);
    }
    let mut known: Vec<u64> = places.map(|place| latencies[place]).collect();
    known.retain(|latency| *latency > 0);
    known.sort_unstable();
    let median = match known.len() {
        0 => {
            let why = "every value off the diagonal is zero, which means missing";
            return Err(Refused::whole(why));
        }
        odd if odd % 2 == 1 => known[odd / 2],
        even => {
            let sum = u128::from(known[even / 2 - 1]) + u128::from(known[even / 2]);
            let half = (sum / 2) as u64;
            half + u64::from(sum % 2 == 1 && half % 2 == 1)
        }
    };
    let across: Vec<u64> = missing
        .iter()
        .map(|place| latencies[place % width * width + place / width])
        .collect();
    for (place, across) in missing.iter().zip(across) {
        latencies[*place] = if across > 0 { across } else { median };
    }
    Ok(missing.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, halve: bool) -> Result<(Vec<String>, Vec<u64>, u64), String> {
        matrix(text.as_bytes(), MatrixUnit::Millis, halve)
            .map(|m| (m.names, m.latencies.iter().map(|l| l.0).collect(), m.filled))
            .map_err(|refused| refused.to_string())
    }

    #[test]
    fn numbers_become_nanoseconds() {
        let (names, values, filled) = read("# ms\neu, us\n0.5 12.25\n1e1,0\n", false).unwrap();
        assert_eq!(names, ["eu", "us"]);
        assert_eq!(values, [500_000, 12_250_000, 10_000_000, 0]);
        assert_eq!(filled, 0);
        let (names, values, _) = read("0 0.000005\n0.000007 0\n", true).unwrap();
        assert_eq!(names, ["r0", "r1"]);
        // 2.5 and 3.5 nanoseconds: half to even.
        assert_eq!(values, [0, 2, 4, 0]);
        assert_eq!(read("3\n", false).unwrap().1, [3_000_000]);
    }

    #[test]
    fn zero_off_the_diagonal_is_missing() {
        // 0 -> 1 from its transpose; 1 -> 2 and 2 -> 1 from the median of 2, 4, 7.
        let (_, values, filled) = read("0 0 4\n2 0 0\n7 0 0\n", false).unwrap();
        assert_eq!(values.map_to_ms(), [0, 2, 4, 2, 0, 4, 7, 4, 0]);
        assert_eq!(filled, 3);
        // An even number: the mean of the middle two of 1, 2, 4, 5.
        let (_, values, _) = read("0 1 5\n2 0 0\n4 0 0\n", false).unwrap();
        assert_eq!(values.map_to_ms(), [0, 1, 5, 2, 0, 3, 4, 3, 0]);
        assert!(
            read("0 0\n0 0\n", false)
                .unwrap_err()
                .starts_with("every value")
        );
        assert_eq!(read("0\n", false).unwrap().1, [0]);
    }

    trait Millis {
        fn map_to_ms(&self) -> Vec<u64>;
    }

    impl Millis for Vec<u64> {
        fn map_to_ms(&self) -> Vec<u64> {
            self.iter().map(|nanos| nanos / 1_000_000).collect()
        }
    }

    #[test]
    fn strange_matrices_are_refused_at_their_place() {
        for (text, why) in [
            ("", "0 rows of 0 numbers"),
            (
                "1 2\n3 4\n5 6\n",
                "line 3: row 3 of 2 numbers, where 2 rows of 2 belong",
            ),
            (
                "1 2 3\n4 5 6\n",
                "2 rows of 3 numbers: a matrix has as many rows",
            ),
            ("1 2\n3\n", "line 2: row 2 of 1 numbers"),
            (
                "a b\n1 x\n",
                "line 2, column 3: a latency is a number from 0, not `x`",
            ),
            (
                "1 -2\n",
                "line 1, column 3: a latency is a number from 0, not `-2`",
            ),
            ("a a\n", "line 1, column 3: the region `a` is there twice"),
            ("a =b\n", "line 1, column 3: a name is 1 to 64"),
            (
                "1 1e30\n1 1\n",
                "line 1, column 3: a latency is a number from 0",
            ),
            ("NaN 1\n", "0 rows of 2 numbers"),
        ] {
            let refused = read(text, false).unwrap_err();
            assert!(refused.starts_with(why), "{text:?}: {refused}");
        }
        let wide = "1 ".repeat(5000);
        assert!(read(&wide, false).unwrap_err().contains("5000 columns"));
    }
}
