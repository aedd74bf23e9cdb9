//! Exact tails of the binomial and the Poisson law, for judging counts: how
//! probable is a count at least, or at most, as large as the one observed?
//!
//! Each tail is computed by itself, never as one minus the other where that
//! would lose digits: relative accuracy better than 1e-11 for n up to 1e12 and
//! probabilities down to 1e-300.

use super::incomplete_beta::regularised_beta;
use super::incomplete_gamma::{regularised_lower, regularised_upper};

/// P(X >= k) for n trials of success probability p; n up to 1e12, p in [0, 1].
/// Source: DLMF 8.17.5, I_p(k, n-k+1).
pub fn binomial_tail_upper(k: u64, n: u64, p: f64) -> f64 {
    if k == 0 {
        1.0
    } else if k > n {
        0.0
    } else {
        regularised_beta(p, 1.0 - p, k as f64, (n - k + 1) as f64)
    }
}

/// P(X <= k) = I_{1-p}(n-k, k+1), same ranges.
pub fn binomial_tail_lower(k: u64, n: u64, p: f64) -> f64 {
    if k >= n {
        1.0
    } else {
        regularised_beta(1.0 - p, p, (n - k) as f64, (k + 1) as f64)
    }
}

/// P(X >= k) for a Poisson law; mean from 0 to 1e12. Source: DLMF 8.4.10.
pub fn poisson_tail_upper(k: u64, mean: f64) -> f64 {
    if k == 0 {
        1.0
    } else {
        regularised_lower(k as f64, mean)
    }
}

/// P(X <= k), same ranges.
pub fn poisson_tail_lower(k: u64, mean: f64) -> f64 {
    regularised_upper((k + 1) as f64, mean)
}

#[cfg(test)]
mod tests {
    use super::super::is_close;
    use super::*;
    use std::f64::consts::PI;

    /// Both tails by summing the masses of a small binomial law.
    fn by_summing(k: u64, n: u64, p: f64) -> (f64, f64) {
        let mut mass = libm::pow(1.0 - p, n as f64);
        let (mut lower, mut upper) = (0.0, 0.0);
        for i in 0..=n {
            if i <= k {
                lower += mass;
            }
            if i >= k {
                upper += mass;
            }
            mass *= (n - i) as f64 / (i + 1) as f64 * p / (1.0 - p);
        }
        (lower, upper)
    }

    #[test]
    fn small_binomial_tails_are_the_sums() {
        for n in [1, 2, 7, 40] {
            for p in [0.001, 0.3, 0.5, 0.9] {
                for k in 0..=n {
                    let (lower, upper) = by_summing(k, n, p);
                    assert!(is_close(binomial_tail_lower(k, n, p), lower, 1e-12));
                    assert!(is_close(binomial_tail_upper(k, n, p), upper, 1e-12));
                }
            }
        }
    }

    #[test]
    fn the_ends_are_certain() {
        assert_eq!(binomial_tail_upper(0, 5, 0.3), 1.0);
        assert_eq!(binomial_tail_upper(6, 5, 0.3), 0.0);
        assert_eq!(binomial_tail_lower(5, 5, 0.3), 1.0);
        assert_eq!(binomial_tail_upper(3, 5, 0.0), 0.0);
        assert_eq!(binomial_tail_upper(3, 5, 1.0), 1.0);
        assert_eq!(binomial_tail_lower(3, 5, 1.0), 0.0);
        assert_eq!(poisson_tail_upper(3, 0.0), 0.0);
        assert_eq!(poisson_tail_lower(3, 0.0), 1.0);
    }

    #[test]
    fn poisson_is_the_limit_and_small_cases_are_by_hand() {
        let e = libm::exp(-2.0);
        assert!(is_close(poisson_tail_lower(2, 2.0), 5.0 * e, 1e-14));
        assert!(is_close(poisson_tail_upper(1, 2.0), 1.0 - e, 1e-14));
        let n = 1_000_000_000_000;
        for k in [0, 3, 20, 100] {
            let binomial = binomial_tail_upper(k, n, 7.0 / n as f64);
            assert!(is_close(binomial, poisson_tail_upper(k, 7.0), 1e-8), "{k}");
        }
    }

    #[test]
    fn far_out_and_large_the_digits_hold() {
        // Sums of masses with 40 digits, mpmath.
        for (k, n, p, want) in [
            (1_200, 1_000_000, 1e-3, 4.589_638_606_100_77e-10),
            (503_000, 1_000_000, 0.5, 9.925_748_819_615_104e-10),
            (1_100, 1_000_000_000_000, 1e-9, 9.626_304_006_943_885e-4),
            (
                500_005_000_000,
                1_000_000_000_000,
                0.5,
                7.619_929_964_183_419e-24,
            ),
        ] {
            let got = binomial_tail_upper(k, n, p);
            assert!(is_close(got, want, 1e-11), "{k} {n} {p}: {got}");
        }
        for (k, n, p, want) in [
            (800, 1_000_000, 1e-3, 3.164_663_925_794_725e-11),
            (400, 1_000_000, 1e-3, 1.101_922_476_227_237_5e-103),
            (900, 1_000_000_000_000, 1e-9, 6.977_673_240_378_248e-4),
            (300, 1_000_000_000_000, 1e-9, 2.367_839_003_203_829_8e-149),
        ] {
            let got = binomial_tail_lower(k, n, p);
            assert!(is_close(got, want, 1e-11), "{k} {n} {p}: {got}");
        }
    }

    #[test]
    fn the_middle_of_a_large_law_ends() {
        let half: u64 = 500_000_000_000;
        let (lower, upper) = (
            binomial_tail_lower(half, 2 * half, 0.5),
            binomial_tail_upper(half, 2 * half, 0.5),
        );
        assert!(is_close(lower, upper, 1e-11));
        assert!(is_close(
            upper,
            0.5 + 0.5 / f64::sqrt(half as f64 * PI),
            1e-11
        ));
        let (lower, upper) = (
            poisson_tail_lower(half, half as f64),
            poisson_tail_upper(half, half as f64),
        );
        let mass = 1.0 / f64::sqrt(half as f64 * 2.0 * PI);
        assert!(is_close(lower + upper, 1.0 + mass, 1e-11));
    }
}
