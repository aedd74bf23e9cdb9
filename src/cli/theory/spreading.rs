//! `gossim theory push-chain` and its like: how a rumor spreads.

use super::options::{CallOptions, SourceOptions, check_work, is_too_much, nobody_informed};
use super::{Row, of_run, say};
use crate::cli::console::{Console, Failure, table};
use crate::theory::spread_chain::{self, Chain};
use crate::theory::spread_poisson::{self, Births};
use crate::theory::{CurvePoint, Exchange, Moments, Spread, logistic, mean_field};
use clap::{Args, ValueEnum};
use std::fmt::Write;

/// A curve ends where all are informed but with this probability.
const CURVE_END: f64 = 1e-9;

/// Points of the curve of a Poisson clock per period.
const POINTS: u32 = 4;

/// And in all.
const POINTS_MAX: u64 = 100_000;

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    calls: CallOptions,
    #[command(flatten)]
    sources: SourceOptions,
    /// The curve as CSV, in place of the table
    #[arg(long)]
    curve: bool,
}

#[derive(Args)]
pub struct MeanFieldOptions {
    /// Who tells whom
    #[arg(long, value_enum, default_value_t = Protocol::Push)]
    protocol: Protocol,
    #[command(flatten)]
    options: Options,
}

#[derive(Clone, Copy, ValueEnum)]
enum Protocol {
    Push,
    Pull,
    PushPull,
}

impl MeanFieldOptions {
    fn exchange(&self) -> Exchange {
        match self.protocol {
            Protocol::Push => Exchange::Push,
            Protocol::Pull => Exchange::Pull,
            Protocol::PushPull => Exchange::PushPull,
        }
    }
}

impl Options {
    fn spread(&self, exchange: Exchange) -> Result<Spread, Failure> {
        let sources = self.sources.of(self.calls.nodes)?;
        let calls = self.calls.calls()?;
        if calls.loss >= 1.0 && sources < calls.nodes {
            return Err(nobody_informed());
        }
        Ok(Spread {
            exchange,
            calls,
            sources,
        })
    }

    /// The shares that are asked for, as numbers of nodes.
    fn goals(&self) -> [u64; 3] {
        let share = |percent: u64| (u64::from(self.calls.nodes) * percent).div_ceil(100);
        [50, 99, 100].map(share)
    }
}

/// Rounds, or periods, to half, to 99 % and to all.
fn goal_rows(to: impl Fn(u64) -> Moments, goals: [u64; 3], unit: &'static str) -> Vec<Row> {
    let names = ["until 50 % know", "until 99 % know", "until all know"];
    let row = |(name, goal)| of_run(name, to(goal), unit);
    names.into_iter().zip(goals).map(row).collect()
}

/// Writes a line of CSV.
fn line(csv: &mut String, fields: &[f64]) {
    let fields: Vec<String> = fields.iter().map(f64::to_string).collect();
    // Writing into a String does not fail.
    let _ = writeln!(csv, "{}", fields.join(","));
}

/// `push-chain`, `pull-chain`, `push-pull-chain`.
pub fn chain(console: &Console, options: &Options, exchange: Exchange) -> Result<(), Failure> {
    let spread = options.spread(exchange)?;
    check_work(spread_chain::work(&spread), "chain", "mean-field")?;
    let chain = Chain::new(&spread);
    if options.curve {
        return console.give(curve_csv(chain.curve(options.goals())));
    }
    let to = |goal| chain.rounds_to(goal).moments();
    let mut rows = goal_rows(to, options.goals(), "rounds");
    if let Some(arrival) = chain.mean_arrival() {
        rows.push(of_run("mean arrival", arrival, "rounds"));
    }
    if exchange != Exchange::Pull {
        let (mean, variance) = chain.calls_by_informed();
        let sd = variance.map(f64::sqrt);
        rows.push(("calls by informed nodes until all know", mean, sd, "calls"));
    }
    say(console, &rows)
}

/// A curve as CSV, to where all are informed but with a tiny probability.
fn curve_csv(curve: impl Iterator<Item = CurvePoint>) -> String {
    let mut csv = "round,informed,sd,informed_p10,informed_p50,informed_p90,\
                   within_50,within_99,within_all\n"
        .to_string();
    for point in curve {
        let [low, median, high] = point.quantiles.map(|q| q as f64);
        let [half, most, all] = point.within;
        let law = [point.mean, point.sd, low, median, high];
        line(
            &mut csv,
            &[&[point.round], &law[..], &[half, most, all]].concat(),
        );
        if all >= 1.0 - CURVE_END {
            break;
        }
    }
    csv
}

