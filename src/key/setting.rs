//! The types that a setting can have.

use super::Shape;
use crate::time::Duration;
use serde::de::{DeserializeOwned, Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;
use std::ops::RangeInclusive;

/// A type of settings.
pub trait Setting: DeserializeOwned {
    /// What its ranges are made of; `()` where it has none.
    type Bound;

    /// What values it takes within a range.
    fn shape(range: Option<RangeInclusive<Self::Bound>>) -> Shape;

    /// Reads a value within a range.
    ///
    /// # Errors
    /// Of another shape, or not in the range.
    fn read<'de, D: Deserializer<'de>>(
        from: D,
        _range: Option<RangeInclusive<Self::Bound>>,
    ) -> Result<Self, D::Error> {
        Self::deserialize(from)
    }

    /// May it be left out though it has no default?
    const MAY_BE_UNUSED: bool = false;

    /// What stands for it where it is left out and has no default.
    fn unused() -> Option<Self> {
        None
    }
}

/// Reads a number, by its shape.
struct Number(Shape);

/// A number as read.
enum Read {
    Whole(u64),
    Real(f64),
}

impl Visitor<'_> for Number {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Read, E> {
        let refused = |this: &Self| E::invalid_value(Unexpected::Signed(number), this);
        match self.0 {
            Shape::Whole(from, to) => match u64::try_from(number) {
                Ok(number) if (from..=to).contains(&number) => Ok(Read::Whole(number)),
                _ => Err(refused(&self)),
            },
            // An integer is accepted for a real number.
            Shape::Real(from, to) if (from..=to).contains(&(number as f64)) => {
                Ok(Read::Real(number as f64))
            }
            _ => Err(refused(&self)),
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Read, E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
        }
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Read, E> {
        match self.0 {
            // Adding 0 makes -0 plain 0.
            Shape::Real(from, to) if (from..=to).contains(&number) => Ok(Read::Real(number + 0.0)),
            Shape::Real(..) => Err(E::invalid_value(Unexpected::Float(number), &self)),
            _ => Err(E::invalid_type(Unexpected::Float(number), &self)),
        }
    }
}

/// Whole numbers; TOML holds none beyond `i64::MAX`.
macro_rules! whole {
    ($($type:ident),*) => {$(
        impl Setting for $type {
            type Bound = $type;

            fn shape(range: Option<RangeInclusive<$type>>) -> Shape {
                let range = range.unwrap_or(0..=$type::MAX);
                let end = u64::from(*range.end()).min(i64::MAX as u64);
                Shape::Whole(u64::from(*range.start()), end)
            }

            fn read<'de, D: Deserializer<'de>>(
                from: D,
                range: Option<RangeInclusive<$type>>,
            ) -> Result<$type, D::Error> {
                match from.deserialize_any(Number(Self::shape(range)))? {
                    Read::Whole(number) => $type::try_from(number).map_err(D::Error::custom),
                    Read::Real(_) => Err(D::Error::custom("must be a whole number")),
                }
            }
        }
    )*};
}

whole!(u8, u16, u32, u64);

impl Setting for f64 {
    type Bound = f64;

    fn shape(range: Option<RangeInclusive<f64>>) -> Shape {
        let range = range.unwrap_or(f64::NEG_INFINITY..=f64::INFINITY);
        Shape::Real(*range.start(), *range.end())
    }

    fn read<'de, D: Deserializer<'de>>(
        from: D,
        range: Option<RangeInclusive<f64>>,
    ) -> Result<f64, D::Error> {
        match from.deserialize_any(Number(Self::shape(range)))? {
            Read::Real(number) => Ok(number),
            Read::Whole(_) => Err(D::Error::custom("must be a number")),
        }
    }
}

impl Setting for Duration {
    type Bound = Duration;

    fn shape(range: Option<RangeInclusive<Duration>>) -> Shape {
        let range = range.unwrap_or(Duration::ZERO..=Duration(u64::MAX));
        Shape::Duration(range.start().0, range.end().0)
    }

    fn read<'de, D: Deserializer<'de>>(
        from: D,
        range: Option<RangeInclusive<Duration>>,
    ) -> Result<Duration, D::Error> {
        let length = Duration::deserialize(from)?;
        match &range {
            Some(ends) if !ends.contains(&length) => {
                let shape = Self::shape(range);
                Err(D::Error::custom(format!("must be {shape}, not {length}")))
            }
            _ => Ok(length),
        }
    }
}

impl Setting for bool {
    type Bound = ();

    fn shape(_: Option<RangeInclusive<()>>) -> Shape {
        Shape::Boolean
    }
}

impl Setting for String {
    type Bound = ();

    fn shape(_: Option<RangeInclusive<()>>) -> Shape {
        Shape::Text
    }
}

/// Where it is left out, it is not used.
impl<T: Setting> Setting for Option<T> {
    type Bound = T::Bound;

    fn shape(range: Option<RangeInclusive<T::Bound>>) -> Shape {
        T::shape(range)
    }

    fn read<'de, D: Deserializer<'de>>(
        from: D,
        range: Option<RangeInclusive<T::Bound>>,
    ) -> Result<Option<T>, D::Error> {
        T::read(from, range).map(Some)
    }

    const MAY_BE_UNUSED: bool = true;

    fn unused() -> Option<Option<T>> {
        Some(None)
    }
}

/// A list; a range is that of each item.
impl<T: Setting> Setting for Vec<T>
where
    T::Bound: Clone,
{
    type Bound = T::Bound;

    fn shape(range: Option<RangeInclusive<T::Bound>>) -> Shape {
        Shape::List(Box::new(T::shape(range)))
    }

    fn read<'de, D: Deserializer<'de>>(
        from: D,
        range: Option<RangeInclusive<T::Bound>>,
    ) -> Result<Vec<T>, D::Error> {
        from.deserialize_seq(Items::<T>(range, PhantomData))
    }
}

struct Items<T: Setting>(Option<RangeInclusive<T::Bound>>, PhantomData<T>);

impl<'de, T: Setting> Visitor<'de> for Items<T>
where
    T::Bound: Clone,
{
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut read = Vec::new();
        while let Some(item) = items.next_element_seed(super::Item::<T>(self.0.clone()))? {
            read.push(item);
        }
        Ok(read)
    }
}
