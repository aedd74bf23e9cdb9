//! The clock, the event queue and the loop: drives any protocol over any network.
//!
//! Time is in whole nanoseconds. Events are totally ordered by (time, phase,
//! sequence): under the synchronous clock the phases of an instant are merge,
//! round end, tick (in node order), answer; otherwise tick (in node order; under
//! the Poisson clock as drawn), then deliveries in the order in which they were
//! sent.
//!
//! Invariant: knows no protocol by name, no scenario and no file; reads no wall
//! clock; one run is one thread.

mod context;
mod continuous;
#[cfg(test)]
mod heap;
mod one_way;
#[cfg(test)]
mod path_tests;
mod queue;
mod setup;
mod state;
mod synchronous;
#[cfg(test)]
mod tests;
mod ticks;

pub use queue::Queue;
pub use setup::{Clock, MessageBytes, Setup, Sources, Workload};

use one_way::RoundCalls;
use state::Delivery;

use crate::metrics::{Measuring, Observer, Run, Watch};
use crate::protocol::Protocol;
use crate::random::Seeds;

/// Memory that a finished run leaves to the next of the same protocol.
pub struct Space<P: Protocol> {
    nodes: Vec<P::Node>,
    shared: P::Shared,
    queue: Option<Queue<Delivery<P::Message>>>,
    /// For the messages of a round.
    lists: [Vec<Delivery<P::Message>>; 2],
    to_merge: Vec<u64>,
    one_way: RoundCalls<P::Message>,
}

impl<P: Protocol> Default for Space<P> {
    fn default() -> Space<P> {
        Space {
            nodes: Vec::new(),
            shared: P::Shared::default(),
            queue: None,
            lists: [Vec::new(), Vec::new()],
            to_merge: Vec::new(),
            one_way: RoundCalls::default(),
        }
    }
}

/// Runs a protocol once.
pub fn run<P: Protocol>(protocol: &P, setup: &Setup, seeds: &Seeds) -> Run {
    run_in(
        &mut Space::default(),
        protocol,
        setup,
        seeds,
        &mut |_, _| (),
    )
}

/// The same, in the memory of an earlier run, with somebody watching.
pub fn run_in<P: Protocol>(
    space: &mut Space<P>,
    protocol: &P,
    setup: &Setup,
    seeds: &Seeds,
    watch: &mut Watch,
) -> Run {
    let measuring = Measuring::new(setup.nodes, &setup.measure, watch);
    run_observed(space, protocol, setup, seeds, measuring)
}

/// The same under any observer's eyes, compiled for it: of what the scenario asks to
/// measure, the run has what the observer measures.
pub fn run_observed<P: Protocol, O: Observer>(
    space: &mut Space<P>,
    protocol: &P,
    setup: &Setup,
    seeds: &Seeds,
    observer: O,
) -> Run {
    match setup.clock {
        Clock::Synchronous => synchronous::run(space, protocol, setup, seeds, observer),
        Clock::Periodic | Clock::Poisson => {
            continuous::run(space, protocol, setup, seeds, observer)
        }
    }
}

/// About how many bytes a run of the protocol takes, without its results:
/// nodes, graph, ticks, sets, and all messages of a full round at once.
pub fn memory_bytes<P: Protocol>(protocol: &P, setup: &Setup) -> u64 {
    let nodes = u128::from(setup.nodes);
    let calling = protocol.calling();
    let calls = setup.peers_drawn(calling.fanout.unwrap_or_default());
    let messages = u128::from(calling.messages) * u128::from(calls);
    let delivery = (4 + size_of::<Delivery<P::Message>>()) as u128;
    let hops = if setup.measure.hops { 4 } else { 0 };
    let per_node = size_of::<P::Node>() as u128 + 12 + 1 + hops + messages * delivery;
    let graph = u128::from(setup.network.graph_bytes(setup.nodes));
    u64::try_from(nodes * per_node + graph).unwrap_or(u64::MAX)
}
