//! Who can talk to whom: a file per kind.
//!
//! Invariant: a topology stays as it was drawn for the whole run; it knows no
//! message and no protocol.

mod complete;
mod file;
pub mod graphs;
mod random_view;

pub use complete::Complete;
pub use file::{FileIds, Held, TopologyFile};
pub use graphs::{
    Arcs, BarabasiAlbert, Blocks, Facts, Geometric, Gnm, Gnp, Grid, Hypercube, Line, Regular, Ring,
    Star, Tree, WattsStrogatz,
};
pub use random_view::RandomView;

use crate::invalid::Invalid;
use crate::kinds;
use crate::node::NodeId;
use crate::random::{Seeds, Stream, StreamName};
use std::sync::Arc;

kinds! {
    $ each_topology

    /// `[network] topology`.
    pub enum Topology {
        Complete = "complete", "everybody knows everybody (default)";
        RandomView = "random-view", "each node has a fixed list of `size` distinct random others";
        Ring = "ring", "the nearest `reach` nodes on either side";
        Line = "line", "node after node, open at both ends";
        Star = "star", "everybody knows node 0, and nobody else";
        Tree = "tree", "a full tree from node 0: each node has `arity` children";
        Grid = "grid", "two or three dimensions, open or wrapped, with random extra neighbours";
        Hypercube = "hypercube", "2^d nodes whose ids differ in one bit";
        Geometric = "geometric", "random points of the unit torus, near ones are neighbours";
        Regular = "regular", "random, every node with the same `degree`";
        Gnp = "gnp", "random, each pair an edge with probability `p`";
        Gnm = "gnm", "random, with so many `edges`";
        WattsStrogatz = "watts-strogatz", "a small world: a ring of which some edges are rewired";
        BarabasiAlbert = "barabasi-albert", "scale-free: new nodes link to those of many links";
        Blocks = "blocks", "groups that know themselves better than each other";
        TopologyFile = "file", "an edge list that is read from a file";
    }
}

/// What a topology is, besides its settings.
trait Model {
    /// Do its settings fit together?
    fn check(&self) -> Result<(), Invalid> {
        Ok(())
    }

    /// Can there be such a graph over so many nodes?
    fn fits(&self, nodes: u32) -> Result<(), Invalid>;

    /// Its arcs, in the mean where chance decides.
    fn arcs(&self, nodes: u32) -> u64;

    /// Bytes that its graph takes.
    fn bytes(&self, nodes: u32) -> u64 {
        4 * (u64::from(nodes) + 1) + 4 * self.arcs(nodes)
    }

    /// The seed of its own, in the place of the run's.
    fn seed(&self) -> Option<u64> {
        None
    }

    /// Is the graph the same in all runs?
    fn is_fixed(&self) -> bool {
        self.seed().is_some()
    }

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

    /// Can there be such a graph over so many nodes?
    ///
    /// # Errors
    /// The key that says otherwise.
    pub fn fits(&self, nodes: u32) -> Result<(), Invalid> {
        each_topology!(self, one => Model::fits(one, nodes))
    }

    /// Is the graph the same in all runs?
    pub fn is_fixed(&self) -> bool {
        each_topology!(self, one => one.is_fixed())
    }

    /// Neighbours that a node has in the mean among `nodes` nodes, rounded up.
    pub fn degree_about(&self, nodes: u32) -> u32 {
        let arcs: u64 = each_topology!(self, one => Model::arcs(one, nodes));
        arcs.div_ceil(u64::from(nodes)) as u32
    }

    /// Bytes that its graph takes.
    pub fn bytes(&self, nodes: u32) -> u64 {
        each_topology!(self, one => Model::bytes(one, nodes))
    }

    /// The graph over `nodes` nodes: from the run's stream, or from its own seed.
    pub fn build(&self, nodes: u32, seeds: &Seeds) -> Graph {
        let own = each_topology!(self, one => Model::seed(one)).map(|master| Seeds {
            master,
            replicate: 0,
            cell: String::new(),
        });
        let mut stream = own.as_ref().unwrap_or(seeds).stream(StreamName::Topology);
        each_topology!(self, one => Model::build(one, nodes, &mut stream))
    }
}

/// A graph: who are a node's neighbours.
#[derive(Clone)]
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
    /// Any number of neighbours per node; shared by the runs of a cell where it is the
    /// same in all.
    Arcs(Arc<Arcs>),
}

impl Graph {
    /// How many neighbours the node has.
    #[inline]
    pub fn degree(&self, node: NodeId) -> u32 {
        match self {
            Graph::Complete { nodes } => nodes - 1,
            Graph::Views { size, .. } => *size,
            Graph::Arcs(arcs) => arcs.degree(node),
        }
    }

    /// The node's neighbours, where they are listed.
    #[inline]
    pub fn row(&self, node: NodeId) -> Option<&[u32]> {
        match self {
            Graph::Complete { .. } => None,
            Graph::Views { size, neighbours } => {
                let start = node.index() * *size as usize;
                Some(&neighbours[start..start + *size as usize])
            }
            Graph::Arcs(arcs) => Some(arcs.row(node)),
        }
    }

    /// Replaces places among the node's neighbours by the neighbours' ids.
    #[inline]
    pub fn name_neighbours(&self, node: NodeId, places: &mut [u32]) {
        match self.row(node) {
            None => places
                .iter_mut()
                .for_each(|place| *place += u32::from(*place >= node.0)),
            Some(row) => places
                .iter_mut()
                .for_each(|place| *place = row[*place as usize]),
        }
    }

    /// What it is like; the complete graph is not looked through.
    pub fn facts(&self) -> Facts {
        match self {
            Graph::Complete { nodes } => Facts::of_complete(*nodes),
            Graph::Views { size, neighbours } => {
                let arcs = (0..).zip(neighbours);
                let arcs = arcs
                    .map(|(place, other): (u64, &u32)| [(place / u64::from(*size)) as u32, *other]);
                let nodes = (neighbours.len() as u64 / u64::from((*size).max(1))) as u32;
                Facts::of(&Arcs::directed(nodes.max(1), arcs))
            }
            Graph::Arcs(arcs) => Facts::of(arcs),
        }
    }
}
