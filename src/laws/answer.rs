//! What a law answers on the command line: a table, or CSV.

use crate::theory::Moments;

/// An answer.
#[derive(Clone, PartialEq, Debug)]
pub enum Answer {
    /// A table for people.
    Table {
        /// The names of its columns.
        header: Vec<&'static str>,
        /// Its rows, as wide.
        rows: Vec<Vec<String>>,
    },
    /// The text of a CSV file.
    Csv(String),
}

/// A name, a number, its deviation where it is that of a run, a unit.
pub(super) type OfRun = (&'static str, f64, Option<f64>, &'static str);

pub(super) fn of_run(name: &'static str, moments: Moments, unit: &'static str) -> OfRun {
    (name, moments.mean, Some(moments.sd()), unit)
}

impl Answer {
    /// Names, values and their units.
    pub(super) fn values(rows: &[(&str, f64, &str)]) -> Answer {
        let row = |(name, value, unit): &(&str, f64, &str)| {
            vec![name.to_string(), value.to_string(), unit.to_string()]
        };
        Answer::Table {
            header: vec!["", "value", "unit"],
            rows: rows.iter().map(row).collect(),
        }
    }

    /// The same where values are approximate, or there is none.
    pub(super) fn approximate(rows: &[(&str, Option<f64>, &str)]) -> Answer {
        let row = |(name, value, unit): &(&str, Option<f64>, &str)| {
            let value = value.map_or(String::new(), |value| value.to_string());
            vec![name.to_string(), value, unit.to_string()]
        };
        Answer::Table {
            header: vec!["approximate", "value", "unit"],
            rows: rows.iter().map(row).collect(),
        }
    }

    /// What one run gives.
    pub(super) fn of_runs(rows: &[OfRun]) -> Answer {
        let row = |(name, mean, sd, unit): &OfRun| {
            let sd = sd.map_or(String::new(), |sd| sd.to_string());
            vec![name.to_string(), mean.to_string(), sd, unit.to_string()]
        };
        Answer::Table {
            header: vec!["", "mean", "sd of one run", "unit"],
            rows: rows.iter().map(row).collect(),
        }
    }
}
