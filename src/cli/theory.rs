//! `gossim theory`: what theory says, without a simulation.

mod endings;
mod options;
mod spreading;

use super::console::{Console, Failure, table};
use crate::theory::{Exchange, Moments, contact, contact_poisson, leading_terms};
use clap::{Args, Subcommand};
use options::CallOptions;

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
    #[command(flatten)]
    calls: CallOptions,
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

/// A name, a number, its deviation where it is that of a run, a unit.
type Row = (&'static str, f64, Option<f64>, &'static str);

fn of_run(name: &'static str, moments: Moments, unit: &'static str) -> Row {
    (name, moments.mean, Some(moments.sd()), unit)
}

fn say(console: &Console, rows: &[Row]) -> Result<(), Failure> {
    let shown = |(name, mean, sd, unit): &Row| {
        let sd = sd.map_or(String::new(), |sd| sd.to_string());
        vec![name.to_string(), mean.to_string(), sd, unit.to_string()]
    };
    let rows: Vec<Vec<String>> = rows.iter().map(shown).collect();
    console.say(table(&["", "mean", "sd of one run", "unit"], &rows))
}

fn contact_rows(
    options: &ContactOptions,
    poisson: bool,
) -> Result<Vec<(&'static str, f64, &'static str)>, Failure> {
    let calls = options.calls.calls()?;
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
            outside * calls.nodes as f64,
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
