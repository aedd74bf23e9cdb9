//! Every way in which a command ends early: a signal, a full disk, a reader
//! that is gone.

use crate::place::{Done, Place, Table, signal, wait_until};
use crate::{GRID, PLAIN};
use std::fs;
use std::process::{Child, Command, Stdio};

/// Many runs, each of them short: rows stream to the disk early, the end is far.
const LONG: &str = r#"name = "long"
[nodes]
count = 20
[protocol]
kind = "push"
calls = "always"
[stop]
rounds = 2000
[sweep]
replicates = 90_000
"#;

/// A long sweep in a folder with old results, well under way.
fn under_way(quiet: bool) -> (Place, Child) {
    let place = Place::with(LONG);
    place
        .gossim(&[
            "sweep",
            "scenario.toml",
            "--replicates",
            "3",
            "--out",
            "out",
        ])
        .ok();
    let mut command = place.command();
    command.args(["sweep", "scenario.toml", "--out", "out", "--jobs", "1"]);
    command.args(quiet.then_some("--quiet"));
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let rows_arrive = || {
        let staging = place
            .names("out")
            .into_iter()
            .find(|name| name.starts_with(".gossim-staging"));
        let runs = staging.map(|name| place.path("out").join(name).join("runs.csv"));
        runs.and_then(|runs| fs::metadata(runs).ok())
            .is_some_and(|file| file.len() > 0)
    };
    wait_until("the first rows", rows_arrive);
    (place, child)
}

#[test]
fn ctrl_c_and_its_kin_leave_the_old_results_and_say_so() {
    for name in ["INT", "TERM", "HUP"] {
        let (place, child) = under_way(false);
        let old = place
            .files("out")
            .into_iter()
            .filter(|(name, _)| !name.starts_with(".gossim"));
        let old: Vec<_> = old.collect();
        signal(&child, name);
        let done = Done::from(name.to_string(), child.wait_with_output().unwrap());
        assert_eq!(done.code, Some(130), "{done}");
        assert!(
            done.err
                .contains("interrupted: what was in out before is as it was"),
            "{done}"
        );
        assert!(!done.err.contains("error") && done.out.is_empty(), "{done}");
        assert!(place.files("out").into_iter().eq(old), "{name}");
        place.gossim(&["verify", "out"]).ok();
    }
}

#[test]
fn ctrl_c_is_quiet_where_quiet_is_asked_for() {
    let (place, child) = under_way(true);
    signal(&child, "INT");
    let done = Done::from("quiet".to_string(), child.wait_with_output().unwrap());
    assert_eq!(
        (done.code, done.out.as_str(), done.err.as_str()),
        (Some(130), "", "")
    );
    place.gossim(&["verify", "out"]).ok();
}

#[test]
fn interrupted_where_nothing_was_leaves_nothing() {
    let place = Place::with(LONG);
    let mut command = place.command();
    command
        .args(["sweep", "scenario.toml"])
        .stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let begun = || place.path("results/long").is_dir() && place.names("results/long").len() > 1;
    wait_until("the sweep's begin", begun);
    // The handler stands when the tables are open; they are, some rows later.
    std::thread::sleep(std::time::Duration::from_millis(300));
    signal(&child, "INT");
    let done = Done::from("first".to_string(), child.wait_with_output().unwrap());
    assert_eq!(done.code, Some(130), "{done}");
    assert_eq!(place.names("."), ["scenario.toml"]);
}

#[test]
fn a_second_gossim_on_the_same_results_is_told_to_wait() {
    let (place, child) = under_way(false);
    let second = place.gossim(&[
        "sweep",
        "scenario.toml",
        "--replicates",
        "1",
        "--out",
        "out",
    ]);
    second.fails(2, &["another gossim is writing here"]);
    signal(&child, "INT");
    child.wait_with_output().unwrap();
}

