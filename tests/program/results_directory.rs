//! The results directory as its users meet it: what is refused, what is
//! replaced, and what a killed or interrupted process leaves.

use gossim::metrics::columns::{Asked, Type};
use gossim::store::{self, Staging, add_files};
use gossim::tables::{About, Change, FileError, Identity, MANIFEST, Reason, ResultsOf, sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

fn about() -> About {
    About {
        title: Some("A test".to_string()),
        seed: 1,
        cell: None,
        replicate: None,
        axes: Vec::new(),
        fanout: Type::Whole,
        asked: Asked::thresholds(&[50, 99, 100]),
        environment: serde_json::Map::new(),
    }
}

fn open(dir: &Path) -> Result<Staging, FileError> {
    open_as(dir, "settings", ResultsOf::Sweep)
}

fn open_as(dir: &Path, settings: &str, kind: ResultsOf) -> Result<Staging, FileError> {
    let identity = Identity {
        scenario: "quick".to_string(),
        scenario_sha256: sha256(settings.as_bytes()),
        kind,
    };
    Staging::open(dir, identity)
}

fn refusal(dir: &Path) -> FileError {
    match open(dir) {
        Ok(_) => panic!("{} was not refused", dir.display()),
        Err(error) => error,
    }
}

fn write(staging: &mut Staging, files: &[(&str, &str)]) {
    for (name, content) in files {
        let mut file = staging.file(name).unwrap();
        file.write_all(content.as_bytes()).unwrap();
    }
}

fn make(dir: &Path, files: &[(&str, &str)]) {
    let mut staging = open(dir).unwrap();
    write(&mut staging, files);
    let committed = staging.commit(about()).unwrap();
    assert_eq!(committed.set_aside, Vec::<PathBuf>::new());
}

const OLD: &[(&str, &str)] = &[("runs.csv", "cell\n0\n"), ("rounds.png", "old picture")];

/// A directory with the results OLD.
fn results() -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("quick");
    make(&dir, OLD);
    (parent, dir)
}

/// Everything below a directory, hidden or not.
fn snapshot(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.insert(path.clone(), Vec::new());
            found.extend(snapshot(&path));
        } else if path.is_file() {
            found.insert(path.clone(), fs::read(&path).unwrap());
        } else {
            found.insert(path, Vec::new());
        }
    }
    found
}

#[test]
fn results_are_written_described_and_replaced() {
    let (_parent, dir) = results();
    let manifest = store::manifest(&dir).unwrap();
    assert_eq!(manifest.name, "quick");
    assert_eq!(manifest.title.as_deref(), Some("A test"));
    assert_eq!(manifest.changed_files(&dir).unwrap(), []);
    let runs = manifest.resource("runs.csv").unwrap();
    assert_eq!(runs.bytes, 7);
    assert_eq!(runs.hash, format!("sha256:{}", sha256(b"cell\n0\n")));

    make(&dir, &[("runs.csv", "new"), ("series.csv", "new")]);
    let names: Vec<PathBuf> = snapshot(&dir).into_keys().collect();
    let expected = [MANIFEST, "runs.csv", "series.csv"].map(|name| dir.join(name));
    assert_eq!(names, expected);
    assert_eq!(fs::read(dir.join("runs.csv")).unwrap(), b"new");
}

#[test]
fn what_differs_from_the_manifest_is_named() {
    let (_parent, dir) = results();
    fs::write(dir.join("runs.csv"), "cell\n1\n").unwrap();
    fs::remove_file(dir.join("rounds.png")).unwrap();
    let manifest = store::manifest(&dir).unwrap();
    let expected = [
        ("runs.csv".to_string(), Change::Different),
        ("rounds.png".to_string(), Change::Missing),
    ];
    assert_eq!(manifest.changed_files(&dir).unwrap(), expected);
}

