//! From which pool, and how, a node draws the peers that it calls.

use serde::{Deserialize, Serialize};

/// `[protocol] sampling`. The pool are a node's neighbours (on the complete
/// graph: all others), with or without the node itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sampling {
    /// Distinct neighbours: what implementations do.
    #[default]
    Others,
    /// Distinct, from the neighbours and itself; a draw of itself is spent.
    /// This is the sampling of the formula 1-(1-m/n)^(n-1).
    All,
    /// Neighbours, each draw on its own.
    OthersWithReplacement,
    /// Neighbours and itself, each draw on its own; a draw of itself is spent.
    AllWithReplacement,
}

impl Sampling {
    /// All samplings, with their names in scenarios.
    pub const ALL: [(&'static str, Sampling); 4] = [
        ("others", Sampling::Others),
        ("all", Sampling::All),
        ("others-with-replacement", Sampling::OthersWithReplacement),
        ("all-with-replacement", Sampling::AllWithReplacement),
    ];

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
