//! How probable is it that b comes out so much larger than a by chance, if both
//! follow one law? One-sided p values, small where b is larger.
//!
//! Values are not infinite unless said; each function says what it rests on.

use super::difference::se_and_freedom;
use super::normal;
use super::student;
use super::summary::Summary;
use super::tails::binomial_tail_upper;

/// Of two means of independent samples, by Welch's t; `None` below 2 values
/// each. Where neither sample varies, the share of the orders of all values in
/// which every b comes after every a: constants that differ say no more.
///
/// Source: as [`super::difference::welch`].
pub fn means(a: &[f64], b: &[f64]) -> Option<f64> {
    let (of_a, of_b) = (Summary::of(a)?, Summary::of(b)?);
    let difference = of_b.mean - of_a.mean;
    let (se, freedom) = se_and_freedom(&of_a, &of_b)?;
    Some(match se > 0.0 {
        true => student::survival(difference / se, freedom),
        false if difference > 0.0 => {
            let (a, b) = (a.len() as u64, b.len() as u64);
            libm::exp(-log_choices(a + b, b))
        }
        false => 1.0,
    })
}

/// Of the mean of the differences b - a of pairs, by Student's t; `None` below
/// 2 pairs. Where all differences are one positive number, the probability that
/// all have this sign.
pub fn paired_means(pairs: &[(f64, f64)]) -> Option<f64> {
    let differences: Vec<f64> = pairs.iter().map(|(a, b)| b - a).collect();
    let summary = Summary::of(&differences)?;
    let se = summary.se?;
    Some(match se > 0.0 {
        true => student::survival(summary.mean / se, (summary.count - 1) as f64),
        false if summary.mean > 0.0 => signs(summary.count as u64, summary.count as u64),
        false => 1.0,
    })
}

/// Of two shares of independent outcomes, each (yes, trials), trials at least 1:
/// Fisher's exact test, which is never below its level.
///
/// Source: R. A. Fisher, J. R. Stat. Soc. 98 (1935) 39-82: given how many say
/// yes in all, those of b follow a hypergeometric law.
pub fn shares(a: (u64, u64), b: (u64, u64)) -> f64 {
    let (yes, trials) = (a.0 + b.0, a.1 + b.1);
    let all = log_choices(trials, b.1);
    let mass = |of_b: u64| {
        let ways = log_choices(yes, of_b) + log_choices(trials - yes, b.1 - of_b);
        libm::exp(ways - all)
    };
    let most = yes.min(b.1);
    let tail: f64 = (b.0..=most).rev().map(mass).sum();
    tail.min(1.0)
}

/// The same of pairs of outcomes (a, b): McNemar's test in its exact form, of
/// the pairs whose two outcomes differ.
pub fn paired_shares(pairs: &[(bool, bool)]) -> f64 {
    let only = |outcome| pairs.iter().filter(|pair| **pair == outcome).count() as u64;
    let (only_a, only_b) = (only((true, false)), only((false, true)));
    signs(only_b, only_a + only_b)
}

/// Of two samples, not empty, of which some values may be infinite: Mann and
/// Whitney's rank sum by its normal law, corrected for ties and for continuity,
/// and not below the share of the orders in which every b comes after every a.
///
/// Source: M. Hollander, D. A. Wolfe and E. Chicken, Nonparametric Statistical
/// Methods (2014), equations 4.3, 4.9 and 4.13.
pub fn ranks(a: &[f64], b: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = a.iter().map(|value| (*value, false)).collect();
    all.extend(b.iter().map(|value| (*value, true)));
    all.sort_by(|one, two| one.0.total_cmp(&two.0));
    let (m, n, total) = (a.len() as f64, b.len() as f64, all.len() as f64);
    let (mut before, mut rank_sum, mut ties) = (0.0, 0.0, 0.0);
    for equal in all.chunk_by(|one, two| one.0 == two.0) {
        let count = equal.len() as f64;
        let of_b = equal.iter().filter(|(_, is_b)| *is_b).count() as f64;
        rank_sum += of_b * (before + 0.5 * (count + 1.0));
        ties += count * (count * count - 1.0);
        before += count;
    }
    let variance = m * n / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    let above = rank_sum - 0.5 * n * (total + 1.0) - 0.5;
    if !(variance > 0.0) {
        return 1.0;
    }
    let least = libm::exp(-log_choices((m + n) as u64, n as u64));
    normal::survival(above / variance.sqrt()).max(least)
}

/// Of pairs (a, b), some values of which may be infinite: the sign test, of the
/// pairs whose members differ.
pub fn paired_signs(pairs: &[(f64, f64)]) -> f64 {
    let larger = pairs.iter().filter(|(a, b)| b > a).count() as u64;
    let smaller = pairs.iter().filter(|(a, b)| b < a).count() as u64;
    signs(larger, larger + smaller)
}

/// The probability of at least `up` heads in `all` tosses.
fn signs(up: u64, all: u64) -> f64 {
    binomial_tail_upper(up, all, 0.5)
}

/// ln of the number of ways to choose `k` of `n`, at most n.
fn log_choices(n: u64, k: u64) -> f64 {
    let log_factorial = |count: u64| libm::lgamma(count as f64 + 1.0);
    log_factorial(n) - log_factorial(k) - log_factorial(n - k)
}

