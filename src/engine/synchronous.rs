//! Rounds in common: no priority queue, only the messages of the round in the
//! order in which they were sent.
//!
//! Round k = 1, 2, ... begins at (k-1)P: all ticks in node order, then all
//! answers, decided from the state at the round's beginning; what messages
//! bring is merged at kP and counts as round k. Every stop acts at a round's end.
//! Where messages go one way, `one_way` does the same in less time.

use super::context::{Carrier, Nodes};
use super::one_way::{self, RoundCalls};
use super::state::{Delivery, State, Tally};
use super::{Setup, Space};
use crate::metrics::{Observer, Run};
use crate::network::Others;
use crate::node::{NodeId, NodeSet};
use crate::protocol::Protocol;
use crate::random::{Seeds, Stream};
use crate::time::Time;
use std::ops::Range;

/// The messages of a round, first sent first.
struct Sent<Message>(Vec<Delivery<Message>>);

impl<Message> Carrier<Message> for Sent<Message> {
    #[inline(always)]
    fn carry(&mut self, _: Time, delivery: Delivery<Message>, _: &mut Stream) -> bool {
        self.0.push(delivery);
        true
    }

    #[inline]
    fn carry_until(&mut self, _: Time, delivery: Delivery<Message>) -> bool {
        self.0.push(delivery);
        true
    }
}

struct Rounds<'s, P: Protocol, O> {
    nodes: Nodes<'s, P, Sent<P::Message>, O>,
    /// All nodes whose tick would do something, and some that have become idle
    /// since their last one: most idle nodes cost nothing.
    awake: NodeSet,
    /// Which of the round's messages are to be merged, a bit each.
    to_merge: Vec<u64>,
    /// The round's messages while they are merged; empty between rounds.
    merging: Vec<Delivery<P::Message>>,
    one_way: RoundCalls<P::Message>,
    /// The peers to draw from, if `one_way` is to do the rounds.
    others: Option<Others>,
}

pub fn run<P: Protocol, O: Observer>(
    space: &mut Space<P>,
    protocol: &P,
    setup: &Setup,
    seeds: &Seeds,
    observer: O,
) -> Run {
    let state = State::new::<P>(setup, seeds, observer);
    let sources = state.sources(seeds);
    let [sent, merging] = std::mem::take(&mut space.lists);
    let to_merge = std::mem::take(&mut space.to_merge);
    let held = std::mem::take(&mut space.nodes);
    let shared = std::mem::take(&mut space.shared);
    let nodes = Nodes::new(held, shared, protocol, state, Sent(sent));
    let mut rounds = Rounds {
        others: one_way::others(&nodes),
        nodes,
        awake: NodeSet::new(setup.nodes),
        to_merge,
        merging,
        one_way: std::mem::take(&mut space.one_way),
    };
    // At the start all nodes are alike.
    if !rounds.nodes.is_idle(NodeId(0)) {
        (0..setup.nodes).for_each(|node| rounds.wake(NodeId(node), true));
    }
    let written_at = Time::ZERO.after(setup.workload.at);
    let stopped_by = loop {
        if rounds.nodes.state.tally.now == written_at {
            rounds.nodes.write(&sources);
            sources.iter().for_each(|&source| rounds.wake(source, true));
        }
        let state = &mut rounds.nodes.state;
        let informed = state.arrivals.informed();
        state.observer.came_to(state.tally.now, informed);
        state.sample();
        if let Some(reason) = state.stopped_by() {
            break reason;
        }
        rounds.round();
        rounds.nodes.state.observer.window_over();
    };
    let mut sent = std::mem::take(&mut rounds.nodes.carrier.0);
    let in_flight = sent.len() as u64;
    sent.drain(..)
        .for_each(|delivery| rounds.nodes.release(&delivery.message));
    space.nodes = rounds.nodes.nodes;
    space.shared = rounds.nodes.shared;
    space.lists = [sent, rounds.merging];
    space.to_merge = rounds.to_merge;
    space.one_way = rounds.one_way;
    rounds.nodes.state.finish(stopped_by, in_flight)
}

