//! Rounds in common: no priority queue, only the messages of the round in the
//! order in which they were sent.
//!
//! Round k = 1, 2, ... begins at (k-1)P: all ticks in node order, then all
//! answers, decided from the state at the round's beginning; what messages
//! bring is merged at kP and counts as round k. Every stop acts at a round's end.

use super::context::{Carrier, Nodes};
use super::state::{Delivery, State, Tally};
use super::{Setup, Space};
use crate::metrics::{Run, StoppedBy, Watch};
use crate::node::{NodeId, NodeSet};
use crate::protocol::Protocol;
use crate::random::{Seeds, Stream};
use crate::time::Time;

/// The messages of a round, first sent first.
struct Sent<Message>(Vec<Delivery<Message>>);

impl<Message> Carrier<Message> for Sent<Message> {
    #[inline(always)]
    fn carry(&mut self, _: Time, delivery: Delivery<Message>, _: &mut Stream) {
        self.0.push(delivery);
    }
}

struct Rounds<'s, P: Protocol> {
    nodes: Nodes<'s, P, Sent<P::Message>>,
    /// All nodes whose tick would do something, and some that have become idle
    /// since their last one: most idle nodes cost nothing.
    awake: NodeSet,
    /// The round's messages in the order in which they were sent.
    answered: Vec<Delivery<P::Message>>,
    spare: Vec<Delivery<P::Message>>,
}

pub fn run<P: Protocol>(
    space: &mut Space<P>,
    protocol: &P,
    setup: &Setup,
    seeds: &Seeds,
    watch: &mut Watch,
) -> Run {
    let state = State::new(setup, seeds);
    let sources = state.sources(seeds);
    let [sent, answered, spare] = std::mem::take(&mut space.lists);
    let held = std::mem::take(&mut space.nodes);
    let mut rounds = Rounds {
        nodes: Nodes::new(held, protocol, state, Sent(sent)),
        awake: NodeSet::new(setup.nodes),
        answered,
        spare,
    };
    (0..setup.nodes).for_each(|node| rounds.wake(NodeId(node)));
    let written_at = Time::ZERO.after(setup.workload.at);
    let stopped_by = loop {
        if rounds.nodes.state.tally.now == written_at {
            rounds.nodes.write(&sources);
            sources.iter().for_each(|&source| rounds.wake(source));
        }
        let state = &mut rounds.nodes.state;
        watch(state.tally.now, state.arrivals.informed());
        state.sample();
        if let Some(reason) = stops(state) {
            break reason;
        }
        rounds.round();
        rounds.nodes.state.close_window();
    };
    let mut sent = rounds.nodes.carrier.0;
    let in_flight = sent.len() as u64;
    sent.clear();
    space.nodes = rounds.nodes.nodes;
    space.lists = [sent, rounds.answered, rounds.spare];
    rounds.nodes.state.finish(stopped_by, in_flight)
}

impl<P: Protocol> Rounds<'_, P> {
    fn round(&mut self) {
        let mut tally = self.nodes.state.tally;
        self.ticks(&mut tally);
        self.answers(&mut tally);
        tally.now = tally.now.after(self.nodes.state.setup.period);
        self.merges(&mut tally);
        self.nodes.state.tally = tally;
    }

    #[inline]
    fn ticks(&mut self, tally: &mut Tally) {
        tally.ticks += u64::from(self.nodes.state.setup.nodes);
        let mut block = 0;
        while let Some(mut nodes) = self.awake.block(block) {
            // A tick informs no node but its own.
            let informed = self.nodes.state.arrivals.block(block);
            while nodes != 0 {
                let place = nodes.trailing_zeros();
                let node = NodeId(block as u32 * 64 + place);
                nodes &= nodes - 1;
                if self.nodes.is_idle(node) {
                    self.awake.remove(node);
                } else {
                    self.nodes.tick(node, informed >> place & 1, tally);
                }
            }
            block += 1;
        }
    }

    /// First the ticks' messages, then those that answers sent, and so on: the
    /// order in which they were sent.
    #[inline]
    fn answers(&mut self, tally: &mut Tally) {
        self.answered.clear();
        while !self.nodes.carrier.0.is_empty() {
            let mut sent = std::mem::take(&mut self.nodes.carrier.0);
            tally.totals.delivered += sent.len() as u64;
            std::mem::swap(&mut self.nodes.carrier.0, &mut self.spare);
            if self.nodes.protocol.order_matters() {
                self.nodes.state.dice.shuffle(&mut sent);
            }
            for delivery in &mut sent {
                self.nodes.answer(delivery, tally);
            }
            if self.answered.is_empty() {
                std::mem::swap(&mut self.answered, &mut sent);
            } else {
                self.answered.append(&mut sent);
            }
            self.spare = sent;
        }
    }

    #[inline]
    fn merges(&mut self, tally: &mut Tally) {
        let answered = std::mem::take(&mut self.answered);
        for delivery in &answered {
            self.nodes.merge(delivery, tally);
            self.wake(delivery.to);
        }
        self.answered = answered;
    }

    /// After handlers may have changed the node.
    #[inline]
    fn wake(&mut self, node: NodeId) {
        if !self.nodes.is_idle(node) {
            self.awake.insert(node);
        }
    }
}

fn stops(state: &State) -> Option<StoppedBy> {
    let stop = &state.setup.stop;
    let elapsed = state.tally.now.since(Time::ZERO);
    let rounds = elapsed.0 / state.setup.period.0;
    if let Some(reason) = state.stops(stop, &state.tally) {
        Some(reason)
    } else if stop.rounds.is_some_and(|most| rounds >= most) {
        Some(StoppedBy::Rounds)
    } else if stop.time.is_some_and(|most| elapsed >= most) {
        Some(StoppedBy::Time)
    } else if stop
        .max_events
        .is_some_and(|most| state.tally.events() >= most)
    {
        Some(StoppedBy::MaxEvents)
    } else if state.tally.now == Time::NEVER {
        // The range of time is used up, as where only max_events is to stop.
        Some(StoppedBy::Time)
    } else {
        None
    }
}
