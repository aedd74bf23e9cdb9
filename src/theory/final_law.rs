//! How many nodes are informed in the end, where spreading stops by itself.

use super::masses::Masses;
use super::spread::Moments;

/// The law of the number of informed nodes when nobody spreads any more.
pub struct FinalLaw {
    nodes: u64,
    /// Kept by the uninformed, so that few of these keep their digits.
    untold: Masses,
}

impl FinalLaw {
    /// From the probabilities of so many uninformed nodes, from 0.
    pub(super) fn new(nodes: u64, by_untold: Vec<f64>) -> FinalLaw {
        FinalLaw {
            nodes,
            untold: Masses {
                first: 0,
                mass: by_untold,
            },
        }
    }

    /// Each final number of informed nodes, sources included, with its
    /// probability, ascending.
    pub fn probabilities(&self) -> impl Iterator<Item = (u64, f64)> {
        let untold = self.untold.mass.iter().enumerate().rev();
        untold.map(|(untold, p)| (self.nodes - untold as u64, *p))
    }

    fn untold(&self) -> Moments {
        let mean = self.untold.mean();
        Moments {
            mean,
            variance: self.untold.squares_about(mean),
        }
    }

    /// The residue s, the share of nodes that are never informed.
    pub fn residue(&self) -> Moments {
        self.untold().times(1.0 / self.nodes as f64)
    }

    /// The final number of informed nodes.
    pub fn informed(&self) -> Moments {
        let Moments { mean, variance } = self.untold();
        Moments {
            mean: self.nodes as f64 - mean,
            variance,
        }
    }

    /// The probability that all are informed.
    pub fn all_informed(&self) -> f64 {
        self.untold.mass[0].min(1.0)
    }
}
