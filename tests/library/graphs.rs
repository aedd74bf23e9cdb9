//! Protocols on graphs, against exact laws: chains over subsets of nodes.

use crate::common::{Mean, cell, runs, values};
use gossim::network::topology::Graph;
use gossim::node::NodeId;
use gossim::random::Seeds;
use gossim::registry::PROTOCOLS;
use gossim::scenario::{Cell, Overrides, Scenario};

/// A graph, its source, and by protocol (push, pull, push-pull) and clock
/// (synchronous, Poisson) the mean rounds to half, to all, and of an arrival.
type Row = (&'static str, u32, [[[f64; 3]; 2]; 3]);

const LINE: &str = r#"nodes.count=5 network.topology={kind="line"}"#;
const STAR: &str = r#"nodes.count=8 network.topology={kind="star"}"#;
const RING: &str = r#"nodes.count=9 network.topology={kind="ring"}"#;
const GRID: &str = r#"nodes.count=12 network.topology={kind="grid",sides=[3,4]}"#;
const BIPARTITE: &str =
    r#"nodes.count=6 network.topology={kind="blocks",sizes=[3,3],inside=0.0,between=1.0}"#;

/// Computed exactly by an independent program: the chain of the set of informed nodes.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    (LINE, 0, [
        [[3.000000, 7.000000, 4.000000], [3.000000, 7.000000, 4.000000]],
        [[4.000000, 7.000000, 4.750000], [4.000000, 7.000000, 4.750000]],
        [[2.333333, 4.666667, 2.916667], [1.666667, 3.333333, 2.083333]],
    ]),
    (STAR, 1, [
        [[3.566667, 18.150000, 7.000000], [3.566667, 18.150000, 7.000000]],
        [[8.000000, 8.000000, 7.857143], [7.366667, 9.450000, 7.857143]],
        [[2.000000, 2.000000, 1.857143], [1.195833, 3.018750, 1.625000]],
    ]),
    (RING, 0, [
        [[4.259259, 8.250114, 4.726566], [4.000000, 8.000000, 4.500000]],
        [[4.246914, 8.000000, 4.726566], [4.000000, 8.000000, 4.500000]],
        [[2.898667, 5.539723, 3.251241], [2.000000, 4.000000, 2.250000]],
    ]),
    (GRID, 0, [
        [[4.395696, 9.520088, 5.177183], [3.871329, 8.753691, 4.630462]],
        [[5.223370, 9.098779, 5.762440], [4.619119, 8.817584, 5.202730]],
        [[3.190005, 6.034027, 3.596400], [2.072153, 4.280945, 2.400536]],
    ]),
    (BIPARTITE, 0, [
        [[2.125000, 4.554563, 2.790497], [1.750000, 4.050000, 2.440000]],
        [[2.208097, 3.997474, 2.790497], [1.750000, 4.050000, 2.440000]],
        [[1.454418, 2.803917, 1.919854], [0.875000, 2.025000, 1.220000]],
    ]),
];

/// Whatever is known of a cell's rounds: half, all, and a mean arrival.
#[track_caller]
fn check(cell: &Cell, about: &str, exact: [f64; 3]) {
    let runs = runs(cell, 71, 4000);
    let names = ["rounds_to_50", "rounds_to_all", "mean_arrival_rounds"];
    for (name, exact) in names.into_iter().zip(exact) {
        let mean = Mean::of(&values(cell, &runs, name));
        if let Err(why) = mean.check(exact, 1e-6) {
            panic!("{about}, {name}: {why}");
        }
    }
}

#[test]
fn spreading_on_small_graphs_follows_the_exact_chain() {
    for (graph, source, protocols) in ROWS {
        for (protocol, clocks) in ["push", "pull", "push-pull"].iter().zip(protocols) {
            for (clock, exact) in ["synchronous", "poisson"].iter().zip(clocks) {
                let settings = format!(
                    "{graph} protocol.kind={protocol} clock.mode={clock} workload.sources=[{source}] \
                     measure.contact=false measure.series=false"
                );
                check(&cell(&settings), &settings, *exact);
            }
        }
    }
}

/// The bull (a triangle with two horns) from a file, with and without loss.
#[test]
fn a_graph_of_a_file_follows_the_exact_chain() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("bull.txt"),
        "# bull\n0 1\n0 2\n1 2\n1 3\n4 2\n2 4\n",
    )
    .unwrap();
    let path = folder.path().join("bull.toml");
    let rows = [
        ("push", "synchronous", 0.0, [2.5, 6.507143, 3.475]),
        ("pull", "poisson", 0.0, [4.2, 6.3, 4.7]),
        ("push-pull", "synchronous", 0.0, [2.125, 3.546875, 2.367188]),
        ("push", "poisson", 0.2, [3.125, 7.9375, 4.203125]),
        ("pull", "synchronous", 0.2, [6.837729, 9.797878, 7.446961]),
        ("push-pull", "poisson", 0.2, [1.924342, 3.697509, 2.313107]),
    ];
    for (protocol, clock, loss, exact) in rows {
        let text = format!(
            "name = \"bull\"\n[nodes]\ncount = 5\n[protocol]\nkind = \"{protocol}\"\n\
             [clock]\nmode = \"{clock}\"\n[network]\nloss = {loss:?}\n\
             topology = {{ kind = \"file\", file = \"bull.txt\" }}\n\
             [workload]\nsources = [3]\n[stop]\nall_informed = true\n"
        );
        std::fs::write(&path, text).unwrap();
        let scenario = Scenario::read(&path, PROTOCOLS, &Overrides::default());
        let scenario = scenario.unwrap_or_else(|error| panic!("{error}"));
        assert!(
            scenario.complete().contains("sha256 = \""),
            "{}",
            scenario.complete()
        );
        check(
            &scenario.base().unwrap(),
            &format!("{protocol} {clock} {loss}"),
            exact,
        );
    }
}

