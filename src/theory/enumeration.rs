//! The oracle of the contact models' tests: every draw and every loss of every
//! caller, for a handful of nodes, by no formula.

use super::calls::{Calls, Targets};

/// The probability of each set of contacted nodes (bit i: node i).
pub(super) struct Round {
    nodes: u64,
    probabilities: Vec<f64>,
}

impl Round {
    /// The set that one caller's calls of one cycle contact.
    pub(super) fn of_one_caller(calls: &Calls, caller: u64) -> Round {
        let mut round = Round::blank(calls.nodes);
        let pool: Vec<u64> = (0..calls.nodes)
            .filter(|&node| calls.pool == calls.nodes || node != caller)
            .collect();
        let draws = all_draws(&pool, calls.fanout, calls.targets);
        for draw in &draws {
            for lost in 0..1u64 << draw.len() {
                let mut contacted = 0;
                let mut probability = 1.0 / draws.len() as f64;
                for (i, &target) in draw.iter().enumerate() {
                    if lost >> i & 1 == 1 {
                        probability *= calls.loss;
                    } else {
                        probability *= 1.0 - calls.loss;
                        contacted |= 1 << target;
                    }
                }
                round.probabilities[contacted & !(1 << caller)] += probability;
            }
        }
        round
    }

    /// The set that all callers of a round contact together.
    pub(super) fn of_all_callers(calls: &Calls) -> Round {
        let one_caller = |caller| Round::of_one_caller(calls, caller);
        let first = one_caller(0);
        (1..calls.nodes).fold(first, |round, caller| round.and(&one_caller(caller)))
    }

    /// Each set and its probability.
    pub(super) fn sets(&self) -> impl Iterator<Item = (usize, f64)> {
        self.probabilities.iter().copied().enumerate()
    }

    /// Mean and variance of the number of nodes not contacted.
    pub(super) fn uncontacted_mean_and_variance(&self) -> (f64, f64) {
        let count = |set: usize| self.nodes as f64 - f64::from(set.count_ones());
        let moment = |f: &dyn Fn(f64) -> f64| -> f64 {
            let sets = self.probabilities.iter().enumerate();
            sets.map(|(set, p)| p * f(count(set))).sum()
        };
        let mean = moment(&|u| u);
        (mean, moment(&|u| (u - mean) * (u - mean)))
    }

    /// Probability that none of `nodes` (a set of bits) is contacted.
    pub(super) fn misses(&self, nodes: usize) -> f64 {
        let sets = self.probabilities.iter().enumerate();
        sets.filter(|(set, _)| set & nodes == 0)
            .map(|(_, p)| p)
            .sum()
    }

    /// Nobody is contacted, so far.
    pub(super) fn of_nobody(nodes: u64) -> Round {
        let mut round = Round::blank(nodes);
        round.probabilities[0] = 1.0;
        round
    }

    /// This node is contacted with probability `p`, and no other.
    pub(super) fn of_one(nodes: u64, node: u64, p: f64) -> Round {
        let mut round = Round::blank(nodes);
        round.probabilities[0] = 1.0 - p;
        round.probabilities[1 << node] = p;
        round
    }

    /// From the probability of each set.
    pub(super) fn of_sets(nodes: u64, probabilities: Vec<f64>) -> Round {
        Round {
            nodes,
            probabilities,
        }
    }

    fn blank(nodes: u64) -> Round {
        let probabilities = vec![0.0; 1 << nodes];
        Round {
            nodes,
            probabilities,
        }
    }

    /// Contacted here or there, independently.
    pub(super) fn and(&self, other: &Round) -> Round {
        let mut both = Round::blank(self.nodes);
        for (a, p) in self.probabilities.iter().enumerate() {
            for (b, q) in other.probabilities.iter().enumerate() {
                both.probabilities[a | b] += p * q;
            }
        }
        both
    }
}

/// The five parameters in one line.
pub(super) const fn calls(
    nodes: u64,
    fanout: u64,
    pool: u64,
    targets: Targets,
    loss: f64,
) -> Calls {
    Calls {
        nodes,
        fanout,
        pool,
        targets,
        loss,
    }
}

/// All equally likely sequences of targets.
fn all_draws(pool: &[u64], fanout: u64, targets: Targets) -> Vec<Vec<u64>> {
    let mut draws = vec![vec![]];
    for _ in 0..fanout {
        let mut longer = vec![];
        for draw in &draws {
            for &target in pool {
                if targets == Targets::WithReplacement || !draw.contains(&target) {
                    longer.push([&draw[..], &[target]].concat());
                }
            }
        }
        draws = longer;
    }
    draws
}

/// Two to five nodes, both pools, both kinds of targets, every fanout up to 4,
/// without loss and with.
pub(super) fn small_cases() -> Vec<Calls> {
    let mut cases = vec![];
    for nodes in 2..=5 {
        for pool in [nodes - 1, nodes] {
            for targets in [Targets::Distinct, Targets::WithReplacement] {
                for fanout in 1..=4 {
                    if targets == Targets::Distinct && fanout > pool {
                        continue;
                    }
                    for loss in [0.0, 0.3, 1.0] {
                        cases.push(calls(nodes, fanout, pool, targets, loss));
                    }
                }
            }
        }
    }
    cases
}
