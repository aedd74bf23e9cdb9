//! What no section can know alone: settings that fit together or don't.

use super::cell_read::Read;
use super::error::Problem;
use super::shape;
use super::tree::{self, Tree};
use crate::engine::{Clock, Setup, Sources};
use crate::node::NodeId;
use crate::protocol::Fanout;
use std::collections::BTreeSet;

/// Settings that are each fine, but together can't be.
pub fn fit(tree: &Tree, read: &Read) -> Result<(), Problem> {
    let setup = &read.setup;
    check_latency(tree, setup)?;
    check_topology(tree, setup)?;
    check_bandwidth(tree, read)?;
    check_cuts(tree, read)?;
    if let Some(fanout) = read.protocol.calling().fanout {
        check_fanout(tree, setup, fanout)?;
    }
    check_sources(tree, setup)?;
    check_end(tree, setup)
}

fn refuse(tree: &Tree, path: &str, why: String) -> Problem {
    Problem::at(tree::place(tree, path), why)
}

fn check_latency(tree: &Tree, setup: &Setup) -> Result<(), Problem> {
    if setup.clock != Clock::Synchronous || setup.network.latency.is_zero() {
        return Ok(());
    }
    let why =
        "latency does not exist under the synchronous clock, whose rounds take no notice of it";
    let help = "set clock.mode to \"periodic\" or \"poisson\", or leave network.latency out";
    Err(refuse(tree, "network.latency", why.to_string()).help(help))
}

/// Queues take time, and have an end only where there are some.
fn check_bandwidth(tree: &Tree, read: &Read) -> Result<(), Problem> {
    let network = &read.sections.network;
    let links = [("uplink", network.uplink), ("downlink", network.downlink)];
    let given = links.iter().find(|(_, rate)| rate.is_some());
    if let Some((key, _)) = given
        && read.setup.clock == Clock::Synchronous
    {
        let why = "bandwidth does not exist under the synchronous clock, whose rounds take no notice of it";
        let help = "set clock.mode to \"periodic\" or \"poisson\", or leave it out";
        return Err(refuse(tree, &format!("network.{key}"), why.to_string()).help(help));
    }
    if given.is_none() && network.queue_bytes.is_some() {
        let why = "`network.queue_bytes` needs an uplink or a downlink whose queue it ends";
        return Err(refuse(tree, "network.queue_bytes", why.to_string())
            .help("set network.uplink, as in \"10Mbit/s\""));
    }
    Ok(())
}

fn check_cuts(tree: &Tree, read: &Read) -> Result<(), Problem> {
    let cuts = read.sections.network.cut.iter().flatten();
    for (number, cut) in cuts.enumerate() {
        let path = format!("network.cut.{number}");
        match (cut.share, &cut.nodes) {
            (None, None) => {
                let why = format!("`{path}` says nobody who is cut off");
                return Err(refuse(tree, &path, why).help("give `share` or `nodes`"));
            }
            (Some(_), Some(_)) => {
                let why = format!("`{path}.share` is set, and `{path}.nodes` too");
                let place = format!("{path}.share");
                return Err(refuse(tree, &place, why).help("give one of them"));
            }
            (_, Some(ids)) => {
                let ids: Vec<NodeId> = ids.iter().copied().map(NodeId).collect();
                check_ids(tree, &format!("{path}.nodes"), &ids, read.setup.nodes)?;
            }
            _ => {}
        }
        if let Some(until) = cut.until
            && until <= cut.from
        {
            let path = format!("{path}.until");
            let why = format!(
                "`{path}` is {until}, not after its beginning ({})",
                cut.from
            );
            return Err(refuse(tree, &path, why));
        }
    }
    Ok(())
}

/// The graph's settings against the number of nodes.
fn check_topology(tree: &Tree, setup: &Setup) -> Result<(), Problem> {
    let fits = setup.network.topology.fits(setup.nodes);
    fits.map_err(|invalid| shape::setting(tree, "network.topology", &invalid))
}

