//! A line: 0 - 1 - ... - n-1.

use super::Arcs;
use serde::{Deserialize, Serialize};

/// `topology = { kind = "line" }`: diameter n - 1.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {}

impl Line {
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
