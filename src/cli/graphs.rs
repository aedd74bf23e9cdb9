//! What `gossim check` says of the graphs of a scenario.

use super::console::{Console, Failure, counted, short};
use crate::network::Network;
use crate::random::Seeds;
use crate::scenario::Cell;
use serde_json::{Value, json};

/// Larger graphs are not drawn only to be looked at.
const ARCS_MAX: u64 = 20_000_000;

/// The graphs of all cells, each once.
#[derive(Default)]
pub struct Graphs(Vec<Graph>);

struct Graph {
    network: Network,
    nodes: u32,
    says: String,
    notes: Vec<String>,
    cells: u64,
}

impl Graphs {
    /// Looks at a cell's graph, as its first replicate has it.
    pub fn add(&mut self, cell: &Cell, seed: u64) {
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

    /// A line for each, and one for each doubt.
    pub fn show(&self, console: &Console) -> Result<(), Failure> {
        for graph in &self.0 {
            let cells = counted(graph.cells, "cell");
            console.say(format!("  graph: {} ({cells})", graph.says))?;
            for note in &graph.notes {
                console.say(format!("  note: {note}"))?;
            }
        }
        Ok(())
    }

    /// The same for programs.
    pub fn object(&self) -> Value {
        let graph = |graph: &Graph| json!({ "says": graph.says, "notes": graph.notes, "cells": graph.cells });
        self.0.iter().map(graph).collect()
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
        "{name}, {nodes} nodes, {} arcs, degree {} to {} (mean {}), {}, diameter about {}",
        facts.arcs,
        facts.degree_min,
        facts.degree_max,
        short(facts.degree_mean),
        counted(u64::from(facts.components), "piece"),
        facts.diameter_about
    );
    (says, notes)
}
