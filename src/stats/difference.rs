//! How far the means of two samples are apart, and how sure that is.

use super::student;
use super::summary::Summary;

/// Mean of b less mean of a, in the values' unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The difference of the means.
    pub mean: f64,
    /// Its 95 % interval; `None` if there are too few values for one.
    pub ci95: Option<(f64, f64)>,
}

/// The mean of the differences b - a of pairs, with Student's interval (from 2
/// pairs on); `None` without a pair. What both members share drops out.
pub fn paired(pairs: &[(f64, f64)]) -> Option<Difference> {
    let differences: Vec<f64> = pairs.iter().map(|(a, b)| b - a).collect();
    let summary = Summary::of(&differences)?;
    Some(Difference {
        mean: summary.mean,
        ci95: summary.ci95,
    })
}

/// The difference of the means of two independent samples, with Welch's
/// interval (from 2 values each on); `None` if one is empty.
///
/// Source: B. L. Welch, Biometrika 34 (1947) 28-35, equation 28: a t law with
/// (u + v)^2 / (u^2 / (n_a - 1) + v^2 / (n_b - 1)) degrees of freedom, u and v
/// the squared standard errors of the two means.
pub fn welch(a: &[f64], b: &[f64]) -> Option<Difference> {
    let (of_a, of_b) = (Summary::of(a)?, Summary::of(b)?);
    let mean = of_b.mean - of_a.mean;
    let ci95 = se_and_freedom(&of_a, &of_b).map(|(se, freedom)| {
        if se == 0.0 {
            return (mean, mean);
        }
        let half = student::quantile(0.975, freedom) * se;
        (mean - half, mean + half)
    });
    Some(Difference { mean, ci95 })
}

/// The standard error of the difference of two means, and its degrees of
/// freedom, at least 1; `None` below 2 values each.
pub(super) fn se_and_freedom(a: &Summary, b: &Summary) -> Option<(f64, f64)> {
    let (se_a, se_b) = a.se.zip(b.se)?;
    let (u, v) = (se_a * se_a, se_b * se_b);
    if u + v == 0.0 {
        return Some((0.0, 1.0));
    }
    // From the shares of u and v, whose squares can't underflow.
    let (u, v, se) = (u / (u + v), v / (u + v), (u + v).sqrt());
    let freedom = |share: f64, count: usize| share * share / (count - 1) as f64;
    let df = 1.0 / (freedom(u, a.count) + freedom(v, b.count));
    Some((se, df.max(1.0)))
}

#[cfg(test)]
mod tests {
    use super::super::is_close;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn too_few_values() {
        assert_eq!(paired(&[]), None);
        assert_eq!(welch(&[], &[1.0]), None);
        let alone = Difference {
            mean: 2.0,
            ci95: None,
        };
        assert_eq!(paired(&[(1.0, 3.0)]), Some(alone));
        assert_eq!(welch(&[1.0], &[2.0, 4.0]).unwrap().ci95, None);
    }

    #[test]
    fn two_pairs_by_hand() {
        // Differences 1 and 3: mean 2, se 1, t(0.975, 1) = 12.706...
        let d = paired(&[(5.0, 6.0), (10.0, 13.0)]).unwrap();
        let (low, high) = d.ci95.unwrap();
        assert_eq!(d.mean, 2.0);
        assert!(is_close(high, 2.0 + 12.706_204_736_174_705, 1e-12));
        assert!(is_close(low, 2.0 - 12.706_204_736_174_705, 1e-12));
    }

    #[test]
    fn equal_counts_and_spreads_have_all_degrees() {
        // Twice 1, 2, 3: u = v = 1/3, df = 4, t = 2.776445105197793.
        let d = welch(&[1.0, 2.0, 3.0], &[2.0, 3.0, 4.0]).unwrap();
        let half = 2.776_445_105_197_793 * (2.0_f64 / 3.0).sqrt();
        let (low, high) = d.ci95.unwrap();
        assert_eq!(d.mean, 1.0);
        assert!(is_close(high, 1.0 + half, 1e-12) && is_close(low, 1.0 - half, 1e-12));
    }

    #[test]
    fn a_constant_sample_leaves_the_others_degrees() {
        // u = 0: the t interval of b alone, df = 4.
        let d = welch(&[1.0, 1.0], &[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        let alone = Summary::of(&[1.0, 2.0, 3.0, 4.0, 5.0])
            .unwrap()
            .ci95
            .unwrap();
        assert!(is_close(d.ci95.unwrap().0, alone.0 - 1.0, 1e-12));
        assert_eq!(welch(&[1.0; 3], &[1.5; 4]).unwrap().ci95, Some((0.5, 0.5)));
    }

    proptest! {
        #[test]
        fn turning_the_sides_turns_the_interval(
            a in proptest::collection::vec(-1e3..1e3, 2..30),
            b in proptest::collection::vec(-1e3..1e3, 2..30),
        ) {
            let (one, two) = (welch(&a, &b).unwrap(), welch(&b, &a).unwrap());
            let (low, high) = one.ci95.unwrap();
            prop_assert!(low <= one.mean && one.mean <= high);
            prop_assert_eq!(two.mean, -one.mean);
            prop_assert!((two.ci95.unwrap().0 + high).abs() < 1e-9);
        }
    }
}
