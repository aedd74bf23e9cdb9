//! Spreading under Poisson clocks without latency, one call a cycle: push, pull
//! and push-pull as a pure birth process on the number of informed nodes.
//!
//! Assumes: complete graph, no faults, each node ticks as a Poisson process of
//! rate 1 per period and calls one uniform target (from the others or from
//! all), messages take no time, losses are independent. Unit: periods (what the
//! tables call rounds), and calls. Range: fanout 1, loss < 1.
//!
//! Source: elementary; for push in D. Kendall's birth process. With k informed,
//! the next is informed at the rate
//!   lambda_k = c k (n-k) / b,   c = (1-q) for push, (1-q)^2 for pull, their
//!   sum for push-pull
//! (b the pool), whatever happened before: the time from one number to another
//! is a sum of independent exponential times, its mean that of 1/lambda_k, its
//! variance that of 1/lambda_k^2. All sums have positive terms only.

use super::curve::CurvePoint;
use super::masses::Masses;
use super::spread::{Moments, Spread};

/// One rumor's birth process.
#[derive(Clone, Copy, Debug)]
pub struct BirthProcess {
    spread: Spread,
    /// c / b.
    scale: f64,
}

impl BirthProcess {
    /// Stops on a fanout other than 1 and on loss 1.
    pub fn new(spread: &Spread) -> BirthProcess {
        spread.check();
        assert!(
            spread.calls.fanout == 1 || spread.calls.nodes == 1,
            "one call a cycle"
        );
        assert!(!spread.is_mute(), "a loss of 1 never ends");
        let arrives = 1.0 - spread.calls.loss;
        let (push, pull) = (spread.pushes(), spread.pulls());
        let c = f64::from(u8::from(push)) * arrives + f64::from(u8::from(pull)) * arrives * arrives;
        BirthProcess {
            spread: *spread,
            scale: c / spread.calls.pool.max(1) as f64,
        }
    }

    fn nodes(&self) -> u64 {
        self.spread.calls.nodes
    }

    /// lambda_k, of k informed nodes: 1 to n - 1.
    fn rate(&self, informed: u64) -> f64 {
        self.scale * informed as f64 * (self.nodes() - informed) as f64
    }

    /// The numbers of informed nodes that are left on the way to `count`.
    fn states(&self, count: u64) -> impl Iterator<Item = u64> + use<> {
        assert!(count <= self.nodes(), "more nodes than there are");
        self.spread.sources..count
    }

    /// The time until `count` nodes (at most n) are informed.
    pub fn rounds_to(&self, count: u64) -> Moments {
        self.sum(self.states(count), |_| 1.0)
    }

    /// The mean arrival of a run, over the nodes other than the sources; none
    /// if there are no others.
    pub fn mean_arrival(&self) -> Option<Moments> {
        // While k are informed, n - k nodes wait.
        let others = self.nodes() - self.spread.sources;
        let waiting = |informed| (self.nodes() - informed) as f64 / others as f64;
        (others > 0).then(|| self.sum(self.states(self.nodes()), waiting))
    }

    /// Sum of the exponential times of some states, each times a weight.
    fn sum(&self, states: impl Iterator<Item = u64>, weight: impl Fn(u64) -> f64) -> Moments {
        let mut sum = Moments {
            mean: 0.0,
            variance: 0.0,
        };
        for informed in states {
            let mean = weight(informed) / self.rate(informed);
            sum.mean += mean;
            sum.variance += mean * mean;
        }
        sum
    }

    /// The calls that informed nodes make until all are informed, where they
    /// all call. While k are informed, a geometric number of calls by these is
    /// useless; the event that ends it is such a call, or another's pull.
    pub fn calls_by_informed(&self) -> Moments {
        let arrives = 1.0 - self.spread.calls.loss;
        let all = self.spread.calls_to_others();
        let mut sum = Moments {
            mean: 0.0,
            variance: 0.0,
        };
        for informed in self.states(self.nodes()) {
            let rate = self.rate(informed);
            let calls = all * informed as f64;
            let useful = match self.spread.pushes() {
                true => {
                    let untold = (self.nodes() - informed) as f64;
                    arrives * informed as f64 * untold / self.spread.calls.pool as f64
                }
                false => 0.0,
            };
            let useless = (calls - useful) / rate;
            let last = useful / rate;
            sum.mean += calls / rate;
            sum.variance += useless * (1.0 + useless) + last * (1.0 - last);
        }
        sum
    }

