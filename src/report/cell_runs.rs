//! One cell's runs to the rows of `summary.csv`, and doubts about them.

use super::doubts::{CutRun, Doubt, Seen};
use super::values::{Aside, Values};
use crate::laws::{self, ALL_INFORMED, Curve, Expected, Found, Observed, Worked};
use crate::metrics::Run;
use crate::metrics::columns::{self, Asked, Column, Span, Type};
use crate::scenario::Cell;
use crate::stats::{COUNT_FOR_P99, Summary, proportion, quantile_or_later, sorted};
use crate::stop::StoppedBy;
use crate::tables::{FileError, SummaryRow, TableReader};
use std::io::Read;
use std::ops::RangeInclusive;

/// The z of a share needs so many expected runs of either outcome.
const COUNT_FOR_Z: f64 = 5.0;

/// Collects the runs of one cell, in order, by their rows of `runs.csv`: nothing
/// else of a run is known here.
pub struct CellRuns {
    columns: Vec<Column>,
    /// For each column the values of the runs that have one.
    values: Vec<Values>,
    /// Where values are put that memory should not hold.
    aside: Option<Box<dyn Aside + Send>>,
    /// What went wrong there.
    error: Option<FileError>,
    runs: u64,
    /// The column of the last goal of a run, if one is asked for.
    last_goal: Option<String>,
    cut: Vec<CutRun>,
    /// Did the rumor die in every run?
    quiescent: bool,
    worked: Worked,
}

/// What the runs of one cell say together.
#[derive(Clone, PartialEq, Debug)]
pub struct CellReport {
    /// The rows of `summary.csv`.
    pub rows: Vec<SummaryRow>,
    /// Where these are weak.
    pub doubts: Vec<Doubt>,
}

