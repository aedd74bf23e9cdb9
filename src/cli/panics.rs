//! What becomes of runs that panic, as protocols of one's own may: commands in this
//! process, with a program that has such a protocol.

use super::console::{Console, Failure};
use super::{Cli, Program, program};
use crate::invalid::Invalid;
use crate::node::NodeId;
use crate::protocol::{Context, Fanout, Protocol, RUMOR, Size, World};
use crate::registry::Entry;
use clap::Parser;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;

/// Push that panics in one of `odds` calls.
struct Brittle(Params);

#[derive(Serialize, Deserialize)]
struct Params {
    odds: u32,
}

impl Protocol for Brittle {
    type Params = Params;
    type Node = bool;
    type Message = ();
    type Shared = ();

    fn new(params: Params, _: &World) -> Result<Brittle, Invalid> {
        Ok(Brittle(params))
    }

    fn node(&self) -> bool {
        false
    }

    fn write(&self, me: &mut bool, cx: &mut impl Context<Self>) {
        *me = true;
        cx.learned(RUMOR);
    }

    fn tick(&self, me: &mut bool, cx: &mut impl Context<Self>) {
        if *me {
            let draw = cx.random().below(self.0.odds);
            assert!(draw > 0, "node {} broke, \"of glass\"", cx.me().0);
            cx.call(Fanout::Peers(1), ());
        }
    }

    fn answer(&self, _: &bool, _: NodeId, (): &mut (), _: &mut impl Context<Self>) {}

    fn merge(&self, me: &mut bool, _: NodeId, (): (), cx: &mut impl Context<Self>) {
        *me = true;
        cx.learned(RUMOR);
    }

    fn size(&self, (): &()) -> Size {
        Size::updates(1)
    }
}

/// All runs of cell 0 panic, some of cell 1, and none of cell 2.
const SCENARIO: &str = "name = 'glass'\nnodes.count = 20\nprotocol.kind = 'brittle'\n\
    protocol.odds = 1\nstop.all_informed = true\nmeasure.contact = false\n\
    sweep.replicates = 12\n\
    sweep.'protocol.odds' = [1, 150, 4000000000]\n";

/// A command of the program `mine`; what it says if it fails.
fn mine(arguments: &[&str]) -> Result<(), String> {
    let own = [Entry::of::<Brittle>("brittle", "breaks now and then")];
    let program = Program::new("mine", "1.0", &own);
    let protocols = program.check().unwrap();
    let cli = Cli::try_parse_from([&["mine"], arguments].concat()).unwrap();
    let console = Console::new(true, program);
    match program::execute(&console, &cli.command, &protocols) {
        Ok(()) => Ok(()),
        Err(Failure::Failed(text)) => Err(text),
        Err(other) => panic!("{other:?}"),
    }
}

/// The rows of a table, without its header.
fn rows(path: &Path) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.records().map(Result::unwrap).collect()
}

#[test]
fn runs_that_panic_are_listed_and_end_nothing_else() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name).to_string_lossy().into_owned();
    let scenario = at("glass.toml");
    fs::write(&scenario, SCENARIO).unwrap();
    let sweep = |out: &str, jobs| mine(&["sweep", &scenario, "--out", &at(out), "--jobs", jobs]);
    let said = sweep("two", "2").unwrap_err();
    let failed = rows(&place.path().join("two/failed.csv"));
    let of_cell = |cell: &str| failed.iter().filter(|row| row[0] == *cell).count();
    assert_eq!((of_cell("0"), of_cell("2")), (12, 0));
    assert!((1..12).contains(&of_cell("1")), "{}", of_cell("1"));
    assert!(
        said.contains(&format!("{} of 36 runs panicked", failed.len())),
        "{said}"
    );
    assert!(
        said.contains("the first, cell 0, replicate 0: node "),
        "{said}"
    );
    assert!(failed[0][2].contains("broke, \"of glass\" (src/cli/panics.rs:"));
    assert_eq!(
        &failed[0][3],
        "mine run scenario.toml --cell 0 --replicate 0"
    );
    let runs = rows(&place.path().join("two/runs.csv"));
    assert_eq!(runs.len() + failed.len(), 36);
    let is_both = |run: &csv::StringRecord| {
        failed
            .iter()
            .any(|row| row[0] == run[0] && row[1] == run[2])
    };
    assert!(!runs.iter().any(is_both));
    // As a user would: the command of the last row, in the results' own folder.
    let last = failed.last().unwrap();
    let copy = at("two/scenario.toml");
    let again = |replicate: &str, out: &str| {
        mine(&[
            "run",
            &copy,
            "--cell",
            "1",
            "--replicate",
            replicate,
            "--out",
            &at(out),
        ])
    };
    let said = again(&last[1], "one").unwrap_err();
    assert!(said.contains(&last[2]), "{said}");
    assert!(!place.path().join("one").exists(), "no results of no run");
    // A run that is whole, in fresh memory, is the row of the sweep.
    let whole = runs.iter().find(|run| run[0] == *"1").unwrap();
    again(&whole[2], "one").unwrap();
    assert_eq!(&rows(&place.path().join("one/runs.csv"))[0], whole);
    // Neither threads nor what others left behind show.
    sweep("one-thread", "1").unwrap_err();
    for table in ["runs.csv", "failed.csv", "summary.csv", "series.csv"] {
        let read = |dir: &str| fs::read(place.path().join(dir).join(table)).unwrap();
        assert!(read("two") == read("one-thread"), "{table}");
    }
}

#[test]
fn failed_runs_are_part_of_what_is_verified() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name).to_string_lossy().into_owned();
    let scenario = at("glass.toml");
    fs::write(&scenario, SCENARIO).unwrap();
    let out = at("out");
    mine(&["sweep", &scenario, "--out", &out]).unwrap_err();
    for dir in [&["verify", &out][..], &["verify", &out, "--sample", "7"]] {
        mine(dir).unwrap();
    }
    mine(&["plot", &out]).unwrap();
    mine(&["compare", &out, &out]).unwrap();
    let manifest = fs::read_to_string(at("out/datapackage.json")).unwrap();
    assert!(manifest.contains("\"path\": \"failed.csv\""), "{manifest}");
    // Nothing fails any more: neither does the sweep, and the list is gone.
    let brave = SCENARIO
        .replace("[1, 150, ", "[")
        .replace("odds = 1\n", "odds = 9\n");
    fs::write(&scenario, brave).unwrap();
    mine(&["sweep", &scenario, "--out", &out]).unwrap();
    assert!(!Path::new(&at("out/failed.csv")).exists());
    mine(&["verify", &out]).unwrap();
}
