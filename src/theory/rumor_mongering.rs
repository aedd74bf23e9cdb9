//! Rumor mongering by push whose contacts happen one after another: the whole
//! law of the final number of informed nodes, and mean and variance of the
//! messages sent until nobody spreads any more.
//!
//! Assumes: complete graph, no faults, each message goes to one uniform other
//! node, what it does is done before the next is sent, losses independent. With
//! feedback a reply says whether the message was needed; if the message or the
//! reply is lost, the sender counts nothing. A blind rule does not look at what
//! a message did, so its law holds whatever is under way at the same time: in
//! synchronous rounds, and with any latency. Unit: nodes, and messages. Range:
//! 2 nodes or more (one node sends nothing), k >= 1, loss < 1;
//! [`is_practical`] says how many nodes.
//!
//! Source: the rules are those of A. Demers et al., PODC 1987, section 1.4 (the
//! counter there is also reset by a needed contact: see [`Stopping`]); the law
//! is elementary. With i informed a message informs with a = (1-q)(n-i)/(n-1)
//! and is known to be unneeded with u = (1-q)^2 (i-1)/(n-1). Who sends it does
//! not matter: what all informed nodes have left to lose before they stop is
//! their number of steps in common, so that (i, steps lost) is a Markov chain,
//! over when all are lost:
//!
//! | rule | a step is lost by | with | steps |
//! | --- | --- | --- | --- |
//! | feedback, counter | an unneeded contact | u | k each |
//! | feedback, coin | an unneeded contact, and the coin | u/k | 1 each |
//! | blind, counter | a message | 1 | k each |
//! | blind, coin | a message, and the coin | 1/k | 1 each |
//!
//! The chain is walked row by row in i. All terms are positive; masses below
//! 1e-24 at the ends of a row are dropped, in all less than 1e-15.

use super::final_law::FinalLaw;
use super::spread::Moments;

/// Below this, the masses at the ends of a row are dropped.
const TRIM: f64 = 1e-24;

/// When a node loses interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stopping {
    /// After k unneeded contacts in all (not k in a row, as in Demers's tables,
    /// but for k = 1).
    FeedbackCumulative,
    /// After each unneeded contact with probability 1/k.
    FeedbackCoin,
    /// After k messages.
    BlindCounter,
    /// After each message with probability 1/k.
    BlindCoin,
}

impl Stopping {
    /// Does the sender not look at what came of its message?
    pub fn is_blind(self) -> bool {
        matches!(self, Stopping::BlindCounter | Stopping::BlindCoin)
    }
}

/// One rumor among nodes that lose interest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mongering {
    /// When a node loses interest.
    pub stopping: Stopping,
    /// Its parameter, at least 1.
    pub k: u64,
    /// Number of nodes n, at least 2.
    pub nodes: u64,
    /// Nodes that hold the rumor at time 0: 1 to n.
    pub sources: u64,
    /// Probability q that a message is lost, below 1; a reply likewise.
    pub loss: f64,
}

impl Mongering {
    /// Stops on our own mistakes: users' input is checked before it is here.
    fn check(&self) {
        assert!(self.nodes >= 2 && self.k >= 1, "two nodes, and a k");
        assert!(
            (1..=self.nodes).contains(&self.sources),
            "one source to all"
        );
        assert!((0.0..1.0).contains(&self.loss), "a loss of 1 may never end");
    }

    /// What a message does while so many are informed.
    fn message(&self, informed: u64) -> Message {
        let (n, i, k) = (self.nodes as f64, informed as f64, self.k as f64);
        let arrives = 1.0 - self.loss;
        let informs = arrives * (n - i) / (n - 1.0);
        let unneeded = arrives * arrives * (i - 1.0) / (n - 1.0);
        let (told, lost, both) = match self.stopping {
            Stopping::FeedbackCumulative => (informs, unneeded, 0.0),
            Stopping::FeedbackCoin => (informs, unneeded / k, 0.0),
            Stopping::BlindCounter => (0.0, 1.0 - informs, informs),
            Stopping::BlindCoin => (informs * (1.0 - 1.0 / k), (1.0 - informs) / k, informs / k),
        };
        let any = told + lost + both;
        Message {
            told: told / any,
            lost: lost / any,
            both: both / any,
            tries: 1.0 / any,
            tries_squared: (2.0 - any) / (any * any),
        }
    }

