//! Each command, once, as the manual has it.

use crate::place::{Place, Table};
use crate::{CASES, COMMANDS, GRID, PLAIN};
use gossim::metrics::columns::{Asked, columns};
use std::collections::BTreeSet;

const TABLES: [&str; 4] = ["runs.csv", "scenario.toml", "series.csv", "summary.csv"];

#[test]
fn help_is_there_for_the_program_and_each_command() {
    let place = Place::new();
    let help = place.gossim(&["--help"]).ok().out;
    for command in COMMANDS {
        assert!(
            help.contains(&format!("\n  {command} ")),
            "{command}: {help}"
        );
        let own = place.gossim(&[command, "--help"]).ok().out;
        assert!(own.contains(&format!("Usage: gossim {command}")), "{own}");
    }
    assert!(help.contains("Exit codes: 0 success"), "{help}");
    assert_eq!(place.names("."), [""; 0]);
}

#[test]
fn validate_shows_rows_and_writes_a_page() {
    let place = Place::new();
    let asked = [
        "validate",
        "--only",
        "infect-and-die, n = 30",
        "--out",
        "page",
    ];
    let done = place.gossim(&asked).ok();
    assert!(done.out.contains("0 of 3 rows fail"), "{done}");
    assert_eq!(place.names("page"), ["validation.csv", "validation.md"]);
    let csv = place.read("page/validation.csv");
    let row = |line: &str| line.ends_with(",pass");
    assert_eq!(csv.lines().filter(|line| row(line)).count(), 3, "{csv}");
    // Its own page is replaced, somebody else's is not.
    place.gossim(&asked).ok();
    place.write("page/validation.md", "# Mine\n");
    let refused = place.gossim(&asked);
    assert_eq!(refused.code, Some(2), "{refused}");
    assert!(
        refused.err.contains("was not written by gossim"),
        "{refused}"
    );
    let unknown = place.gossim(&["validate", "--only", "raft"]);
    assert_eq!(unknown.code, Some(2), "{unknown}");
    assert!(
        unknown.err.contains("no setting has that in its name"),
        "{unknown}"
    );
}

