//! The one-sample Kolmogorov-Smirnov test of a continuous law.

use std::f64::consts::{PI, TAU};

/// The largest distance between the empirical distribution of `sorted`
/// (ascending, not empty) and `cdf`.
pub fn ks_statistic(sorted: &[f64], cdf: impl Fn(f64) -> f64) -> f64 {
    assert!(!sorted.is_empty(), "a sample of at least one value");
    debug_assert!(sorted.is_sorted(), "the sample must be sorted");
    let n = sorted.len() as f64;
    let mut distance: f64 = 0.0;
    for (i, &value) in sorted.iter().enumerate() {
        let p = cdf(value);
        distance = distance.max(p - i as f64 / n);
        distance = distance.max((i + 1) as f64 / n - p);
    }
    distance
}

/// P(D >= d) for a sample of n from the tested law.
///
/// Kolmogorov's limit law at (sqrt(n) + 0.12 + 0.11 / sqrt(n)) d, Stephens'
/// approximation (J. R. Stat. Soc. B 32, 1970, 115-122). For p from 0.01 to
/// 0.5 within 3 % of the exact value from n = 20 on (of Marsaglia, Tsang and
/// Wang's algorithm), within 7 % at n = 10; meant for large n.
pub fn ks_p_value(d: f64, n: u64) -> f64 {
    assert!(n > 0, "a sample of at least one value");
    let root = (n as f64).sqrt();
    kolmogorov_survival((root + 0.12 + 0.11 / root) * d)
}

/// 2 sum (-1)^(j-1) e^(-2 j^2 x^2), and for small x, where that converges
/// slowly, one minus its Jacobi transform.
fn kolmogorov_survival(x: f64) -> f64 {
    if x < 0.2 {
        return 1.0; // to 1e-12
    }
    let mut sum = 0.0;
    if x < 1.0 {
        for odd in [1.0, 3.0, 5.0, 7.0] {
            sum += libm::exp(-(odd * odd) * PI * PI / (8.0 * x * x));
        }
        return 1.0 - TAU.sqrt() / x * sum;
    }
    for (sign, j) in [(2.0, 1.0), (-2.0, 2.0), (2.0, 3.0), (-2.0, 4.0)] {
        sum += sign * libm::exp(-2.0 * j * j * x * x);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::is_close;
    use super::*;

    #[test]
    fn statistic_by_hand() {
        // Steps at .1, .2, .9 against the identity: furthest after .2.
        let d = ks_statistic(&[0.1, 0.2, 0.9], |x| x);
        assert!(is_close(d, 2.0 / 3.0 - 0.2, 1e-15));
        assert_eq!(ks_statistic(&[0.25], |x| x), 0.75);
    }

    #[test]
    fn limit_law_has_its_known_values() {
        // Smirnov's table, and mpmath; both series meet at 1.
        assert!(is_close(kolmogorov_survival(1.358_1), 0.05, 1e-4));
        assert!(is_close(kolmogorov_survival(1.627_6), 0.01, 1e-3));
        let below = kolmogorov_survival(1.0 - 1e-12);
        assert!(is_close(below, kolmogorov_survival(1.0), 1e-11));
        assert!(is_close(below, 0.269_999_671_677_35, 1e-10));
        assert_eq!(ks_p_value(0.0, 100), 1.0);
    }

    #[test]
    fn p_values_are_near_the_exact_tables() {
        // Exact critical values at 5 % and 1 % (Miller 1956).
        for (n, at_5, at_1) in [(10, 0.409_25, 0.488_93), (100, 0.134_03, 0.160_81)] {
            assert!(is_close(ks_p_value(at_5, n), 0.05, 0.03));
            assert!(is_close(ks_p_value(at_1, n), 0.01, 0.06));
        }
    }
}
