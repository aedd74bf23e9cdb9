//! Uplinks and downlinks: a node sends, or takes in, one message at a time, in
//! the order in which they come; others wait, as far as there is room.
//!
//! Source: elementary (a queue with one server). A message of b bytes holds a
//! link of r bits per second for 8 b / r, to the nearest nanosecond: all is whole
//! numbers. It waits for those before it; if those that wait (without the one
//! under way) and itself weigh more than there is room for, it is dropped (tail
//! drop): with no room, whatever comes while the link is busy.

use crate::node::NodeId;
use crate::time::{Duration, Time};
use std::collections::VecDeque;

/// A link's speed and room, the same for each node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bandwidth {
    /// Bits per second, 1 or more.
    pub bits_per_second: u64,
    /// Bytes that may wait, without those of the message under way; none: any
    /// number.
    pub queue_bytes: Option<u64>,
}

impl Bandwidth {
    /// How long a message of so many bytes holds the link.
    pub fn holds(&self, bytes: u64) -> Duration {
        let rate = u128::from(self.bits_per_second);
        let length = (u128::from(bytes) * 8_000_000_000 + rate / 2) / rate;
        Duration(u64::try_from(length).unwrap_or(u64::MAX))
    }
}

/// The waiting times of the messages that passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Delays {
    /// Messages that passed.
    pub count: u64,
    /// Nanoseconds waited in all.
    pub sum: u128,
    /// The longest.
    pub max: Duration,
}

impl Delays {
    fn note(&mut self, wait: Duration) {
        self.count += 1;
        self.sum += u128::from(wait.0);
        self.max = self.max.max(wait);
    }

    /// Both together.
    pub fn and(self, other: Delays) -> Delays {
        Delays {
            count: self.count + other.count,
            sum: self.sum + other.sum,
            max: self.max.max(other.max),
        }
    }

    /// The mean wait in seconds; none if nothing passed.
    pub fn mean_seconds(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64 / 1e9)
    }
}

/// One such link for each node.
pub struct Queues {
    bandwidth: Bandwidth,
    /// By node: when its link is free.
    free: Vec<Time>,
    /// By node: what waits; empty where any number may.
    waiting: Vec<Waiting>,
    /// How long messages waited.
    pub delays: Delays,
}

/// Messages that have not begun: when they begin, and their bytes.
#[derive(Clone, Default)]
struct Waiting {
    messages: VecDeque<(Time, u64)>,
    bytes: u64,
}

impl Queues {
    /// All links free.
    pub fn new(bandwidth: Bandwidth, nodes: u32) -> Queues {
        let lists = if bandwidth.queue_bytes.is_some() {
            nodes
        } else {
            0
        };
        Queues {
            bandwidth,
            free: vec![Time::ZERO; nodes as usize],
            waiting: vec![Waiting::default(); lists as usize],
            delays: Delays::default(),
        }
    }

