//! Options of the command line that change the scenario: `--set KEY=VALUE`,
//! `--seed N`, `--replicates N`.

use super::Overrides;
use super::error::{Problem, Texts};
use super::grid::Grid;
use super::tree::{self, KeyPath, Node, Tree};
use super::words;
use super::{mend, plain};
use crate::key::Settings;
use crate::settings::{Path, Sweep};
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
    let node = value(&text[digits..], start + digits, None)?;
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
    let known = paths.iter().find(|path| path.text == key.trim());
    let node = value(rest, value_at, known)?;
    Ok((path(key, whole.start, paths)?, node))
}

fn path(key: &str, start: usize, paths: &[Path]) -> Result<KeyPath, Problem> {
    let text = key.trim();
    let start = start + (key.len() - key.trim_start().len());
    let span = start..start + text.len();
    // These can be set, but are no settings of a cell.
    if ["name", "seed"].contains(&text) {
        let text = text.to_string();
        return Ok(KeyPath { text, span });
    }
    let Some(within) = text.strip_prefix("sweep.") else {
        return KeyPath::parse(text, span, paths);
    };
    // Shells take quotes away: the path of an axis can do without.
    let key = within.trim_matches(['"', '\'']);
    let own: Vec<&str> = Sweep::KEYS.iter().map(|key| key.name).collect();
    if !own.contains(&key) {
        match words::nearest(key, own.iter().copied()) {
            Some(near) => {
                let why = format!("unknown key `sweep.{}`", words::short(key));
                return Err(Problem::at(span, why).help(format!("did you mean `sweep.{near}`?")));
            }
            None => KeyPath::parse(key, span.clone(), paths)?,
        };
    }
    let text = format!("{SWEEP}{key}");
    Ok(KeyPath { text, span })
}

/// What paths within `[sweep]` begin with.
const SWEEP: &str = "sweep.";

/// Sets keys of `[sweep]`: its own, or whole axes.
pub fn apply_to_sweep(settings: &[Setting], tree: &mut Tree) -> Result<(), Problem> {
    for (path, node) in settings {
        let Some(key) = path.text.strip_prefix(SWEEP) else {
            continue;
        };
        let of_sweep = KeyPath {
            text: SWEEP.trim_end_matches('.').to_string(),
            span: path.span.clone(),
        };
        if tree.get(&*of_sweep.text).is_none() {
            let empty = Spanned::new(path.span.clone(), DeValue::Table(Tree::new()));
            tree::set(tree, &of_sweep, empty)?;
        }
        let sweep = tree.get_mut(&*of_sweep.text).map(Spanned::get_mut);
        let Some(DeValue::Table(sweep)) = sweep else {
            // Refused when it is read.
            return Ok(());
        };
        // An axis keeps its place among the axes: an equal key keeps its old span.
        sweep.insert(
            Spanned::new(path.span.clone(), key.to_string().into()),
            node.clone(),
        );
    }
    Ok(())
}

/// A value of TOML, or a bare word, which is a string.
fn value(typed: &'static str, start: usize, path: Option<&Path>) -> Result<Node, Problem> {
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
            let mended = path.and_then(|path| mend::help(text, path));
            return Err(Problem::at(at, why).help(mended.unwrap_or(help.to_string())));
        }
    };
    tree::check_numbers(&node)?;
    Ok(node)
}

/// A value as it is written.
fn plain_of(node: &Node) -> String {
    let value = tree::plain(node.get_ref());
    value.map(|value| plain::toml(&value)).unwrap_or_default()
}

/// Sets what is not within `[sweep]` in the base tree; what cells set, only if none
/// of them is asked for.
pub fn apply(
    settings: &[Setting],
    base: &mut Tree,
    grid: &Grid,
    has_cells: bool,
) -> Result<(), Problem> {
    let in_base = |(path, _): &&Setting| !path.text.starts_with(SWEEP);
    for (path, node) in settings.iter().filter(in_base) {
        if has_cells && let Some(other) = grid.paths().find(|other| other.holds(&path.text)) {
            let why = format!("`{}` is set by [sweep]: each cell has its own", other.text);
            let by_case = grid.cases.iter().flat_map(|case| &case.settings);
            let is_axis = !by_case.into_iter().any(|(of_case, _)| of_case == other);
            let help = match is_axis {
                true => format!(
                    "set the axis: --set 'sweep.\"{}\"=[{}]'",
                    other.text,
                    plain_of(node)
                ),
                false => "change the case in the scenario instead".to_string(),
            };
            return Err(Problem::at(path.span.clone(), why).help(help));
        }
        tree::set(base, path, node.clone())?;
    }
    Ok(())
}
