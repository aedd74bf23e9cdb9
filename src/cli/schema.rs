//! `gossim schema`: what an editor needs to complete and check a scenario.

use super::console::{Console, Failure};
use crate::registry::Entry;
use crate::settings::{Named, json_schema};
use clap::Args;

#[derive(Args)]
#[command(after_help = "\
Examples:
  gossim schema > gossim.schema.json
Then, as the first line of a scenario, for editors that know TOML:
  #:schema ./gossim.schema.json")]
pub struct Options {}

pub fn execute(console: &Console, protocols: &[Entry]) -> Result<(), Failure> {
    let named = |entry: &Entry| Named {
        name: entry.name,
        about: entry.about,
        keys: entry.keys,
    };
    let named: Vec<Named> = protocols.iter().map(named).collect();
    console.json(&json_schema(&named))
}
