//! **Approximate**: the logistic curve of textbooks, x' = c x (1-x), for the
//! informed share x of the nodes over time: the SI epidemic in a large, well
//! mixed population, in continuous time and without chance.
//!
//! c = m (1-q) for push, m (1-q)^2 for pull, their sum for push-pull: what
//! [`super::spread_poisson`] has as a rate, and exactly. Source: any textbook of
//! epidemics (N. Bailey, The Mathematical Theory of Infectious Diseases, 1975,
//! chapter 5). Assumes many nodes and many of them informed: of a single source
//! it knows neither the luck of the first calls nor that of the last nodes, and a
//! share of 1 is never reached. Example: push under Poisson clocks, n = 1000, one
//! source: 6.9 periods to half (exact mean 7.5), 14.5 to all but half a node
//! (exact mean to all 14.95). Synchronous rounds are another matter: there push
//! doubles in a round where this curve grows e-fold. Unit: periods, and shares
//! of the nodes. Range: loss < 1.

use super::spread::Spread;

/// The rate c per period.
pub fn logistic_rate(spread: &Spread) -> f64 {
    spread.check();
    let arrives = 1.0 - spread.calls.loss;
    let push = if spread.pushes() { arrives } else { 0.0 };
    let pull = if spread.pulls() {
        arrives * arrives
    } else {
        0.0
    };
    spread.calls.fanout as f64 * (push + pull)
}

/// The informed share at `time`, from a share `first` at time 0.
pub fn logistic_share(rate: f64, first: f64, time: f64) -> f64 {
    first / (first + (1.0 - first) * libm::exp(-rate * time))
}

/// The time at which the curve is at `share`, at least `first`; infinite for a
/// share of 1 unless it begins there.
pub fn logistic_time_to(rate: f64, first: f64, share: f64) -> f64 {
    if share <= first {
        return 0.0;
    }
    let odds = |x: f64| x / (1.0 - x);
    libm::log(odds(share) / odds(first)) / rate
}

#[cfg(test)]
mod tests {
    use super::super::spread::Exchange::{Pull, Push, PushPull};
    use super::super::spread_poisson::BirthProcess;
    use super::super::{Calls, Exchange, Targets, is_close};
    use super::*;

    fn spread(exchange: Exchange, sources: u64) -> Spread {
        let calls = Calls {
            nodes: 1000,
            fanout: 1,
            pool: 999,
            targets: Targets::Distinct,
            loss: 0.2,
        };
        Spread {
            exchange,
            calls,
            sources,
        }
    }

    #[test]
    fn by_hand() {
        // From 1 to 1 odds of ln 3 / c later it is 3 to 1.
        let time = libm::log(3.0) / 2.0;
        assert!(is_close(logistic_share(2.0, 0.5, time), 0.75, 1e-15));
        assert!(is_close(logistic_time_to(2.0, 0.5, 0.75), time, 1e-15));
        assert_eq!(logistic_share(1.0, 0.25, 0.0), 0.25);
        assert_eq!(logistic_time_to(1.0, 0.25, 1.0), f64::INFINITY);
        assert_eq!(logistic_time_to(1.0, 1.0, 1.0), 0.0);
        for (exchange, rate) in [(Push, 0.8), (Pull, 0.64), (PushPull, 1.44)] {
            assert!(is_close(logistic_rate(&spread(exchange, 1)), rate, 1e-15));
        }
    }

    #[test]
    fn it_is_near_the_exact_law_where_many_know_and_off_where_few_do() {
        let off = |sources: u64| {
            let spread = spread(Push, sources);
            let exact = BirthProcess::new(&spread).rounds_to(500).mean;
            let first = sources as f64 / 1000.0;
            logistic_time_to(logistic_rate(&spread), first, 0.5) / exact - 1.0
        };
        assert!(
            off(100).abs() < 0.01 && off(1) < -0.05,
            "{} {}",
            off(100),
            off(1)
        );
    }
}