/// Five of six bull's edges with 5 nodes: nodes.count must be the file's own.
#[test]
fn a_file_of_another_size_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("e.txt"), "0 1\n1 2\n").unwrap();
    let path = folder.path().join("s.toml");
    let read = |rest: &str| {
        let text = format!(
            "name = \"s\"\n[nodes]\ncount = 4\n[protocol]\nkind = \"push\"\n[network]\n\
             topology = {{ kind = \"file\", file = \"e.txt\"{rest} }}\n"
        );
        std::fs::write(&path, text).unwrap();
        Scenario::read(&path, PROTOCOLS, &Overrides::default()).map(drop)
    };
    let error = read("").unwrap_err().to_string();
    assert!(
        error.contains("`nodes.count` must be 3 as in the file, not 4"),
        "{error}"
    );
    assert!(read(", ids = \"as-is\"").is_ok());
    let error = read(", ids = \"as-is\", sha256 = \"00\"")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`network.topology.sha256` is not the hash of the file"),
        "{error}"
    );
}

fn graph(cell: &Cell, master: u64, replicate: u64) -> Vec<u32> {
    let seeds = Seeds {
        master,
        replicate,
        cell: cell.dice.clone(),
    };
    match cell.setup.network.graph(cell.setup.nodes, &seeds) {
        Graph::Arcs(arcs) => (0..cell.setup.nodes)
            .flat_map(|node| arcs.row(NodeId(node)).to_vec())
            .collect(),
        _ => panic!("no graph in memory"),
    }
}

/// With a seed of its own one graph for all; without, each replicate draws its own,
/// whatever the latency.
#[test]
fn a_graph_is_its_seeds_or_its_replicates() {
    let kind = |more: &str| {
        cell(&format!(
            "nodes.count=40 clock.mode=periodic network.topology={{kind=\"gnp\",p=0.2{more}}}"
        ))
    };
    let (own, fixed) = (kind(""), kind(",seed=7"));
    assert_ne!(graph(&own, 1, 0), graph(&own, 1, 1));
    assert_ne!(graph(&own, 1, 0), graph(&own, 2, 0));
    assert_eq!(graph(&fixed, 1, 0), graph(&fixed, 2, 5));
    assert_eq!(graph(&own, 7, 0), graph(&fixed, 1, 1));
    let slow = cell(
        "nodes.count=40 clock.mode=periodic network.topology={kind=\"gnp\",p=0.2} network.latency={kind=\"constant\",value=\"5ms\"}",
    );
    assert_eq!(graph(&own, 3, 2), graph(&slow, 3, 2));
}

/// Nobody to call: nothing is sent. Fewer than the fanout: all are called.
#[test]
fn nodes_call_the_neighbours_that_they_have() {
    for clock in ["synchronous", "periodic", "poisson"] {
        let settings = format!(
            "clock.mode={clock} stop.rounds=5 stop.all_informed=false protocol.calls=always"
        );
        let alone = cell(&format!(
            "{settings} network.topology={{kind=\"gnm\",edges=0}}"
        ));
        for run in runs(&alone, 3, 20) {
            assert_eq!((run.totals.sent, run.arrivals.informed()), (0, 1));
        }
    }
    for fanout in ["5", "\"all\""] {
        let line = cell(&format!(
            "stop.rounds=4 stop.all_informed=false protocol.calls=always protocol.fanout={fanout} network.topology={{kind=\"line\"}}"
        ));
        for run in runs(&line, 3, 5) {
            assert_eq!(run.totals.sent, 4 * 18);
        }
    }
}

/// Flood in common rounds: a node is informed at its distance from the source.
#[test]
fn a_flood_goes_one_edge_a_round() {
    for (graph, diameter) in [
        (r#"nodes.count=9 network.topology={kind="line"}"#, 8.0),
        (
            r#"nodes.count=12 network.topology={kind="ring",reach=2}"#,
            3.0,
        ),
        (
            r#"nodes.count=24 network.topology={kind="grid",sides=[2,3,4]}"#,
            6.0,
        ),
        (r#"nodes.count=16 network.topology={kind="hypercube"}"#, 4.0),
        (
            r#"nodes.count=40 network.topology={kind="tree",arity=3}"#,
            3.0,
        ),
    ] {
        let flood = cell(&format!(
            "{graph} protocol.fanout=\"all\" workload.sources=[0]"
        ));
        for rounds in values(&flood, &runs(&flood, 1, 5), "rounds_to_all") {
            assert_eq!(rounds, diameter, "{graph}");
        }
    }
}
