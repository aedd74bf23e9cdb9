//! What spreads, and how: the parameters that the spreading models share.

use super::Calls;
use super::calls::{Targets, one_minus_exp};
use super::masses::hypergeometric;

/// Who tells whom in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exchange {
    /// The caller tells the callee; only informed callers matter.
    Push,
    /// The callee tells the caller by a reply; only uninformed callers matter.
    Pull,
    /// Everybody calls: the call tells the callee, the reply the caller.
    PushPull,
}

/// One rumor on a complete graph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Who tells whom.
    pub exchange: Exchange,
    /// The calls of a node in a cycle. `loss` is that of every message: a call
    /// arrives with 1 - q, call and reply both with (1-q)^2.
    pub calls: Calls,
    /// Nodes that hold the rumor at time 0: 1 to n.
    pub sources: u64,
}

impl Spread {
    /// Stops on our own mistakes: users' input is checked before it is here.
    pub(super) fn check(&self) {
        self.calls.check();
        let Calls { nodes, fanout, .. } = self.calls;
        assert!(
            (1..=nodes).contains(&self.sources),
            "from one source to all"
        );
        assert!(fanout >= 1 || nodes == 1, "at least one call a cycle");
    }

    /// Does a call tell the callee?
    pub(super) fn pushes(&self) -> bool {
        self.exchange != Exchange::Pull
    }

    /// Does a reply tell the caller?
    pub(super) fn pulls(&self) -> bool {
        self.exchange != Exchange::Push
    }

    /// Nobody can learn the rumor who does not hold it.
    pub(super) fn is_mute(&self) -> bool {
        self.calls.loss >= 1.0
    }

    /// The calls of one node in a cycle that go to others: expected.
    pub(super) fn calls_to_others(&self) -> f64 {
        let Calls {
            nodes,
            fanout,
            pool,
            ..
        } = self.calls;
        match nodes {
            1 => 0.0,
            _ => fanout as f64 * ((nodes - 1) as f64 / pool as f64),
        }
    }

    /// The probabilities that an uninformed node's own calls of one cycle bring
    /// it the rumor, and that they do not, when `informed` others hold it.
    pub(super) fn by_own_calls(&self, informed: u64) -> (f64, f64) {
        let Calls {
            fanout, pool, loss, ..
        } = self.calls;
        if !self.pulls() || fanout == 0 || self.is_mute() {
            return (0.0, 1.0);
        }
        let log_fails = libm::log1p(-(1.0 - loss) * (1.0 - loss));
        // ln of the chance that one of so many independent tries all fail.
        let fail = |tries: f64, log_fail: f64| match tries > 0.0 {
            true => tries * log_fail,
            false => 0.0,
        };
        if self.calls.targets == Targets::WithReplacement {
            let reach = (1.0 - loss) * (1.0 - loss) * informed as f64 / pool as f64;
            let none = fail(fanout as f64, libm::log1p(-reach));
            return (one_minus_exp(none), libm::exp(none));
        }
        let callees = hypergeometric(pool as usize, informed as usize, fanout as usize);
        let (mut told, mut untold) = (0.0, 0.0);
        for (informed_callees, p) in callees.iter() {
            let none = fail(informed_callees as f64, log_fails);
            told += p * one_minus_exp(none);
            untold += p * libm::exp(none);
        }
        (told, untold)
    }
}

/// Mean and variance of a quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// The expectation.
    pub mean: f64,
    /// The variance.
    pub variance: f64,
}

impl Moments {
    /// The standard deviation.
    pub fn sd(&self) -> f64 {
        self.variance.max(0.0).sqrt()
    }

    /// Of the quantity times `factor`.
    pub fn times(self, factor: f64) -> Moments {
        Moments {
            mean: self.mean * factor,
            variance: self.variance * factor * factor,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::enumeration::{Round, small_cases};
    use super::*;

    #[test]
    fn own_calls_agree_with_an_enumeration() {
        for calls in small_cases() {
            let spread = Spread {
                exchange: Exchange::Pull,
                calls,
                sources: 1,
            };
            // A call whose request or reply is lost is as good as a lost call.
            let loss = 1.0 - (1.0 - calls.loss) * (1.0 - calls.loss);
            let round = Round::of_one_caller(&Calls { loss, ..calls }, 0);
            for informed in 1..calls.nodes {
                let (told, untold) = spread.by_own_calls(informed);
                let those = (1 << (informed + 1)) - 2;
                assert!((untold - round.misses(those)).abs() < 1e-13);
                assert!((told + untold - 1.0).abs() < 1e-13);
            }
        }
    }

    #[test]
    fn a_draw_of_itself_is_no_call() {
        let of = |pool| Spread {
            exchange: Exchange::Push,
            calls: Calls {
                nodes: 10,
                fanout: 2,
                pool,
                targets: Targets::Distinct,
                loss: 0.0,
            },
            sources: 1,
        };
        assert_eq!(of(9).calls_to_others(), 2.0);
        assert_eq!(of(10).calls_to_others(), 1.8);
    }
}
