//! The columns of the tables: one list for the headers and the manifest.

use crate::column::Better;
use crate::metrics::columns::{self, Asked, Type};

/// One column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Its name in the header.
    pub name: String,
    /// What its values are.
    pub r#type: Type,
    /// The unit; empty where there is none.
    pub unit: &'static str,
    /// What it holds, in one line.
    pub about: String,
    /// Which way it is better.
    pub better: Better,
}

/// An axis of a sweep.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AxisColumn {
    /// The key that it sets, as in `network.loss`.
    pub key: String,
    /// What its values are in the tables.
    pub r#type: Type,
}

/// The narrowest type that holds all these fields; empty ones fit any.
pub fn type_of<'a>(values: impl IntoIterator<Item = &'a str>) -> Type {
    let mut narrowest = Type::Whole;
    for value in values.into_iter().filter(|value| !value.is_empty()) {
        let found = if value.parse::<i64>().is_ok() {
            Type::Whole
        } else if value.parse::<f64>().is_ok_and(f64::is_finite) {
            Type::Real
        } else {
            return Type::Text;
        };
        if found == Type::Real {
            narrowest = Type::Real;
        }
    }
    narrowest
}

/// Axes on these keys have a fixed column in every table and get no other.
const FIXED: [&str; 3] = ["protocol.kind", "protocol.fanout", "nodes.count"];

/// Has this axis a column of its own in `runs.csv`? (`seed` has a fixed one there.)
pub(crate) fn has_column_in_runs(key: &str) -> bool {
    has_column_in_summary(key) && key != "seed"
}

/// Has this axis a column of its own in `summary.csv`?
pub(crate) fn has_column_in_summary(key: &str) -> bool {
    !FIXED.contains(&key)
}

fn field(name: &str, r#type: Type, unit: &'static str, about: &str) -> Field {
    Field {
        name: name.to_string(),
        r#type,
        unit,
        about: about.to_string(),
        better: Better::Neither,
    }
}