    /// When a message that comes now has passed the node's link; none if it is
    /// dropped. Times do not go back.
    pub fn pass(&mut self, node: NodeId, now: Time, bytes: u64) -> Option<Time> {
        let begins = self.free[node.index()].max(now);
        if let Some(room) = self.bandwidth.queue_bytes {
            let waiting = &mut self.waiting[node.index()];
            while let Some((begins, bytes)) = waiting.messages.front().copied()
                && begins <= now
            {
                waiting.messages.pop_front();
                waiting.bytes -= bytes;
            }
            if begins > now {
                let bytes_after = waiting.bytes.saturating_add(bytes);
                if bytes_after > room {
                    return None;
                }
                waiting.bytes = bytes_after;
                waiting.messages.push_back((begins, bytes));
            }
        }
        self.delays.note(begins.since(now));
        let passed = begins.after(self.bandwidth.holds(bytes));
        self.free[node.index()] = passed;
        Some(passed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Seeds, Stream, StreamName};
    use proptest::prelude::*;

    const ME: NodeId = NodeId(0);

    fn stream(master: u64) -> Stream {
        let seeds = Seeds {
            master,
            replicate: 0,
            cell: String::new(),
        };
        seeds.stream(StreamName::Network)
    }

    fn queue(bits_per_second: u64, queue_bytes: Option<u64>) -> Queues {
        let bandwidth = Bandwidth {
            bits_per_second,
            queue_bytes,
        };
        Queues::new(bandwidth, 2)
    }

    #[test]
    fn a_message_holds_the_link_to_the_nearest_nanosecond() {
        let holds = |bits_per_second, bytes| {
            let queue_bytes = None;
            Bandwidth {
                bits_per_second,
                queue_bytes,
            }
            .holds(bytes)
            .0
        };
        assert_eq!(holds(1_000_000, 10_000), 80_000_000);
        assert_eq!((holds(3, 1), holds(7_000_000_000, 1)), (2_666_666_667, 1));
        assert_eq!(holds(1, u64::MAX), u64::MAX);
    }

    #[test]
    fn messages_wait_in_turn_and_each_node_has_its_own_link() {
        let mut queue = queue(8_000_000_000, None);
        let passed = [(0, 5), (2, 3), (20, 1)].map(|(now, bytes)| queue.pass(ME, Time(now), bytes));
        assert_eq!(passed, [Some(Time(5)), Some(Time(8)), Some(Time(21))]);
        assert_eq!(queue.pass(NodeId(1), Time(20), 9), Some(Time(29)));
        let delays = queue.delays;
        assert_eq!((delays.count, delays.sum, delays.max), (4, 3, Duration(3)));
        assert_eq!(delays.mean_seconds(), Some(0.75e-9));
        assert_eq!(Delays::default().and(delays), delays);
        assert_eq!(Delays::default().mean_seconds(), None);
    }

    proptest! {
        /// Against a list of all messages that is gone through each time.
        #[test]
        fn who_waits_and_who_is_dropped(
            gaps in prop::collection::vec((0u64..12, 0u64..9), 1..80), room in 0u64..20
        ) {
            let mut queue = queue(8_000_000_000, Some(room));
            let mut kept: Vec<(u64, u64)> = Vec::new();
            let mut now = 0;
            for (gap, bytes) in gaps {
                now += gap;
                let free = kept.last().map_or(0, |(begins, bytes)| begins + bytes);
                let waiting: u64 = (kept.iter())
                    .filter(|(begins, _)| *begins > now)
                    .map(|(_, bytes)| bytes)
                    .sum();
                let begins = free.max(now);
                let fits = begins == now || waiting + bytes <= room;
                if fits {
                    kept.push((begins, bytes));
                }
                let want = fits.then_some(Time(begins + bytes));
                prop_assert_eq!(queue.pass(ME, Time(now), bytes), want);
            }
        }
    }

    /// The mean of batches of waits, and its standard error: neighbours in time
    /// are correlated, batches of 20,000 hardly.
    fn batch_means(mut wait: impl FnMut() -> f64) -> (f64, f64) {
        let batches: Vec<f64> = (0..100)
            .map(|_| (0..20_000).map(|_| wait()).sum::<f64>() / 20_000.0)
            .collect();
        let mean = batches.iter().sum::<f64>() / 100.0;
        let squares: f64 = batches.iter().map(|b| (b - mean) * (b - mean)).sum();
        (mean, (squares / 99.0 / 100.0).sqrt())
    }

    /// In service times: rho / (2 (1 - rho)) for equal messages (Pollaczek and
    /// Khinchine), rho / (1 - rho) for exponential ones. Within 4.5 standard
    /// errors, which are about 1 % here; a load that is 5 % off is seen.
    #[test]
    fn poisson_arrivals_wait_as_the_queues_laws_say() {
        for (load, exponential) in [(0.5, false), (0.8, false), (0.5, true), (0.8, true)] {
            let mut dice = stream(61);
            // A byte a nanosecond; a thousand bytes a message in the mean.
            let mut queue = queue(8_000_000_000, None);
            let mut now = 0.0;
            let mut wait = || {
                now += dice.exponential() * 1000.0 / load;
                let bytes = match exponential {
                    true => (dice.exponential() * 1000.0 + 0.5) as u64,
                    false => 1000,
                };
                let before = queue.delays.sum;
                queue.pass(ME, Time(now as u64), bytes);
                (queue.delays.sum - before) as f64 / 1000.0
            };
            let (mean, error) = batch_means(&mut wait);
            let law = |load: f64| load / (1.0 - load) * if exponential { 1.0 } else { 0.5 };
            assert!(
                (mean - law(load)).abs() < 4.5 * error,
                "{load} {exponential}: {mean} {error}"
            );
            assert!(
                (mean - law(load * 1.05)).abs() > 4.5 * error,
                "the test can fail"
            );
        }
    }

    /// With no room to wait: Erlang's formula for one line, rho / (1 + rho),
    /// whatever the law of the messages.
    #[test]
    fn with_no_room_the_lost_share_is_erlangs() {
        for exponential in [false, true] {
            let mut dice = stream(62);
            let mut queue = queue(8_000_000_000, Some(0));
            let mut now = 0.0;
            let mut lost = || {
                now += dice.exponential() * 1000.0 / 0.7;
                let bytes = match exponential {
                    true => (dice.exponential() * 1000.0 + 0.5) as u64,
                    false => 1000,
                };
                f64::from(u8::from(queue.pass(ME, Time(now as u64), bytes).is_none()))
            };
            let (mean, error) = batch_means(&mut lost);
            assert!((mean - 0.411_76).abs() < 4.5 * error, "{mean} {error}");
            assert!(error < 1e-3, "{error}");
        }
    }
}
