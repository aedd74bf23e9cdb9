//! What an event costs, beside the yardstick of `kernels.rs`: pairs in turn,
//! in one process. `cargo bench --bench cost [-- quick] [-- W3]` prints the table of
//! `benches/README.md`, or the rows whose name has the word.

#![allow(clippy::print_stdout, missing_docs)]

mod kernels;
mod measure;
mod work;

use measure::{spread, time};
use std::time::Instant;
use work::Runner;

const PAIRS: usize = 7;

/// Pairs in turn: the engine's and the kernel's cost in that unit, and their ratio.
fn compare(name: &str, unit: &str, engine: impl Fn(u64) -> f64, kernel: impl Fn(u64) -> f64) {
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-') && word != "quick")
        .collect();
    if !asked.is_empty() && !asked.iter().any(|word| name.contains(word)) {
        return;
    }
    let mut costs = (Vec::new(), Vec::new(), Vec::new());
    for pair in 0..=PAIRS as u64 {
        let (ours, theirs) = (engine(pair), kernel(pair));
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

/// Nanoseconds per event of work that counts its events.
fn per_event(work: impl FnOnce() -> u64) -> f64 {
    let (seconds, events) = time(work);
    seconds * 1e9 / events as f64
}

/// W1 or W2 at one size.
fn continuous(nodes: u32, push: bool) {
    let runner = Runner::new(match push {
        true => work::continuous(nodes, "push", 3),
        false => work::continuous(nodes, "push-pull", 1),
    });
    let repeats = (2_000_000 / u64::from(nodes) / 20).max(1);
    let name = format!("W{} n = {nodes}", if push { 2 } else { 1 });
    let engine = |pair| {
        let runs = pair * repeats..(pair + 1) * repeats;
        per_event(|| runs.map(|k| runner.run(k).totals.events).sum())
    };
    let kernel = |pair| {
        let runs = pair * repeats..(pair + 1) * repeats;
        per_event(|| runs.map(|k| kernels::continuous(nodes, k, push)).sum())
    };
    compare(&name, "ns/event", engine, kernel);
}

/// W1 at n = 10^6 beside a plain binary heap.
fn plain_heap() {
    let nodes = 1_000_000;
    let runner = Runner::new(work::continuous(nodes, "push-pull", 1));
    let engine = |pair| per_event(|| runner.run(pair).totals.events);
    let heap = |pair| per_event(|| kernels::plain_heap(nodes, pair));
    compare("plain heap n = 1000000", "ns/event", engine, heap);
}

/// W3, a thousand runs at a time.
fn synchronous() {
    let runner = Runner::new(work::synchronous(1000));
    let per_run = |seconds: f64| seconds * 1e6 / 1000.0;
    let engine = |pair| {
        let runs = pair * 1000..(pair + 1) * 1000;
        per_run(time(|| runs.for_each(|k| drop(runner.run(k)))).0)
    };
    let kernel = |pair| {
        let mut random = kernels::Xoshiro::new(pair);
        let mut run = || kernels::synchronous_push(1000, &mut random);
        let (seconds, rounds) = time(|| (0..1000).map(|_| run()).sum());
        assert!((17_000..19_000u64).contains(&rounds));
        per_run(seconds)
    };
    compare("W3 n = 1000", "us/run", engine, kernel);
}

/// A sweep on one thread, beside two, by the wall's clock.
fn threads() {
    let scenario = work::thousand_runs();
    let sweep = |threads| {
        let started = Instant::now();
        work::sweep(&scenario, threads);
        started.elapsed().as_secs_f64() * 1e3
    };
    let name = "1000 runs of W1 n = 1000 on one thread, beside two threads";
    compare(name, "ms", |_| sweep(1), |_| sweep(2));
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
            continuous(nodes, push);
        }
    }
    plain_heap();
    synchronous();
    threads();
}
