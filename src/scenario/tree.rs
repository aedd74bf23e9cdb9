//! The document as a tree whose keys and values know where they were written:
//! key paths, getting, setting, and values as text.

use super::error::Problem;
use super::words;
use crate::settings::{Path, SECTIONS};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub type Tree = DeTable<'static>;
pub type Node = Spanned<DeValue<'static>>;
pub type Span = Range<usize>;

/// The path of a key, as in `"network.latency.mean"`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyPath {
    pub text: String,
    /// Where it was written.
    pub span: Span,
}

impl KeyPath {
    /// The path of a setting within a section; `paths` are the known ones.
    pub fn parse(text: &str, span: Span, paths: &[Path]) -> Result<KeyPath, Problem> {
        let problem = |why: String| Problem::at(span.clone(), why);
        let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let well_formed = |part: &str| !part.is_empty() && part.chars().all(is_bare);
        if text.len() > 200 || !text.split('.').all(well_formed) {
            let why = format!("`{}` is not the path of a key", words::short(text));
            return Err(problem(why).help("write it as in \"protocol.fanout\""));
        }
        let section = text.split('.').next().unwrap_or_default();
        if ["name", "seed", "run", "sweep"].contains(&section) {
            let why = format!("`{text}` belongs to the whole scenario, not to a cell");
            return Err(problem(why).help("all cells share it: set it once"));
        }
        let sections: Vec<&str> = SECTIONS.iter().map(|section| section.name).collect();
        if !sections.contains(&section) {
            let unknown = problem(format!("unknown key `{text}`"));
            return Err(match nearest_path(text, paths) {
                Some(near) => unknown.help(format!("did you mean `{near}`?")),
                None => unknown.help(words::suggest(section, &sections)),
            });
        }
        if section == text {
            let why = format!("`{text}` is a whole section: a key path names one setting");
            let of_section = |path: &&Path| path.text.starts_with(&format!("{text}."));
            let example = paths.iter().find(of_section);
            let example = example.map_or("nodes.count", |path| &path.text);
            return Err(problem(why).help(format!("write it as in \"{example}\"")));
        }
        Ok(KeyPath {
            text: text.to_string(),
            span,
        })
    }

    /// Is this path the other one, or does it lead to it?
    pub fn holds(&self, other: &str) -> bool {
        let rest = other.strip_prefix(self.text.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// The known key path nearest to an unknown one: in no section, in a mistyped
/// one, or mistyped itself.
pub fn nearest_path<'p>(text: &str, paths: &'p [Path]) -> Option<&'p str> {
    let paths = || paths.iter().map(|path| path.text.as_str());
    let alone = paths().find(|path| path.rsplit('.').next() == Some(text));
    let mended = || {
        let (section, rest) = text.split_once('.')?;
        let section = words::nearest(section, SECTIONS.iter().map(|section| section.name))?;
        let mended = format!("{section}.{rest}");
        words::nearest(&mended, paths().filter(|path| path.starts_with(section)))
    };
    let whole = || match text.contains('.') {
        true => None,
        false => words::nearest(text, paths()),
    };
    alone.or_else(mended).or_else(whole)
}

/// Sets a value; the place of the path becomes the place of its keys.
pub fn set(tree: &mut Tree, path: &KeyPath, value: Node) -> Result<(), Problem> {
    let mut table = tree;
    let (parents, last) = match path.text.rsplit_once('.') {
        Some((parents, last)) => (Some(parents), last),
        None => (None, path.text.as_str()),
    };
    for part in parents.into_iter().flat_map(|parents| parents.split('.')) {
        if !table.contains_key(part) {
            let empty = DeValue::Table(DeTable::new());
            table.insert(
                key(part, &path.span),
                Spanned::new(path.span.clone(), empty),
            );
        }
        table = match table.get_mut(part).map(Spanned::get_mut) {
            Some(DeValue::Table(inner)) => inner,
            _ => {
                let why = format!("`{}` leads through `{part}`, which is no table", path.text);
                return Err(Problem::at(path.span.clone(), why));
            }
        };
    }
    // An equal key would keep its old place.
    table.remove(last);
    table.insert(key(last, &path.span), value);
    Ok(())
}

fn key(text: &str, span: &Span) -> Spanned<std::borrow::Cow<'static, str>> {
    Spanned::new(span.clone(), text.to_string().into())
}

