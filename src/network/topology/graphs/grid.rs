//! A grid of two or three dimensions, open or wrapped to a torus, with random extra
//! neighbours where asked for (the "imperfect" grid of courses).
//!
//! Reading: each node in turn draws its extra neighbours, distinct, among those that
//! are not its neighbours in the grid; edges are undirected, and one that both ends
//! drew is one. A side of 2 that wraps is one edge.

use super::super::{Graph, Model};
use super::{Arcs, fits};
use crate::invalid::Invalid;
use crate::keys;
use crate::node::NodeId;
use crate::random::{Distinct, SEED_MAX, Stream};
use std::sync::Arc;

keys! {
    /// `topology = { kind = "grid", sides = [10, 10], wrap = false, extra = 0 }`.
    #[derive(Eq)]
    pub struct Grid {
        /// Two or three sides, whose product is n; ids run along the last first.
        pub sides: Vec<u32> as "nodes" [1..=u32::MAX],
        /// Close each side to a ring; a side of 2 is one edge.
        pub wrap: bool = false,
        /// Random neighbours that each node draws besides, among those that are not
        /// its neighbours in the grid; edges are undirected.
        pub extra: u32 as "nodes" [0..=u32::MAX] = 0,
        /// Fixes the graph: the same in all replicates, whatever the master seed.
        pub seed: Option<u64> [0..=SEED_MAX],
    }
}

impl Grid {
    /// Can there be such a graph?
    ///
    /// # Errors
    /// Sides that do not multiply to n, more extra neighbours than there are nodes.
    pub fn fits(&self, nodes: u32) -> Result<(), Invalid> {
        if !(2..=3).contains(&self.sides.len()) {
            let why = format!("must be 2 or 3 sides, not {}", self.sides.len());
            return Err(Invalid::new("sides", why));
        }
        let product: u128 = self.sides.iter().map(|side| u128::from(*side)).product();
        if product != u128::from(nodes) {
            let why = format!("must multiply to {nodes} (nodes.count), not to {product}");
            return Err(Invalid::new("sides", why));
        }
        let most = nodes - 1 - self.degree_max();
        if self.extra > most {
            let why = format!(
                "must be at most {most} (the others less the neighbours in the grid), not {}",
                self.extra
            );
            return Err(Invalid::new("extra", why));
        }
        fits(u128::from(self.arcs(nodes)), "extra")
    }

    /// Neighbours in the grid of the node that has most.
    fn degree_max(&self) -> u32 {
        let along = |side: &u32| match (side, self.wrap) {
            (1, _) => 0,
            (2, _) => 1,
            (_, _) => 2,
        };
        self.sides.iter().map(along).sum()
    }

    /// Its arcs at most.
    pub fn arcs(&self, nodes: u32) -> u64 {
        u64::from(nodes) * (u64::from(self.degree_max()) + 2 * u64::from(self.extra))
    }

    /// A graph over `nodes` nodes.
    pub fn build(&self, nodes: u32, stream: &mut Stream) -> Arcs {
        let arcs = u64::from(nodes) * u64::from(self.degree_max());
        let grid = Arcs::from_rows(nodes, arcs, |node, row| self.row(node, row));
        match self.extra {
            0 => grid,
            _ => self.with_extra(&grid, stream),
        }
    }

    fn row(&self, node: u32, row: &mut Vec<u32>) {
        let mut stride = 1;
        for side in self.sides.iter().rev() {
            let at = node / stride % side;
            let across = stride * (side - 1);
            if at > 0 {
                row.push(node - stride);
            } else if self.wrap && *side > 2 {
                row.push(node + across);
            }
            if at + 1 < *side {
                row.push(node + stride);
            } else if self.wrap && *side > 2 {
                row.push(node - across);
            }
            stride *= side;
        }
    }

    fn with_extra(&self, grid: &Arcs, stream: &mut Stream) -> Arcs {
        let nodes = grid.nodes();
        let mut edges = Vec::with_capacity(self.arcs(nodes) as usize / 2);
        let (mut distinct, mut drawn, mut taken) = (Distinct::default(), Vec::new(), Vec::new());
        for node in 0..nodes {
            // The grid's neighbours and itself, ascending: whom the draw passes over.
            taken.clear();
            taken.extend_from_slice(grid.row(NodeId(node)));
            let place = taken.partition_point(|other| *other < node);
            edges.extend(taken[place..].iter().map(|other| [node, *other]));
            taken.insert(place, node);
            drawn.clear();
            let pool = nodes - taken.len() as u32;
            distinct.draw(stream, self.extra, pool, &mut drawn);
            for other in &mut drawn {
                for passed in &taken {
                    *other += u32::from(*other >= *passed);
                }
                edges.push([node, *other]);
            }
        }
        let mut arcs = Arcs::undirected(nodes, edges.iter().copied());
        arcs.drop_repeats();
        arcs
    }
}

