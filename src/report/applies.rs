//! Which model's assumptions a cell meets.

use crate::engine::{Clock, Setup};
use crate::protocol::Fanout;
use crate::scenario::Cell;
use crate::stop::StoppedBy;
use crate::theory::{self, Calls, Targets, contact, contact_poisson};

/// The longest tail of the latency that may reach beyond the warm-up for the
/// Poisson clock to count as stationary.
const TAIL_MAX: f64 = 1e-9;

/// The contact model that a cell meets.
#[derive(Clone, Copy, Debug)]
pub struct Contact {
    calls: Calls,
    poisson: bool,
    sd_known: bool,
}

impl Contact {
    /// The model's name.
    pub fn model(&self) -> &'static str {
        if self.poisson {
            "contact-poisson"
        } else {
            "contact"
        }
    }

    /// The exact contact probability.
    pub fn probability(&self) -> f64 {
        match self.poisson {
            true => contact_poisson::contact_probability(&self.calls),
            false => contact::contact_probability(&self.calls),
        }
    }

    /// The number of nodes, expected in all windows of a run together, that are
    /// not contacted.
    pub fn uncontacted(&self, windows: u64) -> f64 {
        let one = match self.poisson {
            true => contact_poisson::uncontacted_probability(&self.calls),
            false => contact::uncontacted_probability(&self.calls),
        };
        one * self.calls.nodes as f64 * windows as f64
    }

    /// The standard deviation of what one run of so many windows measures.
    pub fn sd_of_run(&self, windows: u64) -> Option<f64> {
        let known = self.sd_known && windows > 0;
        known.then(|| match self.poisson {
            true => contact_poisson::contact_sd_of_run(&self.calls, windows),
            false => contact::contact_sd_of_run(&self.calls, windows),
        })
    }

    /// The limit for many nodes, 1-e^{-m(1-q)}.
    pub fn limit(&self) -> f64 {
        contact::contact_limit(self.calls.fanout, self.calls.loss)
    }
}

/// The contact model whose assumptions the cell meets (DESIGN of the contact
/// model: README, "What is measured").
///
/// # Errors
/// Why none applies, as a clause that follows "no theory: ".
pub fn contact(cell: &Cell) -> Result<Contact, String> {
    let setup = &cell.setup;
    let calling = cell.protocol.calling();
    let fanout = calling
        .fanout
        .ok_or("the protocol doesn't say how many peers a node calls")?;
    if !setup.measure.contact {
        return Err("measure.contact = false".into());
    }
    if !calling.everybody {
        return Err(
            "not every node calls in every cycle (protocol.calls = \"always\" would)".into(),
        );
    }
    if !setup.network.topology.is_complete() {
        return Err("the topology is not complete".into());
    }
    let by_chance = |stop: &StoppedBy| stop.cause().is_by_chance();
    if let Some(stop) = setup.stop.set().find(by_chance) {
        let stop = stop.text();
        return Err(format!(
            "when the run ends depends on what happens (stop.{stop}), and with it the windows that are averaged"
        ));
    }
    by_clock(setup, calls(setup, fanout))
}

/// The calls of a node in a cycle, on the complete topology.
pub(super) fn calls(setup: &Setup, fanout: Fanout) -> Calls {
    let pool = setup.sampling.pool(setup.nodes - 1);
    Calls {
        nodes: u64::from(setup.nodes),
        fanout: u64::from(setup.peers_drawn(fanout)),
        pool: u64::from(pool),
        targets: match setup.sampling.is_distinct() {
            true => Targets::Distinct,
            false => Targets::WithReplacement,
        },
        loss: setup.network.loss,
    }
}

fn by_clock(setup: &Setup, calls: Calls) -> Result<Contact, String> {
    let constant = setup.network.latency.is_constant();
    let exact = Contact {
        calls,
        poisson: false,
        sd_known: true,
    };
    if setup.clock == Clock::Synchronous {
        return Ok(exact);
    }
    let warm_up = setup
        .period
        .times(setup.measure.warm_up)
        .unwrap_or_default();
    let beyond = setup.network.latency.exceeds(warm_up);
    if setup.clock == Clock::Periodic {
        return match constant && beyond == 0.0 {
            true => Ok(exact),
            false if constant => Err("the latency is longer than measure.warm_up".into()),
            false => {
                Err("under the periodic clock a latency that varies has no closed form".into())
            }
        };
    }
    if beyond > TAIL_MAX {
        return Err("latencies reach beyond measure.warm_up, so its end is not stationary".into());
    }
    if calls.targets == Targets::WithReplacement && calls.fanout > 1 && !constant {
        return Err("drawing with replacement, a latency that varies has no closed form".into());
    }
    Ok(Contact {
        calls,
        poisson: true,
        sd_known: constant || calls.fanout == 1,
    })
}

/// The leading terms of the rounds until all are informed.
#[derive(Clone, Copy, Debug)]
pub struct LeadingTerms {
    /// The model's name.
    pub model: &'static str,
    /// Rounds, without the terms of lower order.
    pub rounds: f64,
}

/// The published leading terms of `rounds_to_all` for the cell.
///
/// # Errors
/// Why none applies, as a clause that follows "no theory: ".
pub fn leading_terms(cell: &Cell) -> Result<LeadingTerms, String> {
    let setup = &cell.setup;
    let nodes = u64::from(setup.nodes);
    let terms = match cell.protocol_name.as_str() {
        "push" => LeadingTerms {
            model: "push-leading-terms",
            rounds: theory::leading_terms::push_leading_terms(nodes),
        },
        "push-pull" => LeadingTerms {
            model: "push-pull-leading-terms",
            rounds: theory::leading_terms::push_pull_leading_terms(nodes),
        },
        other => return Err(format!("no leading terms are known here for {other}")),
    };
    let needs = [
        (setup.clock == Clock::Synchronous, "the synchronous clock"),
        (
            setup.network.topology.is_complete(),
            "the complete topology",
        ),
        (setup.network.loss == 0.0, "a network without loss"),
        (
            cell.protocol.calling().fanout == Some(Fanout::Peers(1)),
            "fanout 1",
        ),
        (setup.workload.source_count() == 1, "one source"),
        (
            !setup.stop.is_partial(setup.nodes),
            "runs that go on until all are informed",
        ),
    ];
    match needs.iter().find(|(met, _)| !met) {
        Some((_, need)) => Err(format!("the leading terms are for {need}")),
        None => Ok(terms),
    }
}
