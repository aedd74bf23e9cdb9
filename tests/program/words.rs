//! What the program says: in how much room, in whose name, and as JSON.

use crate::place::{Place, Table};
use crate::{CASES, COMMANDS, GRID, PLAIN, TABLES};
use serde_json::Value;

/// The object that a command prints.
#[track_caller]
fn object(place: &Place, command: &str) -> Value {
    let words: Vec<&str> = command.split(' ').collect();
    let done = place.gossim(&words);
    assert_eq!(done.code, Some(0), "{done}");
    serde_json::from_str(&done.out).unwrap_or_else(|why| panic!("{why}: {done}"))
}

#[test]
fn without_a_file_a_built_in_scenario_answers_in_ten_lines() {
    let place = Place::new();
    let done = place.gossim(&["run"]).ok();
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!(lines.len(), 10, "{done}");
    assert!(
        lines.iter().all(|line| line.chars().count() <= 80),
        "{done}"
    );
    for words in [
        "ran the built-in quickstart",
        "rounds to all",
        "mean ",
        "sd ",
    ] {
        assert!(done.out.contains(words), "no {words:?} in {done}");
    }
    assert_eq!(done.last(), "next: gossim init my.toml");
    place.gossim(&["verify", "results/built-in-run"]).ok();
    // It is a scenario like any other.
    let other = [
        "run",
        "--set",
        "nodes.count=50",
        "--seed",
        "3",
        "--out",
        "x",
    ];
    let done = place.gossim(&other).ok();
    assert!(done.out.contains("seed 3: push-pull, 50 nodes"), "{done}");
    let cell = place.gossim(&["run", "--cell", "7"]);
    cell.fails(2, &["there is no cell 7"]);
}

#[test]
fn a_run_says_what_ran() {
    let place = Place::with(CASES);
    let first = |arguments: &[&str]| {
        let done = place.gossim(&[&["run", "scenario.toml"], arguments].concat());
        assert_eq!(done.code, Some(0), "{done}");
        done.out.lines().next().unwrap_or_default().to_string()
    };
    assert_eq!(
        first(&["--replicate", "3"]),
        "ran cases, base settings, replicate 3, seed 1: push, 30 nodes, fanout 1"
    );
    assert_eq!(
        first(&["--cell", "3", "--seed", "9"]),
        "ran cases, cell 3 (case push-pull by \"view\", network.loss 0.25), replicate 0, seed 9: \
         push-pull, 30 nodes, fanout all"
    );
}

/// The table of a sweep, however many axes and metrics it has.
#[test]
fn a_sweeps_table_fits_80_columns() {
    for scenario in [PLAIN, GRID, CASES, TABLES] {
        let place = Place::with(scenario);
        let done = place.gossim(&["sweep", "scenario.toml"]).ok();
        let table: Vec<&str> = (done.out.lines())
            .take_while(|line| !line.starts_with("mean, and ±"))
            .collect();
        assert!(table.len() > 1, "{done}");
        for line in table {
            assert!(line.chars().count() <= 80, "{line:?} in {done}");
        }
    }
}

/// f08: the times that were asked for, and no others.
#[test]
fn f08_the_thresholds_asked_for_are_shown() {
    let place = Place::with(&(PLAIN.to_string() + "[measure]\nthresholds = [40, 80, 95]\n"));
    let done = place.gossim(&["sweep", "scenario.toml"]).ok();
    assert!(
        done.out.contains("rounds_to_80") && done.out.contains("rounds_to_95"),
        "{done}"
    );
    assert!(
        !done.out.contains("rounds_to_all") && !done.out.contains("rounds_to_99"),
        "{done}"
    );
}

/// The largest of 6 z, and how often chance makes one as large: read back from
/// the sweep's own summary.
#[test]
fn the_largest_z_is_said_with_its_chance() {
    let place = Place::with(GRID);
    let done = place.gossim(&["sweep", "scenario.toml"]).ok();
    let line = done
        .out
        .lines()
        .find(|line| line.starts_with("z of contact"));
    let line = line.unwrap_or_else(|| panic!("no z in {done}"));
    let summary = Table::read(&place.path("results/grid/summary.csv"));
    let z = summary.metric("contact_probability", "z");
    let largest = z.iter().fold(0.0_f64, |most, z| most.max(z.abs()));
    let chance = 100.0 * (1.0 - libm::pow(libm::erf(largest / 2.0_f64.sqrt()), 6.0));
    let number = |before: &str| -> f64 {
        let (_, after) = line.split_once(before).unwrap();
        let word = after.split(' ').next().unwrap();
        word.trim_end_matches(',').parse().unwrap()
    };
    assert_eq!(number("largest of "), 6.0, "{line}");
    assert!(
        (number(" is ") - largest).abs() < 0.0051,
        "{line}: {largest}"
    );
    assert!(
        (number("so large in ") / chance - 1.0).abs() < 0.06,
        "{line}: {chance}"
    );
}

