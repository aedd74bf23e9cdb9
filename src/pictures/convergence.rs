//! `convergence`: the informed fraction over time.
//!
//! A panel per protocol, a colour per fanout; where one of these does not vary, a further axis or the number of
//! nodes takes its part. Time is in rounds where all happens in common rounds of one length, else in seconds. Where a cell meets an exact model, the model's median is dashed over the measured one. The
//! time axis ends when the slowest tenth of the runs shown has reached its end.

use std::collections::{BTreeMap, BTreeSet};

use super::facets::{Facets, Parts, sentence, sentences};
use super::figure::{Figure, Mark, Panel, Sample};
use super::font::Font;
use super::palette::{Color, GREY, INK};
use super::scale::PlotAxis;
use super::series::{self, Curve};
use super::summary::{CASE, FANOUT, NODES, PROTOCOL, Summary};
use super::theory::{self, Median};
use super::{Outcome, PictureKind, Tables};
use crate::tables::FileError;

/// Panels and curves in each: more can't be told apart on a slide.
const PARTS_MAX: usize = 6;
/// Smaller changes of a fraction are thinner than a line.
const VISIBLE: f64 = 0.005;

/// The informed nodes over time.
pub const PICTURE: PictureKind = PictureKind {
    name: "convergence",
    about: "informed fraction over time",
    needs: "`series.csv`, some node informed",
    metrics: &[],
    outcome,
};

/// What is drawn: of cells by their number the curve, and the median of theory.
struct Curves {
    measured: BTreeMap<u64, Curve>,
    exact: BTreeMap<u64, Median>,
    unit: Unit,
}

/// The unit of time; and how many seconds a round takes, where that is one number.
#[derive(Clone, Copy)]
enum Unit {
    Seconds(Option<f64>),
    Rounds(Option<f64>),
}

/// The figure; none if no run shown informed anybody.
fn outcome(tables: &Tables, summary: &Summary) -> Result<Outcome, FileError> {
    let Some(path) = tables.series else {
        return Ok(Outcome::Nothing);
    };
    let mut facets = Facets::new(summary, |_| true, |_| true);
    let parts = parts(&mut facets);
    let known: BTreeSet<u64> = summary.cells.iter().map(|cell| cell.number).collect();
    let shown: BTreeSet<u64> = facets.cells.iter().map(|cell| cell.number).collect();
    let measured = series::read(path, &known, &shown)?;
    if !measured.values().any(|curve| curve.spread) {
        return Ok(Outcome::Nothing);
    }
    let exact = match tables.theory {
        Some(path) => theory::read(path, &known, &shown)?,
        None => BTreeMap::new(),
    };
    let curves = Curves::new(measured, exact);
    let reason = facets.too_few(curves.measured.len());
    Ok(Outcome::unless(reason, || {
        figure(tables.title, &facets, &parts, &curves)
    }))
}

fn figure(scenario: &str, facets: &Facets, parts: &Parts, curves: &Curves) -> Figure {
    let font = Font::new();
    // Where dark dashes lie on the colours, they must show.
    let pale = if curves.exact.is_empty() { 0.0 } else { 0.35 };
    let end = curves.measured.values().map(settled).fold(0.0, f64::max) * 1.03;
    let end = if end > 0.0 { end } else { 1.0 };
    let panels = panels(facets, parts, pale, curves, end, &font);
    let missing = facets.cells.iter().copied();
    let missing = missing.filter(|cell| !curves.measured.contains_key(&cell.number));
    let remarks = [
        facets.left_out(),
        sentence(missing, "left out: they have no series."),
    ];
    Figure {
        title: "Informed nodes over time".to_owned(),
        subtitle: vec![facets.subtitle(scenario, &font), sentences(&remarks)],
        keys: keys(facets, parts, pale, &panels, curves, &font),
        x_title: x_title(curves.unit),
        y_titles: vec!["Informed nodes (fraction)".to_owned()],
        panels,
    }
}

impl Curves {
    /// In rounds, or in seconds where these are of several lengths or nodes do not keep to them.
    fn new(mut measured: BTreeMap<u64, Curve>, mut exact: BTreeMap<u64, Median>) -> Curves {
        let moving = || measured.values().filter(|curve| curve.spread);
        let mut periods: Vec<Option<f64>> = moving().map(|curve| curve.period_s).collect();
        periods.dedup();
        let period = match periods[..] {
            [one] => one,
            _ => None,
        };
        let in_rounds = moving().all(|curve| curve.in_rounds);
        let are_known = periods.iter().all(Option::is_some);
        let unit = match are_known && (period.is_none() || !in_rounds) {
            true => Unit::Seconds(period),
            false => Unit::Rounds(period),
        };
        if let Unit::Seconds(_) = unit {
            for (number, curve) in &mut measured {
                let period = curve.period_s.unwrap_or(1.0);
                curve.times.iter_mut().for_each(|time| *time *= period);
                let median = exact.get_mut(number).into_iter().flatten();
                median.for_each(|(time, _)| *time *= period);
            }
        }
        Curves {
            measured,
            exact,
            unit,
        }
    }
}

/// Gives the settings their parts and holds the rest.
fn parts(facets: &mut Facets) -> Parts {
    let mut panel = facets.take(&[PROTOCOL, CASE]);
    let axes = facets.axes_by_breadth();
    let curve = facets.take(&[&[FANOUT], &axes[..], &[NODES]].concat());
    if panel.is_none() {
        panel = facets.take(&[&axes[..], &[NODES]].concat());
    }
    let curve = curve.or_else(|| panel.take());
    facets.split([panel, curve], [PARTS_MAX; 2])
}

