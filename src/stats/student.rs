//! Student's t law, for any real number of degrees of freedom from 1 up.

use super::bisection;
use super::incomplete_beta::regularised_beta;

/// P(T <= t).
pub fn cdf(t: f64, df: f64) -> f64 {
    survival(-t, df)
}

/// P(T > t) = I_x(df/2, 1/2) / 2 for t >= 0 with x = df / (df + t^2)
/// (Abramowitz and Stegun 26.7.1). Relative accuracy 1e-12 for |t| < 1e150.
pub fn survival(t: f64, df: f64) -> f64 {
    assert!(df >= 1.0, "at least one degree of freedom, got {df}");
    let square = t * t;
    let x = df / (df + square);
    let y = 1.0 / (df / square + 1.0);
    let tail = 0.5 * regularised_beta(x, y, 0.5 * df, 0.5);
    if t >= 0.0 { tail } else { 1.0 - tail }
}

/// The t at which the cdf is p, 1e-100 < p < 1. Relative accuracy 1e-12,
/// absolute within 1e-12 of 0.
pub fn quantile(p: f64, df: f64) -> f64 {
    assert!(1e-100 < p && p < 1.0, "a probability in (0, 1), got {p}");
    bisection::quantile(|t| survival(t, df), p)
}

#[cfg(test)]
mod tests {
    use super::super::{is_close, normal};
    use super::*;
    use statrs::distribution::{ContinuousCDF, StudentsT};

    #[test]
    fn known_quantiles() {
        // df = 1: tan(pi (p - 1/2)); the others by mpmath.
        for (p, df, want) in [
            (0.975, 1.0, 12.706_204_736_174_705),
            (0.975, 39.0, 2.022_690_920_036_761_1),
            (0.975, 199.0, 1.971_956_544_251_753_8),
        ] {
            assert!(is_close(quantile(p, df), want, 1e-13), "{p} {df}");
            assert!(is_close(quantile(1.0 - p, df), -want, 1e-13));
        }
        assert_eq!(quantile(0.5, 7.0), 0.0);
    }

    #[test]
    fn two_degrees_have_a_closed_form() {
        // survival(t) = (1 - t / sqrt(2 + t^2)) / 2
        for t in [0.01, 0.3, 1.0, 2.5, 8.0] {
            let want = 0.5 * (1.0 - t / f64::sqrt(2.0 + t * t));
            assert!(is_close(survival(t, 2.0), want, 1e-13));
            assert!(is_close(cdf(t, 2.0), 1.0 - want, 1e-14));
        }
    }

    #[test]
    fn quantiles_agree_with_statrs() {
        let dfs = (1..=30).chain([39, 59, 99, 199, 399, 999, 1000]);
        for df in dfs.map(f64::from) {
            let law = StudentsT::new(0.0, 1.0, df).unwrap();
            for p in [0.6, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995, 0.999, 0.9995] {
                let (got, want) = (quantile(p, df), law.inverse_cdf(p));
                assert!(is_close(got, want, 1e-10), "{p} {df}: {got} {want}");
                assert!(is_close(cdf(got, df), p, 1e-14), "{p} {df}");
            }
        }
    }

    #[test]
    fn tends_to_the_normal_law() {
        for x in [0.1, 1.0, 3.0, 5.0] {
            assert!(is_close(survival(x, 1e12), normal::survival(x), 1e-9));
        }
    }
}
