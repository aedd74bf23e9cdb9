//! Cells and their runs, for this room's unit tests; and runs held against laws.

mod endings;
mod spreading;

use super::{CellSummary, SummaryRow};
use crate::registry::PROTOCOLS;
use crate::run;
use crate::scenario::{Cell, Overrides, Scenario};

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
    let mut summary = CellSummary::new(&cell.setup.measure.thresholds);
    (0..replicates).for_each(|replicate| summary.push(&run::run(cell, seed, replicate)));
    summary.finish(cell)
}
