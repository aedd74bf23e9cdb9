//! Contact in a synchronous round: the probability that a node is called, and
//! how much the count of those called varies.
//!
//! A node is contacted in a round if at least one call of another node arrives
//! at it. Assumes: a complete graph, no faults, every node makes its calls
//! ([`Calls`]) exactly once in the round, losses are independent. So it holds
//! for synchronous rounds, and for random-phase periodic clocks in windows of
//! one period if latency is constant and the first windows are left out: each
//! node's calls then arrive together, once in each window.
//!
//! Source: elementary; derived here and held against a full enumeration of all
//! draws and losses for 2 to 5 nodes.

use super::calls::{Calls, Targets, one_minus_exp, variance_of_uncontacted};

/// P, the probability that a given node is contacted in a round:
/// 1-(1-m(1-q)/b)^(n-1), with replacement 1-(1-(1-q)/b)^(m(n-1)).
pub fn contact_probability(calls: &Calls) -> f64 {
    one_minus_exp(log_uncontacted(calls))
}

/// 1 - P, with all its digits where P is next to 1.
pub fn uncontacted_probability(calls: &Calls) -> f64 {
    libm::exp(log_uncontacted(calls))
}

/// 1-e^(-m(1-q)): the limit of P for many nodes, for every kind of targets.
pub fn contact_limit(fanout: u64, loss: f64) -> f64 {
    one_minus_exp(-(fanout as f64) * (1.0 - loss))
}

/// Variance of the number of nodes that are not contacted in a round, in
/// nodes squared. Nodes share the callers, so that one contacted leaves less for
/// the others: never above the binomial variance n P (1-P), and 42 % of it at
/// m = 1 and many nodes.
pub fn uncontacted_variance(calls: &Calls) -> f64 {
    let log_p0 = log_uncontacted(calls);
    if log_p0 == f64::NEG_INFINITY {
        return 0.0;
    }
    variance_of_uncontacted(calls.nodes, log_p0, log_pair_ratio(calls))
}

/// Standard deviation of the contact probability that one run of `rounds`
/// rounds (1 or more) measures, the mean of 1 - U/n: rounds are independent.
pub fn contact_sd_of_run(calls: &Calls, rounds: u64) -> f64 {
    assert!(rounds >= 1, "a run of at least one round");
    (uncontacted_variance(calls) / rounds as f64).sqrt() / calls.nodes as f64
}

/// ln P0: all n - 1 others miss the node.
fn log_uncontacted(calls: &Calls) -> f64 {
    calls.check();
    if calls.nodes == 1 {
        return 0.0;
    }
    (calls.nodes - 1) as f64 * calls.log_miss()
}

/// ln(P_uv / P0^2) for two given nodes u and v, at most 0.
///
/// u and v must miss each other, as in P0^2; each of the n - 2 others misses
/// both with probability H and contributes ln(H / miss^2). Distinct targets:
/// by inclusion and exclusion H = 1 - 2m(1-q)/b + (1-q)^2 m(m-1)/(b(b-1))
/// (which is h_0 + q h_1 + q^2 h_2, h_j the hypergeometric probability of j of
/// the two), so H - miss^2 = -(1-q)^2 m(b-m) / (b^2 (b-1)) with no binomial
/// coefficient and no difference left to form. With replacement H =
/// (1-2s)^m, miss = (1-s)^m, s = (1-q)/b, and 1-2s = (1-s)^2 - s^2.
fn log_pair_ratio(calls: &Calls) -> f64 {
    if calls.nodes <= 2 || calls.fanout == 0 {
        return 0.0;
    }
    let (m, b, q) = (calls.fanout as f64, calls.pool as f64, calls.loss);
    let arrive = 1.0 - q;
    let per_caller = match calls.targets {
        Targets::Distinct => {
            let spared = (calls.pool - calls.fanout) as f64;
            let miss = spared + m * q;
            let relative = arrive * arrive * m * spared / ((b - 1.0) * miss * miss);
            libm::log1p(-relative.min(1.0))
        }
        Targets::WithReplacement => {
            let relative = arrive / (b - arrive);
            m * libm::log1p(-relative * relative)
        }
    };
    (calls.nodes - 2) as f64 * per_caller
}

