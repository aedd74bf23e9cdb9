//! Who is informed in the end, and the traffic, by rumor mongering that pushes,
//! one contact after another.

use super::answer::of_run;
use super::endings::{DyingRumor, Final, InCell, csv};
use super::options::{SourceOptions, check_work, nobody_informed, parsed, probability};
use super::{Answer, Applied, Law, Premises, Refusal, Subject};
use crate::engine::Clock;
use crate::network::Latency;
use crate::protocol::{self, Exchange, Fanout, Interest, Spreading};
use crate::theory::final_size::final_size;
use crate::theory::rumor_mongering::{self, Ending, Mongering, Stopping};
use clap::{ArgMatches, Args, Command, ValueEnum};

/// `rumor-mongering`.
pub(super) struct RumorMongering;

#[derive(Args)]
struct Options {
    /// Nodes n
    #[arg(long, value_parser = clap::value_parser!(u32).range(2..))]
    nodes: u32,
    /// When a node loses interest
    #[arg(long, value_enum, default_value_t = Rule::FeedbackCumulative)]
    stopping: Rule,
    /// Contacts or messages until then, or one over the coin's probability
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    k: u32,
    /// Probability q that a message is lost, below 1
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true, value_parser = probability)]
    loss: f64,
    #[command(flatten)]
    sources: SourceOptions,
    /// The law of the informed nodes as CSV, in place of the table
    #[arg(long)]
    law: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Rule {
    /// After k unneeded contacts in all
    FeedbackCumulative,
    /// After an unneeded contact with probability 1/k
    FeedbackCoin,
    /// After k messages
    BlindCounter,
    /// After a message with probability 1/k
    BlindCoin,
}

impl Law for RumorMongering {
    fn name(&self) -> &'static str {
        "rumor-mongering"
    }

    fn about(&self) -> &'static str {
        "who is informed in the end, and the traffic, by push one contact after another (exact)"
    }

    fn subject(&self) -> Option<Subject> {
        Some(Subject::Ending)
    }

    fn applies(&self, cell: &Premises) -> Result<Box<dyn Applied>, Refusal> {
        let (rumor, common) = DyingRumor::of(cell);
        let last_round = rumor.last_round;
        let mongering = mongering(&rumor, cell)?;
        common?;
        let Mongering {
            stopping,
            k,
            nodes,
            sources,
            loss,
        } = mongering;
        Ok(Box::new(InCell {
            name: self.name(),
            key: vec![stopping as u64, k, nodes, sources, loss.to_bits()],
            work_out: Box::new(move || {
                let ending = Ending::new(&mongering);
                let sent = ending.messages();
                Final {
                    law: ending.into_law(),
                    sent,
                }
            }),
            last_round,
            nodes,
            loss,
            contacts: mongering.contacts(),
            counts_updates: true,
            // Only if what they send is not lost, or they go on until they hear of it.
            has_limit: sources == 1 && (!stopping.is_blind() || loss == 0.0),
            all_limit: None,
        }))
    }

    fn arguments(&self, command: Command) -> Command {
        Options::augment_args(command)
    }

    fn answer(&self, arguments: &ArgMatches) -> Result<Answer, String> {
        answer(&parsed(arguments)?)
    }
}

fn mongering(rumor: &DyingRumor, cell: &Premises) -> Result<Mongering, Refusal> {
    let DyingRumor {
        spreading,
        fanout,
        nodes,
        sources,
        clock,
        latency,
        loss,
        last_round: _,
    } = *rumor;
    let Spreading::UntilBored(Interest {
        exchange,
        stopping,
        k,
        turns_away,
    }) = spreading
    else {
        return Err(Refusal::protocol("no node loses interest"));
    };
    if exchange != Exchange::Push {
        return Err("the exact law is for exchange = \"push\"".into());
    }
    if fanout != Some(Fanout::Peers(1)) {
        return Err("the exact law is for fanout 1".into());
    }
    if turns_away {
        return Err("the exact law is for nodes that turn nobody away".into());
    }
    // A pool of all nodes holds the caller itself.
    if cell.known_calls()?.pool >= nodes {
        return Err("the exact law is for peers drawn from the others".into());
    }
    let mongering = Mongering {
        stopping: in_theory(stopping, k)?,
        k: u64::from(k),
        nodes,
        sources,
        loss,
    };
    in_sequence(mongering.stopping, clock, latency)?;
    if nodes < 2 || loss >= 1.0 {
        return Err("nobody can be told".into());
    }
    match rumor_mongering::is_practical(&mongering) {
        true => Ok(mongering),
        false => Err("the exact law takes too long at this size".into()),
    }
}

fn in_theory(stopping: protocol::Stopping, k: u32) -> Result<Stopping, Refusal> {
    use protocol::Stopping as Rule;
    match stopping {
        // Every contact in vain is the last.
        Rule::FeedbackCounter if k == 1 => Ok(Stopping::FeedbackCumulative),
        Rule::FeedbackCumulative => Ok(Stopping::FeedbackCumulative),
        Rule::FeedbackCoin => Ok(Stopping::FeedbackCoin),
        Rule::BlindCounter => Ok(Stopping::BlindCounter),
        Rule::BlindCoin => Ok(Stopping::BlindCoin),
        Rule::FeedbackCounter | Rule::Heard => {
            let rule = stopping.name();
            Err(format!("no exact law is known here for stopping = \"{rule}\"").into())
        }
    }
}

/// With feedback, what a contact does must be done before the next begins.
fn in_sequence(stopping: Stopping, clock: Clock, latency: &Latency) -> Result<(), Refusal> {
    if stopping.is_blind() {
        return Ok(());
    }
    match clock {
        Clock::Synchronous => Err("with feedback the exact law is for contacts one after another, not for the synchronous clock".into()),
        Clock::Periodic | Clock::Poisson if latency.is_zero() => Ok(()),
        Clock::Periodic | Clock::Poisson => Err("with feedback the exact law is for no latency".into()),
    }
}

fn answer(options: &Options) -> Result<Answer, String> {
    let mongering = Mongering {
        stopping: match options.stopping {
            Rule::FeedbackCumulative => Stopping::FeedbackCumulative,
            Rule::FeedbackCoin => Stopping::FeedbackCoin,
            Rule::BlindCounter => Stopping::BlindCounter,
            Rule::BlindCoin => Stopping::BlindCoin,
        },
        k: u64::from(options.k),
        nodes: u64::from(options.nodes),
        sources: options.sources.of(options.nodes)?,
        loss: options.loss,
    };
    if options.loss >= 1.0 {
        return Err(nobody_informed());
    }
    check_work(rumor_mongering::work(&mongering), "law", "sir-final-size")?;
    let ending = Ending::new(&mongering);
    let law = ending.law();
    if options.law {
        return Ok(Answer::Csv(csv(law)));
    }
    let (c, n) = (mongering.contacts(), f64::from(options.nodes));
    let limit = final_size(1.0, c);
    let traffic = ending.messages().times(1.0 / n);
    let all = law.all_informed();
    Ok(Answer::of_runs(&[
        of_run("residue s", law.residue(), "1"),
        ("root of s = e^(-c(1-s)), many nodes", limit, None, "1"),
        ("c", c, None, "1"),
        of_run("messages m per node", traffic, "messages"),
        of_run("informed in the end", law.informed(), "nodes"),
        ("probability that all are", all, None, "1"),
    ]))
}
