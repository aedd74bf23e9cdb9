//! Spreading under Poisson clocks against sums of exponential times, and
//! through a network with latency where that has a law.

use super::experiment::{Claim, Experiment, Law, Trial, Value};
use crate::theory::spread_poisson::BirthProcess;
use crate::theory::{Calls, Exchange, Spread};

const POISSON: &str = "Pure birth process: push waits (n-1)/(k(n-k)) from k to k+1 informed";
const LATENCY: &str =
    "First arrival of a Poisson process through latencies: P(T > t) = exp(-t + L(1 - e^(-t/L)))";

pub fn experiments() -> Vec<Experiment> {
    use Exchange::{Pull, Push, PushPull};
    vec![
        births(Push, 1000, 0.0, 2000),
        births(PushPull, 1000, 0.0, 2000),
        births(Pull, 1000, 0.0, 2000),
        births(Push, 20, 0.0, 20_000),
        births(Push, 20, 0.3, 20_000),
        births(Pull, 20, 0.3, 20_000),
        births(PushPull, 20, 0.3, 20_000),
        first_arrival(),
    ]
}

fn births(exchange: Exchange, nodes: u64, loss: f64, count: u64) -> Experiment {
    let protocol = match exchange {
        Exchange::Push => "push",
        Exchange::Pull => "pull",
        Exchange::PushPull => "push-pull",
    };
    let lossy = match loss > 0.0 {
        true => format!(", loss {loss}"),
        false => String::new(),
    };
    let spread = Spread {
        exchange,
        calls: Calls::to_others(nodes, 1, loss),
        sources: 1,
    };
    Experiment {
        name: format!("clocks: {protocol}, n = {nodes}, m = 1{lossy}, poisson"),
        source: POISSON,
        trial: Trial::Runs(format!(
            "nodes.count = {nodes}\nprotocol.kind = \"{protocol}\"\nclock.mode = \"poisson\"\n\
             network.loss = {loss:?}\nstop.all_informed = true\nmeasure.contact = false\n\
             measure.series = false\n"
        )),
        count,
        claims: Box::new(move || claims(&spread)),
    }
}

fn claims(spread: &Spread) -> Vec<Claim> {
    let births = BirthProcess::new(spread);
    let nodes = spread.calls.nodes;
    let half = births.rounds_to(nodes.div_ceil(2));
    let all = births.rounds_to(nodes);
    let times = births.times_to(nodes, all.mean + 40.0 * all.sd());
    let mut claims = vec![
        Claim::mean("rounds_to_50", half.mean, Some(half.sd())),
        Claim::mean("rounds_to_all", all.mean, Some(all.sd())),
        Claim {
            what: "rounds_to_all".into(),
            published: "",
            value: Value::Column("rounds_to_all"),
            law: Law::Continuous(Box::new(move |time| times.within(time))),
        },
    ];
    if let Some(arrival) = births.mean_arrival() {
        let sd = Some(arrival.sd());
        claims.push(Claim::mean("mean_arrival_rounds", arrival.mean, sd));
    }
    if spread.exchange != Exchange::Pull {
        let calls = births.calls_by_informed();
        claims.push(Claim::mean(
            "calls_by_informed",
            calls.mean,
            Some(calls.sd()),
        ));
    }
    claims
}

/// Two nodes, Poisson clocks of mean 1 s, exponential latency of mean L = 4 s:
/// messages sent at s arrive by t with probability 1 - e^(-(t-s)/L), so arrivals
/// are a Poisson process, and the first comes after t with probability
/// exp(-t + L (1 - e^(-t/L))).
fn first_arrival() -> Experiment {
    const LATENCY_MEAN: f64 = 4.0;
    let beyond = |time: f64| {
        let left = -libm::expm1(-time / LATENCY_MEAN);
        libm::exp(LATENCY_MEAN * left - time)
    };
    Experiment {
        name: "clocks: two nodes, push, exponential latency, poisson".into(),
        source: LATENCY,
        trial: Trial::Runs(
            "nodes.count = 2\nprotocol.kind = \"push\"\nclock.mode = \"poisson\"\n\
             network.latency = { kind = \"exponential\", mean = \"4s\" }\n\
             stop.all_informed = true\nmeasure.contact = false\nmeasure.series = false\n"
                .into(),
        ),
        count: 100_000,
        claims: Box::new(move || {
            vec![
                Claim::mean("rounds_to_all", integral(beyond), None),
                Claim {
                    what: "rounds_to_all".into(),
                    published: "",
                    value: Value::Column("rounds_to_all"),
                    law: Law::Continuous(Box::new(move |time| 1.0 - beyond(time))),
                },
            ]
        }),
    }
}

/// From 0 to 60, beyond which nothing is left, by Simpson's rule.
fn integral(of: impl Fn(f64) -> f64) -> f64 {
    const STEPS: u32 = 6000;
    let step = 60.0 / f64::from(STEPS);
    let weight = |i: u32| match i {
        0 | STEPS => 1.0,
        odd if odd % 2 == 1 => 4.0,
        _ => 2.0,
    };
    let terms = (0..=STEPS).map(|i| weight(i) * of(f64::from(i) * step));
    terms.sum::<f64>() * step / 3.0
}
