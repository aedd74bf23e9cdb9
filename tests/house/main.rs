//! The rules of the house, held against its source. Each check proves on a
//! small bad text that it can fail. Nothing here needs the library: without
//! waiting for it, `CARGO_MANIFEST_DIR=$PWD rustc --test --edition 2024
//! tests/house/main.rs -o target/house && target/house` runs them in seconds.

mod circles;
mod text;

use circles::circles;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use text::{Source, block_end, find_word, is_word, line_of};

/// The map: each room, and the rooms that it may import. What a room needs of
/// the bottom (`SHARED`) it may always have.
const MAP: &[(&str, &[&str])] = &[
    ("time", &[]),
    ("random", &[]),
    ("node", &[]),
    ("text", &[]),
    ("invalid", &[]),
    ("stop", &["time"]),
    ("column", &[]),
    ("key", &["time", "invalid"]),
    ("kind", &["invalid", "key"]),
    ("files", &["time"]),
    ("protocol", SHARED),
    ("network", &["files"]),
    ("metrics", SHARED),
    ("engine", &["protocol", "network", "metrics"]),
    ("registry", &["protocol", "metrics", "engine"]),
    ("settings", &["files", "network", "engine"]),
    (
        "scenario",
        &[
            "files", "protocol", "network", "metrics", "engine", "registry", "settings",
        ],
    ),
    ("run", &["metrics", "registry", "scenario"]),
    ("sweep", &["metrics", "scenario", "run"]),
    ("theory", &[]),
    ("stats", &[]),
    (
        "laws",
        &[
            "protocol", "network", "metrics", "engine", "scenario", "theory",
        ],
    ),
    ("tables", &["metrics", "laws"]),
    (
        "report",
        &[
            "protocol", "metrics", "engine", "scenario", "laws", "stats", "tables",
        ],
    ),
    (
        "validation",
        &[
            "metrics", "registry", "scenario", "sweep", "theory", "stats",
        ],
    ),
    ("pictures", &["stats", "tables"]),
    ("store", &["metrics", "tables"]),
    (
        "cli",
        &[
            "files",
            "protocol",
            "network",
            "metrics",
            "engine",
            "registry",
            "scenario",
            "run",
            "sweep",
            "laws",
            "stats",
            "report",
            "validation",
            "tables",
            "pictures",
            "store",
        ],
    ),
    // The program: its front door is a command line.
    ("", &["cli"]),
];

const SHARED: &[&str] = &[
    "time", "random", "node", "text", "invalid", "stop", "column", "key", "kind",
];

/// Rooms that import nothing of ours, not even what is shared.
const ALONE: &[&str] = &[
    "time", "random", "node", "text", "invalid", "column", "key", "kind", "theory", "stats",
];

/// The house must be read, not imagined: all of `src/`.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap();
                let text = fs::read_to_string(&path).unwrap();
                found.push(Source::new(&name.replace('\\', "/"), &text));
            }
        }
    }
    assert!(found.len() > 80, "only {} files", found.len());
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

type Check = fn(&Source) -> Vec<String>;

/// The house passes, and each bad text gives a complaint with these words.
#[track_caller]
fn holds(check: Check, bad: &[(&str, &str, &str)]) {
    for (path, text, words) in bad {
        let complaints = check(&Source::new(path, text));
        let is_found = complaints.iter().any(|complaint| complaint.contains(words));
        assert!(is_found, "the check overlooks {text:?}: {complaints:?}");
    }
    let complaints: Vec<String> = sources().iter().flat_map(check).collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

/// The first words of paths that start at the crate's root, with their places.
fn imports(source: &Source, code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in find_word(code, "crate::") {
        found.extend(heads(code, at + "crate::".len()));
    }
    // `super::super::x` leaves the room as well as `crate::x` does.
    let depth = source.modules().len();
    let chain = "super::".repeat(depth);
    if depth > 0 {
        for at in find_word(code, &chain) {
            found.extend(heads(code, at + chain.len()));
        }
    }
    // In `lib.rs` and `main.rs` the crate is known by name.
    for at in find_word(code, "gossim::") {
        found.extend(heads(code, at + "gossim::".len()));
    }
    found
}

/// The word at a place, or those of the group there.
fn heads(code: &str, at: usize) -> Vec<(usize, String)> {
    let word = |at: usize| {
        let rest = &code[at..];
        let end = rest.bytes().position(|byte| !is_word(byte));
        rest[..end.unwrap_or(rest.len())].to_string()
    };
    if !code[at..].starts_with('{') {
        return vec![(at, word(at))];
    }
    let (mut found, mut depth, mut expected) = (Vec::new(), 0, false);
    for (place, byte) in code[..block_end(code, at)].bytes().enumerate().skip(at) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if expected && is_word(byte) {
            found.push((place, word(place)));
            expected = false;
        }
        expected |= depth == 1 && (byte == b'{' || byte == b',');
    }
    found
}

