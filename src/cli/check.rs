//! `gossim check`: is a scenario valid, how large is it, which theory applies?

use super::console::{Console, Failure, argument, short};
use super::sweep::threads;
use crate::registry::Entry;
use crate::report;
use crate::scenario::{Cell, Overrides, Purpose, Scenario};
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
    let mut contact = BTreeMap::new();
    let mut spread = BTreeMap::new();
    let mut endings = BTreeMap::new();
    let mut leading_terms = BTreeMap::new();
    let mut notes = BTreeMap::new();
    for number in 0..cells {
        let cell = scenario.cell(number)?;
        events += report::events_about(&cell) * scenario.replicates as f64;
        memory = memory.max(cell.protocol.memory_bytes(&cell.setup));
        *contact.entry(contact_says(&cell)).or_insert(0u64) += 1;
        *spread.entry(spread_says(&cell)).or_insert(0u64) += 1;
        if let Some(ending) = report::ending(&cell) {
            let says = ending_says(ending);
            *endings.entry(says).or_insert(0u64) += 1;
        }
        if let Ok(terms) = report::leading_terms(&cell) {
            let says = format!("leading terms {}", terms.model);
            *leading_terms.entry(says).or_insert(0u64) += 1;
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
    for (metric, says) in [
        ("contact_probability", contact),
        ("rounds_to_..., mean_arrival_rounds", spread),
        ("coverage, residue, updates_sent", endings),
        ("rounds_to_all for many nodes", leading_terms),
    ] {
        for (what, count) in says {
            console.say(format!("  {metric}: {what} ({count} cells)"))?;
        }
    }
    console.say("  complete settings:\n")?;
    for line in scenario.complete().lines() {
        console.say(format!("    {line}").trim_end())?;
    }
    console.say("")
}

fn contact_says(cell: &Cell) -> String {
    match report::contact(cell) {
        Ok(model) => format!("theory {}", model.model()),
        Err(why) => format!("no theory: {why}"),
    }
}

fn spread_says(cell: &Cell) -> String {
    match report::spread(cell) {
        Ok(model) => format!("theory {}", model.model()),
        Err(why) => format!("no theory: {why}"),
    }
}

fn ending_says(ending: Result<report::Ending, String>) -> String {
    match ending {
        Ok(model) => format!(
            "theory {}, if the rumor dies in all runs before half of the time allowed",
            model.model()
        ),
        Err(why) => format!("no theory: {why}"),
    }
}
