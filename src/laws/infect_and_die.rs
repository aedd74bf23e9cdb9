//! Who is informed in the end if each forwards once to m peers, under any clock.

use super::answer::of_run;
use super::endings::{DyingRumor, Final, InCell, csv};
use super::options::{CallOptions, SourceOptions, check_work, parsed};
use super::{Answer, Applied, Law, Premises, Refusal, Subject};
use crate::protocol::Spreading;
use crate::theory::Targets;
use crate::theory::final_size::final_size;
use crate::theory::infect_and_die::{self, Reach, all_informed_limit};
use clap::{ArgMatches, Args, Command};

/// `infect-and-die`.
pub(super) struct InfectAndDie;

#[derive(Args)]
struct Options {
    #[command(flatten)]
    calls: CallOptions,
    #[command(flatten)]
    sources: SourceOptions,
    /// The law of the informed nodes as CSV, in place of the table
    #[arg(long)]
    law: bool,
}

impl Law for InfectAndDie {
    fn name(&self) -> &'static str {
        "infect-and-die"
    }

    fn about(&self) -> &'static str {
        "who is informed in the end if each forwards once to m peers, any clock (exact)"
    }

    fn subject(&self) -> Option<Subject> {
        Some(Subject::Ending)
    }

    fn applies(&self, cell: &Premises) -> Result<Box<dyn Applied>, Refusal> {
        let (rumor, common) = DyingRumor::of(cell);
        // Who is called by whom does not depend on when: any clock and latency.
        let DyingRumor {
            spreading,
            fanout: _, // in `calls`, as is the loss
            nodes,
            sources,
            clock: _,
            latency: _,
            loss,
            last_round,
        } = rumor;
        if spreading != Spreading::Once {
            return Err(Refusal::protocol("not every node forwards the rumor once"));
        }
        let calls = cell.known_calls()?;
        if !infect_and_die::is_practical(&calls) {
            return Err("the exact law takes too long at this size".into());
        }
        common?;
        let contacts = calls.fanout as f64 * (1.0 - loss);
        Ok(Box::new(InCell {
            name: self.name(),
            key: vec![
                nodes,
                calls.fanout,
                calls.pool,
                u64::from(calls.targets == Targets::Distinct),
                loss.to_bits(),
                sources,
            ],
            work_out: Box::new(move || {
                let law = Reach::new(&calls, sources).into_law();
                let sent = law.informed().times(calls.fanout as f64);
                Final { law, sent }
            }),
            last_round,
            nodes,
            loss,
            contacts,
            // A draw of oneself sends nothing: then the number is not a multiple.
            counts_updates: calls.pool < calls.nodes,
            has_limit: sources == 1 && loss == 0.0,
            all_limit: (sources == 1).then(|| all_informed_limit(nodes, contacts)),
        }))
    }

    fn arguments(&self, command: Command) -> Command {
        Options::augment_args(command)
    }

    fn answer(&self, arguments: &ArgMatches) -> Result<Answer, String> {
        let options: Options = parsed(arguments)?;
        let calls = options.calls.calls()?;
        let sources = options.sources.of(options.calls.nodes)?;
        check_work(infect_and_die::work(&calls), "law", "sir-final-size")?;
        let reach = Reach::new(&calls, sources);
        let law = reach.law();
        if options.law {
            return Ok(Answer::Csv(csv(law)));
        }
        let mean_fanout = calls.fanout as f64 * (1.0 - calls.loss);
        let limit = all_informed_limit(calls.nodes, mean_fanout);
        let few = final_size(1.0, mean_fanout);
        let all = law.all_informed();
        Ok(Answer::of_runs(&[
            ("probability that all are informed", all, None, "1"),
            ("e^(-e^(-c)), c = m (1-q) - ln n", limit, None, "1"),
            of_run("residue s", law.residue(), "1"),
            ("root of s = e^(-m(1-q)(1-s)), many nodes", few, None, "1"),
            of_run("informed in the end", law.informed(), "nodes"),
        ]))
    }
}
