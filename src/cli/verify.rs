//! `gossim verify`: runs again and compares with what a results directory says.

use super::console::{Console, Failure, argument, counted};
use super::progress::Progress;
use super::record::axis_keys;
use super::replay::Replay;
use super::sweep::{stopped, threads};
use crate::registry::{Entry, Memory};
use crate::run;
use crate::scenario::{Cell, Overrides, Purpose, Scenario, SingleRun};
use crate::store;
use crate::sweep::{self, Selection};
use crate::tables::{Change, Manifest, ResultsOf};
use clap::Args;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "\
Examples:
  gossim verify results/mine --sample 10   ten runs, evenly spread
  gossim verify results/mine               all of them, and every table")]
pub struct Options {
    /// A results directory
    dir: PathBuf,
    /// Only so many runs, evenly spread
    #[arg(long, value_name = "N")]
    sample: Option<NonZeroU64>,
}

pub fn execute(console: &Console, options: &Options, protocols: &[Entry]) -> Result<(), Failure> {
    let dir = &options.dir;
    let manifest = store::manifest(dir)?;
    let changed = manifest.changed_files(dir)?;
    if !changed.is_empty() {
        let what = |(file, change): &(String, Change)| match change {
            Change::Missing => format!("{file} is missing"),
            Change::Different => format!("{file} is not as gossim wrote it"),
        };
        let what: Vec<String> = changed.iter().map(what).collect();
        return Err(Failure::Failed(format!(
            "{}: {}",
            dir.display(),
            what.join("; ")
        )));
    }
    let overrides = Overrides {
        purpose: Purpose::Sweep,
        ..Overrides::default()
    };
    let scenario = Scenario::read(&dir.join("scenario.toml"), protocols, &overrides)?;
    let same_version = manifest.gossim.version == env!("CARGO_PKG_VERSION");
    if !same_version {
        console.note(format!(
            "note: written by gossim {}, this is {}",
            manifest.gossim.version,
            env!("CARGO_PKG_VERSION")
        ));
    }
    let count = match manifest.gossim.kind {
        ResultsOf::Run => verify_run(dir, &manifest, &scenario)?,
        ResultsOf::Sweep => verify_sweep(console, options, &manifest, &scenario)?,
    };
    let are = if count == 1 { "is" } else { "are" };
    console.say(format!(
        "{}: {} {are} the same again",
        dir.display(),
        counted(count, "run")
    ))?;
    console.next(format!("plot {} --format png,svg", argument(dir)))
}

fn verify_run(dir: &Path, manifest: &Manifest, scenario: &Scenario) -> Result<u64, Failure> {
    let single = SingleRun {
        cell: manifest.gossim.cell,
        replicate: manifest.gossim.replicate.unwrap_or(0),
    };
    let cell = match single.cell {
        Some(number) => scenario.cell(number)?,
        None => scenario.base()?,
    };
    let (memory, seed) = (&mut Memory::default(), scenario.seed);
    let run = run::try_run(memory, &cell, seed, single.replicate, &mut |_, _| ());
    let axes = axis_keys(scenario, Some(single));
    let mut replay = Replay::open(dir, manifest, scenario, axes, 1, true)?;
    replay.check(&cell, single.replicate, &run)?;
    replay.end()?;
    Ok(1)
}

fn verify_sweep(
    console: &Console,
    options: &Options,
    manifest: &Manifest,
    scenario: &Scenario,
) -> Result<u64, Failure> {
    let all = scenario.cell_count() * scenario.replicates;
    let count = options.sample.map_or(all, |sample| sample.get().min(all));
    let wanted: Vec<u64> = (0..count)
        .map(|place| (u128::from(place) * u128::from(all) / u128::from(count)) as u64)
        .collect();
    let selection = Selection::Listed(wanted.clone());
    let mut wanted = wanted.into_iter();
    let axes = axis_keys(scenario, None);
    let (dir, replicates) = (&options.dir, scenario.replicates);
    let mut replay = Replay::open(dir, manifest, scenario, axes, replicates, count == all)?;
    let mut at = 0;
    let progress = Progress::new(console, count);
    let take = |cell: &Cell, replicate, run| {
        let number = wanted.next().unwrap_or(at);
        while at < number {
            replay.skip(at / replicates, at % replicates)?;
            at += 1;
        }
        at += 1;
        replay.check(cell, replicate, &run)
    };
    let done = sweep::run_plain(scenario, &selection, threads(None), take, || {
        progress.finished()
    });
    progress.end();
    done.map_err(stopped)?;
    for left_out in at..all {
        replay.skip(left_out / replicates, left_out % replicates)?;
    }
    replay.end()?;
    Ok(count)
}
