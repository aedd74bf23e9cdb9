//! Uniform between two bounds, both included.

use super::Law;
use crate::invalid::Invalid;
use crate::keys;
use crate::random::Stream;
use crate::time::Duration;

keys! {
    /// `latency = { kind = "uniform", low = "10ms", high = "30ms" }`.
    pub struct Uniform {
        /// The shortest.
        pub low: Duration,
        /// The longest; not below `low`.
        pub high: Duration,
    }
}

impl Uniform {
    /// The number of different values.
    fn width(&self) -> u64 {
        (self.high.0 - self.low.0).saturating_add(1)
    }
}

impl Law for Uniform {
    fn check(&self) -> Result<(), Invalid> {
        if self.low > self.high {
            let why = format!("must not be below low ({})", self.low);
            return Err(Invalid::new("high", why));
        }
        Ok(())
    }

    #[inline]
    fn draw(&self, stream: &mut Stream) -> Duration {
        Duration(self.low.0 + stream.below_u64(self.width()))
    }

    fn exceeds(&self, length: Duration) -> f64 {
        if length < self.low {
            1.0
        } else {
            self.high.0.saturating_sub(length.0) as f64 / self.width() as f64
        }
    }

    fn is_constant(&self) -> bool {
        self.low == self.high
    }
}
