//! The informed nodes over time, in at most [`POINTS_MAX`] points.
//!
//! The engine offers a point per round (synchronous clock) or per quarter of a
//! period. Where there are fewer than [`POINTS_MAX`], all are kept. Where there are
//! more, two kinds are kept, beside the state at the run's end, which is always the
//! last:
//!
//! - **what changes**: the first point, and every one that differs from the last of
//!   this kind by a 128th of the nodes or more (where there are few, by one node);
//!   where it differs by twice as much, the one before it too;
//! - **the clock**: every `stride`-th point from the first, `stride` being the least
//!   power of two that leaves all points of both kinds their room.
//!
//! So, where informed nodes never become fewer, the value of the last point kept is
//! off by less than a 128th of the nodes at every point on offer; and a straight
//! line through the points kept by less than a 64th and one node. A series that goes
//! up and down so often that the first kind are more than [`CHANGES_MAX`], which no
//! series without a way down can reach, keeps the second alone: an even grid.

use crate::time::Time;

/// At most so many points a run.
pub const POINTS_MAX: usize = 200;

/// At most so many points for what changes: a rumor that reaches all in steps of a
/// 128th has these, with its first.
const CHANGES_MAX: usize = 129;

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
    /// All that were on offer, as long as there is room for them.
    all: Vec<Point>,
    thinned: Option<Thinned>,
    /// So many nodes are a change.
    step: u32,
}

/// The points of a long series.
#[derive(Clone, Debug)]
struct Thinned {
    changes: Vec<Point>,
    /// Changes are too many to be kept.
    fluctuates: bool,
    grid: Vec<Point>,
    stride: u64,
    offered: u64,
    last: Point,
}

impl Series {
    /// No points yet, of a run of so many nodes.
    pub fn new(nodes: u32) -> Series {
        Series {
            all: Vec::new(),
            thinned: None,
            step: nodes.div_ceil(CHANGES_MAX as u32 - 1).max(1),
        }
    }

    /// The next point of the regular grid.
    pub fn offer(&mut self, point: Point) {
        if let Some(thinned) = &mut self.thinned {
            thinned.offer(point, self.step);
        } else if self.all.len() < POINTS_MAX - 1 {
            // One place stays free for the end.
            self.all.push(point);
        } else {
            let mut thinned = Thinned::new(point);
            for early in std::mem::take(&mut self.all) {
                thinned.offer(early, self.step);
            }
            thinned.offer(point, self.step);
            self.thinned = Some(thinned);
        }
    }

    /// The points, with the state at the run's end as the last.
    pub fn finish(self, end: Point) -> Vec<Point> {
        let mut points = match self.thinned {
            Some(thinned) => thinned.finish(end, self.step),
            None => self.all,
        };
        if points.last() != Some(&end) {
            points.push(end);
        }
        points
    }
}

impl Thinned {
    fn new(last: Point) -> Thinned {
        Thinned {
            changes: Vec::new(),
            fluctuates: false,
            grid: Vec::new(),
            stride: 1,
            offered: 0,
            last,
        }
    }

    fn offer(&mut self, point: Point, step: u32) {
        let change = self.change(point);
        if !self.fluctuates && change.is_none_or(|change| change >= step) {
            if change >= Some(2 * step) {
                self.keep_last();
            }
            self.changes.push(point);
            if self.changes.len() > CHANGES_MAX {
                self.fluctuates = true;
                self.changes = Vec::new();
            }
        }
        if self.offered.is_multiple_of(self.stride) {
            self.grid.push(point);
        }
        self.offered += 1;
        self.last = point;
        // Two places stay free: for the end, and the point before it.
        while self.changes.len() + self.grid.len() > POINTS_MAX - 2 {
            self.halve();
        }
    }

    /// By how many nodes a point differs from the last one that was kept for its
    /// change, if there is one.
    fn change(&self, point: Point) -> Option<u32> {
        let kept = self.changes.last()?;
        Some(kept.informed.abs_diff(point.informed))
    }

    /// Keeps the last point on offer, before a jump.
    fn keep_last(&mut self) {
        if self.changes.last() != Some(&self.last) {
            self.changes.push(self.last);
        }
    }

    fn halve(&mut self) {
        let mut place = 0;
        self.grid.retain(|_| {
            place += 1;
            place % 2 == 1
        });
        self.stride *= 2;
    }