#[test]
fn a_closed_pipe_is_no_error() {
    let place = Place::with(GRID);
    place.gossim(&["sweep", "scenario.toml"]).ok();
    for arguments in [
        "list metrics",
        "completions bash",
        "--help",
        "--version",
        "run --help",
        "check scenario.toml",
        "theory contact --nodes 10",
        "run scenario.toml",
        "sweep scenario.toml",
        "verify results/grid",
        "plot results/grid",
        "compare results/grid results/grid",
        "init new.toml",
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = place.command();
        command
            .args(arguments.split(' '))
            .stdout(writer)
            .stderr(Stdio::piped());
        let done = Done::from(
            arguments.to_string(),
            command.spawn().unwrap().wait_with_output().unwrap(),
        );
        assert_eq!(done.code, Some(0), "{done}");
        assert!(
            done.err.is_empty() || done.err.starts_with("note: "),
            "{done}"
        );
    }
    // And the work was done.
    place.gossim(&["verify", "results/grid"]).ok();
    place.gossim(&["verify", "results/grid-run"]).ok();
}

#[test]
fn a_closed_standard_error_is_no_error() {
    let place = Place::with(GRID);
    let mut command = place.program("sh".as_ref());
    command.args([
        "-c",
        "exec \"$0\" run scenario.toml 2>&-",
        env!("CARGO_BIN_EXE_gossim"),
    ]);
    let done = Done::of(&mut command);
    assert_eq!(done.code, Some(0), "{done}");
    assert_eq!(done.last(), "next: gossim sweep scenario.toml");
}

/// A limit on the size of files stands for a disk that fills up.
fn on_a_small_disk(place: &Place, kilobytes: u32, arguments: &str) -> Done {
    // Ignored, the signal becomes an error of the write, as a full disk is one.
    let script = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" {arguments}");
    let mut command: Command = place.program("sh".as_ref());
    Done::of(command.args(["-c", &script, env!("CARGO_BIN_EXE_gossim")]))
}

#[test]
fn a_disk_that_fills_up_leaves_the_old_results() {
    let place = Place::with(PLAIN);
    place
        .gossim(&["sweep", "scenario.toml", "--out", "out"])
        .ok();
    let old = place.files(".");
    // While rows stream, at the pictures, at the very first file.
    for (blocks, arguments) in [
        (8, "sweep scenario.toml --out out --replicates 2000"),
        (20, "sweep scenario.toml --out out"),
        (0, "sweep scenario.toml --out out"),
        (0, "run scenario.toml --out other"),
        (0, "plot out"),
        (0, "init new.toml"),
    ] {
        let done = on_a_small_disk(&place, blocks, arguments);
        assert_eq!((done.code, done.out.as_str()), (Some(1), ""), "{done}");
        assert!(done.err.starts_with("error: "), "{done}");
        assert!(done.err.contains("cannot write this file"), "{done}");
        assert!(place.files(".") == old, "{arguments}");
    }
    assert_eq!(place.names("."), ["out", "scenario.toml"]);
}

#[test]
fn a_full_standard_output_is_a_failure() {
    let place = Place::new();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = place.command();
    command
        .args(["list", "metrics"])
        .stdout(full)
        .stderr(Stdio::piped());
    let done = Done::from(
        "full".to_string(),
        command.spawn().unwrap().wait_with_output().unwrap(),
    );
    done.fails(1, &["cannot write to standard output"]);
}

/// A sweep of some seconds says how far it is, on standard error only.
#[test]
fn progress_goes_to_standard_error() {
    let (place, child) = under_way(false);
    wait_until("nothing in particular", {
        let start = std::time::Instant::now();
        move || start.elapsed().as_secs_f64() > 10.6
    });
    signal(&child, "INT");
    let done = Done::from("progress".to_string(), child.wait_with_output().unwrap());
    assert_eq!(done.out, "");
    let line = done.err.lines().next().unwrap_or_default();
    assert!(
        line.contains(" of 90000 runs") && line.ends_with(" s left"),
        "{done}"
    );
    assert_eq!(Table::read(&place.path("out/runs.csv")).rows.len(), 3);
}
