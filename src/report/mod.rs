//! Joins measurement and theory: which model's assumptions a cell meets, how
//! far a mean is from it, the rows of the summary.
//!
//! Invariant: writes no file; where no model's assumptions are met, shows no
//! theory rather than a wrong one, and says why.

mod applies;
mod ending;
mod size;
mod spread;
mod summary;

pub use applies::{Contact, LeadingTerms, contact, leading_terms};
pub use ending::{EndLaw, EndLaws, Ending, Ends, ExpectedEnd, ending};
pub use size::events_about;
pub use spread::{Expected, Spread, spread};
pub use summary::{CellSummary, SummaryRow};
