//! What holds in every run, whatever the scenario: nothing is lost from the
//! books, columns agree with one another, and measuring changes nothing.

use crate::common::{cell, runs, values};
use gossim::engine::{Clock, Setup, Sources};
use gossim::metrics::{POINTS_MAX, Reached, Run};
use gossim::run;
use gossim::scenario::Cell;
use gossim::stop::{Cause, StoppedBy};
use gossim::time::Duration;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngSeed, TestRunner};

/// Random scenarios, the same ones each time.
const CASES: u32 = 2000;

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0xF0CA),
        ..ProptestConfig::default()
    }
}

/// A small scenario that is valid, as settings. Durations go with the period,
/// of which there are three, so that all of it happens within some rounds.
fn scenario() -> impl Strategy<Value = String> {
    let clock = select(vec!["synchronous", "periodic", "poisson"]);
    let period_ns = select(vec![1_000_000_000u64, 10_000_000, 7_000]);
    (1u32..=40, clock, period_ns).prop_flat_map(|(nodes, clock, period_ns)| {
        let parts = (
            protocol(nodes),
            network(nodes, clock, period_ns),
            sources(nodes),
            write_and_stops(clock, period_ns),
        );
        parts.prop_map(move |(protocol, network, sources, stops)| {
            format!(
                "nodes.count={nodes} clock.mode={clock} protocol.period=\"{period_ns}ns\" \
                 {protocol} {network} workload.sources={sources} {stops}"
            )
        })
    })
}

fn protocol(nodes: u32) -> impl Strategy<Value = String> {
    let kind = select(vec![
        "push",
        "push protocol.calls=always",
        "pull",
        "pull protocol.calls=always",
        "push-pull",
        "infect-and-die",
        "rumor-mongering protocol.k=2",
        "rumor-mongering protocol.k=3 protocol.stopping=blind-coin protocol.exchange=push-pull",
        "rumor-mongering protocol.k=2 protocol.stopping=heard protocol.exchange=pull",
        "rumor-mongering protocol.k=1 protocol.connection_limit=1 protocol.hunt_limit=2",
    ]);
    let sampling = select(vec![
        "others",
        "all",
        "others-with-replacement",
        "all-with-replacement",
    ]);
    let most = (nodes - 1).max(1);
    let fanout = prop_oneof![0..=most, 1..=most.min(3)];
    (kind, sampling, fanout).prop_map(|(kind, sampling, fanout)| {
        let fanout = match fanout {
            0 if sampling.contains("replacement") => "50".to_string(),
            0 => "\"all\"".to_string(),
            fanout => fanout.to_string(),
        };
        format!("protocol.kind={kind} protocol.sampling={sampling} protocol.fanout={fanout}")
    })
}

fn network(nodes: u32, clock: &str, period_ns: u64) -> impl Strategy<Value = String> + use<> {
    let table = |kind: &str, keys: String| format!("network.latency={{kind=\"{kind}\",{keys}}}");
    let ns = |name: &str, ns: u64| format!("{name}=\"{ns}ns\"");
    let mut latencies = vec![String::new()];
    if clock != "synchronous" {
        latencies.extend([
            table("constant", ns("value", period_ns / 3)),
            table("constant", ns("value", period_ns * 20)),
            table("uniform", ns("low", 0) + "," + &ns("high", period_ns / 5)),
            table("exponential", ns("mean", period_ns / 2)),
            table("lognormal", ns("median", period_ns / 20) + ",sigma=1.5"),
        ]);
    }
    let loss = prop_oneof![2 => Just(0.0), 1 => Just(1.0), 5 => 0.0..1.0];
    let size = prop::option::of(1..=(nodes - 1).max(1));
    (select(latencies), loss, size).prop_map(|(latency, loss, size)| {
        let topology = size.map_or(String::new(), |size| {
            format!("network.topology={{kind=\"random-view\",size={size}}}")
        });
        format!("network.loss={loss:.6} {latency} {topology}")
    })
}

