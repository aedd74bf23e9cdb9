//! How the benches of this folder that print tables of their own measure.

use rustix::time::{ClockId, clock_gettime};

/// Seconds of this thread on a processor, which other work on the machine
/// changes less than the wall's, and what came out.
pub fn time<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let now = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
    };
    let started = now();
    let out = work();
    (now() - started, out)
}

/// Median, least and greatest.
pub fn spread(mut values: Vec<f64>) -> (f64, f64, f64) {
    values.sort_by(f64::total_cmp);
    (
        values[values.len() / 2],
        values[0],
        values[values.len() - 1],
    )
}
