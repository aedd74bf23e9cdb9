//! What the generators' tests share, and what holds for all of them.

use super::*;
use crate::node::NodeId;
use crate::random::{Seeds, Stream, StreamName};
use std::collections::BTreeMap;

pub fn stream(master: u64) -> Stream {
    let seeds = Seeds {
        master,
        replicate: 0,
        cell: String::new(),
    };
    seeds.stream(StreamName::Topology)
}

fn each(graph: &Arcs) -> impl Iterator<Item = (u32, &[u32])> {
    (0..graph.nodes()).map(|node| (node, graph.row(NodeId(node))))
}

pub fn degrees(graph: &Arcs) -> Vec<u32> {
    each(graph).map(|(_, row)| row.len() as u32).collect()
}

pub fn mean_and_variance(values: &[u32]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().map(|v| f64::from(*v)).sum::<f64>() / count;
    let off = |v: &u32| (f64::from(*v) - mean) * (f64::from(*v) - mean);
    (mean, values.iter().map(off).sum::<f64>() / (count - 1.0))
}

/// Edges among a node's neighbours.
fn closed(graph: &Arcs, row: &[u32]) -> u64 {
    let known = |one: &u32| {
        let others = graph.row(NodeId(*one));
        row.iter()
            .filter(|other| others.binary_search(other).is_ok())
            .count() as u64
    };
    row.iter().map(known).sum::<u64>() / 2
}

pub fn triangles(graph: &Arcs) -> u64 {
    each(graph).map(|(_, row)| closed(graph, row)).sum::<u64>() / 3
}

/// Closed pairs of neighbours over all of them.
pub fn transitivity(graph: &Arcs) -> f64 {
    let pairs =
        |(_, row): (u32, &[u32])| row.len() as u64 * (row.len() as u64).saturating_sub(1) / 2;
    3.0 * triangles(graph) as f64 / each(graph).map(pairs).sum::<u64>() as f64
}

/// The mean over nodes of at least two neighbours of the share of closed pairs.
pub fn clustering(graph: &Arcs) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for (_, row) in each(graph).filter(|(_, row)| row.len() > 1) {
        let pairs = row.len() * (row.len() - 1) / 2;
        sum += closed(graph, row) as f64 / pairs as f64;
        count += 1.0;
    }
    sum / count
}

/// Draws give each of so many graphs equally often: chi-square, whose statistic is
/// nearly normal with mean k and variance 2k; the bound is 4.5 deviations and a bit
/// for its skewness.
#[track_caller]
pub fn uniform(graphs: usize, nodes: u32, draw: impl Fn(&mut Stream) -> Arcs) {
    let mut stream = stream(13);
    let mut seen = BTreeMap::<Vec<u32>, f64>::new();
    let draws = 300 * graphs;
    for _ in 0..draws {
        let graph = draw(&mut stream);
        assert_eq!(graph.nodes(), nodes);
        let key =
            each(&graph).flat_map(|(node, row)| row.iter().map(move |other| node * nodes + other));
        *seen.entry(key.collect()).or_default() += 1.0;
    }
    assert_eq!(seen.len(), graphs);
    let chi: f64 = seen
        .values()
        .map(|count| (count - 300.0) * (count - 300.0) / 300.0)
        .sum();
    let freedom = graphs as f64 - 1.0;
    assert!(
        chi < freedom + 4.5 * f64::sqrt(2.0 * freedom) + 14.0,
        "{chi} of {freedom}"
    );
}

/// A graph of every random kind, over 1000 nodes.
fn random_graphs(stream: &mut Stream) -> Vec<(&'static str, Arcs)> {
    let seed = None;
    let sides = vec![10, 10, 10];
    let grid = Grid {
        sides,
        wrap: false,
        extra: 2,
        seed,
    };
    let sizes = vec![600, 400];
    let blocks = Blocks {
        sizes,
        inside: 0.02,
        between: 0.001,
        seed,
    };
    let (degree, rewire) = (6, 0.2);
    vec![
        ("grid", grid.build(1000, stream)),
        (
            "geometric",
            Geometric { degree: 8.0, seed }.build(1000, stream),
        ),
        ("regular", Regular { degree: 4, seed }.build(1000, stream)),
        (
            "regular, repaired",
            Regular { degree: 9, seed }.build(1000, stream),
        ),
        ("gnp", Gnp { p: 0.008, seed }.build(1000, stream)),
        ("gnm", Gnm { edges: 4000, seed }.build(1000, stream)),
        (
            "watts-strogatz",
            WattsStrogatz {
                degree,
                rewire,
                seed,
            }
            .build(1000, stream),
        ),
        (
            "barabasi-albert",
            BarabasiAlbert { links: 3, seed }.build(1000, stream),
        ),
        ("blocks", blocks.build(1000, stream)),
    ]
}

/// Rows ascend, no loop, no repeat, and every arc has its return.
#[test]
fn graphs_are_simple_and_undirected() {
    for (kind, graph) in random_graphs(&mut stream(21)) {
        assert_eq!(graph.nodes(), 1000, "{kind}");
        assert!(graph.count() > 2000, "{kind}");
        for (node, row) in each(&graph) {
            assert!(row.is_sorted_by(|a, b| a < b), "{kind}: {row:?}");
            for other in row {
                assert_ne!(*other, node, "{kind}");
                assert!(
                    graph.row(NodeId(*other)).binary_search(&node).is_ok(),
                    "{kind}"
                );
            }
        }
    }
}

/// What a seed draws never changes.
#[test]
fn golden_graphs() {
    let digest = |(kind, graph): (&'static str, Arcs)| {
        let fold = |sum: u64, word: u32| (sum ^ u64::from(word)).wrapping_mul(0x0100_0000_01b3);
        let words =
            each(&graph).flat_map(|(node, row)| [node].into_iter().chain(row.iter().copied()));
        format!("{kind} {:016x}", words.fold(0xcbf2_9ce4_8422_2325, fold))
    };
    let got: Vec<String> = random_graphs(&mut stream(1))
        .into_iter()
        .map(digest)
        .collect();
    assert_eq!(got, GOLDEN);
}

const GOLDEN: [&str; 9] = [
    "grid e3fa02d15881e63c",
    "geometric 30ae3dbc438af589",
    "regular ceb59f22c5b03e9f",
    "regular, repaired 7bae503f86eb86dd",
    "gnp d03b92e9e6ac7069",
    "gnm 4184999507b17da6",
    "watts-strogatz 1d0008b29aded0a8",
    "barabasi-albert da19dc216a013139",
    "blocks d73206b17f22ee1e",
];
