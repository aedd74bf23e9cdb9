//! What an event costs, beside the yardstick of `kernels.rs`: pairs in turn,
//! in one process. `cargo bench --bench cost [-- quick] [-- W3]` prints the table of
//! `benches/README.md`, or the rows whose name has the word.

#![allow(clippy::print_stdout, missing_docs)]

mod kernels;

use gossim::registry::PROTOCOLS;
use gossim::run;
use gossim::scenario::{Cell, Overrides, Scenario};
use rustix::time::{ClockId, clock_gettime};

const PAIRS: usize = 7;

fn cell(text: &str) -> Cell {
    Scenario::from_text(text, "bench.toml", PROTOCOLS, &Overrides::default())
        .and_then(|scenario| scenario.base())
        .unwrap_or_else(|error| panic!("{error}"))
}

fn continuous(nodes: u32, push: bool) -> Cell {
    let protocol = match push {
        true => "kind = \"push\"\nfanout = 3",
        false => "kind = \"push-pull\"",
    };
    cell(&format!(
        "name = \"w\"\n[nodes]\ncount = {nodes}\n[protocol]\n{protocol}\n[network]\nloss = 0.01\n\
         latency = {{ kind = \"exponential\", mean = \"50ms\" }}\n[stop]\nall_informed = true\n"
    ))
}

fn synchronous(nodes: u32) -> Cell {
    cell(&format!(
        "name = \"w\"\n[nodes]\ncount = {nodes}\n[protocol]\nkind = \"push\"\n[clock]\n\
         mode = \"synchronous\"\n[stop]\nall_informed = true\n[measure]\ncontact = false\n"
    ))
}

/// Seconds of this thread on a processor, which other work on the machine
/// changes less than the wall's, and what was counted.
fn time(work: impl FnOnce() -> u64) -> (f64, f64) {
    let now = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
    };
    let started = now();
    let count = work();
    (now() - started, count as f64)
}

/// Median, least and greatest.
fn spread(mut values: Vec<f64>) -> (f64, f64, f64) {
    values.sort_by(f64::total_cmp);
    (
        values[values.len() / 2],
        values[0],
        values[values.len() - 1],
    )
}

/// Pairs in turn: the engine's and the kernel's cost per unit, and their ratio.
fn compare(
    name: &str,
    unit: &str,
    scale: f64,
    engine: impl Fn(u64) -> u64,
    kernel: impl Fn(u64) -> u64,
) {
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-') && word != "quick")
        .collect();
    if !asked.is_empty() && !asked.iter().any(|word| name.contains(word)) {
        return;
    }
    let mut costs = (Vec::new(), Vec::new(), Vec::new());
    for pair in 0..=PAIRS as u64 {
        let (seconds, count) = time(|| engine(pair));
        let (yardstick_seconds, yardstick_count) = time(|| kernel(pair));
        let (ours, theirs) = (
            seconds * scale / count,
            yardstick_seconds * scale / yardstick_count,
        );
        // The first pair warms up.
        if pair > 0 {
            costs.0.push(ours);
            costs.1.push(theirs);
            costs.2.push(ours / theirs);
        }
    }
    let (ours, theirs, ratio) = (spread(costs.0), spread(costs.1), spread(costs.2));
    println!(
        "| {name} | {:.1} ({:.1}-{:.1}) | {:.1} ({:.1}-{:.1}) | {unit} | {:.2} ({:.2}-{:.2}) |",
        ours.0, ours.1, ours.2, theirs.0, theirs.1, theirs.2, ratio.0, ratio.1, ratio.2
    );
}

/// W1 at n = 10^6 beside a plain binary heap.
fn plain_heap() {
    let nodes = 1_000_000;
    let cell = continuous(nodes, false);
    let engine = |pair| run::run(&cell, 1, pair).totals.events;
    let heap = |pair| kernels::plain_heap(nodes, pair);
    compare("plain heap n = 1000000", "ns/event", 1e9, engine, heap);
}

fn main() {
    let quick = std::env::args().any(|argument| argument == "quick");
    println!("| work | gossim | yardstick | unit | ratio |\n| --- | --- | --- | --- | --- |");
    let sizes: &[u32] = if quick {
        &[1_000, 100_000]
    } else {
        &[1_000, 10_000, 100_000, 1_000_000]
    };
    for push in [false, true] {
        for &nodes in sizes {
            let cell = continuous(nodes, push);
            let repeats = (2_000_000 / u64::from(nodes) / 20).max(1);
            let name = format!("W{} n = {nodes}", if push { 2 } else { 1 });
            let engine = |pair| {
                (0..repeats)
                    .map(|k| run::run(&cell, 1, pair * repeats + k).totals.events)
                    .sum()
            };
            let kernel = |pair| {
                (0..repeats)
                    .map(|k| kernels::continuous(nodes, pair * repeats + k, push))
                    .sum()
            };
            compare(&name, "ns/event", 1e9, engine, kernel);
        }
    }
    plain_heap();
    let cell = synchronous(1000);
    let engine = |pair| {
        (0..1000).for_each(|k| drop(run::run(&cell, 1, pair * 1000 + k)));
        1000
    };
    let kernel = |pair| {
        let mut random = kernels::Xoshiro::new(pair);
        let rounds: u64 = (0..1000)
            .map(|_| kernels::synchronous_push(1000, &mut random))
            .sum();
        assert!((17_000..19_000).contains(&rounds));
        1000
    };
    compare("W3 n = 1000", "us/run", 1e6, engine, kernel);
}
