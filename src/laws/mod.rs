//! The models of theory as laws of a cell: when each applies, what it expects of
//! each metric, its curve, and what `gossim theory` asks and answers. A file per
//! model, one list.
//!
//! A law is asked by a cell's [`Premises`]. The families of laws take these apart
//! field by field, without `..`: a setting that is new does not compile until each
//! has said what it makes of it. What a law does not know forbids it.
//!
//! Invariant: runs nothing and reads no table; where no law's premises are met,
//! shows no theory rather than a wrong one, and says why.

mod answer;
mod contact;
mod contact_poisson;
mod contacts;
mod curve;
mod endings;
mod final_size;
mod flood;
mod graph_chain;
mod infect_and_die;
mod leading_terms;
mod logistic;
mod mean_field;
mod on_graph;
mod options;
mod premises;
mod rumor_mongering;
mod spread_chain;
mod spread_poisson;
mod spreading;
mod subject;
#[cfg(test)]
mod tests;
mod worked;

pub use answer::Answer;
pub use curve::{Curve, CurveRow};
pub use premises::{Nearness, Premises, Refusal};
pub use subject::Subject;
pub use worked::Worked;

use crate::protocol::Exchange::{Pull, Push, PushPull};
use crate::scenario::Cell;
use clap::{ArgMatches, Command};
use leading_terms::LeadingTerms;
use spread_chain::SpreadChain;
use spread_poisson::SpreadPoisson;

/// The laws, sorted by name: one line each.
pub const LAWS: &[&dyn Law] = &[
    &contact::Contact,
    &contact_poisson::ContactPoisson,
    &flood::Flood,
    &graph_chain::GraphChain,
    &infect_and_die::InfectAndDie,
    &mean_field::MeanField,
    &SpreadChain(Pull),
    &SpreadPoisson(Pull),
    &SpreadChain(Push),
    &LeadingTerms::PUSH,
    &SpreadPoisson(Push),
    &SpreadChain(PushPull),
    &LeadingTerms::PUSH_PULL,
    &SpreadPoisson(PushPull),
    &rumor_mongering::RumorMongering,
    &logistic::Logistic,
    &final_size::FinalSize,
];

/// The metric that says in a summary, and in a comparison, which share of the
/// runs ended with all nodes informed.
pub const ALL_INFORMED: &str = "all_informed";

/// One model: what it is about, where it holds, what it says by itself.
pub trait Law: Sync {
    /// Its name, as in `gossim theory NAME` and in tables.
    fn name(&self) -> &'static str;

    /// What it is, in one line.
    fn about(&self) -> &'static str;

    /// Which question it answers of a cell; `None` where it answers none.
    fn subject(&self) -> Option<Subject> {
        None
    }

    /// What it says of a cell.
    ///
    /// # Errors
    /// Why it does not hold there.
    fn applies(&self, _cell: &Premises) -> Result<Box<dyn Applied>, Refusal> {
        Err(Refusal::protocol("it is asked by gossim theory only"))
    }

    /// Its arguments on the command line.
    fn arguments(&self, command: Command) -> Command;

    /// What it answers to these.
    ///
    /// # Errors
    /// Which argument cannot be.
    fn answer(&self, arguments: &ArgMatches) -> Result<Answer, String>;
}

/// A law as it holds in a cell.
pub trait Applied {
    /// The value of a metric for many nodes.
    fn limit(&self, _metric: &str, _observed: &Observed) -> Option<f64> {
        None
    }

    /// What a metric (a column of `runs.csv`, or [`ALL_INFORMED`]) that has a mean
    /// is expected to be; none if the law does not say.
    fn expected(&self, _: &str, _: &Observed, _: &mut Worked) -> Option<Expected> {
        None
    }

    /// How many nodes are informed over time; empty if that takes too long.
    fn curve(&self, _worked: &mut Worked) -> Vec<CurveRow> {
        Vec::new()
    }

