//! Random regular graph: every node has the same number of neighbours.
//!
//! Source: the pairing model (B. Bollobas, A probabilistic proof of an asymptotic
//! formula for the number of labelled regular graphs, Eur. J. Comb. 1, 1980): each
//! node has `degree` stubs, and stubs are paired at random. A pairing without loops
//! and repeats gives each graph with the same probability.
//!
//! Departs: for small graphs whole pairings are drawn until one is simple, which is
//! exactly uniform. Where that would take too long, loops and repeats are taken apart
//! and each is joined with a random edge of the others (B. D. McKay, N. C. Wormald,
//! Uniform generation of random regular graphs of moderate degree, J. Algorithms 11,
//! 1990, without their rejections): uniform only for many nodes. More than (n-1)/2
//! neighbours: the pairs that are no edges are drawn.

use super::{Arcs, fits};
use crate::invalid::Invalid;
use crate::keys;
use crate::random::{SEED_MAX, Stream};

keys! {
    /// `topology = { kind = "regular", degree = 4 }`.
    #[derive(Eq)]
    pub struct Regular {
        /// Neighbours of every node: up to n - 1, and n times it must be even.
        pub degree: u32 as "nodes" [0..=u32::MAX],
        /// Fixes the graph: the same in all replicates, whatever the master seed.
        pub seed: Option<u64> [0..=SEED_MAX],
    }
}

/// Stubs that may be paired in vain before repair. Beyond this degree it is hopeless:
/// a pairing is simple with probability about exp(-(d^2 - 1) / 4).
const PAIRED_MAX: u64 = 1 << 18;
const HOPEFUL_DEGREE: u32 = 5;
/// Edges that one stub pair may ask in vain before everything is drawn anew.
const ASKED_MAX: u32 = 100_000;
/// The stub of no pair.
const NONE: u32 = u32::MAX;

