//! Who calls whom: what one caller's calls of one cycle do to one node, or to
//! two, on a complete graph. Both contact models are built from this.

/// How the targets of one cycle's calls are drawn from the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Targets {
    /// No target twice, every set of targets equally likely.
    Distinct,
    /// Each target on its own; one drawn twice is called twice, and each of
    /// the two calls is lost on its own.
    WithReplacement,
}

/// The calls that every node makes in each cycle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calls {
    /// Number of nodes n, at least 1.
    pub nodes: u64,
    /// Calls per node and cycle m, at least 0; with distinct targets at most
    /// `pool` (not checked where there is one node, which calls nobody).
    pub fanout: u64,
    /// Size of the pool b that targets are drawn from: n - 1 where a node
    /// draws from the others, n where it may draw itself. A draw of itself is
    /// a call spent; it contacts nobody.
    pub pool: u64,
    /// With or without replacement.
    pub targets: Targets,
    /// Probability q that a call is lost, 0 to 1, independently.
    pub loss: f64,
}

impl Calls {
    /// Calls to distinct others.
    pub fn to_others(nodes: u64, fanout: u64, loss: f64) -> Calls {
        Calls {
            nodes,
            fanout,
            pool: nodes - 1,
            targets: Targets::Distinct,
            loss,
        }
    }

    /// Stops on our own mistakes: users' input is checked before it is here.
    pub(super) fn check(&self) {
        let Calls { nodes, pool, .. } = *self;
        assert!(nodes >= 1, "at least one node");
        assert!(pool + 1 == nodes || pool == nodes, "a pool of n - 1 or n");
        assert!((0.0..=1.0).contains(&self.loss), "loss is a probability");
        let fits = self.targets == Targets::WithReplacement || self.fanout <= pool;
        assert!(
            fits || nodes == 1,
            "distinct targets need a large enough pool"
        );
    }

    /// ln of the probability that one caller's calls of one cycle all miss a
    /// given other node: 1 - m(1-q)/b, or (1 - (1-q)/b)^m with replacement.
    /// For two nodes or more.
    pub(super) fn log_miss(&self) -> f64 {
        match self.targets {
            Targets::Distinct => log_miss_of_set(self.fanout, self.pool, self.loss),
            Targets::WithReplacement if self.fanout == 0 => 0.0,
            Targets::WithReplacement => {
                self.fanout as f64 * log_miss_of_set(1, self.pool, self.loss)
            }
        }
    }

    /// Probability that one caller's calls of one cycle reach a given other
    /// node at least once. For two nodes or more.
    pub(super) fn reach(&self) -> f64 {
        match self.targets {
            Targets::Distinct => self.fanout as f64 * (1.0 - self.loss) / self.pool as f64,
            Targets::WithReplacement => one_minus_exp(self.log_miss()),
        }
    }
}

/// ln(1 - m(1-q)/b), without cancellation where all but a few are called.
fn log_miss_of_set(fanout: u64, pool: u64, loss: f64) -> f64 {
    let (m, b) = (fanout as f64, pool as f64);
    let reach = m * (1.0 - loss) / b;
    if reach <= 0.5 {
        libm::log1p(-reach)
    } else {
        libm::log(((pool - fanout) as f64 + m * loss) / b)
    }
}

/// 1 - e^x for x <= 0, without cancellation; 0 rather than -0 at 0.
pub(super) fn one_minus_exp(x: f64) -> f64 {
    libm::expm1(x).abs()
}

/// Var U of the number U of uncontacted nodes, n P0 (1-P0) + n(n-1)
/// (P_uv - P0^2), from ln P0, a node's probability of being uncontacted, and
/// ln(P_uv / P0^2), P_uv being that of two given nodes. The difference is
/// never formed: `expm1` of the second logarithm gives it with all digits.
pub(super) fn variance_of_uncontacted(nodes: u64, log_p0: f64, log_ratio: f64) -> f64 {
    let n = nodes as f64;
    let p0 = libm::exp(log_p0);
    let alone = one_minus_exp(log_p0);
    let covariance_per_p0 = if log_ratio < 1.0 {
        p0 * libm::expm1(log_ratio)
    } else {
        // e^log_ratio alone may overflow; e^(log_p0 + log_ratio) is at most 1.
        libm::exp(log_p0 + log_ratio) - p0
    };
    (n * p0 * (alone + (n - 1.0) * covariance_per_p0)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::super::enumeration::{Round, small_cases};
    use super::*;

    #[test]
    fn reach_and_miss_agree_with_an_enumeration() {
        for calls in small_cases() {
            let missed = Round::of_one_caller(&calls, 1).misses(0b1);
            assert!((libm::exp(calls.log_miss()) - missed).abs() < 1e-13);
            assert!((calls.reach() - (1.0 - missed)).abs() < 1e-13);
        }
    }

    #[test]
    fn a_pair_may_be_uncontacted_far_more_often_than_two_alone() {
        // P_uv = P0 = e^-1000: all or none are called; e^1000 would overflow.
        assert_eq!(variance_of_uncontacted(1000, -1000.0, 1000.0), 0.0);
        // All or none of 10 nodes, with even chances: U is 0 or 10.
        let log_half = libm::log(0.5);
        let variance = variance_of_uncontacted(10, log_half, -log_half);
        assert!((variance - 25.0).abs() < 1e-13);
    }
}
