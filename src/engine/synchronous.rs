//! Rounds in common: no priority queue, only the messages of the round in the
//! order in which they were sent.
//!
//! Round k = 1, 2, ... begins at (k-1)P: all ticks in node order, then all
//! answers, decided from the state at the round's beginning; what messages
//! bring is merged at kP and counts as round k. Every stop acts at a round's end.

use super::Setup;
use super::context::{Carrier, Nodes};
use super::state::{Delivery, State};
use crate::metrics::{Run, StoppedBy};
use crate::node::NodeId;
use crate::protocol::Protocol;
use crate::random::{Seeds, Stream};
use crate::time::Time;

/// The messages of a round, first sent first.
struct Sent<Message>(Vec<Delivery<Message>>);

impl<Message> Carrier<Message> for Sent<Message> {
    #[inline]
    fn carry(&mut self, _: Time, delivery: Delivery<Message>, _: &mut Stream) {
        self.0.push(delivery);
    }
}

pub fn run<P: Protocol>(protocol: &P, setup: &Setup, seeds: &Seeds) -> Run {
    let state = State::new(setup, seeds);
    let sources = state.sources(seeds);
    let mut nodes = Nodes::new(protocol, state, Sent(Vec::new()));
    let written_at = Time::ZERO.after(setup.workload.at);
    let mut merging = Vec::new();
    let stopped_by = loop {
        if nodes.state.now == written_at {
            nodes.write(&sources);
        }
        nodes.state.sample();
        if let Some(reason) = stops(&nodes.state) {
            break reason;
        }
        round(&mut nodes, &mut merging);
        nodes.state.close_window();
    };
    let in_flight = nodes.carrier.0.len() as u64;
    nodes.state.finish(stopped_by, in_flight)
}

fn round<P: Protocol>(
    nodes: &mut Nodes<'_, P, Sent<P::Message>>,
    merging: &mut Vec<Delivery<P::Message>>,
) {
    for node in 0..nodes.state.setup.nodes {
        nodes.tick(NodeId(node));
    }
    let mut place = 0;
    while let Some(&delivery) = nodes.carrier.0.get(place) {
        let mut delivery = delivery;
        nodes.answer(&mut delivery);
        nodes.carrier.0[place] = delivery;
        place += 1;
    }
    nodes.state.now = nodes.state.now.after(nodes.state.setup.period);
    std::mem::swap(&mut nodes.carrier.0, merging);
    for delivery in merging.drain(..) {
        nodes.merge(delivery);
    }
}

fn stops(state: &State) -> Option<StoppedBy> {
    let stop = &state.setup.stop;
    let elapsed = state.now.since(Time::ZERO);
    let rounds = elapsed.0 / state.setup.period.0;
    if state.stops_informed() {
        Some(StoppedBy::AllInformed)
    } else if stop.rounds.is_some_and(|most| rounds >= most) {
        Some(StoppedBy::Rounds)
    } else if stop.time.is_some_and(|most| elapsed >= most) {
        Some(StoppedBy::Time)
    } else if state.stops_by_events() {
        Some(StoppedBy::MaxEvents)
    } else {
        None
    }
}
