//! Contact under Poisson clocks: the probability that a node is called within
//! a window of one period, and how much the count of those called varies.
//!
//! Each node begins cycles ([`Calls`]) by a Poisson process of rate one per
//! period. Assumes: a complete graph, no faults, independent losses, and that
//! calls have been under way for longer than any latency (stationarity).
//!
//! Why it is exact. Let all messages of a cycle arrive together (constant
//! latency). The cycles of one caller that arrive within a window are then
//! Poisson with mean 1, and those among them that reach some set of nodes are
//! Poisson with mean the probability r that one cycle does (thinning): none
//! with probability e^-r. Callers are independent, so exponents add: one node
//! u is missed by n-1 callers, two nodes u and v by n-2 others (each reaches
//! neither with probability H per cycle), by u itself (which may reach v, its
//! call of itself does not count) and by v.
//!
//! How far latency is free. One node, distinct targets: any law of latency,
//! since a cycle sends a node at most one message, and a Poisson process whose
//! points are moved independently is Poisson of the same rate. Hence also two
//! nodes at one call a cycle: the streams to u and to v are independent. With
//! replacement at m > 1, and for the variance at m > 1, latency must be
//! constant; otherwise one cycle's messages may fall into different windows.
//!
//! Source: elementary; derived here, held against an enumeration of one
//! caller's draws and losses and against a simulation.

use super::calls::{Calls, Targets, one_minus_exp, variance_of_uncontacted};

/// P, the probability that a given node is contacted in a window of one
/// period. Distinct targets: 1-e^(-(n-1)m(1-q)/b), for draws among the others
/// 1-e^(-m(1-q)) at every n and for every latency law. With replacement:
/// 1-exp(-(n-1)(1-(1-(1-q)/b)^m)), for constant latency (any at m = 1).
pub fn contact_probability(calls: &Calls) -> f64 {
    one_minus_exp(log_uncontacted(calls))
}

/// 1 - P, with all its digits where P is next to 1.
pub fn uncontacted_probability(calls: &Calls) -> f64 {
    libm::exp(log_uncontacted(calls))
}

/// Variance of the number of nodes that are not contacted in a window of one
/// period, in nodes squared; for constant latency (any at m = 1). At least the
/// binomial variance, which it is at m = 1: a caller's cycles are more or
/// fewer, for all nodes together.
pub fn uncontacted_variance(calls: &Calls) -> f64 {
    variance_of_uncontacted(calls.nodes, log_uncontacted(calls), log_pair_ratio(calls))
}

/// Standard deviation of the contact probability that one run of `windows`
/// whole windows (1 or more) measures, the mean of 1 - U/n; for constant
/// latency (any at m = 1), which makes windows independent.
pub fn contact_sd_of_run(calls: &Calls, windows: u64) -> f64 {
    assert!(windows >= 1, "a run of at least one window");
    (uncontacted_variance(calls) / windows as f64).sqrt() / calls.nodes as f64
}

/// ln P0 = -(n-1) r.
fn log_uncontacted(calls: &Calls) -> f64 {
    calls.check();
    if calls.nodes == 1 {
        return 0.0;
    }
    match calls.targets {
        // In this order the others' exponent is m(1-q) to the last bit.
        Targets::Distinct => {
            let share = (calls.nodes - 1) as f64 / calls.pool as f64;
            -(calls.fanout as f64) * (1.0 - calls.loss) * share
        }
        Targets::WithReplacement => (calls.nodes - 1) as f64 * libm::expm1(calls.log_miss()),
    }
}

/// ln(P_uv / P0^2), at least 0. With P_uv = exp(-(n-2)(1-H) - 2r) and P0 =
/// exp(-(n-1)r) it is (n-2)(2r - (1-H)): n-2 times the probability that one
/// cycle reaches both u and v.
fn log_pair_ratio(calls: &Calls) -> f64 {
    if calls.nodes <= 2 || calls.fanout <= 1 {
        return 0.0;
    }
    (calls.nodes - 2) as f64 * reach_of_both(calls)
}

