//! `gossim compare` says what differs, how sure that is, and what it can't
//! compare.

use crate::place::{Done, Place};
use crate::{GRID, PLAIN};
use std::fs;
use std::process::Stdio;

/// Sweeps a scenario into a directory, with more arguments.
fn sweep(place: &Place, scenario: &str, dir: &str, more: &str) {
    place.write("scenario.toml", scenario);
    let arguments = format!("sweep scenario.toml --quiet --out {dir} {more}");
    let done = place.gossim(&arguments.split_whitespace().collect::<Vec<_>>());
    assert_eq!(done.code, Some(0), "{done}");
}

fn compare(place: &Place, arguments: &str) -> Done {
    let words = ["compare"].into_iter().chain(arguments.split_whitespace());
    place.gossim(&words.collect::<Vec<_>>())
}

/// The fields of the line of this cell and metric.
#[track_caller]
fn line<'d>(done: &'d Done, start: &str, metric: &str) -> Vec<&'d str> {
    let is_it = |line: &&str| line.trim_start().starts_with(start) && line.contains(metric);
    let line = done.out.lines().find(is_it);
    let line = line.unwrap_or_else(|| panic!("no {start} {metric} in {done}"));
    line.split("  ")
        .map(str::trim)
        .filter(|field| !field.is_empty())
        .collect()
}

#[test]
fn the_same_results_are_identical() {
    let place = Place::new();
    sweep(&place, GRID, "a", "");
    sweep(&place, GRID, "b", "--jobs 1");
    let done = compare(&place, "a b --fail-if-worse rounds_to_all").ok();
    assert!(
        done.out
            .contains("identical: in each of the 6 matched cells"),
        "{done}"
    );
    assert_eq!(done.last(), "next: gossim verify b --sample 10");
    // More replicates of the same seed are the same runs, and more.
    sweep(&place, GRID, "more", "--replicates 8");
    let done = compare(&place, "a more").ok();
    assert!(done.out.contains("more, 6 cells, 48 runs"), "{done}");
    assert!(done.out.contains("identical: "), "{done}");
}

#[test]
fn the_same_seed_is_compared_in_pairs_and_another_is_not() {
    let place = Place::new();
    sweep(&place, PLAIN, "a", "--replicates 20");
    sweep(
        &place,
        PLAIN,
        "lossy",
        "--replicates 20 --set network.loss=0.4",
    );
    let paired = compare(&place, "a lossy").ok();
    let row = line(&paired, "0", "rounds_to_all");
    assert_eq!(row[2], "20 pairs", "{row:?}");
    assert_eq!(row.last(), Some(&"worse"));
    let number = |text: &str| text.parse::<f64>().unwrap();
    let (a, b, difference) = (number(row[3]), number(row[4]), number(row[5]));
    assert!((b - a - difference).abs() < 2e-3, "{row:?}");
    let (low, high) = row[6].split_once(" to ").unwrap();
    assert!(0.0 < number(low) && number(low) < difference && difference < number(high));
    assert!(
        paired.out.contains("where chance alone would make about"),
        "{paired}"
    );
    assert!(
        paired
            .last()
            .starts_with("next: gossim compare a lossy --metric "),
        "{paired}"
    );

    sweep(&place, PLAIN, "other", "--replicates 30 --seed 8");
    let apart = compare(&place, "a other --metric rounds_to_all --metric coverage").ok();
    assert_eq!(line(&apart, "0", "rounds_to_all")[2], "20, 30", "{apart}");
    let lines = apart.out.lines().filter(|line| line.contains("20, 30"));
    assert_eq!(lines.count(), 2, "{apart}");
    assert!(apart.out.contains("no difference seen"), "{apart}");
}