/// The value at a path.
pub fn get<'t>(tree: &'t Tree, path: &str) -> Option<&'t Node> {
    let mut parts = path.split('.');
    let first = tree.get(parts.next()?)?;
    parts.try_fold(first, |node, part| match node.get_ref() {
        DeValue::Array(items) => items.get(part.parse::<usize>().ok()?),
        value => value.as_table()?.get(part),
    })
}

/// Where a key of the table at a path was written.
pub fn key_span(tree: &Tree, table: &str, key: &str) -> Option<Span> {
    let table = match table {
        "" => tree,
        path => get(tree, path)?.get_ref().as_table()?,
    };
    table.get_key_value(key).map(|(key, _)| key.span())
}

/// The tables in a list, with their paths: the key and their numbers.
fn tables<'t>(key: &'t str, value: &'t DeValue<'static>) -> Vec<(String, &'t Node, &'t Tree)> {
    let DeValue::Array(items) = value else {
        return Vec::new();
    };
    let table = |(number, item): (usize, &'t Node)| {
        let inner = item.get_ref().as_table()?;
        Some((format!("{key}.{number}"), item, inner))
    };
    items.iter().enumerate().filter_map(table).collect()
}

/// Where to point for a path: at its value; where it is absent, at the `kind`
/// or the head of the nearest table around it.
pub fn place(tree: &Tree, path: &str) -> Span {
    if let Some(node) = get(tree, path) {
        return node.span();
    }
    let mut path = path;
    while let Some((parent, _)) = path.rsplit_once('.') {
        let kind = get(tree, &format!("{parent}.kind"));
        if let Some(node) = kind.or_else(|| get(tree, parent)) {
            return node.span();
        }
        path = parent;
    }
    0..0
}

/// The place of an item of the list at a path; of the list where it is absent.
pub fn place_of_item(tree: &Tree, path: &str, at: usize) -> Span {
    let list = get(tree, path).and_then(|node| node.get_ref().as_array());
    let item = list.and_then(|items| items.get(at));
    item.map_or_else(|| place(tree, path), Spanned::span)
}

/// The path of the value (or of the list around it) that was written there.
pub fn path_at(tree: &Tree, span: &Span) -> Option<String> {
    let holds = |node: &Node| node.span().start <= span.start && span.end <= node.span().end;
    for (key, node) in tree.iter() {
        let key = key.get_ref();
        if let DeValue::Table(inner) = node.get_ref()
            && let Some(rest) = path_at(inner, span)
        {
            return Some(format!("{key}.{rest}"));
        }
        for (path, item, inner) in tables(key, node.get_ref()) {
            if let Some(rest) = path_at(inner, span) {
                return Some(format!("{path}.{rest}"));
            }
            if item.span() == *span {
                return Some(path);
            }
        }
        if node.span() == *span || (node.get_ref().is_array() && holds(node)) {
            return Some(key.to_string());
        }
    }
    None
}

/// The path of the table in which a key was written there; of the innermost.
pub fn path_of_key(tree: &Tree, span: &Span) -> Option<String> {
    for (key, node) in tree.iter() {
        let key = key.get_ref();
        let found = match node.get_ref() {
            DeValue::Table(inner) => path_of_key(inner, span).map(|rest| (key.to_string(), rest)),
            value => tables(key, value)
                .into_iter()
                .find_map(|(path, _, inner)| Some((path, path_of_key(inner, span)?))),
        };
        match found {
            Some((path, rest)) if rest.is_empty() => return Some(path),
            Some((path, rest)) => return Some(format!("{path}.{rest}")),
            None => {}
        }
    }
    let is_here = tree.iter().any(|(key, _)| key.span() == *span);
    is_here.then(String::new)
}

