//! The premises of the laws of spreading on graphs: what spreads there, and what
//! `gossim theory` asks of it.

use super::options::{Protocol, probability};
use super::premises::{End, Premises, Refusal, are_plain};
use super::spreading::{Runs, in_theory};
use super::worked::Key;
use crate::engine::{Clock, Sources};
use crate::keys;
use crate::kind;
use crate::network::topology::{Graph, Held};
use crate::network::{Latency, Sampling, Topology};
use crate::node::NodeId;
use crate::protocol::{Exchange, Fanout, Spreading};
use crate::random::Seeds;
use crate::theory;
use crate::theory::graph::Origin;
use crate::time::Duration;
use clap::Args;

/// One rumor, written at time 0, that spreads for ever on a graph which is the same
/// in all runs.
#[derive(Clone, Debug)]
pub(super) struct OnGraph<'c> {
    pub(super) nodes: u32,
    pub(super) topology: &'c Topology,
    held: Option<&'c Held>,
    pub(super) exchange: theory::Exchange,
    /// Distinct neighbours that a node calls in a cycle; none: all.
    pub(super) fanout: Option<u32>,
    pub(super) loss: f64,
    pub(super) sources: &'c Sources,
    pub(super) clock: Clock,
    pub(super) latency: &'c Latency,
    /// What a run makes of it.
    pub(super) runs: Runs,
}

impl<'c> OnGraph<'c> {
    /// What spreads in the cell, whatever its clock.
    pub(super) fn of(cell: &Premises<'c>) -> Result<OnGraph<'c>, Refusal> {
        let Premises {
            protocol,
            spreading,
            everybody,
            fanout,
            calls: _, // those of the complete topology
            sampling,
            nodes,
            sources: _, // `chosen` says more
            chosen,
            written,
            period,
            clock,
            topology,
            held,
            latency,
            loss,
            paths,
            end,
            counts_contacts: _, // changes nothing that happens
            warm_up: _,
            thresholds,
        } = *cell;
        let End {
            goal: _,      // in `runs`
            quiescent: _, // nobody stops spreading
            last_round: _,
            unknown,
        } = end;
        if topology.is_complete() {
            return Err(Refusal::topology("the topology is complete"));
        }
        let (Spreading::Forever(exchange), Some(fanout)) = (spreading, fanout) else {
            let why = format!("no exact law is known here for {protocol}");
            return Err(Refusal::protocol(why));
        };
        if sampling != Sampling::Others {
            return Err("on graphs the exact laws are for sampling \"others\"".into());
        }
        are_plain(paths)?;
        if written.0 > 0 {
            return Err("the rumor is not written at time 0".into());
        }
        if let Some(key) = unknown {
            return Err(format!("stop.{key} may end a run anywhere").into());
        }
        if loss >= 1.0 {
            return Err("every message is lost".into());
        }
        if !topology.is_fixed() {
            let why = "each run draws a topology of its own (network.topology.seed would fix it)";
            return Err(why.into());
        }
        let informed_call = exchange != Exchange::Pull || everybody;
        Ok(OnGraph {
            nodes: nodes as u32,
            topology,
            held,
            exchange: in_theory(exchange),
            fanout: fanout.count(),
            loss,
            sources: chosen,
            clock,
            latency,
            runs: Runs::of(informed_call, end, period, thresholds),
        })
    }

    /// Does every node that may call all its neighbours in each round, and nothing
    /// is lost? With sources whose floods can all be looked at.
    pub(super) fn is_flood(&self) -> bool {
        let calls_all = self.fanout.is_none() && self.loss == 0.0;
        calls_all && self.clock == Clock::Synchronous && self.begins().is_some()
    }

    /// From which sets of sources a flood can begin; none if they are too many.
    pub(super) fn begins(&self) -> Option<Vec<Vec<u32>>> {
        let known = self.held.map(|held| u64::from(held.arcs.count()));
        let arcs = known.unwrap_or_else(|| {
            u64::from(self.topology.degree_about(self.nodes)) * u64::from(self.nodes)
        });
        match self.sources {
            Sources::Nodes(nodes) => Some(vec![nodes.iter().map(|node| node.0).collect()]),
            Sources::Count(count) if *count == self.nodes => Some(vec![(0..self.nodes).collect()]),
            Sources::Count(1) if u64::from(self.nodes) * arcs <= FLOODED_MAX => {
                Some((0..self.nodes).map(|node| vec![node]).collect())
            }
            Sources::Count(_) => None,
        }
    }

    /// The graph of every run.
    pub(super) fn graph(&self) -> Graph {
        match self.held {
            Some(held) => Graph::Arcs(held.arcs.clone()),
            None => self.topology.build(self.nodes, &ANY),
        }
    }

    /// Who holds the rumor at first, for the chain.
    pub(super) fn origin(&self) -> Origin {
        match self.sources {
            Sources::Count(count) => Origin::Random(*count),
            Sources::Nodes(nodes) => Origin::Nodes(nodes.iter().map(|node| node.0).collect()),
        }
    }

    /// Equal where all of the model's own numbers are.
    pub(super) fn key(&self) -> Key {
        let OnGraph {
            nodes,
            topology,
            held,
            exchange,
            fanout,
            loss,
            sources,
            clock,
            latency: _, // none where a law holds
            runs: _,    // what stops a run is no part of it
        } = self;
        let file = held.map(|held| &held.sha256);
        let text = format!(
            "{nodes} {topology:?} {file:?} {exchange:?} {fanout:?} {loss:?} {sources:?} {clock:?}"
        );
        text.bytes().map(u64::from).collect()
    }
}

/// Arcs that floods from all nodes may pass in all: a second or so.
const FLOODED_MAX: u64 = 200_000_000;

/// The seeds of a graph that draws nothing, or has a seed of its own.
const ANY: Seeds = Seeds {
    master: 0,
    replicate: 0,
    cell: String::new(),
};

/// Whom a node can call.
pub(super) fn peers(graph: &Graph, node: u32) -> &[u32] {
    // A complete graph keeps no list, and is none of these.
    graph.row(NodeId(node)).unwrap_or_default()
}

keys! {
    /// What stands behind `--topology`.
    struct Chosen {
        /// As in a scenario.
        topology: Topology,
    }
}

/// A graph, and what spreads on it.
#[derive(Args)]
pub struct GraphOptions {
    /// Nodes n
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    nodes: u32,
    /// As in a scenario: a word, or a table as in '{ kind = "grid", sides = [3, 4] }'
    #[arg(long, default_value = "star", value_parser = topology)]
    topology: Topology,
    /// Who tells whom
    #[arg(long, value_enum, default_value_t = Protocol::Push)]
    protocol: Protocol,
    /// Ids of the nodes that hold the rumor at time 0; without them, one random node
    #[arg(long, value_delimiter = ',')]
    sources: Vec<u32>,
}

impl GraphOptions {
    /// What spreads, when every node calls so many others in a cycle.
    pub(super) fn rumor(
        &self,
        fanout: Option<u32>,
        loss: f64,
        clock: Clock,
    ) -> Result<Asked, String> {
        let refuse = |key: &str, why: &str| Err(format!("--topology: `{key}` {why}"));
        if self.topology.is_complete() {
            return Err(
                "--topology complete: that has laws of its own (gossim list models)".into(),
            );
        }
        if matches!(self.topology, Topology::TopologyFile(_)) {
            return refuse(
                "file",
                "is for scenarios: gossim check says what theory applies there",
            );
        }
        if let Err(invalid) = self.topology.fits(self.nodes) {
            return refuse(&invalid.key, &invalid.why);
        }
        if !self.topology.is_fixed() {
            return refuse("seed", "is missing: each run would draw a graph of its own");
        }
        if let Some(node) = self.sources.iter().find(|node| **node >= self.nodes) {
            return Err(format!(
                "--sources {node}: ids go from 0 to {}",
                self.nodes - 1
            ));
        }
        let mut sources = self.sources.clone();
        sources.sort_unstable();
        sources.dedup();
        Ok(Asked {
            nodes: self.nodes,
            topology: self.topology.clone(),
            exchange: self.protocol.exchange(),
            fanout,
            loss,
            sources: match sources.is_empty() {
                true => Sources::Count(1),
                false => Sources::Nodes(sources.into_iter().map(NodeId).collect()),
            },
            clock,
        })
    }
}

/// What was asked on the command line.
pub(super) struct Asked {
    nodes: u32,
    topology: Topology,
    exchange: theory::Exchange,
    fanout: Option<u32>,
    loss: f64,
    sources: Sources,
    clock: Clock,
}

impl Asked {
    /// As a rumor that nothing ends.
    pub(super) fn rumor(&self) -> OnGraph<'_> {
        OnGraph {
            nodes: self.nodes,
            topology: &self.topology,
            held: None,
            exchange: self.exchange,
            fanout: self.fanout,
            loss: self.loss,
            sources: &self.sources,
            clock: self.clock,
            latency: &NONE,
            runs: Runs::of(false, ENDLESS, Duration::ZERO, &[]),
        }
    }
}

