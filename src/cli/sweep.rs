//! `gossim sweep`: all cells and replicates.

use super::Common;
use super::console::{Console, Failure, argument, counted};
use super::interrupt;
use super::overview::Overview;
use super::progress::Progress;
use super::record::Record;
use super::skipped;
use crate::registry::Entry;
use crate::run::Panicked;
use crate::scenario::{self, Cell, Overrides, Purpose, Scenario};
use crate::store::Committed;
use crate::sweep::{self, Selection, Stopped};
use crate::tables::again;
use clap::Args;
use serde_json::json;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Above this many runs, `--yes` is asked for.
const RUNS_MAX: u64 = 100_000;

#[derive(Args)]
#[command(after_help = "\
Examples:
  gossim sweep my.toml                              every cell of [sweep]
  gossim sweep my.toml --replicates 400 --out more  more runs of each, elsewhere
  gossim sweep my.toml --set network.loss=0.3       with another setting, for this time
  gossim sweep results/mine/scenario.toml           results of others again
  gossim sweep my.toml --json | jq '.cells[].metrics.rounds_to_all.mean'")]
pub struct Options {
    /// The scenario file (TOML)
    scenario: PathBuf,
    #[command(flatten)]
    common: Common,
    /// Runs per cell, in place of the scenario's
    #[arg(long, value_name = "N")]
    replicates: Option<u64>,
    /// Threads (default: all cores); results don't depend on it
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Run even more than 100,000 runs
    #[arg(long)]
    yes: bool,
}

impl Options {
    fn read(&self, protocols: &[Entry]) -> Result<Scenario, Failure> {
        let overrides = Overrides {
            set: self.common.set.clone(),
            seed: self.common.seed,
            replicates: self.replicates,
            purpose: Purpose::Sweep,
            allow_outside: self.common.allow_outside,
            ..Overrides::default()
        };
        Ok(Scenario::read(&self.scenario, protocols, &overrides)?)
    }
}

pub fn execute(console: &Console, options: &Options, protocols: &[Entry]) -> Result<(), Failure> {
    let scenario = options.read(protocols)?;
    let runs = size(&scenario, options.yes)?;
    skipped::note(console, &scenario);
    let default_dir = PathBuf::from("results").join(&scenario.name);
    let dir = options.common.out.as_deref().unwrap_or(&default_dir);
    let jobs = threads(options.jobs);
    let mut record = Record::open(console, &scenario, dir, None, with_series(&scenario)?)?;
    interrupt::guard(console, record.cleanup_handle(), dir)?;
    let mut overview = Overview::new(options.common.json);
    let mut events = 0;
    let mut failures = Failures::default();
    let progress = Progress::new(console, runs);
    let clerk = record.clerk()?;
    let take = |cell: &Cell, parcel| {
        let content = clerk.open(parcel)?;
        events += content.events;
        failures.add(cell.number, &content.failed);
        if let Some(report) = record.add(cell, &content)? {
            overview.add(cell, &report.rows);
            overview.doubt(cell, report.doubts);
        }
        Ok(())
    };
    let done = sweep::run(&scenario, &Selection::All, jobs, &clerk, take, || {
        progress.finished()
    });
    let seconds = progress.end();
    done.map_err(stopped)?;
    let committed = record.commit(console, jobs, seconds)?;
    if options.common.json {
        let mut object = json!({
            "command": "sweep",
            "file": options.scenario,
            "runs": runs,
            "cells_skipped": scenario.skipped_count(),
            "events": events,
            "failed": failures.count,
            "seconds": seconds,
            "threads": jobs,
            "dir": dir,
            "files": committed.files,
            "set_aside": committed.set_aside,
            "previous": committed.previous,
        });
        overview.complete(&mut object, &scenario);
        console.json(&object)?;
        return failures.end(console, runs, dir);
    }
    overview.show(console, &scenario)?;
    console.say(format!(
        "{} x {}: {}, {} in {seconds:.2} s on {}",
        counted(scenario.cell_count(), "cell"),
        counted(scenario.replicates, "replicate"),
        counted(runs, "run"),
        counted(events, "event"),
        counted(jobs as u64, "thread"),
    ))?;
    let files = committed.files.join(", ");
    console.say(written(dir, &files, &scenario, &committed))?;
    failures.end(console, runs, dir)?;
    console.next(format!("verify {} --sample 10", argument(dir)))
}

/// The runs that panicked.
#[derive(Default)]
struct Failures {
    count: u64,
    /// Its cell and replicate, and what it said.
    first: Option<(u64, u64, Panicked)>,
}

impl Failures {
    fn add(&mut self, cell: u64, failed: &[(u64, Panicked)]) {
        self.count += failed.len() as u64;
        if let (None, Some((replicate, panicked))) = (&self.first, failed.first()) {
            self.first = Some((cell, *replicate, panicked.clone()));
        }
    }

    /// A sweep in which any did has failed, though all else is written.
    fn end(self, console: &Console, runs: u64, dir: &Path) -> Result<(), Failure> {
        let Some((cell, replicate, panicked)) = self.first else {
            return Ok(());
        };
        let scenario = argument(&dir.join("scenario.toml"));
        let program = console.program().name();
        Err(Failure::Failed(format!(
            "{} of {runs} runs panicked and have no row in the tables: see {}; the first, cell {cell}, replicate {replicate}: {panicked}; again by: {}",
            self.count,
            dir.join("failed.csv").display(),
            again(program, &scenario, cell, replicate)
        )))
    }
}

/// How many runs it is: very many only where that is meant.
fn size(scenario: &Scenario, yes: bool) -> Result<u64, Failure> {
    let runs = scenario.cell_count().saturating_mul(scenario.replicates);
    if runs > RUNS_MAX && !yes {
        return Err(Failure::Usage(format!(
            "{} x {} are {runs} runs, more than {RUNS_MAX}: say --yes if you mean it, or --replicates N for fewer",
            counted(scenario.cell_count(), "cell"),
            counted(scenario.replicates, "replicate"),
        )));
    }
    Ok(runs)
}

/// As many threads as asked for, or as there are cores.
pub fn threads(asked: Option<NonZeroUsize>) -> usize {
    let cores = || std::thread::available_parallelism().ok();
    asked.or_else(cores).map_or(1, NonZeroUsize::get)
}

/// Does any cell keep a series?
fn with_series(scenario: &Scenario) -> Result<bool, Failure> {
    for number in 0..scenario.cell_count() {
        if scenario.cell(number)?.setup.measure.series {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What was written, in one line, and where went what was there.
pub fn written(dir: &Path, files: &str, scenario: &Scenario, committed: &Committed) -> String {
    let mut text = format!("wrote {}: {files}", dir.display());
    for path in &committed.set_aside {
        let path = path.display();
        text += &format!("\nset aside, since gossim did not write it so: {path}");
    }
    if let Some(previous) = &committed.previous {
        let old = std::fs::read_to_string(previous.join("scenario.toml"));
        let differ = scenario::differences(&old.unwrap_or_default(), &scenario.complete());
        let differ = match differ.as_str() {
            "" => String::new(),
            differ => format!(" ({differ})"),
        };
        text += &format!(
            "\nmoved to {}: results of another scenario that were there{differ}",
            previous.display()
        );
    }
    text
}

/// A sweep that ended early, as this program's failure.
pub fn stopped(stopped: Stopped<Failure>) -> Failure {
    match stopped {
        Stopped::Scenario(error) => error.into(),
        Stopped::Taker(failure) => failure,
        Stopped::Threads(why) => Failure::Failed(format!("cannot start the threads: {why}")),
    }
}
