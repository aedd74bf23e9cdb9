//! `gossim run`: one run, its table, its files.

use super::Common;
use super::console::{Console, Failure, argument, counted, short};
use super::interrupt;
use super::json;
use super::progress::RunProgress;
use super::record::{Record, axis_keys};
use super::row_key::row_key;
use super::sweep::written;
use super::table::table;
use crate::metrics::Run;
use crate::metrics::columns::{Value, columns};
use crate::registry::{Entry, Memory};
use crate::report;
use crate::run::{self, Panicked};
use crate::scenario::{Cell, Overrides, Purpose, Scenario, SingleRun};
use crate::store::Committed;
use crate::tables::SummaryRow;
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What runs where no scenario is named.
const QUICKSTART: &str = include_str!("quickstart.toml");

/// The largest whole number that a scenario can hold.
const WHOLE_MAX: u64 = i64::MAX as u64;

#[derive(Args)]
#[command(after_help = "\
Examples:
  gossim run                                  the built-in quickstart
  gossim run my.toml                          the base settings of a scenario
  gossim run my.toml --set protocol.fanout=3  with another setting, for this time
  gossim run my.toml --cell 5 --replicate 3   one run of a sweep, as its row has it
  gossim run my.toml --json | jq .measured    for another program")]
pub struct Options {
    /// The scenario file (TOML); without one, a built-in quickstart runs
    scenario: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
    /// A cell of the sweep in place of the base settings (or of what [run] says)
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u64).range(..=WHOLE_MAX))]
    cell: Option<u64>,
    /// The replicate, from 0 (default: 0, or what [run] says)
    #[arg(long, value_name = "R", value_parser = clap::value_parser!(u64).range(..=WHOLE_MAX))]
    replicate: Option<u64>,
}

impl Options {
    fn read(&self, protocols: &[Entry]) -> Result<Scenario, Failure> {
        let overrides = Overrides {
            set: self.common.set.clone(),
            seed: self.common.seed,
            replicates: None,
            purpose: Purpose::Run,
            cell: self.cell,
            replicate: self.replicate,
            allow_outside: self.common.allow_outside,
        };
        let built_in = "the built-in quickstart";
        Ok(match &self.scenario {
            Some(file) => Scenario::read(file, protocols, &overrides)?,
            None => Scenario::from_text(QUICKSTART, built_in, protocols, &overrides)?,
        })
    }
}

/// A run that is over, and what it is held against.
struct Ended<'r> {
    scenario: &'r Scenario,
    cell: &'r Cell,
    single: SingleRun,
    run: &'r Run,
    rows: Vec<SummaryRow>,
    seconds: f64,
}

pub fn execute(console: &Console, options: &Options, protocols: &[Entry]) -> Result<(), Failure> {
    let scenario = options.read(protocols)?;
    let single = scenario.single.unwrap_or_default();
    let cell = match single.cell {
        Some(number) => scenario.cell(number)?,
        None => scenario.base()?,
    };
    note(console, &scenario, &cell, single);
    let default_dir = PathBuf::from(format!("results/{}-run", scenario.name));
    let dir = options.common.out.as_deref().unwrap_or(&default_dir);
    let with_series = cell.setup.measure.series;
    let mut record = Record::open(console, &scenario, dir, Some(single), with_series)?;
    interrupt::guard(console, record.cleanup_handle(), dir)?;
    let started = Instant::now();
    let mut progress = RunProgress::new(console, cell.setup.nodes);
    let mut watch = |now, informed| progress.show(now, informed);
    let memory = &mut Memory::default();
    let run = run::try_run(memory, &cell, scenario.seed, single.replicate, &mut watch);
    progress.end();
    let run = run.map_err(failed)?;
    let seconds = started.elapsed().as_secs_f64();
    let report = record.add_run(&cell, single.replicate, run.clone())?;
    let rows = report.map(|report| report.rows);
    let committed = record.commit(console, 1, seconds)?;
    let ended = Ended {
        scenario: &scenario,
        cell: &cell,
        single,
        run: &run,
        rows: rows.unwrap_or_default(),
        seconds,
    };
    if options.common.json {
        return console.json(&ended.object(options, dir, &committed));
    }
    let is_quick = options.scenario.is_none();
    console.say(ended.what(is_quick))?;
    console.say(table(&["", "value", "theory", ""], &ended.lines(is_quick)))?;
    let files = match is_quick {
        true => "tables and a picture".to_string(),
        false => committed.files.join(", "),
    };
    console.say(written(dir, &files, &scenario, &committed))?;
    console.next(next(options.scenario.as_deref(), dir, &scenario))
}

/// A run that panicked, as this program's failure.
pub fn failed(panicked: Panicked) -> Failure {
    Failure::Failed(format!(
        "the run panicked: {panicked}; RUST_BACKTRACE=1 shows how it got there"
    ))
}

/// What should be known before a run.
fn note(console: &Console, scenario: &Scenario, cell: &Cell, single: SingleRun) {
    let has_cells = scenario.has_cases() || !scenario.axes.is_empty();
    if single.cell.is_none() && has_cells {
        console.note(format!(
            "note: the base settings run; [sweep] has {}: --cell K runs one, {} sweep all",
            counted(scenario.cell_count(), "cell"),
            console.program().name(),
        ));
    }
    if let Some(text) = report::never_quiescent(cell) {
        console.note(format!("note: {text}"));
    }
}

