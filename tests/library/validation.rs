//! Would `gossim validate` notice? An error is planted, and the row that catches
//! it is named; the same row passes without the error.

use gossim::invalid::Invalid;
use gossim::node::NodeId;
use gossim::protocol::{Context, Fanout, Protocol, RUMOR, Size, World};
use gossim::random::Stream;
use gossim::registry::{Entry, PROTOCOLS};
use gossim::validation::{self, Conditions, Generator, Row, Tally, Verdict};
use serde::{Deserialize, Serialize};

/// The rows of the experiments whose name has this.
fn rows(only: &str, conditions: &Conditions) -> Vec<Row> {
    let experiments = validation::experiments(only);
    assert!(!experiments.is_empty(), "{only}");
    let run = |experiment| validation::run(experiment, conditions, &|| {});
    let rows = experiments
        .iter()
        .flat_map(|experiment| run(experiment).expect("a validation"));
    rows.collect()
}

fn failed(rows: &[Row]) -> Vec<&str> {
    let failed = rows.iter().filter(|row| row.verdict == Verdict::Fail);
    failed.map(|row| row.what.as_str()).collect()
}

/// Passes as it is; with the error, these rows fail.
fn check(only: &str, planted: &Conditions, caught_by: &[&str]) {
    let plain = Conditions::plain(1, 2, PROTOCOLS);
    assert_eq!(failed(&rows(only, &plain)), [""; 0], "{only}");
    let rows = rows(only, planted);
    let failed = failed(&rows);
    for row in caught_by {
        assert!(
            failed.contains(row),
            "{only}: {failed:?} caught it, not {row}"
        );
    }
}

fn plain() -> Conditions<'static> {
    Conditions::plain(1, 2, PROTOCOLS)
}

#[test]
fn another_sampling_is_seen() {
    let set = ["protocol.sampling=all".to_string()];
    let planted = Conditions {
        set: &set,
        ..plain()
    };
    let contact = "contact: n = 10, m = 2, others, synchronous";
    check(contact, &planted, &["contact_probability"]);
    let all = ["rounds_to_all", "rounds_to_all, whole law (chi-square)"];
    check("rounds: push, n = 8, m = 1", &planted, &all);
}

#[test]
fn a_round_too_many_is_seen() {
    let late = |what: &str, value: f64| value + f64::from(u8::from(what.starts_with("rounds_to")));
    let planted = Conditions {
        alter: late,
        ..plain()
    };
    let all = ["rounds_to_50", "rounds_to_all"];
    check("rounds: push, n = 8, m = 1", &planted, &all);
}

#[test]
fn a_source_among_the_arrivals_is_seen() {
    let with_source = |what: &str, value: f64| match what {
        "mean_arrival_rounds" => value * 7.0 / 8.0,
        _ => value,
    };
    let planted = Conditions {
        alter: with_source,
        ..plain()
    };
    check(
        "rounds: push, n = 8, m = 1",
        &planted,
        &["mean_arrival_rounds"],
    );
}

/// A pull then succeeds with 1-q, as a message does that is lost once: with the
/// loss p at which (1-p)^2 = 1-q.
#[test]
fn a_reply_that_is_never_lost_is_seen() {
    let set = ["network.loss=0.16333997".to_string()];
    let planted = Conditions {
        set: &set,
        ..plain()
    };
    let all = ["rounds_to_all", "mean_arrival_rounds"];
    check("rounds: pull, n = 16, m = 1, loss 0.3", &planted, &all);
}

#[test]
fn a_counter_that_is_not_reset_is_seen() {
    let set = ["protocol.stopping=feedback-cumulative".to_string()];
    let planted = Conditions {
        set: &set,
        ..plain()
    };
    let rows = ["residue", "updates_per_node", "last_arrival_rounds"];
    check("mongering: push, feedback, counter, k = 2", &planted, &rows);
}

/// 2 % more, in the network alone and in the draw itself.
#[test]
fn an_exponential_of_the_wrong_mean_is_seen() {
    let set = ["network.latency.mean=4080ms".to_string()];
    let planted = Conditions {
        set: &set,
        ..plain()
    };
    let two_nodes = "clocks: two nodes, push, exponential latency";
    check(two_nodes, &planted, &["rounds_to_all"]);
    let planted = Conditions {
        generator: Generator {
            exponential: |stream| 1.02 * stream.exponential(),
            ..Generator::OURS
        },
        ..plain()
    };
    check("draws: exponential, mean", &planted, &["a draw"]);
}

