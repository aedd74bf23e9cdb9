//! What is drawn in one panel: exact curves, limits, measurements.

use crate::pictures::figure::{Mark, nested_radius};
use crate::pictures::palette::{Color, INK};
use crate::pictures::scale::{PlotAxis, Scale};
use crate::pictures::summary::Measured;

/// Between two whole fanouts a curve is drawn in so many pieces.
const PIECES: f64 = 12.0;
/// The most pieces between two cells.
const PIECES_MAX: f64 = 200.0;
/// Stands for 1 - P = 0 between cells, where a logarithm is taken.
const NEAR_ZERO: f64 = 1e-15;

/// The cells of one column and colour, along x.
pub struct Curve<'a> {
    /// x, and what is known there.
    pub cells: Vec<(f64, &'a Measured)>,
    /// Of all its marks.
    pub color: Color,
}

/// How a panel shows its curves.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The panel's x axis.
    pub x: &'a PlotAxis,
    /// All cells are at one x: theory is then a level line across the panel.
    pub one_x: bool,
    /// Show 1 - P.
    pub complement: bool,
}

/// The limit as (x, P), where it is the same for all curves.
pub fn common_limit(curves: &[Curve]) -> Option<Vec<(f64, f64)>> {
    let limits = curves.iter().map(|curve| points(curve, |m| m.limit));
    let longest = limits.clone().max_by_key(Vec::len).unwrap_or_default();
    let same = |&(x, p): &(f64, f64)| {
        longest
            .iter()
            .any(|&(at, q)| at == x && (p - q).abs() < 1e-12)
    };
    let all = limits.clone().all(|points| points.iter().all(same));
    all.then_some(longest)
}

/// Exact curves, then limits, then what was measured, the first curve on top. Where measurements coincide, as
/// those of large networks do, smaller points lie on larger ones, so that all colours are seen.
pub fn marks(curves: &[Curve], view: View) -> Vec<Mark> {
    let mut marks = Vec::new();
    for curve in curves.iter().rev() {
        let points = line(&points(curve, |m| m.theory), view);
        marks.push(Mark::Line {
            points,
            width: 1.4,
            color: curve.color,
        });
    }
    match common_limit(curves) {
        Some(limit) => {
            let points = line(&limit, view);
            marks.push(Mark::Dashed { points, color: INK });
        }
        None => marks.extend(curves.iter().rev().map(|curve| {
            let points = line(&points(curve, |m| m.limit), view);
            Mark::Dashed {
                points,
                color: curve.color.darker(0.45),
            }
        })),
    }
    for (i, curve) in curves.iter().enumerate().rev() {
        let radius = nested_radius(i, curves.len());
        marks.extend(
            curve
                .cells
                .iter()
                .filter_map(|&(at, m)| measurement(at, m, view.complement, radius, curve.color)),
        );
    }
    marks
}

/// A cell's mean and interval; none where there is no mean, or where 1 - P is 0.
fn measurement(
    x: f64,
    measured: &Measured,
    complement: bool,
    radius: f64,
    color: Color,
) -> Option<Mark> {
    let mean = measured.mean.filter(|&mean| !complement || mean < 1.0)?;
    let turned = |(low, high): (f64, f64)| {
        if complement {
            (1.0 - high, 1.0 - low)
        } else {
            (low, high)
        }
    };
    Some(Mark::Point {
        at: (x, if complement { 1.0 - mean } else { mean }),
        interval: measured.interval.map(turned),
        radius,
        color,
    })
}

/// The cells in which a number is known.
fn points(curve: &Curve, pick: impl Fn(&Measured) -> Option<f64>) -> Vec<(f64, f64)> {
    curve
        .cells
        .iter()
        .filter_map(|&(x, m)| pick(m).map(|p| (x, p)))
        .collect()
}

/// A line through points (x, P).
fn line(points: &[(f64, f64)], view: View) -> Vec<(f64, f64)> {
    let (x, complement) = (view.x, view.complement);
    let through = match points {
        [(_, p)] if view.one_x => vec![(x.low, *p), (x.high, *p)],
        _ if x.scale == Scale::Linear => bend(points),
        _ => points.to_vec(),
    };
    let turned = through
        .into_iter()
        .map(|(x, p)| (x, if complement { 1.0 - p } else { p }));
    turned.filter(|&(_, y)| !complement || y > 0.0).collect()
}

/// Between whole fanouts theory has no values; so that a line leads the eye along the law's shape and not along
/// chords, it is straight in the logarithm of 1 - P. (The limit is exactly so.)
fn bend(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut bent: Vec<(f64, f64)> = points.iter().take(1).copied().collect();
    for pair in points.windows(2) {
        let ((x0, p0), (x1, p1)) = (pair[0], pair[1]);
        let (from, to) = (
            libm::log((1.0 - p0).max(NEAR_ZERO)),
            libm::log((1.0 - p1).max(NEAR_ZERO)),
        );
        let pieces = ((x1 - x0) * PIECES).clamp(PIECES, PIECES_MAX).ceil();
        bent.extend((1..pieces as u32).map(|i| {
            let share = f64::from(i) / pieces;
            (
                x0 + (x1 - x0) * share,
                1.0 - libm::exp(from + (to - from) * share),
            )
        }));
        bent.push((x1, p1));
    }
    bent
}
