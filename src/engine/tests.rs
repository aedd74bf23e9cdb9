//! The engine with protocols that are not like the built-in ones.

use super::*;
use crate::invalid::Invalid;
use crate::metrics::Measure;
use crate::network::{Latency, Network, Sampling, Topology};
use crate::node::NodeId;
use crate::protocol::{Calling, Context, Fanout, Push, RUMOR, Size, World};
use crate::stop::{Stop, StoppedBy};
use crate::time::Duration;
use serde::{Deserialize, Serialize};
use std::panic::RefUnwindSafe;

/// Every node learns by itself when it first ticks; a source sends itself a
/// message for each write.
struct Hermits;

#[derive(Serialize, Deserialize)]
struct NoKeys {}

impl Protocol for Hermits {
    type Params = NoKeys;
    type Node = bool;
    type Message = ();

    fn new(_: NoKeys, _: &World) -> Result<Hermits, Invalid> {
        Ok(Hermits)
    }

    fn node(&self) -> bool {
        false
    }

    fn write(&self, me: &mut bool, cx: &mut impl Context<()>) {
        *me = true;
        cx.learned(RUMOR);
        cx.send(cx.me(), ());
    }

    fn tick(&self, me: &mut bool, cx: &mut impl Context<()>) {
        if !*me {
            *me = true;
            cx.learned(RUMOR);
        }
    }

    fn answer(&self, _: &bool, _: NodeId, (): &mut (), _: &mut impl Context<()>) {}

    fn merge(&self, _: &mut bool, _: NodeId, (): (), _: &mut impl Context<()>) {}

    fn size(&self, (): &()) -> Size {
        Size::default()
    }
}

/// Draws a peer, calls others, and asks for the one that it drew.
struct Confused;

impl Protocol for Confused {
    type Params = NoKeys;
    type Node = ();
    type Message = ();

    fn new(_: NoKeys, _: &World) -> Result<Confused, Invalid> {
        Ok(Confused)
    }

    fn node(&self) {}

    fn write(&self, (): &mut (), _: &mut impl Context<()>) {}

    fn tick(&self, (): &mut (), cx: &mut impl Context<()>) {
        cx.draw(Fanout::Peers(1));
        cx.call(Fanout::Peers(1), ());
        cx.peer(0);
    }

    fn answer(&self, (): &(), _: NodeId, (): &mut (), _: &mut impl Context<()>) {}

    fn merge(&self, (): &mut (), _: NodeId, (): (), _: &mut impl Context<()>) {}

    fn size(&self, (): &()) -> Size {
        Size::default()
    }
}

/// Says that its messages go one way, and replies to each call.
struct Liar;

impl Protocol for Liar {
    type Params = NoKeys;
    type Node = ();
    /// A call?
    type Message = bool;

    fn new(_: NoKeys, _: &World) -> Result<Liar, Invalid> {
        Ok(Liar)
    }

    fn node(&self) {}

    fn calling(&self) -> Calling {
        Calling {
            fanout: Some(Fanout::Peers(1)),
            ..Calling::default()
        }
    }

    fn write(&self, (): &mut (), _: &mut impl Context<bool>) {}

    fn tick(&self, (): &mut (), cx: &mut impl Context<bool>) {
        cx.call(Fanout::Peers(1), true);
    }

    fn answer(&self, (): &(), from: NodeId, call: &mut bool, cx: &mut impl Context<bool>) {
        if *call {
            cx.send(from, false);
        }
    }

    fn merge(&self, (): &mut (), _: NodeId, _: bool, _: &mut impl Context<bool>) {}

    fn one_way(&self) -> bool {
        true
    }

    fn size(&self, _: &bool) -> Size {
        Size::default()
    }
}

fn setup(clock: Clock) -> Setup {
    Setup {
        nodes: 10,
        period: Duration::seconds(1),
        clock,
        sampling: Sampling::Others,
        network: Network {
            topology: Topology::default(),
            latency: Latency::default(),
            loss: 0.0,
        },
        messages: MessageBytes {
            header: 40,
            payload: 256,
        },
        workload: Workload {
            sources: Sources::Count(1),
            at: Duration::ZERO,
        },
        stop: Stop::default(),
        measure: Measure {
            thresholds: vec![50, 99, 100],
            contact: true,
            series: true,
            warm_up: 0,
        },
    }
}

