//! **Approximate**: synchronous push, pull and push-pull as a recurrence on the
//! number of informed nodes that takes each round's expectation for what happens.
//!
//! i' = n - (n-i) (1 - m(1-q)/b)^i (1 - i(1-q)^2/b)^m, the second factor for
//! push and push-pull, the third for pull and push-pull; i is a real number.
//! With replacement the second is (1 - (1-q)/b)^(m i).
//!
//! Source: A. Demers et al., PODC 1987, section 1.3 (p' = p (1 - 1/n)^(n(1-p))
//! for push, p' = p^2 for pull). Assumes what [`super::spread_chain`] does, and
//! that chance does not matter, which it does: in the first rounds, where one
//! call decides, and for the last nodes. Example: n = 1000, m = 1, losses up to
//! 0.5: within three rounds of the exact means to 50 %, 99 % and all (one without
//! loss), not always on the same side, and without their spread. Use the chain
//! where it is practical. Unit: nodes and rounds. Range: loss < 1.

use super::calls::Calls;
use super::spread::Spread;

/// The recurrence ends here, whatever is reached.
const ROUNDS_MAX: usize = 1_000_000;

/// The number of informed nodes after each round from 0, until less than half a
/// node is uninformed.
pub fn approximate_curve(spread: &Spread) -> Vec<f64> {
    spread.check();
    let nodes = spread.calls.nodes as f64;
    let mut untold = nodes - spread.sources as f64;
    let mut curve = vec![nodes - untold];
    while untold >= 0.5 && !spread.is_mute() && curve.len() <= ROUNDS_MAX {
        untold *= libm::exp(log_left(spread, nodes - untold));
        curve.push(nodes - untold);
    }
    curve
}

/// The first round after which the curve is within half a node of `count`;
/// none if it never is.
pub fn approximate_rounds_to(curve: &[f64], count: u64) -> Option<u64> {
    let least = count as f64 - 0.5;
    curve.iter().position(|i| *i >= least).map(|t| t as u64)
}

/// ln of the share of the uninformed that a round with so many informed leaves.
fn log_left(spread: &Spread, informed: f64) -> f64 {
    let Calls {
        fanout, pool, loss, ..
    } = spread.calls;
    let mut log = 0.0;
    if spread.pushes() {
        log += informed * spread.calls.log_miss();
    }
    if spread.pulls() {
        let reach = informed * (1.0 - loss) * (1.0 - loss) / pool as f64;
        log += fanout as f64 * libm::log1p(-reach.min(1.0));
    }
    log
}

#[cfg(test)]
mod tests {
    use super::super::Exchange;
    use super::super::spread::Exchange::{Pull, Push, PushPull};
    use super::super::spread_chain::Chain;
    use super::*;

    fn spread(exchange: Exchange, nodes: u64, fanout: u64, loss: f64) -> Spread {
        Spread {
            exchange,
            calls: Calls::to_others(nodes, fanout, loss),
            sources: 1,
        }
    }

    #[test]
    fn a_round_by_hand() {
        // 4 nodes, one source. Push: 3 (2/3); pull: the same; both: 3 (2/3)^2.
        for (exchange, left) in [(Push, 2.0), (Pull, 2.0), (PushPull, 4.0 / 3.0)] {
            let curve = approximate_curve(&spread(exchange, 4, 1, 0.0));
            assert!((curve[0], (curve[1] - (4.0 - left)).abs() < 1e-14) == (1.0, true));
        }
    }

    #[test]
    fn it_is_near_the_chain_and_not_the_chain() {
        for exchange in [Push, Pull, PushPull] {
            for loss in [0.0, 0.2, 0.5] {
                let spread = spread(exchange, 1000, 1, loss);
                let (curve, chain) = (approximate_curve(&spread), Chain::new(&spread));
                for count in [500, 990, 1000] {
                    let approximate = approximate_rounds_to(&curve, count).unwrap() as f64;
                    let off = approximate - chain.rounds_to(count).moments().mean;
                    assert!(
                        off.abs() < if loss > 0.0 { 3.0 } else { 1.1 } && off != 0.0,
                        "{spread:?} {count} {off}"
                    );
                }
            }
        }
    }

    #[test]
    fn many_sources_leave_little_to_chance() {
        let spread = Spread {
            sources: 200,
            ..spread(PushPull, 2000, 2, 0.1)
        };
        let curve = approximate_curve(&spread);
        for (approximate, exact) in curve.iter().zip(Chain::new(&spread).curve([1; 3])) {
            assert!((approximate - exact.mean).abs() < 4.0);
        }
    }

    #[test]
    fn the_ends() {
        assert_eq!(approximate_curve(&spread(Push, 1, 1, 0.0)), [1.0]);
        let mute = approximate_curve(&spread(PushPull, 10, 1, 1.0));
        assert_eq!(mute, [1.0]);
        assert_eq!(approximate_rounds_to(&mute, 10), None);
        assert_eq!(approximate_curve(&spread(Push, 9, 8, 0.0)), [1.0, 9.0]);
    }
}