#[cfg(test)]
mod tests {
    use super::super::enumeration::{Round, calls, small_cases};
    use super::super::is_close;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ten_nodes_two_calls_in_the_four_samplings() {
        use Targets::{Distinct, WithReplacement};
        for (pool, targets, want) in [
            (9, Distinct, "0.89584"),
            (9, WithReplacement, "0.87998"),
            (10, Distinct, "0.86578"),
            (10, WithReplacement, "0.84991"),
        ] {
            let p = contact_probability(&calls(10, 2, pool, targets, 0.0));
            assert_eq!(format!("{p:.5}"), want);
        }
    }

    #[test]
    fn a_thousand_nodes_to_the_printed_digits() {
        for (m, loss, exact, limit) in [
            (1, 0.0, "0.632305", "0.632121"),
            (2, 0.0, "0.864936", "0.864665"),
            (3, 0.0, "0.950437", "0.950213"),
            (3, 0.1, "0.933040", "0.932794"),
        ] {
            let p = contact_probability(&calls(1000, m, 999, Targets::Distinct, loss));
            assert_eq!(format!("{p:.6}"), exact);
            assert_eq!(format!("{:.6}", contact_limit(m, loss)), limit);
        }
        let one = calls(1000, 1, 999, Targets::Distinct, 0.0);
        let mean = 1000.0 * uncontacted_probability(&one);
        assert_eq!(format!("{mean:.3}"), "367.695");
        let sd = uncontacted_variance(&one).sqrt();
        assert_eq!(format!("{sd:.4}"), "9.8604");
        let of_run = contact_sd_of_run(&one, 100);
        assert!(is_close(of_run, sd / 10.0 / 1000.0, 1e-14));
    }

    #[test]
    fn agrees_with_an_enumeration_of_all_draws_and_losses() {
        for calls in small_cases() {
            let round = Round::of_all_callers(&calls);
            let (mean, variance) = round.uncontacted_mean_and_variance();
            let n = calls.nodes as f64;
            assert!((n * uncontacted_probability(&calls) - mean).abs() < 1e-12);
            assert!((n * contact_probability(&calls) - (n - mean)).abs() < 1e-12);
            let got = uncontacted_variance(&calls);
            assert!((got - variance).abs() < 1e-12, "{calls:?} {got} {variance}");
        }
    }

    #[test]
    fn digits_hold_where_the_plain_formula_loses_them() {
        use Targets::{Distinct, WithReplacement};
        // DESIGN's formulas with 80 digits, mpmath.
        for (calls, p0, variance) in [
            (
                calls(10_000, 8, 9_999, Distinct, 0.0),
                3.343_901_850_655_458_7e-4,
                3.333_834_759_219_629,
            ),
            (
                calls(10_000_000, 20, 9_999_999, Distinct, 0.0625),
                7.194_006_571_896_445e-9,
                0.071_940_056_104_083_77,
            ),
            (
                calls(10_000_000, 1, 10_000_000, Distinct, 0.0),
                0.367_879_459_565_415_45,
                972_088.863_254_254_6,
            ),
            (
                calls(1_000, 1, 999, Distinct, 0.999),
                0.999_000_499_333_374_4,
                0.997_504_660_050_831_3,
            ),
            (
                calls(10_000_000, 3, 10_000_000, WithReplacement, 0.5),
                0.223_130_185_250_574_82,
                1_360_028.048_714_752_4,
            ),
            (
                calls(1_000, 30, 1_000, WithReplacement, 0.5),
                3.093_639_259_359_956e-7,
                3.093_631_165_473_164e-4,
            ),
        ] {
            assert!(is_close(uncontacted_probability(&calls), p0, 1e-13));
            let got = uncontacted_variance(&calls);
            assert!(is_close(got, variance, 1e-12), "{calls:?} {got}");
        }
    }