fn sources(nodes: u32) -> impl Strategy<Value = String> {
    let ids: Vec<u32> = (0..nodes).collect();
    let some = prop::sample::subsequence(ids, 1..=nodes as usize);
    prop_oneof![
        2 => Just("1".to_string()),
        1 => (1..=nodes).prop_map(|count| count.to_string()),
        1 => some.prop_map(|ids| format!("{ids:?}").replace(' ', "")),
    ]
}

/// A write at the start or a little later, and every combination of stops after
/// it. Rounds are always among them, so that no run takes long; the number of
/// events may be met before the write.
fn write_and_stops(clock: &str, period_ns: u64) -> impl Strategy<Value = String> + use<> {
    let later = if clock == "synchronous" { 4 } else { 5 };
    let at_halves = select(vec![0u64, 0, later]);
    let halves_after = prop::option::of(1u64..=40);
    let events = prop::option::of(prop_oneof![1u32..100, 1u32..3000]);
    let share = prop::option::weighted(0.3, select(vec![0.25, 0.5, 0.875, 1.0]));
    let goals = (
        any::<bool>(),
        any::<bool>(),
        prop::bool::weighted(0.2),
        share,
    );
    (at_halves, goals, 1u64..=60, halves_after, events).prop_map(
        move |(at, (all, quiescent, majority, share), rounds, halves_after, events)| {
            let ns = |halves: u64| halves * period_ns / 2;
            let rounds = rounds + at.div_ceil(2);
            let mut text = format!(
                "workload.at=\"{}ns\" stop.all_informed={all} stop.quiescent={quiescent} \
                 stop.majority={majority} stop.rounds={rounds}",
                ns(at)
            );
            if let Some(share) = share {
                text += &format!(" stop.coverage={share}");
            }
            if let Some(halves) = halves_after {
                text += &format!(" stop.time=\"{}ns\"", ns(at + halves));
            }
            if let Some(events) = events {
                text += &format!(" stop.max_events={events}");
            }
            text
        },
    )
}

fn check_messages(setup: &Setup, run: &Run) -> Result<(), TestCaseError> {
    let totals = run.totals;
    prop_assert_eq!(totals.sent, totals.delivered + totals.lost + run.in_flight);
    prop_assert!(totals.redundant <= totals.delivered);
    prop_assert!(totals.updates <= totals.sent);
    let under_way = totals.updates - totals.updates_ended;
    prop_assert!(under_way <= run.in_flight);
    prop_assert!(totals.removed <= run.arrivals.informed());
    prop_assert!(totals.calls_by_informed <= totals.sent);
    let header = u64::from(setup.messages.header) * totals.sent;
    let payload = u64::from(setup.messages.payload) * totals.updates;
    prop_assert_eq!(totals.bytes, header + payload);
    // Each arrival but at a source was a message's; with what was redundant, no
    // more than were delivered.
    let arrivals = u64::from(run.arrivals.informed().saturating_sub(source_count(setup)));
    prop_assert!(arrivals + totals.redundant <= totals.delivered);
    if setup.network.loss == 0.0 {
        prop_assert_eq!(totals.lost, 0);
    }
    if setup.network.loss == 1.0 {
        prop_assert_eq!(totals.delivered + run.in_flight, 0);
    }
    Ok(())
}

fn source_count(setup: &Setup) -> u32 {
    match &setup.workload.sources {
        Sources::Count(count) => *count,
        Sources::Nodes(nodes) => nodes.len() as u32,
    }
}

/// Ticks, from events; a node ticks once a period but under the Poisson clock.
fn check_events(setup: &Setup, run: &Run) -> Result<(), TestCaseError> {
    let ticks = run.totals.events - run.totals.delivered;
    let nodes = u64::from(run.nodes);
    let (rounds, rest) = (run.ended.0 / run.period.0, run.ended.0 % run.period.0);
    match setup.clock {
        Clock::Synchronous => {
            prop_assert_eq!(rest, 0);
            prop_assert_eq!(ticks, nodes * rounds);
            prop_assert_eq!(run.in_flight, 0);
        }
        Clock::Periodic => {
            // A run that ends by what happens ends at an event's instant.
            prop_assert!(
                ticks >= nodes * rounds || by_chance(run),
                "{} {}",
                ticks,
                rounds
            );
            prop_assert!(ticks <= nodes * (rounds + 1));
            if rest == 0 && !by_chance(run) {
                prop_assert_eq!(ticks, nodes * rounds);
            }
        }
        Clock::Poisson => {}
    }
    Ok(())
}