    /// How many steps so many informed nodes can lose.
    fn steps(&self, informed: u64) -> usize {
        let each = match self.stopping {
            Stopping::FeedbackCumulative | Stopping::BlindCounter => self.k,
            Stopping::FeedbackCoin | Stopping::BlindCoin => 1,
        };
        (each * informed) as usize
    }

    /// What remains of the uninformed share s for many nodes and few sources:
    /// the root of s = e^(-c(1-s)), [`super::final_size`], with c = k(1-q) for
    /// the blind rules and 1 + k/(1-q) for those with feedback, where the
    /// rumor does not die out among the first few; with feedback, or without
    /// loss, it does so with a probability that tends to 0.
    ///
    /// Source for feedback, coin, q = 0: Demers et al., section 1.4, s =
    /// e^(-(k+1)(1-s)). The others by the same equations: with feedback, dr =
    /// (1-q) x/(1-x) dx steps are lost from one informed share x to the next
    /// (times 1/k for the coin), and the end is where r = k x (or x).
    pub fn contacts(&self) -> f64 {
        let (k, arrives) = (self.k as f64, 1.0 - self.loss);
        match self.stopping.is_blind() {
            true => k * arrives,
            false => 1.0 + k / arrives,
        }
    }
}

/// The first message, of those sent while the same nodes are informed, that
/// changes anything.
struct Message {
    /// It informs, and no step is lost.
    told: f64,
    /// A step is lost, and nobody is informed.
    lost: f64,
    /// Both.
    both: f64,
    /// The number of messages up to it: its mean, and that of its square.
    tries: f64,
    tries_squared: f64,
}

/// The probability of a state, with the expectation on it of the messages sent
/// and of their square.
#[derive(Clone, Copy, Default)]
struct State {
    mass: f64,
    sent: f64,
    squared: f64,
}

impl State {
    fn times(self, factor: f64) -> State {
        State {
            mass: self.mass * factor,
            sent: self.sent * factor,
            squared: self.squared * factor,
        }
    }

    fn and(self, other: State) -> State {
        State {
            mass: self.mass + other.mass,
            sent: self.sent + other.sent,
            squared: self.squared + other.squared,
        }
    }

    /// After the messages up to the next change.
    fn after(self, message: &Message) -> State {
        State {
            mass: self.mass,
            sent: self.sent + self.mass * message.tries,
            squared: self.squared
                + 2.0 * self.sent * message.tries
                + self.mass * message.tries_squared,
        }
    }
}

/// What is left when nobody spreads any more.
pub struct Ending {
    law: FinalLaw,
    messages: Moments,
    dropped: f64,
}