/// `push-poisson`, `pull-poisson`, `push-pull-poisson`.
pub fn poisson(console: &Console, options: &Options, exchange: Exchange) -> Result<(), Failure> {
    let spread = options.spread(exchange)?;
    if !spread_poisson::applies(&spread) {
        return Err(Failure::Usage(
            "the exact law under the Poisson clock is for --fanout 1".into(),
        ));
    }
    let births = Births::new(&spread);
    if options.curve {
        return console.give(poisson_curve(&births, options)?);
    }
    let mut rows = goal_rows(|goal| births.rounds_to(goal), options.goals(), "periods");
    if let Some(arrival) = births.mean_arrival() {
        rows.push(of_run("mean arrival", arrival, "periods"));
    }
    if exchange != Exchange::Pull {
        let calls = births.calls_by_informed();
        let name = "calls by informed nodes until all know";
        rows.push(of_run(name, calls, "calls"));
    }
    say(console, &rows)
}

fn poisson_curve(births: &Births, options: &Options) -> Result<String, Failure> {
    let goals = options.goals();
    let end = births.rounds_to(goals[2]);
    let step = 1.0 / f64::from(POINTS);
    let points = libm::ceil((end.mean + 8.0 * end.sd()) / step) as u64;
    if is_too_much(births.curve_work(step, points)) {
        return Err(Failure::Usage(
            "the law takes too long at this size; without --curve there are mean and deviation"
                .into(),
        ));
    }
    let curve = births.curve(step, goals).take(points as usize + 1);
    Ok(curve_csv(curve))
}

/// `mean-field`.
pub fn approximate(console: &Console, options: &MeanFieldOptions) -> Result<(), Failure> {
    let spread = options.options.spread(options.exchange())?;
    let options = &options.options;
    let curve = mean_field::approximate_curve(&spread);
    if options.curve {
        let mut csv = "round,informed\n".to_string();
        for (round, informed) in curve.iter().enumerate() {
            line(&mut csv, &[round as f64, *informed]);
        }
        return console.give(csv);
    }
    let to = |goal| mean_field::approximate_rounds_to(&curve, goal);
    let values = options.goals().map(|goal| to(goal).map(|t| t as f64));
    say_approximate(console, values, "rounds")
}

/// `si-logistic`: all but half a node counts as all.
pub fn logistic(console: &Console, options: &MeanFieldOptions) -> Result<(), Failure> {
    let spread = options.options.spread(options.exchange())?;
    let options = &options.options;
    let nodes = spread.calls.nodes as f64;
    let rate = logistic::logistic_rate(&spread);
    let first = spread.sources as f64 / nodes;
    let to = |goal: u64| {
        let share = (goal as f64).min(nodes - 0.5) / nodes;
        logistic::logistic_time_to(rate, first, share)
    };
    let times = options.goals().map(to);
    if !options.curve {
        return say_approximate(console, times.map(Some), "periods");
    }
    let points = libm::ceil(times[2] * f64::from(POINTS)) as u64;
    if points > POINTS_MAX {
        return Err(Failure::Usage(format!(
            "the curve takes {points} points, more than {POINTS_MAX}: without --curve there are times"
        )));
    }
    let mut csv = "time,informed\n".to_string();
    for point in 0..=points {
        let time = point as f64 / f64::from(POINTS);
        let share = logistic::logistic_share(rate, first, time);
        line(&mut csv, &[time, nodes * share]);
    }
    console.give(csv)
}

fn say_approximate(console: &Console, values: [Option<f64>; 3], unit: &str) -> Result<(), Failure> {
    let names = ["until 50 % know", "until 99 % know", "until all know"];
    let row = |(name, value): (&str, Option<f64>)| {
        let value = value.map_or(String::new(), |value| value.to_string());
        vec![name.to_string(), value, unit.to_string()]
    };
    let rows: Vec<Vec<String>> = names.into_iter().zip(values).map(row).collect();
    console.say(table(&["approximate", "value", "unit"], &rows))
}
