//! Intervals, quantiles, tests: pure functions of numbers.
