//! Writing the results of `run` and `sweep`: tables, pictures, manifest.

use super::clerk::{Clerk, Content, Parcel};
use super::console::{Console, Failure};
use super::pages::Pages;
use super::row_key::row_key;
use crate::files::place;
use crate::metrics::Run;
use crate::metrics::columns::Type;
use crate::pictures;
use crate::report::{CellReport, CellRuns};
use crate::run::Panicked;
use crate::scenario::{Cell, Input, Scenario, SingleRun};
use crate::store::{Cleanup, Committed, StagedFile, Staging};
use crate::sweep::Clerk as _;
use crate::tables::TheoryTable;
use crate::tables::{
    self, About, AxisColumn, FailedTable, FileError, Identity, ResultsOf, RunsTable, SeriesTable,
    SummaryTable,
};
use serde_json::json;
use std::io::Write;
use std::path::Path;

/// Results under construction.
pub struct Record<'s> {
    scenario: &'s Scenario,
    single: Option<SingleRun>,
    staging: Staging,
    runs: RunsTable<StagedFile>,
    series: Option<SeriesTable<StagedFile>>,
    summary: SummaryTable<StagedFile>,
    /// Begun with the first curve.
    theory: Option<TheoryTable<StagedFile>>,
    /// Begun with the first run that panicked.
    failed: Option<FailedTable<StagedFile>>,
    /// The name of the program, which a user runs again.
    program: String,
    cell: CellRuns,
    fanouts: Vec<String>,
    /// Replicates still to come for the current cell.
    left: u64,
}

