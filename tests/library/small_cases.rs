//! Small cases whose outcome can be said by hand.

use crate::common::{Mean, cell, runs, values};
use gossim::engine::Sources;
use gossim::metrics::{Reached, Run};
use gossim::node::NodeId;
use gossim::report::CellRuns;
use gossim::stop::StoppedBy;
use gossim::time::Duration;

const SECOND: u64 = 1_000_000_000;
const CLOCKS: [&str; 3] = ["synchronous", "periodic", "poisson"];
const KINDS: [&str; 3] = ["push", "pull", "push-pull"];

/// The run's 50, 99 and 100 % thresholds, in periods.
fn thresholds(run: &Run) -> Vec<Option<f64>> {
    let thresholds = run.arrivals.thresholds().iter();
    let rounds = |reached: Reached| reached.elapsed.in_rounds(run.period);
    thresholds.map(|(_, reached)| reached.map(rounds)).collect()
}

/// All runs of many seeds are the same but for their dice: checked one by one.
fn for_many_seeds(settings: &str, check: impl Fn(&Run)) {
    let cell = cell(settings);
    for seed in 1..=5 {
        runs(&cell, seed, 40).iter().for_each(&check);
    }
}

/// Two nodes call each other: the source's call brings the rumor, or its reply
/// does. With push-pull both messages of both calls are sent.
#[test]
fn two_nodes_are_done_after_exactly_one_round() {
    for (kind, sent, redundant) in [("push", 1, 0), ("pull", 2, 0), ("push-pull", 4, 0)] {
        for_many_seeds(&format!("nodes.count=2 protocol.kind={kind}"), |run| {
            assert_eq!(run.stopped_by, StoppedBy::AllInformed);
            assert_eq!(thresholds(run), [Some(0.0), Some(1.0), Some(1.0)]);
            assert_eq!(run.arrivals.majority(), Some(Duration(SECOND)));
            assert_eq!(run.ended, Duration(SECOND));
            assert_eq!(run.arrivals.mean_in_rounds(run.period), Some(1.0));
            assert_eq!(run.totals.sent, sent, "{kind}");
            assert_eq!(run.totals.redundant, redundant, "{kind}");
            assert_eq!(run.totals.events, 2 + sent, "{kind}");
            let calls = if kind == "pull" { 0 } else { 1 };
            assert_eq!(run.totals.calls_by_informed, calls, "{kind}");
        });
    }
}

/// In the second round both know: each hears from the other what it knows, in
/// its call and in its reply.
#[test]
fn two_nodes_of_push_pull_in_two_rounds() {
    let settings = "nodes.count=2 protocol.kind=push-pull stop.all_informed=false stop.rounds=2";
    for_many_seeds(settings, |run| {
        let totals = run.totals;
        // The rumor in round 1: one call, one reply. In round 2: all four.
        assert_eq!((totals.sent, totals.updates), (8, 2 + 4));
        assert_eq!(totals.redundant, 4);
        assert_eq!(totals.calls_by_informed, 1 + 2);
        assert_eq!(totals.bytes, 8 * 40 + 6 * 256);
        assert_eq!(totals.events, 2 * 2 + 8);
    });
}

/// Without common rounds the source's first tick, within the first period,
/// informs the other at once: at its phase.
#[test]
fn two_nodes_with_phases_are_done_within_a_period() {
    for kind in KINDS {
        for_many_seeds(
            &format!("nodes.count=2 clock.mode=periodic protocol.kind={kind}"),
            |run| {
                assert!(run.ended < Duration(SECOND), "{kind}");
                assert_eq!(Some(run.ended), run.arrivals.last(), "{kind}");
            },
        );
    }
}

#[test]
fn one_node_is_done_at_once() {
    for clock in CLOCKS {
        for kind in KINDS {
            // The fanout is not held against a pool of nobody.
            for more in [
                "",
                "protocol.fanout=7",
                "protocol.fanout=\"all\"",
                "protocol.sampling=all protocol.fanout=3",
            ] {
                let settings =
                    format!("nodes.count=1 clock.mode={clock} protocol.kind={kind} {more}");
                for_many_seeds(&settings, |run| {
                    assert_eq!(run.stopped_by, StoppedBy::AllInformed);
                    assert_eq!(run.ended, Duration(0));
                    assert_eq!(thresholds(run), [Some(0.0); 3]);
                    assert_eq!(run.arrivals.majority(), Some(Duration(0)));
                    assert_eq!(run.totals.events, 0);
                    assert_eq!(run.arrivals.mean_in_rounds(run.period), None);
                });
            }
        }
    }
}