    #[test]
    fn the_ends() {
        use Targets::{Distinct, WithReplacement};
        for (calls, p, variance) in [
            (calls(1, 1, 0, Distinct, 0.0), 0.0, 0.0),
            (calls(1, 1, 1, WithReplacement, 0.0), 0.0, 0.0),
            (calls(2, 1, 1, Distinct, 0.0), 1.0, 0.0),
            (calls(2, 1, 1, Distinct, 0.25), 0.75, 0.375),
            (calls(2, 3, 1, WithReplacement, 0.0), 1.0, 0.0),
            (calls(2, 1, 2, Distinct, 0.0), 0.5, 0.5),
            (calls(1_000, 999, 999, Distinct, 0.0), 1.0, 0.0),
            (calls(1_000, 998, 999, Distinct, 0.0), 1.0, 0.0),
            (calls(1_000, 0, 999, Distinct, 0.0), 0.0, 0.0),
            (calls(1_000, 0, 999, WithReplacement, 0.0), 0.0, 0.0),
            (calls(1_000, 5, 999, Distinct, 1.0), 0.0, 0.0),
            (calls(1_000, 5, 1_000, WithReplacement, 1.0), 0.0, 0.0),
        ] {
            assert_eq!(contact_probability(&calls), p, "{calls:?}");
            assert!(contact_probability(&calls).is_sign_positive(), "{calls:?}");
            assert_eq!(uncontacted_variance(&calls), variance, "{calls:?}");
        }
    }

    fn any_calls() -> impl Strategy<Value = Calls> {
        let nodes = prop_oneof![2u64..30, 30u64..10_000_000];
        (nodes, any::<bool>(), any::<bool>(), 0.0..=1.0, 0.0..1.0).prop_map(
            |(nodes, others, distinct, share, loss)| {
                let pool = nodes - u64::from(others);
                let share: f64 = share;
                let fanout = 1 + (share * share * share * (pool - 1) as f64) as u64;
                let targets = if distinct {
                    Targets::Distinct
                } else {
                    Targets::WithReplacement
                };
                calls(nodes, fanout, pool, targets, loss)
            },
        )
    }

    proptest! {
        #[test]
        fn probability_and_variance_stay_in_range(calls in any_calls()) {
            let (p, p0) = (contact_probability(&calls), uncontacted_probability(&calls));
            prop_assert!((0.0..=1.0).contains(&p) && (0.0..=1.0).contains(&p0));
            prop_assert!((p + p0 - 1.0).abs() < 1e-15);
            let n = calls.nodes as f64;
            let variance = uncontacted_variance(&calls);
            prop_assert!(variance >= 0.0);
            // At most that of independent nodes, reached at n = 2.
            prop_assert!(variance <= n * p0 * p * (1.0 + 1e-12));
        }

        #[test]
        fn more_calls_and_less_loss_contact_more(calls in any_calls(), share in 0.0..1.0) {
            let p0 = uncontacted_probability(&calls);
            let fewer = Calls { fanout: calls.fanout - 1, ..calls };
            prop_assert!(uncontacted_probability(&fewer) >= p0);
            let lossier = Calls { loss: calls.loss + share * (1.0 - calls.loss), ..calls };
            prop_assert!(uncontacted_probability(&lossier) >= p0);
        }

        #[test]
        fn tends_to_its_limit(fanout in 1u64..20, loss in 0.0..1.0, others in any::<bool>()) {
            let nodes = 1_000_000_000;
            for targets in [Targets::Distinct, Targets::WithReplacement] {
                let calls = calls(nodes, fanout, nodes - u64::from(others), targets, loss);
                let limit = contact_limit(fanout, loss);
                prop_assert!((contact_probability(&calls) - limit).abs() < 1e-8);
            }
        }
    }
}
