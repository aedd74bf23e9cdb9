//! A figure: panels of marks with shared axes, keys and words; and its layout on the sheet.

use super::font::Font;
use super::palette::{Color, GREY, GRID, INK, WHITE};
use super::scale::Axis;
use super::scene::{Align, HEIGHT, Place, Scene, WIDTH, clip};
use super::words;

/// Marks in the coordinates of a panel's axes.
#[derive(Clone, Debug)]
pub enum Mark {
    /// A line.
    Line {
        points: Vec<(f64, f64)>,
        width: f64,
        color: Color,
    },
    /// A dashed line.
    Dashed {
        points: Vec<(f64, f64)>,
        color: Color,
    },
    /// What lies between two lines over the same x.
    Band {
        points: Vec<(f64, f64, f64)>,
        color: Color,
    },
    /// A measurement: x, y and its interval.
    Point {
        at: (f64, f64),
        interval: Option<(f64, f64)>,
        color: Color,
    },
}

/// A small picture of a mark, for its key.
#[derive(Clone, Copy, Debug)]
pub enum Sample {
    /// A line, for a setting.
    Line(Color),
    /// A thin line.
    Thin(Color),
    /// A dashed line.
    Dashed(Color),
    /// A line within its band.
    Band(Color),
    /// A point with its interval.
    Point(Color),
    /// A square: what all marks of this colour have in common.
    Patch(Color),
}

impl Sample {
    /// How wide it is drawn.
    fn width(self) -> f64 {
        match self {
            Sample::Point(_) => 7.0,
            Sample::Patch(_) => 12.0,
            _ => 24.0,
        }
    }

    /// Whether it explains a colour: a setting; and not what all marks of a kind mean.
    fn is_setting(self) -> bool {
        matches!(self, Sample::Line(_) | Sample::Patch(_))
    }
}

/// One pair of axes and what is drawn there.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Counted from the top.
    pub row: usize,
    /// Counted from the left.
    pub column: usize,
    /// Above the panel.
    pub title: String,
    /// To the right.
    pub x: Axis,
    /// Up.
    pub y: Axis,
    /// In the order in which they are drawn.
    pub marks: Vec<Mark>,
}

/// A picture before its layout.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What is shown.
    pub title: String,
    /// The scenario, what its cells share, what is left out: a paragraph each.
    pub subtitle: Vec<String>,
    /// What the marks mean.
    pub keys: Vec<(Sample, String)>,
    /// Below all panels.
    pub x_title: String,
    /// Beside each row; or one, beside all rows.
    pub y_titles: Vec<String>,
    /// The panels.
    pub panels: Vec<Panel>,
}

/// A rectangle on the sheet.
#[derive(Clone, Copy, Debug)]
struct Frame {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

const MARGIN: f64 = 22.0;
const TITLE_SIZE: f64 = 18.0;
const TEXT_SIZE: f64 = 11.0;
const LABEL_SIZE: f64 = 12.0;
const TICK_SIZE: f64 = 11.0;
const LINE_HEIGHT: f64 = 15.5;
/// Subtitles longer than this many lines are cut.
const SUBTITLE_LINES_MAX: usize = 4;
/// Keys in more rows than this are left out.
const KEY_ROWS_MAX: usize = 4;
const KEY_GAP: f64 = 18.0;
const POINT_RADIUS: f64 = 2.9;
const TICK_LENGTH: f64 = 4.0;

impl Figure {
    /// Lays the figure out on a sheet.
    pub fn lay_out(&self) -> Scene {
        let font = Font::new();
        let mut scene = Scene::default();
        let below_words = self.write_heading(&mut scene, &font);
        let top = self.write_keys(&mut scene, &font, below_words) + 8.0;
        let bottom = HEIGHT - MARGIN - LABEL_SIZE - 4.0;
        let frames = self.frames(&font, top, bottom);
        let fits =
            |panel: &Panel, f: &Frame| font.width(&panel.title, LABEL_SIZE) <= f.right - f.left;
        let named = self
            .panels
            .iter()
            .zip(&frames)
            .all(|(panel, frame)| fits(panel, frame));
        for (panel, &frame) in self.panels.iter().zip(&frames) {
            let lone = |row, column| {
                !self
                    .panels
                    .iter()
                    .any(|p| p.row == row && p.column == column)
            };
            let labelled = (lone(panel.row + 1, panel.column), panel.column == 0);
            draw_panel(&mut scene, &font, panel, frame, labelled);
            let title = if named {
                &panel.title
            } else {
                panel.title.rsplit(": ").next().unwrap_or_default()
            };
            let title = words::shorten(title, frame.right - frame.left, LABEL_SIZE, &font);
            scene.text(
                &title,
                (frame.left, frame.top - 7.0),
                LABEL_SIZE,
                INK,
                Align::Start,
            );
        }
        self.write_axis_titles(&mut scene, &font, &frames);
        scene
    }

