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
        "infect-and-die",
        "who is informed in the end if each forwards once to m peers, any clock (exact)",
    ),
    (
        "mean-field",
        "nodes informed after each round, by each round's expectation: approximate (Demers et al. 1987)",
    ),
    (
        "pull-chain",
        "rounds to any share by pull, synchronous, complete graph (exact Markov chain)",
    ),
    (
        "pull-poisson",
        "time to any share by pull, Poisson clocks, no latency, one call a cycle (exact)",
    ),
    (
        "push-chain",
        "rounds to any share by push, synchronous, complete graph (exact Markov chain)",
    ),
    (
        "push-leading-terms",
        "rounds to all by push, one call a round: log2 n + ln n, offset unknown (Pittel 1987)",
    ),
    (
        "push-poisson",
        "time to any share by push, Poisson clocks, no latency, one call a cycle (exact)",
    ),
    (
        "push-pull-chain",
        "rounds to any share by push-pull, synchronous, complete graph (exact Markov chain)",
    ),
    (
        "push-pull-leading-terms",
        "rounds to all by push-pull: log3 n, offset unknown (Karp et al. 2000)",
    ),
    (
        "push-pull-poisson",
        "time to any share by push-pull, Poisson clocks, no latency, one call a cycle (exact)",
    ),
    (
        "rumor-mongering",
        "who is informed in the end, and the traffic, by push one contact after another (exact)",
    ),
    (
        "si-logistic",
        "informed share over time by the logistic curve of textbooks: approximate",
    ),
    (
        "sir-final-size",
        "uninformed share in the end, the root of s = s0 e^(-c(1-s)): approximate (Kermack, McKendrick 1927)",
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
