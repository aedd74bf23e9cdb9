//! The work units: W1 (push-pull) and W2 (push) in continuous time, W3 in
//! common rounds.

// Each bench is a crate of its own and uses its part of this.
#![allow(dead_code)]

use gossim::metrics::Run;
use gossim::registry::{Memory, PROTOCOLS};
use gossim::run::{self, Panicked};
use gossim::scenario::{Cell, Overrides, Purpose, Scenario};
use gossim::sweep::{self, Selection};
use std::cell::RefCell;
use std::convert::Infallible;
use std::hint::black_box;
use std::path::Path;

fn overrides() -> Overrides {
    Overrides {
        purpose: Purpose::Sweep,
        ..Overrides::default()
    }
}

fn scenario(text: &str) -> Scenario {
    Scenario::from_text(text, "bench.toml", PROTOCOLS, &overrides())
        .unwrap_or_else(|error| panic!("{error}"))
}

fn cell(text: &str) -> Cell {
    let cell = scenario(text).base();
    cell.unwrap_or_else(|error| panic!("{error}"))
}

fn continuous_text(nodes: u32, protocol: &str, fanout: u32) -> String {
    format!(
        "name = \"w\"\n[nodes]\ncount = {nodes}\n[protocol]\nkind = \"{protocol}\"\nfanout = {fanout}\n\
         [network]\nloss = 0.01\nlatency = {{ kind = \"exponential\", mean = \"50ms\" }}\n\
         [stop]\nall_informed = true\n"
    )
}

/// What [`continuous`] is in words, nodes, protocol and fanout apart.
pub const CONTINUOUS: &str = "One thread; complete graph, periodic ticks, exponential latency \
                              of mean 50 ms, loss 1 %, until all are informed";

/// W1: push-pull, fanout 1. W2: push, fanout 3.
pub fn continuous(nodes: u32, protocol: &str, fanout: u32) -> Cell {
    cell(&continuous_text(nodes, protocol, fanout))
}

/// W3: push in common rounds.
pub fn synchronous(nodes: u32) -> Cell {
    cell(&format!(
        "name = \"w\"\n[nodes]\ncount = {nodes}\n[protocol]\nkind = \"push\"\n[clock]\n\
         mode = \"synchronous\"\n[stop]\nall_informed = true\n[measure]\ncontact = false\n"
    ))
}

/// W1, n = 1000, 1000 runs.
pub fn thousand_runs() -> Scenario {
    let sweep = "[sweep]\nreplicates = 1000\n";
    scenario(&(continuous_text(1000, "push-pull", 1) + sweep))
}

/// W4: 84 cells of push.
pub fn contact_probability() -> Scenario {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("scenarios/contact_probability.toml");
    Scenario::read(&path, PROTOCOLS, &overrides()).unwrap_or_else(|error| panic!("{error}"))
}

/// A cell whose runs use each other's memory, one after another.
pub struct Runner {
    cell: Cell,
    memory: RefCell<Memory>,
}

impl Runner {
    /// Of a cell.
    pub fn new(cell: Cell) -> Runner {
        let memory = RefCell::default();
        Runner { cell, memory }
    }

    /// One of its runs.
    pub fn run(&self, replicate: u64) -> Run {
        let memory = &mut self.memory.borrow_mut();
        run::run_in(memory, &self.cell, 1, replicate, &mut |_, _| ())
    }
}

/// A whole sweep, without files.
pub fn sweep(scenario: &Scenario, threads: usize) {
    let take = |_: &Cell, _: u64, run: Result<Run, Panicked>| {
        let run = run.expect("a run");
        black_box(run.digest);
        Ok::<(), Infallible>(())
    };
    let done = sweep::run_plain(scenario, &Selection::All, threads, take, || {});
    assert!(done.is_ok(), "a sweep");
}
