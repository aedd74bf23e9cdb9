//! Intervals, quantiles and tests: what a list of numbers says, and how sure
//! that is.
//!
//! Invariant: pure functions of numbers. This room knows nothing of protocols,
//! scenarios, runs or files, and draws nothing at random. Its transcendental
//! functions are `libm`'s, so each result has the same bits everywhere.

mod bisection;
mod continued_fraction;
mod incomplete_beta;
mod incomplete_gamma;
mod mass;

pub mod chi_square;
pub mod kolmogorov_smirnov;
pub mod normal;
pub mod quantile;
pub mod student;
pub mod summary;
pub mod tails;

pub use summary::Summary;

/// Whether `got` is within the relative error `error` of `want`; for tests.
#[cfg(test)]
fn is_close(got: f64, want: f64, error: f64) -> bool {
    (got - want).abs() <= error * want.abs()
}
