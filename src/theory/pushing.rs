//! What the calls of one informed node do to the nodes that nobody has told
//! yet: the step that a round of push repeats for each caller.
//!
//! A caller's calls of one cycle go to m of the b in its pool. Given that `a`
//! given others are still to be told, the number of these that are drawn is
//! hypergeometric, and each drawn one is told with 1 - q. So one caller takes
//! the law of the number still to be told by a fixed band matrix, the same for
//! every caller. With replacement each call is a caller of its own with m = 1.
//!
//! Source: elementary (occupancy, one caller at a time). Assumes [`Calls`].
//! Exact but for masses below 1e-26 of a row's greatest.

use super::calls::{Calls, Targets};
use super::masses::{Masses, binomial, hypergeometric};

/// The band matrix of one caller, or of one call with replacement.
pub(super) struct Pushing {
    /// `told[r]`: the probabilities that `r` are told.
    told: Vec<Band>,
    /// How often it is applied for one caller.
    pub times: u64,
}

/// Probabilities by the number still to be told: `mass[j]` for `first + j`.
#[derive(Clone, Default)]
struct Band {
    first: usize,
    mass: Vec<f64>,
}

impl Band {
    fn end(&self) -> usize {
        self.first + self.mass.len()
    }
}

impl Pushing {
    /// For up to `most` nodes still to be told.
    pub fn new(calls: &Calls, most: usize) -> Pushing {
        let (drawn, times) = match calls.targets {
            Targets::Distinct => (calls.fanout as usize, 1),
            Targets::WithReplacement => (1, calls.fanout),
        };
        let survivors: Vec<Masses> = (0..=drawn)
            .map(|d| binomial(d, 1.0 - calls.loss, calls.loss))
            .collect();
        let mut told: Vec<Band> = Vec::new();
        for untold in 0..=most {
            let row = thinned(
                &hypergeometric(calls.pool as usize, untold, drawn),
                &survivors,
            );
            for (r, p) in row.iter() {
                if told.len() <= r {
                    told.resize(r + 1, Band::default());
                }
                put(&mut told[r], untold, p);
            }
        }
        Pushing { told, times }
    }

    /// The number of bands that a window of some `untold` meets: from and to.
    fn bands(&self, window: &Window) -> (usize, usize) {
        let low = self.told.partition_point(|band| band.end() <= window.low);
        let high = self.told.partition_point(|band| band.first < window.high);
        (low, high.max(low))
    }

    /// One caller (one call, with replacement): the law `from` of the number
    /// still to be told becomes `to`.
    pub fn step(&self, from: &Window, to: &mut Window) {
        let (low_band, high_band) = self.bands(from);
        to.low = from.low.saturating_sub(high_band.saturating_sub(1));
        to.high = from.high;
        to.clear();
        for (r, band) in (low_band..high_band).zip(&self.told[low_band..high_band]) {
            let (low, high) = (from.low.max(band.first), from.high.min(band.end()));
            if low >= high {
                continue;
            }
            let p = &band.mass[low - band.first..high - band.first];
            add(&mut to.mass[low - r..high - r], &from.mass[low..high], p);
            add(&mut to.sum[low - r..high - r], &from.sum[low..high], p);
        }
    }
}

/// to += from * p, number by number.
#[inline]
fn add(to: &mut [f64], from: &[f64], p: &[f64]) {
    for ((to, from), p) in to.iter_mut().zip(from).zip(p) {
        *to += from * p;
    }
}

/// How many of the drawn are told.
fn thinned(drawn: &Masses, survivors: &[Masses]) -> Masses {
    let laws = || drawn.iter().map(|(d, p)| (&survivors[d], p));
    let first = laws().map(|(law, _)| law.first).min().unwrap_or(0);
    let end = laws().map(|(law, _)| law.first + law.mass.len()).max();
    let mut told = Masses {
        first,
        mass: vec![0.0; end.unwrap_or(first) - first],
    };
    for (law, p) in laws() {
        for (r, survive) in law.iter() {
            told.mass[r - first] += p * survive;
        }
    }
    told
}

/// Writes into a band, filling with zeros what was left out in between.
fn put(band: &mut Band, untold: usize, p: f64) {
    if band.mass.is_empty() {
        band.first = untold;
    }
    band.mass.resize(untold - band.first, 0.0);
    band.mass.push(p);
}

/// The law of the number of nodes still to be told, with the expectation of a
/// second quantity on each: `mass[a]` and `sum[a]` for a in `low..high`; what
/// is outside has no meaning.
pub(super) struct Window {
    pub low: usize,
    pub high: usize,
    pub mass: Vec<f64>,
    pub sum: Vec<f64>,
    /// What was trimmed in all.
    pub trimmed: f64,
}

