//! How many peers a node calls in a cycle.

use crate::key::{Setting, Shape};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::ops::RangeInclusive;

/// Peers called per cycle: a number from 1, or all neighbours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fanout {
    /// This many; where fewer neighbours exist, all of them.
    Peers(u32),
    /// Every neighbour (on the complete graph: everybody).
    All,
}

impl Default for Fanout {
    /// 1, as in most papers.
    fn default() -> Fanout {
        Fanout::Peers(1)
    }
}

impl Fanout {
    /// The number; `None` for all.
    #[inline]
    pub fn count(self) -> Option<u32> {
        match self {
            Fanout::Peers(count) => Some(count),
            Fanout::All => None,
        }
    }
}

impl fmt::Display for Fanout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fanout::Peers(count) => write!(f, "{count}"),
            Fanout::All => f.write_str("all"),
        }
    }
}

impl Setting for Fanout {
    type Bound = ();

    fn shape(_: Option<RangeInclusive<()>>) -> Shape {
        let all = Shape::Choice(vec![("all", "every neighbour")]);
        Shape::Either(vec![Shape::Whole(1, u64::from(u32::MAX)), all])
    }
}

impl Serialize for Fanout {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Fanout::Peers(count) => serializer.serialize_u32(*count),
            Fanout::All => serializer.serialize_str("all"),
        }
    }
}

impl<'de> Deserialize<'de> for Fanout {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fanout, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Fanout;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number from 1, or \"all\"")
            }
            fn visit_i64<E: de::Error>(self, count: i64) -> Result<Fanout, E> {
                match u32::try_from(count) {
                    Ok(count) if count > 0 => Ok(Fanout::Peers(count)),
                    _ => Err(E::custom(format!(
                        "fanout must be from 1 to {}, or \"all\", not {count}",
                        u32::MAX
                    ))),
                }
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Fanout, E> {
                if text == "all" {
                    Ok(Fanout::All)
                } else {
                    Err(E::invalid_value(de::Unexpected::Str(text), &self))
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}
