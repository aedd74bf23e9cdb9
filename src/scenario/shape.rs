//! Why a table was not taken, in our words: serde names types of Rust, and
//! lists all keys where one was mistyped.

use super::error::Problem;
use super::tree::{self, Tree};
use super::{mend, plain, words};
use crate::invalid::Invalid;
use crate::key::Shape;
use crate::kind::Refused;
use crate::settings::Path;

/// The problem with the table at `path`; `more_keys` are taken besides those
/// that its reader knows, and `paths` are all known ones.
pub fn problem(
    tree: &Tree,
    path: &str,
    refused: Refused,
    more_keys: &[&str],
    paths: &[Path],
) -> Problem {
    match refused {
        Refused::Setting(invalid) => setting(tree, path, &invalid),
        Refused::Shape(error) => shape(tree, path, &error, more_keys, paths),
    }
}

/// The problem with one setting of the table at `path`.
pub fn setting(tree: &Tree, path: &str, invalid: &Invalid) -> Problem {
    let key = match invalid.key.strip_prefix('.') {
        Some(from_root) => from_root.to_string(),
        None => join(path, &invalid.key),
    };
    let why = words::visible(&invalid.why);
    Problem::at(tree::place(tree, &key), format!("`{key}` {why}")).misfit()
}

fn join(path: &str, key: &str) -> String {
    match path {
        "" => key.to_string(),
        path => format!("{path}.{key}"),
    }
}

fn shape(
    tree: &Tree,
    path: &str,
    error: &toml::de::Error,
    more_keys: &[&str],
    paths: &[Path],
) -> Problem {
    let message = error.message();
    let span = error.span().unwrap_or_else(|| tree::place(tree, path));
    // In a table within this one?
    let within = |found: Option<String>| {
        let inner = found.filter(|found| found.starts_with(&format!("{path}.")));
        inner.unwrap_or_else(|| path.to_string())
    };
    if let Some((key, known)) = unknown(message, "unknown field `") {
        let path = within(tree::path_of_key(tree, &span));
        return unknown_key(&path, key, &known, more_keys, paths, span);
    }
    if let Some(key) = message.strip_prefix("missing field `") {
        let path = within(tree::path_at(tree, &span));
        return missing(tree, &path, key.trim_end_matches('`'));
    }
    if let Some(known) = message.strip_prefix("missing kind, expected one of ") {
        let path = within(tree::path_at(tree, &span));
        let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
        let help = format!("choose {}", words::either(&known));
        return Problem::at(span, format!("`{path}.kind` is missing")).help(help);
    }
    if let Some(rest) = message.strip_prefix("setting `")
        && let Some((key, why)) = rest.split_once("` ")
    {
        let path = within(tree::path_at(tree, &span));
        return setting(tree, &path, &Invalid::new(key, why));
    }
    let at = tree::path_at(tree, &span).unwrap_or_else(|| path.to_string());
    let of_item = tree::get(tree, &at).is_some_and(|node| node.span() != span);
    let whose = if of_item { "each item of " } else { "" };
    if let Some((word, known)) = unknown(message, "unknown variant `") {
        let why = format!("`{at}` cannot be \"{}\"", words::short(word));
        return Problem::at(span, why).help(words::suggest(word, &known));
    }
    let problem = Problem::at(span.clone(), format!("{whose}{}", value(&at, message)));
    Problem {
        help: help(tree, &at, &span, paths),
        ..problem
    }
}

/// What to write in the place of a value that was written in another way.
fn help(tree: &Tree, at: &str, span: &tree::Span, paths: &[Path]) -> Option<String> {
    let path = paths.iter().find(|path| path.text == at)?;
    let node = tree::get(tree, at)?;
    let items = node.get_ref().as_array();
    let item = items.and_then(|items| items.iter().find(|item| item.span() == *span));
    let written = tree::plain(item.unwrap_or(node).get_ref())?;
    let is_list = path
        .shapes
        .iter()
        .any(|shape| matches!(shape, Shape::List(_)));
    match written {
        toml::Value::Array(_) if !is_list => Some(format!(
            "to vary it, write \"{at}\" = {} under [sweep]",
            words::short(&plain::toml(&written))
        )),
        _ => mend::help(&plain::toml(&written), path),
    }
}

/// The word and the known ones in "unknown field `x`, expected one of `a`, `b`".
fn unknown<'m>(message: &'m str, start: &str) -> Option<(&'m str, Vec<&'m str>)> {
    let rest = message.strip_prefix(start)?;
    let (word, known) = rest
        .rsplit_once("`, expected ")
        .or_else(|| rest.rsplit_once("`, there are no "))?;
    let known = known.split('`').skip(1).step_by(2).collect();
    Some((word, known))
}

