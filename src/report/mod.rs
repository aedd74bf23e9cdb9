//! Joins measurement and theory: how far a mean is from what a cell's laws expect,
//! the rows of the summary, doubts; and two measurements.
//!
//! Invariant: writes no file, and works out no theory of its own: which holds in a
//! cell is a question to `laws`.

pub mod comparison;
mod doubts;
pub mod gate;
pub mod matching;
pub mod measured;
mod size;
mod summary;
#[cfg(test)]
mod tests;

pub use doubts::{Doubt, Doubts, Weakness, few_replicates, never_quiescent};
pub use size::events_about;
pub use summary::{CellSummary, SummaryRow};