impl Ending {
    /// Walks the chain, in time that [`work`] foretells.
    pub fn new(mongering: &Mongering) -> Ending {
        mongering.check();
        let mut walk = Walk {
            low: 0,
            row: vec![State {
                mass: 1.0,
                ..State::default()
            }],
            next: Vec::new(),
            dropped: 0.0,
        };
        let mut all = State::default();
        let mut by_untold = vec![0.0; (mongering.nodes - mongering.sources) as usize + 1];
        for informed in mongering.sources..=mongering.nodes {
            let ended = walk.row(&mongering.message(informed), mongering.steps(informed));
            by_untold[(mongering.nodes - informed) as usize] = ended.mass;
            all = all.and(ended);
        }
        Ending {
            law: FinalLaw::new(mongering.nodes, by_untold),
            messages: Moments {
                mean: all.sent,
                variance: (all.squared - all.sent * all.sent).max(0.0),
            },
            dropped: walk.dropped,
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

    /// The messages sent, lost ones too (replies are none): each carries the
    /// rumor. Over n, this is Demers's traffic m.
    pub fn messages(&self) -> Moments {
        self.messages
    }

    /// The probability that was dropped in all.
    pub fn dropped(&self) -> f64 {
        self.dropped
    }
}

/// A row: the states with so many informed, by the steps lost, from `low`.
struct Walk {
    low: usize,
    row: Vec<State>,
    next: Vec<State>,
    dropped: f64,
}

impl Walk {
    /// Goes on to the row of one more informed node; gives what ends in this
    /// one, where all of its `steps` are lost.
    fn row(&mut self, message: &Message, steps: usize) -> State {
        self.next.clear();
        // At `at` steps lost: all that comes there, after its next messages;
        // and the same of one step less.
        let mut here = State::default();
        let mut at = self.low;
        while at < steps && (at - self.low < self.row.len() || here.mass >= TRIM) {
            let before = here;
            let arrived = before.times(message.lost);
            let came = self.row.get(at - self.low).copied().unwrap_or_default();
            here = came.and(arrived).after(message);
            let told = here.times(message.told);
            self.next.push(told.and(before.times(message.both)));
            at += 1;
        }
        self.next.push(here.times(message.both));
        let end = here.times(message.lost);
        let ended = at == steps;
        if !ended {
            self.dropped += end.mass;
        }
        std::mem::swap(&mut self.row, &mut self.next);
        self.trim();
        if ended { end } else { State::default() }
    }

    fn trim(&mut self) {
        let unlikely = |state: &&State| state.mass < TRIM;
        let low = self.row.iter().take_while(unlikely).count();
        self.low += low;
        self.dropped += self.row.drain(..low).map(|state| state.mass).sum::<f64>();
        let high = self.row.iter().rev().take_while(unlikely).count();
        let ends = self.row.drain(self.row.len() - high..);
        self.dropped += ends.map(|state| state.mass).sum::<f64>();
    }
}

/// About how many nanoseconds the walk takes on a common core: an estimate to
/// decide by, the same on every machine.
pub fn work(mongering: &Mongering) -> f64 {
    let n = mongering.nodes as f64;
    // A row is some 20 deviations wide, of sqrt(n) each.
    let width =
        (45.0 * n.sqrt() + 50.0 * libm::log(n)).min(mongering.steps(mongering.nodes) as f64);
    5.0 * n * width
}

/// The greatest [`work`] for which the walk is worth its time: a second or two.
pub const WORK_MAX: f64 = 2e9;

/// Is the walk worth its time? Up to some 40,000 nodes.
pub fn is_practical(mongering: &Mongering) -> bool {
    work(mongering) <= WORK_MAX
}

#[cfg(test)]
mod tests {
    use super::super::final_size::final_size;
    use super::super::is_close;
    use super::Stopping::{BlindCoin, BlindCounter, FeedbackCoin, FeedbackCumulative};
    use super::*;
    use std::collections::BTreeMap;

    const ALL: [Stopping; 4] = [FeedbackCumulative, FeedbackCoin, BlindCounter, BlindCoin];

    fn mongering(stopping: Stopping, k: u64, nodes: u64) -> Mongering {
        Mongering {
            stopping,
            k,
            nodes,
            sources: 1,
            loss: 0.0,
        }
    }

    fn agree(got: Moments, mean: f64, variance: f64) -> bool {
        (got.mean - mean).abs() < 1e-10 && (got.variance - variance).abs() < 1e-9
    }

    #[test]
    fn a_thousand_nodes_to_the_published_digits() {
        for (stopping, want) in [
            (
                FeedbackCumulative,
                "0.203103 0.059440 0.019789 0.006960 0.002509",
            ),
            (FeedbackCoin, "0.203103 0.059542 0.019864 0.007006 0.002535"),
            (BlindCounter, "0.959717 0.202760 0.059368 0.019767 0.006953"),
            (BlindCoin, "0.959717 0.204344 0.059908 0.020026 0.007092"),
        ] {
            let residues = (1..=5).map(|k| {
                let ending = Ending::new(&mongering(stopping, k, 1000));
                let (s, m) = (ending.law().residue().mean, ending.messages().mean / 1000.0);
                let k = k as f64;
                // A lost step, or a message, for each; with feedback also one
                // message for each that was told.
                let traffic = match stopping.is_blind() {
                    true => k * (1.0 - s),
                    false => (1.0 - s) * (k + 1.0) - 0.001,
                };
                assert!(
                    is_close(m, traffic, 1e-11),
                    "{stopping:?} {k} {m} {traffic}"
                );
                assert!(ending.dropped() < 1e-15);
                format!("{s:.6}")
            });
            assert_eq!(residues.collect::<Vec<_>>().join(" "), want, "{stopping:?}");
        }
        let sds = (1..=5).map(|k| {
            let ending = Ending::new(&mongering(BlindCoin, k, 1000));
            format!("{:.4}", ending.law().residue().sd())
        });
        let want = "0.0204 0.0332 0.0179 0.0116 0.0084";
        assert_eq!(sds.collect::<Vec<_>>().join(" "), want);
    }

    #[test]
    fn two_and_three_nodes_by_hand() {
        for k in [1, 2, 5] {
            let x = k as f64;
            // The first message tells the other; then both are in vain.
            let two = Ending::new(&mongering(FeedbackCumulative, k, 2));
            assert!(agree(two.messages(), 1.0 + 2.0 * x, 0.0));
            assert!(
                agree(two.law().residue(), 0.0, 0.0)
                    && is_close(two.law().all_informed(), 1.0, 1e-15)
            );
            let coin = Ending::new(&mongering(FeedbackCoin, k, 2)).messages();
            assert!(agree(coin, 1.0 + 2.0 * x, 2.0 * x * (x - 1.0)), "{coin:?}");
            let lossy = Ending::new(&Mongering {
                loss: 0.25,
                ..mongering(BlindCounter, k, 2)
            });
            let silent = (0..k).fold(1.0, |p, _| p * 0.25);
            assert!(is_close(lossy.law().residue().mean, silent / 2.0, 1e-14));
            assert!(agree(
                lossy.messages(),
                x * (2.0 - silent),
                x * x * silent * (1.0 - silent)
            ));
        }
        // Two know; each of them hits the third or not, with even chances.
        let three = Ending::new(&mongering(FeedbackCumulative, 1, 3));
        assert!(is_close(three.law().residue().mean, 1.0 / 12.0, 1e-14));
        let law: Vec<(u64, f64)> = three.law().probabilities().collect();
        assert_eq!(law, [(1, 0.0), (2, 0.25), (3, 0.75)]);
        let everybody = Ending::new(&Mongering {
            sources: 3,
            ..mongering(BlindCounter, 2, 3)
        });
        assert!(agree(everybody.messages(), 6.0, 0.0) && everybody.law().all_informed() == 1.0);
    }

    /// Every node by itself: who is informed, and the steps each has left.
    type Nodes = (u32, Vec<u64>);

    /// Mean and variance of informed and messages, by enumeration of targets,
    /// losses and coins: the node of the least number that still spreads sends
    /// (`last`: of the greatest), whatever others do.
    fn enumerate(mongering: &Mongering, last: bool) -> (Moments, Moments) {
        let Mongering { nodes, k, loss, .. } = *mongering;
        let each = mongering.steps(1) as u64;
        let coin = if each == k { 1.0 } else { 1.0 / k as f64 };
        let first: Vec<u64> = (0..nodes)
            .map(|node| if node < mongering.sources { each } else { 0 })
            .collect();
        let mut states: BTreeMap<Nodes, f64> =
            BTreeMap::from([(((1 << mongering.sources) - 1, first), 1.0)]);
        let (mut informed, mut informed2, mut sent, mut sent2) = (0.0, 0.0, 0.0, 0.0);
        for messages in 0u32.. {
            let mut next: BTreeMap<Nodes, f64> = BTreeMap::new();
            for ((set, steps), p) in states {
                let mut spreading = (0..nodes as usize).filter(|node| steps[*node] > 0);
                let sender = if last {
                    spreading.next_back()
                } else {
                    spreading.next()
                };
                let Some(sender) = sender else {
                    let (i, m) = (f64::from(set.count_ones()), f64::from(messages));
                    informed += i * p;
                    informed2 += i * i * p;
                    sent += m * p;
                    sent2 += m * m * p;
                    continue;
                };
                for target in (0..nodes as usize).filter(|node| *node != sender) {
                    let p = p / (nodes - 1) as f64;
                    let knew = set >> target & 1 == 1;
                    for (arrives, p) in [(true, p * (1.0 - loss)), (false, p * loss)] {
                        let mut steps = steps.clone();
                        let mut set = set;
                        if arrives && !knew {
                            set |= 1 << target;
                            steps[target] = each;
                        }
                        let lost = match mongering.stopping.is_blind() {
                            true => coin,
                            false if arrives && knew => coin * (1.0 - loss),
                            false => 0.0,
                        };
                        if lost < 1.0 {
                            *next.entry((set, steps.clone())).or_insert(0.0) += p * (1.0 - lost);
                        }
                        if lost > 0.0 {
                            steps[sender] -= 1;
                            *next.entry((set, steps)).or_insert(0.0) += p * lost;
                        }
                    }
                }
            }
            next.retain(|_, p| *p > 1e-18);
            if next.is_empty() {
                break;
            }
            states = next;
        }
        let moments = |mean: f64, square: f64| Moments {
            mean,
            variance: square - mean * mean,
        };
        (moments(informed, informed2), moments(sent, sent2))
    }

    #[test]
    fn agrees_with_an_enumeration_of_all_nodes_in_either_order() {
        for stopping in ALL {
            for (k, nodes, sources, loss) in [
                (1, 4, 1, 0.0),
                (2, 3, 1, 0.3),
                (2, 4, 2, 0.1),
                (3, 3, 2, 0.0),
            ] {
                let mongering = Mongering {
                    stopping,
                    k,
                    nodes,
                    sources,
                    loss,
                };
                let ending = Ending::new(&mongering);
                for last in [false, true] {
                    let (informed, messages) = enumerate(&mongering, last);
                    let got = ending.law().informed();
                    assert!(
                        agree(got, informed.mean, informed.variance),
                        "{mongering:?}"
                    );
                    let got = ending.messages();
                    assert!(
                        agree(got, messages.mean, messages.variance),
                        "{mongering:?} {got:?} {messages:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn many_nodes_tend_to_the_fixed_point() {
        for stopping in ALL {
            for (k, loss) in [(2, 0.0), (4, 0.0), (2, 0.2)] {
                // Blind, a lossy first message may be the end: not in the limit.
                if stopping.is_blind() && loss > 0.0 {
                    continue;
                }
                let of = |nodes| Mongering {
                    loss,
                    ..mongering(stopping, k, nodes)
                };
                let limit = final_size(1.0, of(2).contacts());
                let off = |nodes| {
                    let ending = Ending::new(&of(nodes));
                    ending.law().residue().mean - limit
                };
                let (near, far) = (off(8000), off(1000));
                // An error of order 1/n.
                assert!(
                    is_close(near, far / 8.0, 0.2),
                    "{stopping:?} {k} {loss} {near} {far}"
                );
            }
        }
    }

    #[test]
    fn probabilities_sum_to_one_at_large_k_and_n() {
        for (stopping, k, nodes) in [
            (FeedbackCumulative, 255, 100),
            (BlindCoin, 255, 100),
            (FeedbackCoin, 20, 3000),
            (BlindCounter, 10, 3000),
        ] {
            let ending = Ending::new(&mongering(stopping, k, nodes));
            let sum: f64 = ending.law().probabilities().map(|(_, p)| p).sum();
            assert!(is_close(sum, 1.0, 1e-12), "{stopping:?} {sum}");
        }
        assert!(is_practical(&mongering(BlindCoin, 5, 30_000)));
        assert!(!is_practical(&mongering(BlindCoin, 5, 100_000)));
    }
}
