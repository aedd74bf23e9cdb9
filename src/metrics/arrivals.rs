//! When how many nodes were informed.

use crate::node::{NodeId, NodeSet};
use crate::time::{Duration, Time};

/// How a threshold was reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reached {
    /// From the write.
    pub elapsed: Duration,
    /// Messages sent until then, from the start, lost ones included.
    pub sent: u64,
}

/// Follows the informed nodes; times count from the write.
#[derive(Clone, Debug)]
pub struct Arrivals {
    nodes: u32,
    informed: NodeSet,
    informed_count: u32,
    written_at: Time,
    sources: u32,
    majority: Option<Duration>,
    thresholds: Vec<(u8, Option<Reached>)>,
    /// The smallest number of informed nodes at which something is noted.
    next_mark: u32,
    sum: u128,
    last: Option<Duration>,
}

/// All numbers of finished [`Arrivals`]; the set of nodes is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ArrivalsParts {
    /// How many nodes there were.
    pub nodes: u32,
    /// How many hold the rumor.
    pub informed: u32,
    /// When it was written.
    pub written_at: Time,
    /// Where it was written: so many nodes.
    pub sources: u32,
    /// From the write to more than half of the nodes.
    pub majority: Option<Duration>,
    /// From the write to each threshold (percent).
    pub thresholds: Vec<(u8, Option<Reached>)>,
    /// The sum of all arrivals, in nanoseconds.
    pub sum: u128,
    /// The last arrival at a node other than the sources.
    pub last: Option<Duration>,
}

impl PartialEq for Arrivals {
    /// The same numbers (the set of nodes itself is not compared).
    fn eq(&self, other: &Arrivals) -> bool {
        let numbers = |a: &Arrivals| (a.informed_count, a.sources, a.majority, a.sum, a.last);
        numbers(self) == numbers(other) && self.thresholds == other.thresholds
    }
}

impl Arrivals {
    /// Nobody is informed yet; `thresholds` in percent, ascending.
    pub fn new(nodes: u32, written_at: Time, thresholds: &[u8]) -> Arrivals {
        let mut arrivals = Arrivals {
            nodes,
            informed: NodeSet::new(nodes),
            informed_count: 0,
            written_at,
            sources: 0,
            majority: None,
            thresholds: thresholds.iter().map(|&percent| (percent, None)).collect(),
            next_mark: 0,
            sum: 0,
            last: None,
        };
        arrivals.next_mark = arrivals.next_mark();
        arrivals
    }

    /// The node holds the rumor from now on; `source`: it was written there; `sent`:
    /// messages so far. False if it held the rumor already.
    #[inline]
    pub fn learned(&mut self, node: NodeId, now: Time, sent: u64, source: bool) -> bool {
        if !self.informed.insert(node) {
            return false;
        }
        if source {
            self.sources += 1;
            self.count(1, now.since(self.written_at), sent);
        } else {
            self.arrived(1, now, sent);
        }
        true
    }

    /// Notes, if `so`, that the node holds the rumor, and counts nothing: tell
    /// [`Arrivals::arrived`] how many were new. True if it was.
    #[inline]
    pub fn insert_if(&mut self, node: NodeId, so: bool) -> bool {
        self.informed.insert_if(node, so)
    }

    /// So many nodes were [inserted](Arrivals::insert_if) now, no source among them;
    /// `sent`: messages so far.
    #[inline]
    pub fn arrived(&mut self, nodes: u32, now: Time, sent: u64) {
        if nodes > 0 {
            let elapsed = now.since(self.written_at);
            self.sum += u128::from(elapsed.0) * u128::from(nodes);
            self.last = Some(elapsed);
            self.count(nodes, elapsed, sent);
        }
    }

    #[inline]
    fn count(&mut self, nodes: u32, elapsed: Duration, sent: u64) {
        self.informed_count += nodes;
        if self.informed_count >= self.next_mark {
            self.mark(elapsed, sent);
        }
    }

    #[cold]
    fn mark(&mut self, elapsed: Duration, sent: u64) {
        let informed = self.informed_count;
        if informed > self.nodes / 2 {
            self.majority.get_or_insert(elapsed);
        }
        for (percent, reached) in &mut self.thresholds {
            if informed >= share(self.nodes, *percent) {
                reached.get_or_insert(Reached { elapsed, sent });
            }
        }
        self.next_mark = self.next_mark();
    }

    fn next_mark(&self) -> u32 {
        let majority = self.majority.is_none().then_some(self.nodes / 2 + 1);
        let open = self
            .thresholds
            .iter()
            .filter(|(_, reached)| reached.is_none());
        let thresholds = open.map(|&(percent, _)| share(self.nodes, percent));
        thresholds.chain(majority).min().unwrap_or(u32::MAX)
    }

    /// All its numbers, to be stored.
    pub fn parts(&self) -> ArrivalsParts {
        ArrivalsParts {
            nodes: self.nodes,
            informed: self.informed_count,
            written_at: self.written_at,
            sources: self.sources,
            majority: self.majority,
            thresholds: self.thresholds.clone(),
            sum: self.sum,
            last: self.last,
        }
    }

