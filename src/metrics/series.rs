//! The informed nodes over time, in at most [`POINTS_MAX`] points.
//!
//! The engine offers a point per round (synchronous clock) or per quarter of a
//! period. Thinning: every `stride`-th is kept, from the first; whenever the
//! points would become too many, every second one is dropped and the stride is
//! doubled. The state at the run's end is always the last point.

use crate::time::Time;

/// At most so many points a run.
pub const POINTS_MAX: usize = 200;

/// The state at one instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Point {
    /// When.
    pub time: Time,
    /// Nodes that hold the rumor.
    pub informed: u32,
    /// Messages sent so far.
    pub sent: u64,
}

/// Collects points.
#[derive(Clone, Debug)]
pub struct Series {
    points: Vec<Point>,
    offered: u64,
    stride: u64,
}

impl Default for Series {
    fn default() -> Series {
        Series {
            points: Vec::new(),
            offered: 0,
            stride: 1,
        }
    }
}

impl Series {
    /// The next point of the regular grid.
    pub fn offer(&mut self, point: Point) {
        if self.offered.is_multiple_of(self.stride) {
            // One place stays free for the end.
            if self.points.len() == POINTS_MAX - 1 {
                self.halve();
            }
            if self.offered.is_multiple_of(self.stride) {
                self.points.push(point);
            }
        }
        self.offered += 1;
    }

    fn halve(&mut self) {
        let mut place = 0;
        self.points.retain(|_| {
            place += 1;
            place % 2 == 1
        });
        self.stride *= 2;
    }

    /// The points, with the state at the run's end as the last.
    pub fn finish(mut self, end: Point) -> Vec<Point> {
        if self.points.last() != Some(&end) {
            self.points.push(end);
        }
        self.points
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point(time: u64) -> Point {
        Point {
            time: Time(time),
            informed: 1,
            sent: 0,
        }
    }

    proptest! {
        #[test]
        fn points_are_few_evenly_spaced_and_end_at_the_end(offers in 0u64..5000) {
            let mut series = Series::default();
            (0..offers).for_each(|time| series.offer(point(time)));
            let points = series.finish(point(offers));
            prop_assert!(points.len() <= POINTS_MAX);
            prop_assert_eq!(points.last().map(|p| p.time.0), Some(offers));
            if points.len() > 2 {
                let stride = points[1].time.0;
                prop_assert!(stride.is_power_of_two());
                let regular = &points[..points.len() - 1];
                prop_assert!(regular.iter().enumerate().all(|(i, p)| p.time.0 == i as u64 * stride));
                prop_assert!(offers - regular[regular.len() - 1].time.0 <= stride);
                prop_assert!(offers < 200 || points.len() >= 100);
            }
        }
    }
}
