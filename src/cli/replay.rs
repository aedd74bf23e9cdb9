//! The tables of a results directory, held against runs that are made again.

use super::console::Failure;
use super::row_key::row_key;
use crate::metrics::Run;
use crate::metrics::columns::Asked;
use crate::report::CellRuns;
use crate::run::Panicked;
use crate::scenario::{Cell, Scenario};
use crate::tables::{
    Manifest, RunsTable, RunsText, SeriesTable, SummaryTable, TableReader, TheoryTable, series_text,
};
use std::io::{self, Cursor};
use std::path::Path;

/// The tables, read as far as runs were made again.
pub struct Replay {
    asked: Asked,
    axes: Vec<String>,
    text: RunsText,
    runs: Table,
    series: Option<Table>,
    /// The runs that panicked, where any did.
    failed: Option<Table>,
    /// Only where all runs are made again.
    summary: Option<(Table, CellRuns)>,
    /// The curves of theory, likewise.
    theory: Option<Table>,
    /// Runs of the current cell that are still to come.
    left: u64,
    /// Runs of a cell.
    replicates: u64,
}

/// One table, at the next row to be checked.
struct Table {
    name: &'static str,
    rows: TableReader,
    is_over: bool,
}

impl Table {
    fn open(dir: &Path, name: &'static str) -> Result<Table, Failure> {
        let mut rows = TableReader::open(&dir.join(name))?;
        let is_over = !rows.advance()?;
        Ok(Table {
            name,
            rows,
            is_over,
        })
    }

    /// Leaves the row behind.
    fn advance(&mut self) -> Result<(), Failure> {
        self.is_over = !self.rows.advance()?;
        Ok(())
    }

    /// There is a row.
    fn expect_row(&self) -> Result<(), Failure> {
        match self.is_over {
            false => Ok(()),
            true => Err(Failure::Failed(format!(
                "{} has fewer rows than the scenario gives",
                self.name
            ))),
        }
    }

    fn end(&self) -> Result<(), Failure> {
        match self.is_over {
            true => Ok(()),
            false => Err(Failure::Failed(format!(
                "{} has more rows than the scenario gives",
                self.name
            ))),
        }
    }

    /// Is the row of this run?
    fn is_at(&self, cell: u64, replicate: u64) -> bool {
        let is = |column, number| {
            let at = self.rows.column(column);
            at.is_ok_and(|at| self.rows.whole(at) == Ok(number))
        };
        !self.is_over && is("cell", cell) && is("replicate", replicate)
    }

    /// Passes as many rows as a table that was made again has; names the first
    /// one that differs, and its columns.
    fn check(&mut self, again: io::Result<Vec<u8>>, what: &str) -> Result<(), Failure> {
        let text = again.map_err(|error| Failure::Failed(error.to_string()))?;
        let mut again = TableReader::new(Cursor::new(text), Path::new(self.name))?;
        while again.advance()? {
            self.expect_row()?;
            let differing = self.differing(&again);
            if !differing.is_empty() {
                return Err(Failure::Failed(format!(
                    "{}:{}: {what} is not the same again:\n  {}",
                    self.name,
                    self.rows.line(),
                    differing.join("\n  ")
                )));
            }
            self.advance()?;
        }
        Ok(())
    }

    /// The columns in which the row is not as it was made again.
    fn differing(&self, again: &TableReader<Cursor<Vec<u8>>>) -> Vec<String> {
        let names = again.columns().iter().enumerate();
        let differs = |(at, name): (usize, &String)| {
            // Mostly the tables have the same columns.
            let same = self.rows.columns().get(at) == Some(name);
            let place = if same { Ok(at) } else { self.rows.column(name) };
            let before = place.map_or("no such column", |place| self.rows.text(place));
            let now = again.text(at);
            (before != now).then(|| format!("{name}: {before}, now {now}"))
        };
        names.filter_map(differs).collect()
    }
}

