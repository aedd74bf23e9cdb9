//! What several models ask for on the command line.

use super::answer::{Answer, OfRun, of_run};
use super::curve;
use super::spreading::curve_goals;
use crate::network::Sampling;
use crate::theory::{Calls, CurvePoint, Exchange, Moments, Spread, Targets, spread_chain};
use clap::{ArgMatches, Args, FromArgMatches, ValueEnum};
use std::fmt::Write;

/// Who asks for a law by name waits this much longer than a sweep does.
const PATIENCE: f64 = 50.0;

/// The arguments of a law.
pub(super) fn parsed<Options: FromArgMatches>(arguments: &ArgMatches) -> Result<Options, String> {
    Options::from_arg_matches(arguments).map_err(|error| error.to_string())
}

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
    pub fn calls(&self) -> Result<Calls, String> {
        let CallOptions {
            nodes,
            fanout,
            loss,
            sampling,
        } = *self;
        let pool = sampling.pool(nodes - 1);
        let distinct = sampling.is_distinct();
        if distinct && nodes > 1 && fanout > pool {
            return Err(format!(
                "--fanout {fanout} is above the pool: with {nodes} nodes there are {pool} to draw from"
            ));
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
            loss,
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
    pub fn of(&self, nodes: u32) -> Result<u64, String> {
        let sources = self.sources;
        match sources <= nodes {
            true => Ok(u64::from(sources)),
            false => Err(format!("--sources {sources}: there are {nodes} nodes")),
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
pub fn nobody_informed() -> String {
    "--loss 1: nobody is ever informed but the sources".into()
}

/// Is so much work more than anybody waits for?
pub fn is_too_much(work: f64) -> bool {
    work > PATIENCE * spread_chain::WORK_MAX
}

/// Refuses a law that takes too long, and names what approximates it.
pub fn check_work(work: f64, law: &str, approximate: &str) -> Result<(), String> {
    match is_too_much(work) {
        false => Ok(()),
        true => Err(format!(
            "the exact {law} would take some {:.0} minutes; gossim theory {approximate} approximates it",
            libm::ceil(work / 60e9)
        )),
    }
}

/// What is asked of a law of spreading.
#[derive(Args)]
pub struct SpreadOptions {
    #[command(flatten)]
    calls: CallOptions,
    #[command(flatten)]
    sources: SourceOptions,
    /// The curve as CSV, in place of the table
    #[arg(long)]
    pub curve: bool,
}

impl SpreadOptions {
    pub fn spread(&self, exchange: Exchange) -> Result<Spread, String> {
        let sources = self.sources.of(self.calls.nodes)?;
        let calls = self.calls.calls()?;
        if calls.loss >= 1.0 && sources < calls.nodes {
            return Err(nobody_informed());
        }
        Ok(Spread {
            exchange,
            calls,
            sources,
        })
    }

    /// The shares that are asked for, as numbers of nodes.
    pub fn goals(&self) -> [u64; 3] {
        curve_goals(u64::from(self.calls.nodes))
    }
}

/// The same of one that is for every exchange.
#[derive(Args)]
pub struct ExchangeOptions {
    /// Who tells whom
    #[arg(long, value_enum, default_value_t = Protocol::Push)]
    protocol: Protocol,
    #[command(flatten)]
    options: SpreadOptions,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Protocol {
    Push,
    Pull,
    PushPull,
}

impl Protocol {
    /// The word of theory.
    pub fn exchange(self) -> Exchange {
        match self {
            Protocol::Push => Exchange::Push,
            Protocol::Pull => Exchange::Pull,
            Protocol::PushPull => Exchange::PushPull,
        }
    }
}

impl ExchangeOptions {
    pub fn spread(&self) -> Result<Spread, String> {
        self.options.spread(self.protocol.exchange())
    }

    pub fn goals(&self) -> [u64; 3] {
        self.options.goals()
    }

    pub fn curve(&self) -> bool {
        self.options.curve
    }
}

const GOALS: [&str; 3] = ["until 50 % know", "until 99 % know", "until all know"];

/// Rounds, or periods, to half, to 99 % and to all.
pub fn goal_rows(to: impl Fn(u64) -> Moments, goals: [u64; 3], unit: &'static str) -> Vec<OfRun> {
    let row = |(name, goal)| of_run(name, to(goal), unit);
    GOALS.into_iter().zip(goals).map(row).collect()
}

/// The same, approximate.
pub fn approximate_goals(values: [Option<f64>; 3], unit: &str) -> Answer {
    let rows = GOALS.into_iter().zip(values);
    let rows: Vec<_> = rows.map(|(name, value)| (name, value, unit)).collect();
    Answer::approximate(&rows)
}

/// Writes a line of CSV.
pub fn line(csv: &mut String, fields: &[f64]) {
    let fields: Vec<String> = fields.iter().map(f64::to_string).collect();
    // Writing into a String does not fail.
    let _ = writeln!(csv, "{}", fields.join(","));
}

/// A curve as CSV, to where all are informed but with a tiny probability.
pub fn curve_csv(curve: impl Iterator<Item = CurvePoint>) -> String {
    let mut csv = "round,informed,sd,informed_p10,informed_p50,informed_p90,\
                   within_50,within_99,within_all\n"
        .to_string();
    for point in curve {
        let [low, median, high] = point.quantiles.map(|q| q as f64);
        let [half, most, all] = point.within;
        let law = [point.mean, point.sd, low, median, high];
        let fields = [&[point.round], &law[..], &[half, most, all]].concat();
        line(&mut csv, &fields);
        if all >= 1.0 - curve::END {
            break;
        }
    }
    csv
}
