//! One cell's runs to the rows of `summary.csv`, and doubts about them.

use super::doubts::{CutRun, Doubt, Seen};
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
    values: Vec<Vec<f64>>,
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
            values: vec![Vec::new(); columns.len()],
            columns,
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
            all.extend(finite(value));
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
    pub fn finish(&mut self, cell: &Cell) -> CellReport {
        let rows = self.rows(cell);
        let seen = Seen {
            coverage: self.of("coverage"),
            cut: &self.cut,
        };
        let doubts = seen.doubts(cell, &rows);
        self.values.iter_mut().for_each(Vec::clear);
        self.cut.clear();
        self.runs = 0;
        self.quiescent = true;
        CellReport { rows, doubts }
    }

    fn rows(&mut self, cell: &Cell) -> Vec<SummaryRow> {
        let mut rows: Vec<SummaryRow> = (self.columns.iter().zip(&self.values))
            .map(|(column, values)| {
                let mut row = measured(&column.name, column.span, values, self.runs);
                let range = column.range(cell.setup.nodes);
                row.ci95 = row.ci95.map(|ends| cut(ends, &range));
                row
            })
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
        rows
    }

    /// The values of the runs that have one in this column.
    fn of(&self, name: &str) -> &[f64] {
        let place = self.columns.iter().position(|column| column.name == name);
        place.map_or(&[], |place| &self.values[place])
    }

    /// The curve of the cell's theory.
    pub fn curve(&mut self, cell: &Cell) -> Option<Curve> {
        Curve::of_cell(cell, &mut self.worked)
    }

    /// In how many runs all nodes were informed.
    fn all_informed(&self, cell: &Cell) -> SummaryRow {
        let all = f64::from(cell.setup.nodes);
        let is_all = |informed: &f64| f64::from(*informed == all);
        let outcomes: Vec<f64> = self.of("informed").iter().map(is_all).collect();
        let yes = outcomes.iter().filter(|outcome| **outcome == 1.0).count();
        let mut row = measured(ALL_INFORMED, Span::Run, &outcomes, self.runs);
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
            longest: self.of("ended_rounds").iter().copied().fold(0.0, f64::max),
        }
    }

    /// The number of windows, where it is the same in every run.
    fn windows(&self) -> Option<u64> {
        let (first, rest) = self.of("contact_windows").split_first()?;
        rest.iter()
            .all(|other| other == first)
            .then_some(*first as u64)
    }
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
