//! What the tests of the simulator against truth share: a cell in one line, its
//! runs in replicate order, a mean with its standard error.

use gossim::metrics::Run;
use gossim::metrics::columns;
use gossim::registry::PROTOCOLS;
use gossim::run;
use gossim::scenario::{Cell, Overrides, Scenario};
use rayon::prelude::*;

/// Ten nodes push in common rounds, until all are informed or for 1000 rounds.
const BASE: &str = r#"
name = "test"
[nodes]
count = 10
[protocol]
kind = "push"
[clock]
mode = "synchronous"
[stop]
all_informed = true
rounds = 1000
"#;

/// [`BASE`] with settings as on the command line, with spaces between them.
pub fn cell(settings: &str) -> Cell {
    let overrides = Overrides {
        set: settings.split_whitespace().map(String::from).collect(),
        ..Overrides::default()
    };
    let scenario = Scenario::from_text(BASE, "test.toml", PROTOCOLS, &overrides);
    let cell = scenario.and_then(|scenario| scenario.base());
    cell.unwrap_or_else(|error| panic!("{settings}: {error}"))
}

/// The first runs of a cell, in order.
pub fn runs(cell: &Cell, seed: u64, replicates: u64) -> Vec<Run> {
    let replicates = 0..replicates;
    replicates
        .into_par_iter()
        .map(|replicate| run::run(cell, seed, replicate))
        .collect()
}

/// A column of `runs.csv`, for runs that all have a value in it.
pub fn values(cell: &Cell, runs: &[Run], name: &str) -> Vec<f64> {
    let mut columns = columns::columns(&cell.asked());
    columns.retain(|column| column.name == name);
    let [column] = &columns[..] else {
        panic!("no column {name}");
    };
    let number = |run| (column.value)(run).number();
    let numbers = runs.iter().map(number);
    let missing = || panic!("a run without {name}");
    numbers.map(|n| n.unwrap_or_else(missing)).collect()
}

/// A mean and its standard error.
#[derive(Clone, Copy, Debug)]
pub struct Mean {
    /// The mean.
    pub mean: f64,
    /// Its standard error.
    pub se: f64,
}

impl Mean {
    /// Of a sample; the standard error from the sample.
    pub fn of(sample: &[f64]) -> Mean {
        let count = sample.len() as f64;
        let mean = sample.iter().sum::<f64>() / count;
        let squares: f64 = sample.iter().map(|x| (x - mean) * (x - mean)).sum();
        let se = (squares / (count - 1.0) / count).sqrt();
        Mean { mean, se }
    }

    /// Of a sample from a law whose standard deviation is known.
    pub fn with_sd(sample: &[f64], sd: f64) -> Mean {
        let se = sd / (sample.len() as f64).sqrt();
        let mean = Mean::of(sample).mean;
        Mean { mean, se }
    }

    /// Within 4.5 standard errors of `truth`, which is given to within
    /// `rounding`? For a mean of many runs that is a chance of 1 in 150,000 to
    /// be refused though right.
    pub fn check(self, truth: f64, rounding: f64) -> Result<(), String> {
        let off = (self.mean - truth).abs();
        if off <= 4.5 * self.se + rounding {
            return Ok(());
        }
        let Mean { mean, se } = self;
        let z = (mean - truth) / se;
        Err(format!("mean {mean}, se {se}, expected {truth}: z = {z}"))
    }
}
