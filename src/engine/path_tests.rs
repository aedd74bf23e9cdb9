//! Messages on paths: what the network says of them is what the engine counts.

use super::*;
use crate::metrics::{Measure, OnTheWay};
use crate::network::latency::{Constant, Exponential};
use crate::network::paths::{Bandwidth, CutLaw, CutOff, PathLaw};
use crate::network::{Latency, Network, Sampling, Topology};
use crate::node::NodeId;
use crate::protocol::{Pull, Push, PushPull, World};
use crate::stop::{Stop, StoppedBy};
use crate::time::{Duration, Time};

fn setup(clock: Clock, nodes: u32) -> Setup {
    Setup {
        nodes,
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
            sources: Sources::Nodes(vec![NodeId(0)]),
            at: Duration::ZERO,
        },
        stop: Stop {
            all_informed: true,
            rounds: Some(200),
            ..Stop::default()
        },
        measure: Measure {
            thresholds: (1..=100).collect(),
            contact: false,
            series: false,
            warm_up: 0,
            hops: false,
        },
    }
}

fn seeds(master: u64) -> Seeds {
    Seeds {
        master,
        replicate: 0,
        cell: String::new(),
    }
}

fn run_of<P: Protocol>(params: &str, setup: &Setup, master: u64) -> Run
where
    P::Params: serde::de::DeserializeOwned,
{
    let world = World { nodes: setup.nodes };
    let protocol = P::new(toml::from_str(params).unwrap(), &world)
        .ok()
        .unwrap();
    run(&protocol, setup, &seeds(master))
}

fn on_the_way(run: &Run) -> OnTheWay {
    run.on_the_way.unwrap()
}

/// Everything at once; about 100 messages a second and node fit an uplink.
fn busy(nodes: u32) -> PathLaw {
    PathLaw {
        duplicate: 0.2,
        uplink: Some(Bandwidth {
            bits_per_second: 20_000,
            queue_bytes: Some(600),
        }),
        downlink: Some(Bandwidth {
            bits_per_second: 10_000,
            queue_bytes: Some(400),
        }),
        cuts: vec![CutLaw {
            from: Time(2_000_000_000),
            until: Time(4_000_000_000),
            who: CutOff::Nodes(vec![0, nodes - 1]),
            one_way: false,
        }],
    }
}

/// sent + duplicated = delivered + lost + under way at the end, lost being the
/// sum of its causes, wherever a run is stopped.
#[test]
fn no_message_is_lost_without_a_cause() {
    let mut causes = OnTheWay::default();
    for (clock, rounds) in [
        (Clock::Periodic, 9),
        (Clock::Poisson, 3),
        (Clock::Synchronous, 9),
    ] {
        let mut setup = setup(clock, 12);
        setup.network.paths = busy(12);
        setup.network.loss = 0.1;
        if clock == Clock::Synchronous {
            let paths = &mut setup.network.paths;
            (paths.uplink, paths.downlink) = (None, None);
        } else {
            let mean = Duration::millis(300);
            setup.network.latency = Latency::Exponential(Exponential { mean });
        }
        setup.stop.all_informed = false;
        setup.stop.rounds = Some(rounds);
        for (run, messages) in [
            (run_of::<Push>("fanout = 3", &setup, 1), 1),
            (run_of::<Pull>("fanout = 3\ncalls = 'always'", &setup, 2), 2),
            (run_of::<PushPull>("fanout = 2", &setup, 3), 2),
        ] {
            let (totals, way) = (run.totals, on_the_way(&run));
            let lost = way.lost_loss + way.lost_cut + way.lost_queue;
            assert_eq!(totals.lost, lost);
            let ended = totals.delivered + totals.lost + run.in_flight;
            assert_eq!(totals.sent + way.duplicated, ended);
            assert!(totals.updates <= totals.sent && totals.sent >= messages);
            causes.lost_loss += way.lost_loss;
            causes.lost_cut += way.lost_cut;
            causes.lost_queue += way.lost_queue;
            causes.duplicated += way.duplicated;
            causes.queued += run.in_flight;
        }
    }
    let OnTheWay {
        lost_loss,
        lost_cut,
        lost_queue,
        duplicated,
        queued,
        ..
    } = causes;
    let all = [lost_loss, lost_cut, lost_queue, duplicated, queued];
    assert!(all.iter().all(|count| *count > 0), "{all:?}");
}