    /// Writes title and subtitle; returns where they end.
    fn write_heading(&self, scene: &mut Scene, font: &Font) -> f64 {
        let room = WIDTH - 2.0 * MARGIN;
        let mut y = MARGIN + TITLE_SIZE * 0.76;
        let title = words::shorten(&self.title, room, TITLE_SIZE, font);
        scene.text(&title, (MARGIN, y), TITLE_SIZE, INK, Align::Start);
        y += 4.0;
        let lines = self
            .subtitle
            .iter()
            .flat_map(|text| words::wrap(text, room, TEXT_SIZE, font));
        for line in lines.take(SUBTITLE_LINES_MAX) {
            y += LINE_HEIGHT;
            scene.text(&line, (MARGIN, y), TEXT_SIZE, GREY, Align::Start);
        }
        y
    }

    /// Writes the keys in rows; returns where they end.
    fn write_keys(&self, scene: &mut Scene, font: &Font, top: f64) -> f64 {
        let room = WIDTH - 2.0 * MARGIN;
        let width = |(sample, text): &(Sample, String)| {
            (sample.width() + 6.0 + font.width(text, TEXT_SIZE)).min(room)
        };
        let together: f64 = self.keys.iter().map(|key| width(key) + KEY_GAP).sum();
        let (mut x, mut y, mut rows) = (MARGIN, top + LINE_HEIGHT + 4.0, 1);
        for (i, key) in self.keys.iter().enumerate() {
            // Where one row is not enough, what marks mean begins a row of its own below what colours mean.
            let turns =
                i > 0 && together > room && self.keys[i - 1].0.is_setting() && !key.0.is_setting();
            if x > MARGIN && (turns || x + width(key) > WIDTH - MARGIN) {
                (x, y, rows) = (MARGIN, y + LINE_HEIGHT + 2.0, rows + 1);
            }
            if rows > KEY_ROWS_MAX {
                break;
            }
            let (sample, text) = key;
            let text = words::shorten(text, room - sample.width() - 6.0, TEXT_SIZE, font);
            draw_sample(scene, *sample, (x, y - TEXT_SIZE * 0.36));
            scene.text(
                &text,
                (x + sample.width() + 6.0, y),
                TEXT_SIZE,
                INK,
                Align::Start,
            );
            x += width(key) + KEY_GAP;
        }
        top + rows.min(KEY_ROWS_MAX) as f64 * (LINE_HEIGHT + 2.0) + 2.0
    }

    /// The panels' frames between two heights, all of one size.
    fn frames(&self, font: &Font, top: f64, bottom: f64) -> Vec<Frame> {
        let rows = self.panels.iter().map(|p| p.row + 1).max().unwrap_or(1);
        let columns = self.panels.iter().map(|p| p.column + 1).max().unwrap_or(1);
        let labels = self
            .panels
            .iter()
            .flat_map(|p| &p.y.ticks)
            .map(|tick| font.width(&tick.label, TICK_SIZE));
        let left = MARGIN + LABEL_SIZE + 8.0 + labels.fold(0.0, f64::max) + TICK_LENGTH + 4.0;
        let titled = |row| {
            self.panels
                .iter()
                .any(|p| p.row == row && !p.title.is_empty())
        };
        // A panel whose neighbour below is missing bears its own labels: its row needs the room for them.
        let ragged = self.panels.iter().filter(|p| p.row + 1 < rows).any(|p| {
            !self
                .panels
                .iter()
                .any(|q| q.row == p.row + 1 && q.column == p.column)
        });
        let above = |row| if titled(row) { LABEL_SIZE + 10.0 } else { 12.0 };
        let below = |row: usize| {
            if ragged || row + 1 == rows {
                TICK_SIZE + TICK_LENGTH + 8.0
            } else {
                0.0
            }
        };
        let spent: f64 = (0..rows).map(|row| above(row) + below(row)).sum();
        let height = (bottom - top - spent) / rows as f64;
        let gap = 20.0;
        let width = (WIDTH - MARGIN - left - gap * (columns - 1) as f64) / columns as f64;
        let place = |panel: &Panel| {
            let before: f64 = (0..panel.row)
                .map(|row| above(row) + below(row) + height)
                .sum();
            let (x, y) = (
                left + panel.column as f64 * (width + gap),
                top + before + above(panel.row),
            );
            Frame {
                left: x,
                top: y,
                right: x + width,
                bottom: y + height,
            }
        };
        self.panels.iter().map(place).collect()
    }