/// Below this, the masses at the ends of a window are trimmed.
pub(super) const TRIM: f64 = 1e-24;

impl Window {
    /// Empty, for numbers up to `most`.
    pub fn empty(most: usize) -> Window {
        Window {
            low: 0,
            high: 0,
            mass: vec![0.0; most + 1],
            sum: vec![0.0; most + 1],
            trimmed: 0.0,
        }
    }

    fn clear(&mut self) {
        self.mass[self.low..self.high].fill(0.0);
        self.sum[self.low..self.high].fill(0.0);
    }

    /// Adds `mass` and `sum` at one number.
    pub fn put(&mut self, number: usize, mass: f64, sum: f64) {
        self.spread(number, &[1.0], mass, sum);
    }

    /// Adds `mass` and `sum`, spread by a law that begins at `first`.
    pub fn spread(&mut self, first: usize, law: &[f64], mass: f64, sum: f64) {
        let end = first + law.len();
        self.cover(first, end);
        for (to, p) in self.mass[first..end].iter_mut().zip(law) {
            *to += mass * p;
        }
        for (to, p) in self.sum[first..end].iter_mut().zip(law) {
            *to += sum * p;
        }
    }

    /// Grows to hold `low..high`.
    fn cover(&mut self, low: usize, high: usize) {
        if self.low == self.high {
            (self.low, self.high) = (low, high);
            return self.clear();
        }
        let (new_low, new_high) = (self.low.min(low), self.high.max(high));
        for all in [&mut self.mass, &mut self.sum] {
            all[new_low..self.low].fill(0.0);
            all[self.high..new_high].fill(0.0);
        }
        (self.low, self.high) = (new_low, new_high);
    }

    /// Drops the ends where nothing is likely.
    pub fn trim(&mut self) {
        while self.low < self.high && self.mass[self.low] < TRIM {
            self.trimmed += self.mass[self.low];
            self.low += 1;
        }
        while self.low < self.high && self.mass[self.high - 1] < TRIM {
            self.high -= 1;
            self.trimmed += self.mass[self.high];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::enumeration::{Round, small_cases};
    use super::*;

    /// The law of the number told of the `untold` last nodes by node 0.
    fn by_enumeration(calls: &Calls, untold: usize) -> Vec<f64> {
        let round = Round::of_one_caller(calls, 0);
        let mut law = vec![0.0; untold + 1];
        let last = |set: usize| set >> (calls.nodes as usize - untold);
        for (set, p) in round.sets() {
            law[untold - last(set).count_ones() as usize] += p;
        }
        law
    }

    #[test]
    fn one_caller_agrees_with_an_enumeration() {
        for calls in small_cases() {
            let most = calls.nodes as usize - 1;
            let pushing = Pushing::new(&calls, most);
            for untold in 1..=most {
                let mut from = Window::empty(most);
                from.put(untold, 1.0, 2.0);
                let mut to = Window::empty(most);
                for _ in 0..pushing.times {
                    pushing.step(&from, &mut to);
                    std::mem::swap(&mut from, &mut to);
                }
                let want = by_enumeration(&calls, untold);
                for (a, want) in want.iter().enumerate() {
                    let inside = (from.low..from.high).contains(&a);
                    let got = if inside { from.mass[a] } else { 0.0 };
                    assert!((got - want).abs() < 1e-12, "{calls:?} {untold} {a}");
                    assert!(!inside || (from.sum[a] - 2.0 * got).abs() < 1e-12);
                }
            }
        }
    }

    #[test]
    fn rows_sum_to_one() {
        for (fanout, loss) in [(1, 0.0), (3, 0.2), (60, 0.5), (998, 0.1), (999, 0.0)] {
            let calls = Calls {
                nodes: 1000,
                fanout,
                pool: 999,
                targets: Targets::Distinct,
                loss,
            };
            let pushing = Pushing::new(&calls, 999);
            for untold in [0, 1, 2, 500, 998, 999] {
                let mut from = Window::empty(999);
                from.put(untold, 1.0, 0.0);
                let mut to = Window::empty(999);
                pushing.step(&from, &mut to);
                let sum: f64 = to.mass[to.low..to.high].iter().sum();
                assert!((sum - 1.0).abs() < 1e-14, "{fanout} {untold} {sum}");
            }
        }
    }

    #[test]
    fn what_is_trimmed_is_counted() {
        let mut window = Window::empty(4);
        window.put(2, 1.0, 0.0);
        window.put(0, 1e-25, 0.0);
        window.put(4, 2e-25, 0.0);
        window.trim();
        assert_eq!((window.low, window.high), (2, 3));
        assert!((window.trimmed - 3e-25).abs() < 1e-39);
        window.put(3, 0.5, 0.0);
        assert_eq!(window.mass[2..4], [1.0, 0.5]);
    }
}
