//! A scene as an SVG document of 800 x 500 units.
//!
//! plotters writes whole numbers only. So the sheet is drawn ten times as large inside, and the document's first
//! line says how large it is outside.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, ShapeStyle};

use super::palette::Color;
use super::scene::{Align, HEIGHT, Place, Scene, Shape, Text, WIDTH};

/// Inner units per unit of the sheet.
const SCALE: f64 = 10.0;
/// The fonts a reader may have, the first of which the layout is made for.
const FONTS: &str = "DejaVu Sans, Bitstream Vera Sans, Verdana, sans-serif";
/// plotters divides font sizes by this number.
const SIZE_FACTOR: f64 = 1.24;
/// How far below its place, in ems, plotters puts the baseline of a text that hangs from its place.
const HANG_EMS: f64 = 0.76;

/// The scene as an SVG document with a title for those who can't see it.
pub fn document(scene: &Scene, title: &str) -> String {
    let size = ((WIDTH * SCALE) as u32, (HEIGHT * SCALE) as u32);
    let mut body = String::new();
    let mut turns = Vec::new();
    let mut sheet = SVGBackend::with_string(&mut body, size);
    for shape in &scene.shapes {
        draw(&mut sheet, shape, &mut turns);
    }
    sheet.present().expect("memory takes every shape");
    drop(sheet);
    for (x, y) in turns {
        // A quarter turn as a matrix of whole numbers: viewers then don't compute a cosine.
        let matrix = format!("transform=\"matrix(0 -1 1 0 {} {})\"", x - y, x + y);
        body = body.replace(&format!("transform=\"rotate(270, {x}, {y})\""), &matrix);
    }
    let shapes = body.split_once('\n').map_or("", |(_, shapes)| shapes);
    let (width, height) = size;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" stroke-linejoin=\"round\">\n<title>{title}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#FFFFFF\"/>\n{shapes}"
    )
}

/// Draws one shape and notes where a text was turned. Drawing into memory has no way to fail.
fn draw(sheet: &mut SVGBackend, shape: &Shape, turns: &mut Vec<(i32, i32)>) {
    let fine = "memory takes every shape";
    match shape {
        Shape::Line {
            places,
            width,
            color,
        } => {
            let width = (width * SCALE).round().max(1.0) as u32;
            sheet
                .draw_path(places.iter().map(|&p| inner(p)), &style(*color, width))
                .expect(fine);
        }
        Shape::Area { places, color } => {
            sheet
                .fill_polygon(places.iter().map(|&p| inner(p)), &style(*color, 1))
                .expect(fine);
        }
        Shape::Dot {
            center,
            radius,
            color,
        } => {
            let radius = (radius * SCALE).round() as u32;
            sheet
                .draw_circle(inner(*center), radius, &style(*color, 1), true)
                .expect(fine);
        }
        Shape::Text(text) => write(sheet, text, turns),
    }
}

/// Writes a text; plotters escapes its characters.
fn write(sheet: &mut SVGBackend, text: &Text, turns: &mut Vec<(i32, i32)>) {
    let (x, y) = text.place;
    let hang = HANG_EMS * text.size;
    let place = inner(if text.upward {
        (x - hang, y)
    } else {
        (x, y - hang)
    });
    let mut transform = FontTransform::None;
    if text.upward {
        transform = FontTransform::Rotate270;
        turns.push(place);
    }
    let size = (text.size * SCALE).round() * SIZE_FACTOR;
    let font = FontDesc::new(FontFamily::Name(FONTS), size, FontStyle::Normal).transform(transform);
    let side = match text.align {
        Align::Start => HPos::Left,
        Align::Middle => HPos::Center,
        Align::End => HPos::Right,
    };
    let mut style = font.color(&ink(text.color));
    style.pos = Pos::new(side, VPos::Top);
    sheet
        .draw_text(&text.words, &style, place)
        .expect("memory takes every text");
}

/// A place in inner units.
fn inner((x, y): Place) -> (i32, i32) {
    ((x * SCALE).round() as i32, (y * SCALE).round() as i32)
}

/// A colour in plotters' words.
fn ink(color: Color) -> RGBAColor {
    let (red, green, blue) = color.rgb;
    RGBAColor(red, green, blue, color.alpha)
}

/// A colour and a line's width in plotters' words.
fn style(color: Color, stroke_width: u32) -> ShapeStyle {
    ShapeStyle {
        color: ink(color),
        filled: true,
        stroke_width,
    }
}
