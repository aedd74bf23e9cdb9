//! Quantiles of a sample.

/// The values in ascending order (by `total_cmp`).
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// The quantile at p, 0 to 1, of a sorted sample that is not empty: type 7 of
/// Hyndman and Fan (Am. Stat. 50, 1996, 361-365), as in R and NumPy.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    quantile_of(sorted.len(), |index| sorted[index], p)
}

/// The same of `count` values, at least one, of which `value` gives that of an index
/// in the sorted sample.
pub fn quantile_of(count: usize, value: impl Fn(usize) -> f64, p: f64) -> f64 {
    assert!((0.0..=1.0).contains(&p), "a probability, got {p}");
    let last = count - 1;
    let position = last as f64 * p;
    let below = position as usize;
    let above = last.min(below + 1);
    let fraction = position - below as f64;
    let (low, high) = (value(below), value(above));
    low + fraction * (high - low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_two_values_it_is_linear() {
        let sample = sorted(&[4.0, 1.0, 3.0, 2.0]);
        assert_eq!(quantile(&sample, 0.0), 1.0);
        assert_eq!(quantile(&sample, 0.25), 1.75);
        assert_eq!(quantile(&sample, 0.5), 2.5);
        assert_eq!(quantile(&sample, 1.0), 4.0);
        assert_eq!(quantile(&[7.0], 0.99), 7.0);
    }

    #[test]
    fn one_to_a_hundred_and_one() {
        let sample: Vec<f64> = (1..=101).map(f64::from).collect();
        for percent in 0..=100 {
            let got = quantile(&sample, f64::from(percent) / 100.0);
            assert!((got - f64::from(percent + 1)).abs() < 1e-12);
        }
    }
}
