//! Pull: in each cycle an uninformed node asks `fanout` random peers, and each
//! of them that is informed answers with the rumor.
//!
//! Source:   A. Demers et al., PODC 1987, section 1.3.
//! Reading:  an informed callee answers every caller; an uninformed one is
//!           silent. Request and reply are messages, each lost on its own.
//! Departs:  any fanout, loss, topology and clock; `calls = "always"` makes the
//!           informed ask too.
//! Theory:   `theory::spread_chain` and `spread_poisson` (exact), `theory::contact`
//!           (calls = "always").

use super::{
    Callers, Calling, Context, Exchange, Fanout, Protocol, RUMOR, Removal, Size, Spreading, World,
};
use crate::invalid::Invalid;
use crate::keys;
use crate::node::NodeId;

keys! {
    /// `[protocol] kind = "pull"`.
    #[derive(Default)]
    pub struct Params {
        /// Peers asked per cycle; or "all". The default is that of the paper.
        pub fanout: Fanout as "peers" = Fanout::Peers(1),
        /// Who asks: the uninformed nodes (as in the paper), or every node.
        pub calls: Callers = Callers::Useful,
    }
}

/// Pull, with its parameters.
pub struct Pull(Params);

/// What travels between nodes: 1 byte.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Message {
    /// Do you know something?
    Request,
    /// The callee holds the rumor.
    Rumor,
}

/// What a node remembers: 1 byte.
#[derive(Clone, Debug)]
pub struct Node {
    informed: bool,
}

impl Protocol for Pull {
    type Params = Params;
    type Node = Node;
    type Message = Message;
    type Shared = ();

    fn new(params: Params, _: &World) -> Result<Pull, Invalid> {
        Ok(Pull(params))
    }

    fn node(&self) -> Node {
        Node { informed: false }
    }

    fn calling(&self) -> Calling {
        Calling {
            fanout: Some(self.0.fanout),
            everybody: self.0.calls == Callers::Always,
            removal: Removal::Never,
            spreading: Spreading::Forever(Exchange::Pull),
            ..Calling::default()
        }
    }

    #[inline]
    fn idle(&self, me: &Node) -> bool {
        me.informed && self.0.calls == Callers::Useful
    }

    #[inline]
    fn write(&self, me: &mut Node, cx: &mut impl Context<Self>) {
        me.informed = true;
        cx.learned(RUMOR);
    }

    #[inline(always)]
    fn tick(&self, me: &mut Node, cx: &mut impl Context<Self>) {
        if self.idle(me) {
            return;
        }
        cx.call(self.0.fanout, Message::Request);
    }

    #[inline(always)]
    fn answer(&self, me: &Node, from: NodeId, message: &mut Message, cx: &mut impl Context<Self>) {
        match message {
            Message::Request if me.informed => cx.send(from, Message::Rumor),
            Message::Request => {}
            Message::Rumor => cx.received(RUMOR, !me.informed),
        }
    }

    #[inline]
    fn merge(&self, me: &mut Node, _: NodeId, message: Message, cx: &mut impl Context<Self>) {
        if message == Message::Rumor && !me.informed {
            me.informed = true;
            cx.learned(RUMOR);
        }
    }

    #[inline]
    fn brings_nothing(&self, me: &Node, message: &Message) -> bool {
        me.informed | (*message == Message::Request)
    }

    #[inline]
    fn size(&self, message: &Message) -> Size {
        Size::updates(u32::from(*message == Message::Rumor))
    }
}

#[cfg(test)]
mod tests {
    use super::super::recording::Recording;
    use super::*;

    #[test]
    fn the_uninformed_ask_and_only_the_informed_answer() {
        let pull = Pull(Params::default());
        let mut cx = Recording::with_peers(&[5]);
        let mut me = pull.node();
        pull.tick(&mut me, &mut cx);
        assert_eq!(cx.sent, [(NodeId(5), Message::Request)]);
        pull.answer(&me, NodeId(2), &mut Message::Request, &mut cx);
        assert_eq!(cx.sent.len(), 1);
        pull.merge(&mut me, NodeId(5), Message::Rumor, &mut cx);
        assert_eq!(cx.learned, 1);
        pull.answer(&me, NodeId(2), &mut Message::Request, &mut cx);
        assert_eq!(cx.sent[1..], [(NodeId(2), Message::Rumor)]);
        pull.tick(&mut me, &mut cx);
        assert!(pull.idle(&me) && cx.sent.len() == 2);
    }

    #[test]
    fn when_all_call_the_informed_ask_too() {
        let pull = Pull(Params {
            calls: Callers::Always,
            ..Params::default()
        });
        let mut cx = Recording::with_peers(&[5]);
        let mut me = pull.node();
        pull.write(&mut me, &mut cx);
        pull.tick(&mut me, &mut cx);
        assert_eq!(cx.sent, [(NodeId(5), Message::Request)]);
        pull.answer(&me, NodeId(5), &mut Message::Rumor, &mut cx);
        assert_eq!(cx.received, [false]);
    }
}
