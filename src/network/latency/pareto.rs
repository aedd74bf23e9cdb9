//! Pareto: P(latency > t) = (least / t)^shape for t >= least. Its mean is finite
//! for a shape above 1, its variance above 2.

use super::{Law, whole_nanoseconds};
use crate::keys;
use crate::random::Stream;
use crate::time::Duration;

keys! {
    /// `latency = { kind = "pareto", least = "20ms", shape = 2.5 }`.
    pub struct Pareto {
        /// No message is faster.
        pub least: Duration,
        /// The mean is finite above 1, the variance above 2.
        pub shape: f64 [0.1..=100.0],
    }
}

impl Law for Pareto {
    #[inline(never)]
    fn draw(&self, stream: &mut Stream) -> Duration {
        // The logarithm of latency / least is exponential.
        let stretch = libm::exp(stream.exponential() / self.shape);
        whole_nanoseconds(self.least.0 as f64 * stretch)
    }

    fn exceeds(&self, length: Duration) -> f64 {
        if length < self.least {
            return 1.0;
        }
        if self.least == Duration::ZERO {
            return 0.0;
        }
        libm::pow(self.least.0 as f64 / length.0 as f64, self.shape)
    }

    fn is_constant(&self) -> bool {
        self.least == Duration::ZERO
    }
}
