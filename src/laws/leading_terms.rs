//! Rounds until all are informed of many nodes, one call a round: the published
//! leading terms, whose offset is unknown.

use super::options::parsed;
use super::premises::{End, Premises, Refusal, are_plain, is_complete};
use super::{Answer, Applied, Law, Observed, Subject};
use crate::engine::Clock;
use crate::protocol::{Exchange, Fanout, Spreading};
use crate::theory::leading_terms::{push_leading_terms, push_pull_leading_terms};
use clap::{ArgMatches, Args, Command};

/// `push-leading-terms`, `push-pull-leading-terms`.
pub(super) struct LeadingTerms {
    name: &'static str,
    about: &'static str,
    exchange: Exchange,
    formula: &'static str,
    rounds: fn(u64) -> f64,
}

impl LeadingTerms {
    pub(super) const PUSH: LeadingTerms = LeadingTerms {
        name: "push-leading-terms",
        about: "rounds to all by push, one call a round: log2 n + ln n, offset unknown (Pittel 1987)",
        exchange: Exchange::Push,
        formula: "log2 n + ln n",
        rounds: push_leading_terms,
    };

    pub(super) const PUSH_PULL: LeadingTerms = LeadingTerms {
        name: "push-pull-leading-terms",
        about: "rounds to all by push-pull: log3 n, offset unknown (Karp et al. 2000)",
        exchange: Exchange::PushPull,
        formula: "log3 n",
        rounds: push_pull_leading_terms,
    };
}

#[derive(Args)]
struct Options {
    /// Nodes n
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    nodes: u32,
}

impl Law for LeadingTerms {
    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn subject(&self) -> Option<Subject> {
        Some(Subject::ManyNodes)
    }

    fn applies(&self, cell: &Premises) -> Result<Box<dyn Applied>, Refusal> {
        let Premises {
            protocol,
            spreading,
            everybody: _, // who has nothing to say changes nothing
            fanout,
            calls: _,    // of one call a round, any sampling has the same limit
            sampling: _, // in `calls`
            nodes,
            sources,
            chosen: _,  // on the complete topology all nodes are alike
            written: _, // rounds count from the write
            period: _,
            clock,
            topology,
            held: _,    // of a topology that is not complete
            latency: _, // there is none in common rounds
            loss,
            paths,
            end,
            counts_contacts: _,
            warm_up: _,
            thresholds: _,
        } = *cell;
        // A limit stands beside the runs that got there, whatever cuts the others.
        let End {
            goal: _, // asked for below
            quiescent: _,
            last_round: _,
            unknown: _,
        } = end;
        if spreading != Spreading::Forever(self.exchange) {
            let why = format!("no leading terms are known here for {protocol}");
            return Err(Refusal::protocol(why));
        }
        let needs = [
            (clock == Clock::Synchronous, "the synchronous clock"),
            (is_complete(topology).is_ok(), "the complete topology"),
            (loss == 0.0, "a network without loss"),
            (are_plain(paths).is_ok(), "plain paths"),
            (fanout == Some(Fanout::Peers(1)), "fanout 1"),
            (sources == 1, "one source"),
            (
                !end.is_partial(nodes),
                "runs that go on until all are informed",
            ),
        ];
        match needs.iter().find(|(met, _)| !met) {
            Some((_, need)) => Err(format!("the leading terms are for {need}").into()),
            None => Ok(Box::new(InCell((self.rounds)(nodes)))),
        }
    }

    fn arguments(&self, command: Command) -> Command {
        Options::augment_args(command)
    }

    fn answer(&self, arguments: &ArgMatches) -> Result<Answer, String> {
        let options: Options = parsed(arguments)?;
        let rounds = (self.rounds)(u64::from(options.nodes));
        Ok(Answer::values(&[(self.formula, rounds, "rounds")]))
    }
}

/// The terms of a cell.
struct InCell(f64);

impl Applied for InCell {
    fn limit(&self, metric: &str, _: &Observed) -> Option<f64> {
        (metric == "rounds_to_all").then_some(self.0)
    }
}
