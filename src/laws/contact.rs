//! Is a node called in a round? Everybody calls once a round, complete graph.
//!
//! Holds under the periodic clock too, where the latency is constant and the
//! warm-up covers it: then each node calls once in each window.

use super::contacts::{Contacts, EverybodyCalls, Model, Options, answer};
use super::options::parsed;
use super::{Answer, Applied, Law, Premises, Refusal, Subject};
use crate::engine::Clock;
use crate::theory::contact;
use clap::{ArgMatches, Args, Command};

const MODEL: Model = Model {
    probability: contact::contact_probability,
    uncontacted: contact::uncontacted_probability,
    variance: contact::uncontacted_variance,
    sd_of_run: contact::contact_sd_of_run,
};

/// `contact`.
pub(super) struct Contact;

impl Law for Contact {
    fn name(&self) -> &'static str {
        "contact"
    }

    fn about(&self) -> &'static str {
        "is a node called in a round? everybody calls once a round, complete graph (exact)"
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
        match clock {
            Clock::Synchronous => {}
            Clock::Periodic if !latency.is_constant() => {
                return Err(
                    "under the periodic clock a latency that varies has no closed form".into(),
                );
            }
            Clock::Periodic if latency.exceeds(warm_up) > 0.0 => {
                return Err("the latency is longer than measure.warm_up".into());
            }
            Clock::Periodic => {}
            Clock::Poisson => return Err(Refusal::clock("the law is for common rounds")),
        }
        Ok(Box::new(Contacts {
            model: &MODEL,
            calls,
            sd_known: true,
        }))
    }

    fn arguments(&self, command: Command) -> Command {
        Options::augment_args(command)
    }

    fn answer(&self, arguments: &ArgMatches) -> Result<Answer, String> {
        answer(&parsed(arguments)?, &MODEL)
    }
}
