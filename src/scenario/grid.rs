//! `[sweep]`: the axes, the cases, and the cells that they span.
//!
//! Cases are the slowest dimension, then the axes in the order of the file; a
//! cell's number is row-major. The path of a key is written in quotes: a bare
//! dotted key would be a table that can't be told from a setting that is one.

use super::error::Problem;
use super::plain;
use super::shape;
use super::tree::{self, KeyPath, Node, Span, Tree};
use super::words;
use super::{meaning, range};
use crate::key::Settings;
use crate::key::Shape;
use crate::kind;
use crate::settings::{NO_AXES, Path, Sweep};
use crate::time::Duration;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::DeValue;

/// A sweep has at most this many cells: each is checked before anything runs.
pub const CELLS_MAX: u64 = 1_000_000;

/// A sweep has at most this many axes, and a case sets at most this many keys.
const KEYS_MAX: usize = 100;

/// All cells, by what sets them apart.
#[derive(Default)]
pub struct Grid {
    pub cases: Vec<Case>,
    pub axes: Vec<GridAxis>,
}

/// Settings that go together.
pub struct Case {
    pub label: String,
    pub settings: Vec<(KeyPath, Node)>,
}

/// A key and its values.
pub struct GridAxis {
    pub path: KeyPath,
    /// What a number counts; `s` for durations.
    pub unit: &'static str,
    pub values: Vec<Node>,
    /// The values without places, equal ones written alike.
    pub plain: Vec<toml::Value>,
    /// The values as lengths of time, where they are that.
    durations: Option<Vec<Duration>>,
}

/// Which case, and which value on each axis.
pub struct Coordinates {
    case: usize,
    places: Vec<usize>,
}

/// Reads `[sweep]`: the grid, and its own keys.
pub fn read(sweep: Option<&Node>, paths: &[Path]) -> Result<(Grid, Sweep), Problem> {
    let Some(node) = sweep else {
        return Ok((Grid::default(), own(&Tree::new(), paths)?));
    };
    let Some(table) = node.get_ref().as_table() else {
        return Err(Problem::at(
            node.span(),
            "`sweep` must be a table: write [sweep]",
        ));
    };
    let mut grid = Grid::default();
    for (key, node) in in_file_order(table) {
        match key.get_ref().as_ref() {
            word if is_own(word) => {}
            "case" => grid.cases = cases(node, paths)?,
            _ if grid.axes.len() == KEYS_MAX => {
                let why = format!("this sweep has more than {KEYS_MAX} axes");
                return Err(Problem::at(key.span(), why));
            }
            _ => grid.axes.push(axis(key, node, paths)?),
        }
    }
    grid.check_overlaps()?;
    grid.check_count()?;
    Ok((grid, own(table, paths)?))
}