    /// Finished arrivals of these numbers.
    pub fn of_parts(parts: ArrivalsParts) -> Arrivals {
        let ArrivalsParts {
            nodes,
            informed,
            written_at,
            sources,
            majority,
            thresholds,
            sum,
            last,
        } = parts;
        Arrivals {
            nodes,
            informed: NodeSet::default(),
            informed_count: informed,
            written_at,
            sources,
            majority,
            thresholds,
            next_mark: u32::MAX,
            sum,
            last,
        }
    }

    /// No more arrivals: keeps the numbers, gives the set's memory back.
    pub fn finish(mut self) -> Arrivals {
        self.informed = NodeSet::default();
        self
    }

    /// Does the node hold the rumor?
    #[inline]
    pub fn is_informed(&self, node: NodeId) -> bool {
        self.informed.contains(node)
    }

    /// Which of the nodes from 64 `block` on hold it, lowest bit first.
    #[inline]
    pub fn block(&self, block: usize) -> u64 {
        self.informed.block(block).unwrap_or(0)
    }

    /// How many hold it.
    #[inline]
    pub fn informed(&self) -> u32 {
        self.informed_count
    }

    /// From the write to more than half of the nodes.
    pub fn majority(&self) -> Option<Duration> {
        self.majority
    }

    /// How each threshold (percent, at least that share of the nodes) was reached.
    pub fn thresholds(&self) -> &[(u8, Option<Reached>)] {
        &self.thresholds
    }

    /// The mean arrival, in units of `period`, over the informed nodes other
    /// than the sources; `None` if there are none.
    pub fn mean_in_rounds(&self, period: Duration) -> Option<f64> {
        let count = self.informed_count - self.sources;
        let whole = u128::from(period.0) * u128::from(count);
        (count > 0).then(|| self.sum as f64 / whole as f64)
    }

    /// The last arrival at a node other than the sources.
    pub fn last(&self) -> Option<Duration> {
        self.last
    }

    /// The sum of all arrivals, in nanoseconds.
    pub fn sum_nanoseconds(&self) -> u128 {
        self.sum
    }
}

/// The least number of nodes that is at least `percent` of them.
fn share(nodes: u32, percent: u8) -> u32 {
    (u64::from(nodes) * u64::from(percent)).div_ceil(100) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_met_by_integer_arithmetic() {
        let table = [
            (10, 50, 5),
            (11, 50, 6),
            (3, 99, 3),
            (1000, 99, 990),
            (1, 1, 1),
            (7, 100, 7),
        ];
        for (nodes, percent, least) in table {
            assert_eq!(share(nodes, percent), least);
        }
    }

    #[test]
    fn four_nodes_by_hand() {
        let mut arrivals = Arrivals::new(4, Time(10), &[50, 100]);
        arrivals.learned(NodeId(0), Time(10), 0, true);
        arrivals.learned(NodeId(1), Time(13), 5, false);
        arrivals.learned(NodeId(1), Time(14), 6, false);
        arrivals.learned(NodeId(2), Time(16), 9, false);
        let half = Reached {
            elapsed: Duration(3),
            sent: 5,
        };
        assert_eq!(arrivals.thresholds(), [(50, Some(half)), (100, None)]);
        assert_eq!(arrivals.majority(), Some(Duration(6)));
        assert_eq!(arrivals.mean_in_rounds(Duration(2)), Some(4.5 / 2.0));
        assert_eq!(arrivals.last(), Some(Duration(6)));
        assert_eq!(arrivals.informed(), 3);
    }

    #[test]
    fn nodes_that_learn_together_count_as_if_one_by_one() {
        let start = || {
            let mut arrivals = Arrivals::new(200, Time(3), &[1, 50, 75, 100]);
            arrivals.learned(NodeId(7), Time(3), 0, true);
            arrivals
        };
        let (mut together, mut one_by_one) = (start(), start());
        for (nodes, now) in [(0..120, Time(5)), (100..180, Time(9)), (5..8, Time(11))] {
            let mut new = 0;
            for node in nodes.map(NodeId) {
                one_by_one.learned(node, now, 7, false);
                if together.insert_if(node, true) {
                    new += 1;
                }
            }
            together.arrived(new, now, 7);
            assert_eq!(together, one_by_one);
        }
        assert_eq!(together.informed(), 180);
        assert_eq!(together.sum_nanoseconds(), 119 * 2 + 60 * 6);
    }

    #[test]
    fn a_source_is_no_arrival() {
        let mut arrivals = Arrivals::new(1, Time::ZERO, &[100]);
        arrivals.learned(NodeId(0), Time::ZERO, 0, true);
        let reached = arrivals.thresholds()[0].1;
        assert_eq!(reached.map(|r| r.elapsed), Some(Duration::ZERO));
        assert_eq!(arrivals.mean_in_rounds(Duration(1)), None);
        assert_eq!(arrivals.last(), None);
    }
}
