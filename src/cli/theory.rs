//! `gossim theory`: what theory says, without a simulation.

mod endings;
mod spreading;

use super::console::{Console, Failure, table};
use crate::network::Sampling;
use crate::theory::{Calls, Exchange, Targets, contact, contact_poisson, leading_terms};
use clap::{Args, Subcommand};

#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    model: Model,
}

#[derive(Subcommand)]
enum Model {
    /// Contact probability in a round, synchronous clock, complete graph, all call
    Contact(ContactOptions),
    /// Contact probability in a window of one period under the Poisson clock
    ContactPoisson(ContactOptions),
    /// Exact: who is informed in the end if each forwards the rumor once, any clock
    InfectAndDie(endings::ForwardOptions),
    /// Approximate: nodes informed after each round, by each round's expectation
    MeanField(spreading::MeanFieldOptions),
    /// Exact: rounds, arrivals and calls of pull, synchronous clock, complete graph
    PullChain(spreading::Options),
    /// Exact: times, arrivals and calls of pull, Poisson clocks, no latency, fanout 1
    PullPoisson(spreading::Options),
    /// Exact: rounds, arrivals and calls of push, synchronous clock, complete graph
    PushChain(spreading::Options),
    /// Rounds until all are informed, push, m = 1: log2 n + ln n (Pittel 1987)
    PushLeadingTerms(SpreadOptions),
    /// Exact: times, arrivals and calls of push, Poisson clocks, no latency, fanout 1
    PushPoisson(spreading::Options),
    /// Exact: rounds, arrivals and calls of push-pull, synchronous clock, complete graph
    PushPullChain(spreading::Options),
    /// Rounds until all are informed, push-pull, m = 1: log3 n (Karp et al. 2000)
    PushPullLeadingTerms(SpreadOptions),
    /// Exact: times, arrivals and calls of push-pull, Poisson clocks, no latency, fanout 1
    PushPullPoisson(spreading::Options),
    /// Exact: residue and traffic of rumor mongering by push, one contact after another
    RumorMongering(endings::RumorOptions),
    /// Approximate: informed share over time, the logistic curve of textbooks
    SiLogistic(spreading::MeanFieldOptions),
    /// Approximate: uninformed share in the end, the root of s = s0 e^(-c(1-s))
    SirFinalSize(endings::FinalSizeOptions),
}

#[derive(Args)]
struct ContactOptions {
    /// Nodes n
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    nodes: u32,
    /// Peers m that each node calls in a cycle
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    fanout: u32,
    /// Probability q that a call is lost
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true, value_parser = probability)]
    loss: f64,
    /// How peers are drawn
    #[arg(long, default_value = "others", value_parser = sampling)]
    sampling: Sampling,
    /// Windows that a run averages, for the deviation of one run
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    windows: u64,
}

#[derive(Args)]
struct SpreadOptions {
    /// Nodes n
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    nodes: u32,
}

fn probability(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("a probability is a number from 0 to 1".into()),
    }
}

fn sampling(text: &str) -> Result<Sampling, String> {
    let known = Sampling::ALL.iter().find(|(name, _)| *name == text);
    known.map(|(_, sampling)| *sampling).ok_or_else(|| {
        let names: Vec<&str> = Sampling::ALL.iter().map(|(name, _)| *name).collect();
        format!("one of {}", names.join(", "))
    })
}

pub fn execute(console: &Console, options: &Options) -> Result<(), Failure> {
    use Exchange::{Pull, Push, PushPull};
    let rows = match &options.model {
        Model::InfectAndDie(options) => return endings::infect_and_die(console, options),
        Model::MeanField(options) => return spreading::approximate(console, options),
        Model::RumorMongering(options) => return endings::rumor_mongering(console, options),
        Model::SiLogistic(options) => return spreading::logistic(console, options),
        Model::SirFinalSize(options) => return endings::sir_final_size(console, options),
        Model::PullChain(options) => return spreading::chain(console, options, Pull),
        Model::PullPoisson(options) => return spreading::poisson(console, options, Pull),
        Model::PushChain(options) => return spreading::chain(console, options, Push),
        Model::PushPoisson(options) => return spreading::poisson(console, options, Push),
        Model::PushPullChain(options) => return spreading::chain(console, options, PushPull),
        Model::PushPullPoisson(options) => return spreading::poisson(console, options, PushPull),
        Model::Contact(options) => contact_rows(options, false)?,
        Model::ContactPoisson(options) => contact_rows(options, true)?,
        Model::PushLeadingTerms(options) => {
            let nodes = u64::from(options.nodes);
            vec![(
                "log2 n + ln n",
                leading_terms::push_leading_terms(nodes),
                "rounds",
            )]
        }
        Model::PushPullLeadingTerms(options) => {
            let nodes = u64::from(options.nodes);
            vec![(
                "log3 n",
                leading_terms::push_pull_leading_terms(nodes),
                "rounds",
            )]
        }
    };
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(what, value, unit)| vec![what.to_string(), value.to_string(), unit.to_string()])
        .collect();
    console.say(table(&["", "value", "unit"], &rows))
}

/// The calls of a node in a cycle.
fn calls(nodes: u32, fanout: u32, sampling: Sampling, loss: f64) -> Result<Calls, Failure> {
    let pool = sampling.pool(nodes - 1);
    let distinct = sampling.is_distinct();
    if distinct && nodes > 1 && fanout > pool {
        return Err(Failure::Usage(format!(
            "--fanout {fanout} is above the pool: with {nodes} nodes there are {pool} to draw from"
        )));
    }
    Ok(Calls {
        nodes: u64::from(nodes),
        fanout: u64::from(if distinct { fanout.min(pool) } else { fanout }),
        pool: u64::from(pool),
        targets: if distinct {
            Targets::Distinct
        } else {
            Targets::WithReplacement
        },
        loss,
    })
}

fn contact_rows(
    options: &ContactOptions,
    poisson: bool,
) -> Result<Vec<(&'static str, f64, &'static str)>, Failure> {
    let ContactOptions {
        nodes,
        fanout,
        sampling,
        loss,
        ..
    } = *options;
    let calls = calls(nodes, fanout, sampling, loss)?;
    let windows = options.windows;
    let (inside, outside, variance, sd) = match poisson {
        false => (
            contact::contact_probability(&calls),
            contact::uncontacted_probability(&calls),
            contact::uncontacted_variance(&calls),
            contact::contact_sd_of_run(&calls, windows),
        ),
        true => (
            contact_poisson::contact_probability(&calls),
            contact_poisson::uncontacted_probability(&calls),
            contact_poisson::uncontacted_variance(&calls),
            contact_poisson::contact_sd_of_run(&calls, windows),
        ),
    };
    Ok(vec![
        ("contact probability P", inside, "1"),
        ("1 - P", outside, "1"),
        (
            "limit of P for many nodes",
            contact::contact_limit(calls.fanout, calls.loss),
            "1",
        ),
        (
            "nodes not contacted in a window: mean",
            outside * f64::from(options.nodes),
            "nodes",
        ),
        (
            "nodes not contacted in a window: sd",
            variance.sqrt(),
            "nodes",
        ),
        ("sd of P as one run measures it", sd, "1"),
    ])
}
