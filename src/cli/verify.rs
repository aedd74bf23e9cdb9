//! `gossim verify`: runs again and compares with what a results directory says.

use super::console::{Console, Failure, argument};
use super::progress::Progress;
use super::record::row_key;
use super::sweep::{stopped, threads};
use crate::metrics::Run;
use crate::output::{Change, Kind, Manifest, Row, Rows, RunsTable};
use crate::registry::Entry;
use crate::run;
use crate::scenario::{Cell, Overrides, Purpose, Scenario};
use crate::sweep::{self, Which};
use clap::Args;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub struct Options {
    /// A results directory
    dir: PathBuf,
    /// Only so many runs, evenly spread
    #[arg(long, value_name = "N")]
    sample: Option<NonZeroU64>,
}

pub fn execute(console: &Console, options: &Options, protocols: &[Entry]) -> Result<(), Failure> {
    let dir = &options.dir;
    let manifest = Manifest::read(dir)?;
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
        Kind::Run => verify_run(dir, &manifest, &scenario)?,
        Kind::Sweep => verify_sweep(console, options, &scenario)?,
    };
    console.say(format!(
        "{}: {count} runs are the same again",
        dir.display()
    ))?;
    console.say(format!(
        "next: gossim plot {} --format png,svg",
        argument(dir)
    ))
}

fn verify_run(dir: &Path, manifest: &Manifest, scenario: &Scenario) -> Result<u64, Failure> {
    let cell = match manifest.gossim.cell {
        Some(number) => scenario.cell(number)?,
        None => scenario.base()?,
    };
    let replicate = manifest.gossim.replicate.unwrap_or(0);
    let run = run::run(&cell, scenario.seed, replicate);
    let mut rows = Rows::open(&dir.join("runs.csv"))?;
    let row = next(&mut rows)?;
    compare(scenario, &cell, replicate, &run, &row)?;
    end(&mut rows)?;
    Ok(1)
}

fn verify_sweep(console: &Console, options: &Options, scenario: &Scenario) -> Result<u64, Failure> {
    let all = scenario.cell_count() * scenario.replicates;
    let count = options.sample.map_or(all, |sample| sample.get().min(all));
    let wanted: Vec<u64> = (0..count)
        .map(|place| (u128::from(place) * u128::from(all) / u128::from(count)) as u64)
        .collect();
    let which = Which::Some(wanted.clone());
    let mut wanted = wanted.into_iter();
    let mut rows = Rows::open(&options.dir.join("runs.csv"))?;
    let mut at = 0;
    let progress = Progress::new(console, count);
    let take = |cell: &Cell, replicate, run: Run| {
        let number = wanted.next().unwrap_or(at);
        while at < number {
            next(&mut rows)?;
            at += 1;
        }
        let row = next(&mut rows)?;
        at += 1;
        compare(scenario, cell, replicate, &run, &row)
    };
    let done = sweep::run(scenario, &which, threads(None), take, || {
        progress.finished()
    });
    progress.end();
    done.map_err(stopped)?;
    for _ in at..all {
        next(&mut rows)?;
    }
    end(&mut rows)?;
    Ok(count)
}

fn next<R: std::io::Read>(rows: &mut Rows<R>) -> Result<Row, Failure> {
    let row = rows.next().transpose()?;
    row.ok_or_else(|| Failure::Failed("runs.csv has fewer rows than the scenario has runs".into()))
}

fn end<R: std::io::Read>(rows: &mut Rows<R>) -> Result<(), Failure> {
    match rows.next().transpose()? {
        None => Ok(()),
        Some(_) => Err(Failure::Failed(
            "runs.csv has more rows than the scenario has runs".into(),
        )),
    }
}

/// Names the run and the columns that differ.
fn compare(
    scenario: &Scenario,
    cell: &Cell,
    replicate: u64,
    run: &Run,
    row: &Row,
) -> Result<(), Failure> {
    let axes: Vec<String> = match cell.coordinates.is_empty() {
        true => Vec::new(),
        false => scenario.axes.iter().map(|axis| axis.key.clone()).collect(),
    };
    let write = || -> std::io::Result<Vec<u8>> {
        let mut table = RunsTable::new(Vec::new(), &axes, &scenario.thresholds)?;
        table.row(&row_key(cell), replicate, scenario.seed, run)?;
        table.finish()
    };
    let text = write().map_err(|error| Failure::Failed(error.to_string()))?;
    let again = next(&mut Rows::new(
        std::io::Cursor::new(text),
        Path::new("runs.csv"),
    )?)?;
    let differs = |(name, value): (&str, &str)| {
        let before = row.get(name).unwrap_or("no such column");
        (before != value).then(|| format!("{name}: {before}, now {value}"))
    };
    let differing: Vec<String> = again.fields().filter_map(differs).collect();
    match differing.is_empty() {
        true => Ok(()),
        false => Err(Failure::Failed(format!(
            "cell {}, replicate {replicate} is not the same again:\n  {}",
            cell.number,
            differing.join("\n  ")
        ))),
    }
}
