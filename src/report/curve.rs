//! The curve of a cell's theory: how many nodes are informed, point by point.

use super::spread::{Laws, last_round};
use crate::scenario::Cell;
use crate::theory::CurvePoint;

/// The most points of a curve.
pub const POINTS_MAX: usize = 200;

/// A curve ends where all are informed but with this probability.
const END: f64 = 1e-9;

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

impl Curve {
    /// The curve of the cell's exact model, or else, in synchronous rounds with
    /// more nodes than the chain is practical for, of the mean field; none
    /// where neither applies. Up to the round that ends all runs.
    pub fn of_cell(cell: &Cell, laws: &mut Laws) -> Option<Curve> {
        let (model, mut points) = laws.curve(cell).ok()?;
        let last = last_round(&cell.setup.stop, &cell.setup);
        points.retain(|row| row.round <= last);
        (!points.is_empty()).then_some(Curve { model, points })
    }
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

#[cfg(test)]
mod tests {
    use super::super::tests;
    use super::*;

    fn cell(settings: &str) -> Cell {
        let text = "nodes.count = 30\nprotocol.kind = \"push\"\nclock.mode = \"synchronous\"\n\
            stop.rounds = 100000\n";
        tests::cell(text, settings)
    }

    fn curve(settings: &str) -> Option<Curve> {
        Curve::of_cell(&cell(settings), &mut Laws::default())
    }

    #[test]
    fn a_cell_has_the_curve_of_its_model_or_none() {
        for (settings, model) in [
            ("", Some("push-chain")),
            ("protocol.kind=pull network.loss=0.2", Some("pull-chain")),
            ("clock.mode=poisson", Some("push-poisson")),
            ("nodes.count=1000000", Some("mean-field")),
            ("clock.mode=poisson nodes.count=100000", None),
            ("clock.mode=poisson protocol.fanout=2", None),
            ("clock.mode=periodic", None),
            ("network.loss=1", None),
            ("workload.at=1s", None),
            ("protocol.kind=infect-and-die", None),
        ] {
            let curve = curve(settings);
            assert_eq!(curve.as_ref().map(|curve| curve.model), model, "{settings}");
            let points = curve.map_or(Vec::new(), |curve| curve.points);
            assert!(
                points
                    .iter()
                    .all(|row| row.law.is_some() != (model == Some("mean-field")))
            );
            assert!(points.is_sorted_by(|a, b| a.round < b.round && a.informed <= b.informed));
            assert!(points.len() <= POINTS_MAX, "{settings}");
        }
    }

    /// The curves of a sweep take 20 seconds or so at most.
    #[test]
    fn a_sweep_has_only_so_many_costly_curves() {
        let mut laws = Laws::default();
        let curves = (0..20).filter(|place| {
            let loss = f64::from(*place) / 1e4;
            let settings = format!("clock.mode=poisson nodes.count=300 network.loss={loss}");
            Curve::of_cell(&cell(&settings), &mut laws).is_some()
        });
        assert_eq!(curves.count(), 20);
        laws.spend_on_curves(1e11);
        let again = "clock.mode=poisson nodes.count=300 network.loss=0.0001";
        assert!(Curve::of_cell(&cell(again), &mut laws).is_some());
        assert!(Curve::of_cell(&cell("clock.mode=poisson"), &mut laws).is_none());
        assert!(Curve::of_cell(&cell(""), &mut laws).is_none());
    }

    #[test]
    fn the_first_rounds_by_hand() {
        // 2 know after a round; one of these tells the other with 1/29 each.
        let points = curve("").unwrap().points;
        let rows: Vec<(f64, f64)> = points.iter().map(|row| (row.round, row.informed)).collect();
        assert_eq!(rows[..2], [(0.0, 1.0), (1.0, 2.0)]);
        // One of 28 others each, the same with 1/28, if neither calls the other.
        let (stay, hit) = (1.0 / 29.0, 28.0 / 29.0);
        let both = hit * hit * (1.0 + 27.0 / 28.0);
        assert!((rows[2].1 - (2.0 + 2.0 * stay * hit + both)).abs() < 1e-13);
        let last = points.last().unwrap();
        assert!(last.law.unwrap().within[2] >= 1.0 - END);
    }

    #[test]
    fn a_long_curve_is_thinned_and_a_cut_one_ends_with_the_runs() {
        let long = curve("nodes.count=10 network.loss=0.95").unwrap().points;
        assert_eq!((long[0].round, long[1].round), (0.0, 4.0));
        assert!(long.len() > POINTS_MAX / 2);
        let slow = curve("clock.mode=poisson network.loss=0.95")
            .unwrap()
            .points;
        let step = slow[1].round;
        assert!(step >= 1.0 && slow.len() > POINTS_MAX / 4);
        assert!(
            slow.iter()
                .enumerate()
                .all(|(i, row)| row.round == step * i as f64)
        );
        let cut = curve("stop.rounds=3").unwrap().points;
        let rounds: Vec<f64> = cut.iter().map(|row| row.round).collect();
        assert_eq!(rounds, [0.0, 1.0, 2.0, 3.0]);
        let quarters = curve("stop.time=1s clock.mode=poisson").unwrap().points;
        assert_eq!(quarters.len(), 5);
    }
}
