//! The pictures of a results directory: its tables in, PNG and SVG bytes out.
//!
//! Invariant: knows nothing of runs, scenarios or theory: whatever is drawn stands in the CSV files, so that
//! the same files give the same bytes again, on every machine.
//!
//! From the tables to the bytes, a file per step:
//!
//! - `summary`, `series`, `theory` and `endings` make cells and curves of the tables' rows;
//! - `facets` decides which settings become panels, colours and the x axis, and says what is left out;
//! - `convergence`, `contact`, `rounds`, `residue` and `all_informed` each turn cells into a `figure`: panels, marks,
//!   keys, words; or say why it would show too little; `cost` turns a table of its own into one;
//! - `figure` lays these out on 800 x 500 units, with `scale` (axes, ticks), `words` (labels), `font` (widths);
//! - `scene` is the list of shapes that comes out, which `bitmap` and `svg` draw.

mod all_informed;
mod bitmap;
mod contact;
mod convergence;
mod cost;
mod endings;
mod facets;
mod figure;
mod font;
mod palette;
mod residue;
mod rounds;
mod scale;
mod scene;
mod series;
mod summary;
mod svg;
#[cfg(test)]
mod tests;
mod theory;
mod words;

use std::ops::RangeInclusive;
use std::path::Path;

use crate::tables::FileError;
use figure::Figure;
use summary::Summary;

/// The pictures of results, in the order in which they are drawn.
pub const PICTURES: &[PictureKind] = &[
    convergence::PICTURE,
    contact::PICTURE,
    rounds::PICTURE,
    residue::PICTURE,
    all_informed::PICTURE,
];

/// One kind of picture: all that others need to know of it.
pub struct PictureKind {
    /// The file's name without its end.
    pub name: &'static str,
    /// What it shows, in one line.
    pub about: &'static str,
    /// What the tables must have, in one line.
    pub needs: &'static str,
    /// What it reads of `summary.csv`.
    metrics: &'static [Metric],
    /// How it is drawn.
    outcome: fn(&Tables, &Summary) -> Result<Outcome, FileError>,
}

/// What becomes of a kind of picture.
enum Outcome {
    /// It is drawn.
    Drawn(Box<Figure>),
    /// The tables have something for it, but too little, or another question: why.
    Omitted(String),
    /// The tables have nothing for it.
    Nothing,
}

impl Outcome {
    /// Drawn, unless there is a reason against it.
    fn unless(reason: Option<String>, figure: impl FnOnce() -> Figure) -> Outcome {
        match reason {
            Some(reason) => Outcome::Omitted(reason),
            None => Outcome::Drawn(Box::new(figure())),
        }
    }
}

impl PictureKind {
    /// The values that a metric can have; none if the picture does not read it.
    fn range(&self, metric: &str) -> Option<RangeInclusive<f64>> {
        let is = |read: &&Metric| match read.name.strip_suffix('*') {
            Some(beginning) => metric.starts_with(beginning),
            None => read.name == metric,
        };
        let read = self.metrics.iter().find(is)?;
        Some(0.0..=read.most)
    }
}

/// A metric of `summary.csv`.
struct Metric {
    /// Its name; where that ends in `*`, all that begin so.
    name: &'static str,
    /// The largest value that it can have; the least is 0.
    most: f64,
}

impl Metric {
    /// From 0 to 1.
    const fn share(name: &'static str) -> Metric {
        Metric { name, most: 1.0 }
    }

    /// From 0.
    const fn count(name: &'static str) -> Metric {
        let most = f64::INFINITY;
        Metric { name, most }
    }
}

/// The tables of a results directory that pictures are drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    /// The scenario's name, for the subtitle.
    pub title: &'a str,
    /// `summary.csv`: a row per cell and metric.
    pub summary: &'a Path,
    /// `runs.csv`: a row per run.
    pub runs: &'a Path,
    /// `series.csv`, where it was written: a row per run and point in time.
    pub series: Option<&'a Path>,
    /// `theory.csv`, where it was written: a row per cell and point in time.
    pub theory: Option<&'a Path>,
}

/// A kind of picture file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    /// 1600 x 1000 pixels.
    Png,
    /// 800 x 500 units.
    Svg,
}

impl Format {
    /// The end of a file's name: `png` or `svg`.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Png => "png",
            Format::Svg => "svg",
        }
    }
}

/// A picture, as the bytes of its file.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The file's name without its end: that of one of [`PICTURES`], or `cost`.
    pub name: &'static str,
    /// What the bytes are.
    pub format: Format,
    /// The file's content.
    pub bytes: Vec<u8>,
}

/// What came of drawing.
#[derive(Clone, Debug, Default)]
pub struct Drawing {
    /// In a fixed order, each in the formats asked for.
    pub pictures: Vec<Picture>,
    /// What was not drawn though the tables have something for it, and why: a line each.
    pub omitted: Vec<String>,
}

/// Draws the pictures of the questions that the tables answer. A table in which nothing varies gives no picture,
/// which is no error; a picture that would show less than half of the cells that it is about is not drawn.
pub fn draw(tables: &Tables, formats: &[Format]) -> Result<Drawing, FileError> {
    let mut drawing = Drawing::default();
    for (name, outcome) in outcomes(tables)? {
        match outcome {
            Outcome::Drawn(figure) => {
                let drawn = formats.iter().map(|&format| picture(name, &figure, format));
                drawing.pictures.extend(drawn);
            }
            Outcome::Omitted(why) => drawing.omitted.push(format!("no picture `{name}`: {why}")),
            Outcome::Nothing => {}
        }
    }
    Ok(drawing)
}

/// Draws what an event costs over the number of nodes: a panel per protocol, a colour per fanout. The table is
/// `docs/cost.csv` of the source, or one with its columns.
pub fn cost(table: &Path, format: Format) -> Result<Picture, FileError> {
    let figure = cost::figure(table)?;
    Ok(picture("cost", &figure, format))
}

/// A figure as the bytes of a file.
fn picture(name: &'static str, figure: &Figure, format: Format) -> Picture {
    let scene = figure.lay_out();
    let bytes = match format {
        Format::Png => bitmap::png(&scene),
        Format::Svg => svg::document(&scene, &figure.title).into_bytes(),
    };
    Picture {
        name,
        format,
        bytes,
    }
}

/// What becomes of each kind of picture, by name.
fn outcomes(tables: &Tables) -> Result<Vec<(&'static str, Outcome)>, FileError> {
    let summary = Summary::read(tables.summary)?;
    let outcome = |kind: &PictureKind| Ok((kind.name, (kind.outcome)(tables, &summary)?));
    PICTURES.iter().map(outcome).collect()
}
