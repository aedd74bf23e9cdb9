//! Which file imports which, and whether any two are in a circle.

use crate::text::{Source, block_end, find_word, is_word};
use std::collections::{BTreeMap, BTreeSet};

/// Modules by their path from the crate's root.
type Path<'s> = Vec<&'s str>;

/// The paths that begin at a place of the code, groups spelt out.
fn paths(code: &str, at: usize) -> Vec<Path<'_>> {
    let end = code[at..].bytes().position(|byte| !is_word(byte));
    let end = at + end.unwrap_or(code.len() - at);
    let rest = &code[end..];
    let tails = match (rest.starts_with("::{"), rest.starts_with("::")) {
        (true, _) => group(code, end + "::".len()),
        (false, true) => paths(code, end + "::".len()),
        (false, false) => vec![Vec::new()],
    };
    let head = &code[at..end];
    let whole = |tail| [vec![head], tail].concat();
    tails.into_iter().map(whole).collect()
}

/// The paths in the group that opens at a place.
fn group(code: &str, open: usize) -> Vec<Path<'_>> {
    let (mut found, mut depth, mut expected) = (Vec::new(), 0, false);
    for at in open..block_end(code, open) {
        match code.as_bytes()[at] {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            byte if expected && is_word(byte) => {
                found.extend(paths(code, at));
                expected = false;
            }
            _ => {}
        }
        expected |= depth == 1 && matches!(code.as_bytes()[at], b'{' | b',');
    }
    found
}

/// The files that a file imports from, without those above and below it.
fn imports(source: &Source, code: &str, files: &BTreeSet<Path>) -> BTreeSet<String> {
    let home = source.modules();
    let mut found = BTreeSet::new();
    for start in ["crate", "super"] {
        let begins = find_word(code, &format!("{start}::"));
        let begins = begins.into_iter().filter(|at| !code[..*at].ends_with("::"));
        for path in begins.flat_map(|at| paths(code, at)) {
            let ups = path.iter().take_while(|word| **word == "super").count();
            let base = match start {
                "crate" => &[],
                _ => &home[..home.len().saturating_sub(ups)],
            };
            let mut at = base.to_vec();
            for word in &path[ups.max(1)..] {
                at.push(word);
                if !files.contains(&at) {
                    at.pop();
                    break;
                }
            }
            if !at.starts_with(&home) && !home.starts_with(&at) {
                found.insert(at.join("/"));
            }
        }
    }
    found
}

/// The files that can be reached from each other by imports, a line a circle.
pub fn circles(sources: &[Source]) -> Vec<String> {
    let codes: Vec<String> = sources.iter().map(Source::product_code).collect();
    let files: BTreeSet<Path> = sources.iter().map(Source::modules).collect();
    let arrows: BTreeMap<String, BTreeSet<String>> = (sources.iter().zip(&codes))
        .map(|(source, code)| (source.modules().join("/"), imports(source, code, &files)))
        .collect();
    let reach: BTreeMap<&str, BTreeSet<&str>> = arrows
        .keys()
        .map(|from| (from.as_str(), reached(&arrows, from)))
        .collect();
    let mut found = BTreeSet::new();
    for (from, reached) in &reach {
        let back = |to: &&&str| reach[**to].contains(from);
        let circle: BTreeSet<&str> = reached.iter().filter(back).copied().collect();
        if !circle.is_empty() {
            found.insert(circle.into_iter().collect::<Vec<_>>().join(" <-> "));
        }
    }
    found.into_iter().collect()
}

/// All files to which imports lead from one.
fn reached<'a>(arrows: &'a BTreeMap<String, BTreeSet<String>>, from: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = arrows[from].iter().map(String::as_str).collect();
    while let Some(file) = open.pop() {
        if found.insert(file) {
            open.extend(arrows[file].iter().map(String::as_str));
        }
    }
    found
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let sources = |c: &str| {
        [
            Source::new("src/lib.rs", ""),
            Source::new("src/a/mod.rs", "pub use b::B; use super::d;"),
            Source::new("src/a/b.rs", "use super::{A, c::{self, d::D}, d};"),
            Source::new("src/a/c.rs", c),
            Source::new("src/a/e.rs", "use super::b::B;"),
            Source::new("src/d.rs", "// use crate::a;\nuse std::fmt;"),
        ]
    };
    let circle = ["a/b <-> a/c"];
    assert_eq!(circles(&sources("use crate::a::b::B;")), circle);
    assert_eq!(circles(&sources("fn f() { super::b::g() }")), circle);
    assert_eq!(
        circles(&sources("use super::e::E;")),
        ["a/b <-> a/c <-> a/e"]
    );
    let tests = "use crate::d; #[cfg(test)] mod tests { use crate::a::b::B; }";
    assert_eq!(circles(&sources(tests)), [""; 0]);
    assert_eq!(circles(&sources("// use super::b;")), [""; 0]);
}
