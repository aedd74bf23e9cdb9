//! The document as a whole: its syntax, and the keys at its root.

use super::error::Problem;
use super::shape;
use super::tree::{self, Tree};
use super::words;
use crate::key::Settings;
use crate::kind;
use crate::settings::{OF_ALL_CELLS, Path, Root, SECTIONS};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The document as a tree.
pub fn parse(text: &'static str) -> Result<Tree, Problem> {
    let tree = DeTable::parse(text).map_err(|error| syntax(text, &error))?;
    let tree = tree.into_inner();
    tree.iter()
        .try_for_each(|(_, node)| tree::check_numbers(node))?;
    Ok(tree)
}

/// What toml's parser says, in our words where its own mislead.
fn syntax(text: &str, error: &toml::de::Error) -> Problem {
    let span = error.span().unwrap_or(0..0);
    let written = text.get(span.clone()).unwrap_or_default();
    let message = words::visible(error.message());
    if message.contains("recurs") {
        return Problem::at(span, "nested too deeply: at most 80 levels");
    }
    let message = message.trim_end_matches(", expected nothing");
    let problem = |why: &str| Problem::at(span.clone(), format!("not valid TOML: {why}"));
    if !message.starts_with("string values must be quoted") {
        return problem(message);
    }
    match written.trim() {
        "" => problem("a value is missing").help("write one after the `=`"),
        word => problem("text must be in quotes").help(format!("write \"{}\"", words::short(word))),
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