/// A node alone that goes on has nobody to call.
#[test]
fn one_node_calls_nobody() {
    for sampling in [
        "others",
        "all",
        "others-with-replacement",
        "all-with-replacement",
    ] {
        let settings = format!(
            "nodes.count=1 protocol.kind=push-pull protocol.fanout=3 protocol.sampling={sampling} stop.all_informed=false stop.rounds=5"
        );
        for_many_seeds(&settings, |run| {
            assert_eq!((run.totals.sent, run.totals.events), (0, 5));
            let contacts = run.contacts.as_ref().and_then(|c| c.probability(1));
            assert_eq!(contacts, Some(0.0));
        });
    }
}

#[test]
fn a_fanout_of_all_others_reaches_all_in_one_round() {
    for kind in KINDS {
        for fanout in ["9", "\"all\""] {
            let settings = format!("protocol.kind={kind} protocol.fanout={fanout}");
            for_many_seeds(&settings, |run| {
                assert_eq!(thresholds(run), [Some(1.0); 3], "{settings}");
                assert_eq!(run.arrivals.mean_in_rounds(run.period), Some(1.0));
                let sent = match kind {
                    "push" => 9,
                    // Nine ask nine each; the source answers nine.
                    "pull" => 9 * 9 + 9,
                    _ => 2 * 10 * 9,
                };
                assert_eq!(run.totals.sent, sent, "{settings}");
            });
        }
    }
    // From the pool with itself, all ten: a call to itself is spent.
    for fanout in ["10", "\"all\""] {
        for_many_seeds(
            &format!("protocol.sampling=all protocol.fanout={fanout}"),
            |run| {
                assert_eq!(thresholds(run), [Some(1.0); 3]);
                assert_eq!(run.totals.sent, 9);
            },
        );
    }
}

#[test]
fn where_all_is_lost_nobody_learns() {
    for clock in CLOCKS {
        for kind in KINDS {
            let settings = format!(
                "clock.mode={clock} protocol.kind={kind} protocol.fanout=3 network.loss=1 stop.rounds=20"
            );
            for_many_seeds(&settings, |run| {
                assert_eq!(run.arrivals.informed(), 1);
                assert_eq!(run.totals.delivered, 0);
                assert_eq!(run.totals.redundant, 0);
                assert_eq!(run.totals.lost, run.totals.sent);
                assert_eq!(run.in_flight, 0);
                assert_eq!(run.stopped_by, StoppedBy::Rounds);
                assert_eq!(thresholds(run), [None; 3]);
                assert_eq!(run.arrivals.majority(), None);
                assert_eq!(run.arrivals.last(), None);
                if clock != "poisson" {
                    let callers = match kind {
                        "push" => 1,
                        "pull" => 9,
                        _ => 10,
                    };
                    assert_eq!(run.totals.sent, callers * 3 * 20);
                    assert_eq!(run.totals.events, 10 * 20);
                }
                let windows = run
                    .contacts
                    .as_ref()
                    .map(|c| (c.windows(), c.probability(10)));
                let expected = if clock == "synchronous" { 20 } else { 18 };
                assert_eq!(windows, Some((expected, Some(0.0))));
            });
        }
    }
}

/// Without latency, all that one tick sets off happens at its instant, so the
/// end comes with the last arrival and leaves at most one reply under way; push
/// informs at most one node at a tick, so it takes n - 1 calls or more.
#[test]
fn without_latency_a_tick_is_over_at_its_instant() {
    for clock in ["periodic", "poisson"] {
        for kind in KINDS {
            for_many_seeds(&format!("clock.mode={clock} protocol.kind={kind}"), |run| {
                assert_eq!(run.stopped_by, StoppedBy::AllInformed);
                assert_eq!(run.arrivals.last(), Some(run.ended));
                // A call that brings the rumor is answered before it is merged.
                assert!(run.in_flight <= u64::from(kind == "push-pull"), "{kind}");
                if kind == "push" {
                    assert!(run.totals.calls_by_informed >= 9);
                    assert_eq!(run.totals.calls_by_informed, run.totals.sent);
                }
            });
        }
    }
}