impl CellRuns {
    /// For the columns of runs of which this is asked.
    pub fn new(asked: &Asked) -> CellRuns {
        let mut columns = columns::columns(asked);
        columns.retain(|column| column.r#type != Type::Text);
        CellRuns {
            values: columns.iter().map(|_| Values::default()).collect(),
            columns,
            aside: None,
            error: None,
            runs: 0,
            last_goal: asked.thresholds.last().map(|percent| match percent {
                100 => "rounds_to_all".to_string(),
                percent => format!("rounds_to_{percent}"),
            }),
            cut: Vec::new(),
            quiescent: true,
            worked: Worked::default(),
        }
    }

    /// The same, in little memory however many runs there are: about three numbers
    /// a run where a cell is finished.
    pub fn with_aside(asked: &Asked, aside: impl Aside + Send + 'static) -> CellRuns {
        CellRuns {
            aside: Some(Box::new(aside)),
            ..CellRuns::new(asked)
        }
    }

    /// The next replicate.
    pub fn push(&mut self, run: &Run) {
        let value = |column: &Column| (column.value)(run).number();
        let values: Vec<Option<f64>> = self.columns.iter().map(value).collect();
        self.add(&values, run.stopped_by);
    }

    /// The next replicate, by the current row of its `runs.csv`.
    ///
    /// # Errors
    /// What of the row is not as gossim writes it.
    pub fn push_row<R: Read>(&mut self, table: &TableReader<R>) -> Result<(), FileError> {
        let value = |column: &Column| table.optional(table.column(&column.name)?);
        let values: Result<Vec<_>, FileError> = self.columns.iter().map(value).collect();
        let text = table.text(table.column("stopped_by")?);
        let what = || format!("stopped_by: a key under [stop] was expected, not \"{text}\"");
        let stopped_by = StoppedBy::of_text(text).ok_or_else(|| table.refuse(what()))?;
        self.add(&values?, stopped_by);
        Ok(())
    }

    /// One value for each column. What is not finite has no value in the table.
    fn add(&mut self, values: &[Option<f64>], stopped_by: StoppedBy) {
        self.runs += 1;
        self.quiescent &= stopped_by == StoppedBy::Quiescent;
        let finite = |value: &Option<f64>| value.filter(|value| value.is_finite());
        for (all, value) in self.values.iter_mut().zip(values) {
            if let Some(value) = finite(value) {
                let aside = self
                    .aside
                    .as_deref_mut()
                    .map(|aside| aside as &mut dyn Aside);
                if let Err(error) = all.add(value, aside) {
                    self.error.get_or_insert(error);
                }
            }
        }
        let of = |name: &str| {
            let place = self.columns.iter().position(|column| column.name == name)?;
            finite(&values[place])
        };
        let is_short = self
            .last_goal
            .as_ref()
            .is_some_and(|goal| of(goal).is_none());
        if is_short && stopped_by.cause().is_limit() {
            self.cut.push(CutRun {
                ended: of("ended_rounds").unwrap_or_default(),
                last_arrival: of("last_arrival_rounds").unwrap_or_default(),
                stopped_by,
            });
        }
    }

    /// What they say, and an empty collection for the next cell.
    ///
    /// # Errors
    /// Values that were put aside could not be kept.
    pub fn finish(&mut self, cell: &Cell) -> Result<CellReport, FileError> {
        let Sums {
            mut rows,
            observed,
            coverage,
            ..
        } = self.sums(cell)?;
        self.set_beside(cell, &observed, &mut rows);
        let seen = Seen {
            coverage: &coverage,
            cut: &self.cut,
        };
        let doubts = seen.doubts(cell, &rows);
        self.cut.clear();
        self.runs = 0;
        self.quiescent = true;
        Ok(CellReport { rows, doubts })
    }

    /// What the values alone say: one column in memory at a time.
    fn sums(&mut self, cell: &Cell) -> Result<Sums, FileError> {
        let mut sums = Sums::default();
        for (column, values) in self.columns.iter().zip(&mut self.values) {
            let aside = self.aside.as_deref_mut();
            let values = values.take(aside.map(|aside| aside as &mut dyn Aside))?;
            let mut row = measured(&column.name, column.span, &values, self.runs);
            let range = column.range(cell.setup.nodes);
            row.ci95 = row.ci95.map(|ends| cut(ends, &range));
            sums.rows.push(row);
            match column.name.as_str() {
                "coverage" => sums.coverage = values,
                "informed" => sums.all_informed(cell, &values, self.runs),
                "contact_windows" => sums.observed.windows = common(&values),
                "ended_rounds" => {
                    sums.observed.longest = values.iter().copied().fold(0.0, f64::max);
                }
                _ => {}
            }
        }
        match self.error.take() {
            Some(error) => Err(error),
            None => Ok(sums.ordered(self.quiescent)),
        }
    }

    /// Sets the laws of the cell beside what was measured.
    fn set_beside(&mut self, cell: &Cell, observed: &Observed, rows: &mut [SummaryRow]) {
        for Found { name, law } in laws::all(cell) {
            for row in &mut *rows {
                if let Some(limit) = law.limit(&row.metric, observed) {
                    row.theory_limit = Some(limit);
                    // A law that is exact besides goes before.
                    row.model.get_or_insert(name);
                }
                let Some(mean) = row.mean else { continue };
                if let Some(exact) = law.expected(&row.metric, observed, &mut self.worked) {
                    row.model = Some(name);
                    judge(row, mean, exact);
                }
            }
        }
    }

    /// The curve of the cell's theory.
    pub fn curve(&mut self, cell: &Cell) -> Option<Curve> {
        Curve::of_cell(cell, &mut self.worked)
    }
}

/// What the values of all columns say.
#[derive(Default)]
struct Sums {
    rows: Vec<SummaryRow>,
    /// What laws must know of the runs.
    observed: Observed,
    /// The coverage of each run.
    coverage: Vec<f64>,
    all_informed: Option<SummaryRow>,
}

impl Sums {
    /// In how many runs all nodes were informed.
    fn all_informed(&mut self, cell: &Cell, informed: &[f64], runs: u64) {
        let all = f64::from(cell.setup.nodes);
        let is_all = |informed: &f64| f64::from(*informed == all);
        let outcomes: Vec<f64> = informed.iter().map(is_all).collect();
        let yes = outcomes.iter().filter(|outcome| **outcome == 1.0).count();
        let mut row = measured(ALL_INFORMED, Span::Run, &outcomes, runs);
        if row.count > 0 {
            row.mean = Some(yes as f64 / row.count as f64);
            row.ci95 = Some(proportion::wilson(yes as u64, row.count));
        }
        self.observed.all_informed = row.count > 0 && yes as u64 == row.count;
        self.all_informed = Some(row);
    }