/// Probability that one cycle reaches both of two given nodes, for m >= 2.
fn reach_of_both(calls: &Calls) -> f64 {
    let (m, b) = (calls.fanout as f64, calls.pool as f64);
    let arrive = 1.0 - calls.loss;
    match calls.targets {
        Targets::Distinct => arrive * arrive * m * (m - 1.0) / (b * (b - 1.0)),
        // r^2 - (miss^2 - H), H = (1-2s)^m, miss = (1-s)^m, s = (1-q)/b.
        Targets::WithReplacement => {
            let relative = arrive / (b - arrive);
            let log_pair = m * libm::log1p(-relative * relative);
            let reach = calls.reach();
            reach * reach + libm::exp(2.0 * calls.log_miss()) * libm::expm1(log_pair)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::contact;
    use super::super::enumeration::{Round, calls, small_cases};
    use super::super::is_close;
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};

    #[test]
    fn others_have_the_limit_law_at_every_size() {
        for nodes in [3, 10, 1_000, 10_000_000] {
            let calls = calls(nodes, 2, nodes - 1, Targets::Distinct, 0.0);
            assert_eq!(contact_probability(&calls), contact::contact_limit(2, 0.0));
            assert_eq!(format!("{:.6}", contact_probability(&calls)), "0.864665");
        }
    }

    #[test]
    fn agrees_with_an_enumeration_of_one_callers_cycle() {
        for calls in small_cases() {
            let n = calls.nodes as f64;
            // Exponents, caller by caller: none of its cycles reaches {0}, {0, 1}.
            let exponent = |nodes: usize| -> f64 {
                let rounds = (0..calls.nodes).map(|caller| Round::of_one_caller(&calls, caller));
                rounds.map(|round| 1.0 - round.misses(nodes)).sum()
            };
            let p0 = libm::exp(-exponent(0b01));
            let both = libm::exp(-exponent(0b11));
            assert!(is_close(uncontacted_probability(&calls), p0, 1e-12));
            let want = n * p0 * (1.0 - p0) + n * (n - 1.0) * (both - p0 * p0);
            let got = uncontacted_variance(&calls);
            assert!((got - want).abs() < 1e-11, "{calls:?} {got} {want}");
        }
    }

    #[test]
    fn digits_hold_where_the_plain_formula_loses_them() {
        use Targets::{Distinct, WithReplacement};
        // The formulas of the header with 80 digits, mpmath.
        for (calls, p0, variance) in [
            (
                calls(10_000, 8, 9_999, Distinct, 0.0),
                3.354_626_279_025_118_4e-4,
                3.416_697_427_832_583,
            ),
            (
                calls(10_000_000, 20, 9_999_999, Distinct, 0.0625),
                7.194_133_030_325_383e-9,
                0.071_941_502_644_035_31,
            ),
            (
                calls(10_000_000, 1, 10_000_000, Distinct, 0.0),
                0.367_879_477_959_388_3,
                2_325_441.676_557_162_3,
            ),
            (
                calls(10_000_000, 3, 10_000_000, WithReplacement, 0.5),
                0.223_130_210_352_719_56,
                2_480_237.352_015_686,
            ),
            (
                calls(1_000, 30, 1_000, WithReplacement, 0.5),
                3.459_872_072_493_744e-7,
                3.460_156_312_046_201e-4,
            ),
        ] {
            assert!(is_close(uncontacted_probability(&calls), p0, 1e-13));
            let got = uncontacted_variance(&calls);
            assert!(is_close(got, variance, 1e-11), "{calls:?} {got}");
        }
    }

    #[test]
    fn the_ends() {
        use Targets::{Distinct, WithReplacement};
        for (calls, p, variance) in [
            (calls(1, 1, 0, Distinct, 0.0), 0.0, 0.0),
            (calls(1, 1, 1, WithReplacement, 0.0), 0.0, 0.0),
            (calls(100, 0, 99, Distinct, 0.0), 0.0, 0.0),
            (calls(100, 0, 99, WithReplacement, 0.0), 0.0, 0.0),
            (calls(100, 9, 99, Distinct, 1.0), 0.0, 0.0),
            (calls(100, 9, 99, WithReplacement, 1.0), 0.0, 0.0),
            (
                calls(10_000_000, 9_999_999, 9_999_999, Distinct, 0.0),
                1.0,
                0.0,
            ),
        ] {
            assert_eq!(contact_probability(&calls), p, "{calls:?}");
            assert!(contact_probability(&calls).is_sign_positive(), "{calls:?}");
            assert_eq!(uncontacted_variance(&calls), variance, "{calls:?}");
        }
        // Two nodes that call each other surely, at Poisson instants.
        let two = calls(2, 1, 1, Distinct, 0.0);
        let p0 = libm::exp(-1.0);
        assert!(is_close(
            uncontacted_variance(&two),
            2.0 * p0 * (1.0 - p0),
            1e-15
        ));
    }

    /// Mean and variance of the number of uncontacted nodes over `windows`
    /// windows of a simulated timeline; latency is `mean`, constant or drawn
    /// for each message from the exponential law.
    fn simulate(calls: &Calls, windows: usize, mean: f64, is_constant: bool) -> (f64, f64) {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let mut uniform = move || (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
        let warm_up = 20;
        let mut contacted = vec![0u32; warm_up + windows];
        for caller in 0..calls.nodes {
            let mut time = 0.0;
            while time < (warm_up + windows) as f64 {
                time -= libm::log1p(-uniform());
                let mut drawn = 0u32;
                for _ in 0..calls.fanout {
                    let target = loop {
                        let skipped = u64::from(calls.pool < calls.nodes);
                        let offset = (uniform() * calls.pool as f64) as u64 + skipped;
                        let target = (caller + offset) % calls.nodes;
                        let is_again = drawn >> target & 1 == 1;
                        if calls.targets == Targets::WithReplacement || !is_again {
                            break target;
                        }
                    };
                    drawn |= 1 << target;
                    let factor = if is_constant {
                        1.0
                    } else {
                        -libm::log1p(-uniform())
                    };
                    let window = (time + mean * factor) as usize;
                    let is_lost = uniform() < calls.loss;
                    if target != caller && !is_lost && window < contacted.len() {
                        contacted[window] |= 1 << target;
                    }
                }
            }
        }
        let n = calls.nodes as f64;
        let counts = contacted[warm_up..]
            .iter()
            .map(|set| n - f64::from(set.count_ones()));
        let (sum, squares) = counts.fold((0.0, 0.0), |(s, t), u| (s + u, t + u * u));
        let average = sum / windows as f64;
        (average, squares / windows as f64 - average * average)
    }

    #[test]
    fn agrees_with_a_simulation() {
        use Targets::{Distinct, WithReplacement};
        let windows = 100_000;
        for (calls, is_constant) in [
            (calls(6, 3, 5, Distinct, 0.1), true),
            (calls(6, 2, 6, Distinct, 0.0), true),
            (calls(6, 3, 5, WithReplacement, 0.1), true),
            (calls(6, 4, 6, WithReplacement, 0.3), true),
            (calls(6, 1, 5, Distinct, 0.2), false),
            (calls(6, 1, 6, WithReplacement, 0.2), false),
        ] {
            let (mean, variance) = simulate(&calls, windows, 0.4, is_constant);
            let want = uncontacted_variance(&calls);
            let error = (want / windows as f64).sqrt();
            let expected = 6.0 * uncontacted_probability(&calls);
            assert!(
                (mean - expected).abs() < 4.0 * error,
                "{calls:?} {mean} {expected}"
            );
            // Within 3 %, some four standard errors; the binomial is 9 to 80 % off.
            assert!(
                is_close(variance, want, 0.03),
                "{calls:?} {variance} {want}"
            );
        }
    }

    #[test]
    fn latency_is_free_for_one_node_and_distinct_targets_only() {
        let windows = 100_000;
        let distinct = calls(6, 3, 5, Targets::Distinct, 0.1);
        let (mean, _) = simulate(&distinct, windows, 2.0, false);
        let expected = 6.0 * uncontacted_probability(&distinct);
        assert!(is_close(mean, expected, 0.02), "{mean} {expected}");
        let repeated = Calls {
            targets: Targets::WithReplacement,
            ..distinct
        };
        let (mean, _) = simulate(&repeated, windows, 2.0, false);
        let expected = 6.0 * uncontacted_probability(&repeated);
        assert!(mean < 0.95 * expected, "{mean} {expected}");
    }
}
