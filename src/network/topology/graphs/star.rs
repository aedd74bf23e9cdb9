//! A star: node 0 is the hub, and everybody else knows nobody but it.

use super::Arcs;
use serde::{Deserialize, Serialize};

/// `topology = { kind = "star" }`: diameter 2.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Star {}

impl Star {
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
