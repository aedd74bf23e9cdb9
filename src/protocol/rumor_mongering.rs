//! Rumor mongering: a node that hears the rumor spreads it until it loses
//! interest; so the rumor dies, and a residue s of the nodes may never hear it.
//!
//! Source:   A. Demers et al., Epidemic algorithms for replicated database
//!           maintenance, PODC 1987, section 1.4.
//! Reading:  a node is susceptible, infective or removed. A *cycle* of a node is
//!           from its tick to its next (under the synchronous clock, the round);
//!           it loses interest only between two cycles, or by `heard`.
//!           - Push: infective nodes call; the call carries the rumor. Pull: every
//!             node calls; an infective callee answers every caller with it.
//!             Push-pull: every node calls, with the rumor if it is infective; an
//!             infective callee that is called without it answers with it.
//!           - A contact is *needed* if the receiver was susceptible before it;
//!             under the synchronous clock, at the round's start, so that two
//!             contacts of one susceptible node are both needed. Feedback says
//!             which it was. It is a message that can be lost; then the spreader
//!             learns nothing from the contact. When two infective nodes meet in
//!             push-pull, neither needed it, and both take it so.
//!           - Feedback: a cycle with contacts of which none was needed counts as
//!             one in vain, a cycle without contacts not at all ("if any recipient
//!             needed the update", footnote to Table 3; at fanout 1 a push
//!             cycle is one contact). Blind: every infective cycle counts.
//!           - Counter: removed after k such cycles; with feedback, a cycle with a
//!             needed contact sets the counter to 0 ("counter" in Table 1, as
//!             only this reading gives its numbers) or leaves it ("cumulative").
//!             Coin: after each such cycle, removed with probability 1/k.
//!           - Connection limit: a caller knocks first, and a node lets so many in
//!             per cycle, the first to arrive (under the synchronous clock, in
//!             random order); one that is turned away knocks at a peer drawn
//!             afresh, maybe the same, up to `hunt_limit` times. A knock carries
//!             no rumor; as a message of a tick it counts as a call.
//!           - With latency, a verdict belongs to the cycle in which its feedback
//!             arrives: two that arrive in one cycle are one.
//!           - Every rumor sent is traffic, whether it arrives or not.
//! Departs:  any fanout, loss, topology and clock. `heard`, the rule of classrooms:
//!           a node stops when it has heard the rumor k times, the write or its
//!           first copy being the first. No minimization (section 1.4, the last).
//! Theory:   `theory::rumor_mongering` for push, where contacts happen one after another.

use super::{
    Calling, Context, Exchange, Fanout, Interest, Protocol, RUMOR, Removal, Size, Spreading,
    Stopping, World,
};
use crate::invalid::Invalid;
use crate::keys;
use crate::node::NodeId;

keys! {
    /// `[protocol] kind = "rumor-mongering"`.
    pub struct Params {
        /// Which way the rumor goes.
        pub exchange: Exchange = Exchange::Push,
        /// When a node loses interest. The default is that of Table 1.
        pub stopping: Stopping = Stopping::FeedbackCounter,
        /// The k of that rule; with `heard`, from 2.
        pub k: u8 [1..=255],
        /// Peers called per cycle; or "all". The default is that of the paper.
        pub fanout: Fanout as "peers" = Fanout::Peers(1),
        /// Callers that a node lets in per cycle; all of them where it is left out.
        pub connection_limit: Option<u8> as "calls" [1..=255],
        /// Other peers that a caller tries when it is turned away.
        pub hunt_limit: u8 as "peers" [0..=255] = 0,
    }
}

/// Rumor mongering, with its parameters.
pub struct RumorMongering {
    exchange: Exchange,
    stopping: Stopping,
    k: u8,
    fanout: Fanout,
    connection_limit: Option<u8>,
    hunt_limit: u8,
}

