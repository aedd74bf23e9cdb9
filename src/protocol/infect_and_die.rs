//! Infect and die: a node that hears the rumor forwards it once, to `fanout`
//! random peers, in its next cycle; then it is removed.
//!
//! Source:   A.-M. Kermarrec, L. Massoulie, A. Ganesh, Probabilistic reliable
//!           dissemination in large-scale systems, IEEE Trans. Parallel Distrib.
//!           Syst. 14 (2003) 248-258, section 3.
//! Reading:  informed in round t, calls in round t + 1, never again; a lost call
//!           is not repeated.
//! Departs:  a fixed fanout (the paper's theorem takes the mean of any law); loss,
//!           any topology and clock.
//! Theory:   `theory::infect_and_die` (exact), with its limit.

use super::{Calling, Context, Fanout, Protocol, RUMOR, Size, Spreading, World};
use crate::invalid::Invalid;
use crate::keys;
use crate::node::NodeId;

keys! {
    /// `[protocol] kind = "infect-and-die"`.
    #[derive(Default)]
    pub struct Params {
        /// Peers called, once; or "all". With the default almost nobody hears it.
        pub fanout: Fanout as "peers" = Fanout::Peers(1),
    }
}

/// Infect and die, with its parameters.
pub struct InfectAndDie(Params);

/// What travels between nodes: nothing but the rumor, 0 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rumor;

/// What a node remembers: 1 byte.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Node {
    /// Has not heard the rumor.
    Susceptible,
    /// Will forward it in its next cycle.
    Infective,
    /// Has forwarded it.
    Removed,
}

impl Protocol for InfectAndDie {
    type Params = Params;
    type Node = Node;
    type Message = Rumor;
    type Shared = ();

    fn new(params: Params, _: &World) -> Result<InfectAndDie, Invalid> {
        Ok(InfectAndDie(params))
    }

    fn node(&self) -> Node {
        Node::Susceptible
    }

    fn calling(&self) -> Calling {
        Calling {
            fanout: Some(self.0.fanout),
            everybody: false,
            spreading: Spreading::Once,
            ..Calling::default()
        }
    }

    fn idle(&self, me: &Node) -> bool {
        *me != Node::Infective
    }

    fn write(&self, me: &mut Node, cx: &mut impl Context<Self>) {
        *me = Node::Infective;
        cx.learned(RUMOR);
    }

    fn tick(&self, me: &mut Node, cx: &mut impl Context<Self>) {
        if *me != Node::Infective {
            return;
        }
        cx.call(self.0.fanout, Rumor);
        *me = Node::Removed;
        cx.removed(RUMOR);
    }

    fn answer(&self, me: &Node, _: NodeId, _: &mut Rumor, cx: &mut impl Context<Self>) {
        cx.received(RUMOR, *me == Node::Susceptible);
    }

    fn merge(&self, me: &mut Node, _: NodeId, _: Rumor, cx: &mut impl Context<Self>) {
        if *me == Node::Susceptible {
            self.write(me, cx);
        }
    }

    #[inline]
    fn brings_nothing(&self, me: &Node, _: &Rumor) -> bool {
        *me != Node::Susceptible
    }

    fn size(&self, _: &Rumor) -> Size {
        Size::updates(1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::recording::Recording;
    use super::*;

    #[test]
    fn a_node_calls_once_and_never_again() {
        let fanout = Fanout::Peers(2);
        let protocol = InfectAndDie(Params { fanout });
        let mut cx = Recording::with_peers(&[3, 4]);
        let mut me = protocol.node();
        protocol.tick(&mut me, &mut cx);
        assert!(protocol.idle(&me) && cx.sent.is_empty());
        for _ in 0..2 {
            protocol.answer(&me, NodeId(1), &mut Rumor, &mut cx);
        }
        for _ in 0..2 {
            protocol.merge(&mut me, NodeId(1), Rumor, &mut cx);
        }
        assert_eq!((cx.learned, cx.removed), (1, 0));
        assert!(!protocol.idle(&me));
        protocol.tick(&mut me, &mut cx);
        assert_eq!(cx.sent, [(NodeId(3), Rumor), (NodeId(4), Rumor)]);
        assert!(protocol.idle(&me));
        protocol.answer(&me, NodeId(1), &mut Rumor, &mut cx);
        protocol.merge(&mut me, NodeId(1), Rumor, &mut cx);
        protocol.tick(&mut me, &mut cx);
        assert_eq!(cx.received, [true, true, false]);
        assert_eq!((cx.sent.len(), cx.learned, cx.removed), (2, 1, 1));
    }
}