#[test]
fn what_is_not_ours_is_refused_untouched_with_its_name_and_advice() {
    type Prepare = fn(&Path);
    let table: &[(&str, Prepare)] = &[
        ("holds \"runs.csv\"", |dir| {
            fs::remove_file(dir.join("runs.csv")).unwrap();
            fs::create_dir(dir.join("runs.csv")).unwrap();
        }),
        ("holds \"runs.csv\"", |dir| {
            fs::remove_file(dir.join(MANIFEST)).unwrap();
            fs::remove_file(dir.join("rounds.png")).unwrap();
        }),
        (
            "is no manifest that gossim can use: it has no \"gossim\"",
            |dir| {
                fs::write(dir.join(MANIFEST), "{\"name\": \"mine\"}").unwrap();
            },
        ),
        ("is no manifest that gossim can use", |dir| {
            fs::write(dir.join(MANIFEST), b"\xff\xfe").unwrap();
        }),
        ("is not a directory", |dir| {
            fs::remove_dir_all(dir).unwrap();
            fs::write(dir, "a file").unwrap();
        }),
    ];
    for (expected, prepare) in table {
        let (parent, dir) = results();
        prepare(&dir);
        let before = snapshot(parent.path());
        let error = refusal(&dir);
        assert_eq!(error.reason, Reason::Place, "{error}");
        let text = error.to_string();
        assert!(text.contains(expected), "{expected}: {text}");
        assert!(text.ends_with("another directory with --out"), "{text}");
        assert!(text.starts_with(&*dir.to_string_lossy()), "{text}");
        assert_eq!(snapshot(parent.path()), before, "{expected}");
    }
}

#[test]
fn what_others_put_there_blocks_nothing_and_stays() {
    let (_parent, dir) = results();
    for name in [".DS_Store", "notes.txt", ".hidden", "esc\u{1b}[31m"] {
        fs::write(dir.join(name), "mine").unwrap();
    }
    fs::create_dir(dir.join("sub")).unwrap();
    fs::write(dir.join("sub/runs.csv"), "mine").unwrap();
    make(&dir, &[("runs.csv", "new")]);
    assert_eq!(fs::read(dir.join("runs.csv")).unwrap(), b"new");
    assert_eq!(snapshot(&dir).len(), 2 + 4 + 2, "the old picture is gone");
    assert_eq!(fs::read(dir.join("notes.txt")).unwrap(), b"mine");
    assert_eq!(fs::read(dir.join("sub/runs.csv")).unwrap(), b"mine");
}

#[test]
fn tables_that_somebody_changed_are_set_aside() {
    let (_parent, dir) = results();
    fs::write(dir.join("runs.csv"), "cell\n1\n").unwrap();
    let mut staging = open(&dir).unwrap();
    write(&mut staging, &[("runs.csv", "new")]);
    let committed = staging.commit(about()).unwrap();
    assert_eq!(committed.set_aside, [dir.join("runs.csv.kept")]);
    assert_eq!(committed.previous, None);
    assert_eq!(fs::read(dir.join("runs.csv.kept")).unwrap(), b"cell\n1\n");
    assert_eq!(fs::read(dir.join("runs.csv")).unwrap(), b"new");
}

#[test]
fn results_of_another_scenario_move_whole_to_the_neighbour() {
    let (parent, dir) = results();
    let previous = parent.path().join("quick.previous");
    fs::write(dir.join("notes.txt"), "mine").unwrap();
    fs::write(dir.join("runs.csv"), "changed").unwrap();
    // A run's results give way to a sweep's as well as to another scenario's.
    let other = |settings, kind, content| {
        let mut staging = open_as(&dir, settings, kind).unwrap();
        write(&mut staging, &[("runs.csv", content)]);
        staging.commit(about()).unwrap()
    };
    let committed = other("other", ResultsOf::Sweep, "second");
    assert_eq!(committed.previous.as_deref(), Some(&*previous));
    assert_eq!(committed.set_aside, Vec::<PathBuf>::new());
    let read = |place: &Path, name: &str| fs::read_to_string(place.join(name)).unwrap();
    assert_eq!(read(&dir, "runs.csv"), "second");
    assert_eq!(read(&dir, "notes.txt"), "mine");
    assert_eq!(snapshot(&dir).len(), 3);
    assert_eq!(read(&previous, "runs.csv"), "changed");
    assert_eq!(read(&previous, "rounds.png"), "old picture");
    let manifest = store::manifest(&previous).unwrap();
    let changed = [("runs.csv".to_string(), Change::Different)];
    assert_eq!(manifest.changed_files(&previous).unwrap(), changed);

    // One generation is kept; but nothing that gossim did not write is lost.
    fs::write(previous.join("summary.csv"), "mine").unwrap();
    other("third", ResultsOf::Sweep, "third");
    assert_eq!(read(&previous, "runs.csv"), "second");
    assert_eq!(read(&previous, "runs.csv.kept"), "changed");
    assert_eq!(read(&previous, "summary.csv"), "mine");
    assert!(!previous.join("rounds.png").exists());
    assert_eq!(snapshot(&previous).len(), 4);
}

