//! What several models ask for on the command line.

use crate::cli::console::Failure;
use crate::network::Sampling;
use crate::theory::{Calls, Targets, spread_chain};
use clap::Args;

/// Who asks for a law by name waits this much longer than a sweep does.
const PATIENCE: f64 = 50.0;

/// The calls of a node in a cycle.
#[derive(Args)]
pub struct CallOptions {
    /// Nodes n
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub nodes: u32,
    /// Peers m that a node calls in a cycle
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    fanout: u32,
    /// Probability q that a message is lost
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true, value_parser = probability)]
    loss: f64,
    /// How peers are drawn
    #[arg(long, default_value = "others", value_parser = sampling)]
    sampling: Sampling,
}

impl CallOptions {
    pub fn calls(&self) -> Result<Calls, Failure> {
        let CallOptions { nodes, fanout, .. } = *self;
        let pool = self.sampling.pool(nodes - 1);
        let distinct = self.sampling.is_distinct();
        if distinct && nodes > 1 && fanout > pool {
            return Err(Failure::Usage(format!(
                "--fanout {fanout} is above the pool: with {nodes} nodes there are {pool} to draw from"
            )));
        }
        Ok(Calls {
            nodes: u64::from(nodes),
            fanout: u64::from(if distinct { fanout.min(pool) } else { fanout }),
            pool: u64::from(pool),
            targets: if distinct {
                Targets::Distinct
            } else {
                Targets::WithReplacement
            },
            loss: self.loss,
        })
    }
}

/// Where a rumor starts.
#[derive(Args)]
pub struct SourceOptions {
    /// Nodes that hold the rumor at time 0
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    sources: u32,
}

impl SourceOptions {
    pub fn of(&self, nodes: u32) -> Result<u64, Failure> {
        let sources = self.sources;
        match sources <= nodes {
            true => Ok(u64::from(sources)),
            false => Err(Failure::Usage(format!(
                "--sources {sources}: there are {nodes} nodes"
            ))),
        }
    }
}

pub fn probability(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("a probability is a number from 0 to 1".into()),
    }
}

fn sampling(text: &str) -> Result<Sampling, String> {
    let known = Sampling::ALL.iter().find(|(name, _, _)| *name == text);
    known.map(|(_, _, sampling)| *sampling).ok_or_else(|| {
        let names: Vec<&str> = Sampling::ALL.iter().map(|(name, _, _)| *name).collect();
        format!("one of {}", names.join(", "))
    })
}

/// Nobody informs anybody: then there is no law to show.
pub fn nobody_informed() -> Failure {
    Failure::Usage("--loss 1: nobody is ever informed but the sources".into())
}

/// Is so much work more than anybody waits for?
pub fn is_too_much(work: f64) -> bool {
    work > PATIENCE * spread_chain::WORK_MAX
}

/// Refuses a law that takes too long, and names what approximates it.
pub fn check_work(work: f64, law: &str, approximate: &str) -> Result<(), Failure> {
    match is_too_much(work) {
        false => Ok(()),
        true => Err(Failure::Usage(format!(
            "the exact {law} would take some {:.0} minutes; gossim theory {approximate} approximates it",
            libm::ceil(work / 60e9)
        ))),
    }
}