    /// With its rows in the order of the table.
    fn ordered(mut self, quiescent: bool) -> Sums {
        let residue = self.rows.iter().position(|row| row.metric == "residue");
        if let Some((place, row)) = residue.zip(self.all_informed.take()) {
            self.rows.insert(place + 1, row);
        }
        let reached = |row: &SummaryRow| match row.metric.as_str() {
            ALL_INFORMED => row.min < row.max,
            metric => metric.starts_with("rounds_to_") && row.mean.is_some(),
        };
        self.observed.spread = self.rows.iter().any(reached);
        self.observed.quiescent = quiescent;
        self
    }
}

/// The value of all, where it is the same.
fn common(values: &[f64]) -> Option<u64> {
    let (first, rest) = values.split_first()?;
    rest.iter()
        .all(|other| other == first)
        .then_some(*first as u64)
}

/// An interval of Student's t as far as it says what can be: of a few runs, or near
/// the end of a metric's range, it may go on beyond.
fn cut((low, high): (f64, f64), range: &RangeInclusive<f64>) -> (f64, f64) {
    (low.max(*range.start()), high.min(*range.end()))
}

fn measured(metric: &str, span: Span, values: &[f64], runs: u64) -> SummaryRow {
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
        if row.missing > 0 && span == Span::Goal {
            // A run without the value would have had a later one than all others.
            let (sorted, later) = (sorted(values), row.missing as usize);
            row.p50 = quantile_or_later(&sorted, later, 0.5);
            let has_p99 = runs >= COUNT_FOR_P99 as u64;
            row.p99 = quantile_or_later(&sorted, later, 0.99).filter(|_| has_p99);
            row.max = None;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 20,000 runs so many have no value; the others have 1, 2, 3, ...
    fn missing(count: u64, span: Span) -> SummaryRow {
        let values: Vec<f64> = (1..=20_000 - count).rev().map(|k| k as f64).collect();
        measured("rounds_to_all", span, &values, 20_000)
    }

    #[test]
    fn quantiles_of_times_count_runs_without_the_value_as_later_than_all_others() {
        let row = missing(0, Span::Goal);
        assert_eq!((row.p50, row.p99), (Some(10_000.5), Some(19_800.01)));
        assert_eq!((row.min, row.max), (Some(1.0), Some(20_000.0)));
        assert_eq!(row.mean, Some(10_000.5));
        // The same quantiles: those that are missing were the largest.
        for count in [1, 99, 199] {
            let row = missing(count, Span::Goal);
            assert_eq!((row.count, row.missing), (20_000 - count, count));
            assert_eq!((row.p50, row.p99), (Some(10_000.5), Some(19_800.01)));
            assert_eq!((row.min, row.max), (Some(1.0), None));
            assert_eq!((row.mean, row.ci95), (None, None));
        }
        // It rests on the 19,801st, then on none that is known.
        let row = missing(200, Span::Goal);
        assert_eq!((row.p50, row.p99), (Some(10_000.5), None));
        assert_eq!(missing(9_999, Span::Goal).p50, Some(10_000.5));
        let row = missing(10_000, Span::Goal);
        assert_eq!((row.min, row.p50, row.p99), (Some(1.0), None, None));
        let row = missing(20_000, Span::Goal);
        assert_eq!((row.min, row.p50, row.max), (None, None, None));
    }

    #[test]
    fn what_is_missing_of_other_metrics_is_not_late() {
        let row = missing(10_000, Span::Run);
        assert_eq!((row.p50, row.p99), (Some(5_000.5), Some(9_900.01)));
        assert_eq!(row.max, Some(10_000.0));
        let few: Vec<f64> = (1..=98).map(f64::from).collect();
        assert_eq!(measured("m", Span::Run, &few, 100).p99, None);
        assert_eq!(measured("m", Span::Goal, &few, 99).p99, None);
        assert_eq!(measured("m", Span::Goal, &few, 100).p99, None);
        let row = measured(
            "m",
            Span::Goal,
            &(1..=100).map(f64::from).collect::<Vec<_>>(),
            101,
        );
        assert_eq!(row.p99, Some(100.0), "position 99 of 0 to 100, exactly");
    }
}
