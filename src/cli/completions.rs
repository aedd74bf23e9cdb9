//! `gossim completions`: a shell's completion script.

use super::Cli;
use super::console::{Console, Failure};
use clap::{Args, CommandFactory};
use clap_complete::Shell;

#[derive(Args)]
pub struct Options {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub fn execute(console: &Console, options: &Options) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), "gossim", &mut script);
    console.give(String::from_utf8_lossy(&script))
}
