//! G(n, p): each pair is an edge with the same probability, on its own.
//!
//! Source: E. N. Gilbert, Random graphs, Ann. Math. Stat. 30 (1959).

use super::skips::Skips;
use super::{Arcs, fits_about, pairs, probability};
use crate::invalid::Invalid;
use crate::random::Stream;
use serde::{Deserialize, Serialize};

/// `topology = { kind = "gnp", p = 0.01 }`: degrees are binomial (n - 1, p).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gnp {
    /// The probability that a pair is an edge: 0 to 1.
    pub p: f64,
}

impl Gnp {
    /// Can there be such a graph?
    ///
    /// # Errors
    /// What is no probability, or more edges than can be held.
    pub fn check(&self, nodes: u32) -> Result<(), Invalid> {
        probability(self.p, "p")?;
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
        uniform(64, 4, |stream| Gnp { p: 0.5 }.build(4, stream));
    }

    /// Edges are binomial, and so are degrees: mean and variance within 4.5
    /// standard errors (of the variance of n nearly independent degrees, which are
    /// nearly normal: sqrt(2/n) of itself).
    #[test]
    fn degrees_are_binomial() {
        let (nodes, p) = (20_000, 0.002);
        let graph = Gnp { p }.build(nodes, &mut stream(1));
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
        assert_eq!(degrees(&Gnp { p: 0.0 }.build(9, &mut stream(1))), [0; 9]);
        assert_eq!(degrees(&Gnp { p: 1.0 }.build(9, &mut stream(1))), [8; 9]);
        for (p, nodes) in [(-0.1, 9), (1.1, 9), (f64::NAN, 9), (0.5, 1_000_000)] {
            assert_eq!(Gnp { p }.check(nodes).unwrap_err().key, "p");
        }
    }
}