impl Replay {
    /// `axes`: the tables' axes; `replicates`: runs of each cell in them. With
    /// `whole`, every run is to be checked, and so the summary.
    pub fn open(
        dir: &Path,
        manifest: &Manifest,
        scenario: &Scenario,
        axes: Vec<String>,
        replicates: u64,
        whole: bool,
    ) -> Result<Replay, Failure> {
        let if_there = |name: &'static str| {
            let is_there = manifest.resource(name).is_some();
            is_there.then(|| Table::open(dir, name)).transpose()
        };
        let summary = || Table::open(dir, "summary.csv");
        Ok(Replay {
            text: RunsText::new(&axes, &scenario.asked(), scenario.seed),
            runs: Table::open(dir, "runs.csv")?,
            series: if_there("series.csv")?,
            failed: if_there("failed.csv")?,
            summary: match whole {
                true => Some((summary()?, CellRuns::new(&scenario.asked()))),
                false => None,
            },
            theory: match whole {
                true => if_there("theory.csv")?,
                false => None,
            },
            left: replicates,
            replicates,
            asked: scenario.asked(),
            axes,
        })
    }

    /// Leaves out a run.
    pub fn skip(&mut self, cell: u64, replicate: u64) -> Result<(), Failure> {
        let failed = self.failed.as_mut();
        let table = failed.filter(|failed| failed.is_at(cell, replicate));
        let table = table.unwrap_or(&mut self.runs);
        table.expect_row()?;
        table.advance()
    }

    /// The next run, made again.
    pub fn check(
        &mut self,
        cell: &Cell,
        replicate: u64,
        run: &Result<Run, Panicked>,
    ) -> Result<(), Failure> {
        let what = format!("cell {}, replicate {replicate}", cell.number);
        let run = self.check_failed(cell.number, replicate, run.as_ref(), &what)?;
        if let Some(run) = run {
            self.check_run(cell, replicate, run, &what)?;
        }
        self.check_summary(cell, run)
    }

    /// Did it panic, now as before? The run, where it did not.
    fn check_failed<'r>(
        &mut self,
        cell: u64,
        replicate: u64,
        run: Result<&'r Run, &Panicked>,
        what: &str,
    ) -> Result<Option<&'r Run>, Failure> {
        let failed = self.failed.as_mut();
        let failed = failed.filter(|failed| failed.is_at(cell, replicate));
        match (failed, run) {
            (None, Ok(run)) => Ok(Some(run)),
            (None, Err(now)) => Err(Failure::Failed(format!(
                "{what} panics, and did not: {now}"
            ))),
            (Some(failed), run) => {
                let before = failed.rows.text(failed.rows.column("message")?);
                let now = run.err().map_or("no panic", |now| now.message.as_str());
                if before != now {
                    return Err(Failure::Failed(format!(
                        "{}:{}: {what} is not the same again:\n  message: {before}, now {now}",
                        failed.name,
                        failed.rows.line()
                    )));
                }
                failed.advance()?;
                Ok(None)
            }
        }
    }

    fn check_run(
        &mut self,
        cell: &Cell,
        replicate: u64,
        run: &Run,
        what: &str,
    ) -> Result<(), Failure> {
        let again = || {
            let mut table = RunsTable::new(Vec::new(), &self.axes, &self.asked)?;
            let mut row = Vec::new();
            self.text.row(&mut row, &row_key(cell), replicate, run)?;
            table.add(&row)?;
            table.finish()
        };
        self.runs.check(again(), what)?;
        self.check_series(cell, replicate, run, what)
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
            series.expect_row()?;
            series.advance()?;
        }
        let again = || {
            let mut table = SeriesTable::new(Vec::new())?;
            let mut rows = Vec::new();
            series_text(&mut rows, cell.number, replicate, run);
            table.add(&rows)?;
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

    fn check_summary(&mut self, cell: &Cell, run: Option<&Run>) -> Result<(), Failure> {
        let Some((table, runs)) = &mut self.summary else {
            return Ok(());
        };
        if let Some(run) = run {
            runs.push(run);
        }
        self.left -= 1;
        if self.left > 0 {
            return Ok(());
        }
        self.left = self.replicates;
        let report = runs.finish(cell)?;
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
        self.failed.as_ref().map_or(Ok(()), Table::end)?;
        if let Some((summary, _)) = &self.summary {
            summary.end()?;
            self.theory.as_ref().map_or(Ok(()), Table::end)?;
            self.series.as_ref().map_or(Ok(()), Table::end)?;
        }
        Ok(())
    }
}
