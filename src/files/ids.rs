//! Edges between nodes that a file names by numbers.

use super::Refused;
use super::refused::harmless;

/// Which node a number in a file is: `ids`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ids {
    /// The numbers that occur, ascending, are nodes 0, 1, 2, ....
    Renumber,
    /// The number is the node, and there are so many nodes.
    AsIs {
        /// How many nodes there are.
        nodes: u32,
    },
}

/// Edges as a file has them: loops and repeats too. 8 bytes an edge.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EdgeList {
    /// How many nodes there are.
    pub nodes: u32,
    /// Each node's number in the file, ascending; empty where it is the node's own.
    pub names: Vec<u32>,
    /// In pieces, which never move while more are read.
    pieces: Vec<Vec<[u32; 2]>>,
}

/// Edges of a piece.
const PIECE: usize = 1 << 18;
/// The greatest number that can name a node.
const ID_MAX: u32 = u32::MAX - 1;

impl EdgeList {
    /// No edges yet.
    pub(super) fn new() -> EdgeList {
        EdgeList {
            nodes: 0,
            names: Vec::new(),
            pieces: Vec::new(),
        }
    }

    /// Adds an edge, by the numbers of the file.
    pub(super) fn push(&mut self, edge: [u32; 2]) {
        match self.pieces.last_mut() {
            Some(piece) if piece.len() < PIECE => piece.push(edge),
            _ => self.pieces.push(vec![edge]),
        }
    }

    /// The edges in the order of the file.
    pub fn edges(&self) -> impl Iterator<Item = [u32; 2]> + Clone {
        self.pieces.iter().flatten().copied()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.pieces.iter().map(Vec::len).sum()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Gives each number its node.
    pub(super) fn settle(mut self, ids: Ids) -> EdgeList {
        match ids {
            Ids::AsIs { nodes } => self.nodes = nodes,
            Ids::Renumber => self.renumber(),
        }
        self
    }

    /// Where the numbers are dense, by a bit each, else by sorting them: neither takes
    /// more than the edges themselves.
    fn renumber(&mut self) {
        let greatest = self.edges().flatten().max().unwrap_or(0);
        let words = greatest as usize / 64 + 1;
        if words * 12 <= 8 * self.len() + 4096 {
            self.renumber_by_rank(words);
        } else {
            self.names = self.edges().flatten().collect();
            self.names.sort_unstable();
            self.names.dedup();
            self.names.shrink_to_fit();
            let names = &self.names;
            let node = |id: &mut u32| *id = names.partition_point(|name| name < id) as u32;
            self.pieces.iter_mut().flatten().flatten().for_each(node);
        }
        self.nodes = self.names.len() as u32;
    }

    fn renumber_by_rank(&mut self, words: usize) {
        let mut present = vec![0u64; words];
        for id in self.edges().flatten() {
            present[id as usize / 64] |= 1 << (id % 64);
        }
        let mut before = Vec::with_capacity(words);
        for (word, bits) in (0..).zip(&present) {
            before.push(self.names.len() as u32);
            let numbers = (0..64).filter(|bit| bits >> bit & 1 == 1);
            self.names.extend(numbers.map(|bit| 64 * word + bit));
        }
        for id in self.pieces.iter_mut().flatten().flatten() {
            let (word, bit) = (*id as usize / 64, *id % 64);
            let lower = present[word] & ((1 << bit) - 1);
            *id = before[word] + lower.count_ones();
        }
    }
}

/// A node's number.
pub(super) fn id(word: &[u8], ids: Ids, line: u64, column: usize) -> Result<u32, Refused> {
    let text = std::str::from_utf8(word).unwrap_or("");
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse::<u32>().ok().filter(|id| *id <= ID_MAX);
    let refused = |why: String| Err(Refused::at(line, column, why));
    match (number, ids) {
        _ if !is_number => refused(format!(
            "a node is a whole number from 0, not {}",
            harmless(word)
        )),
        (None, _) => refused(format!(
            "a node's number is at most {ID_MAX}, not {}",
            harmless(word)
        )),
        (Some(id), Ids::AsIs { nodes }) if id >= nodes => refused(format!(
            "there are {nodes} nodes, numbered from 0: no node {id}"
        )),
        (Some(id), _) => Ok(id),
    }
}

/// Refuses more edges than a graph can hold.
pub(super) fn room_for_more(list: &EdgeList, line: u64) -> Result<(), Refused> {
    if list.len() < u32::MAX as usize {
        return Ok(());
    }
    let why = format!("more than {} edges cannot be held", u32::MAX);
    Err(Refused::at(line, 0, why))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dense and sparse numbers alike become 0, 1, 2, ... in their order.
    #[test]
    fn numbers_become_nodes_in_their_order() {
        for stretch in [1, 7, 100_000, 42_000_000] {
            let mut list = EdgeList::new();
            let edges = [[90, 7], [7, 7], [64, 63], [100, 0]];
            for [from, to] in edges {
                list.push([from * stretch, to * stretch]);
            }
            let list = list.settle(Ids::Renumber);
            let nodes: Vec<_> = list.edges().collect();
            assert_eq!(nodes, [[4, 1], [1, 1], [3, 2], [5, 0]], "{stretch}");
            assert_eq!(list.names, [0, 7, 63, 64, 90, 100].map(|id| id * stretch));
            assert_eq!((list.nodes, list.len()), (6, 4));
        }
    }

    #[test]
    fn numbers_that_are_none_or_too_large_are_refused() {
        let read = |word: &str, ids| {
            let id = id(word.as_bytes(), ids, 2, 5);
            id.map_err(|refused| refused.to_string())
        };
        assert_eq!(read("0007", Ids::Renumber), Ok(7));
        assert_eq!(read("4294967294", Ids::Renumber), Ok(4_294_967_294));
        for (word, why) in [
            (
                "x",
                "line 2, column 5: a node is a whole number from 0, not `x`",
            ),
            (
                "-1",
                "line 2, column 5: a node is a whole number from 0, not `-1`",
            ),
            (
                "1.5",
                "line 2, column 5: a node is a whole number from 0, not `1.5`",
            ),
            (
                "4294967295",
                "line 2, column 5: a node's number is at most 4294967294, not `4294967295`",
            ),
            (
                "1099511627776",
                "line 2, column 5: a node's number is at most 4294967294, not `1099511627776`",
            ),
        ] {
            assert_eq!(read(word, Ids::Renumber), Err(why.to_string()));
        }
        let why = read("9", Ids::AsIs { nodes: 9 }).unwrap_err();
        assert_eq!(
            why,
            "line 2, column 5: there are 9 nodes, numbered from 0: no node 9"
        );
    }
}
