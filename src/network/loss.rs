//! Independent loss: each message is lost with the same probability q, whatever
//! became of the others.
//!
//! The number of messages that pass before the next lost one is geometric, so
//! one draw per lost message is enough: floor(E / -ln(1-q)) with E exponential
//! of mean 1 is k with probability q (1-q)^k, exactly.

use crate::random::Stream;

/// Decides which messages are lost.
pub struct Loss {
    law: Law,
    /// Messages that pass before the next lost one.
    passing: u64,
}

enum Law {
    Never,
    Always,
    /// 1 / -ln(1-q).
    Geometric(f64),
}

impl Loss {
    /// With probability `q`, 0 to 1; its first gap is drawn from the stream.
    pub fn new(q: f64, stream: &mut Stream) -> Loss {
        let law = if q <= 0.0 {
            Law::Never
        } else if q >= 1.0 {
            Law::Always
        } else {
            Law::Geometric(-1.0 / libm::log1p(-q))
        };
        let mut loss = Loss { law, passing: 0 };
        loss.draw_gap(stream);
        loss
    }

    /// Is the next message lost?
    #[inline]
    pub fn strikes(&mut self, stream: &mut Stream) -> bool {
        if self.passing > 0 {
            self.passing -= 1;
            return false;
        }
        self.draw_gap(stream)
    }

    /// True unless nothing is ever lost.
    #[cold]
    fn draw_gap(&mut self, stream: &mut Stream) -> bool {
        self.passing = match self.law {
            Law::Never => u64::MAX,
            Law::Always => 0,
            Law::Geometric(scale) => (stream.exponential() * scale) as u64,
        };
        !matches!(self.law, Law::Never)
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

    #[test]
    fn certain_loss_takes_all_and_none_takes_nothing() {
        let mut stream = stream();
        for (q, lost) in [(0.0, 0), (1.0, 1000)] {
            let mut loss = Loss::new(q, &mut stream);
            let strikes = (0..1000).filter(|_| loss.strikes(&mut stream)).count();
            assert_eq!(strikes, lost);
        }
    }

    /// The share lost, and the share of lost ones right after a lost one, are
    /// both q: 4.5 standard deviations of a binomial.
    #[test]
    fn losses_are_independent_with_their_probability() {
        let mut stream = stream();
        for q in [1e-3, 0.3, 0.9] {
            let mut loss = Loss::new(q, &mut stream);
            let messages = 1_000_000;
            let lost: Vec<bool> = (0..messages).map(|_| loss.strikes(&mut stream)).collect();
            let count = lost.iter().filter(|lost| **lost).count() as f64;
            let pairs = lost.windows(2).filter(|pair| pair[0] && pair[1]).count() as f64;
            let all = f64::from(messages);
            assert!((count - all * q).abs() < 4.5 * (all * q * (1.0 - q)).sqrt());
            assert!((pairs - count * q).abs() < 4.5 * (count * q * (1.0 - q)).sqrt());
        }
    }
}
