//! The shapes of a picture, on a sheet of 800 x 500 units.

use super::palette::Color;

/// The sheet's width.
pub const WIDTH: f64 = 800.0;
/// The sheet's height.
pub const HEIGHT: f64 = 500.0;

/// A place on the sheet: right, down.
pub type Place = (f64, f64);

/// Which part of a text stands at its place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Align {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// A shape. Later shapes cover earlier ones.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A line through places, of a solid colour.
    Line {
        places: Vec<Place>,
        width: f64,
        color: Color,
    },
    /// A filled polygon.
    Area { places: Vec<Place>, color: Color },
    /// A filled circle.
    Dot {
        center: Place,
        radius: f64,
        color: Color,
    },
    /// A line of text, its baseline at a place.
    Text(Text),
}

/// A line of text.
#[derive(Clone, Debug)]
pub struct Text {
    /// The words.
    pub words: String,
    /// Where the baseline is.
    pub place: Place,
    /// The font's size: the em.
    pub size: f64,
    /// Of the letters.
    pub color: Color,
    /// What stands at `place`.
    pub align: Align,
    /// Read from below to above.
    pub upward: bool,
}

/// The shapes of a picture.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// In the order in which they are drawn.
    pub shapes: Vec<Shape>,
}

impl Scene {
    /// Adds a line.
    pub fn line(&mut self, places: Vec<Place>, width: f64, color: Color) {
        if places.len() >= 2 {
            self.shapes.push(Shape::Line {
                places,
                width,
                color,
            });
        }
    }

    /// Adds a line of dashes, `on` units long and `off` units apart.
    pub fn dashes(&mut self, places: &[Place], width: f64, color: Color, (on, off): (f64, f64)) {
        let mut dash = Vec::new();
        let (mut drawing, mut left) = (true, on);
        for pair in places.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let length = ((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0)).sqrt();
            let mut done = 0.0;
            if dash.is_empty() && drawing {
                dash.push(pair[0]);
            }
            while length - done > left {
                done += left;
                let place = (
                    x0 + (x1 - x0) * done / length,
                    y0 + (y1 - y0) * done / length,
                );
                if drawing {
                    dash.push(place);
                    self.line(std::mem::take(&mut dash), width, color);
                } else {
                    dash.push(place);
                }
                drawing = !drawing;
                left = if drawing { on } else { off };
            }
            left -= length - done;
            if drawing {
                dash.push(pair[1]);
            }
        }
        self.line(dash, width, color);
    }

    /// Adds a filled polygon.
    pub fn area(&mut self, places: Vec<Place>, color: Color) {
        if places.len() >= 3 {
            self.shapes.push(Shape::Area { places, color });
        }
    }

    /// Adds a filled circle.
    pub fn dot(&mut self, center: Place, radius: f64, color: Color) {
        self.shapes.push(Shape::Dot {
            center,
            radius,
            color,
        });
    }

    /// Adds a level line of text.
    pub fn text(&mut self, words: &str, place: Place, size: f64, color: Color, align: Align) {
        self.write(words, place, size, color, align, false);
    }

    /// Adds a line of text that is read upward.
    pub fn upward(&mut self, words: &str, place: Place, size: f64, color: Color) {
        self.write(words, place, size, color, Align::Middle, true);
    }

    fn write(
        &mut self,
        words: &str,
        place: Place,
        size: f64,
        color: Color,
        align: Align,
        upward: bool,
    ) {
        if !words.is_empty() {
            let words = words.to_owned();
            self.shapes.push(Shape::Text(Text {
                words,
                place,
                size,
                color,
                align,
                upward,
            }));
        }
    }
}

/// The parts of a line through `places` that lie within the rectangle from `least` to `most`.
pub fn clip(places: &[Place], least: Place, most: Place) -> Vec<Vec<Place>> {
    let mut parts: Vec<Vec<Place>> = Vec::new();
    for pair in places.windows(2) {
        let Some((from, to)) = clip_segment(pair[0], pair[1], least, most) else {
            continue;
        };
        match parts.last_mut() {
            Some(part) if part.last() == Some(&from) => part.push(to),
            _ => parts.push(vec![from, to]),
        }
    }
    parts
}

/// Liang and Barsky's clipping of one segment.
fn clip_segment(from: Place, to: Place, least: Place, most: Place) -> Option<(Place, Place)> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let sides = [
        (-dx, from.0 - least.0),
        (dx, most.0 - from.0),
        (-dy, from.1 - least.1),
        (dy, most.1 - from.1),
    ];
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (speed, room) in sides {
        if speed == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if speed < 0.0 {
            enter = enter.max(room / speed);
        } else {
            leave = leave.min(room / speed);
        }
    }
    let at = |t: f64| {
        if t == 0.0 {
            from
        } else if t == 1.0 {
            to
        } else {
            (from.0 + dx * t, from.1 + dy * t)
        }
    };
    (enter <= leave).then(|| (at(enter), at(leave)))
}
