//! Infect and die: each informed node sends the rumor to m peers, once, and is
//! silent ever after. The whole law of the final number of informed nodes.
//!
//! Assumes: complete graph, no faults, a node draws its targets by one of the
//! four samplings, losses independent. Nothing else: what a node sends does not
//! depend on what others do, so that the law holds under every clock and for
//! every latency. Unit: nodes. Range: loss 0 to 1; [`is_practical`] says how
//! many nodes.
//!
//! Source: elementary (a reachable set of a random directed graph, found node
//! by node). The nodes send one after another; each tells some of those still
//! untold (`pushing`: hypergeometric, thinned by loss), and when as many have
//! sent as are informed, it is over. Masses below 1e-24 at the ends of a law are
//! dropped, in all less than 1e-15.

use super::calls::Calls;
use super::final_law::FinalLaw;
use super::pushing::{Pushing, Window};

/// What is left when nobody spreads any more.
pub struct Reach {
    law: FinalLaw,
    dropped: f64,
}

impl Reach {
    /// Walks the nodes, in time that [`work`] foretells. Sources: 1 to n.
    pub fn new(calls: &Calls, sources: u64) -> Reach {
        calls.check();
        let nodes = calls.nodes;
        assert!((1..=nodes).contains(&sources), "from one source to all");
        let most = (nodes - sources) as usize;
        let pushing = Pushing::new(calls, most);
        let mut now = Window::empty(most);
        let mut spare = Window::empty(most);
        now.put(most, 1.0, 0.0);
        let mut mass = vec![0.0; most + 1];
        for sent in 1..=nodes {
            for _ in 0..pushing.times {
                pushing.step(&now, &mut spare);
                std::mem::swap(&mut now, &mut spare);
                now.trim();
            }
            // All that are informed have sent: no more than these are left.
            let over = (nodes - sent) as usize;
            if now.low < now.high && now.high == over + 1 {
                mass[over] = now.mass[over];
                now.high = over;
            }
        }
        Reach {
            law: FinalLaw::new(nodes, mass),
            dropped: now.trimmed + spare.trimmed,
        }
    }

    /// How many are informed.
    pub fn law(&self) -> &FinalLaw {
        &self.law
    }

    /// The same, to keep.
    pub fn into_law(self) -> FinalLaw {
        self.law
    }

    /// The probability that was dropped in all.
    pub fn dropped(&self) -> f64 {
        self.dropped
    }
}

/// e^(-e^(-c)), c = m - ln n: the limit of the probability that all are informed.
///
/// Source: A.-M. Kermarrec, L. Massoulie, A. Ganesh, Probabilistic reliable
/// dissemination in large-scale systems, IEEE Trans. Parallel Distrib. Syst. 14
/// (2003) 248-258: with a mean fanout of ln n + c + o(1) it tends to this as n
/// tends to infinity, proved there for the random directed graph in which each
/// arc is present independently. Here each node has exactly m targets, so that
/// the last c is set by the whole number m: at n = 1000, m = 7 the limit is .4018
/// and the exact value .4098; at m = 9 .8839 and .8883.
pub fn all_informed_limit(nodes: u64, mean_fanout: f64) -> f64 {
    let n = nodes as f64;
    libm::exp(-n * libm::exp(-mean_fanout))
}

/// About how many nanoseconds the walk takes on a common core: an estimate to
/// decide by, the same on every machine.
pub fn work(calls: &Calls) -> f64 {
    let (n, m) = (calls.nodes as f64, calls.fanout as f64);
    let bands = 1.0 + m.min(8.0 * m.sqrt());
    0.15 * n * bands * n.min(20.0 * n.sqrt())
}

/// The greatest [`work`] for which the walk is worth its time: a second or two.
pub const WORK_MAX: f64 = 2e9;

/// Is the walk worth its time? At a fanout of 10 up to some 150,000 nodes.
pub fn is_practical(calls: &Calls) -> bool {
    work(calls) <= WORK_MAX
}

#[cfg(test)]
mod tests {
    use super::super::calls::Targets;
    use super::super::enumeration::{Round, small_cases};
    use super::super::final_size::final_size;
    use super::super::is_close;
    use super::*;
    use std::collections::BTreeMap;

    fn others(nodes: u64, fanout: u64, loss: f64) -> Calls {
        Calls::to_others(nodes, fanout, loss)
    }

