//! Random geometric graph: nodes are random points of the unit torus, and those
//! within a radius are neighbours.
//!
//! Source: E. N. Gilbert, Random plane networks, J. SIAM 9 (1961). The radius is the
//! one whose disc holds `degree` of the n - 1 others in the mean.

use super::{Arcs, fits_about};
use crate::invalid::Invalid;
use crate::keys;
use crate::random::{SEED_MAX, Stream};
use std::f64::consts::PI;

keys! {
    /// `topology = { kind = "geometric", degree = 16.0 }`: clustering .5865.
    pub struct Geometric {
        /// Neighbours of a node in the mean: up to (n - 1) pi / 4, where the disc reaches
        /// itself around the torus.
        pub degree: f64 as "nodes" [0.0..=f64::MAX],
        /// Fixes the graph: the same in all replicates, whatever the master seed.
        pub seed: Option<u64> [0..=SEED_MAX],
    }
}

/// A point of the unit square, and whose it is.
#[derive(Clone, Copy, Default)]
struct Point {
    x: f64,
    y: f64,
    node: u32,
}

impl Geometric {
    /// Can there be such a graph?
    ///
    /// # Errors
    /// A degree that is negative or whose disc is larger than the torus.
    pub fn fits(&self, nodes: u32) -> Result<(), Invalid> {
        let most = f64::from(nodes - 1) * PI / 4.0;
        if !(0.0..=most).contains(&self.degree) {
            let why = format!(
                "must be from 0 to {most:.3} ((n - 1) pi / 4, where the disc reaches itself), not {}",
                self.degree
            );
            return Err(Invalid::new("degree", why));
        }
        // Edges are not independent: those of a node come together.
        let edges = f64::from(nodes) * self.degree / 2.0;
        fits_about(edges + 10.0 * self.degree, "degree")
    }

    /// Its arcs in the mean.
    pub fn arcs(&self, nodes: u32) -> u64 {
        (f64::from(nodes) * self.degree) as u64
    }

    /// A graph over `nodes` nodes.
    pub fn build(&self, nodes: u32, stream: &mut Stream) -> Arcs {
        let place = |node| Point {
            x: stream.unit(),
            y: stream.unit(),
            node,
        };
        let points: Vec<Point> = (0..nodes).map(place).collect();
        let square = self.degree / (f64::from(nodes.max(2) - 1) * PI);
        let mut edges = Vec::with_capacity(self.arcs(nodes) as usize / 2 * 65 / 64);
        let side = cells_a_side(square, nodes);
        if side < 3 {
            for (at, point) in points.iter().enumerate() {
                near(point, &points[at + 1..], square, &mut edges);
            }
        } else {
            Cells::new(side, &points).near(square, &mut edges);
        }
        Arcs::undirected(nodes, edges.iter().copied())
    }
}

/// Cells no narrower than the radius (with room for rounding), and no more of them
/// than nodes.
fn cells_a_side(square: f64, nodes: u32) -> u32 {
    let narrowest = (1.0 / square.sqrt()) * (1.0 - 1e-9);
    let most = f64::from(nodes).sqrt();
    narrowest.min(most) as u32
}

/// Appends the edges from a point to those of `others` within the radius.
fn near(point: &Point, others: &[Point], square: f64, edges: &mut Vec<[u32; 2]>) {
    let around = |a: f64, b: f64| {
        let straight = (a - b).abs();
        straight.min(1.0 - straight)
    };
    for other in others {
        let (x, y) = (around(point.x, other.x), around(point.y, other.y));
        if x * x + y * y <= square {
            edges.push([point.node, other.node]);
        }
    }
}

/// The points by cell, row by row.
struct Cells {
    side: u32,
    starts: Vec<u32>,
    points: Vec<Point>,
}

impl Cells {
    fn new(side: u32, points: &[Point]) -> Cells {
        let along = |place: f64| ((place * f64::from(side)) as u32).min(side - 1) as usize;
        let cell = |point: &Point| along(point.y) * side as usize + along(point.x);
        // As the compressed graph fills its rows.
        let mut starts = vec![0u32; (side * side) as usize + 2];
        points.iter().for_each(|point| starts[cell(point) + 2] += 1);
        for place in 2..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut sorted = vec![Point::default(); points.len()];
        for point in points {
            let place = &mut starts[cell(point) + 1];
            sorted[*place as usize] = *point;
            *place += 1;
        }
        Cells {
            side,
            starts,
            points: sorted,
        }
    }

    fn cell(&self, x: u32, y: u32) -> &[Point] {
        let cell = ((y % self.side) * self.side + x % self.side) as usize;
        &self.points[self.starts[cell] as usize..self.starts[cell + 1] as usize]
    }