impl Regular {
    /// Can there be such a graph?
    ///
    /// # Errors
    /// A degree of n or more, or an odd number of stubs.
    pub fn fits(&self, nodes: u32) -> Result<(), Invalid> {
        if self.degree >= nodes {
            let why = format!(
                "must be below the number of nodes, {nodes}, not {}",
                self.degree
            );
            return Err(Invalid::new("degree", why));
        }
        if !self.arcs(nodes).is_multiple_of(2) {
            let why = format!(
                "must be even, as n is odd: {nodes} nodes of degree {} cannot be",
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
        if self.degree > (nodes - 1) / 2 {
            let degree = nodes - 1 - self.degree;
            return Regular { degree, seed: None }
                .build(nodes, stream)
                .complement();
        }
        let hopeful = self.degree <= HOPEFUL_DEGREE;
        let attempts = PAIRED_MAX / self.arcs(nodes).max(1);
        self.build_after(if hopeful { attempts } else { 0 }, nodes, stream)
    }

    /// So many whole pairings are drawn before one is repaired.
    fn build_after(&self, attempts: u64, nodes: u32, stream: &mut Stream) -> Arcs {
        let mut pairing = Pairing {
            degree: self.degree,
            mates: vec![NONE; self.arcs(nodes) as usize],
        };
        for _ in 0..attempts {
            pairing.draw(stream);
            if pairing.surplus(nodes).is_empty() {
                return pairing.finish(nodes);
            }
        }
        loop {
            pairing.draw(stream);
            if pairing.repair(nodes, stream) {
                return pairing.finish(nodes);
            }
        }
    }
}

/// Each stub's mate; stub s belongs to node s / degree.
struct Pairing {
    degree: u32,
    mates: Vec<u32>,
}

impl Pairing {
    fn draw(&mut self, stream: &mut Stream) {
        let mut stubs: Vec<u32> = (0..self.mates.len() as u32).collect();
        stream.shuffle(&mut stubs);
        for pair in stubs.as_chunks::<2>().0 {
            self.join(pair[0], pair[1]);
        }
    }

    fn join(&mut self, one: u32, other: u32) {
        self.mates[one as usize] = other;
        self.mates[other as usize] = one;
    }

    /// Loops, and edges that are there already: one stub of each, in order.
    fn surplus(&self, nodes: u32) -> Vec<u32> {
        let mut found = Vec::new();
        let mut seen = vec![NONE; nodes as usize];
        for node in 0..nodes {
            for stub in node * self.degree..(node + 1) * self.degree {
                let other = self.mates[stub as usize] / self.degree;
                let is_loop = other == node && stub < self.mates[stub as usize];
                // A repeat is told by its smaller end alone.
                if is_loop || (other > node && seen[other as usize] == node) {
                    found.push(stub);
                }
                seen[other as usize] = node;
            }
        }
        found
    }

    fn is_edge(&self, node: u32, other: u32) -> bool {
        let first = other * self.degree;
        let row = node as usize * self.degree as usize;
        let mates = &self.mates[row..row + self.degree as usize];
        mates
            .iter()
            .any(|mate| mate.wrapping_sub(first) < self.degree)
    }

    /// Takes apart what is surplus, and joins it anew; false if that cannot be done.
    fn repair(&mut self, nodes: u32, stream: &mut Stream) -> bool {
        let surplus = self.surplus(nodes);
        let pairs: Vec<[u32; 2]> = surplus
            .iter()
            .map(|stub| [*stub, self.mates[*stub as usize]])
            .collect();
        for stub in pairs.as_flattened() {
            self.mates[*stub as usize] = NONE;
        }
        pairs.iter().all(|pair| self.rejoin(*pair, stream))
    }

    /// Joins two stubs to those of a random edge that this makes no loop or repeat of.
    fn rejoin(&mut self, [one, other]: [u32; 2], stream: &mut Stream) -> bool {
        let nodes = [one, other].map(|stub| stub / self.degree);
        // The edge that this one repeated may have been taken apart since.
        if nodes[0] != nodes[1] && !self.is_edge(nodes[0], nodes[1]) {
            self.join(one, other);
            return true;
        }
        for _ in 0..ASKED_MAX {
            let stub = stream.below(self.mates.len() as u32);
            let mate = self.mates[stub as usize];
            if mate == NONE {
                continue;
            }
            let ends = [stub, mate].map(|stub| stub / self.degree);
            let fits = |i: usize| nodes[i] != ends[i] && !self.is_edge(nodes[i], ends[i]);
            if fits(0) && fits(1) {
                self.join(one, stub);
                self.join(other, mate);
                return true;
            }
        }
        false
    }

    fn finish(mut self, nodes: u32) -> Arcs {
        self.mates.iter_mut().for_each(|mate| *mate /= self.degree);
        Arcs::from_equal_rows(nodes, self.degree, self.mates)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{degrees, stream, triangles, uniform};
    use super::*;

    /// All 70 cubic graphs of 6 nodes (10 of them K3,3), all 15 of degree 1 on 6 nodes,
    /// and all 12 cycles of 5.
    #[test]
    fn every_small_graph_is_as_likely() {
        uniform(70, 6, |stream| {
            Regular {
                degree: 3,
                seed: None,
            }
            .build(6, stream)
        });
        uniform(15, 6, |stream| {
            Regular {
                degree: 1,
                seed: None,
            }
            .build(6, stream)
        });
        uniform(12, 5, |stream| {
            Regular {
                degree: 2,
                seed: None,
            }
            .build(5, stream)
        });
    }

    /// Poisson of mean (d-1)^3/6 for many nodes (Bollobas 1980): 4/3 and 9/2; at 600
    /// nodes the mean is off by less than 1 %. Here by repair alone.
    #[test]
    fn triangles_are_poisson_also_after_repair() {
        for (degree, exact) in [(3, 4.0 / 3.0), (4, 4.5)] {
            let runs = 2000;
            let mut counts = Vec::new();
            let mut stream = stream(u64::from(degree));
            for _ in 0..runs {
                let graph = Regular { degree, seed: None }.build_after(0, 600, &mut stream);
                assert_eq!(degrees(&graph), [degree; 600]);
                counts.push(triangles(&graph) as f64);
            }
            let mean = counts.iter().sum::<f64>() / f64::from(runs);
            let off = |count: &f64| (count - mean) * (count - mean);
            let variance = counts.iter().map(off).sum::<f64>() / f64::from(runs - 1);
            let error = (exact / f64::from(runs)).sqrt();
            assert!(
                (mean - exact).abs() < 4.5 * error + 0.01 * exact,
                "{mean} {exact}"
            );
            // The variance of a Poisson sample: standard error sqrt((m + 2 m^2) / runs).
            let error = ((exact + 2.0 * exact * exact) / f64::from(runs)).sqrt();
            assert!(
                (variance - exact).abs() < 4.5 * error + 0.02 * exact,
                "{variance} {exact}"
            );
        }
    }

    #[test]
    fn every_degree_can_be_had() {
        let mut stream = stream(8);
        for nodes in 1..=13 {
            for degree in (0..nodes).filter(|degree| nodes * degree % 2 == 0) {
                let regular = Regular { degree, seed: None };
                assert!(regular.fits(nodes).is_ok());
                let graph = regular.build(nodes, &mut stream);
                assert_eq!(degrees(&graph), vec![degree; nodes as usize]);
                if 2 * degree < nodes {
                    let graph = regular.build_after(0, nodes, &mut stream);
                    assert_eq!(degrees(&graph), vec![degree; nodes as usize]);
                }
            }
        }
        let dense = Regular {
            degree: 199,
            seed: None,
        }
        .build(400, &mut stream);
        assert_eq!(degrees(&dense), [199; 400]);
    }

    #[test]
    fn odd_stubs_and_too_many_neighbours_are_refused() {
        for (degree, nodes, words) in [
            (3, 7, "must be even"),
            (7, 7, "below the number of nodes, 7"),
            (5000, 1_000_000, "at most 4294967295"),
        ] {
            let refused = Regular { degree, seed: None }.fits(nodes).unwrap_err();
            assert_eq!(refused.key, "degree");
            assert!(refused.why.contains(words), "{refused}");
        }
    }
}
