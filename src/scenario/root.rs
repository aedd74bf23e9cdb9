//! The document as a whole: its syntax, and the keys at its root.

use super::error::Problem;
use super::shape;
use super::tree::{self, Tree};
use super::{mend, words};
use crate::key::Settings;
use crate::kind;
use crate::settings::{OF_ALL_CELLS, Path, Root, SECTIONS};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The document as a tree; or its mistakes, at most one a line.
pub fn parse(text: &'static str, paths: &[Path]) -> Result<Tree, Vec<Problem>> {
    let (tree, errors) = DeTable::parse_recoverable(text);
    let tree = tree.into_inner();
    let line = |problem: &Problem| {
        text.get(..problem.span.start)
            .map(|before| before.matches('\n').count())
    };
    let mut problems: Vec<Problem> = Vec::new();
    for error in &errors {
        let problem = syntax(text, error, &tree, paths);
        if !problems.iter().any(|other| line(other) == line(&problem)) {
            problems.push(problem);
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let numbers = tree.iter().map(|(_, node)| tree::check_numbers(node));
    let numbers: Result<(), Problem> = numbers.collect();
    numbers.map_err(|problem| vec![problem])?;
    Ok(tree)
}

/// What toml's parser says, in our words where its own mislead.
fn syntax(text: &str, error: &toml::de::Error, tree: &Tree, paths: &[Path]) -> Problem {
    let span = error.span().unwrap_or(0..0);
    let written = text.get(span.clone()).unwrap_or_default();
    let message = words::visible(error.message());
    if message.contains("recurs") {
        return Problem::at(span, "nested too deeply: at most 80 levels");
    }
    let message = message.trim_end_matches(", expected nothing");
    let problem = |why: &str| Problem::at(span.clone(), format!("not valid TOML: {why}"));
    let line = Line::around(text, span.start);
    if message == "duplicate key" {
        let first = match line.key.as_str() {
            "" => first_header(text, &line.table, span.start),
            key => tree::key_span(tree, &line.table, key),
        };
        let first = first.filter(|first| first.start < span.start);
        return Problem {
            first,
            ..problem(message)
        };
    }
    let path = paths.iter().find(|path| path.text == line.path());
    let help = path.and_then(|path| mend::help(line.value, path));
    let is_bare = message.starts_with("string values must be quoted");
    if let Some(help) = help {
        let why = match (is_bare, help.contains('"')) {
            (true, true) => "text must be in quotes",
            (true, false) => "this is no value",
            (false, _) => message,
        };
        return problem(why).help(help);
    }
    if !is_bare {
        return problem(message);
    }
    match written.trim() {
        "" => problem("a value is missing").help("write one after the `=`"),
        word => problem("text must be in quotes").help(format!("write \"{}\"", words::short(word))),
    }
}

/// A line of a document that cannot be read as a whole.
struct Line<'t> {
    /// The path of the table that it is in, or that it begins.
    table: String,
    /// The key in it; empty where it begins a table.
    key: String,
    /// What is written there as the key's value.
    value: &'t str,
}

fn name(text: &str) -> String {
    text.trim().trim_matches(['"', '\'']).to_string()
}

/// The table that a line begins.
fn header(line: &str) -> Option<String> {
    let inner = line.trim().strip_prefix('[')?;
    let inner = inner.trim_start_matches('[').split(']').next()?;
    Some(name(inner))
}

/// Where the table of that name begins first, before a place.
fn first_header(text: &str, path: &str, before: usize) -> Option<tree::Span> {
    let mut start = 0;
    for line in text.get(..before)?.split_inclusive('\n') {
        if header(line).is_some_and(|found| found == path) {
            let at = start + line.find(path)?;
            return Some(at..at + path.len());
        }
        start += line.len();
    }
    None
}

impl<'t> Line<'t> {
    fn around(text: &'t str, at: usize) -> Line<'t> {
        let before = text.get(..at).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = text[start..].lines().next().unwrap_or_default();
        if let Some(path) = header(line) {
            return Line {
                table: path,
                key: String::new(),
                value: "",
            };
        }
        let table = text[..start]
            .lines()
            .rev()
            .find_map(header)
            .unwrap_or_default();
        let (key, rest) = line.split_once('=').unwrap_or((line, ""));
        let value = rest.split('#').next().unwrap_or_default().trim();
        let begins = start + line.len() - rest.trim_start().len();
        let line = Line {
            table,
            key: name(key),
            value,
        };
        match value.starts_with(['[', '{']) {
            true => line.within(at.saturating_sub(begins)),
            false => line,
        }
    }

    /// The path of the setting that stands there.
    fn path(&self) -> String {
        match self.table.as_str() {
            // The keys there are paths themselves.
            "" | "sweep" | "sweep.case" => self.key.clone(),
            table => format!("{table}.{}", self.key),
        }
    }

    /// In a list or an inline table: the value at which the parser stopped.
    fn within(mut self, at: usize) -> Line<'t> {
        let list = self.value;
        let (before, after) = list.split_at_checked(at).unwrap_or((list, ""));
        let from = before.rfind(['[', '{', ',', '=']).map_or(0, |end| end + 1);
        let to = at + after.find([',', ']', '}']).unwrap_or(after.len());
        self.value = list.get(from..to).unwrap_or_default().trim();
        if let Some(head) = before[..from].strip_suffix('=') {
            let key = head.rsplit(['{', ',']).next().unwrap_or_default();
            self.key = format!("{}.{}", self.key, key.trim());
        }
        self
    }
}

/// The keys at the root: the name and the seed; the rest are sections.
pub fn read(tree: &Tree, paths: &[Path]) -> Result<(String, u64), Problem> {
    let own: Vec<&str> = Root::KEYS.iter().map(|key| key.name).collect();
    let sections: Vec<&str> = SECTIONS.iter().map(|section| section.name).collect();
    let of_all: Vec<&str> = OF_ALL_CELLS.iter().map(|section| section.name).collect();
    for (key, node) in tree.iter() {
        let word = key.get_ref().as_ref();
        if !own.contains(&word) && !sections.contains(&word) {
            let why = format!("unknown key `{}`", words::short(word));
            let known: Vec<&str> = [&sections[..], &own, &of_all].concat();
            let help = match (words::nearest(word, known.iter().copied()), node.get_ref()) {
                (None, DeValue::Table(_)) | (Some(_), _) => words::suggest(word, &known),
                (None, _) => match tree::nearest_path(word, paths) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => words::suggest(word, &known),
                },
            };
            return Err(Problem::at(key.span(), why).help(help));
        }
    }
    let table = tree::only(tree.clone(), |key| own.contains(&key));
    let root = kind::read(Spanned::new(0..0, table), Root::KEYS);
    let root = root.map_err(|refused| shape::problem(tree, "", refused, &[], paths))?;
    let Root { name, seed } = root;
    check_name(tree, &name)?;
    Ok((name, seed))
}

fn check_name(tree: &Tree, name: &str) -> Result<(), Problem> {
    const CHARS_MAX: usize = 64;
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let why = if name.is_empty() {
        "`name` must not be empty".to_string()
    } else if !name.chars().all(allowed) {
        format!("`name` cannot be \"{}\"", words::short(name))
    } else if name.len() > CHARS_MAX {
        format!("`name` must have at most {CHARS_MAX} characters")
    } else {
        return Ok(());
    };
    let help = "it names a directory: small letters a-z, digits, `_` and `-`";
    Err(Problem::at(tree::place(tree, "name"), why).help(help))
}
