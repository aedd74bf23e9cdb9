//! The premises of the laws of spreading, and what exact ones say of a cell's times.

use super::premises::{End, Premises, Refusal, are_plain, is_complete};
use super::worked::Key;
use super::{ALL_INFORMED, Expected, Observed};
use crate::engine::Clock;
use crate::network::Latency;
use crate::protocol::{Exchange, Spreading};
use crate::theory::{self, Moments, Spread, Targets};
use crate::time::Duration;

/// Where a run is stopped before the goal with a greater probability, the runs
/// that reach it are not all runs: no theory.
pub(super) const CUT_MAX: f64 = 1e-6;

/// One rumor, written at time 0, that spreads on the complete topology for ever.
#[derive(Clone, Debug)]
pub(super) struct Rumor<'c> {
    pub(super) spread: Spread,
    pub(super) clock: Clock,
    pub(super) latency: &'c Latency,
    /// What a run makes of it.
    pub(super) runs: Runs,
}

/// What ends a run, and what is asked of it.
#[derive(Clone, Debug)]
pub(super) struct Runs {
    /// Do informed nodes call?
    informed_call: bool,
    /// How many informed nodes end it, if a number does. What is not known by
    /// then is known of the runs that overshoot alone: no theory.
    goal: Option<u64>,
    /// Rounds after which it is stopped in any case.
    pub(super) last_round: f64,
    /// The length of a round.
    seconds: f64,
    /// Percentages whose times are asked for.
    pub(super) thresholds: Vec<u8>,
}

impl<'c> Rumor<'c> {
    /// What spreads in the cell by this exchange, whatever its clock.
    pub(super) fn of(cell: &Premises<'c>, exchange: Exchange) -> Result<Rumor<'c>, Refusal> {
        let Premises {
            protocol,
            spreading,
            everybody,
            fanout: _,
            calls: _,
            sampling: _, // in `calls`
            nodes: _,    // in `calls`, as is the loss
            sources,
            chosen: _, // on the complete topology all nodes are alike
            written,
            period,
            clock,
            topology,
            held: _, // of a topology that is not complete
            latency,
            loss: _,
            paths,
            end,
            counts_contacts: _, // changes nothing that happens
            warm_up: _,
            thresholds,
        } = *cell;
        let End {
            goal: _,      // in `runs`
            quiescent: _, // nobody stops spreading
            last_round: _,
            unknown,
        } = end;
        if spreading != Spreading::Forever(exchange) {
            let why = format!("no exact law is known here for {protocol}");
            return Err(Refusal::protocol(why));
        }
        let calls = cell.known_calls()?;
        is_complete(topology)?;
        are_plain(paths)?;
        if written.0 > 0 {
            return Err("the rumor is not written at time 0".into());
        }
        if let Some(key) = unknown {
            return Err(format!("stop.{key} may end a run anywhere").into());
        }
        if calls.loss >= 1.0 {
            return Err("every message is lost".into());
        }
        Ok(Rumor {
            spread: Spread {
                exchange: in_theory(exchange),
                calls,
                sources,
            },
            clock,
            latency,
            runs: Runs::of(
                exchange != Exchange::Pull || everybody,
                end,
                period,
                thresholds,
            ),
        })
    }
}

/// The word of theory.
pub(super) fn in_theory(exchange: Exchange) -> theory::Exchange {
    match exchange {
        Exchange::Push => theory::Exchange::Push,
        Exchange::Pull => theory::Exchange::Pull,
        Exchange::PushPull => theory::Exchange::PushPull,
    }
}

/// Equal where all of the model's own numbers are; what stops a run and what is
/// measured is no part of it. (The exchange is in the law's name.)
pub(super) fn key(spread: &Spread) -> Key {
    let Spread {
        exchange: _,
        calls,
        sources,
    } = *spread;
    vec![
        calls.nodes,
        calls.fanout,
        calls.pool,
        u64::from(calls.targets == Targets::Distinct),
        calls.loss.to_bits(),
        sources,
    ]
}

/// What an exact law knows of the times at which nodes are informed.
pub(super) trait Times {
    /// Is a run stopped at `last_round`, a finite one, before so many are informed,
    /// with a probability that matters?
    fn is_cut(&self, count: u64, last_round: f64) -> bool;
    /// The rounds until so many are informed.
    fn rounds_to(&self, count: u64) -> Option<Moments>;
    /// The probability that all are informed by then; none where that takes too long.
    fn all_within(&self, last_round: f64) -> Option<f64>;
    /// The mean arrival of a run.
    fn arrival(&self) -> Option<Moments>;
    /// The calls of informed nodes until all are; none if the law does not say.
    fn calls_by_informed(&self) -> Option<Expected>;
}

impl Runs {
    /// What ends the runs of a cell. `informed_call`: do informed nodes call?
    pub(super) fn of(informed_call: bool, end: End, period: Duration, thresholds: &[u8]) -> Runs {
        Runs {
            informed_call,
            goal: end.goal.map(|(count, _)| count),
            last_round: end.last_round,
            seconds: period.as_seconds(),
            thresholds: thresholds.to_vec(),
        }
    }

