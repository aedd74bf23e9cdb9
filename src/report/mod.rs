//! Joins measurement and theory: which model's assumptions a cell meets, how
//! far a mean is from it, the rows of the summary; and two measurements.
//!
//! Invariant: writes no file; where no model's assumptions are met, shows no
//! theory rather than a wrong one, and says why.

mod applies;
pub mod comparison;
mod curve;
mod doubts;
mod ending;
pub mod matching;
pub mod measured;
mod size;
mod spread;
mod summary;
#[cfg(test)]
mod tests;

pub use applies::{Contact, LeadingTerms, contact, leading_terms};
pub use curve::{Curve, CurveRow};
pub use doubts::{Doubt, Doubts, Weakness, few_replicates, never_quiescent};
pub use ending::{EndLaw, EndLaws, Ending, Ends, ExpectedEnd, ending};
pub use size::events_about;
pub use spread::{Expected, Spread, spread};
pub use summary::{CellSummary, SummaryRow};