fn by_chance(run: &Run) -> bool {
    run.stopped_by.cause().is_by_chance()
}

fn check_informed(setup: &Setup, run: &Run) -> Result<(), TestCaseError> {
    let arrivals = &run.arrivals;
    let informed = arrivals.informed();
    prop_assert!(informed <= run.nodes);
    if run.ended > setup.workload.at {
        prop_assert!((source_count(setup)..=run.nodes).contains(&informed));
    } else {
        // It may have ended at that very instant, or before.
        prop_assert!(informed == 0 || informed >= source_count(setup));
    }
    // Of those asked for, exactly the thresholds that were met have a time, and
    // a higher one never an earlier time.
    let (mut before, mut sent_before) = (Duration(0), 0);
    let mut open = false;
    for &(percent, reached) in arrivals.thresholds() {
        let least = (u64::from(run.nodes) * u64::from(percent)).div_ceil(100);
        prop_assert_eq!(reached.is_some(), u64::from(informed) >= least);
        prop_assert!(!open || reached.is_none());
        open |= reached.is_none();
        if let Some(Reached { elapsed, sent }) = reached {
            prop_assert!(elapsed >= before && sent >= sent_before);
            prop_assert!(sent <= run.totals.sent);
            (before, sent_before) = (elapsed, sent);
        }
    }
    prop_assert_eq!(arrivals.majority().is_some(), informed > run.nodes / 2);
    let elapsed = Duration(run.ended.0.saturating_sub(setup.workload.at.0));
    for time in [Some(before), arrivals.majority(), arrivals.last()] {
        prop_assert!(time.unwrap_or_default() <= elapsed);
    }
    let spread = informed > source_count(setup);
    prop_assert_eq!(arrivals.last().is_some(), spread);
    let mean = arrivals.mean_in_rounds(run.period);
    prop_assert_eq!(mean.is_some(), spread);
    let last = arrivals.last().unwrap_or_default().in_rounds(run.period);
    prop_assert!(mean.unwrap_or(0.0) <= last * (1.0 + 1e-12));
    Ok(())
}

fn check_columns(cell: &Cell, run: &Run) -> Result<(), TestCaseError> {
    let value = |name| values(cell, std::slice::from_ref(run), name)[0];
    let (coverage, residue) = (value("coverage"), value("residue"));
    prop_assert!((coverage + residue - 1.0).abs() < 1e-15);
    prop_assert_eq!(
        coverage,
        f64::from(run.arrivals.informed()) / f64::from(run.nodes)
    );
    Ok(())
}

fn check_contacts(setup: &Setup, run: &Run) -> Result<(), TestCaseError> {
    let contacts = run.contacts.as_ref().expect("asked for");
    let whole = run.ended.0 / run.period.0;
    let counted = whole.saturating_sub(setup.measure.warm_up);
    prop_assert_eq!(contacts.windows(), counted);
    let probability = contacts.probability(run.nodes);
    prop_assert_eq!(probability.is_some(), counted > 0);
    prop_assert!((0.0..=1.0).contains(&probability.unwrap_or(0.0)));
    if run.totals.delivered == 0 {
        prop_assert_eq!(probability.unwrap_or(0.0), 0.0);
    }
    Ok(())
}

fn check_series(run: &Run) -> Result<(), TestCaseError> {
    let series = &run.series;
    prop_assert!(!series.is_empty() && series.len() <= POINTS_MAX);
    let in_order = series.is_sorted_by(|a, b| {
        a.time <= b.time && a.informed <= b.informed && a.sent <= b.sent && a != b
    });
    prop_assert!(in_order, "{:?}", series);
    let last = series[series.len() - 1];
    prop_assert_eq!(last.time.0, run.ended.0);
    prop_assert_eq!(last.informed, run.arrivals.informed());
    prop_assert_eq!(last.sent, run.totals.sent);
    Ok(())
}

