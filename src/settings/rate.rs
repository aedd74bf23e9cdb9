//! Bits a second.

use crate::files;
use crate::key::{Setting, Shape};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::ops::RangeInclusive;

/// Bits a second, above 0: a number with its unit, as in "10Mbit/s".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate(pub u64);

const UNITS: [(u64, &str); 4] = [
    (1_000_000_000, "Gbit/s"),
    (1_000_000, "Mbit/s"),
    (1_000, "kbit/s"),
    (1, "bit/s"),
];

impl Setting for Rate {
    type Bound = ();

    fn shape(_: Option<RangeInclusive<()>>) -> Shape {
        Shape::Text
    }
}

impl Serialize for Rate {
    /// In the largest unit of which it is a whole number.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let whole = UNITS.iter().find(|(unit, _)| self.0.is_multiple_of(*unit));
        let (unit, name) = whole.copied().unwrap_or((1, "bit/s"));
        to.collect_str(&format_args!("{}{name}", self.0 / unit))
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Rate, D::Error> {
        struct Reader;

        impl Visitor<'_> for Reader {
            type Value = Rate;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a rate with its unit, as in \"10Mbit/s\"")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Rate, E> {
                files::rate(text.as_bytes()).map(Rate).map_err(E::custom)
            }
        }

        from.deserialize_str(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_written_as_it_may_be_read() {
        let read = |text: &str| Rate::deserialize(toml::Value::String(text.into()));
        for (text, bits, written) in [
            ("10Mbit/s", 10_000_000, "10Mbit/s"),
            ("1500 bit/s", 1_500, "1500bit/s"),
            ("0.064Mbit/s", 64_000, "64kbit/s"),
            ("2e3 Mbit/s", 2_000_000_000, "2Gbit/s"),
        ] {
            let rate = read(text).unwrap();
            assert_eq!(rate, Rate(bits));
            assert_eq!(toml::Value::try_from(rate).unwrap().as_str(), Some(written));
        }
        for text in ["0bit/s", "10", "10MB/s", ""] {
            assert!(
                read(text).unwrap_err().to_string().contains("rate"),
                "{text}"
            );
        }
    }
}
