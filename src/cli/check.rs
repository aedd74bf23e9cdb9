//! `gossim check`: is a scenario valid, how large is it, which theory applies?

use super::console::{Console, Failure, argument, counted, short};
use super::graphs::Graphs;
use super::skipped;
use super::sweep::threads;
use crate::laws::{self, Subject};
use crate::registry::Entry;
use crate::report;
use crate::scenario::{Cell, Overrides, Purpose, Scenario};
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "\
Examples:
  gossim check my.toml
  gossim check scenarios/*.toml
  gossim check my.toml --json | jq .scenarios[0].runs")]
pub struct Options {
    /// Scenario files
    #[arg(required = true)]
    scenarios: Vec<PathBuf>,
    /// Let the scenarios name files outside their folders
    #[arg(long)]
    allow_outside: bool,
    /// One JSON object on standard output, in place of the text
    #[arg(long)]
    json: bool,
}

pub fn execute(console: &Console, options: &Options, protocols: &[Entry]) -> Result<(), Failure> {
    let mut failures = Vec::new();
    let mut objects = Vec::new();
    for file in &options.scenarios {
        let overrides = Overrides {
            purpose: Purpose::Sweep,
            allow_outside: options.allow_outside,
            ..Overrides::default()
        };
        match Scenario::read(file, protocols, &overrides) {
            Ok(scenario) => {
                let findings = Findings::of(&scenario)?;
                if options.json {
                    objects.push(findings.object(file, &scenario));
                } else {
                    console.say(format!("{}: valid", file.display()))?;
                    findings.show(console, &scenario)?;
                }
            }
            Err(error) => {
                let text = error.to_string();
                objects.push(json!({ "file": file, "valid": false, "error": text }));
                failures.push(text);
            }
        }
    }
    if options.json {
        console.json(&json!({ "command": "check", "scenarios": objects }))?;
    }
    match failures.is_empty() {
        false => Err(Failure::Usage(failures.join("\n"))),
        true => match options.scenarios.first() {
            Some(file) if !options.json => console.next(format!("sweep {}", argument(file))),
            _ => Ok(()),
        },
    }
}

/// What there is to know of a scenario before it runs.
#[derive(Default)]
struct Findings {
    cells: u64,
    runs: u64,
    events: f64,
    memory_bytes: f64,
    notes: BTreeMap<String, u64>,
    graphs: Graphs,
    /// Of what, for which metrics, what is said: of how many cells.
    theory: BTreeMap<(Subject, &'static str, String), u64>,
}

impl Findings {
    fn of(scenario: &Scenario) -> Result<Findings, Failure> {
        let cells = scenario.cell_count();
        let mut found = Findings {
            cells,
            runs: cells.saturating_mul(scenario.replicates),
            ..Findings::default()
        };
        let mut memory = 0;
        for number in 0..cells {
            let cell = scenario.cell(number)?;
            found.events += report::events_about(&cell) * scenario.replicates as f64;
            memory = memory.max(cell.protocol.memory_bytes(&cell.setup));
            found.add(&cell);
            found.graphs.add(&cell, scenario.seed);
        }
        found.memory_bytes = memory as f64 * threads(None) as f64;
        Ok(found)
    }

    fn add(&mut self, cell: &Cell) {
        for subject in Subject::ALL {
            let law = laws::find(subject, cell);
            let says = subject.says(law.as_ref().map(|found| found.name));
            if let Some((metrics, says)) = subject.metrics().zip(says) {
                *self.theory.entry((subject, metrics, says)).or_default() += 1;
            }
        }
        if let Some(note) = report::never_quiescent(cell) {
            *self.notes.entry(note).or_default() += 1;
        }
    }

    fn show(&self, console: &Console, scenario: &Scenario) -> Result<(), Failure> {
        let cells = |count: &u64| counted(*count, "cell");
        let replicates = scenario.replicates;
        console.say(format!(
            "  {} x {}: {}",
            cells(&self.cells),
            counted(replicates, "replicate"),
            counted(self.runs, "run")
        ))?;
        for line in skipped::lines(scenario) {
            console.say(format!("  {line}"))?;
        }
        if let Some(text) = report::few_replicates(replicates) {
            console.say(format!("  note: {text}"))?;
        }
        for (note, count) in &self.notes {
            console.say(format!("  note: {note} ({})", cells(count)))?;
        }
        console.say(format!(
            "  about {} million events",
            short(self.events / 1e6)
        ))?;
        let megabytes = self.memory_bytes / 1e6;
        console.say(format!(
            "  at most about {} MB at once",
            short(megabytes.max(1.0))
        ))?;
        for ((_, metrics, says), count) in &self.theory {
            console.say(format!("  {metrics}: {says} ({})", cells(count)))?;
        }
        self.graphs.show(console)?;
        console.say("  complete settings:\n")?;
        for line in scenario.complete().lines() {
            console.say(format!("    {line}").trim_end())?;
        }
        console.say("")
    }

    fn object(&self, file: &Path, scenario: &Scenario) -> Value {
        let theory = self.theory.iter().map(
            |((_, metrics, says), cells)| json!({ "of": metrics, "says": says, "cells": cells }),
        );
        json!({
            "file": file,
            "valid": true,
            "scenario": scenario.name,
            "seed": scenario.seed,
            "cells": self.cells,
            "skipped": scenario.skipped().collect::<Vec<_>>(),
            "replicates": scenario.replicates,
            "runs": self.runs,
            "events_about": self.events,
            "memory_bytes_about": self.memory_bytes,
            "notes": self.notes.keys().collect::<Vec<_>>(),
            "theory": theory.collect::<Vec<_>>(),
            "graphs": self.graphs.object(),
            "complete": scenario.complete(),
        })
    }
}
