//! What strangers met in daily use: results directories.

use crate::place::Place;

const DAILY: &str = r#"name = "daily"
[nodes]
count = 20
[protocol]
kind = "push-pull"
[stop]
all_informed = true
time = "60s"
[measure]
series = false
[sweep]
replicates = 40
"#;

#[test]
fn f12_directories_another_setting_loses_nothing_and_foreign_files_block_nothing() {
    let place = Place::with(DAILY);
    let sweep = |more: &[&str]| {
        place
            .gossim(&[&["sweep", "scenario.toml"], more].concat())
            .ok()
    };
    let said = sweep(&[]).out;
    assert!(!said.contains("previous"), "{said}");
    let first = place.files("results/daily");
    place.write("results/daily/.DS_Store", "mine");
    place.write("results/daily/notes/a.txt", "mine");

    let said = sweep(&["--set", "network.loss=0.5", "--replicates", "2"]).out;
    let line = "moved to results/daily.previous: results of another scenario that were there \
                (network.loss: 0.0, now 0.5; sweep.replicates: 40, now 2)\n";
    assert!(said.contains(line), "{said}");
    assert!(place.files("results/daily.previous") == first);
    assert_eq!(place.read("results/daily/.DS_Store"), "mine");
    assert_eq!(place.read("results/daily/notes/a.txt"), "mine");
    assert_eq!(place.read("results/daily/runs.csv").lines().count(), 1 + 2);

    // The same again: replaced, and the older results stay.
    let said = sweep(&["--set", "network.loss=0.5", "--replicates", "2"]).out;
    assert!(!said.contains("previous"), "{said}");
    assert!(place.files("results/daily.previous") == first);

    // A table that somebody changed is set aside, and told of by all who read it.
    let changed = place
        .read("results/daily/runs.csv")
        .replace("push-pull", "pull");
    place.write("results/daily/runs.csv", &changed);
    let warning = "warning: results/daily/runs.csv was changed after gossim wrote it\n";
    for command in [
        &["plot", "results/daily", "--out", "figures"][..],
        &["compare", "results/daily", "results/daily.previous"],
    ] {
        let done = place.gossim(command);
        assert_eq!((done.code, done.err.as_str()), (Some(0), warning), "{done}");
    }
    (place.gossim(&["verify", "results/daily"])).fails(1, &["runs.csv is not as gossim wrote it"]);
    let said = sweep(&["--set", "network.loss=0.5", "--replicates", "2"]).out;
    let line = "set aside, since gossim did not write it so: results/daily/runs.csv.kept\n";
    assert!(said.contains(line), "{said}");
    assert_eq!(place.read("results/daily/runs.csv.kept"), changed);
    place.gossim(&["verify", "results/daily"]).ok();
}

/// Every file of two directories but the manifest, whose `environment` may differ.
#[track_caller]
fn assert_same(place: &Place, one: &str, two: &str) {
    let files = |dir| {
        let mut files = place.files(dir);
        files.remove("datapackage.json");
        files
    };
    let (one, two) = (files(one), files(two));
    let names = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
        files.keys().cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(&one), names(&two));
    for (name, bytes) in &one {
        assert!(*bytes == two[name], "{name} differs");
    }
}

