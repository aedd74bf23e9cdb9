//! Exponential: P(latency > t) = e^{-t / mean}.

use super::{Law, whole_nanoseconds};
use crate::keys;
use crate::random::Stream;
use crate::time::Duration;

keys! {
    /// `latency = { kind = "exponential", mean = "50ms" }`.
    pub struct Exponential {
        /// The mean latency.
        pub mean: Duration,
    }
}

impl Law for Exponential {
    #[inline(always)]
    fn draw(&self, stream: &mut Stream) -> Duration {
        whole_nanoseconds(self.mean.0 as f64 * stream.exponential())
    }

    fn exceeds(&self, length: Duration) -> f64 {
        if self.mean == Duration::ZERO {
            return 0.0;
        }
        libm::exp(-(length.0 as f64) / self.mean.0 as f64)
    }

    fn is_constant(&self) -> bool {
        self.mean == Duration::ZERO
    }
}
