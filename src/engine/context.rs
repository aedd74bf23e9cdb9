//! The engine's side of a protocol's [`Context`].

use super::state::{Delivery, State, Tally};
use crate::metrics::Observer;
use crate::network::paths::{Fate, Link};
use crate::node::NodeId;
use crate::protocol::{Context, Fanout, Protocol, Update};
use crate::random::Stream;
use crate::time::{Duration, Time};

/// What becomes of a message that is not lost.
pub trait Carrier<Message> {
    /// Takes it on its way; `network` are the dice for its latency. False if it
    /// would arrive when there is no time any more: it is under way for ever.
    fn carry(&mut self, now: Time, delivery: Delivery<Message>, network: &mut Stream) -> bool;

    /// The same where it is known when it arrives.
    fn carry_until(&mut self, at: Time, delivery: Delivery<Message>) -> bool;
}

/// Which handler acts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Handler {
    Write,
    /// 1 if the node is informed, 0 if not.
    Tick {
        informed: u64,
    },
    /// A message is answered or merged.
    Message {
        from: NodeId,
    },
}

/// One handler's view of the world.
pub struct Cx<'c, 's, P: Protocol, C, O> {
    pub me: NodeId,
    pub handler: Handler,
    pub protocol: &'c P,
    pub tally: &'c mut Tally,
    pub state: &'c mut State<'s, O>,
    pub carrier: &'c mut C,
    pub shared: &'c mut P::Shared,
}

impl<P: Protocol, C: Carrier<P::Message>, O: Observer> Context<P> for Cx<'_, '_, P, C, O> {
    #[inline(always)]
    fn me(&self) -> NodeId {
        self.me
    }

    #[inline(always)]
    fn time(&self) -> Time {
        self.tally.now
    }

    #[inline(always)]
    fn period(&self) -> Duration {
        self.state.setup.period
    }

    #[inline(always)]
    fn shared(&mut self) -> &mut P::Shared {
        self.shared
    }

    #[inline(always)]
    fn draw(&mut self, fanout: Fanout) -> u32 {
        let state = &mut *self.state;
        let count = fanout.count();
        self.tally.drawn = state.peers.draw(self.me, count, &mut state.dice);
        self.tally.drawn.count
    }

    #[inline(always)]
    fn peer(&self, i: u32) -> NodeId {
        self.state.peers.peer(&self.tally.drawn, i)
    }

    #[inline(always)]
    fn call(&mut self, fanout: Fanout, message: P::Message) {
        // A peer of an earlier draw, maybe another node's, would pass unnoticed.
        self.tally.drawn.count = 0;
        // The commonest case by far, without a loop over one peer.
        let state = &mut *self.state;
        if fanout == Fanout::Peers(1)
            && let Some(others) = state.peers.others()
        {
            let peer = others.draw(self.me, &mut state.dice);
            self.send(peer, message);
        } else {
            let drawn = state.peers.draw(self.me, fanout.count(), &mut state.dice);
            if shares::<P>() {
                copies(self.protocol, &message, drawn.count, self.shared);
            }
            for i in 0..drawn.count {
                self.send(self.state.peers.peer(&drawn, i), message);
            }
        }
    }

    #[inline(always)]
    fn send(&mut self, to: NodeId, message: P::Message) {
        let (call, informed) = match self.handler {
            Handler::Tick { informed } => (true, informed),
            Handler::Write | Handler::Message { .. } => (false, 0),
        };
        let size = self.protocol.size(&message);
        let delivery = Delivery {
            to,
            from: self.me,
            call,
            message,
        };
        if self.state.paths.is_some() {
            return self.send_on_path(delivery, informed);
        }
        let is_lost = self.state.sends(self.tally, size, informed);
        let passage = delivery.passage(self.tally, size);
        self.state.observer.sent(&passage, is_lost);
        if is_lost {
            release(self.protocol, &message, self.shared);
            return;
        }
        let network = &mut self.state.network;
        let arrives = self.carrier.carry(self.tally.now, delivery, network);
        if !arrives {
            release(self.protocol, &message, self.shared);
        }
    }

