//! One cell, one replicate: one run's numbers.
//!
//! Invariant: one run is one thread and depends on nothing but its arguments.

use crate::metrics::{Run, Watch};
use crate::random::Seeds;
pub use crate::registry::Memory;
use crate::scenario::Cell;
use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

/// Runs one replicate of a cell.
///
/// # Panics
/// If the protocol does.
pub fn run(cell: &Cell, master_seed: u64, replicate: u64) -> Run {
    let memory = &mut Memory::default();
    run_in(memory, cell, master_seed, replicate, &mut |_, _| ())
}

/// The same in the memory of an earlier run, with somebody watching, who changes
/// nothing.
///
/// # Panics
/// If the protocol does; the memory is then gone.
pub fn run_in(
    memory: &mut Memory,
    cell: &Cell,
    master_seed: u64,
    replicate: u64,
    watch: &mut Watch,
) -> Run {
    let seeds = Seeds {
        master: master_seed,
        replicate,
        cell: cell.dice.clone(),
    };
    cell.protocol.run(memory, &cell.setup, &seeds, watch)
}

/// A run that panicked: a protocol's assertion that did not hold, say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Panicked {
    /// What it said, and where in the source.
    pub message: String,
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

thread_local! {
    /// Where the run that this thread tries panicked; `None` if it tries none.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// [`run_in`], for a protocol that may panic. Nothing is printed of it, unless
/// `RUST_BACKTRACE` asks for more than the message.
///
/// # Errors
/// The run panicked.
pub fn try_run(
    memory: &mut Memory,
    cell: &Cell,
    master_seed: u64,
    replicate: u64,
    watch: &mut Watch,
) -> Result<Run, Panicked> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !is_noted(info) || std::env::var_os("RUST_BACKTRACE").is_some() {
                before(info);
            }
        }));
    });
    PLACE.set(Some(String::new()));
    let run = || run_in(memory, cell, master_seed, replicate, watch);
    // What is seen after a panic is the memory, which is gone then, and the watch.
    let outcome = panic::catch_unwind(AssertUnwindSafe(run));
    let place = PLACE.take().unwrap_or_default();
    outcome.map_err(|payload| Panicked {
        message: format!("{} ({place})", words(payload.as_ref())),
    })
}

/// Notes where a run panics; false if this thread tries none.
fn is_noted(info: &PanicHookInfo) -> bool {
    PLACE.with_borrow_mut(|place| match place {
        Some(place) => {
            *place = info.location().map_or(String::new(), |at| {
                format!("{}:{}", at.file().replace('\\', "/"), at.line())
            });
            true
        }
        None => false,
    })
}

/// What a panic said.
fn words(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref().map(String::as_str));
    text.unwrap_or("a panic without words")
}
