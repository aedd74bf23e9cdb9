//! `gossim plot`: the pictures again, from the files in a results directory.

use super::console::{Console, Failure, argument};
use crate::pictures::{self, Format};
use crate::store;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Examples:
  gossim plot results/mine                       the pictures again
  gossim plot results/mine --format svg          as vectors, for a paper")]
pub struct Options {
    /// A results directory
    dir: PathBuf,
    /// Formats, with commas between
    #[arg(long, value_delimiter = ',', default_value = "png", value_enum)]
    format: Vec<FileFormat>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum FileFormat {
    /// 1600 x 1000 pixels
    Png,
    /// Vectors
    Svg,
}

pub fn execute(console: &Console, options: &Options) -> Result<(), Failure> {
    let manifest = store::manifest(&options.dir)?;
    let mut formats = options.format.clone();
    formats.sort();
    formats.dedup();
    let formats: Vec<Format> = (formats.iter())
        .map(|format| match format {
            FileFormat::Png => Format::Png,
            FileFormat::Svg => Format::Svg,
        })
        .collect();
    let series = options.dir.join("series.csv");
    let theory = options.dir.join("theory.csv");
    let tables = pictures::Tables {
        title: &manifest.gossim.scenario,
        summary: &options.dir.join("summary.csv"),
        runs: &options.dir.join("runs.csv"),
        series: manifest.resource("series.csv").map(|_| series.as_path()),
        theory: manifest.resource("theory.csv").map(|_| theory.as_path()),
    };
    let drawing = pictures::draw(&tables, &formats)?;
    for line in drawing.omitted {
        console.note(format!("note: {line}"));
    }
    let pictures = drawing.pictures;
    let name = |p: &pictures::Picture| format!("{}.{}", p.name, p.format.extension());
    let names: Vec<String> = pictures.iter().map(name).collect();
    let dir = options.dir.display();
    if names.is_empty() {
        return console.say(format!("{dir}: these tables have nothing to draw"));
    }
    let files = pictures.into_iter().map(|p| (name(&p), p.bytes)).collect();
    store::add_files(&options.dir, files)?;
    console.say(format!("drew {dir}: {}", names.join(", ")))?;
    console.next(format!("verify {}", argument(&options.dir)))
}
