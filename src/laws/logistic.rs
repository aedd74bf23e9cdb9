//! The informed share over time by the logistic curve of textbooks: for `gossim
//! theory` alone.

use super::options::{ExchangeOptions, approximate_goals, line, parsed};
use super::{Answer, Law};
use crate::theory::logistic;
use clap::{ArgMatches, Args, Command};

/// Points of a curve per period.
const POINTS: u32 = 4;

/// And in all.
const POINTS_MAX: u64 = 100_000;

/// `si-logistic`.
pub(super) struct Logistic;

impl Law for Logistic {
    fn name(&self) -> &'static str {
        "si-logistic"
    }

    fn about(&self) -> &'static str {
        "informed share over time by the logistic curve of textbooks: approximate"
    }

    fn arguments(&self, command: Command) -> Command {
        ExchangeOptions::augment_args(command)
    }

    /// All but half a node counts as all.
    fn answer(&self, arguments: &ArgMatches) -> Result<Answer, String> {
        let options: ExchangeOptions = parsed(arguments)?;
        let spread = options.spread()?;
        let nodes = spread.calls.nodes as f64;
        let rate = logistic::logistic_rate(&spread);
        let first = spread.sources as f64 / nodes;
        let to = |goal: u64| {
            let share = (goal as f64).min(nodes - 0.5) / nodes;
            logistic::logistic_time_to(rate, first, share)
        };
        let times = options.goals().map(to);
        if !options.curve() {
            return Ok(approximate_goals(times.map(Some), "periods"));
        }
        let points = libm::ceil(times[2] * f64::from(POINTS)) as u64;
        if points > POINTS_MAX {
            return Err(format!(
                "the curve takes {points} points, more than {POINTS_MAX}: without --curve there are times"
            ));
        }
        let mut csv = "time,informed\n".to_string();
        for point in 0..=points {
            let time = point as f64 / f64::from(POINTS);
            let share = logistic::logistic_share(rate, first, time);
            line(&mut csv, &[time, nodes * share]);
        }
        Ok(Answer::Csv(csv))
    }
}