fn check_imports(source: &Source) -> Vec<String> {
    let room = source.room();
    let Some((_, allowed)) = MAP.iter().find(|(name, _)| *name == room) else {
        let path = &source.path;
        return vec![format!(
            "{path}: no room `{room}` in the map of tests/house: add it, and say what it may import"
        )];
    };
    let code = source.product_code();
    let is_room = |name: &str| MAP.iter().any(|(room, _)| *room == name);
    let may = |name: &str| {
        let is_shared = SHARED.contains(&name) && !ALONE.contains(&room);
        name == room || allowed.contains(&name) || is_shared
    };
    imports(source, &code)
        .into_iter()
        .filter(|(_, name)| is_room(name) && !may(name))
        .map(|(at, name)| {
            format!(
                "{}: `{room}` must not import `{name}`",
                source.place(&code, at)
            )
        })
        .collect()
}

#[test]
fn arrows_point_one_way() {
    holds(
        check_imports,
        &[
            (
                "src/engine/queue.rs",
                "use crate::scenario::Cell;",
                "`engine` must not import `scenario`",
            ),
            (
                "src/engine/mod.rs",
                "fn f() { crate::cli::main(&[]) }",
                "engine/mod.rs:1: `engine` must not",
            ),
            (
                "src/tables/a/b.rs",
                "use crate::{metrics::{Run, Column},\n scenario};",
                "b.rs:2: `tables` must not import `scenario`",
            ),
            (
                "src/protocol/push.rs",
                "use super::super::engine::Setup;",
                "must not import `engine`",
            ),
            (
                "src/protocol/push.rs",
                "use super::super::{node, engine};",
                "must not import `engine`",
            ),
            (
                "src/time.rs",
                "use super::node::NodeId;",
                "`time` must not import `node`",
            ),
            (
                "src/theory/contact.rs",
                "use crate::time::Time;",
                "`theory` must not import `time`",
            ),
            ("src/main.rs", "use gossim::run;", "must not import `run`"),
            ("src/attic/mod.rs", "", "no room `attic` in the map"),
        ],
    );
}

/// The map itself goes up its own list.
#[test]
fn the_map_has_no_arrow_back() {
    let place: BTreeMap<&str, usize> = MAP
        .iter()
        .enumerate()
        .map(|(at, (room, _))| (*room, at))
        .collect();
    for (room, allowed) in MAP {
        for other in *allowed {
            assert!(place[other] < place[room], "{room} -> {other}");
        }
    }
    let rooms = sources();
    for (room, _) in MAP {
        assert!(
            rooms.iter().any(|source| source.room() == *room),
            "no room {room} in src/"
        );
    }
}

/// Complains of each of these words in code that is no test.
fn banned(source: &Source, words: &[&str], why: &str) -> Vec<String> {
    let code = source.product_code();
    let complaint = |at: usize, word: &str| format!("{}: {word}: {why}", source.place(&code, at));
    (words.iter())
        .flat_map(|word| {
            find_word(&code, word)
                .into_iter()
                .map(move |at| (at, *word))
        })
        .map(|(at, word)| complaint(at, word))
        .collect()
}

fn check_printing(source: &Source) -> Vec<String> {
    const WORDS: [&str; 8] = [
        "println!",
        "print!",
        "eprintln!",
        "eprint!",
        "dbg!",
        "stdout(",
        "stderr(",
        "stdin(",
    ];
    match source.room() {
        "cli" => Vec::new(),
        _ => banned(source, &WORDS, "only cli/ talks to the terminal"),
    }
}

#[test]
fn only_cli_prints() {
    holds(
        check_printing,
        &[
            (
                "src/sweep/mod.rs",
                "fn f() { println!(\"1 of 2\") }",
                "println!",
            ),
            (
                "src/run.rs",
                "fn f() {\n std::io::stderr().lock() }",
                "src/run.rs:2: stderr(",
            ),
            ("src/main.rs", "fn main() { eprint!(\"\") }", "eprint!"),
        ],
    );
}