    /// An upper bound of the probability that `count` nodes are not informed by
    /// `time`: Chernoff's at half the least rate, e^(-theta t) times the
    /// product of 1/(1 - theta/lambda_k).
    pub fn beyond_at_most(&self, count: u64, time: f64) -> f64 {
        let least = self.states(count).map(|k| self.rate(k));
        let theta = 0.5 * least.fold(f64::INFINITY, f64::min);
        if theta == f64::INFINITY {
            return if time >= 0.0 { 0.0 } else { 1.0 };
        }
        let logs = self
            .states(count)
            .map(|k| -libm::log1p(-theta / self.rate(k)));
        libm::exp(logs.sum::<f64>() - theta * time).min(1.0)
    }

    /// About how many nanoseconds so many points of a [`BirthProcess::curve`] take.
    pub fn curve_work(&self, step: f64, points: u64) -> f64 {
        points as f64 * self.times_work(self.nodes(), step)
    }

    /// About how many nanoseconds a [`BirthProcess::times_to`] takes.
    pub fn times_work(&self, count: u64, most: f64) -> f64 {
        let fastest = self.states(count).map(|k| self.rate(k));
        jumps_at_most(fastest.fold(0.0, f64::max) * most) * self.nodes() as f64
    }

    /// The number informed at time 0 and after each step of so many periods,
    /// without end, and how likely it is to be at least as large as each of
    /// `goals` (at most n). By uniformisation, as [`BirthProcess::times_to`]; states
    /// with a probability below 1e-30 are left out.
    pub fn curve(&self, step: f64, goals: [u64; 3]) -> impl Iterator<Item = CurvePoint> {
        let nodes = self.nodes();
        let mut steps = Steps::new(self, step);
        (0u32..).map(move |point| {
            if point > 0 {
                steps.advance();
            }
            let states = &steps.at[steps.low..steps.high];
            let untold = Masses {
                first: steps.at.len() - steps.high,
                mass: states.iter().rev().copied().collect(),
            };
            CurvePoint::of_untold(f64::from(point) * step, nodes, &untold, goals)
        })
    }

    /// The law of the time until `count` nodes are informed, for times up to
    /// `most`, by uniformisation: the process jumps, or stays, at the instants
    /// of a Poisson process of its greatest rate; the probability of being
    /// there after j of these is walked once for all j. All terms positive;
    /// error below 1e-14 or so.
    pub fn times_to(&self, count: u64, most: f64) -> Times {
        let rates: Vec<f64> = self.states(count).map(|k| self.rate(k)).collect();
        let fastest = rates.iter().fold(0.0, |a: f64, b| a.max(*b));
        let steps = jumps_at_most(fastest * most) as usize;
        let leave: Vec<f64> = rates.iter().map(|rate| rate / fastest).collect();
        // at[j]: the probability of the j-th state; the last is the goal.
        let mut at = vec![0.0; rates.len() + 1];
        at[0] = 1.0;
        let mut there = vec![at[rates.len()]];
        for step in 0..steps {
            // As far as that many jumps reach.
            let reach = rates.len().min(step + 1);
            let mut moved = 0.0;
            for (at, leave) in at[..reach].iter_mut().zip(&leave) {
                let leaves = *at * leave;
                *at = *at - leaves + moved;
                moved = leaves;
            }
            at[reach] += moved;
            there.push(at[rates.len()]);
        }
        Times { fastest, there }
    }
}

/// States less likely than this are left out of a curve.
const TRIM: f64 = 1e-30;

/// The process in steps of equal length.
struct Steps {
    /// By state: the chance that a jump of the greatest rate is one of its own.
    leave: Vec<f64>,
    /// By the number of jumps in a step: its probability.
    jumps: Vec<f64>,
    /// By state: the probability of being there; next to none outside of
    /// `low..high`.
    at: Vec<f64>,
    low: usize,
    high: usize,
}

