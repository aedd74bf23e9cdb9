//! Quantiles of a symmetric law from its survival function, by bisection.
//!
//! Slow (some 60 evaluations) and sure: no derivative, no starting value, no
//! way to diverge, and the last bracket is two neighbouring numbers.

/// The t at which the cdf is `p`, 0 < p < 1, of the law with this `survival`.
pub(super) fn quantile(survival: impl Fn(f64) -> f64, p: f64) -> f64 {
    if p > 0.5 {
        upper_quantile(survival, 1.0 - p)
    } else if p < 0.5 {
        -upper_quantile(survival, p)
    } else {
        0.0
    }
}

/// The t > 0 at which `survival`, which must decrease from 1/2 at 0 to 0 at
/// infinity, equals `p`, 0 < p < 1/2.
fn upper_quantile(survival: impl Fn(f64) -> f64, p: f64) -> f64 {
    let mut high = 1.0;
    while survival(high) > p && high < f64::MAX / 2.0 {
        high *= 2.0;
    }
    let mut low = high / 2.0;
    while survival(low) < p && low > f64::MIN_POSITIVE {
        high = low;
        low /= 2.0;
    }
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return middle;
        }
        if survival(middle) > p {
            low = middle;
        } else {
            high = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverts_a_rational_law() {
        // survival 1 / (2 + t) has the quantile 1 / p - 2.
        for p in [0.4999, 0.4, 0.25, 1e-3, 1e-12] {
            let t = upper_quantile(|t| 1.0 / (2.0 + t), p);
            assert!((t - (1.0 / p - 2.0)).abs() <= 4e-16 / (p * p) * 1.1, "{p}");
        }
    }
}
