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
    let low = value(below);
    if fraction == 0.0 {
        return low;
    }
    low + fraction * (value(above) - low)
}

/// The same of a sorted sample in which so many further values are known only to be
/// larger than all of these; `None` where it is, or rests on, one of them.
pub fn quantile_or_later(sorted: &[f64], later: usize, p: f64) -> Option<f64> {
    let count = sorted.len() + later;
    let value = |index: usize| sorted.get(index).copied().unwrap_or(f64::INFINITY);
    let quantile = (count > 0).then(|| quantile_of(count, value, p));
    quantile.filter(|quantile| quantile.is_finite())
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
    fn what_is_later_than_all_has_no_number() {
        let sample = [1.0, 2.0, 4.0];
        // Of five: 1, 2, 4, and two that came later.
        let table = [
            (0.0, Some(1.0)),
            (0.125, Some(1.5)),
            (0.5, Some(4.0)),
            (0.51, None),
            (0.75, None),
            (1.0, None),
        ];
        for (p, expected) in table {
            assert_eq!(quantile_or_later(&sample, 2, p), expected, "{p}");
        }
        assert_eq!(quantile_or_later(&[], 2, 0.0), None);
        assert_eq!(quantile_or_later(&[], 0, 0.5), None);
        // 99 of 20,000 without a value: of the others the last is at place 19,900.
        let sample: Vec<f64> = (0..19_901).map(f64::from).collect();
        assert_eq!(quantile_or_later(&sample, 99, 0.99), Some(19_799.01));
        let last = quantile_or_later(&sample, 99, 19_900.0 / 19_999.0);
        assert!((last.unwrap() - 19_900.0).abs() < 1e-6);
        for p in [0.9951, 0.999, 1.0] {
            assert_eq!(quantile_or_later(&sample, 99, p), None, "{p}");
        }
        // With twice as many missing the 99 % quantile falls on the last that is
        // known; with three more it falls among the missing.
        let of = |missing: usize| {
            quantile_or_later(&sample[..20_000 - 99 - missing], 99 + missing, 0.99)
        };
        assert!(of(100).is_some());
        assert_eq!(of(102), None);
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