/// Rounds are whole windows, and in common rounds nothing is left under way.
#[test]
fn stop_after_rounds_gives_as_many_windows() {
    for clock in CLOCKS {
        for (rounds, warm_up) in [(1, 0), (7, 0), (7, 3), (3, 7)] {
            let settings = format!(
                "clock.mode={clock} protocol.kind=push-pull stop.all_informed=false stop.rounds={rounds} measure.warm_up={warm_up}"
            );
            for_many_seeds(&settings, |run| {
                assert_eq!(run.stopped_by, StoppedBy::Rounds);
                assert_eq!(run.ended, Duration(rounds * SECOND));
                let windows = run.contacts.as_ref().map(|c| c.windows());
                assert_eq!(windows, Some(rounds.saturating_sub(warm_up)));
                if clock == "synchronous" {
                    assert_eq!(run.in_flight, 0);
                    assert_eq!(run.series.len() as u64, rounds + 1);
                    assert_eq!(run.totals.sent, 2 * 10 * rounds);
                    assert_eq!(run.totals.delivered, run.totals.sent);
                }
            });
        }
    }
}

/// In continuous time what happens at the end's instant is left out; in common
/// rounds the round that reaches the time is whole.
#[test]
fn stop_at_a_time() {
    for (clock, time, ended_ms, windows) in [
        ("synchronous", "2500ms", 3000, 3),
        ("synchronous", "3s", 3000, 3),
        ("synchronous", "1us", 1000, 1),
        ("periodic", "2500ms", 2500, 2),
        ("periodic", "3s", 3000, 3),
        ("poisson", "2500ms", 2500, 2),
    ] {
        let settings = format!(
            "clock.mode={clock} protocol.kind=push-pull measure.warm_up=0 stop.all_informed=false stop.time=\"{time}\""
        );
        for_many_seeds(&settings, |run| {
            assert_eq!(run.stopped_by, StoppedBy::Time);
            assert_eq!(run.ended, Duration(ended_ms * 1_000_000), "{settings}");
            let counted = run.contacts.as_ref().map(|c| c.windows());
            assert_eq!(counted, Some(windows), "{settings}");
            if (clock, time) == ("periodic", "3s") {
                // Each node ticked three times, each tick a call and a reply.
                assert_eq!(run.totals.events, 3 * (10 + 20));
            }
        });
    }
}

/// The first of several ends the run; in rounds and in time alike.
#[test]
fn the_first_stop_ends_the_run() {
    for clock in CLOCKS {
        for (stops, reason) in [
            ("stop.rounds=3 stop.time=\"4s\"", StoppedBy::Rounds),
            ("stop.rounds=4 stop.time=\"3s\"", StoppedBy::Time),
            ("stop.rounds=3 stop.time=\"3s\"", StoppedBy::Rounds),
            ("stop.rounds=3 stop.max_events=100000", StoppedBy::Rounds),
            ("stop.rounds=30 stop.max_events=1", StoppedBy::MaxEvents),
        ] {
            // Loss keeps it from being done before.
            let settings = format!("clock.mode={clock} network.loss=1 {stops}");
            for_many_seeds(&settings, |run| {
                assert_eq!(run.stopped_by, reason, "{settings}");
                if reason != StoppedBy::MaxEvents {
                    assert_eq!(run.ended, Duration(3 * SECOND), "{settings}");
                }
            });
        }
    }
}

/// In continuous time the event of that number is the last; in common rounds
/// the round is finished: 10 ticks, 10 calls, 10 replies each.
#[test]
fn stop_after_events() {
    for (most, events) in [(1, 30), (30, 30), (31, 60), (300, 300)] {
        let settings =
            format!("protocol.kind=push-pull stop.all_informed=false stop.max_events={most}");
        for_many_seeds(&settings, |run| {
            assert_eq!(run.stopped_by, StoppedBy::MaxEvents);
            assert_eq!(run.totals.events, events);
            assert_eq!(run.ended, Duration(events / 30 * SECOND));
            assert_eq!(run.in_flight, 0);
        });
        for clock in ["periodic", "poisson"] {
            for_many_seeds(&format!("clock.mode={clock} {settings}"), |run| {
                assert_eq!(run.stopped_by, StoppedBy::MaxEvents);
                assert_eq!(run.totals.events, most);
            });
        }
    }
}