    #[inline(always)]
    fn learned(&mut self, _: Update) {
        let source = self.handler == Handler::Write;
        let (now, sent) = (self.tally.now, self.tally.totals.sent);
        let state = &mut *self.state;
        if state.arrivals.learned(self.me, now, sent, source) {
            let from = match self.handler {
                Handler::Message { from } => Some(from),
                Handler::Write | Handler::Tick { .. } => None,
            };
            state.observer.learned(self.me, from, now);
        }
    }

    #[inline(always)]
    fn removed(&mut self, _: Update) {
        self.tally.totals.removed += 1;
    }

    #[inline(always)]
    fn received(&mut self, _: Update, needed: bool) {
        // A branch on purpose: rustc 1.95 at opt-level 2 and 3 drops a sum of the
        // bool where the caller branches on it, as a protocol may well do.
        if !needed {
            self.tally.totals.redundant += 1;
        }
    }

    #[inline(always)]
    fn count(&mut self, column: usize, number: u64) {
        self.state.own[column].1 += number;
    }

    #[inline(always)]
    fn random(&mut self) -> &mut Stream {
        &mut self.state.dice
    }
}

impl<P: Protocol, C: Carrier<P::Message>, O: Observer> Cx<'_, '_, P, C, O> {
    /// Where paths have more than a latency and a loss.
    #[cold]
    #[inline(never)]
    fn send_on_path(&mut self, delivery: Delivery<P::Message>, informed: u64) {
        let size = self.protocol.size(&delivery.message);
        self.tally.sends(size, informed);
        let bytes = self.tally.weights.of(size);
        let state = &mut *self.state;
        let Some(paths) = &mut state.paths else {
            return;
        };
        let link = Link {
            from: delivery.from,
            to: delivery.to,
        };
        let fate = paths.send(link, self.tally.now, bytes, &mut state.network);
        let passage = delivery.passage(self.tally, size);
        let is_lost = matches!(fate, Fate::Lost(_));
        state.observer.sent(&passage, is_lost);
        let arrivals = match fate {
            Fate::Lost(_) => {
                self.tally.loses(size);
                release(self.protocol, &delivery.message, self.shared);
                return;
            }
            Fate::Arrives(at) => [Some(at), None],
            Fate::Twice(at, again) => {
                if shares::<P>() {
                    self.protocol.retain(&delivery.message, self.shared);
                }
                paths.note_copy(u64::from(size.updates));
                self.tally.totals.updates += u64::from(size.updates);
                [Some(at), Some(again)]
            }
        };
        for at in arrivals.into_iter().flatten() {
            if !self.carrier.carry_until(at, delivery) {
                release(self.protocol, &delivery.message, self.shared);
            }
        }
    }
}

/// Is there anything that messages could refer to?
pub const fn shares<P: Protocol>() -> bool {
    size_of::<P::Shared>() > 0
}

/// A copy of a message is no more.
#[inline(always)]
fn release<P: Protocol>(protocol: &P, message: &P::Message, shared: &mut P::Shared) {
    if shares::<P>() {
        protocol.release(message, shared);
    }
}

/// Of a message, so many copies set out.
fn copies<P: Protocol>(protocol: &P, message: &P::Message, count: u32, shared: &mut P::Shared) {
    (1..count).for_each(|_| protocol.retain(message, shared));
    if count == 0 {
        protocol.release(message, shared);
    }
}

/// All nodes of a run, with what they can act on.
pub struct Nodes<'s, P: Protocol, C, O> {
    pub protocol: &'s P,
    pub nodes: Vec<P::Node>,
    pub state: State<'s, O>,
    pub carrier: C,
    pub shared: P::Shared,
}

