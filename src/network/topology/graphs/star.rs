//! A star: node 0 is the hub, and everybody else knows nobody but it.

use super::{Arcs, fits};
use crate::invalid::Invalid;
use crate::keys;

keys! {
    /// `topology = { kind = "star" }`: diameter 2.
    #[derive(Eq)]
    pub struct Star {}
}

impl Star {
    /// Can there be such a graph?
    ///
    /// # Errors
    /// More arcs than can be held.
    pub fn fits(&self, nodes: u32) -> Result<(), Invalid> {
        fits(u128::from(self.arcs(nodes)), ".nodes.count")
    }

    /// Its arcs.
    pub fn arcs(&self, nodes: u32) -> u64 {
        2 * (u64::from(nodes) - 1)
    }

    /// The graph over `nodes` nodes.
    pub fn build(&self, nodes: u32) -> Arcs {
        Arcs::from_rows(nodes, self.arcs(nodes), |node, row| match node {
            0 => row.extend(1..nodes),
            _ => row.push(0),
        })
    }
}
