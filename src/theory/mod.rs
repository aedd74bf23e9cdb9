//! Closed forms and exact laws to hold a measurement against, a file per
//! model, each with its source, its assumptions, its units and its range.
//!
//! Invariant: pure functions of a model's own parameters. This room knows
//! nothing of scenarios, runs or files: whether a scenario meets a model's
//! assumptions is decided by those who ask.

mod calls;
mod curve;
#[cfg(test)]
mod enumeration;
mod final_law;
mod masses;
mod pushing;
mod spread;

pub mod contact;
pub mod contact_poisson;
pub mod final_size;
pub mod graph;
pub mod infect_and_die;
pub mod leading_terms;
pub mod logistic;
pub mod mean_field;
pub mod rumor_mongering;
pub mod spread_chain;
pub mod spread_poisson;

pub use calls::{Calls, Targets};
pub use curve::CurvePoint;
pub use final_law::FinalLaw;
pub use spread::{Exchange, Moments, Spread};

/// Whether `got` is within the relative error `error` of `want`; for tests.
#[cfg(test)]
fn is_close(got: f64, want: f64, error: f64) -> bool {
    (got - want).abs() <= error * want.abs()
}
