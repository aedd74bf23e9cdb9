//! What a metric's values over the replicates of a cell say together.

use super::quantile::{quantile, sorted};
use super::student;

/// Values needed for a 99 % quantile: fewer hold nothing beyond it.
pub const COUNT_FOR_P99: usize = 100;

/// Mean, spread, interval and quantiles of a sample, all in the values' unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Number of values, at least 1.
    pub count: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// Sample standard deviation (divisor count - 1); from 2 values on.
    pub sd: Option<f64>,
    /// Standard error of the mean, sd / sqrt(count); from 2 values on.
    pub se: Option<f64>,
    /// 95 % confidence interval of the mean, by Student's t; from 2 values on.
    pub ci95: Option<(f64, f64)>,
    /// Smallest value.
    pub min: f64,
    /// Median (quantile of type 7).
    pub p50: f64,
    /// 99 % quantile (type 7); from 100 values on.
    pub p99: Option<f64>,
    /// Largest value.
    pub max: f64,
}

impl Summary {
    /// The summary of finite values, `None` where there are none. Sums run in
    /// the order of `values`; equal values have exactly their mean and sd 0.
    pub fn of(values: &[f64]) -> Option<Summary> {
        debug_assert!(values.iter().all(|v| v.is_finite()), "finite values only");
        let sorted = sorted(values);
        let (&min, &max) = (sorted.first()?, sorted.last()?);
        let count = values.len();
        let mean = mean(values).clamp(min, max);
        let sd = sd(values, mean);
        let se = sd.map(|sd| sd / (count as f64).sqrt());
        let ci95 = se.map(|se| {
            let half = student::quantile(0.975, (count - 1) as f64) * se;
            (mean - half, mean + half)
        });
        Some(Summary {
            count,
            mean,
            sd,
            se,
            ci95,
            min,
            p50: quantile(&sorted, 0.5),
            p99: (count >= COUNT_FOR_P99).then(|| quantile(&sorted, 0.99)),
            max,
        })
    }
}

/// The mean, summed as distances from the first value, so that equal values
/// have exactly their mean.
fn mean(values: &[f64]) -> f64 {
    let first = values[0];
    let sum: f64 = values.iter().map(|value| value - first).sum();
    first + sum / values.len() as f64
}

fn sd(values: &[f64], mean: f64) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    Some((squares / (values.len() - 1) as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::super::is_close;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_value_and_one_value() {
        assert_eq!(Summary::of(&[]), None);
        let one = Summary::of(&[3.5]).unwrap();
        assert_eq!((one.count, one.mean, one.min, one.p50), (1, 3.5, 3.5, 3.5));
        assert_eq!(
            (one.sd, one.se, one.ci95, one.p99),
            (None, None, None, None)
        );
    }

    #[test]
    fn five_values_by_hand() {
        let s = Summary::of(&[5.0, 1.0, 4.0, 2.0, 3.0]).unwrap();
        assert_eq!((s.mean, s.min, s.p50, s.max), (3.0, 1.0, 3.0, 5.0));
        assert_eq!(s.sd, Some(2.5_f64.sqrt()));
        // t(0.975, 4) sqrt(2.5 / 5) = 2.776445105... * 0.7071...
        let (low, high) = s.ci95.unwrap();
        assert!(is_close(high - 3.0, 1.963_243_161_477_56, 1e-12));
        assert!(is_close(3.0 - low, high - 3.0, 1e-15));
    }

    #[test]
    fn p99_from_a_hundred_values_on() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(Summary::of(&values[..99]).unwrap().p99, None);
        let p99 = Summary::of(&values).unwrap().p99.unwrap();
        assert!(is_close(p99, 99.01, 1e-14));
    }

    #[test]
    fn a_large_offset_costs_no_digits() {
        let values: Vec<f64> = (0..10).map(|i| 1e9 + f64::from(i)).collect();
        let s = Summary::of(&values).unwrap();
        assert_eq!(s.mean, 1e9 + 4.5);
        assert!(is_close(s.sd.unwrap(), f64::sqrt(82.5 / 9.0), 1e-14));
    }

    proptest! {
        #[test]
        fn equal_values_have_no_spread(value in -1e12..1e12, count in 2usize..300) {
            let s = Summary::of(&vec![value; count]).unwrap();
            prop_assert_eq!(s.mean, value);
            prop_assert_eq!(s.sd, Some(0.0));
            prop_assert_eq!(s.ci95, Some((value, value)));
            prop_assert_eq!((s.min, s.p50, s.max), (value, value, value));
        }

        #[test]
        fn the_parts_are_in_order(values in proptest::collection::vec(-1e6..1e6, 2..150)) {
            let s = Summary::of(&values).unwrap();
            let (low, high) = s.ci95.unwrap();
            prop_assert!(s.min <= s.mean && s.mean <= s.max);
            prop_assert!(s.min <= s.p50 && s.p50 <= s.p99.unwrap_or(s.max));
            prop_assert!(s.p99.unwrap_or(s.max) <= s.max);
            prop_assert!(low <= s.mean && s.mean <= high);
        }
    }
}
