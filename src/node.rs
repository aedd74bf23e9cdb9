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

/// A set of nodes, one bit each. It does not keep count: who asks for every node
/// whether it is new pays for a branch that nobody can predict.
#[derive(Clone, Debug, Default)]
pub struct NodeSet {
    words: Vec<u64>,
}

impl NodeSet {
    /// The empty set over `nodes` nodes.
    pub fn new(nodes: u32) -> NodeSet {
        NodeSet {
            words: vec![0; (nodes as usize).div_ceil(64)],
        }
    }

    /// Adds a node; true if it was not there.
    #[inline]
    pub fn insert(&mut self, node: NodeId) -> bool {
        let word = &mut self.words[node.index() / 64];
        let bit = 1 << (node.index() % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Adds a node if `so`; true if it was not there. Without a branch, for where
    /// nobody can predict it.
    #[inline]
    pub fn insert_if(&mut self, node: NodeId, so: bool) -> bool {
        let word = &mut self.words[node.index() / 64];
        let bit = u64::from(so) << (node.index() % 64);
        let new = bit & !*word;
        *word |= bit;
        new != 0
    }

    /// Takes a node out, if it is there.
    #[inline]
    pub fn remove(&mut self, node: NodeId) {
        self.words[node.index() / 64] &= !(1 << (node.index() % 64));
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

    /// Replaces the nodes of that block; beyond the last there are none.
    #[inline]
    pub fn set_block(&mut self, block: usize, nodes: u64) {
        if let Some(word) = self.words.get_mut(block) {
            *word = nodes;
        }
    }

    /// How many nodes are in the set: counts them all.
    pub fn len(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    /// Is nobody in the set?
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        self.words.fill(0);
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
        assert!(!set.insert_if(NodeId(7), false) && !set.contains(NodeId(7)));
        assert!(set.insert_if(NodeId(7), true) && set.contains(NodeId(7)));
        assert!(!set.insert_if(NodeId(7), true) && !set.insert_if(NodeId(7), false));
        set.remove(NodeId(7));
        set.set_block(1, 0b101);
        set.set_block(9, 1);
        assert_eq!(
            [0, 1, 2, 3].map(|b| set.block(b)),
            [Some(1), Some(5), Some(0), None]
        );
        assert!(set.contains(NodeId(64)) && set.contains(NodeId(66)));
        set.clear();
        assert!(set.is_empty() && !set.contains(NodeId(0)));
    }
}
