//! What becomes of one message on its way, where more than a latency and a loss
//! for all alike is asked for.
//!
//! In this order, all decided when it is sent: cut, uplink, loss, length, duplicate;
//! and last, at the receiver's door, its downlink.
//!
//! Invariant: knows no protocol and no queue of events; what it draws comes from
//! the stream it is handed, or belongs to a pair of nodes for the whole run.

mod cuts;
mod queues;

pub use cuts::{Cut, CutLaw, CutOff};
pub use queues::{Bandwidth, Delays, Queues};

use super::{Latency, Loss};
use crate::node::NodeId;
use crate::random::{Seeds, Stream, StreamName};
use crate::time::Time;

/// What paths have besides a latency and a loss that are the same for all.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PathLaw {
    /// The probability that a message that is not lost arrives twice, 0 to 1.
    pub duplicate: f64,
    /// Of each node, for what it sends.
    pub uplink: Option<Bandwidth>,
    /// Of each node, for what reaches it.
    pub downlink: Option<Bandwidth>,
    /// Partitions and their healing.
    pub cuts: Vec<CutLaw>,
}

impl PathLaw {
    /// Is there nothing but the latency and the loss?
    pub fn is_plain(&self) -> bool {
        *self == PathLaw::default()
    }
}

/// Why a message is lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// The loss that is the same for all.
    Loss,
    /// A cut.
    Cut,
    /// No room in a queue.
    Queue,
}

/// What becomes of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It does not arrive.
    Lost(Cause),
    /// It arrives then.
    Arrives(Time),
    /// It arrives then, and a copy of it then.
    Twice(Time, Time),
}

/// From whom to whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Link {
    /// Who sends.
    pub from: NodeId,
    /// Who receives.
    pub to: NodeId,
}

/// What was counted on the way, in messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PathCounts {
    /// Lost by cause, in the order of [`Cause`].
    pub lost: [u64; 3],
    /// Copies more.
    pub duplicated: u64,
    /// Updates in these.
    pub updates_duplicated: u64,
    /// Waiting times in uplinks and downlinks.
    pub delays: Delays,
}

/// All paths of a run.
pub struct Paths<'s> {
    law: &'s PathLaw,
    latency: &'s Latency,
    loss: Loss,
    /// Messages that pass before the next lost one.
    passing: u64,
    uplinks: Option<Queues>,
    downlinks: Option<Queues>,
    cuts: Vec<Cut>,
    counts: PathCounts,
}

impl<'s> Paths<'s> {
    /// Nothing has been sent yet. `passing`: as drawn from the loss.
    pub fn new(
        law: &'s PathLaw,
        (latency, loss, passing): (&'s Latency, Loss, u64),
        nodes: u32,
        seeds: &Seeds,
    ) -> Paths<'s> {
        let queues = |bandwidth: Option<Bandwidth>| bandwidth.map(|b| Queues::new(b, nodes));
        let faults = seeds.pairs(StreamName::Faults);
        let cut = |(number, law): (u32, &CutLaw)| {
            // Each cut has numbers of its own, which no other fault draws.
            Cut::new(law, nodes, &mut faults.of(number, u32::MAX))
        };
        Paths {
            law,
            latency,
            loss,
            passing,
            uplinks: queues(law.uplink),
            downlinks: queues(law.downlink),
            cuts: (0..).zip(&law.cuts).map(cut).collect(),
            counts: PathCounts::default(),
        }
    }

    /// What becomes of a message of so many bytes that is sent now.
    pub fn send(&mut self, link: Link, now: Time, bytes: u64, dice: &mut Stream) -> Fate {
        match self.try_send(link, now, bytes, dice) {
            Ok(fate) => {
                self.counts.duplicated += u64::from(matches!(fate, Fate::Twice(..)));
                fate
            }
            Err(cause) => {
                self.counts.lost[cause as usize] += 1;
                Fate::Lost(cause)
            }
        }
    }

    fn try_send(
        &mut self,
        link: Link,
        now: Time,
        bytes: u64,
        dice: &mut Stream,
    ) -> Result<Fate, Cause> {
        if (self.cuts.iter()).any(|cut| cut.takes(link.from, link.to, now)) {
            return Err(Cause::Cut);
        }
        let leaves = match &mut self.uplinks {
            Some(uplinks) => uplinks.pass(link.from, now, bytes).ok_or(Cause::Queue)?,
            None => now,
        };
        if self.passing == 0 {
            self.passing = self.loss.gap(dice);
            return Err(Cause::Loss);
        }
        self.passing -= 1;
        let arrives = leaves.after(self.latency.draw(dice));
        if self.law.duplicate > 0.0 && dice.unit() < self.law.duplicate {
            let again = leaves.after(self.latency.draw(dice));
            return Ok(Fate::Twice(arrives, again));
        }
        Ok(Fate::Arrives(arrives))
    }