    /// Each cell with itself and with four of the eight around it: every pair once.
    fn near(&self, square: f64, edges: &mut Vec<[u32; 2]>) {
        for y in 0..self.side {
            for x in 0..self.side {
                let here = self.cell(x, y);
                let west = x + self.side - 1;
                let around = [(x + 1, y), (west, y + 1), (x, y + 1), (x + 1, y + 1)];
                for (at, point) in here.iter().enumerate() {
                    near(point, &here[at + 1..], square, edges);
                    for (x, y) in around {
                        near(point, self.cell(x, y), square, edges);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{clustering, degrees, mean_and_variance, stream};
    use super::*;

    /// Each pair is an edge with pi r^2, and pairs of pairs are independent on the
    /// torus: the edges' variance is that of a binomial. Clustering 1 - 3 sqrt(3) /
    /// (4 pi) (Dall and Christensen 2002); its error is bounded by ten graphs' own
    /// spread.
    #[test]
    fn degree_and_clustering_are_known() {
        let (nodes, degree) = (4000, 20.0);
        let graphs: Vec<Arcs> = (0..10)
            .map(|seed| Geometric { degree, seed: None }.build(nodes, &mut stream(seed)))
            .collect();
        let p = degree / f64::from(nodes - 1);
        for graph in &graphs {
            let edges = f64::from(graph.count() / 2);
            let expected = super::super::pairs(nodes) as f64 * p;
            assert!((edges - expected).abs() < 4.5 * expected.sqrt(), "{edges}");
        }
        let exact = 1.0 - 3.0 * f64::sqrt(3.0) / (4.0 * PI);
        let off: Vec<f64> = graphs
            .iter()
            .map(|graph| clustering(graph) - exact)
            .collect();
        let mean = off.iter().sum::<f64>() / 10.0;
        let spread = off.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 9.0;
        // Student's t of 9 degrees of freedom beyond 6.6: 1e-4.
        assert!(mean.abs() < 6.6 * (spread / 10.0).sqrt(), "{mean} {spread}");
        assert!(spread.sqrt() < 0.01, "the test can fail");
    }

    /// Degrees are binomial (n - 1, pi r^2) one by one.
    #[test]
    fn degrees_are_binomial() {
        let graph = Geometric {
            degree: 8.0,
            seed: None,
        }
        .build(20_000, &mut stream(2));
        let (mean, variance) = mean_and_variance(&degrees(&graph));
        assert!(
            (mean - 8.0).abs() < 4.5 * 2.0 * f64::sqrt(80_000.0) / 20_000.0,
            "{mean}"
        );
        // Neighbours' degrees are alike (correlation .59 over 9 nodes): the error of a
        // variance is at most sqrt(2 * 9 / n) of it.
        assert!(
            (variance / 8.0 - 1.0).abs() < 4.5 * f64::sqrt(18.0 / 20_000.0),
            "{variance}"
        );
    }

    /// Cells find what a look at every pair finds.
    #[test]
    fn cells_miss_nobody() {
        for (nodes, degree) in [(200, 3.0), (60, 5.9), (2000, 1.0), (40, 4.0)] {
            let graph = Geometric { degree, seed: None }.build(nodes, &mut stream(7));
            let mut stream = stream(7);
            let place = |node| Point {
                x: stream.unit(),
                y: stream.unit(),
                node,
            };
            let points: Vec<Point> = (0..nodes).map(place).collect();
            let square = degree / (f64::from(nodes - 1) * PI);
            let mut edges = Vec::new();
            for (at, point) in points.iter().enumerate() {
                near(point, &points[at + 1..], square, &mut edges);
            }
            assert_eq!(graph, Arcs::undirected(nodes, edges.iter().copied()));
        }
    }

    #[test]
    fn a_disc_larger_than_the_torus_is_refused() {
        let check = |degree, nodes| Geometric { degree, seed: None }.fits(nodes);
        assert!(check(78.0, 101).is_ok() && check(0.0, 1).is_ok() && check(0.0, 9).is_ok());
        for (degree, nodes) in [
            (79.0, 101),
            (-1.0, 101),
            (f64::NAN, 101),
            (1.0, 1),
            (5000.0, 1_000_000),
        ] {
            assert_eq!(check(degree, nodes).unwrap_err().key, "degree");
        }
        assert_eq!(
            degrees(
                &Geometric {
                    degree: 0.0,
                    seed: None
                }
                .build(3, &mut stream(1))
            ),
            [0; 3]
        );
    }
}