/// A run whose goal is met ends there, and says so; in continuous time with as
/// many informed as the goal says, since no two nodes learn at one event.
fn check_goals(setup: &Setup, run: &Run) -> Result<(), TestCaseError> {
    let (stop, informed) = (&setup.stop, f64::from(run.arrivals.informed()));
    let nodes = f64::from(run.nodes);
    // The shares are quarters and eighths: products are exact.
    let met = [
        (
            StoppedBy::AllInformed,
            stop.all_informed && informed == nodes,
        ),
        (
            StoppedBy::Coverage,
            stop.coverage
                .is_some_and(|share| informed >= share * nodes && informed > 0.0),
        ),
        (StoppedBy::Majority, stop.majority && 2.0 * informed > nodes),
    ];
    let first = met.iter().find(|(_, is_met)| *is_met).map(|(by, _)| *by);
    let is_goal = run.stopped_by.cause() == Cause::Goal;
    prop_assert_eq!(first, is_goal.then_some(run.stopped_by));
    let spread = run.arrivals.informed() > source_count(setup);
    if is_goal && spread && setup.clock != Clock::Synchronous {
        prop_assert_eq!(stop.goal(run.nodes), Some(run.arrivals.informed()));
    }
    Ok(())
}

/// The run ended for the reason it says, and for no other before.
fn check_stop(setup: &Setup, run: &Run) -> Result<(), TestCaseError> {
    let stop = &setup.stop;
    let whole_rounds = setup.clock == Clock::Synchronous;
    let end = |rounds: u64| run.period.times(rounds).unwrap_or_default();
    let by_rounds = stop.rounds.map(end);
    match run.stopped_by {
        StoppedBy::AllInformed | StoppedBy::Coverage | StoppedBy::Majority => {
            prop_assert!(stop.has(run.stopped_by));
            let last = run.arrivals.last().unwrap_or_default();
            prop_assert_eq!(run.ended.0, setup.workload.at.0 + last.0);
        }
        StoppedBy::Quiescent => {
            prop_assert!(stop.quiescent);
            prop_assert_eq!(run.totals.removed, run.arrivals.informed());
            prop_assert_eq!(run.totals.updates, run.totals.updates_ended);
        }
        StoppedBy::Rounds => prop_assert_eq!(Some(run.ended), by_rounds),
        StoppedBy::Time => {
            let time = stop.time.expect("a time");
            let late = run.ended.0.checked_sub(time.0);
            prop_assert!(late.is_some_and(|late| late == 0 || whole_rounds && late < run.period.0));
        }
        StoppedBy::MaxEvents => {
            let most = stop.max_events.expect("a number of events");
            prop_assert!(run.totals.events >= most);
        }
    }
    check_goals(setup, run)?;
    prop_assert!(by_rounds.is_none_or(|end| run.ended <= end));
    if let Some(time) = stop.time {
        prop_assert!(run.ended <= time || whole_rounds && run.ended.0 - time.0 < run.period.0);
    }
    if let Some(most) = stop.max_events.filter(|_| !whole_rounds) {
        let events = run.totals.events;
        prop_assert!(events <= most);
        // An event may be the last allowed and inform the last node.
        prop_assert!(events < most || by_chance(run));
        prop_assert!(events == most || run.stopped_by != StoppedBy::MaxEvents);
    }
    Ok(())
}

