//! A law of the number of informed nodes at one point in time, in numbers.

use super::masses::Masses;

/// The number of nodes informed at a point in time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// The point in time, in rounds or periods from 0.
    pub round: f64,
    /// The expected number.
    pub mean: f64,
    /// Its standard deviation.
    pub sd: f64,
    /// The quantiles .1, .5 and .9: the least number that is not exceeded with
    /// at least this probability.
    pub quantiles: [u64; 3],
    /// The probabilities of at least as many as were asked for.
    pub within: [f64; 3],
}

impl CurvePoint {
    /// From the law of the number of uninformed nodes.
    pub(super) fn of_untold(round: f64, nodes: u64, untold: &Masses, goals: [u64; 3]) -> Self {
        let total = untold.from(0);
        let mean = untold.mean() / total;
        // As many uninformed as leave no more informed than that.
        let quantile = |p: f64| {
            let mut left = 0.0;
            let above = untold.iter().rev().find(|(_, mass)| {
                left += mass;
                // Rounding is not to decide where the law has a jump.
                left >= p * total * (1.0 - 1e-12)
            });
            nodes - above.map_or(untold.first, |(number, _)| number) as u64
        };
        let at_least = |goal: u64| {
            let too_many = (nodes - goal) as usize + 1;
            // From the side of the few, where it is nearly sure.
            (1.0 - untold.from(too_many) / total).max(0.0)
        };
        CurvePoint {
            round,
            mean: nodes as f64 - mean,
            sd: (untold.squares_about(mean) / total).sqrt(),
            quantiles: [0.1, 0.5, 0.9].map(quantile),
            within: goals.map(at_least),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_states_by_hand() {
        // Of 10 nodes 7 know, or with one chance in four 4.
        let untold = Masses {
            first: 3,
            mass: vec![0.75, 0.0, 0.0, 0.25],
        };
        let point = CurvePoint::of_untold(2.0, 10, &untold, [4, 5, 8]);
        assert_eq!((point.round, point.mean), (2.0, 6.25));
        assert_eq!((point.sd, point.quantiles), (1.6875f64.sqrt(), [4, 7, 7]));
        assert_eq!(point.within, [1.0, 0.75, 0.0]);
        let sure = CurvePoint::of_untold(0.0, 10, &Masses::at(9), [1, 2, 10]);
        assert_eq!((sure.mean, sure.sd, sure.quantiles), (1.0, 0.0, [1, 1, 1]));
        assert_eq!(sure.within, [1.0, 0.0, 0.0]);
    }

    #[test]
    fn a_quantile_at_a_jump_is_the_lower() {
        let untold = Masses {
            first: 0,
            mass: vec![0.3 + 0.2, 0.1 + 0.4],
        };
        let point = CurvePoint::of_untold(0.0, 2, &untold, [1, 1, 2]);
        assert_eq!(point.quantiles, [1, 1, 2]);
    }
}
