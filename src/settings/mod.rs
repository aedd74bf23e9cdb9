//! A scenario's sections: a struct of settings for each, read and written. From
//! them come the complete text, the known keys and the suggestions, the JSON
//! Schema and the reference page; nothing of these is listed anywhere else.
//!
//! Invariant: what a key takes and means stands here once (a kind's own keys:
//! where the kind is); knows no place in a file, and whether settings fit
//! together is not its question.

mod json_schema;
mod paths;
mod rate;
mod reference;
mod sources;

pub use json_schema::json_schema;
pub use paths::{Path, paths};
pub use rate::Rate;
pub use reference::reference;
pub use sources::Sources;

use crate::engine::Clock;
use crate::key::{Key, Setting, Settings, Shape};
use crate::keys;
use crate::network::{Latency, Sampling, Topology};
use crate::time::Duration;
use std::ops::RangeInclusive;

pub use crate::random::SEED_MAX;

/// Runs per cell, at most.
pub const REPLICATES_MAX: u64 = 1_000_000_000;

/// The shortest period, 1 us: a thousandth of it is the resolution of time, in
/// which phases and the series' quarters of a period are rounded.
pub const PERIOD_MIN: Duration = Duration(1_000);

/// The least real number above 0.
const ABOVE_0: f64 = f64::MIN_POSITIVE;
const LONGEST: Duration = Duration(u64::MAX);
/// The largest whole number that TOML promises to hold.
const WHOLE_MAX: u64 = i64::MAX as u64;

keys! {
    /// The scenario as a whole.
    pub struct Root {
        /// Names the results: 1 to 64 of the characters a-z, 0-9, `_` and `-`.
        pub name: String,
        /// The master seed: the same seed gives the same results.
        pub seed: u64 [0..=SEED_MAX] = 1,
    }
}

keys! {
    /// The nodes.
    pub struct Nodes {
        /// How many there are, as far as the memory reaches.
        pub count: u32 as "nodes" [1..=u32::MAX],
    }
}

keys! {
    /// What every node runs. Besides these, each protocol has keys of its own.
    pub struct Protocol {
        /// Which protocol.
        pub kind: String,
        /// The length of a cycle.
        pub period: Duration [PERIOD_MIN..=LONGEST] = Duration::seconds(1),
        /// How a node draws the peers that it calls.
        pub sampling: Sampling = Sampling::Others,
    }
}

keys! {
    /// When nodes act.
    pub struct ClockSection {
        /// Which clock.
        pub mode: Clock = Clock::Periodic,
    }
}

keys! {
    /// Who can talk to whom, how long it takes, what is lost.
    pub struct Network {
        /// Who knows whom.
        pub topology: Topology = Topology::default(),
        /// How long each message travels; not under the synchronous clock.
        pub latency: Latency = Latency::default(),
        /// The probability, independent for each message, that it is lost.
        pub loss: f64 [0.0..=1.0] = 0.0,
        /// The probability, independent for each message that is not lost, that it
        /// arrives twice: the copy has a latency of its own.
        pub duplicate: Option<f64> [0.0..=1.0],
        /// Bits a second that each node can send, as in "10Mbit/s": its messages go
        /// one after another. Not under the synchronous clock.
        pub uplink: Option<Rate>,
        /// The same for what reaches a node: it takes in one message after another.
        pub downlink: Option<Rate>,
        /// Bytes that may wait at an uplink or a downlink, less those of the message
        /// under way; what finds no room is lost. Without it, any number.
        pub queue_bytes: Option<u64> as "bytes" [0..=WHOLE_MAX],
        /// Partitions: while one lasts, the nodes of its one side and those of the
        /// other do not hear each other.
        pub cut: Option<Vec<Cut>>,
    }
}

keys! {
    /// A partition of the network, and its healing. What is under way passes it.
    pub struct Cut {
        /// Its first instant.
        pub from: Duration = Duration::ZERO,
        /// It is over here; without it, never.
        pub until: Option<Duration>,
        /// The one side: this share of all nodes, to the nearest whole number; random
        /// ones, the same in all cells, replicate by replicate.
        pub share: Option<f64> [0.0..=1.0],
        /// Or these nodes.
        pub nodes: Option<Vec<u32>> as "nodes" [0..=u32::MAX - 1],
        /// The other side is still heard by the one.
        pub one_way: bool = false,
    }
}

impl Setting for Cut {
    type Bound = ();

    fn shape(_: Option<RangeInclusive<()>>) -> Shape {
        Shape::Table(Cut::KEYS)
    }
}

keys! {
    /// What a message weighs.
    pub struct Messages {
        /// Of every message. The default is that of IPv4 and TCP.
        pub header_bytes: u32 as "bytes" [0..=u32::MAX] = 40,
        /// Of each update that a message carries. The default is a guess.
        pub payload_bytes: u32 as "bytes" [0..=u32::MAX] = 256,
    }
}

keys! {
    /// Where and when the rumor is written.
    pub struct Workload {
        /// How many nodes know the rumor at first, 1 to n, or which: distinct
        /// ids from 0 to n - 1.
        pub sources: Sources as "nodes" = Sources::Count(1),
        /// When they learn it: before the run ends; under the synchronous clock
        /// a multiple of the period.
        pub at: Duration = Duration::ZERO,
    }
}

keys! {
    /// What ends a run: the first of these that is met.
    pub struct Stop {
        /// Everybody knows the rumor.
        pub all_informed: bool = false,
        /// At least this share of the nodes knows it.
        pub coverage: Option<f64> [ABOVE_0..=1.0],
        /// More than half of the nodes know it.
        pub majority: bool = false,
        /// Nobody spreads the rumor any more.
        pub quiescent: bool = false,
        /// So much simulated time has passed.
        pub time: Option<Duration> [Duration(1)..=LONGEST],
        /// So many periods have passed.
        pub rounds: Option<u64> as "periods" [1..=WHOLE_MAX]
            => "1000 where none of time, rounds and max_events is given"
            on ["stop.time", "stop.rounds", "stop.max_events"],
        /// So many ticks and deliveries have happened.
        pub max_events: Option<u64> as "events" [1..=WHOLE_MAX],
    }
}

