//! Uniform between two bounds, both included.

use crate::invalid::Invalid;
use crate::random::Stream;
use crate::time::Duration;
use serde::{Deserialize, Serialize};

/// `latency = { kind = "uniform", low = "10ms", high = "30ms" }`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uniform {
    /// The shortest.
    pub low: Duration,
    /// The longest.
    pub high: Duration,
}

impl Uniform {
    pub(super) fn check(&self) -> Result<(), Invalid> {
        if self.low > self.high {
            let why = format!("must not be below low ({})", self.low);
            return Err(Invalid::new("high", why));
        }
        Ok(())
    }

    /// The number of different values.
    fn width(&self) -> u64 {
        (self.high.0 - self.low.0).saturating_add(1)
    }

    #[inline]
    pub(super) fn draw(&self, stream: &mut Stream) -> Duration {
        Duration(self.low.0 + stream.below_u64(self.width()))
    }

    pub(super) fn exceeds(&self, length: Duration) -> f64 {
        if length < self.low {
            1.0
        } else {
            self.high.0.saturating_sub(length.0) as f64 / self.width() as f64
        }
    }
}
