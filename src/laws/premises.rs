//! What a cell is, for laws: every setting that could matter to one, in words that
//! laws have.

use crate::engine::{Clock, MessageBytes, Setup, Sources, Workload};
use crate::metrics::Measure;
use crate::network::topology::Held;
use crate::network::{Latency, Network, PathLaw, Sampling, Topology};
use crate::protocol::{Calling, Fanout, Spreading};
use crate::scenario::Cell;
use crate::stop::{Stop, StoppedBy};
use crate::theory::{Calls, Targets};
use crate::time::Duration;

/// What laws may rest on. A family of laws takes it apart without `..`, so that
/// what is new here does not compile until each has decided:
///
/// ```compile_fail,E0027
/// use gossim::laws::Premises;
///
/// fn is_sure(cell: &Premises) -> bool {
///     let Premises {
///         protocol: _,
///         spreading: _,
///         everybody: _,
///         fanout: _,
///         calls: _,
///         sampling: _,
///         nodes: _,
///         sources: _,
///         chosen: _,
///         written: _,
///         period: _,
///         clock: _,
///         topology: _,
///         held: _,
///         latency: _,
///         paths: _,
///         // The loss is forgotten: pattern does not mention field `loss`.
///         end: _,
///         counts_contacts: _,
///         warm_up: _,
///         thresholds: _,
///     } = *cell;
///     true
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Premises<'c> {
    /// The protocol's name, for words alone: no law rests on it.
    pub protocol: &'c str,
    /// By which model it spreads the rumor.
    pub spreading: Spreading,
    /// Does every node call in every cycle?
    pub everybody: bool,
    /// How many peers a node calls in a cycle, as set.
    pub fanout: Option<Fanout>,
    /// The calls of a node in a cycle as they come of fanout, sampling, nodes and
    /// loss, on the complete topology; none where the protocol names no fanout.
    pub calls: Option<Calls>,
    /// How a node draws the peers that it calls.
    pub sampling: Sampling,
    /// Nodes n.
    pub nodes: u64,
    /// Nodes that hold the rumor at first.
    pub sources: u64,
    /// Which they are, where the scenario says so.
    pub chosen: &'c Sources,
    /// When they learn it.
    pub written: Duration,
    /// The length of a round.
    pub period: Duration,
    /// When nodes act.
    pub clock: Clock,
    /// Who can talk to whom.
    pub topology: &'c Topology,
    /// What the file of a topology held, if it names one.
    pub held: Option<&'c Held>,
    /// How long a message travels.
    pub latency: &'c Latency,
    /// The probability that a message is lost.
    pub loss: f64,
    /// What paths have besides.
    pub paths: &'c PathLaw,
    /// What ends a run.
    pub end: End,
    /// Are contacts counted?
    pub counts_contacts: bool,
    /// How long the contacts of a run's start are left out.
    pub warm_up: Duration,
    /// Percentages whose times are asked for, the same in all cells of a sweep.
    pub thresholds: &'c [u8],
}

/// What ends a run.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct End {
    /// When so many nodes are informed; and the key under `[stop]`.
    pub goal: Option<(u64, &'static str)>,
    /// When the rumor is dead.
    pub quiescent: bool,
    /// After so many rounds in any case; infinite where nothing says so.
    pub last_round: f64,
    /// The key under `[stop]` of something that no law knows.
    pub unknown: Option<&'static str>,
}

