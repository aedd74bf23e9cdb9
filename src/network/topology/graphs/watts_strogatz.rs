//! Small world: a ring of even degree, of whose edges some are rewired.
//!
//! Source: D. J. Watts, S. H. Strogatz, Collective dynamics of 'small-world' networks,
//! Nature 393 (1998): lap by lap, node by node, the edge to the j-th node clockwise is
//! moved with probability `rewire` to a random other node, without loops and repeats.
//! Reading: the new end is uniform among the nodes that are not yet neighbours (the
//! old end is one); a node that knows everybody keeps its edge.

use super::{Arcs, fits};
use crate::invalid::Invalid;
use crate::keys;
use crate::random::{SEED_MAX, Stream};

keys! {
    /// `topology = { kind = "watts-strogatz", degree = 10, rewire = 0.1 }`.
    pub struct WattsStrogatz {
        /// Neighbours in the mean, all of them nearest on the ring at first: even, up to
        /// n - 1.
        pub degree: u32 as "nodes" [2..=u32::MAX],
        /// The probability that an edge is rewired.
        pub rewire: f64 [0.0..=1.0],
        /// Fixes the graph: the same in all replicates, whatever the master seed.
        pub seed: Option<u64> [0..=SEED_MAX],
    }
}

impl WattsStrogatz {
    /// Can there be such a graph?
    ///
    /// # Errors
    /// A degree that is odd or too large.
    pub fn fits(&self, nodes: u32) -> Result<(), Invalid> {
        if !self.degree.is_multiple_of(2) || self.degree == 0 || self.degree >= nodes {
            let why = format!(
                "must be even, from 2 to {} (below the number of nodes), not {}",
                nodes - 1,
                self.degree
            );
            return Err(Invalid::new("degree", why));
        }
        fits(u128::from(self.arcs(nodes)), "degree")
    }

    /// Its arcs.
    pub fn arcs(&self, nodes: u32) -> u64 {
        u64::from(nodes) * u64::from(self.degree)
    }

    /// A graph over `nodes` nodes.
    pub fn build(&self, nodes: u32, stream: &mut Stream) -> Arcs {
        let half = self.degree / 2;
        let mut edges = Owned::ring(nodes, half);
        for lap in 0..half {
            for node in 0..nodes {
                if stream.unit() < self.rewire
                    && let Some(other) = edges.stranger(node, stream)
                {
                    edges.rewire(node, lap, other);
                }
            }
        }
        Arcs::undirected(nodes, edges.each())
    }
}

/// Each edge belongs to one of its ends, and every node owns `half` of them.
struct Owned {
    nodes: u32,
    half: u32,
    ends: Vec<u32>,
    degrees: Vec<u32>,
    /// Where a node knows a fourth of the others or more.
    known: Option<Known>,
}

impl Owned {
    fn ring(nodes: u32, half: u32) -> Owned {
        let place = |node, step| ((u64::from(node) + u64::from(step)) % u64::from(nodes)) as u32;
        let row = |node| (1..=half).map(move |step| place(node, step));
        let mut edges = Owned {
            nodes,
            half,
            ends: (0..nodes).flat_map(row).collect(),
            degrees: vec![2 * half; nodes as usize],
            known: None,
        };
        if half >= nodes / 8 {
            let mut known = Known::new(nodes);
            edges.each().for_each(|edge| known.turn(edge));
            edges.known = Some(known);
        }
        edges
    }

    fn row(&self, node: u32) -> &[u32] {
        let start = node as usize * self.half as usize;
        &self.ends[start..start + self.half as usize]
    }

    fn is_edge(&self, node: u32, other: u32) -> bool {
        self.row(node).contains(&other) || self.row(other).contains(&node)
    }

    /// A random node that is no neighbour yet, if there is one: drawn until it is new
    /// where few are known, else chosen by its rank.
    fn stranger(&self, node: u32, stream: &mut Stream) -> Option<u32> {
        let strangers = self.nodes - 1 - self.degrees[node as usize];
        if strangers == 0 {
            return None;
        }
        if let Some(known) = &self.known {
            return Some(known.stranger(node, stream.below(strangers)));
        }
        loop {
            let other = stream.below(self.nodes);
            if other != node && !self.is_edge(node, other) {
                return Some(other);
            }
        }
    }

    fn rewire(&mut self, node: u32, lap: u32, other: u32) {
        let place = node as usize * self.half as usize + lap as usize;
        let old = std::mem::replace(&mut self.ends[place], other);
        self.degrees[old as usize] -= 1;
        self.degrees[other as usize] += 1;
        if let Some(known) = &mut self.known {
            known.turn([node, old]);
            known.turn([node, other]);
        }
    }

    fn each(&self) -> impl Iterator<Item = [u32; 2]> + Clone {
        let row = |node| self.row(node).iter().map(move |other| [node, *other]);
        (0..self.nodes).flat_map(row)
    }
}

/// Who knows whom, a bit each; everybody knows itself.
struct Known {
    /// Words of a row; bits beyond the last node are set.
    width: usize,
    words: Vec<u64>,
}

impl Known {
    fn new(nodes: u32) -> Known {
        let width = nodes.div_ceil(64) as usize;
        let mut words = vec![0; width * nodes as usize];
        for (node, row) in words.chunks_exact_mut(width).enumerate() {
            row[node / 64] |= 1 << (node % 64);
            if !nodes.is_multiple_of(64) {
                row[width - 1] |= u64::MAX << (nodes % 64);
            }
        }
        Known { width, words }
    }

