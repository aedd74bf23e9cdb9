//! Synchronous push, pull and push-pull as an exact Markov chain on the number
//! of informed nodes: the law of the rounds to any number of them, the mean
//! curve, the mean arrival, the calls by informed nodes.
//!
//! Assumes: complete graph, no faults, synchronous rounds decided from the
//! state at the round's start, one or more sources at time 0, a node draws its
//! targets afresh each round, losses independent ([`Spread`]: all
//! four samplings). Whether those call who cannot tell anything doesn't matter,
//! but to the count of calls. Unit: rounds, and calls. Range: loss < 1;
//! [`is_practical`] says how many nodes.
//!
//! Source: elementary, by occupancy counts; the chain itself is that of
//! B. Pittel, SIAM J. Appl. Math. 47 (1987) 213-223, and of A. Demers et al.,
//! PODC 1987. In a round that u = n - i nodes begin uninformed:
//! - each of these is told by its own calls with the probability of
//!   `Spread::by_own_calls`, independently: a binomial number is left;
//! - then the calls of each of the i informed, one caller at a time, tell some
//!   of those left (`pushing`: hypergeometric, thinned by loss). The two are
//!   independent, and the order is free.
//!
//! Since a caller does the same to any number of nodes left, the law after the
//! round, sum over u of P(u) e_u B_u K^(n-u) (B_u the binomial law, K the
//! matrix of one caller), is evaluated as a polynomial in K by Horner's rule:
//! n multiplications by K per round for all states together, not for each.
//!
//! Accuracy: masses below 1e-24 at the ends of a law are dropped, and the chain
//! ends where an uninformed node is left with a probability below 1e-18:
//! [`Chain::dropped`] says how much in all (below 1e-15). Rounding adds about
//! 1e-16 times the square root of n times the rounds.

use super::calls::Targets;
use super::curve::CurvePoint;
use super::masses::{Binomials, Masses};
use super::pushing::{Pushing, TRIM, Window};
use super::spread::{Exchange, Moments, Spread};

/// The chain ends where an uninformed node is left with less than this.
const TAIL: f64 = 1e-18;

/// What a law's tails are cut at, at most, where the law itself has next to no
/// weight.
const TRIM_LEAST: f64 = 1e-3;

/// One rumor's chain, walked from the sources until all are informed.
pub struct Chain {
    spread: Spread,
    /// By round, from 0: the law of the number of uninformed nodes.
    untold: Vec<Masses>,
    /// Of the sum over all nodes of their arrival rounds.
    arrivals: Moments,
    /// The covariance of that sum with the rounds to all.
    arrivals_with_rounds: f64,
    dropped: f64,
}

/// The law of a number of rounds.
pub struct Rounds {
    /// P(T = t) by t.
    law: Masses,
}

impl Rounds {
    /// To `count` nodes informed of `nodes`, from the law of the number of
    /// uninformed nodes by round, from 0.
    pub(super) fn of_untold(by_round: &[Masses], nodes: u64, count: u64) -> Rounds {
        assert!(count <= nodes, "more nodes than there are");
        let too_many = (nodes - count) as usize + 1;
        let mut mass = Vec::new();
        let mut before = 1.0;
        for untold in by_round {
            // The sum of all masses is 1 but for rounding, which is not to show.
            let beyond = (untold.from(too_many) / untold.from(0)).min(before);
            mass.push(before - beyond);
            before = beyond;
        }
        Rounds {
            law: Masses { first: 0, mass },
        }
    }

    /// Mean and variance.
    pub fn moments(&self) -> Moments {
        let mean = self.law.mean();
        Moments {
            mean,
            variance: self.law.squares_about(mean),
        }
    }

    /// Each number of rounds with its probability, ascending.
    pub fn probabilities(&self) -> impl Iterator<Item = (u64, f64)> {
        self.law.iter().map(|(t, p)| (t as u64, p))
    }

    /// The probability of at most `rounds`.
    pub fn within(&self, rounds: u64) -> f64 {
        let up_to = self.probabilities().take_while(|(t, _)| *t <= rounds);
        up_to.map(|(_, p)| p).sum::<f64>().min(1.0)
    }

    /// The probability of more than `rounds`.
    pub fn beyond(&self, rounds: u64) -> f64 {
        let next = usize::try_from(rounds).map_or(usize::MAX, |t| t.saturating_add(1));
        self.law.from(next)
    }
}

