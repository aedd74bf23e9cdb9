//! Who can talk to whom: a file per kind.
//!
//! Invariant: a topology stays as it was drawn for the whole run; it knows no
//! message and no protocol.

pub mod graphs;
mod random_view;

pub use random_view::RandomView;

use crate::kind::{self, Kind};
use crate::node::NodeId;
use crate::random::Stream;
use serde::{Deserialize, Serialize};

/// `[network] topology`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Topology {
    /// Everybody knows everybody.
    #[default]
    Complete,
    /// Each node has a fixed list of random others.
    RandomView(RandomView),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoKeys {}

/// The topologies by name.
pub const KINDS: &[Kind<Topology>] = &[
    Kind {
        name: "complete",
        about: "everybody knows everybody (default)",
        read: |table| kind::read::<NoKeys>(table).map(|_| Topology::Complete),
    },
    Kind {
        name: "random-view",
        about: "each node has a fixed list of `size` distinct random others",
        read: |table| kind::read(table).map(Topology::RandomView),
    },
];

impl Topology {
    /// Its `kind` in scenarios.
    pub fn name(&self) -> &'static str {
        match self {
            Topology::Complete => "complete",
            Topology::RandomView(_) => "random-view",
        }
    }

    /// The fewest neighbours that a node has among `nodes` nodes.
    pub fn degree_min(&self, nodes: u32) -> u32 {
        match self {
            Topology::Complete => nodes - 1,
            Topology::RandomView(view) => view.size.min(nodes - 1),
        }
    }

    /// Bytes that its graph takes.
    pub fn bytes(&self, nodes: u32) -> u64 {
        match self {
            Topology::Complete => 0,
            Topology::RandomView(view) => 4 * u64::from(nodes) * u64::from(view.size),
        }
    }

    /// The graph over `nodes` nodes.
    pub fn build(&self, nodes: u32, stream: &mut Stream) -> Graph {
        match self {
            Topology::Complete => Graph::Complete { nodes },
            Topology::RandomView(view) => view.build(nodes, stream),
        }
    }
}

/// A graph: who are a node's neighbours.
pub enum Graph {
    /// All others.
    Complete {
        /// How many nodes there are.
        nodes: u32,
    },
    /// `size` neighbours per node, one node after another.
    Views {
        /// Neighbours per node.
        size: u32,
        /// `nodes * size` ids.
        neighbours: Vec<u32>,
    },
}

impl Graph {
    /// How many neighbours the node has.
    #[inline]
    pub fn degree(&self, _node: NodeId) -> u32 {
        match self {
            Graph::Complete { nodes } => nodes - 1,
            Graph::Views { size, .. } => *size,
        }
    }

    /// Replaces places among the node's neighbours by the neighbours' ids.
    #[inline]
    pub fn name_neighbours(&self, node: NodeId, places: &mut [u32]) {
        match self {
            Graph::Complete { .. } => {
                for place in places {
                    *place += u32::from(*place >= node.0);
                }
            }
            Graph::Views { size, neighbours } => {
                let start = node.index() * *size as usize;
                for place in places {
                    *place = neighbours[start + *place as usize];
                }
            }
        }
    }
}
