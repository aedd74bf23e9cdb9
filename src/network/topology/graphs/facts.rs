//! What a graph is like, for who wants to know before it is run.

use super::Arcs;
use crate::node::{NodeId, NodeSet};

/// A graph in numbers.
#[derive(Clone, PartialEq, Debug)]
pub struct Facts {
    /// How many nodes there are.
    pub nodes: u32,
    /// How many arcs there are: an undirected edge is two.
    pub arcs: u64,
    /// The fewest neighbours of a node.
    pub degree_min: u32,
    /// Neighbours of a node in the mean.
    pub degree_mean: f64,
    /// The most neighbours of a node.
    pub degree_max: u32,
    /// Pieces between which no arc goes either way.
    pub components: u32,
    /// Nodes of the largest of them.
    pub component_max: u32,
    /// The longest of the shortest ways that a double sweep in the largest piece found:
    /// at most the diameter, and mostly equal to it. Arcs are gone along their direction.
    pub diameter_about: u32,
}

impl Facts {
    /// The facts of the complete graph.
    pub(in super::super) fn of_complete(nodes: u32) -> Facts {
        Facts {
            nodes,
            arcs: u64::from(nodes) * u64::from(nodes - 1),
            degree_min: nodes - 1,
            degree_mean: f64::from(nodes - 1),
            degree_max: nodes - 1,
            components: 1,
            component_max: nodes,
            diameter_about: u32::from(nodes > 1),
        }
    }

    /// The facts of a graph, which must have a node: linear in its arcs.
    pub fn of(graph: &Arcs) -> Facts {
        let nodes = graph.nodes();
        let degrees = (0..nodes).map(|node| graph.degree(NodeId(node)));
        let (components, component_max, inside) = Pieces::of(graph).count();
        Facts {
            nodes,
            arcs: u64::from(graph.count()),
            degree_min: degrees.clone().min().unwrap_or(0),
            degree_mean: f64::from(graph.count()) / f64::from(nodes),
            degree_max: degrees.max().unwrap_or(0),
            components,
            component_max,
            diameter_about: diameter_about(graph, inside),
        }
    }
}

/// The farthest node from the farthest node from `start`, and once more.
fn diameter_about(graph: &Arcs, start: u32) -> u32 {
    let (mut from, mut longest) = (start, 0);
    for _ in 0..3 {
        let (farthest, distance) = farthest(graph, from);
        longest = longest.max(distance);
        from = farthest;
    }
    longest
}

/// Breadth first: the node reached last, and how many steps it is away.
fn farthest(graph: &Arcs, start: u32) -> (u32, u32) {
    let mut seen = NodeSet::new(graph.nodes());
    seen.insert(NodeId(start));
    let (mut level, mut next) = (vec![start], Vec::new());
    let mut distance = 0;
    loop {
        for node in &level {
            let row = graph.row(NodeId(*node)).iter();
            next.extend(row.filter(|other| seen.insert(NodeId(**other))));
        }
        match next.is_empty() {
            true => return (level[level.len() - 1], distance),
            false => distance += 1,
        }
        std::mem::swap(&mut level, &mut next);
        next.clear();
    }
}

/// Nodes that hang together, by their representatives (union by size, halving paths).
struct Pieces {
    parents: Vec<u32>,
    sizes: Vec<u32>,
}

impl Pieces {
    fn new(nodes: u32) -> Pieces {
        Pieces {
            parents: (0..nodes).collect(),
            sizes: vec![1; nodes as usize],
        }
    }

    fn of(graph: &Arcs) -> Pieces {
        let mut pieces = Pieces::new(graph.nodes());
        for node in 0..graph.nodes() {
            for other in graph.row(NodeId(node)) {
                // An edge is looked at from its greater end, an arc from its tail.
                if *other < node || graph.is_directed() {
                    pieces.join(node, *other);
                }
            }
        }
        pieces
    }

    fn root(&mut self, mut node: u32) -> u32 {
        while self.parents[node as usize] != node {
            let above = self.parents[self.parents[node as usize] as usize];
            self.parents[node as usize] = above;
            node = above;
        }
        node
    }

    fn join(&mut self, one: u32, other: u32) {
        let (mut one, mut other) = (self.root(one), self.root(other));
        if one == other {
            return;
        }
        if self.sizes[one as usize] < self.sizes[other as usize] {
            std::mem::swap(&mut one, &mut other);
        }
        self.parents[other as usize] = one;
        self.sizes[one as usize] += self.sizes[other as usize];
    }

    /// How many pieces, how large the largest is, and a node of it.
    fn count(&self) -> (u32, u32, u32) {
        let (mut count, mut most, mut inside) = (0, 0, 0);
        for (node, parent) in (0..).zip(&self.parents) {
            if node == *parent {
                count += 1;
                if self.sizes[node as usize] > most {
                    (most, inside) = (self.sizes[node as usize], node);
                }
            }
        }
        (count, most, inside)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Hypercube, Line, Ring, Star, Tree};
    use super::*;

    #[test]
    fn known_graphs_have_their_facts() {
        let table = [
            (Line {}.build(9), 1, 2, 8),
            (Star {}.build(9), 1, 8, 2),
            (Tree { arity: 2 }.build(15), 1, 3, 6),
            (Tree { arity: 3 }.build(13), 1, 4, 4),
            (Tree { arity: 1 }.build(5), 1, 2, 4),
            (Hypercube {}.build(64), 6, 6, 6),
            (Hypercube {}.build(1), 0, 0, 0),
            (Ring { reach: 1 }.build(10), 2, 2, 5),
            (Ring { reach: 2 }.build(11), 4, 4, 3),
        ];
        for (graph, least, greatest, diameter) in table {
            let facts = Facts::of(&graph);
            assert_eq!(
                (facts.degree_min, facts.degree_max),
                (least, greatest),
                "{graph:?}"
            );
            assert_eq!(
                (facts.components, facts.diameter_about),
                (1, diameter),
                "{graph:?}"
            );
        }
        for nodes in [3, 12, 100] {
            let refused = Hypercube {}.fits(nodes).unwrap_err();
            assert_eq!(refused.key, ".nodes.count");
        }
        assert!(Hypercube {}.fits(1024).is_ok());
    }

    #[test]
    fn pieces_are_counted_and_the_largest_is_swept() {
        let edges = [[0, 1], [3, 4], [4, 5], [5, 6]];
        let facts = Facts::of(&Arcs::undirected(8, edges.into_iter()));
        assert_eq!((facts.components, facts.component_max), (4, 4));
        assert_eq!(
            (facts.degree_min, facts.degree_mean, facts.degree_max),
            (0, 1.0, 2)
        );
        assert_eq!(facts.diameter_about, 3);
        let one_way = Arcs::directed(3, [[0, 1], [2, 1]].into_iter());
        let facts = Facts::of(&one_way);
        assert_eq!((facts.components, facts.diameter_about), (1, 1));
    }
}