/// Paths that do nothing give what the plain way gives: its digest too.
#[test]
fn idle_paths_change_nothing() {
    for clock in [Clock::Synchronous, Clock::Periodic, Clock::Poisson] {
        let mut setup = setup(clock, 40);
        setup.network.loss = 0.2;
        if clock != Clock::Synchronous {
            let mean = Duration::millis(300);
            setup.network.latency = Latency::Exponential(Exponential { mean });
        }
        let plain = run_of::<PushPull>("", &setup, 5);
        setup.network.paths.cuts = vec![CutLaw {
            from: Time(0),
            until: Time::NEVER,
            who: CutOff::Nodes(vec![]),
            one_way: false,
        }];
        let idle = run_of::<PushPull>("", &setup, 5);
        assert_eq!(idle.digest, plain.digest);
        assert_eq!((idle.totals, idle.ended), (plain.totals, plain.ended));
        assert_eq!(
            (plain.on_the_way, on_the_way(&idle).lost_loss),
            (None, plain.totals.lost)
        );
    }
}

/// A door that holds nobody up is no door.
#[test]
fn a_downlink_without_end_changes_nothing() {
    let mut setup = setup(Clock::Periodic, 40);
    let mean = Duration::millis(300);
    setup.network.latency = Latency::Exponential(Exponential { mean });
    let plain = run_of::<PushPull>("", &setup, 6);
    setup.network.paths.downlink = Some(Bandwidth {
        bits_per_second: u64::MAX,
        queue_bytes: Some(0),
    });
    let wide = run_of::<PushPull>("", &setup, 6);
    assert_eq!(wide.digest, plain.digest);
}

/// From one node to another: the tick, the uplink, the way, the downlink.
#[test]
fn the_parts_of_a_way_add_up() {
    let mut setup = setup(Clock::Periodic, 2);
    let first = run_of::<Push>("", &setup, 7).ended;
    let value = Duration::millis(20);
    setup.network.latency = Latency::Constant(Constant { value });
    let bandwidth = |bits_per_second| {
        Some(Bandwidth {
            bits_per_second,
            queue_bytes: None,
        })
    };
    setup.network.paths.uplink = bandwidth(1_000_000);
    setup.network.paths.downlink = bandwidth(64_000);
    let run = run_of::<Push>("", &setup, 7);
    // 296 bytes.
    assert_eq!(run.ended.0 - first.0, 2_368_000 + 20_000_000 + 37_000_000);
    assert_eq!(on_the_way(&run).queued, 2);
    assert_eq!(run.stopped_by, StoppedBy::AllInformed);
}

/// Nobody crosses a cut while it lasts, and after it the rumor does.
#[test]
fn a_cut_holds_until_it_heals() {
    for one_way in [false, true] {
        for (clock, informed_by_then) in [(Clock::Synchronous, 5), (Clock::Periodic, 5)] {
            let mut setup = setup(clock, 10);
            setup.network.paths.cuts = vec![CutLaw {
                from: Time(0),
                until: Time(20_000_000_000),
                who: CutOff::Nodes(vec![0, 1, 2, 3, 4]),
                one_way,
            }];
            let run = run_of::<Push>("", &setup, 8);
            let reached: Vec<Duration> = (run.arrivals.thresholds().iter())
                .filter_map(|(_, reached)| reached.map(|reached| reached.elapsed))
                .collect();
            let early = reached
                .iter()
                .filter(|at| **at <= Duration::seconds(20))
                .count();
            assert_eq!(early, informed_by_then * 10, "{clock:?}");
            assert_eq!(run.stopped_by, StoppedBy::AllInformed);
            // From those who are heard one way, it comes through.
            setup.workload.sources = Sources::Nodes(vec![NodeId(9)]);
            let run = run_of::<Push>("", &setup, 8);
            assert_eq!(run.ended < Duration::seconds(19), one_way);
        }
    }
}

/// A share takes the same nodes in every cell, replicate by replicate.
#[test]
fn a_changed_latency_leaves_cuts_and_phases_as_they_were() {
    let arrivals = |latency: u64, cell: &str| {
        let mut setup = setup(Clock::Periodic, 100);
        setup.network.latency = Latency::Constant(Constant {
            value: Duration(latency),
        });
        setup.network.paths.cuts = vec![CutLaw {
            from: Time(0),
            until: Time::NEVER,
            who: CutOff::Share(0.37),
            one_way: false,
        }];
        setup.stop.rounds = Some(40);
        let seeds = Seeds {
            cell: cell.into(),
            ..seeds(9)
        };
        let push = Push::new(toml::from_str("fanout = 'all'").unwrap(), &setup.world());
        let run = run(&push.ok().unwrap(), &setup, &seeds);
        (run.arrivals.informed(), run.arrivals.last())
    };
    let (informed, last) = arrivals(0, "a");
    assert!(informed == 37 || informed == 63);
    assert_eq!((informed, last), arrivals(0, "b"));
    let (as_many, later) = arrivals(1_000, "a");
    assert_eq!(informed, as_many);
    assert_eq!(later.map(|at| at.0), last.map(|at| at.0 + 1_000));
}