#[test]
fn cells_are_matched_by_their_settings_and_those_left_over_are_named() {
    let place = Place::new();
    sweep(&place, GRID, "a", "");
    sweep(
        &place,
        &GRID.replace("[10, 20, 40]", "[40, 20, 80]"),
        "b",
        "",
    );
    let done = compare(&place, "a b --metric all_informed").ok();
    for words in [
        "only in A: protocol push, nodes 10; protocol pull, nodes 10\n",
        "only in B: protocol push, nodes 80; protocol pull, nodes 80\n",
    ] {
        assert!(done.out.contains(words), "no {words:?} in {done}");
    }
    // The dice are a cell's own by its settings, not by its number.
    assert!(
        done.out
            .contains("identical: in each of the 4 matched cells"),
        "{done}"
    );
    let other = GRID.replace("\"protocol.kind\" = [\"push\", \"pull\"]", "");
    sweep(&place, &other, "push", "");
    sweep(
        &place,
        &other.replace("kind = \"push\"", "kind = \"pull\""),
        "pull",
        "",
    );
    let done = compare(&place, "push pull --metric rounds_to_all").ok();
    let rows: Vec<_> = done
        .out
        .lines()
        .filter(|line| line.contains("5 pairs"))
        .collect();
    assert_eq!(rows.len(), 3, "{done}");
}

#[test]
fn what_cannot_be_compared_is_bad_usage() {
    let place = Place::new();
    sweep(&place, GRID, "a", "");
    sweep(&place, PLAIN, "plain", "");
    compare(&place, "a plain").fails(2, &["no cell of A", "nothing to compare"]);
    let lossy = PLAIN.to_string() + "\"network.loss\" = [0, 0.1]\n";
    let lossy = lossy.replace("replicates = 6", "replicates = 2");
    sweep(&place, &lossy, "lossy", "");
    compare(&place, "lossy plain").fails(2, &["cells 0 and 1 of A differ only in network.loss"]);
    compare(&place, "a a --metric rounds_to_al").fails(2, &["did you mean `rounds_to_all`?"]);
    compare(&place, "a a --fail-if-worse coverag").fails(2, &["did you mean `coverage`?"]);
    compare(&place, "a a --fail-if-worse events").fails(2, &["neither more nor less"]);
    sweep(
        &place,
        &(PLAIN.to_string() + "[measure]\nthresholds = [30]\n"),
        "thirty",
        "",
    );
    compare(&place, "plain thirty --metric rounds_to_30").fails(2, &["only B has the metric"]);
    compare(&place, "thirty plain --metric rounds_to_30").fails(2, &["only A has the metric"]);
    compare(&place, "a").fails(2, &["<B>"]);
}

#[test]
fn worse_results_fail_where_that_is_asked_for() {
    let place = Place::new();
    sweep(&place, PLAIN, "a", "");
    sweep(&place, PLAIN, "lossy", "--set network.loss=0.6");
    let worse = compare(&place, "a lossy --fail-if-worse rounds_to_all");
    assert_eq!(worse.code, Some(1), "{worse}");
    let words = "error: B is worse in rounds_to_all in 1 of 1 cell: cell 0 (B - A ";
    assert!(worse.err.starts_with(words), "{worse}");
    assert!(worse.out.contains("verdict"), "{worse}");
    compare(&place, "lossy a --fail-if-worse rounds_to_all").ok();
    // Quiet: nothing but the error.
    let quiet = compare(&place, "a lossy --quiet --fail-if-worse rounds_to_all");
    quiet.fails(1, &["B is worse"]);
    let quiet = compare(&place, "a lossy -q").ok();
    assert_eq!(quiet.out, "");
    // Runs that were cut off never got there.
    sweep(&place, PLAIN, "cut", "--set stop.rounds=2");
    let cut = compare(
        &place,
        "a cut --fail-if-worse rounds_to_all --fail-if-worse coverage",
    );
    assert_eq!(cut.code, Some(1), "{cut}");
    for words in [
        "rounds_to_all in 1 of 1 cell: cell 0 (not reached)",
        "worse in coverage",
    ] {
        assert!(cut.err.contains(words), "no {words:?} in {cut}");
    }
    assert!(cut.out.contains("B informs fewer nodes in 1 cell"), "{cut}");
    // One run each has no interval, and says that it was not judged.
    sweep(&place, PLAIN, "one", "--replicates 1");
    sweep(
        &place,
        PLAIN,
        "slow",
        "--replicates 1 --set network.loss=0.6",
    );
    let one = compare(&place, "one slow --fail-if-worse rounds_to_all");
    assert_eq!(one.code, Some(0), "{one}");
    assert!(
        one.err
            .contains("note: rounds_to_all was not judged in 1 of 1 cell"),
        "{one}"
    );
    assert!(one.out.contains("no interval"), "{one}");
}

