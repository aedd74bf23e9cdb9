//! Options of the command line that change the scenario: `--set KEY=VALUE`,
//! `--seed N`, `--replicates N`.

use super::Overrides;
use super::error::{Problem, Texts};
use super::grid::Grid;
use super::tree::{self, KeyPath, Node, Tree};
use super::words;
use crate::settings::Path;
use toml::Spanned;
use toml::de::DeValue;

/// A key and its value, with their places on the command line.
pub type Setting = (KeyPath, Node);

/// All settings, in the order in which they apply.
pub fn read(
    overrides: &Overrides,
    texts: &mut Texts,
    paths: &[Path],
) -> Result<Vec<Setting>, Problem> {
    let mut settings = Vec::new();
    for typed in &overrides.set {
        settings.push(setting(typed, texts, paths)?);
    }
    let numbers = [
        ("seed", "--seed", overrides.seed),
        ("sweep.replicates", "--replicates", overrides.replicates),
    ];
    for (key, option, number) in numbers {
        if let Some(number) = number {
            settings.push(numbered(key, option, number, texts)?);
        }
    }
    Ok(settings)
}

fn numbered(key: &str, option: &str, number: u64, texts: &mut Texts) -> Result<Setting, Problem> {
    let (text, start) = texts.add("command line", &format!("{option} {number}"));
    let digits = option.len() + 1;
    let span = start + digits..start + text.len();
    let path = KeyPath {
        text: key.to_string(),
        span: span.clone(),
    };
    let node = value(&text[digits..], start + digits)?;
    Ok((path, node))
}

fn setting(typed: &str, texts: &mut Texts, paths: &[Path]) -> Result<Setting, Problem> {
    const OPTION: &str = "--set ";
    let (text, start) = texts.add("command line", &format!("{OPTION}{typed}"));
    let whole = start + OPTION.len()..start + text.len();
    let Some((key, rest)) = text[OPTION.len()..].split_once('=') else {
        let help = "write it as in --set protocol.fanout=3";
        return Err(Problem::at(whole, "this is not KEY=VALUE").help(help));
    };
    let value_at = whole.start + key.len() + 1;
    let node = value(rest, value_at)?;
    Ok((path(key, whole.start, paths)?, node))
}

fn path(key: &str, start: usize, paths: &[Path]) -> Result<KeyPath, Problem> {
    let text = key.trim();
    let start = start + (key.len() - key.trim_start().len());
    let span = start..start + text.len();
    match text {
        // These can be set, but are no settings of a cell.
        "name" | "seed" | "sweep.replicates" => Ok(KeyPath {
            text: text.to_string(),
            span,
        }),
        _ => KeyPath::parse(text, span, paths),
    }
}

/// A value of TOML, or a bare word, which is a string.
fn value(typed: &'static str, start: usize) -> Result<Node, Problem> {
    let text = typed.trim();
    let start = start + (typed.len() - typed.trim_start().len());
    let span = start..start + text.len();
    let is_bare = |c: char| c.is_ascii_alphanumeric() || "_-+. ".contains(c);
    let node = match DeValue::parse(text) {
        Ok(node) => tree::shift(node, start),
        Err(_) if !text.is_empty() && text.chars().all(is_bare) => {
            Spanned::new(span, DeValue::String(text.into()))
        }
        Err(_) if text.is_empty() => {
            return Err(Problem::at(span, "the value is missing"));
        }
        Err(error) => {
            let at = error
                .span()
                .map_or(span, |at| at.start + start..at.end + start);
            let why = words::visible(error.message());
            let why = format!(
                "not a value of TOML: {}",
                why.trim_end_matches(", expected nothing")
            );
            let help = "a number, a word, or TOML as in 'network.latency={kind=\"constant\",value=\"5ms\"}'";
            return Err(Problem::at(at, why).help(help));
        }
    };
    tree::check_numbers(&node)?;
    Ok(node)
}

/// Sets them in the base tree; what cells set, only if none of them is asked for.
pub fn apply(
    settings: Vec<Setting>,
    base: &mut Tree,
    grid: &Grid,
    has_cells: bool,
) -> Result<(), Problem> {
    for (path, node) in settings {
        if has_cells && let Some(other) = grid.paths().find(|other| other.holds(&path.text)) {
            let why = format!("`{}` is set by [sweep]: each cell has its own", other.text);
            let help = "change the axis or the case in the scenario instead";
            return Err(Problem::at(path.span, why).help(help));
        }
        tree::set(base, &path, node)?;
    }
    Ok(())
}
