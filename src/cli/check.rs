//! `gossim check`: is a scenario valid, how large is it, which theory applies?

use super::console::{Console, Failure, argument, short};
use super::sweep::threads;
use crate::laws::{self, Subject};
use crate::network::Network;
use crate::random::Seeds;
use crate::registry::Entry;
use crate::report;
use crate::scenario::{Cell, Overrides, Purpose, Scenario};
use clap::Args;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Args)]
pub struct Options {
    /// Scenario files
    #[arg(required = true)]
    scenarios: Vec<PathBuf>,
    /// Let the scenarios name files outside their folders
    #[arg(long)]
    allow_outside: bool,
}

pub fn execute(console: &Console, options: &Options, protocols: &[Entry]) -> Result<(), Failure> {
    let mut failures = Vec::new();
    for file in &options.scenarios {
        let overrides = Overrides {
            purpose: Purpose::Sweep,
            allow_outside: options.allow_outside,
            ..Overrides::default()
        };
        match Scenario::read(file, protocols, &overrides) {
            Ok(scenario) => {
                console.say(format!("{}: valid", file.display()))?;
                describe(console, &scenario)?;
            }
            Err(error) => failures.push(error.to_string()),
        }
    }
    match failures.is_empty() {
        false => Err(Failure::Usage(failures.join("\n"))),
        true => match options.scenarios.first() {
            Some(file) => console.say(format!("next: gossim sweep {}", argument(file))),
            None => Ok(()),
        },
    }
}

fn describe(console: &Console, scenario: &Scenario) -> Result<(), Failure> {
    let cells = scenario.cell_count();
    let mut events = 0.0;
    let mut memory = 0;
    let mut theory = BTreeMap::new();
    let mut notes = BTreeMap::new();
    let mut graphs = Graphs::default();
    for number in 0..cells {
        let cell = scenario.cell(number)?;
        events += report::events_about(&cell) * scenario.replicates as f64;
        memory = memory.max(cell.protocol.memory_bytes(&cell.setup));
        for subject in Subject::ALL {
            let law = laws::find(subject, &cell);
            let says = subject.says(law.as_ref().map(|found| found.name));
            if let Some((metrics, says)) = subject.metrics().zip(says) {
                *theory.entry((subject, metrics, says)).or_insert(0u64) += 1;
            }
        }
        if let Some(note) = report::never_quiescent(&cell) {
            *notes.entry(note).or_insert(0u64) += 1;
        }
        graphs.count(&cell, scenario.seed);
    }
    let runs = cells.saturating_mul(scenario.replicates);
    let replicates = scenario.replicates;
    console.say(format!(
        "  {cells} cells x {replicates} replicates: {runs} runs"
    ))?;
    if let Some(text) = report::few_replicates(replicates) {
        console.say(format!("  note: {text}"))?;
    }
    for (note, count) in notes {
        console.say(format!("  note: {note} ({count} cells)"))?;
    }
    console.say(format!("  about {} million events", short(events / 1e6)))?;
    let megabytes = memory as f64 * threads(None) as f64 / 1e6;
    console.say(format!(
        "  at most about {} MB at once",
        short(megabytes.max(1.0))
    ))?;
    for ((_, metrics, says), count) in theory {
        console.say(format!("  {metrics}: {says} ({count} cells)"))?;
    }
    for graph in &graphs.0 {
        console.say(format!("  graph: {} ({} cells)", graph.says, graph.cells))?;
        for note in &graph.notes {
            console.say(format!("  note: {note}"))?;
        }
    }
    console.say("  complete settings:\n")?;
    for line in scenario.complete().lines() {
        console.say(format!("    {line}").trim_end())?;
    }
    console.say("")
}

/// Larger graphs are not drawn only to be looked at.
const ARCS_MAX: u64 = 20_000_000;

/// The graphs of all cells, each once.
#[derive(Default)]
struct Graphs(Vec<Graph>);

struct Graph {
    network: Network,
    nodes: u32,
    says: String,
    notes: Vec<String>,
    cells: u64,
}

impl Graphs {
    /// Looks at a cell's graph, as its first replicate has it.
    fn count(&mut self, cell: &Cell, seed: u64) {
        let (network, nodes) = (&cell.setup.network, cell.setup.nodes);
        if network.topology.is_complete() {
            return;
        }
        let is_known = |graph: &&mut Graph| {
            let other = &graph.network;
            (&other.topology, &other.held, graph.nodes) == (&network.topology, &network.held, nodes)
        };
        if let Some(known) = self.0.iter_mut().find(is_known) {
            known.cells += 1;
            return;
        }
        let (says, notes) = look(network, nodes, seed);
        self.0.push(Graph {
            network: network.clone(),
            nodes,
            says,
            notes,
            cells: 1,
        });
    }
}

/// What a graph is like, and what is doubtful about it.
fn look(network: &Network, nodes: u32, seed: u64) -> (String, Vec<String>) {
    let name = network.topology.name();
    let mut notes = Vec::new();
    if let Some(held) = &network.held
        && held.loops + held.repeats > 0
    {
        notes.push(format!(
            "the file has {} edges from a node to itself and {} that were there before: left out",
            held.loops, held.repeats
        ));
    }
    if network.graph_bytes(nodes) > 4 * ARCS_MAX {
        return (
            format!("{name}, {nodes} nodes: too large to look at"),
            notes,
        );
    }
    let seeds = Seeds {
        master: seed,
        replicate: 0,
        cell: String::new(),
    };
    let facts = network.graph(nodes, &seeds).facts();
    if facts.components > 1 {
        notes.push(format!(
            "the graph is in {} pieces, the largest of {} nodes: what begins in one stays there",
            facts.components, facts.component_max
        ));
    }
    let says = format!(
        "{name}, {nodes} nodes, {} arcs, degree {} to {} (mean {}), {} components, diameter about {}",
        facts.arcs,
        facts.degree_min,
        facts.degree_max,
        short(facts.degree_mean),
        facts.components,
        facts.diameter_about
    );
    (says, notes)
}
