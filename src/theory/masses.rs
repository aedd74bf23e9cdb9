//! Laws on whole numbers: the binomial and the hypergeometric law, by the ratio
//! of neighbouring masses.
//!
//! Source: elementary. Starting from the mode, each mass is its neighbour's
//! times p(k+1)/p(k), and all are divided by their sum at the end: no
//! factorial, no logarithm, nothing cancels. Each mass is exact to some 1e-15
//! times its distance from the mode; masses below a share of the greatest are
//! left out.

/// Masses below this share of the greatest are left out.
const CUT: f64 = 1e-26;

/// Probabilities of consecutive whole numbers: `mass[j]` is that of `first + j`;
/// all others have none.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Masses {
    pub first: usize,
    pub mass: Vec<f64>,
}

impl Masses {
    /// All of it at one number.
    pub fn at(number: usize) -> Masses {
        Masses {
            first: number,
            mass: vec![1.0],
        }
    }

    /// Numbers and their probabilities, ascending.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (usize, f64)> {
        let end = self.first + self.mass.len();
        (self.first..end).zip(self.mass.iter().copied())
    }

    /// The probability of `least` or more.
    pub fn from(&self, least: usize) -> f64 {
        let skipped = least.saturating_sub(self.first).min(self.mass.len());
        self.mass[skipped..].iter().sum()
    }

    /// The expectation.
    pub fn mean(&self) -> f64 {
        self.iter().map(|(number, p)| number as f64 * p).sum()
    }

    /// The expectation of (number - centre)^2.
    pub fn squares_about(&self, centre: f64) -> f64 {
        let square = |(number, p): (usize, f64)| {
            let distance = number as f64 - centre;
            distance * distance * p
        };
        self.iter().map(square).sum()
    }
}

/// Successes in `trials` that succeed with `p` and fail with `q` = 1 - p, given
/// apart so that neither loses digits.
pub(super) fn binomial(trials: usize, p: f64, q: f64) -> Masses {
    if p <= 0.0 || trials == 0 {
        return Masses::at(0);
    }
    if q <= 0.0 {
        return Masses::at(trials);
    }
    let mode = ((trials + 1) as f64 * p) as usize;
    let odds = p / q;
    from_ratios(0, trials, mode, |k| {
        (trials - k) as f64 / (k + 1) as f64 * odds
    })
}

/// Many binomial laws one after another: no division, no new memory.
pub(super) struct Binomials {
    /// `inverse[k]` is 1/k.
    inverse: Vec<f64>,
    mass: Vec<f64>,
}

impl Binomials {
    /// For up to `most` trials.
    pub fn new(most: usize) -> Binomials {
        Binomials {
            inverse: (0..=most).map(|k| 1.0 / k as f64).collect(),
            mass: vec![0.0; most + 1],
        }
    }

    /// As [`binomial`], without what is below `cut` times the greatest mass:
    /// the first number, the masses, and what to multiply them by.
    pub fn law(&mut self, trials: usize, p: f64, q: f64, cut: f64) -> (usize, &[f64], f64) {
        let sure = if p <= 0.0 { 0 } else { trials };
        if p <= 0.0 || q <= 0.0 || trials == 0 {
            self.mass[sure] = 1.0;
            return (sure, &self.mass[sure..=sure], 1.0);
        }
        let mode = (((trials + 1) as f64 * p) as usize).min(trials);
        let (up, down) = (p / q, q / p);
        self.mass[mode] = 1.0;
        let (mut low, mut high) = (mode, mode + 1);
        let (mut mass, mut below, mut above) = (1.0, 0.0, 0.0);
        while low > 0 {
            mass *= low as f64 * self.inverse[trials + 1 - low] * down;
            if mass < cut {
                break;
            }
            low -= 1;
            self.mass[low] = mass;
            below += mass;
        }
        mass = 1.0;
        while high <= trials {
            mass *= (trials + 1 - high) as f64 * self.inverse[high] * up;
            if mass < cut {
                break;
            }
            self.mass[high] = mass;
            high += 1;
            above += mass;
        }
        (low, &self.mass[low..high], 1.0 / (below + 1.0 + above))
    }
}

/// Marked members of a random set of `drawn` out of `pool`, `marked` of which
/// are marked; neither is above `pool`.
pub(super) fn hypergeometric(pool: usize, marked: usize, drawn: usize) -> Masses {
    let low = (marked + drawn).saturating_sub(pool);
    let high = marked.min(drawn);
    let mode = (marked + 1) as f64 * (drawn + 1) as f64 / (pool + 2) as f64;
    from_ratios(low, high, mode as usize, |k| {
        let up = (marked - k) as f64 * (drawn - k) as f64;
        up / ((k + 1) as f64 * (pool + k + 1 - marked - drawn) as f64)
    })
}

