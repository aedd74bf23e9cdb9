//! Node ids and sets of nodes.
//!
//! Invariant: imports nothing of ours.

/// A node: 0 to n - 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The node's place in a flat array.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A set of nodes, one bit each, that knows its size.
#[derive(Clone, Debug, Default)]
pub struct NodeSet {
    words: Vec<u64>,
    count: u32,
}

impl NodeSet {
    /// The empty set over `nodes` nodes.
    pub fn new(nodes: u32) -> NodeSet {
        NodeSet {
            words: vec![0; (nodes as usize).div_ceil(64)],
            count: 0,
        }
    }

    /// Adds a node; true if it was not there.
    #[inline]
    pub fn insert(&mut self, node: NodeId) -> bool {
        let word = &mut self.words[node.index() / 64];
        let bit = 1 << (node.index() % 64);
        // A branch on purpose: rustc 1.95 at opt-level 2 and 3 drops the sum of
        // `count += u32::from(new)` where the caller branches on `new`.
        if *word & bit != 0 {
            return false;
        }
        *word |= bit;
        self.count += 1;
        true
    }

    /// Takes a node out, if it is there.
    #[inline]
    pub fn remove(&mut self, node: NodeId) {
        let word = &mut self.words[node.index() / 64];
        let bit = 1 << (node.index() % 64);
        if *word & bit != 0 {
            *word &= !bit;
            self.count -= 1;
        }
    }

    /// Is the node in the set?
    #[inline]
    pub fn contains(&self, node: NodeId) -> bool {
        self.words[node.index() / 64] & (1 << (node.index() % 64)) != 0
    }

    /// The nodes from 64 `block` to 64 `block` + 63, lowest bit first; `None`
    /// beyond the last.
    #[inline]
    pub fn block(&self, block: usize) -> Option<u64> {
        self.words.get(block).copied()
    }

    /// How many nodes are in the set.
    #[inline]
    pub fn len(&self) -> u32 {
        self.count
    }

    /// Is nobody in the set?
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Gives the memory back and keeps only the count.
    pub fn forget_members(&mut self) {
        self.words = Vec::new();
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        self.words.fill(0);
        self.count = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_counts_each_node_once() {
        let mut set = NodeSet::new(130);
        assert!(set.is_empty());
        assert!(set.insert(NodeId(129)) && set.insert(NodeId(0)) && !set.insert(NodeId(129)));
        assert_eq!(set.len(), 2);
        assert!(set.contains(NodeId(129)) && !set.contains(NodeId(64)));
        set.remove(NodeId(129));
        set.remove(NodeId(64));
        assert_eq!(set.len(), 1);
        set.clear();
        assert!(set.is_empty() && !set.contains(NodeId(0)));
    }
}
