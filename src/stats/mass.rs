//! Binomial and Poisson point masses at real arguments, without cancellation.
//!
//! Source: C. Loader, Fast and accurate computation of binomial probabilities
//! (2000). A mass is written as Stirling's formula times the exponential of a
//! deviance, so that no two large logarithms are subtracted: relative accuracy
//! about 1e-14 near the centre, 1e-16 times the exponent far out.

use std::f64::consts::TAU;

/// ln of the error of Stirling's formula, ln Gamma(z + 1) - (z + 1/2) ln z + z
/// - ln sqrt(2 pi), for z > 0.
fn stirling_error(z: f64) -> f64 {
    if z < 16.0 {
        return libm::lgamma(z + 1.0) - (z + 0.5) * libm::log(z) + z - 0.5 * libm::log(TAU);
    }
    let w = 1.0 / (z * z);
    let tail = 1.0 / 360.0 - w * (1.0 / 1260.0 - w * (1.0 / 1680.0 - w / 1188.0));
    (1.0 / 12.0 - w * tail) / z
}

/// x ln(x / mean) + mean - x, at least 0, for x > 0 and mean > 0.
fn deviance(x: f64, mean: f64) -> f64 {
    let difference = x - mean;
    if difference.abs() >= 0.1 * (x + mean) {
        return x * libm::log(x / mean) - difference;
    }
    // ln(x / mean) = 2 artanh(v), as a series: v is at most 0.1.
    let v = difference / (x + mean);
    let mut sum = difference * v;
    let mut power = 2.0 * x * v;
    for odd in (3..40).step_by(2) {
        power *= v * v;
        sum += power / f64::from(odd);
    }
    sum
}

/// Gamma(a+b+1) / (Gamma(a+1) Gamma(b+1)) p^a q^b: the mass at a of a binomial
/// law of a + b trials. a, b > 0; p + q = 1, both in (0, 1), given apart so
/// that neither loses digits.
pub(super) fn binomial_mass(a: f64, b: f64, p: f64, q: f64) -> f64 {
    let n = a + b;
    let errors = stirling_error(n) - stirling_error(a) - stirling_error(b);
    let exponent = errors - deviance(a, n * p) - deviance(b, n * q);
    libm::exp(exponent) * ((n / a) / b / TAU).sqrt()
}

/// mean^a e^-mean / Gamma(a+1): the mass at a > 0 of a Poisson law, mean > 0.
pub(super) fn poisson_mass(a: f64, mean: f64) -> f64 {
    libm::exp(-stirling_error(a) - deviance(a, mean)) / (TAU * a).sqrt()
}

#[cfg(test)]
mod tests {
    use super::super::is_close;
    use super::*;

    #[test]
    fn small_masses_are_those_done_by_hand() {
        // 5!/(2! 3!) 0.3^2 0.7^3 and 2^3 e^-2 / 3!
        assert!(is_close(binomial_mass(2.0, 3.0, 0.3, 0.7), 0.3087, 1e-14));
        let poisson = 8.0 * libm::exp(-2.0) / 6.0;
        assert!(is_close(poisson_mass(3.0, 2.0), poisson, 1e-14));
    }

    #[test]
    fn both_branches_of_each_function_meet() {
        let by_lgamma = libm::lgamma(17.5) - 17.0 * libm::log(16.5) + 16.5 - 0.5 * libm::log(TAU);
        assert!((stirling_error(16.5) - by_lgamma).abs() < 1e-13);
        let x: f64 = 121.9;
        let direct = x * libm::log(x / 100.0) + 100.0 - x;
        assert!(is_close(deviance(x, 100.0), direct, 1e-13));
    }
}
