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
