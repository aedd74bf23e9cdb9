//! The README and the pages that it leads to are true: their commands run, their
//! numbers are theory's, what they name exists.

use gossim::metrics::columns::{Asked, columns};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const README: &str = include_str!("../../README.md");

/// The pages with commands and numbers, in the order in which one reads them.
const PAGES: [&str; 3] = [
    README,
    include_str!("../../docs/tour.md"),
    include_str!("../../docs/model.md"),
];

/// Commands that are not run here: one runs these tests, one installs the
/// program that they run.
const NOT_RUN: [&str; 2] = ["cargo test", "cargo install --locked --path ."];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The lines of all fenced blocks of a language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    let bodies = PAGES.iter().flat_map(|page| page.split(&fence).skip(1));
    let bodies = bodies.map(|rest| rest.split("\n```").next().unwrap_or_default());
    bodies.flat_map(str::lines).collect()
}

/// The commands of all `sh` blocks, less their comments.
fn commands() -> Vec<&'static str> {
    let lines = blocks("sh").into_iter();
    let bare = lines.map(|line| line.split('#').next().unwrap_or_default().trim());
    bare.filter(|line| !line.is_empty()).collect()
}

fn gossim(arguments: &[&str], dir: &Path) -> Output {
    let program = env!("CARGO_BIN_EXE_gossim");
    let mut command = Command::new(program);
    command.args(arguments).current_dir(dir);
    command.output().unwrap()
}

/// What the program says, which must succeed.
fn says(arguments: &[&str], dir: &Path) -> String {
    let output = gossim(arguments, dir);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "gossim {arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// A folder with the scenarios, as a fresh clone has them.
fn clone_of_scenarios() -> TempDir {
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("scenarios")).unwrap();
    for entry in fs::read_dir(root().join("scenarios")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        fs::copy(&path, dir.path().join("scenarios").join(name)).unwrap();
    }
    dir
}

#[test]
fn every_command_runs_and_makes_what_the_text_says() {
    let dir = clone_of_scenarios();
    let mut seen = Vec::new();
    for command in commands() {
        if NOT_RUN.contains(&command) {
            seen.push(command);
            continue;
        }
        let own = command.strip_prefix("gossim ");
        let arguments = own.or_else(|| command.strip_prefix("cargo run --release -- "));
        let arguments = arguments.unwrap_or_else(|| panic!("not a command of ours: {command}"));
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        assert!(!says(&arguments, dir.path()).is_empty(), "{command}");
    }
    assert_eq!(seen.len(), NOT_RUN.len(), "{seen:?}");
    let sweep = dir.path().join("results/contact_probability");
    assert!(sweep.join("contact_probability.png").is_file());
    for line in blocks("python") {
        let path = line.split(['"', '\'']).find(|part| part.ends_with(".csv"));
        assert!(dir.path().join(path.unwrap()).is_file(), "{line}");
    }
    let run = fs::read_to_string(dir.path().join("results/my-scenario-run/runs.csv")).unwrap();
    let sweep = fs::read_to_string(dir.path().join("results/my-scenario/runs.csv")).unwrap();
    let row = run.lines().nth(1).unwrap();
    assert!(row.starts_with("5,,3,") && sweep.lines().any(|other| other == row));
}

/// The same scenario gives the same picture, on this machine too.
#[test]
fn the_picture_of_three_ways_is_made_again_byte_for_byte() {
    let dir = clone_of_scenarios();
    says(&["sweep", "scenarios/three_ways.toml"], dir.path());
    let made = fs::read(dir.path().join("results/three_ways/convergence.png")).unwrap();
    let kept = fs::read(root().join("results/three_ways.png")).unwrap();
    assert!(
        made == kept,
        "copy the picture again: see results/README.md"
    );
}

#[test]
fn the_table_of_samplings_is_what_theory_says() {
    let dir = TempDir::new().unwrap();
    let mut rows = 0;
    for line in PAGES.iter().flat_map(|page| page.lines()) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, sampling, synchronous, _, poisson, _] = cells[..] else {
            continue;
        };
        if synchronous.parse::<f64>().is_err() {
            continue;
        }
        let sampling = sampling.trim_matches('`');
        for (model, want) in [("contact", synchronous), ("contact-poisson", poisson)] {
            let settings = "--nodes 10 --fanout 2 --digits 12 --sampling";
            let arguments = ["theory", model].into_iter();
            let arguments = arguments.chain(settings.split(' ')).chain([sampling]);
            let text = says(&arguments.collect::<Vec<_>>(), dir.path());
            let row = text.lines().find(|row| row.contains("probability P"));
            let value = row.and_then(|row| row.split_whitespace().find_map(|w| w.parse().ok()));
            let value: f64 = value.unwrap();
            assert_eq!(format!("{value:.5}"), want, "{model} {sampling}");
        }
        rows += 1;
    }
    assert_eq!(rows, 4);
}

/// The targets of relative links, without fragments.
fn links(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1);
    let targets = targets.filter_map(|rest| rest.split(')').next());
    let targets = targets.map(|target| target.split('#').next().unwrap_or_default());
    targets
        .filter(|target| !target.is_empty() && !target.starts_with("http"))
        .collect()
}

#[test]
fn every_link_leads_to_a_file() {
    let documents = [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "paper.md",
        "docs/glossary.md",
        "docs/measured.md",
        "docs/model.md",
        "docs/networks.md",
        "docs/peers.md",
        "docs/tour.md",
    ];
    let mut broken = Vec::new();
    for document in documents {
        let path = root().join(document);
        let text = fs::read_to_string(&path).unwrap();
        for target in links(&text) {
            let file: PathBuf = path.parent().unwrap().join(target);
            if !file.is_file() {
                broken.push(format!("{document}: {target}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(root().join("THIRD-PARTY.md").is_file());
}

#[test]
fn every_measured_column_and_scenario_is_described() {
    let measured = fs::read_to_string(root().join("docs/measured.md")).unwrap();
    let asked = Asked {
        thresholds: vec![50, 99, 100],
        hops: true,
        own: gossim::registry::own_columns(gossim::registry::PROTOCOLS),
    };
    for column in columns(&asked) {
        let name = match column.name.starts_with("time_to_") {
            true => "time_to_..._s".to_string(),
            false => column.name,
        };
        assert!(measured.contains(&format!("`{name}`")), "{name}");
    }
    for law in gossim::laws::LAWS {
        let model = law.name();
        assert!(measured.contains(&format!("`{model}`")), "{model}");
    }
    for entry in fs::read_dir(root().join("scenarios")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.ends_with(".toml") {
            // What a scenario reads.
            continue;
        }
        assert!(README.contains(&format!("(scenarios/{name})")), "{name}");
    }
}

#[test]
fn the_citation_is_of_this_version() {
    let citation = fs::read_to_string(root().join("CITATION.cff")).unwrap();
    let value = |key: &str| citation.lines().find_map(|line| line.strip_prefix(key));
    assert_eq!(value("cff-version: "), Some("1.2.0"));
    assert_eq!(value("version: "), Some(env!("CARGO_PKG_VERSION")));
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    let date = value("date-released: ").unwrap();
    let heading = format!("## {} ({date})", env!("CARGO_PKG_VERSION"));
    assert!(changelog.contains(&heading), "{heading}");
}
