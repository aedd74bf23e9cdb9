//! Normal, truncated at 0: drawn again until it is not negative. `mean` and `sd`
//! are those of the law before it is truncated; the mean of what remains is
//! greater, by 29 % of `sd` at mean = sd, by .4 % of it at mean = 3 sd.

use super::{Law, whole_nanoseconds};
use crate::keys;
use crate::random::Stream;
use crate::time::Duration;

keys! {
    /// `latency = { kind = "normal", mean = "50ms", sd = "10ms" }`.
    pub struct Normal {
        /// The mean before the law is truncated.
        pub mean: Duration,
        /// The standard deviation before the law is truncated.
        pub sd: Duration,
    }
}

impl Law for Normal {
    #[inline(never)]
    fn draw(&self, stream: &mut Stream) -> Duration {
        // Half of all draws at least are not below the mean, which is not below 0.
        loop {
            let length = self.mean.0 as f64 + self.sd.0 as f64 * stream.normal();
            if length >= 0.0 {
                return whole_nanoseconds(length);
            }
        }
    }

    fn exceeds(&self, length: Duration) -> f64 {
        if self.sd == Duration::ZERO {
            return f64::from(self.mean > length);
        }
        let (mean, sd) = (self.mean.0 as f64, self.sd.0 as f64);
        above((length.0 as f64 - mean) / sd) / above(-mean / sd)
    }

    fn is_constant(&self) -> bool {
        self.sd == Duration::ZERO
    }
}

/// P(Z > z) of a standard normal Z.
fn above(z: f64) -> f64 {
    0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
}
