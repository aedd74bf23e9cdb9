//! Weibull: P(latency > t) = e^{-(t / scale)^shape}.
//!
//! Source: W. Weibull, A statistical distribution function of wide
//! applicability, J. Appl. Mech. 18 (1951). A shape below 1 has a long tail;
//! shape 1 is exponential.

use super::{Law, whole_nanoseconds};
use crate::keys;
use crate::random::Stream;
use crate::time::Duration;

keys! {
    /// `latency = { kind = "weibull", scale = "50ms", shape = 0.7 }`.
    pub struct Weibull {
        /// All but a share of 1/e of all messages are faster.
        pub scale: Duration,
        /// Below 1 the tail is long; 1 is exponential.
        pub shape: f64 [0.1..=100.0],
    }
}

impl Law for Weibull {
    #[inline(never)]
    fn draw(&self, stream: &mut Stream) -> Duration {
        let power = libm::pow(stream.exponential(), 1.0 / self.shape);
        whole_nanoseconds(self.scale.0 as f64 * power)
    }

    fn exceeds(&self, length: Duration) -> f64 {
        if self.scale == Duration::ZERO {
            return 0.0;
        }
        let ratio = length.0 as f64 / self.scale.0 as f64;
        libm::exp(-libm::pow(ratio, self.shape))
    }

    fn is_constant(&self) -> bool {
        self.scale == Duration::ZERO
    }
}
