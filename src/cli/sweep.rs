//! `gossim sweep`: all cells and replicates.

use super::Common;
use super::console::{Console, Failure, argument, short, table};
use super::interrupt;
use super::progress::Progress;
use super::record::{Record, row_key};
use crate::output::{Committed, RowKey};
use crate::registry::Entry;
use crate::report::{self, SummaryRow};
use crate::scenario::{Cell, Overrides, Purpose, Scenario};
use crate::sweep::{self, Stopped, Which};
use clap::Args;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Above this many runs, `--yes` is asked for.
const RUNS_MAX: u64 = 100_000;

/// The table on the terminal has at most so many rows.
const ROWS_MAX: usize = 24;

/// A cell's z is judged by its normal law where at least so many uncontacted
/// nodes are expected in all its runs together.
const UNCONTACTED_MIN: f64 = 10.0;

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
    } = &options.common;
    let overrides = Overrides {
        set: set.clone(),
        seed: *seed,
        replicates: options.replicates,
        purpose: Purpose::Sweep,
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
    let progress = Progress::new(console, runs);
    let take = |cell: &Cell, replicate, run: crate::metrics::Run| {
        overview.events += run.totals.events;
        if let Some(rows) = record.push(cell, replicate, &run)? {
            overview.add(cell, &rows);
        }
        Ok(())
    };
    let done = sweep::run(&scenario, &Which::All, jobs, take, || progress.finished());
    let seconds = progress.end();
    done.map_err(stopped)?;
    let committed = record.commit(jobs, seconds)?;
    overview.show(console, &scenario)?;
    console.say(format!(
        "{} cells x {} replicates: {runs} runs, {} events in {seconds:.2} s on {jobs} threads",
        scenario.cell_count(),
        scenario.replicates,
        overview.events,
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

/// The table on the terminal.
#[derive(Default)]
struct Overview {
    events: u64,
    rows: Vec<(RowKey, Vec<SummaryRow>)>,
    cells: u64,
    contact: ContactSummary,
}

#[derive(Default)]
struct ContactSummary {
    cells: u64,
    widest: f64,
    judged: u64,
    z_max: f64,
    z_squares: f64,
}

impl Overview {
    fn add(&mut self, cell: &Cell, rows: &[SummaryRow]) {
        self.cells += 1;
        if self.rows.len() < ROWS_MAX {
            self.rows.push((row_key(cell), rows.to_vec()));
        }
        let contact = rows.iter().find(|row| row.metric == "contact_probability");
        let windows = rows.iter().find(|row| row.metric == "contact_windows");
        if let (Some(row), Some(windows), Ok(model)) = (contact, windows, report::contact(cell)) {
            self.contact.cells += 1;
            if let Some((low, high)) = row.ci95 {
                self.contact.widest = self.contact.widest.max(high - low);
            }
            let all_windows = windows.mean.unwrap_or(0.0) * windows.count as f64;
            if let Some(z) = row.z
                && model.uncontacted(all_windows as u64) >= UNCONTACTED_MIN
            {
                self.contact.judged += 1;
                self.contact.z_max = self.contact.z_max.max(z.abs());
                self.contact.z_squares += z * z;
            }
        }
    }

    fn show(&self, console: &Console, scenario: &Scenario) -> Result<(), Failure> {
        let metrics: &[&str] = match self.contact.cells > 0 {
            true => &["contact_probability"],
            false => &[
                "coverage",
                "rounds_to_majority",
                "rounds_to_99",
                "rounds_to_all",
            ],
        };
        let own_axis =
            |key: &str| !["protocol.kind", "protocol.fanout", "nodes.count"].contains(&key);
        let mut header = vec!["cell"];
        header.extend(scenario.has_cases().then_some("case"));
        header.extend(["protocol", "nodes", "fanout"]);
        let keys = scenario.axes.iter().map(|axis| axis.key.as_str());
        header.extend(keys.filter(|key| own_axis(key)));
        for metric in metrics {
            header.extend([metric, "95 % interval"]);
        }
        header.extend(
            (self.contact.cells > 0)
                .then_some(["theory", "z"])
                .into_iter()
                .flatten(),
        );
        let line = |(key, rows): &(RowKey, Vec<SummaryRow>)| {
            let mut line = vec![key.cell.to_string()];
            line.extend(scenario.has_cases().then(|| key.case.clone()));
            line.extend([
                key.protocol.clone(),
                key.nodes.to_string(),
                key.fanout.clone(),
            ]);
            let values = scenario.axes.iter().zip(&key.axes);
            line.extend(
                values
                    .filter(|(axis, _)| own_axis(&axis.key))
                    .map(|(_, v)| v.clone()),
            );
            for metric in metrics {
                let row = rows.iter().find(|row| row.metric == *metric);
                line.extend(estimate(row, self.contact.cells > 0));
            }
            line
        };
        let lines: Vec<Vec<String>> = self.rows.iter().map(line).collect();
        console.say(table(&header, &lines))?;
        let left = self.cells - self.rows.len() as u64;
        if left > 0 {
            console.say(format!("... and {left} more cells in summary.csv"))?;
        }
        self.contact.show(console)
    }
}

impl ContactSummary {
    fn show(&self, console: &Console) -> Result<(), Failure> {
        if self.cells == 0 {
            return Ok(());
        }
        console.say(format!(
            "contact probability: theory in {} cells, widest 95 % interval {}",
            self.cells,
            short(self.widest)
        ))?;
        if self.judged == 0 {
            return Ok(());
        }
        console.say(format!(
            "z over the {} cells that expect at least {UNCONTACTED_MIN} uncontacted nodes: largest |z| {:.2}, mean of z^2 {:.3} (chance: 1 +- {:.2})",
            self.judged,
            self.z_max,
            self.z_squares / self.judged as f64,
            (2.0 / self.judged as f64).sqrt()
        ))
    }
}

/// A mean and its interval, and what theory says where it is asked for.
fn estimate(row: Option<&SummaryRow>, with_theory: bool) -> Vec<String> {
    let mean = |row: &SummaryRow| match row.mean {
        Some(mean) => short(mean),
        None if row.count == 0 => String::new(),
        None => format!("{} runs without", row.missing),
    };
    let interval = |row: &SummaryRow| {
        let ends = row
            .ci95
            .map(|(low, high)| format!("{} to {}", short(low), short(high)));
        ends.unwrap_or_default()
    };
    let mut fields = vec![
        row.map_or(String::new(), mean),
        row.map_or(String::new(), interval),
    ];
    if with_theory {
        let theory = row.and_then(|row| row.theory).map(short);
        let z = row.and_then(|row| row.z).map(|z| format!("{z:.2}"));
        fields.extend([theory.unwrap_or_default(), z.unwrap_or_default()]);
    }
    fields
}
