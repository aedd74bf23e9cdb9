//! The tables of a results directory, held against runs that are made again.

use super::console::Failure;
use super::record::row_key;
use crate::metrics::Run;
use crate::metrics::columns::Asked;
use crate::report::CellRuns;
use crate::scenario::{Cell, Scenario};
use crate::tables::{Manifest, Row, Rows, RunsTable, SeriesTable, SummaryTable, TheoryTable};
use std::fs::File;
use std::io::{self, BufReader, Cursor};
use std::path::Path;

/// The tables, read as far as runs were made again.
pub struct Replay<'s> {
    scenario: &'s Scenario,
    asked: Asked,
    axes: Vec<String>,
    runs: Table,
    series: Option<Table>,
    /// Only where all runs are made again.
    summary: Option<(Table, CellRuns)>,
    /// The curves of theory, likewise.
    theory: Option<Table>,
    /// Runs of the current cell that are still to come.
    left: u64,
    /// Runs of a cell.
    replicates: u64,
}

/// One table, read row by row.
struct Table {
    name: &'static str,
    rows: Rows<BufReader<File>>,
    next: Option<Row>,
}

impl Table {
    fn open(dir: &Path, name: &'static str) -> Result<Table, Failure> {
        let mut rows = Rows::open(&dir.join(name))?;
        let next = rows.next().transpose()?;
        Ok(Table { name, rows, next })
    }

    fn take(&mut self) -> Result<Row, Failure> {
        let fewer = || format!("{} has fewer rows than the scenario gives", self.name);
        let row = self.next.take().ok_or_else(|| Failure::Failed(fewer()))?;
        self.next = self.rows.next().transpose()?;
        Ok(row)
    }

    fn end(&self) -> Result<(), Failure> {
        match self.next {
            None => Ok(()),
            Some(_) => Err(Failure::Failed(format!(
                "{} has more rows than the scenario gives",
                self.name
            ))),
        }
    }

    /// Is the next row of this run?
    fn is_at(&self, cell: u64, replicate: u64) -> bool {
        let number = |row: &Row, column| row.get(column).and_then(|text| text.parse().ok());
        self.next.as_ref().is_some_and(|row| {
            (number(row, "cell"), number(row, "replicate")) == (Some(cell), Some(replicate))
        })
    }

    /// Takes as many rows as a table that was made again has; names the first
    /// one that differs, and its columns.
    fn check(&mut self, again: io::Result<Vec<u8>>, what: &str) -> Result<(), Failure> {
        let text = again.map_err(|error| Failure::Failed(error.to_string()))?;
        for again in Rows::new(Cursor::new(text), Path::new(self.name))? {
            let (again, row) = (again?, self.take()?);
            let differs = |(name, value): (&str, &str)| {
                let before = row.get(name).unwrap_or("no such column");
                (before != value).then(|| format!("{name}: {before}, now {value}"))
            };
            let differing: Vec<String> = again.fields().filter_map(differs).collect();
            if !differing.is_empty() {
                return Err(Failure::Failed(format!(
                    "{}:{}: {what} is not the same again:\n  {}",
                    self.name,
                    row.line,
                    differing.join("\n  ")
                )));
            }
        }
        Ok(())
    }
}

impl<'s> Replay<'s> {
    /// `axes`: the tables' axes; `replicates`: runs of each cell in them. With
    /// `whole`, every run is to be checked, and so the summary.
    pub fn open(
        dir: &Path,
        manifest: &Manifest,
        scenario: &'s Scenario,
        axes: Vec<String>,
        replicates: u64,
        whole: bool,
    ) -> Result<Replay<'s>, Failure> {
        let has_series = manifest.resource("series.csv").is_some();
        let has_theory = whole && manifest.resource("theory.csv").is_some();
        let summary = || Table::open(dir, "summary.csv");
        Ok(Replay {
            runs: Table::open(dir, "runs.csv")?,
            series: has_series
                .then(|| Table::open(dir, "series.csv"))
                .transpose()?,
            summary: match whole {
                true => Some((summary()?, CellRuns::new(&scenario.asked()))),
                false => None,
            },
            theory: has_theory
                .then(|| Table::open(dir, "theory.csv"))
                .transpose()?,
            left: replicates,
            replicates,
            asked: scenario.asked(),
            scenario,
            axes,
        })
    }

    /// Leaves out a run.
    pub fn skip(&mut self) -> Result<(), Failure> {
        self.runs.take().map(drop)
    }

    /// The next run, made again.
    pub fn check(&mut self, cell: &Cell, replicate: u64, run: &Run) -> Result<(), Failure> {
        let what = format!("cell {}, replicate {replicate}", cell.number);
        let again = || {
            let mut table = RunsTable::new(Vec::new(), &self.axes, &self.asked)?;
            table.row(&row_key(cell), replicate, self.scenario.seed, run)?;
            table.finish()
        };
        self.runs.check(again(), &what)?;
        self.check_series(cell, replicate, run, &what)?;
        self.check_summary(cell, run)
    }

    fn check_series(
        &mut self,
        cell: &Cell,
        replicate: u64,
        run: &Run,
        what: &str,
    ) -> Result<(), Failure> {
        let Some(series) = &mut self.series else {
            return Ok(());
        };
        // Rows of runs that are left out.
        let is_sample = self.summary.is_none();
        while is_sample && !run.series.is_empty() && !series.is_at(cell.number, replicate) {
            series.take()?;
        }
        let again = || {
            let mut table = SeriesTable::new(Vec::new())?;
            table.rows(cell.number, replicate, run)?;
            table.finish()
        };
        series.check(again(), what)?;
        match series.is_at(cell.number, replicate) {
            false => Ok(()),
            true => Err(Failure::Failed(format!(
                "series.csv has more rows of {what} than the run gives"
            ))),
        }
    }

    fn check_summary(&mut self, cell: &Cell, run: &Run) -> Result<(), Failure> {
        let Some((table, runs)) = &mut self.summary else {
            return Ok(());
        };
        runs.push(run);
        self.left -= 1;
        if self.left > 0 {
            return Ok(());
        }
        self.left = self.replicates;
        let report = runs.finish(cell);
        let again = || {
            let mut again = SummaryTable::new(Vec::new(), &self.axes)?;
            (report.rows.iter()).try_for_each(|row| again.row(&row_key(cell), row))?;
            again.finish()
        };
        let what = format!("cell {}", cell.number);
        table.check(again(), &what)?;
        let curve = runs.curve(cell);
        let Some((theory, curve)) = self.theory.as_mut().zip(curve) else {
            return Ok(());
        };
        let again = || {
            let mut again = TheoryTable::new(Vec::new(), &self.axes)?;
            again.rows(&row_key(cell), cell.setup.period, &curve)?;
            again.finish()
        };
        theory.check(again(), &what)
    }

    /// No row is left.
    pub fn end(&self) -> Result<(), Failure> {
        self.runs.end()?;
        if let Some((summary, _)) = &self.summary {
            summary.end()?;
            self.theory.as_ref().map_or(Ok(()), Table::end)?;
            self.series.as_ref().map_or(Ok(()), Table::end)?;
        }
        Ok(())
    }
}
