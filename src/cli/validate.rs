//! `gossim validate`: the simulator against every result that we know.

use super::SEED_MAX;
use super::console::{Console, Failure, argument};
use super::progress::Progress;
use super::sweep::threads;
use super::table::table;
use crate::registry::Entry;
use crate::store;
use crate::sweep::Stopped;
use crate::validation::{self, Conditions, Row, Tally, Verdict, Z_MAX};
use clap::Args;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "\
Examples:
  gossim validate                           all settings, about a minute
  gossim validate --only 'push, feedback'   some of them
  gossim validate --seed 2                  with other dice")]
pub struct Options {
    /// 16 times the runs: some 15 minutes in place of one, on two cores
    #[arg(long)]
    thorough: bool,
    /// The master seed, 0 to 2^53 - 1: other dice
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(..=SEED_MAX))]
    seed: u64,
    /// Only the settings whose name has this in it, as in --only "push, feedback"
    #[arg(long, value_name = "PATTERN")]
    only: Option<String>,
    /// Write validation.csv and validation.md to this directory
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads; by default one per core
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

pub fn execute(console: &Console, options: &Options, protocols: &[Entry]) -> Result<(), Failure> {
    let only = options.only.as_deref().unwrap_or("");
    let experiments = validation::experiments(only);
    if experiments.is_empty() {
        return Err(Failure::Usage(format!(
            "--only \"{only}\": no setting has that in its name; without --only all are shown"
        )));
    }
    if let Some(dir) = &options.out {
        // Before the work, not after it.
        let first_lines = [
            ("validation.csv", validation::HEADER),
            ("validation.md", validation::TITLE),
        ];
        store::check_pages(dir, &first_lines)?;
    }
    let conditions = Conditions {
        thorough: options.thorough,
        ..Conditions::plain(options.seed, threads(options.jobs), protocols)
    };
    let runs = |experiment: &validation::Experiment| experiment.runs(options.thorough);
    let progress = Progress::new(console, experiments.iter().map(runs).sum());
    let mut rows = Vec::new();
    for experiment in &experiments {
        let more = validation::run(experiment, &conditions, &|| progress.finished());
        rows.extend(more.map_err(stopped)?);
    }
    let seconds = progress.end();
    show(console, &rows)?;
    let tally = Tally::of(&rows);
    console.say(format!("{}; {seconds:.0} s", tally.text()))?;
    if let Some(dir) = &options.out {
        let csv = validation::csv(&rows);
        let page = validation::markdown(
            &rows,
            &format!("gossim {}", arguments(options, options.seed)),
        );
        store::write_pages(dir, &[("validation.csv", &csv), ("validation.md", &page)])?;
        console.say(format!(
            "wrote {}: validation.csv, validation.md",
            argument(dir)
        ))?;
    }
    match tally.failed {
        0 => console.next(arguments(options, options.seed ^ 1)),
        failed => Err(Failure::Failed(format!(
            "{failed} rows fail: a value is missing, or more than {Z_MAX} standard errors away"
        ))),
    }
}

/// What was asked for, as one would type it after the program's name.
fn arguments(options: &Options, seed: u64) -> String {
    let size = if options.thorough { " --thorough" } else { "" };
    let only = options.only.as_ref();
    let only = only.map_or(String::new(), |only| {
        format!(" --only {}", argument(Path::new(only)))
    });
    format!("validate{size}{only} --seed {seed}")
}

fn show(console: &Console, rows: &[Row]) -> Result<(), Failure> {
    let mut lines = Vec::new();
    let mut before = "";
    for row in rows {
        let is_new = row.experiment != before;
        before = &row.experiment;
        let expected = match row.expected_se > 0.0 {
            true => format!(
                "{} +- {}",
                validation::short(row.expected),
                validation::short(row.expected_se)
            ),
            false => validation::short(row.expected),
        };
        let missing = match row.missing {
            0 => String::new(),
            missing => format!(" ({missing} runs without)"),
        };
        lines.push(vec![
            if is_new {
                row.experiment.clone()
            } else {
                String::new()
            },
            row.what.clone(),
            row.published.to_string(),
            expected,
            validation::short(row.measured),
            validation::short(row.se),
            format!("{:.2}", row.z),
            format!("{}{missing}", row.verdict.text()),
        ]);
    }
    let header = [
        "setting",
        "metric",
        "published",
        "expected",
        "measured",
        "se",
        "z",
        "verdict",
    ];
    console.say(table(&header, &lines))?;
    let failed = rows.iter().filter(|row| row.verdict == Verdict::Fail);
    for row in failed {
        console.say(format!(
            "FAIL: {}: {} ({})",
            row.experiment, row.what, row.source
        ))?;
    }
    Ok(())
}

fn stopped(stopped: Stopped<std::convert::Infallible>) -> Failure {
    match stopped {
        Stopped::Scenario(error) => Failure::Failed(error.to_string()),
        Stopped::Threads(why) => Failure::Failed(format!("cannot start the threads: {why}")),
        Stopped::Taker(never) => match never {},
    }
}
