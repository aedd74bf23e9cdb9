//! Shares of yes/no outcomes, and differences of two: score intervals, which
//! stay within their range and have a width even where all runs say the same.

/// The 0.975 quantile of the normal law.
const Z: f64 = 1.959_963_984_540_054;

/// Wilson's 95 % interval for a probability, of which `yes` out of `trials`
/// outcomes are an estimate; `trials` at least 1, `yes` at most that.
///
/// Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212: all p at which
/// the observed share is within z standard deviations, so that the lower end is
/// 0 at `yes` = 0 and the upper end 1 at `yes` = `trials`.
pub fn wilson(yes: u64, trials: u64) -> (f64, f64) {
    assert!(yes <= trials && trials > 0, "{yes} of {trials}");
    let n = trials as f64;
    let p = yes as f64 / n;
    let square = Z * Z / n;
    let centre = p + 0.5 * square;
    let half = (square * (p * (1.0 - p) + 0.25 * square)).sqrt();
    let low = if yes == 0 { 0.0 } else { centre - half };
    let high = if yes == trials {
        1.0 + square
    } else {
        centre + half
    };
    (low / (1.0 + square), high / (1.0 + square))
}

/// A share with the distances to the ends of its interval.
struct Share {
    share: f64,
    below: f64,
    above: f64,
}

impl Share {
    fn of(yes: u64, trials: u64) -> Share {
        let share = yes as f64 / trials as f64;
        let (low, high) = wilson(yes, trials);
        Share {
            share,
            below: share - low,
            above: high - share,
        }
    }
}

/// The 95 % interval of the difference b - a of two probabilities from
/// independent outcomes, each (yes, trials).
///
/// Source: R. G. Newcombe, Stat. Med. 17 (1998) 873-890, method 10.
pub fn difference(a: (u64, u64), b: (u64, u64)) -> (f64, f64) {
    joined(&Share::of(a.0, a.1), &Share::of(b.0, b.1), 0.0)
}

/// The same where outcomes are pairs (a, b), as of two protocols that met the
/// same network; at least one pair.
///
/// Source: R. G. Newcombe, Stat. Med. 17 (1998) 2635-2650, method 10: as
/// [`difference`], with the correlation of a and b, made smaller by a
/// correction for continuity where it is positive.
pub fn paired_difference(pairs: &[(bool, bool)]) -> (f64, f64) {
    let count = |outcome: (bool, bool)| pairs.iter().filter(|pair| **pair == outcome).count();
    let [both, only_a, only_b, none] =
        [(true, true), (true, false), (false, true), (false, false)].map(count);
    let trials = pairs.len() as u64;
    let a = (both + only_a) as u64;
    let b = (both + only_b) as u64;
    let correlation = correlation([both, only_a, only_b, none].map(|count| count as f64));
    joined(&Share::of(a, trials), &Share::of(b, trials), correlation)
}

/// Newcombe's phi; 0 where one of the two always says the same.
fn correlation([both, only_a, only_b, none]: [f64; 4]) -> f64 {
    let margins = (both + only_a) * (only_b + none) * (both + only_b) * (only_a + none);
    let product = both * none - only_a * only_b;
    let half = 0.5 * (both + only_a + only_b + none);
    let corrected = match product > 0.0 {
        true => (product - half).max(0.0),
        false => product,
    };
    if margins == 0.0 {
        0.0
    } else {
        corrected / margins.sqrt()
    }
}

fn joined(a: &Share, b: &Share, correlation: f64) -> (f64, f64) {
    let side = |x: f64, y: f64| (x * x - 2.0 * correlation * x * y + y * y).max(0.0).sqrt();
    let difference = b.share - a.share;
    let low = difference - side(b.below, a.above);
    let high = difference + side(b.above, a.below);
    (low.max(-1.0), high.min(1.0))
}

#[cfg(test)]
mod tests {
    use super::super::tails::{binomial_tail_lower, binomial_tail_upper};
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check((low, high): (f64, f64), want_low: f64, want_high: f64) {
        let rounded = |x: f64| (x * 1e4).round() / 1e4;
        assert_eq!((rounded(low), rounded(high)), (want_low, want_high));
    }

