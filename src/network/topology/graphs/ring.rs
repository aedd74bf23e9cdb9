//! A ring: each node knows the nearest nodes on either side.

use super::{Arcs, fits};
use crate::invalid::Invalid;
use crate::keys;

keys! {
    /// `topology = { kind = "ring", reach = 1 }`.
    #[derive(Eq)]
    pub struct Ring {
        /// Neighbours on either side: up to n/2 (the node opposite is one neighbour).
        pub reach: u32 as "nodes" [1..=u32::MAX] = 1,
    }
}

impl Ring {
    /// Can there be such a graph?
    ///
    /// # Errors
    /// A reach of 0, or beyond the node opposite.
    pub fn fits(&self, nodes: u32) -> Result<(), Invalid> {
        let most = (nodes / 2).max(1);
        if !(1..=most).contains(&self.reach) {
            let why = format!(
                "must be from 1 to {most} (half of the nodes), not {}",
                self.reach
            );
            return Err(Invalid::new("reach", why));
        }
        fits(u128::from(self.arcs(nodes)), "reach")
    }

    /// Its arcs.
    pub fn arcs(&self, nodes: u32) -> u64 {
        u64::from(nodes) * u64::from(self.degree(nodes))
    }

    /// Every node's neighbours.
    pub fn degree(&self, nodes: u32) -> u32 {
        (u64::from(self.reach) * 2).min(u64::from(nodes) - 1) as u32
    }

    /// The graph over `nodes` nodes.
    pub fn build(&self, nodes: u32) -> Arcs {
        Arcs::from_rows(nodes, self.arcs(nodes), |node, row| {
            let node = u64::from(node);
            let after = node + 1..=node + u64::from(self.degree(nodes).div_ceil(2));
            let before = node + u64::from(nodes) - u64::from(self.degree(nodes) / 2)
                ..node + u64::from(nodes);
            row.extend(
                after
                    .chain(before)
                    .map(|other| (other % u64::from(nodes)) as u32),
            );
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{clustering, degrees};
    use super::*;

    /// Watts and Strogatz 1998: 3 (k-2) / (4 (k-1)) at degree k = 2 reach.
    #[test]
    fn clustering_is_known() {
        for reach in [1, 2, 3, 5] {
            let graph = Ring { reach }.build(50);
            assert_eq!(degrees(&graph), vec![2 * reach; 50]);
            let r = f64::from(reach);
            let exact = 3.0 * (r - 1.0) / (2.0 * (2.0 * r - 1.0));
            assert!((clustering(&graph) - exact).abs() < 1e-12, "{reach}");
        }
    }

    #[test]
    fn the_node_opposite_is_one_neighbour() {
        assert_eq!(degrees(&Ring { reach: 4 }.build(8)), [7; 8]);
        assert_eq!(degrees(&Ring { reach: 1 }.build(2)), [1; 2]);
        assert_eq!(degrees(&Ring { reach: 1 }.build(1)), [0]);
        assert_eq!(degrees(&Ring { reach: 4 }.build(9)), [8; 9]);
        assert!(Ring { reach: 4 }.fits(8).is_ok() && Ring { reach: 1 }.fits(1).is_ok());
        for (reach, nodes) in [(0, 8), (5, 8), (2, 2), (3_000, 4_000_000)] {
            assert_eq!(Ring { reach }.fits(nodes).unwrap_err().key, "reach");
        }
    }
}
