//! Values with a range: each says what it takes, and refuses the rest by name.

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Whole<const MIN: u64, const MAX: u64>(pub u64);

impl<'de, const MIN: u64, const MAX: u64> Deserialize<'de> for Whole<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<const MIN: u64, const MAX: u64>;
        impl<const MIN: u64, const MAX: u64> Visitor<'_> for Reader<MIN, MAX> {
            type Value = u64;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a whole number from {MIN} to {MAX}")
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<u64, E> {
                match u64::try_from(number) {
                    Ok(number) if (MIN..=MAX).contains(&number) => Ok(number),
                    _ => Err(E::invalid_value(Unexpected::Signed(number), &self)),
                }
            }
        }
        deserializer.deserialize_any(Reader::<MIN, MAX>).map(Whole)
    }
}

/// A real number from 0 to 1.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Probability(pub f64);

impl<'de> Deserialize<'de> for Probability {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Probability;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number from 0 to 1")
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Probability, E> {
                match (0.0..=1.0).contains(&number) {
                    // Adding 0 makes -0 plain 0.
                    true => Ok(Probability(number + 0.0)),
                    false => Err(E::invalid_value(Unexpected::Float(number), &self)),
                }
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Probability, E> {
                match number {
                    0 => Ok(Probability(0.0)),
                    1 => Ok(Probability(1.0)),
                    _ => Err(E::invalid_value(Unexpected::Signed(number), &self)),
                }
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// A real number above 0, to 1.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Share(pub f64);

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Share;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number above 0, to 1")
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Share, E> {
                match number > 0.0 && number <= 1.0 {
                    true => Ok(Share(number)),
                    false => Err(E::invalid_value(Unexpected::Float(number), &self)),
                }
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Share, E> {
                match number {
                    1 => Ok(Share(1.0)),
                    _ => Err(E::invalid_value(Unexpected::Signed(number), &self)),
                }
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// How many nodes, or which.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CountOrIds {
    Count(u32),
    Ids(Vec<u32>),
}

impl<'de> Deserialize<'de> for CountOrIds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = CountOrIds;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a count from 1 to nodes.count, or a list of node ids")
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<CountOrIds, E> {
                match u32::try_from(number) {
                    Ok(count) if count > 0 => Ok(CountOrIds::Count(count)),
                    _ => Err(E::invalid_value(Unexpected::Signed(number), &self)),
                }
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut items: A,
            ) -> Result<CountOrIds, A::Error> {
                const ID_MAX: u64 = u32::MAX as u64 - 1;
                let mut ids = Vec::new();
                while let Some(Whole(id)) = items.next_element::<Whole<0, ID_MAX>>()? {
                    ids.push(id as u32);
                }
                Ok(CountOrIds::Ids(ids))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}