impl Model for Grid {
    fn fits(&self, nodes: u32) -> Result<(), Invalid> {
        Grid::fits(self, nodes)
    }

    fn arcs(&self, nodes: u32) -> u64 {
        Grid::arcs(self, nodes)
    }

    fn seed(&self) -> Option<u64> {
        self.seed
    }

    fn is_fixed(&self) -> bool {
        self.extra == 0 || self.seed.is_some()
    }

    fn build(&self, nodes: u32, stream: &mut Stream) -> Graph {
        Graph::Arcs(Arc::new(Grid::build(self, nodes, stream)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Facts;
    use super::super::tests::{degrees, mean_and_variance, stream};
    use super::*;

    fn grid(sides: &[u32], wrap: bool, extra: u32) -> Grid {
        let sides = sides.to_vec();
        Grid {
            sides,
            wrap,
            extra,
            seed: None,
        }
    }

    #[test]
    fn degrees_and_diameters_are_known() {
        let built = |sides: &[u32], wrap| {
            let nodes = sides.iter().product();
            let graph = grid(sides, wrap, 0).build(nodes, &mut stream(1));
            (graph.count(), Facts::of(&graph).diameter_about)
        };
        assert_eq!(built(&[3, 4], false), (2 * 17, 5));
        assert_eq!(built(&[5, 6], true), (4 * 30, 5));
        assert_eq!(built(&[2, 5], true), (3 * 10, 3));
        assert_eq!(built(&[3, 4, 5], false), (2 * (40 + 45 + 48), 9));
        assert_eq!(built(&[4, 4, 4], true), (6 * 64, 6));
        assert_eq!(built(&[1, 7], true), (2 * 7, 3));
        assert_eq!(built(&[1, 1], false), (0, 0));
        let open = grid(&[3, 4], false, 0).build(12, &mut stream(1));
        assert_eq!(open.row(NodeId(0)), [1, 4]);
        assert_eq!(open.row(NodeId(5)), [1, 4, 6, 9]);
    }

    /// Of n extra * draws, those that two nodes drew of each other merge: a pair is
    /// drawn by a given end with q = extra / (n-5), and the mean degree is
    /// 4 + (n-5)(2q - q^2). Variance of the edges below that of the same number of
    /// independent draws.
    #[test]
    fn extra_neighbours_are_new_and_as_many() {
        let graph = grid(&[40, 40], true, 3).build(1600, &mut stream(4));
        let (mean, _) = mean_and_variance(&degrees(&graph));
        let q = 3.0 / 1595.0;
        let exact = 4.0 + 1595.0 * (2.0 * q - q * q);
        let merged = 1600.0 * 3.0 * q / 2.0;
        assert!(
            (mean - exact).abs() < 4.5 * 2.0 * f64::sqrt(merged) / 1600.0,
            "{mean} {exact}"
        );
        let all = grid(&[3, 3], true, 4).build(9, &mut stream(1));
        assert_eq!(degrees(&all), [8; 9]);
    }

    /// A node at the corner of an open grid draws each of the others that are not
    /// beside it equally often: 13 of 15, chi-square of 12 degrees of freedom, bound
    /// its quantile 0.9999.
    #[test]
    fn extra_neighbours_are_uniform() {
        let mut hits = [0.0f64; 16];
        let mut stream = stream(9);
        for _ in 0..4000 {
            let graph = grid(&[4, 4], false, 1).build(16, &mut stream);
            graph
                .row(NodeId(0))
                .iter()
                .for_each(|other| hits[*other as usize] += 1.0);
        }
        assert_eq!((hits[0], hits[1], hits[4]), (0.0, 4000.0, 4000.0));
        // Drawn by 0 (1/13), or by the other, which has 11 to 13 to choose from.
        let mut chi = 0.0;
        for other in (1..16).filter(|other| ![1, 4].contains(other)) {
            let beside = grid(&[4, 4], false, 0).build(16, &mut self::stream(1));
            let choices = 15.0 - f64::from(beside.degree(NodeId(other)));
            let p = 1.0 - (1.0 - 1.0 / 13.0) * (1.0 - 1.0 / choices);
            let expected = 4000.0 * p;
            let off = hits[other as usize] - expected;
            chi += off * off / (expected * (1.0 - p));
        }
        assert!(chi < 41.0, "{chi}");
    }

    #[test]
    fn what_cannot_be_is_refused_at_its_key() {
        for (sides, extra, key) in [
            (&[3, 3][..], 0, "sides"),
            (&[12], 0, "sides"),
            (&[1, 1, 3, 4], 0, "sides"),
            (&[u32::MAX, u32::MAX, u32::MAX], 0, "sides"),
            (&[0, 12], 0, "sides"),
            (&[3, 4], 8, "extra"),
        ] {
            assert_eq!(grid(sides, false, extra).fits(12).unwrap_err().key, key);
        }
        assert!(grid(&[3, 4], false, 7).fits(12).is_ok());
    }
}
