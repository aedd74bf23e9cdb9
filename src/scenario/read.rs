//! The typed reading of one cell: from the tree with all its values set to the
//! protocol and the engine's set-up.

use super::cell_read::Read;
use super::checks;
use super::error::Problem;
use super::inputs::{self, Inputs};
use super::shape;
use super::tree::{self, Tree};
use super::words;
use crate::engine::{self, Clock, MessageBytes, Setup};
use crate::key::{Key, Settings};
use crate::kind::{self, Table};
use crate::metrics;
use crate::network;
use crate::network::PathLaw;
use crate::network::paths::{Bandwidth, CutLaw, CutOff};
use crate::network::topology::{Held, Topology};
use crate::node::NodeId;
use crate::protocol::World;
use crate::registry::{Entry, Loaded};
use crate::settings::{self, OfProtocol, PROTOCOL, Path, SECTIONS, Sections, Sources};
use crate::stop::Stop;
use crate::time::Time;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Rounds after which a run ends that nothing else ends.
pub const ROUNDS_DEFAULT: u64 = 1000;

/// What a scenario is read by.
pub struct Known {
    /// The protocols.
    pub protocols: Vec<Entry>,
    /// Bytes that a run may take.
    pub memory_bytes: u64,
    /// The paths of all keys, for suggestions.
    pub paths: Vec<Path>,
    /// The files that it names.
    pub inputs: Inputs,
}

impl Known {
    pub fn new(protocols: &[Entry], memory_bytes: u64, inputs: Inputs) -> Known {
        Known {
            protocols: protocols.to_vec(),
            memory_bytes,
            paths: settings::paths(SECTIONS, &keys_of(protocols)),
            inputs,
        }
    }
}

/// The protocols' own keys.
pub fn keys_of(protocols: &[Entry]) -> Vec<OfProtocol> {
    let of_protocol = |entry: &Entry| OfProtocol {
        name: entry.name,
        about: entry.about,
        keys: entry.keys,
    };
    protocols.iter().map(of_protocol).collect()
}

/// Reads a tree (less its `[run]` and `[sweep]`), and checks what no section can know alone.
pub fn read(tree: &Tree, known: &Known) -> Result<Read, Problem> {
    // First, since all else may depend on it.
    chosen(tree, known)?;
    let mut sections = Sections::read(Reader { tree, known })?;
    fill_in(&mut sections);
    check_sections(tree, &sections)?;
    let world = World {
        nodes: sections.nodes.count,
    };
    let (protocol_name, protocol) = protocol(tree, known, &world)?;
    let mut read = Read {
        protocol_name,
        protocol,
        setup: setup(sections.clone()),
        sections,
    };
    checks::fit(tree, &read).map_err(Problem::misfit)?;
    checks::memory(tree, &read, known.memory_bytes)?;
    let held = held(tree, &mut read.sections, &known.inputs)?;
    if held.is_some() {
        read.setup = setup(read.sections.clone());
        read.setup.network.held = held;
        // With the file's graph it takes more.
        checks::memory(tree, &read, known.memory_bytes)?;
    }
    Ok(read)
}

fn names(keys: &[Key]) -> Vec<&'static str> {
    keys.iter().map(|key| key.name).collect()
}

/// Reads one section by itself.
pub fn section(tree: &Tree, known: &Known, name: &str) -> Result<(), Problem> {
    Sections::read_one(&mut Reader { tree, known }, name)
}

/// Reads the protocol's own keys by themselves.
pub fn own(tree: &Tree, known: &Known) -> Result<(), Problem> {
    // A number of nodes that no protocol minds.
    let world = World { nodes: u32::MAX };
    protocol(tree, known, &world).map(|_| ())
}

/// Which protocol, and its table.
fn chosen<'k>(tree: &Tree, known: &'k Known) -> Result<(&'k Entry, Table), Problem> {
    let all: Vec<(&str, &Entry)> = known.protocols.iter().map(|e| (e.name, e)).collect();
    choose(tree, PROTOCOL, &all)
}

