//! The typed reading of one cell: from the tree with all its values set to the
//! protocol and the engine's set-up.

use super::checks;
use super::error::Problem;
use super::sections::{self, PERIOD_MIN};
use super::shape;
use super::tree::{self, Tree};
use super::values::{CountOrIds, Whole};
use super::words;
use crate::engine::{Clock, MessageBytes, Setup, Sources, Workload};
use crate::kind::{self, Kind, Table};
use crate::metrics::Measure;
use crate::network::{Network, PathLaw, Sampling, latency, topology};
use crate::node::NodeId;
use crate::protocol::World;
use crate::registry::{Entry, Loaded};
use crate::stop::Stop;
use crate::time::Duration;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Rounds after which a run ends that nothing else ends.
pub const ROUNDS_DEFAULT: u64 = 1000;

/// What a tree says.
pub struct Read {
    pub protocol_name: String,
    pub protocol: Box<dyn Loaded>,
    pub setup: Setup,
}

/// Reads a tree (less its `[sweep]`), and checks what no section can know alone.
pub fn read(tree: &Tree, protocols: &[Entry], memory_bytes: u64) -> Result<Read, Problem> {
    let Whole(nodes) = section::<sections::Nodes>(tree, "nodes", &[])?.count;
    let clock = clock(tree)?;
    let cycle: sections::Cycle = partial(tree, "protocol", &["period", "sampling"])?;
    let sampling = match cycle.sampling {
        Some(name) => named(tree, "protocol.sampling", &name, &Sampling::ALL)?,
        None => Sampling::default(),
    };
    let world = World {
        nodes: nodes as u32,
        synchronous: clock == Clock::Synchronous,
    };
    let (protocol_name, protocol) = protocol(tree, protocols, &world)?;
    let setup = Setup {
        nodes: world.nodes,
        period: period(tree, cycle.period)?,
        clock,
        sampling,
        network: network(tree)?,
        messages: messages(tree)?,
        workload: workload(tree)?,
        stop: stop(tree)?,
        measure: measure(tree, clock)?,
    };
    let read = Read {
        protocol_name,
        protocol,
        setup,
    };
    checks::check(tree, &read, memory_bytes)?;
    Ok(read)
}

/// The table at a path; an empty one where there is none.
fn table(tree: &Tree, path: &str) -> Result<Table, Problem> {
    let Some(node) = tree::get(tree, path) else {
        return Ok(Spanned::new(tree::place(tree, path), DeTable::new()));
    };
    match node.get_ref() {
        DeValue::Table(table) => Ok(Spanned::new(node.span(), table.clone())),
        other => {
            let why = format!("`{path}` must be a table, not {}", tree::what(other));
            let how = match path {
                "network.latency" => "write it as in { kind = \"constant\", value = \"5ms\" }",
                "network.topology" => "write it as in { kind = \"complete\" }",
                _ => return Err(Problem::at(node.span(), why).help(format!("write [{path}]"))),
            };
            Err(Problem::at(node.span(), why).help(how))
        }
    }
}

/// A section, read by serde; `more_keys` are read elsewhere.
fn section<T: DeserializeOwned>(tree: &Tree, path: &str, more_keys: &[&str]) -> Result<T, Problem> {
    let table = table(tree, path)?;
    kind::read(table).map_err(|refused| shape::problem(tree, path, refused, more_keys))
}

/// Only these keys of a section.
fn partial<T: DeserializeOwned>(tree: &Tree, path: &str, keys: &[&str]) -> Result<T, Problem> {
    let table = table(tree, path)?;
    let span = table.span();
    let some = tree::only(table.into_inner(), |key| keys.contains(&key));
    kind::read(Spanned::new(span, some)).map_err(|refused| shape::problem(tree, path, refused, &[]))
}

/// The value that goes by a name.
fn named<T: Copy>(tree: &Tree, path: &str, name: &str, all: &[(&str, T)]) -> Result<T, Problem> {
    if let Some((_, value)) = all.iter().find(|(known, _)| *known == name) {
        return Ok(*value);
    }
    let known: Vec<&str> = all.iter().map(|(known, _)| *known).collect();
    let why = format!("`{path}` cannot be \"{}\"", words::short(name));
    Err(Problem::at(tree::place(tree, path), why).help(words::suggest(name, &known)))
}

fn clock(tree: &Tree) -> Result<Clock, Problem> {
    let clock: sections::Clock = section(tree, "clock", &[])?;
    let all = Clock::ALL.map(|(name, _, clock)| (name, clock));
    match clock.mode {
        Some(name) => named(tree, "clock.mode", &name, &all),
        None => Ok(Clock::default()),
    }
}

/// Takes `kind` out of a table, and finds it.
fn choose<T: Copy>(
    tree: &Tree,
    path: &str,
    all: &[(&str, T)],
) -> Result<(T, String, Table), Problem> {
    let mut table = table(tree, path)?;
    let at = format!("{path}.kind");
    let Some(node) = table.get_mut().remove("kind") else {
        let known: Vec<&str> = all.iter().map(|(known, _)| *known).collect();
        let place = tree::place(tree, path);
        let help = format!("choose {}", words::either(&known));
        return Err(Problem::at(place, format!("`{at}` is missing")).help(help));
    };
    let Some(name) = node.get_ref().as_str() else {
        let found = tree::what(node.get_ref());
        let why = format!("`{at}` must be text in quotes, not {found}");
        return Err(Problem::at(node.span(), why));
    };
    let chosen = named(tree, &at, name, all)?;
    Ok((chosen, name.to_string(), table))
}

