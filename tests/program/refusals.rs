//! What is refused: with its exit code, a text that says where, and nothing
//! written.

use crate::place::{Done, Place};
use crate::{GRID, PLAIN};

#[test]
fn bad_usage_is_exit_code_2() {
    let place = Place::with(PLAIN);
    for (arguments, word) in [
        ("swep scenario.toml", "sweep"),
        ("sweep", "<SCENARIO>"),
        ("run scenario.toml --nonsense", "--nonsense"),
        ("run scenario.toml --seed -1", "--seed"),
        (
            "run scenario.toml --seed 9007199254740992",
            "9007199254740991",
        ),
        ("run scenario.toml --cell x", "--cell"),
        ("run scenario.toml --cell 1", "there is no cell 1"),
        ("run scenario.toml --set protocol.fanout", "KEY=VALUE"),
        (
            "run scenario.toml --set protocol.fanot=2",
            "`protocol.fanout`",
        ),
        ("run scenario.toml --set network.loss=2", "command line:1:"),
        ("sweep scenario.toml --jobs 0", "--jobs"),
        ("sweep scenario.toml --replicates 0", "replicates"),
        ("plot scenario.toml --format gif", "gif"),
        ("theory contact --nodes 0", "--nodes"),
        ("theory contact --nodes 10 --loss 1.5", "a probability"),
        (
            "theory contact --nodes 10 --sampling some",
            "others-with-replacement",
        ),
        ("list nonsense", "protocols"),
        ("completions dos", "bash"),
        ("run none.toml", "there is no such file"),
        ("run results-that-are-not-there/", "there is no such file"),
        ("check .", "it is a directory"),
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        place.gossim(&words).fails(2, &[word]);
    }
    // No command at all: the help, as an error.
    let none = place.gossim(&[]);
    assert_eq!((none.code, none.out.as_str()), (Some(2), ""));
    assert!(none.err.contains("Usage: gossim"), "{none}");
    assert_eq!(place.names("."), ["scenario.toml"]);
}

/// The list that `scripts/schema.py` holds the schema against.
#[test]
fn each_bad_scenario_is_refused_by_the_key_that_is_to_blame() {
    let list: toml::Table = include_str!("../data/bad_scenarios.toml").parse().unwrap();
    let base = list["base"].as_str().unwrap();
    let place = Place::with(base);
    place.gossim(&["check", "scenario.toml"]).ok();
    let bad = list["bad"].as_array().unwrap();
    assert!(bad.len() >= 60, "{}", bad.len());
    for one in bad {
        let [from, to, key] = [0, 1, 2].map(|at| one[at].as_str().unwrap());
        assert!(base.contains(from), "{from}");
        place.write("bad.toml", &base.replacen(from, to, 1));
        place.gossim(&["check", "bad.toml"]).fails(2, &[key]);
    }
}

#[test]
fn a_bad_scenario_shows_the_place_and_writes_nothing() {
    let place = Place::with(&PLAIN.replace("loss = 0.05", "los = 0.05"));
    let place_shown = ["scenario.toml:10:1", "10 | los = 0.05", "`network.loss`"];
    for command in ["run", "sweep", "check"] {
        place
            .gossim(&[command, "scenario.toml"])
            .fails(2, &place_shown);
    }
    // A bad one among good ones: all are looked at.
    place.write("good.toml", PLAIN);
    let both = place.gossim(&["check", "scenario.toml", "good.toml"]);
    assert_eq!(both.code, Some(2));
    assert!(both.out.contains("good.toml: valid"), "{both}");
    assert!(both.err.contains("scenario.toml:10:1"), "{both}");
    assert_eq!(place.names("."), ["good.toml", "scenario.toml"]);
}

#[test]
fn setting_what_an_axis_sets_is_refused_in_a_sweep_but_not_in_a_run() {
    let place = Place::with(GRID);
    let set = ["scenario.toml", "--set", "nodes.count=30", "--out", "out"];
    let refused = place.gossim(&[&["sweep"], &set[..]].concat());
    refused.fails(2, &["`nodes.count` is set by [sweep]"]);
    assert_eq!(place.names("."), ["scenario.toml"]);
    let run = place.gossim(&[&["run"], &set[..]].concat());
    assert_eq!(run.code, Some(0), "{run}");
    assert!(run.err.contains("[sweep] has 6 cells"), "{run}");
}

/// Cells that cannot be: counted and listed by `check` and `sweep`, on standard error there.
#[test]
fn skipped_cells_are_counted_and_listed() {
    let grid = "skip_impossible = true\n\"nodes.count\" = [5, 20]\n\"protocol.fanout\" = [1, 10]\n";
    let place = Place::with(&format!("{PLAIN}{grid}"));
    let words = [
        "skipped 1 cell",
        "nodes.count = 5, protocol.fanout = 10: `protocol.fanout` is 10",
    ];
    let checked = place.gossim(&["check", "scenario.toml"]).ok();
    let swept = place.gossim(&["sweep", "scenario.toml", "--replicates", "2"]);
    for word in words {
        assert!(checked.out.contains(word), "{checked}");
        assert!(swept.err.contains(word), "{swept}");
    }
    assert_eq!(swept.code, Some(0), "{swept}");
    assert_eq!(
        place.read("results/plain/runs.csv").lines().count(),
        1 + 3 * 2
    );
    place.gossim(&["verify", "results/plain"]).ok();
}