/// The point in time from which on nothing changes that could be seen.
fn settled(curve: &Curve) -> f64 {
    let moves = |values: &[f64]| {
        let last = values.last().copied().unwrap_or_default();
        values
            .iter()
            .rposition(|value| (value - last).abs() > VISIBLE)
            .map(|i| i + 1)
    };
    let last = [&curve.low, &curve.median, &curve.high]
        .into_iter()
        .filter_map(|values| moves(values))
        .max();
    curve.times[last.unwrap_or(curve.times.len() - 1)]
}

/// The panels that have a curve, in rows of two or three.
fn panels(
    facets: &Facets,
    parts: &Parts,
    pale: f64,
    curves: &Curves,
    end: f64,
    font: &Font,
) -> Vec<Panel> {
    let mut filled = Vec::new();
    let edged = parts.color.values.len() > 1;
    for value in &parts.panel.values {
        let mut marks = BTreeMap::new();
        for (i, curve) in parts.color.values.iter().enumerate() {
            let cells = facets.select(&[(&parts.panel, value), (&parts.color, curve)]);
            let Some(number) = cells.first().map(|cell| cell.number) else {
                continue;
            };
            if let Some(found) = curves.measured.get(&number) {
                let color = parts.color(i).paler(pale);
                add_curve(&mut marks, (i, edged), found, end, color);
                if let Some(median) = curves.exact.get(&number) {
                    let points = until(median, end);
                    marks.insert((2, i), Mark::Dashed { points, color: INK });
                }
            }
        }
        if !marks.is_empty() {
            filled.push((
                facets.label(&parts.panel, value, font),
                marks.into_values().collect(),
            ));
        }
    }
    let columns = columns(filled.len());
    let place = |(i, (title, marks)): (usize, (String, Vec<Mark>))| Panel {
        row: i / columns,
        column: i % columns,
        title,
        x: PlotAxis::linear(0.0, end, if columns > 1 { 8 } else { 12 }),
        y: fraction_axis(),
        marks,
    };
    filled.into_iter().enumerate().map(place).collect()
}

/// A median up to the axis's end; once all are informed, they stay so.
fn until(median: &Median, end: f64) -> Vec<(f64, f64)> {
    let before = median.partition_point(|&(round, _)| round < end);
    let mut points = median[..before].to_vec();
    match (points.last().copied(), median.get(before)) {
        (Some((x, y)), Some(&(next_x, next_y))) => {
            points.push((end, y + (next_y - y) * (end - x) / (next_x - x)));
        }
        (Some((_, 1.0)), None) => points.push((end, 1.0)),
        _ => {}
    }
    points
}

/// Adds a curve's band, below all lines, and its line.
fn add_curve(
    marks: &mut BTreeMap<(u8, usize), Mark>,
    (index, edged): (usize, bool),
    curve: &Curve,
    end: f64,
    color: Color,
) {
    let shown = curve.times.partition_point(|&time| time < end).max(1);
    // Up to the axis's end a curve keeps its last value.
    let at = (0..shown)
        .map(|i| (curve.times[i], i))
        .chain([(end, shown - 1)]);
    if curve.runs > 1 {
        let points = at
            .clone()
            .map(|(x, i)| (x, curve.low[i], curve.high[i]))
            .collect();
        let band = Mark::Band {
            edged,
            points,
            color,
        };
        marks.insert((0, index), band);
    }
    let points = at.map(|(x, i)| (x, curve.median[i])).collect();
    marks.insert(
        (1, index),
        Mark::Line {
            points,
            width: 2.0,
            color,
        },
    );
}

/// How many columns so many panels stand in.
pub fn columns(panels: usize) -> usize {
    match panels {
        0 | 1 => 1,
        2 | 4 => 2,
        _ => 3,
    }
}

/// From 0 to 1, with room for a line at either end.
pub fn fraction_axis() -> PlotAxis {
    PlotAxis::linear(-0.02, 1.04, 6)
}

/// What the colours, lines and bands mean.
fn keys(
    facets: &Facets,
    parts: &Parts,
    pale: f64,
    panels: &[Panel],
    curves: &Curves,
    font: &Font,
) -> Vec<(Sample, String)> {
    let mut keys = Vec::new();
    if parts.is_colorful() {
        for (i, curve) in parts.color.values.iter().enumerate() {
            keys.push((
                Sample::Line(parts.color(i).paler(pale)),
                facets.label(&parts.color, curve, font),
            ));
        }
    }
    let sample_color = match parts.is_colorful() {
        true => GREY,
        false => parts.color(0).paler(pale),
    };
    if curves.measured.values().any(|curve| curve.runs > 1) {
        keys.push((
            Sample::Band(sample_color),
            "median over the runs, with the middle 80 %".to_owned(),
        ));
    } else {
        keys.push((Sample::Thin(sample_color), "one run".to_owned()));
    }
    let mut marks = panels.iter().flat_map(|panel| &panel.marks);
    if marks.any(|mark| matches!(mark, Mark::Dashed { .. })) {
        keys.push((Sample::Dashed(INK), "exact median".to_owned()));
    }
    keys
}

/// Time, with its unit.
fn x_title(unit: Unit) -> String {
    let number = |period: f64| super::words::number(&period.to_string());
    match unit {
        Unit::Seconds(Some(period)) => format!("Time (seconds; a round is {} s)", number(period)),
        Unit::Seconds(None) => "Time (seconds)".to_owned(),
        Unit::Rounds(Some(period)) => format!("Time (rounds of {} s)", number(period)),
        Unit::Rounds(None) => "Time (rounds)".to_owned(),
    }
}
