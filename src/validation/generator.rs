//! Where the draws come from that are judged without a simulation.

use crate::random::Stream;

/// Gives so many values, from this generator and seed.
pub type Draws = Box<dyn Fn(&Generator, u64, u64) -> Vec<f64> + Send + Sync>;

/// The draws that are judged.
pub struct Generator {
    /// A whole number below the bound.
    pub below: fn(&mut Stream, u32) -> u32,
    /// An exponential of mean 1.
    pub exponential: fn(&mut Stream) -> f64,
}

impl Generator {
    /// Those of the simulator.
    pub const OURS: Generator = Generator {
        below: Stream::below,
        exponential: Stream::exponential,
    };
}
