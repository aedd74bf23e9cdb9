//! `cost`: what an event costs, over the number of nodes. Its table is not one of a results directory:
//! `cargo bench --bench growth` measures it.
//!
//! A panel per protocol, a colour per fanout. The fanouts of one number of nodes stand side by side, so that none
//! hides another's interval.

use std::path::Path;

use super::Error;
use super::contact::x_axis;
use super::convergence::columns;
use super::figure::{Figure, Mark, POINT_RADIUS, Panel, Sample};
use super::font::Font;
use super::palette::{GREY, color};
use super::scale::{PlotAxis, round_up};
use super::summary::{FANOUT, NODES};
use super::table::Table;
use super::words;

/// How far apart fanouts stand, in decades of the number of nodes.
const APART: f64 = 0.07;

/// A row of the table.
struct Cost {
    protocol: String,
    nodes: f64,
    fanout: u64,
    /// Nanoseconds per event.
    median: f64,
    /// The least and the greatest of the repeats.
    interval: (f64, f64),
    /// What was run, in words.
    conditions: String,
}

/// The figure; the conditions of the first row are its subtitle.
pub fn figure(path: &Path) -> Result<Figure, Error> {
    let font = Font::new();
    let costs = read(path)?;
    let conditions = costs.first().map_or("", |cost| &cost.conditions);
    let conditions: Vec<String> = conditions
        .split(", ")
        .map(|part| words::clean(part, &font))
        .collect();
    let mut fanouts: Vec<u64> = costs.iter().map(|cost| cost.fanout).collect();
    fanouts.sort_unstable();
    fanouts.dedup();
    Ok(Figure {
        title: "Time per event, by number of nodes and fanout".to_owned(),
        subtitle: vec![conditions.join(", ")],
        keys: keys(&fanouts, &font),
        x_title: "Number of nodes, n".to_owned(),
        y_titles: vec!["Time per event (ns)".to_owned()],
        panels: panels(&costs, &fanouts),
    })
}

/// Reads the table, in the order of its rows.
fn read(path: &Path) -> Result<Vec<Cost>, Error> {
    let mut table = Table::open(path)?;
    let find = |name| table.column(name);
    let (protocol, nodes, fanout) = (find("protocol")?, find("nodes")?, find("fanout")?);
    let median = find("ns_per_event_p50")?;
    let (least, greatest) = (find("ns_per_event_min")?, find("ns_per_event_max")?);
    let conditions = find("conditions")?;
    let mut costs = Vec::new();
    while table.advance()? {
        let cost = Cost {
            protocol: table.text(protocol).to_owned(),
            nodes: table.whole(nodes)? as f64,
            fanout: table.whole(fanout)?,
            median: table.number(median)?,
            interval: (table.number(least)?, table.number(greatest)?),
            conditions: table.text(conditions).to_owned(),
        };
        let (least, greatest) = cost.interval;
        if !(0.0 <= least && least <= cost.median && cost.median <= greatest) {
            return Err(table.blame("least, median and greatest are not in order"));
        }
        costs.push(cost);
    }
    Ok(costs)
}

/// What colours and points mean.
fn keys(fanouts: &[u64], font: &Font) -> Vec<(Sample, String)> {
    let patch = |(i, fanout): (usize, &u64)| {
        let color = color(i, fanouts.len(), true);
        let label = words::setting(&[], FANOUT, &fanout.to_string(), font);
        (Sample::Patch(color), label)
    };
    let mut keys: Vec<(Sample, String)> = fanouts.iter().enumerate().map(patch).collect();
    let point = "median, least to greatest; the fanouts of one n side by side";
    keys.push((Sample::Point(GREY), point.to_owned()));
    keys
}

/// A panel per protocol, in the order of the table.
fn panels(costs: &[Cost], fanouts: &[u64]) -> Vec<Panel> {
    let mut protocols: Vec<&String> = Vec::new();
    for cost in costs {
        if !protocols.contains(&&cost.protocol) {
            protocols.push(&cost.protocol);
        }
    }
    let sides = [0, fanouts.len().saturating_sub(1)].map(|index| aside(index, fanouts.len()));
    let mut places: Vec<f64> = costs
        .iter()
        .flat_map(|cost| sides.map(|side| cost.nodes * side))
        .collect();
    places.sort_by(f64::total_cmp);
    let most = costs.iter().map(|cost| cost.interval.1).fold(0.0, f64::max);
    let columns = columns(protocols.len());
    let panel = |(i, protocol): (usize, &&String)| Panel {
        row: i / columns,
        column: i % columns,
        title: (*protocol).clone(),
        x: x_axis(NODES, &places),
        y: PlotAxis::linear(0.0, round_up(most * 1.04), 6),
        marks: marks(costs, fanouts, protocol),
    };
    protocols.iter().enumerate().map(panel).collect()
}

/// By what fanout `index` of `count` stands aside of its number of nodes.
fn aside(index: usize, count: usize) -> f64 {
    let middle = (count as f64 - 1.0) / 2.0;
    libm::pow(10.0, APART * (index as f64 - middle))
}

/// The lines of a panel, then its points.
fn marks(costs: &[Cost], fanouts: &[u64], protocol: &str) -> Vec<Mark> {
    let (mut lines, mut points) = (Vec::new(), Vec::new());
    for (i, fanout) in fanouts.iter().enumerate() {
        let color = color(i, fanouts.len(), true);
        let mut curve: Vec<&Cost> = costs
            .iter()
            .filter(|cost| cost.protocol == protocol && cost.fanout == *fanout)
            .collect();
        curve.sort_by(|a, b| f64::total_cmp(&a.nodes, &b.nodes));
        let at = |cost: &&Cost| (cost.nodes * aside(i, fanouts.len()), cost.median);
        lines.push(Mark::Line {
            points: curve.iter().map(at).collect(),
            width: 1.2,
            color: color.paler(0.45),
        });
        points.extend(curve.iter().map(|cost| Mark::Point {
            at: at(cost),
            interval: Some(cost.interval),
            radius: POINT_RADIUS,
            color,
        }));
    }
    lines.into_iter().chain(points).collect()
}
