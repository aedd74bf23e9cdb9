//! Pictures of small tables that are made here.

mod bad;
mod cost;
mod golden;
mod honesty;
mod labels;
mod random;
mod residue;
mod shapes;
mod theory;

use std::path::PathBuf;

use super::{Figure, Format, Outcome, Picture, Tables, draw, outcomes};
use crate::tables::FileError;

/// The header of `summary.csv`, with further axes after `fanout`.
fn summary_header(axes: &str) -> String {
    format!(
        "cell,case,protocol,nodes,fanout{axes},metric,count,missing,mean,sd,se,ci95_low,ci95_high,min,p50,p99,max,\
         theory,theory_sd,theory_limit,model,z\n"
    )
}

const RUNS_HEADER: &str = "cell,replicate,stopped_by\n";
const SERIES_HEADER: &str =
    "cell,replicate,time_s,round,informed,informed_fraction,messages_sent\n";

/// A row of `summary.csv`: settings and metric, then the numbers a picture reads.
fn summary_row(settings: &str, metric: &str, numbers: [&str; 5]) -> String {
    let [mean, low, high, theory, limit] = numbers;
    format!("{settings},{metric},20,0,{mean},,,{low},{high},,,,,{theory},,{limit},,\n")
}

/// Files in a directory of their own, which goes when this does.
struct Files {
    directory: tempfile::TempDir,
    has_series: bool,
    has_theory: bool,
}

impl Files {
    fn new(summary: &str, series: Option<&str>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("summary.csv"), summary).unwrap();
        std::fs::write(directory.path().join("runs.csv"), RUNS_HEADER).unwrap();
        if let Some(series) = series {
            std::fs::write(directory.path().join("series.csv"), series).unwrap();
        }
        Files {
            directory,
            has_series: series.is_some(),
            has_theory: false,
        }
    }

    fn and_runs(self, runs: &str) -> Self {
        std::fs::write(self.directory.path().join("runs.csv"), runs).unwrap();
        self
    }

    fn and_theory(mut self, theory: &str) -> Self {
        std::fs::write(self.directory.path().join("theory.csv"), theory).unwrap();
        self.has_theory = true;
        self
    }

    fn with<T>(&self, title: &str, act: impl Fn(&Tables) -> T) -> T {
        let summary: PathBuf = self.directory.path().join("summary.csv");
        let runs: PathBuf = self.directory.path().join("runs.csv");
        let series: PathBuf = self.directory.path().join("series.csv");
        let series = self.has_series.then_some(series.as_path());
        let theory: PathBuf = self.directory.path().join("theory.csv");
        act(&Tables {
            title,
            summary: &summary,
            runs: &runs,
            series,
            theory: self.has_theory.then_some(theory.as_path()),
        })
    }

    fn draw(&self, formats: &[Format]) -> Result<Vec<Picture>, FileError> {
        let drawing = self.with("test", |tables| draw(tables, formats))?;
        Ok(drawing.pictures)
    }

    /// Why pictures are not drawn.
    fn omitted(&self) -> Vec<String> {
        let drawing = self.with("test", |tables| draw(tables, &[]).unwrap());
        drawing.omitted
    }

    fn figures(&self) -> Vec<(&'static str, Figure)> {
        let outcomes = self.with("test", |tables| outcomes(tables).unwrap());
        let drawn = |(name, outcome)| match outcome {
            Outcome::Drawn(figure) => Some((name, *figure)),
            Outcome::Omitted(_) | Outcome::Nothing => None,
        };
        outcomes.into_iter().filter_map(drawn).collect()
    }

    fn names(&self) -> Vec<&'static str> {
        self.draw(&[Format::Svg])
            .unwrap()
            .into_iter()
            .map(|picture| picture.name)
            .collect()
    }
}

/// A sweep with all pictures of a rumor that reaches everybody: push over two sizes and two fanouts.
fn full() -> Files {
    let mut summary = summary_header("");
    let mut series = SERIES_HEADER.to_owned();
    for (cell, (nodes, fanout)) in [(10, 1), (10, 2), (100, 1), (100, 2)]
        .into_iter()
        .enumerate()
    {
        let settings = format!("{cell},,push,{nodes},{fanout}");
        let contact = if fanout == 1 {
            ["0.64", "0.63", "0.65", "0.642", "0.632121"]
        } else {
            ["0.88", "0.86", "0.9", "0.87", "0.864665"]
        };
        let rounds = if nodes == 10 {
            ["6.5", "6.1", "6.9", "6.6", "5.6"]
        } else {
            ["12.6", "11.9", "13.3", "12.5", "11.2"]
        };
        summary += &summary_row(&settings, "informed", ["10", "", "", "", ""]);
        summary += &summary_row(&settings, "contact_probability", contact);
        summary += &summary_row(&settings, "rounds_to_all", rounds);
        summary += &summary_row(&settings, "rounds_to_majority", ["3.5", "3", "4", "", ""]);
        for replicate in 0..3 {
            for round in 0..8 {
                let informed = (1 << (round * fanout + replicate % 2)).min(nodes);
                let fraction = f64::from(informed) / f64::from(nodes);
                series += &format!(
                    "{cell},{replicate},{},{round},{informed},{fraction},0\n",
                    f64::from(round) / 2.0
                );
            }
        }
    }
    Files::new(&summary, Some(&series))
}

/// A sweep of a rumor that dies: two rules over three values of k. The last cell of the first rule informs all,
/// that of the second rule has no theory and an interval that reaches 0.
fn dying() -> Files {
    let mut summary = summary_header(",protocol.k");
    let mut runs = RUNS_HEADER.to_owned();
    let numbers = [
        ["0.2", "0.19", "0.21", "0.203", "0.204"],
        ["0.06", "0.055", "0.065", "0.0594", "0.0595"],
        ["0", "0", "0", "0.0198", "0.0198"],
        ["0.19", "0.18", "0.2", "0.203", "0.204"],
        ["0.05", "0.045", "0.055", "0.0594", "0.0595"],
        ["0.004", "-0.001", "0.009", "", ""],
    ];
    for (cell, numbers) in numbers.into_iter().enumerate() {
        let rule = ["coin", "counter"][cell / 3];
        let settings = format!("{cell},{rule},rumor-mongering,1000,1,{}", cell % 3 + 1);
        summary += &summary_row(&settings, "residue", numbers);
        runs += &format!("{cell},0,quiescent\n{cell},1,quiescent\n");
    }
    Files::new(&summary, None).and_runs(&runs)
}