#[test]
fn above_100_000_runs_yes_is_asked_for() {
    let tiny = "name = \"tiny\"\nnodes.count = 1\nprotocol.kind = \"push\"\nmeasure.series = false\n\
                measure.contact = false\nstop.all_informed = true\n[sweep]\nreplicates = 100_001\n";
    let place = Place::with(tiny);
    place
        .gossim(&["sweep", "scenario.toml"])
        .fails(2, &["100001 runs", "--yes"]);
    assert_eq!(place.names("."), ["scenario.toml"]);
    place
        .gossim(&["sweep", "scenario.toml", "--replicates", "100"])
        .ok();
    let done = place.gossim(&["sweep", "scenario.toml", "--yes"]).ok();
    assert!(done.out.contains("100001 runs"), "{}", done.out);
}

#[test]
fn a_run_over_a_sweep_and_what_is_no_directory_are_refused() {
    let place = Place::with(PLAIN);
    place.write("foreign/notes.txt", "mine");
    place
        .gossim(&["sweep", "scenario.toml", "--out", "sweep"])
        .ok();
    let before = place.files(".");
    let out = |command, dir| place.gossim(&[command, "scenario.toml", "--out", dir]);
    out("run", "sweep").fails(2, &["results of a sweep"]);
    for command in ["run", "sweep"] {
        out(command, "scenario.toml").fails(2, &["not a directory"]);
    }
    for command in ["plot", "verify"] {
        place.gossim(&[command, "foreign"]).fails(1, &["foreign"]);
        place.gossim(&[command, "missing"]).fails(1, &["missing"]);
    }
    assert_eq!(place.files("."), before);
}

#[test]
fn a_file_that_was_edited_or_added_since_is_never_lost() {
    let place = Place::with(PLAIN);
    let again = || place.gossim(&["sweep", "scenario.toml", "--out", "out"]);
    again().ok();
    let summary = place.read("out/summary.csv");
    let edited = format!("{summary}mine\n");
    place.write("out/summary.csv", &edited);
    place.write("out/notes.txt", "mine");
    again().ok();
    assert_eq!(place.read("out/summary.csv"), summary);
    assert_eq!(place.read("out/summary.csv.kept"), edited);
    assert_eq!(place.read("out/notes.txt"), "mine");
}

/// As root no permission binds, so the paths are such that nobody can write there.
#[test]
fn an_output_that_cannot_be_written_to_is_refused_before_any_work() {
    let place = Place::with(PLAIN);
    for dir in [
        "scenario.toml/out",
        "/dev/null",
        "/dev/null/out",
        "/proc/no/such",
        "",
    ] {
        let done = place.gossim(&["sweep", "scenario.toml", "--out", dir]);
        done.fails(2, &["--out"]);
    }
    for file in ["scenario.toml/new.toml", "no/such/folder/new.toml"] {
        place.gossim(&["init", file]).fails(2, &["new.toml"]);
    }
    assert_eq!(place.names("."), ["scenario.toml"]);
}

#[test]
fn a_names_terminal_escapes_are_never_printed_raw() {
    const NAME: &str = "a\u{1b}]0;owned\u{7}\u{202e}";
    let place = Place::with(GRID);
    place.write(NAME, GRID);
    place.write(
        "bad.toml",
        &GRID.replace("\"grid\"", &format!("'{}'", "x\u{1b}[2Jy")),
    );
    let new = format!("{NAME}.toml");
    let set = format!("protocol.{NAME}=1");
    let commands: &[&[&str]] = &[
        &["run", NAME, "--out", &format!("{NAME}-run")],
        &[
            "sweep",
            NAME,
            "--out",
            &format!("{NAME}-sweep"),
            "--replicates",
            "2",
        ],
        &["check", NAME],
        &["verify", &format!("{NAME}-run")],
        &["plot", &format!("{NAME}-sweep")],
        &["verify", "scenario.toml\u{1b}]0;owned\u{7}"],
        &["plot", NAME],
        &["init", &new],
        &["init", &new],
        &["run", "none\u{1b}]0;owned\u{7}"],
        &["run", "scenario.toml", "--set", &set],
        &["run", "scenario.toml", "--cell", NAME],
        &[
            "run",
            "scenario.toml",
            "--out",
            &format!("scenario.toml/{NAME}"),
        ],
        &["check", "bad.toml"],
        &["list", NAME],
        &["theory", "contact", "--nodes", NAME],
        &[NAME],
        &["--\u{1b}]0;owned\u{7}"],
    ];
    for arguments in commands {
        // Otherwise escapes would be taken out since this is no terminal.
        let done = Done::of(place.command().args(*arguments).env("CLICOLOR_FORCE", "1"));
        let both = format!("{}{}", done.out, done.err);
        assert!(!both.is_empty(), "{done}");
        for raw in ["\u{1b}]", "\u{1b}[2J", "\u{7}", "\u{202e}"] {
            assert!(!both.contains(raw), "{done}");
        }
    }
}