    #[test]
    fn a_thousand_nodes_to_the_published_digits() {
        for (fanout, exact, limit) in [(7, "0.409832", "0.4018"), (9, "0.888314", "0.8839")] {
            let reach = Reach::new(&others(1000, fanout, 0.0), 1);
            assert_eq!(format!("{:.6}", reach.law().all_informed()), exact);
            let got = all_informed_limit(1000, fanout as f64);
            assert_eq!(format!("{got:.4}"), limit);
            assert!(reach.dropped() < 1e-15);
        }
    }

    #[test]
    fn three_nodes_by_hand() {
        // The second to know is told at once; it hits the third or not.
        let reach = Reach::new(&others(3, 1, 0.0), 1);
        let law: Vec<(u64, f64)> = reach.law().probabilities().collect();
        assert_eq!(law, [(1, 0.0), (2, 0.5), (3, 0.5)]);
        assert!(is_close(reach.law().residue().mean, 1.0 / 6.0, 1e-15));
        assert_eq!(Reach::new(&others(3, 2, 0.0), 1).law().all_informed(), 1.0);
        let mute = Reach::new(&others(3, 2, 1.0), 1);
        assert_eq!(
            (mute.law().informed().mean, mute.law().informed().variance),
            (1.0, 0.0)
        );
        assert_eq!(Reach::new(&others(1, 0, 0.0), 1).law().all_informed(), 1.0);
        assert_eq!(Reach::new(&others(4, 1, 0.0), 4).law().all_informed(), 1.0);
    }

    /// The law by synchronous rounds: all whose turn it is send at once.
    fn enumerate(calls: &Calls, sources: u64) -> Vec<f64> {
        let n = calls.nodes;
        let callers: Vec<Round> = (0..n).map(|i| Round::of_one_caller(calls, i)).collect();
        let first = (1usize << sources) - 1;
        let mut states = BTreeMap::from([((first, first), 1.0)]);
        let mut law = vec![0.0; n as usize + 1];
        while !states.is_empty() {
            let mut next = BTreeMap::new();
            for ((informed, turn), p) in states {
                if turn == 0 {
                    law[informed.count_ones() as usize] += p;
                    continue;
                }
                let senders = (0..n as usize).filter(|i| turn >> i & 1 == 1);
                let told = senders.fold(Round::of_nobody(n), |all, i| all.and(&callers[i]));
                for (set, q) in told.sets().filter(|(_, q)| *q > 0.0) {
                    let key = (informed | set, set & !informed);
                    *next.entry(key).or_insert(0.0) += p * q;
                }
            }
            states = next;
        }
        law
    }

    #[test]
    fn agrees_with_an_enumeration_in_rounds() {
        for calls in small_cases().into_iter().filter(|calls| calls.nodes <= 4) {
            for sources in [1, 2] {
                let want = enumerate(&calls, sources);
                for (informed, p) in Reach::new(&calls, sources).law().probabilities() {
                    let want = want[informed as usize];
                    assert!((p - want).abs() < 1e-12, "{calls:?} {sources} {informed}");
                }
            }
        }
    }

    #[test]
    fn many_nodes_tend_to_the_final_size() {
        for fanout in [2, 4] {
            let off = |nodes| {
                let reach = Reach::new(&others(nodes, fanout, 0.0), 1);
                reach.law().residue().mean - final_size(1.0, fanout as f64)
            };
            let (near, far) = (off(8000), off(1000));
            assert!(is_close(near, far / 8.0, 0.3), "{fanout} {near} {far}");
        }
    }

    #[test]
    fn it_is_the_blind_counter_where_targets_are_drawn_each_on_their_own() {
        use super::super::rumor_mongering::{Ending, Mongering, Stopping};
        for (nodes, fanout, loss) in [(50, 1, 0.0), (200, 3, 0.2), (1000, 2, 0.0)] {
            let calls = Calls {
                targets: Targets::WithReplacement,
                ..others(nodes, fanout, loss)
            };
            let blind = Ending::new(&Mongering {
                stopping: Stopping::BlindCounter,
                k: fanout,
                nodes,
                sources: 1,
                loss,
            });
            let reach = Reach::new(&calls, 1);
            for ((i, p), (j, q)) in reach.law().probabilities().zip(blind.law().probabilities()) {
                assert!(i == j && (p - q).abs() < 1e-12, "{calls:?} {i} {p} {q}");
            }
        }
    }
}