/// What is written later is learned later: nothing is informed before, times
/// count from there, and the nodes' calls before it carry nothing.
#[test]
fn the_rumor_is_written_when_the_workload_says() {
    let settings = "nodes.count=2 protocol.kind=push-pull workload.at=\"4s\"";
    for_many_seeds(settings, |run| {
        assert_eq!(run.ended, Duration(5 * SECOND));
        assert_eq!(thresholds(run), [Some(0.0), Some(1.0), Some(1.0)]);
        assert_eq!(run.arrivals.mean_in_rounds(run.period), Some(1.0));
        assert_eq!(run.totals.sent, 4 * 5);
        assert_eq!(run.totals.updates, 2);
        let informed: Vec<u32> = run.series.iter().map(|point| point.informed).collect();
        assert_eq!(informed, [0, 0, 0, 0, 1, 2]);
    });
    for clock in ["periodic", "poisson"] {
        let settings = format!(
            "nodes.count=2 clock.mode={clock} protocol.kind=push workload.at=\"2250ms\" workload.sources=[1]"
        );
        for_many_seeds(&settings, |run| {
            let last = run.arrivals.last().expect("all are informed");
            assert_eq!(run.ended, Duration(2_250_000_000 + last.0));
            assert!(clock == "poisson" || last < Duration(SECOND));
            // The first call informs the other: nobody called before.
            assert_eq!(run.totals.sent, 1);
            for point in &run.series {
                let expected = u32::from(point.time.0 >= 2_250_000_000);
                assert!(point.informed == expected || point.time.0 == run.ended.0);
            }
        });
    }
}

/// A run that ends before the write informs nobody.
#[test]
fn a_run_that_ends_before_the_write() {
    let settings =
        "clock.mode=periodic protocol.kind=push-pull workload.at=\"5s\" stop.max_events=20";
    for_many_seeds(settings, |run| {
        assert_eq!(run.arrivals.informed(), 0);
        assert_eq!(thresholds(run), [None; 3]);
        assert_eq!(run.totals.updates, 0);
    });
}

/// The sources know at time 0, under every clock, and are no arrivals.
#[test]
fn sources_are_informed_at_the_start() {
    for clock in CLOCKS {
        for (sources, count) in [("3", 3), ("[0,4,9]", 3), ("[7]", 1), ("5", 5)] {
            let settings = format!(
                "clock.mode={clock} network.loss=1 stop.rounds=2 workload.sources={sources}"
            );
            for_many_seeds(&settings, |run| {
                assert_eq!(run.arrivals.informed(), count, "{settings}");
                assert_eq!(run.series[0].informed, count);
                assert_eq!(run.arrivals.last(), None);
                let half = (count >= 5).then_some(0.0);
                assert_eq!(thresholds(run)[0], half);
                assert_eq!(run.arrivals.majority(), None);
            });
        }
        let settings = format!("clock.mode={clock} workload.sources=10");
        for_many_seeds(&settings, |run| {
            assert_eq!(run.stopped_by, StoppedBy::AllInformed);
            assert_eq!((run.ended, run.totals.events), (Duration(0), 0));
            assert_eq!(thresholds(run), [Some(0.0); 3]);
        });
    }
}

/// Both sources push to both others: the node between them hears it twice, each
/// of them once from the other, which is redundant.
#[test]
fn a_source_list_is_taken_by_id() {
    let settings = "nodes.count=3 workload.sources=[0,2] stop.all_informed=false stop.rounds=1 protocol.fanout=2";
    let ids = Sources::Nodes(vec![NodeId(0), NodeId(2)]);
    assert_eq!(cell(settings).setup.workload.sources, ids);
    for_many_seeds(settings, |run| {
        assert_eq!(run.totals.sent, 4);
        assert_eq!(run.totals.redundant, 2);
        assert_eq!(thresholds(run)[2], Some(1.0));
        assert_eq!(run.arrivals.mean_in_rounds(run.period), Some(1.0));
    });
}

