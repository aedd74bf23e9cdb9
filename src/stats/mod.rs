//! Intervals, quantiles and tests: what a list of numbers says, and how sure
//! that is.
//!
//! Invariant: pure functions of numbers. This room knows nothing of protocols,
//! scenarios, runs or files, and draws nothing at random: what resamples is
//! handed its draws. Its transcendental functions are `libm`'s, so each result has the same bits everywhere.

mod bisection;
mod continued_fraction;
mod incomplete_beta;
mod incomplete_gamma;
mod mass;

pub mod bootstrap;
pub mod chi_square;
pub mod difference;
pub mod groups;
pub mod holm;
pub mod kolmogorov_smirnov;
pub mod normal;
pub mod one_sided;
pub mod proportion;
pub mod quantile;
pub mod student;
pub mod summary;
pub mod tails;

pub use holm::holm;
pub use quantile::{quantile_or_later, sorted};
pub use summary::{COUNT_FOR_P99, Summary};

/// Whether `got` is within the relative error `error` of `want`; for tests.
#[cfg(test)]
fn is_close(got: f64, want: f64, error: f64) -> bool {
    (got - want).abs() <= error * want.abs()
}

/// Draws below a bound, for tests: SplitMix64 (Steele, Lea and Flood 2014).
#[cfg(test)]
fn random(seed: u64) -> impl FnMut(u32) -> u32 {
    let mut state = seed;
    move |bound| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        ((u128::from(z) * u128::from(bound)) >> 64) as u32
    }
}
