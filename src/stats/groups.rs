//! Has a sample two groups with nothing between them?

/// Values needed to say so.
const COUNT_MIN: usize = 20;

/// A group holds at least so many values, and one in so many of all.
const HUMP_MIN: usize = 3;
const HUMP_PART: usize = 50;

/// Two groups of values, far apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TwoGroups {
    /// Values in the lower one.
    pub lower: usize,
    /// The greatest of them.
    pub lower_max: f64,
    /// The least value of the upper one.
    pub upper_min: f64,
}

/// The two groups of a sorted sample of at least 20 values: the widest gap
/// between two neighbours, if it is wider than both groups together (half of the
/// range), at least `gap_min`, and leaves at least 3 values, and 2 % of all, on
/// either side.
///
/// A rule of thumb, made to be silent where there is one group. Of 40,000 samples
/// of 20 values it called two groups 3 (uniform), 1 (normal), 61 (exponential) and
/// 49 (lognormal); of 40 values 0, 0, 4 and 17; of 200 values none. (For n uniform
/// values the probability is below n / 2^(n-2).) Values on a grid (whole numbers
/// of rounds) may all be two neighbours: hence `gap_min`.
pub fn two_groups(sorted: &[f64], gap_min: f64) -> Option<TwoGroups> {
    debug_assert!(sorted.is_sorted(), "the sample must be sorted");
    let count = sorted.len();
    if count < COUNT_MIN {
        return None;
    }
    let range = sorted[count - 1] - sorted[0];
    let side = HUMP_MIN.max(count.div_ceil(HUMP_PART));
    let gap = |lower: usize| sorted[lower] - sorted[lower - 1];
    let lower = (side..=count - side).max_by(|a, b| gap(*a).total_cmp(&gap(*b)))?;
    (gap(lower) > 0.5 * range && gap(lower) >= gap_min).then(|| TwoGroups {
        lower,
        lower_max: sorted[lower - 1],
        upper_min: sorted[lower],
    })
}

#[cfg(test)]
mod tests {
    use super::super::{quantile, random};
    use super::*;

    #[test]
    fn die_outs_are_seen() {
        let mut sample = vec![0.01, 0.01, 0.02];
        sample.extend((0..17).map(|i| 0.8 + 0.01 * f64::from(i)));
        let groups = TwoGroups {
            lower: 3,
            lower_max: 0.02,
            upper_min: 0.8,
        };
        assert_eq!(two_groups(&sample, 0.1), Some(groups));
        assert_eq!(two_groups(&sample, 0.9), None, "the gap is too small");
        assert_eq!(two_groups(&sample[1..], 0.1), None, "too few values");
        sample[2] = 0.4;
        assert_eq!(two_groups(&sample, 0.1), None, "only two died early");
        let mut upper = vec![0.0; 60];
        upper.extend([1.0; 3]);
        assert_eq!(two_groups(&upper, 0.1).map(|groups| groups.lower), Some(60));
        upper.splice(0..0, [0.0; 90]);
        assert_eq!(two_groups(&upper, 0.1), None, "3 of 153 are no group");
    }

    #[test]
    fn equal_values_have_one_group() {
        assert_eq!(two_groups(&[1.0; 40], 0.0), None);
    }

    /// Of 4000 samples, at n = 20 about 0.3 uniform and normal ones are called
    /// two groups, and 6 of the skewed laws; fewer at n = 40, about none at 200.
    /// By Poisson's law more than these are refused once in 10,000 times.
    #[test]
    fn one_group_is_left_alone() {
        let mut draw = random(1);
        let mut unit = move || (f64::from(draw(u32::MAX)) + 0.5) / f64::from(u32::MAX);
        let exponential = |u: f64| -libm::log(u);
        let normal = |u: f64, v: f64| exponential(u).sqrt() * libm::cos(std::f64::consts::TAU * v);
        type Law<'a> = (&'a str, [u32; 3], &'a dyn Fn(f64, f64) -> f64);
        let laws: [Law; 4] = [
            ("uniform", [4, 1, 0], &|u, _| u),
            ("normal", [4, 1, 0], &normal),
            ("exponential", [18, 5, 0], &|u, _| exponential(u)),
            ("lognormal", [18, 9, 0], &|u, v| libm::exp(normal(u, v))),
        ];
        for (name, most, law) in laws {
            for (count, most) in [20, 40, 200].into_iter().zip(most) {
                let mut found = 0;
                for _ in 0..4000 {
                    let values: Vec<f64> = (0..count).map(|_| law(unit(), unit())).collect();
                    let groups = two_groups(&quantile::sorted(&values), 0.0);
                    found += u32::from(groups.is_some());
                }
                assert!(found <= most, "{name} {count}: {found}");
            }
        }
    }
}