    /// What a metric is expected to be; none if the law does not say.
    pub(super) fn expected(
        &self,
        times: &dyn Times,
        nodes: u64,
        metric: &str,
        observed: &Observed,
    ) -> Option<Expected> {
        let endless = self.last_round == f64::INFINITY;
        let is_beyond = |count| self.goal.is_some_and(|goal| goal < count);
        let is_cut = |count| is_beyond(count) || (!endless && times.is_cut(count, self.last_round));
        if let Some((count, unit)) = goal(metric, nodes) {
            let unit = match unit {
                Unit::Rounds => 1.0,
                Unit::Seconds => self.seconds,
            };
            let moments = times.rounds_to(count).filter(|_| !is_cut(count));
            return moments.map(|moments| Expected::of(moments, unit));
        }
        if metric == ALL_INFORMED {
            let share = match endless {
                _ if is_beyond(nodes) => None,
                true => Some(1.0),
                false => times.all_within(self.last_round),
            };
            return share.map(Expected::of_share);
        }
        if !observed.all_informed || is_cut(nodes) {
            return None;
        }
        match metric {
            "mean_arrival_rounds" => times.arrival().map(|moments| Expected::of(moments, 1.0)),
            "calls_by_informed" if self.goal != Some(nodes) => None,
            "calls_by_informed" if !self.informed_call => Some(Expected {
                mean: 0.0,
                sd: Some(0.0),
            }),
            "calls_by_informed" => times.calls_by_informed(),
            _ => None,
        }
    }
}

/// May this metric be one of [`Runs::expected`]? Else no law is worked out for it.
pub(super) fn is_asked(metric: &str, nodes: u64, observed: &Observed) -> bool {
    let others = [ALL_INFORMED, "mean_arrival_rounds", "calls_by_informed"];
    observed.spread && (others.contains(&metric) || goal(metric, nodes).is_some())
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Unit {
    Rounds,
    Seconds,
}

/// The number of informed nodes whose time a metric is, and its unit.
fn goal(metric: &str, nodes: u64) -> Option<(u64, Unit)> {
    let rounds = metric.strip_prefix("rounds_to_").map(|g| (g, Unit::Rounds));
    let seconds = || metric.strip_prefix("time_to_")?.strip_suffix("_s");
    let (goal, unit) = rounds.or_else(|| Some((seconds()?, Unit::Seconds)))?;
    let count = match goal {
        "majority" => majority(nodes),
        "all" => nodes,
        percent => share(nodes, percent.parse().ok()?),
    };
    Some((count, unit))
}

/// Half, 99 % and all of the nodes: what a curve tells the probabilities of.
pub(super) fn curve_goals(nodes: u64) -> [u64; 3] {
    [50, 99, 100].map(|percent| share(nodes, percent))
}

/// More than half of the nodes.
pub(super) fn majority(nodes: u64) -> u64 {
    nodes / 2 + 1
}

/// The least number of nodes that is at least `percent` of them.
pub(super) fn share(nodes: u64, percent: u8) -> u64 {
    (nodes * u64::from(percent)).div_ceil(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_by_name() {
        assert_eq!(goal("rounds_to_majority", 10), Some((6, Unit::Rounds)));
        assert_eq!(goal("time_to_99_s", 150), Some((149, Unit::Seconds)));
        assert_eq!(goal("rounds_to_all", 7), Some((7, Unit::Rounds)));
        assert_eq!(goal("time_to_all", 7), None);
        assert_eq!(goal("messages_sent", 7), None);
    }
}
