//! The same latency for every message.

use super::Law;
use crate::keys;
use crate::random::Stream;
use crate::time::Duration;

keys! {
    /// `latency = { kind = "constant", value = "5ms" }`.
    pub struct Constant {
        /// How long every message travels.
        pub value: Duration,
    }
}

impl Law for Constant {
    #[inline(always)]
    fn draw(&self, _: &mut Stream) -> Duration {
        self.value
    }

    fn exceeds(&self, length: Duration) -> f64 {
        f64::from(self.value > length)
    }

    fn is_constant(&self) -> bool {
        true
    }
}
