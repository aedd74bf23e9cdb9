//! The compressed graph: all neighbours in one array, row by row.

use crate::node::NodeId;

/// A graph's arcs by their tail. Rows ascend; no arc is a loop and none is there
/// twice. An undirected edge is two arcs. 4 bytes a node and 4 an arc.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arcs {
    /// Where each node's row begins in `neighbours`, and last, where all end.
    starts: Vec<u32>,
    neighbours: Vec<u32>,
    directed: bool,
}

impl Arcs {
    /// The graph of these undirected edges, each named once, none a loop. The
    /// iterator is run twice.
    pub fn undirected(nodes: u32, edges: impl Iterator<Item = [u32; 2]> + Clone) -> Arcs {
        Arcs::gather(nodes, edges, true)
    }

    /// The graph of these arcs, each named once, none a loop.
    pub fn directed(nodes: u32, arcs: impl Iterator<Item = [u32; 2]> + Clone) -> Arcs {
        Arcs::gather(nodes, arcs, false)
    }

    /// Undirected rows written one after another: `row` appends a node's neighbours, distinct,
    /// in any order. `arcs`: how many they will be together, for memory's sake.
    pub(super) fn from_rows(
        nodes: u32,
        arcs: u64,
        mut row: impl FnMut(u32, &mut Vec<u32>),
    ) -> Arcs {
        let mut starts = Vec::with_capacity(nodes as usize + 1);
        let mut neighbours = Vec::with_capacity(arcs as usize);
        for node in 0..nodes {
            let start = neighbours.len();
            starts.push(start as u32);
            row(node, &mut neighbours);
            neighbours[start..].sort_unstable();
        }
        starts.push(neighbours.len() as u32);
        Arcs {
            starts,
            neighbours,
            directed: false,
        }
    }

    /// From an array in which each row has the same length; rows in any order.
    pub(super) fn from_equal_rows(nodes: u32, degree: u32, mut neighbours: Vec<u32>) -> Arcs {
        if degree > 0 {
            let rows = neighbours.chunks_exact_mut(degree as usize);
            rows.for_each(|row| row.sort_unstable());
        }
        Arcs {
            starts: (0..=nodes).map(|node| node * degree).collect(),
            neighbours,
            directed: false,
        }
    }

    fn gather(nodes: u32, edges: impl Iterator<Item = [u32; 2]> + Clone, both: bool) -> Arcs {
        // While rows are filled, `starts[v + 1]` is the place where the next
        // neighbour of v goes: at the end it is where v + 1 begins.
        let mut starts = vec![0u32; nodes as usize + 2];
        for [from, to] in edges.clone() {
            starts[from as usize + 2] += 1;
            starts[to as usize + 2] += u32::from(both);
        }
        for place in 2..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut neighbours = vec![0; starts[nodes as usize + 1] as usize];
        let mut put = |from: u32, to: u32| {
            let place = &mut starts[from as usize + 1];
            neighbours[*place as usize] = to;
            *place += 1;
        };
        for [from, to] in edges {
            put(from, to);
            if both {
                put(to, from);
            }
        }
        starts.pop();
        let mut arcs = Arcs {
            starts,
            neighbours,
            directed: !both,
        };
        arcs.sort_rows();
        arcs
    }

    fn sort_rows(&mut self) {
        let mut rest = self.neighbours.as_mut_slice();
        for ends in self.starts.windows(2) {
            let (row, after) = rest.split_at_mut((ends[1] - ends[0]) as usize);
            if !row.is_sorted() {
                row.sort_unstable();
            }
            rest = after;
        }
    }

    /// Drops arcs that are there more than once; how many they were.
    pub fn drop_repeats(&mut self) -> u64 {
        let (mut kept, mut start) = (0, 0);
        for node in 0..self.starts.len() - 1 {
            let end = self.starts[node + 1] as usize;
            let first = kept;
            for place in start..end {
                let neighbour = self.neighbours[place];
                if kept == first || self.neighbours[kept - 1] != neighbour {
                    self.neighbours[kept] = neighbour;
                    kept += 1;
                }
            }
            self.starts[node + 1] = kept as u32;
            start = end;
        }
        let dropped = self.neighbours.len() - kept;
        self.neighbours.truncate(kept);
        if dropped > 0 {
            self.neighbours.shrink_to_fit();
        }
        dropped as u64
    }

    /// The graph of the pairs that are no edge here.
    pub(super) fn complement(&self) -> Arcs {
        let nodes = self.nodes();
        let arcs = 2 * super::pairs(nodes) - u64::from(self.count());
        Arcs::from_rows(nodes, arcs, |node, row| {
            let mut held = self.row(NodeId(node)).iter().copied().peekable();
            for other in 0..nodes {
                if held.next_if_eq(&other).is_none() && other != node {
                    row.push(other);
                }
            }
        })
    }

    /// How many nodes there are.
    #[inline]
    pub fn nodes(&self) -> u32 {
        self.starts.len() as u32 - 1
    }

    /// May an arc be without its return?
    pub fn is_directed(&self) -> bool {
        self.directed
    }

    /// How many arcs there are: twice the undirected edges.
    #[inline]
    pub fn count(&self) -> u32 {
        self.neighbours.len() as u32
    }

    /// The places of a node's arcs among all arcs.
    #[inline(always)]
    pub fn places(&self, node: NodeId) -> std::ops::Range<u32> {
        self.starts[node.index()]..self.starts[node.index() + 1]
    }

    /// A node's neighbours, ascending.
    #[inline(always)]
    pub fn row(&self, node: NodeId) -> &[u32] {
        let places = self.places(node);
        &self.neighbours[places.start as usize..places.end as usize]
    }

    /// How many neighbours a node has.
    #[inline(always)]
    pub fn degree(&self, node: NodeId) -> u32 {
        self.places(node).len() as u32
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> u64 {
        4 * (self.starts.capacity() + self.neighbours.capacity()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(arcs: &Arcs) -> Vec<&[u32]> {
        (0..arcs.nodes())
            .map(|node| arcs.row(NodeId(node)))
            .collect()
    }

    #[test]
    fn edges_become_ascending_rows_both_ways() {
        let edges = [[3, 0], [0, 1], [2, 0]];
        let both = Arcs::undirected(5, edges.iter().copied());
        assert_eq!(rows(&both), [&[1, 2, 3][..], &[0], &[0], &[0], &[]]);
        assert_eq!((both.nodes(), both.count()), (5, 6));
        let one = Arcs::directed(5, edges.iter().copied());
        assert_eq!(rows(&one), [&[1][..], &[], &[0], &[0], &[]]);
        assert_eq!(rows(&Arcs::undirected(1, [].into_iter())), [&[] as &[u32]]);
    }

    #[test]
    fn repeats_are_dropped_and_counted() {
        let edges = [[1, 2], [2, 1], [1, 2], [0, 2], [3, 3]];
        let edges = edges.into_iter().filter(|[a, b]| a != b);
        let mut arcs = Arcs::undirected(4, edges);
        assert_eq!(arcs.drop_repeats(), 4);
        assert_eq!(rows(&arcs), [&[2][..], &[2], &[0, 1], &[]]);
        assert_eq!(arcs.drop_repeats(), 0);
    }

    #[test]
    fn a_complement_has_the_other_pairs() {
        let path = Arcs::undirected(4, [[0, 1], [1, 2], [2, 3]].into_iter());
        let other = path.complement();
        assert_eq!(rows(&other), [&[2, 3][..], &[3], &[0], &[0, 1]]);
        assert_eq!(other.complement(), path);
    }
}
