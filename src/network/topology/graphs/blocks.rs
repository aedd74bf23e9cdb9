//! Blocks: a pair is an edge with one probability inside a block, with another
//! between two of them. Blocks are ranges of ids, in their order.
//!
//! Source: P. W. Holland, K. B. Laskey, S. Leinhardt, Stochastic blockmodels, Soc.
//! Netw. 5 (1983): the planted partition.

use super::skips::Skips;
use super::{Arcs, fits_about, pairs};
use crate::invalid::Invalid;
use crate::keys;
use crate::random::{SEED_MAX, Stream};

keys! {
    /// `topology = { kind = "blocks", sizes = [50, 50], inside = 0.2, between = 0.01 }`.
    pub struct Blocks {
        /// How many nodes each block has; together n.
        pub sizes: Vec<u32> as "nodes" [1..=u32::MAX],
        /// The probability that a pair of one block is an edge.
        pub inside: f64 [0.0..=1.0],
        /// The probability that a pair of two blocks is an edge.
        pub between: f64 [0.0..=1.0],
        /// Fixes the graph: the same in all replicates, whatever the master seed.
        pub seed: Option<u64> [0..=SEED_MAX],
    }
}

impl Blocks {
    /// Can there be such a graph?
    ///
    /// # Errors
    /// Sizes that do not add up, or more edges than can be held.
    pub fn fits(&self, nodes: u32) -> Result<(), Invalid> {
        let sum: u64 = self.sizes.iter().map(|size| u64::from(*size)).sum();
        if sum != u64::from(nodes) {
            let why = format!("must add up to {nodes} (nodes.count), not {sum}");
            return Err(Invalid::new("sizes", why));
        }
        fits_about(self.edges(nodes), "sizes")
    }

    /// Its edges in the mean.
    fn edges(&self, nodes: u32) -> f64 {
        let inside: f64 = self.sizes.iter().map(|size| pairs(*size) as f64).sum();
        let between = pairs(nodes) as f64 - inside;
        inside * self.inside + between * self.between
    }

    /// Its arcs in the mean.
    pub fn arcs(&self, nodes: u32) -> u64 {
        (2.0 * self.edges(nodes)) as u64
    }

    /// A graph over `nodes` nodes.
    pub fn build(&self, nodes: u32, stream: &mut Stream) -> Arcs {
        let mut edges = Vec::with_capacity(self.edges(nodes) as usize * 65 / 64);
        let mut inside = Skips::new(self.inside, stream);
        let mut between = Skips::new(self.between, stream);
        let mut start = 0;
        for size in &self.sizes {
            let end = start + size;
            for node in start..end {
                let mut edge = |other| edges.push([node, other]);
                inside.walk(node + 1..end, stream, &mut edge);
                between.walk(end..nodes, stream, &mut edge);
            }
            start = end;
        }
        Arcs::undirected(nodes, edges.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{stream, uniform};
    use super::*;
    use crate::node::NodeId;

    /// Edges inside each block and between each two: binomial, 4.5 standard errors.
    #[test]
    fn each_pair_of_blocks_has_its_edges() {
        let sizes = vec![300, 500, 200];
        let (inside, between) = (0.05, 0.01);
        let blocks = Blocks {
            sizes,
            inside,
            between,
            seed: None,
        };
        let graph = blocks.build(1000, &mut stream(3));
        let block = |node: u32| [300, 800, 1000].iter().position(|end| node < *end).unwrap();
        let mut found = [[0.0; 3]; 3];
        for node in 0..1000 {
            for other in graph.row(NodeId(node)) {
                found[block(node)][block(*other)] += 1.0;
            }
        }
        for (a, b, pairs, p) in [
            (0, 0, 300.0 * 299.0 / 2.0, inside),
            (1, 1, 500.0 * 499.0 / 2.0, inside),
            (2, 2, 200.0 * 199.0 / 2.0, inside),
            (0, 1, 150_000.0, between),
            (0, 2, 60_000.0, between),
            (1, 2, 100_000.0, between),
        ] {
            let edges = if a == b {
                found[a][b] / 2.0
            } else {
                found[a][b]
            };
            let error = f64::sqrt(pairs * p * (1.0 - p));
            assert!((edges - pairs * p).abs() < 4.5 * error, "{a} {b}: {edges}");
            assert_eq!(found[a][b], found[b][a]);
        }
    }

    /// Two and two nodes that know everybody of the other side with probability 1/2.
    #[test]
    fn blocks_without_edges_inside_are_bipartite() {
        let sizes = vec![2, 2];
        let blocks = Blocks {
            sizes,
            inside: 0.0,
            between: 0.5,
            seed: None,
        };
        uniform(16, 4, |stream| blocks.build(4, stream));
    }

    #[test]
    fn what_cannot_be_is_refused_at_its_key() {
        let make = |sizes: &[u32], inside, between| Blocks {
            sizes: sizes.to_vec(),
            inside,
            between,
            seed: None,
        };
        for (blocks, key) in [
            (make(&[3, 3], 0.5, 0.5), "sizes"),
            (make(&[u32::MAX, 6], 0.5, 0.5), "sizes"),
        ] {
            assert_eq!(blocks.fits(5).unwrap_err().key, key);
        }
        assert!(make(&[1, 4], 1.0, 0.0).fits(5).is_ok());
    }
}