impl Chain {
    /// Walks the chain; in time that [`work`] foretells. Stops on a rumor that
    /// cannot reach all (loss 1).
    pub fn new(spread: &Spread) -> Chain {
        spread.check();
        let left = spread.calls.nodes - spread.sources;
        assert!(
            left == 0 || !spread.is_mute(),
            "a loss of 1 never ends the chain"
        );
        let mut walk = Walk::new(spread);
        let mut record = Record::default();
        record.note(&mut walk.now);
        while record.left > TAIL {
            walk.round();
            record.note(&mut walk.now);
        }
        let (arrivals, arrivals_with_rounds) = record.arrivals();
        Chain {
            spread: *spread,
            untold: record.untold,
            arrivals,
            arrivals_with_rounds,
            dropped: walk.trimmed() + record.left,
        }
    }

    /// The law of the first round after which at least `count` nodes (at most
    /// n) are informed.
    pub fn rounds_to(&self, count: u64) -> Rounds {
        Rounds::of_untold(&self.untold, self.spread.calls.nodes, count)
    }

    /// The number informed, round by round, and how likely it is to be at least
    /// as large as each of `goals` (at most n).
    pub fn curve(&self, goals: [u64; 3]) -> impl Iterator<Item = CurvePoint> {
        let nodes = self.spread.calls.nodes;
        let point = move |(round, untold): (u32, &Masses)| {
            CurvePoint::of_untold(f64::from(round), nodes, untold, goals)
        };
        (0..).zip(&self.untold).map(point)
    }

    /// The mean arrival round of a run, over the nodes other than the sources;
    /// none if there are no others.
    pub fn mean_arrival(&self) -> Option<Moments> {
        let others = self.spread.calls.nodes - self.spread.sources;
        (others > 0).then(|| self.arrivals.times(1.0 / others as f64))
    }

    /// The calls that informed nodes make until all are informed, the last
    /// round's included, where they all call; the variance only where each
    /// makes the same number of calls (a draw of itself is none).
    pub fn calls_by_informed(&self) -> (f64, Option<f64>) {
        // The informed of each round before the last: n T - S in all.
        let calls = &self.spread.calls;
        let nodes = calls.nodes as f64;
        let per_node = self.spread.calls_to_others();
        let rounds = self.rounds_to(calls.nodes).moments();
        let mean = per_node * (nodes * rounds.mean - self.arrivals.mean);
        let variance = nodes * nodes * rounds.variance - 2.0 * nodes * self.arrivals_with_rounds
            + self.arrivals.variance;
        let same = calls.pool < calls.nodes;
        (
            mean,
            same.then_some(per_node * per_node * variance.max(0.0)),
        )
    }

    /// The probability that was dropped in all: a bound on the error of each
    /// probability, rounding apart.
    pub fn dropped(&self) -> f64 {
        self.dropped
    }
}

/// About how many nanoseconds the chain takes on a common core, within a factor
/// of 5 for fanouts up to 10 and too many beyond: an estimate to decide by, the
/// same on every machine. Infinite at loss 1.
pub fn work(spread: &Spread) -> f64 {
    let calls = &spread.calls;
    if calls.nodes == spread.sources || calls.nodes == 1 {
        return 0.0;
    }
    let (n, m, q) = (calls.nodes as f64, calls.fanout as f64, calls.loss);
    let (mut of_round, mut once) = (0.0, 0.0);
    if spread.pushes() {
        // The law is sqrt(n) wide where the early rounds are all but sure, else
        // a share of n; with many calls a round is over before all have called.
        let chance = if spread.pulls() { 12.0 } else { 6.0 };
        let width = n.min(chance * n.sqrt() + 0.45 * q.sqrt() * n);
        let (bands, times) = match calls.targets {
            Targets::Distinct => (1.0 + m.min(8.0 * m.sqrt()), 1.0),
            Targets::WithReplacement => (2.0, m),
        };
        of_round += 0.6 * n * times * bands * (10.0 + width) / m.sqrt();
        once = n * bands * if q > 0.0 { 5.0 * bands } else { 5.0 };
    }
    if spread.pulls() {
        of_round += 8.0 * n * n.sqrt();
    }
    rounds_about(spread) * of_round + once
}

