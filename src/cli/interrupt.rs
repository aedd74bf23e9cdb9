//! Ctrl-C: leaves the old results as they were, says so, exits 130.

use super::console::{Console, Failure};
use crate::output::Cleanup;
use std::io::Write;
use std::path::Path;

/// From now on an interruption removes what was written and ends the program.
pub fn guard(console: &Console, cleanup: Cleanup, dir: &Path) -> Result<(), Failure> {
    let dir = dir.display().to_string();
    let quiet = console.is_quiet();
    let handler = move || {
        // If the commit was reached, the new results are whole: nothing to undo.
        if cleanup.remove() && !quiet {
            let text = format!("interrupted: what was in {dir} before is as it was");
            let _ = writeln!(anstream::stderr(), "\n{text}");
        }
        std::process::exit(130);
    };
    ctrlc::set_handler(handler)
        .map_err(|error| Failure::Failed(format!("cannot listen for Ctrl-C: {error}")))
}
