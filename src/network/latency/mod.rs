//! How long a message travels: a file per law.
//!
//! Invariant: a latency depends on its law and the stream alone, not on who
//! sends to whom, when or what.

mod constant;
mod exponential;
mod lognormal;
mod uniform;

pub use constant::Constant;
pub use exponential::Exponential;
pub use lognormal::LogNormal;
pub use uniform::Uniform;

use crate::kind::{self, Kind};
use crate::random::Stream;
use crate::time::Duration;

/// `[network] latency`: independent for each message, in whole nanoseconds.
#[derive(Clone, PartialEq, Debug)]
pub enum Latency {
    /// Always the same.
    Constant(Constant),
    /// Between two bounds.
    Uniform(Uniform),
    /// Exponential.
    Exponential(Exponential),
    /// Lognormal.
    LogNormal(LogNormal),
}

impl Default for Latency {
    /// Constant 0.
    fn default() -> Latency {
        Latency::Constant(Constant {
            value: Duration::ZERO,
        })
    }
}

/// The latencies by name.
pub const KINDS: &[Kind<Latency>] = &[
    Kind {
        name: "constant",
        about: "`value` for every message (default: 0s)",
        read: |table| kind::read(table).map(Latency::Constant),
    },
    Kind {
        name: "uniform",
        about: "uniform between `low` and `high`",
        read: |table| {
            let law: Uniform = kind::read(table)?;
            law.check()?;
            Ok(Latency::Uniform(law))
        },
    },
    Kind {
        name: "exponential",
        about: "exponential with `mean`",
        read: |table| kind::read(table).map(Latency::Exponential),
    },
    Kind {
        name: "lognormal",
        about: "lognormal with `median` and `sigma`, the deviation of its logarithm",
        read: |table| {
            let law: LogNormal = kind::read(table)?;
            law.check()?;
            Ok(Latency::LogNormal(law))
        },
    },
];

impl Latency {
    /// Its `kind` in scenarios.
    pub fn name(&self) -> &'static str {
        match self {
            Latency::Constant(_) => "constant",
            Latency::Uniform(_) => "uniform",
            Latency::Exponential(_) => "exponential",
            Latency::LogNormal(_) => "lognormal",
        }
    }

    /// Draws one.
    #[inline(always)]
    pub fn draw(&self, stream: &mut Stream) -> Duration {
        match self {
            Latency::Constant(law) => law.value,
            Latency::Uniform(law) => law.draw(stream),
            Latency::Exponential(law) => law.draw(stream),
            Latency::LogNormal(law) => law.draw(stream),
        }
    }

    /// The probability that a message travels longer than `length`.
    pub fn exceeds(&self, length: Duration) -> f64 {
        match self {
            Latency::Constant(law) => f64::from(law.value > length),
            Latency::Uniform(law) => law.exceeds(length),
            Latency::Exponential(law) => law.exceeds(length),
            Latency::LogNormal(law) => law.exceeds(length),
        }
    }

    /// The same for every message?
    pub fn is_constant(&self) -> bool {
        match self {
            Latency::Constant(_) => true,
            Latency::Uniform(law) => law.low == law.high,
            Latency::Exponential(law) => law.mean == Duration::ZERO,
            Latency::LogNormal(law) => law.sigma == 0.0 || law.median == Duration::ZERO,
        }
    }

    /// No time at all, for every message?
    pub fn is_zero(&self) -> bool {
        self.exceeds(Duration::ZERO) == 0.0
    }
}

/// The nearest whole nanosecond; beyond the range of time, its end.
#[inline]
fn whole_nanoseconds(length: f64) -> Duration {
    Duration((length + 0.5) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Seeds, StreamName};
    use crate::stats;

    /// 200,000 draws of each law against its exact distribution, by
    /// Kolmogorov-Smirnov with a fixed seed: p > 1e-4 is missed once in ten
    /// thousand seeds, and a scale that is 2 % off gives p < 1e-8. A sample
    /// against the wrong law must fail, so that the test can.
    #[test]
    fn each_law_has_its_distribution() {
        let millis = Duration::millis;
        let laws = [
            Latency::Uniform(Uniform {
                low: millis(10),
                high: millis(30),
            }),
            Latency::Exponential(Exponential { mean: millis(50) }),
            Latency::LogNormal(LogNormal {
                median: millis(40),
                sigma: 0.5,
            }),
        ];
        let seeds = Seeds {
            master: 21,
            replicate: 0,
            cell: String::new(),
        };
        for law in &laws {
            let mut stream = seeds.stream(StreamName::Network);
            let mut draws: Vec<f64> = (0..200_000)
                .map(|_| law.draw(&mut stream).0 as f64)
                .collect();
            draws.sort_by(f64::total_cmp);
            let p = |scale: f64| {
                let cdf = |x: f64| 1.0 - law.exceeds(Duration((x * scale) as u64));
                stats::kolmogorov_smirnov::ks_p_value(
                    stats::kolmogorov_smirnov::ks_statistic(&draws, cdf),
                    draws.len() as u64,
                )
            };
            assert!(p(1.0) > 1e-4, "{}: p = {}", law.name(), p(1.0));
            assert!(p(1.02) < 1e-8, "{}: p = {}", law.name(), p(1.02));
        }
    }

    #[test]
    fn a_constant_is_constant() {
        let seeds = Seeds {
            master: 1,
            replicate: 0,
            cell: String::new(),
        };
        let value = Duration::millis(5);
        let law = Latency::Constant(Constant { value });
        let mut stream = seeds.stream(StreamName::Network);
        assert!((0..100).all(|_| law.draw(&mut stream) == value));
        assert_eq!(law.exceeds(Duration(4_999_999)), 1.0);
        assert_eq!(law.exceeds(value), 0.0);
        assert!(law.is_constant() && !law.is_zero() && Latency::default().is_zero());
    }
}