fn unknown_key(
    path: &str,
    key: &str,
    known: &[&str],
    more_keys: &[&str],
    paths: &[Path],
    span: tree::Span,
) -> Problem {
    let why = format!("unknown key `{}`", words::short(&join(path, key)));
    let mut known: Vec<&str> = known.to_vec();
    known.extend(more_keys);
    let here = join(path, key);
    // The same path can be a key of another kind, which is no help here; nor is one of
    // a table in a list.
    let elsewhere = || {
        let ends = |path: &&str| {
            path.rsplit('.').next() == Some(key) && **path != here && !path.contains(".0.")
        };
        paths.iter().map(|path| path.text.as_str()).find(ends)
    };
    let help = match words::nearest(key, known.iter().copied()) {
        Some(near) => format!("did you mean `{}`?", join(path, near)),
        None => match elsewhere() {
            Some(path) => format!("did you mean `{path}`?"),
            None if paths.iter().any(|path| path.text == here) => {
                let known = words::suggest(key, &known);
                format!("it belongs to another kind; {known}")
            }
            None => words::suggest(key, &known),
        },
    };
    let problem = Problem::at(span, why).help(help);
    // Another kind takes it.
    match paths.iter().any(|path| path.text == here) {
        true => problem.misfit(),
        false => problem,
    }
}

fn missing(tree: &Tree, path: &str, key: &str) -> Problem {
    let at = join(path, key);
    let problem = Problem::at(tree::place(tree, &at), format!("`{at}` is missing"));
    let kind = tree::get(tree, &format!("{path}.kind"));
    match kind.and_then(|kind| kind.get_ref().as_str()) {
        Some(kind) => problem.help(format!("kind = \"{}\" needs `{key}`", words::short(kind))),
        None if path.is_empty() => problem.help(format!("every scenario needs `{key} = ...`")),
        None => problem.help(format!("add `{key} = ...` under [{path}]")),
    }
}

/// "`nodes.count` must be a whole number, not the text "ten"".
fn value(at: &str, message: &str) -> String {
    let rest = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "));
    if let Some((found, expected)) = rest.and_then(|rest| rest.rsplit_once(", expected ")) {
        return format!("`{at}` must be {}, not {}", wanted(expected), what(found));
    }
    let message = words::visible(message);
    let key = at.rsplit('.').next().unwrap_or_default();
    let said = message.strip_prefix(key).unwrap_or(&message).trim_start();
    match said.strip_prefix("must ") {
        Some(rest) => format!("`{at}` must {rest}"),
        None => format!("`{at}`: {message}"),
    }
}

fn wanted(expected: &str) -> String {
    let whole = |max: &str| format!("a whole number from 0 to {max}");
    match expected {
        "u8" => whole("255"),
        "u16" => whole("65535"),
        "u32" => whole("4294967295"),
        "u64" | "usize" => whole("9223372036854775807"),
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number".to_string(),
        "f32" | "f64" => "a number".to_string(),
        "a string" | "a borrowed string" => "text in quotes".to_string(),
        "a boolean" => "true or false".to_string(),
        "a sequence" => "a list".to_string(),
        "a map" => "a table".to_string(),
        other if other.starts_with("struct ") => "a table".to_string(),
        other => words::visible(other),
    }
}

fn what(found: &str) -> String {
    if let Some(text) = found.strip_prefix("string ") {
        return format!("the text {}", words::short(text));
    }
    let numbers = ["integer `", "floating point `", "boolean `"];
    let number = numbers.iter().find_map(|kind| found.strip_prefix(kind));
    match (number, found) {
        (Some(number), _) => words::short(number.split('`').next().unwrap_or_default()),
        (_, "sequence") => "a list".to_string(),
        (_, "map") => "a table".to_string(),
        (_, other) => words::short(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_serde_become_ours() {
        let table = [
            (
                "invalid type: string \"ten\", expected u32",
                "`a.b` must be a whole number from 0 to 4294967295, not the text \"ten\"",
            ),
            (
                "invalid value: integer `-3`, expected a count from 1",
                "`a.b` must be a count from 1, not -3",
            ),
            ("must be from 0 to 1", "`a.b` must be from 0 to 1"),
            (
                "invalid type: map, expected a boolean",
                "`a.b` must be true or false, not a table",
            ),
            ("not a duration", "`a.b`: not a duration"),
        ];
        for (message, expected) in table {
            assert_eq!(value("a.b", message), expected);
        }
        let (word, known) = unknown(
            "unknown field `x`, expected one of `a`, `b`",
            "unknown field `",
        )
        .expect("x");
        assert_eq!((word, known), ("x", vec!["a", "b"]));
    }
}