#[test]
fn damaged_results_are_named_with_their_line() {
    let place = Place::new();
    sweep(&place, GRID, "a", "");
    sweep(&place, GRID, "b", "");
    let good = place.read("b/runs.csv");
    let lines: Vec<&str> = good.lines().collect();
    let with = |at: usize, line: String| {
        let mut lines: Vec<String> = lines.iter().map(|line| line.to_string()).collect();
        lines[at] = line;
        lines.join("\n") + "\n"
    };
    let table = [
        (
            good[..good.len() - 9].to_string(),
            "b/runs.csv:31: is cut off",
        ),
        (with(3, "1,2".to_string()), "b/runs.csv:4: has 2 fields"),
        (
            with(3, lines[3].replacen("push,10", "push,eleven", 1)),
            "b/runs.csv:4: cell 0 has other settings",
        ),
        (
            with(3, lines[4].to_string()),
            "b/runs.csv:5: replicate 3 is not in ascending order",
        ),
        (
            with(3, lines[30].to_string()),
            "b/runs.csv:5: the rows of cell 0 are not together",
        ),
        (
            with(5, lines[5].replacen(",1.0,0.0,", ",1.0,NaN,", 1)),
            "b/runs.csv:6: residue: a number was expected",
        ),
        (
            with(0, lines[0].replace("replicate", "r")),
            "b/runs.csv:1: has no column \"replicate\"",
        ),
        (lines[0].to_string() + "\n", "b/runs.csv:1: holds no run"),
    ];
    for (text, words) in table {
        place.write("b/runs.csv", &text);
        compare(&place, "a b").fails(1, &[words]);
    }
    fs::remove_file(place.path("b/runs.csv")).unwrap();
    compare(&place, "a b").fails(1, &["b/runs.csv: is missing"]);
    compare(&place, "a c").fails(1, &["c: there is no such directory"]);
    compare(&place, "scenario.toml a").fails(1, &["is not a directory"]);
    place.write("c/runs.csv", &good);
    compare(&place, "a c").fails(1, &["c: holds no results of gossim"]);
}

#[test]
fn a_failure_is_one_even_if_nobody_reads_the_table() {
    let place = Place::new();
    sweep(&place, PLAIN, "a", "");
    sweep(&place, PLAIN, "lossy", "--set network.loss=0.6");
    let mut command = place.command();
    command.args(["compare", "a", "lossy", "--fail-if-worse", "rounds_to_all"]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let child = command
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let done = Done::from("closed".to_string(), child.wait_with_output().unwrap());
    assert_eq!(done.code, Some(1), "{done}");
}

/// f04: equal durations are equal however they are spelt: all cells match, and agree.
#[test]
fn f04_cells_match_by_the_length_of_a_duration() {
    let place = Place::new();
    let with = |values: &str| {
        let base = PLAIN.replace("count = 50", "count = 8");
        format!("{base}\"network.latency.median\" = [{values}]\n")
    };
    sweep(
        &place,
        &with("\"5ms\", \"0.5s\", \"1s\""),
        "a",
        "--replicates 2",
    );
    sweep(
        &place,
        &with("\"5000us\", \"500ms\", \"1.0s\""),
        "b",
        "--replicates 2",
    );
    let done = compare(&place, "a b").ok();
    assert!(
        done.out
            .contains("identical: in each of the 3 matched cells"),
        "{}",
        done.out
    );
    let runs = place.read("a/runs.csv");
    let column = runs
        .lines()
        .next()
        .unwrap()
        .split(',')
        .position(|name| name == "network.latency.median");
    let values = runs
        .lines()
        .map(|row| row.split(',').nth(column.unwrap()).unwrap());
    let expected = [
        "network.latency.median",
        "0.005",
        "0.005",
        "0.5",
        "0.5",
        "1.0",
        "1.0",
    ];
    assert_eq!(values.collect::<Vec<_>>(), expected);
    assert!(
        place
            .read("a/datapackage.json")
            .contains("\"unit\": \"s\",\n            \"description\": \"the scenario's axis")
    );
}
