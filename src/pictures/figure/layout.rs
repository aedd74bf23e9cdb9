//! Where a figure's parts go on the sheet: words above, panels of one size below, titles of axes around them.

use super::paint::{Frame, LABEL_SIZE, TICK_LENGTH, TICK_SIZE, draw_panel, draw_sample};
use super::{Figure, Panel, Sample};
use crate::pictures::font::Font;
use crate::pictures::palette::{GREY, INK};
use crate::pictures::scene::{Align, HEIGHT, Place, Scene, WIDTH};
use crate::pictures::words;

const MARGIN: f64 = 22.0;
const TITLE_SIZE: f64 = 18.0;
const TEXT_SIZE: f64 = 11.0;
const LINE_HEIGHT: f64 = 15.5;
/// Subtitles longer than this many lines are cut, and say so.
const SUBTITLE_LINES_MAX: usize = 4;
/// Names of settings are cut until the keys are in no more rows than this.
const KEY_ROWS_MAX: usize = 4;
const KEY_GAP: f64 = 18.0;

/// A key on the sheet.
struct Key {
    sample: Sample,
    words: String,
    place: Place,
    /// Counted from 0.
    row: usize,
}

impl Figure {
    /// Lays the figure out on a sheet.
    pub fn lay_out(&self) -> Scene {
        let font = Font::new();
        let mut scene = Scene::default();
        let below_words = self.write_heading(&mut scene, &font);
        let top = self.write_keys(&mut scene, &font, below_words) + 8.0;
        let bottom = HEIGHT - MARGIN - LABEL_SIZE - 4.0;
        let frames = self.frames(&font, top, bottom);
        let titles = self.panel_titles(&font, &frames);
        for ((panel, &frame), title) in self.panels.iter().zip(&frames).zip(&titles) {
            let lone = |row, column| {
                !self
                    .panels
                    .iter()
                    .any(|p| p.row == row && p.column == column)
            };
            let labelled = (lone(panel.row + 1, panel.column), panel.column == 0);
            draw_panel(&mut scene, &font, panel, frame, labelled);
            scene.text(
                title,
                (frame.left, frame.top - 7.0),
                LABEL_SIZE,
                INK,
                Align::Start,
            );
        }
        self.write_axis_titles(&mut scene, &font, &frames);
        scene
    }

    /// What stands above the panels: where one of them is too long, the values alone, cut where they must be.
    fn panel_titles(&self, font: &Font, frames: &[Frame]) -> Vec<String> {
        let room = frames.first().map_or(0.0, |f| f.right - f.left);
        let whole = || self.panels.iter().map(|panel| &panel.title[..]);
        let fit = whole().all(|title| font.width(title, LABEL_SIZE) <= room);
        let value = |title| match fit {
            true => title,
            false => str::rsplit(title, ": ").next().unwrap_or_default(),
        };
        let titled: Vec<&str> = whole()
            .filter(|title| !title.is_empty())
            .map(value)
            .collect();
        let mut short = words::distinct(&titled, room, LABEL_SIZE, font).into_iter();
        let title = |title: &str| match title {
            "" => String::new(),
            _ => short.next().unwrap_or_default(),
        };
        whole().map(title).collect()
    }

    /// Writes title and subtitle; returns where they end.
    fn write_heading(&self, scene: &mut Scene, font: &Font) -> f64 {
        let room = WIDTH - 2.0 * MARGIN;
        let mut y = MARGIN + TITLE_SIZE * 0.76;
        let title = words::shorten(&self.title, room, TITLE_SIZE, font);
        scene.text(&title, (MARGIN, y), TITLE_SIZE, INK, Align::Start);
        y += 4.0;
        // What is left out is said in the last paragraph: a long first one leaves it its room.
        let mut left = SUBTITLE_LINES_MAX;
        for (i, text) in self.subtitle.iter().enumerate() {
            let mut lines = words::wrap(text, room, TEXT_SIZE, font);
            let others = self.subtitle[i + 1..].iter().filter(|t| !t.is_empty());
            let most = left.saturating_sub(2 * others.count()).max(1);
            if lines.len() > most {
                lines.truncate(most);
                if let Some(line) = lines.last_mut() {
                    *line += " …";
                }
            }
            left = left.saturating_sub(lines.len());
            for line in &lines {
                y += LINE_HEIGHT;
                scene.text(line, (MARGIN, y), TEXT_SIZE, GREY, Align::Start);
            }
        }
        y
    }

    /// Writes the keys in rows; returns where they end.
    fn write_keys(&self, scene: &mut Scene, font: &Font, top: f64) -> f64 {
        // Names of settings may be long: they are cut to a half, a third, a quarter of a row, until all have room.
        let tries = [1.0, 2.0, 3.0, 4.0].map(|parts| self.place_keys(font, top, parts));
        let fits = |placed: &&Vec<Key>| placed.last().is_none_or(|key| key.row < KEY_ROWS_MAX);
        let placed = tries.iter().find(fits).unwrap_or(&tries[3]);
        for key in placed {
            let (x, y) = key.place;
            draw_sample(scene, key.sample, (x, y - TEXT_SIZE * 0.36));
            let words_at = (x + key.sample.width() + 6.0, y);
            scene.text(&key.words, words_at, TEXT_SIZE, INK, Align::Start);
        }
        let rows = placed.last().map_or(1, |key| key.row + 1);
        top + rows as f64 * (LINE_HEIGHT + 2.0) + 2.0
    }

    /// Where the keys go, those of settings no wider than such a part of a row. What marks mean is never cut.
    fn place_keys(&self, font: &Font, top: f64, parts: f64) -> Vec<Key> {
        let room = WIDTH - 2.0 * MARGIN;
        let settings = self.keys.iter().filter(|(sample, _)| sample.is_setting());
        let settings: Vec<&str> = settings.map(|(_, text)| &text[..]).collect();
        let width = (room + KEY_GAP) / parts - KEY_GAP - 30.0;
        let mut names = words::distinct(&settings, width, TEXT_SIZE, font).into_iter();
        let text = |(sample, text): &(Sample, String)| match sample.is_setting() {
            true => names.next().unwrap_or_default(),
            false => words::shorten(text, room - 30.0, TEXT_SIZE, font),
        };
        let texts: Vec<String> = self.keys.iter().map(text).collect();
        let wide = |(sample, _): &(Sample, String), text: &String| {
            sample.width() + 6.0 + font.width(text, TEXT_SIZE)
        };
        let all = || self.keys.iter().zip(&texts);
        let together: f64 = all().map(|(key, text)| wide(key, text) + KEY_GAP).sum();
        let (mut x, mut row) = (MARGIN, 0);
        let mut placed = Vec::new();
        for (i, (key, text)) in all().enumerate() {
            // Where one row is not enough, what marks mean begins a row of its own below what colours mean.
            let turns =
                i > 0 && together > room && self.keys[i - 1].0.is_setting() && !key.0.is_setting();
            if x > MARGIN && (turns || x + wide(key, text) > WIDTH - MARGIN) {
                (x, row) = (MARGIN, row + 1);
            }
            let y = top + LINE_HEIGHT + 4.0 + row as f64 * (LINE_HEIGHT + 2.0);
            placed.push(Key {
                sample: key.0,
                words: text.clone(),
                place: (x, y),
                row,
            });
            x += wide(key, text) + KEY_GAP;
        }
        placed
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