/// The law on `low..=high` with p(k+1) = p(k) `ratio(k)`, the ratio falling in k.
fn from_ratios(low: usize, high: usize, mode: usize, ratio: impl Fn(usize) -> f64) -> Masses {
    let mode = mode.clamp(low, high);
    let mut all = Vec::new();
    let mut mass = 1.0;
    for k in (low..mode).rev() {
        mass /= ratio(k);
        if mass < CUT {
            break;
        }
        all.push(mass);
    }
    let first = mode - all.len();
    all.reverse();
    mass = 1.0;
    all.push(mass);
    for k in mode..high {
        mass *= ratio(k);
        if mass < CUT {
            break;
        }
        all.push(mass);
    }
    let sum: f64 = all.iter().sum();
    all.iter_mut().for_each(|mass| *mass /= sum);
    Masses { first, mass: all }
}

#[cfg(test)]
mod tests {
    use super::super::is_close;
    use super::*;

    #[test]
    fn a_binomial_by_hand() {
        let law = binomial(3, 0.25, 0.75);
        let want = [27.0, 27.0, 9.0, 1.0].map(|m| m / 64.0);
        assert_eq!(law.first, 0);
        assert_eq!(law.mass.len(), 4);
        for (got, want) in law.mass.iter().zip(want) {
            assert!(is_close(*got, want, 1e-15));
        }
        assert!(is_close(law.mean(), 0.75, 1e-15));
        assert!(is_close(law.squares_about(0.75), 3.0 * 0.1875, 1e-15));
        assert!(is_close(law.from(2), 10.0 / 64.0, 1e-15));
        assert_eq!((law.from(0), law.from(4)), (law.mass.iter().sum(), 0.0));
    }

    #[test]
    fn a_hypergeometric_by_hand() {
        // 3 of 7 with 5 marked: at least one is marked.
        let law = hypergeometric(7, 5, 3);
        let want = [5.0, 20.0, 10.0].map(|m| m / 35.0);
        assert_eq!(law.first, 1);
        for (got, want) in law.mass.iter().zip(want) {
            assert!(is_close(*got, want, 1e-15));
        }
    }

    #[test]
    fn many_binomials_are_single_ones() {
        let mut many = Binomials::new(400);
        for trials in [0, 1, 7, 400] {
            for p in [0.0, 0.03, 0.5, 0.97, 1.0] {
                let want = binomial(trials, p, 1.0 - p);
                let (first, mass, scale) = many.law(trials, p, 1.0 - p, CUT);
                assert_eq!((first, mass.len()), (want.first, want.mass.len()));
                for (got, want) in mass.iter().zip(&want.mass) {
                    assert!(is_close(got * scale, *want, 1e-13));
                }
            }
        }
        let (_, mass, _) = many.law(400, 0.5, 0.5, 1e-3);
        assert!(mass.len() < 80 && mass.iter().all(|mass| *mass >= 1e-3));
    }

    #[test]
    fn the_ends() {
        assert_eq!(binomial(5, 0.0, 1.0), Masses::at(0));
        assert_eq!(binomial(5, 1.0, 0.0), Masses::at(5));
        assert_eq!(binomial(0, 0.5, 0.5), Masses::at(0));
        assert_eq!(hypergeometric(9, 0, 4), Masses::at(0));
        assert_eq!(hypergeometric(9, 4, 0), Masses::at(0));
        assert_eq!(hypergeometric(9, 9, 4), Masses::at(4));
        assert_eq!(hypergeometric(9, 4, 9), Masses::at(4));
        assert_eq!(hypergeometric(0, 0, 0), Masses::at(0));
    }

    #[test]
    fn moments_hold_at_any_size() {
        for trials in [10, 1_000, 100_000, 10_000_000] {
            for p in [1e-7, 0.01, 0.5, 0.9, 1.0 - 1e-7] {
                let (n, q) = (trials as f64, 1.0 - p);
                let law = binomial(trials, p, q);
                assert!(is_close(law.mean(), n * p, 1e-11), "{trials} {p}");
                let variance = law.squares_about(n * p);
                assert!(is_close(variance, n * p * q, 1e-9), "{trials} {p}");
            }
        }
        for (pool, marked, drawn) in [(999, 500, 3), (9_999, 9_000, 700), (99_999, 3, 99_000)] {
            let (b, a, m) = (pool as f64, marked as f64, drawn as f64);
            let law = hypergeometric(pool, marked, drawn);
            let mean = m * a / b;
            assert!(is_close(law.mean(), mean, 1e-12), "{pool}");
            let variance = mean * (1.0 - a / b) * (b - m) / (b - 1.0);
            assert!(is_close(law.squares_about(mean), variance, 1e-10));
        }
    }
}