fn next(file: Option<&Path>, dir: &Path, scenario: &Scenario) -> String {
    match file {
        None => "init my.toml".to_string(),
        Some(_) if scenario.cell_count() == 1 => format!("verify {}", argument(dir)),
        Some(file) => format!("sweep {}", argument(file)),
    }
}

/// Where a run has no value.
const NONE: &str = "not reached";

impl Ended<'_> {
    /// What ran, in one line.
    fn what(&self, is_quick: bool) -> String {
        let Ended { scenario, cell, .. } = self;
        let key = row_key(cell);
        let which = match self.single.cell {
            None if is_quick => "the built-in quickstart".to_string(),
            None => format!("{}, base settings", scenario.name),
            Some(number) => {
                let case = (!cell.case.is_empty()).then(|| format!("case {}", cell.case));
                let axes = scenario.axes.iter().zip(&key.axes);
                let axes = axes.map(|(axis, value)| format!("{} {value}", axis.key));
                let at: Vec<String> = case.into_iter().chain(axes).collect();
                match at.is_empty() {
                    true => format!("{}, cell {number}", scenario.name),
                    false => format!("{}, cell {number} ({})", scenario.name, at.join(", ")),
                }
            }
        };
        let fanout = match key.fanout.is_empty() {
            true => String::new(),
            false => format!(", fanout {}", key.fanout),
        };
        let replicate = match self.single.replicate {
            0 if is_quick => String::new(),
            replicate => format!(", replicate {replicate}"),
        };
        format!(
            "ran {which}{replicate}, seed {}: {}, {}{fanout}",
            scenario.seed,
            key.protocol,
            counted(key.nodes, "node"),
        )
    }

    fn value(&self, name: &str) -> String {
        let columns = columns(&self.scenario.asked());
        let column = columns.iter().find(|column| column.name == name);
        match column.map(|column| (column.value)(self.run)) {
            Some(Value::Whole(number)) => number.to_string(),
            Some(Value::Real(number)) => short(number),
            Some(Value::Text(text)) => text,
            Some(Value::Missing) | None => NONE.to_string(),
        }
    }

    /// What theory says of one such run.
    fn theory(&self, metric: &str) -> String {
        let row = self.rows.iter().find(|row| row.metric == metric);
        match row.map(|row| (row.theory, row.theory_sd)) {
            Some((Some(mean), Some(sd))) => format!("mean {}, sd {}", short(mean), short(sd)),
            Some((Some(mean), None)) => format!("mean {}", short(mean)),
            Some((None, _)) | None => String::new(),
        }
    }

    fn row(&self, what: &str, metric: &str, remark: &str) -> Vec<String> {
        let value = self.value(metric);
        vec![what.into(), value, self.theory(metric), remark.into()]
    }

    /// The table: all of it, or what answers the first question.
    fn lines(&self, is_quick: bool) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        if !is_quick {
            rows.push(self.row("coverage", "coverage", ""));
        }
        for column in columns(&self.scenario.asked()) {
            let Some(what) = column.name.strip_prefix("rounds_to_") else {
                continue;
            };
            let what_for_people = match what {
                "majority" | "all" => what.to_string(),
                percent => format!("{percent} %"),
            };
            let time = match self.value(&format!("time_to_{what}_s")).as_str() {
                NONE => String::new(),
                seconds => format!("{seconds} s"),
            };
            if !(is_quick && what == "majority") {
                let name = format!("rounds to {what_for_people}");
                rows.push(self.row(&name, &column.name, &time));
            }
        }
        rows.push(self.row("messages per node", "messages_per_node", ""));
        if is_quick {
            rows.push(self.contact_row());
            rows.push(self.events_row());
            return rows;
        }
        rows.push(self.loss_row());
        rows.push(self.contact_row());
        let ended = format!("after {} s", short(self.run.ended.as_seconds()));
        rows.push(self.row("stopped by", "stopped_by", &ended));
        rows.push(self.events_row());
        rows.push(self.row("run digest", "run_digest", ""));
        rows
    }

    fn loss_row(&self) -> Vec<String> {
        let totals = &self.run.totals;
        let loss = match totals.sent {
            0 => "no message".into(),
            sent => format!("{} %", short(100.0 * totals.lost as f64 / sent as f64)),
        };
        let of = format!("of {}", counted(totals.sent, "message"));
        vec!["loss seen".into(), loss, String::new(), of]
    }

    fn contact_row(&self) -> Vec<String> {
        let mut row = self.row("contact probability", "contact_probability", "");
        if !self.cell.setup.measure.contact {
            row[1] = "not measured".into();
        } else if row[1] == NONE {
            row[1] = "no whole window".into();
        }
        row
    }

    fn events_row(&self) -> Vec<String> {
        let speed = format!(
            "{:.1} ns each",
            self.seconds * 1e9 / self.run.totals.events.max(1) as f64,
        );
        self.row("events", "events", &speed)
    }

    /// All of it for another program.
    fn object(&self, options: &Options, dir: &Path, committed: &Committed) -> serde_json::Value {
        let axes = axis_keys(self.scenario, Some(self.single));
        json!({
            "command": "run",
            "scenario": self.scenario.name,
            "file": options.scenario,
            "base": self.single.cell.is_none(),
            "settings": json::settings(&row_key(self.cell), &axes),
            "replicate": self.single.replicate,
            "seed": self.scenario.seed,
            "measured": json::measured(self.run, &self.scenario.asked()),
            "theory": json::theory(&self.rows),
            "seconds": self.seconds,
            "dir": dir,
            "files": committed.files,
            "set_aside": committed.set_aside,
            "previous": committed.previous,
        })
    }
}
