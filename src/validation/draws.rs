//! The draws that everything rests on, without a simulation.

use super::experiment::{Claim, Experiment, Law, Trial, Value};
use super::generator::Generator;
use crate::random::{Distinct, Seeds, Stream, StreamName};
use crate::stats::normal;

const SOURCE: &str = "the law itself";

/// A bound of the upper half of 32 bits: whoever makes such a number from 32
/// random bits draws each third one twice as often.
const LARGE: u32 = 3 << 30;

pub fn experiments() -> Vec<Experiment> {
    let uniform = |values: u32| {
        let p = 1.0 / f64::from(values);
        move || Law::Discrete((0..values).map(|v| (f64::from(v), p)).collect())
    };
    vec![
        draws("draws: whole numbers below 10", uniform(10), |g, stream| {
            f64::from((g.below)(stream, 10))
        }),
        draws(
            "draws: whole numbers below 3 2^30, by threes",
            uniform(3),
            |g, stream| f64::from((g.below)(stream, LARGE) % 3),
        ),
        draws(
            "draws: whole numbers below 3 2^30, by size",
            uniform(16),
            |g, stream| f64::from((g.below)(stream, LARGE) / (LARGE / 16)),
        ),
        draws(
            "draws: which three of five, distinct",
            uniform(10),
            |_, stream| f64::from(which_three(stream)),
        ),
        draws(
            "draws: exponential, mean",
            || Law::Mean {
                exact: 1.0,
                sd: Some(1.0),
            },
            |g, stream| (g.exponential)(stream),
        ),
        draws(
            "draws: exponential, whole law",
            || Law::Continuous(Box::new(|x| 1.0 - libm::exp(-x))),
            |g, stream| (g.exponential)(stream),
        ),
        draws(
            "draws: normal, whole law",
            || Law::Continuous(Box::new(normal::cdf)),
            |_, stream| stream.normal(),
        ),
    ]
}

fn draws(
    name: &str,
    law: impl Fn() -> Law + 'static,
    draw: impl Fn(&Generator, &mut Stream) -> f64 + Send + Sync + 'static,
) -> Experiment {
    let all = move |generator: &Generator, seed: u64, count: u64| {
        let seeds = Seeds {
            master: seed,
            replicate: 0,
            cell: String::new(),
        };
        let mut stream = seeds.stream(StreamName::Protocol);
        (0..count).map(|_| draw(generator, &mut stream)).collect()
    };
    Experiment {
        name: name.to_string(),
        source: SOURCE,
        trial: Trial::Draws(Box::new(all)),
        count: 200_000,
        claims: Box::new(move || {
            vec![Claim {
                what: "a draw".into(),
                published: "",
                value: Value::Draw,
                law: law(),
            }]
        }),
    }
}

/// The number of the set drawn, from 0 to 9: the two left out, in order.
fn which_three(stream: &mut Stream) -> u32 {
    let mut drawn = Vec::new();
    Distinct::default().draw(stream, 3, 5, &mut drawn);
    let mut left = (0..5).filter(|value| !drawn.contains(value));
    let (low, high) = (left.next().unwrap_or(0), left.next().unwrap_or(0));
    // Pairs in the order (0,1), (0,2), (1,2), (0,3), ...
    high * high.saturating_sub(1) / 2 + low
}
