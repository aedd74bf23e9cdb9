//! A figure: panels of marks with shared axes, keys and words; what it is, apart from where it is drawn.

mod layout;
mod paint;

use super::palette::Color;
use super::scale::PlotAxis;

/// The radius of a point that stands alone.
pub const POINT_RADIUS: f64 = 2.9;

/// The radius of point `index` of `count` that may lie on one another, the first on top.
pub fn nested_radius(index: usize, count: usize) -> f64 {
    if count < 2 {
        return POINT_RADIUS;
    }
    let step = (1.0 / count as f64).min(0.25);
    POINT_RADIUS * (1.02 + index as f64 * step)
}

/// What is said of points of different sizes, where there are some.
pub fn nested_key(colors: usize, color: Color) -> Option<(Sample, String)> {
    let words = "a dot's size only keeps one from hiding another";
    (colors > 1).then(|| (Sample::Nested(color), words.to_owned()))
}

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
    /// What lies between two lines over the same x; with its edges, where several overlap.
    Band {
        edged: bool,
        points: Vec<(f64, f64, f64)>,
        color: Color,
    },
    /// A measurement: x, y and its interval in y.
    Point {
        at: (f64, f64),
        interval: Option<(f64, f64)>,
        radius: f64,
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
    /// A point on a larger one.
    Nested(Color),
    /// A square: what all marks of this colour have in common.
    Patch(Color),
}

impl Sample {
    /// How wide it is drawn.
    fn width(self) -> f64 {
        match self {
            Sample::Point(_) | Sample::Nested(_) => 7.0,
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
    pub x: PlotAxis,
    /// Up.
    pub y: PlotAxis,
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