impl<'s> Record<'s> {
    /// Opens the tables in a staging directory beside `dir`'s old results.
    pub fn open(
        console: &Console,
        scenario: &'s Scenario,
        dir: &Path,
        single: Option<SingleRun>,
        with_series: bool,
    ) -> Result<Record<'s>, Failure> {
        let identity = Identity {
            scenario: scenario.name.clone(),
            scenario_sha256: scenario.hash(),
            kind: match single {
                Some(_) => ResultsOf::Run,
                None => ResultsOf::Sweep,
            },
        };
        let mut staging = Staging::open(dir, identity)?;
        let axes = axis_keys(scenario, single);
        let asked = scenario.asked();
        let runs = RunsTable::new(staging.file("runs.csv")?, &axes, &asked);
        let series = match with_series {
            true => Some(SeriesTable::new(staging.file("series.csv")?).map_err(written)?),
            false => None,
        };
        let summary = SummaryTable::new(staging.file("summary.csv")?, &axes);
        let mut file = staging.file("scenario.toml")?;
        file.write_all(scenario.complete().as_bytes())
            .map_err(written)?;
        for input in scenario.inputs() {
            copy(&input, &mut staging.file(&input.copy)?)?;
        }
        // Any file's folder is that of all.
        let pages = Pages::new(staging.path("")?);
        Ok(Record {
            scenario,
            single,
            runs: runs.map_err(written)?,
            series,
            summary: summary.map_err(written)?,
            theory: None,
            failed: None,
            program: console.program().name().to_string(),
            staging,
            cell: CellRuns::with_aside(&asked, pages),
            fanouts: Vec::new(),
            left: 0,
        })
    }

    /// For a Ctrl-C handler.
    pub fn cleanup_handle(&self) -> Cleanup {
        self.staging.cleanup_handle()
    }

    /// Makes the rows that [`Record::add`] takes; what must wait is kept
    /// beside the new files.
    pub fn clerk(&self) -> Result<Clerk, Failure> {
        let axes = axis_keys(self.scenario, self.single);
        // Any file's folder is that of all.
        let dir = self.staging.path("")?;
        Ok(Clerk::new(self.scenario, &axes, self.series.is_some(), dir))
    }

    /// The rows of the next runs of a cell, in order; gives the cell's report
    /// after its last.
    pub fn add(&mut self, cell: &Cell, content: &Content) -> Result<Option<CellReport>, Failure> {
        if self.left == 0 {
            self.left = self.single.map_or(self.scenario.replicates, |_| 1);
            self.fanouts.push(row_key(cell).fanout);
        }
        self.runs.add(&content.runs).map_err(written)?;
        if let Some(series) = &mut self.series {
            series.add(&content.series).map_err(written)?;
        }
        content.for_each_run(|run| {
            self.cell.push(run);
            self.left -= 1;
        });
        for (replicate, Panicked { message }) in &content.failed {
            let program = self.program.clone();
            let added = self
                .failed()?
                .row(cell.number, *replicate, message, &program);
            added.map_err(written)?;
            self.left -= 1;
        }
        match self.left {
            0 => self.finish_cell(cell).map(Some),
            _ => Ok(None),
        }
    }

    /// A single run.
    pub fn add_run(
        &mut self,
        cell: &Cell,
        replicate: u64,
        run: Run,
    ) -> Result<Option<CellReport>, Failure> {
        let clerk = self.clerk()?;
        let mut parcel = Parcel::default();
        clerk.pack(&mut parcel, cell, replicate, Ok(run))?;
        self.add(cell, &clerk.open(parcel)?)
    }

    fn finish_cell(&mut self, cell: &Cell) -> Result<CellReport, Failure> {
        let key = row_key(cell);
        let report = self.cell.finish(cell)?;
        for row in &report.rows {
            self.summary.row(&key, row).map_err(written)?;
        }
        if let Some(curve) = self.cell.curve(cell) {
            self.theory()?
                .rows(&key, cell.setup.period, &curve)
                .map_err(written)?;
        }
        Ok(report)
    }

    fn theory(&mut self) -> Result<&mut TheoryTable<StagedFile>, Failure> {
        let table = match self.theory.take() {
            Some(begun) => begun,
            None => {
                let axes = axis_keys(self.scenario, self.single);
                let file = self.staging.file("theory.csv")?;
                TheoryTable::new(file, &axes).map_err(written)?
            }
        };
        Ok(self.theory.insert(table))
    }

    fn failed(&mut self) -> Result<&mut FailedTable<StagedFile>, Failure> {
        let table = match self.failed.take() {
            Some(begun) => begun,
            None => FailedTable::new(self.staging.file("failed.csv")?).map_err(written)?,
        };
        Ok(self.failed.insert(table))
    }

    /// Draws the pictures and replaces the old results; gives the files written.
    pub fn commit(
        mut self,
        console: &Console,
        threads: usize,
        seconds: f64,
    ) -> Result<Committed, Failure> {
        self.runs.finish().map_err(written)?;
        self.summary.finish().map_err(written)?;
        let with_series = self.series.is_some();
        if let Some(series) = self.series {
            series.finish().map_err(written)?;
        }
        let with_theory = self.theory.is_some();
        if let Some(theory) = self.theory {
            theory.finish().map_err(written)?;
        }
        if let Some(failed) = self.failed {
            failed.finish().map_err(written)?;
        }
        let summary = self.staging.path("summary.csv")?;
        let runs = self.staging.path("runs.csv")?;
        let theory = self.staging.path("theory.csv")?;
        let series = self.staging.path("series.csv")?;
        let tables = pictures::Tables {
            title: &self.scenario.name,
            summary: &summary,
            runs: &runs,
            series: with_series.then_some(series.as_path()),
            theory: with_theory.then_some(theory.as_path()),
        };
        let drawing = pictures::draw(&tables, &[pictures::Format::Png])?;
        for line in drawing.omitted {
            console.note(format!("note: {line}"));
        }
        for picture in drawing.pictures {
            let name = format!("{}.{}", picture.name, picture.format.extension());
            let mut file = self.staging.file(&name)?;
            file.write_all(&picture.bytes).map_err(written)?;
        }
        let mut environment = console.program().environment();
        environment.insert("threads".into(), json!(threads));
        environment.insert("wall_seconds".into(), json!(seconds));
        let fanouts = self.fanouts.iter().map(String::as_str);
        let about = About {
            title: None,
            seed: self.scenario.seed,
            cell: self.single.and_then(|single| single.cell),
            replicate: self.single.map(|single| single.replicate),
            axes: axes(self.scenario, self.single),
            fanout: tables::type_of(fanouts),
            asked: self.scenario.asked(),
            environment,
        };
        Ok(self.staging.commit(about)?)
    }
}

/// Copies a file that the scenario names, unless it has changed since it was read.
fn copy(input: &Input, to: &mut StagedFile) -> Result<(), Failure> {
    let name = input.place.display();
    let mut source =
        place::open(&input.place).map_err(|why| Failure::Usage(format!("{name} {why}")))?;
    std::io::copy(&mut source, to).map_err(written)?;
    match source.finish() == input.sha256 {
        true => Ok(()),
        false => Err(Failure::Usage(format!(
            "{name} has changed while it was read: try again"
        ))),
    }
}

/// A write error of a staged file: it names the file itself.
fn written(error: std::io::Error) -> Failure {
    FileError::from(error).into()
}

/// The axes that the tables have: none where the base settings run.
fn axes(scenario: &Scenario, single: Option<SingleRun>) -> Vec<AxisColumn> {
    if single.is_some_and(|single| single.cell.is_none()) {
        return Vec::new();
    }
    let axis = |axis: &crate::scenario::Axis| AxisColumn {
        key: axis.key.clone(),
        r#type: match axis.key.as_str() {
            "protocol.kind" => Type::Text,
            _ => tables::type_of(axis.values.iter().map(String::as_str)),
        },
        unit: axis.unit,
    };
    scenario.axes.iter().map(axis).collect()
}

/// Their keys.
pub fn axis_keys(scenario: &Scenario, single: Option<SingleRun>) -> Vec<String> {
    axes(scenario, single)
        .into_iter()
        .map(|axis| axis.key)
        .collect()
}
