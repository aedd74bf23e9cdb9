//! DejaVu Sans, carried in bytes: how wide a text is, and its letters as coverage of pixels.

use ab_glyph::{Font as _, FontRef, Glyph, PxScale, ScaleFont as _, point};

use super::scene::{Align, Text};

/// The font.
pub struct Font(FontRef<'static>);

impl Font {
    /// Reads the bytes that the program carries.
    pub fn new() -> Self {
        let bytes = dejavu::sans::regular();
        Font(FontRef::try_from_slice(bytes).expect("the font that the program carries is a font"))
    }

    /// Whether the font can draw the character.
    pub fn has(&self, c: char) -> bool {
        self.0.glyph_id(c).0 != 0
    }

    /// The width of a text at a font size.
    pub fn width(&self, words: &str, size: f64) -> f64 {
        f64::from(self.place(words, size, |_| {}))
    }

    /// Calls `paint` with each pixel that the text touches and the share of it that is covered, on a sheet
    /// enlarged by `scale`.
    pub fn draw(&self, text: &Text, scale: f64, mut paint: impl FnMut((i32, i32), f64)) {
        let size = text.size * scale;
        let width = self.width(&text.words, size);
        let start = match text.align {
            Align::Start => 0.0,
            Align::Middle => -width / 2.0,
            Align::End => -width,
        };
        let (x, y) = (text.place.0 * scale, text.place.1 * scale);
        // An upward text is drawn level, around its place, and each pixel turned.
        let (left, top) = if text.upward {
            (start, 0.0)
        } else {
            (x + start, y)
        };
        let (turn_x, turn_y) = (x.round() as i32, y.round() as i32);
        self.place(&text.words, size, |mut glyph| {
            glyph.position = point(glyph.position.x + left as f32, top as f32);
            let Some(outline) = self.0.outline_glyph(glyph) else {
                return;
            };
            let corner = outline.px_bounds().min;
            outline.draw(|dx, dy, covered| {
                let (px, py) = (corner.x as i32 + dx as i32, corner.y as i32 + dy as i32);
                let pixel = if text.upward {
                    (turn_x + py, turn_y - px - 1)
                } else {
                    (px, py)
                };
                paint(pixel, f64::from(covered.clamp(0.0, 1.0)));
            });
        });
    }

    /// Gives each glyph at its distance from the text's beginning; returns the text's width.
    fn place(&self, words: &str, size: f64, mut give: impl FnMut(Glyph)) -> f32 {
        let em = self.0.units_per_em().unwrap_or(2048.0);
        let scale = PxScale::from(size as f32 * self.0.height_unscaled() / em);
        let font = self.0.as_scaled(scale);
        let (mut at, mut last) = (0.0, None);
        for c in words.chars() {
            let id = font.glyph_id(c);
            at += last.map_or(0.0, |last| font.kern(last, id));
            give(id.with_scale_and_position(scale, point(at, 0.0)));
            at += font.h_advance(id);
            last = Some(id);
        }
        at
    }
}
