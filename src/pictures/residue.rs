//! `residue`: the share of nodes that a rumor never reaches, on a logarithmic axis, over a setting.
//!
//! The x axis is the numeric setting with the most values; a panel per protocol or case and a colour per value of
//! a further setting, or, where only one more varies, a colour per value of that. Only cells in which every rumor
//! came to rest: elsewhere the residue says when a run was stopped, not whom the rumor missed. A mean of
//! 0 has no place on the axis; the subtitle says how many there are, and that an interval without an end reaches 0.

use super::contact::{x_axis, x_title};
use super::convergence::columns;
use super::endings;
use super::facets::{Facets, Parts, sentence, sentences};
use super::figure::{Figure, Mark, Panel, Sample, nested_key, nested_radius};
use super::font::Font;
use super::scale::PlotAxis;
use super::summary::{CASE, Cell, FANOUT, Measured, NODES, PROTOCOL, Summary};
use super::{Metric, Outcome, PictureKind, Tables};
use crate::tables::FileError;

const METRIC: &str = "residue";
/// Panels and colours.
const PARTS_MAX: usize = 6;
/// Why cells are not at rest.
const CUT: &str = "runs were stopped before the rumor came to rest";
/// The axis spans at least this factor.
const SPAN_MIN: f64 = 6.0;

/// Whom a rumor never reaches.
pub const PICTURE: PictureKind = PictureKind {
    name: "residue",
    about: "`residue` on a logarithmic axis, over the numeric setting that has the most values (an axis, else fanout, else n)",
    needs: "`runs.csv`; a numeric setting with at least two values, a residue above 0 in at least two cells",
    metrics: &[Metric::share(METRIC)],
    outcome,
};

/// The figure; none unless some rumor left nodes out in two cells that differ in a number: only then it matters how
/// runs ended.
fn outcome(tables: &Tables, summary: &Summary) -> Result<Outcome, FileError> {
    let above = |cell: &Cell| measured(cell).is_some_and(|m| m.mean > Some(0.0));
    let known = |cell: &Cell| measured(cell).is_some();
    let all = Facets::new(summary, known, known);
    if all.cells.iter().filter(|cell| above(cell)).count() < 2 || x_key(&all).is_none() {
        return Ok(Outcome::Nothing);
    }
    let at_rest = endings::read(tables.runs)?.at_rest;
    let rests = |cell: &Cell| at_rest.contains(&cell.number);
    let mut facets = Facets::new(
        summary,
        |cell| cell.metric(METRIC).is_some(),
        |cell| measured(cell).is_some() && rests(cell),
    );
    if facets.cells.is_empty() {
        return Ok(Outcome::Nothing);
    }
    let Some(x) = x_key(&facets) else {
        return Ok(Outcome::Omitted(CUT.to_owned()));
    };
    let parts = parts(&mut facets, x);
    let shown = facets.cells.iter().filter(|cell| above(cell)).count();
    let cut = summary.cells.iter().filter(|cell| !rests(cell));
    let cut: Vec<&Cell> = cut.filter(|cell| measured(cell).is_some()).collect();
    let reason = facets.too_few(shown).map(|reason| match cut.len() {
        0 => reason,
        _ => format!("{reason}; {CUT}"),
    });
    let reason = reason.or_else(|| (shown < 2).then(|| CUT.to_owned()));
    Ok(Outcome::unless(reason, || {
        figure(tables.title, summary, &facets, &parts, x, &cut)
    }))
}

/// The figure, of the cells in which every rumor came to rest, but for those in `cut`.
fn figure(
    scenario: &str,
    summary: &Summary,
    facets: &Facets,
    parts: &Parts,
    x: usize,
    cut: &[&Cell],
) -> Figure {
    let font = Font::new();
    let zeros = facets.cells.iter().copied();
    let zeros = zeros.filter(|cell| mean(cell) <= 0.0);
    let mut open = facets.cells.iter().filter(|cell| mean(cell) > 0.0);
    let open = open.any(|cell| {
        let interval = measured(cell).and_then(|m| m.interval);
        interval.is_some_and(|(low, _)| low <= 0.0)
    });
    let remarks = [
        facets.left_out(),
        sentence(
            cut.iter().copied(),
            "left out: some runs were stopped before the rumor came to rest.",
        ),
        sentence(
            zeros,
            "not shown: a residue of 0 has no place on a logarithmic axis.",
        ),
        match open {
            true => "An interval that reaches 0 ends in an arrow.".to_owned(),
            false => String::new(),
        },
    ];
    let view = View {
        metric: METRIC,
        x,
        y: y_axis(facets),
        above_0: true,
    };
    Figure {
        title: "Residue: the nodes that the rumor never reaches".to_owned(),
        subtitle: vec![facets.subtitle(scenario, &font), sentences(&remarks)],
        keys: keys(facets, parts, METRIC, &font),
        x_title: x_title(summary, x, &font),
        y_titles: vec!["Residue, s (share of the nodes)".to_owned()],
        panels: panels(facets, parts, &view, &font),
    }
}

/// What was measured in a cell, where it has a mean.
fn measured(cell: &Cell) -> Option<&Measured> {
    cell.measured(METRIC)
}

/// A cell's mean.
fn mean(cell: &Cell) -> f64 {
    measured(cell).and_then(|m| m.mean).unwrap_or(0.0)
}

