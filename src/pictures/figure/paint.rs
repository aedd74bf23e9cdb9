//! How panels, marks and the samples of keys are drawn.

use super::{Mark, POINT_RADIUS, Panel, Sample};
use crate::pictures::font::Font;
use crate::pictures::palette::{Color, GREY, GRID, INK, WHITE};
use crate::pictures::scale::PlotAxis;
use crate::pictures::scene::{Align, Place, Scene, clip};

/// The size of titles of panels and axes.
pub const LABEL_SIZE: f64 = 12.0;
/// The size of labels at ticks.
pub const TICK_SIZE: f64 = 11.0;
/// How far ticks reach out of a panel.
pub const TICK_LENGTH: f64 = 4.0;

/// How long an arrow's head is.
const ARROW_LENGTH: f64 = 6.0;

/// A rectangle on the sheet.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Its left side.
    pub left: f64,
    /// Its upper side.
    pub top: f64,
    /// Its right side.
    pub right: f64,
    /// Its lower side.
    pub bottom: f64,
}

/// Draws a key's sample, its middle left at a place.
pub fn draw_sample(scene: &mut Scene, sample: Sample, (x, y): Place) {
    let (end, middle) = (x + sample.width(), x + sample.width() / 2.0);
    match sample {
        Sample::Line(color) => scene.line(vec![(x, y), (end, y)], 2.0, color),
        Sample::Thin(color) => scene.line(vec![(x, y), (end, y)], 1.2, color),
        Sample::Dashed(color) => scene.dashes(&[(x, y), (end, y)], 1.4, color, (5.0, 3.2)),
        Sample::Band(color) => {
            let corners = vec![(x, y - 5.0), (end, y - 5.0), (end, y + 5.0), (x, y + 5.0)];
            scene.area(corners, color.with_alpha(0.2));
            scene.line(vec![(x, y), (end, y)], 2.0, color);
        }
        Sample::Point(color) => draw_point(
            scene,
            ((middle, y), POINT_RADIUS),
            Some([(y - 6.5, true), (y + 6.5, true)]),
            color,
        ),
        Sample::Nested(color) => {
            scene.dot((middle, y), 1.5 * POINT_RADIUS, color.paler(0.6));
            scene.dot((middle, y), POINT_RADIUS, color);
        }
        Sample::Patch(color) => {
            scene.area(
                vec![(x, y - 5.0), (end, y - 5.0), (end, y + 5.0), (x, y + 5.0)],
                color,
            );
        }
    }
}

/// Draws a panel: grid, marks, axes, labels.
pub fn draw_panel(
    scene: &mut Scene,
    font: &Font,
    panel: &Panel,
    frame: Frame,
    labelled: (bool, bool),
) {
    let (mut x, mut y) = (panel.x.clone(), panel.y.clone());
    let (width, height) = (frame.right - frame.left, frame.bottom - frame.top);
    x.thin(|label| (font.width(label, TICK_SIZE) + 8.0) / width);
    y.thin(|_| (TICK_SIZE + 3.0) / height);
    let at_x = |value: f64| frame.left + x.share(value) * width;
    let at_y = |value: f64| frame.bottom - y.share(value) * height;
    for tick in &x.ticks {
        scene.line(
            vec![(at_x(tick.at), frame.top), (at_x(tick.at), frame.bottom)],
            0.7,
            GRID,
        );
    }
    for tick in &y.ticks {
        scene.line(
            vec![(frame.left, at_y(tick.at)), (frame.right, at_y(tick.at))],
            0.7,
            GRID,
        );
    }
    for mark in &panel.marks {
        draw_mark(scene, mark, frame, &|(px, py)| (at_x(px), at_y(py)));
    }
    draw_ticks(scene, &x, &y, frame, labelled);
    let corner = vec![
        (frame.left, frame.top),
        (frame.left, frame.bottom),
        (frame.right, frame.bottom),
    ];
    scene.line(corner, 1.0, GREY);
}

