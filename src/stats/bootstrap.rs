//! The difference of two medians, by resampling: for values of which some are
//! known only to be beyond all others (infinite), which have no mean.

/// Resamples: each end of the interval has 50 of them beyond it, and is some
/// 2 % of the interval's width from where more would put it.
const RESAMPLES: usize = 2000;
const BEYOND: usize = RESAMPLES / 40;

/// The 95 % percentile interval of median(b) - median(a), from resamples of the
/// pairs. An end is infinite where a median is that too often; `None` without
/// pairs, or if both ends are, on opposite sides. `draw(n)` gives a number from 0
/// to n - 1, each as likely.
///
/// Source: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap
/// (1993), sections 13.3 and 8.6. Where many values are equal it is wide: it
/// reaches to the next value.
pub fn paired_medians(
    pairs: &[(f64, f64)],
    mut draw: impl FnMut(u32) -> u32,
) -> Option<(f64, f64)> {
    let count = u32::try_from(pairs.len()).ok().filter(|count| *count > 0)?;
    let mut a = vec![0.0; pairs.len()];
    let mut b = vec![0.0; pairs.len()];
    percentiles(|| {
        for (a, b) in a.iter_mut().zip(&mut b) {
            (*a, *b) = pairs[draw(count) as usize];
        }
        (median(&mut a), median(&mut b))
    })
}

/// The same for two independent samples.
pub fn medians(a: &[f64], b: &[f64], mut draw: impl FnMut(u32) -> u32) -> Option<(f64, f64)> {
    let counts = [a, b].map(|values| u32::try_from(values.len()).unwrap_or(0));
    if counts.contains(&0) {
        return None;
    }
    let mut again = [a, b].map(<[f64]>::to_vec);
    percentiles(|| {
        for ((again, values), count) in again.iter_mut().zip([a, b]).zip(counts) {
            again.fill_with(|| values[draw(count) as usize]);
        }
        let [a, b] = &mut again;
        (median(a), median(b))
    })
}

fn percentiles(mut resample: impl FnMut() -> (f64, f64)) -> Option<(f64, f64)> {
    // A difference of two infinite medians may be anything.
    let (mut least, mut most) = (Vec::new(), Vec::new());
    for _ in 0..RESAMPLES {
        let (a, b) = resample();
        let difference = b - a;
        let unknown = difference.is_nan();
        least.push(if unknown {
            f64::NEG_INFINITY
        } else {
            difference
        });
        most.push(if unknown { f64::INFINITY } else { difference });
    }
    least.sort_by(f64::total_cmp);
    most.sort_by(f64::total_cmp);
    let (low, high) = (least[BEYOND], most[RESAMPLES - 1 - BEYOND]);
    (low.is_finite() || high.is_finite() || low == high).then_some((low, high))
}

/// The median of a sample, not empty, whose values may be infinite; infinite if
/// the upper of the two middle ones is. Leaves them in another order.
pub fn median(values: &mut [f64]) -> f64 {
    let half = values.len() / 2;
    let is_odd = values.len() % 2 == 1;
    let (below, &mut upper, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    if is_odd || upper.is_infinite() {
        return upper;
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    lower + 0.5 * (upper - lower)
}

#[cfg(test)]
mod tests {
    use super::super::{is_close, random};
    use super::*;

    #[test]
    fn medians_by_hand() {
        for (values, want) in [
            (&[7.0][..], 7.0),
            (&[3.0, 1.0], 2.0),
            (&[5.0, 1.0, 3.0], 3.0),
            (&[4.0, 1.0, 2.0, 3.0], 2.5),
            (&[f64::INFINITY, 1.0, 2.0], 2.0),
            (&[f64::INFINITY, 1.0, f64::INFINITY], f64::INFINITY),
            (&[1.0, f64::INFINITY], f64::INFINITY),
        ] {
            assert_eq!(median(&mut values.to_vec()), want, "{values:?}");
        }
    }

    #[test]
    fn what_is_always_so_has_no_width() {
        let pairs = [(1.0, 3.0), (5.0, 7.0), (2.0, 4.0)].repeat(4);
        // A median of pairs that all differ by 2 differs by 2.
        assert_eq!(paired_medians(&pairs, random(1)), Some((2.0, 2.0)));
        assert_eq!(medians(&[1.0; 5], &[1.5; 9], random(1)), Some((0.5, 0.5)));
        assert_eq!(paired_medians(&[], random(1)), None);
        assert_eq!(medians(&[], &[1.0], random(1)), None);
    }

    #[test]
    fn infinite_values_open_the_interval_and_too_many_leave_none() {
        let never = f64::INFINITY;
        let pairs = |missing: usize| {
            let pair = |i: usize| (i as f64, if i < missing { never } else { 10.0 + i as f64 });
            (0..40).map(pair).collect::<Vec<_>>()
        };
        let (low, high) = paired_medians(&pairs(4), random(1)).unwrap();
        assert!(10.0 <= low && low < high && high < 25.0, "{low} {high}");
        let (low, high) = paired_medians(&pairs(19), random(1)).unwrap();
        assert!((10.0..30.0).contains(&low) && high == never, "{low} {high}");
        let ends = paired_medians(&pairs(40), random(1));
        assert_eq!(ends, Some((never, never)));
        assert_eq!(paired_medians(&[(never, never); 9], random(1)), None);
    }

    /// 400 pairs of samples of 40 whose medians are 1 apart: the interval holds
    /// 1 in all but about 20. A percentile interval of a median covers a little
    /// more, the difference of two more yet: 370 to 400 are 4.5 standard
    /// errors (of 4.4) below 390.
    #[test]
    fn covers_as_often_as_it_says() {
        let mut draws = random(7);
        let mut value = || f64::from(draws(1 << 30)) / f64::from(1u32 << 30);
        let mut covered = 0;
        for seed in 0..400 {
            let a: Vec<f64> = (0..40).map(|_| value()).collect();
            let b: Vec<f64> = (0..40).map(|_| 1.0 + value()).collect();
            let (low, high) = medians(&a, &b, random(seed)).unwrap();
            covered += u32::from(low <= 1.0 && 1.0 <= high);
        }
        assert!((370..400).contains(&covered), "{covered}");
    }

    /// The ends are those of the exact law of the resampled median: for an odd
    /// count n its i-th value (from 0) is at least that with P(B > n / 2), B
    /// binomial of n and the share of values from i on.
    #[test]
    fn ends_are_those_of_the_exact_law() {
        use super::super::tails::binomial_tail_upper;
        let values: Vec<f64> = (0..25).map(f64::from).collect();
        let at_least = |i: usize| binomial_tail_upper(13, 25, (25 - i) as f64 / 25.0);
        let low = (0..25).rfind(|i| at_least(*i) >= 0.975).unwrap() as f64;
        let high = (0..25).rfind(|i| at_least(*i) >= 0.025).unwrap() as f64;
        let (got_low, got_high) = medians(&[0.0], &values, random(3)).unwrap();
        assert!((got_low - low).abs() <= 1.0 && (got_high - high).abs() <= 1.0);
        assert!(is_close(low + high, 24.0, 1e-12), "{low} {high}");
    }
}