/// About how many rounds the chain is walked: the rise at the rate of growth,
/// and the fall to TAIL of the chance that nothing happens (a pull from few)
/// or that one is left.
fn rounds_about(spread: &Spread) -> f64 {
    let (n, m) = (spread.calls.nodes as f64, spread.calls.fanout as f64);
    let arrives = 1.0 - spread.calls.loss;
    let by_reply = arrives * arrives;
    let (growth, fall) = match spread.exchange {
        Exchange::Push => (arrives, arrives),
        Exchange::Pull => (by_reply, by_reply),
        Exchange::PushPull => (arrives + by_reply, arrives - libm::log1p(-by_reply)),
    };
    let log_n = libm::log(n);
    2.0 + log_n / libm::log1p(m * growth) + (log_n - libm::log(TAIL)) / (m * fall)
}

/// The greatest [`work`] for which the chain is worth its time: a second or two.
pub const WORK_MAX: f64 = 2e9;

/// Is the chain worth its time? At one call a node without loss up to some
/// 24,000 nodes (more for push-pull); with a loss of 0.1 some 10,000 to 20,000,
/// of 0.5 some 6,000, of 0.9 some 1,200 (pull, which needs two messages) to
/// 2,000. More calls: more nodes.
pub fn is_practical(spread: &Spread) -> bool {
    work(spread) <= WORK_MAX
}

/// The chain as it is walked.
struct Walk<'s> {
    spread: &'s Spread,
    pushing: Option<Pushing>,
    /// By the number of uninformed nodes: is one told by its own calls, or not?
    own: Vec<(f64, f64)>,
    binomials: Binomials,
    now: Window,
    next: Window,
    spare: Window,
}

impl<'s> Walk<'s> {
    fn new(spread: &'s Spread) -> Walk<'s> {
        let nodes = spread.calls.nodes;
        let left = nodes - spread.sources;
        let most = left as usize;
        let mut now = Window::empty(most);
        now.put(most, 1.0, 0.0);
        Walk {
            spread,
            pushing: (left > 0 && spread.pushes()).then(|| Pushing::new(&spread.calls, most)),
            own: (0..=left)
                .map(|untold| match untold {
                    0 => (1.0, 0.0),
                    _ => spread.by_own_calls(nodes - untold),
                })
                .collect(),
            binomials: Binomials::new(most),
            now,
            next: Window::empty(most),
            spare: Window::empty(most),
        }
    }

    /// The law at the round's end from that at its start.
    fn round(&mut self) {
        (self.next.low, self.next.high) = (0, 0);
        for untold in self.now.low.max(1)..self.now.high {
            self.callers(1);
            let (told, not) = self.own[untold];
            let (mass, sum) = (self.now.mass[untold], self.now.sum[untold]);
            let cut = (TRIM / mass).min(TRIM_LEAST);
            let (first, left, scale) = self.binomials.law(untold, not, told, cut);
            self.next.spread(first, left, mass * scale, sum * scale);
            self.next.trim();
        }
        // The informed of the last state above are still to call.
        self.callers(self.spread.calls.nodes + 1 - self.now.high as u64);
        if self.now.low == 0 {
            let (mass, sum) = (self.now.mass[0], self.now.sum[0]);
            self.next.put(0, mass, sum);
        }
        std::mem::swap(&mut self.now, &mut self.next);
    }

    /// So many informed nodes make their calls.
    fn callers(&mut self, count: u64) {
        let Some(pushing) = &self.pushing else { return };
        for _ in 0..count * pushing.times {
            if self.next.high <= 1 {
                return;
            }
            pushing.step(&self.next, &mut self.spare);
            std::mem::swap(&mut self.next, &mut self.spare);
            self.next.trim();
        }
    }

    fn trimmed(&self) -> f64 {
        self.now.trimmed + self.next.trimmed + self.spare.trimmed
    }
}

/// What is kept of each round. The second quantity that the walk carries is
/// D = the sum so far of (U - E[U]), U the number uninformed after a round:
/// the sum of all arrivals is that of all U.
#[derive(Default)]
struct Record {
    untold: Vec<Masses>,
    means: Vec<f64>,
    /// By round: P(U = 0), E[D; U = 0].
    done: Vec<(f64, f64)>,
    variance: f64,
    left: f64,
}

impl Record {
    fn note(&mut self, now: &mut Window) {
        let law = Masses {
            first: now.low,
            mass: now.mass[now.low..now.high].to_vec(),
        };
        let mean = law.mean();
        // D^2 grows by 2 (U - EU) D - (U - EU)^2, D being the new one.
        for (untold, mass) in law.iter() {
            let off = untold as f64 - mean;
            now.sum[untold] += off * mass;
            self.variance += off * (2.0 * now.sum[untold] - off * mass);
        }
        let done = match now.low {
            0 => (now.mass[0], now.sum[0]),
            _ => (0.0, 0.0),
        };
        self.left = law.from(1);
        self.done.push(done);
        self.means.push(mean);
        self.untold.push(law);
    }