/// Draws the ticks outside a frame, and their labels.
fn draw_ticks(
    scene: &mut Scene,
    x: &PlotAxis,
    y: &PlotAxis,
    frame: Frame,
    (x_labels, y_labels): (bool, bool),
) {
    let at_x = |value: f64| frame.left + x.share(value) * (frame.right - frame.left);
    let at_y = |value: f64| frame.bottom - y.share(value) * (frame.bottom - frame.top);
    let small = TICK_LENGTH * 0.55;
    for tick in &x.ticks {
        let (at, down) = (at_x(tick.at), frame.bottom + TICK_LENGTH);
        scene.line(vec![(at, frame.bottom), (at, down)], 1.0, GREY);
        if x_labels {
            scene.text(
                &tick.label,
                (at, down + TICK_SIZE + 1.0),
                TICK_SIZE,
                INK,
                Align::Middle,
            );
        }
    }
    for &value in &x.minor {
        scene.line(
            vec![
                (at_x(value), frame.bottom),
                (at_x(value), frame.bottom + small),
            ],
            0.7,
            GREY,
        );
    }
    for tick in &y.ticks {
        let (at, left) = (at_y(tick.at), frame.left - TICK_LENGTH);
        scene.line(vec![(frame.left, at), (left, at)], 1.0, GREY);
        if y_labels {
            scene.text(
                &tick.label,
                (left - 4.0, at + TICK_SIZE * 0.36),
                TICK_SIZE,
                INK,
                Align::End,
            );
        }
    }
    for &value in &y.minor {
        scene.line(
            vec![(frame.left, at_y(value)), (frame.left - small, at_y(value))],
            0.7,
            GREY,
        );
    }
}

/// Draws a mark within its panel's frame.
fn draw_mark(scene: &mut Scene, mark: &Mark, frame: Frame, place: &dyn Fn((f64, f64)) -> Place) {
    let (least, most) = ((frame.left, frame.top), (frame.right, frame.bottom));
    let clipped = |points: &[(f64, f64)]| {
        let places: Vec<Place> = points.iter().map(|&p| place(p)).collect();
        clip(&places, least, most)
    };
    match mark {
        Mark::Line {
            points,
            width,
            color,
        } => {
            clipped(points)
                .into_iter()
                .for_each(|part| scene.line(part, *width, *color));
        }
        Mark::Dashed { points, color } => {
            clipped(points)
                .iter()
                .for_each(|part| scene.dashes(part, 1.4, *color, (5.0, 3.2)));
        }
        Mark::Band {
            edged,
            points,
            color,
        } => {
            let inside = |(x, y): Place| (x.clamp(least.0, most.0), y.clamp(least.1, most.1));
            let upper = points.iter().map(|&(x, _, high)| (x, high));
            let lower = points.iter().map(|&(x, low, _)| (x, low));
            let around = upper.clone().chain(lower.clone().rev());
            let alpha = if *edged { 0.1 } else { 0.2 };
            scene.area(
                around.map(|at| inside(place(at))).collect(),
                color.with_alpha(alpha),
            );
            if *edged {
                for edge in [upper.collect::<Vec<_>>(), lower.collect()] {
                    let parts = clipped(&edge).into_iter();
                    parts.for_each(|part| scene.line(part, 0.7, color.paler(0.3)));
                }
            }
        }
        Mark::Point {
            at,
            interval,
            radius,
            color,
        } => {
            let center = place(*at);
            let inside = |(x, y): Place| {
                x >= least.0 - 0.1 && x <= most.0 + 0.1 && y >= least.1 - 0.1 && y <= most.1 + 0.1
            };
            if inside(center) {
                let ends = interval.map(|(low, high)| {
                    [high, low].map(|value| {
                        let y = place((at.0, value)).1;
                        let shown = y.clamp(least.1, most.1);
                        (shown, shown == y)
                    })
                });
                draw_point(scene, (center, *radius), ends, *color);
            }
        }
    }
}

/// Draws a point, and its interval where that reaches beyond it. The interval's ends are (y, whether it ends
/// there): where it goes on outside the panel, an arrow says so. A larger point has no white rim: others lie on it.
fn draw_point(
    scene: &mut Scene,
    ((x, y), radius): (Place, f64),
    interval: Option<[(f64, bool); 2]>,
    color: Color,
) {
    if radius <= POINT_RADIUS {
        scene.dot((x, y), radius + 0.7, WHITE);
    }
    if let Some([top, bottom]) = interval
        && ((y - top.0).max(bottom.0 - y) > radius || !top.1 || !bottom.1)
    {
        scene.line(vec![(x, top.0), (x, bottom.0)], 1.2, color);
        for ((end, capped), inward) in [(top, ARROW_LENGTH), (bottom, -ARROW_LENGTH)] {
            if capped {
                scene.line(vec![(x - 3.0, end), (x + 3.0, end)], 1.2, color);
            } else {
                let foot = end + inward;
                scene.area(vec![(x, end), (x - 3.5, foot), (x + 3.5, foot)], color);
            }
        }
    }
    scene.dot((x, y), radius, color);
}
