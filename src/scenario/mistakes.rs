//! Several mistakes told at once: what else is wrong, once something is.
//!
//! Each part of a scenario is read again without what was wrong in it. Only mistakes
//! that stand by themselves are looked for: whether the rest fits together cannot be
//! said of a part.

use super::error::Problem;
use super::grid;
use super::read::{self, Known};
use super::root;
use super::tree::{self, Tree};
use crate::settings::SECTIONS;

/// In each part, at most so many mistakes are looked for.
const MISTAKES_MAX: usize = 20;

/// All mistakes of a document (with its `[sweep]`) that can be told apart from others.
pub fn all(whole: &Tree, known: &Known) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut base = whole.clone();
    let sweep = base.remove_entry("sweep");
    found.extend(of_part(&base, |tree| {
        root::read(tree, &known.paths).map(|_| ())
    }));
    for section in SECTIONS {
        found.extend(of_part(&base, |tree| {
            read::section(tree, known, section.name)
        }));
    }
    found.extend(of_part(&base, |tree| read::own(tree, known)));
    if let Some((key, node)) = sweep {
        let only: Tree = [(key, node)].into_iter().collect();
        let read = |tree: &Tree| grid::read(tree.get("sweep"), &known.paths).map(|_| ());
        found.extend(of_part(&only, read));
    }
    let mut distinct: Vec<Problem> = Vec::new();
    for problem in found {
        if !distinct.iter().any(|other| other.span == problem.span) {
            distinct.push(problem);
        }
    }
    distinct
}

/// The mistakes that one reading finds, one after another.
fn of_part(tree: &Tree, read: impl Fn(&Tree) -> Result<(), Problem>) -> Vec<Problem> {
    let mut tree = tree.clone();
    let (mut found, mut removed): (Vec<Problem>, Vec<String>) = Default::default();
    while let Err(problem) = read(&tree)
        && found.len() < MISTAKES_MAX
    {
        // What does not fit together may come of what was taken out.
        if problem.is_misfit {
            break;
        }
        let missing = problem.message.strip_suffix("` is missing");
        let missing = missing
            .and_then(|start| start.strip_prefix('`'))
            .map(String::from);
        let gone = match &missing {
            // The table that lacks the key, unless it is a whole section.
            Some(path) => match path.rsplit_once('.') {
                Some((table, _)) if table.contains('.') => tree::remove(&mut tree, table),
                _ => None,
            },
            None => tree::remove_at(&mut tree, &problem.span),
        };
        let follows = |path: String| {
            let section = path.split('.').next().unwrap_or_default();
            let is_meant = |other: &Problem| {
                let help = other.help.as_deref().unwrap_or_default();
                help.contains(&format!("`{path}`"))
            };
            !tree.contains_key(section)
                || removed.iter().any(|gone| path.starts_with(gone))
                || found.iter().any(is_meant)
        };
        // What is missing since it was taken out, or since it was mistyped.
        if !missing.is_some_and(follows) {
            found.push(problem);
        }
        match gone {
            Some(path) => removed.push(path),
            None => break,
        }
    }
    found
}
