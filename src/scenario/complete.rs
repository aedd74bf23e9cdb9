//! The complete scenario as text: defaults written out, options baked in, so
//! that it makes the same cells again, whatever later defaults are.
//!
//! A default that depends on a setting which axes or cases change is not
//! written: a cell's own reading fills it in.

use super::grid::Grid;
use super::plain;
use super::read::Read;
use super::tree::{self, Tree};
use crate::engine::{Clock, Sources};
use crate::network::{Latency, Sampling, Topology};
use std::fmt::Write;
use toml::{Table, Value};

/// All that the text is made from.
pub struct Parts<'s> {
    /// Comment lines, each with its `#`.
    pub comment: &'s str,
    pub name: &'s str,
    pub seed: u64,
    pub replicates: u64,
    pub tree: &'s Tree,
    pub base: &'s Read,
    pub grid: &'s Grid,
}

/// The comment at the head of a scenario: its first lines that begin with `#`.
pub fn opening_comment(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let lines = text.lines().take_while(|line| line.starts_with('#'));
    lines.map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The text.
pub fn text(parts: &Parts) -> String {
    let mut text = parts.comment.to_string();
    pair(&mut text, "name", &parts.name.into());
    pair(&mut text, "seed", &whole(parts.seed));
    for (name, table) in [
        ("nodes", nodes(parts)),
        ("protocol", protocol(parts)),
        ("clock", clock(parts)),
        ("network", network(parts)),
        ("messages", messages(parts)),
        ("workload", workload(parts)),
        ("stop", stop(parts)),
        ("measure", measure(parts)),
    ] {
        line(&mut text, format_args!("\n[{name}]"));
        for (key, value) in &table {
            pair(&mut text, key, value);
        }
    }
    sweep(&mut text, parts);
    text
}

fn line(text: &mut String, line: std::fmt::Arguments) {
    // Writing into a String does not fail.
    let _ = writeln!(text, "{line}");
}

fn pair(text: &mut String, key: &str, value: &Value) {
    line(
        text,
        format_args!("{} = {}", plain::key(key), plain::toml(value)),
    );
}

fn whole(number: u64) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

fn list(numbers: impl Iterator<Item = u64>) -> Value {
    Value::Array(numbers.map(whole).collect())
}

fn pairs<const N: usize>(pairs: [(&str, Value); N]) -> Vec<(String, Value)> {
    pairs.map(|(key, value)| (key.to_string(), value)).to_vec()
}

type Pairs = Vec<(String, Value)>;

fn nodes(parts: &Parts) -> Pairs {
    pairs([("count", whole(u64::from(parts.base.setup.nodes)))])
}

/// `kind` and all keys of that kind; only those given where cells choose
/// another kind, which may not know them.
fn of_kind(parts: &Parts, path: &str, kind: &str, settings: Table) -> Pairs {
    let mut table = pairs([("kind", kind.into())]);
    let given = tree::get(parts.tree, path).and_then(|node| node.get_ref().as_table());
    let given = given.and_then(tree::plain_table).unwrap_or_default();
    if !varies(parts.grid, &format!("{path}.kind")) {
        table.extend(settings);
        return table;
    }
    let complete = |(key, value)| {
        let value = settings.get(&key).cloned().unwrap_or(value);
        (key, value)
    };
    let ours = ["kind", "period", "sampling"];
    let own = given
        .into_iter()
        .filter(|(key, _)| !ours.contains(&key.as_str()));
    table.extend(own.map(complete));
    table
}

/// Does an axis or a case set this key, or a table that holds it?
fn varies(grid: &Grid, key: &str) -> bool {
    grid.paths().any(|path| path.holds(key))
}

/// Does an axis or a case set this table or something in it?
fn varies_within(grid: &Grid, table: &str) -> bool {
    let within = format!("{table}.");
    grid.paths()
        .any(|path| path.holds(table) || path.text.starts_with(&within))
}

fn protocol(parts: &Parts) -> Pairs {
    let read = parts.base;
    let settings = read.protocol.settings().clone();
    let mut table = of_kind(parts, "protocol", &read.protocol_name, settings);
    let sampling = Sampling::ALL
        .iter()
        .find(|(_, s)| *s == read.setup.sampling);
    let sampling = sampling.map_or("others", |(name, _)| name);
    table.extend(pairs([
        ("period", read.setup.period.to_string().into()),
        ("sampling", sampling.into()),
    ]));
    table
}

fn clock(parts: &Parts) -> Pairs {
    pairs([("mode", clock_name(parts.base.setup.clock).into())])
}

fn clock_name(clock: Clock) -> &'static str {
    let found = Clock::ALL.iter().find(|(_, _, known)| *known == clock);
    found.map_or("periodic", |(name, _, _)| name)
}

