//! Push-pull: in each cycle every node calls `fanout` random peers, and both
//! sides end up with what either held.
//!
//! Source:   A. Demers et al., PODC 1987, section 1.3; R. Karp et al.,
//!           Randomized rumor spreading, FOCS 2000.
//! Reading:  one exchange: the call carries what the caller holds, the reply
//!           what the callee held before the call arrived. Both are messages,
//!           each with its own latency and loss, sent even if they carry nothing.
//! Departs:  any fanout, loss, topology and clock.
//! Theory:   `theory::spread_chain` and `spread_poisson` (exact), `theory::contact`,
//!           `theory::leading_terms` (limit).

use super::{Calling, Context, Exchange, Fanout, Protocol, RUMOR, Removal, Size, Spreading, World};
use crate::invalid::Invalid;
use crate::keys;
use crate::node::NodeId;

keys! {
    /// `[protocol] kind = "push-pull"`.
    #[derive(Default)]
    pub struct Params {
        /// Peers called per cycle; or "all". The default is that of the papers.
        pub fanout: Fanout as "peers" = Fanout::Peers(1),
    }
}

/// Push-pull, with its parameters.
pub struct PushPull(Params);

/// What travels between nodes: 2 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Message {
    /// Is it the call, which wants a reply?
    call: bool,
    /// Does it carry the rumor?
    rumor: bool,
}

/// What a node remembers: 1 byte.
#[derive(Clone, Debug)]
pub struct Node {
    informed: bool,
}

impl Protocol for PushPull {
    type Params = Params;
    type Node = Node;
    type Message = Message;
    type Shared = ();

    fn new(params: Params, _: &World) -> Result<PushPull, Invalid> {
        Ok(PushPull(params))
    }

    fn node(&self) -> Node {
        Node { informed: false }
    }

    fn calling(&self) -> Calling {
        Calling {
            fanout: Some(self.0.fanout),
            everybody: true,
            removal: Removal::Never,
            spreading: Spreading::Forever(Exchange::PushPull),
            ..Calling::default()
        }
    }

    #[inline]
    fn write(&self, me: &mut Node, cx: &mut impl Context<Self>) {
        me.informed = true;
        cx.learned(RUMOR);
    }

    #[inline(always)]
    fn tick(&self, me: &mut Node, cx: &mut impl Context<Self>) {
        let call = Message {
            call: true,
            rumor: me.informed,
        };
        cx.call(self.0.fanout, call);
    }

    #[inline(always)]
    fn answer(&self, me: &Node, from: NodeId, message: &mut Message, cx: &mut impl Context<Self>) {
        if message.rumor {
            cx.received(RUMOR, !me.informed);
        }
        if message.call {
            let reply = Message {
                call: false,
                rumor: me.informed,
            };
            cx.send(from, reply);
        }
    }

    #[inline]
    fn merge(&self, me: &mut Node, _: NodeId, message: Message, cx: &mut impl Context<Self>) {
        if message.rumor && !me.informed {
            me.informed = true;
            cx.learned(RUMOR);
        }
    }

    #[inline]
    fn brings_nothing(&self, me: &Node, message: &Message) -> bool {
        me.informed | !message.rumor
    }

    #[inline]
    fn size(&self, message: &Message) -> Size {
        Size::updates(u32::from(message.rumor))
    }
}

#[cfg(test)]
mod tests {
    use super::super::recording::Recording;
    use super::*;

    const CALL: Message = Message {
        call: true,
        rumor: true,
    };

    #[test]
    fn the_reply_carries_what_the_callee_held_before() {
        let protocol = PushPull(Params::default());
        let mut cx = Recording::with_peers(&[]);
        let mut me = protocol.node();
        protocol.answer(&me, NodeId(7), &mut CALL.clone(), &mut cx);
        protocol.merge(&mut me, NodeId(7), CALL, &mut cx);
        protocol.answer(&me, NodeId(8), &mut CALL.clone(), &mut cx);
        let reply = |rumor| Message { call: false, rumor };
        assert_eq!(
            cx.sent,
            [(NodeId(7), reply(false)), (NodeId(8), reply(true))]
        );
        assert_eq!(cx.received, [true, false]);
        assert_eq!(cx.learned, 1);
    }

    #[test]
    fn a_reply_is_not_answered() {
        let protocol = PushPull(Params::default());
        let mut cx = Recording::with_peers(&[]);
        let mut reply = Message {
            call: false,
            rumor: true,
        };
        protocol.answer(&protocol.node(), NodeId(7), &mut reply, &mut cx);
        assert!(cx.sent.is_empty());
    }

    #[test]
    fn everybody_calls_informed_or_not() {
        let protocol = PushPull(Params::default());
        let mut cx = Recording::with_peers(&[2]);
        protocol.tick(&mut protocol.node(), &mut cx);
        let call = Message {
            call: true,
            rumor: false,
        };
        assert_eq!(cx.sent, [(NodeId(2), call)]);
    }
}