#[cfg(test)]
mod tests {
    use super::super::{is_close, random};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn means_by_hand() {
        // Twice 1, 2, 3 a step apart: t = 1 / sqrt(2/3), 4 degrees of freedom.
        let p = means(&[1.0, 2.0, 3.0], &[2.0, 3.0, 4.0]).unwrap();
        assert!(is_close(p, student::survival(1.5_f64.sqrt(), 4.0), 1e-12));
        // Differences 1 and 3: t = 2 with 1 degree of freedom.
        let p = paired_means(&[(5.0, 6.0), (10.0, 13.0)]).unwrap();
        assert!(is_close(
            p,
            0.5 - libm::atan(2.0) / std::f64::consts::PI,
            1e-12
        ));
        assert_eq!(means(&[1.0], &[2.0, 3.0]), None);
        assert_eq!(paired_means(&[(1.0, 2.0)]), None);
    }

    /// 3 values each, all the same in a sample: one order in 20 has them apart.
    #[test]
    fn constants_say_no_more_than_their_order() {
        assert!(is_close(means(&[7.0; 3], &[8.0; 3]).unwrap(), 0.05, 1e-12));
        assert_eq!(means(&[7.0; 3], &[7.0; 3]), Some(1.0));
        assert_eq!(means(&[8.0; 3], &[7.0; 3]), Some(1.0));
        assert!(is_close(
            paired_means(&[(7.0, 8.0); 3]).unwrap(),
            0.125,
            1e-12
        ));
        assert_eq!(paired_means(&[(7.0, 7.0); 3]), Some(1.0));
    }

    #[test]
    fn shares_by_hand() {
        // Fisher's tea: 3 of 4 against 1 of 4, P = (16 + 1) / 70.
        assert!(is_close(shares((1, 4), (3, 4)), 17.0 / 70.0, 1e-12));
        assert!(is_close(shares((3, 4), (1, 4)), 69.0 / 70.0, 1e-12));
        assert!(is_close(shares((0, 4), (0, 9)), 1.0, 1e-12));
        let pairs = [[(false, true); 4], [(true, true); 4], [(false, false); 4]];
        assert!(is_close(
            paired_shares(pairs.as_flattened()),
            1.0 / 16.0,
            1e-12
        ));
        assert_eq!(paired_shares(&[(true, true); 5]), 1.0);
    }

    #[test]
    fn ranks_and_signs_by_hand() {
        let never = f64::INFINITY;
        // All of b after all of a: (4.5 - 0.5) / sqrt(21 / 4) of a normal law.
        let p = ranks(&[1.0, 2.0, 3.0], &[4.0, 5.0, never]);
        assert!(is_close(
            p,
            normal::survival(4.0 / 5.25_f64.sqrt()).max(0.05),
            1e-12
        ));
        // The same, but every b is never: ties make the variance 5.25 - 3 * 8 * 9 / 360.
        let p = ranks(&[1.0, 2.0, 3.0], &[never; 3]);
        let variance: f64 = 9.0 / 12.0 * (7.0 - 24.0 / 30.0);
        assert!(is_close(
            p,
            normal::survival(4.0 / variance.sqrt()).max(0.05),
            1e-9
        ));
        assert_eq!(ranks(&[never; 4], &[never; 4]), 1.0);
        assert!(is_close(
            paired_signs(&[(1.0, never); 5]),
            1.0 / 32.0,
            1e-12
        ));
        assert_eq!(paired_signs(&[(never, never); 5]), 1.0);
    }

    /// Samples of one law, 2000 times: each p is below 1/20 in about 100 of
    /// them, at most 145 (4.5 standard errors of 9.7 above), and those of exact
    /// tests of counts in fewer. The rank and t tests are not far below either.
    #[test]
    fn chance_alone_is_as_rare_as_it_says() {
        let mut draw = random(11);
        let mut value = || f64::from(draw(1 << 20)) / f64::from(1 << 20);
        let mut low = [0; 6];
        for _ in 0..2000 {
            let a: Vec<f64> = (0..20).map(|_| value()).collect();
            let b: Vec<f64> = (0..30).map(|_| value()).collect();
            let pairs: Vec<(f64, f64)> = a.iter().copied().zip(b.iter().copied()).collect();
            let yes: Vec<(bool, bool)> = pairs.iter().map(|(a, b)| (*a < 0.4, *b < 0.4)).collect();
            let count = |values: &[f64]| {
                let yes = values.iter().filter(|value| **value < 0.4).count();
                (yes as u64, values.len() as u64)
            };
            let p = [
                means(&a, &b).unwrap(),
                paired_means(&pairs).unwrap(),
                ranks(&a, &b),
                paired_signs(&pairs),
                shares(count(&a), count(&b)),
                paired_shares(&yes),
            ];
            for (low, p) in low.iter_mut().zip(p) {
                *low += u32::from(p < 0.05);
            }
        }
        assert!(low.iter().all(|low| *low <= 145), "{low:?}");
        assert!(low[..3].iter().all(|low| *low >= 60), "{low:?}");
    }

    proptest! {
        /// What is below 1/40 is what Welch's and Student's intervals exclude.
        #[test]
        fn as_the_intervals_say(
            a in proptest::collection::vec(-1e3..1e3, 2..30),
            b in proptest::collection::vec(-1e3..1e3, 2..30),
        ) {
            use super::super::difference;
            let (low, _) = difference::welch(&a, &b).unwrap().ci95.unwrap();
            prop_assert_eq!(means(&a, &b).unwrap() < 0.025, low > 0.0);
            let pairs: Vec<(f64, f64)> = a.iter().copied().zip(b.iter().copied()).collect();
            let (low, _) = difference::paired(&pairs).unwrap().ci95.unwrap();
            prop_assert_eq!(paired_means(&pairs).unwrap() < 0.025, low > 0.0);
        }
    }
}
