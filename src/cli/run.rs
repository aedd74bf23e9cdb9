//! `gossim run`: one run, its table, its files.

use super::Common;
use super::console::{Console, Failure, argument, short, table};
use super::interrupt;
use super::progress::RunProgress;
use super::record::{Record, SingleRun};
use crate::laws;
use crate::metrics::Run;
use crate::metrics::columns::{Value, columns};
use crate::registry::Entry;
use crate::report;
use crate::run;
use crate::scenario::{Cell, Overrides, Purpose, Scenario};
use clap::Args;
use std::path::{Path, PathBuf};
use std::time::Instant;

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    common: Common,
    /// A cell of the sweep in place of the base settings
    #[arg(long, value_name = "K")]
    cell: Option<u64>,
    /// The replicate, from 0
    #[arg(long, value_name = "R", default_value_t = 0)]
    replicate: u64,
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
        replicates: None,
        purpose: match options.cell {
            Some(_) => Purpose::Sweep,
            None => Purpose::Run,
        },
        allow_outside: *allow_outside,
    };
    let scenario = Scenario::read(file, protocols, &overrides)?;
    let cell = match options.cell {
        Some(number) => scenario.cell(number)?,
        None => scenario.base()?,
    };
    let has_cells = scenario.has_cases() || !scenario.axes.is_empty();
    if options.cell.is_none() && has_cells {
        console.note(format!(
            "note: the base settings run; [sweep] has {} cells: --cell K runs one, gossim sweep all",
            scenario.cell_count()
        ));
    }
    if let Some(text) = report::never_quiescent(&cell) {
        console.note(format!("note: {text}"));
    }
    let single = SingleRun {
        cell: options.cell,
        replicate: options.replicate,
    };
    let default_dir = PathBuf::from(format!("results/{}-run", scenario.name));
    let dir = out.as_deref().unwrap_or(&default_dir);
    let with_series = cell.setup.measure.series;
    let mut record = Record::open(&scenario, dir, Some(single), with_series)?;
    interrupt::guard(console, record.cleanup_handle(), dir)?;
    let started = Instant::now();
    let mut progress = RunProgress::new(console, cell.setup.nodes);
    let mut watch = |now, informed| progress.show(now, informed);
    let run = run::run_watched(&cell, scenario.seed, options.replicate, &mut watch);
    progress.end();
    let seconds = started.elapsed().as_secs_f64();
    record.push(&cell, options.replicate, &run)?;
    let committed = record.commit(1, seconds)?;
    show(console, &cell, &run, &scenario.thresholds, seconds)?;
    console.say(super::sweep::written(dir, &committed))?;
    console.say(next(file, dir, &scenario))
}

/// Where a run has no value.
const NONE: &str = "not reached";

fn show(
    console: &Console,
    cell: &Cell,
    run: &Run,
    thresholds: &[u8],
    seconds: f64,
) -> Result<(), Failure> {
    let columns = columns(thresholds);
    let value = |name: &str| {
        let column = columns.iter().find(|column| column.name == name);
        match column.map(|column| (column.value)(run)) {
            Some(Value::Whole(number)) => number.to_string(),
            Some(Value::Real(number)) => short(number),
            Some(Value::Text(text)) => text,
            Some(Value::Missing) | None => NONE.to_string(),
        }
    };
    let mut rows = vec![row("coverage", value("coverage"), "")];
    for column in &columns {
        if let Some(what) = column.name.strip_prefix("rounds_to_") {
            let what_for_people = match what {
                "majority" | "all" => what.to_string(),
                percent => format!("{percent} %"),
            };
            let time = match value(&format!("time_to_{what}_s")).as_str() {
                NONE => String::new(),
                seconds => format!("{seconds} s"),
            };
            let name = format!("rounds to {what_for_people}");
            rows.push(row(&name, value(&column.name), &time));
        }
    }
    rows.push(row("messages per node", value("messages_per_node"), ""));
    rows.push(loss_row(run));
    rows.push(contact_row(cell, value("contact_probability")));
    let ended = format!("after {} s", short(run.ended.as_seconds()));
    rows.push(row("stopped by", value("stopped_by"), &ended));
    rows.push(events_row(run, seconds));
    rows.push(row("run digest", value("run_digest"), ""));
    console.say(table(&["", "value", ""], &rows))
}

fn row(what: &str, value: String, remark: &str) -> Vec<String> {
    vec![what.to_string(), value, remark.to_string()]
}

fn loss_row(run: &Run) -> Vec<String> {
    let totals = &run.totals;
    let loss = match totals.sent {
        0 => "no message".into(),
        sent => format!("{} %", short(100.0 * totals.lost as f64 / sent as f64)),
    };
    row("loss seen", loss, &format!("of {} messages", totals.sent))
}

fn contact_row(cell: &Cell, measured: String) -> Vec<String> {
    let theory = match laws::probability_of_contact(cell) {
        Some(probability) => format!("theory {}", short(probability)),
        None => String::new(),
    };
    let measured = match measured {
        _ if !cell.setup.measure.contact => "not measured".into(),
        none if none == NONE => "no whole window".into(),
        number => number,
    };
    row("contact probability", measured, &theory)
}

fn events_row(run: &Run, seconds: f64) -> Vec<String> {
    let events = run.totals.events;
    let speed = format!(
        "{} per second, {:.1} ns each",
        short(events as f64 / seconds.max(1e-9)),
        seconds * 1e9 / events.max(1) as f64,
    );
    row("events", events.to_string(), &speed)
}

fn next(file: &Path, dir: &Path, scenario: &Scenario) -> String {
    match scenario.cell_count() {
        1 => format!("next: gossim verify {}", argument(dir)),
        _ => format!("next: gossim sweep {}", argument(file)),
    }
}
