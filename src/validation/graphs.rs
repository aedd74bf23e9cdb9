//! Spreading on small graphs against the exact chain over sets of informed nodes:
//! all three exchanges, common rounds and Poisson clocks.

use super::experiment::{Claim, Experiment, Trial};
use crate::theory::Exchange;
use crate::theory::graph::{Chain, Origin, Rhythm, Rumor, SmallGraph};

const CHAIN: &str = "Exact Markov chain over the sets of informed nodes of the graph";

/// Runs of each setting.
const RUNS: u64 = 10_000;

/// A graph: its settings, and its edges, written down without the simulator.
struct Case {
    name: &'static str,
    settings: &'static str,
    nodes: u32,
    source: u32,
    edges: fn() -> Vec<[u32; 2]>,
}

const CASES: [Case; 5] = [
    Case {
        name: "ring of 9",
        settings: "nodes.count = 9\nnetwork.topology.kind = \"ring\"\n",
        nodes: 9,
        source: 0,
        edges: || (0..9).map(|node| [node, (node + 1) % 9]).collect(),
    },
    Case {
        name: "path of 5",
        settings: "nodes.count = 5\nnetwork.topology.kind = \"line\"\n",
        nodes: 5,
        source: 0,
        edges: || (0..4).map(|node| [node, node + 1]).collect(),
    },
    Case {
        name: "star of 8",
        settings: "nodes.count = 8\nnetwork.topology.kind = \"star\"\n",
        nodes: 8,
        source: 1,
        edges: || (1..8).map(|leaf| [0, leaf]).collect(),
    },
    Case {
        name: "3 x 4 grid",
        settings: "nodes.count = 12\nnetwork.topology = { kind = \"grid\", sides = [3, 4] }\n",
        nodes: 12,
        source: 0,
        edges: grid,
    },
    Case {
        name: "K3,3",
        settings: "nodes.count = 6\nnetwork.topology = \
                   { kind = \"blocks\", sizes = [3, 3], inside = 0, between = 1, seed = 1 }\n",
        nodes: 6,
        source: 0,
        edges: || (0..3).flat_map(|a| (3..6).map(move |b| [a, b])).collect(),
    },
];

/// Three rows of four, one after another.
fn grid() -> Vec<[u32; 2]> {
    let along = (0..12)
        .filter(|node| node % 4 < 3)
        .map(|node| [node, node + 1]);
    let across = (0..8).map(|node| [node, node + 4]);
    along.chain(across).collect()
}

/// One setting.
#[derive(Clone, Copy)]
struct Setting {
    case: &'static Case,
    exchange: Exchange,
    rhythm: Rhythm,
    loss: f64,
}

impl Setting {
    fn protocol(&self) -> &'static str {
        match self.exchange {
            Exchange::Push => "push",
            Exchange::Pull => "pull",
            Exchange::PushPull => "push-pull",
        }
    }

    fn clock(&self) -> &'static str {
        match self.rhythm {
            Rhythm::Rounds => "synchronous",
            Rhythm::Poisson => "poisson",
        }
    }

    fn chain(&self) -> Chain {
        let edges = (self.case.edges)();
        let peers = |node: u32| {
            let ends = edges.iter().filter_map(move |[a, b]| match node {
                node if node == *a => Some(*b),
                node if node == *b => Some(*a),
                _ => None,
            });
            ends.collect::<Vec<u32>>()
        };
        let graph = SmallGraph::new((0..self.case.nodes).map(peers));
        Chain::on_graph(&Rumor {
            // The cases are small.
            graph: graph.unwrap_or_else(|| unreachable!("too many nodes")),
            exchange: self.exchange,
            fanout: Some(1),
            loss: self.loss,
            origin: Origin::Nodes(vec![self.case.source]),
            rhythm: self.rhythm,
        })
    }

    fn claims(&self) -> Vec<Claim> {
        let chain = self.chain();
        let nodes = u64::from(self.case.nodes);
        let times = [
            ("rounds_to_50", chain.time_to(nodes.div_ceil(2))),
            ("rounds_to_all", chain.time_to(nodes)),
            ("mean_arrival_rounds", chain.mean_arrival()),
        ];
        let claim = |(column, moments): (&'static str, Option<_>)| {
            let moments: crate::theory::Moments = moments?;
            // What is the same in all runs has no z.
            (moments.sd() > 1e-9).then(|| Claim::mean(column, moments.mean, Some(moments.sd())))
        };
        times.into_iter().filter_map(claim).collect()
    }

    fn experiment(self) -> Experiment {
        let loss = match self.loss {
            0.0 => String::new(),
            loss => format!(", loss {loss}"),
        };
        Experiment {
            name: format!(
                "graphs: {}, {}, {}{loss}",
                self.protocol(),
                self.case.name,
                self.clock()
            ),
            source: CHAIN,
            trial: Trial::Runs(format!(
                "{}protocol.kind = \"{}\"\nclock.mode = \"{}\"\nnetwork.loss = {:?}\n\
                 workload.sources = [{}]\nstop.all_informed = true\nmeasure.contact = false\n",
                self.case.settings,
                self.protocol(),
                self.clock(),
                self.loss,
                self.case.source
            )),
            count: RUNS,
            claims: Box::new(move || self.claims()),
        }
    }
}

pub fn experiments() -> Vec<Experiment> {
    let mut all = Vec::new();
    for case in &CASES {
        for exchange in [Exchange::Push, Exchange::Pull, Exchange::PushPull] {
            for rhythm in [Rhythm::Rounds, Rhythm::Poisson] {
                // Loss where pull and push differ most.
                let loss = if case.name == "3 x 4 grid" { 0.2 } else { 0.0 };
                let setting = Setting {
                    case,
                    exchange,
                    rhythm,
                    loss,
                };
                all.push(setting.experiment());
            }
        }
    }
    all
}