/// The high word of a 32-bit draw times the bound: some numbers twice as often.
fn from_32_bits(stream: &mut Stream, bound: u32) -> u32 {
    let bits = stream.bits() >> 32;
    ((bits * u64::from(bound)) >> 32) as u32
}

#[test]
fn whole_numbers_from_32_bits_are_seen() {
    let planted = Conditions {
        generator: Generator {
            below: from_32_bits,
            ..Generator::OURS
        },
        ..plain()
    };
    let row = ["a draw, whole law (chi-square)"];
    check(
        "draws: whole numbers below 3 2^30, by threes",
        &planted,
        &row,
    );
}

/// Push, but who hears the rumor passes it on within the same round.
struct Relay;

#[derive(Serialize, Deserialize)]
struct Params {
    fanout: u32,
}

impl Protocol for Relay {
    type Params = Params;
    type Node = bool;
    type Message = ();
    type Shared = ();

    fn new(_: Params, _: &World) -> Result<Relay, Invalid> {
        Ok(Relay)
    }

    fn node(&self) -> bool {
        false
    }

    fn write(&self, me: &mut bool, cx: &mut impl Context<Self>) {
        *me = true;
        cx.learned(RUMOR);
    }

    fn tick(&self, me: &mut bool, cx: &mut impl Context<Self>) {
        if *me && cx.draw(Fanout::Peers(1)) == 1 {
            cx.send(cx.peer(0), ());
        }
    }

    fn answer(&self, me: &bool, _: NodeId, (): &mut (), cx: &mut impl Context<Self>) {
        cx.received(RUMOR, !*me);
        // One hop in ten: enough to be seen, and the round ends.
        if !*me && cx.random().below(10) == 0 && cx.draw(Fanout::Peers(1)) == 1 {
            cx.send(cx.peer(0), ());
        }
    }

    fn merge(&self, me: &mut bool, _: NodeId, (): (), cx: &mut impl Context<Self>) {
        if !*me {
            self.write(me, cx);
        }
    }

    fn size(&self, (): &()) -> Size {
        Size::updates(1)
    }
}

#[test]
fn a_relay_within_the_round_is_seen() {
    let relay = Entry::of::<Relay>("push", "passes the rumor on at once");
    let protocols = [&[relay], PROTOCOLS].concat();
    let planted = Conditions {
        protocols: &protocols,
        ..plain()
    };
    let rows = ["rounds_to_50", "rounds_to_all", "mean_arrival_rounds"];
    check("rounds: push, n = 32, m = 1", &planted, &rows);
}

/// Other dice give other rows; the same seed gives the same, whatever the threads.
#[test]
fn a_seed_is_a_validation() {
    let only = "reliability: infect-and-die, n = 30";
    let with = |seed, jobs| rows(only, &Conditions::plain(seed, jobs, PROTOCOLS));
    assert_eq!(with(1, 1), with(1, 3));
    assert_ne!(with(1, 1), with(2, 1));
}

#[test]
fn a_missing_value_fails() {
    let set = ["stop.rounds=5".to_string()];
    let planted = Conditions {
        set: &set,
        ..plain()
    };
    let rows = rows("rounds: push, n = 32, m = 1", &planted);
    let all = rows
        .iter()
        .find(|row| row.what == "rounds_to_all")
        .expect("a row");
    assert!(all.missing > 0 && all.verdict == Verdict::Fail);
    assert!(Tally::of(&rows).failed > 0);
    let lines = validation::csv(&rows).lines().count();
    assert_eq!(lines, rows.len() + 1);
    assert!(validation::markdown(&rows, "gossim validate").contains("| FAIL |"));
}

/// Names are what `--only` finds and what seeds are made from.
#[test]
fn names_are_distinct() {
    let mut names: Vec<String> = validation::experiments("")
        .into_iter()
        .map(|e| e.name)
        .collect();
    names.sort();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}
