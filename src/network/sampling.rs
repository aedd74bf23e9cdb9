//! From which pool, and how, a node draws the peers that it calls.

use crate::choices;

choices! {
    /// `[protocol] sampling`. The pool are a node's neighbours (on the complete
    /// graph: all others), with or without the node itself.
    pub enum Sampling {
        /// Distinct neighbours: what implementations do (default).
        Others = "others" (default),
        /// Distinct, from the neighbours and itself; a draw of itself is spent: the
        /// sampling of the formula 1-(1-m/n)^(n-1).
        All = "all",
        /// Neighbours, each draw on its own.
        OthersWithReplacement = "others-with-replacement",
        /// Neighbours and itself, each draw on its own; a draw of itself is spent.
        AllWithReplacement = "all-with-replacement",
    }
}

impl Sampling {
    /// Does the pool hold the node itself?
    pub fn includes_self(self) -> bool {
        matches!(self, Sampling::All | Sampling::AllWithReplacement)
    }

    /// Are the targets of one cycle distinct?
    pub fn is_distinct(self) -> bool {
        matches!(self, Sampling::Others | Sampling::All)
    }

    /// The pool's size for a node with that many neighbours.
    pub fn pool(self, neighbours: u32) -> u32 {
        neighbours + u32::from(self.includes_self())
    }
}