/// What travels between nodes: 3 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Message {
    /// May I call? (Only with a connection limit.)
    Knock {
        /// Further peers to try.
        hunts: u8,
        /// Noted at the door: too many came before.
        refused: bool,
    },
    /// No.
    Busy {
        /// Further peers to try.
        hunts: u8,
    },
    /// Yes.
    Welcome,
    /// A call.
    Call {
        /// Does it carry the rumor?
        rumor: bool,
        /// Noted by the callee: it spreads the rumor too.
        in_vain: bool,
    },
    /// The rumor, to one who called without it.
    Rumor,
    /// Did you need the rumor that I have from you?
    Feedback {
        /// Yes.
        needed: bool,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Status {
    Susceptible,
    Infective,
    Removed,
}

/// What a node remembers: 5 bytes.
#[derive(Clone, Debug)]
pub struct Node {
    status: Status,
    /// Cycles in vain; with `heard`, how often it heard the rumor.
    count: u8,
    /// Was a contact of this cycle needed?
    needed: bool,
    /// Was one not? Blind: there was a cycle.
    in_vain: bool,
    /// Callers let in during this cycle.
    callers: u8,
}

impl RumorMongering {
    /// Ends the cycle: what came of it may end the node's interest.
    fn end_cycle(&self, me: &mut Node, cx: &mut impl Context<Self>) {
        if me.status == Status::Infective {
            if me.needed {
                if self.stopping == Stopping::FeedbackCounter {
                    me.count = 0;
                }
            } else if me.in_vain && self.is_enough(me, cx) {
                me.status = Status::Removed;
                cx.removed(RUMOR);
            }
        }
        me.needed = false;
        me.in_vain = false;
        me.callers = 0;
    }

    /// One more cycle in vain, or copy heard: is it the last?
    fn is_enough(&self, me: &mut Node, cx: &mut impl Context<Self>) -> bool {
        match self.stopping {
            Stopping::FeedbackCoin | Stopping::BlindCoin => {
                cx.random().below(u32::from(self.k)) == 0
            }
            _ => {
                me.count += 1;
                me.count >= self.k
            }
        }
    }

    /// What an admitted caller says; nothing, if it pushes and has lost interest.
    fn call(&self, me: &Node) -> Option<Message> {
        let is_infective = me.status == Status::Infective;
        let call = Message::Call {
            rumor: is_infective && self.exchange != Exchange::Pull,
            in_vain: false,
        };
        (is_infective || self.exchange != Exchange::Push).then_some(call)
    }

    /// A copy of the rumor has come: what to say of it.
    fn receive(&self, me: &Node, from: NodeId, cx: &mut impl Context<Self>) {
        let needed = me.status == Status::Susceptible;
        cx.received(RUMOR, needed);
        if self.stopping.by_feedback() {
            cx.send(from, Message::Feedback { needed });
        }
    }

    fn hear(&self, me: &mut Node, cx: &mut impl Context<Self>) {
        match me.status {
            Status::Susceptible => self.write(me, cx),
            Status::Infective if self.stopping == Stopping::Heard => {
                if self.is_enough(me, cx) {
                    me.status = Status::Removed;
                    cx.removed(RUMOR);
                }
            }
            Status::Infective | Status::Removed => {}
        }
    }
}

impl Protocol for RumorMongering {
    type Params = Params;
    type Node = Node;
    type Message = Message;
    type Shared = ();

    fn new(params: Params, _: &World) -> Result<RumorMongering, Invalid> {
        // With `heard`, a source that has heard it once would never call.
        if params.stopping == Stopping::Heard && params.k < 2 {
            return Err(Invalid::new("k", "must be from 2 to 255, not 1"));
        }
        if params.hunt_limit > 0 && params.connection_limit.is_none() {
            let why = "needs `connection_limit`: without it nobody is turned away";
            return Err(Invalid::new("hunt_limit", why));
        }
        Ok(RumorMongering {
            exchange: params.exchange,
            stopping: params.stopping,
            k: params.k,
            fanout: params.fanout,
            connection_limit: params.connection_limit,
            hunt_limit: params.hunt_limit,
        })
    }

    fn node(&self) -> Node {
        Node {
            status: Status::Susceptible,
            count: 0,
            needed: false,
            in_vain: false,
            callers: 0,
        }
    }

    fn calling(&self) -> Calling {
        Calling {
            fanout: Some(self.fanout),
            everybody: self.exchange != Exchange::Push,
            // Knocks and their answers; the call, its reply, the feedback.
            messages: 3 + match self.connection_limit {
                Some(_) => 2 * (1 + u32::from(self.hunt_limit)),
                None => 0,
            },
            removal: match self.stopping.is_blind() {
                true => Removal::Anyhow,
                false => Removal::ByMessages,
            },
            spreading: Spreading::UntilBored(Interest {
                exchange: self.exchange,
                stopping: self.stopping,
                k: u32::from(self.k),
                turns_away: self.connection_limit.is_some(),
            }),
        }
    }

    fn idle(&self, me: &Node) -> bool {
        self.exchange == Exchange::Push && me.status != Status::Infective && me.callers == 0
    }

    fn order_matters(&self) -> bool {
        self.connection_limit.is_some()
    }

    fn write(&self, me: &mut Node, cx: &mut impl Context<Self>) {
        me.status = Status::Infective;
        me.count = u8::from(self.stopping == Stopping::Heard);
        cx.learned(RUMOR);
    }

    fn tick(&self, me: &mut Node, cx: &mut impl Context<Self>) {
        self.end_cycle(me, cx);
        me.in_vain = me.status == Status::Infective && self.stopping.is_blind();
        let Some(call) = self.call(me) else { return };
        let first = match self.connection_limit {
            None => call,
            Some(_) => Message::Knock {
                hunts: self.hunt_limit,
                refused: false,
            },
        };
        cx.call(self.fanout, first);
    }

    fn admit(&self, me: &mut Node, message: &mut Message) {
        if let (Some(limit), Message::Knock { refused, .. }) = (self.connection_limit, message) {
            *refused = me.callers >= limit;
            if !*refused {
                me.callers += 1;
            }
        }
    }

    fn answer(&self, me: &Node, from: NodeId, message: &mut Message, cx: &mut impl Context<Self>) {
        let is_infective = me.status == Status::Infective;
        match message {
            Message::Knock { hunts, refused } => {
                let busy = Message::Busy { hunts: *hunts };
                cx.send(from, if *refused { busy } else { Message::Welcome });
            }
            Message::Busy { hunts } => {
                if *hunts > 0 && cx.draw(Fanout::Peers(1)) > 0 {
                    let knock = Message::Knock {
                        hunts: *hunts - 1,
                        refused: false,
                    };
                    cx.send(cx.peer(0), knock);
                }
            }
            Message::Welcome => {
                if let Some(call) = self.call(me) {
                    cx.send(from, call);
                }
            }
            Message::Call {
                rumor: true,
                in_vain,
            } => {
                *in_vain = is_infective && self.exchange == Exchange::PushPull;
                self.receive(me, from, cx);
            }
            Message::Call { rumor: false, .. } => {
                if is_infective && self.exchange != Exchange::Push {
                    cx.send(from, Message::Rumor);
                }
            }
            Message::Rumor => self.receive(me, from, cx),
            Message::Feedback { .. } => {}
        }
    }

    fn merge(&self, me: &mut Node, _: NodeId, message: Message, cx: &mut impl Context<Self>) {
        match message {
            Message::Call { rumor, in_vain } => {
                me.in_vain |= in_vain && self.stopping.by_feedback();
                if rumor {
                    self.hear(me, cx);
                }
            }
            Message::Rumor => self.hear(me, cx),
            Message::Feedback { needed: true } => me.needed = true,
            Message::Feedback { needed: false } => me.in_vain = true,
            Message::Knock { .. } | Message::Busy { .. } | Message::Welcome => {}
        }
    }

    fn size(&self, message: &Message) -> Size {
        let with_rumor = matches!(message, Message::Rumor | Message::Call { rumor: true, .. });
        Size::updates(u32::from(with_rumor))
    }
}

#[cfg(test)]
mod tests {
    use super::super::recording::Recording;
    use super::*;

    const WORLD: World = World {
        nodes: 10,
        synchronous: true,
    };

    fn protocol(settings: &str) -> RumorMongering {
        let params = toml::from_str(settings).expect("parameters");
        RumorMongering::new(params, &WORLD).expect("a protocol")
    }

    fn call(rumor: bool) -> Message {
        Message::Call {
            rumor,
            in_vain: false,
        }
    }

    /// A source in front of peer 3, after its first tick.
    fn source(protocol: &RumorMongering) -> (Node, Recording<RumorMongering>) {
        let mut cx = Recording::with_peers(&[3]);
        let mut me = protocol.node();
        protocol.write(&mut me, &mut cx);
        protocol.tick(&mut me, &mut cx);
        (me, cx)
    }

    /// Cycles with this feedback, one contact each, until the node is removed:
    /// true if that happened right after the last of them.
    fn removed_after(settings: &str, feedback: &[bool]) -> bool {
        let protocol = protocol(settings);
        let (mut me, mut cx) = source(&protocol);
        for &needed in feedback {
            assert_eq!(cx.removed, 0, "{settings} {feedback:?}");
            protocol.merge(&mut me, NodeId(3), Message::Feedback { needed }, &mut cx);
            protocol.tick(&mut me, &mut cx);
        }
        cx.removed == 1
    }

    #[test]
    fn counters_count_cycles_in_vain() {
        let reset = "stopping = 'feedback-counter'\nk = 2";
        let cumulative = "stopping = 'feedback-cumulative'\nk = 2";
        assert!(removed_after(reset, &[true, false, false]));
        assert!(!removed_after(reset, &[false, true, false]));
        assert!(removed_after(cumulative, &[false, true, false]));
        assert!(!removed_after(cumulative, &[false, true, true]));
    }

    /// With k = 1 the coin always falls on the same side.
    #[test]
    fn a_coin_is_tossed_after_a_cycle_in_vain_only() {
        let coin = "stopping = 'feedback-coin'\nk = 1";
        assert!(removed_after(coin, &[true, true, false]));
        assert!(!removed_after(coin, &[true, true]));
    }

    #[test]
    fn the_blind_count_their_cycles_whatever_came_of_them() {
        for stopping in ["blind-counter", "blind-coin"] {
            let protocol = protocol(&format!("stopping = '{stopping}'\nk = 1"));
            let (mut me, mut cx) = source(&protocol);
            assert_eq!(cx.sent, [(NodeId(3), call(true))]);
            protocol.answer(&me, NodeId(4), &mut call(true), &mut cx);
            assert_eq!(cx.sent.len(), 1, "no feedback");
            protocol.tick(&mut me, &mut cx);
            assert_eq!((cx.removed, cx.sent.len()), (1, 1), "{stopping}");
            assert!(protocol.idle(&me));
        }
    }

    /// Each susceptible node of pull has a cycle before it hears the rumor; that
    /// is not one of its infective cycles.
    #[test]
    fn a_blind_node_counts_from_when_it_heard() {
        let protocol = protocol("exchange = 'pull'\nstopping = 'blind-counter'\nk = 1");
        let mut cx = Recording::with_peers(&[3]);
        let mut me = protocol.node();
        protocol.tick(&mut me, &mut cx);
        protocol.merge(&mut me, NodeId(3), Message::Rumor, &mut cx);
        protocol.tick(&mut me, &mut cx);
        assert_eq!((cx.learned, cx.removed), (1, 0));
        protocol.tick(&mut me, &mut cx);
        assert_eq!(cx.removed, 1);
    }

    /// Pull's footnote: asked in vain twice in one cycle is one cycle in vain;
    /// one caller in need outweighs the others; no caller, no change.
    #[test]
    fn many_contacts_of_a_cycle_are_one_verdict() {
        let protocol = protocol("exchange = 'pull'\nk = 2");
        let (mut me, mut cx) = source(&protocol);
        assert_eq!(cx.sent, [(NodeId(3), call(false))]);
        let mut cycle = |me: &mut Node, feedback: &[bool]| {
            for &needed in feedback {
                protocol.merge(me, NodeId(3), Message::Feedback { needed }, &mut cx);
            }
            protocol.tick(me, &mut cx);
            me.count
        };
        assert_eq!(cycle(&mut me, &[false, false]), 1);
        assert_eq!(cycle(&mut me, &[]), 1);
        assert_eq!(cycle(&mut me, &[false, true, false]), 0);
        assert_eq!(cycle(&mut me, &[false]), 1);
        assert_eq!(cycle(&mut me, &[false]), 2);
        assert_eq!(me.status, Status::Removed);
    }

    #[test]
    fn the_class_room_counts_what_it_hears() {
        let protocol = protocol("stopping = 'heard'\nk = 3");
        let mut cx = Recording::with_peers(&[]);
        let mut me = protocol.node();
        for heard in 1..=3 {
            assert_eq!(cx.removed, 0);
            protocol.merge(&mut me, NodeId(1), call(true), &mut cx);
            assert_eq!(cx.learned, 1, "{heard}");
        }
        protocol.merge(&mut me, NodeId(1), call(true), &mut cx);
        assert_eq!((cx.learned, cx.removed), (1, 1));
    }

    #[test]
    fn feedback_says_what_was_needed_before() {
        let protocol = protocol("k = 1");
        let mut cx = Recording::with_peers(&[]);
        let mut me = protocol.node();
        for _ in 0..2 {
            protocol.answer(&me, NodeId(5), &mut call(true), &mut cx);
        }
        for _ in 0..2 {
            protocol.merge(&mut me, NodeId(5), call(true), &mut cx);
        }
        protocol.answer(&me, NodeId(5), &mut call(true), &mut cx);
        let said = |needed| (NodeId(5), Message::Feedback { needed });
        assert_eq!(cx.sent, [said(true), said(true), said(false)]);
        assert_eq!(cx.received, [true, true, false]);
    }

    /// Two infective nodes meet in push-pull: both have a contact in vain, and
    /// the rumor does not go back.
    #[test]
    fn two_who_know_part_in_vain() {
        let protocol = protocol("exchange = 'push-pull'\nk = 1");
        let (mut me, mut cx) = source(&protocol);
        cx.sent.clear();
        let mut message = call(true);
        protocol.answer(&me, NodeId(5), &mut message, &mut cx);
        assert_eq!(cx.sent, [(NodeId(5), Message::Feedback { needed: false })]);
        protocol.merge(&mut me, NodeId(5), message, &mut cx);
        protocol.tick(&mut me, &mut cx);
        assert_eq!(cx.removed, 1);
        // A removed node calls on, without the rumor, and answers nobody with it.
        assert_eq!(cx.sent[1], (NodeId(3), call(false)));
        protocol.answer(&me, NodeId(5), &mut call(false), &mut cx);
        assert_eq!(cx.sent.len(), 2);
    }

    #[test]
    fn a_full_house_sends_callers_elsewhere() {
        let protocol = protocol("k = 1\nconnection_limit = 1\nhunt_limit = 1");
        let (mut me, mut cx) = source(&protocol);
        let knock = |hunts| Message::Knock {
            hunts,
            refused: false,
        };
        assert_eq!(cx.sent, [(NodeId(3), knock(1))]);
        cx.sent.clear();
        for _ in 0..2 {
            let mut message = knock(1);
            protocol.admit(&mut me, &mut message);
            protocol.answer(&me, NodeId(6), &mut message, &mut cx);
        }
        let answers = [Message::Welcome, Message::Busy { hunts: 1 }];
        assert_eq!(cx.sent, answers.map(|answer| (NodeId(6), answer)));
        cx.sent.clear();
        protocol.answer(&me, NodeId(6), &mut Message::Busy { hunts: 1 }, &mut cx);
        protocol.answer(&me, NodeId(3), &mut Message::Busy { hunts: 0 }, &mut cx);
        protocol.answer(&me, NodeId(3), &mut Message::Welcome, &mut cx);
        assert_eq!(cx.sent, [(NodeId(3), knock(0)), (NodeId(3), call(true))]);
        // The next cycle has room again.
        protocol.tick(&mut me, &mut cx);
        let mut message = knock(0);
        protocol.admit(&mut me, &mut message);
        assert_eq!(message, knock(0));
    }

    /// A susceptible node of push has nothing to do but to forget its callers.
    #[test]
    fn a_node_with_callers_is_not_idle() {
        let protocol = protocol("k = 1\nconnection_limit = 1");
        let mut cx = Recording::with_peers(&[3]);
        let mut me = protocol.node();
        assert!(protocol.idle(&me));
        let mut knock = Message::Knock {
            hunts: 0,
            refused: false,
        };
        protocol.admit(&mut me, &mut knock);
        assert!(!protocol.idle(&me));
        protocol.tick(&mut me, &mut cx);
        assert!(protocol.idle(&me) && cx.sent.is_empty());
    }

    #[test]
    fn settings_that_cannot_be_are_named() {
        for settings in ["k = 0", "k = 256", "k = 1\nconnection_limit = 0"] {
            let refused = toml::from_str::<Params>(settings).expect_err(settings);
            assert!(refused.message().contains("a whole number from 1 to 255"));
        }
        for (settings, key, why) in [
            (
                "k = 1\nstopping = 'heard'",
                "k",
                "must be from 2 to 255, not 1",
            ),
            (
                "k = 1\nhunt_limit = 1",
                "hunt_limit",
                "needs `connection_limit`",
            ),
        ] {
            let params = toml::from_str(settings).expect("well-formed");
            let refused = RumorMongering::new(params, &WORLD).err().expect(settings);
            assert_eq!(refused.key, key);
            assert!(refused.why.starts_with(why), "{settings}: {}", refused.why);
        }
    }
}
