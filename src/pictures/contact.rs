//! `contact_probability`: how likely a node is contacted in a round, measured, exact, and for many nodes.
//!
//! Two rows of panels: P on an even axis; and 1 - P on a logarithmic one, where the limit e^-m is a straight line
//! and small networks stand apart from it. The x axis is the fanout if it has three values or more, and the nodes are
//! not too many for colours; else the number of nodes, else what there is. A column per sampling (else clock, case, protocol); a colour per number of
//! nodes where the fanout is the x axis, else per loss or another axis.

mod marks;

use marks::{Curve, View, common_limit, marks};

use super::endings;
use super::facets::{Facets, Parts, sentence, sentences};
use super::figure::{Figure, Panel, Sample, nested_key};
use super::font::Font;
use super::palette::{GREY, INK};
use super::scale::{PlotAxis, round_up};
use super::summary::{CASE, Cell, FANOUT, Measured, NODES, PROTOCOL, Summary};
use super::words;
use super::{Metric, Outcome, PictureKind, Tables};
use crate::tables::FileError;

const METRIC: &str = "contact_probability";
/// Columns of panels.
const COLUMNS_MAX: usize = 4;
/// The axis of 1 - P spans at least this factor.
const LOG_SPAN_MIN: f64 = 6.0;
/// Colours in a panel.
const COLORS_MAX: usize = 7;

/// How likely a node is contacted in a round.
pub const PICTURE: PictureKind = PictureKind {
    name: "contact_probability",
    about: "above P, below 1 - P on a logarithmic axis",
    needs: "theory; or at least two fanouts or numbers of nodes, and runs that do not end with the rumor",
    metrics: &[Metric::share(METRIC)],
    outcome,
};

/// The figure; none where there is no theory and neither fanout nor number of nodes varies, or contacts are only what
/// a rumor came by.
fn outcome(tables: &Tables, summary: &Summary) -> Result<Outcome, FileError> {
    let has = |cell: &Cell| {
        cell.metric(METRIC)
            .is_some_and(|m| m.mean.is_some() || m.theory.is_some())
    };
    let mut facets = Facets::new(summary, |cell| cell.metric(METRIC).is_some(), has);
    let with_theory = facets
        .cells
        .iter()
        .any(|cell| cell.metric(METRIC).is_some_and(|m| m.theory.is_some()));
    if facets.cells.is_empty()
        || (facets.breadth(FANOUT) < 2 && facets.breadth(NODES) < 2 && !with_theory)
    {
        return Ok(Outcome::Nothing);
    }
    if !with_theory && endings::read(tables.runs)?.by_rumor {
        let why =
            "no theory applies, and runs end with the rumor: how likely a contact is was not asked";
        return Ok(Outcome::Omitted(why.to_owned()));
    }
    let without = |cell: &&Cell| cell.metric(METRIC).is_some() && !has(cell);
    let without: Vec<&Cell> = summary.cells.iter().filter(without).collect();
    let x = x_key(&facets);
    let parts = parts(&mut facets, x);
    let reason = facets.too_few(facets.cells.len());
    let reason = reason.map(|reason| match without.len() {
        0 => reason,
        _ => format!(
            "{reason}; in {} of them some runs ended before a whole window after the warm-up",
            without.len()
        ),
    });
    Ok(Outcome::unless(reason, || {
        figure(tables.title, summary, &facets, &parts, x, &without)
    }))
}

fn figure(
    scenario: &str,
    summary: &Summary,
    facets: &Facets,
    parts: &Parts,
    x: usize,
    without: &[&Cell],
) -> Figure {
    let font = Font::new();
    let panel_curves = |panel: &Vec<String>| curves(facets, parts, x, panel);
    let curves: Vec<Vec<Curve>> = parts.panel.values.iter().map(panel_curves).collect();
    let measured: Vec<&Measured> = curves
        .iter()
        .flatten()
        .flat_map(|c| &c.cells)
        .map(|(_, m)| *m)
        .collect();
    let zeros = facets.cells.iter().copied().filter(|cell| {
        let mean = cell.metric(METRIC).and_then(|m| m.mean);
        mean.is_some_and(|mean| mean >= 1.0)
    });
    let remarks = [
        facets.left_out(),
        sentence(
            without.iter().copied(),
            "left out: some runs ended before a whole window after the warm-up.",
        ),
        sentence(
            zeros,
            "missing below: everybody was contacted, and 1 − P = 0 has no place on a logarithmic axis.",
        ),
    ];
    Figure {
        title: "Probability that a node is contacted in a round".to_owned(),
        subtitle: vec![facets.subtitle(scenario, &font), sentences(&remarks)],
        keys: keys(facets, parts, &curves, &measured, &font),
        x_title: x_title(summary, x, &font),
        y_titles: vec!["Contacted, P".to_owned(), "Not contacted, 1 − P".to_owned()],
        panels: panels(facets, parts, x, &curves, &measured, &font),
    }
}

