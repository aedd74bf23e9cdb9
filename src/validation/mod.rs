//! Every published and exact result that we know, run against the simulator:
//! `gossim validate`.
//!
//! An [`Experiment`] is a scenario and what is claimed of it; each claim becomes
//! a [`Row`] with the expected value, the measured one and how far apart they
//! are. The experiments of one subject are in one file.
//!
//! Invariant: runs as a sweep does; no expectation comes from the simulator
//! itself; prints nothing, writes no file.

mod clocks;
mod contact;
mod draws;
mod experiment;
mod generator;
mod graphs;
mod judge;
mod mongering;
mod page;
mod reliability;
mod rounds;

pub use experiment::Experiment;
pub use generator::Generator;
pub use judge::{Row, Verdict, Z_MAX};
pub use page::{HEADER, TITLE, Tally, csv, markdown, short};

use crate::registry::Entry;
use crate::scenario::Error;
use crate::sweep::Stopped;
use std::convert::Infallible;

/// `--thorough` takes so many times the runs.
const THOROUGH: u64 = 16;

/// How the experiments are run.
pub struct Conditions<'c> {
    /// The master seed; each experiment makes its own from it.
    pub seed: u64,
    /// More runs.
    pub thorough: bool,
    /// Threads.
    pub jobs: usize,
    /// The protocols that scenarios can name.
    pub protocols: &'c [Entry],
    /// `KEY=VALUE`, set in every experiment: what would be found if the
    /// simulator did this in place of what it is told?
    pub set: &'c [String],
    /// What is measured, by name, altered: what would be found if it were
    /// measured so?
    pub alter: fn(&str, f64) -> f64,
    /// Where draws come from.
    pub generator: Generator,
}

impl<'c> Conditions<'c> {
    /// The simulator as it is.
    pub fn plain(seed: u64, jobs: usize, protocols: &'c [Entry]) -> Conditions<'c> {
        Conditions {
            seed,
            thorough: false,
            jobs,
            protocols,
            set: &[],
            alter: |_, value| value,
            generator: Generator::OURS,
        }
    }
}

/// All experiments whose name holds the text.
pub fn experiments(only: &str) -> Vec<Experiment> {
    let mut all = draws::experiments();
    all.extend(contact::experiments());
    all.extend(rounds::experiments());
    all.extend(clocks::experiments());
    all.extend(graphs::experiments());
    all.extend(mongering::experiments());
    all.extend(reliability::experiments());
    all.retain(|experiment| experiment.name.contains(only));
    all
}

/// Runs one experiment: a row per claim. `finished` is told of each run's end.
///
/// # Errors
/// The scenario is refused, which only [`Conditions::set`] can bring about, or
/// no thread could be started.
pub fn run(
    experiment: &Experiment,
    conditions: &Conditions,
    finished: &(dyn Fn() + Sync),
) -> Result<Vec<Row>, Stopped<Infallible>> {
    let claims = (experiment.claims)();
    let samples = experiment.measure(conditions, &claims, finished)?;
    let rows = claims.iter().zip(&samples);
    Ok(rows
        .map(|(claim, sample)| judge::row(experiment, claim, sample))
        .collect())
}

impl From<Error> for Stopped<Infallible> {
    fn from(error: Error) -> Stopped<Infallible> {
        Stopped::Scenario(error)
    }
}