    fn finish(mut self, end: Point, step: u32) -> Vec<Point> {
        if self.change(end) >= Some(2 * step) {
            self.keep_last();
        }
        let mut points = self.changes;
        points.append(&mut self.grid);
        points.sort_by_key(|point| point.time);
        points.dedup();
        points
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point(time: u64, informed: u32) -> Point {
        Point {
            time: Time(time),
            informed,
            sent: 3 * time,
        }
    }

    /// The points kept of those that are informed at time 0, 1, 2, ..., the last of
    /// them the end.
    fn kept(nodes: u32, informed: &[u32]) -> Vec<Point> {
        let mut series = Series::new(nodes);
        let points = (0..).zip(informed).map(|(time, &nodes)| point(time, nodes));
        let points: Vec<Point> = points.collect();
        let (&end, before) = points.split_last().unwrap();
        before.iter().for_each(|&point| series.offer(point));
        series.finish(end)
    }

    /// Numbers of nodes that never fall: standing still, creeping, jumping.
    fn rising() -> impl Strategy<Value = (u32, Vec<u32>)> {
        let steps = prop_oneof![
            3 => 1usize..400,
            1 => 400usize..1500,
        ];
        let moves = prop_oneof![
            8 => Just(0u32),
            4 => 1u32..4,
            1 => 1u32..2000,
        ];
        let series = steps.prop_flat_map(move |len| proptest::collection::vec(moves.clone(), len));
        (1u32..20_000, series).prop_map(|(nodes, moves)| {
            let mut informed = 1;
            let mut step = |more: u32| {
                informed = (informed + more).min(nodes);
                informed
            };
            (nodes, moves.into_iter().map(&mut step).collect())
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Held against the series before its thinning.
        #[test]
        fn no_curve_lies_by_more_than_it_says((nodes, informed) in rising()) {
            let points = kept(nodes, &informed);
            prop_assert!(points.len() <= POINTS_MAX);
            prop_assert!(points.is_sorted_by_key(|p| p.time));
            prop_assert_eq!(points[0].time.0, 0);
            prop_assert_eq!(points.last().map(|p| p.time.0 + 1), Some(informed.len() as u64));
            prop_assert!(informed.len() > POINTS_MAX || points.len() == informed.len());
            let (of_nodes, mut next) = (f64::from(nodes), 0);
            for (time, &truth) in (0u64..).zip(&informed) {
                while next < points.len() && points[next].time.0 <= time {
                    next += 1;
                }
                let (from, to) = (points[next - 1], points[next.min(points.len() - 1)]);
                let off = |value: f64| (value - f64::from(truth)).abs();
                prop_assert!(off(f64::from(from.informed)) < of_nodes / 128.0);
                let rise = f64::from(to.informed) - f64::from(from.informed);
                let share = (time - from.time.0) as f64 / (to.time.0 - from.time.0).max(1) as f64;
                let line = f64::from(from.informed) + rise * share;
                prop_assert!(off(line) < of_nodes / 64.0 + 1.0, "{line} for {truth} of {nodes}");
            }
        }

        #[test]
        fn what_goes_up_and_down_keeps_an_even_grid(offers in 400u64..2000) {
            let up_and_down: Vec<u32> = (0..=offers).map(|time| 500 + 400 * (time % 2) as u32).collect();
            let points = kept(1000, &up_and_down);
            let (end, regular) = points.split_last().unwrap();
            let stride = points[1].time.0;
            prop_assert!(stride.is_power_of_two() && points.len() <= POINTS_MAX);
            prop_assert!((0..).zip(regular).all(|(i, p)| p.time.0 == i * stride));
            prop_assert!(end.time.0 == offers && offers - regular[regular.len() - 1].time.0 <= stride);
            prop_assert!(points.len() >= POINTS_MAX / 3);
        }
    }

    /// A rumor of a thousand nodes that is told within 20 rounds of a run of 3000, a
    /// point each quarter: the class room with k = 4.
    #[test]
    fn a_rise_within_20_of_3000_rounds_has_more_than_a_point_a_round() {
        let logistic = |quarter: f64| 1000.0 / (1.0 + 999.0 * libm::exp(-quarter / 5.0));
        let informed: Vec<u32> = (0..12_000).map(|q| logistic(f64::from(q)) as u32).collect();
        let points = kept(1000, &informed);
        let rise = points
            .iter()
            .filter(|p| p.informed > 10 && p.informed < 990);
        assert!(rise.count() >= 30, "of 46 quarters");
        let late = points.iter().filter(|p| p.time.0 >= 6000).count();
        assert!(late >= 30, "the clock has its points too: {late}");
    }
}
