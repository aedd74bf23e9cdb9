//! What adding a key costs: a field of a struct. The test adds one, and finds it in
//! all that is made from the lists of keys.

use super::complete::{self, Parts};
use super::error::Texts;
use super::grid::Grid;
use super::inputs::Inputs;
use super::read::{self, Known};
use super::{root, shape, tree, words};
use crate::key::Settings;
use crate::keys;
use crate::kind;
use crate::registry::PROTOCOLS;
use crate::settings::{self, SECTIONS, Section};
use crate::time::Duration;
use toml::Spanned;

keys! {
    /// A section that is made for this test.
    pub struct Weather {
        /// How hard the wind blows.
        pub wind_speed: f64 as "metres a second" [0.0..=99.0] = 2.5,
        /// How long a gust lasts.
        pub gust: Option<Duration>,
        /// What falls, one after another.
        pub showers: Vec<Shower> = Vec::new(),
    }
}

keys! {
    /// A shower.
    pub struct Shower {
        /// How many drops.
        pub drops: u32 [1..=9],
    }
}

impl crate::key::Setting for Shower {
    type Bound = ();

    fn shape(_: Option<std::ops::RangeInclusive<()>>) -> crate::key::Shape {
        crate::key::Shape::Table(Shower::KEYS)
    }
}

const WEATHER: Section = Section {
    name: "weather",
    about: Weather::ABOUT,
    keys: Weather::KEYS,
};

/// Reads the section, and writes it as the complete text does.
fn again(section: &str) -> Result<String, String> {
    let text = format!("name = \"a\"\nnodes.count = 5\nprotocol.kind = \"push\"\n{section}");
    let whole = root::parse(text.clone().leak(), &[]).map_err(|_| "not TOML")?;
    let mut tree = whole.clone();
    let node = tree.remove("weather").expect("[weather]");
    let table = node.get_ref().as_table().expect("a table").clone();
    let known = Known::new(PROTOCOLS, u64::MAX, Inputs::new("a.toml", false));
    let sections = [SECTIONS, &[WEATHER]].concat();
    let paths = settings::paths(&sections, &read::keys_of(PROTOCOLS));
    let weather: Weather = kind::read(Spanned::new(node.span(), table), Weather::KEYS)
        .map_err(|refused| shape::problem(&whole, "weather", refused, &[], &paths))
        .map_err(|problem| Texts::new("a.toml", &text).error(&problem).to_string())?;
    let base = read::read(&tree, &known).map_err(|problem| problem.message)?;
    let parts = Parts {
        comment: "",
        name: "a",
        seed: 1,
        sweep: &settings::Sweep {
            replicates: 1,
            skip_impossible: false,
        },
        tree: &tree,
        base: &base,
        grid: &Grid::default(),
        single: None,
    };
    let table = toml::Table::try_from(&weather).expect("settings are TOML");
    let pairs = complete::pairs(&parts, WEATHER.name, WEATHER.keys, table);
    let line = |(key, value): &(String, toml::Value)| format!("{key} = {value}");
    Ok(pairs.iter().map(line).collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_key_that_is_added_to_a_struct_is_known_everywhere() {
    // Read and written, defaults too; refused out of its range, and suggested.
    let written = again("[weather]\ngust = \"1500ms\"").expect("valid");
    assert_eq!(written, "wind_speed = 2.5\ngust = \"1500ms\"\nshowers = []");
    let refusal = |section| again(section).expect_err("refused");
    let refused = refusal("[weather]\nwind_speed = 100");
    assert!(
        refused.contains("`weather.wind_speed` must be a number from 0 to 99"),
        "{refused}"
    );
    let mistyped = refusal("[weather]\nwind_sped = 1");
    assert!(
        mistyped.contains("did you mean `weather.wind_speed`?"),
        "{mistyped}"
    );
    // Among the known paths, so that axes and --set find it.
    let sections = [SECTIONS, &[WEATHER]].concat();
    let protocols = read::keys_of(PROTOCOLS);
    let paths = settings::paths(&sections, &protocols);
    for (typed, near) in [
        ("gust", "weather.gust"),
        ("drops", "weather.showers.0.drops"),
    ] {
        assert_eq!(tree::nearest_path(typed, &paths), Some(near));
    }
    assert_eq!(
        words::nearest("wind_sped", ["wind_speed"]),
        Some("wind_speed")
    );
    // In the schema: in its section, as an axis, in a case.
    let schema = settings::json_schema(&sections, &protocols);
    let speed = &schema["properties"]["weather"]["properties"]["wind_speed"];
    assert_eq!(
        (&speed["default"], &speed["maximum"]),
        (&2.5.into(), &99.0.into())
    );
    assert_eq!(
        speed["description"],
        "How hard the wind blows. In metres a second."
    );
    let axes = &schema["properties"]["sweep"];
    let case = &axes["properties"]["case"]["items"];
    for place in [
        &axes["properties"]["weather.wind_speed"]["allOf"][0]["then"]["items"],
        &case["properties"]["weather.wind_speed"],
    ] {
        assert_eq!(place["$ref"], "#/definitions/weather.wind_speed");
    }
    assert!(
        case["patternProperties"]
            .get("^weather\\.showers\\.[0-9]+\\.drops$")
            .is_some()
    );
    assert_eq!(
        schema["definitions"]["weather.wind_speed"]["type"],
        "number"
    );
    // On the reference page.
    let page = settings::reference(&sections, &protocols);
    let row = "| `wind_speed` | a number from 0 to 99 | metres a second | `2.5` | How hard the wind blows. |";
    assert!(page.contains(row), "{page}");
    assert!(
        page.contains("### `showers`") && page.contains("| `drops` | a whole number from 1 to 9 |")
    );
}