    #[test]
    fn one_outcome_by_hand() {
        // yes = 1 of 1: p at which 1 - p = z sqrt(p (1 - p)), p = 1 / (1 + z^2).
        let (low, high) = wilson(1, 1);
        assert!((low - 1.0 / (1.0 + Z * Z)).abs() < 1e-15);
        assert_eq!(high, 1.0);
        let (low, high) = wilson(0, 1);
        assert_eq!(low, 0.0);
        assert!((high - Z * Z / (1.0 + Z * Z)).abs() < 1e-15);
        // 2 of 4: centre 1/2, half the width z / (2 sqrt(4 + z^2)).
        let (low, high) = wilson(2, 4);
        assert!((low + high - 1.0).abs() < 1e-15);
        assert!((high - 0.5 - 0.5 * Z / (4.0 + Z * Z).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn published_examples() {
        // Newcombe, Stat. Med. 17 (1998) 857-872, Table I, method 3.
        check(wilson(81, 263), 0.2553, 0.3662);
        check(wilson(15, 148), 0.0624, 0.1605);
        check(wilson(0, 20), 0.0, 0.1611);
        check(wilson(1, 29), 0.0061, 0.1718);
        // The same, 873-890, Table II, method 10: 56/70 - 48/80.
        check(difference((48, 80), (56, 70)), 0.0524, 0.3339);
        check(difference((0, 10), (10, 10)), 0.6075, 1.0);
    }

    #[test]
    fn pairs_use_their_correlation() {
        let pairs = |counts: [usize; 4]| {
            let kinds = [(true, true), (true, false), (false, true), (false, false)];
            let repeated = kinds.into_iter().zip(counts);
            let repeated = repeated.flat_map(|(kind, count)| std::iter::repeat_n(kind, count));
            repeated.collect::<Vec<_>>()
        };
        // Fagerland, Lydersen and Laake, Stat. Med. 33 (2014) 2850-2875: airway
        // hyper-responsiveness before and after transplantation, signs turned.
        let (low, high) = paired_difference(&pairs([1, 1, 7, 12]));
        assert!((low - 0.026).abs() < 1e-3 && (high - 0.507).abs() < 1e-3);
        // Full agreement is narrower than no pairing; no disagreement, no width
        // is claimed.
        let (low, high) = paired_difference(&pairs([20, 0, 0, 20]));
        let (wide_low, wide_high) = difference((20, 40), (20, 40));
        assert!(wide_low < low && low < 0.0 && 0.0 < high && high < wide_high);
        // Against each other: wider.
        let (low, high) = paired_difference(&pairs([0, 20, 20, 0]));
        assert!(low < wide_low && wide_high < high);
        assert_eq!(
            paired_difference(&pairs([9, 0, 0, 0])),
            difference((9, 9), (9, 9))
        );
    }

    /// Over all outcomes of a binomial law, the interval holds its probability
    /// about as often as it says. Wilson's interval is known to dip to 0.83 near
    /// the ends of the range, and to be right on average.
    #[test]
    fn covers_as_often_as_it_says() {
        for trials in [10_u64, 40, 200] {
            let mut sum = 0.0;
            for percent in 1..100 {
                let p = f64::from(percent) / 100.0;
                let holds = |yes: &u64| {
                    let (low, high) = wilson(*yes, trials);
                    low <= p && p <= high
                };
                let mass = |yes: u64| {
                    1.0 - binomial_tail_upper(yes + 1, trials, p)
                        - yes
                            .checked_sub(1)
                            .map_or(0.0, |less| binomial_tail_lower(less, trials, p))
                };
                let covered: f64 = (0..=trials).filter(holds).map(mass).sum();
                assert!(covered > 0.83, "{trials} {p}: {covered}");
                sum += covered;
            }
            assert!((sum / 99.0 - 0.95).abs() < 0.01, "{trials}: {}", sum / 99.0);
        }
    }

    proptest! {
        #[test]
        fn ends_are_in_order_and_in_range(a in 0u64..60, more_a in 1u64..60, b in 0u64..60, more_b in 1u64..60) {
            let (of_a, of_b) = ((a, a + more_a), (b, b + more_b));
            let (low, high) = wilson(a, a + more_a);
            let share = a as f64 / (a + more_a) as f64;
            prop_assert!(0.0 <= low && low <= share && share < high && high <= 1.0);
            let (low, high) = difference(of_a, of_b);
            prop_assert!(-1.0 <= low && low < high && high <= 1.0);
            let (turned_low, turned_high) = difference(of_b, of_a);
            prop_assert!((low + turned_high).abs() < 1e-12 && (high + turned_low).abs() < 1e-12);
        }
    }
}