#[test]
fn f12_directories_the_scenario_of_a_run_gives_the_very_run_again() {
    let axis = "replicates = 3\n\"network.loss\" = [0.0, 0.1, 0.2]\n";
    let place = Place::with(&DAILY.replace("replicates = 40\n", axis));
    for (number, options) in [
        "--set network.loss=0.5 --replicate 3",
        "--cell 2 --replicate 1 --seed 9",
        "--cell 1 --set nodes.count=12",
        "",
    ]
    .iter()
    .enumerate()
    {
        let (one, two) = (format!("one{number}"), format!("two{number}"));
        let (saved, out) = (format!("{one}/scenario.toml"), ["--out", &one, "--quiet"]);
        let options: Vec<&str> = options.split_whitespace().collect();
        place
            .gossim(&[&["run", "scenario.toml"], &options[..], &out].concat())
            .ok();
        place
            .gossim(&["run", &saved, "--out", &two, "--quiet"])
            .ok();
        assert_same(&place, &one, &two);
        place.gossim(&["verify", &one]).ok();
    }
    let saved = place.read("one1/scenario.toml");
    assert!(
        saved.contains("\n[run]\ncell = 2\nreplicate = 1\n"),
        "{saved}"
    );
    // It says what ran, and the options go before what the file says.
    let done = place
        .gossim(&["run", "one1/scenario.toml", "--replicate", "2"])
        .ok();
    let what = "ran daily, cell 2 (network.loss 0.2), replicate 2, seed 9: push-pull, 20 nodes";
    assert!(done.out.starts_with(what), "{done}");
    place
        .gossim(&["run", "one1/scenario.toml", "--set", "network.loss=0.3"])
        .fails(2, &["`network.loss` is set by [sweep]"]);
    // A sweep knows nothing of it.
    place
        .gossim(&["sweep", "scenario.toml", "--seed", "9", "--out", "all"])
        .ok();
    place
        .gossim(&["sweep", "one1/scenario.toml", "--out", "again"])
        .ok();
    assert_same(&place, "all", "again");
    let row = |dir: &str, start: &str| {
        let runs = place.read(&format!("{dir}/runs.csv"));
        runs.lines()
            .find(|line| line.starts_with(start))
            .unwrap()
            .to_string()
    };
    assert_eq!(row("one1", "2,,1,"), row("all", "2,,1,"));
    // A mistake in it is told like any other.
    place.write("bad.toml", &saved.replace("cell = 2", "cel = 2"));
    place
        .gossim(&["run", "bad.toml"])
        .fails(2, &["`run.cel`", "did you mean `run.cell`?"]);
    place.write("bad.toml", &saved.replace("cell = 2", "cell = 3"));
    place
        .gossim(&["run", "bad.toml"])
        .fails(2, &["there is no cell 3"]);
}

#[test]
fn f12_directories_a_run_says_what_went_as_json_too() {
    let place = Place::with(DAILY);
    let run = |more: &[&str]| {
        let done = place.gossim(&[&["run", "scenario.toml", "--json"], more].concat());
        serde_json::from_str::<serde_json::Value>(&done.out).unwrap()
    };
    assert!(run(&[])["previous"].is_null());
    assert!(run(&[])["previous"].is_null());
    let object = run(&["--seed", "2"]);
    assert_eq!(object["previous"], "results/daily-run.previous");
    assert_eq!(object["set_aside"].as_array().unwrap().len(), 0);
}

/// Write-protects it; says whether that stops us: it does not stop the superuser.
#[cfg(unix)]
fn protect(path: &std::path::Path) -> bool {
    permit(path, 0o555);
    let probe = path.join("probe");
    let is_stopped = std::fs::write(&probe, "").is_err();
    let _ = std::fs::remove_file(&probe);
    is_stopped
}

#[cfg(unix)]
fn permit(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(unix)]
#[test]
fn f13_readonly_the_advice_can_be_followed() {
    let place = Place::with(DAILY);
    place
        .gossim(&["sweep", "scenario.toml", "--set", "measure.series=true"])
        .ok();
    let before = place.files("results/daily");
    let dir = place.path("results/daily");
    if protect(&dir) {
        let done = place.gossim(&["plot", "results/daily"]);
        assert!(!done.err.contains(".gossim-"), "{done}");
        done.fails(2, &["cannot write here", "another directory with --out"]);
    }
    permit(&dir, 0o755);
    std::fs::create_dir(place.path("closed")).unwrap();
    if protect(&place.path("closed")) {
        let done = place.gossim(&["init", "closed/my.toml"]);
        assert!(!done.err.contains(".gossim-"), "{done}");
        done.fails(
            2,
            &["my.toml: cannot write this file", "; name another file"],
        );
    }
    let done = place
        .gossim(&["plot", "results/daily", "-o", "figures"])
        .ok();
    assert!(
        done.out.contains("drew results/daily to figures: "),
        "{done}"
    );
    assert!(place.files("results/daily") == before, "left as it was");
    let picture = |dir: &str| std::fs::read(place.path(dir).join("convergence.png")).unwrap();
    assert!(picture("figures") == picture("results/daily"));
    place
        .gossim(&["plot", "results/daily", "-o", "figures"])
        .ok();
}

#[test]
fn f13_readonly_no_command_advises_an_option_that_it_lacks() {
    let place = Place::with(DAILY);
    place.write("file", "");
    // Where a directory is needed there is a file.
    for (command, has_out) in [
        (&["init", "file/my.toml"][..], false),
        (&["man", "file/pages"], false),
        (&["run", "scenario.toml", "--out", "file/a"], true),
        (&["sweep", "scenario.toml", "-o", "file/a"], true),
        (&["validate", "--only", "reliability", "-o", "file"], true),
    ] {
        let done = place.gossim(command);
        assert_eq!(done.err.contains("--out"), has_out, "{done}");
        done.fails(
            2,
            &["name another", "choose another"][usize::from(has_out)..][..1],
        );
    }
}