    /// Do messages pass a downlink at their receiver's door?
    pub fn has_doors(&self) -> bool {
        self.downlinks.is_some()
    }

    /// When a message that reaches its receiver's door now is through; none if
    /// there is no room for it.
    pub fn enter(&mut self, to: NodeId, now: Time, bytes: u64) -> Option<Time> {
        let Some(downlinks) = &mut self.downlinks else {
            return Some(now);
        };
        let through = downlinks.pass(to, now, bytes);
        if through.is_none() {
            self.counts.lost[Cause::Queue as usize] += 1;
        }
        through
    }

    /// A copy more carries so many updates.
    pub fn note_copy(&mut self, updates: u64) {
        self.counts.updates_duplicated += updates;
    }

    /// What was counted so far.
    pub fn counts(&self) -> PathCounts {
        let mut counts = self.counts;
        for queues in [&self.uplinks, &self.downlinks].into_iter().flatten() {
            counts.delays = counts.delays.and(queues.delays);
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Duration;

    fn seeds(replicate: u64) -> Seeds {
        Seeds {
            master: 81,
            replicate,
            cell: String::new(),
        }
    }

    fn link(from: u32, to: u32) -> Link {
        Link {
            from: NodeId(from),
            to: NodeId(to),
        }
    }

    fn fast(queue_bytes: Option<u64>) -> Option<Bandwidth> {
        // A byte a nanosecond.
        Some(Bandwidth {
            bits_per_second: 8_000_000_000,
            queue_bytes,
        })
    }

    /// The fates of messages (now, from, to, bytes) over paths of 10 nodes.
    fn fates(
        law: &PathLaw,
        loss: f64,
        messages: &[(u64, u32, u32, u64)],
    ) -> (Vec<Fate>, PathCounts) {
        let mut dice = seeds(0).stream(StreamName::Network);
        let (latency, loss) = (Latency::default(), Loss::new(loss));
        let passing = loss.gap(&mut dice);
        let mut paths = Paths::new(law, (&latency, loss, passing), 10, &seeds(0));
        let mut send = |&(now, from, to, bytes): &(u64, u32, u32, u64)| {
            paths.send(link(from, to), Time(now), bytes, &mut dice)
        };
        let fates = messages.iter().map(&mut send).collect();
        (fates, paths.counts())
    }

    #[test]
    fn causes_come_in_their_order() {
        let cut = CutLaw {
            from: Time(0),
            until: Time(100),
            who: CutOff::Nodes(vec![1]),
            one_way: false,
        };
        let law = PathLaw {
            uplink: fast(Some(0)),
            cuts: vec![cut],
            ..PathLaw::default()
        };
        // What is cut takes no uplink; what the uplink drops is not for the loss.
        let messages = [(5, 0, 1, 50), (5, 0, 2, 50), (6, 0, 2, 50), (100, 0, 1, 50)];
        let (fates, counts) = fates(&law, 1.0, &messages);
        let want = [Cause::Cut, Cause::Loss, Cause::Queue, Cause::Loss];
        assert_eq!(fates, want.map(Fate::Lost));
        assert_eq!(counts.lost, [2, 1, 1]);
    }

    #[test]
    fn a_message_leaves_when_the_uplink_lets_it_and_its_copy_with_it() {
        let law = PathLaw {
            uplink: fast(None),
            duplicate: 1.0,
            ..PathLaw::default()
        };
        let (fates, counts) = fates(&law, 0.0, &[(5, 0, 1, 50), (6, 0, 2, 50)]);
        let twice = |at| Fate::Twice(Time(at), Time(at));
        assert_eq!(fates, [twice(55), twice(105)]);
        assert_eq!((counts.duplicated, counts.lost), (2, [0; 3]));
        assert_eq!((counts.delays.sum, counts.delays.max), (49, Duration(49)));
    }

    /// The share of copies, 4.5 standard errors of a binomial.
    #[test]
    fn copies_have_their_probability() {
        let law = PathLaw {
            duplicate: 0.3,
            ..PathLaw::default()
        };
        let messages: Vec<(u64, u32, u32, u64)> = (0..100_000).map(|i| (i, 0, 1, 9)).collect();
        let (_, counts) = fates(&law, 0.0, &messages);
        let off = counts.duplicated as f64 - 30_000.0;
        assert!(off.abs() < 4.5 * 21_000f64.sqrt(), "{off}");
    }
}
