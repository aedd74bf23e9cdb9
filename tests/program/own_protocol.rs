//! `examples/own_protocol.rs`: a protocol from outside the crate, run and swept.

use crate::place::{Done, Place, Table};
use std::path::PathBuf;

/// `cargo test` builds the examples beside the tests.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
    let name = format!("own_protocol{}", std::env::consts::EXE_SUFFIX);
    let program = profile.join("examples").join(name);
    assert!(
        program.is_file(),
        "{} is missing: cargo build --example own_protocol",
        program.display()
    );
    program
}

fn place() -> Place {
    Place::with(include_str!("../../examples/own_protocol.toml"))
}

fn own(place: &Place, arguments: &[&str]) -> Done {
    Done::of(place.program(&program()).args(arguments))
}

#[test]
fn it_is_listed_beside_the_built_in_ones() {
    let list = own(&Place::new(), &["list", "protocols"]).ok();
    for name in [" tired ", " push ", " pull ", " push-pull "] {
        assert!(list.out.contains(name), "{list}");
    }
    let list = own(&Place::new(), &["list", "metrics"]).ok();
    for about in [
        "made all their calls (tired only)",
        "(rumor-mongering only)",
    ] {
        assert!(list.out.contains(about), "{list}");
    }
}

/// The share that never hears solves s = e^(-k (1 - s)) as n grows.
#[test]
fn it_sweeps_and_meets_its_theory() {
    let place = place();
    own(&place, &["check", "scenario.toml"]).ok();
    own(&place, &["sweep", "scenario.toml", "--out", "out"]).ok();
    let summary = Table::read(&place.path("out/summary.csv"));
    let [mean, se] = ["mean", "se"].map(|name| summary.metric("residue", name));
    for (cell, calls) in [(1, 2.0f64), (2, 3.0), (3, 4.0)] {
        let mut share = 0.0;
        for _ in 0..200 {
            share = libm::exp(-calls * (1.0 - share));
        }
        let z = (mean[cell] - share) / se[cell];
        assert!(
            z.abs() < 4.5,
            "{calls} calls: {} against {share}, z = {z}",
            mean[cell]
        );
    }
    assert!(
        mean[0] > 0.9,
        "one call each: the rumor dies early, {mean:?}"
    );
    own(&place, &["verify", "out", "--sample", "20"]).ok();
    own(&place, &["plot", "out", "--format", "svg"]).ok();
}

#[test]
fn it_runs_and_is_the_sweeps_row() {
    let place = place();
    let few = ["--set", "nodes.count=100", "--seed", "5"];
    own(
        &place,
        &[
            &[
                "sweep",
                "scenario.toml",
                "--out",
                "sweep",
                "--replicates",
                "3",
            ],
            &few[..],
        ]
        .concat(),
    )
    .ok();
    own(
        &place,
        &[
            &[
                "run",
                "scenario.toml",
                "--out",
                "run",
                "--cell",
                "2",
                "--replicate",
                "1",
            ],
            &few[..],
        ]
        .concat(),
    )
    .ok();
    let [sweep, run] = ["sweep", "run"].map(|dir| Table::read(&place.path(dir).join("runs.csv")));
    assert_eq!(run.rows, [sweep.rows[7].clone()]);
    assert_eq!(run.column("protocol"), ["tired"]);
}

#[test]
fn its_own_errors_show_the_place() {
    let place = place();
    for (set, words) in [
        ("protocol.calls=0", "must be at least 1"),
        ("protocol.cals=2", "`protocol.calls`"),
        ("protocol.kind=tird", "`tired`"),
        ("protocol.calls=-1", "command line:1:"),
    ] {
        let done = own(&place, &["run", "scenario.toml", "--set", set]);
        done.fails(2, &[words]);
    }
    // The program without it says that it does not know it.
    place
        .gossim(&["run", "scenario.toml"])
        .fails(2, &["cannot be \"tired\""]);
}