impl Steps {
    fn new(births: &BirthProcess, step: f64) -> Steps {
        let rates: Vec<f64> = (births.states(births.nodes()))
            .map(|informed| births.rate(informed))
            .collect();
        let fastest = rates.iter().fold(0.0, |a: f64, b| a.max(*b));
        let mut leave: Vec<f64> = rates.iter().map(|rate| rate / fastest).collect();
        // Who knows all has nowhere to go.
        leave.push(0.0);
        let mut at = vec![0.0; leave.len()];
        at[0] = 1.0;
        Steps {
            leave,
            jumps: poisson(fastest * step),
            at,
            low: 0,
            high: 1,
        }
    }

    /// One step on.
    fn advance(&mut self) {
        let mut after = vec![0.0; self.at.len()];
        for jump in 0..self.jumps.len() {
            if jump > 0 {
                self.jump();
            }
            let weight = self.jumps[jump];
            let range = self.low..self.high;
            for (after, at) in after[range.clone()].iter_mut().zip(&self.at[range]) {
                *after += weight * at;
            }
        }
        self.at = after;
        let likely = |mass: &f64| *mass >= TRIM;
        self.low = self.at.iter().position(likely).unwrap_or(0);
        self.high = self.at.iter().rposition(likely).map_or(1, |last| last + 1);
    }

    fn jump(&mut self) {
        if self.high < self.at.len() && self.at[self.high - 1] >= TRIM {
            self.at[self.high] = 0.0;
            self.high += 1;
        }
        let mut moved = 0.0;
        for place in self.low..self.high {
            let leaves = self.at[place] * self.leave[place];
            self.at[place] += moved - leaves;
            moved = leaves;
        }
    }
}

/// A Poisson number of this mean is hardly ever larger.
pub(super) fn jumps_at_most(mean: f64) -> f64 {
    mean + 10.0 * mean.sqrt() + 50.0
}

/// The Poisson law of a mean, from 0, to where it is next to nothing.
pub(super) fn poisson(mean: f64) -> Vec<f64> {
    let most = jumps_at_most(mean) as usize;
    let mode = mean as usize;
    let mut mass = vec![0.0; most + 1];
    mass[mode] = 1.0;
    for jumps in (0..mode).rev() {
        mass[jumps] = mass[jumps + 1] * (jumps + 1) as f64 / mean;
    }
    for jumps in mode + 1..=most {
        mass[jumps] = mass[jumps - 1] * mean / jumps as f64;
    }
    let sum: f64 = mass.iter().sum();
    mass.iter_mut().for_each(|mass| *mass /= sum);
    mass
}

/// The law of a time in periods.
pub struct Times {
    fastest: f64,
    /// By the number of jumps: the probability of being there.
    there: Vec<f64>,
}

impl Times {
    /// P(T <= time), for times up to the longest asked for.
    pub fn within(&self, time: f64) -> f64 {
        let mean = self.fastest * time;
        if mean.is_nan() || mean <= 0.0 {
            // No state to leave, or no time.
            return if time >= 0.0 { self.there[0] } else { 0.0 };
        }
        let low = (mean - 12.0 * mean.sqrt() - 50.0).max(0.0) as usize;
        let high = jumps_at_most(mean) as usize;
        let mode = (mean as usize).min(high);
        let mut sum = 0.0;
        let mut total = 0.0;
        let mut add = |jumps: usize, weight: f64| {
            let last = self.there.len() - 1;
            sum += weight * self.there[jumps.min(last)];
            total += weight;
        };
        let mut weight = 1.0;
        for jumps in (low..mode).rev() {
            weight *= (jumps + 1) as f64 / mean;
            add(jumps, weight);
        }
        weight = 1.0;
        add(mode, weight);
        for jumps in mode + 1..=high {
            weight *= mean / jumps as f64;
            add(jumps, weight);
        }
        sum / total
    }
}

/// Is it one call a cycle, and can all be informed?
pub fn applies(spread: &Spread) -> bool {
    (spread.calls.nodes == 1 || spread.calls.fanout == 1) && !spread.is_mute()
}

