//! G(n, m): a set of m edges, every one of them as likely.
//!
//! Source: P. Erdos, A. Renyi, On random graphs, Publ. Math. Debrecen 6 (1959).

use super::{Arcs, fits, pairs};
use crate::invalid::Invalid;
use crate::keys;
use crate::random::{SEED_MAX, Stream};

keys! {
    /// `topology = { kind = "gnm", edges = 4000 }`.
    #[derive(Eq)]
    pub struct Gnm {
        /// How many edges there are: up to n (n - 1) / 2.
        pub edges: u64 as "edges" [0..=u64::MAX],
        /// Fixes the graph: the same in all replicates, whatever the master seed.
        pub seed: Option<u64> [0..=SEED_MAX],
    }
}

impl Gnm {
    /// Can there be such a graph?
    ///
    /// # Errors
    /// More edges than pairs, or than can be held.
    pub fn fits(&self, nodes: u32) -> Result<(), Invalid> {
        let most = pairs(nodes);
        if self.edges > most {
            let why = format!(
                "must be at most {most} (the pairs of {nodes} nodes), not {}",
                self.edges
            );
            return Err(Invalid::new("edges", why));
        }
        fits(2 * u128::from(self.edges), "edges")
    }

    /// Its arcs.
    pub fn arcs(&self, _nodes: u32) -> u64 {
        2 * self.edges
    }

    /// A graph over `nodes` nodes. Where more than half of the pairs are edges, those
    /// that are none are drawn.
    pub fn build(&self, nodes: u32, stream: &mut Stream) -> Arcs {
        let all = pairs(nodes);
        if self.edges > all / 2 {
            let others = Gnm {
                edges: all - self.edges,
                seed: None,
            };
            return others.build(nodes, stream).complement();
        }
        let places = distinct(all, self.edges, stream);
        Arcs::undirected(nodes, Pairs::new(nodes, &places))
    }
}

/// So many distinct numbers below `bound`, ascending. Those that are missing are
/// drawn again, never more: the set is that of the first distinct ones of a sequence
/// of draws, hence uniform.
fn distinct(bound: u64, count: u64, stream: &mut Stream) -> Vec<u64> {
    let mut drawn = Vec::with_capacity(count as usize);
    while (drawn.len() as u64) < count {
        let missing = count - drawn.len() as u64;
        drawn.extend((0..missing).map(|_| stream.below_u64(bound)));
        drawn.sort_unstable();
        drawn.dedup();
    }
    drawn
}

/// Names ascending places among all pairs (0,1), (0,2), ..., (1,2), ... by their nodes.
#[derive(Clone)]
struct Pairs<'a> {
    nodes: u32,
    places: std::slice::Iter<'a, u64>,
    /// The first node, and the place of the pair with itself, were it one.
    first: u32,
    before: u64,
}

impl Pairs<'_> {
    fn new(nodes: u32, places: &[u64]) -> Pairs<'_> {
        Pairs {
            nodes,
            places: places.iter(),
            first: 0,
            before: 0,
        }
    }
}

impl Iterator for Pairs<'_> {
    type Item = [u32; 2];

    fn next(&mut self) -> Option<[u32; 2]> {
        let place = self.places.next()?;
        loop {
            let width = u64::from(self.nodes - 1 - self.first);
            let offset = place - self.before;
            if offset < width {
                return Some([self.first, self.first + 1 + offset as u32]);
            }
            self.before += width;
            self.first += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{stream, uniform};
    use super::*;

    /// All sets of 2 and of 4 of the 6 pairs of 4 nodes (the latter by what is left).
    #[test]
    fn every_set_of_edges_is_as_likely() {
        uniform(15, 4, |stream| {
            Gnm {
                edges: 2,
                seed: None,
            }
            .build(4, stream)
        });
        uniform(15, 4, |stream| {
            Gnm {
                edges: 4,
                seed: None,
            }
            .build(4, stream)
        });
    }

    #[test]
    fn edges_are_as_many_as_asked_for() {
        for edges in [0, 1, 500, 2475, 4949, 4950] {
            let graph = Gnm { edges, seed: None }.build(100, &mut stream(edges));
            assert_eq!(u64::from(graph.count()), 2 * edges);
        }
        assert!(
            Gnm {
                edges: 4951,
                seed: None
            }
            .fits(100)
            .unwrap_err()
            .why
            .contains("at most 4950")
        );
        assert!(
            Gnm {
                edges: 1,
                seed: None
            }
            .fits(1)
            .is_err()
        );
        assert!(
            Gnm {
                edges: 1 << 31,
                seed: None
            }
            .fits(1_000_000)
            .is_err()
        );
    }
}