/// The protocol, from its own keys.
fn protocol(
    tree: &Tree,
    known: &Known,
    world: &World,
) -> Result<(String, Box<dyn Loaded>), Problem> {
    let (entry, own) = chosen(tree, known)?;
    let ours = names(settings::Protocol::KEYS);
    let span = own.span();
    let own = tree::only(own.into_inner(), |key| !ours.contains(&key));
    let read = entry.read(Spanned::new(span, own), world);
    let protocol =
        read.map_err(|refused| shape::problem(tree, PROTOCOL, refused, &ours, &known.paths))?;
    Ok((entry.name.to_string(), protocol))
}

struct Reader<'r> {
    tree: &'r Tree,
    known: &'r Known,
}

impl settings::Reader for Reader<'_> {
    type Error = Problem;

    fn section<T: Settings>(&mut self, name: &'static str) -> Result<T, Problem> {
        let mut table = table(self.tree, name)?;
        if name == PROTOCOL {
            let ours = names(T::KEYS);
            let span = table.span();
            let some = tree::only(table.into_inner(), |key| ours.contains(&key));
            table = Spanned::new(span, some);
        }
        kind::read(table, T::KEYS)
            .map_err(|refused| shape::problem(self.tree, name, refused, &[], &self.known.paths))
    }
}

/// One section alone.
pub fn section_of<T: Settings>(
    tree: &Tree,
    known: &Known,
    name: &'static str,
) -> Result<T, Problem> {
    settings::Reader::section(&mut Reader { tree, known }, name)
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
            Err(Problem::at(node.span(), why).help(format!("write [{path}]")))
        }
    }
}

/// Takes `kind` out of a table, and finds it.
fn choose<T: Copy>(tree: &Tree, path: &str, all: &[(&str, T)]) -> Result<(T, Table), Problem> {
    let mut table = table(tree, path)?;
    let at = format!("{path}.kind");
    let known: Vec<&str> = all.iter().map(|(known, _)| *known).collect();
    let Some(node) = table.get_mut().remove("kind") else {
        let place = tree::place(tree, path);
        let help = format!("choose {}", words::either(&known));
        return Err(Problem::at(place, format!("`{at}` is missing")).help(help));
    };
    let Some(name) = node.get_ref().as_str() else {
        let found = tree::what(node.get_ref());
        let why = format!("`{at}` must be text in quotes, not {found}");
        return Err(Problem::at(node.span(), why));
    };
    match all.iter().find(|(known, _)| *known == name) {
        Some((_, value)) => Ok((*value, table)),
        None => {
            let why = format!("`{at}` cannot be \"{}\"", words::short(name));
            Err(Problem::at(node.span(), why).help(words::suggest(name, &known)))
        }
    }
}

/// The defaults that depend on other settings.
fn fill_in(sections: &mut Sections) {
    let stop = &mut sections.stop;
    if stop.time.is_none() && stop.rounds.is_none() && stop.max_events.is_none() {
        stop.rounds = Some(ROUNDS_DEFAULT);
    }
    let warm_up = match sections.clock.mode {
        Clock::Synchronous => 0,
        Clock::Periodic | Clock::Poisson => 2,
    };
    sections.measure.warm_up.get_or_insert(warm_up);
    sections.measure.thresholds.sort_unstable();
}

/// What the topology's file held; its hash and the name of its copy are written down.
fn held(tree: &Tree, sections: &mut Sections, inputs: &Inputs) -> Result<Option<Held>, Problem> {
    let nodes = sections.nodes.count;
    let Topology::TopologyFile(file) = &mut sections.network.topology else {
        return Ok(None);
    };
    let held = inputs.graph(file, nodes);
    let held = held.map_err(|invalid| Problem {
        // A file that is not there is a mistake in every cell.
        is_misfit: false,
        ..shape::setting(tree, "network.topology", &invalid)
    })?;
    file.sha256 = Some(held.sha256.clone());
    file.file = inputs::copy_of(&file.file);
    Ok(Some(held))
}

