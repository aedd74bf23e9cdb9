//! `residue`: the share of nodes that a rumor never reaches, on a logarithmic axis, over a setting.
//!
//! The x axis is the numeric setting with the most values; a panel per protocol or case and a colour per value of
//! a further setting, or, where only one more varies, a colour per value of that. Only cells in which every rumor
//! came to rest: elsewhere the residue says when a run was stopped, not whom the rumor missed. A mean of
//! 0 has no place on the axis; the subtitle says how many there are, and that an interval without an end reaches 0.

use std::collections::BTreeSet;

use super::contact::{x_axis, x_title};
use super::convergence::columns;
use super::facets::{Facets, Parts};
use super::figure::{Figure, Mark, Panel, Sample, nested_radius};
use super::font::Font;
use super::scale::PlotAxis;
use super::summary::{CASE, Cell, FANOUT, Measured, NODES, PROTOCOL, Summary};

const METRIC: &str = "residue";
/// Panels and colours.
const PARTS_MAX: usize = 6;
/// The axis spans at least this factor.
const SPAN_MIN: f64 = 6.0;

/// Whether some rumor left nodes out in two cells that differ in a number; how runs ended is another question.
pub fn is_worthwhile(summary: &Summary) -> bool {
    let facets = Facets::new(summary, |cell| measured(cell).is_some());
    let above = facets.cells.iter().filter(|cell| mean(cell) > 0.0);
    above.count() >= 2 && x_key(&facets).is_some()
}

/// The figure, of the cells in `at_rest`; none where these have nothing to show.
pub fn figure(scenario: &str, summary: &Summary, at_rest: &BTreeSet<u64>) -> Option<Figure> {
    let font = Font::new();
    let mut facets = Facets::new(summary, |cell| {
        measured(cell).is_some() && at_rest.contains(&cell.number)
    });
    let cut = summary
        .cells
        .iter()
        .filter(|cell| measured(cell).is_some() && !at_rest.contains(&cell.number))
        .count();
    let x = x_key(&facets)?;
    let parts = parts(&mut facets, x);
    let (zeros, above): (Vec<&Cell>, Vec<&Cell>) =
        facets.cells.iter().partition(|cell| mean(cell) <= 0.0);
    if above.len() < 2 {
        return None;
    }
    let open = above.iter().filter_map(|cell| measured(cell)?.interval);
    let open = open.into_iter().any(|(low, _)| low <= 0.0);
    let remarks = [
        facets.left_out(),
        cells(cut, |cells| {
            format!("{cells} left out: some runs were stopped before the rumor came to rest.")
        }),
        cells(zeros.len(), |cells| {
            format!("{cells} not shown: a residue of 0 has no place on a logarithmic axis.")
        }),
        match open {
            true => "Intervals without a lower end reach 0.".to_owned(),
            false => String::new(),
        },
    ];
    let remarks: Vec<String> = remarks.into_iter().filter(|r| !r.is_empty()).collect();
    Some(Figure {
        title: "Residue: the nodes that the rumor never reaches".to_owned(),
        subtitle: vec![facets.subtitle(scenario, &font), remarks.join(" ")],
        keys: keys(&facets, &parts, &font),
        x_title: x_title(summary, x, &font),
        y_titles: vec!["Residue, s (share of the nodes)".to_owned()],
        panels: panels(&facets, &parts, x, &font),
    })
}

/// A sentence about so many cells; empty where there is none.
fn cells(count: usize, sentence: impl Fn(&str) -> String) -> String {
    match count {
        0 => String::new(),
        1 => sentence("One cell is"),
        _ => sentence(&format!("{count} cells are")),
    }
}

/// What was measured in a cell, where it has a mean.
fn measured(cell: &Cell) -> Option<&Measured> {
    cell.metric(METRIC).filter(|m| m.mean.is_some())
}

/// A cell's mean.
fn mean(cell: &Cell) -> f64 {
    measured(cell).and_then(|m| m.mean).unwrap_or(0.0)
}

/// The numeric setting with the most values, at least two: an axis of the sweep, the fanout, the nodes.
fn x_key(facets: &Facets) -> Option<usize> {
    let mut keys = facets.axes_by_breadth();
    keys.extend([FANOUT, NODES]);
    keys.retain(|&key| facets.is_ordered(key) && facets.breadth(key) >= 2);
    keys.sort_by_key(|&key| std::cmp::Reverse(facets.breadth(key)));
    keys.first().copied()
}

/// Gives the settings their parts and holds the rest.
fn parts(facets: &mut Facets, x: usize) -> Parts {
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

/// The panels that have something to show, in rows of two or three.
fn panels(facets: &Facets, parts: &Parts, x: usize, font: &Font) -> Vec<Panel> {
    let along = facets.cells.iter().filter_map(|cell| cell.value(x));
    let mut values: Vec<f64> = along.collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let y = y_axis(facets);
    let filled: Vec<(&String, Vec<Mark>)> = parts
        .panels
        .iter()
        .map(|value| (value, marks(facets, parts, x, value)))
        .filter(|(_, marks)| marks.iter().any(|m| matches!(m, Mark::Point { .. })))
        .collect();
    let columns = columns(filled.len());
    let place = |(i, (value, marks)): (usize, (&String, Vec<Mark>))| Panel {
        row: i / columns,
        column: i % columns,
        title: facets.label(parts.panel, value, font),
        x: x_axis(x, &values),
        y: y.clone(),
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
fn marks(facets: &Facets, parts: &Parts, x: usize, panel: &str) -> Vec<Mark> {
    let mut layers: [Vec<Mark>; 3] = Default::default();
    for (i, value) in parts.colors.iter().enumerate().rev() {
        let color = parts.color(i);
        let cells = facets.select(&[(parts.panel, panel), (parts.color, value)]);
        let known = |cell: &&Cell| cell.value(x).zip(measured(cell).copied());
        let mut known: Vec<(f64, Measured)> = cells.iter().filter_map(known).collect();
        known.sort_by(|a, b| f64::total_cmp(&a.0, &b.0));
        let line = |pick: &dyn Fn(&Measured) -> Option<f64>| -> Vec<(f64, f64)> {
            let point = |(x, m): &(f64, Measured)| pick(m).map(|s| (*x, s));
            let points = known.iter().filter_map(point);
            points.filter(|&(_, s)| s > 0.0).collect()
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
            radius: nested_radius(i, parts.colors.len()),
            color,
        };
        let above = known.iter().filter(|(_, m)| m.mean > Some(0.0));
        layers[2].extend(above.map(point));
    }
    layers.into_iter().flatten().collect()
}

/// What colours, points and lines mean.
fn keys(facets: &Facets, parts: &Parts, font: &Font) -> Vec<(Sample, String)> {
    let mut keys = facets.patches(parts, font);
    let plain = parts.plain();
    let has = |pick: &dyn Fn(&Measured) -> Option<f64>| {
        let mut known = facets.cells.iter().filter_map(|cell| measured(cell));
        known.any(|m| pick(m).is_some())
    };
    keys.push((
        Sample::Point(plain),
        "mean, 95 % interval where wider than the point".to_owned(),
    ));
    if has(&|m| m.theory) {
        keys.push((Sample::Thin(plain), "exact at each point".to_owned()));
    }
    if has(&|m| m.limit) {
        let dashed = Sample::Dashed(plain.darker(0.45));
        keys.push((dashed, "limit for many nodes".to_owned()));
    }
    keys
}
