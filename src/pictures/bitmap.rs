//! A scene as a PNG of 1600 x 1000 pixels.
//!
//! plotters draws on whole pixels, without smoothing. So the sheet is drawn four times as large, and each block
//! of 4 x 4 pixels is averaged, in integers.

use plotters::backend::{BitMapBackend, DrawingBackend};
use plotters::style::{Color as _, RGBAColor, ShapeStyle};

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

/// The scene as a PNG file.
pub fn png(scene: &Scene) -> Vec<u8> {
    let (width, height) = (
        WIDTH as usize * PIXELS_PER_UNIT,
        HEIGHT as usize * PIXELS_PER_UNIT,
    );
    let (wide, high) = (width * OVERSAMPLING, height * OVERSAMPLING);
    let mut large = vec![255; wide * high * CHANNELS];
    let mut sheet = BitMapBackend::with_buffer(&mut large, (wide as u32, high as u32));
    let font = Font::new();
    for shape in &scene.shapes {
        draw(&mut sheet, shape, &font);
    }
    drop(sheet);
    encode(&average(&large, width, height), width as u32, height as u32)
}

/// Draws one shape. Drawing into memory has no way to fail.
fn draw(sheet: &mut BitMapBackend, shape: &Shape, font: &Font) {
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
fn stroke(sheet: &mut BitMapBackend, places: &[Place], width: f64, color: Color) {
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

/// The averages of blocks of pixels.
fn average(large: &[u8], width: usize, height: usize) -> Vec<u8> {
    let block = (OVERSAMPLING * OVERSAMPLING) as u32;
    let line = width * OVERSAMPLING * CHANNELS;
    let mut small = Vec::with_capacity(width * height * CHANNELS);
    let mut sums = vec![0_u32; width * CHANNELS];
    for lines in large.chunks_exact(line * OVERSAMPLING) {
        sums.fill(0);
        for row in lines.chunks_exact(line) {
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
    small
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
