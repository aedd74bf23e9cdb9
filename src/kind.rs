//! Choices by name, as in `latency = { kind = "constant", value = "5ms" }`: an
//! enum with a struct of settings per kind, from a list with a line for each.
//!
//! Invariant: knows no file and no position but the spans inside `toml`'s own
//! values; which kinds exist is each room's own list.

use crate::invalid::Invalid;
use crate::key::{Key, KnownWord, Shape};
use serde::de::{DeserializeOwned, Error, MapAccess};
use serde::{Serialize, Serializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table of a scenario, less its `kind`, with the places where it was written.
pub type Table = Spanned<DeTable<'static>>;

/// Why a table was not taken.
#[derive(Debug)]
pub enum Refused {
    /// Not of the right shape: an unknown or missing key, a wrong type.
    Shape(toml::de::Error),
    /// Well-formed, but a value that cannot be.
    Setting(Invalid),
}

impl From<Invalid> for Refused {
    fn from(invalid: Invalid) -> Refused {
        Refused::Setting(invalid)
    }
}

/// Reads a table into a struct by serde; `keys` are those that the struct
/// describes, none where it is serde's alone.
///
/// # Errors
/// [`Refused::Shape`], with the span of the offending key or value.
pub fn read<T: DeserializeOwned>(table: Table, keys: &[Key]) -> Result<T, Refused> {
    let span = table.span();
    let mut table = table.into_inner();
    put_kinds_first(&mut table, keys);
    let table = Spanned::new(span, table);
    T::deserialize(toml::Deserializer::from(table)).map_err(Refused::Shape)
}

/// `kind` as it is spelt on the way to serde: before all other keys, whose
/// meaning depends on it. (`toml`'s tables are sorted.)
const FIRST: &str = "\u{1}kind";

fn put_kinds_first(table: &mut DeTable<'static>, keys: &[Key]) {
    for key in keys {
        if let Some(node) = table.get_mut(key.name) {
            put_first(node.get_mut(), &(key.shape)());
        }
    }
}

fn put_first(value: &mut DeValue<'static>, shape: &Shape) {
    match (shape, value) {
        (Shape::Kinds(kinds), DeValue::Table(table)) => {
            if let Some((key, kind)) = table.remove_entry("kind") {
                let name = kind.get_ref().as_str();
                let known = kinds.iter().find(|known| name == Some(known.name));
                put_kinds_first(table, known.map_or(&[], |known| known.keys));
                table.insert(Spanned::new(key.span(), FIRST.into()), kind);
            }
        }
        (Shape::Table(keys), DeValue::Table(table)) => put_kinds_first(table, keys),
        (Shape::List(item), DeValue::Array(items)) => {
            items
                .iter_mut()
                .for_each(|node| put_first(node.get_mut(), item));
        }
        (Shape::Either(shapes), value) => {
            shapes.iter().for_each(|shape| put_first(value, shape));
        }
        _ => {}
    }
}

/// Takes the `kind` that a table begins with; it is one of these.
///
/// # Errors
/// It is none of them, or not there.
pub fn first<'de, A: MapAccess<'de>>(
    map: &mut A,
    names: &'static [&'static str],
) -> Result<&'static str, A::Error> {
    let key: Option<String> = map.next_key()?;
    match key.as_deref() {
        Some(FIRST | "kind") => map.next_value_seed(KnownWord(names)),
        _ => Err(A::Error::custom(format!(
            "missing kind, expected one of `{}`",
            names.join("`, `")
        ))),
    }
}

/// Writes a kind's settings behind its name.
///
/// # Errors
/// The serializer's.
pub fn write<S: Serializer>(
    to: S,
    name: &str,
    settings: &impl Serialize,
) -> Result<S::Ok, S::Error> {
    table(name, settings).serialize(to)
}

/// A kind's settings with its name, as a table.
pub fn table(name: &str, settings: &impl Serialize) -> toml::Table {
    let mut table = toml::Table::try_from(settings).unwrap_or_default();
    table.insert("kind".to_string(), name.into());
    table
}

/// A list of kinds: an enum over structs of settings, with a line for each kind.
///
/// `$` comes first, then the name of a macro that the list makes:
/// `each!(value, law => law.draw(stream))` does the same to whichever kind it
/// is, by a `match`. Each struct has a `check` of what its keys say together.
#[macro_export]
macro_rules! kinds {
    (
        $dollar:tt $each:ident
        $(#[doc = $doc:literal])+
        pub enum $name:ident {
            $($variant:ident = $word:literal, $about:literal;)+
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, PartialEq, Debug)]
        pub enum $name {
            $(#[doc = $about] $variant($variant),)+
        }

        /// The kinds by name.
        pub const KINDS: &[$crate::key::Kind] = &[$(
            $crate::key::Kind {
                name: $word,
                about: $about,
                keys: <$variant as $crate::key::Settings>::KEYS,
            },
        )+];

        macro_rules! $each {
            ($dollar kind:expr, $dollar one:ident => $dollar what:expr) => {
                match $dollar kind {
                    $($name::$variant($dollar one) => $dollar what,)+
                }
            };
        }

        impl $name {
            /// Its `kind` in scenarios.
            pub fn name(&self) -> &'static str {
                match self {
                    $($name::$variant(_) => $word,)+
                }
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                $each!(self, one => $crate::kind::write(to, self.name(), one))
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<$name, D::Error> {
                struct Reader;

                impl<'de> ::serde::de::Visitor<'de> for Reader {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        ::std::fmt::Display::fmt(&$crate::key::Shape::Kinds(KINDS), f)
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> Result<$name, A::Error> {
                        let kind = $crate::kind::first(&mut map, &[$($word),+])?;
                        let rest = ::serde::de::value::MapAccessDeserializer::new(map);
                        $(if kind == $word {
                            let one: $variant = ::serde::Deserialize::deserialize(rest)?;
                            one.check().map_err(|invalid| $crate::key::refused(&invalid))?;
                            return Ok($name::$variant(one));
                        })+
                        unreachable!("`first` gives one of these")
                    }
                }

                from.deserialize_any(Reader)
            }
        }

        impl $crate::key::Setting for $name {
            type Bound = ();

            fn shape(_: Option<::std::ops::RangeInclusive<()>>) -> $crate::key::Shape {
                $crate::key::Shape::Kinds(KINDS)
            }
        }
    };
}