fn network(parts: &Parts) -> Pairs {
    let network = &parts.base.setup.network;
    let topology = match &network.topology {
        Topology::Complete => Table::new(),
        Topology::RandomView(view) => table(view),
    };
    let latency = match &network.latency {
        Latency::Constant(law) => table(law),
        Latency::Uniform(law) => table(law),
        Latency::Exponential(law) => table(law),
        Latency::LogNormal(law) => table(law),
    };
    let mut pairs = Vec::new();
    for (key, kind, settings) in [
        ("topology", network.topology.name(), topology),
        ("latency", network.latency.name(), latency),
    ] {
        let path = format!("network.{key}");
        // Where cells bring their own, a default would only be in their way.
        if tree::get(parts.tree, &path).is_some() || !varies_within(parts.grid, &path) {
            let table: Table = of_kind(parts, &path, kind, settings).into_iter().collect();
            pairs.push((key.to_string(), Value::Table(table)));
        }
    }
    pairs.push(("loss".to_string(), Value::Float(network.loss)));
    pairs
}

fn table(settings: &impl serde::Serialize) -> Table {
    Table::try_from(settings).unwrap_or_default()
}

fn messages(parts: &Parts) -> Pairs {
    let bytes = parts.base.setup.messages;
    pairs([
        ("header_bytes", whole(u64::from(bytes.header))),
        ("payload_bytes", whole(u64::from(bytes.payload))),
    ])
}

fn workload(parts: &Parts) -> Pairs {
    let workload = &parts.base.setup.workload;
    let sources = match &workload.sources {
        Sources::Count(count) => whole(u64::from(*count)),
        Sources::Nodes(ids) => list(ids.iter().map(|id| u64::from(id.0))),
    };
    pairs([("sources", sources), ("at", workload.at.to_string().into())])
}

fn stop(parts: &Parts) -> Pairs {
    let stop = &parts.base.setup.stop;
    let mut table = pairs([("all_informed", stop.all_informed.into())]);
    if let Some(share) = stop.coverage {
        table.extend(pairs([("coverage", Value::Float(share))]));
    }
    table.extend(pairs([
        ("majority", stop.majority.into()),
        ("quiescent", stop.quiescent.into()),
    ]));
    if let Some(time) = stop.time {
        table.extend(pairs([("time", time.to_string().into())]));
    }
    let is_given = tree::get(parts.tree, "stop.rounds").is_some();
    let depends = ["stop.time", "stop.rounds", "stop.max_events"];
    let depends = depends.iter().any(|key| varies(parts.grid, key));
    if let Some(rounds) = stop.rounds.filter(|_| is_given || !depends) {
        table.extend(pairs([("rounds", whole(rounds))]));
    }
    if let Some(events) = stop.max_events {
        table.extend(pairs([("max_events", whole(events))]));
    }
    table
}

fn measure(parts: &Parts) -> Pairs {
    let measure = &parts.base.setup.measure;
    let thresholds = measure.thresholds.iter().copied().map(u64::from);
    let mut table = pairs([
        ("thresholds", list(thresholds)),
        ("contact", measure.contact.into()),
        ("series", measure.series.into()),
    ]);
    let is_given = tree::get(parts.tree, "measure.warm_up").is_some();
    if is_given || !varies(parts.grid, "clock.mode") {
        table.extend(pairs([("warm_up", whole(measure.warm_up))]));
    }
    table
}

fn sweep(text: &mut String, parts: &Parts) {
    line(text, format_args!("\n[sweep]"));
    pair(text, "replicates", &whole(parts.replicates));
    for axis in &parts.grid.axes {
        // A path is quoted: bare, it would be a table in a table.
        let values = Value::Array(axis.plain.clone());
        let path = plain::quoted(&axis.path.text);
        line(text, format_args!("{path} = {}", plain::toml(&values)));
    }
    for case in &parts.grid.cases {
        line(text, format_args!("\n[[sweep.case]]"));
        pair(text, "label", &case.label.as_str().into());
        for (path, node) in &case.settings {
            if let Some(value) = tree::plain(node.get_ref()) {
                let path = plain::quoted(&path.text);
                line(text, format_args!("{path} = {}", plain::toml(&value)));
            }
        }
    }
}
