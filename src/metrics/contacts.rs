//! The contact probability: in a window of one period, which share of the nodes
//! does at least one call of another node reach?

use crate::node::{NodeId, NodeSet};

/// Counts contacted nodes per window.
#[derive(Clone, Debug, Default)]
pub struct Contacts {
    /// Counted when the window is over.
    seen: NodeSet,
    to_skip: u64,
    contacted: u64,
    windows: u64,
}

/// All numbers of finished [`Contacts`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ContactsParts {
    /// Windows of the warm-up that did not come.
    pub to_skip: u64,
    /// Contacted nodes, over all windows.
    pub contacted: u64,
    /// Whole windows counted.
    pub windows: u64,
}

impl PartialEq for Contacts {
    /// The same numbers over whole windows.
    fn eq(&self, other: &Contacts) -> bool {
        (self.contacted, self.windows) == (other.contacted, other.windows)
    }
}

impl Contacts {
    /// The first `warm_up` windows are left out.
    pub fn new(nodes: u32, warm_up: u64) -> Contacts {
        Contacts {
            seen: NodeSet::new(nodes),
            to_skip: warm_up,
            contacted: 0,
            windows: 0,
        }
    }

    /// Another node's call arrived here.
    #[inline]
    pub fn contacted(&mut self, node: NodeId) {
        self.seen.insert(node);
    }

    /// A window is over.
    pub fn close_window(&mut self) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else {
            self.contacted += u64::from(self.seen.len());
            self.windows += 1;
        }
        self.seen.clear();
    }

    /// No more windows: keeps the numbers, gives the set's memory back.
    pub fn finish(mut self) -> Contacts {
        self.seen = NodeSet::default();
        self
    }

    /// All its numbers, to be stored.
    pub fn parts(&self) -> ContactsParts {
        ContactsParts {
            to_skip: self.to_skip,
            contacted: self.contacted,
            windows: self.windows,
        }
    }

    /// Finished contacts of these numbers.
    pub fn of_parts(parts: ContactsParts) -> Contacts {
        Contacts {
            seen: NodeSet::default(),
            to_skip: parts.to_skip,
            contacted: parts.contacted,
            windows: parts.windows,
        }
    }

    /// Whole windows counted.
    pub fn windows(&self) -> u64 {
        self.windows
    }

    /// The share of contacted nodes, over all windows; `None` without windows.
    pub fn probability(&self, nodes: u32) -> Option<f64> {
        let chances = u128::from(self.windows) * u128::from(nodes);
        (chances > 0).then(|| self.contacted as f64 / chances as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_node_counts_once_a_window_and_the_warm_up_not_at_all() {
        let mut contacts = Contacts::new(4, 1);
        contacts.contacted(NodeId(0));
        contacts.close_window();
        assert_eq!(contacts.probability(4), None);
        for node in [1, 1, 2] {
            contacts.contacted(NodeId(node));
        }
        contacts.close_window();
        contacts.close_window();
        contacts.contacted(NodeId(3));
        assert_eq!(contacts.windows(), 2);
        assert_eq!(contacts.probability(4), Some(0.25));
    }
}
