//! Closed forms and exact laws to hold a measurement against, a file per
//! model, each with its source, its assumptions, its units and its range.
//!
//! Invariant: pure functions of a model's own parameters. This room knows
//! nothing of scenarios, runs or files: whether a scenario meets a model's
//! assumptions is decided by those who ask.

mod calls;
#[cfg(test)]
mod enumeration;

pub mod contact;
pub mod contact_poisson;
pub mod leading_terms;

pub use calls::{Calls, Targets};

/// The models by name, sorted, each with one line about it.
pub const MODELS: &[(&str, &str)] = &[
    (
        "contact",
        "is a node called in a round? everybody calls once a round, complete graph (exact)",
    ),
    (
        "contact-poisson",
        "is a node called within a period? Poisson clocks, complete graph (exact)",
    ),
    (
        "push-leading-terms",
        "rounds to all by push, one call a round: log2 n + ln n, offset unknown (Pittel 1987)",
    ),
    (
        "push-pull-leading-terms",
        "rounds to all by push-pull: log3 n, offset unknown (Karp et al. 2000)",
    ),
];

/// Whether `got` is within the relative error `error` of `want`; for tests.
#[cfg(test)]
fn is_close(got: f64, want: f64, error: f64) -> bool {
    (got - want).abs() <= error * want.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_sorted_and_distinct() {
        assert!(MODELS.is_sorted_by(|a, b| a.0 < b.0));
    }
}