#[test]
fn one_of_a_thing_is_no_plural() {
    let place = Place::with(PLAIN);
    for command in [
        "check scenario.toml",
        "run scenario.toml --out one",
        "sweep scenario.toml --replicates 1 --jobs 1 --out once",
        "verify one",
        "compare once once",
    ] {
        let done = place.gossim(&command.split(' ').collect::<Vec<_>>());
        let text = format!(" {}{}", done.out, done.err).replace('\n', " ");
        for noun in ["run", "cell", "replicate", "thread", "comparison", "node"] {
            assert!(!text.contains(&format!(" 1 {noun}s")), "{noun}: {done}");
        }
    }
}

#[test]
fn json_is_one_object_with_the_tables_numbers() {
    let place = Place::with(GRID);
    let run = object(
        &place,
        "run scenario.toml --cell 2 --replicate 3 --json --out run",
    );
    let row = Table::read(&place.path("run/runs.csv"));
    for (metric, value) in run["measured"].as_object().unwrap() {
        let text = row.column(metric)[0];
        match value {
            Value::Null => assert_eq!(text, "", "{metric}"),
            Value::String(value) => assert_eq!(value, text, "{metric}"),
            number => assert_eq!(number.as_f64(), text.parse().ok(), "{metric}"),
        }
    }
    assert_eq!(
        (&run["replicate"], &run["settings"]["nodes"]),
        (&3.into(), &40.into())
    );
    let sweep = object(&place, "-q sweep scenario.toml --json --out a");
    let summary = Table::read(&place.path("a/summary.csv"));
    let means = summary.metric("coverage", "mean");
    let cells = sweep["cells"].as_array().unwrap();
    assert_eq!(cells.len(), 6);
    for (cell, mean) in cells.iter().zip(means) {
        assert_eq!(cell["metrics"]["coverage"]["mean"].as_f64(), Some(mean));
    }
    let check = object(&place, "check scenario.toml --json");
    assert_eq!(check["scenarios"][0]["runs"], 30);
    let list = object(&place, "list metrics --json");
    assert!(list["metrics"].as_array().unwrap().len() > 20);
    object(&place, "sweep scenario.toml --json --seed 2 --out b");
    let compare = object(&place, "compare a b --json --metric rounds_to_all");
    assert_eq!(compare["comparisons"].as_array().unwrap().len(), 6);
    assert_eq!(compare["identical"], false);
    assert_eq!(object(&place, "compare a a --json")["identical"], true);
}

/// A scenario that is wrong is told of in the object and on standard error.
#[test]
fn json_tells_of_errors_too() {
    let place = Place::with(&PLAIN.replace("count = 50", "count = -50"));
    let done = place.gossim(&["check", "scenario.toml", "--json"]);
    assert_eq!(done.code, Some(2), "{done}");
    let check: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(check["scenarios"][0]["valid"], false);
    assert!(done.err.contains("scenario.toml:5:"), "{done}");
}

#[test]
fn every_command_has_an_example_and_a_page_of_the_manual() {
    let place = Place::new();
    place.gossim(&["man", "pages"]).ok();
    place.gossim(&["man", "pages"]).ok();
    let names = place.names("pages");
    for command in COMMANDS {
        let help = place.gossim(&["help", command]).ok().out;
        assert!(
            help.contains(&format!("\n  gossim {command}")) || help.contains("source <(gossim"),
            "{help}"
        );
        let page = format!("gossim-{command}.1");
        assert!(names.contains(&page), "{page} in {names:?}");
        assert!(
            place.read(&format!("pages/{page}")).contains(".TH gossim"),
            "{page}"
        );
    }
    assert!(names.contains(&"gossim.1".to_string()));
    place.write("pages/gossim.1", "mine\n");
    place
        .gossim(&["man", "pages"])
        .fails(2, &["was not written by gossim"]);
}

#[test]
fn theory_shows_digits_that_can_be_read() {
    let place = Place::new();
    let theory = |more: &str| {
        let command = format!("theory contact --nodes 1000 --fanout 50{more}");
        place
            .gossim(&command.split(' ').collect::<Vec<_>>())
            .ok()
            .out
    };
    assert!(theory("").contains("1 - P  "), "{}", theory(""));
    let longest = |text: &str| {
        let numbers = text
            .split_whitespace()
            .filter(|word| word.parse::<f64>().is_ok());
        numbers.map(str::len).max().unwrap()
    };
    assert!(longest(&theory("")) <= 12, "{}", theory(""));
    assert!(longest(&theory(" --digits 17")) >= 17);
    place
        .gossim(&["theory", "contact", "--nodes", "9", "--digits", "18"])
        .fails(2, &["1..=17"]);
}
