//! One of several laws for each message, each with its weight.

use super::{KINDS, Latency, Law};
use crate::invalid::Invalid;
use crate::key::{Absent, Item, Key, Kind, Setting, Shape};
use crate::keys;
use crate::random::Stream;
use crate::time::Duration;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

keys! {
    /// `latency = { kind = "mixture", parts = [{ weight = 9, kind = "constant", value = "20ms" }] }`.
    pub struct Mixture {
        /// The laws, 1 to 64 of them: tables as `latency` has, each with a `weight`.
        pub parts: Vec<Part>,
    }
}

/// A law of a mixture.
#[derive(Clone, PartialEq, Debug)]
pub struct Part {
    /// How many messages it has, in proportion to the others' weights.
    pub weight: f64,
    /// The law; no mixture again.
    pub law: Latency,
}

const WEIGHTS: RangeInclusive<f64> = 1e-9..=1e9;

impl Law for Mixture {
    fn check(&self) -> Result<(), Invalid> {
        match self.parts.len() {
            1..=64 => Ok(()),
            _ => Err(Invalid::new("parts", "must be 1 to 64 laws")),
        }
    }

    #[inline(never)]
    fn draw(&self, stream: &mut Stream) -> Duration {
        let mut place = stream.unit() * self.weight();
        let chosen = self.parts.iter().find(|part| {
            place -= part.weight;
            place < 0.0
        });
        // Rounding may leave nothing for the last.
        let chosen = chosen.or(self.parts.last());
        chosen.map_or(Duration::ZERO, |part| part.law.draw(stream))
    }

    fn exceeds(&self, length: Duration) -> f64 {
        let parts = self.parts.iter();
        let all: f64 = parts
            .map(|part| part.weight * part.law.exceeds(length))
            .sum();
        (all / self.weight()).min(1.0)
    }

    fn is_constant(&self) -> bool {
        let first = &self.parts[0].law;
        let same = |part: &Part| part.law == *first;
        first.is_constant() && self.parts.iter().all(same)
    }
}

impl Mixture {
    fn weight(&self) -> f64 {
        self.parts.iter().map(|part| part.weight).sum()
    }
}

const WEIGHT: &str = "weight";

/// The laws that a part can be, each with its weight.
static KINDS_OF_PARTS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let laws = KINDS.iter().filter(|kind| kind.name != "mixture");
    laws.map(|law| {
        let mut keys = vec![Key {
            name: WEIGHT,
            about: "How many messages it has, in proportion to the others' weights.",
            unit: "",
            shape: || f64::shape(Some(WEIGHTS)),
            absent: Absent::Required,
        }];
        keys.extend(law.keys.iter().map(|key| Key { ..*key }));
        Kind {
            name: law.name,
            about: law.about,
            keys: keys.leak(),
        }
    })
    .collect()
});

impl Setting for Part {
    type Bound = ();

    fn shape(_: Option<RangeInclusive<()>>) -> Shape {
        Shape::Kinds(&KINDS_OF_PARTS)
    }
}

impl Serialize for Part {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut table = toml::Table::try_from(&self.law).unwrap_or_default();
        table.insert(WEIGHT.to_string(), self.weight.into());
        table.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Part, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Part;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&Part::shape(None), f)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Part, A::Error> {
                let mut weight = None;
                let rest = Weighed {
                    map,
                    weight: &mut weight,
                };
                let law = Latency::deserialize(MapAccessDeserializer::new(rest))?;
                let weight = weight.ok_or_else(|| A::Error::missing_field(WEIGHT))?;
                match law {
                    Latency::Mixture(_) => Err(A::Error::custom("no mixture of mixtures")),
                    law => Ok(Part { weight, law }),
                }
            }
        }

        from.deserialize_map(Reader)
    }
}

/// A law's table, less the weight.
struct Weighed<'w, A> {
    map: A,
    weight: &'w mut Option<f64>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Weighed<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        let mut seed = Some(seed);
        loop {
            match self.map.next_key_seed(ButWeight(&mut seed))? {
                None => return Ok(None),
                Some(Some(key)) => return Ok(Some(key)),
                Some(None) => {
                    let weight = self.map.next_value_seed(Item::<f64>(Some(WEIGHTS)))?;
                    *self.weight = Some(weight);
                }
            }
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// Reads a key as its seed does, unless it is the weight. (The seed reads inside, so
/// that what it refuses has the key's place.)
struct ButWeight<'s, K>(&'s mut Option<K>);

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for ButWeight<'_, K> {
    type Value = Option<K::Value>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_identifier(self)
    }
}

impl<'de, K: DeserializeSeed<'de>> Visitor<'de> for ButWeight<'_, K> {
    type Value = Option<K::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        match self.0.take_if(|_| key != WEIGHT) {
            Some(seed) => seed.deserialize(key.into_deserializer()).map(Some),
            None => Ok(None),
        }
    }
}
