//! A scenario, how often it is run, and what is claimed of it.

use super::generator::Draws;
use super::{Conditions, THOROUGH};
use crate::metrics::Run;
use crate::metrics::columns::{self, Asked};
use crate::scenario::{Cell, Overrides, Scenario};
use crate::sweep::{self, Selection, Stopped};
use std::convert::Infallible;

/// Some runs, and what they should show.
pub struct Experiment {
    /// What is run, in a line; distinct.
    pub name: String,
    /// Where the claims come from.
    pub source: &'static str,
    /// What gives the values.
    pub(super) trial: Trial,
    /// Runs, or draws.
    pub(super) count: u64,
    /// What should be seen: worked out when it is asked for, as that takes time.
    pub(super) claims: Box<dyn Fn() -> Vec<Claim>>,
}

/// What gives an experiment's values.
pub enum Trial {
    /// A scenario's settings, as TOML lines.
    Runs(String),
    /// Draws, without a simulation.
    Draws(Draws),
}

/// What one value of the runs should be.
pub struct Claim {
    /// The value, by name.
    pub what: String,
    /// What was printed, where a paper printed it.
    pub published: &'static str,
    pub value: Value,
    pub law: Law,
}

/// What is taken from a run; no value where the claim is not about it.
pub enum Value {
    /// A column of `runs.csv`.
    Column(&'static str),
    /// The same, of the runs that informed at least half of the nodes.
    ColumnIfSpread(&'static str),
    /// Nodes informed after this round.
    InformedAfter(u64),
    /// 1 if at least this share of the nodes was informed, else 0.
    Reached(f64),
    /// Updates sent per node, less so many times the coverage.
    TrafficOver(f64),
    /// A draw.
    Draw,
}

/// What the values should be.
pub enum Law {
    /// This mean; the standard deviation of one value, where known.
    Mean { exact: f64, sd: Option<f64> },
    /// The mean that an independent program found, with its standard error.
    Reference { mean: f64, se: f64 },
    /// Anything but this mean: a reading of a paper that is shown to be wrong.
    Not { mean: f64 },
    /// This standard deviation.
    Deviation { exact: f64 },
    /// 1 with this probability, else 0.
    Probability { exact: f64 },
    /// These values with these probabilities.
    Discrete(Vec<(f64, f64)>),
    /// This distribution function.
    Continuous(Box<dyn Fn(f64) -> f64 + Send + Sync>),
}

/// The values of one claim.
#[derive(Default)]
pub struct Sample {
    pub values: Vec<f64>,
    /// Runs that should have a value and have none.
    pub missing: u64,
}

impl Experiment {
    /// What a run is expected to take is no part of it: this many runs.
    pub fn runs(&self, thorough: bool) -> u64 {
        self.count * if thorough { THOROUGH } else { 1 }
    }

    /// The experiment's own seed: no two share their dice, and another
    /// experiment changes no other's.
    fn seed(&self, master: u64) -> u64 {
        // FNV-1a, then a multiply that reaches all bits.
        let of_name = self.name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mixed =
            u128::from(of_name ^ master).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        (mixed >> 75) as u64
    }

    pub(super) fn measure(
        &self,
        conditions: &Conditions,
        claims: &[Claim],
        finished: &(dyn Fn() + Sync),
    ) -> Result<Vec<Sample>, Stopped<Infallible>> {
        let seed = self.seed(conditions.seed);
        let count = self.runs(conditions.thorough);
        let mut samples: Vec<Sample> = claims.iter().map(|_| Sample::default()).collect();
        let settings = match &self.trial {
            Trial::Draws(draws) => {
                let values = draws(&conditions.generator, seed, count);
                samples[0].values = values;
                return Ok(samples);
            }
            Trial::Runs(settings) => settings,
        };
        let text =
            format!("name = \"validation\"\nseed = {seed}\nsweep.replicates = {count}\n{settings}");
        let overrides = Overrides {
            set: conditions.set.to_vec(),
            ..Overrides::default()
        };
        let scenario = Scenario::from_text(&text, &self.name, conditions.protocols, &overrides)?;
        let asked = scenario.asked();
        let reader = |claim: &Claim| claim.value.reader(&asked);
        let readers: Vec<_> = claims.iter().map(reader).collect();
        let take = |_: &Cell, _: u64, run: Result<Run, _>| {
            // Only protocols of others do.
            let run = run.expect("a run that does not panic");
            for ((claim, reader), sample) in claims.iter().zip(&readers).zip(&mut samples) {
                match reader(&run) {
                    Some(Some(value)) => sample.values.push((conditions.alter)(&claim.what, value)),
                    Some(None) => sample.missing += 1,
                    None => {}
                }
            }
            Ok(())
        };
        sweep::run_plain(&scenario, &Selection::All, conditions.jobs, take, finished)?;
        Ok(samples)
    }
}

/// Not about this run; about it, though it has no value; or the value.
type Reading = Option<Option<f64>>;

impl Value {
    fn reader(&self, asked: &Asked) -> Box<dyn Fn(&Run) -> Reading + Send + Sync> {
        let column = |name: &str| {
            let mut columns = columns::columns(asked);
            columns.retain(|column| column.name == name);
            move |run: &Run| {
                columns
                    .first()
                    .and_then(|column| (column.value)(run).number())
            }
        };
        let informed = |run: &Run| f64::from(run.arrivals.informed());
        match *self {
            Value::Column(name) => {
                let column = column(name);
                Box::new(move |run| Some(column(run)))
            }
            Value::ColumnIfSpread(name) => {
                let column = column(name);
                Box::new(move |run| {
                    let is_spread = 2.0 * informed(run) >= f64::from(run.nodes);
                    is_spread.then(|| column(run))
                })
            }
            Value::InformedAfter(round) => Box::new(move |run| {
                // A run that ended before stays as it was.
                let point = run.series.get(round as usize).or(run.series.last());
                Some(point.map(|point| f64::from(point.informed)))
            }),
            Value::Reached(share) => Box::new(move |run| {
                let is_reached = informed(run) >= share * f64::from(run.nodes);
                Some(Some(f64::from(u8::from(is_reached))))
            }),
            Value::TrafficOver(k) => Box::new(move |run| {
                let traffic = run.totals.updates as f64 - k * informed(run);
                Some(Some(traffic / f64::from(run.nodes)))
            }),
            Value::Draw => Box::new(|_| None),
        }
    }
}

impl Claim {
    /// The mean of a column, and the deviation of one run where known.
    pub fn mean(column: &'static str, exact: f64, sd: Option<f64>) -> Claim {
        Claim {
            what: column.to_string(),
            published: "",
            value: Value::Column(column),
            law: Law::Mean { exact, sd },
        }
    }

    /// In so many of the runs at least this share of the nodes is informed; no
    /// claim where one of the two outcomes is expected in fewer than five runs.
    pub fn share(
        what: &str,
        reached: f64,
        exact: f64,
        count: u64,
        published: &'static str,
    ) -> Option<Claim> {
        let rarer = exact.min(1.0 - exact) * count as f64;
        (rarer >= 5.0).then(|| Claim {
            what: what.into(),
            published,
            value: Value::Reached(reached),
            law: Law::Probability { exact },
        })
    }

    /// The same claim as it was printed.
    pub fn published(self, published: &'static str) -> Claim {
        Claim { published, ..self }
    }
}
