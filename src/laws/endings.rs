//! The premises of the laws of the end, where nodes stop spreading by themselves,
//! and what these laws say of a cell.

use super::premises::{End, Premises, Refusal, are_plain, is_complete};
use super::worked::Key;
use super::{ALL_INFORMED, Applied, Expected, Observed, Worked};
use crate::engine::Clock;
use crate::network::Latency;
use crate::protocol::{Fanout, Spreading};
use crate::theory::final_size::final_size;
use crate::theory::{FinalLaw, Moments};
use std::fmt::Write;
use std::sync::Arc;

/// One rumor, on the way to its end.
pub(super) struct DyingRumor<'c> {
    pub(super) spreading: Spreading,
    pub(super) fanout: Option<Fanout>,
    pub(super) nodes: u64,
    pub(super) sources: u64,
    pub(super) clock: Clock,
    pub(super) latency: &'c Latency,
    pub(super) loss: f64,
    /// Rounds after which a run is stopped in any case.
    pub(super) last_round: f64,
}

impl<'c> DyingRumor<'c> {
    /// What spreads in the cell; and why no law of the end holds there, whatever
    /// the rule by which nodes stop.
    pub(super) fn of(cell: &Premises<'c>) -> (DyingRumor<'c>, Result<(), Refusal>) {
        let Premises {
            protocol: _,
            spreading,
            everybody: _, // `spreading` says who calls
            fanout,
            calls: _,
            sampling: _, // in `calls`
            nodes,
            sources,
            chosen: _, // on the complete topology all nodes are alike
            written,
            period: _,
            clock,
            topology,
            held: _, // of a topology that is not complete
            latency,
            loss,
            paths,
            end,
            counts_contacts: _, // changes nothing that happens
            warm_up: _,
            thresholds: _,
        } = *cell;
        let End {
            goal,
            quiescent,
            last_round,
            unknown,
        } = end;
        let common = || {
            is_complete(topology)?;
            are_plain(paths)?;
            if written.0 > 0 {
                return Err("the rumor is not written at time 0".into());
            }
            if let Some(key) = goal.map(|(_, key)| key).or(unknown) {
                return Err(format!(
                    "the law is for runs that end when the rumor is dead (stop.quiescent, without {key})"
                )
                .into());
            }
            match quiescent {
                true => Ok(()),
                false => Err(
                    "the law is for runs that end when the rumor is dead (stop.quiescent)".into(),
                ),
            }
        };
        let rumor = DyingRumor {
            spreading,
            fanout,
            nodes,
            sources,
            clock,
            latency,
            loss,
            last_round,
        };
        (rumor, common())
    }
}

/// What an exact law of the end knows.
pub(super) struct Final {
    /// The informed nodes.
    pub(super) law: FinalLaw,
    /// The updates sent.
    pub(super) sent: Moments,
}

/// A law of the end as it holds in a cell.
pub(super) struct InCell {
    pub(super) name: &'static str,
    pub(super) key: Key,
    pub(super) work_out: Box<dyn Fn() -> Final>,
    pub(super) last_round: f64,
    pub(super) nodes: u64,
    pub(super) loss: f64,
    /// Contacts that an informed node makes in all, which reach somebody.
    pub(super) contacts: f64,
    /// Is every message an update, so that the updates sent are known?
    pub(super) counts_updates: bool,
    /// Is the residue's limit known? From one source, where the rumor does not die
    /// out among the first few.
    pub(super) has_limit: bool,
    /// The limit of the probability that all are informed.
    pub(super) all_limit: Option<f64>,
}

impl InCell {
    /// Did the rumor die in all runs, and none take more than half of the rounds
    /// allowed? How long it lives has an exponential tail: where the longest of R
    /// runs takes half, one in R squared or so would be cut.
    fn are_whole(&self, observed: &Observed) -> bool {
        observed.quiescent && observed.longest <= self.last_round / 2.0
    }

    fn known(&self, worked: &mut Worked) -> Arc<Final> {
        worked.get(self.name, &self.key, &self.work_out)
    }

    fn residue_limit(&self) -> Option<f64> {
        self.has_limit.then(|| final_size(1.0, self.contacts))
    }
}

impl Applied for InCell {
    fn limit(&self, metric: &str, observed: &Observed) -> Option<f64> {
        if !self.are_whole(observed) {
            return None;
        }
        match metric {
            ALL_INFORMED => self.all_limit,
            "coverage" => self.residue_limit().map(|s| 1.0 - s),
            "residue" => self.residue_limit(),
            "updates_per_node" if self.counts_updates => self
                .residue_limit()
                .map(|s| self.contacts * (1.0 - s) / (1.0 - self.loss)),
            _ => None,
        }
    }

    fn expected(&self, metric: &str, observed: &Observed, worked: &mut Worked) -> Option<Expected> {
        if !self.are_whole(observed) {
            return None;
        }
        let known = self.known(worked);
        let Final { law, sent } = &*known;
        let sent = self.counts_updates.then_some(*sent);
        let moments = match metric {
            ALL_INFORMED => return Some(Expected::of_share(law.all_informed())),
            "informed" => law.informed(),
            "coverage" => {
                let Moments { mean, variance } = law.residue();
                Moments {
                    mean: 1.0 - mean,
                    variance,
                }
            }
            "residue" => law.residue(),
            "updates_sent" => sent?,
            "updates_per_node" => sent?.times(1.0 / self.nodes as f64),
            _ => return None,
        };
        Some(Expected::of(moments, 1.0))
    }
}

/// The law of the informed nodes as CSV.
pub(super) fn csv(law: &FinalLaw) -> String {
    let mut csv = "informed,probability\n".to_string();
    for (informed, probability) in law.probabilities() {
        // Writing into a String does not fail.
        let _ = writeln!(csv, "{informed},{probability}");
    }
    csv
}
