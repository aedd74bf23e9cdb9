//! The premises of the contact model, and what its laws say of a cell.

use super::premises::{End, Premises, Refusal, are_plain, is_complete};
use super::{Answer, Applied, Expected, Observed, Worked};
use crate::engine::Clock;
use crate::network::Latency;
use crate::theory::{Calls, contact};
use crate::time::Duration;
use clap::Args;

/// Every node calls in every cycle, and the windows are as many as was set.
pub(super) struct EverybodyCalls<'c> {
    pub(super) calls: Calls,
    pub(super) clock: Clock,
    pub(super) latency: &'c Latency,
    pub(super) warm_up: Duration,
}

impl<'c> EverybodyCalls<'c> {
    pub(super) fn of(cell: &Premises<'c>) -> Result<EverybodyCalls<'c>, Refusal> {
        let calls = cell.known_calls()?;
        // Whoever holds the rumor calls as everybody does: what spreads, from where
        // and since when does not matter.
        let Premises {
            protocol: _,
            spreading: _,
            everybody,
            fanout: _,
            calls: _,
            sampling: _, // in `calls`
            nodes: _,
            sources: _,
            chosen: _, // on the complete topology all nodes are alike
            written: _,
            period: _,
            clock,
            topology,
            held: _, // of a topology that is not complete
            latency,
            loss: _, // in `calls`
            paths,
            end,
            counts_contacts,
            warm_up,
            thresholds: _,
        } = *cell;
        if !counts_contacts {
            return Err("measure.contact = false".into());
        }
        if !everybody {
            return Err(
                "not every node calls in every cycle (protocol.calls = \"always\" would)".into(),
            );
        }
        is_complete(topology)?;
        are_plain(paths)?;
        ends_in_time(end)?;
        Ok(EverybodyCalls {
            calls,
            clock,
            latency,
            warm_up,
        })
    }
}

fn ends_in_time(end: End) -> Result<(), Refusal> {
    let End {
        goal,
        quiescent,
        last_round: _,
        unknown,
    } = end;
    let goal = goal.map(|(_, key)| key);
    match goal.or(quiescent.then_some("quiescent")).or(unknown) {
        None => Ok(()),
        Some(key) => Err(format!(
            "when the run ends depends on what happens (stop.{key}), and with it the windows that are averaged"
        )
        .into()),
    }
}

/// The functions of a contact model.
pub(super) struct Model {
    pub(super) probability: fn(&Calls) -> f64,
    pub(super) uncontacted: fn(&Calls) -> f64,
    pub(super) variance: fn(&Calls) -> f64,
    pub(super) sd_of_run: fn(&Calls, u64) -> f64,
}

/// A contact model as it holds in a cell.
pub(super) struct Contacts {
    pub(super) model: &'static Model,
    pub(super) calls: Calls,
    pub(super) sd_known: bool,
}

impl Applied for Contacts {
    /// 1-e^{-m(1-q)}.
    fn limit(&self, metric: &str, _: &Observed) -> Option<f64> {
        let limit = contact::contact_limit(self.calls.fanout, self.calls.loss);
        (metric == "contact_probability").then_some(limit)
    }

    fn expected(&self, metric: &str, observed: &Observed, _: &mut Worked) -> Option<Expected> {
        let windows = observed.windows.filter(|windows| *windows > 0);
        let sd = windows.filter(|_| self.sd_known);
        (metric == "contact_probability").then(|| Expected {
            mean: (self.model.probability)(&self.calls),
            sd: sd.map(|windows| (self.model.sd_of_run)(&self.calls, windows)),
        })
    }

    fn uncontacted(&self, windows: u64) -> Option<f64> {
        let one = (self.model.uncontacted)(&self.calls);
        Some(one * self.calls.nodes as f64 * windows as f64)
    }
}

/// What both laws ask for on the command line.
#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    calls: super::options::CallOptions,
    /// Windows that a run averages, for the deviation of one run
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    windows: u64,
}

pub(super) fn answer(options: &Options, model: &Model) -> Result<Answer, String> {
    let calls = options.calls.calls()?;
    let outside = (model.uncontacted)(&calls);
    let sd = (model.sd_of_run)(&calls, options.windows);
    Ok(Answer::values(&[
        ("contact probability P", (model.probability)(&calls), "1"),
        ("1 - P", outside, "1"),
        (
            "limit of P for many nodes",
            contact::contact_limit(calls.fanout, calls.loss),
            "1",
        ),
        (
            "nodes not contacted in a window: mean",
            outside * calls.nodes as f64,
            "nodes",
        ),
        (
            "nodes not contacted in a window: sd",
            (model.variance)(&calls).sqrt(),
            "nodes",
        ),
        ("sd of P as one run measures it", sd, "1"),
    ]))
}
