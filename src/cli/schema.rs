//! `gossim schema`: what an editor needs to complete and check a scenario.

use super::console::{Console, Failure};
use crate::registry::Entry;
use crate::scenario::Scenario;
use clap::Args;

#[derive(Args)]
#[command(after_help = "\
Examples:
  gossim schema > gossim.schema.json    (gossim init writes it, too)
Then, as the first line of a scenario, for editors that know TOML:
  #:schema ./gossim.schema.json")]
pub struct Options {}

/// The first line of the file, by which an older one is known as ours.
const FIRST_LINE: &str = "{ \"$comment\": \"gossim schema\",";

/// The schema as a file.
pub fn text(protocols: &[Entry]) -> String {
    let schema = format!("{:#}\n", Scenario::schema(protocols));
    schema.replacen('{', FIRST_LINE, 1)
}

/// What the file is called.
pub fn file_name(console: &Console) -> String {
    format!("{}.schema.json", console.program().name())
}

pub fn execute(console: &Console, protocols: &[Entry]) -> Result<(), Failure> {
    console.give(text(protocols))
}
