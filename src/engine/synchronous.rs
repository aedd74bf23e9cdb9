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
use crate::node::{NodeId, NodeSet};
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

struct Rounds<'s, P: Protocol> {
    nodes: Nodes<'s, P, Sent<P::Message>>,
    /// Nodes whose tick would do something, so that idle ones cost nothing.
    awake: NodeSet,
    merging: Vec<Delivery<P::Message>>,
}

pub fn run<P: Protocol>(protocol: &P, setup: &Setup, seeds: &Seeds) -> Run {
    let state = State::new(setup, seeds);
    let sources = state.sources(seeds);
    let mut rounds = Rounds {
        nodes: Nodes::new(protocol, state, Sent(Vec::new())),
        awake: NodeSet::new(setup.nodes),
        merging: Vec::new(),
    };
    (0..setup.nodes).for_each(|node| rounds.refresh(NodeId(node)));
    let written_at = Time::ZERO.after(setup.workload.at);
    let stopped_by = loop {
        if rounds.nodes.state.now == written_at {
            rounds.nodes.write(&sources);
            sources.iter().for_each(|&source| rounds.refresh(source));
        }
        let state = &mut rounds.nodes.state;
        state.sample();
        if let Some(reason) = stops(state) {
            break reason;
        }
        rounds.round();
        rounds.nodes.state.close_window();
    };
    let in_flight = rounds.nodes.carrier.0.len() as u64;
    rounds.nodes.state.finish(stopped_by, in_flight)
}

impl<P: Protocol> Rounds<'_, P> {
    fn round(&mut self) {
        self.ticks();
        self.answers();
        let state = &mut self.nodes.state;
        state.now = state.now.after(state.setup.period);
        self.merges();
    }

    fn ticks(&mut self) {
        let state = &mut self.nodes.state;
        state.totals.events += u64::from(state.setup.nodes);
        let mut block = 0;
        while let Some(mut nodes) = self.awake.block(block) {
            while nodes != 0 {
                let node = NodeId(block as u32 * 64 + nodes.trailing_zeros());
                nodes &= nodes - 1;
                self.nodes.tick(node);
                if self.nodes.is_idle(node) {
                    self.awake.remove(node);
                }
            }
            block += 1;
        }
    }

    fn answers(&mut self) {
        let mut place = 0;
        while let Some(&delivery) = self.nodes.carrier.0.get(place) {
            let mut delivery = delivery;
            self.nodes.answer(&mut delivery);
            self.nodes.carrier.0[place] = delivery;
            place += 1;
        }
    }

    fn merges(&mut self) {
        std::mem::swap(&mut self.nodes.carrier.0, &mut self.merging);
        for place in 0..self.merging.len() {
            let delivery = self.merging[place];
            self.nodes.merge(delivery);
            self.refresh(delivery.to);
        }
        self.merging.clear();
    }

    /// After a handler may have changed the node.
    #[inline]
    fn refresh(&mut self, node: NodeId) {
        if self.nodes.is_idle(node) {
            self.awake.remove(node);
        } else {
            self.awake.insert(node);
        }
    }
}

fn stops(state: &State) -> Option<StoppedBy> {
    let stop = &state.setup.stop;
    let elapsed = state.now.since(Time::ZERO);
    let rounds = elapsed.0 / state.setup.period.0;
    if let Some(reason) = state.stops() {
        Some(reason)
    } else if stop.rounds.is_some_and(|most| rounds >= most) {
        Some(StoppedBy::Rounds)
    } else if stop.time.is_some_and(|most| elapsed >= most) {
        Some(StoppedBy::Time)
    } else if state.stops_by_events() {
        Some(StoppedBy::MaxEvents)
    } else if state.now == Time::NEVER {
        // The range of time is used up, as where only max_events is to stop.
        Some(StoppedBy::Time)
    } else {
        None
    }
}
