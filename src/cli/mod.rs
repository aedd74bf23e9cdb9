//! The program's commands, one file each.
//!
//! Invariant: the only room that prints; decides nothing that changes a result.

mod check;
mod clerk;
mod compare;
mod completions;
mod console;
mod graphs;
mod init;
mod interrupt;
mod json;
mod list;
mod man;
mod overview;
mod pages;
#[cfg(test)]
mod panics;
mod plot;
mod program;
mod progress;
mod record;
mod replay;
mod row_key;
mod run;
mod schema;
mod skipped;
mod sweep;
mod table;
mod theory;
mod validate;
mod verify;

pub use program::Program;

use crate::registry::Entry;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// A deterministic discrete-event simulator of gossip protocols.
#[derive(Parser)]
#[command(
    name = "gossim",
    version,
    max_term_width = 100,
    after_help = "\
Start with:
  gossim run                  one run of a built-in scenario, in ten lines
  gossim init my.toml         a commented scenario of your own
  gossim sweep my.toml        all cells of it, many times each
  gossim help sweep           more on a command, with examples
Exit codes: 0 success, 1 failed run or check of results, 2 bad usage or scenario, 130 interrupted"
)]
struct Cli {
    /// Print nothing but errors
    #[arg(short, long, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write a commented scenario to start from
    Init(init::Options),
    /// Check scenarios: settings, size, which theory applies
    Check(check::Options),
    /// Run a scenario once
    Run(run::Options),
    /// Run all cells of a scenario, many times
    Sweep(sweep::Options),
    /// Draw the pictures of a results directory again
    Plot(plot::Options),
    /// Run again and compare with a results directory
    Verify(verify::Options),
    /// Compare two results directories, cell by cell and metric by metric
    Compare(compare::Options),
    /// Hold the simulator against every published and exact result
    Validate(validate::Options),
    /// Print what theory says
    Theory(theory::Options),
    /// List what a scenario can name
    List(list::Options),
    /// Print the JSON Schema of scenarios, for editors
    Schema(schema::Options),
    /// Print a shell's completion script
    Completions(completions::Options),
    /// Write manual pages, one per command
    Man(man::Options),
}

/// What `run` and `sweep` have in common.
#[derive(Args)]
struct Common {
    /// Set a key for this time, as in --set protocol.fanout=3 (can be repeated)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// The master seed, 0 to 2^53 - 1, in place of the scenario's
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(..=SEED_MAX))]
    seed: Option<u64>,
    /// The results directory
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Let the scenario name files outside its folder
    #[arg(long)]
    allow_outside: bool,
    /// One JSON object on standard output, in place of the text
    #[arg(long)]
    json: bool,
}

const SEED_MAX: u64 = (1 << 53) - 1;

/// The program, with a researcher's own protocols beside the built-in ones, each
/// under a name of its own.
pub fn main(own: &[Entry]) -> ExitCode {
    Program::gossim(own).main()
}