fn in_file_order(table: &Tree) -> Vec<(&Spanned<std::borrow::Cow<'static, str>>, &Node)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// Is this a key of `[sweep]` itself, and no axis?
fn is_own(word: &str) -> bool {
    Sweep::KEYS.iter().any(|key| key.name == word)
}

fn own(table: &Tree, paths: &[Path]) -> Result<Sweep, Problem> {
    let rest = tree::only(table.clone(), is_own);
    let mut tree = Tree::new();
    let name = Spanned::new(0..0, "sweep".into());
    tree.insert(name, Spanned::new(0..0, DeValue::Table(rest.clone())));
    let read = kind::read::<Sweep>(Spanned::new(0..0, rest), Sweep::KEYS);
    read.map_err(|refused| shape::problem(&tree, "sweep", refused, &[], paths))
}

/// The path that a key of `[sweep]` or of a case is.
fn path(
    key: &Spanned<std::borrow::Cow<'static, str>>,
    node: &Node,
    paths: &[Path],
) -> Result<KeyPath, Problem> {
    let text = key.get_ref().as_ref();
    if let DeValue::Table(table) = node.get_ref()
        && !text.contains('.')
    {
        let quoted = plain::quoted(&format!("{text}.{}", first_leaf(table)));
        let why = "here the path of a key is written in quotes";
        return Err(Problem::at(key.span(), why).help(format!("write {quoted} = ...")));
    }
    KeyPath::parse(text, key.span(), paths)
}

fn first_leaf(table: &Tree) -> String {
    match table.iter().next() {
        Some((key, node)) => match node.get_ref() {
            DeValue::Table(inner) if !inner.is_empty() && !inner.contains_key("kind") => {
                format!("{}.{}", key.get_ref(), first_leaf(inner))
            }
            _ => key.get_ref().to_string(),
        },
        None => "key".to_string(),
    }
}

fn axis(
    key: &Spanned<std::borrow::Cow<'static, str>>,
    node: &Node,
    paths: &[Path],
) -> Result<GridAxis, Problem> {
    let own = Sweep::KEYS.iter().map(|key| key.name);
    if let Some(near) = words::nearest(key.get_ref(), own.chain(["case"])) {
        let why = format!("unknown key `sweep.{}`", words::short(key.get_ref()));
        return Err(Problem::at(key.span(), why).help(format!("did you mean `{near}`?")));
    }
    let path = path(key, node, paths)?;
    let text = &path.text;
    if NO_AXES.contains(&text.as_str()) {
        let why = format!("`{text}` cannot be an axis: all cells share the table's columns");
        return Err(Problem::at(path.span, why));
    }
    let known = paths.iter().find(|path| path.text == *text);
    let shapes: &[Shape] = known.map_or(&[], |path| &path.shapes);
    let values = values(text, node, shapes)?;
    let mut plain: Vec<toml::Value> = Vec::new();
    let mut seen = BTreeMap::new();
    for node in &values {
        let Some(written) = tree::plain(node.get_ref()) else {
            continue;
        };
        let value = meaning::normal(&written, shapes);
        if let Some(first) = seen.insert(plain::canonical(&value), node.span()) {
            let shown = |value: &toml::Value| words::short(&plain::toml(value));
            let that_is = match shown(&written) == shown(&value) {
                true => String::new(),
                false => format!(", that is {},", shown(&value)),
            };
            let why = format!("{}{that_is} is twice on the axis `{text}`", shown(&written));
            let problem = Problem::at(node.span(), why);
            return Err(Problem {
                first: Some(first),
                ..problem.help("the values of an axis are distinct")
            });
        }
        plain.push(value);
    }
    let durations = plain.iter().map(|value| meaning::duration(value, shapes));
    let durations: Option<Vec<Duration>> = durations.collect();
    let unit = match (&durations, known) {
        (Some(_), _) => "s",
        (None, Some(path)) => path.unit,
        (None, None) => "",
    };
    Ok(GridAxis {
        path,
        unit,
        values,
        plain,
        durations,
    })
}

/// The values of a list, or of a range written out.
fn values(text: &str, node: &Node, shapes: &[Shape]) -> Result<Vec<Node>, Problem> {
    let items = match node.get_ref() {
        DeValue::Array(items) => items.iter().cloned().collect(),
        DeValue::Table(table) if range::KEYS.iter().any(|key| table.contains_key(*key)) => {
            range::values(text, node, table, shapes)?
        }
        _ => {
            let why = format!("the axis `{text}` must be a list of values");
            let help = format!(
                "write \"{text}\" = [..., ...], or a range: {{ from = ..., to = ..., step = ... }}"
            );
            return Err(Problem::at(node.span(), why).help(help));
        }
    };
    if items.is_empty() {
        let why = format!("the axis `{text}` has no values");
        return Err(Problem::at(node.span(), why).help("give one, or leave the axis out"));
    }
    Ok(items)
}

fn cases(node: &Node, paths: &[Path]) -> Result<Vec<Case>, Problem> {
    let how = "write [[sweep.case]], then label = \"...\" and quoted key paths";
    let Some(items) = node.get_ref().as_array().filter(|items| !items.is_empty()) else {
        return Err(Problem::at(node.span(), "`sweep.case` must be a list of tables").help(how));
    };
    let mut cases: Vec<Case> = Vec::new();
    let mut labels: BTreeMap<String, Span> = BTreeMap::new();
    for item in items.iter() {
        let Some(table) = item.get_ref().as_table() else {
            return Err(Problem::at(item.span(), "a case must be a table").help(how));
        };
        let (label, at) = label(table, item.span())?;
        if let Some(first) = labels.insert(label.clone(), at.clone()) {
            let why = format!(
                "there are two cases with the label \"{}\"",
                words::short(&label)
            );
            let problem = Problem::at(at, why).help("labels are distinct: they name the rows");
            return Err(Problem {
                first: Some(first),
                ..problem
            });
        }
        cases.push(case(label, table, paths)?);
    }
    Ok(cases)
}

fn label(table: &Tree, span: Span) -> Result<(String, Span), Problem> {
    const CHARS_MAX: usize = 100;
    let Some(node) = table.get("label") else {
        let why = "a case needs a label";
        return Err(Problem::at(span, why).help("add label = \"...\": it names the rows"));
    };
    let problem = |why: &str| Err(Problem::at(node.span(), why));
    match node.get_ref().as_str() {
        None => problem("a case's label must be text in quotes"),
        Some(text) if text.trim().is_empty() => problem("a case's label must not be empty"),
        Some(text) if text.chars().any(words::is_unsafe) => {
            problem("a case's label must have no control characters")
        }
        Some(text) if text.chars().count() > CHARS_MAX => {
            problem("a case's label must have at most 100 characters")
        }
        Some(text) => Ok((text.to_string(), node.span())),
    }
}

fn case(label: String, table: &Tree, paths: &[Path]) -> Result<Case, Problem> {
    let mut settings: Vec<(KeyPath, Node)> = Vec::new();
    for (key, node) in in_file_order(table) {
        if key.get_ref() == "label" {
            continue;
        }
        if settings.len() == KEYS_MAX {
            let why = format!("this case sets more than {KEYS_MAX} keys");
            return Err(Problem::at(key.span(), why));
        }
        let path = path(key, node, paths)?;
        for (other, _) in &settings {
            if other.holds(&path.text) || path.holds(&other.text) {
                let why = format!("`{}` and `{}` overlap in one case", path.text, other.text);
                return Err(Problem::at(path.span, why).help("set each key once"));
            }
        }
        settings.push((path, node.clone()));
    }
    Ok(Case { label, settings })
}

impl Grid {
    /// Two axes on one key, or an axis that would undo a case's setting. (A case
    /// may set a table of which an axis then sets a key.)
    fn check_overlaps(&self) -> Result<(), Problem> {
        for (at, axis) in self.axes.iter().enumerate() {
            let path = &axis.path;
            let mut others = self.axes[..at].iter().map(|axis| &axis.path);
            if let Some(other) =
                others.find(|other| other.holds(&path.text) || path.holds(&other.text))
            {
                let why = format!("the axes `{}` and `{}` overlap", other.text, path.text);
                return Err(Problem::at(path.span.clone(), why).help("one axis sets one key"));
            }
            let mut settings = self.cases.iter().flat_map(|case| &case.settings);
            if let Some((other, _)) = settings.find(|(other, _)| path.holds(&other.text)) {
                let why = format!("`{}` is set by a case and by an axis", other.text);
                return Err(Problem::at(other.span.clone(), why).help("keep one of them"));
            }
        }
        Ok(())
    }

    fn check_count(&self) -> Result<(), Problem> {
        let mut count = self.cases.len().max(1) as u64;
        for axis in &self.axes {
            count = count.saturating_mul(axis.values.len() as u64);
            if count > CELLS_MAX {
                let why = format!("this sweep has more than {CELLS_MAX} cells");
                let help = "take fewer values, or split it into several scenarios";
                return Err(Problem::at(axis.path.span.clone(), why).help(help));
            }
        }
        Ok(())
    }

    /// How many cells there are; 1 without axes and cases.
    pub fn cell_count(&self) -> u64 {
        let axes: u64 = self
            .axes
            .iter()
            .map(|axis| axis.values.len() as u64)
            .product();
        self.cases.len().max(1) as u64 * axes
    }

    /// Where a cell lies, from its number.
    pub fn coordinates(&self, number: u64) -> Coordinates {
        let mut rest = number;
        let mut places = vec![0; self.axes.len()];
        for (place, axis) in places.iter_mut().zip(&self.axes).rev() {
            let length = axis.values.len() as u64;
            *place = (rest % length) as usize;
            rest /= length;
        }
        let case = rest as usize;
        Coordinates { case, places }
    }

    /// The case's label; empty where there are no cases.
    pub fn label(&self, at: &Coordinates) -> &str {
        self.cases.get(at.case).map_or("", |case| &case.label)
    }

    /// The value on each axis.
    fn settings<'g>(&'g self, at: &'g Coordinates) -> impl Iterator<Item = (&'g GridAxis, usize)> {
        self.axes.iter().zip(at.places.iter().copied())
    }

    /// The value on each axis, as shown in tables.
    pub fn shown(&self, at: &Coordinates, axes: &[super::Axis]) -> Vec<String> {
        let places = axes.iter().zip(&at.places);
        places
            .map(|(axis, place)| axis.values[*place].clone())
            .collect()
    }

    /// The base with the case's and the axes' values set.
    pub fn tree(&self, base: &Tree, at: &Coordinates) -> Result<Tree, Problem> {
        let mut tree = base.clone();
        for (path, value) in self
            .cases
            .get(at.case)
            .iter()
            .flat_map(|case| &case.settings)
        {
            tree::set(&mut tree, path, value.clone())?;
        }
        for (axis, place) in self.settings(at) {
            tree::set(&mut tree, &axis.path, axis.values[place].clone())?;
        }
        Ok(tree)
    }

    /// The key of the cell's dice: the label, and the axes' settings sorted by
    /// key, so that neither the order of the axes nor another value on one
    /// changes it.
    pub fn dice(&self, at: &Coordinates) -> String {
        let mut parts: Vec<String> = self
            .settings(at)
            .map(|(axis, place)| {
                format!(
                    "{}={}",
                    axis.path.text,
                    plain::canonical(&axis.plain[place])
                )
            })
            .collect();
        parts.sort_unstable();
        if let Some(case) = self.cases.get(at.case) {
            parts.insert(0, format!("case={}", plain::quoted(&case.label)));
        }
        parts.join(";")
    }

    /// The cell in words.
    pub fn describe(&self, at: &Coordinates) -> String {
        let case = self.cases.get(at.case);
        let case = case.map(|case| format!("case \"{}\"", words::visible(&case.label)));
        let axes = self.settings(at).map(|(axis, place)| {
            let value = plain::toml(&axis.plain[place]);
            format!("{} = {}", axis.path.text, words::short(&value))
        });
        let parts: Vec<String> = case.into_iter().chain(axes).collect();
        parts.join(", ")
    }

    /// All paths that axes and cases set.
    pub fn paths(&self) -> impl Iterator<Item = &KeyPath> {
        let of_cases = self.cases.iter().flat_map(|case| &case.settings);
        let of_cases = of_cases.map(|(path, _)| path);
        self.axes.iter().map(|axis| &axis.path).chain(of_cases)
    }
}

