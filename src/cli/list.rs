//! `gossim list`: what a scenario can name.

use super::console::{Console, Failure};
use super::table::table;
use crate::engine::Clock;
use crate::key::{Key, Kind};
use crate::laws::LAWS;
use crate::metrics::columns::{Asked, columns};
use crate::network::{latency, topology};
use crate::pictures::PICTURES;
use crate::registry::{self, Entry};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

#[derive(Args)]
#[command(after_help = "\
Examples:
  gossim list protocols
  gossim list metrics
  gossim list models --json")]
pub struct Options {
    /// What to list
    #[arg(value_enum)]
    what: What,
    /// One JSON object on standard output, in place of the text
    #[arg(long)]
    json: bool,
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

impl What {
    /// As it is typed.
    fn key(self) -> String {
        let value = self.to_possible_value();
        value.map_or(String::new(), |value| value.get_name().to_string())
    }
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
        What::Metrics => metrics(protocols),
        What::Pictures => PICTURES
            .iter()
            .map(|p| vec![p.name.to_string(), plain(p.about), plain(p.needs)])
            .collect(),
    };
    let header: &[&str] = match options.what {
        What::Metrics => &["name", "unit", "what it is"],
        What::Pictures => &["name", "what it shows", "what it needs"],
        What::Topologies | What::Latencies => &["name", "keys (default)", "what it is"],
        _ => &["name", "what it is"],
    };
    if options.json {
        let key = |name: &str| if name == "what it is" { "about" } else { name }.to_string();
        let keys: Vec<String> = header.iter().map(|name| key(name)).collect();
        let object = |row: Vec<String>| {
            let pairs = keys.iter().cloned().zip(row.into_iter().map(Value::String));
            Value::Object(pairs.collect())
        };
        let objects: Vec<Value> = rows.into_iter().map(object).collect();
        return console.json(&json!({ options.what.key(): objects }));
    }
    console.say(table(header, &rows))?;
    match options.what {
        What::Metrics => console.say(LATER),
        _ => Ok(()),
    }
}

/// What a time that was never reached counts as.
const LATER: &str = "\
rounds_to_*, time_to_* and messages_to_*: one per threshold; a run that ended before has
no value. Means are empty then; medians and other quantiles count it as later than all.";

/// The columns of every run, then each protocol's own.
fn metrics(protocols: &[Entry]) -> Vec<Vec<String>> {
    let every = columns(&Asked {
        hops: true,
        ..Asked::thresholds(&[50, 99, 100])
    });
    let every = every
        .into_iter()
        .map(|column| vec![column.name, column.unit.to_string(), column.about]);
    let own = protocols.iter().flat_map(|entry| {
        let columns = registry::own_columns([entry]).into_iter();
        columns.map(|column| {
            let about = format!("{} ({} only)", column.about, entry.name);
            vec![column.name.to_string(), column.unit.to_string(), about]
        })
    });
    every.chain(own).collect()
}

/// A line of the documents, without its quotes.
fn plain(text: &str) -> String {
    text.replace('`', "")
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
