//! A scene as a PNG of 1600 x 1000 pixels.
//!
//! plotters draws on whole pixels, without smoothing. So the sheet is drawn four times as large, and each block
//! of 4 x 4 pixels is averaged, in integers. That is done strip by strip: the large sheet would take 77 MB.

use plotters::backend::{BitMapBackend, DrawingBackend};
use plotters::style::{Color as _, RGBAColor, ShapeStyle};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingErrorKind, rasterizer};

use super::font::Font;
use super::palette::Color;
use super::scene::{HEIGHT, Place, Scene, Shape, WIDTH};

/// Pixels of the PNG per unit of the sheet.
const PIXELS_PER_UNIT: usize = 2;
/// Drawn pixels per pixel of the PNG, along each side.
const OVERSAMPLING: usize = 4;
/// Drawn pixels per unit.
const SCALE: f64 = (PIXELS_PER_UNIT * OVERSAMPLING) as f64;

/// Red, green, blue.
const CHANNELS: usize = 3;

/// Lines of the PNG that are drawn at once, in 8 MB.
const STRIP_LINES: usize = 100;

/// The scene as a PNG file.
pub fn png(scene: &Scene) -> Vec<u8> {
    let (width, height) = size();
    encode(&pixels(scene, STRIP_LINES), width as u32, height as u32)
}

/// Width and height of the PNG in pixels.
fn size() -> (usize, usize) {
    let pixels = |units: f64| units as usize * PIXELS_PER_UNIT;
    (pixels(WIDTH), pixels(HEIGHT))
}

/// The PNG's pixels, drawn in strips of so many lines.
fn pixels(scene: &Scene, strip_lines: usize) -> Vec<u8> {
    let (width, height) = size();
    let font = Font::new();
    let mut small = Vec::with_capacity(width * height * CHANNELS);
    let mut large = vec![255; width * strip_lines * OVERSAMPLING * OVERSAMPLING * CHANNELS];
    for first in (0..height).step_by(strip_lines) {
        large.fill(255);
        let mut strip = Strip::new(&mut large, first, strip_lines);
        for shape in &scene.shapes {
            if strip.meets(shape) {
                draw(&mut strip, shape, &font);
            }
        }
        drop(strip);
        let lines = strip_lines.min(height - first);
        average(&large, width, lines, &mut small);
    }
    small
}

/// Some lines of the large sheet. A shape is drawn as on the whole of it, and what is elsewhere is dropped: were it
/// moved or cut before, roundings would be others.
struct Strip<'a> {
    pixels: BitMapBackend<'a>,
    /// The sheet's line that is the strip's first.
    top: i32,
    bottom: i32,
}

impl<'a> Strip<'a> {
    /// So many lines of the PNG from a first one, in a buffer that has room for them.
    fn new(large: &'a mut [u8], first: usize, lines: usize) -> Strip<'a> {
        let wide = size().0 * OVERSAMPLING;
        let high = lines * OVERSAMPLING;
        let top = (first * OVERSAMPLING) as i32;
        Strip {
            pixels: BitMapBackend::with_buffer(large, (wide as u32, high as u32)),
            top,
            bottom: top + high as i32,
        }
    }

    /// Whether a shape may have pixels here.
    fn meets(&self, shape: &Shape) -> bool {
        let (least, most) = match shape {
            Shape::Line { places, width, .. } => extent(places, *width),
            Shape::Area { places, .. } => extent(places, 0.0),
            Shape::Dot { center, radius, .. } => extent(&[*center], *radius),
            Shape::Text(text) if text.upward => (0.0, HEIGHT),
            Shape::Text(text) => extent(&[text.place], 2.0 * text.size),
        };
        // Two units more than enough: shapes are drawn to the nearest pixel, and a little softer than they are.
        (most + 2.0) * SCALE >= f64::from(self.top)
            && (least - 2.0) * SCALE < f64::from(self.bottom)
    }

    fn here(&self, (x, y): BackendCoord) -> BackendCoord {
        (x, y - self.top)
    }
}

/// The least and the greatest height of places, with a margin.
fn extent(places: &[Place], margin: f64) -> (f64, f64) {
    let heights = || places.iter().map(|place| place.1);
    (
        heights().fold(f64::INFINITY, f64::min) - margin,
        heights().fold(f64::NEG_INFINITY, f64::max) + margin,
    )
}

/// What became of drawing.
type Drawn = Result<(), DrawingErrorKind<<BitMapBackend<'static> as DrawingBackend>::ErrorType>>;

impl DrawingBackend for Strip<'_> {
    type ErrorType = <BitMapBackend<'static> as DrawingBackend>::ErrorType;

