//! A star: node 0 is the hub, and everybody else knows nobody but it.

use super::Arcs;
use crate::invalid::Invalid;
use crate::keys;

keys! {
    /// `topology = { kind = "star" }`: diameter 2.
    #[derive(Eq)]
    pub struct Star {}
}

impl Star {
    /// Any number of nodes will do.
    ///
    /// # Errors
    /// None.
    pub fn fits(&self, _nodes: u32) -> Result<(), Invalid> {
        Ok(())
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
