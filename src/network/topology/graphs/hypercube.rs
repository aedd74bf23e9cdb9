//! A hypercube: nodes whose ids differ in one bit are neighbours.

use super::Arcs;
use crate::invalid::Invalid;
use crate::keys;

keys! {
    /// `topology = { kind = "hypercube" }`: n = 2^d nodes of degree d, diameter d.
    #[derive(Eq)]
    pub struct Hypercube {}
}

impl Hypercube {
    /// Can there be such a graph?
    ///
    /// # Errors
    /// A number of nodes that is no power of two.
    pub fn fits(&self, nodes: u32) -> Result<(), Invalid> {
        if nodes.is_power_of_two() {
            return super::fits(u128::from(self.arcs(nodes)), ".nodes.count");
        }
        let below = 1u64 << nodes.ilog2();
        let why = format!(
            "must be a power of two for a hypercube: {below} or {}, not {nodes}",
            2 * below
        );
        Err(Invalid::new(".nodes.count", why))
    }

    /// Its arcs.
    pub fn arcs(&self, nodes: u32) -> u64 {
        u64::from(nodes) * u64::from(nodes.ilog2())
    }

    /// The graph over `nodes` nodes.
    pub fn build(&self, nodes: u32) -> Arcs {
        Arcs::from_rows(nodes, self.arcs(nodes), |node, row| {
            row.extend((0..nodes.ilog2()).map(|bit| node ^ (1 << bit)));
        })
    }
}
