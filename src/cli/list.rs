//! `gossim list`: what a scenario can name.

use super::console::{Console, Failure, table};
use crate::engine::Clock;
use crate::laws::LAWS;
use crate::metrics::columns::columns;
use crate::network::{latency, topology};
use crate::pictures::PICTURES;
use crate::registry::Entry;
use clap::{Args, ValueEnum};

#[derive(Args)]
pub struct Options {
    /// What to list
    #[arg(value_enum)]
    what: What,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// protocol.kind
    Protocols,
    /// The kinds of network.topology
    Topologies,
    /// The kinds of network.latency
    Latencies,
    /// clock.mode
    Clocks,
    /// The measured columns of runs.csv
    Metrics,
    /// The models of theory
    Models,
    /// What sweeps and plot draw
    Pictures,
}

pub fn execute(console: &Console, options: &Options, protocols: &[Entry]) -> Result<(), Failure> {
    let pair = |name: &str, about: &str| vec![name.to_string(), about.to_string()];
    let rows: Vec<Vec<String>> = match options.what {
        What::Protocols => protocols.iter().map(|e| pair(e.name, e.about)).collect(),
        What::Topologies => topology::KINDS
            .iter()
            .map(|k| pair(k.name, k.about))
            .collect(),
        What::Latencies => latency::KINDS
            .iter()
            .map(|k| pair(k.name, k.about))
            .collect(),
        What::Clocks => Clock::ALL
            .iter()
            .map(|(name, about, _)| pair(name, about))
            .collect(),
        What::Models => LAWS.iter().map(|l| pair(l.name(), l.about())).collect(),
        What::Pictures => PICTURES
            .iter()
            .map(|p| vec![p.name.to_string(), plain(p.about), plain(p.needs)])
            .collect(),
        What::Metrics => columns(&[50, 99, 100])
            .iter()
            .map(|c| vec![c.name.clone(), c.unit.to_string(), c.about.clone()])
            .collect(),
    };
    let header: &[&str] = match options.what {
        What::Metrics => &["name", "unit", "what it is"],
        What::Pictures => &["name", "what it shows", "what it needs"],
        _ => &["name", "what it is"],
    };
    console.say(table(header, &rows))
}

/// A line of the documents, without its quotes.
fn plain(text: &str) -> String {
    text.replace('`', "")
}
