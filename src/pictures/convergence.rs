//! `convergence`: the informed fraction over time.
//!
//! A panel per protocol, a colour per fanout; where one of these does not vary, a further axis or the number of
//! nodes takes its part. Where a cell meets an exact model, the model's median is dashed over the measured one. The
//! time axis ends when the slowest tenth of the runs shown has reached its end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::facets::{Facets, Parts};
use super::figure::{Figure, Mark, Panel, Sample};
use super::font::Font;
use super::palette::{Color, GREY, INK};
use super::scale::PlotAxis;
use super::series::{self, Curve, Series};
use super::summary::{CASE, FANOUT, NODES, PROTOCOL, Summary};
use super::theory::{self, Median};
use super::{Error, Tables};

/// Panels and curves in each: more can't be told apart on a slide.
const PARTS_MAX: usize = 6;
/// Smaller changes of a fraction are thinner than a line.
const VISIBLE: f64 = 0.002;

/// The figure; none if no run shown informed anybody.
pub fn figure(tables: &Tables, summary: &Summary, path: &Path) -> Result<Option<Figure>, Error> {
    let font = Font::new();
    let mut facets = Facets::new(summary, |_| true);
    let parts = parts(&mut facets);
    let known: BTreeSet<u64> = summary.cells.iter().map(|cell| cell.number).collect();
    let shown: BTreeSet<u64> = facets.cells.iter().map(|cell| cell.number).collect();
    let series = series::read(path, &known, &shown)?;
    let medians = match tables.theory {
        Some(path) => theory::read(path, &known, &shown)?,
        None => BTreeMap::new(),
    };
    // Where dark dashes lie on the colours, they must show.
    let pale = if medians.is_empty() { 0.0 } else { 0.35 };
    if !series.curves.values().any(|curve| curve.spread) {
        return Ok(None);
    }
    let end = series.curves.values().map(settled).fold(0.0, f64::max) * 1.03;
    let end = if end > 0.0 { end } else { 1.0 };
    let panels = panels(&facets, &parts, pale, (&series, &medians), end, &font);
    Ok(Some(Figure {
        title: "Informed nodes over time".to_owned(),
        subtitle: vec![facets.subtitle(tables.title, &font), facets.left_out()],
        keys: keys(&facets, &parts, pale, &panels, &series, &font),
        x_title: x_title(series.period_s),
        y_titles: vec!["Informed nodes (fraction)".to_owned()],
        panels,
    }))
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
    curve.rounds[last.unwrap_or(curve.rounds.len() - 1)]
}

/// The panels that have a curve, in rows of two or three.
fn panels(
    facets: &Facets,
    parts: &Parts,
    pale: f64,
    (series, medians): (&Series, &BTreeMap<u64, Median>),
    end: f64,
    font: &Font,
) -> Vec<Panel> {
    let mut filled = Vec::new();
    for value in &parts.panels {
        let mut marks = BTreeMap::new();
        for (i, curve) in parts.colors.iter().enumerate() {
            let cells = facets.select(&[(parts.panel, value), (parts.color, curve)]);
            let Some(number) = cells.first().map(|cell| cell.number) else {
                continue;
            };
            if let Some(found) = series.curves.get(&number) {
                let color = parts.color(i).paler(pale);
                add_curve(&mut marks, i, found, end, color);
                if let Some(median) = medians.get(&number) {
                    let points = until(median, end);
                    marks.insert((2, i), Mark::Dashed { points, color: INK });
                }
            }
        }
        if !marks.is_empty() {
            filled.push((
                facets.label(parts.panel, value, font),
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
    index: usize,
    curve: &Curve,
    end: f64,
    color: Color,
) {
    let shown = curve
        .rounds
        .iter()
        .take_while(|&&round| round < end)
        .count()
        .max(1);
    // Up to the axis's end a curve keeps its last value.
    let at = (0..shown)
        .map(|i| (curve.rounds[i], i))
        .chain([(end, shown.min(curve.rounds.len() - 1))]);
    if curve.runs > 1 {
        let points = at
            .clone()
            .map(|(x, i)| (x, curve.low[i], curve.high[i]))
            .collect();
        marks.insert((0, index), Mark::Band { points, color });
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
fn fraction_axis() -> PlotAxis {
    PlotAxis::linear(-0.02, 1.04, 6)
}

/// What the colours, lines and bands mean.
fn keys(
    facets: &Facets,
    parts: &Parts,
    pale: f64,
    panels: &[Panel],
    series: &Series,
    font: &Font,
) -> Vec<(Sample, String)> {
    let mut keys = Vec::new();
    if parts.color.is_some() {
        for (i, curve) in parts.colors.iter().enumerate() {
            keys.push((
                Sample::Line(parts.color(i).paler(pale)),
                facets.label(parts.color, curve, font),
            ));
        }
    }
    let sample_color = if parts.color.is_some() {
        GREY
    } else {
        parts.color(0).paler(pale)
    };
    if series.curves.values().any(|curve| curve.runs > 1) {
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
fn x_title(period_s: Option<f64>) -> String {
    match period_s {
        Some(period) => format!(
            "Time (rounds of {} s)",
            super::words::number(&period.to_string())
        ),
        None => "Time (rounds)".to_owned(),
    }
}