/// The numeric setting with the most values, at least two: an axis of the sweep, the fanout, the nodes.
pub fn x_key(facets: &Facets) -> Option<usize> {
    let mut keys = facets.axes_by_breadth();
    keys.extend([FANOUT, NODES]);
    keys.retain(|&key| facets.is_ordered(key) && facets.breadth(key) >= 2);
    keys.sort_by_key(|&key| std::cmp::Reverse(facets.breadth(key)));
    keys.first().copied()
}

/// Gives the settings their parts and holds the rest.
pub fn parts(facets: &mut Facets, x: usize) -> Parts {
    facets.take(&[x]);
    let mut panel = facets.take(&[PROTOCOL, CASE]);
    let axes = facets.axes_by_breadth();
    let others = [&axes[..], &[FANOUT, NODES]].concat();
    let color = facets.take(&others);
    if panel.is_none() {
        panel = facets.take(&others);
    }
    let color = color.or_else(|| panel.take());
    facets.split([panel, color], [PARTS_MAX; 2])
}

/// What of each cell is shown, and where.
pub struct View {
    /// The metric.
    pub metric: &'static str,
    /// The setting along x.
    pub x: usize,
    pub y: PlotAxis,
    /// Only what is above 0 has a place.
    pub above_0: bool,
}

/// The panels that have something to show, in rows of two or three.
pub fn panels(facets: &Facets, parts: &Parts, view: &View, font: &Font) -> Vec<Panel> {
    let along = facets.cells.iter().filter_map(|cell| cell.value(view.x));
    let mut values: Vec<f64> = along.collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let filled: Vec<(&Vec<String>, Vec<Mark>)> = parts
        .panel
        .values
        .iter()
        .map(|value| (value, marks(facets, parts, view, value)))
        .filter(|(_, marks)| marks.iter().any(|m| matches!(m, Mark::Point { .. })))
        .collect();
    let columns = columns(filled.len());
    let place = |(i, (value, marks)): (usize, (&Vec<String>, Vec<Mark>))| Panel {
        row: i / columns,
        column: i % columns,
        title: facets.label(&parts.panel, value, font),
        x: x_axis(view.x, &values),
        y: view.y.clone(),
        marks,
    };
    filled.into_iter().enumerate().map(place).collect()
}

/// The axis of s: it reaches all means above 0, and theory as far as a decade below them.
fn y_axis(facets: &Facets) -> PlotAxis {
    let known = || facets.cells.iter().filter_map(|cell| measured(cell));
    let means = known().filter_map(|m| m.mean);
    let seen = means.filter(|&s| s > 0.0).fold(1.0, f64::min);
    let shown = || known().flat_map(|m| [m.mean, m.theory, m.limit]).flatten();
    let least = shown().filter(|&s| s >= seen / 10.0).fold(seen, f64::min);
    let most = shown().fold(least, f64::max);
    let high = (most * 1.3).min(1.2);
    PlotAxis::log((least / 1.5).min(high / SPAN_MIN), high)
}

/// The marks of a panel: exact curves, limits, then what was measured, the first colour on top.
fn marks(facets: &Facets, parts: &Parts, view: &View, panel: &[String]) -> Vec<Mark> {
    let mut layers: [Vec<Mark>; 3] = Default::default();
    let has_place = |value: f64| !view.above_0 || value > 0.0;
    for (i, value) in parts.color.values.iter().enumerate().rev() {
        let color = parts.color(i);
        let cells = facets.select(&[(&parts.panel, panel), (&parts.color, value)]);
        let known = |cell: &&Cell| cell.value(view.x).zip(cell.measured(view.metric).copied());
        let mut known: Vec<(f64, Measured)> = cells.iter().filter_map(known).collect();
        known.sort_by(|a, b| f64::total_cmp(&a.0, &b.0));
        let line = |pick: &dyn Fn(&Measured) -> Option<f64>| -> Vec<(f64, f64)> {
            let point = |(x, m): &(f64, Measured)| pick(m).map(|s| (*x, s));
            let points = known.iter().filter_map(point);
            points.filter(|&(_, s)| has_place(s)).collect()
        };
        layers[0].push(Mark::Line {
            points: line(&|m| m.theory),
            width: 1.4,
            color,
        });
        layers[1].push(Mark::Dashed {
            points: line(&|m| m.limit),
            color: color.darker(0.45),
        });
        let point = |&(x, m): &(f64, Measured)| Mark::Point {
            at: (x, m.mean.unwrap_or(0.0)),
            interval: m.interval,
            radius: nested_radius(i, parts.color.values.len()),
            color,
        };
        let placed = known.iter().filter(|(_, m)| m.mean.is_some_and(has_place));
        layers[2].extend(placed.map(point));
    }
    layers.into_iter().flatten().collect()
}

/// What colours, points and lines mean.
pub fn keys(facets: &Facets, parts: &Parts, metric: &str, font: &Font) -> Vec<(Sample, String)> {
    let mut keys = facets.patches(parts, font);
    let plain = parts.plain();
    let has = |pick: &dyn Fn(&Measured) -> Option<f64>| {
        let mut known = facets.cells.iter().filter_map(|cell| cell.measured(metric));
        known.any(|m| pick(m).is_some())
    };
    keys.push((
        Sample::Point(plain),
        "mean, 95 % interval where wider than the point".to_owned(),
    ));
    keys.extend(nested_key(parts.color.values.len(), plain));
    if has(&|m| m.theory) {
        keys.push((Sample::Thin(plain), "exact at each point".to_owned()));
    }
    if has(&|m| m.limit) {
        let dashed = Sample::Dashed(plain.darker(0.45));
        keys.push((dashed, "limit for many nodes".to_owned()));
    }
    keys
}
