//! What [`keys!`](crate::keys) and [`kinds!`](crate::kind) read with.

use super::{Key, Setting};
use crate::invalid::Invalid;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, Visitor};
use std::fmt;
use std::ops::RangeInclusive;

/// Reads one value of a type within a range.
pub struct Item<T: Setting>(pub Option<RangeInclusive<T::Bound>>);

impl<'de, T: Setting> DeserializeSeed<'de> for Item<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<T, D::Error> {
        T::read(from, self.0)
    }
}

/// Reads a key that is one of these.
pub struct KnownKey(pub &'static [Key]);

impl<'de> DeserializeSeed<'de> for KnownKey {
    type Value = &'static str;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<&'static str, D::Error> {
        from.deserialize_identifier(self)
    }
}

impl Visitor<'_> for KnownKey {
    type Value = &'static str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<&'static str, E> {
        let known = self.0.iter().find(|key| key.name == word);
        known.map(|key| key.name).ok_or_else(|| {
            let names = self.0.iter().map(|key| format!("`{}`", key.name));
            let names: Vec<String> = names.collect();
            E::custom(format!(
                "unknown field `{word}`, expected one of {}",
                names.join(", ")
            ))
        })
    }
}

/// A key that is left out, and has no default.
///
/// # Errors
/// It is required.
pub fn absent<T: Setting, E: Error>(name: &'static str) -> Result<T, E> {
    T::unused().ok_or_else(|| E::missing_field(name))
}

/// A refused setting as an error of serde; the scenario's reader finds the key.
pub fn refused<E: Error>(invalid: &Invalid) -> E {
    E::custom(format!("setting `{}` {}", invalid.key, invalid.why))
}

/// Reads a word, one of these.
pub struct KnownWord(pub &'static [&'static str]);

impl<'de> DeserializeSeed<'de> for KnownWord {
    type Value = &'static str;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<&'static str, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for KnownWord {
    type Value = &'static str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<&'static str, E> {
        let known = self.0.iter().find(|name| **name == word);
        known
            .copied()
            .ok_or_else(|| E::unknown_variant(word, self.0))
    }
}