/// With distinct targets, no more than there are; on a graph, a node with fewer
/// neighbours calls all of them. A node alone calls nobody.
fn check_fanout(tree: &Tree, setup: &Setup, fanout: Fanout) -> Result<(), Problem> {
    let path = "protocol.fanout";
    let is_distinct = setup.sampling.is_distinct();
    let Some(count) = fanout.count() else {
        let why = "`protocol.fanout` cannot be \"all\" where targets are drawn with replacement";
        return match is_distinct {
            true => Ok(()),
            false => Err(refuse(tree, path, why.to_string())
                .help("set protocol.sampling to \"others\" or \"all\", or give a number")),
        };
    };
    let pool = setup.sampling.pool(setup.nodes - 1);
    let is_complete = setup.network.topology.is_complete();
    if !is_distinct || !is_complete || setup.nodes == 1 || count <= pool {
        return Ok(());
    }
    let whom = match setup.sampling.includes_self() {
        true => "itself included",
        false => "itself left out",
    };
    let why = format!("`{path}` is {count}, but the pool to draw from holds {pool} ({whom})");
    let help = "draw fewer, or with replacement (protocol.sampling), or from more nodes";
    Err(refuse(tree, path, why).help(help))
}

fn check_sources(tree: &Tree, setup: &Setup) -> Result<(), Problem> {
    let path = "workload.sources";
    let nodes = setup.nodes;
    match &setup.workload.sources {
        Sources::Count(count) if *count > nodes => {
            let why = format!("`{path}` must be from 1 to {nodes} (nodes.count), not {count}");
            Err(refuse(tree, path, why))
        }
        Sources::Nodes(ids) if ids.is_empty() => {
            let why = format!("`{path}` is empty: somebody must know the rumor at first");
            Err(refuse(tree, path, why))
        }
        Sources::Nodes(ids) => check_ids(tree, path, ids, nodes),
        Sources::Count(_) => Ok(()),
    }
}

fn check_ids(tree: &Tree, path: &str, ids: &[NodeId], nodes: u32) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    for (at, id) in ids.iter().enumerate() {
        let why = if id.0 >= nodes {
            let last = nodes - 1;
            format!(
                "there is no node {}: with {nodes} nodes, ids go from 0 to {last}",
                id.0
            )
        } else if !seen.insert(*id) {
            format!("node {} is twice in `{path}`", id.0)
        } else {
            continue;
        };
        return Err(Problem::at(tree::place_of_item(tree, path, at), why));
    }
    Ok(())
}

/// The run must end within the range of time, and the write come before it.
fn check_end(tree: &Tree, setup: &Setup) -> Result<(), Problem> {
    let period = setup.period;
    let rounds_end = match setup.stop.rounds {
        None => None,
        Some(rounds) => match period.times(rounds) {
            Some(end) => Some(end),
            None => {
                let path = match tree::get(tree, "stop.rounds") {
                    Some(_) => "stop.rounds",
                    None => "protocol.period",
                };
                let why = format!("{rounds} rounds of {period} do not fit into 584 years");
                return Err(refuse(tree, path, why));
            }
        },
    };
    let at = setup.workload.at;
    let path = "workload.at";
    if setup.clock == Clock::Synchronous && !at.0.is_multiple_of(period.0) {
        let why = format!("`{path}` is {at}: not a multiple of the period ({period})");
        let help = "under the synchronous clock (clock.mode) all things happen between rounds";
        return Err(refuse(tree, path, why).help(help));
    }
    let end = [rounds_end, setup.stop.time].into_iter().flatten().min();
    match end {
        Some(end) if at >= end => {
            let why = format!("`{path}` is {at}, but the run ends at {end}");
            Err(refuse(tree, path, why).help("write earlier, or stop later ([stop])"))
        }
        _ => Ok(()),
    }
}

/// What does not fit into the memory of this machine.
pub fn memory(tree: &Tree, read: &Read, available: u64) -> Result<(), Problem> {
    let needed = read.protocol.memory_bytes(&read.setup);
    if needed <= available {
        return Ok(());
    }
    let gib = |bytes: u64| format!("{:.1} GiB", bytes as f64 / (1u64 << 30) as f64);
    let why = format!(
        "{} nodes need about {} of memory a run; {} are available",
        read.setup.nodes,
        gib(needed),
        gib(available)
    );
    let help = "lower nodes.count, or how many each node calls or knows";
    Err(refuse(tree, "nodes.count", why).help(help))
}
