//! `gossim init`: a commented scenario to start from.

use super::console::{Console, Failure, argument};
use crate::scenario::Scenario;
use crate::store;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Examples:
  gossim init my.toml
  gossim run my.toml       one run of it
  gossim sweep my.toml     all of it")]
pub struct Options {
    /// The file to write; an existing one is never replaced
    #[arg(default_value = "scenario.toml")]
    file: PathBuf,
}

pub fn execute(console: &Console, options: &Options) -> Result<(), Failure> {
    store::write_file(&options.file, Scenario::template().as_bytes())?;
    console.say(format!("wrote {}", options.file.display()))?;
    console.next(format!("run {}", argument(&options.file)))
}
