//! Ctrl-C: leaves the old results as they were, says so, exits 130.

use super::console::{Console, Failure};
use crate::store::Cleanup;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on an interruption removes what was written and ends the program.
pub fn guard(console: &Console, cleanup: Cleanup, dir: &Path) -> Result<(), Failure> {
    let dir = dir.display().to_string();
    let console = console.clone();
    let handler = move || {
        INTERRUPTED.store(true, Ordering::SeqCst);
        console.note(match cleanup.remove() {
            true => format!("\ninterrupted: what was in {dir} before is as it was"),
            false => format!("\ninterrupted: the results in {dir} are whole"),
        });
        std::process::exit(130);
    };
    match ctrlc::set_handler(handler) {
        // Only tests run two commands in one process.
        Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(()),
        Err(error) => Err(Failure::Failed(format!(
            "cannot listen for Ctrl-C: {error}"
        ))),
    }
}

/// An interruption has the last word: what the command says once its files are
/// gone is no failure of its own.
pub fn wait_if_interrupted() {
    while INTERRUPTED.load(Ordering::SeqCst) {
        std::thread::park();
    }
}