    /// Moments of the sum S of all arrivals, and its covariance with the rounds
    /// T to all: -sum over t of E[S - ES; T <= t].
    fn arrivals(&self) -> (Moments, f64) {
        let mut later = 0.0;
        let mut covariance = 0.0;
        for ((done, off), mean) in self.done.iter().zip(&self.means).rev() {
            covariance -= off - later * done;
            later += mean;
        }
        let moments = Moments {
            mean: later,
            variance: self.variance.max(0.0),
        };
        (moments, covariance)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Calls;
    use super::super::enumeration::{Round, small_cases};
    use super::super::is_close;
    use super::super::spread::Exchange::{Pull, Push, PushPull};
    use super::*;
    use std::collections::BTreeMap;

    fn others(exchange: Exchange, nodes: u64, fanout: u64, loss: f64) -> Spread {
        Spread {
            exchange,
            calls: Calls::to_others(nodes, fanout, loss),
            sources: 1,
        }
    }

    fn mean_to_all(spread: &Spread) -> f64 {
        let chain = Chain::new(spread);
        chain.rounds_to(spread.calls.nodes).moments().mean
    }

    #[test]
    fn push_on_two_to_eight_nodes_is_the_exact_fraction() {
        for (nodes, want) in [
            (2, 1.0),
            (3, 7.0 / 3.0),
            (4, 485.0 / 152.0),
            (5, 72_271.0 / 18_375.0),
            (6, 599_752_873.0 / 133_724_448.0),
            (7, 2_865_726_433.0 / 576_606_030.0),
            (
                8,
                30_488_925_413_533_023_781.0 / 5_669_287_606_242_458_640.0,
            ),
        ] {
            let got = mean_to_all(&others(Push, nodes, 1, 0.0));
            assert!(is_close(got, want, 1e-14), "{nodes}: {got} {want}");
        }
    }

    #[test]
    fn the_published_table_to_its_digits() {
        // T50, T99, T100, mean arrival, calls by informed nodes / n.
        for (spread, want, calls) in [
            (
                others(Push, 8, 1, 0.0),
                "2.4048 5.3779 5.3779 3.1261",
                "2.6426",
            ),
            (
                others(PushPull, 8, 1, 0.0),
                "1.8246 3.1210 3.1210 2.0838",
                "1.2977",
            ),
            (others(Pull, 16, 1, 0.0), "4.0243 6.1403 6.1403 4.1262", ""),
            (
                others(Push, 32, 1, 0.0),
                "5.0543 9.3293 9.3293 5.1212",
                "4.3682",
            ),
            (
                others(PushPull, 32, 1, 0.0),
                "3.3136 5.1029 5.1029 3.3052",
                "1.9010",
            ),
            (
                others(Push, 1000, 1, 0.0),
                "10.0046 15.0858 18.0383 10.0725",
                "7.9759",
            ),
            (
                others(Push, 1000, 3, 0.0),
                "5.0000 7.0035 8.1732 5.1722",
                "9.0185",
            ),
            (
                others(Push, 1000, 3, 0.2),
                "6.0269 8.1397 9.4484 5.8447",
                "10.8286",
            ),
            (
                others(Pull, 1000, 1, 0.0),
                "10.3640 13.0750 13.7671 10.0725",
                "",
            ),
            (
                others(PushPull, 1000, 1, 0.0),
                "6.5684 8.5481 9.1511 6.4128",
                "2.7448",
            ),
            (
                others(PushPull, 1000, 1, 0.2),
                "8.0866 11.1474 12.7695 7.9322",
                "4.8452",
            ),
        ] {
            let chain = Chain::new(&spread);
            let n = spread.calls.nodes;
            let to = |percent: u64| chain.rounds_to((n * percent).div_ceil(100)).moments().mean;
            let arrival = chain.mean_arrival().unwrap().mean;
            let got = format!("{:.4} {:.4} {:.4} {arrival:.4}", to(50), to(99), to(100));
            assert_eq!(got, want, "{spread:?}");
            if !calls.is_empty() {
                let got = chain.calls_by_informed().0 / n as f64;
                assert_eq!(format!("{got:.4}"), calls, "{spread:?}");
            }
            assert!(chain.dropped() < 1e-15, "{}", chain.dropped());
        }
    }

    #[test]
    fn the_deviations_and_the_curve_of_a_thousand_nodes() {
        let push = Chain::new(&others(Push, 1000, 1, 0.0));
        let sd = push.rounds_to(1000).moments().sd();
        assert_eq!(format!("{sd:.4}"), "1.3185");
        let means = "1.000 2.000 3.997 7.976 15.869 31.385 61.356 117.290 215.091 367.112 \
            561.635 749.993 881.879 951.093 981.109 992.920 997.378 999.033";
        let sds = "0.000 0.000 0.055 0.172 0.445 1.049 2.310 4.749 8.858 14.189 18.075 17.226";
        let shown = |value: fn(&CurvePoint) -> f64, count: usize| -> String {
            let points = push.curve([1000; 3]).take(count);
            let shown: Vec<String> = points.map(|p| format!("{:.3}", value(&p).abs())).collect();
            shown.join(" ")
        };
        assert_eq!(shown(|p| p.mean, 18), means);
        // Two nodes have exactly two, whatever is rounded on the way.
        assert_eq!(shown(|p| p.sd, 12), sds);
        let both = Chain::new(&others(PushPull, 1000, 1, 0.0));
        let sd = both.rounds_to(1000).moments().sd();
        assert_eq!(format!("{sd:.3}"), "0.501");
    }

    #[test]
    fn push_and_pull_have_the_same_mean_curve() {
        // Mean curves, with one source; not the laws. A pull needs two messages.
        for (nodes, fanout, loss) in [(9, 1, 0.0), (50, 3, 0.0), (200, 2, 0.3), (1000, 1, 0.1)] {
            let push = Chain::new(&others(Push, nodes, fanout, loss));
            // 1 - (1-q)^2 is the loss of a push that is as likely as the pull.
            let pull = Chain::new(&others(Pull, nodes, fanout, 1.0 - (1.0 - loss).sqrt()));
            for (a, b) in push.curve([1; 3]).zip(pull.curve([1; 3])) {
                assert!(
                    is_close(a.mean, b.mean, 1e-11),
                    "{nodes} {} {}",
                    a.mean,
                    b.mean
                );
            }
        }
    }

    #[test]
    fn probabilities_sum_to_one_and_thresholds_are_ordered() {
        let chain = Chain::new(&others(PushPull, 300, 2, 0.1));
        let mut last = 0.0;
        for count in 0..=300 {
            let rounds = chain.rounds_to(count);
            let sum: f64 = rounds.probabilities().map(|(_, p)| p).sum();
            assert!(is_close(sum, 1.0, 1e-13), "{sum}");
            let mean = rounds.moments().mean;
            assert!(mean >= last);
            last = mean;
        }
        let all = chain.rounds_to(300);
        assert_eq!(all.within(2), 0.0);
        assert!(is_close(all.within(5) + all.beyond(5), 1.0, 1e-14));
        assert!(is_close(all.beyond(0), 1.0, 1e-14));
        assert!(all.beyond(1000) < 1e-17 && all.beyond(u64::MAX) == 0.0);
        let first_source = chain.rounds_to(1);
        assert_eq!(first_source.probabilities().next(), Some((0, 1.0)));
    }

    #[test]
    fn the_ends() {
        let one = Chain::new(&others(Push, 1, 1, 0.0));
        assert_eq!(one.rounds_to(1).moments().mean, 0.0);
        assert!(one.mean_arrival().is_none());
        assert_eq!(one.calls_by_informed(), (0.0, Some(0.0)));
        let two = Chain::new(&others(Push, 2, 1, 0.75));
        let rounds = two.rounds_to(2).moments();
        assert!(is_close(rounds.mean, 4.0, 1e-13) && is_close(rounds.variance, 12.0, 1e-12));
        for exchange in [Push, Pull, PushPull] {
            let all_at_once = Chain::new(&others(exchange, 1000, 999, 0.0));
            assert_eq!(
                all_at_once.rounds_to(1000).moments(),
                Moments {
                    mean: 1.0,
                    variance: 0.0
                }
            );
            let everybody = Spread {
                sources: 30,
                ..others(exchange, 30, 2, 1.0)
            };
            assert_eq!(Chain::new(&everybody).rounds_to(30).moments().mean, 0.0);
        }
    }

    /// P(u' uninformed after a round) from a set of those informed, by
    /// enumeration of all draws and losses of all nodes.
    fn round_by_enumeration(spread: &Spread, informed: u64) -> Vec<f64> {
        let Calls { nodes, loss, .. } = spread.calls;
        let both = 1.0 - (1.0 - loss) * (1.0 - loss);
        let told_by_own = |caller: u64| {
            let lossy = Calls {
                loss: both,
                ..spread.calls
            };
            let misses = Round::of_one_caller(&lossy, caller).misses((1 << informed) - 1);
            Round::of_one(nodes, caller, 1.0 - misses)
        };
        let mut told = Round::of_nobody(nodes);
        for node in 0..nodes {
            if node < informed && spread.exchange != Pull {
                told = told.and(&Round::of_one_caller(&spread.calls, node));
            }
            if node >= informed && spread.exchange != Push {
                told = told.and(&told_by_own(node));
            }
        }
        let mut law = vec![0.0; nodes as usize + 1];
        for (set, p) in told.sets() {
            let all = set | ((1 << informed) - 1);
            law[(nodes - u64::from(all.count_ones())) as usize] += p;
        }
        law
    }

    /// Moments of T, S and the calls, walking all (u, S, I) together.
    struct Walked {
        rounds: Moments,
        arrivals: Moments,
        calls: Moments,
    }

    fn walk(spread: &Spread, rounds: u32) -> Walked {
        let n = spread.calls.nodes;
        let laws: Vec<Vec<f64>> = (0..=n)
            .map(|i| {
                if i == 0 {
                    vec![]
                } else {
                    round_by_enumeration(spread, i)
                }
            })
            .collect();
        // (uninformed, rounds, sum of arrivals, informed node rounds)
        let mut states = BTreeMap::from([((n - spread.sources, 0u64, 0u64, 0u64), 1.0)]);
        for _ in 0..rounds {
            let mut next = BTreeMap::new();
            for ((u, t, s, c), p) in states {
                if u == 0 {
                    *next.entry((u, t, s, c)).or_insert(0.0) += p;
                    continue;
                }
                for (v, step) in (0..).zip(&laws[(n - u) as usize]) {
                    if p * step > 1e-16 {
                        *next.entry((v, t + 1, s + u, c + n - u)).or_insert(0.0) += p * step;
                    }
                }
            }
            states = next;
        }
        let moments = |value: fn(&(u64, u64, u64, u64)) -> u64| {
            let mean: f64 = states.iter().map(|(k, p)| value(k) as f64 * p).sum();
            let square = |x: f64| (x - mean) * (x - mean);
            let variance = states
                .iter()
                .map(|(k, p)| square(value(k) as f64) * p)
                .sum();
            Moments { mean, variance }
        };
        Walked {
            rounds: moments(|k| k.1),
            arrivals: moments(|k| k.2),
            calls: moments(|k| k.3),
        }
    }

    fn agree(got: Moments, want: Moments) -> bool {
        (got.mean - want.mean).abs() < 1e-9 && (got.variance - want.variance).abs() < 1e-8
    }

    #[test]
    fn agrees_with_an_enumeration_of_all_draws_losses_and_paths() {
        let cases = small_cases()
            .into_iter()
            .filter(|c| c.nodes <= 4 && c.loss < 1.0);
        for calls in cases {
            for (exchange, sources) in [(Push, 1), (Pull, 1), (PushPull, 1), (PushPull, 2)] {
                let spread = Spread {
                    exchange,
                    calls,
                    sources,
                };
                let chain = Chain::new(&spread);
                let want = walk(&spread, 200);
                let rounds = chain.rounds_to(calls.nodes).moments();
                assert!(agree(rounds, want.rounds), "{spread:?} {rounds:?}");
                assert!(agree(chain.arrivals, want.arrivals), "{spread:?}");
                let per_node = spread.calls_to_others();
                let (mean, variance) = chain.calls_by_informed();
                assert!(is_close(mean + 1.0, per_node * want.calls.mean + 1.0, 1e-9));
                assert_eq!(variance.is_some(), calls.pool < calls.nodes);
                if let Some(variance) = variance {
                    let want = want.calls.times(per_node);
                    assert!(
                        agree(Moments { mean, variance }, want),
                        "{spread:?} {variance}"
                    );
                }
            }
        }
    }
}