#[test]
fn the_version_is_the_crates() {
    let version = format!("gossim {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(Place::new().gossim(&["--version"]).ok().out, version);
}

#[test]
fn init_then_what_it_says_next_then_what_that_says_next() {
    let place = Place::new();
    let mut next = "next: gossim init my.toml".to_string();
    let mut commands = Vec::new();
    for _ in 0..5 {
        let words: Vec<&str> = next.split(' ').collect();
        assert_eq!(words[..2], ["next:", "gossim"], "{next}");
        commands.push(words[2].to_string());
        let done = place.gossim(&words[2..]);
        assert_eq!(done.code, Some(0), "{done}");
        next = done.last().to_string();
    }
    assert_eq!(commands, ["init", "run", "sweep", "verify", "plot"]);
    assert!(
        place
            .read("my.toml")
            .starts_with("#:schema ./gossim.schema.json\n# ")
    );
    assert_eq!(
        place.read("gossim.schema.json"),
        place.gossim(&["schema"]).ok().out
    );
    // The directive holds where the file lay, not for the copy in the results.
    let complete = place.read("results/my-scenario/scenario.toml");
    assert!(complete.starts_with("# Does a lossy"), "{complete}");
}

#[test]
fn init_never_overwrites() {
    let place = Place::with("mine");
    place
        .gossim(&["init"])
        .fails(2, &["scenario.toml: exists already"]);
    assert_eq!(place.read("scenario.toml"), "mine");
    place.gossim(&["init", "other.toml"]).ok();
    let names = ["gossim.schema.json", "other.toml", "scenario.toml"];
    assert_eq!(place.names("."), names);
    // An older schema is replaced, somebody else's file of that name is not.
    let schema = place.read("gossim.schema.json");
    let first = schema.lines().next().unwrap();
    place.write("gossim.schema.json", &format!("{first}\n}}"));
    place.gossim(&["init", "third.toml"]).ok();
    assert_eq!(place.read("gossim.schema.json"), schema);
    place.write("gossim.schema.json", "{\n}");
    place
        .gossim(&["init", "fourth.toml"])
        .fails(2, &["gossim.schema.json: was not written by gossim"]);
    assert_eq!(place.names(".").len(), 4);
}

#[test]
fn check_tells_the_size_the_theory_and_the_complete_settings() {
    let place = Place::with(GRID);
    place.write("plain.toml", PLAIN);
    let done = place.gossim(&["check", "scenario.toml", "plain.toml"]).ok();
    for words in [
        "scenario.toml: valid",
        "6 cells x 5 replicates: 30 runs",
        "contact_probability: theory contact (6 cells)",
        "sampling = \"others\"",
        "plain.toml: valid",
        "1 cell x 6 replicates: 6 runs",
        "contact_probability: no theory: ",
    ] {
        assert!(done.out.contains(words), "no {words:?} in {}", done.out);
    }
    assert_eq!(done.last(), "next: gossim sweep scenario.toml");
    assert_eq!(place.names("."), ["plain.toml", "scenario.toml"]);
}

#[test]
fn run_prints_a_table_and_writes_the_files() {
    let place = Place::with(PLAIN);
    let done = place.gossim(&["run", "scenario.toml"]).ok();
    for words in [
        "coverage",
        "rounds to majority",
        "rounds to 50 %",
        "rounds to 99 %",
        "rounds to all",
        "messages per node",
        "loss seen",
        "ns each",
        "run digest",
    ] {
        assert!(done.out.contains(words), "no {words:?} in {}", done.out);
    }
    assert_eq!(done.last(), "next: gossim verify results/plain-run");
    let files: Vec<String> = place.files("results/plain-run").into_keys().collect();
    let expected = [&["convergence.png", "datapackage.json"], &TABLES[..]].concat();
    assert_eq!(files, expected);
    let runs = Table::read(&place.path("results/plain-run/runs.csv"));
    assert_eq!(runs.rows.len(), 1);
    assert_eq!(place.names("."), ["results", "scenario.toml"]);
}

#[test]
fn a_sweep_says_where_its_numbers_are_weak() {
    let place = Place::with(&PLAIN.replace("rounds = 40", "rounds = 4"));
    let done = place.gossim(&["sweep", "scenario.toml"]).ok();
    for words in [
        "all_informed",
        "\nnote: cell 0, rounds_to_all: ",
        " of 6 runs were stopped by stop.rounds before: raise stop.rounds",
        "\nnote: 6 replicates: ",
    ] {
        assert!(done.out.contains(words), "no {words:?} in {done}");
    }
    let check = place.gossim(&["check", "scenario.toml"]).ok();
    assert!(check.out.contains("note: 6 replicates: "), "{check}");
    let more = ["sweep", "scenario.toml", "--replicates", "40"];
    let sound = place.gossim(&[&more[..], &["--set", "stop.rounds=60"]].concat());
    let sound = sound.ok();
    assert!(
        !sound.out.contains("note: ") && !sound.out.contains("all_informed"),
        "{sound}"
    );
}

#[test]
fn runs_that_can_never_be_quiescent_are_told_of() {
    let place = Place::with(&GRID.replace("rounds = 30", "rounds = 30\nquiescent = true"));
    let check = place.gossim(&["check", "scenario.toml"]).ok();
    let run = place.gossim(&["run", "scenario.toml"]);
    let sweep = place.gossim(&["sweep", "scenario.toml"]).ok();
    let why = "stop.quiescent can never be met, as under push no node stops spreading: \
               runs end by stop.rounds";
    for (text, line) in [
        (&check.out, format!("\n  note: {why} (3 cells)\n")),
        (&run.err, format!("note: {why}\n")),
        (
            &sweep.out,
            format!("\nnote: cell 0 (and 5 others), stopped_by: {why}\n"),
        ),
    ] {
        assert!(text.contains(&line), "no {line:?} in {text}");
    }
}

#[test]
fn sweep_prints_a_table_and_writes_the_files() {
    let place = Place::with(GRID);
    let done = place.gossim(&["sweep", "scenario.toml"]).ok();
    assert!(
        done.out.contains("6 cells x 5 replicates: 30 runs"),
        "{}",
        done.out
    );
    assert!(
        done.out.contains("contact probability: theory in 6 cells"),
        "{}",
        done.out
    );
    assert_eq!(done.last(), "next: gossim verify results/grid --sample 10");
    let files = place.files("results/grid");
    let names: BTreeSet<&str> = files.keys().map(String::as_str).collect();
    let pictures = ["contact_probability.png", "convergence.png", "rounds.png"];
    let more = ["theory.csv", "datapackage.json"];
    let expected = [&pictures, &TABLES[..], &more].concat();
    assert_eq!(names, expected.into_iter().collect());
    for picture in pictures {
        assert!(files[picture].starts_with(b"\x89PNG\r\n"), "{picture}");
    }
    let sums = place.gossim(&["verify", "results/grid"]).ok();
    assert!(
        sums.out.contains("30 runs are the same again"),
        "{}",
        sums.out
    );
}

/// DESIGN section 5: the columns are a contract.
#[test]
fn the_tables_have_the_columns_that_were_promised() {
    let place = Place::with(CASES);
    place
        .gossim(&["sweep", "scenario.toml", "--out", "out"])
        .ok();
    let header = |name: &str| Table::read(&place.path(name)).header.join(",");
    let measured = columns(&Asked::thresholds(&[50, 99, 100]))
        .into_iter()
        .map(|c| c.name);
    let measured: Vec<String> = measured.collect();
    assert_eq!(
        header("out/runs.csv"),
        format!(
            "cell,case,replicate,seed,protocol,nodes,fanout,network.loss,{}",
            measured.join(",")
        )
    );
    assert_eq!(
        header("out/series.csv"),
        "cell,replicate,time_s,round,informed,informed_fraction,messages_sent"
    );
    assert_eq!(
        header("out/summary.csv"),
        "cell,case,protocol,nodes,fanout,network.loss,metric,count,missing,mean,sd,se,\
         ci95_low,ci95_high,min,p50,p99,max,theory,theory_sd,theory_limit,model,z"
    );
    // The scenario's clock is the periodic one, for which there is no curve.
    assert!(!place.files("out").contains_key("theory.csv"));
    let poisson = ["--set", "clock.mode=poisson", "--out", "out"];
    place
        .gossim(&[&["sweep", "scenario.toml"], &poisson[..]].concat())
        .ok();
    assert_eq!(
        header("out/theory.csv"),
        "cell,case,protocol,nodes,fanout,network.loss,model,time_s,round,informed,\
         informed_fraction,sd,informed_p10,informed_p50,informed_p90,\
         within_50,within_99,within_all"
    );
    let theory = Table::read(&place.path("out/theory.csv"));
    let column = |name: &str| theory.header.iter().position(|column| column == name);
    let (case, model) = (column("case").unwrap(), column("model").unwrap());
    // Only the case on the complete topology.
    for row in &theory.rows {
        assert_eq!(
            (&row[case][..], &row[model][..]),
            ("push, all call", "push-poisson")
        );
    }
}

/// The pictures come again from results as older versions wrote them.
#[test]
fn plot_needs_no_curves_of_theory() {
    let place = Place::with(GRID);
    place
        .gossim(&["sweep", "scenario.toml", "--out", "out"])
        .ok();
    let dashed = || place.read("out/convergence.svg").contains("exact median");
    let plot = ["plot", "out", "--format", "svg"];
    place.gossim(&plot).ok();
    assert!(dashed());
    let mut manifest: serde_json::Value =
        serde_json::from_str(&place.read("out/datapackage.json")).unwrap();
    let files = manifest["resources"].as_array_mut().unwrap();
    files.retain(|file| file["path"] != "theory.csv");
    std::fs::write(place.path("out/datapackage.json"), manifest.to_string()).unwrap();
    std::fs::remove_file(place.path("out/theory.csv")).unwrap();
    place.gossim(&plot).ok();
    assert!(!dashed());
}

#[test]
fn without_series_there_is_no_such_file_and_no_curve() {
    let place = Place::with(GRID);
    let off = ["--set", "measure.series=false", "--out", "out"];
    for command in ["run", "sweep"] {
        place.gossim(&[&[command, "scenario.toml"], &off[..]].concat());
        let files = place.files("out");
        assert!(files.contains_key("runs.csv"), "{command}");
        assert!(!files.contains_key("series.csv"), "{command}");
        assert!(!files.contains_key("convergence.png"), "{command}");
        std::fs::remove_dir_all(place.path("out")).unwrap();
    }
}

#[test]
fn set_seed_and_replicates_do_what_editing_the_scenario_does() {
    let edited = PLAIN
        .replace("seed = 7", "seed = 9007199254740991")
        .replace("replicates = 6", "replicates = 2")
        .replace("rounds = 40", "rounds = 5")
        .replace(
            "kind = \"push-pull\"",
            "kind = \"pull\"\nsampling = \"all\"",
        );
    let place = Place::with(PLAIN);
    place.write("edited.toml", &edited);
    place
        .gossim(&["sweep", "edited.toml", "--out", "edited"])
        .ok();
    let options = "--set protocol.kind=pull --set protocol.sampling=\"all\" --set stop.rounds=3 \
                   --set stop.rounds=5 --seed 9007199254740991 --replicates 2 --out options";
    let options: Vec<&str> = options.split_whitespace().collect();
    place
        .gossim(&[&["sweep", "scenario.toml"], &options[..]].concat())
        .ok();
    let [edited, options] = ["edited", "options"].map(|name| place.files(name));
    for name in edited.keys().filter(|name| *name != "datapackage.json") {
        assert!(edited[name] == options[name], "{name}");
    }
}

#[test]
fn quiet_goes_before_and_after_the_command_and_silences_all_but_errors() {
    let place = Place::with(GRID);
    for command in [
        "run scenario.toml",
        "sweep scenario.toml",
        "check scenario.toml",
        "plot results/grid",
        "verify results/grid",
        "init new.toml",
        "list protocols",
        "theory contact --nodes 10",
    ] {
        let words: Vec<&str> = command.split(' ').collect();
        for at in [0, 1, words.len()] {
            let mut words = words.clone();
            words.insert(at, "--quiet");
            if command.starts_with("init") {
                let _ = std::fs::remove_file(place.path("new.toml"));
            }
            assert_eq!(place.gossim(&words).ok().out, "", "{words:?}");
        }
    }
    place
        .gossim(&["-q", "run", "none.toml"])
        .fails(2, &["none.toml: there is no such file"]);
}

#[test]
fn theory_knows_the_seed_documents_formula() {
    let place = Place::new();
    let arguments = "theory contact --nodes 10 --fanout 3 --sampling all --digits 17";
    let done = place.gossim(&arguments.split(' ').collect::<Vec<_>>()).ok();
    let probability = 1.0 - libm::pow(1.0 - 0.3, 9.0);
    let line = done
        .out
        .lines()
        .find(|line| line.contains("probability P "))
        .unwrap();
    let value: f64 = line.split_whitespace().nth(3).unwrap().parse().unwrap();
    assert!((value - probability).abs() < 1e-14, "{line}: {probability}");
    for model in [
        "contact-poisson",
        "push-leading-terms",
        "push-pull-leading-terms",
    ] {
        place.gossim(&["theory", model, "--nodes", "100"]).ok();
    }
    let none = place.gossim(&["theory", "contact", "--nodes", "3", "--fanout", "3"]);
    none.fails(2, &["above the pool"]);
}

#[test]
fn list_names_all_kinds() {
    let place = Place::new();
    for (what, names) in [
        ("protocols", &["push", "pull", "push-pull"][..]),
        ("topologies", &["complete", "random-view"]),
        (
            "latencies",
            &["constant", "uniform", "exponential", "lognormal"],
        ),
        ("clocks", &["synchronous", "periodic", "poisson"]),
        (
            "metrics",
            &[
                "coverage",
                "rounds_to_majority",
                "contact_probability",
                "run_digest",
            ],
        ),
        (
            "models",
            &["contact", "contact-poisson", "push-leading-terms"],
        ),
    ] {
        let done = place.gossim(&["list", what]).ok();
        let found: BTreeSet<&str> = done
            .out
            .lines()
            .filter_map(|l| l.split_whitespace().next())
            .collect();
        for name in names {
            assert!(found.contains(name), "{what}: no {name} in {}", done.out);
        }
    }
}

/// What `list models` names, `theory` takes.
#[test]
fn every_model_of_the_list_is_a_model_of_the_command() {
    let place = Place::new();
    let list = place.gossim(&["list", "models"]).ok();
    let mut models = 0;
    for name in list
        .out
        .lines()
        .skip(1)
        .filter_map(|l| l.split_whitespace().next())
    {
        place.gossim(&["theory", name, "--nodes", "20"]).ok();
        models += 1;
    }
    assert!(models >= 4, "{}", list.out);
}

#[test]
fn completions_are_scripts_for_the_shells() {
    let place = Place::new();
    for (shell, word) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef gossim"),
        ("fish", "complete -c gossim"),
    ] {
        let script = place.gossim(&["completions", shell, "--quiet"]).ok().out;
        assert!(script.contains(word) && script.contains("sweep"), "{shell}");
    }
}