    /// Writes the titles of the axes around all panels.
    fn write_axis_titles(&self, scene: &mut Scene, font: &Font, frames: &[Frame]) {
        let extent = |rows: &dyn Fn(usize) -> bool| {
            let chosen = self
                .panels
                .iter()
                .zip(frames)
                .filter(|(panel, _)| rows(panel.row));
            chosen.fold(None, |span: Option<Frame>, (_, f)| {
                let s = span.unwrap_or(*f);
                Some(Frame {
                    left: s.left.min(f.left),
                    top: s.top.min(f.top),
                    right: s.right.max(f.right),
                    bottom: s.bottom.max(f.bottom),
                })
            })
        };
        let Some(all) = extent(&|_| true) else {
            return;
        };
        let x_title = words::shorten(&self.x_title, all.right - all.left, LABEL_SIZE, font);
        let place = ((all.left + all.right) / 2.0, HEIGHT - MARGIN + 2.0);
        scene.text(&x_title, place, LABEL_SIZE, INK, Align::Middle);
        for (row, title) in self.y_titles.iter().enumerate() {
            let one = self.y_titles.len() == 1;
            if let Some(span) = extent(&|r| one || r == row) {
                let title = words::shorten(title, span.bottom - span.top + 20.0, LABEL_SIZE, font);
                scene.upward(
                    &title,
                    (MARGIN + LABEL_SIZE * 0.76, (span.top + span.bottom) / 2.0),
                    LABEL_SIZE,
                    INK,
                );
            }
        }
    }
}

/// Draws a key's sample, its middle left at a place.
fn draw_sample(scene: &mut Scene, sample: Sample, (x, y): Place) {
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
            (middle, y),
            Some([(y - 6.5, true), (y + 6.5, true)]),
            color,
        ),
        Sample::Patch(color) => {
            scene.area(
                vec![(x, y - 5.0), (end, y - 5.0), (end, y + 5.0), (x, y + 5.0)],
                color,
            );
        }
    }
}

/// Draws a panel: grid, marks, axes, labels.
fn draw_panel(scene: &mut Scene, font: &Font, panel: &Panel, frame: Frame, labelled: (bool, bool)) {
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
    x: &Axis,
    y: &Axis,
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
        Mark::Band { points, color } => {
            let inside = |(x, y): Place| (x.clamp(least.0, most.0), y.clamp(least.1, most.1));
            let upper = points.iter().map(|&(x, _, high)| inside(place((x, high))));
            let lower = points
                .iter()
                .rev()
                .map(|&(x, low, _)| inside(place((x, low))));
            scene.area(upper.chain(lower).collect(), color.with_alpha(0.2));
        }
        Mark::Point {
            at,
            interval,
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
                draw_point(scene, center, ends, *color);
            }
        }
    }
}

/// Draws a point, and its interval where that reaches beyond it. The interval's ends are (y, whether it ends
/// there): without a cap it goes on outside the panel.
fn draw_point(scene: &mut Scene, (x, y): Place, interval: Option<[(f64, bool); 2]>, color: Color) {
    scene.dot((x, y), POINT_RADIUS + 0.7, WHITE);
    if let Some([(top, _), (bottom, _)]) = interval
        && (y - top).max(bottom - y) > POINT_RADIUS
    {
        scene.line(vec![(x, top), (x, bottom)], 1.2, color);
        for (end, _) in interval.into_iter().flatten().filter(|(_, capped)| *capped) {
            scene.line(vec![(x - 3.0, end), (x + 3.0, end)], 1.2, color);
        }
    }
    scene.dot((x, y), POINT_RADIUS, color);
}
