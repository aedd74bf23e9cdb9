//! Which of a sequence of pairs are edges, each with the same probability on its
//! own: the pairs between two edges are counted by one draw, not asked one by one.
//!
//! Source: V. Batagelj, U. Brandes, Efficient generation of large random networks,
//! Phys. Rev. E 71 (2005), with an exponential draw over -ln(1-p), whose whole part
//! is geometric.

use crate::random::Stream;

/// A walk over pairs.
pub struct Skips {
    /// -ln(1 - p): 0 for no edges at all, infinite for all of them.
    rate: f64,
    /// Pairs before the next edge.
    left: u64,
}

impl Skips {
    /// Each pair is an edge with this probability, 0 to 1.
    pub fn new(probability: f64, stream: &mut Stream) -> Skips {
        let mut skips = Skips {
            rate: -libm::log1p(-probability),
            left: 0,
        };
        skips.left = skips.gap(stream);
        skips
    }

    fn gap(&self, stream: &mut Stream) -> u64 {
        if self.rate == 0.0 {
            return u64::MAX;
        }
        // A quotient beyond the range becomes its end: later than all pairs.
        (stream.exponential() / self.rate) as u64
    }

    /// Walks over the pairs of `from` with each of `others`: tells which are edges.
    pub fn walk(
        &mut self,
        others: std::ops::Range<u32>,
        stream: &mut Stream,
        mut edge: impl FnMut(u32),
    ) {
        let length = others.len() as u64;
        while self.left < length {
            edge(others.start + self.left as u32);
            self.left = (self.left + 1).saturating_add(self.gap(stream));
        }
        self.left -= length;
    }
}