fn seeds() -> Seeds {
    Seeds {
        master: 1,
        replicate: 0,
        cell: String::new(),
    }
}

fn run_hermits(setup: &Setup) -> Run {
    run(&Hermits, setup, &seeds())
}

/// One common round, which may panic.
fn a_round<P: Protocol + RefUnwindSafe>(protocol: &P) -> std::thread::Result<Run> {
    let mut setup = setup(Clock::Synchronous);
    setup.stop.rounds = Some(1);
    std::panic::catch_unwind(|| run(protocol, &setup, &seeds()))
}

/// Whether all are informed was asked only after deliveries and at the points
/// of the series: what was measured decided when a run ended.
#[test]
fn a_run_ends_when_the_last_node_learns_in_its_own_tick() {
    let mut setup = setup(Clock::Periodic);
    setup.stop.all_informed = true;
    setup.stop.rounds = Some(100);
    let measured = run_hermits(&setup);
    setup.measure.contact = false;
    setup.measure.series = false;
    let unmeasured = run_hermits(&setup);
    assert_eq!(measured.stopped_by, StoppedBy::AllInformed);
    assert!(measured.ended < setup.period);
    assert_eq!(measured.arrivals.last(), Some(measured.ended));
    assert_eq!(unmeasured.ended, measured.ended);
    assert_eq!(unmeasured.digest, measured.digest);
}

/// After `call`, the engine's `peer` gave what an earlier draw had left there.
#[test]
fn a_peer_of_a_draw_before_a_call_is_refused() {
    assert!(a_round(&Confused).is_err());
}

/// A reply that nobody delivers must not go unnoticed.
#[test]
fn a_reply_of_a_protocol_whose_messages_go_one_way_is_refused() {
    let why = a_round(&Liar).expect_err("a panic");
    let why = why.downcast_ref::<String>().expect("a text");
    assert!(why.contains("go one way must not send"), "{why}");
}

/// Where only max_events is to stop a run, time can end first: the rumor was
/// written again there, and `rounds` was said to have stopped it.
#[test]
fn the_end_of_time_ends_a_run_and_writes_nothing() {
    for clock in [Clock::Synchronous, Clock::Periodic, Clock::Poisson] {
        let mut setup = setup(clock);
        setup.period = Duration::seconds(3_000_000_000);
        setup.stop.max_events = Some(1_000);
        for measured in [true, false] {
            setup.measure.contact = measured;
            setup.measure.series = measured;
            let run = run_hermits(&setup);
            assert_eq!(run.stopped_by, StoppedBy::Time, "{clock:?}");
            assert_eq!(run.ended, Duration(u64::MAX));
            assert_eq!(run.totals.sent, 1, "{clock:?}");
        }
    }
}

/// Told of the time and the informed nodes, in order; the run is the same.
#[test]
fn watching_changes_nothing() {
    for clock in [Clock::Synchronous, Clock::Periodic, Clock::Poisson] {
        let mut setup = setup(clock);
        setup.stop.rounds = Some(5);
        let unwatched = run_hermits(&setup);
        let mut told = Vec::new();
        let mut watch = |now, informed| told.push((now, informed));
        let watched = run_in(
            &mut Space::default(),
            &Hermits,
            &setup,
            &seeds(),
            &mut watch,
        );
        assert_eq!(watched, unwatched);
        assert!(told.len() > 5 && told.is_sorted(), "{clock:?}: {told:?}");
        assert_eq!(told.last().map(|last| last.1), Some(10), "{clock:?}");
    }
}

/// With replacement a node may draw more peers than there are: the estimate
/// stopped at their number, and such a run at the end of memory.
#[test]
fn memory_counts_every_draw_with_replacement() {
    let mut setup = setup(Clock::Periodic);
    let push = |setup: &Setup| {
        let params = toml::from_str("fanout = 4_000_000_000").expect("parameters");
        let push = Push::new(params, &setup.world()).expect("a protocol");
        memory_bytes(&push, setup)
    };
    assert!(push(&setup) < 10_000);
    setup.sampling = Sampling::OthersWithReplacement;
    assert!(push(&setup) > 10 * 4_000_000_000);
}
