//! G(n, p): each pair is an edge with the same probability, on its own.
//!
//! Source: E. N. Gilbert, Random graphs, Ann. Math. Stat. 30 (1959).

use super::skips::Skips;
use super::{Arcs, fits_about, pairs};
use crate::invalid::Invalid;
use crate::keys;
use crate::random::{SEED_MAX, Stream};

keys! {
    /// `topology = { kind = "gnp", p = 0.01 }`: degrees are binomial (n - 1, p).
    pub struct Gnp {
        /// The probability that a pair is an edge.
        pub p: f64 [0.0..=1.0],
        /// Fixes the graph: the same in all replicates, whatever the master seed.
        pub seed: Option<u64> [0..=SEED_MAX],
    }
}

impl Gnp {
    /// Can there be such a graph?
    ///
    /// # Errors
    /// More edges than can be held.
    pub fn fits(&self, nodes: u32) -> Result<(), Invalid> {
        fits_about(pairs(nodes) as f64 * self.p, "p")
    }

    /// Its arcs in the mean.
    pub fn arcs(&self, nodes: u32) -> u64 {
        (2.0 * pairs(nodes) as f64 * self.p) as u64
    }

    /// A graph over `nodes` nodes.
    pub fn build(&self, nodes: u32, stream: &mut Stream) -> Arcs {
        let mut edges = Vec::with_capacity(self.arcs(nodes) as usize / 2 * 65 / 64);
        let mut skips = Skips::new(self.p, stream);
        for node in 0..nodes {
            let others = node + 1..nodes;
            skips.walk(others, stream, |other| edges.push([node, other]));
        }
        Arcs::undirected(nodes, edges.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{degrees, mean_and_variance, stream, uniform};
    use super::*;

    /// All 64 graphs of 4 nodes, each equally likely at p = 1/2.
    #[test]
    fn every_small_graph_is_as_likely() {
        uniform(64, 4, |stream| Gnp { p: 0.5, seed: None }.build(4, stream));
    }

    /// Edges are binomial, and so are degrees: mean and variance within 4.5
    /// standard errors (of the variance of n nearly independent degrees, which are
    /// nearly normal: sqrt(2/n) of itself).
    #[test]
    fn degrees_are_binomial() {
        let (nodes, p) = (20_000, 0.002);
        let graph = Gnp { p, seed: None }.build(nodes, &mut stream(1));
        let expected = pairs(nodes) as f64 * p;
        let edges = f64::from(graph.count() / 2);
        assert!((edges - expected).abs() < 4.5 * expected.sqrt(), "{edges}");
        let (_, variance) = mean_and_variance(&degrees(&graph));
        let exact = f64::from(nodes - 1) * p * (1.0 - p);
        let error = exact * (2.0 / f64::from(nodes)).sqrt();
        assert!((variance - exact).abs() < 4.5 * error, "{variance} {exact}");
    }

    #[test]
    fn no_edge_and_every_edge() {
        assert_eq!(
            degrees(&Gnp { p: 0.0, seed: None }.build(9, &mut stream(1))),
            [0; 9]
        );
        assert_eq!(
            degrees(&Gnp { p: 1.0, seed: None }.build(9, &mut stream(1))),
            [8; 9]
        );
        let dense = Gnp { p: 0.5, seed: None };
        assert_eq!(dense.fits(1_000_000).unwrap_err().key, "p");
    }
}
