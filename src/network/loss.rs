//! Independent loss: each message is lost with the same probability q, whatever
//! became of the others.
//!
//! The number of messages that pass before the next lost one is geometric, so
//! one draw per lost message is enough: floor(E / -ln(1-q)) with E exponential
//! of mean 1 is k with probability q (1-q)^k, exactly.

use crate::random::Stream;

/// The law of losses. Which message is next to be lost is for its user to count
/// down, beside its other counters.
#[derive(Clone, Copy)]
pub enum Loss {
    /// q = 0.
    Never,
    /// q = 1.
    Always,
    /// 1 / -ln(1-q).
    Geometric(f64),
}

impl Loss {
    /// With probability `q`, 0 to 1.
    pub fn new(q: f64) -> Loss {
        if q <= 0.0 {
            Loss::Never
        } else if q >= 1.0 {
            Loss::Always
        } else {
            Loss::Geometric(-1.0 / libm::log1p(-q))
        }
    }

    /// How many messages pass before the next lost one, drawn afresh.
    #[cold]
    pub fn gap(self, stream: &mut Stream) -> u64 {
        match self {
            Loss::Never => u64::MAX,
            Loss::Always => 0,
            Loss::Geometric(scale) => (stream.exponential() * scale) as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Seeds, StreamName};

    fn stream() -> Stream {
        let seeds = Seeds {
            master: 31,
            replicate: 0,
            cell: String::new(),
        };
        seeds.stream(StreamName::Network)
    }

    /// Which of so many messages are lost.
    fn losses(q: f64, messages: u32) -> Vec<bool> {
        let (loss, mut stream) = (Loss::new(q), stream());
        let mut passing = loss.gap(&mut stream);
        let mut strikes = || match passing {
            0 => {
                passing = loss.gap(&mut stream);
                true
            }
            _ => {
                passing -= 1;
                false
            }
        };
        (0..messages).map(|_| strikes()).collect()
    }

    #[test]
    fn certain_loss_takes_all_and_none_takes_nothing() {
        for (q, lost) in [(0.0, 0), (1.0, 1000)] {
            let strikes = losses(q, 1000).into_iter().filter(|lost| *lost).count();
            assert_eq!(strikes, lost);
        }
    }

    /// The share lost, and the share of lost ones right after a lost one, are
    /// both q: 4.5 standard deviations of a binomial.
    #[test]
    fn losses_are_independent_with_their_probability() {
        for q in [1e-3, 0.3, 0.9] {
            let messages = 1_000_000;
            let lost = losses(q, messages);
            let count = lost.iter().filter(|lost| **lost).count() as f64;
            let pairs = lost.windows(2).filter(|pair| pair[0] && pair[1]).count() as f64;
            let all = f64::from(messages);
            assert!((count - all * q).abs() < 4.5 * (all * q * (1.0 - q)).sqrt());
            assert!((pairs - count * q).abs() < 4.5 * (count * q * (1.0 - q)).sqrt());
        }
    }
}