/// What a list must be that has no range for it.
fn check_sections(tree: &Tree, sections: &Sections) -> Result<(), Problem> {
    const PATH: &str = "measure.thresholds";
    let thresholds = &sections.measure.thresholds;
    if thresholds.is_empty() {
        let why = format!("`{PATH}` is empty: leave the key out for [50, 99, 100]");
        return Err(Problem::at(tree::place(tree, PATH), why));
    }
    // In the order of the file: the second of two is pointed at.
    let given = tree::get(tree, PATH).and_then(|node| tree::plain(node.get_ref()));
    let given = given.as_ref().and_then(|list| list.as_array());
    if let Some((twice, value)) = given.and_then(|items| first_repeated(items)) {
        let why = format!("{value} is twice in `{PATH}`");
        return Err(Problem::at(tree::place_of_item(tree, PATH, twice), why));
    }
    Ok(())
}

/// The first item that was there before, with its place.
fn first_repeated<T: PartialEq>(items: &[T]) -> Option<(usize, &T)> {
    let mut all = items.iter().enumerate();
    all.find(|(at, item)| items[..*at].contains(item))
}

/// The engine's set-up. Everything is taken apart without `..`: a setting that
/// nothing is made of does not compile.
fn setup(sections: Sections) -> Setup {
    let Sections {
        nodes: settings::Nodes { count },
        protocol:
            settings::Protocol {
                kind: _,
                period,
                sampling,
            },
        clock: settings::ClockSection { mode },
        network,
        messages,
        workload,
        stop,
        measure,
    } = sections;
    Setup {
        nodes: count,
        period,
        clock: mode,
        sampling,
        network: network_of(network),
        messages: messages_of(messages),
        workload: workload_of(workload),
        stop: stop_of(stop),
        measure: measure_of(measure),
    }
}

fn network_of(section: settings::Network) -> network::Network {
    let settings::Network {
        topology,
        latency,
        loss,
        duplicate,
        uplink,
        downlink,
        queue_bytes,
        cut,
    } = section;
    let bandwidth = |rate: settings::Rate| Bandwidth {
        bits_per_second: rate.0,
        queue_bytes,
    };
    network::Network {
        topology,
        held: None,
        latency,
        loss,
        paths: PathLaw {
            duplicate: duplicate.unwrap_or(0.0),
            uplink: uplink.map(bandwidth),
            downlink: downlink.map(bandwidth),
            cuts: cut.into_iter().flatten().map(cut_of).collect(),
        },
    }
}

fn cut_of(section: settings::Cut) -> CutLaw {
    let settings::Cut {
        from,
        until,
        share,
        nodes,
        one_way,
    } = section;
    CutLaw {
        from: Time::ZERO.after(from),
        until: until.map_or(Time::NEVER, |until| Time::ZERO.after(until)),
        // One of them is given, or the check refuses it.
        who: match nodes {
            Some(nodes) => CutOff::Nodes(nodes),
            None => CutOff::Share(share.unwrap_or(0.0)),
        },
        one_way,
    }
}

fn messages_of(section: settings::Messages) -> MessageBytes {
    let settings::Messages {
        header_bytes,
        payload_bytes,
    } = section;
    MessageBytes {
        header: header_bytes,
        payload: payload_bytes,
    }
}

fn workload_of(section: settings::Workload) -> engine::Workload {
    let settings::Workload { sources, at } = section;
    let sources = match sources {
        Sources::Count(count) => engine::Sources::Count(count),
        Sources::Ids(ids) => engine::Sources::Nodes(ids.into_iter().map(NodeId).collect()),
    };
    engine::Workload { sources, at }
}

fn stop_of(section: settings::Stop) -> Stop {
    let settings::Stop {
        all_informed,
        coverage,
        majority,
        quiescent,
        time,
        rounds,
        max_events,
    } = section;
    Stop {
        all_informed,
        coverage,
        majority,
        quiescent,
        time,
        rounds,
        max_events,
    }
}

fn measure_of(section: settings::Measure) -> metrics::Measure {
    let settings::Measure {
        thresholds,
        contact,
        series,
        warm_up,
        hops,
    } = section;
    metrics::Measure {
        thresholds,
        contact,
        series,
        warm_up: warm_up.unwrap_or_default(),
        hops,
    }
}
