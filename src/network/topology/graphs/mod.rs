//! Graphs that are held in memory: one compressed form, and a generator per file.
//!
//! Every generator is linear in the edges that it makes (but for the sorting of
//! single rows), draws from the stream that it is handed and from nothing else,
//! and knows its bounds: `fits` refuses what cannot be, with the key.
//!
//! Invariant: a graph is a function of its settings, the number of nodes and the
//! stream; no real function but the square root and those of `random.rs`.

mod arcs;
mod barabasi_albert;
mod blocks;
mod facts;
mod geometric;
mod gnm;
mod gnp;
mod grid;
mod hypercube;
mod line;
mod regular;
mod ring;
mod skips;
mod star;
#[cfg(test)]
mod tests;
mod tree;
mod watts_strogatz;

pub use arcs::Arcs;
pub use barabasi_albert::BarabasiAlbert;
pub use blocks::Blocks;
pub use facts::Facts;
pub use geometric::Geometric;
pub use gnm::Gnm;
pub use gnp::Gnp;
pub use grid::Grid;
pub use hypercube::Hypercube;
pub use line::Line;
pub use regular::Regular;
pub use ring::Ring;
pub use star::Star;
pub use tree::Tree;
pub use watts_strogatz::WattsStrogatz;

use super::{Graph, Model};
use crate::invalid::Invalid;
use crate::random::Stream;
use std::sync::Arc;

/// Arcs that a graph can hold: an undirected edge is two.
pub const ARCS_MAX: u64 = u32::MAX as u64;

/// Refuses a graph of more arcs than can be held.
pub(super) fn fits(arcs: u128, key: &str) -> Result<(), Invalid> {
    if arcs <= u128::from(ARCS_MAX) {
        return Ok(());
    }
    Err(Invalid::new(
        key,
        format!("makes {arcs} arcs (an edge is two), and at most {ARCS_MAX} can be held"),
    ))
}

/// Refuses a random number of arcs whose mean is too close to what can be held:
/// ten deviations of a sum of independent edges, which no seed exceeds.
fn fits_about(edges: f64, key: &str) -> Result<(), Invalid> {
    fits((2.0 * (edges + 10.0 * edges.sqrt())) as u128, key)
}

/// How many pairs of nodes there are.
fn pairs(nodes: u32) -> u64 {
    u64::from(nodes) * u64::from(nodes.saturating_sub(1)) / 2
}

/// Kinds whose graph is the same in every run, and kinds whose graph is drawn.
macro_rules! models {
    (fixed $($fixed:ident)+; drawn $($drawn:ident)+;) => {
        $(impl Model for $fixed {
            fn fits(&self, nodes: u32) -> Result<(), Invalid> {
                $fixed::fits(self, nodes)
            }

            fn arcs(&self, nodes: u32) -> u64 {
                $fixed::arcs(self, nodes)
            }

            fn is_fixed(&self) -> bool {
                true
            }

            fn build(&self, nodes: u32, _: &mut Stream) -> Graph {
                Graph::Arcs(Arc::new($fixed::build(self, nodes)))
            }
        })+

        $(impl Model for $drawn {
            fn fits(&self, nodes: u32) -> Result<(), Invalid> {
                $drawn::fits(self, nodes)
            }

            fn arcs(&self, nodes: u32) -> u64 {
                $drawn::arcs(self, nodes)
            }

            fn seed(&self) -> Option<u64> {
                self.seed
            }

            fn build(&self, nodes: u32, stream: &mut Stream) -> Graph {
                Graph::Arcs(Arc::new($drawn::build(self, nodes, stream)))
            }
        })+
    };
}

// The grid is both: it has an implementation of its own.
models! {
    fixed Ring Line Star Tree Hypercube;
    drawn Geometric Regular Gnp Gnm WattsStrogatz BarabasiAlbert Blocks;
}
