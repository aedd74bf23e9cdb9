//! Words to choose from.

/// An enum whose values are words of scenarios. Each variant's doc comment is
/// what lists and the reference page say of it.
///
/// ```
/// gossim::choices! {
///     /// Which way.
///     pub enum Way {
///         /// There.
///         There = "there" (default),
///         /// And back.
///         Back = "and-back",
///     }
/// }
/// assert_eq!(Way::ALL[1], ("and-back", "And back", Way::Back));
/// ```
#[macro_export]
macro_rules! choices {
    (
        $(#[doc = $about:literal])*
        $vis:vis enum $name:ident {
            $($(#[doc = $doc:literal])+ $variant:ident = $word:literal $(($default:ident))?),* $(,)?
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ::serde::Serialize)]
        $vis enum $name {
            $($(#[doc = $doc])+ $(#[$default])? #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// All of them: word, line about it, value.
            pub const ALL: &'static [(&'static str, &'static str, $name)] = &[
                $(($word, $crate::key::line(concat!($($doc, "\n"),+)), $name::$variant),)*
            ];

            /// Its name in scenarios.
            pub fn name(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<$name, D::Error> {
                let known = $crate::key::KnownWord(&[$($word),*]);
                let word = ::serde::de::DeserializeSeed::deserialize(known, from)?;
                let found = $name::ALL.iter().find(|(known, _, _)| *known == word);
                Ok(found.map_or($name::default(), |(_, _, value)| *value))
            }
        }

        impl $crate::key::Setting for $name {
            type Bound = ();

            fn shape(_: Option<::std::ops::RangeInclusive<()>>) -> $crate::key::Shape {
                let words = $name::ALL.iter().map(|(word, about, _)| (*word, *about));
                $crate::key::Shape::Choice(words.collect())
            }
        }
    };
}