#[test]
fn plot_draws_what_the_tables_say_in_the_formats_asked_for() {
    let place = Place::with(GRID);
    place
        .gossim(&["sweep", "scenario.toml", "--out", "out"])
        .ok();
    let before = place.files("out");
    let done = place.gossim(&["plot", "out", "--format", "svg,png"]).ok();
    assert!(done.out.contains("rounds.svg"), "{}", done.out);
    let after = place.files("out");
    for (name, bytes) in before
        .iter()
        .filter(|(name, _)| *name != "datapackage.json")
    {
        assert!(after[name] == *bytes, "{name} changed");
    }
    for name in ["contact_probability.svg", "convergence.svg", "rounds.svg"] {
        assert!(after[name].starts_with(b"<svg"), "{name}");
    }
    place.gossim(&["verify", "out"]).ok();
    // A sweep again leaves none of the pictures that it did not draw.
    place
        .gossim(&["sweep", "scenario.toml", "--out", "out"])
        .ok();
    assert_eq!(
        place.files("out").keys().collect::<Vec<_>>(),
        before.keys().collect::<Vec<_>>()
    );
}

/// Theory knows the residue of 19 of the 24 cells: not of a counter that is reset,
/// but for k = 1. z has the law's own deviation: 4.5 is beyond chance.
#[test]
fn a_rumor_that_dies_has_its_residue_drawn_and_one_that_is_stopped_has_not() {
    let place = Place::new();
    let root = env!("CARGO_MANIFEST_DIR");
    let scenario = format!("{root}/scenarios/demers_fixed_point.toml");
    let small = ["--set", "nodes.count=100", "--replicates", "50", "--out"];
    let sweep = [&["sweep", &scenario][..], &small].concat();
    let done = place.gossim(&[&sweep[..], &["out"]].concat()).ok();
    assert!(done.out.contains("residue.png"), "{done}");
    let summary = Table::read(&place.path("out/summary.csv"));
    let pairs = (summary.column("metric").into_iter()).zip(summary.column("z"));
    let residue = pairs.filter(|(metric, z)| *metric == "residue" && !z.is_empty());
    let z: Vec<f64> = residue.map(|(_, z)| z.parse().unwrap()).collect();
    assert_eq!(z.len(), 19);
    assert!(z.iter().all(|z| z.abs() < 4.5), "{z:?}");
    let done = place.gossim(&["plot", "out", "--format", "svg"]).ok();
    assert!(done.out.contains("drew out: residue.svg"), "{done}");
    place.gossim(&["verify", "out", "--sample", "5"]).ok();
    let cut = [&sweep[..], &["cut", "--set", "stop.rounds=2"]].concat();
    let done = place.gossim(&cut).ok();
    assert!(!done.out.contains("residue.png"), "{done}");
}

#[test]
fn colour_is_for_those_who_want_it() {
    let place = Place::new();
    let escapes = |name_values: &[(&str, &str)]| {
        let mut command = place.command();
        command.args(["sweep", "--nonsense"]);
        command.envs(name_values.iter().copied());
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        output.stderr.contains(&0x1b)
    };
    assert!(!escapes(&[]), "standard error is no terminal");
    assert!(escapes(&[("CLICOLOR_FORCE", "1")]));
    assert!(!escapes(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}