/// What the protocol counts is a column, a metric, and described as any other.
#[test]
fn its_own_number_is_a_column_like_any_other() {
    let place = place();
    let sweep = |dir, more: &[&str]| {
        let few = [
            "--set",
            "nodes.count=200",
            "--replicates",
            "20",
            "--out",
            dir,
        ];
        let arguments = [&["sweep", "scenario.toml"], &few[..], more].concat();
        own(&place, &arguments).ok();
    };
    sweep("a", &[]);
    sweep("b", &["--seed", "7"]);
    let runs = Table::read(&place.path("a/runs.csv"));
    let [tired, informed] = ["tired", "informed"].map(|name| runs.column(name));
    let stopped = runs.column("stopped_by");
    let mut died = 0;
    for ((tired, informed), stopped) in tired.iter().zip(&informed).zip(stopped) {
        let [tired, informed] = [tired, informed].map(|count| count.parse::<u32>().unwrap());
        assert!(tired <= informed);
        // After 60 rounds each node that heard it has made its four calls at most.
        if stopped == "rounds" {
            assert_eq!(tired, informed);
            died += 1;
        }
    }
    assert!(died > 40, "with one or two calls each, the rumor dies");
    let place_of = |name| runs.header.iter().position(|column| column == name);
    assert_eq!(place_of("tired").map(|at| at + 1), place_of("stopped_by"));
    let summary = Table::read(&place.path("a/summary.csv"));
    assert!(summary.metric("tired", "mean")[3] > 150.0);
    let compared = own(&place, &["compare", "a", "b", "--metric", "tired"]).ok();
    assert!(compared.out.contains("tired"), "{compared}");
    let judged = ["compare", "a", "b", "--fail-if-worse", "tired"];
    own(&place, &judged).fails(2, &["neither more nor less"]);
}

/// Protocols with other numbers in one sweep share the table: fields are empty
/// where a cell's protocol does not count that. Which way is better, the manifest
/// says: to a program that has no such protocol too.
#[test]
fn cells_share_the_columns_of_all_their_protocols() {
    let place = Place::with(
        "name = 'mixed'\nnodes.count = 60\nprotocol.kind = 'push'\nstop.rounds = 40\n\
         [sweep]\nreplicates = 3\n[[sweep.case]]\nlabel = 'push'\n[[sweep.case]]\nlabel = 'hunting'\n\
         'protocol.kind' = 'rumor-mongering'\n'protocol.k' = 3\n'protocol.exchange' = 'pull'\n\
         'protocol.connection_limit' = 1\n'protocol.hunt_limit' = 2\n",
    );
    place
        .gossim(&["sweep", "scenario.toml", "--out", "out"])
        .ok();
    let runs = Table::read(&place.path("out/runs.csv"));
    for name in ["connections_refused", "hunts"] {
        let counts = runs.column(name);
        assert_eq!(counts[..3], ["", "", ""], "{name}");
        let counts = counts[3..]
            .iter()
            .map(|count| count.parse::<u64>().unwrap());
        assert!(counts.min() > Some(0), "{name}");
    }
    assert!(
        place
            .read("out/datapackage.json")
            .contains("\"better\": \"lower\"")
    );
    place.gossim(&["verify", "out"]).ok();
    // The cell that does not count it is said not to be judged.
    let judged = place.gossim(&["compare", "out", "out", "--fail-if-worse", "hunts"]);
    assert_eq!(judged.code, Some(0), "{judged}");
    assert!(judged.err.contains("in 1 of 2 cells"), "{judged}");
    // A run of the one has the columns of the sweep.
    let run = ["run", "scenario.toml", "--cell", "0", "--out", "run"];
    place.gossim(&run).ok();
    let run = Table::read(&place.path("run/runs.csv"));
    assert_eq!(run.header, runs.header);
    assert_eq!(run.rows[0], runs.rows[0]);
}
