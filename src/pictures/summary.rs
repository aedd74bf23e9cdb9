//! `summary.csv`: the cells of a sweep, their settings, and the metrics that pictures show.

use super::PICTURES;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use crate::tables::{FileError, TableReader};

/// Where `Cell::settings` has what every table has; further axes follow.
pub const CASE: usize = 0;
/// The protocol's name.
pub const PROTOCOL: usize = 1;
/// The number of nodes.
pub const NODES: usize = 2;
/// Peers called per cycle.
pub const FANOUT: usize = 3;
/// The first column of a further axis.
pub const AXES: usize = 4;

/// The cells of a sweep.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The settings that tell cells apart: `case`, `protocol`, `nodes`, `fanout`, then the further axes.
    pub keys: Vec<String>,
    /// In order of their number.
    pub cells: Vec<Cell>,
}

/// A cell: its settings and what was measured in it.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The cell's number.
    pub number: u64,
    /// As the table writes them, parallel to `Summary::keys`.
    pub settings: Vec<String>,
    /// Replicates.
    pub runs: u64,
    metrics: BTreeMap<String, Measured>,
}

/// A metric in a cell: what was measured and what theory says.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// The mean over the runs; nothing where runs lack the value.
    pub mean: Option<f64>,
    /// The 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// The exact finite value.
    pub theory: Option<f64>,
    /// The value, or the leading term, for many nodes.
    pub limit: Option<f64>,
}

impl Cell {
    /// A metric of the cell.
    pub fn metric(&self, name: &str) -> Option<&Measured> {
        self.metrics.get(name)
    }

    /// A metric of the cell that has a mean.
    pub fn measured(&self, name: &str) -> Option<&Measured> {
        self.metric(name).filter(|m| m.mean.is_some())
    }

    /// The goals of which the cell has a row: `all`, or a percentage.
    fn goals(&self) -> impl Iterator<Item = &str> {
        let names = self.metrics.keys();
        names.filter_map(|name| name.strip_prefix("rounds_to_"))
    }

    /// Seconds in a round, where rounds and seconds to a goal were measured.
    pub fn period_s(&self) -> Option<f64> {
        let mean = |name: String| self.measured(&name)?.mean.filter(|&mean| mean > 0.0);
        let period = |goal| {
            let seconds = mean(format!("time_to_{goal}_s"))?;
            Some(seconds / mean(format!("rounds_to_{goal}"))?)
        };
        self.goals().find_map(period)
    }

    /// A setting as a number, where it is one.
    pub fn value(&self, key: usize) -> Option<f64> {
        self.settings[key]
            .parse()
            .ok()
            .filter(|v: &f64| v.abs() <= 1e15)
    }
}

/// The columns of `summary.csv` that are read.
struct Columns {
    cell: usize,
    settings: Vec<usize>,
    metric: usize,
    count: usize,
    missing: usize,
    numbers: [usize; 5],
}

impl Columns {
    fn find(table: &TableReader) -> Result<Self, FileError> {
        let (fanout, metric) = (table.column("fanout")?, table.column("metric")?);
        if fanout > metric {
            return Err(table.refuse("the column `fanout` must come before `metric`"));
        }
        let mut settings = vec![
            table.column("case")?,
            table.column("protocol")?,
            table.column("nodes")?,
            fanout,
        ];
        settings.extend(fanout + 1..metric);
        Ok(Columns {
            cell: table.column("cell")?,
            settings,
            metric,
            count: table.column("count")?,
            missing: table.column("missing")?,
            numbers: [
                table.column("mean")?,
                table.column("ci95_low")?,
                table.column("ci95_high")?,
                table.column("theory")?,
                table.column("theory_limit")?,
            ],
        })
    }
}

impl Summary {
    /// The goal that takes longest of those that were asked for: `all`, or the greatest percentage.
    pub fn last_goal(&self) -> Option<&str> {
        let goals = self.cells.iter().flat_map(Cell::goals);
        goals.max_by_key(|goal| match *goal {
            "all" => u32::MAX,
            goal => goal.parse().unwrap_or(0),
        })
    }

    /// Reads the table.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        let mut table = TableReader::open(path)?;
        let columns = Columns::find(&table)?;
        let mut cells: BTreeMap<u64, Cell> = BTreeMap::new();
        while table.advance()? {
            let number = table.whole(columns.cell)?;
            let cell = match cells.entry(number) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(first_row(&table, &columns, number)?),
            };
            add_row(&table, &columns, cell)?;
        }
        Ok(Summary {
            keys: columns
                .settings
                .iter()
                .map(|&c| table.columns()[c].clone())
                .collect(),
            cells: cells.into_values().collect(),
        })
    }
}

/// A cell as its first row describes it.
fn first_row(table: &TableReader, columns: &Columns, number: u64) -> Result<Cell, FileError> {
    if table.whole(columns.settings[NODES])? == 0 {
        return Err(table.blame("nodes: a cell has at least one"));
    }
    Ok(Cell {
        number,
        settings: columns
            .settings
            .iter()
            .map(|&c| table.text(c).to_owned())
            .collect(),
        runs: 0,
        metrics: BTreeMap::new(),
    })
}

/// Adds the row's metric to its cell.
fn add_row(table: &TableReader, columns: &Columns, cell: &mut Cell) -> Result<(), FileError> {
    let same = columns
        .settings
        .iter()
        .zip(&cell.settings)
        .all(|(&c, setting)| table.text(c) == setting);
    if !same {
        return Err(table.blame(format!(
            "cell {} has other settings than in an earlier row",
            cell.number
        )));
    }
    let (count, missing) = (table.whole(columns.count)?, table.whole(columns.missing)?);
    cell.runs = cell.runs.max(count.saturating_add(missing));
    let metric = table.text(columns.metric);
    let Some(range) = PICTURES.iter().find_map(|picture| picture.range(metric)) else {
        return Ok(());
    };
    let mut measured = measured(table, columns)?;
    measured.interval = measured.interval.map(|(low, high)| {
        // Older tables have intervals of Student's t that leave what can be.
        let within = |value: f64| value.clamp(*range.start(), *range.end());
        (within(low), within(high))
    });
    let known = [measured.mean, measured.theory, measured.limit];
    let mut outside = known.into_iter().flatten().filter(|v| !range.contains(v));
    if let Some(value) = outside.next() {
        let range = match *range.end() {
            1.0 => "from 0 to 1",
            _ => "at least 0",
        };
        return Err(table.blame(format!("{metric}: {value} is not {range}")));
    }
    match cell.metrics.insert(metric.to_owned(), measured) {
        Some(_) => Err(table.blame(format!("a second row for {metric} in cell {}", cell.number))),
        None => Ok(()),
    }
}

/// The row's numbers.
fn measured(table: &TableReader, columns: &Columns) -> Result<Measured, FileError> {
    let mut numbers = [None; 5];
    for (number, &column) in numbers.iter_mut().zip(&columns.numbers) {
        *number = table.optional(column)?;
    }
    let [mean, low, high, theory, limit] = numbers;
    let interval = low.zip(high);
    if interval.is_some_and(|(low, high)| low > high) {
        return Err(table.blame("ci95_low is above ci95_high"));
    }
    Ok(Measured {
        mean,
        interval,
        theory,
        limit,
    })
}
