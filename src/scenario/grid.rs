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
use crate::key::Settings;
use crate::kind;
use crate::settings::{NO_AXES, Path, Sweep};
use std::collections::{BTreeMap, BTreeSet};
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
    pub values: Vec<Node>,
    /// The values without places.
    pub plain: Vec<toml::Value>,
}

/// Which case, and which value on each axis.
pub struct Coordinates {
    case: usize,
    places: Vec<usize>,
}

/// Reads `[sweep]`; gives the replicates too.
pub fn read(sweep: Option<&Node>, paths: &[Path]) -> Result<(Grid, u64), Problem> {
    let Some(node) = sweep else {
        return Ok((Grid::default(), replicates(&Tree::new(), paths)?));
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
            "replicates" => {}
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
    Ok((grid, replicates(table, paths)?))
}

fn in_file_order(table: &Tree) -> Vec<(&Spanned<std::borrow::Cow<'static, str>>, &Node)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn replicates(table: &Tree, paths: &[Path]) -> Result<u64, Problem> {
    let rest = tree::only(table.clone(), |key| key == "replicates");
    let mut tree = Tree::new();
    let name = Spanned::new(0..0, "sweep".into());
    tree.insert(name, Spanned::new(0..0, DeValue::Table(rest.clone())));
    let read = kind::read::<Sweep>(Spanned::new(0..0, rest), Sweep::KEYS);
    let Sweep { replicates } =
        read.map_err(|refused| shape::problem(&tree, "sweep", refused, &[], paths))?;
    Ok(replicates)
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
    if let Some(near) = words::nearest(key.get_ref(), ["replicates", "case"]) {
        let why = format!("unknown key `sweep.{}`", words::short(key.get_ref()));
        return Err(Problem::at(key.span(), why).help(format!("did you mean `{near}`?")));
    }
    let path = path(key, node, paths)?;
    let text = &path.text;
    if NO_AXES.contains(&text.as_str()) {
        let why = format!("`{text}` cannot be an axis: all cells share the table's columns");
        return Err(Problem::at(path.span, why));
    }
    let Some(values) = node.get_ref().as_array() else {
        let why = format!("the axis `{text}` must be a list of values");
        return Err(Problem::at(node.span(), why).help(format!("write \"{text}\" = [..., ...]")));
    };
    if values.is_empty() {
        let why = format!("the axis `{text}` has no values");
        return Err(Problem::at(node.span(), why).help("give one, or leave the axis out"));
    }
    let values: Vec<Node> = values.iter().cloned().collect();
    let plain: Vec<toml::Value> = values
        .iter()
        .filter_map(|v| tree::plain(v.get_ref()))
        .collect();
    let mut seen = BTreeSet::new();
    for (node, value) in values.iter().zip(&plain) {
        if !seen.insert(plain::canonical(value)) {
            let shown = words::short(&plain::toml(value));
            let why = format!("{shown} is twice on the axis `{text}`");
            return Err(Problem::at(node.span(), why).help("the values of an axis are distinct"));
        }
    }
    Ok(GridAxis {
        path,
        values,
        plain,
    })
}

fn cases(node: &Node, paths: &[Path]) -> Result<Vec<Case>, Problem> {
    let how = "write [[sweep.case]], then label = \"...\" and quoted key paths";
    let Some(items) = node.get_ref().as_array().filter(|items| !items.is_empty()) else {
        return Err(Problem::at(node.span(), "`sweep.case` must be a list of tables").help(how));
    };
    let mut cases: Vec<Case> = Vec::new();
    let mut labels = BTreeSet::new();
    for item in items.iter() {
        let Some(table) = item.get_ref().as_table() else {
            return Err(Problem::at(item.span(), "a case must be a table").help(how));
        };
        let (label, at) = label(table, item.span())?;
        if !labels.insert(label.clone()) {
            let why = format!(
                "there are two cases with the label \"{}\"",
                words::short(&label)
            );
            return Err(Problem::at(at, why).help("labels are distinct: they name the rows"));
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
        format!("in the cell with {}", parts.join(", "))
    }

    /// All paths that axes and cases set.
    pub fn paths(&self) -> impl Iterator<Item = &KeyPath> {
        let of_cases = self.cases.iter().flat_map(|case| &case.settings);
        let of_cases = of_cases.map(|(path, _)| path);
        self.axes.iter().map(|axis| &axis.path).chain(of_cases)
    }
}

impl GridAxis {
    /// The values as shown in tables: a table by its `kind`, unless two share it.
    pub fn shown(&self) -> Vec<String> {
        let kind = |value: &toml::Value| value.get("kind")?.as_str().map(words::visible);
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for word in self.plain.iter().filter_map(kind) {
            *counts.entry(word).or_default() += 1;
        }
        // Readers that guess a column's type from its first rows are right.
        let is_real = self.plain.iter().any(toml::Value::is_float);
        let shown = |value: &toml::Value| match (kind(value), value) {
            (Some(word), _) if counts.get(&word) == Some(&1) => word,
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
    fn tables_are_shown_by_kind_unless_two_share_it() {
        let grid = grid(
            "[sweep]\n\"network.latency\" = [{ kind = \"constant\", value = \"1s\" }, \
             { kind = \"exponential\", mean = \"1s\" }, { kind = \"exponential\", mean = \"2s\" }]",
        );
        let shown = grid.axes[0].shown();
        assert_eq!(shown[0], "constant");
        assert_eq!(shown[1], "{ kind = \"exponential\", mean = \"1s\" }");
    }
}
