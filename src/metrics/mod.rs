//! Counts what the engine reports, and says a run's numbers.
//!
//! Invariant: knows no protocol, no queue and no file; never changes what happens.

mod arrivals;
pub mod columns;
mod contacts;
mod digest;
mod hops;
mod observer;
mod series;

pub use arrivals::{Arrivals, ArrivalsParts, Reached};
pub use contacts::{Contacts, ContactsParts};
pub use digest::RunDigest;
pub use hops::{HopCount, Hops};
pub use observer::{Measuring, Observed, Observer, Passage, Watch};
pub use series::{POINTS_MAX, Point, Series};

use crate::stop::StoppedBy;
use crate::time::Duration;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What to measure: `[measure]`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Measure {
    /// Percentages of the nodes whose time of arrival is asked for: 1 to 100,
    /// ascending.
    pub thresholds: Vec<u8>,
    /// Count contacts per window?
    pub contact: bool,
    /// Keep the series of informed nodes over time?
    pub series: bool,
    /// Windows of one period, from the start, that the contact probability leaves out.
    pub warm_up: u64,
    /// Count the hops that the rumor makes to each node?
    pub hops: bool,
}

/// Plain totals of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Ticks (idle ones too) and deliveries.
    pub events: u64,
    /// Messages sent, lost ones included.
    pub sent: u64,
    /// Messages that arrived.
    pub delivered: u64,
    /// Messages that the network lost.
    pub lost: u64,
    /// Messages with an update that the receiver already held.
    pub redundant: u64,
    /// Updates in all messages sent.
    pub updates: u64,
    /// Updates in all messages that arrived or were lost.
    pub updates_ended: u64,
    /// Nodes that hold the rumor and spread it no longer.
    pub removed: u32,
    /// Calls sent by nodes that held the rumor.
    pub calls_by_informed: u64,
    /// Bytes of all messages sent.
    pub bytes: u64,
}

impl Totals {
    /// Does nobody of these informed nodes spread the rumor any more, and is no
    /// copy of it under way?
    #[inline]
    pub fn is_quiescent(&self, informed: u32) -> bool {
        self.removed > 0 && self.removed == informed && self.updates == self.updates_ended
    }
}

/// What was counted on the way, where paths have more than a latency and a loss.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct OnTheWay {
    /// Messages lost by the loss that is the same for all.
    pub lost_loss: u64,
    /// By cuts.
    pub lost_cut: u64,
    /// By queues without room.
    pub lost_queue: u64,
    /// Copies that the network made of messages.
    pub duplicated: u64,
    /// Messages that passed an uplink or a downlink, each once.
    pub queued: u64,
    /// How long they waited for those before them, in all, in nanoseconds.
    pub queued_ns: u128,
    /// The longest of these waits.
    pub queued_max: Duration,
}

impl OnTheWay {
    /// The mean wait; `None` if nothing passed a queue.
    pub fn mean_seconds(&self) -> Option<f64> {
        (self.queued > 0).then(|| self.queued_ns as f64 / self.queued as f64 / 1e9)
    }
}

/// The numbers of one run.
#[derive(Clone, PartialEq, Debug)]
pub struct Run {
    /// How many nodes there were.
    pub nodes: u32,
    /// The length of a round.
    pub period: Duration,
    /// Who was informed, and when.
    pub arrivals: Arrivals,
    /// Plain totals.
    pub totals: Totals,
    /// What the protocol counted itself: the column's name, the count.
    pub own: Vec<(Cow<'static, str>, u64)>,
    /// Messages still travelling when the run ended.
    pub in_flight: u64,
    /// What was counted on the way; only where paths have more than a latency
    /// and a loss.
    pub on_the_way: Option<OnTheWay>,
    /// Contacts counted over whole windows; `None` if none was counted.
    pub contacts: Option<Contacts>,
    /// The informed nodes over time; empty where not asked for.
    pub series: Vec<Point>,
    /// The hops of the rumor; `None` where not asked for.
    pub hops: Option<Hops>,
    /// Simulated time at the end.
    pub ended: Duration,
    /// Why it ended.
    pub stopped_by: StoppedBy,
    /// The hash of the whole run.
    pub digest: RunDigest,
}
