//! When nodes tick outside common rounds: a lane of its own beside the queue,
//! since its order is known without one.

use super::Clock;
use crate::node::NodeId;
use crate::random::Stream;
use crate::time::{Duration, Time};

/// The next tick, and the one after it.
pub enum Ticks {
    /// Every period at a random phase: the order repeats, so it is sorted once.
    Periodic(Periodic),
    /// Independent Poisson processes.
    Poisson(Box<Poisson>),
}

impl Ticks {
    /// For `nodes` nodes, from the `clock` stream.
    pub fn new(clock: Clock, nodes: u32, period: Duration, stream: Stream) -> Ticks {
        match clock {
            Clock::Poisson => Ticks::Poisson(Box::new(Poisson::new(nodes, period, stream))),
            Clock::Periodic | Clock::Synchronous => {
                Ticks::Periodic(Periodic::new(nodes, period, stream))
            }
        }
    }

    /// When the next tick is due.
    #[inline]
    pub fn next_at(&self) -> Time {
        match self {
            Ticks::Periodic(lane) => lane.next_at,
            Ticks::Poisson(lane) => lane.next_at,
        }
    }

    /// Whose tick it is; moves on to the next.
    #[inline]
    pub fn take(&mut self) -> NodeId {
        match self {
            Ticks::Periodic(lane) => lane.take(),
            Ticks::Poisson(lane) => lane.take(),
        }
    }
}

/// 12 bytes a node.
pub struct Periodic {
    phases: Vec<u64>,
    nodes: Vec<NodeId>,
    place: usize,
    cycle_start: Time,
    period: Duration,
    next_at: Time,
}

impl Periodic {
    fn new(nodes: u32, period: Duration, mut stream: Stream) -> Periodic {
        let mut order: Vec<(u64, NodeId)> = (0..nodes)
            .map(|node| (stream.below_u64(period.0), NodeId(node)))
            .collect();
        order.sort_unstable();
        // One after the other, so that the second takes the pairs' own memory.
        let nodes: Vec<NodeId> = order.iter().map(|tick| tick.1).collect();
        let phases: Vec<u64> = order.into_iter().map(|tick| tick.0).collect();
        let next_at = Time(phases[0]);
        Periodic {
            phases,
            nodes,
            place: 0,
            cycle_start: Time::ZERO,
            period,
            next_at,
        }
    }

    #[inline]
    fn take(&mut self) -> NodeId {
        let node = self.nodes[self.place];
        self.place += 1;
        if self.place == self.nodes.len() {
            self.place = 0;
            self.cycle_start = self.cycle_start.after(self.period);
        }
        self.next_at = self.cycle_start.after(Duration(self.phases[self.place]));
        node
    }
}

/// The union of n independent Poisson processes is one of n times the rate,
/// whose events fall to each node with the same probability: exact, and no node
/// needs a place in a queue. Times are rounded down to whole nanoseconds; the
/// remainder is carried on, so that the rate is exact too. Ticks that fall into
/// one nanosecond keep the order in which they were drawn, that of their exact times.
pub struct Poisson {
    nodes: u32,
    mean_gap: f64,
    remainder: f64,
    next_at: Time,
    stream: Stream,
}

impl Poisson {
    fn new(nodes: u32, period: Duration, stream: Stream) -> Poisson {
        let mut lane = Poisson {
            nodes,
            mean_gap: period.0 as f64 / f64::from(nodes),
            remainder: 0.0,
            next_at: Time::ZERO,
            stream,
        };
        lane.move_on();
        lane
    }

    fn move_on(&mut self) {
        let gap = self.mean_gap * self.stream.exponential() + self.remainder;
        let whole = gap as u64;
        self.remainder = gap - whole as f64;
        self.next_at = self.next_at.after(Duration(whole));
    }

    #[inline]
    fn take(&mut self) -> NodeId {
        let node = NodeId(self.stream.below(self.nodes));
        self.move_on();
        node
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Seeds, StreamName};

    fn lane(clock: Clock, nodes: u32, period: Duration) -> Ticks {
        let seeds = Seeds {
            master: 5,
            replicate: 0,
            cell: String::new(),
        };
        Ticks::new(clock, nodes, period, seeds.stream(StreamName::Clock))
    }

    #[test]
    fn a_periodic_node_ticks_once_a_period_at_its_phase() {
        let mut lane = lane(Clock::Periodic, 7, Duration(100));
        let mut take = |count| -> Vec<(u64, u32)> {
            (0..count)
                .map(|_| (lane.next_at().0, lane.take().0))
                .collect()
        };
        let first = take(7);
        let second = take(7);
        let later: Vec<_> = first.iter().map(|&(at, node)| (at + 100, node)).collect();
        assert_eq!(second, later);
        assert!(first.is_sorted() && first[6].0 < 100);
        let mut nodes: Vec<u32> = first.iter().map(|tick| tick.1).collect();
        nodes.sort_unstable();
        assert_eq!(nodes, [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn equal_phases_go_by_node() {
        let mut lane = lane(Clock::Periodic, 5, Duration(1));
        let nodes: Vec<u32> = (0..10).map(|_| lane.take().0).collect();
        assert_eq!(nodes, [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
    }

    /// n ticks a period on average, even where a gap is far below 1 ns:
    /// the count over a fixed time is Poisson; 4.5 standard deviations.
    #[test]
    fn a_poisson_lane_has_its_rate_and_treats_nodes_alike() {
        for period in [Duration(1_000_000), Duration(3)] {
            let mut lane = lane(Clock::Poisson, 20, period);
            let end = Time(period.0 * 5_000);
            let mut ticks = [0.0; 20];
            while lane.next_at() < end {
                ticks[lane.take().index()] += 1.0;
            }
            let total: f64 = ticks.iter().sum();
            assert!(
                (total - 100_000.0).abs() < 4.5 * 100_000f64.sqrt(),
                "{total}"
            );
            for count in ticks {
                assert!((count - 5_000.0).abs() < 4.5 * 5_000f64.sqrt(), "{count}");
            }
        }
    }
}
