//! Lognormal: the logarithm of latency / median is normal with deviation sigma.

use super::whole_nanoseconds;
use crate::invalid::Invalid;
use crate::random::Stream;
use crate::time::Duration;
use serde::{Deserialize, Serialize};

/// `latency = { kind = "lognormal", median = "40ms", sigma = 0.5 }`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogNormal {
    /// Half of all messages are faster.
    pub median: Duration,
    /// The standard deviation of the latency's logarithm: 0 to 10.
    pub sigma: f64,
}

impl LogNormal {
    pub(super) fn check(&self) -> Result<(), Invalid> {
        if !(0.0..=10.0).contains(&self.sigma) {
            return Err(Invalid::new("sigma", "must be from 0 to 10"));
        }
        Ok(())
    }

    #[inline(never)]
    pub(super) fn draw(&self, stream: &mut Stream) -> Duration {
        whole_nanoseconds(self.median.0 as f64 * libm::exp(self.sigma * stream.normal()))
    }

    pub(super) fn exceeds(&self, length: Duration) -> f64 {
        if self.median == Duration::ZERO {
            return 0.0;
        }
        if self.sigma == 0.0 {
            return f64::from(self.median > length);
        }
        let z = libm::log(length.0 as f64 / self.median.0 as f64) / self.sigma;
        0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
    }
}
