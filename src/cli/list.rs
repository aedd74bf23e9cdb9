//! `gossim list`: what a scenario can name.

use super::console::{Console, Failure, table};
use crate::engine::Clock;
use crate::key::{Key, Kind};
use crate::laws::LAWS;
use crate::metrics::columns::columns;
use crate::network::{latency, topology};
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
}

pub fn execute(console: &Console, options: &Options, protocols: &[Entry]) -> Result<(), Failure> {
    let pair = |name: &str, about: &str| vec![name.to_string(), about.to_string()];
    let rows: Vec<Vec<String>> = match options.what {
        What::Protocols => protocols.iter().map(|e| pair(e.name, e.about)).collect(),
        What::Topologies => topology::KINDS.iter().map(kind).collect(),
        What::Latencies => latency::KINDS.iter().map(kind).collect(),
        What::Clocks => Clock::ALL
            .iter()
            .map(|(name, about, _)| pair(name, about))
            .collect(),
        What::Models => LAWS.iter().map(|l| pair(l.name(), l.about())).collect(),
        What::Metrics => columns(&[50, 99, 100])
            .iter()
            .map(|c| vec![c.name.clone(), c.unit.to_string(), c.about.clone()])
            .collect(),
    };
    let header: &[&str] = match options.what {
        What::Metrics => &["name", "unit", "what it is"],
        What::Topologies | What::Latencies => &["name", "keys (default)", "what it is"],
        _ => &["name", "what it is"],
    };
    console.say(table(header, &rows))
}

/// A kind, and what it takes besides.
fn kind(kind: &Kind) -> Vec<String> {
    let key = |key: &Key| match key.default_value() {
        Some(default) => format!("{} ({default})", key.name),
        None => key.name.to_string(),
    };
    let keys: Vec<String> = kind.keys.iter().map(key).collect();
    vec![
        kind.name.to_string(),
        keys.join(", "),
        kind.about.to_string(),
    ]
}