impl GridAxis {
    /// The values as shown in tables: durations in seconds, a table that has no other
    /// key by its `kind`.
    pub fn shown(&self) -> Vec<String> {
        if let Some(durations) = &self.durations {
            return durations
                .iter()
                .map(|length| length.seconds_text())
                .collect();
        }
        let kind = |value: &toml::Value| match value.as_table() {
            Some(table) if table.len() == 1 => table.get("kind")?.as_str().map(words::visible),
            _ => None,
        };
        // Readers that guess a column's type from its first rows are right.
        let is_real = self.plain.iter().any(toml::Value::is_float);
        let shown = |value: &toml::Value| match (kind(value), value) {
            (Some(word), _) => word,
            (_, toml::Value::Integer(_) | toml::Value::Float(_)) if is_real => {
                let text = plain::bare(value);
                if text.contains('.') {
                    text
                } else {
                    text + ".0"
                }
            }
            _ => plain::bare(value),
        };
        self.plain.iter().map(shown).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml::de::DeTable;

    /// With no key known: durations are texts.
    fn grid(text: &'static str) -> Grid {
        let tree = DeTable::parse(text).expect(text).into_inner();
        read(tree.get("sweep"), &[]).expect(text).0
    }

    #[test]
    fn cells_are_row_major_and_cases_the_slowest() {
        let grid = grid(
            "[sweep]\n\"protocol.fanout\" = [1, 2]\n\"network.loss\" = [0.0, 0.1, 1]\n\
             [[sweep.case]]\nlabel = \"a\"\n[[sweep.case]]\nlabel = \"b\"\n",
        );
        assert_eq!(grid.cell_count(), 12);
        let dice = |number| grid.dice(&grid.coordinates(number));
        assert_eq!(dice(0), "case=\"a\";network.loss=0;protocol.fanout=1");
        assert_eq!(dice(1), "case=\"a\";network.loss=0.1;protocol.fanout=1");
        assert_eq!(dice(3), "case=\"a\";network.loss=0;protocol.fanout=2");
        assert_eq!(dice(11), "case=\"b\";network.loss=1;protocol.fanout=2");
    }

    #[test]
    fn dice_do_not_know_the_order_of_axes_nor_the_other_values() {
        let one = grid(
            "[sweep]\n\"a.x\" = [1]\n\"a.y\" = [2]"
                .replace("a.", "stop.")
                .leak(),
        );
        let two = grid("[sweep]\n\"stop.y\" = [3, 2.0]\n\"stop.x\" = [1]\n");
        let at = (one.coordinates(0), two.coordinates(1));
        assert_eq!(one.dice(&at.0), two.dice(&at.1));
    }

    /// f01: a column of reals has a decimal point in every field; its dice are keyed
    /// by the value as before.
    #[test]
    fn f01_reals_on_an_axis_have_a_decimal_point() {
        let of = |values: &str| {
            let text = format!("[sweep]\n\"network.loss\" = [{values}]\n");
            grid(Box::leak(text.into_boxed_str())).axes[0].shown()
        };
        assert_eq!(of("0, 0.25, 1"), ["0.0", "0.25", "1.0"]);
        assert_eq!(of("0.0, 1.0"), ["0.0", "1.0"]);
        assert_eq!(of("1e-7, 2"), ["0.0000001", "2.0"]);
        assert_eq!(of("0, 1"), ["0", "1"]);
    }

    #[test]
    fn a_table_is_shown_by_kind_if_it_has_no_other_key() {
        let grid = grid(
            "[sweep]\n\"network.topology\" = [{ kind = \"complete\" }, \
             { kind = \"random-view\", size = 3 }]",
        );
        let shown = grid.axes[0].shown();
        assert_eq!(shown, ["complete", "{ kind = \"random-view\", size = 3 }"]);
    }

    fn known(text: &str) -> Result<Grid, Problem> {
        let text: &'static str = Box::leak(format!("[sweep]\n{text}").into_boxed_str());
        let tree = DeTable::parse(text).expect(text).into_inner();
        let protocols = crate::scenario::read::keys_of(crate::registry::PROTOCOLS);
        let paths = crate::settings::paths(crate::settings::SECTIONS, &protocols);
        Ok(read(tree.get("sweep"), &paths)?.0)
    }

    /// f04: durations on an axis are seconds, whatever their spelling; a cell is keyed
    /// by the value.
    #[test]
    fn f04_durations_on_an_axis_are_seconds_and_equal_ones_are_one_value() {
        let of = |values: &str| {
            let grid = known(&format!("\"network.latency.value\" = {values}\n"))?;
            let dice = |number| grid.dice(&grid.coordinates(number));
            let dice: Vec<String> = (0..grid.cell_count()).map(dice).collect();
            Ok::<_, Problem>((grid.axes[0].shown(), grid.axes[0].unit, dice))
        };
        let a = of("[\"5ms\", \"20ms\", \"0.5s\", \"1s\", \"2500us\", \"1m 30s\"]").expect("valid");
        let b = of("[\"0.005s\", \"20000us\", \"500ms\", \"1000ms\", \"2.5ms\", \"90s\"]");
        assert_eq!(a, b.expect("valid"));
        assert_eq!(
            (a.0[..3].join(" "), a.1),
            ("0.005 0.02 0.5".to_string(), "s")
        );
        assert_eq!(a.0[3..], ["1.0", "0.0025", "90.0"]);
        assert_eq!(a.2[2], "network.latency.value=\"500ms\"");
        let twice = of("[\"1s\", \"1000ms\", \"1.0s\"]").expect_err("twice");
        assert_eq!(
            twice.message,
            "\"1000ms\", that is \"1s\", is twice on the axis `network.latency.value`"
        );
        assert!(twice.first.is_some());
        // In tables too.
        let table = |value: &str| format!("{{ kind = \"constant\", value = \"{value}\" }}");
        let tables = format!(
            "\"network.latency\" = [{}, {}]",
            table("1s"),
            table("1000ms")
        );
        assert!(known(&tables).is_err_and(|problem| problem.message.contains("is twice")));
    }

    /// A key, a range, its values.
    const RANGES: &[(&str, &str, &str)] = &[
        (
            "nodes.count",
            "from = 10, to = 10_000, per_decade = 3",
            "10 22 46 100 215 464 1000 2154 4642 10000",
        ),
        (
            "nodes.count",
            "from = 1, to = 10, per_decade = 12",
            "1 2 3 4 5 6 7 8 10",
        ),
        ("nodes.count", "from = 10, to = 35, step = 10", "10 20 30"),
        (
            "network.loss",
            "from = 0, to = 0.3, step = 0.1",
            "0.0 0.1 0.2 0.3",
        ),
        (
            "network.loss",
            "from = 0.001, to = 1, per_decade = 1",
            "0.001 0.01 0.1 1.0",
        ),
        (
            "network.loss",
            "from = 0.01, to = 0.1, per_decade = 3",
            "0.01 0.0215443469003 0.0464158883361 0.1",
        ),
        (
            "network.latency.value",
            "from = \"1ms\", to = \"1s\", per_decade = 1",
            "0.001 0.01 0.1 1.0",
        ),
        (
            "protocol.period",
            "from = \"0.5s\", to = \"2s\", step = \"500ms\"",
            "0.5 1.0 1.5 2.0",
        ),
        ("protocol.fanout", "from = 1, to = 4, step = 1", "1 2 3 4"),
    ];

    /// A key, a range, what is wrong with it.
    const BAD_RANGES: &[(&str, &str, &str)] = &[
        (
            "nodes.count",
            "from = 10, to = 100",
            "needs either `per_decade` or `step`",
        ),
        (
            "nodes.count",
            "from = 10, to = 100, step = 1, per_decade = 1",
            "needs either",
        ),
        ("nodes.count", "from = 10, step = 1", "needs `to`"),
        (
            "nodes.count",
            "from = 10, to = 1, step = 1",
            "`from` is above `to`",
        ),
        (
            "nodes.count",
            "from = 0, to = 10, per_decade = 1",
            "must begin above 0",
        ),
        (
            "nodes.count",
            "from = 1, to = 10, per_decade = 0",
            "a whole number from 1 to 1000",
        ),
        (
            "nodes.count",
            "from = 1, to = 10, step = 0",
            "must be above 0",
        ),
        (
            "nodes.count",
            "from = 1.5, to = 10, step = 1",
            "`from` in the range of `nodes.count` must be a whole number, not 1.5",
        ),
        (
            "nodes.count",
            "from = 1, to = 10, stepp = 1",
            "unknown key `stepp`",
        ),
        (
            "nodes.count",
            "from = 1, to = 100_000, step = 1",
            "more than 10000 values",
        ),
        (
            "network.loss",
            "from = \"a\", to = 1, step = 1",
            "must be a number",
        ),
        (
            "network.latency.value",
            "from = 1, to = 10, step = 1",
            "must be a duration",
        ),
        (
            "clock.mode",
            "from = 1, to = 10, step = 1",
            "takes no numbers",
        ),
    ];

    #[test]
    fn ranges_are_written_out() {
        let of = |key: &str, range: &str| {
            let grid = known(&format!("\"{key}\" = {{ {range} }}\n"))?;
            Ok::<_, Problem>(grid.axes[0].shown().join(" "))
        };
        for (key, range, expected) in RANGES {
            let found =
                of(key, range).unwrap_or_else(|problem| panic!("{range}: {}", problem.message));
            assert_eq!(found, *expected, "{range}");
        }
        for (key, range, why) in BAD_RANGES {
            let problem = of(key, range).expect_err(range);
            assert!(
                problem.message.contains(why),
                "{range}: {}",
                problem.message
            );
        }
    }
}