/// Gives the settings their parts and holds the rest.
fn parts(facets: &mut Facets, x: usize) -> Parts {
    facets.take(&[x]);
    let named = |name| facets.key(name).into_iter();
    let heads: Vec<usize> = named("protocol.sampling")
        .chain(named("clock.mode"))
        .chain([CASE, PROTOCOL])
        .collect();
    let mut column = facets.take(&heads);
    let axes = facets.axes_by_breadth();
    let (numbers, names): (Vec<usize>, Vec<usize>) =
        axes.iter().partition(|&&key| facets.is_ordered(key));
    let mut color = facets.take(&[&[NODES], &numbers[..], &[FANOUT], &names[..]].concat());
    if column.is_none() {
        column = facets.take(&[&names[..], &numbers[..], &[FANOUT]].concat());
    }
    if color.is_none() && column.is_some_and(|key| key == CASE || key == PROTOCOL) {
        color = column.take();
    }
    facets.split([column, color], [COLUMNS_MAX, COLORS_MAX])
}

/// The setting along the x axis.
fn x_key(facets: &Facets) -> usize {
    let breadth = |key| {
        if facets.is_ordered(key) {
            facets.breadth(key)
        } else {
            0
        }
    };
    let (fanouts, nodes) = (breadth(FANOUT), breadth(NODES));
    let crowded = nodes > COLORS_MAX && fanouts <= COLORS_MAX;
    if (fanouts >= 3 && !crowded) || (fanouts >= 2 && nodes < 2) {
        return FANOUT;
    }
    if nodes >= 2 {
        return NODES;
    }
    let axes = facets.axes_by_breadth();
    axes.into_iter()
        .find(|&key| facets.is_ordered(key))
        .unwrap_or(if fanouts == 1 { FANOUT } else { NODES })
}

/// The curves of a column.
fn curves<'a>(facets: &Facets<'a>, parts: &Parts, x: usize, column: &[String]) -> Vec<Curve<'a>> {
    let along = |cell: &'a Cell| cell.value(x).zip(cell.metric(METRIC));
    let curve = |(i, value): (usize, &Vec<String>)| {
        let cells = facets.select(&[(&parts.panel, column), (&parts.color, value)]);
        let mut cells: Vec<_> = cells.into_iter().filter_map(along).collect();
        cells.sort_by(|a, b| f64::total_cmp(&a.0, &b.0));
        Curve {
            cells,
            color: parts.color(i),
        }
    };
    parts.color.values.iter().enumerate().map(curve).collect()
}

/// Both rows of panels.
fn panels(
    facets: &Facets,
    parts: &Parts,
    x: usize,
    curves: &[Vec<Curve>],
    measured: &[&Measured],
    font: &Font,
) -> Vec<Panel> {
    let mut values: Vec<f64> = curves
        .iter()
        .flatten()
        .flat_map(|c| &c.cells)
        .map(|(x, _)| *x)
        .collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let x = x_axis(x, &values);
    let (above, below) = (even_axis(measured), log_axis(measured));
    let mut panels = Vec::new();
    for (column, (value, curves)) in parts.panel.values.iter().zip(curves).enumerate() {
        for (row, y) in [&above, &below].into_iter().enumerate() {
            panels.push(Panel {
                row,
                column,
                title: if row == 0 {
                    facets.label(&parts.panel, value, font)
                } else {
                    String::new()
                },
                x: x.clone(),
                y: y.clone(),
                marks: marks(
                    curves,
                    View {
                        x: &x,
                        one_x: values.len() < 2,
                        complement: row == 1,
                    },
                ),
            });
        }
    }
    panels
}