/// Takes out the value at a path; gives the path, if it was there.
pub fn remove(tree: &mut Tree, path: &str) -> Option<String> {
    let (table, last) = match path.rsplit_once('.') {
        Some((parents, last)) => (table_at(tree, parents)?, last),
        None => (tree, path),
    };
    table.remove(last).map(|_| path.to_string())
}

fn table_at<'t>(tree: &'t mut Tree, path: &str) -> Option<&'t mut Tree> {
    path.split('.')
        .try_fold(tree, |table, part| match table.get_mut(part)?.get_mut() {
            DeValue::Table(inner) => Some(inner),
            _ => None,
        })
}

/// Takes out the key that was written there, or the innermost value around the place;
/// gives its path.
pub fn remove_at(tree: &mut Tree, span: &Span) -> Option<String> {
    let holds = |node: &Node| node.span().start <= span.start && span.end <= node.span().end;
    let mut gone = None;
    for (key, node) in tree.iter_mut() {
        let name = key.get_ref().to_string();
        if key.span() == *span {
            gone = Some(name);
            break;
        }
        let is_around = holds(node);
        match node.get_mut() {
            DeValue::Table(inner) => {
                if let Some(rest) = remove_at(inner, span) {
                    return Some(format!("{name}.{rest}"));
                }
            }
            DeValue::Array(items)
                if is_around || items.iter().any(|item| item.get_ref().is_table()) =>
            {
                let is_removed = remove_item(items, span);
                if is_removed && !items.is_empty() {
                    return Some(name);
                }
                if is_removed {
                    gone = Some(name);
                    break;
                }
            }
            _ => {}
        }
        if is_around {
            gone = Some(name);
            break;
        }
    }
    let name = gone?;
    tree.remove(name.as_str()).map(|_| name)
}

/// Takes the item out of a list that was written there, or what is in it.
fn remove_item(items: &mut toml::de::DeArray<'static>, span: &Span) -> bool {
    let holds = |node: &Node| node.span().start <= span.start && span.end <= node.span().end;
    for at in 0..items.len() {
        if let Some(item) = items.get_mut(at) {
            let is_around = holds(item);
            if let DeValue::Table(inner) = item.get_mut()
                && remove_at(inner, span).is_some()
            {
                return true;
            }
            if is_around {
                let all = std::mem::take(items).into_iter().enumerate();
                *items = all
                    .filter(|(place, _)| *place != at)
                    .map(|(_, item)| item)
                    .collect();
                return true;
            }
        }
    }
    false
}

/// The table with only some of its keys.
pub fn only(table: Tree, keep: impl Fn(&str) -> bool) -> Tree {
    let entries = table.into_iter();
    entries.filter(|(key, _)| keep(key.get_ref())).collect()
}

/// Moves all places in a value that was read from a text of its own.
pub fn shift(node: Node, by: usize) -> Node {
    let span = node.span().start + by..node.span().end + by;
    let value = match node.into_inner() {
        DeValue::Array(items) => {
            DeValue::Array(items.into_iter().map(|item| shift(item, by)).collect())
        }
        DeValue::Table(table) => DeValue::Table(
            table
                .into_iter()
                .map(|(key, item)| {
                    let span = key.span().start + by..key.span().end + by;
                    (Spanned::new(span, key.into_inner()), shift(item, by))
                })
                .collect(),
        ),
        other => other,
    };
    Spanned::new(span, value)
}

