//! Joins measurement and theory: a cell's runs, as they stand in `runs.csv`, to the
//! rows of `summary.csv`, how far a mean is from what the cell's laws expect, doubts;
//! and two measurements.
//!
//! Invariant: writes no file, and works out no theory of its own: which holds in a
//! cell is a question to `laws`.

mod cell_runs;
pub mod comparison;
mod doubts;
pub mod gate;
pub mod matching;
mod size;
#[cfg(test)]
mod tests;
mod values;

pub use cell_runs::{CellReport, CellRuns};
pub use doubts::{Doubt, Weakness, few_replicates, never_quiescent};
pub use size::events_about;
pub use values::Aside;