/// Thresholds are met by integer arithmetic, in the order asked or not.
#[test]
fn thresholds_of_eleven_nodes() {
    let settings =
        "nodes.count=11 protocol.fanout=10 workload.sources=5 measure.thresholds=[46,1,100,45,9]";
    let cell = cell(settings);
    assert_eq!(cell.setup.measure.thresholds, [1, 9, 45, 46, 100]);
    for run in runs(&cell, 1, 20) {
        // 45 % of 11 is 4.95: 5 nodes; 46 % is 5.06: 6 nodes.
        let at_once = Some(0.0);
        assert_eq!(
            thresholds(&run),
            [at_once, at_once, at_once, Some(1.0), Some(1.0)]
        );
        assert_eq!(run.arrivals.majority(), Some(Duration(SECOND)));
    }
}

/// A message that travels longer than the run arrives nowhere.
#[test]
fn a_latency_longer_than_the_run_delivers_nothing() {
    for clock in ["periodic", "poisson"] {
        for loss in [0.0, 0.5] {
            let settings = format!(
                r#"clock.mode={clock} protocol.kind=push-pull protocol.fanout=2 network.loss={loss} stop.rounds=5 network.latency={{kind="constant",value="1h"}}"#
            );
            for_many_seeds(&settings, |run| {
                assert_eq!(run.totals.delivered, 0);
                assert_eq!(run.arrivals.informed(), 1);
                assert_eq!(run.in_flight, run.totals.sent - run.totals.lost);
                assert!(run.in_flight > 0);
                if clock == "periodic" {
                    assert_eq!(run.totals.sent, 10 * 2 * 5);
                    assert_eq!(run.totals.events, 10 * 5);
                }
                assert!((run.totals.lost == 0) == (loss == 0.0));
            });
        }
    }
}

/// A constant latency L: of two nodes the second learns it L after the source's
/// tick, by a pull 2 L after its own.
#[test]
fn a_constant_latency_delays_by_itself() {
    let latency = |ms: u64| format!(r#"network.latency={{kind="constant",value="{ms}ms"}}"#);
    for (kind, messages) in [("push", 1), ("pull", 2)] {
        let base = format!("nodes.count=2 clock.mode=periodic protocol.kind={kind}");
        let at_once = runs(&cell(&base), 3, 40);
        let delayed = runs(&cell(&format!("{base} {}", latency(200))), 3, 40);
        for (at_once, delayed) in at_once.iter().zip(&delayed) {
            // The clock's stream is the same, so the tick is, too.
            let expected = at_once.ended.0 + messages * 200_000_000;
            assert_eq!(delayed.ended, Duration(expected), "{kind}");
        }
    }
}

/// A view of all others is the complete graph: the same law of rounds and of
/// messages (not the same runs: neighbours stand in another order).
#[test]
fn a_view_of_all_others_is_the_complete_graph_in_law() {
    for kind in KINDS {
        let base = format!("nodes.count=12 protocol.kind={kind}");
        let view = format!(r#"{base} network.topology={{kind="random-view",size=11}}"#);
        let (complete, view) = (cell(&base), cell(&view));
        // Other seeds: two independent samples.
        let complete_runs = runs(&complete, 21, 8000);
        let view_runs = runs(&view, 22, 8000);
        for column in [
            "rounds_to_50",
            "rounds_to_all",
            "mean_arrival_rounds",
            "messages_sent",
            "contact_probability",
        ] {
            let a = Mean::of(&values(&complete, &complete_runs, column));
            let b = Mean::of(&values(&view, &view_runs, column));
            let difference = Mean {
                mean: a.mean - b.mean,
                se: (a.se * a.se + b.se * b.se).sqrt(),
            };
            assert_eq!(difference.check(0.0, 0.0), Ok(()), "{kind} {column}");
        }
        if kind == "push-pull" {
            continue;
        }
        // A view of two is another graph, on which some may never learn it.
        let small = cell(&format!(
            r#"{base} network.topology={{kind="random-view",size=2}} stop.rounds=200"#
        ));
        let informed = values(&small, &runs(&small, 23, 2000), "informed");
        assert!(Mean::of(&informed).check(12.0, 0.0).is_err(), "{kind}");
    }
}

/// With a view of one neighbour each node always calls the same: push informs
/// only what can be reached along the views, one step a round.
#[test]
fn a_view_is_fixed_for_the_run() {
    let settings = r#"nodes.count=12 network.topology={kind="random-view",size=1} stop.rounds=60 stop.all_informed=false"#;
    for_many_seeds(settings, |run| {
        let informed = run.arrivals.informed();
        // A path that ends in a cycle: one more node each round, then none.
        let counts: Vec<u32> = run.series.iter().map(|point| point.informed).collect();
        for (round, &count) in counts.iter().enumerate() {
            assert_eq!(count, informed.min(1 + round as u32));
        }
        assert!(informed >= 2);
    });
}

/// Bytes: a header for each message, a payload for each update.
#[test]
fn bytes_are_headers_and_payloads() {
    let settings =
        "nodes.count=2 protocol.kind=pull messages.header_bytes=3 messages.payload_bytes=1000";
    for_many_seeds(settings, |run| {
        assert_eq!((run.totals.sent, run.totals.updates), (2, 1));
        assert_eq!(run.totals.bytes, 2 * 3 + 1000);
    });
}

/// The same seed gives the same run; another seed or replicate another one.
#[test]
fn a_seed_and_a_replicate_make_a_run() {
    let cell = cell("nodes.count=50 clock.mode=poisson protocol.kind=push-pull");
    let first = runs(&cell, 8, 30);
    assert_eq!(first, runs(&cell, 8, 30));
    let mut digests: Vec<u64> = first.iter().map(|run| run.digest.0).collect();
    digests.extend(runs(&cell, 9, 30).iter().map(|run| run.digest.0));
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), 60);
}

