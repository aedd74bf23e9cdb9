//! What the parts cost: each kind of draw, and whole sweeps on one thread and two.
//! `cargo bench --bench parts` prints the tables of `benches/README.md`.

#![allow(clippy::print_stdout, missing_docs)]

use gossim::metrics::Run;
use gossim::random::{Distinct, Seeds, Stream, StreamName};
use gossim::registry::PROTOCOLS;
use gossim::scenario::{Cell, Overrides, Purpose, Scenario};
use gossim::sweep::{self, Which};
use std::convert::Infallible;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

const REPEATS: usize = 7;

/// Median, least and greatest of some measurements, after one to warm up.
fn spread(mut measure: impl FnMut() -> f64) -> String {
    measure();
    let mut values: Vec<f64> = (0..REPEATS).map(|_| measure()).collect();
    values.sort_by(f64::total_cmp);
    let [least, median, greatest] = [0, REPEATS / 2, REPEATS - 1].map(|place| values[place]);
    format!("{median:.2} ({least:.2}-{greatest:.2})")
}

/// Nanoseconds of a draw.
fn draw(name: &str, mut draw: impl FnMut(&mut Stream)) {
    const DRAWS: u32 = 2_000_000;
    let seeds = Seeds {
        master: 1,
        replicate: 0,
        cell: String::new(),
    };
    let mut stream = seeds.stream(StreamName::Protocol);
    let cost = spread(|| {
        let started = Instant::now();
        (0..DRAWS).for_each(|_| draw(&mut stream));
        started.elapsed().as_secs_f64() * 1e9 / f64::from(DRAWS)
    });
    println!("| {name} | {cost} | ns |");
}

/// Seconds of a sweep, without files.
fn seconds(scenario: &Scenario, jobs: usize) -> f64 {
    let started = Instant::now();
    let take = |_: &Cell, _: u64, run: Run| {
        black_box(run.digest);
        Ok::<(), Infallible>(())
    };
    let done = sweep::run(scenario, &Which::All, jobs, take, || {});
    assert!(done.is_ok(), "a sweep");
    started.elapsed().as_secs_f64()
}

fn main() {
    println!("| draw | median (least-greatest) | unit |\n| --- | --- | --- |");
    draw("64 bits", |stream| {
        black_box(stream.bits());
    });
    draw("below 1000", |stream| {
        black_box(stream.below(1000));
    });
    draw("exponential", |stream| {
        black_box(stream.exponential());
    });
    draw("normal", |stream| {
        black_box(stream.normal());
    });
    let (mut distinct, mut drawn) = (Distinct::default(), Vec::new());
    draw("3 distinct of 1000", |stream| {
        drawn.clear();
        distinct.draw(stream, 3, 1000, &mut drawn);
        black_box(&drawn);
    });

    let w1 = "name = \"w\"\nnodes.count = 1000\nprotocol.kind = \"push-pull\"\n\
              network.loss = 0.01\nstop.all_informed = true\nsweep.replicates = 1000\n\
              network.latency = { kind = \"exponential\", mean = \"50ms\" }\n";
    let overrides = Overrides {
        purpose: Purpose::Sweep,
        ..Overrides::default()
    };
    let w1 = Scenario::from_text(w1, "w1.toml", PROTOCOLS, &overrides).expect("a scenario");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/contact_probability.toml");
    let w4 = Scenario::read(&path, PROTOCOLS, &overrides).expect("a scenario");
    println!("\n| sweep | median (least-greatest) | unit |\n| --- | --- | --- |");
    println!("| W4, two threads | {} | s |", spread(|| seconds(&w4, 2)));
    println!(
        "| W1, n = 1000, 1000 runs, one thread | {} | s |",
        spread(|| seconds(&w1, 1))
    );
    println!(
        "| the same, two threads | {} | s |",
        spread(|| seconds(&w1, 2))
    );
    let faster = spread(|| seconds(&w1, 1) / seconds(&w1, 2));
    println!("| one thread over two, in turn | {faster} | |");
}
