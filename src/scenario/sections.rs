//! The scenario's own sections, key by key, with ranges and defaults.
//! (Kinds of protocols, latencies and topologies have theirs where they are.)

use super::values::{CountOrIds, Probability, Share, Whole};
use crate::time::Duration;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// The largest whole number that TOML promises to hold.
pub const WHOLE_MAX: u64 = i64::MAX as u64;

/// Seeds beyond 2^53 - 1 would be rounded by readers of CSV that know only f64.
pub const SEED_MAX: u64 = (1 << 53) - 1;

/// Runs per cell, at most.
pub const REPLICATES_MAX: u64 = 1_000_000_000;

/// The shortest period, 1 us: a thousandth of it is the resolution of time, in
/// which phases and the series' quarters of a period are rounded.
pub const PERIOD_MIN: Duration = Duration(1_000);

/// The keys at the root that are no tables.
#[derive(Deserialize)]
pub struct Root {
    /// `[a-z0-9_-]+`, at most 64 characters; names the results' directory.
    pub name: String,
    /// The master seed: 0 to 2^53 - 1. Default 1.
    pub seed: Option<Whole<0, SEED_MAX>>,
}

/// `[nodes]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nodes {
    /// How many there are: 1 to 2^32 - 1, as far as the memory reaches.
    pub count: Whole<1, { u32::MAX as u64 }>,
}

/// The keys of `[protocol]` that all protocols have.
#[derive(Deserialize)]
pub struct Cycle {
    /// The length of a cycle: from 1us. Default 1s.
    pub period: Option<Duration>,
    /// How a node draws the peers that it calls. Default "others".
    pub sampling: Option<String>,
}

/// `[clock]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Default "periodic".
    pub mode: Option<String>,
}

/// `[network]`; its two tables with a `kind` are read apart.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub struct Network {
    #[serde(rename = "topology")]
    _topology: Option<IgnoredAny>,
    #[serde(rename = "latency")]
    _latency: Option<IgnoredAny>,
    /// The probability that a message is lost: 0 to 1. Default 0.
    pub loss: Probability,
}

/// `[messages]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Messages {
    /// Bytes of every message: 0 to 2^32 - 1. Default 40 (IPv4 and TCP).
    pub header_bytes: Option<Whole<0, { u32::MAX as u64 }>>,
    /// Bytes of an update: 0 to 2^32 - 1. Default 256 (a guess).
    pub payload_bytes: Option<Whole<0, { u32::MAX as u64 }>>,
}

/// `[workload]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// How many nodes know the rumor at first, 1 to n, or which: distinct ids
    /// from 0 to n - 1. Default 1.
    pub sources: Option<CountOrIds>,
    /// When they learn it: before the run ends. Default 0s.
    pub at: Option<Duration>,
}

/// `[stop]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// Stop when everybody knows. Default false.
    pub all_informed: Option<bool>,
    /// Stop when at least this share of the nodes knows: above 0, to 1.
    pub coverage: Option<Share>,
    /// Stop when more than half of the nodes know. Default false.
    pub majority: Option<bool>,
    /// Stop when nobody spreads the rumor any more. Default false.
    pub quiescent: Option<bool>,
    /// Simulated time, above 0.
    pub time: Option<Duration>,
    /// Periods, from 1. Default 1000 where none of the three is given.
    pub rounds: Option<Whole<1, WHOLE_MAX>>,
    /// Ticks and deliveries, from 1.
    pub max_events: Option<Whole<1, WHOLE_MAX>>,
}

/// `[measure]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Percentages of the nodes: distinct, each 1 to 100; put in order.
    /// Default [50, 99, 100].
    pub thresholds: Option<Vec<Whole<1, 100>>>,
    /// Default true.
    pub contact: Option<bool>,
    /// Default true.
    pub series: Option<bool>,
    /// Windows left out: from 0. Default 0 under the synchronous clock, else 2.
    pub warm_up: Option<Whole<0, WHOLE_MAX>>,
}

/// `[sweep]` less its axes and cases.
#[derive(Deserialize)]
pub struct Sweep {
    /// Runs per cell: 1 to 10^9. Default 40.
    pub replicates: Option<Whole<1, REPLICATES_MAX>>,
}
