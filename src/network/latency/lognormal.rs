//! Lognormal: the logarithm of latency / median is normal with deviation sigma.

use super::{Law, whole_nanoseconds};
use crate::keys;
use crate::random::Stream;
use crate::time::Duration;

keys! {
    /// `latency = { kind = "lognormal", median = "40ms", sigma = 0.5 }`.
    pub struct LogNormal {
        /// Half of all messages are faster.
        pub median: Duration,
        /// The standard deviation of the latency's logarithm.
        pub sigma: f64 [0.0..=10.0],
    }
}

impl Law for LogNormal {
    #[inline(never)]
    fn draw(&self, stream: &mut Stream) -> Duration {
        whole_nanoseconds(self.median.0 as f64 * libm::exp(self.sigma * stream.normal()))
    }

    fn exceeds(&self, length: Duration) -> f64 {
        if self.median == Duration::ZERO {
            return 0.0;
        }
        if self.sigma == 0.0 {
            return f64::from(self.median > length);
        }
        let z = libm::log(length.0 as f64 / self.median.0 as f64) / self.sigma;
        0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
    }

    fn is_constant(&self) -> bool {
        self.sigma == 0.0 || self.median == Duration::ZERO
    }
}