#[test]
fn a_run_does_not_push_out_a_sweep_that_was_set_aside() {
    let (parent, dir) = results();
    fs::rename(&dir, parent.path().join("one.previous")).unwrap();
    let one = parent.path().join("one");
    open_as(&one, "a", ResultsOf::Run)
        .unwrap()
        .commit(about())
        .unwrap();
    let before = snapshot(parent.path());
    let text = open_as(&one, "b", ResultsOf::Run)
        .err()
        .unwrap()
        .to_string();
    assert!(
        text.contains("one.previous: holds the results of a sweep"),
        "{text}"
    );
    assert_eq!(snapshot(parent.path()), before);
}

#[test]
fn old_results_that_have_nowhere_to_go_are_told_before_the_work() {
    let (parent, dir) = results();
    let previous = parent.path().join("quick.previous");
    fs::write(&previous, "a file").unwrap();
    let before = snapshot(parent.path());
    let text = open_as(&dir, "other", ResultsOf::Sweep)
        .err()
        .unwrap()
        .to_string();
    assert!(
        text.contains("quick.previous: is not a directory"),
        "{text}"
    );
    assert_eq!(snapshot(parent.path()), before);
    fs::remove_file(&previous).unwrap();
    drop(open_as(&dir, "other", ResultsOf::Sweep).unwrap());
    assert!(!previous.exists(), "made for nothing");
}

#[test]
fn a_run_never_replaces_a_sweep() {
    let (_parent, dir) = results();
    let error = open_as(&dir, "settings", ResultsOf::Run).err().unwrap();
    let text = error.to_string();
    assert!(
        text.contains("holds the results of a sweep, which a run does not replace"),
        "{text}"
    );
}

#[test]
fn a_place_that_cannot_be_is_refused_and_nothing_is_made() {
    let parent = tempfile::tempdir().unwrap();
    fs::write(parent.path().join("file"), "").unwrap();
    for dir in [
        PathBuf::new(),
        parent.path().join("file/below"),
        parent.path().join("new").join("x".repeat(300)),
        parent.path().join("new/nul\0"),
    ] {
        let error = refusal(&dir);
        assert_eq!(error.reason, Reason::Place, "{error}");
        assert!(error.to_string().ends_with("--out"), "{error}");
        assert_eq!(snapshot(parent.path()).len(), 1, "{error}");
    }
}

#[cfg(unix)]
#[test]
fn a_directory_without_permission_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("closed");
    fs::create_dir(&dir).unwrap();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o500)).unwrap();
    // The superuser may write anyway: then there is nothing to see.
    if fs::write(dir.join("probe"), "").is_err() {
        let text = refusal(&dir).to_string();
        assert!(text.contains("cannot write here"), "{text}");
        let text = refusal(&dir.join("below")).to_string();
        assert!(text.contains("cannot make this directory"), "{text}");
    }
}

#[test]
fn parents_are_made_when_needed_and_go_again_without_a_commit() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("a/b/c");
    let mut staging = open(&dir).unwrap();
    write(&mut staging, OLD);
    drop(staging);
    assert!(snapshot(parent.path()).is_empty());
    make(&dir, OLD);
    assert!(dir.join("runs.csv").is_file());
}

#[test]
fn an_existing_empty_directory_stays() {
    let parent = tempfile::tempdir().unwrap();
    drop(open(parent.path()).unwrap());
    assert!(snapshot(parent.path()).is_empty());
}

#[test]
fn a_dropped_or_interrupted_sweep_leaves_the_old_results() {
    let (parent, dir) = results();
    let before = snapshot(parent.path());
    let mut staging = open(&dir).unwrap();
    write(&mut staging, &[("runs.csv", "half")]);
    drop(staging);
    assert_eq!(snapshot(parent.path()), before);

    let mut staging = open(&dir).unwrap();
    let mut file = staging.file("runs.csv").unwrap();
    file.write_all(b"half").unwrap();
    let cleanup = staging.cleanup_handle();
    let removed = std::thread::spawn(move || cleanup.remove()).join().unwrap();
    assert!(removed, "the old results are as they were");
    assert_eq!(snapshot(parent.path()), before);
    // The main thread goes on for a moment.
    let _ = file.write_all(b"more").and_then(|()| file.flush());
    drop(file);
    assert!(staging.file("series.csv").is_err());
    let error = staging.commit(about()).unwrap_err();
    assert_eq!(error.reason, Reason::Interrupted);
    assert_eq!(snapshot(parent.path()), before);
}

