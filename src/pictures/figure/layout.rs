//! Where a figure's parts go on the sheet: words above, panels of one size below, titles of axes around them.

use super::paint::{Frame, LABEL_SIZE, TICK_LENGTH, TICK_SIZE, draw_panel, draw_sample};
use super::{Figure, Panel, Sample};
use crate::pictures::font::Font;
use crate::pictures::palette::{GREY, INK};
use crate::pictures::scene::{Align, HEIGHT, Scene, WIDTH};
use crate::pictures::words;

const MARGIN: f64 = 22.0;
const TITLE_SIZE: f64 = 18.0;
const TEXT_SIZE: f64 = 11.0;
const LINE_HEIGHT: f64 = 15.5;
/// Subtitles longer than this many lines are cut.
const SUBTITLE_LINES_MAX: usize = 4;
/// Keys in more rows than this are left out.
const KEY_ROWS_MAX: usize = 4;
const KEY_GAP: f64 = 18.0;

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
