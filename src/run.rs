//! One cell, one replicate: one run's numbers.
//!
//! Invariant: one run is one thread and depends on nothing but its arguments.

use crate::metrics::{Run, Watch};
use crate::random::Seeds;
use crate::scenario::Cell;

/// Runs one replicate of a cell.
pub fn run(cell: &Cell, master_seed: u64, replicate: u64) -> Run {
    run_watched(cell, master_seed, replicate, &mut |_, _| ())
}

/// The same, with somebody watching, who changes nothing.
pub fn run_watched(cell: &Cell, master_seed: u64, replicate: u64, watch: &mut Watch) -> Run {
    let seeds = Seeds {
        master: master_seed,
        replicate,
        cell: cell.dice.clone(),
    };
    cell.protocol.run_watched(&cell.setup, &seeds, watch)
}
