//! Who can talk to whom: a file per kind.
//!
//! Invariant: a topology stays as it was drawn for the whole run; it knows no
//! message and no protocol.

mod complete;
pub mod graphs;
mod random_view;

pub use complete::Complete;
pub use random_view::RandomView;

use crate::invalid::Invalid;
use crate::kinds;
use crate::node::NodeId;
use crate::random::Stream;

kinds! {
    $ each_topology

    /// `[network] topology`.
    pub enum Topology {
        Complete = "complete", "everybody knows everybody (default)";
        RandomView = "random-view", "each node has a fixed list of `size` distinct random others";
    }
}

/// What a topology is, besides its settings.
trait Model {
    /// Do its settings fit together?
    fn check(&self) -> Result<(), Invalid> {
        Ok(())
    }

    /// The fewest neighbours that a node has among `nodes` nodes.
    fn degree_min(&self, nodes: u32) -> u32;

    /// Bytes that its graph takes.
    fn bytes(&self, nodes: u32) -> u64;

    /// The graph over `nodes` nodes.
    fn build(&self, nodes: u32, stream: &mut Stream) -> Graph;
}

impl Default for Topology {
    /// Complete.
    fn default() -> Topology {
        Topology::Complete(Complete {})
    }
}

impl Topology {
    /// Does everybody know everybody?
    pub fn is_complete(&self) -> bool {
        matches!(self, Topology::Complete(Complete {}))
    }

    /// The fewest neighbours that a node has among `nodes` nodes.
    pub fn degree_min(&self, nodes: u32) -> u32 {
        each_topology!(self, one => one.degree_min(nodes))
    }

    /// Bytes that its graph takes.
    pub fn bytes(&self, nodes: u32) -> u64 {
        each_topology!(self, one => one.bytes(nodes))
    }

    /// The graph over `nodes` nodes.
    pub fn build(&self, nodes: u32, stream: &mut Stream) -> Graph {
        each_topology!(self, one => one.build(nodes, stream))
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
