//! `gossim check`: is a scenario valid, how large is it, which theory applies?

use super::console::{Console, Failure, argument, short};
use super::sweep::threads;
use crate::laws::{self, Subject};
use crate::registry::Entry;
use crate::report;
use crate::scenario::{Overrides, Purpose, Scenario};
use clap::Args;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Args)]
pub struct Options {
    /// Scenario files
    #[arg(required = true)]
    scenarios: Vec<PathBuf>,
}

pub fn execute(console: &Console, options: &Options, protocols: &[Entry]) -> Result<(), Failure> {
    let mut failures = Vec::new();
    for file in &options.scenarios {
        let overrides = Overrides {
            purpose: Purpose::Sweep,
            ..Overrides::default()
        };
        match Scenario::read(file, protocols, &overrides) {
            Ok(scenario) => {
                console.say(format!("{}: valid", file.display()))?;
                describe(console, &scenario)?;
            }
            Err(error) => failures.push(error.to_string()),
        }
    }
    match failures.is_empty() {
        false => Err(Failure::Usage(failures.join("\n"))),
        true => match options.scenarios.first() {
            Some(file) => console.say(format!("next: gossim sweep {}", argument(file))),
            None => Ok(()),
        },
    }
}

fn describe(console: &Console, scenario: &Scenario) -> Result<(), Failure> {
    let cells = scenario.cell_count();
    let mut events = 0.0;
    let mut memory = 0;
    let mut theory = BTreeMap::new();
    let mut notes = BTreeMap::new();
    for number in 0..cells {
        let cell = scenario.cell(number)?;
        events += report::events_about(&cell) * scenario.replicates as f64;
        memory = memory.max(cell.protocol.memory_bytes(&cell.setup));
        for subject in Subject::ALL {
            let law = laws::find(subject, &cell);
            let says = subject.says(law.as_ref().map(|found| found.name));
            if let Some((metrics, says)) = subject.metrics().zip(says) {
                *theory.entry((subject, metrics, says)).or_insert(0u64) += 1;
            }
        }
        if let Some(note) = report::never_quiescent(&cell) {
            *notes.entry(note).or_insert(0u64) += 1;
        }
    }
    let runs = cells.saturating_mul(scenario.replicates);
    let replicates = scenario.replicates;
    console.say(format!(
        "  {cells} cells x {replicates} replicates: {runs} runs"
    ))?;
    if let Some(text) = report::few_replicates(replicates) {
        console.say(format!("  note: {text}"))?;
    }
    for (note, count) in notes {
        console.say(format!("  note: {note} ({count} cells)"))?;
    }
    console.say(format!("  about {} million events", short(events / 1e6)))?;
    let megabytes = memory as f64 * threads(None) as f64 / 1e6;
    console.say(format!(
        "  at most about {} MB at once",
        short(megabytes.max(1.0))
    ))?;
    for ((_, metrics, says), count) in theory {
        console.say(format!("  {metrics}: {says} ({count} cells)"))?;
    }
    console.say("  complete settings:\n")?;
    for line in scenario.complete().lines() {
        console.say(format!("    {line}").trim_end())?;
    }
    console.say("")
}
