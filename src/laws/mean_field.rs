//! Nodes informed after each round, by each round's expectation: the curve of a
//! cell with more nodes than the exact chain is practical for.

use super::curve::{self, CurveRow};
use super::options::{ExchangeOptions, approximate_goals, line, parsed};
use super::spreading::Rumor;
use super::{Answer, Applied, Law, Premises, Refusal, Subject, Worked};
use crate::engine::Clock;
use crate::protocol::{Exchange, Spreading};
use crate::theory::{Spread, mean_field};
use clap::{ArgMatches, Args, Command};

/// `mean-field`.
pub(super) struct MeanField;

impl Law for MeanField {
    fn name(&self) -> &'static str {
        "mean-field"
    }

    fn about(&self) -> &'static str {
        "nodes informed after each round, by each round's expectation: approximate (Demers et al. 1987)"
    }

    fn subject(&self) -> Option<Subject> {
        Some(Subject::Curve)
    }

    fn applies(&self, cell: &Premises) -> Result<Box<dyn Applied>, Refusal> {
        let exchange = match cell.spreading {
            Spreading::Forever(exchange) => exchange,
            _ => Exchange::default(), // which refuses
        };
        let Rumor {
            spread,
            clock,
            latency: _, // there is none in common rounds
            runs: _,    // a curve is of what spreads, whatever is made of it
        } = Rumor::of(cell, exchange)?;
        match clock {
            Clock::Synchronous => Ok(Box::new(InCell(spread))),
            Clock::Periodic | Clock::Poisson => {
                Err(Refusal::clock("the mean field is for common rounds"))
            }
        }
    }

    fn arguments(&self, command: Command) -> Command {
        ExchangeOptions::augment_args(command)
    }

    fn answer(&self, arguments: &ArgMatches) -> Result<Answer, String> {
        let options: ExchangeOptions = parsed(arguments)?;
        let curve = mean_field::approximate_curve(&options.spread()?);
        if options.curve() {
            let mut csv = "round,informed\n".to_string();
            for (round, informed) in curve.iter().enumerate() {
                line(&mut csv, &[round as f64, *informed]);
            }
            return Ok(Answer::Csv(csv));
        }
        let to = |goal| mean_field::approximate_rounds_to(&curve, goal);
        let values = options.goals().map(|goal| to(goal).map(|t| t as f64));
        Ok(approximate_goals(values, "rounds"))
    }
}

struct InCell(Spread);

impl Applied for InCell {
    fn curve(&self, _: &mut Worked) -> Vec<CurveRow> {
        curve::approximate(&mean_field::approximate_curve(&self.0))
    }
}
