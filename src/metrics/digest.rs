//! The run's digest: a 64-bit hash over everything that happened.
//!
//! Not cryptographic: it tells two runs of a simulator apart. One wide multiply
//! per event, off the chain from one event to the next, which is a rotation and
//! an addition.

use super::{Arrivals, Totals};
use crate::node::NodeId;
use crate::time::Time;
use std::fmt;

/// The hash so far. Shown as `h` and 16 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RunDigest(pub u64);

/// Two odd constants: the fractions of the golden ratio and of sqrt(2), by 2^64.
const ODD_A: u64 = 0x9e37_79b9_7f4a_7c15;
const ODD_B: u64 = 0x6a09_e667_f3bc_c909;

impl RunDigest {
    /// A message arrived. Hashes (time, receiver, sender, call or not, bytes):
    ///
    /// `mixed = fold((receiver << 32 | sender) ^ A, (time + bytes << 40 + call << 63) ^ B)`,
    /// where fold is the 128-bit product's high word xor its low word, then
    /// `hash = rotate_left(hash, 7) + mixed`.
    #[inline]
    pub fn delivery(&mut self, now: Time, to: NodeId, from: NodeId, call: bool, bytes: u64) {
        self.arrival(to, from, RunDigest::factor(now, call, bytes));
    }

    /// The second factor of [`RunDigest::delivery`], the same for messages of a kind.
    #[inline]
    pub fn factor(now: Time, call: bool, bytes: u64) -> u64 {
        let rest = now.0.wrapping_add(bytes << 40);
        rest.wrapping_add(u64::from(call) << 63) ^ ODD_B
    }

    /// [`RunDigest::delivery`], with its second factor at hand.
    #[inline]
    pub fn arrival(&mut self, to: NodeId, from: NodeId, factor: u64) {
        let nodes = u64::from(to.0) << 32 | u64::from(from.0);
        self.add(fold(nodes ^ ODD_A, factor));
    }

    /// Closes the hash with the run's counters, which see the ticks and the
    /// lost messages.
    pub fn close(&mut self, totals: &Totals, arrivals: &Arrivals) {
        let numbers = [
            totals.events,
            totals.sent,
            totals.delivered,
            totals.lost,
            totals.redundant,
            totals.updates,
            totals.calls_by_informed,
            totals.bytes,
            u64::from(arrivals.informed()),
            arrivals.sum_nanoseconds() as u64,
        ];
        for number in numbers {
            self.add(fold(number ^ ODD_A, self.0 ^ ODD_B));
        }
    }

    #[inline]
    fn add(&mut self, mixed: u64) {
        self.0 = self.0.rotate_left(7).wrapping_add(mixed);
    }
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product >> 64) as u64 ^ product as u64
}

impl fmt::Display for RunDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "h{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden() {
        let mut digest = RunDigest::default();
        digest.delivery(Time(5), NodeId(1), NodeId(2), true, 296);
        assert_eq!(digest.to_string(), "h1ba308da3dca34e6");
        digest.delivery(Time(6), NodeId(2), NodeId(1), false, 40);
        assert_eq!(digest.to_string(), "h90d8f9beab68eb52");
    }

    #[test]
    fn every_part_and_the_order_count() {
        let one = |now, to, from, call, bytes| {
            let mut digest = RunDigest::default();
            digest.delivery(Time(now), NodeId(to), NodeId(from), call, bytes);
            digest
        };
        let mut all = vec![
            one(5, 1, 2, true, 40),
            one(6, 1, 2, true, 40),
            one(5, 2, 1, true, 40),
            one(5, 1, 3, true, 40),
            one(5, 1, 2, false, 40),
            one(5, 1, 2, true, 41),
        ];
        let pair = |first: u64, second: u64| {
            let mut digest = RunDigest::default();
            for now in [first, second] {
                digest.delivery(Time(now), NodeId(1), NodeId(2), true, 40);
            }
            digest
        };
        all.extend([pair(1, 2), pair(2, 1)]);
        let count = all.len();
        all.sort_by_key(|digest| digest.0);
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
