//! The engine with protocols that are not like the built-in ones.

use super::*;
use crate::invalid::Invalid;
use crate::metrics::Measure;
use crate::network::latency::Constant;
use crate::network::{Latency, Network, PathLaw, Sampling, Topology};
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
    type Shared = ();

    fn new(_: NoKeys, _: &World) -> Result<Hermits, Invalid> {
        Ok(Hermits)
    }

    fn node(&self) -> bool {
        false
    }

    fn write(&self, me: &mut bool, cx: &mut impl Context<Self>) {
        *me = true;
        cx.learned(RUMOR);
        cx.send(cx.me(), ());
    }

    fn tick(&self, me: &mut bool, cx: &mut impl Context<Self>) {
        if !*me {
            *me = true;
            cx.learned(RUMOR);
        }
    }

    fn answer(&self, _: &bool, _: NodeId, (): &mut (), _: &mut impl Context<Self>) {}

    fn merge(&self, _: &mut bool, _: NodeId, (): (), _: &mut impl Context<Self>) {}

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
    type Shared = ();

    fn new(_: NoKeys, _: &World) -> Result<Confused, Invalid> {
        Ok(Confused)
    }

    fn node(&self) {}

    fn write(&self, (): &mut (), _: &mut impl Context<Self>) {}

    fn tick(&self, (): &mut (), cx: &mut impl Context<Self>) {
        cx.draw(Fanout::Peers(1));
        cx.call(Fanout::Peers(1), ());
        cx.peer(0);
    }

    fn answer(&self, (): &(), _: NodeId, (): &mut (), _: &mut impl Context<Self>) {}

    fn merge(&self, (): &mut (), _: NodeId, (): (), _: &mut impl Context<Self>) {}

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
    type Shared = ();

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

    fn write(&self, (): &mut (), _: &mut impl Context<Self>) {}

    fn tick(&self, (): &mut (), cx: &mut impl Context<Self>) {
        cx.call(Fanout::Peers(1), true);
    }

    fn answer(&self, (): &(), from: NodeId, call: &mut bool, cx: &mut impl Context<Self>) {
        if *call {
            cx.send(from, false);
        }
    }

    fn merge(&self, (): &mut (), _: NodeId, _: bool, _: &mut impl Context<Self>) {}

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
            held: None,
            latency: Latency::default(),
            loss: 0.0,
            paths: PathLaw::default(),
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
            hops: false,
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

/// Refers to shared memory in each message; replies to each call, and needs
/// nothing that comes to the first three nodes.
struct Borrower;

/// Copies by reference: how many live, and how many there ever were.
#[derive(Default)]
struct Ledger {
    live: Vec<i64>,
    begun: u32,
}

#[derive(Clone, Copy)]
struct Loan {
    place: u32,
    is_call: bool,
}

impl Borrower {
    fn lend(cx: &mut impl Context<Borrower>, is_call: bool) -> Loan {
        let live = &mut cx.shared().live;
        live.push(1);
        Loan {
            place: live.len() as u32 - 1,
            is_call,
        }
    }
}

impl Protocol for Borrower {
    type Params = NoKeys;
    type Node = u32;
    type Message = Loan;
    type Shared = Ledger;

    fn new(_: NoKeys, _: &World) -> Result<Borrower, Invalid> {
        Ok(Borrower)
    }

    fn node(&self) -> u32 {
        0
    }

    fn begin(&self, shared: &mut Ledger) {
        shared.live.clear();
        shared.begun += 1;
    }

    fn retain(&self, loan: &Loan, shared: &mut Ledger) {
        shared.live[loan.place as usize] += 1;
    }

    fn release(&self, loan: &Loan, shared: &mut Ledger) {
        let live = &mut shared.live[loan.place as usize];
        *live -= 1;
        assert!(*live >= 0, "released once too often");
    }

    fn write(&self, _: &mut u32, cx: &mut impl Context<Self>) {
        let loan = Borrower::lend(cx, false);
        cx.send(cx.me(), loan);
    }

    fn tick(&self, me: &mut u32, cx: &mut impl Context<Self>) {
        assert_eq!(cx.period(), Duration::seconds(1));
        *me += 1;
        let loan = Borrower::lend(cx, true);
        cx.call(Fanout::Peers(*me % 4), loan);
    }

    fn answer(&self, _: &u32, from: NodeId, loan: &mut Loan, cx: &mut impl Context<Self>) {
        assert!(
            cx.shared().live[loan.place as usize] > 0,
            "read after its end"
        );
        if loan.is_call {
            let reply = Borrower::lend(cx, false);
            cx.send(from, reply);
        }
    }

    fn merge(&self, _: &mut u32, _: NodeId, loan: Loan, cx: &mut impl Context<Self>) {
        assert!(
            cx.shared().live[loan.place as usize] > 0,
            "read after its end"
        );
    }

    fn brings_nothing(&self, me: &u32, _: &Loan) -> bool {
        me.is_multiple_of(3)
    }

    fn size(&self, _: &Loan) -> Size {
        Size::updates(1)
    }
}

/// However a copy ends (lost, merged, passed over, without a peer, under way at
/// the end or for ever), it is released exactly once; the memory is the next run's.
#[test]
fn every_copy_is_released_once() {
    let mut space = Space::default();
    let mut runs = 0;
    for clock in [Clock::Synchronous, Clock::Periodic, Clock::Poisson] {
        for latency in [Duration::ZERO, Duration::seconds(2), Duration(u64::MAX)] {
            if clock == Clock::Synchronous && latency > Duration::ZERO {
                continue;
            }
            let mut setup = setup(clock);
            setup.network.loss = 0.2;
            setup.network.latency = Latency::Constant(Constant { value: latency });
            setup.stop.rounds = Some(7);
            let done = run_in(&mut space, &Borrower, &setup, &seeds(), &mut |_, _| ());
            runs += 1;
            assert!(done.totals.sent > 100 && done.totals.lost > 0);
            assert_eq!(done.in_flight > 0, latency > Duration::ZERO);
            assert_eq!(space.shared.begun, runs);
            assert!(!space.shared.live.is_empty());
            assert_eq!(
                space.shared.live.iter().sum::<i64>(),
                0,
                "{clock:?} {latency}"
            );
        }
    }
}
