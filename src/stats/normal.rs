//! The standard normal law.

use super::bisection;
use std::f64::consts::FRAC_1_SQRT_2;

/// P(Z <= x). Relative accuracy about 1e-15 (1e-13 beyond 30 sd), also far
/// below 0.
pub fn cdf(x: f64) -> f64 {
    survival(-x)
}

/// P(Z > x), as accurate far above 0.
pub fn survival(x: f64) -> f64 {
    0.5 * libm::erfc(x * FRAC_1_SQRT_2)
}

/// The x at which the cdf is p, 0 < p < 1.
///
/// For an upper tail below 1e-16, use the symmetry: `-quantile(tail)`.
pub fn quantile(p: f64) -> f64 {
    assert!(0.0 < p && p < 1.0, "a probability in (0, 1), got {p}");
    bisection::quantile(survival, p)
}

#[cfg(test)]
mod tests {
    use super::super::is_close;
    use super::*;
    use statrs::distribution::{ContinuousCDF, Normal};

    #[test]
    fn known_quantiles() {
        // mpmath, 20 digits.
        assert!(is_close(quantile(0.975), 1.959_963_984_540_054_2, 1e-15));
        assert!(is_close(quantile(1e-300), -37.047_096_299_361_2, 1e-13));
        assert_eq!(quantile(0.5), 0.0);
        assert_eq!(quantile(0.25), -quantile(0.75));
    }

    #[test]
    fn known_tail() {
        // mpmath: Q(10).
        assert!(is_close(survival(10.0), 7.619_853_024_160_526e-24, 1e-13));
        assert_eq!(cdf(-10.0), survival(10.0));
    }

    #[test]
    fn agrees_with_statrs() {
        let law = Normal::standard();
        for i in -40..=40 {
            let x = f64::from(i) / 8.0;
            assert!((cdf(x) - law.cdf(x)).abs() < 1e-10);
            assert!((quantile(cdf(x)) - x).abs() < 1e-9, "{x}");
        }
    }
}