    /// How many nodes so many windows are expected to leave uncontacted in all.
    fn uncontacted(&self, _windows: u64) -> Option<f64> {
        None
    }
}

/// What a law must know of a cell's runs.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Observed {
    /// Was some goal reached in every run, or all nodes informed in some runs?
    /// Else how it spread is worked out for nothing.
    pub spread: bool,
    /// Were all nodes informed in every run?
    pub all_informed: bool,
    /// The windows in which contacts were counted, where all runs have as many.
    pub windows: Option<u64>,
    /// Did the rumor die in every run?
    pub quiescent: bool,
    /// Rounds of the longest.
    pub longest: f64,
}

impl Default for Observed {
    /// Of no run.
    fn default() -> Observed {
        Observed {
            spread: true,
            all_informed: true,
            windows: None,
            quiescent: true,
            longest: 0.0,
        }
    }
}

/// What one metric is expected to be.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Expected {
    /// The expectation.
    pub mean: f64,
    /// The standard deviation of one run, where known.
    pub sd: Option<f64>,
}

impl Expected {
    /// Of a yes or no that is yes with this probability.
    fn of_share(p: f64) -> Expected {
        Expected {
            mean: p,
            sd: Some((p * (1.0 - p)).sqrt()),
        }
    }

    fn of(moments: crate::theory::Moments, unit: f64) -> Expected {
        Expected {
            mean: moments.mean * unit,
            sd: Some(moments.sd() * unit),
        }
    }
}

/// A law that holds in a cell.
pub struct Found {
    /// Its name.
    pub name: &'static str,
    /// What it says there.
    pub law: Box<dyn Applied>,
}

/// The law of a subject that holds in the cell.
///
/// # Errors
/// Why none does: the reason of the law that came nearest.
pub fn find(subject: Subject, cell: &Cell) -> Result<Found, Refusal> {
    find_by(subject, &Premises::of(cell))
}

fn find_by(subject: Subject, premises: &Premises) -> Result<Found, Refusal> {
    let mut nearest: Option<Refusal> = None;
    for law in LAWS.iter().filter(|law| law.subject() == Some(subject)) {
        let name = law.name();
        match law.applies(premises) {
            Ok(law) => return Ok(Found { name, law }),
            Err(refusal) => {
                let is_nearer = |old: &Refusal| refusal.nearness > old.nearness;
                if nearest.as_ref().is_none_or(is_nearer) {
                    nearest = Some(refusal);
                }
            }
        }
    }
    Err(nearest.unwrap_or_else(|| Refusal::protocol("no law is known here")))
}

/// The exact contact probability, where a law gives it before any run.
pub fn probability_of_contact(cell: &Cell) -> Option<f64> {
    let found = find(Subject::Contacts, cell).ok()?;
    let before = Observed::default();
    let expected = found
        .law
        .expected("contact_probability", &before, &mut Worked::default());
    expected.map(|expected| expected.mean)
}

/// All laws that hold in the cell.
pub fn all(cell: &Cell) -> Vec<Found> {
    let premises = Premises::of(cell);
    let found = Subject::ALL.map(|subject| find_by(subject, &premises).ok());
    found.into_iter().flatten().collect()
}

impl Curve {
    /// The curve of the cell's exact law of spreading, or else of the mean field;
    /// none where neither holds. Up to the round that ends all runs.
    pub fn of_cell(cell: &Cell, worked: &mut Worked) -> Option<Curve> {
        let premises = Premises::of(cell);
        if premises.end.is_partial(premises.nodes) {
            // Each run ends at another time.
            return None;
        }
        let exact = find_by(Subject::Rounds, &premises);
        let found = exact.or_else(|_| find_by(Subject::Curve, &premises)).ok()?;
        let mut points = found.law.curve(worked);
        points.retain(|row| row.round <= premises.end.last_round);
        (!points.is_empty()).then_some(Curve {
            model: found.name,
            points,
        })
    }
}
