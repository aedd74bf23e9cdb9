//! The law of the number of informed nodes over time.
//!
//! Source: elementary; in rounds one step of the chain after another, under
//! Poisson clocks by uniformisation, as in `spread_poisson`.

use super::super::curve::CurvePoint;
use super::super::masses::Masses;
use super::super::spread_chain::Rounds;
use super::super::spread_poisson::{jumps_at_most, poisson};
use super::chain::{Chain, Rhythm};

/// A law of rounds ends where more is to come with less than this.
const TAIL: f64 = 1e-18;

impl Chain {
    /// By round, from 0, the law of the number of uninformed nodes, as long as
    /// more may come of it with a probability of 1e-18.
    fn untold(&self) -> Vec<Masses> {
        let mut walk = Walk::new(self, 1.0);
        let mut laws = vec![walk.untold()];
        while walk.restless() > TAIL {
            walk.jump();
            laws.push(walk.untold());
        }
        laws
    }

    /// The law of the first round after which at least `count` nodes (at most
    /// n) are informed; for rounds in common, and where they may be.
    pub fn rounds_to(&self, count: u64) -> Rounds {
        assert!(self.rhythm == Rhythm::Rounds, "rounds in common");
        Rounds::of_untold(&self.untold(), self.nodes, count)
    }

    /// The number informed at time 0 and after each step of so many rounds or
    /// periods, without end, and how likely it is to be at least as large as
    /// each of `goals` (at most n).
    pub fn curve(&self, step: f64, goals: [u64; 3]) -> impl Iterator<Item = CurvePoint> {
        let mut walk = Walk::new(self, self.fastest());
        let jumps = match self.rhythm {
            Rhythm::Rounds => Vec::new(),
            Rhythm::Poisson => poisson((walk.fastest * step).max(f64::MIN_POSITIVE)),
        };
        (0u32..).map(move |point| {
            if point > 0 {
                match self.rhythm {
                    Rhythm::Rounds => walk.jump(),
                    Rhythm::Poisson => walk.jumps(&jumps),
                }
            }
            let law = walk.untold();
            CurvePoint::of_untold(f64::from(point) * step, self.nodes, &law, goals)
        })
    }

    /// About how many nanoseconds so many points of a [`Chain::curve`] take.
    pub fn curve_work(&self, step: f64, points: u64) -> f64 {
        let jumps = match self.rhythm {
            Rhythm::Rounds => 1.0,
            Rhythm::Poisson => jumps_at_most(self.fastest() * step),
        };
        points as f64 * jumps * (self.exits.len() + self.states.len()) as f64 * 8.0
    }

    /// The greatest rate of leaving a state.
    fn fastest(&self) -> f64 {
        let leaves = self.states.iter().map(|state| state.leaves);
        leaves.fold(0.0, f64::max)
    }
}

/// The chain under way.
struct Walk<'c> {
    chain: &'c Chain,
    /// What a jump's probabilities are divided by.
    fastest: f64,
    /// By state: the probability of being there.
    at: Vec<f64>,
}

impl<'c> Walk<'c> {
    fn new(chain: &'c Chain, fastest: f64) -> Walk<'c> {
        let mut at = vec![0.0; chain.states.len()];
        for (state, p) in &chain.begin {
            at[*state as usize] += p;
        }
        Walk { chain, fastest, at }
    }

    /// One round, or one jump of the greatest rate.
    fn jump(&mut self) {
        let rounds = self.chain.rhythm == Rhythm::Rounds;
        for (place, state) in self.chain.states.iter().enumerate().rev() {
            let mass = self.at[place];
            if mass == 0.0 || state.leaves == 0.0 {
                continue;
            }
            let scale = if rounds { 1.0 } else { self.fastest };
            for (to, weight) in self.chain.exits_of(place) {
                self.at[*to as usize] += mass * (weight / scale);
            }
            self.at[place] = match rounds {
                true => mass * state.stays,
                false => mass * ((self.fastest - state.leaves) / self.fastest),
            };
        }
    }

    /// As many jumps as this law says.
    fn jumps(&mut self, law: &[f64]) {
        let mut after = vec![0.0; self.at.len()];
        for (jump, weight) in law.iter().enumerate() {
            if jump > 0 {
                self.jump();
            }
            for (after, at) in after.iter_mut().zip(&self.at) {
                *after += weight * at;
            }
        }
        self.at = after;
    }

    /// The probability of being where more may come.
    fn restless(&self) -> f64 {
        let states = self.at.iter().zip(&self.chain.states);
        let restless = states.filter(|(_, state)| state.leaves > 0.0);
        restless.map(|(at, _)| at).sum()
    }

    fn untold(&self) -> Masses {
        let mut mass = vec![0.0; self.chain.nodes as usize + 1];
        for (at, state) in self.at.iter().zip(&self.chain.states) {
            mass[self.chain.nodes as usize - state.informed as usize] += at;
        }
        Masses { first: 0, mass }
    }
}
