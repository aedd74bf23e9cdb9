//! A full tree, filled level by level from node 0: the parent of v is (v-1)/arity.

use super::Arcs;
use crate::invalid::Invalid;
use crate::keys;

keys! {
    /// `topology = { kind = "tree", arity = 2 }`.
    #[derive(Eq)]
    pub struct Tree {
        /// Children of each node; 1 makes a line.
        pub arity: u32 as "nodes" [1..=u32::MAX] = 2,
    }
}

impl Tree {
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
        let (count, arity) = (u64::from(nodes), u64::from(self.arity));
        Arcs::from_rows(nodes, self.arcs(nodes), |node, row| {
            row.extend(node.checked_sub(1).map(|before| before / self.arity));
            let first = (u64::from(node) * arity + 1).min(count);
            let children = first..(first + arity).min(count);
            row.extend(children.map(|child| child as u32));
        })
    }
}