fn check_laws(source: &Source) -> Vec<String> {
    if source.room() != "laws" {
        return Vec::new();
    }
    let code = source.product_code();
    let rests = find_word(&code, "..").into_iter();
    rests
        .filter(|at| code[at + "..".len()..].trim_start().starts_with('}'))
        .map(|at| {
            format!(
                "{}: `.. }}`: a law decides on each field, or a new one passes it unseen",
                source.place(&code, at)
            )
        })
        .collect()
}

/// With that rule, a setting that is new does not compile until each family of laws
/// has decided on it: a pattern that leaves out a field is refused (E0027).
#[test]
fn laws_take_all_of_a_cell_apart() {
    holds(
        check_laws,
        &[
            (
                "src/laws/contacts.rs",
                "fn f(cell: &Premises) { let Premises { loss, .. } = *cell; }",
                "contacts.rs:1: `.. }`",
            ),
            (
                "src/laws/new.rs",
                "fn f(end: End) {\n let End { goal,\n ..\n } = end; }",
                "new.rs:3: `.. }`",
            ),
        ],
    );
}

fn check_containers(source: &Source) -> Vec<String> {
    banned(
        source,
        &["HashMap", "HashSet", "RandomState"],
        "its order is random; BTreeMap, BTreeSet or a Vec",
    )
}

#[test]
fn no_hashed_container_is_on_a_path_to_a_result() {
    holds(
        check_containers,
        &[
            (
                "src/report/x.rs",
                "use std::collections::{BTreeMap, HashMap};",
                "HashMap",
            ),
            (
                "src/cli/x.rs",
                "fn f(s: std::collections::HashSet<u8>) {}",
                "HashSet",
            ),
        ],
    );
}

fn check_clocks(source: &Source) -> Vec<String> {
    let anywhere = banned(
        source,
        &["SystemTime", "UNIX_EPOCH"],
        "no result knows the hour",
    );
    match source.room() {
        // It tells how long something took, for people.
        "cli" => anywhere,
        _ => [
            anywhere,
            banned(source, &["Instant"], "only cli/ looks at a wall clock"),
        ]
        .concat(),
    }
}

#[test]
fn no_wall_clock_is_on_a_path_to_a_result() {
    holds(
        check_clocks,
        &[
            (
                "src/cli/record.rs",
                "use std::time::SystemTime;",
                "SystemTime",
            ),
            (
                "src/engine/x.rs",
                "let start = std::time::Instant::now();",
                "Instant",
            ),
        ],
    );
}

/// The system's math library has other bits on other machines: `libm` has not.
fn check_math(source: &Source) -> Vec<String> {
    const NAMES: [&str; 26] = [
        "ln", "ln_1p", "log", "log2", "log10", "exp", "exp2", "exp_m1", "powf", "powi", "cbrt",
        "hypot", "sin", "cos", "tan", "sin_cos", "asin", "acos", "atan", "atan2", "sinh", "cosh",
        "tanh", "asinh", "acosh", "mul_add",
    ];
    let forms = NAMES.iter().flat_map(|name| {
        [
            format!(".{name}("),
            format!("f64::{name}"),
            format!("f32::{name}"),
        ]
    });
    let forms: Vec<String> = forms.collect();
    let words: Vec<&str> = forms.iter().map(String::as_str).collect();
    banned(source, &words, "use libm: same bits everywhere")
}

#[test]
fn no_function_of_the_systems_math_library_is_called() {
    holds(
        check_math,
        &[
            ("src/random.rs", "fn f(u: f64) -> f64 { -u.ln() }", ".ln("),
            (
                "src/theory/x.rs",
                "let y = (1.0 - x)\n    .powi(3);",
                "src/theory/x.rs:2: .powi(",
            ),
            ("src/theory/x.rs", "xs.map(f64::exp)", "f64::exp"),
            ("src/theory/x.rs", "let d = f64::hypot(x, y);", "f64::hypot"),
        ],
    );
}

const FUNCTION_LINES_MAX: usize = 70;

