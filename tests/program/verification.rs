//! `gossim verify` finds what is not as it was.

use crate::place::{Place, Table};
use crate::{GRID, PLAIN};
use gossim::tables::sha256;
use serde_json::{Value, json};
use std::fs;

fn swept(scenario: &str) -> Place {
    let place = Place::with(scenario);
    place
        .gossim(&["sweep", "scenario.toml", "--out", "out"])
        .ok();
    place
}

/// Puts another text in place of a file, and makes the manifest vouch for it.
fn forge(place: &Place, name: &str, text: &str) {
    place.write(&format!("out/{name}"), text);
    let mut manifest: Value = serde_json::from_str(&place.read("out/datapackage.json")).unwrap();
    let resources = manifest["resources"].as_array_mut().unwrap();
    let resource = resources
        .iter_mut()
        .find(|resource| resource["path"] == name)
        .unwrap();
    resource["bytes"] = json!(text.len());
    resource["hash"] = json!(format!("sha256:{}", sha256(text.as_bytes())));
    place.write("out/datapackage.json", &manifest.to_string());
}

#[test]
fn untouched_results_are_the_same_again() {
    let place = swept(GRID);
    let before = place.files("out");
    for (arguments, runs) in [
        (&["verify", "out"][..], "30 runs are"),
        (&["verify", "out", "--sample", "7"], "7 runs are"),
        (&["verify", "out", "--sample", "1"], "1 run is"),
        (&["verify", "out", "--sample", "1000"], "30 runs are"),
    ] {
        let done = place.gossim(arguments).ok();
        assert!(
            done.out.contains(&format!("out: {runs} the same again")),
            "{done}"
        );
    }
    assert_eq!(place.files("out"), before);
}

#[test]
fn an_edited_or_missing_file_is_named() {
    let place = swept(GRID);
    let runs = place.read("out/runs.csv");
    place.write("out/runs.csv", &runs.replacen(",10,", ",11,", 1));
    fs::remove_file(place.path("out/rounds.png")).unwrap();
    place.gossim(&["verify", "out"]).fails(
        1,
        &[
            "runs.csv is not as gossim wrote it",
            "rounds.png is missing",
        ],
    );
}

#[test]
fn a_forged_row_is_found_by_run_and_column() {
    let place = swept(GRID);
    let table = Table::read(&place.path("out/runs.csv"));
    let at = table
        .header
        .iter()
        .position(|name| name == "messages_sent")
        .unwrap();
    // Cell 3, replicate 2.
    let was = table.rows[17][at].clone();
    let mut rows = table.rows.clone();
    rows[17][at] = "12345".to_string();
    let lines = std::iter::once(&table.header).chain(&rows);
    let text: String = lines.map(|line| line.join(",") + "\n").collect();
    forge(&place, "runs.csv", &text);
    let words = [
        "cell 3, replicate 2",
        &format!("messages_sent: 12345, now {was}"),
    ];
    let done = place.gossim(&["verify", "out"]);
    assert!(
        !done.err.contains("run_digest"),
        "only what differs: {done}"
    );
    done.fails(1, &words);
}

/// Any number in any table that gossim wrote.
#[test]
fn forged_summaries_and_series_are_found_too() {
    let place = swept(GRID);
    for (name, column, at, words) in [
        (
            "summary.csv",
            "mean",
            40,
            "summary.csv:42: cell 1 is not the same again:\n  mean: 77",
        ),
        ("summary.csv", "theory", 0, "summary.csv:2: cell 0 "),
        (
            "series.csv",
            "informed",
            20,
            "series.csv:22: cell 0, replicate 0 ",
        ),
        (
            "series.csv",
            "round",
            400,
            "series.csv:402: cell 2, replicate 2 ",
        ),
        ("theory.csv", "informed_p50", 3, "theory.csv:5: cell 0 "),
    ] {
        let good = place.read(&format!("out/{name}"));
        let table = Table::read(&place.path(&format!("out/{name}")));
        let column = table
            .header
            .iter()
            .position(|other| other == column)
            .unwrap();
        let mut rows = table.rows.clone();
        rows[at][column] = "77".to_string();
        let lines = std::iter::once(&table.header).chain(&rows);
        forge(
            &place,
            name,
            &lines.map(|line| line.join(",") + "\n").collect::<String>(),
        );
        let done = place.gossim(&["verify", "out"]);
        assert!(done.err.contains(words), "no {words} in {done}");
        forge(&place, name, &good);
        // A row too many or too few.
        let (short, last) = good.trim_end().rsplit_once('\n').unwrap();
        for (text, words) in [
            (format!("{short}\n"), "fewer rows"),
            (format!("{good}{last}\n"), "more rows"),
        ] {
            forge(&place, name, &text);
            let done = place.gossim(&["verify", "out"]);
            assert!(
                done.err.contains(&format!("{name} has {words}")),
                "{words}: {done}"
            );
        }
        forge(&place, name, &good);
    }
    // A sample finds what is forged in its own runs.
    let good = place.read("out/series.csv");
    let last = good.trim_end().rsplit_once('\n').unwrap().1;
    forge(
        &place,
        "series.csv",
        &good.replace(last, &last.replacen(',', ",9", 1)),
    );
    let sample = place.gossim(&["verify", "out", "--sample", "1"]);
    assert_eq!(sample.code, Some(0), "{sample}");
    forge(
        &place,
        "series.csv",
        &good.replacen(",1,0.1,", ",2,0.2,", 1),
    );
    let sample = place.gossim(&["verify", "out", "--sample", "1"]);
    sample.fails(
        1,
        &["series.csv:2: cell 0, replicate 0", "informed: 2, now 1"],
    );
    // A single run is held against all its tables.
    let single = place.gossim(&["run", "scenario.toml", "--cell", "4", "--out", "one"]);
    assert_eq!(single.code, Some(0), "{single}");
    place.gossim(&["verify", "one"]).ok();
}

#[test]
fn a_forged_scenario_shows_in_the_runs() {
    let place = swept(PLAIN);
    let scenario = place.read("out/scenario.toml");
    forge(
        &place,
        "scenario.toml",
        &scenario.replace("loss = 0.05", "loss = 0.06"),
    );
    place
        .gossim(&["verify", "out"])
        .fails(1, &["cell 0, replicate 0", "run_digest"]);
}

#[test]
fn rows_that_are_too_few_or_too_many_are_found() {
    let place = swept(PLAIN);
    let runs = place.read("out/runs.csv");
    let (short, last) = runs.trim_end().rsplit_once('\n').unwrap();
    forge(&place, "runs.csv", &format!("{short}\n"));
    place
        .gossim(&["verify", "out"])
        .fails(1, &["runs.csv has fewer rows"]);
    forge(&place, "runs.csv", &format!("{runs}{last}\n"));
    place
        .gossim(&["verify", "out"])
        .fails(1, &["runs.csv has more rows"]);
}

#[test]
fn a_damaged_manifest_is_no_panic() {
    let place = swept(PLAIN);
    let good = place.read("out/datapackage.json");
    for bad in [
        "",
        "{",
        "[]",
        "null",
        &good.replace("sha256:", "md5:"),
        &good.replace("\"runs.csv\"", "\"../x\""),
    ] {
        place.write("out/datapackage.json", bad);
        for command in ["verify", "plot"] {
            place
                .gossim(&[command, "out"])
                .fails(1, &["datapackage.json"]);
        }
    }
}
