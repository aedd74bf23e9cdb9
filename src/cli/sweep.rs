//! `gossim sweep`: all cells and replicates.

use super::Common;
use super::console::{Console, Failure, argument};
use super::interrupt;
use super::overview::Overview;
use super::progress::Progress;
use super::record::Record;
use crate::registry::Entry;
use crate::report::Doubts;
use crate::scenario::{Cell, Overrides, Purpose, Scenario};
use crate::store::Committed;
use crate::sweep::{self, Selection, Stopped};
use clap::Args;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Above this many runs, `--yes` is asked for.
const RUNS_MAX: u64 = 100_000;

#[derive(Args)]
pub struct Options {
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

pub fn execute(console: &Console, options: &Options, protocols: &[Entry]) -> Result<(), Failure> {
    let Common {
        scenario: file,
        set,
        seed,
        out,
        allow_outside,
    } = &options.common;
    let overrides = Overrides {
        set: set.clone(),
        seed: *seed,
        replicates: options.replicates,
        purpose: Purpose::Sweep,
        allow_outside: *allow_outside,
    };
    let scenario = Scenario::read(file, protocols, &overrides)?;
    let runs = scenario.cell_count().saturating_mul(scenario.replicates);
    if runs > RUNS_MAX && !options.yes {
        return Err(Failure::Usage(format!(
            "{} cells x {} replicates are {runs} runs, more than {RUNS_MAX}: say --yes if you mean it, or --replicates N for fewer",
            scenario.cell_count(),
            scenario.replicates
        )));
    }
    let default_dir = PathBuf::from("results").join(&scenario.name);
    let dir = out.as_deref().unwrap_or(&default_dir);
    let jobs = threads(options.jobs);
    let mut record = Record::open(&scenario, dir, None, with_series(&scenario)?)?;
    interrupt::guard(console, record.cleanup_handle(), dir)?;
    let mut overview = Overview::default();
    let mut doubts = Doubts::default();
    let mut events = 0;
    let progress = Progress::new(console, runs);
    let take = |cell: &Cell, replicate, run: crate::metrics::Run| {
        events += run.totals.events;
        doubts.push(&run);
        if let Some(rows) = record.push(cell, replicate, &run)? {
            overview.add(cell, &rows);
            overview.doubt(cell, doubts.finish(cell, &rows));
        }
        Ok(())
    };
    let done = sweep::run(&scenario, &Selection::All, jobs, take, || {
        progress.finished()
    });
    let seconds = progress.end();
    done.map_err(stopped)?;
    let committed = record.commit(jobs, seconds)?;
    overview.show(console, &scenario)?;
    console.say(format!(
        "{} cells x {} replicates: {runs} runs, {} events in {seconds:.2} s on {jobs} threads",
        scenario.cell_count(),
        scenario.replicates,
        events,
    ))?;
    console.say(written(dir, &committed))?;
    console.say(format!("next: gossim verify {} --sample 10", argument(dir)))
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

/// What was written, in one line, and what was set aside.
pub fn written(dir: &Path, committed: &Committed) -> String {
    let aside = committed.set_aside.iter().map(|path| {
        format!(
            "\nset aside, since somebody changed it meanwhile: {}",
            path.display()
        )
    });
    format!(
        "wrote {}: {}{}",
        dir.display(),
        committed.files.join(", "),
        aside.collect::<String>()
    )
}

/// A sweep that ended early, as this program's failure.
pub fn stopped(stopped: Stopped<Failure>) -> Failure {
    match stopped {
        Stopped::Scenario(error) => error.into(),
        Stopped::Taker(failure) => failure,
        Stopped::Threads(why) => Failure::Failed(format!("cannot start the threads: {why}")),
    }
}