#[test]
fn a_cleanup_after_the_commit_does_nothing() {
    let (parent, dir) = results();
    let staging = open(&dir).unwrap();
    let cleanup = staging.cleanup_handle();
    staging.commit(about()).unwrap();
    let before = snapshot(parent.path());
    assert!(!cleanup.remove());
    assert_eq!(snapshot(parent.path()), before);
}

#[test]
fn two_at_once_are_refused_in_plain_words() {
    let (_parent, dir) = results();
    let first = open(&dir).unwrap();
    let error = refusal(&dir);
    assert_eq!(error.reason, Reason::Place);
    assert!(
        error
            .to_string()
            .contains("another gossim is writing here; wait until")
    );
    let picture = vec![("rounds.png".to_string(), b"new".to_vec())];
    assert!(add_files(&dir, picture).is_err());
    first.commit(about()).unwrap();
    drop(open(&dir).unwrap());
}

#[test]
fn of_many_at_once_exactly_one_writes_at_a_time() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("quick");
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let dir = dir.clone();
            std::thread::spawn(move || {
                let mut written = 0;
                for _ in 0..20 {
                    let content = format!("{writer}");
                    let mut staging = match open(&dir) {
                        Ok(staging) => staging,
                        Err(error) => {
                            assert!(error.to_string().contains("another gossim"), "{error}");
                            continue;
                        }
                    };
                    write(
                        &mut staging,
                        &[("runs.csv", &content), ("series.csv", &content)],
                    );
                    staging.commit(about()).unwrap();
                    written += 1;
                }
                written
            })
        })
        .collect();
    let written: usize = writers.into_iter().map(|w| w.join().unwrap()).sum();
    assert!(written > 0);
    let read = |name: &str| fs::read(dir.join(name)).unwrap();
    assert_eq!(read("runs.csv"), read("series.csv"));
    assert_eq!(
        store::manifest(&dir).unwrap().changed_files(&dir).unwrap(),
        []
    );
    assert_eq!(snapshot(&dir).len(), 3);
}

#[test]
fn what_came_meanwhile_is_set_aside_and_nothing_is_lost() {
    let (_parent, dir) = results();
    let mut staging = open(&dir).unwrap();
    write(&mut staging, &[("runs.csv", "new"), ("series.csv", "new")]);
    fs::write(dir.join("runs.csv"), "edited").unwrap();
    fs::write(dir.join("rounds.png"), "edited too").unwrap();
    fs::write(dir.join("series.csv"), "mine").unwrap();
    fs::write(dir.join("series.csv.kept"), "mine as well").unwrap();
    fs::write(dir.join("notes.txt"), "in nobody's way").unwrap();
    let committed = staging.commit(about()).unwrap();
    assert_eq!(committed.files, ["runs.csv", "series.csv"]);
    let kept = ["rounds.png.kept", "runs.csv.kept", "series.csv.kept-2"];
    let mut set_aside = committed.set_aside;
    set_aside.sort();
    assert_eq!(set_aside, kept.map(|name| dir.join(name)));
    let read = |name: &str| fs::read_to_string(dir.join(name)).unwrap();
    assert_eq!(read("runs.csv.kept"), "edited");
    assert_eq!(read("rounds.png.kept"), "edited too");
    assert_eq!(read("series.csv.kept-2"), "mine");
    assert_eq!(read("series.csv.kept"), "mine as well");
    assert_eq!(read("notes.txt"), "in nobody's way");
    assert_eq!(read("runs.csv"), "new");
}

#[test]
fn pictures_are_drawn_again_and_the_manifest_knows() {
    let (_parent, dir) = results();
    let pictures = vec![
        ("rounds.svg".to_string(), b"<svg/>".to_vec()),
        ("rounds.png".to_string(), b"new picture".to_vec()),
    ];
    add_files(&dir, pictures.clone()).unwrap();
    add_files(&dir, pictures).unwrap();
    let manifest = store::manifest(&dir).unwrap();
    assert_eq!(manifest.changed_files(&dir).unwrap(), []);
    let paths: Vec<&str> = manifest.resources.iter().map(|r| r.path.as_str()).collect();
    assert_eq!(paths, ["runs.csv", "rounds.png", "rounds.svg"]);
    assert_eq!(fs::read(dir.join("rounds.png")).unwrap(), b"new picture");
    assert_eq!(snapshot(&dir).len(), 4);
    make(&dir, OLD);
    assert_eq!(snapshot(&dir).len(), 3, "the next sweep replaces them all");
}