    /// That of the whole sheet.
    fn get_size(&self) -> (u32, u32) {
        let (width, height) = size();
        (
            (width * OVERSAMPLING) as u32,
            (height * OVERSAMPLING) as u32,
        )
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Drawn {
        self.pixels.draw_pixel(self.here(at), color)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        // What plotters draws fast has nothing that rounds.
        let is_straight = from.0 == to.0 || from.1 == to.1;
        match is_straight && style.stroke_width() == 1 {
            true => self.pixels.draw_line(self.here(from), self.here(to), style),
            false => rasterizer::draw_line(self, from, to, style),
        }
    }
}

/// Draws one shape. Drawing into memory has no way to fail.
fn draw(sheet: &mut Strip, shape: &Shape, font: &Font) {
    let fine = "memory takes every shape";
    match shape {
        Shape::Line {
            places,
            width,
            color,
        } => stroke(sheet, places, *width, *color),
        Shape::Area { places, color } => {
            let places: Vec<_> = places.iter().map(|&p| pixel(p)).collect();
            sheet.fill_polygon(places, &ink(*color)).expect(fine);
        }
        Shape::Dot {
            center,
            radius,
            color,
        } => {
            let radius = (radius * SCALE).round() as u32;
            sheet
                .draw_circle(pixel(*center), radius, &ink(*color), true)
                .expect(fine);
        }
        Shape::Text(text) => font.draw(text, SCALE, |at, covered| {
            let color = ink(text.color).mix(covered).to_backend_color();
            sheet.draw_pixel(at, color).expect(fine);
        }),
    }
}

/// Draws a line piece by piece, its bends rounded by circles: plotters' own way of widening a whole path tears
/// where a path bends sharply.
fn stroke(sheet: &mut Strip, places: &[Place], width: f64, color: Color) {
    let fine = "memory takes every line";
    let pixels = (width * SCALE).round().max(1.0) as u32;
    let style = ShapeStyle {
        color: ink(color),
        filled: true,
        stroke_width: pixels,
    };
    for pair in places.windows(2) {
        sheet
            .draw_line(pixel(pair[0]), pixel(pair[1]), &style)
            .expect(fine);
    }
    for &bend in places.iter().skip(1).take(places.len().saturating_sub(2)) {
        sheet
            .draw_circle(pixel(bend), pixels / 2, &ink(color), true)
            .expect(fine);
    }
}

/// The drawn pixel nearest to a place.
fn pixel((x, y): Place) -> (i32, i32) {
    ((x * SCALE).round() as i32, (y * SCALE).round() as i32)
}

/// A colour in plotters' words.
fn ink(color: Color) -> RGBAColor {
    let (red, green, blue) = color.rgb;
    RGBAColor(red, green, blue, color.alpha)
}

/// Appends the averages of blocks of pixels, as so many lines.
fn average(large: &[u8], width: usize, lines: usize, small: &mut Vec<u8>) {
    let block = (OVERSAMPLING * OVERSAMPLING) as u32;
    let line = width * OVERSAMPLING * CHANNELS;
    let mut sums = vec![0_u32; width * CHANNELS];
    for rows in large.chunks_exact(line * OVERSAMPLING).take(lines) {
        sums.fill(0);
        for row in rows.chunks_exact(line) {
            for (sum, pixels) in sums
                .chunks_exact_mut(CHANNELS)
                .zip(row.chunks_exact(OVERSAMPLING * CHANNELS))
            {
                for pixel in pixels.chunks_exact(CHANNELS) {
                    sum.iter_mut()
                        .zip(pixel)
                        .for_each(|(sum, &value)| *sum += u32::from(value));
                }
            }
        }
        small.extend(sums.iter().map(|&sum| ((sum + block / 2) / block) as u8));
    }
}

/// Pixels as a PNG file without time or other remarks.
fn encode(pixels: &[u8], width: u32, height: u32) -> Vec<u8> {
    let fine = "memory takes every byte";
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().expect(fine);
    writer.write_image_data(pixels).expect(fine);
    writer.finish().expect(fine);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::palette::{GREY, INK};
    use crate::pictures::scene::Align;

    /// Lines that are steep, level, thin and wide, an area that lets through, dots and texts, across all of the sheet.
    fn scene() -> Scene {
        let mut scene = Scene::default();
        scene.area(
            vec![(10.0, 20.0), (790.0, 480.0), (30.0, 333.3)],
            GREY.with_alpha(0.2),
        );
        for i in 0..40_u8 {
            let at = f64::from(i);
            scene.line(
                vec![(20.0 * at, 0.0), (400.0, 7.3 * at), (795.0, 12.4 * at)],
                0.3 + 0.1 * at,
                INK,
            );
            scene.line(vec![(0.0, 12.5 * at), (800.0, 12.5 * at)], 0.7, GREY);
            scene.dot((17.7 * at, 12.31 * at), 0.4 * at, GREY.with_alpha(0.5));
            scene.text(
                "Straße 10⁻⁴",
                (19.0 * at, 12.43 * at),
                5.0 + at,
                INK,
                Align::Middle,
            );
        }
        scene.upward(
            "upward, over more than one strip",
            (780.0, 250.0),
            30.0,
            INK,
        );
        scene
    }

    #[test]
    fn strips_give_the_pixels_of_the_whole_sheet() {
        let scene = scene();
        let whole = pixels(&scene, size().1);
        assert!(whole.iter().any(|&value| value < 100), "something is drawn");
        for lines in [STRIP_LINES, 37] {
            assert!(pixels(&scene, lines) == whole, "strips of {lines} lines");
        }
    }

    #[test]
    fn a_picture_is_drawn_in_less_than_32_mb() {
        let scene = scene();
        let used = allocation_counter::measure(|| assert!(!png(&scene).is_empty()));
        assert!(used.bytes_max < 32 << 20, "{} bytes", used.bytes_max);
    }
}
