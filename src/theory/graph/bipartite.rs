//! Stars and other complete bipartite graphs at any size: each node of one side
//! is joined to each of the other, so that two numbers say all that matters.
//!
//! Assumes: as `subsets`, on such a graph; a star is one of one node on the
//! left. Range: any loss; [`Bipartite::work`] says how large it can be.
//!
//! Source: elementary. In a round the two sides are told independently, each as
//! the chain of the complete graph says (`pushing`): a node left uninformed by
//! its own calls (a binomial number is) is told by the callers of the other side,
//! one after another.

use super::super::calls::{Calls, Targets};
use super::super::masses::{binomial, hypergeometric};
use super::super::pushing::{Pushing, Window};
use super::super::spread::Exchange;
use super::chain::{Chain, EXITS_MAX, Rhythm, WORK_MAX};
use super::subsets::told_by_own;

/// Ways out of a state less likely than this are left out.
const LEAST: f64 = 1e-22;

/// One rumor on a complete bipartite graph.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bipartite {
    /// Nodes of either side, 1 or more; at least 2 in all.
    pub sides: [u64; 2],
    /// Sources on either side; none: random ones, and so many of them.
    pub sources: Result<[u64; 2], u64>,
    /// Who tells whom in a call.
    pub exchange: Exchange,
    /// Distinct neighbours that a node calls in a cycle; none: all.
    pub fanout: Option<u32>,
    /// Probability q that a message is lost, 0 to 1.
    pub loss: f64,
    /// When nodes call.
    pub rhythm: Rhythm,
}

impl Chain {
    /// The chain of a rumor on a complete bipartite graph.
    pub fn on_bipartite(rumor: &Bipartite) -> Chain {
        let [left, right] = rumor.sides;
        let sources = match rumor.sources {
            Ok([left, right]) => left + right,
            Err(count) => count,
        };
        let mut chain = Chain::empty(rumor.rhythm, left + right, sources);
        let steps = [0, 1].map(|side| Side::new(rumor, side));
        let name = |state: [u64; 2]| (state[0] * (right + 1) + state[1]) as u32;
        for informed in 0..=left {
            for others in 0..=right {
                let state = [informed, others];
                let told = [0, 1].map(|side| steps[side].told(state));
                let (stays, exits) = match rumor.rhythm {
                    Rhythm::Rounds => together(&told),
                    Rhythm::Poisson => one_side(&told),
                };
                let exits = exits
                    .into_iter()
                    .map(|(told, weight)| (name([informed + told[0], others + told[1]]), weight));
                chain.push((informed + others) as u32, stays, exits);
            }
        }
        chain.begin = rumor.begin().map(|(state, p)| (name(state), p)).collect();
        chain
    }
}

/// By how many more are informed on either side: the chance of none, and all
/// others.
type Ways = (f64, Vec<([u64; 2], f64)>);

/// Both sides in one round.
fn together(told: &[Vec<f64>; 2]) -> Ways {
    let mut ways = Vec::new();
    for (left, p) in (0..).zip(&told[0]) {
        for (right, q) in (0..).zip(&told[1]) {
            if p * q > LEAST && (left, right) != (0, 0) {
                ways.push(([left, right], p * q));
            }
        }
    }
    (told[0][0] * told[1][0], ways)
}

/// One caller at a time: rates.
fn one_side(told: &[Vec<f64>; 2]) -> Ways {
    let left = (1..)
        .zip(&told[0][1..])
        .map(|(told, rate)| ([told, 0], *rate));
    let right = (1..)
        .zip(&told[1][1..])
        .map(|(told, rate)| ([0, told], *rate));
    (0.0, left.chain(right).collect())
}

impl Bipartite {
    /// About how many nanoseconds [`Chain::on_bipartite`] takes, at most.
    pub fn work(&self) -> f64 {
        let [left, right] = self.sides.map(|nodes| nodes as f64 + 1.0);
        // All pairs of states, and all callers of all.
        left * left * right * right * (12.0 + 0.02 * left.max(right))
    }

