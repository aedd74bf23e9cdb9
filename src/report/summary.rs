//! One cell's runs to the rows of `summary.csv`.

use crate::laws::{self, ALL_INFORMED, Curve, Expected, Found, Observed, Worked};
use crate::metrics::Run;
use crate::metrics::columns::{self, Column, Type};
use crate::scenario::Cell;
use crate::stats::{Summary, proportion};
use crate::stop::StoppedBy;

/// The z of a share needs so many expected runs of either outcome.
const COUNT_FOR_Z: f64 = 5.0;

/// One metric of one cell. Fields are empty where there is no value; if a run
/// lacks the metric, so are the mean and all that rests on it, and minimum,
/// quantiles and maximum describe the runs that have it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SummaryRow {
    /// The metric's column in `runs.csv`, or [`ALL_INFORMED`].
    pub metric: String,
    /// Runs that have a value.
    pub count: u64,
    /// Runs that have none.
    pub missing: u64,
    /// The mean.
    pub mean: Option<f64>,
    /// The standard deviation over runs (n - 1).
    pub sd: Option<f64>,
    /// The standard error of the mean.
    pub se: Option<f64>,
    /// The 95 % interval of the mean, by Student's t; of a share, Wilson's.
    pub ci95: Option<(f64, f64)>,
    /// The least value.
    pub min: Option<f64>,
    /// The median (type 7).
    pub p50: Option<f64>,
    /// The quantile 0.99 (type 7), from 100 runs on.
    pub p99: Option<f64>,
    /// The greatest value.
    pub max: Option<f64>,
    /// The exact finite value.
    pub theory: Option<f64>,
    /// The exact standard deviation of one run, where known.
    pub theory_sd: Option<f64>,
    /// The value for many nodes.
    pub theory_limit: Option<f64>,
    /// The model that theory comes from.
    pub model: Option<&'static str>,
    /// (mean - theory) over the standard error of the mean: the model's own
    /// where known, else the sample's.
    pub z: Option<f64>,
}

/// Collects the runs of one cell, in order.
pub struct CellSummary {
    columns: Vec<Column>,
    values: Vec<Vec<f64>>,
    runs: u64,
    worked: Worked,
    /// Did the rumor die in every run?
    quiescent: bool,
    /// Rounds of the longest.
    longest: f64,
}

impl CellSummary {
    /// For the columns of a run with these thresholds (percent).
    pub fn new(thresholds: &[u8]) -> CellSummary {
        let mut columns = columns::columns(thresholds);
        columns.retain(|column| column.r#type != Type::Text);
        CellSummary {
            values: vec![Vec::new(); columns.len()],
            columns,
            runs: 0,
            worked: Worked::default(),
            quiescent: true,
            longest: 0.0,
        }
    }

    /// The next replicate.
    pub fn push(&mut self, run: &Run) {
        self.runs += 1;
        self.quiescent &= run.stopped_by == StoppedBy::Quiescent;
        self.longest = self.longest.max(run.ended.in_rounds(run.period));
        for (column, values) in self.columns.iter().zip(&mut self.values) {
            values.extend((column.value)(run).number());
        }
    }

    /// The cell's rows, and an empty collection for the next cell.
    pub fn finish(&mut self, cell: &Cell) -> Vec<SummaryRow> {
        let mut rows: Vec<SummaryRow> = (self.columns.iter().zip(&self.values))
            .map(|(column, values)| measured(&column.name, values, self.runs))
            .collect();
        if let Some(place) = rows.iter().position(|row| row.metric == "residue") {
            rows.insert(place + 1, self.all_informed(cell));
        }
        let observed = self.observed(cell, &rows);
        for Found { name, law } in laws::all(cell) {
            for row in &mut rows {
                if let Some(limit) = law.limit(&row.metric, &observed) {
                    row.theory_limit = Some(limit);
                    // A law that is exact besides goes before.
                    row.model.get_or_insert(name);
                }
                let Some(mean) = row.mean else { continue };
                if let Some(exact) = law.expected(&row.metric, &observed, &mut self.worked) {
                    row.model = Some(name);
                    judge(row, mean, exact);
                }
            }
        }
        self.values.iter_mut().for_each(Vec::clear);
        self.runs = 0;
        self.quiescent = true;
        self.longest = 0.0;
        rows
    }

    /// The curve of the cell's theory.
    pub fn curve(&mut self, cell: &Cell) -> Option<Curve> {
        Curve::of_cell(cell, &mut self.worked)
    }

    /// In how many runs all nodes were informed.
    fn all_informed(&self, cell: &Cell) -> SummaryRow {
        let mut columns = self.columns.iter().zip(&self.values);
        let informed = columns.find(|(column, _)| column.name == "informed");
        let all = f64::from(cell.setup.nodes);
        let is_all = |informed: &f64| f64::from(*informed == all);
        let outcomes: Vec<f64> = informed
            .map(|(_, values)| values.iter().map(is_all).collect())
            .unwrap_or_default();
        let yes = outcomes.iter().filter(|outcome| **outcome == 1.0).count();
        let mut row = measured(ALL_INFORMED, &outcomes, self.runs);
        if row.count > 0 {
            row.mean = Some(yes as f64 / row.count as f64);
            row.ci95 = Some(proportion::wilson(yes as u64, row.count));
        }
        row
    }

    /// What laws must know of the runs.
    fn observed(&self, cell: &Cell, rows: &[SummaryRow]) -> Observed {
        let reached = |row: &SummaryRow| match row.metric.as_str() {
            ALL_INFORMED => row.min < row.max,
            metric => metric.starts_with("rounds_to_") && row.mean.is_some(),
        };
        let informed = rows.iter().find(|row| row.metric == "informed");
        let least = informed.and_then(|row| row.min);
        Observed {
            spread: rows.iter().any(reached),
            all_informed: least == Some(f64::from(cell.setup.nodes)),
            windows: self.windows(),
            quiescent: self.quiescent,
            longest: self.longest,
        }
    }

    /// The number of windows, where it is the same in every run.
    fn windows(&self) -> Option<u64> {
        let place = self
            .columns
            .iter()
            .position(|c| c.name == "contact_windows")?;
        let (first, rest) = self.values[place].split_first()?;
        rest.iter()
            .all(|other| other == first)
            .then_some(*first as u64)
    }
}

fn measured(metric: &str, values: &[f64], runs: u64) -> SummaryRow {
    let count = values.len() as u64;
    let mut row = SummaryRow {
        metric: metric.to_string(),
        count,
        missing: runs - count,
        ..SummaryRow::default()
    };
    if let Some(summary) = Summary::of(values) {
        row.min = Some(summary.min);
        row.p50 = Some(summary.p50);
        row.p99 = summary.p99;
        row.max = Some(summary.max);
        if row.missing == 0 {
            row.mean = Some(summary.mean);
            row.sd = summary.sd;
            row.se = summary.se;
            row.ci95 = summary.ci95;
        }
    }
    row
}

/// Holds the mean against the exact value.
fn judge(row: &mut SummaryRow, mean: f64, exact: Expected) {
    let theory = exact.mean;
    row.theory = Some(theory);
    row.theory_sd = exact.sd;
    let root = (row.count as f64).sqrt();
    let error = row.theory_sd.map(|sd| sd / root).or(row.se);
    // A share is judged as normal where it is, by the usual rule.
    let rare = row.count as f64 * theory.min(1.0 - theory);
    if row.metric == ALL_INFORMED && rare < COUNT_FOR_Z {
        return;
    }
    row.z = error
        .filter(|error| *error > 0.0)
        .map(|error| (mean - theory) / error);
}
