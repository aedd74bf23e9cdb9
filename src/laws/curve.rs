//! The curve of a cell's theory: how many nodes are informed, point by point.

use crate::theory::CurvePoint;

/// The most points of a curve.
pub const POINTS_MAX: usize = 200;

/// A curve ends where all are informed but with this probability.
pub(super) const END: f64 = 1e-9;

/// What theory says of a cell's informed nodes over time.
#[derive(Clone, PartialEq, Debug)]
pub struct Curve {
    /// The model's name.
    pub model: &'static str,
    /// Its points, ascending.
    pub points: Vec<CurveRow>,
}

/// The informed nodes at a point in time.
#[derive(Clone, PartialEq, Debug)]
pub struct CurveRow {
    /// The point in time, in rounds.
    pub round: f64,
    /// The expected number, exact or approximate.
    pub informed: f64,
    /// What an exact model knows besides.
    pub law: Option<CurvePoint>,
}

/// The points of an exact curve that are kept: to its end, every second, fourth
/// and so on of them where they are too many, and the last.
pub(super) fn thinned(points: impl Iterator<Item = CurvePoint>) -> Vec<CurveRow> {
    let mut all = Vec::new();
    for point in points {
        all.push(CurveRow {
            round: point.round,
            informed: point.mean,
            law: Some(point),
        });
        if point.within[2] >= 1.0 - END {
            break;
        }
    }
    let count = all.len();
    few(all.into_iter(), count)
}

/// The points of the mean field, one a round, that are kept.
pub(super) fn approximate(informed: &[f64]) -> Vec<CurveRow> {
    let rows = informed
        .iter()
        .enumerate()
        .map(|(round, informed)| CurveRow {
            round: round as f64,
            informed: *informed,
            law: None,
        });
    few(rows, informed.len())
}

/// At most so many of `count` rows: every stride-th, a power of two, and the last.
fn few(rows: impl Iterator<Item = CurveRow>, count: usize) -> Vec<CurveRow> {
    let last = count.saturating_sub(1);
    let mut stride = 1;
    while last.div_ceil(stride) + 1 > POINTS_MAX {
        stride *= 2;
    }
    let kept = rows.enumerate();
    kept.filter(|(place, _)| place % stride == 0 || *place == last)
        .map(|(_, row)| row)
        .collect()
}