fn protocol(
    tree: &Tree,
    protocols: &[Entry],
    world: &World,
) -> Result<(String, Box<dyn Loaded>), Problem> {
    const OURS: [&str; 3] = ["kind", "period", "sampling"];
    let all: Vec<(&str, &Entry)> = protocols.iter().map(|entry| (entry.name, entry)).collect();
    let (entry, name, table) = choose(tree, "protocol", &all)?;
    let span = table.span();
    let own = tree::only(table.into_inner(), |key| !OURS.contains(&key));
    let loaded = entry.read(Spanned::new(span, own), world);
    let loaded = loaded.map_err(|refused| shape::problem(tree, "protocol", refused, &OURS))?;
    Ok((name, loaded))
}

/// A table with a `kind`; the default where there is none.
fn of_kind<T: Default>(tree: &Tree, path: &str, kinds: &'static [Kind<T>]) -> Result<T, Problem> {
    if tree::get(tree, path).is_none() {
        return Ok(T::default());
    }
    let all: Vec<(&str, &Kind<T>)> = kinds.iter().map(|kind| (kind.name, kind)).collect();
    let (kind, _, table) = choose(tree, path, &all)?;
    (kind.read)(table).map_err(|refused| shape::problem(tree, path, refused, &[]))
}

fn network(tree: &Tree) -> Result<Network, Problem> {
    let network: sections::Network = section(tree, "network", &[])?;
    Ok(Network {
        paths: PathLaw::default(),
        topology: of_kind(tree, "network.topology", topology::KINDS)?,
        latency: of_kind(tree, "network.latency", latency::KINDS)?,
        loss: network.loss.0,
    })
}

fn period(tree: &Tree, period: Option<Duration>) -> Result<Duration, Problem> {
    let period = period.unwrap_or(Duration::seconds(1));
    if period < PERIOD_MIN {
        let why = format!("`protocol.period` must be at least {PERIOD_MIN}, not {period}");
        return Err(Problem::at(tree::place(tree, "protocol.period"), why));
    }
    Ok(period)
}

fn messages(tree: &Tree) -> Result<MessageBytes, Problem> {
    let messages: sections::Messages = section(tree, "messages", &[])?;
    let (header, payload) = (messages.header_bytes, messages.payload_bytes);
    Ok(MessageBytes {
        header: header.map_or(40, |Whole(bytes)| bytes as u32),
        payload: payload.map_or(256, |Whole(bytes)| bytes as u32),
    })
}

fn workload(tree: &Tree) -> Result<Workload, Problem> {
    let workload: sections::Workload = section(tree, "workload", &[])?;
    let sources = match workload.sources.unwrap_or(CountOrIds::Count(1)) {
        CountOrIds::Count(count) => Sources::Count(count),
        CountOrIds::Ids(ids) => Sources::Nodes(ids.into_iter().map(NodeId).collect()),
    };
    let at = workload.at.unwrap_or_default();
    Ok(Workload { sources, at })
}

fn stop(tree: &Tree) -> Result<Stop, Problem> {
    let stop: sections::Stop = section(tree, "stop", &[])?;
    if stop.time == Some(Duration::ZERO) {
        let place = tree::place(tree, "stop.time");
        return Err(Problem::at(place, "`stop.time` must be above 0s"));
    }
    let ends = stop.time.is_some() || stop.rounds.is_some() || stop.max_events.is_some();
    let rounds = stop.rounds.map(|Whole(rounds)| rounds);
    Ok(Stop {
        all_informed: stop.all_informed.unwrap_or(false),
        coverage: stop.coverage.map(|share| share.0),
        majority: stop.majority.unwrap_or(false),
        quiescent: stop.quiescent.unwrap_or(false),
        time: stop.time,
        rounds: rounds.or((!ends).then_some(ROUNDS_DEFAULT)),
        max_events: stop.max_events.map(|Whole(events)| events),
    })
}

fn measure(tree: &Tree, clock: Clock) -> Result<Measure, Problem> {
    let measure: sections::Measure = section(tree, "measure", &[])?;
    let warm_up = match clock {
        Clock::Synchronous => 0,
        Clock::Periodic | Clock::Poisson => 2,
    };
    Ok(Measure {
        thresholds: thresholds(tree, measure.thresholds)?,
        contact: measure.contact.unwrap_or(true),
        series: measure.series.unwrap_or(true),
        warm_up: measure.warm_up.map_or(warm_up, |Whole(windows)| windows),
    })
}

fn thresholds(tree: &Tree, given: Option<Vec<Whole<1, 100>>>) -> Result<Vec<u8>, Problem> {
    let Some(given) = given else {
        return Ok(vec![50, 99, 100]);
    };
    const PATH: &str = "measure.thresholds";
    if given.is_empty() {
        let why = format!("`{PATH}` is empty: leave the key out for [50, 99, 100]");
        return Err(Problem::at(tree::place(tree, PATH), why));
    }
    if let Some(twice) = first_repeated(&given) {
        let why = format!("{} is twice in `{PATH}`", given[twice].0);
        return Err(Problem::at(tree::place_of_item(tree, PATH, twice), why));
    }
    let mut thresholds: Vec<u8> = given.iter().map(|Whole(percent)| *percent as u8).collect();
    thresholds.sort_unstable();
    Ok(thresholds)
}

/// The place of the first item that was there before.
pub fn first_repeated<T: PartialEq>(items: &[T]) -> Option<usize> {
    (1..items.len()).find(|&at| items[..at].contains(&items[at]))
}
