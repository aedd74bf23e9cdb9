//! `gossim theory rumor-mongering` and its like: what is left in the end.

use super::options::{CallOptions, SourceOptions, check_work, nobody_informed, probability};
use super::{of_run, say};
use crate::cli::console::{Console, Failure, table};
use crate::theory::final_size::final_size;
use crate::theory::infect_and_die::{self, Reach};
use crate::theory::rumor_mongering::{self, Ending, Mongering, Stopping};
use clap::{Args, ValueEnum};
use std::fmt::Write;

#[derive(Args)]
pub struct RumorOptions {
    /// Nodes n
    #[arg(long, value_parser = clap::value_parser!(u32).range(2..))]
    nodes: u32,
    /// When a node loses interest
    #[arg(long, value_enum, default_value_t = Rule::FeedbackCumulative)]
    stopping: Rule,
    /// Contacts or messages until then, or one over the coin's probability
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    k: u32,
    /// Probability q that a message is lost, below 1
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true, value_parser = probability)]
    loss: f64,
    #[command(flatten)]
    sources: SourceOptions,
    /// The law of the informed nodes as CSV, in place of the table
    #[arg(long)]
    law: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Rule {
    /// After k unneeded contacts in all
    FeedbackCumulative,
    /// After an unneeded contact with probability 1/k
    FeedbackCoin,
    /// After k messages
    BlindCounter,
    /// After a message with probability 1/k
    BlindCoin,
}

#[derive(Args)]
pub struct ForwardOptions {
    #[command(flatten)]
    calls: CallOptions,
    #[command(flatten)]
    sources: SourceOptions,
    /// The law of the informed nodes as CSV, in place of the table
    #[arg(long)]
    law: bool,
}

#[derive(Args)]
pub struct FinalSizeOptions {
    /// Nodes n
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    nodes: u32,
    /// Contacts c that each informed node makes in all (R0)
    #[arg(long, default_value_t = 2.0, value_parser = contacts)]
    contacts: f64,
    #[command(flatten)]
    sources: SourceOptions,
}

fn contacts(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..=1e6).contains(&value) => Ok(value),
        _ => Err("a number of contacts is a number from 0 to 1000000".into()),
    }
}

fn law(probabilities: impl Iterator<Item = (u64, f64)>) -> String {
    let mut csv = "informed,probability\n".to_string();
    for (informed, probability) in probabilities {
        // Writing into a String does not fail.
        let _ = writeln!(csv, "{informed},{probability}");
    }
    csv
}

/// `rumor-mongering`.
pub fn rumor_mongering(console: &Console, options: &RumorOptions) -> Result<(), Failure> {
    let mongering = Mongering {
        stopping: match options.stopping {
            Rule::FeedbackCumulative => Stopping::FeedbackCumulative,
            Rule::FeedbackCoin => Stopping::FeedbackCoin,
            Rule::BlindCounter => Stopping::BlindCounter,
            Rule::BlindCoin => Stopping::BlindCoin,
        },
        k: u64::from(options.k),
        nodes: u64::from(options.nodes),
        sources: options.sources.of(options.nodes)?,
        loss: options.loss,
    };
    if options.loss >= 1.0 {
        return Err(nobody_informed());
    }
    check_work(rumor_mongering::work(&mongering), "law", "sir-final-size")?;
    let ending = Ending::new(&mongering);
    if options.law {
        return console.give(law(ending.law().probabilities()));
    }
    let (c, n) = (mongering.contacts(), f64::from(options.nodes));
    let limit = final_size(1.0, c);
    let traffic = ending.messages().times(1.0 / n);
    say(
        console,
        &[
            of_run("residue s", ending.law().residue(), "1"),
            ("root of s = e^(-c(1-s)), many nodes", limit, None, "1"),
            ("c", c, None, "1"),
            of_run("messages m per node", traffic, "messages"),
            of_run("informed in the end", ending.law().informed(), "nodes"),
            (
                "probability that all are",
                ending.law().all_informed(),
                None,
                "1",
            ),
        ],
    )
}

/// `infect-and-die`.
pub fn infect_and_die(console: &Console, options: &ForwardOptions) -> Result<(), Failure> {
    let calls = options.calls.calls()?;
    let sources = options.sources.of(options.calls.nodes)?;
    check_work(infect_and_die::work(&calls), "law", "sir-final-size")?;
    let reach = Reach::new(&calls, sources);
    if options.law {
        return console.give(law(reach.law().probabilities()));
    }
    let mean_fanout = calls.fanout as f64 * (1.0 - calls.loss);
    let limit = infect_and_die::all_informed_limit(calls.nodes, mean_fanout);
    let few = final_size(1.0, mean_fanout);
    say(
        console,
        &[
            (
                "probability that all are informed",
                reach.law().all_informed(),
                None,
                "1",
            ),
            ("e^(-e^(-c)), c = m (1-q) - ln n", limit, None, "1"),
            of_run("residue s", reach.law().residue(), "1"),
            ("root of s = e^(-m(1-q)(1-s)), many nodes", few, None, "1"),
            of_run("informed in the end", reach.law().informed(), "nodes"),
        ],
    )
}

/// `sir-final-size`.
pub fn sir_final_size(console: &Console, options: &FinalSizeOptions) -> Result<(), Failure> {
    let sources = options.sources.of(options.nodes)?;
    let nodes = f64::from(options.nodes);
    let first = (nodes - sources as f64) / nodes;
    let rows = [
        (
            "residue, from these sources",
            final_size(first, options.contacts),
        ),
        (
            "residue, from few of many nodes",
            final_size(1.0, options.contacts),
        ),
    ];
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|(name, share)| vec![name.to_string(), share.to_string(), "1".into()])
        .collect();
    console.say(table(&["approximate", "value", "unit"], &rows))
}