fn axis_fields(axes: &[AxisColumn], has_column: fn(&str) -> bool) -> impl Iterator<Item = Field> {
    let further = axes.iter().filter(move |axis| has_column(&axis.key));
    further.map(|axis| {
        let about = format!("the scenario's axis {}", axis.key);
        field(&axis.key, axis.r#type, "", &about)
    })
}

fn cell() -> Field {
    let about = "number of the cell: row-major in the grid of cases and axes, from 0";
    field("cell", Type::Whole, "", about)
}

fn case() -> Field {
    let about = "label of the cell's case; empty where the scenario has no cases";
    field("case", Type::Text, "", about)
}

fn replicate() -> Field {
    let about = "number of the replicate within its cell, from 0";
    field("replicate", Type::Whole, "", about)
}

fn what_runs(fanout: Type) -> [Field; 3] {
    [
        field("protocol", Type::Text, "", "the scenario's protocol.kind"),
        field("nodes", Type::Whole, "nodes", "the scenario's nodes.count"),
        field(
            "fanout",
            fanout,
            "",
            "the scenario's protocol.fanout: peers per cycle, or all",
        ),
    ]
}

/// The columns of `runs.csv`.
pub(crate) fn runs(axes: &[AxisColumn], fanout: Type, asked: &Asked) -> Vec<Field> {
    let about_seed = "master seed; cell and replicate make it the run's own";
    let mut all = vec![
        cell(),
        case(),
        replicate(),
        field("seed", Type::Whole, "", about_seed),
    ];
    all.extend(what_runs(fanout));
    all.extend(axis_fields(axes, has_column_in_runs));
    all.extend(columns::columns(asked).into_iter().map(|c| Field {
        name: c.name,
        r#type: c.r#type,
        unit: c.unit,
        about: c.about,
        better: c.better,
    }));
    all
}

/// The columns of `series.csv`.
pub(crate) fn series() -> Vec<Field> {
    vec![
        cell(),
        replicate(),
        field("time_s", Type::Real, "s", "simulated time"),
        field("round", Type::Real, "rounds", "simulated time / period"),
        field(
            "informed",
            Type::Whole,
            "nodes",
            "nodes that hold the rumor then",
        ),
        field("informed_fraction", Type::Real, "1", "informed / nodes"),
        field(
            "messages_sent",
            Type::Whole,
            "messages",
            "messages sent until then, lost ones too",
        ),
    ]
}

/// The columns of `failed.csv`.
pub(crate) fn failed() -> Vec<Field> {
    let text = |name, about| field(name, Type::Text, "", about);
    vec![
        cell(),
        replicate(),
        text(
            "message",
            "what the panic that ended the run said, and where in the source",
        ),
        text("command", "what runs it again, in this directory"),
    ]
}

/// The columns of `theory.csv`.
pub(crate) fn theory(axes: &[AxisColumn], fanout: Type) -> Vec<Field> {
    let mut all = vec![cell(), case()];
    all.extend(what_runs(fanout));
    all.extend(axis_fields(axes, has_column_in_summary));
    let model = "the model that the row is from, as in gossim list models";
    let nodes = |name, about| field(name, Type::Real, "nodes", about);
    let chance = |name, about| field(name, Type::Real, "1", about);
    all.extend([
        field("model", Type::Text, "", model),
        field("time_s", Type::Real, "s", "simulated time"),
        field("round", Type::Real, "rounds", "simulated time / period"),
        nodes("informed", "expected number of informed nodes then"),
        chance("informed_fraction", "informed / nodes"),
        nodes("sd", "exact standard deviation of that number in one run"),
        nodes("informed_p10", "its exact quantile 0.1"),
        nodes("informed_p50", "its exact median"),
        nodes("informed_p90", "its exact quantile 0.9"),
        chance(
            "within_50",
            "probability that half of the nodes are informed by then",
        ),
        chance(
            "within_99",
            "probability that 99 % of the nodes are informed by then",
        ),
        chance(
            "within_all",
            "probability that all nodes are informed by then",
        ),
    ]);
    all
}

/// The columns of `summary.csv`.
pub(crate) fn summary(axes: &[AxisColumn], fanout: Type) -> Vec<Field> {
    let mut all = vec![cell(), case()];
    all.extend(what_runs(fanout));
    all.extend(axis_fields(axes, has_column_in_summary));
    let text = |name, about| field(name, Type::Text, "", about);
    let runs = |name, about| field(name, Type::Whole, "runs", about);
    let real = |name, about| field(name, Type::Real, "", about);
    all.extend([
        text(
            "metric",
            "the column of runs.csv that this row sums up, or all_informed: the share of runs with informed = nodes",
        ),
        runs("count", "runs that have a value"),
        runs(
            "missing",
            "runs that ended without one: then mean, interval, theory and z are empty",
        ),
        real(
            "mean",
            "mean over the runs, in the metric's unit, as all that follow up to theory_limit",
        ),
        real("sd", "standard deviation over the runs (n - 1)"),
        real("se", "standard error of the mean: sd / sqrt(count)"),
        real(
            "ci95_low",
            "lower end of the mean's 95 % interval by Student's t, cut where the metric's range ends; for all_informed by Wilson",
        ),
        real("ci95_high", "upper end of that interval"),
        real("min", "smallest value"),
        real("p50", "median, a quantile of type 7"),
        real(
            "p99",
            "99th percentile, a quantile of type 7; from 100 runs on",
        ),
        real("max", "largest value"),
        real("theory", "exact expected value for this finite cell"),
        real(
            "theory_sd",
            "exact standard deviation of one run, where known",
        ),
        real("theory_limit", "limit or leading terms for large n"),
        text(
            "model",
            "the model that theory is from, as in gossim list models",
        ),
        field(
            "z",
            Type::Real,
            "1",
            "(mean - theory) / standard error, from theory_sd where known, else from se",
        ),
    ]);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_type_that_holds_all() {
        let table: [(&[&str], Type); 6] = [
            (&["1", "-3", ""], Type::Whole),
            (&["1", "0.5"], Type::Real),
            (&["1", "all"], Type::Text),
            (&["50ms"], Type::Text),
            (&["NaN"], Type::Text),
            (&[], Type::Whole),
        ];
        for (values, expected) in table {
            assert_eq!(type_of(values.iter().copied()), expected, "{values:?}");
        }
    }

    #[test]
    fn every_column_is_described_and_named_once() {
        let axes = ["network.loss", "seed", "nodes.count"].map(|key| AxisColumn {
            key: key.to_string(),
            r#type: Type::Real,
        });
        for fields in [
            runs(&axes, Type::Whole, &Asked::thresholds(&[50, 99, 100])),
            series(),
            summary(&axes, Type::Text),
            theory(&axes, Type::Text),
        ] {
            let mut names: Vec<&str> = fields.iter().map(|f| f.name.as_str()).collect();
            assert!(fields.iter().all(|f| !f.about.is_empty()));
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count);
        }
    }
}