    /// An edge comes, or goes.
    fn turn(&mut self, [one, other]: [u32; 2]) {
        for (row, bit) in [(one, other), (other, one)] {
            self.words[row as usize * self.width + bit as usize / 64] ^= 1 << (bit % 64);
        }
    }

    /// The unknown node before which so many others are unknown.
    fn stranger(&self, node: u32, mut rank: u32) -> u32 {
        let start = node as usize * self.width;
        for (at, word) in (0..).zip(&self.words[start..start + self.width]) {
            if rank < word.count_zeros() {
                let mut unknown = !word;
                (0..rank).for_each(|_| unknown &= unknown - 1);
                return 64 * at + unknown.trailing_zeros();
            }
            rank -= word.count_zeros();
        }
        unreachable!("a rank is below the number of strangers")
    }
}

#[cfg(test)]
mod tests {
    use super::super::Ring;
    use super::super::tests::{degrees, mean_and_variance, stream, transitivity};
    use super::*;

    /// Each node keeps the k/2 edges that it owns; of the k/2 of others some leave,
    /// and others come: variance p (2 - p) k / 2. A triangle stays with (1-p)^3 (Barrat
    /// and Weigt 2000), the pairs of neighbours follow from the variance.
    #[test]
    fn degrees_and_triangles_are_known() {
        let (nodes, degree) = (20_000, 10);
        for rewire in [0.05, 0.3] {
            let graph = WattsStrogatz {
                degree,
                rewire,
                seed: None,
            }
            .build(nodes, &mut stream(5));
            let (mean, variance) = mean_and_variance(&degrees(&graph));
            assert_eq!(mean, 10.0);
            let exact = rewire * (2.0 - rewire) * 5.0;
            // A sample's variance: its error is below sqrt((2 + excess) / n) of it; the
            // excess is below 3 here.
            let error = exact * f64::sqrt(5.0 / f64::from(nodes));
            assert!((variance - exact).abs() < 4.5 * error, "{variance} {exact}");
            let ring = 3.0 * 8.0 / (4.0 * 9.0);
            let stay = (1.0 - rewire) * (1.0 - rewire) * (1.0 - rewire);
            let exact = ring * stay * 9.0 / (9.0 + rewire * (2.0 - rewire) / 2.0);
            // Triangles: 200,000 that stay or go in groups of at most about 10, beside
            // the few that chance makes (about 167 of them).
            let count = f64::from(nodes) * 10.0 * stay;
            let error = exact * f64::sqrt(10.0 / count);
            assert!(
                (transitivity(&graph) - exact).abs() < 4.5 * error,
                "{rewire}"
            );
        }
    }

    #[test]
    fn nothing_rewired_is_the_ring_and_all_rewired_is_simple() {
        let build = |nodes, degree, rewire| {
            WattsStrogatz {
                degree,
                rewire,
                seed: None,
            }
            .build(nodes, &mut stream(6))
        };
        assert_eq!(build(30, 6, 0.0), Ring { reach: 3 }.build(30));
        for (nodes, degree) in [(30, 6), (9, 8), (10, 8), (130, 100), (128, 64), (3, 2)] {
            let mut graph = build(nodes, degree, 1.0);
            assert_eq!(u64::from(graph.count()), u64::from(nodes * degree));
            assert_eq!(graph.drop_repeats(), 0, "{nodes} {degree}");
        }
    }

    /// On rings of 16 nodes, where strangers are drawn, and of 8, where they are found by
    /// rank, each is as likely: chi-square of 12 and 4 degrees of freedom, bounds their
    /// quantiles 0.9999.
    #[test]
    fn new_ends_are_uniform() {
        for (nodes, bound) in [(16, 39.1), (8, 23.6)] {
            let (mut stream, mut hits) = (stream(7), vec![0.0; nodes as usize]);
            let edges = Owned::ring(nodes, 1);
            assert_eq!(edges.known.is_some(), nodes == 8);
            for _ in 0..9000 {
                hits[edges.stranger(0, &mut stream).unwrap() as usize] += 1.0;
            }
            assert_eq!(
                (hits[0], hits[1], hits[nodes as usize - 1]),
                (0.0, 0.0, 0.0)
            );
            let expected = 9000.0 / f64::from(nodes - 3);
            let off = |hits: &f64| (hits - expected) * (hits - expected) / expected;
            let chi: f64 = hits[2..nodes as usize - 1].iter().map(off).sum();
            assert!(chi < bound, "{nodes}: {chi}");
        }
    }

    #[test]
    fn odd_degrees_and_what_is_no_probability_are_refused() {
        let key = |nodes, degree, rewire: f64| {
            WattsStrogatz {
                degree,
                rewire,
                seed: None,
            }
            .fits(nodes)
            .unwrap_err()
            .key
        };
        for (nodes, degree) in [(10, 3), (10, 0), (10, 10), (2, 2)] {
            assert_eq!(key(nodes, degree, 0.1), "degree");
        }
        assert!(
            WattsStrogatz {
                degree: 2,
                rewire: 1.0,
                seed: None
            }
            .fits(3)
            .is_ok()
        );
    }
}
