//! Readers of what strangers wrote, under files that a deterministic mutator makes:
//! whatever the bytes, they give data that keeps its promises or a refusal with a
//! place, and never a panic. Some thousands of files each; as long as
//! `GOSSIM_FUZZ_SECONDS` says (see `scripts/fuzz.sh`).

use gossim::files::{self, Ids, MatrixUnit, Refused};
use gossim::random::{Seeds, Stream, StreamName};
use gossim::registry::PROTOCOLS;
use gossim::scenario::{Overrides, Scenario};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// Files of each test where no time is given.
const FILES: u64 = 5_000;

/// Pieces that readers stumble over.
const PIECES: &[&str] = &[
    "\n",
    "\r\n",
    ",",
    "\t",
    " ",
    "#",
    "%",
    "\"",
    "\"\"",
    "0",
    "-1",
    "1e",
    "1e9999",
    "1e-9999",
    "4294967294",
    "4294967295",
    "1099511627776",
    "99999999999999999999",
    "0.5",
    ".",
    "ms",
    "NaN",
    "inf",
    "\0",
    "\u{feff}",
    "\u{1b}[2J",
    "\u{202e}",
    "=1+1",
    "[",
    "]",
    "{",
    "}",
    "[[",
    "'''",
    "true",
    "id",
    "from",
    "to",
    "latency",
    "loss",
    "kind",
    "10Mbit/s",
    "20ms",
];

/// Changes a text here and there.
fn mutate(stream: &mut Stream, seeds: &[&str]) -> Vec<u8> {
    let pick = |stream: &mut Stream| seeds[stream.below(seeds.len() as u32) as usize].as_bytes();
    let mut bytes = pick(stream).to_vec();
    for _ in 0..=stream.below(6) {
        let at = stream.below(bytes.len() as u32 + 1) as usize;
        let end = (at + stream.below(9) as usize).min(bytes.len());
        let new: Vec<u8> = match stream.below(6) {
            0 => Vec::new(),
            1 => vec![stream.below(256) as u8],
            2 => PIECES[stream.below(PIECES.len() as u32) as usize].into(),
            3 => bytes[at..end].repeat(2 + stream.below(40) as usize),
            4 => {
                let other = pick(stream);
                other[stream.below(other.len() as u32) as usize..].to_vec()
            }
            _ => bytes[at..end]
                .iter()
                .map(|byte| byte ^ (1 << stream.below(8)))
                .collect(),
        };
        bytes.splice(at..end, new);
    }
    bytes
}

/// Feeds mutated files to a reader, which checks what it makes of each; true: taken.
#[expect(
    clippy::print_stdout,
    reason = "`scripts/fuzz.sh` shows how much was tried"
)]
fn feed(name: &str, seeds: &[&str], read: impl Fn(&[u8]) -> bool) {
    let mut stream = Seeds {
        master: 1,
        replicate: 0,
        cell: name.to_string(),
    }
    .stream(StreamName::Protocol);
    let seconds = std::env::var("GOSSIM_FUZZ_SECONDS").ok();
    let seconds = seconds.and_then(|seconds| seconds.parse().ok());
    let (started, mut files, mut taken) = (Instant::now(), 0u64, 0u64);
    let goes_on = |files: u64| match seconds {
        Some(seconds) => {
            !files.is_multiple_of(64) || started.elapsed() < Duration::from_secs(seconds)
        }
        None => files < FILES,
    };
    while goes_on(files) {
        let bytes = mutate(&mut stream, seeds);
        match catch_unwind(AssertUnwindSafe(|| read(&bytes))) {
            Ok(is_taken) => taken += u64::from(is_taken),
            Err(_) => panic!("file {files}: {:?}", String::from_utf8_lossy(&bytes)),
        }
        files += 1;
    }
    println!("{name}: {files} files, {taken} taken");
    assert!(
        taken > files / 1000 && taken < files,
        "{name}: {taken} of {files}"
    );
}

/// A refusal can be printed anywhere.
fn harmless(refused: &Refused) -> bool {
    let text = refused.to_string();
    assert!(
        text.len() < 1000 && !text.chars().any(char::is_control),
        "{text:?}"
    );
    false
}

