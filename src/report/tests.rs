//! Cells and their runs, for this room's unit tests; and runs held against laws.

mod endings;
mod spreading;

use super::CellRuns;
use super::values::tests::Pages;
use crate::registry::PROTOCOLS;
use crate::run;
use crate::scenario::{Cell, Overrides, Scenario};
use crate::tables::SummaryRow;

/// The cell of a scenario, after settings of the form `key=value key=value`.
pub fn cell(text: &str, settings: &str) -> Cell {
    let overrides = Overrides {
        set: settings.split_whitespace().map(str::to_string).collect(),
        ..Overrides::default()
    };
    let text = format!("name = \"test\"\n{text}");
    let scenario = Scenario::from_text(&text, "test.toml", PROTOCOLS, &overrides);
    let cell = scenario.and_then(|scenario| scenario.base());
    cell.unwrap_or_else(|error| panic!("{settings}: {error}"))
}

/// The rows of so many of its runs.
pub fn summary(cell: &Cell, seed: u64, replicates: u64) -> Vec<SummaryRow> {
    let mut runs = CellRuns::new(&cell.asked());
    (0..replicates).for_each(|replicate| runs.push(&run::run(cell, seed, replicate)));
    runs.finish(cell).unwrap().rows
}

/// More runs than a page holds, put aside and not: the same rows and doubts, to the
/// last bit, for one cell after another.
#[test]
fn values_put_aside_change_nothing() {
    let cell = cell(
        "nodes.count = 4\nprotocol.kind = \"push\"\nstop.rounds = 3\n\
         measure = { contact = true, series = false }\n",
        "",
    );
    let mut aside = CellRuns::with_aside(&cell.asked(), Pages::default());
    for seed in 1..=2 {
        let mut plain = CellRuns::new(&cell.asked());
        for replicate in 0..4500 {
            let run = run::run(&cell, seed, replicate);
            plain.push(&run);
            aside.push(&run);
        }
        let [plain, aside] = [&mut plain, &mut aside].map(|runs| runs.finish(&cell).unwrap());
        assert!(plain.rows.iter().any(|row| row.missing > 0));
        assert!(plain.rows.iter().any(|row| row.count == 4500));
        assert_eq!(plain, aside);
    }
}

/// `-8.99` rounds with two replicates, a residue from `-0.0000024`: what cannot be.
#[test]
fn an_interval_of_a_share_or_a_count_never_leaves_its_range() {
    let text = "nodes.count = 30\nprotocol.kind = \"infect-and-die\"\nclock.mode = \"synchronous\"\n\
        stop.quiescent = true\n";
    let mut cut = [0, 0];
    for (fanout, replicates) in [(2, 2), (4, 3), (5, 40), (6, 40)] {
        let cell = cell(text, &format!("protocol.fanout={fanout}"));
        for row in summary(&cell, 1, replicates) {
            let (Some((low, high)), Some(mean)) = (row.ci95, row.mean) else {
                continue;
            };
            let most = match row.metric.as_str() {
                "coverage" | "residue" | "contact_probability" | "all_informed" => 1.0,
                "informed" => 30.0,
                _ => f64::INFINITY,
            };
            assert!(0.0 <= low && low <= mean, "{row:?}");
            assert!(mean <= high && high <= most, "{row:?}");
            // Of Student's t with two degrees of freedom, at most.
            let half = 4.0 * row.se.unwrap();
            cut[0] += u32::from(replicates == 2 && low == 0.0 && mean < half);
            cut[1] += u32::from(high == most && mean + half > most && half > 0.0);
        }
    }
    assert!(
        cut.iter().all(|&count| count > 0),
        "something was to cut: {cut:?}"
    );
}
