//! How the cost of an event grows with the number of nodes and with the fanout:
//! writes `docs/cost.csv`, draws `docs/cost.png` from it, and prints the tables
//! of `docs/cost.md`. `cargo bench --bench growth [-- draw]`; `draw` measures
//! nothing.

#![allow(clippy::print_stdout, missing_docs)]

mod measure;
mod work;

use gossim::pictures::{self, Format};
use measure::{spread, time};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use work::Runner;

const PROTOCOLS: [&str; 2] = ["push-pull", "push"];
const FANOUTS: [u32; 4] = [1, 2, 4, 8];
const NODES: [u32; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
/// Small networks run so many times that together they have about so many nodes.
const NODES_PER_REPEAT: u32 = 100_000;
/// From so many on, the time it takes to get memory is nothing beside the run's.
const NODES_LARGE: u32 = 1_000_000;
/// At so many a run takes half a minute, and more with a larger fanout.
const NODES_MAX: u32 = 10_000_000;
const REPEATS: usize = 5;
const REPEATS_AT_MAX: usize = 3;

/// A cell, and what was measured of it.
struct Measured {
    protocol: &'static str,
    nodes: u32,
    fanout: u32,
    runner: Runner,
    /// The most bytes that the first run held at once.
    bytes: u64,
    events_per_run: Vec<f64>,
    ns_per_event: Vec<f64>,
}

impl Measured {
    fn new(protocol: &'static str, nodes: u32, fanout: u32) -> Measured {
        Measured {
            protocol,
            nodes,
            fanout,
            runner: Runner::new(work::continuous(nodes, protocol, fanout)),
            bytes: 0,
            events_per_run: Vec::new(),
            ns_per_event: Vec::new(),
        }
    }

    fn runs(&self) -> u64 {
        u64::from((NODES_PER_REPEAT / self.nodes).max(1))
    }

    fn repeats(&self) -> usize {
        match self.nodes {
            NODES_MAX => REPEATS_AT_MAX,
            _ => REPEATS,
        }
    }

    /// A first run, in fresh memory: the first repeat, if the network is large.
    fn weigh(&mut self) {
        let runner = &self.runner;
        let mut first = (0.0, 0);
        let counted = allocation_counter::measure(|| {
            first = time(|| runner.run(0).totals.events);
        });
        self.bytes = counted.bytes_max;
        if self.nodes >= NODES_LARGE {
            self.take(first, 1);
        }
    }

    fn repeat(&mut self, repeat: u64) {
        let runs = self.runs();
        let numbers = repeat * runs..(repeat + 1) * runs;
        let runner = &self.runner;
        let done = time(|| numbers.map(|k| runner.run(k).totals.events).sum());
        self.take(done, runs);
    }

    fn take(&mut self, (seconds, events): (f64, u64), runs: u64) {
        self.events_per_run.push(events as f64 / runs as f64);
        self.ns_per_event.push(seconds * 1e9 / events as f64);
    }

    /// A row of the table.
    fn row(&self) -> String {
        let (median, least, greatest) = spread(self.ns_per_event.clone());
        format!(
            "{},{},{},{},{},{:.0},{median:.2},{least:.2},{greatest:.2},{},\"{}\"\n",
            self.protocol,
            self.nodes,
            self.fanout,
            self.ns_per_event.len(),
            self.runs(),
            spread(self.events_per_run.clone()).0,
            self.bytes,
            work::CONTINUOUS
        )
    }
}

const HEADER: &str = "protocol,nodes,fanout,repeats,runs_per_repeat,events_per_run,\
                      ns_per_event_p50,ns_per_event_min,ns_per_event_max,bytes_max,conditions\n";

/// All cells in turn, and that again: what else the machine does meanwhile is
/// spread over all of them.
fn measure() -> Vec<Measured> {
    let mut all = Vec::new();
    for protocol in PROTOCOLS {
        for nodes in NODES {
            let fanouts = if nodes < NODES_MAX {
                &FANOUTS[..]
            } else {
                &[1]
            };
            let new = |&fanout| Measured::new(protocol, nodes, fanout);
            all.extend(fanouts.iter().map(new));
        }
    }
    all.iter_mut().for_each(Measured::weigh);
    for repeat in 1..=REPEATS as u64 {
        for cell in &mut all {
            if cell.ns_per_event.len() < cell.repeats() {
                cell.repeat(repeat);
            }
        }
    }
    all
}

/// Nanoseconds over nodes and fanout, then what a run is at fanout 1.
fn print(all: &[Measured]) {
    for protocol in PROTOCOLS {
        println!("\n| {protocol}, n | m = 1 | m = 2 | m = 4 | m = 8 |");
        println!("| --- | --- | --- | --- | --- |");
        for nodes in NODES {
            let mut line = format!("| {nodes} |");
            for fanout in FANOUTS {
                let of =
                    |m: &&Measured| (m.protocol, m.nodes, m.fanout) == (protocol, nodes, fanout);
                let cost = all.iter().find(of).map_or(String::new(), |found| {
                    let (median, least, greatest) = spread(found.ns_per_event.clone());
                    format!("{median:.1} ({least:.1}-{greatest:.1})")
                });
                let _ = write!(line, " {cost} |");
            }
            println!("{line}");
        }
    }
    println!("\n| protocol | n | events a run | seconds a run | bytes a node |");
    println!("| --- | --- | --- | --- | --- |");
    for found in all.iter().filter(|m| m.fanout == 1) {
        let events = spread(found.events_per_run.clone()).0;
        println!(
            "| {} | {} | {events:.0} | {:.4} | {:.1} |",
            found.protocol,
            found.nodes,
            events * spread(found.ns_per_event.clone()).0 * 1e-9,
            found.bytes as f64 / f64::from(found.nodes)
        );
    }
}

fn main() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let table = docs.join("cost.csv");
    if !std::env::args().any(|argument| argument == "draw") {
        let all = measure();
        let rows: String = all.iter().map(Measured::row).collect();
        fs::write(&table, HEADER.to_owned() + &rows).expect("docs/cost.csv can be written");
        print(&all);
    }
    let picture = pictures::cost(&table, Format::Png).expect("a picture");
    fs::write(docs.join("cost.png"), picture.bytes).expect("docs/cost.png can be written");
}