    /// Is the chain worth its time and its memory? Stars up to some 2,000 nodes,
    /// two equal sides up to some 120 in all.
    pub fn is_practical(&self) -> bool {
        let [left, right] = self
            .sides
            .map(|nodes| (nodes as f64 + 2.0) * (nodes as f64 + 1.0));
        self.work() <= WORK_MAX && 0.25 * left * right <= EXITS_MAX
    }

    fn begin(&self) -> impl Iterator<Item = ([u64; 2], f64)> {
        let all: Vec<([u64; 2], f64)> = match self.sources {
            Ok(state) => vec![(state, 1.0)],
            Err(count) => {
                let [left, right] = self.sides;
                let law = hypergeometric((left + right) as usize, left as usize, count as usize);
                let state = |(left, p): (usize, f64)| ([left as u64, count - left as u64], p);
                law.iter().map(state).collect()
            }
        };
        all.into_iter()
    }
}

/// How the nodes of a side are told.
struct Side<'r> {
    rumor: &'r Bipartite,
    side: usize,
    pushing: Pushing,
}

impl<'r> Side<'r> {
    fn new(rumor: &'r Bipartite, side: usize) -> Side<'r> {
        let pool = rumor.sides[side];
        let calls = Calls {
            nodes: pool + 1,
            fanout: rumor.fanout_to(side),
            pool,
            targets: Targets::Distinct,
            loss: rumor.loss,
        };
        Side {
            rumor,
            side,
            pushing: Pushing::new(&calls, pool as usize),
        }
    }

    /// By the number told on this side: its probability in a round, or its rate.
    fn told(&self, state: [u64; 2]) -> Vec<f64> {
        let (own, callers) = (state[self.side], state[1 - self.side]);
        let open = (self.rumor.sides[self.side] - own) as usize;
        let pulled = self.pulled(callers);
        let pushes = self.rumor.exchange != Exchange::Pull;
        if self.rumor.rhythm == Rhythm::Rounds {
            let calls = if pushes { callers } else { 0 };
            let left = binomial(open, pulled.1, pulled.0);
            return self.after(open, calls, left.first, &left.mass);
        }
        let mut rates = vec![0.0; open + 1];
        if open > 0 {
            rates[1] = open as f64 * pulled.0;
        }
        if pushes {
            let one = self.after(open, 1, open, &[1.0]);
            let all = rates.iter_mut().zip(one);
            all.for_each(|(rate, told)| *rate += callers as f64 * told);
        }
        rates
    }

    /// The probabilities that a node's own calls to the other side bring it the
    /// rumor, and that they do not.
    fn pulled(&self, informed: u64) -> (f64, f64) {
        if self.rumor.exchange == Exchange::Push {
            return (0.0, 1.0);
        }
        let other = 1 - self.side;
        let (pool, drawn) = (self.rumor.sides[other], self.rumor.fanout_to(other));
        let drawn = hypergeometric(pool as usize, informed as usize, drawn as usize);
        told_by_own(&drawn, self.rumor.loss)
    }

    /// After so many callers, from a law of the number uninformed: by how many
    /// fewer than `open` there are.
    fn after(&self, open: usize, callers: u64, first: usize, law: &[f64]) -> Vec<f64> {
        let mut now = Window::empty(open);
        let mut next = Window::empty(open);
        now.spread(first, law, 1.0, 0.0);
        for _ in 0..callers {
            self.pushing.step(&now, &mut next);
            next.trim();
            std::mem::swap(&mut now, &mut next);
        }
        let mut told = vec![0.0; open + 1];
        for untold in now.low..now.high {
            told[open - untold] = now.mass[untold];
        }
        told
    }
}

impl Bipartite {
    /// How many of a side a node of the other one calls.
    fn fanout_to(&self, side: usize) -> u64 {
        let most = self.sides[side];
        self.fanout
            .map_or(most, |fanout| u64::from(fanout).min(most))
    }
}
