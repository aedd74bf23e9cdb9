//! Is a node called within a period? Poisson clocks, complete graph.

use super::contacts::{Contacts, EverybodyCalls, Model, Options, answer};
use super::options::parsed;
use super::{Answer, Applied, Law, Premises, Refusal, Subject};
use crate::engine::Clock;
use crate::theory::{Targets, contact_poisson};
use clap::{ArgMatches, Args, Command};

/// The longest tail of the latency that may reach beyond the warm-up for the
/// Poisson clock to count as stationary.
const TAIL_MAX: f64 = 1e-9;

const MODEL: Model = Model {
    probability: contact_poisson::contact_probability,
    uncontacted: contact_poisson::uncontacted_probability,
    variance: contact_poisson::uncontacted_variance,
    sd_of_run: contact_poisson::contact_sd_of_run,
};

/// `contact-poisson`.
pub(super) struct ContactPoisson;

impl Law for ContactPoisson {
    fn name(&self) -> &'static str {
        "contact-poisson"
    }

    fn about(&self) -> &'static str {
        "is a node called within a period? Poisson clocks, complete graph (exact)"
    }

    fn subject(&self) -> Option<Subject> {
        Some(Subject::Contacts)
    }

    fn applies(&self, cell: &Premises) -> Result<Box<dyn Applied>, Refusal> {
        let EverybodyCalls {
            calls,
            clock,
            latency,
            warm_up,
        } = EverybodyCalls::of(cell)?;
        if clock != Clock::Poisson {
            return Err(Refusal::clock("the law is for Poisson clocks"));
        }
        if latency.exceeds(warm_up) > TAIL_MAX {
            return Err(
                "latencies reach beyond measure.warm_up, so its end is not stationary".into(),
            );
        }
        let is_constant = latency.is_constant();
        if calls.targets == Targets::WithReplacement && calls.fanout > 1 && !is_constant {
            return Err(
                "drawing with replacement, a latency that varies has no closed form".into(),
            );
        }
        Ok(Box::new(Contacts {
            model: &MODEL,
            calls,
            sd_known: is_constant || calls.fanout == 1,
        }))
    }

    fn arguments(&self, command: Command) -> Command {
        Options::augment_args(command)
    }

    fn answer(&self, arguments: &ArgMatches) -> Result<Answer, String> {
        answer(&parsed(arguments)?, &MODEL)
    }
}
