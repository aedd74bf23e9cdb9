//! Writing the results of `run` and `sweep`: tables, pictures, manifest.

use super::console::{Console, Failure};
use crate::metrics::Run;
use crate::metrics::columns::Type;
use crate::pictures;
use crate::report::{CellSummary, SummaryRow};
use crate::scenario::{Cell, Scenario};
use crate::store::{Cleanup, Committed, StagedFile, Staging};
use crate::tables::TheoryTable;
use crate::tables::{
    self, About, AxisColumn, FileError, Kind, RowKey, RunsTable, SeriesTable, SummaryTable,
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
    cell: CellSummary,
    fanouts: Vec<String>,
    /// Replicates still to come for the current cell.
    left: u64,
}

/// Which single run it is.
#[derive(Clone, Copy)]
pub struct SingleRun {
    /// The cell; `None` for the base settings.
    pub cell: Option<u64>,
    /// The replicate.
    pub replicate: u64,
}

/// The key of a cell's rows.
pub fn row_key(cell: &Cell) -> RowKey {
    let fanout = cell.protocol.calling().fanout;
    RowKey {
        cell: cell.number,
        case: cell.case.clone(),
        protocol: cell.protocol_name.clone(),
        nodes: cell.setup.nodes,
        fanout: fanout.map_or(String::new(), |fanout| fanout.to_string()),
        axes: cell.coordinates.clone(),
    }
}

impl<'s> Record<'s> {
    /// Opens the tables in a staging directory beside `dir`'s old results.
    pub fn open(
        scenario: &'s Scenario,
        dir: &Path,
        single: Option<SingleRun>,
        with_series: bool,
    ) -> Result<Record<'s>, Failure> {
        let kind = match single {
            Some(_) => Kind::Run,
            None => Kind::Sweep,
        };
        let mut staging = Staging::open(dir, &scenario.name, kind)?;
        let axes = axis_keys(scenario, single);
        let runs = RunsTable::new(staging.file("runs.csv")?, &axes, &scenario.thresholds);
        let series = match with_series {
            true => Some(SeriesTable::new(staging.file("series.csv")?).map_err(written)?),
            false => None,
        };
        let summary = SummaryTable::new(staging.file("summary.csv")?, &axes);
        let mut file = staging.file("scenario.toml")?;
        file.write_all(scenario.complete().as_bytes())
            .map_err(written)?;
        Ok(Record {
            scenario,
            single,
            runs: runs.map_err(written)?,
            series,
            summary: summary.map_err(written)?,
            theory: None,
            staging,
            cell: CellSummary::new(&scenario.thresholds),
            fanouts: Vec::new(),
            left: 0,
        })
    }

    /// For a Ctrl-C handler.
    pub fn cleanup_handle(&self) -> Cleanup {
        self.staging.cleanup_handle()
    }

    /// The next run, in order; gives the cell's summary after its last.
    pub fn push(
        &mut self,
        cell: &Cell,
        replicate: u64,
        run: &Run,
    ) -> Result<Option<Vec<SummaryRow>>, Failure> {
        let key = row_key(cell);
        if self.left == 0 {
            self.left = self.single.map_or(self.scenario.replicates, |_| 1);
            self.fanouts.push(key.fanout.clone());
        }
        self.runs
            .row(&key, replicate, self.scenario.seed, run)
            .map_err(written)?;
        if let Some(series) = &mut self.series {
            series.rows(key.cell, replicate, run).map_err(written)?;
        }
        self.cell.push(run);
        self.left -= 1;
        if self.left > 0 {
            return Ok(None);
        }
        let rows = self.cell.finish(cell);
        for row in &rows {
            self.summary.row(&key, row).map_err(written)?;
        }
        if let Some(curve) = self.cell.curve(cell) {
            self.theory()?
                .rows(&key, cell.setup.period, &curve)
                .map_err(written)?;
        }
        Ok(Some(rows))
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
        for picture in pictures::draw(&tables, &[pictures::Format::Png])? {
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
            scenario_sha256: self.scenario.hash(),
            seed: self.scenario.seed,
            cell: self.single.and_then(|single| single.cell),
            replicate: self.single.map(|single| single.replicate),
            axes: axes(self.scenario, self.single),
            fanout: tables::type_of(fanouts),
            thresholds: self.scenario.thresholds.clone(),
            environment,
        };
        Ok(self.staging.commit(about)?)
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
