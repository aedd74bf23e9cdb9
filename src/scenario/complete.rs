//! The complete scenario as text: defaults written out, options baked in, so
//! that it makes the same cells again, whatever later defaults are.
//!
//! A default that depends on a setting which axes or cases change is not
//! written: a cell's own reading fills it in.

use super::cell_read::Read;
use super::grid::Grid;
use super::plain;
use super::tree::{self, Tree};
use crate::key::{Absent, Key, Settings};
use crate::settings::{self, SingleRun};
use std::fmt::Write;
use toml::{Table, Value};

/// All that the text is made from.
pub struct Parts<'s> {
    /// Comment lines, each with its `#`.
    pub comment: &'s str,
    pub name: &'s str,
    pub seed: u64,
    pub sweep: &'s settings::Sweep,
    pub tree: &'s Tree,
    pub base: &'s Read,
    pub grid: &'s Grid,
    pub single: Option<SingleRun>,
}

/// The comment at the head of a scenario: its first lines that begin with `#`, less
/// directives for editors (`#:schema`), which hold where the file lay.
pub fn opening_comment(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let lines = text.lines().take_while(|line| line.starts_with('#'));
    let lines = lines.filter(|line| !line.starts_with("#:"));
    lines.map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The text.
pub fn text(parts: &Parts) -> String {
    let mut text = parts.comment.to_string();
    pair(&mut text, "name", &parts.name.into());
    pair(&mut text, "seed", &whole(parts.seed));
    for (section, table) in parts.base.sections.tables() {
        line(&mut text, format_args!("\n[{}]", section.name));
        for (key, value) in pairs(parts, section.name, section.keys, table) {
            pair(&mut text, &key, &value);
        }
    }
    if let Some(SingleRun { cell, replicate }) = parts.single {
        line(&mut text, format_args!("\n[run]"));
        if let Some(cell) = cell {
            pair(&mut text, "cell", &whole(cell));
        }
        pair(&mut text, "replicate", &whole(replicate));
    }
    sweep(&mut text, parts);
    text
}

fn line(text: &mut String, line: std::fmt::Arguments) {
    // Writing into a String does not fail.
    let _ = writeln!(text, "{line}");
}

fn pair(text: &mut String, key: &str, value: &Value) {
    line(
        text,
        format_args!("{} = {}", plain::key(key), plain::toml(value)),
    );
}

fn whole(number: u64) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A section's settings in the order of its keys: those of its struct, and
/// behind `kind` in `[protocol]` the protocol's own.
pub fn pairs(parts: &Parts, section: &str, keys: &[Key], table: Table) -> Vec<(String, Value)> {
    let mut pairs = Vec::new();
    for key in keys {
        let path = format!("{section}.{}", key.name);
        if path == "protocol.kind" {
            let own = parts.base.protocol.settings().clone();
            pairs.extend(of_kind(parts, section, &parts.base.protocol_name, own));
        } else if let Some(value) = table.get(key.name)
            && let Some(value) = written(parts, &path, key, value)
        {
            pairs.push((key.name.to_string(), value));
        }
    }
    pairs
}

/// The value as it is written; `None` where cells bring their own, in whose way
/// a default would be.
fn written(parts: &Parts, path: &str, key: &Key, value: &Value) -> Option<Value> {
    let is_given = tree::get(parts.tree, path).is_some();
    if let Absent::Depends { on, .. } = key.absent
        && !is_given
        && on.iter().any(|other| varies(parts.grid, other))
    {
        return None;
    }
    match value.as_table() {
        Some(_) if !is_given && varies_within(parts.grid, path) => None,
        Some(table) if table.contains_key("kind") => {
            let mut settings = table.clone();
            if !is_given_within(parts.tree, path, "sha256") && varies_within(parts.grid, path) {
                // Cells may have other files.
                settings.remove("sha256");
            }
            let kind = settings.remove("kind");
            let kind = kind.as_ref().and_then(Value::as_str).unwrap_or_default();
            let table = of_kind(parts, path, kind, settings).into_iter().collect();
            Some(Value::Table(table))
        }
        _ => Some(value.clone()),
    }
}

/// `kind` and all keys of that kind; only those given where cells choose
/// another kind, which may not know them.
fn of_kind(parts: &Parts, path: &str, kind: &str, settings: Table) -> Vec<(String, Value)> {
    let mut table = vec![("kind".to_string(), kind.into())];
    let given = tree::get(parts.tree, path).and_then(|node| node.get_ref().as_table());
    let given = given.and_then(tree::plain_table).unwrap_or_default();
    if !varies(parts.grid, &format!("{path}.kind")) {
        table.extend(settings);
        return table;
    }
    let complete = |(key, value)| {
        let value = settings.get(&key).cloned().unwrap_or(value);
        (key, value)
    };
    // The section writes these itself.
    let ours = settings::Protocol::KEYS;
    let own = given
        .into_iter()
        .filter(|(key, _)| !ours.iter().any(|ours| ours.name == key));
    table.extend(own.map(complete));
    table
}

/// Does the scenario itself give this key of the table at a path?
fn is_given_within(tree: &Tree, path: &str, key: &str) -> bool {
    tree::get(tree, &format!("{path}.{key}")).is_some()
}

/// Does an axis or a case set this key, or a table that holds it?
fn varies(grid: &Grid, key: &str) -> bool {
    grid.paths().any(|path| path.holds(key))
}

/// Does an axis or a case set this table or something in it?
fn varies_within(grid: &Grid, table: &str) -> bool {
    let within = format!("{table}.");
    grid.paths()
        .any(|path| path.holds(table) || path.text.starts_with(&within))
}

fn sweep(text: &mut String, parts: &Parts) {
    line(text, format_args!("\n[sweep]"));
    // All types of settings are made of what TOML has.
    let own = Table::try_from(parts.sweep).unwrap_or_default();
    for key in settings::Sweep::KEYS {
        own.get(key.name)
            .iter()
            .for_each(|value| pair(text, key.name, value));
    }
    for axis in &parts.grid.axes {
        // A path is quoted: bare, it would be a table in a table.
        let values = Value::Array(axis.plain.clone());
        let path = plain::quoted(&axis.path.text);
        line(text, format_args!("{path} = {}", plain::toml(&values)));
    }
    for case in &parts.grid.cases {
        line(text, format_args!("\n[[sweep.case]]"));
        pair(text, "label", &case.label.as_str().into());
        for (path, node) in &case.settings {
            if let Some(value) = tree::plain(node.get_ref()) {
                let path = plain::quoted(&path.text);
                line(text, format_args!("{path} = {}", plain::toml(&value)));
            }
        }
    }
}
