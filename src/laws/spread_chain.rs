//! Rounds to any share, under the synchronous clock on the complete graph: the
//! exact Markov chain of push, pull or push-pull.

use super::answer::of_run;
use super::curve::{self, CurveRow};
use super::options::{SpreadOptions, check_work, curve_csv, goal_rows, parsed};
use super::spreading::{self, CUT_MAX, Rumor, Runs, Times, in_theory};
use super::{Answer, Applied, Expected, Law, Observed, Premises, Refusal, Subject, Worked};
use crate::engine::Clock;
use crate::protocol::Exchange;
use crate::theory::spread_chain::{self, Chain, Rounds};
use crate::theory::{Moments, Spread};
use clap::{ArgMatches, Args, Command};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `push-chain`, `pull-chain`, `push-pull-chain`.
pub(super) struct SpreadChain(pub(super) Exchange);

impl Law for SpreadChain {
    fn name(&self) -> &'static str {
        match self.0 {
            Exchange::Push => "push-chain",
            Exchange::Pull => "pull-chain",
            Exchange::PushPull => "push-pull-chain",
        }
    }

    fn about(&self) -> &'static str {
        match self.0 {
            Exchange::Push => {
                "rounds to any share by push, synchronous, complete graph (exact Markov chain)"
            }
            Exchange::Pull => {
                "rounds to any share by pull, synchronous, complete graph (exact Markov chain)"
            }
            Exchange::PushPull => {
                "rounds to any share by push-pull, synchronous, complete graph (exact Markov chain)"
            }
        }
    }

    fn subject(&self) -> Option<Subject> {
        Some(Subject::Rounds)
    }

    fn applies(&self, cell: &Premises) -> Result<Box<dyn Applied>, Refusal> {
        let Rumor {
            spread,
            clock,
            latency: _, // there is none in common rounds
            runs,
        } = Rumor::of(cell, self.0)?;
        match clock {
            Clock::Synchronous if spread_chain::is_practical(&spread) => Ok(Box::new(InCell {
                name: self.name(),
                spread,
                runs,
            })),
            Clock::Synchronous => Err("the exact chain takes too long at this size (gossim theory mean-field approximates it)".into()),
            Clock::Periodic | Clock::Poisson => Err(Refusal::clock(
                "under the periodic clock no exact law is known here",
            )),
        }
    }

    fn arguments(&self, command: Command) -> Command {
        SpreadOptions::augment_args(command)
    }

    fn answer(&self, arguments: &ArgMatches) -> Result<Answer, String> {
        let options: SpreadOptions = parsed(arguments)?;
        let spread = options.spread(in_theory(self.0))?;
        check_work(spread_chain::work(&spread), "chain", "mean-field")?;
        let chain = Chain::new(&spread);
        let goals = options.goals();
        if options.curve {
            return Ok(Answer::Csv(curve_csv(chain.curve(goals))));
        }
        let to = |goal| chain.rounds_to(goal).moments();
        let mut rows = goal_rows(to, goals, "rounds");
        if let Some(arrival) = chain.mean_arrival() {
            rows.push(of_run("mean arrival", arrival, "rounds"));
        }
        if self.0 != Exchange::Pull {
            let (mean, variance) = chain.calls_by_informed();
            let sd = variance.map(f64::sqrt);
            rows.push(("calls by informed nodes until all know", mean, sd, "calls"));
        }
        Ok(Answer::of_runs(&rows))
    }
}

/// The chain of a cell.
struct InCell {
    name: &'static str,
    spread: Spread,
    runs: Runs,
}

/// What is kept of a chain.
struct Kept {
    nodes: u64,
    /// By the number of informed nodes that is asked for.
    rounds: BTreeMap<u64, Rounds>,
    arrival: Option<Moments>,
    calls: (f64, Option<f64>),
    curve: Vec<CurveRow>,
}

impl InCell {
    /// The thresholds (the same in all cells) are no part of the key.
    fn kept(&self, worked: &mut Worked) -> Arc<Kept> {
        let key = spreading::key(&self.spread);
        worked.get(self.name, &key, || {
            Kept::of(&self.spread, &self.runs.thresholds)
        })
    }
}

impl Applied for InCell {
    fn expected(&self, metric: &str, observed: &Observed, worked: &mut Worked) -> Option<Expected> {
        let nodes = self.spread.calls.nodes;
        if !spreading::is_asked(metric, nodes, observed) {
            return None;
        }
        let kept = self.kept(worked);
        self.runs.expected(&*kept, nodes, metric, observed)
    }

    fn curve(&self, worked: &mut Worked) -> Vec<CurveRow> {
        let is_known = worked.has::<Kept>(self.name, &spreading::key(&self.spread));
        let work = match is_known {
            true => 0.0,
            false => spread_chain::work(&self.spread),
        };
        match worked.spend_on_curve(work) {
            true => self.kept(worked).curve.clone(),
            false => Vec::new(),
        }
    }
}

impl Kept {
    fn of(spread: &Spread, thresholds: &[u8]) -> Kept {
        let chain = Chain::new(spread);
        let nodes = spread.calls.nodes;
        let shares = thresholds.iter().map(|&p| spreading::share(nodes, p));
        let counts = shares.chain([spreading::majority(nodes), nodes]);
        Kept {
            nodes,
            rounds: counts.map(|c| (c, chain.rounds_to(c))).collect(),
            arrival: chain.mean_arrival(),
            calls: chain.calls_by_informed(),
            curve: curve::thinned(chain.curve(spreading::curve_goals(nodes))),
        }
    }

    fn beyond(&self, count: u64, last_round: f64) -> Option<f64> {
        let rounds = self.rounds.get(&count)?;
        Some(rounds.beyond(libm::ceil(last_round) as u64))
    }
}

impl Times for Kept {
    fn is_cut(&self, count: u64, last_round: f64) -> bool {
        self.beyond(count, last_round).unwrap_or(1.0) > CUT_MAX
    }

    fn rounds_to(&self, count: u64) -> Option<Moments> {
        self.rounds.get(&count).map(Rounds::moments)
    }

    fn all_within(&self, last_round: f64) -> Option<f64> {
        self.beyond(self.nodes, last_round)
            .map(|beyond| 1.0 - beyond)
    }

    fn arrival(&self) -> Option<Moments> {
        self.arrival
    }

    fn calls_by_informed(&self) -> Option<Expected> {
        let (mean, variance) = self.calls;
        Some(Expected {
            mean,
            sd: variance.map(f64::sqrt),
        })
    }
}
