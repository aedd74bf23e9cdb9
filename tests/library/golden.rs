//! Golden digests: a run of each kind of setting, by its `run_digest`.
//!
//! A digest that changes is a change of results. That is a decision, never a
//! side effect: it opens the changelog under "Results that change", which says
//! which scenarios change, by how much and why, and only then the table is
//! made anew.

use crate::common::cell;
use gossim::engine::Clock;
use gossim::network::{Sampling, latency, topology};
use gossim::registry::PROTOCOLS;
use gossim::run;
use std::collections::BTreeSet;

const SEED: u64 = 20_260_101;

/// Every setting on top of this, at replicate 3.
const BASE: &str = "nodes.count=60 stop.all_informed=false stop.rounds=12";

/// Settings and digest.
#[rustfmt::skip]
const TABLE: [(&str, &str); 52] = [
    // Common rounds.
    ("clock.mode=synchronous protocol.kind=push", "h3bc03b869137aea4"),
    ("clock.mode=synchronous protocol.kind=push protocol.calls=always protocol.fanout=3 protocol.sampling=all network.loss=0.1", "h7c997a3463089398"),
    ("clock.mode=synchronous protocol.kind=push protocol.calls=always nodes.count=4000 network.loss=0.02", "h05fb309c147183e6"),
    ("clock.mode=synchronous protocol.kind=push protocol.fanout=40", "hab4e820c3186aeca"),
    ("clock.mode=synchronous protocol.kind=pull protocol.fanout=2 protocol.sampling=others-with-replacement", "he90d3fa24c0c5fee"),
    ("clock.mode=synchronous protocol.kind=pull protocol.calls=always protocol.sampling=all-with-replacement network.loss=0.3", "h2b27d93df6a7f164"),
    (r#"clock.mode=synchronous protocol.kind=push-pull network.topology={kind="random-view",size=4} protocol.fanout=all"#, "h5f727b91073e8a4f"),
    (r#"clock.mode=synchronous protocol.kind=push-pull protocol.sampling=all workload.sources=5 workload.at="3s" network.loss=0.2"#, "hb865332b72312148"),
    ("clock.mode=synchronous protocol.kind=push-pull stop.all_informed=true", "h5e5a7d3a1f3634f0"),
    // Random phases.
    ("clock.mode=periodic protocol.kind=push", "hacabeca485ca85d2"),
    (r#"clock.mode=periodic protocol.kind=push protocol.calls=always protocol.fanout=2 protocol.sampling=others-with-replacement network.latency={kind="constant",value="300ms"}"#, "hd89ed5623e1883cc"),
    (r#"clock.mode=periodic protocol.kind=pull network.latency={kind="uniform",low="10ms",high="2s"} network.loss=0.05"#, "h48c161c04f68d62f"),
    (r#"clock.mode=periodic protocol.kind=pull protocol.calls=always protocol.sampling=all network.topology={kind="random-view",size=7} network.latency={kind="exponential",mean="150ms"}"#, "hb073fc1918e8e102"),
    (r#"clock.mode=periodic protocol.kind=push-pull network.latency={kind="lognormal",median="40ms",sigma=0.5} network.loss=0.01"#, "h7ca8c5a83bb51ff9"),
    (r#"clock.mode=periodic protocol.kind=push-pull protocol.fanout=3 protocol.sampling=all-with-replacement protocol.period="20ms" network.latency={kind="lognormal",median="40ms",sigma=1.5}"#, "h65ca0caedde43436"),
    (r#"clock.mode=periodic protocol.kind=push-pull network.topology={kind="random-view",size=4} protocol.fanout=all stop.max_events=1500"#, "hc5553e38cbdb1706"),
    (r#"clock.mode=periodic protocol.kind=push-pull network.latency={kind="exponential",mean="3s"} stop.all_informed=true workload.sources=[7,11]"#, "hebaa6946e54d6670"),
    // Poisson processes.
    ("clock.mode=poisson protocol.kind=push", "h8bfd87366ca1b81e"),
    (r#"clock.mode=poisson protocol.kind=push protocol.fanout=2 protocol.sampling=all network.latency={kind="uniform",low="0s",high="1s"} network.loss=0.2"#, "h2c61a923f0fb52b8"),
    (r#"clock.mode=poisson protocol.kind=push protocol.calls=always protocol.sampling=all-with-replacement protocol.fanout=5 network.latency={kind="exponential",mean="500ms"}"#, "h2468892f2e857605"),
    (r#"clock.mode=poisson protocol.kind=pull network.latency={kind="constant",value="1s"} workload.at="2500ms""#, "h44dae0089e0557c8"),
    (r#"clock.mode=poisson protocol.kind=pull protocol.calls=always protocol.fanout=2 protocol.sampling=others-with-replacement network.topology={kind="random-view",size=5} network.latency={kind="lognormal",median="80ms",sigma=0.7}"#, "h10b376037fb99cda"),
    ("clock.mode=poisson protocol.kind=push-pull stop.all_informed=true", "h4b086414f799e0ce"),
    (r#"clock.mode=poisson protocol.kind=push-pull protocol.period="7us" network.latency={kind="constant",value="2us"} network.loss=0.5"#, "h6cbfafec7543f408"),
    (r#"clock.mode=poisson protocol.kind=push-pull protocol.fanout=59 messages.header_bytes=0 messages.payload_bytes=1000 stop.time="1500ms""#, "h2498065f81a9d292"),
    // Rumors that die.
    ("clock.mode=synchronous protocol.kind=rumor-mongering protocol.k=2", "h001c242a903e7dd5"),
    ("clock.mode=synchronous protocol.kind=rumor-mongering protocol.k=3 protocol.exchange=pull protocol.stopping=feedback-coin protocol.fanout=2 network.loss=0.1", "h6b7e5f2c8f39c250"),
    ("clock.mode=synchronous protocol.kind=rumor-mongering protocol.k=2 protocol.exchange=push-pull protocol.connection_limit=1 protocol.hunt_limit=2", "hb370023845549e30"),
    (r#"clock.mode=periodic protocol.kind=rumor-mongering protocol.k=3 protocol.exchange=push-pull protocol.stopping=heard network.latency={kind="exponential",mean="150ms"} stop.quiescent=true"#, "hdc664a3452478203"),
    (r#"clock.mode=poisson protocol.kind=rumor-mongering protocol.k=2 protocol.stopping=blind-counter protocol.connection_limit=2 network.latency={kind="constant",value="300ms"}"#, "h83593a9a0604b459"),
    ("clock.mode=synchronous protocol.kind=infect-and-die protocol.fanout=5", "hedd6e5b67dfa43d5"),
    (r#"clock.mode=periodic protocol.kind=infect-and-die protocol.fanout=4 network.loss=0.2 stop.quiescent=true network.latency={kind="lognormal",median="40ms",sigma=0.5}"#, "h4b8bd1b2defa959d"),
    (r#"clock.mode=poisson protocol.kind=infect-and-die protocol.fanout=3 protocol.sampling=all workload.at="1s""#, "h98b8a10b0ea85159"),
    // Graphs, and laws of latency that came with them.
    (r#"clock.mode=synchronous protocol.kind=push-pull network.topology={kind="ring",reach=2} network.loss=0.1"#, "h769d3c7f98877f77"),
    (r#"clock.mode=poisson protocol.kind=push network.topology={kind="line"} network.latency={kind="weibull",scale="50ms",shape=0.6}"#, "he0a2ed21846f11ad"),
    (r#"clock.mode=periodic protocol.kind=pull network.topology={kind="star"} network.latency={kind="gamma",shape=0.7,scale="30ms"}"#, "hedde7de11fa780b4"),
    (r#"clock.mode=periodic protocol.kind=push-pull protocol.fanout=2 network.topology={kind="tree",arity=3} network.latency={kind="pareto",least="20ms",shape=1.5}"#, "hce29e43067c1250d"),
    (r#"clock.mode=synchronous protocol.kind=push protocol.fanout=all network.topology={kind="grid",sides=[3,4,5],wrap=true,extra=1}"#, "hda245f74dbcedd94"),
    (r#"nodes.count=64 clock.mode=synchronous protocol.kind=pull network.topology={kind="hypercube"}"#, "h8f9a2cb432b0e8b8"),
    (r#"clock.mode=poisson protocol.kind=push-pull network.topology={kind="geometric",degree=6} network.latency={kind="normal",mean="50ms",sd="40ms"}"#, "hed4ceaa2ddb5c87f"),
    (r#"clock.mode=synchronous protocol.kind=push protocol.calls=always protocol.sampling=all network.topology={kind="regular",degree=7}"#, "hdb36fed6df5287ac"),
    (r#"clock.mode=periodic protocol.kind=pull protocol.calls=always network.topology={kind="gnp",p=0.1,seed=4}"#, "ha73d9f324465b647"),
    (r#"clock.mode=synchronous protocol.kind=rumor-mongering protocol.k=2 protocol.exchange=push-pull network.topology={kind="gnm",edges=200}"#, "he9e416d13388a05c"),
    (r#"clock.mode=synchronous protocol.kind=infect-and-die protocol.fanout=3 network.topology={kind="watts-strogatz",degree=6,rewire=0.2}"#, "hd3d9aee4d122b551"),
    (r#"clock.mode=periodic protocol.kind=push protocol.fanout=2 protocol.sampling=others-with-replacement network.topology={kind="barabasi-albert",links=2} network.latency={kind="mixture",parts=[{weight=3,kind="constant",value="20ms"},{weight=1,kind="exponential",mean="2s"}]}"#, "h432d0cf06246231a"),
    (r#"clock.mode=poisson protocol.kind=rumor-mongering protocol.k=2 network.topology={kind="blocks",sizes=[20,40],inside=0.3,between=0.02}"#, "h2c7b27dda2ae232c"),
    // More on the way than a latency and a loss.
    (r#"clock.mode=synchronous protocol.kind=push-pull network.loss=0.1 network.duplicate=0.2 network.cut=[{from="2s",until="6s",share=0.4}]"#, "h1368729834d71245"),
    (r#"clock.mode=poisson protocol.kind=push protocol.fanout=3 network.latency={kind="exponential",mean="150ms"} network.uplink="20kbit/s" network.downlink="10kbit/s" network.queue_bytes=900 network.cut=[{nodes=[0,1,2,3],until="5s",one_way=true}]"#, "hec64dabf4fee98f6"),
    // More nodes and messages than a small queue or buffer holds.
    ("nodes.count=4000 clock.mode=synchronous protocol.kind=push-pull protocol.fanout=2 network.loss=0.02", "hb94970917b4b0cb3"),
    (r#"nodes.count=4000 clock.mode=periodic protocol.kind=push-pull network.latency={kind="lognormal",median="40ms",sigma=0.5} network.loss=0.01"#, "hdce570759fc0616b"),
    (r#"nodes.count=4000 clock.mode=periodic protocol.kind=push-pull network.latency={kind="exponential",mean="5s"} network.loss=0.01"#, "h167cdb1eaa7bb32b"),
    (r#"nodes.count=4000 clock.mode=poisson protocol.kind=push protocol.fanout=4 network.latency={kind="constant",value="2500ms"}"#, "he65136a5aec31b47"),
];

fn digest(settings: &str) -> String {
    let cell = cell(&format!("{BASE} {settings}"));
    run::run(&cell, SEED, 3).digest.to_string()
}

#[test]
fn every_digest_is_as_it_was() {
    let now: Vec<_> = TABLE
        .iter()
        .map(|&(settings, _)| (settings, digest(settings)))
        .collect();
    let differ: Vec<_> = TABLE
        .iter()
        .zip(&now)
        .filter(|(was, now)| was.1 != now.1)
        .map(|(_, now)| now)
        .collect();
    assert!(differ.is_empty(), "results change: {differ:#?}");
}

/// The table holds every protocol, clock, sampling, latency and topology, and
/// each protocol under each clock.
#[test]
fn the_table_holds_every_kind() {
    let mut kinds = BTreeSet::new();
    let mut pairs = BTreeSet::new();
    for (settings, _) in TABLE {
        let cell = cell(&format!("{BASE} {settings}"));
        let clock = format!("{:?}", cell.setup.clock);
        pairs.insert((cell.protocol_name.clone(), clock.clone()));
        let network = &cell.setup.network;
        kinds.extend([
            clock,
            format!("{:?}", cell.setup.sampling),
            network.latency.name().to_string(),
            network.topology.name().to_string(),
        ]);
    }
    assert_eq!(pairs.len(), PROTOCOLS.len() * Clock::ALL.len());
    // A graph of a file is its reader's: `topology::file`.
    let topologies = topology::KINDS.iter().filter(|kind| kind.name != "file");
    let expected =
        Clock::ALL.len() + Sampling::ALL.len() + latency::KINDS.len() + topologies.count();
    assert_eq!(kinds.len(), expected, "{kinds:?}");
}
