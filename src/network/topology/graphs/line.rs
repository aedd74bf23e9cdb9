//! A line: 0 - 1 - ... - n-1.

use super::Arcs;
use crate::invalid::Invalid;
use crate::keys;

keys! {
    /// `topology = { kind = "line" }`: diameter n - 1.
    #[derive(Eq)]
    pub struct Line {}
}

impl Line {
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
        Arcs::from_rows(nodes, self.arcs(nodes), |node, row| {
            row.extend(node.checked_sub(1));
            row.extend((node + 1 < nodes).then_some(node + 1));
        })
    }
}