impl Premises<'_> {
    /// Those of a cell.
    pub fn of(cell: &Cell) -> Premises<'_> {
        let Setup {
            nodes,
            period,
            clock,
            sampling,
            network,
            messages,
            workload,
            stop,
            measure,
        } = &cell.setup;
        let Network {
            topology,
            held,
            latency,
            loss,
            paths,
        } = network;
        // What messages weigh changes bytes, of which there is no law.
        let MessageBytes {
            header: _,
            payload: _,
        } = messages;
        let Workload { sources, at } = workload;
        let Measure {
            thresholds,
            contact,
            series: _, // changes no metric
            warm_up,
            hops: _, // of which there is no law
        } = measure;
        let Calling {
            fanout,
            everybody,
            messages: _, // for the estimate of events
            removal: _,  // for doubts; `spreading` says more
            spreading,
        } = cell.protocol.calling();
        Premises {
            protocol: &cell.protocol_name,
            spreading,
            everybody,
            fanout,
            calls: fanout.map(|fanout| calls(&cell.setup, fanout)),
            sampling: *sampling,
            nodes: u64::from(*nodes),
            sources: u64::from(workload.source_count()),
            chosen: sources,
            written: *at,
            period: *period,
            clock: *clock,
            topology,
            held: held.as_ref(),
            latency,
            loss: *loss,
            paths,
            end: End::of(stop, *nodes, *period),
            counts_contacts: *contact,
            warm_up: period.times(*warm_up).unwrap_or_default(),
            thresholds,
        }
    }

    /// The calls of a node in a cycle.
    pub(super) fn known_calls(&self) -> Result<Calls, Refusal> {
        let why = "the protocol doesn't say how many peers a node calls";
        self.calls.ok_or_else(|| why.into())
    }
}

impl End {
    fn of(stop: &Stop, nodes: u32, period: Duration) -> End {
        let Stop {
            all_informed: _, // all three are a goal
            coverage: _,
            majority: _,
            quiescent,
            time,
            rounds,
            max_events,
        } = *stop;
        let is_goal = |key: &StoppedBy| stop.goal_of(*key, nodes).is_some();
        let key = stop.set().find(is_goal);
        let by_time = time.map(|time| time.in_rounds(period));
        let by_rounds = rounds.map(|rounds| rounds as f64);
        let or_never = |rounds: Option<f64>| rounds.unwrap_or(f64::INFINITY);
        End {
            goal: stop
                .goal(nodes)
                .map(u64::from)
                .zip(key.map(StoppedBy::text)),
            quiescent,
            last_round: or_never(by_time).min(or_never(by_rounds)),
            unknown: max_events.map(|_| StoppedBy::MaxEvents.text()),
        }
    }

    /// Can a run end with some nodes uninformed since enough of them were?
    pub(super) fn is_partial(&self, nodes: u64) -> bool {
        self.goal.is_some_and(|(goal, _)| goal < nodes)
    }
}

fn calls(setup: &Setup, fanout: Fanout) -> Calls {
    let pool = setup.sampling.pool(setup.nodes - 1);
    Calls {
        nodes: u64::from(setup.nodes),
        fanout: u64::from(setup.peers_drawn(fanout)),
        pool: u64::from(pool),
        targets: match setup.sampling.is_distinct() {
            true => Targets::Distinct,
            false => Targets::WithReplacement,
        },
        loss: setup.network.loss,
    }
}

/// How near a law came to holding: of all reasons why none holds, that of the
/// nearest is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Nearness {
    /// It is for other graphs.
    Topology,
    /// It is for other protocols.
    Protocol,
    /// It is for another clock.
    Clock,
    /// Only a setting is against it.
    Setting,
}

/// Why a law does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// How near it came.
    pub nearness: Nearness,
    /// The reason, as a clause that follows "no theory: ".
    pub why: String,
}

impl Refusal {
    pub(super) fn topology(why: impl Into<String>) -> Refusal {
        Refusal {
            nearness: Nearness::Topology,
            why: why.into(),
        }
    }

    pub(super) fn protocol(why: impl Into<String>) -> Refusal {
        Refusal {
            nearness: Nearness::Protocol,
            why: why.into(),
        }
    }

    pub(super) fn clock(why: impl Into<String>) -> Refusal {
        Refusal {
            nearness: Nearness::Clock,
            why: why.into(),
        }
    }
}

impl<T: Into<String>> From<T> for Refusal {
    fn from(why: T) -> Refusal {
        Refusal {
            nearness: Nearness::Setting,
            why: why.into(),
        }
    }
}

/// For laws of messages that all have the same latency and loss.
pub(super) fn are_plain(paths: &PathLaw) -> Result<(), Refusal> {
    match paths.is_plain() {
        true => Ok(()),
        false => Err("messages meet more than a latency and a loss on their paths".into()),
    }
}

/// For laws of the complete topology.
pub(super) fn is_complete(topology: &Topology) -> Result<(), Refusal> {
    match topology.is_complete() {
        true => Ok(()),
        false => Err("the topology is not complete".into()),
    }
}