fn check_all(cell: &Cell, run: &Run) -> Result<(), TestCaseError> {
    let setup = &cell.setup;
    check_messages(setup, run)?;
    check_events(setup, run)?;
    check_informed(setup, run)?;
    check_columns(cell, run)?;
    check_contacts(setup, run)?;
    check_series(run)?;
    check_stop(setup, run)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_books_of_every_run_balance(settings in scenario(), seed in 0u64..1 << 53) {
        let cell = cell(&settings);
        let run = run::run(&cell, seed, 0);
        check_all(&cell, &run)?;
        prop_assert_eq!(&run, &run::run(&cell, seed, 0));
    }

    /// Measuring more or less never changes what happens: the digest, the
    /// totals and the end stay.
    #[test]
    fn measuring_changes_nothing(settings in scenario(), seed in 0u64..1 << 53) {
        let full = run::run(&cell(&settings), seed, 0);
        for less in [
            "measure.series=false",
            "measure.contact=false",
            "measure.thresholds=[100]",
            "measure.thresholds=[1,2,3,50,51,99,100]",
            "measure.warm_up=5",
            "measure.series=false measure.contact=false measure.thresholds=[7]",
        ] {
            let other = run::run(&cell(&format!("{settings} {less}")), seed, 0);
            prop_assert_eq!(other.digest, full.digest, "{}", less);
            prop_assert_eq!(other.totals, full.totals, "{}", less);
            prop_assert_eq!((other.ended, other.stopped_by), (full.ended, full.stopped_by));
            prop_assert_eq!(other.arrivals.majority(), full.arrivals.majority());
            if !less.contains("series") {
                prop_assert_eq!(&other.series, &full.series);
            }
            if !less.contains("contact") && !less.contains("warm_up") {
                prop_assert_eq!(&other.contacts, &full.contacts);
            }
        }
    }
}

/// The random scenarios reach what the properties are about: each ending, runs
/// that leave messages under way, that end before the write, that lose, that
/// inform only some.
#[test]
fn the_scenarios_go_everywhere() -> Result<(), String> {
    type Case<'c> = (&'c str, fn(&Setup, &Run) -> bool);
    let cases: [Case; 13] = [
        ("all informed", |_, run| {
            run.stopped_by == StoppedBy::AllInformed
        }),
        ("quiescent", |_, run| run.stopped_by == StoppedBy::Quiescent),
        ("coverage", |_, run| run.stopped_by == StoppedBy::Coverage),
        ("majority", |_, run| run.stopped_by == StoppedBy::Majority),
        ("time", |_, run| run.stopped_by == StoppedBy::Time),
        ("rounds", |_, run| run.stopped_by == StoppedBy::Rounds),
        ("events", |_, run| run.stopped_by == StoppedBy::MaxEvents),
        ("under way", |_, run| run.in_flight > 0),
        ("lost", |_, run| {
            run.totals.lost > 0 && run.totals.delivered > 0
        }),
        ("before the write", |_, run| run.arrivals.informed() == 0),
        ("only some", |setup, run| {
            (source_count(setup) + 1..run.nodes).contains(&run.arrivals.informed())
        }),
        ("a long series", |_, run| run.series.len() > 100),
        ("redundant", |_, run| run.totals.redundant > 0),
    ];
    let mut runner = TestRunner::new(config());
    let mut seen = [0; 13];
    for seed in 0..1000 {
        let settings = scenario().new_tree(&mut runner);
        let settings = settings.map_err(|error| error.to_string())?.current();
        let cell = cell(&settings);
        let run = run::run(&cell, seed, 0);
        for (count, (_, is)) in seen.iter_mut().zip(cases) {
            *count += usize::from(is(&cell.setup, &run));
        }
    }
    for (count, (what, _)) in seen.into_iter().zip(cases) {
        assert!(count >= 20, "{what}: {count} of 1000");
    }
    Ok(())
}

/// Other dice make other runs: digests have 64 bits, so that two alike among
/// these would be no chance.
#[test]
fn another_replicate_is_another_run() {
    let settings = "nodes.count=20 protocol.kind=push-pull network.loss=0.1";
    for clock in ["synchronous", "periodic", "poisson"] {
        let cell = cell(&format!("{settings} clock.mode={clock}"));
        let mut digests: Vec<u64> = runs(&cell, 1, 500).iter().map(|run| run.digest.0).collect();
        digests.sort_unstable();
        digests.dedup();
        assert_eq!(digests.len(), 500, "{clock}");
    }
}