/// The axis of the setting along x, given its values in rising order.
pub fn x_axis(key: usize, values: &[f64]) -> PlotAxis {
    let (low, high) = match values {
        [] => (0.0, 1.0),
        [first, .., last] => (*first, *last),
        [only] => (*only, *only),
    };
    if key == NODES {
        let low = low.max(1.0);
        let pad = libm::pow(high.max(low * 1.5) / low, 0.06);
        return PlotAxis::log(low / pad, high.max(low * 1.5) * pad);
    }
    let pad = if high > low {
        (high - low) * 0.07
    } else {
        low.abs().max(1.0) * 0.5
    };
    PlotAxis::at_values(low - pad, high + pad, values)
}

/// All values of P that matter for a range.
fn probabilities<'a>(measured: &'a [&Measured]) -> impl Iterator<Item = f64> + 'a {
    measured
        .iter()
        .flat_map(|m| [m.mean, m.theory, m.limit])
        .flatten()
}

/// The axis of P.
fn even_axis(measured: &[&Measured]) -> PlotAxis {
    let (least, most) =
        probabilities(measured).fold((1.0_f64, 0.0_f64), |(l, h), p| (l.min(p), h.max(p)));
    let high = if most > 0.5 {
        ((most * 10.0 + 0.1).ceil() / 10.0).min(1.0)
    } else {
        round_up(most)
    };
    let low = if least > 0.4 {
        (least * 10.0 - 0.2).floor() / 10.0
    } else {
        0.0
    };
    let pad = (high - low) * 0.04;
    PlotAxis::linear(low - if low > 0.0 { 0.0 } else { pad / 2.0 }, high + pad, 5)
}

/// The axis of 1 - P: it reaches what was measured, and theory as far as a decade below that.
fn log_axis(measured: &[&Measured]) -> PlotAxis {
    let least = |values: &mut dyn Iterator<Item = f64>| {
        values.filter(|&q| q > 0.0).fold(f64::INFINITY, f64::min)
    };
    let seen = least(&mut measured.iter().filter_map(|m| m.mean).map(|p| 1.0 - p));
    let floor = if seen < f64::INFINITY {
        seen / 10.0
    } else {
        1e-6
    };
    let low = least(
        &mut probabilities(measured)
            .map(|p| 1.0 - p)
            .filter(|&q| q >= floor),
    )
    .min(1.0)
        / 1.5;
    let high = probabilities(measured)
        .map(|p| 1.0 - p)
        .fold(low * 2.0, f64::max)
        * 1.3;
    let high = high.min(1.2);
    PlotAxis::log(low.min(high / LOG_SPAN_MIN), high)
}

/// The x axis in words.
pub fn x_title(summary: &Summary, key: usize, font: &Font) -> String {
    match key {
        NODES => "Number of nodes, n".to_owned(),
        FANOUT => "Fanout, m (calls per node and round)".to_owned(),
        _ => words::key_name(&summary.keys, key, font),
    }
}

/// What colours, points and lines mean.
fn keys(
    facets: &Facets,
    parts: &Parts,
    curves: &[Vec<Curve>],
    measured: &[&Measured],
    font: &Font,
) -> Vec<(Sample, String)> {
    let mut keys = facets.patches(parts, font);
    let plain = parts.plain();
    let one_limit = curves.iter().all(|curves| common_limit(curves).is_some());
    let limit_color = if one_limit { INK } else { GREY.darker(0.45) };
    if measured.iter().any(|m| m.mean.is_some()) {
        keys.push((
            Sample::Point(plain),
            "measured, 95 % interval where wider than the point".to_owned(),
        ));
        keys.extend(nested_key(parts.color.values.len(), plain));
    }
    if measured.iter().any(|m| m.theory.is_some()) {
        keys.push((Sample::Thin(plain), "exact at each point".to_owned()));
    }
    if measured.iter().any(|m| m.limit.is_some()) {
        keys.push((Sample::Dashed(limit_color), limit_in_words(facets)));
    }
    keys
}

/// The limit for many nodes, with its formula where it is the one without loss.
fn limit_in_words(facets: &Facets) -> String {
    let lossless = |cell: &&Cell| {
        let limit = cell.metric(METRIC).and_then(|m| m.limit);
        let fanout = cell.value(FANOUT);
        limit
            .zip(fanout)
            .is_none_or(|(limit, m)| (1.0 - libm::exp(-m) - limit).abs() < 1e-9)
    };
    match facets.cells.iter().all(lossless) {
        true => "limit for many nodes, 1 − e⁻ᵐ".to_owned(),
        false => "limit for many nodes".to_owned(),
    }
}
