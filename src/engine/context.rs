//! The engine's side of a protocol's [`Context`].

use super::state::{Delivery, State};
use crate::node::NodeId;
use crate::protocol::{Context, Fanout, Protocol, Update};
use crate::random::Stream;
use crate::time::Time;

/// What becomes of a message that is not lost.
pub trait Carrier<Message> {
    /// Takes it on its way; `network` are the dice for its latency.
    fn carry(&mut self, now: Time, delivery: Delivery<Message>, network: &mut Stream);
}

/// Which handler acts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Handler {
    Write,
    Tick { informed: bool },
    Other,
}

/// One handler's view of the world.
pub struct Cx<'c, 's, P, C> {
    pub me: NodeId,
    pub handler: Handler,
    pub protocol: &'c P,
    pub state: &'c mut State<'s>,
    pub carrier: &'c mut C,
}

impl<P: Protocol, C: Carrier<P::Message>> Context<P::Message> for Cx<'_, '_, P, C> {
    #[inline]
    fn me(&self) -> NodeId {
        self.me
    }

    #[inline]
    fn time(&self) -> Time {
        self.state.now
    }

    #[inline]
    fn draw(&mut self, fanout: Fanout) -> u32 {
        let state = &mut *self.state;
        state.peers.draw(self.me, fanout.count(), &mut state.dice)
    }

    #[inline]
    fn peer(&self, i: u32) -> NodeId {
        self.state.peers.peer(i)
    }

    #[inline]
    fn send(&mut self, to: NodeId, message: P::Message) {
        let (call, informed) = match self.handler {
            Handler::Tick { informed } => (true, informed),
            Handler::Write | Handler::Other => (false, false),
        };
        if self.state.sends(self.protocol.size(&message), informed) {
            return;
        }
        let delivery = Delivery {
            to,
            from: self.me,
            call,
            message,
        };
        let now = self.state.now;
        self.carrier.carry(now, delivery, &mut self.state.network);
    }

    #[inline]
    fn learned(&mut self, _: Update) {
        let source = self.handler == Handler::Write;
        self.state.arrivals.learned(self.me, self.state.now, source);
    }

    #[inline]
    fn removed(&mut self, _: Update) {
        self.state.totals.removed += 1;
    }

    #[inline]
    fn received(&mut self, _: Update, needed: bool) {
        // A branch, not a sum of the bool: see `NodeSet::insert`. A protocol may
        // well branch on what it says here.
        if !needed {
            self.state.totals.redundant += 1;
        }
    }

    #[inline]
    fn random(&mut self) -> &mut Stream {
        &mut self.state.dice
    }
}

/// All nodes of a run, with what they can act on.
pub struct Nodes<'s, P: Protocol, C> {
    pub protocol: &'s P,
    pub nodes: Vec<P::Node>,
    pub state: State<'s>,
    pub carrier: C,
}

impl<'s, P: Protocol, C: Carrier<P::Message>> Nodes<'s, P, C> {
    pub fn new(protocol: &'s P, state: State<'s>, carrier: C) -> Nodes<'s, P, C> {
        let nodes = (0..state.setup.nodes).map(|_| protocol.node()).collect();
        Nodes {
            protocol,
            nodes,
            state,
            carrier,
        }
    }

    #[inline]
    fn at(&mut self, me: NodeId, handler: Handler) -> (&mut P::Node, Cx<'_, 's, P, C>) {
        let cx = Cx {
            me,
            handler,
            protocol: self.protocol,
            state: &mut self.state,
            carrier: &mut self.carrier,
        };
        (&mut self.nodes[me.index()], cx)
    }

    /// The workload writes at these nodes.
    pub fn write(&mut self, sources: &[NodeId]) {
        let protocol = self.protocol;
        for &source in sources {
            let (node, mut cx) = self.at(source, Handler::Write);
            protocol.write(node, &mut cx);
        }
    }

    /// Would a tick of the node do nothing?
    #[inline]
    pub fn is_idle(&self, node: NodeId) -> bool {
        self.protocol.idle(&self.nodes[node.index()])
    }

    /// The clock drives the node.
    #[inline]
    pub fn tick(&mut self, me: NodeId) {
        let protocol = self.protocol;
        let informed = self.state.arrivals.is_informed(me);
        let (node, mut cx) = self.at(me, Handler::Tick { informed });
        protocol.tick(node, &mut cx);
    }

    /// A message arrives and is answered; what it says may be noted in it.
    #[inline]
    pub fn answer(&mut self, delivery: &mut Delivery<P::Message>) {
        let protocol = self.protocol;
        let size = protocol.size(&delivery.message);
        self.state.arrives(delivery, size);
        protocol.admit(&mut self.nodes[delivery.to.index()], &mut delivery.message);
        let (node, mut cx) = self.at(delivery.to, Handler::Other);
        protocol.answer(node, delivery.from, &mut delivery.message, &mut cx);
    }

    /// What it brings is merged.
    #[inline]
    pub fn merge(&mut self, delivery: Delivery<P::Message>) {
        let protocol = self.protocol;
        let (node, mut cx) = self.at(delivery.to, Handler::Other);
        protocol.merge(node, delivery.from, delivery.message, &mut cx);
    }
}
