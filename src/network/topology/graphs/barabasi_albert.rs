//! Preferential attachment: each new node links to old ones, who are chosen in
//! proportion to their degrees.
//!
//! Source: A.-L. Barabasi, R. Albert, Emergence of scaling in random networks, Science
//! 286 (1999). Reading (the paper leaves it open): it begins with `links` + 1 nodes that
//! all know each other; a new node's targets are distinct, each drawn in proportion to
//! the degrees before it came, again until it is new.

use super::{Arcs, fits};
use crate::invalid::Invalid;
use crate::keys;
use crate::random::{SEED_MAX, Stream};

keys! {
    /// `topology = { kind = "barabasi-albert", links = 3 }`.
    #[derive(Eq)]
    pub struct BarabasiAlbert {
        /// Edges that each new node brings: up to n - 1. No node has fewer neighbours.
        pub links: u32 as "edges" [1..=u32::MAX],
        /// Fixes the graph: the same in all replicates, whatever the master seed.
        pub seed: Option<u64> [0..=SEED_MAX],
    }
}

impl BarabasiAlbert {
    /// Can there be such a graph?
    ///
    /// # Errors
    /// No links, or as many as nodes.
    pub fn fits(&self, nodes: u32) -> Result<(), Invalid> {
        if self.links == 0 || self.links >= nodes {
            let why = format!(
                "must be from 1 to {} (below the number of nodes), not {}",
                nodes.saturating_sub(1).max(1),
                self.links
            );
            return Err(Invalid::new("links", why));
        }
        fits(u128::from(self.arcs(nodes)), "links")
    }

    /// Its arcs.
    pub fn arcs(&self, nodes: u32) -> u64 {
        let (nodes, links) = (u64::from(nodes), u64::from(self.links));
        links * (links + 1) + 2 * links * (nodes - links - 1)
    }

    /// A graph over `nodes` nodes.
    pub fn build(&self, nodes: u32, stream: &mut Stream) -> Arcs {
        let first = self.links + 1;
        // Every node is among the ends as often as it has neighbours.
        let mut edges: Vec<[u32; 2]> = Vec::with_capacity(self.arcs(nodes) as usize / 2);
        edges.extend((0..first).flat_map(|node| (0..node).map(move |other| [other, node])));
        let mut chosen = vec![u32::MAX; nodes as usize];
        for node in first..nodes {
            let ends = 2 * edges.len() as u32;
            for _ in 0..self.links {
                let target = loop {
                    let target = edges.as_flattened()[stream.below(ends) as usize];
                    if std::mem::replace(&mut chosen[target as usize], node) != node {
                        break target;
                    }
                };
                edges.push([target, node]);
            }
        }
        Arcs::undirected(nodes, edges.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{degrees, stream};
    use super::*;

    /// For many nodes (Krapivsky, Redner, Leyvraz 2000; Dorogovtsev et al. 2000) a share
    /// 2 m (m+1) / (k (k+1) (k+2)) has degree k: 2/(m+2) has m, 2m/((m+2)(m+3)) has
    /// m + 1. Shares of a growing graph vary less than independent nodes would.
    #[test]
    fn degrees_follow_their_law() {
        let nodes = 100_000;
        for links in [1u32, 2, 5] {
            let graph =
                BarabasiAlbert { links, seed: None }.build(nodes, &mut stream(u64::from(links)));
            assert_eq!(
                u64::from(graph.count()),
                BarabasiAlbert { links, seed: None }.arcs(nodes)
            );
            let degrees = degrees(&graph);
            let m = f64::from(links);
            for (degree, exact) in [
                (links, 2.0 / (m + 2.0)),
                (links + 1, 2.0 * m / ((m + 2.0) * (m + 3.0))),
            ] {
                let count = degrees.iter().filter(|d| **d == degree).count() as f64;
                let share = count / f64::from(nodes);
                let error = (exact * (1.0 - exact) / f64::from(nodes)).sqrt();
                assert!(
                    (share - exact).abs() < 4.5 * error,
                    "{links} {degree}: {share} {exact}"
                );
            }
            assert_eq!(degrees.iter().min(), Some(&links));
        }
    }

    #[test]
    fn the_smallest_are_complete() {
        assert_eq!(
            degrees(
                &BarabasiAlbert {
                    links: 4,
                    seed: None
                }
                .build(5, &mut stream(1))
            ),
            [4; 5]
        );
        assert_eq!(
            degrees(
                &BarabasiAlbert {
                    links: 1,
                    seed: None
                }
                .build(2, &mut stream(1))
            ),
            [1; 2]
        );
        for (links, nodes) in [(0, 5), (5, 5), (1, 1), (3000, 1_000_000)] {
            assert_eq!(
                BarabasiAlbert { links, seed: None }
                    .fits(nodes)
                    .unwrap_err()
                    .key,
                "links"
            );
        }
    }
}
