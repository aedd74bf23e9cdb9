//! All that the engine needs to know of a run besides the protocol and the seeds.

use crate::choices;
use crate::metrics::Measure;
use crate::network::{Network, Sampling};
use crate::node::NodeId;
use crate::protocol::{Fanout, Size, World};
use crate::stop::Stop;
use crate::time::Duration;

choices! {
    /// When nodes act: `[clock] mode`.
    pub enum Clock {
        /// Common rounds, decided from the state at the round's start; no latency.
        Synchronous = "synchronous",
        /// Each node every period, at its own random phase (default).
        Periodic = "periodic" (default),
        /// Each node at the times of a Poisson process with mean interval one period.
        Poisson = "poisson",
    }
}

/// What a message weighs: `[messages]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MessageBytes {
    /// Bytes of every message.
    pub header: u32,
    /// Bytes of each update that it carries.
    pub payload: u32,
}

impl MessageBytes {
    /// Bytes of a message of this size.
    #[inline]
    pub fn of(&self, size: Size) -> u64 {
        let updates = u64::from(size.updates) * u64::from(self.payload);
        u64::from(self.header) + updates + u64::from(size.extra_bytes)
    }
}

/// Who knows the rumor at first: `workload.sources`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sources {
    /// This many random nodes (from the `placement` stream).
    Count(u32),
    /// These nodes.
    Nodes(Vec<NodeId>),
}

/// Where and when the rumor is written: `[workload]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Workload {
    /// Who knows it at first.
    pub sources: Sources,
    /// When they learn it; arrivals count from here.
    pub at: Duration,
}

impl Workload {
    /// How many nodes know it at first.
    pub fn source_count(&self) -> u32 {
        match &self.sources {
            Sources::Count(count) => *count,
            Sources::Nodes(nodes) => nodes.len() as u32,
        }
    }
}

/// One cell's run, ready for any replicate.
#[derive(Clone, PartialEq, Debug)]
pub struct Setup {
    /// How many nodes there are: 1 to 2^32 - 1.
    pub nodes: u32,
    /// The length of a cycle.
    pub period: Duration,
    /// When nodes act.
    pub clock: Clock,
    /// How a node draws the peers that it calls.
    pub sampling: Sampling,
    /// Who can talk to whom, how long it takes, what is lost.
    pub network: Network,
    /// What messages weigh.
    pub messages: MessageBytes,
    /// Where and when the rumor is written.
    pub workload: Workload,
    /// What ends the run.
    pub stop: Stop,
    /// What to measure.
    pub measure: Measure,
}

impl Setup {
    /// How many peers a node draws in a cycle: the fanout, but of distinct ones
    /// no more than the pool holds (of a node with as many neighbours as the mean).
    pub fn peers_drawn(&self, fanout: Fanout) -> u32 {
        let degree = self.network.degree_about(self.nodes);
        let pool = self.sampling.pool(degree);
        match fanout.count() {
            Some(count) if self.sampling.is_distinct() => count.min(pool),
            Some(count) => count,
            None => pool,
        }
    }

    /// What a protocol may know of it.
    pub fn world(&self) -> World {
        World { nodes: self.nodes }
    }
}
