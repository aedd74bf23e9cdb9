//! Exponential: P(latency > t) = e^{-t / mean}.

use super::whole_nanoseconds;
use crate::random::Stream;
use crate::time::Duration;
use serde::{Deserialize, Serialize};

/// `latency = { kind = "exponential", mean = "50ms" }`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exponential {
    /// The mean latency.
    pub mean: Duration,
}

impl Exponential {
    #[inline(always)]
    pub(super) fn draw(&self, stream: &mut Stream) -> Duration {
        whole_nanoseconds(self.mean.0 as f64 * stream.exponential())
    }

    pub(super) fn exceeds(&self, length: Duration) -> f64 {
        if self.mean == Duration::ZERO {
            return 0.0;
        }
        libm::exp(-(length.0 as f64) / self.mean.0 as f64)
    }
}
