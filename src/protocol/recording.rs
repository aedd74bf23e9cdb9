//! A context that writes down what a protocol does: unit tests of a protocol
//! need no engine.

use super::{Context, Fanout, Protocol, Update};
use crate::node::NodeId;
use crate::random::{Seeds, Stream, StreamName};
use crate::time::{Duration, Time};

/// Records every effect; its peers are given beforehand.
pub struct Recording<P: Protocol> {
    /// The node that acts.
    pub me: NodeId,
    /// Its clock.
    pub time: Time,
    /// The length of its cycle: 1 s.
    pub period: Duration,
    /// What all nodes share.
    pub shared: P::Shared,
    /// The peers that every draw gives, as many as the fanout takes.
    pub peers: Vec<NodeId>,
    /// What was sent, in order.
    pub sent: Vec<(NodeId, P::Message)>,
    /// How often the node learned something.
    pub learned: u32,
    /// How often the node was removed.
    pub removed: u32,
    /// For each copy that arrived: was it needed?
    pub received: Vec<bool>,
    /// The protocol's dice.
    pub random: Stream,
}

impl<P: Protocol> Recording<P> {
    /// Node 0 at time 0, whose draws give these peers.
    pub fn with_peers(peers: &[u32]) -> Recording<P> {
        let seeds = Seeds {
            master: 1,
            replicate: 0,
            cell: String::new(),
        };
        Recording {
            me: NodeId(0),
            time: Time::ZERO,
            period: Duration::seconds(1),
            shared: P::Shared::default(),
            peers: peers.iter().map(|&peer| NodeId(peer)).collect(),
            sent: Vec::new(),
            learned: 0,
            removed: 0,
            received: Vec::new(),
            random: seeds.stream(StreamName::Protocol),
        }
    }
}

impl<P: Protocol> Context<P> for Recording<P> {
    fn me(&self) -> NodeId {
        self.me
    }

    fn time(&self) -> Time {
        self.time
    }

    fn period(&self) -> Duration {
        self.period
    }

    fn shared(&mut self) -> &mut P::Shared {
        &mut self.shared
    }

    fn draw(&mut self, fanout: Fanout) -> u32 {
        let known = self.peers.len() as u32;
        fanout.count().unwrap_or(known).min(known)
    }

    fn peer(&self, i: u32) -> NodeId {
        self.peers[i as usize]
    }

    fn call(&mut self, fanout: Fanout, message: P::Message) {
        for i in 0..self.draw(fanout) {
            self.send(self.peer(i), message);
        }
    }

    fn send(&mut self, to: NodeId, message: P::Message) {
        self.sent.push((to, message));
    }

    fn learned(&mut self, _: Update) {
        self.learned += 1;
    }

    fn removed(&mut self, _: Update) {
        self.removed += 1;
    }

    fn received(&mut self, _: Update, needed: bool) {
        self.received.push(needed);
    }

    fn random(&mut self) -> &mut Stream {
        &mut self.random
    }
}
