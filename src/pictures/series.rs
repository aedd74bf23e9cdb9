//! `series.csv`: the runs of a cell, resampled and reduced to a median and a band.
//!
//! The file may be long: it is read once, row by row, and only one cell's rows are held. A run counts with the
//! value of its last row before a point in time, and keeps its last value after its end. The grid on which the
//! runs meet is that of the rows themselves: whole rounds where all rows are at whole rounds, else quarters of a
//! round, and where that gives more than 400 points, a multiple of it.

use crate::stats::quantile::quantile;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::tables::{FileError, TableReader};

/// The most points of a curve.
const POINTS_MAX: f64 = 400.0;

/// The runs of a cell, reduced.
#[derive(Clone, Debug, Default)]
pub struct Curve {
    /// Points in time, in rounds.
    pub rounds: Vec<f64>,
    /// The 10 % quantile of the informed fraction over the runs, at each point.
    pub low: Vec<f64>,
    /// Its median.
    pub median: Vec<f64>,
    /// Its 90 % quantile.
    pub high: Vec<f64>,
    /// How many runs.
    pub runs: usize,
    /// Some run informed a node that did not know at first.
    pub spread: bool,
}

/// What `series.csv` says about the cells asked for.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// By the cell's number.
    pub curves: BTreeMap<u64, Curve>,
    /// Seconds in a round, where it is one number for all rows.
    pub period_s: Option<f64>,
}

/// A run's rows: (round, informed fraction).
type Run = Vec<(f64, f64)>;

/// Reads the curves of the cells in `shown`. Rows of cells that are not in `known` are an error.
pub fn read(
    path: &Path,
    known: &BTreeSet<u64>,
    shown: &BTreeSet<u64>,
) -> Result<Series, FileError> {
    let mut table = TableReader::open(path)?;
    let columns = Columns::find(&table)?;
    let mut reader = Reader::default();
    while table.advance()? {
        let number = table.whole(columns.cell)?;
        if !known.contains(&number) {
            return Err(table.blame(format!("cell {number} is not in the summary")));
        }
        reader.enter(&table, number, table.whole(columns.replicate)?)?;
        let row = columns.row(&table)?;
        reader.period.see(table.number(columns.time)?, row.0);
        reader.add(&table, row, shown.contains(&number))?;
    }
    reader.close_cell();
    Ok(Series {
        curves: reader.curves,
        period_s: reader.period.common(),
    })
}

/// The columns of `series.csv` that are read.
struct Columns {
    cell: usize,
    replicate: usize,
    time: usize,
    round: usize,
    fraction: usize,
}

impl Columns {
    fn find(table: &TableReader) -> Result<Self, FileError> {
        Ok(Columns {
            cell: table.column("cell")?,
            replicate: table.column("replicate")?,
            time: table.column("time_s")?,
            round: table.column("round")?,
            fraction: table.column("informed_fraction")?,
        })
    }

    /// The current row's (round, informed fraction).
    fn row(&self, table: &TableReader) -> Result<(f64, f64), FileError> {
        let (round, fraction) = (table.number(self.round)?, table.number(self.fraction)?);
        if round < 0.0 {
            return Err(table.blame(format!("round: {round} is below 0")));
        }
        if !(0.0..=1.0).contains(&fraction) {
            return Err(table.blame(format!("informed_fraction: {fraction} is not from 0 to 1")));
        }
        Ok((round, fraction))
    }
}

/// Where the reading stands: the open cell and its runs, and the curves of the cells that are done.
#[derive(Default)]
struct Reader {
    /// The open cell and run.
    at: Option<(u64, u64)>,
    cells_seen: BTreeSet<u64>,
    runs_seen: BTreeSet<u64>,
    last_round: f64,
    runs: Vec<Run>,
    curves: BTreeMap<u64, Curve>,
    period: Period,
}

impl Reader {
    /// Turns to the cell and the run of the current row.
    fn enter(&mut self, table: &TableReader, cell: u64, replicate: u64) -> Result<(), FileError> {
        if self.at == Some((cell, replicate)) {
            return Ok(());
        }
        if self.at.is_none_or(|(open, _)| open != cell) {
            self.close_cell();
            self.runs_seen.clear();
            if !self.cells_seen.insert(cell) {
                return Err(table.blame(format!("the rows of cell {cell} are not together")));
            }
        }
        if !self.runs_seen.insert(replicate) {
            return Err(table.blame(format!(
                "the rows of cell {cell}, replicate {replicate} are not together"
            )));
        }
        self.at = Some((cell, replicate));
        self.last_round = 0.0;
        self.runs.push(Run::new());
        Ok(())
    }

    /// Adds a row to the open run; keeps it where its cell is to be drawn.
    fn add(&mut self, table: &TableReader, row: (f64, f64), shown: bool) -> Result<(), FileError> {
        if row.0 < self.last_round {
            return Err(table.blame(format!("round: {} comes after {}", row.0, self.last_round)));
        }
        self.last_round = row.0;
        if shown && let Some(run) = self.runs.last_mut() {
            run.push(row);
        }
        Ok(())
    }

    /// Reduces the open cell's runs to a curve.
    fn close_cell(&mut self) {
        let runs = std::mem::take(&mut self.runs);
        if let Some((cell, _)) = self.at
            && runs.iter().any(|run| !run.is_empty())
        {
            self.curves.insert(cell, reduce(&runs));
        }
    }
}

/// Finds out whether a round lasts equally long in all rows.
#[derive(Default)]
struct Period {
    first: Option<f64>,
    differs: bool,
}

impl Period {
    fn see(&mut self, time_s: f64, round: f64) {
        if round <= 0.0 {
            return;
        }
        let period = time_s / round;
        let first = *self.first.get_or_insert(period);
        self.differs |= (period - first).abs() > 1e-6 * first.abs();
    }

    /// The common period, cut to the precision at which the rows agree.
    fn common(&self) -> Option<f64> {
        let period = self.first.filter(|&p| !self.differs && p > 0.0)?;
        format!("{period:.6}")
            .parse()
            .ok()
            .filter(|&p: &f64| p > 0.0)
    }
}

/// The median and the band of runs, none of them without rows.
fn reduce(runs: &[Run]) -> Curve {
    let rounds = grid(runs);
    let mut curve = Curve {
        runs: runs.len(),
        spread: runs
            .iter()
            .any(|run| run.iter().any(|row| row.1 > run[0].1)),
        ..Curve::default()
    };
    let mut next = vec![0; runs.len()];
    let mut values = vec![0.0; runs.len()];
    for &round in &rounds {
        for ((run, next), value) in runs.iter().zip(&mut next).zip(&mut values) {
            while *next < run.len() && run[*next].0 <= round + 1e-9 {
                *next += 1;
            }
            *value = run[next.saturating_sub(1)].1;
        }
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        curve.low.push(quantile(&sorted, 0.1));
        curve.median.push(quantile(&sorted, 0.5));
        curve.high.push(quantile(&sorted, 0.9));
    }
    curve.rounds = rounds;
    curve
}

/// The points in time at which runs are compared.
fn grid(runs: &[Run]) -> Vec<f64> {
    let rows = || runs.iter().flatten().map(|row| row.0);
    let unit = if rows().all(|round| round == round.floor()) {
        1.0
    } else {
        0.25
    };
    let last = rows().fold(0.0, f64::max);
    let step = unit * (last / (unit * POINTS_MAX)).ceil().max(1.0);
    let steps = (last / step).ceil() as u32;
    (0..=steps).map(|i| f64::from(i) * step).collect()
}
