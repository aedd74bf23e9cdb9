//! A rumor's chain whose states only ever gain informed nodes: the moments of
//! the time to any number of them and of the mean arrival, and bounds.
//!
//! Assumes: from each state the chain goes on to later ones with known
//! probabilities a round (or rates a period) that depend on nothing else. Unit:
//! rounds, or periods under Poisson clocks. Range: any; where a number of nodes
//! cannot be reached there are no moments of the time to it.
//!
//! Source: elementary. The stay in a state is geometric (or exponential) and
//! independent of where it ends. For a quantity R that grows by w in each round
//! in a state, with L the probability of leaving it, and R' what is left after:
//!   E R = w / L + E R',   Var R = w^2 Var(stay) + E Var(R' | next) + Var E(R' | next),
//! from the last state to the first, and nothing is subtracted but means.

use super::super::spread::Moments;

/// When nodes call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rhythm {
    /// All at once, decided from the state at the round's start.
    Rounds,
    /// Each at the times of a Poisson process of rate 1 a period; messages take
    /// no time.
    Poisson,
}

/// The greatest work for which a chain is worth its time: a second or two, in
/// nanoseconds or so.
pub const WORK_MAX: f64 = 2e9;

/// Ways out of all states, at most: 128 million bytes.
pub const EXITS_MAX: f64 = 8e6;

/// One rumor's chain from its sources on.
#[derive(Clone, PartialEq, Debug)]
pub struct Chain {
    pub(super) rhythm: Rhythm,
    pub(super) nodes: u64,
    pub(super) sources: u64,
    /// Where it begins, with what probability.
    pub(super) begin: Vec<(u32, f64)>,
    /// Each state leads to later ones only.
    pub(super) states: Vec<State>,
    pub(super) exits: Vec<(u32, f64)>,
}

/// A state of the chain.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct State {
    pub informed: u32,
    /// Where its exits end; they begin where those of the state before end.
    pub exits_end: u32,
    /// The probability that a round changes nothing (not used under Poisson
    /// clocks).
    pub stays: f64,
    /// The sum of its exits.
    pub leaves: f64,
}

impl Chain {
    /// A chain without states yet.
    pub(super) fn empty(rhythm: Rhythm, nodes: u64, sources: u64) -> Chain {
        Chain {
            rhythm,
            nodes,
            sources,
            begin: Vec::new(),
            states: Vec::new(),
            exits: Vec::new(),
        }
    }

    /// The next state, with its exits.
    pub(super) fn push(
        &mut self,
        informed: u32,
        stays: f64,
        exits: impl Iterator<Item = (u32, f64)>,
    ) {
        let first = self.exits.len();
        self.exits.extend(exits.filter(|(_, weight)| *weight > 0.0));
        let leaves = self.exits[first..].iter().map(|(_, weight)| weight).sum();
        self.states.push(State {
            informed,
            exits_end: self.exits.len() as u32,
            stays,
            leaves,
        });
    }

    pub(super) fn exits_of(&self, state: usize) -> &[(u32, f64)] {
        let before = state.checked_sub(1).map(|before| self.states[before]);
        let first = before.map_or(0, |before| before.exits_end as usize);
        &self.exits[first..self.states[state].exits_end as usize]
    }

    /// Mean and variance of the time until `count` nodes (at most n) are
    /// informed; none if they may never be.
    pub fn time_to(&self, count: u64) -> Option<Moments> {
        assert!(count <= self.nodes, "more nodes than there are");
        self.sum(|informed| f64::from(u8::from(informed < count)))
    }

    /// The mean arrival of a run, over the nodes other than the sources; none if
    /// there are no others, or if some may never be informed.
    pub fn mean_arrival(&self) -> Option<Moments> {
        let others = self.nodes - self.sources;
        if others == 0 {
            return None;
        }
        // While some are informed, the others wait.
        self.sum(|informed| (self.nodes - informed) as f64 / others as f64)
    }