impl<'s, P: Protocol, C: Carrier<P::Message>, O: Observer> Nodes<'s, P, C, O> {
    /// All nodes at the start, in the memory of `nodes` and `shared`.
    pub fn new(
        mut nodes: Vec<P::Node>,
        mut shared: P::Shared,
        protocol: &'s P,
        state: State<'s, O>,
        carrier: C,
    ) -> Nodes<'s, P, C, O> {
        nodes.clear();
        protocol.begin(&mut shared);
        nodes.extend((0..state.setup.nodes).map(|_| protocol.node()));
        Nodes {
            protocol,
            nodes,
            state,
            carrier,
            shared,
        }
    }

    #[inline(always)]
    fn at<'t>(
        &'t mut self,
        me: NodeId,
        handler: Handler,
        tally: &'t mut Tally,
    ) -> (&'t mut P::Node, Cx<'t, 's, P, C, O>) {
        let cx = Cx {
            me,
            handler,
            protocol: self.protocol,
            tally,
            state: &mut self.state,
            carrier: &mut self.carrier,
            shared: &mut self.shared,
        };
        (&mut self.nodes[me.index()], cx)
    }

    /// The workload writes at these nodes.
    pub fn write(&mut self, sources: &[NodeId]) {
        let protocol = self.protocol;
        let mut tally = self.state.tally;
        for &source in sources {
            let (node, mut cx) = self.at(source, Handler::Write, &mut tally);
            protocol.write(node, &mut cx);
        }
        self.state.tally = tally;
    }

    /// Would a tick of the node do nothing?
    #[inline(always)]
    pub fn is_idle(&self, node: NodeId) -> bool {
        self.protocol.idle(&self.nodes[node.index()])
    }

    /// The clock drives the node, which is informed (1) or not (0).
    #[inline(always)]
    pub fn tick(&mut self, me: NodeId, informed: u64, tally: &mut Tally) {
        let protocol = self.protocol;
        let (node, mut cx) = self.at(me, Handler::Tick { informed }, tally);
        protocol.tick(node, &mut cx);
    }

    /// A message arrives.
    #[inline(always)]
    pub fn arrive(&mut self, delivery: &Delivery<P::Message>, tally: &mut Tally) {
        let size = self.protocol.size(&delivery.message);
        self.state.arrives(tally, delivery, size);
    }

    /// It is at the door.
    #[inline(always)]
    pub fn admit(&mut self, delivery: &mut Delivery<P::Message>) {
        let node = &mut self.nodes[delivery.to.index()];
        self.protocol.admit(node, &mut delivery.message);
    }

    /// Would merging it do nothing?
    #[inline(always)]
    pub fn brings_nothing(&self, delivery: &Delivery<P::Message>) -> bool {
        let node = &self.nodes[delivery.to.index()];
        self.protocol.brings_nothing(node, &delivery.message)
    }

    /// A message reaches its receiver's door. When it is through; none if there is
    /// no room for it.
    #[cold]
    #[inline(never)]
    pub fn enter(
        &mut self,
        delivery: &Delivery<P::Message>,
        at: Time,
        tally: &mut Tally,
    ) -> Option<Time> {
        let size = self.protocol.size(&delivery.message);
        let bytes = tally.weights.of(size);
        let through = match &mut self.state.paths {
            Some(paths) => paths.enter(delivery.to, at, bytes),
            None => Some(at),
        };
        if through.is_none() {
            tally.loses(size);
            self.release(&delivery.message);
        }
        through
    }

    /// It is answered; what the answer says may be noted in it.
    #[inline(always)]
    pub fn answer(&mut self, delivery: &mut Delivery<P::Message>, tally: &mut Tally) {
        let protocol = self.protocol;
        let from = delivery.from;
        let (node, mut cx) = self.at(delivery.to, Handler::Message { from }, tally);
        protocol.answer(node, from, &mut delivery.message, &mut cx);
    }

    /// What it brings is merged.
    #[inline(always)]
    pub fn merge(&mut self, delivery: &Delivery<P::Message>, tally: &mut Tally) {
        let protocol = self.protocol;
        let from = delivery.from;
        let (node, mut cx) = self.at(delivery.to, Handler::Message { from }, tally);
        protocol.merge(node, from, delivery.message, &mut cx);
        self.release(&delivery.message);
    }

    /// A copy of the message is no more.
    #[inline(always)]
    pub fn release(&mut self, message: &P::Message) {
        release(self.protocol, message, &mut self.shared);
    }
}