#[cfg(test)]
mod tests {
    use super::super::spread::Exchange::{Pull, Push, PushPull};
    use super::super::{Calls, Exchange, is_close};
    use super::*;

    fn spread(exchange: Exchange, nodes: u64, loss: f64) -> Spread {
        Spread {
            exchange,
            calls: Calls::to_others(nodes, 1, loss),
            sources: 1,
        }
    }

    fn births(exchange: Exchange, nodes: u64, loss: f64) -> BirthProcess {
        BirthProcess::new(&spread(exchange, nodes, loss))
    }

    fn harmonic(n: u64) -> f64 {
        (1..=n).map(|k| 1.0 / k as f64).sum()
    }

    #[test]
    fn a_thousand_nodes_to_the_published_digits() {
        let push = births(Push, 1000, 0.0);
        let all = push.rounds_to(1000);
        assert_eq!(format!("{:.4} {:.3}", all.mean, all.sd()), "14.9540 1.820");
        let both = births(PushPull, 1000, 0.0).rounds_to(1000);
        assert_eq!(format!("{:.4}", both.mean), "7.4770");
        assert!(is_close(both.sd(), all.sd() / 2.0, 1e-13));
        assert_eq!(births(Pull, 1000, 0.0).rounds_to(1000), all);
        assert_eq!(format!("{:.2}", push.calls_by_informed().mean), "7476.99");
    }

    #[test]
    fn closed_forms_at_any_size() {
        for nodes in [2, 3, 10, 12_345] {
            let n = nodes as f64;
            let push = births(Push, nodes, 0.0);
            let all = 2.0 * (n - 1.0) * harmonic(nodes - 1) / n;
            assert!(is_close(push.rounds_to(nodes).mean, all, 1e-12));
            let calls = push.calls_by_informed().mean;
            assert!(is_close(calls, (n - 1.0) * harmonic(nodes - 1), 1e-12));
            let arrival = push.mean_arrival().unwrap().mean;
            assert!(is_close(arrival, harmonic(nodes - 1), 1e-12));
            assert_eq!(push.rounds_to(1).mean, 0.0);
        }
    }

    #[test]
    fn loss_and_a_pool_with_oneself_slow_it_down() {
        let free = births(Push, 50, 0.0).rounds_to(50).mean;
        for (exchange, speed) in [(Push, 0.8), (Pull, 0.64), (PushPull, 1.44)] {
            let lossy = births(exchange, 50, 0.2).rounds_to(50).mean;
            assert!(is_close(lossy, free / speed, 1e-12));
        }
        let mut own = spread(Push, 50, 0.0);
        own.calls.pool = 50;
        let mean = BirthProcess::new(&own).rounds_to(50).mean;
        assert!(is_close(mean, free * 50.0 / 49.0, 1e-12));
    }

    #[test]
    fn calls_of_two_and_three_nodes_by_hand() {
        let close = |got: Moments, mean: f64, variance: f64| {
            is_close(got.mean, mean, 1e-13) && is_close(got.variance, variance, 1e-13)
        };
        // Geometric: each call arrives with 3/4.
        let push = births(Push, 2, 0.25).calls_by_informed();
        assert!(close(push, 4.0 / 3.0, 4.0 / 9.0), "{push:?}");
        // Whoever is first to call.
        let both = births(PushPull, 2, 0.0).calls_by_informed();
        assert!(close(both, 0.5, 0.25), "{both:?}");
        // One call, then geometric with 1/2.
        let three = births(Push, 3, 0.0).calls_by_informed();
        assert!(close(three, 3.0, 2.0), "{three:?}");
        // Before each is told, 0 useless calls of the informed or more, evenly.
        let pull = births(Pull, 2, 0.0).calls_by_informed();
        assert!(close(pull, 1.0, 2.0), "{pull:?}");
    }

    #[test]
    fn the_law_of_two_and_three_nodes_is_erlangs() {
        for time in [0.0, 0.1, 1.0, 5.0, 20.0] {
            let two = births(Push, 2, 0.0).times_to(2, 20.0).within(time);
            let want = 1.0 - libm::exp(-time);
            assert!((two - want).abs() < 1e-13, "{time} {two}");
            let three = births(Push, 3, 0.0).times_to(3, 20.0).within(time);
            let want = 1.0 - libm::exp(-time) * (1.0 + time);
            assert!((three - want).abs() < 1e-13, "{time} {three}");
        }
    }