/// Refuses numbers that TOML's own types do not hold.
pub fn check_numbers(node: &Node) -> Result<(), Problem> {
    match node.get_ref() {
        DeValue::Integer(_) | DeValue::Float(_) if plain(node.get_ref()).is_none() => {
            let why = match node.get_ref().is_integer() {
                true => "this number is too large: whole numbers go up to 9223372036854775807",
                false => "this number is too large",
            };
            Err(Problem::at(node.span(), why))
        }
        DeValue::Array(items) => items.iter().try_for_each(check_numbers),
        DeValue::Table(table) => table.iter().try_for_each(|(_, item)| check_numbers(item)),
        _ => Ok(()),
    }
}

/// What kind of value it is, in words.
pub fn what(value: &DeValue<'static>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Without places; `None` where a number does not fit.
pub fn plain(value: &DeValue<'static>) -> Option<toml::Value> {
    Some(match value {
        DeValue::String(text) => toml::Value::String(text.to_string()),
        DeValue::Integer(digits) => {
            toml::Value::Integer(i64::from_str_radix(digits.as_str(), digits.radix()).ok()?)
        }
        DeValue::Float(digits) => {
            let number: f64 = digits.as_str().parse().ok()?;
            let overflows = number.is_infinite() && !digits.as_str().contains("inf");
            toml::Value::Float((!overflows).then_some(number)?)
        }
        DeValue::Boolean(value) => toml::Value::Boolean(*value),
        DeValue::Datetime(value) => toml::Value::Datetime(*value),
        DeValue::Array(items) => {
            let items: Option<_> = items.iter().map(|item| plain(item.get_ref())).collect();
            toml::Value::Array(items?)
        }
        DeValue::Table(table) => toml::Value::Table(plain_table(table)?),
    })
}

/// The same for a table.
pub fn plain_table(table: &Tree) -> Option<toml::Table> {
    let pair = |(key, item): (&Spanned<std::borrow::Cow<'static, str>>, &Node)| {
        Some((key.get_ref().to_string(), plain(item.get_ref())?))
    };
    table.iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &'static str) -> Tree {
        DeTable::parse(text).expect(text).into_inner()
    }

    fn paths() -> Vec<Path> {
        crate::settings::paths(SECTIONS, &[])
    }

    fn path(text: &str) -> KeyPath {
        KeyPath::parse(text, 900..903, &paths()).expect(text)
    }

    #[test]
    fn what_is_set_is_found_at_its_own_place() {
        let mut tree = tree("[network]\nlatency = { kind = \"constant\", value = \"5ms\" }\n");
        let node = Spanned::new(950..951, DeValue::Boolean(true));
        set(&mut tree, &path("network.latency.value"), node.clone()).expect("a table");
        set(&mut tree, &path("stop.all_informed"), node.clone()).expect("a new table");
        assert_eq!(place(&tree, "network.latency.value"), 950..951);
        assert_eq!(place(&tree, "stop.all_informed"), 950..951);
        assert_eq!(
            path_at(&tree, &(950..951)).as_deref(),
            Some("network.latency.value")
        );
        assert_eq!(place(&tree, "network.latency.mean"), 29..39);
        assert_eq!(place(&tree, "network.loss"), 0..9);
        assert_eq!(place(&tree, "clock.mode"), 0..0);
        let through = set(&mut tree, &path("network.latency.value.x"), node);
        assert_eq!(through.map_err(|p| p.span), Err(900..903));
    }

    #[test]
    fn key_paths_are_checked_and_mended() {
        let refused = |text: &str| {
            let problem = KeyPath::parse(text, 0..1, &paths()).expect_err(text);
            format!("{} {}", problem.message, problem.help.unwrap_or_default())
        };
        for (text, word) in [
            ("", "not the path"),
            ("a..b", "not the path"),
            ("protocol.\u{1b}", "not the path"),
            ("netwrk.loss", "`network.loss`"),
            ("loss", "`network.loss`"),
            ("nodes", "whole section"),
            ("protocl.x", "`protocol`"),
        ] {
            assert!(refused(text).contains(word), "{text}: {}", refused(text));
        }
        assert!(path("network.latency").holds("network.latency.mean"));
        assert!(!path("network.lat").holds("network.latency"));
    }
}
