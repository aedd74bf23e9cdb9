//! A full tree, filled level by level from node 0: the parent of v is (v-1)/arity.

use super::Arcs;
use crate::invalid::Invalid;
use serde::{Deserialize, Serialize};

/// `topology = { kind = "tree", arity = 2 }`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tree {
    /// Children per node, from 1 (a line). Default 2, the binary tree.
    pub arity: u32,
}

impl Default for Tree {
    fn default() -> Tree {
        Tree { arity: 2 }
    }
}

impl Tree {
    /// Can there be such a graph?
    ///
    /// # Errors
    /// An arity of 0.
    pub fn check(&self, _nodes: u32) -> Result<(), Invalid> {
        match self.arity {
            0 => Err(Invalid::new("arity", "must be at least 1, not 0")),
            _ => Ok(()),
        }
    }

    /// Its arcs.
    pub fn arcs(&self, nodes: u32) -> u64 {
        2 * (u64::from(nodes) - 1)
    }

    /// The graph over `nodes` nodes.
    pub fn build(&self, nodes: u32) -> Arcs {
        let (count, arity) = (u64::from(nodes), u64::from(self.arity));
        Arcs::from_rows(nodes, self.arcs(nodes), |node, row| {
            row.extend(node.checked_sub(1).map(|before| before / self.arity));
            let first = (u64::from(node) * arity + 1).min(count);
            let children = first..(first + arity).min(count);
            row.extend(children.map(|child| child as u32));
        })
    }
}