fn check_lengths(source: &Source) -> Vec<String> {
    let code = source.code();
    let mut complaints = Vec::new();
    for at in find_word(&code, "fn") {
        let rest = &code[at..];
        let name: String = rest[2..]
            .trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let body = match (rest.find('{'), rest.find(';')) {
            (Some(open), semicolon) if semicolon.is_none_or(|end| open < end) => at + open,
            // A declaration without a body, or an array's length in a signature.
            _ => continue,
        };
        let lines = line_of(&code, block_end(&code, body)) - line_of(&code, at) + 1;
        if !name.is_empty() && lines > FUNCTION_LINES_MAX {
            complaints.push(format!(
                "{}: `{name}` has {lines} lines, more than {FUNCTION_LINES_MAX}",
                source.place(&code, at)
            ));
        }
    }
    complaints
}

#[test]
fn a_function_fits_a_screen() {
    let long = format!(
        "fn short() {{}}\nfn long() {{\n{}}}\n",
        "    x();\n".repeat(69)
    );
    holds(
        check_lengths,
        &[("src/run.rs", &long, "src/run.rs:2: `long` has 71 lines")],
    );
    let longest = long.replacen("    x();\n", "", 1);
    assert!(check_lengths(&Source::new("src/run.rs", &longest)).is_empty());
}

fn check_front_page(source: &Source) -> Vec<String> {
    let Source { path, text } = source;
    let mut complaints = Vec::new();
    if !text.starts_with("//! ") {
        complaints.push(format!(
            "{path}: does not open with what it is for (`//! ...`)"
        ));
    }
    if path.ends_with("/mod.rs") && !text.lines().any(|line| line.starts_with("//! Invariant: ")) {
        complaints.push(format!(
            "{path}: no line `//! Invariant: ...` that says what the room must not know"
        ));
    }
    complaints
}

#[test]
fn every_file_says_what_it_is_for_and_every_room_what_it_must_not_know() {
    holds(
        check_front_page,
        &[
            (
                "src/x/mod.rs",
                "//! A room.\nmod y;",
                "no line `//! Invariant",
            ),
            ("src/x/mod.rs", "mod y;", "does not open"),
            ("src/x.rs", "// An ordinary comment.", "does not open"),
        ],
    );
}

/// A file that no module declares is compiled by nobody.
fn forgotten(sources: &[Source]) -> Vec<String> {
    let declares = |parent: &[&str], name: &str| {
        let parents = sources.iter().filter(|source| source.modules() == parent);
        parents
            .into_iter()
            .any(|source| !find_word(&source.code(), &format!("mod {name};")).is_empty())
    };
    let is_forgotten = |source: &&Source| match source.modules().split_last() {
        None => false,
        Some((name, parent)) => !declares(parent, name),
    };
    sources
        .iter()
        .filter(is_forgotten)
        .map(|source| source.path.clone())
        .collect()
}

#[test]
fn no_file_is_forgotten() {
    let bad = [
        Source::new("src/lib.rs", "mod a;\n// mod b;"),
        Source::new("src/a/mod.rs", "pub mod c;"),
        Source::new("src/a/c.rs", ""),
        Source::new("src/b.rs", ""),
        Source::new("src/a/d.rs", ""),
    ];
    assert_eq!(forgotten(&bad), ["src/b.rs", "src/a/d.rs"]);
    assert_eq!(forgotten(&sources()), [""; 0]);
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    assert_eq!(circles(&sources()), [""; 0]);
}

/// The comment that opens a scenario asks what it answers.
fn check_scenario(name: &str, text: &str) -> Vec<String> {
    let comment: String = text
        .lines()
        .take_while(|line| line.starts_with('#'))
        .collect();
    match comment.contains('?') {
        true => Vec::new(),
        false => vec![format!("{name}: its opening comment asks no question")],
    }
}

#[test]
fn every_scenario_asks_a_question() {
    assert_eq!(check_scenario("x", "# Why?\nname = 1\n"), [""; 0]);
    for text in ["name = 1\n", "# This.\n\n# Why?\nname = 1\n"] {
        assert!(check_scenario("x", text)[0].contains("asks no question"));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut complaints = Vec::new();
    let mut scenarios = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "toml") {
            // What a scenario reads.
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        complaints.extend(check_scenario(&path.display().to_string(), &text));
        scenarios += 1;
    }
    assert!(
        scenarios >= 5 && complaints.is_empty(),
        "{scenarios}\n{}",
        complaints.join("\n")
    );
}
