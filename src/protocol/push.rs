//! Push: in each cycle an informed node sends the rumor to `fanout` random peers.
//!
//! Source:   A. Demers et al., Epidemic algorithms for replicated database
//!           maintenance, PODC 1987, section 1.3; B. Pittel, On spreading a
//!           rumor, SIAM J. Appl. Math. 47 (1987).
//! Reading:  informed in round t, first calls in round t + 1; a lost call is traffic.
//! Departs:  any fanout, loss, topology and clock; `calls = "always"` makes the
//!           uninformed call too, with nothing to say.
//! Theory:   `theory::spread_chain` and `spread_poisson` (exact), `theory::contact`
//!           (calls = "always"), `theory::leading_terms` (limit).

use super::{
    Callers, Calling, Context, Exchange, Fanout, Protocol, RUMOR, Removal, Size, Spreading, World,
};
use crate::invalid::Invalid;
use crate::keys;
use crate::node::NodeId;

keys! {
    /// `[protocol] kind = "push"`.
    #[derive(Default)]
    pub struct Params {
        /// Peers called per cycle; or "all". The default is that of the papers.
        pub fanout: Fanout as "peers" = Fanout::Peers(1),
        /// Who calls: the informed nodes (as in the papers), or every node.
        pub calls: Callers = Callers::Useful,
    }
}

/// Push, with its parameters.
pub struct Push {
    fanout: Fanout,
    everybody: bool,
}

/// What travels between nodes: 1 byte.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Message {
    /// The caller has nothing to say (`calls = "always"`).
    Empty,
    /// The caller holds the rumor.
    Rumor,
}

/// What a node remembers: 1 byte.
#[derive(Clone, Debug)]
pub struct Node {
    informed: bool,
}

impl Protocol for Push {
    type Params = Params;
    type Node = Node;
    type Message = Message;
    type Shared = ();

    fn new(params: Params, _: &World) -> Result<Push, Invalid> {
        Ok(Push {
            fanout: params.fanout,
            everybody: params.calls == Callers::Always,
        })
    }

    fn node(&self) -> Node {
        Node { informed: false }
    }

    fn calling(&self) -> Calling {
        Calling {
            fanout: Some(self.fanout),
            everybody: self.everybody,
            removal: Removal::Never,
            spreading: Spreading::Forever(Exchange::Push),
            ..Calling::default()
        }
    }

    #[inline]
    fn idle(&self, me: &Node) -> bool {
        !(me.informed | self.everybody)
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
        let message = if me.informed {
            Message::Rumor
        } else {
            Message::Empty
        };
        cx.call(self.fanout, message);
    }

    #[inline(always)]
    fn answer(&self, me: &Node, _: NodeId, message: &mut Message, cx: &mut impl Context<Self>) {
        if *message == Message::Rumor {
            cx.received(RUMOR, !me.informed);
        }
    }

    #[inline]
    fn merge(&self, me: &mut Node, _: NodeId, message: Message, cx: &mut impl Context<Self>) {
        // Without a branch that nobody can predict: two copies may come together.
        let learns = (message == Message::Rumor) & !me.informed;
        me.informed |= learns;
        if learns {
            cx.learned(RUMOR);
        }
    }

    #[inline]
    fn brings_nothing(&self, me: &Node, message: &Message) -> bool {
        me.informed | (*message == Message::Empty)
    }

    #[inline]
    fn one_way(&self) -> bool {
        true
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

    fn push(calls: Callers) -> Push {
        Push {
            fanout: Fanout::Peers(2),
            everybody: calls == Callers::Always,
        }
    }

    #[test]
    fn an_informed_node_calls_and_an_uninformed_one_is_silent() {
        let push = push(Callers::Useful);
        let mut cx = Recording::with_peers(&[3, 4]);
        let mut me = push.node();
        push.tick(&mut me, &mut cx);
        assert!(push.idle(&me) && cx.sent.is_empty());
        push.write(&mut me, &mut cx);
        push.tick(&mut me, &mut cx);
        let rumor = Message::Rumor;
        assert_eq!(cx.sent, [(NodeId(3), rumor), (NodeId(4), rumor)]);
        assert_eq!(cx.learned, 1);
    }

    #[test]
    fn when_all_call_the_uninformed_say_nothing() {
        let push = push(Callers::Always);
        let mut cx = Recording::with_peers(&[3]);
        let mut me = push.node();
        push.tick(&mut me, &mut cx);
        assert_eq!(cx.sent, [(NodeId(3), Message::Empty)]);
        assert_eq!(push.size(&Message::Empty), Size::updates(0));
        push.answer(&me, NodeId(1), &mut Message::Empty, &mut cx);
        push.merge(&mut me, NodeId(1), Message::Empty, &mut cx);
        assert!(cx.received.is_empty() && cx.learned == 0);
    }

    #[test]
    fn two_copies_of_one_round_are_both_needed_and_learned_once() {
        let push = push(Callers::Useful);
        let mut cx = Recording::with_peers(&[]);
        let mut me = push.node();
        for _ in 0..2 {
            push.answer(&me, NodeId(1), &mut Message::Rumor, &mut cx);
        }
        for _ in 0..2 {
            push.merge(&mut me, NodeId(1), Message::Rumor, &mut cx);
        }
        push.answer(&me, NodeId(1), &mut Message::Rumor, &mut cx);
        assert_eq!(cx.received, [true, true, false]);
        assert_eq!(cx.learned, 1);
    }
}