#[test]
fn pictures_go_elsewhere_but_over_nothing() {
    let (parent, dir) = results();
    let figures = parent.path().join("a/figures");
    let pictures = |content: &str| vec![("rounds.png".to_string(), content.into())];
    store::put_pictures(&figures, &pictures("one")).unwrap();
    store::put_pictures(&figures, &pictures("one")).unwrap();
    let text = store::put_pictures(&figures, &pictures("two"))
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("rounds.png: is another picture than this"),
        "{text}"
    );
    assert!(text.ends_with("another directory with --out"), "{text}");
    assert_eq!(fs::read(figures.join("rounds.png")).unwrap(), b"one");
    assert_eq!(snapshot(&figures).len(), 1);
    let text = store::put_pictures(&dir, &pictures("one"))
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("holds the results of a run or sweep"),
        "{text}"
    );
}

#[test]
fn a_picture_that_is_not_ours_is_not_drawn_over() {
    let picture = |name: &str| vec![(name.to_string(), b"new".to_vec())];
    let (parent, dir) = results();
    fs::write(dir.join("rounds.png"), "retouched by hand").unwrap();
    fs::write(dir.join("poster.png"), "mine").unwrap();
    let before = snapshot(parent.path());
    for (name, expected) in [
        ("rounds.png", "was changed after gossim wrote it"),
        ("poster.png", "is in the way, and gossim did not write it"),
        ("runs.csv", "is no name for a picture"),
        ("../rounds.png", "is no name for a picture"),
    ] {
        let text = add_files(&dir, picture(name)).unwrap_err().to_string();
        assert!(text.contains(expected), "{text}");
        assert_eq!(snapshot(parent.path()), before);
    }
    let none = parent.path().join("none");
    assert!(add_files(&none, picture("rounds.png")).is_err());
    assert!(!none.exists());
}

#[test]
fn names_that_leave_the_directory_are_refused() {
    let (_parent, dir) = results();
    let mut staging = open(&dir).unwrap();
    for name in ["", "..", "../x", "/x", "a/b", ".x", MANIFEST, "a b"] {
        assert!(staging.file(name).is_err(), "{name}");
    }
    drop(staging.file("runs.csv").unwrap());
    assert!(staging.file("runs.csv").is_err(), "twice");
}

/// Run by the test below in a process of its own, to be killed.
#[test]
#[ignore = "a part of the next test"]
fn writes_until_it_is_killed() {
    let Some(dir) = std::env::var_os("GOSSIM_TEST_DIRECTORY") else {
        return;
    };
    let mut staging = open(Path::new(&dir)).unwrap();
    write(&mut staging, &[("runs.csv", "half")]);
    let mut out = std::io::stdout();
    writeln!(out, "\nwriting").unwrap();
    out.flush().unwrap();
    std::thread::sleep(std::time::Duration::from_secs(60));
}

#[test]
fn a_killed_process_keeps_others_out_while_it_lives_and_leaves_a_usable_directory() {
    let (parent, dir) = results();
    let before = snapshot(parent.path());
    let arguments = [
        "--exact",
        "results_directory::writes_until_it_is_killed",
        "--ignored",
        "--nocapture",
    ];
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(arguments)
        .env("GOSSIM_TEST_DIRECTORY", &dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let is_writing = lines.map_while(Result::ok).any(|line| line == "writing");
    let busy = refusal(&dir).to_string();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        is_writing && busy.contains("another gossim is writing here"),
        "{busy}"
    );
    assert!(
        snapshot(parent.path()).len() > before.len(),
        "it left something"
    );
    // What it left changes nothing for a reader, and goes with the next writer.
    let manifest = store::manifest(&dir).unwrap();
    assert_eq!(manifest.changed_files(&dir).unwrap(), []);
    drop(open(&dir).unwrap());
    assert_eq!(snapshot(parent.path()), before);
}
