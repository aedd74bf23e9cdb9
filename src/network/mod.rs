//! Who can talk to whom, how long it takes, what is lost: a file per model.
//!
//! Invariant: knows no protocol, no queue and no clock; it is asked for a
//! topology, a peer, a latency, and gives one from the stream it is handed.

pub mod latency;
mod loss;
pub mod paths;
mod peers;
mod sampling;
pub mod topology;

pub use latency::Latency;
pub use loss::Loss;
pub use paths::PathLaw;
pub use peers::{Drawn, Others, Peers};
pub use sampling::Sampling;
pub use topology::Topology;

use crate::random::Seeds;
use topology::{Graph, Held};

/// The network of a run, as its scenario says it.
#[derive(Clone, PartialEq, Debug)]
pub struct Network {
    /// Who can talk to whom.
    pub topology: Topology,
    /// What the file of a topology held, if it names one.
    pub held: Option<Held>,
    /// How long a message travels.
    pub latency: Latency,
    /// The probability, independent for each message, that it is lost: 0 to 1.
    pub loss: f64,
    /// What paths have besides.
    pub paths: PathLaw,
}

impl Network {
    /// The graph of one run over `nodes` nodes.
    pub fn graph(&self, nodes: u32, seeds: &Seeds) -> Graph {
        match &self.held {
            Some(held) => Graph::Arcs(held.arcs.clone()),
            None => self.topology.build(nodes, seeds),
        }
    }

    /// Neighbours that a node has in the mean among `nodes` nodes, rounded up.
    pub fn degree_about(&self, nodes: u32) -> u32 {
        match &self.held {
            Some(held) => held.arcs.count().div_ceil(nodes),
            None => self.topology.degree_about(nodes),
        }
    }

    /// Bytes that a graph takes.
    pub fn graph_bytes(&self, nodes: u32) -> u64 {
        match &self.held {
            Some(held) => held.arcs.bytes(),
            None => self.topology.bytes(nodes),
        }
    }
}