    /// Mean and variance by integrating the law.
    #[test]
    fn the_law_has_the_moments() {
        for (exchange, nodes, count) in [(Push, 1000, 1000), (PushPull, 300, 150), (Pull, 40, 40)] {
            let births = births(exchange, nodes, 0.1);
            let most = 40.0;
            let law = births.times_to(count, most);
            let step = 0.02;
            let (mut mean, mut square) = (0.0, 0.0);
            for place in 0..(most / step) as u32 {
                let time = (f64::from(place) + 0.5) * step;
                let beyond = 1.0 - law.within(time);
                mean += beyond * step;
                square += 2.0 * time * beyond * step;
            }
            let want = births.rounds_to(count);
            assert!(is_close(mean, want.mean, 1e-5), "{mean} {want:?}");
            let variance = square - mean * mean;
            assert!(is_close(variance, want.variance, 1e-3), "{variance}");
        }
    }

    #[test]
    fn the_curve_has_the_laws_of_the_times_and_yules_mean() {
        for (exchange, nodes, loss) in [(Push, 40, 0.0), (PushPull, 300, 0.1), (Pull, 2, 0.3)] {
            let births = births(exchange, nodes, loss);
            let goals = [nodes / 2, nodes * 9 / 10, nodes];
            let laws = goals.map(|goal| births.times_to(goal, 12.0));
            for point in births.curve(0.25, goals).take(48) {
                for (law, within) in laws.iter().zip(point.within) {
                    let want = law.within(point.round);
                    assert!(
                        (within - want).abs() < 1e-12,
                        "{exchange:?} {point:?} {want}"
                    );
                }
                let [low, median, high] = point.quantiles;
                assert!(low <= median && median <= high && high <= nodes);
            }
        }
        // As long as few know, each tells another at rate 1: the law of Yule,
        // geometric of mean e^t.
        let early = births(Push, 1_000, 0.0).curve(0.5, [1; 3]).nth(1).unwrap();
        let mean = libm::exp(0.5);
        assert!(is_close(early.mean, mean, 3e-3), "{early:?}");
        assert!(is_close(early.sd, (mean * (mean - 1.0)).sqrt(), 1e-2));
        // Half a step twice is a step.
        let births = births(PushPull, 50, 0.2);
        let fine = births.curve(0.5, [25, 49, 50]).nth(8).unwrap();
        let coarse = births.curve(1.0, [25, 49, 50]).nth(4).unwrap();
        assert!(is_close(fine.mean, coarse.mean, 1e-13) && is_close(fine.sd, coarse.sd, 1e-10));
    }

    #[test]
    fn the_curve_of_one_node_is_flat() {
        for point in births(Push, 1, 0.0).curve(0.25, [1; 3]).take(3) {
            assert_eq!((point.mean, point.sd, point.within), (1.0, 0.0, [1.0; 3]));
        }
    }

    #[test]
    fn the_bound_is_above_the_law() {
        let births = births(Push, 100, 0.0);
        let law = births.times_to(100, 60.0);
        for time in [5.0, 10.0, 20.0, 30.0] {
            let bound = births.beyond_at_most(100, time);
            assert!(bound >= 1.0 - law.within(time), "{time}");
        }
        assert!(births.beyond_at_most(100, 60.0) < 1e-8);
        assert_eq!(births.beyond_at_most(1, 0.0), 0.0);
        assert_eq!(births.times_to(1, 3.0).within(0.0), 1.0);
    }

    #[test]
    fn the_ends() {
        let one = births(Push, 1, 0.0);
        assert_eq!(one.rounds_to(1).mean, 0.0);
        assert!(one.mean_arrival().is_none());
        assert_eq!(one.calls_by_informed().mean, 0.0);
        assert!(applies(&spread(Push, 5, 0.9)) && !applies(&spread(Push, 5, 1.0)));
    }
}