/// Each pass over the messages is a function with a tally of its own, so that the
/// compiler has registers left for what a message changes.
impl<P: Protocol, O: Observer> Rounds<'_, P, O> {
    fn round(&mut self) {
        let mut tally = self.nodes.state.tally;
        let end = tally.now.after(self.nodes.state.setup.period);
        // Only what the write sent can be under way yet.
        if let Some(others) = self.others
            && self.sent().is_empty()
        {
            let (nodes, awake) = (&mut self.nodes, &mut self.awake);
            self.one_way
                .ticks_and_answers(nodes, awake, others, &mut tally);
            tally.now = end;
            self.one_way.merges(nodes, awake, &tally);
        } else {
            self.ticks(&mut tally);
            self.answers(&mut tally);
            tally.now = end;
            self.merges(&mut tally);
        }
        self.nodes.state.tally = tally;
    }

    #[inline(never)]
    fn ticks(&mut self, kept: &mut Tally) {
        let mut tally = *kept;
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
                    self.nodes.tick(node, informed >> place & 1, &mut tally);
                }
            }
            block += 1;
        }
        *kept = tally;
    }

    /// First the ticks' messages, then those that answers sent, and so on: the
    /// order in which they were sent.
    #[inline(never)]
    fn answers(&mut self, kept: &mut Tally) {
        let mut tally = *kept;
        self.to_merge.clear();
        let mut answered = 0;
        while answered < self.sent().len() {
            let hop = answered..self.sent().len();
            tally.totals.delivered += hop.len() as u64;
            self.to_merge.resize(hop.end.div_ceil(64), 0);
            self.begin(hop.clone());
            while answered < hop.end {
                let end = hop.end.min((answered | 63) + 1);
                let mut to_merge = 0;
                for i in answered..end {
                    to_merge |= u64::from(self.answer(i, &mut tally)) << (i % 64);
                }
                self.to_merge[answered / 64] |= to_merge;
                answered = end;
            }
        }
        *kept = tally;
    }

    /// The messages of a hop reach their receivers.
    fn begin(&mut self, hop: Range<usize>) {
        let state = &mut self.nodes.state;
        let messages = &mut self.nodes.carrier.0[hop];
        if self.nodes.protocol.order_matters() {
            state.dice.shuffle(messages);
        }
        state.contact(messages);
    }

    /// Answers a message of the round; true if it is to be merged.
    #[inline(always)]
    fn answer(&mut self, i: usize, tally: &mut Tally) -> bool {
        let mut delivery = self.sent()[i];
        self.nodes.arrive(&delivery, tally);
        let idle = self.nodes.is_idle(delivery.to);
        self.nodes.admit(&mut delivery);
        self.wake(delivery.to, idle);
        self.nodes.answer(&mut delivery, tally);
        self.nodes.carrier.0[i].message = delivery.message;
        let brings = !self.nodes.brings_nothing(&delivery);
        if !brings {
            self.nodes.release(&delivery.message);
        }
        brings
    }

    #[inline(never)]
    fn merges(&mut self, kept: &mut Tally) {
        let mut tally = *kept;
        // What merges send travels in the next round.
        std::mem::swap(&mut self.nodes.carrier.0, &mut self.merging);
        for block in 0..self.to_merge.len() {
            let mut to_merge = self.to_merge[block];
            while to_merge != 0 {
                let place = to_merge.trailing_zeros() as usize;
                to_merge &= to_merge - 1;
                let delivery = self.merging[block * 64 + place];
                let idle = self.nodes.is_idle(delivery.to);
                self.nodes.merge(&delivery, &mut tally);
                self.wake(delivery.to, idle);
            }
        }
        self.merging.clear();
        *kept = tally;
    }

    #[inline(always)]
    fn sent(&self) -> &[Delivery<P::Message>] {
        &self.nodes.carrier.0
    }

    /// After a handler may have changed the node, which was idle before or not.
    #[inline(always)]
    fn wake(&mut self, node: NodeId, idle: bool) {
        if idle && !self.nodes.is_idle(node) {
            self.awake.insert(node);
        }
    }
}