/// The goal of a share is the least whole number of nodes; in continuous time a
/// run ends with just as many.
#[test]
fn a_goal_ends_a_run_and_no_theory_is_shown_beyond_it() {
    for clock in CLOCKS {
        for (goal, count, reason) in [
            ("stop.coverage=0.95", 19, StoppedBy::Coverage),
            ("stop.majority=true", 11, StoppedBy::Majority),
            ("stop.coverage=0.5", 10, StoppedBy::Coverage),
            (
                "stop.coverage=1 stop.all_informed=true",
                20,
                StoppedBy::AllInformed,
            ),
        ] {
            let settings = format!("nodes.count=20 clock.mode={clock} {goal}");
            let settings = match goal.contains("all_informed") {
                true => settings,
                false => settings + " stop.all_informed=false",
            };
            for_many_seeds(&settings, |run| {
                assert_eq!(run.stopped_by, reason);
                let informed = run.arrivals.informed();
                assert!(informed == count || clock == "synchronous" && informed > count);
            });
        }
    }
}

/// Push in common rounds, where the exact chain knows every goal's time: a run
/// that ends at the majority has only that one, though some overshoot.
#[test]
fn no_theory_is_shown_beyond_the_goal() {
    let model = |settings: &str, metric: &str| {
        let cell = cell(&format!("nodes.count=2 {settings}"));
        let mut collected = CellRuns::new(&cell.asked());
        runs(&cell, 1, 20)
            .iter()
            .for_each(|run| collected.push(run));
        let rows = collected.finish(&cell).unwrap().rows;
        let row = rows.into_iter().find(|row| row.metric == metric);
        let row = row.expect("a metric");
        assert!(row.mean.is_some(), "{settings} {metric}");
        (
            row.theory.is_some(),
            row.theory_limit.is_some(),
            collected.curve(&cell).is_some(),
        )
    };
    // Of 2 nodes the majority is all.
    let all = "stop.majority=true stop.all_informed=false";
    assert_eq!(model(all, "rounds_to_all"), (true, true, true));
    assert_eq!(model(all, "calls_by_informed"), (true, false, true));
    let half = "nodes.count=5 protocol.fanout=4 stop.all_informed=false stop.majority=true";
    assert_eq!(model(half, "rounds_to_majority"), (true, false, false));
    // All are informed in the round of the majority, and still.
    for metric in [
        "rounds_to_99",
        "rounds_to_all",
        "time_to_all_s",
        "mean_arrival_rounds",
        "calls_by_informed",
        "all_informed",
    ] {
        assert_eq!(model(half, metric), (false, false, false), "{metric}");
    }
    let at_half = format!("{half} stop.majority=false stop.coverage=0.5");
    assert!(!model(&at_half, "rounds_to_all").0);
}
