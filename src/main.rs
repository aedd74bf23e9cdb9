//! The `gossim` program: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    gossim::cli::main(&[])
}
