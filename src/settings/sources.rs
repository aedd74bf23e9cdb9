//! How many nodes, or which.

use crate::key::{Setting, Shape};
use serde::de::{Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::ops::RangeInclusive;

/// `workload.sources`: a count, or a list of ids.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
pub enum Sources {
    /// So many nodes, from 1.
    Count(u32),
    /// These nodes.
    Ids(Vec<u32>),
}

const ID_MAX: u32 = u32::MAX - 1;

impl Setting for Sources {
    type Bound = ();

    fn shape(_: Option<RangeInclusive<()>>) -> Shape {
        let ids = Vec::<u32>::shape(Some(0..=ID_MAX));
        Shape::Either(vec![u32::shape(Some(1..=u32::MAX)), ids])
    }
}

impl<'de> Deserialize<'de> for Sources {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Sources, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Sources;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a count from 1 to nodes.count, or a list of node ids")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Sources, E> {
        match u32::try_from(number) {
            Ok(count) if count > 0 => Ok(Sources::Count(count)),
            _ => Err(E::invalid_value(Unexpected::Signed(number), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Sources, A::Error> {
        let mut ids = Vec::new();
        while let Some(id) = items.next_element_seed(crate::key::Item::<u32>(Some(0..=ID_MAX)))? {
            ids.push(id);
        }
        Ok(Sources::Ids(ids))
    }
}
