//! Structs of settings.

/// A struct of settings: read, written and described from this one text.
///
/// Each field is a key. After its type may stand what a number counts
/// (`as "bytes"`), its range (`[1..=9]`; of a list, that of each item), and the
/// default (`= 5`) or how the default depends on other settings
/// (`=> "in words" on ["section.key"]`). Without a default an `Option` may be
/// left out, and every other key must be given.
///
/// ```
/// gossim::keys! {
///     /// A box.
///     pub struct Size {
///         /// How wide it is.
///         pub width: u32 as "nodes" [1..=9],
///         /// How likely.
///         pub chance: f64 [0.0..=1.0] = 0.5,
///     }
/// }
/// let size: Size = toml::from_str("width = 3").unwrap();
/// assert_eq!((size.width, size.chance), (3, 0.5));
/// assert!(toml::from_str::<Size>("width = 10").is_err());
/// let keys = <Size as gossim::key::Settings>::KEYS;
/// assert_eq!(keys[0].about.trim(), "How wide it is.");
/// ```
///
/// Who takes such a struct apart without `..` cannot overlook a key: with
/// `chance` left out, this does not compile.
///
/// ```compile_fail,E0027
/// gossim::keys! {
///     /// A box.
///     pub struct Size {
///         /// How wide it is.
///         pub width: u32,
///         /// How likely.
///         pub chance: f64 = 0.5,
///     }
/// }
/// let Size { width } = toml::from_str("width = 3").unwrap();
/// ```
///
/// Nor can a key be added without saying what it means:
///
/// ```compile_fail
/// gossim::keys! {
///     /// A box.
///     pub struct Size {
///         pub width: u32,
///     }
/// }
/// ```
#[macro_export]
macro_rules! keys {
    (
        $(#[doc = $about:literal])+
        $(#[derive($($derive:ident),*)])?
        $vis:vis struct $name:ident {
            $(
                $(#[doc = $doc:literal])+
                $field_vis:vis $field:ident: $type:ty
                    $(as $unit:literal)? $([$range:expr])?
                    $(= $default:expr)? $(=> $how:literal on $on:expr)?
            ),* $(,)?
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, PartialEq, Debug, ::serde::Serialize $($(, $derive)*)?)]
        $vis struct $name {
            $($(#[doc = $doc])+ $field_vis $field: $type,)*
        }

        impl $crate::key::Settings for $name {
            const ABOUT: &'static str = concat!($($about, "\n"),+);
            const KEYS: &'static [$crate::key::Key] = &[$(
                $crate::key::Key {
                    name: stringify!($field),
                    about: concat!($($doc, "\n"),+),
                    unit: concat!($($unit)?),
                    shape: || {
                        <$type as $crate::key::Setting>::shape($crate::keys!(@range $($range)?))
                    },
                    absent: $crate::keys!(@absent $type; $(= $default)? $(=> $how on $on)?),
                },
            )*];
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<$name, D::Error> {
                struct Reader;

                impl<'de> ::serde::de::Visitor<'de> for Reader {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str("a map")
                    }

                    #[allow(unused_mut, unused_variables)]
                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> Result<$name, A::Error> {
                        $(let mut $field: Option<$type> = None;)*
                        let known = <$name as $crate::key::Settings>::KEYS;
                        while let Some(key) = map.next_key_seed($crate::key::KnownKey(known))? {
                            $(if key == stringify!($field) {
                                let range = $crate::keys!(@range $($range)?);
                                let item = $crate::key::Item::<$type>(range);
                                $field = Some(map.next_value_seed(item)?);
                                continue;
                            })*
                        }
                        Ok($name {$(
                            $field: match $field {
                                Some(given) => given,
                                None => $crate::keys!(@fill $field; $($default)?),
                            },
                        )*})
                    }
                }

                from.deserialize_map(Reader)
            }
        }
    };
    (@range) => { None };
    (@range $range:expr) => { Some($range) };
    (@fill $field:ident;) => { $crate::key::absent(stringify!($field))? };
    (@fill $field:ident; $default:expr) => { $default };
    (@absent $type:ty;) => { $crate::key::Absent::of::<$type>() };
    (@absent $type:ty; = $default:expr) => {
        $crate::key::Absent::Default(|| $crate::key::value::<$type>(&$default))
    };
    (@absent $type:ty; => $how:literal on $on:expr) => {
        $crate::key::Absent::Depends { how: $how, on: &$on }
    };
}