    /// Moments of what grows by a weight of the number informed; none if it may
    /// grow for ever.
    fn sum(&self, weight: impl Fn(u64) -> f64) -> Option<Moments> {
        let mut after: Vec<Moments> = vec![ZERO; self.states.len()];
        for (place, state) in self.states.iter().enumerate().rev() {
            let weight = weight(u64::from(state.informed));
            if weight > 0.0 && state.leaves == 0.0 {
                after[place].mean = f64::INFINITY;
                continue;
            }
            if weight == 0.0 {
                continue;
            }
            let next = mixture(self.exits_of(place), state.leaves, &after);
            let stay = weight / state.leaves;
            let spread = match self.rhythm {
                Rhythm::Rounds => state.stays,
                Rhythm::Poisson => 1.0,
            };
            after[place] = Moments {
                mean: stay + next.mean,
                variance: stay * stay * spread + next.variance,
            };
        }
        let all = mixture(&self.begin, 1.0, &after);
        all.mean.is_finite().then_some(all)
    }

    /// An upper bound of the probability that `count` nodes are not informed
    /// after `time`: Chernoff's, at half the least rate of leaving.
    pub fn beyond_at_most(&self, count: u64, time: f64) -> f64 {
        let awaits = |state: &State| u64::from(state.informed) < count;
        let reached = self.reached();
        let reached = self
            .states
            .iter()
            .zip(&reached)
            .filter(|(_, reached)| **reached);
        let leaves = reached.filter_map(|(state, _)| awaits(state).then_some(state.leaves));
        let theta = 0.5 * leaves.fold(f64::INFINITY, f64::min);
        if theta == 0.0 {
            return 1.0;
        }
        // In logarithms of e^(theta T), the greatest over what is to come.
        let mut after = vec![0.0; self.states.len()];
        for (place, state) in self.states.iter().enumerate().rev() {
            if !awaits(state) {
                continue;
            }
            if state.leaves == 0.0 {
                // Never reached, or theta would be 0.
                continue;
            }
            let next = self.exits_of(place).iter();
            let most = next.map(|(to, _)| after[*to as usize]).fold(0.0, f64::max);
            // E z^stay = z L / (1 - z (1 - L)) in rounds, with z = 1/(1 - theta):
            // the same as E e^(theta stay) = 1 / (1 - theta / L).
            after[place] = most - libm::log1p(-theta / state.leaves);
        }
        let begin = self.begin.iter().map(|(state, _)| after[*state as usize]);
        let bound = begin.fold(0.0, f64::max) - self.log_rate(theta) * self.whole(time);
        match time.is_finite() && theta.is_finite() {
            true => libm::exp(bound).min(1.0),
            false => 0.0,
        }
    }

    /// Which states can come about.
    fn reached(&self) -> Vec<bool> {
        let mut reached = vec![false; self.states.len()];
        for (state, _) in &self.begin {
            reached[*state as usize] = true;
        }
        for place in 0..reached.len() {
            if reached[place] {
                for (to, _) in self.exits_of(place) {
                    reached[*to as usize] = true;
                }
            }
        }
        reached
    }

    fn log_rate(&self, theta: f64) -> f64 {
        match self.rhythm {
            Rhythm::Rounds => -libm::log1p(-theta),
            Rhythm::Poisson => theta,
        }
    }

    fn whole(&self, time: f64) -> f64 {
        match self.rhythm {
            Rhythm::Rounds => libm::floor(time),
            Rhythm::Poisson => time,
        }
    }
}

const ZERO: Moments = Moments {
    mean: 0.0,
    variance: 0.0,
};

/// The moments of a choice of one of several, with weights of that sum.
fn mixture(choices: &[(u32, f64)], sum: f64, moments: &[Moments]) -> Moments {
    let mut all = ZERO;
    for (state, weight) in choices {
        all.mean += weight / sum * moments[*state as usize].mean;
    }
    if !all.mean.is_finite() {
        return all;
    }
    for (state, weight) in choices {
        let one = moments[*state as usize];
        let off = one.mean - all.mean;
        all.variance += weight / sum * (one.variance + off * off);
    }
    all
}
