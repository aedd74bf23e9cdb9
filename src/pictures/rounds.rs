//! `rounds`: how many rounds a rumor needs to reach everybody, over the number of nodes.
//!
//! A panel per protocol, a colour per fanout; where one of these does not vary, a further axis takes its part.
//! Cells in which some run ended before everybody knew have no mean and are not drawn.

use super::contact::x_axis;
use super::convergence::columns;
use super::facets::{Facets, Parts};
use super::figure::{Figure, Mark, POINT_RADIUS, Panel, Sample};
use super::font::Font;
use super::palette::Color;
use super::scale::{PlotAxis, round_up};
use super::summary::{CASE, Cell, FANOUT, Measured, NODES, PROTOCOL, Summary};

const METRIC: &str = "rounds_to_all";
const MAJORITY: &str = "rounds_to_majority";
/// Panels and colours.
const PARTS_MAX: usize = 6;
/// With more colours than this, lines for majorities would only confuse.
const MAJORITIES_MAX: usize = 2;

/// The figure; none where fewer than two numbers of nodes have a value.
pub fn figure(scenario: &str, summary: &Summary) -> Option<Figure> {
    let font = Font::new();
    let mut facets = Facets::new(summary, |cell| {
        cell.metric(METRIC).is_some_and(|m| m.mean.is_some())
    });
    if facets.breadth(NODES) < 2 {
        return None;
    }
    let parts = parts(&mut facets);
    let dropped = summary
        .cells
        .iter()
        .filter(|c| c.metric(METRIC).is_some_and(|m| m.mean.is_none()))
        .count();
    let mut remarks = facets.left_out();
    if dropped > 0 {
        let cells = if dropped == 1 {
            "One cell is".to_owned()
        } else {
            format!("{dropped} cells are")
        };
        let space = if remarks.is_empty() { "" } else { " " };
        remarks +=
            &format!("{space}{cells} left out: some runs ended before all nodes were informed.");
    }
    Some(Figure {
        title: "Rounds until all nodes are informed".to_owned(),
        subtitle: vec![facets.subtitle(scenario, &font), remarks],
        keys: keys(&facets, &parts, &font),
        x_title: "Number of nodes, n".to_owned(),
        y_titles: vec!["Time (rounds)".to_owned()],
        panels: panels(&facets, &parts, &font),
    })
}

/// Gives the settings their parts and holds the rest.
fn parts(facets: &mut Facets) -> Parts {
    facets.take(&[NODES]);
    let mut panel = facets.take(&[PROTOCOL, CASE]);
    let axes = facets.axes_by_breadth();
    let color = facets.take(&[&[FANOUT], &axes[..]].concat());
    if panel.is_none() {
        panel = facets.take(&axes);
    }
    let color = color.or_else(|| panel.take());
    facets.split([panel, color], [PARTS_MAX; 2])
}

/// The panels that have a point, in rows of two or three.
fn panels(facets: &Facets, parts: &Parts, font: &Font) -> Vec<Panel> {
    let mut nodes: Vec<f64> = facets
        .cells
        .iter()
        .filter_map(|cell| cell.value(NODES))
        .collect();
    nodes.sort_by(f64::total_cmp);
    let y = y_axis(facets);
    let filled = parts
        .panels
        .iter()
        .map(|value| (value, marks(facets, parts, value)));
    let filled: Vec<_> = filled.filter(|(_, marks)| !marks.is_empty()).collect();
    let columns = columns(filled.len());
    let place = |(i, (value, marks)): (usize, (&String, Vec<Mark>))| Panel {
        row: i / columns,
        column: i % columns,
        title: facets.label(parts.panel, value, font),
        x: x_axis(NODES, &nodes),
        y: y.clone(),
        marks,
    };
    filled.into_iter().enumerate().map(place).collect()
}

/// From 0 to what was measured or is exact; leading terms may leave the panel.
fn y_axis(facets: &Facets) -> PlotAxis {
    let tops = facets
        .cells
        .iter()
        .filter_map(|cell| cell.metric(METRIC))
        .flat_map(|m| {
            let high = m.interval.map(|(_, high)| high);
            [
                m.mean,
                high.filter(|&high| m.mean.is_some_and(|mean| high < 2.0 * mean)),
                m.theory,
            ]
        });
    let most = tops.flatten().fold(0.0, f64::max);
    PlotAxis::linear(0.0, round_up(most * 1.04), 6)
}

/// The marks of a panel: majorities, leading terms, exact curves, measurements.
fn marks(facets: &Facets, parts: &Parts, panel: &str) -> Vec<Mark> {
    let mut layers: [Vec<Mark>; 4] = Default::default();
    for (i, value) in parts.colors.iter().enumerate() {
        let color = parts.color(i);
        let mut cells = facets.select(&[(parts.panel, panel), (parts.color, value)]);
        cells.sort_by(|a, b| f64::total_cmp(&nodes(a), &nodes(b)));
        add_curve(
            &mut layers,
            &cells,
            color,
            parts.colors.len() <= MAJORITIES_MAX,
        );
    }
    layers.into_iter().flatten().collect()
}

/// Adds the cells of one colour, along n, to the layers of a panel.
fn add_curve(layers: &mut [Vec<Mark>; 4], cells: &[&Cell], color: Color, majorities: bool) {
    let line = |metric: &str, pick: &dyn Fn(&Measured) -> Option<f64>| -> Vec<(f64, f64)> {
        let point = |cell: &&Cell| cell.metric(metric).and_then(pick).map(|y| (nodes(cell), y));
        cells.iter().filter_map(point).collect()
    };
    let points = if majorities {
        line(MAJORITY, &|m| m.mean)
    } else {
        Vec::new()
    };
    let pale = color.paler(0.45);
    layers[0].push(Mark::Line {
        points,
        width: 1.2,
        color: pale,
    });
    let points = line(METRIC, &|m| m.limit);
    layers[1].push(Mark::Dashed { points, color });
    let points = line(METRIC, &|m| m.theory);
    layers[2].push(Mark::Line {
        points,
        width: 1.5,
        color,
    });
    for cell in cells {
        if let Some(m) = cell.metric(METRIC)
            && let Some(mean) = m.mean
        {
            layers[3].push(Mark::Point {
                at: (nodes(cell), mean),
                interval: m.interval,
                radius: POINT_RADIUS,
                color,
            });
        }
    }
}

/// The number of nodes of a cell.
fn nodes(cell: &Cell) -> f64 {
    cell.value(NODES).unwrap_or(1.0)
}

/// What colours, points and lines mean.
fn keys(facets: &Facets, parts: &Parts, font: &Font) -> Vec<(Sample, String)> {
    let mut keys = facets.patches(parts, font);
    let has = |metric: &str, pick: &dyn Fn(&Measured) -> Option<f64>| {
        facets
            .cells
            .iter()
            .any(|cell| cell.metric(metric).and_then(pick).is_some())
    };
    let plain = parts.plain();
    keys.push((
        Sample::Point(plain),
        "mean, 95 % interval where wider than the point".to_owned(),
    ));
    if has(METRIC, &|m| m.theory) {
        keys.push((Sample::Thin(plain), "exact at each point".to_owned()));
    }
    if has(METRIC, &|m| m.limit) {
        keys.push((
            Sample::Dashed(plain),
            "leading term for many nodes".to_owned(),
        ));
    }
    if parts.colors.len() <= MAJORITIES_MAX && has(MAJORITY, &|m| m.mean) {
        keys.push((
            Sample::Thin(plain.paler(0.45)),
            "mean until a majority is informed".to_owned(),
        ));
    }
    keys
}