/// Of a run that nothing ends.
const ENDLESS: End = End {
    goal: None,
    quiescent: false,
    last_round: f64::INFINITY,
    unknown: None,
};

const NONE: Latency = Latency::Constant(crate::network::latency::Constant {
    value: Duration::ZERO,
});

fn topology(text: &str) -> Result<Topology, String> {
    let is_table = text.trim_start().starts_with('{');
    let text = match is_table {
        true => format!("topology = {text}"),
        false => format!("topology = {{ kind = \"{text}\" }}"),
    };
    // What is read keeps the text for its places.
    let text: &'static str = text.leak();
    let table = toml::de::DeTable::parse(text).map_err(|error| error.message().to_string())?;
    match kind::read::<Chosen>(table, <Chosen as crate::key::Settings>::KEYS) {
        Ok(chosen) => Ok(chosen.topology),
        Err(kind::Refused::Shape(error)) => Err(error.message().to_string()),
        Err(kind::Refused::Setting(invalid)) => Err(format!("`{}` {}", invalid.key, invalid.why)),
    }
}

/// How many peers a node calls in a cycle, and what is lost.
#[derive(Args)]
pub struct CallerOptions {
    /// Distinct neighbours that a node calls in a cycle, or `all`
    #[arg(long, default_value = "1", value_parser = fanout)]
    pub(super) fanout: Fanout,
    /// Probability q that a message is lost
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true, value_parser = probability)]
    pub(super) loss: f64,
}

fn fanout(text: &str) -> Result<Fanout, String> {
    match text.parse::<u32>() {
        _ if text == "all" => Ok(Fanout::All),
        Ok(count) if count > 0 => Ok(Fanout::Peers(count)),
        _ => Err("a number from 1, or `all`".into()),
    }
}