keys! {
    /// What is measured.
    pub struct Measure {
        /// The shares of the nodes whose time of arrival is asked for: distinct;
        /// put in order. No axis, as all cells share the table's columns.
        pub thresholds: Vec<u8> as "percent" [1..=100] = vec![50, 99, 100],
        /// Count the nodes that are called in each cycle.
        pub contact: bool = true,
        /// Keep the number of informed nodes over time.
        pub series: bool = true,
        /// First cycles that the contact probability leaves out.
        pub warm_up: Option<u64> as "periods" [0..=WHOLE_MAX]
            => "0 under the synchronous clock, else 2" on ["clock.mode"],
        /// Count the messages in a row by which each node learned the rumor.
        pub hops: bool = false,
    }
}

keys! {
    /// How often each cell runs. All other keys are axes (the path of a key in
    /// quotes, and a list of distinct values or a range) and `[[sweep.case]]`: named
    /// sets of settings. Every case meets every value of each axis.
    pub struct Sweep {
        /// Runs of each cell.
        pub replicates: u64 as "runs" [1..=REPLICATES_MAX] = 40,
        /// Leave out the cells whose settings, each fine by itself, do not fit
        /// together (a fanout above the number of peers, say). They are counted and
        /// listed; the other cells are numbered as if there were no more.
        pub skip_impossible: bool = false,
    }
}

keys! {
    /// Which run `gossim run` makes, where its options do not say. It stands in the
    /// `scenario.toml` of a run, so that this gives the very run again; `gossim sweep`
    /// ignores it.
    #[derive(Copy, Default)]
    pub struct SingleRun {
        /// Which cell of the sweep. Without one, the base settings run.
        pub cell: Option<u64> [0..=WHOLE_MAX],
        /// Which replicate.
        pub replicate: u64 [0..=WHOLE_MAX] = 0,
    }
}

/// The sections that are no settings of a cell, in the order in which they are
/// written: their names, what they are for, their own keys.
pub const OF_ALL_CELLS: &[Section] = &[
    Section {
        name: "run",
        about: SingleRun::ABOUT,
        keys: SingleRun::KEYS,
    },
    Section {
        name: "sweep",
        about: Sweep::ABOUT,
        keys: Sweep::KEYS,
    },
];

/// A section: its keys can be set by `--set`, an axis or a case.
#[derive(Clone, Copy)]
pub struct Section {
    /// As in `[nodes]`.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Its keys; those of `[protocol]` are followed by the chosen protocol's own.
    pub keys: &'static [Key],
}

/// The section whose `kind` is a protocol, with that protocol's own keys.
pub const PROTOCOL: &str = "protocol";

/// Settings that are no axes: all cells share the columns of one table.
pub const NO_AXES: &[&str] = &["measure.thresholds"];

/// A protocol that can be chosen, and its own keys.
#[derive(Clone, Copy)]
pub struct OfProtocol {
    /// `[protocol] kind`.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// Its own keys; `None` where it does not describe them.
    pub keys: Option<&'static [Key]>,
}

/// Something that can read a section by its type.
pub trait Reader {
    /// Why a section was not taken.
    type Error;

    /// Reads the section of that name.
    ///
    /// # Errors
    /// A key or value that cannot be.
    fn section<T: Settings>(&mut self, name: &'static str) -> Result<T, Self::Error>;
}

/// The list of sections, in the order in which they are read and written.
macro_rules! sections {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ident,)+) => {
        /// One cell's settings.
        #[derive(Clone, PartialEq, Debug)]
        pub struct Sections {
            $($(#[doc = $doc])+ pub $name: $type,)+
        }

        /// All sections.
        pub const SECTIONS: &[Section] = &[$(
            Section {
                name: stringify!($name),
                about: <$type as Settings>::ABOUT,
                keys: <$type as Settings>::KEYS,
            },
        )+];

        impl Sections {
            /// Reads them all.
            ///
            /// # Errors
            /// The reader's.
            pub fn read<R: Reader>(mut reader: R) -> Result<Sections, R::Error> {
                Ok(Sections {
                    $($name: reader.section(stringify!($name))?,)+
                })
            }

            /// Reads only the section of that name.
            ///
            /// # Errors
            /// The reader's.
            pub fn read_one<R: Reader>(reader: &mut R, name: &str) -> Result<(), R::Error> {
                $(if name == stringify!($name) {
                    reader.section::<$type>(stringify!($name))?;
                })+
                Ok(())
            }

            /// The sections as tables, beside their lists of keys.
            pub fn tables(&self) -> Vec<(&'static Section, toml::Table)> {
                let tables = [$(table(&self.$name),)+];
                SECTIONS.iter().zip(tables).collect()
            }
        }
    };
}

sections! {
    /// `[nodes]`
    nodes: Nodes,
    /// `[protocol]`, less the protocol's own keys.
    protocol: Protocol,
    /// `[clock]`
    clock: ClockSection,
    /// `[network]`
    network: Network,
    /// `[messages]`
    messages: Messages,
    /// `[workload]`
    workload: Workload,
    /// `[stop]`
    stop: Stop,
    /// `[measure]`
    measure: Measure,
}

fn table(settings: &impl serde::Serialize) -> toml::Table {
    // All types of settings are made of what TOML has.
    toml::Table::try_from(settings).unwrap_or_default()
}
