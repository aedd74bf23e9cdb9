//! Graphs that are held in memory: one compressed form, and a generator per file.
//!
//! Every generator is linear in the edges that it makes (but for the sorting of
//! single rows), draws from the stream that it is handed and from nothing else,
//! and knows its bounds: `check` refuses what cannot be, with the key.
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

use crate::invalid::Invalid;

/// Arcs that a graph can hold: an undirected edge is two.
pub const ARCS_MAX: u64 = u32::MAX as u64;

/// Refuses a graph of more arcs than can be held.
fn fits(arcs: u128, key: &str) -> Result<(), Invalid> {
    if arcs <= u128::from(ARCS_MAX) {
        return Ok(());
    }
    Err(Invalid::new(
        key,
        format!("this graph has {arcs} arcs (an edge is two); at most {ARCS_MAX} can be held"),
    ))
}

/// Refuses what is no probability.
fn probability(value: f64, key: &str) -> Result<(), Invalid> {
    if (0.0..=1.0).contains(&value) {
        return Ok(());
    }
    Err(Invalid::new(
        key,
        format!("must be from 0 to 1, not {value}"),
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
