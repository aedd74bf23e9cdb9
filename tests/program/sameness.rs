//! Same bytes: whatever the number of threads, the folder, the language and the
//! time zone, and from the complete scenario that is written beside the results.

use crate::place::{Done, Place, Table};
use crate::{CASES, GRID, PLAIN, TABLES};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

/// Sweeps into `out`, draws PNG and SVG, and gives all files.
fn results(
    place: &Place,
    scenario: &str,
    options: &[&str],
    environment: &[(&str, &str)],
) -> BTreeMap<String, Vec<u8>> {
    let sweep = [&["sweep", scenario, "--out", "out"], options].concat();
    for arguments in [&sweep[..], &["plot", "out", "--format", "png,svg"]] {
        let mut command = place.command();
        command.args(arguments).envs(environment.iter().copied());
        Done::of(&mut command).ok();
    }
    place.files("out")
}

/// All bytes are the same, but for the manifest's `environment`.
#[track_caller]
fn check_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>, what: &str) {
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        other.keys().collect::<Vec<_>>(),
        "{what}"
    );
    for (name, bytes) in one {
        if name != "datapackage.json" {
            assert!(*bytes == other[name], "{what}: {name} differs");
        }
    }
    let [one, other] = [one, other].map(|files| {
        let mut manifest: Value = serde_json::from_slice(&files["datapackage.json"]).unwrap();
        let environment = manifest
            .as_object_mut()
            .unwrap()
            .remove("environment")
            .unwrap();
        assert!(environment["threads"].is_u64(), "{environment}");
        manifest
    });
    assert_eq!(one, other, "{what}: datapackage.json");
}

#[test]
fn threads_folder_language_and_time_zone_change_no_byte() {
    const ALL: [(&str, &str); 4] = [
        ("plain", PLAIN),
        ("grid", GRID),
        ("cases", CASES),
        ("tables", TABLES),
    ];
    for (name, scenario) in ALL {
        let first = results(
            &Place::with(scenario),
            "scenario.toml",
            &["--jobs", "1"],
            &[],
        );
        assert!(first.keys().any(|file| file.ends_with(".svg")), "{name}");
        for (jobs, folder, locale, zone) in [
            ("2", "", "C", "UTC"),
            ("5", "a folder/deep/", "C", "UTC"),
            ("2", "", "de_DE.UTF-8", "Asia/Kathmandu"),
            ("1", "", "tr_TR.UTF-8", "America/St_Johns"),
        ] {
            let place = Place::new();
            let file = format!("{folder}scenario.toml");
            place.write(&file, scenario);
            let environment = [("LC_ALL", locale), ("LANG", locale), ("TZ", zone)];
            let other = results(&place, &file, &["--jobs", jobs], &environment);
            let what = format!("{name}, --jobs {jobs}, {file}, {locale}, {zone}");
            check_same(&first, &other, &what);
        }
    }
}

#[test]
fn again_over_the_old_results_changes_no_byte() {
    let place = Place::with(GRID);
    let first = results(&place, "scenario.toml", &[], &[]);
    let second = results(&place, "scenario.toml", &[], &[]);
    check_same(&first, &second, "again");
}

#[test]
fn the_complete_scenario_beside_the_results_makes_them_again() {
    for (name, scenario) in [
        ("plain", PLAIN),
        ("grid", GRID),
        ("cases", CASES),
        ("tables", TABLES),
    ] {
        let place = Place::with(scenario);
        let first = results(&place, "scenario.toml", &[], &[]);
        fs::rename(place.path("out"), place.path("first")).unwrap();
        let second = results(&place, "first/scenario.toml", &[], &[]);
        check_same(&first, &second, name);
        fs::remove_dir_all(place.path("out")).unwrap();
        // With the options of the command line baked in.
        let options = [
            "--set",
            "messages.payload_bytes=9",
            "--seed",
            "99",
            "--replicates",
            "2",
        ];
        let set = results(&place, "scenario.toml", &options, &[]);
        fs::rename(place.path("out"), place.path("set")).unwrap();
        let again = results(&place, "set/scenario.toml", &[], &[]);
        check_same(&set, &again, &format!("{name} with options"));
        assert!(set["runs.csv"] != first["runs.csv"], "{name}");
    }
}

/// All columns, the digest too.
#[test]
fn one_run_is_the_sweeps_row() {
    for (scenario, picks) in [
        (PLAIN, &[("0", "0"), ("0", "5")][..]),
        (GRID, &[("0", "4"), ("3", "0"), ("5", "2")]),
        (CASES, &[("0", "1"), ("3", "3")]),
        (TABLES, &[("1", "2"), ("7", "0")]),
    ] {
        let place = Place::with(scenario);
        place
            .gossim(&["sweep", "scenario.toml", "--out", "sweep"])
            .ok();
        let sweep = Table::read(&place.path("sweep/runs.csv"));
        for (cell, replicate) in picks {
            let arguments = [
                "run",
                "scenario.toml",
                "--out",
                "run",
                "--cell",
                cell,
                "--replicate",
                replicate,
            ];
            place.gossim(&arguments).ok();
            let run = Table::read(&place.path("run/runs.csv"));
            assert_eq!(run.header, sweep.header);
            let keys = sweep
                .column("cell")
                .into_iter()
                .zip(sweep.column("replicate"));
            let at = keys
                .into_iter()
                .position(|key| key == (*cell, *replicate))
                .unwrap();
            assert_eq!(run.rows, [sweep.rows[at].clone()]);
            place.gossim(&["verify", "run"]).ok();
        }
    }
}

/// A plain run has no coordinates, and neither has the one cell of a plain sweep.
#[test]
fn without_axes_a_run_needs_no_cell() {
    let place = Place::with(PLAIN);
    place
        .gossim(&["sweep", "scenario.toml", "--out", "sweep"])
        .ok();
    place
        .gossim(&["run", "scenario.toml", "--replicate", "3", "--out", "run"])
        .ok();
    let [sweep, run] = ["sweep", "run"].map(|dir| Table::read(&place.path(dir).join("runs.csv")));
    assert_eq!(run.rows, [sweep.rows[3].clone()]);
}

/// Adding a value to an axis changes no other cell.
#[test]
fn a_cell_does_not_depend_on_its_neighbours() {
    let place = Place::with(GRID);
    place
        .gossim(&["sweep", "scenario.toml", "--out", "few"])
        .ok();
    place.write(
        "scenario.toml",
        &GRID.replace("[10, 20, 40]", "[40, 15, 10, 20]"),
    );
    place
        .gossim(&["sweep", "scenario.toml", "--out", "many"])
        .ok();
    let digests = |dir: &str| {
        let table = Table::read(&place.path(dir).join("runs.csv"));
        let columns =
            ["protocol", "nodes", "replicate", "run_digest"].map(|name| table.column(name));
        let row = |at: usize| columns.each_ref().map(|column| column[at].to_string());
        (0..table.rows.len()).map(row).collect::<Vec<_>>()
    };
    let many = digests("many");
    for row in digests("few") {
        assert!(many.contains(&row), "{row:?}");
    }
}

#[test]
fn another_seed_gives_other_runs() {
    let place = Place::with(PLAIN);
    place.gossim(&["sweep", "scenario.toml", "--out", "a"]).ok();
    place
        .gossim(&["sweep", "scenario.toml", "--seed", "8", "--out", "b"])
        .ok();
    let [a, b] = ["a", "b"].map(|dir| Table::read(&place.path(dir).join("runs.csv")));
    let [a, b] = [&a, &b].map(|table| table.column("run_digest"));
    assert!(a.iter().all(|digest| !b.contains(digest)));
}