#[test]
fn edge_lists() {
    let seeds = [
        "# a\n0 1\n1 2\n2 0\n",
        "5,7\n7\t9\n 9 , 5\n",
        "100 200\n100 300\n",
    ];
    feed("edge list", &seeds, |bytes| {
        for ids in [Ids::Renumber, Ids::AsIs { nodes: 400 }] {
            match files::edge_list(bytes, ids) {
                Ok(list) => {
                    let inside = |edge: [u32; 2]| edge.iter().all(|node| *node < list.nodes);
                    assert!(list.edges().all(inside) && list.edges().count() == list.len());
                    assert!(list.names.is_sorted_by(|a, b| a < b));
                }
                Err(refused) => return harmless(&refused),
            }
        }
        true
    });
}

#[test]
fn tables_of_nodes_and_links() {
    let nodes = [
        "id,region,uplink,weight\n0,eu,10Mbit/s,1.5\n1,\"us, east\",1kbit/s,0\n",
        "id\n3\n1\n",
    ];
    feed("nodes", &nodes, |bytes| {
        match files::nodes(bytes, Ids::Renumber) {
            Ok(table) => {
                let regions = table.regions.len() as u32;
                assert!(table.rows.is_sorted_by(|a, b| a.id < b.id));
                assert!(
                    table
                        .rows
                        .iter()
                        .all(|row| row.region.is_none_or(|at| at < regions))
                );
                true
            }
            Err(refused) => harmless(&refused),
        }
    });
    let links = [
        "from,to,latency,loss\n0,1,20ms,0.1\n1,0,1.5s,0\n",
        "to,from\n3,1\n1,9\n",
    ];
    feed("links", &links, |bytes| {
        match files::links(bytes, Ids::Renumber) {
            Ok(links) => {
                let count = links.list.len();
                assert!([0, count].contains(&links.latencies.len()));
                assert!([0, count].contains(&links.losses.len()));
                assert!(links.losses.iter().all(|loss| (0.0..=1.0).contains(loss)));
                true
            }
            Err(refused) => harmless(&refused),
        }
    });
}

#[test]
fn matrices_and_durations() {
    let matrices = [
        "eu us\n0 80.5\n81 0\n",
        "0,1,2\n3,0,4\n5,6,0\n",
        "# ms\n1e2\n",
    ];
    feed("matrix", &matrices, |bytes| {
        match files::matrix(bytes, MatrixUnit::Millis, true) {
            Ok(matrix) => {
                let width = matrix.names.len();
                assert_eq!(matrix.latencies.len(), width * width);
                let off = |(at, _): &(usize, _)| at / width != at % width;
                let mut others = matrix.latencies.iter().enumerate().filter(off);
                assert!(others.all(|(_, latency)| latency.0 > 0));
                true
            }
            Err(refused) => harmless(&refused),
        }
    });
    let durations = ["20ms\n1.5s\n# x\n7 us\n"];
    feed("durations", &durations, |bytes| {
        match files::durations(bytes) {
            Ok(list) => !list.is_empty(),
            Err(refused) => harmless(&refused),
        }
    });
}

#[test]
fn scenarios() {
    let seeds = [
        "name = \"a\"\n[nodes]\ncount = 10\n[protocol]\nkind = \"push\"\n[network]\ntopology = { kind = \"grid\", sides = [2, 5] }\nlatency = { kind = \"constant\", value = \"5ms\" }\n[sweep]\nreplicates = 2\n\"protocol.fanout\" = [1, 2]\n",
        "name = \"b\"\n[nodes]\ncount = 12\n[protocol]\nkind = \"pull\"\nfanout = \"all\"\n[clock]\nmode = \"synchronous\"\n[network]\ntopology = { kind = \"regular\", degree = 3, seed = 4 }\nloss = 0.1\n[stop]\nrounds = 3\n",
        "name = \"c\"\n[nodes]\ncount = 8\n[protocol]\nkind = \"rumor-mongering\"\nk = 2\n[[sweep.case]]\nlabel = \"x\"\n\"network.topology\" = { kind = \"blocks\", sizes = [4, 4], inside = 1, between = 0.5 }\n",
    ];
    feed("scenario", &seeds, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return false;
        };
        match Scenario::from_text(text, "fuzz.toml", PROTOCOLS, &Overrides::default()) {
            Ok(scenario) => {
                let again = scenario.complete();
                let read =
                    Scenario::from_text(&again, "again.toml", PROTOCOLS, &Overrides::default());
                let read = read.unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(read.complete(), again);
                true
            }
            Err(error) => {
                let is_plain = |c: char| !c.is_control() || c == '\n';
                assert!(error.to_string().chars().all(is_plain), "{error}");
                false
            }
        }
    });
}
