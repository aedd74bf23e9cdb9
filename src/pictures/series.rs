//! `series.csv`: the runs of a cell, reduced to a median and a band.
//!
//! The file may be long: it is read once, row by row, and of the open cell only is kept how many runs come to a
//! value and leave one at each point in time. A run counts with the value of its last row before that, and keeps
//! its last value after its end. Points in time are whole rounds where all rows of the cell are at whole rounds, else
//! quarters of a round: a curve has all of them at which one of its three lines moves, and the one before. So it is
//! never drawn through fewer points than the rows have, whichever part of it is shown.

use crate::stats::quantile::quantile_of;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::tables::{FileError, TableReader};

/// Fractions are rounded to one of so many steps, a tenth of a pixel.
const LEVELS: f64 = 10_000.0;
/// Points in time in a round.
const QUARTERS: u64 = 4;

/// The runs of a cell, reduced.
#[derive(Clone, Debug, Default)]
pub struct Curve {
    /// Points in time, rising, in rounds.
    pub times: Vec<f64>,
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
    /// Seconds in a round, where it is one number for all rows.
    pub period_s: Option<f64>,
    /// All rows are at whole rounds.
    pub in_rounds: bool,
}

/// Reads the curves of the cells in `shown`, by the cell's number. Rows of cells that are not in `known` are an error.
pub fn read(
    path: &Path,
    known: &BTreeSet<u64>,
    shown: &BTreeSet<u64>,
) -> Result<BTreeMap<u64, Curve>, FileError> {
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
        let time_s = table.number(columns.time)?;
        reader.add(&table, time_s, row, shown.contains(&number))?;
    }
    reader.close_cell();
    Ok(reader.curves)
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
    open: OpenCell,
    curves: BTreeMap<u64, Curve>,
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
        self.open.begin_run();
        Ok(())
    }

    /// Adds a row to the open run; keeps it where its cell is to be drawn.
    fn add(
        &mut self,
        table: &TableReader,
        time_s: f64,
        (round, fraction): (f64, f64),
        shown: bool,
    ) -> Result<(), FileError> {
        if round < self.last_round {
            return Err(table.blame(format!("round: {round} comes after {}", self.last_round)));
        }
        self.last_round = round;
        if shown {
            self.open.period.see(time_s, round);
            self.open.add(round, fraction);
        }
        Ok(())
    }

    /// Reduces the open cell's runs to a curve.
    fn close_cell(&mut self) {
        let open = std::mem::take(&mut self.open);
        if let Some((cell, _)) = self.at
            && open.runs > 0
        {
            self.curves.insert(cell, open.reduce());
        }
    }
}

/// The runs of a cell, as far as they were read.
#[derive(Default)]
struct OpenCell {
    /// By the quarter of a round and the level there: how many runs more than before.
    moves: BTreeMap<(u64, u32), i64>,
    /// Runs with a row.
    runs: usize,
    /// The first fraction of the open run, and its level now.
    run: Option<(f64, u32)>,
    spread: bool,
    /// Some row is not at a whole round.
    in_quarters: bool,
    last_quarter: u64,
    period: Period,
}

impl OpenCell {
    fn begin_run(&mut self) {
        self.run = None;
    }

    /// The open run's next row.
    fn add(&mut self, round: f64, fraction: f64) {
        self.in_quarters |= round != round.floor();
        let quarter = (round * QUARTERS as f64 - 1e-9).ceil() as u64;
        self.last_quarter = self.last_quarter.max(quarter);
        let level = (fraction * LEVELS).round() as u32;
        match self.run {
            // Before its first row a run has the value of that row.
            None => {
                self.runs += 1;
                self.run = Some((fraction, level));
                self.count(0, level, 1);
            }
            Some((first, before)) => {
                self.spread |= fraction > first;
                self.run = Some((first, level));
                if level != before {
                    self.count(quarter, before, -1);
                    self.count(quarter, level, 1);
                }
            }
        }
    }

    fn count(&mut self, quarter: u64, level: u32, runs: i64) {
        *self.moves.entry((quarter, level)).or_default() += runs;
    }

    /// The median and the band of the runs, of which there is at least one.
    fn reduce(self) -> Curve {
        let step = if self.in_quarters { 1 } else { QUARTERS };
        let mut curve = Curve {
            runs: self.runs,
            spread: self.spread,
            period_s: self.period.common(),
            in_rounds: !self.in_quarters,
            ..Curve::default()
        };
        let mut now: BTreeMap<u32, i64> = BTreeMap::new();
        let mut moves = self.moves.into_iter().peekable();
        let mut last = (0, [f64::NAN; 3]);
        while let Some(((quarter, level), runs)) = moves.next() {
            let count = now.entry(level).or_default();
            *count += runs;
            if *count == 0 {
                now.remove(&level);
            }
            if moves.peek().is_some_and(|((next, _), _)| *next == quarter) {
                continue;
            }
            let values = quantiles(&now, self.runs);
            if values != last.1 {
                if quarter > last.0 + step {
                    curve.push(quarter - step, last.1);
                }
                curve.push(quarter, values);
                last = (quarter, values);
            }
        }
        if self.last_quarter > last.0 {
            curve.push(self.last_quarter, last.1);
        }
        curve
    }
}

impl Curve {
    fn push(&mut self, quarter: u64, [low, median, high]: [f64; 3]) {
        self.times.push(quarter as f64 / QUARTERS as f64);
        self.low.push(low);
        self.median.push(median);
        self.high.push(high);
    }
}

/// The 10 % quantile, the median and the 90 % quantile of so many runs by their levels.
fn quantiles(levels: &BTreeMap<u32, i64>, runs: usize) -> [f64; 3] {
    let mut up_to = 0;
    let reached = levels.iter().map(|(&level, &runs)| {
        up_to += runs as usize;
        (up_to, level)
    });
    let reached: Vec<(usize, u32)> = reached.collect();
    let value = |index: usize| {
        let place = reached.partition_point(|&(up_to, _)| up_to <= index);
        f64::from(reached[place].1) / LEVELS
    };
    [0.1, 0.5, 0.9].map(|p| quantile_of(runs, value, p))
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
        format!("{period:.5e}").parse().ok()
    }
}
