//! A protocol's hints (`idle`, `brings_nothing`, `one_way`) save work and change
//! nothing: a run without them has the same numbers and the same digest, also in the
//! memory of runs of other settings.

use crate::common::cell;
use gossim::engine::{Space, run, run_in};
use gossim::invalid::Invalid;
use gossim::node::NodeId;
use gossim::protocol::{
    Calling, Context, Fanout, InfectAndDie, Protocol, Pull, Push, PushPull, RUMOR, RumorMongering,
    Size, Update, World,
};
use gossim::random::{Seeds, Stream};
use gossim::time::{Duration, Time};
use serde::{Deserialize, Serialize};

/// The same protocol, which gives no hint.
struct Hintless<P>(P);

impl<P: Protocol> Protocol for Hintless<P> {
    type Params = P::Params;
    type Node = P::Node;
    type Message = P::Message;
    type Shared = P::Shared;

    fn new(params: P::Params, world: &World) -> Result<Hintless<P>, Invalid> {
        P::new(params, world).map(Hintless)
    }

    fn begin(&self, shared: &mut P::Shared) {
        self.0.begin(shared);
    }

    fn retain(&self, message: &P::Message, shared: &mut P::Shared) {
        self.0.retain(message, shared);
    }

    fn release(&self, message: &P::Message, shared: &mut P::Shared) {
        self.0.release(message, shared);
    }

    fn node(&self) -> P::Node {
        self.0.node()
    }

    fn write(&self, me: &mut P::Node, cx: &mut impl Context<Self>) {
        self.0.write(me, &mut Through(cx));
    }

    fn calling(&self) -> Calling {
        self.0.calling()
    }

    fn tick(&self, me: &mut P::Node, cx: &mut impl Context<Self>) {
        self.0.tick(me, &mut Through(cx));
    }

    fn order_matters(&self) -> bool {
        self.0.order_matters()
    }

    fn admit(&self, me: &mut P::Node, message: &mut P::Message) {
        self.0.admit(me, message);
    }

    fn answer(
        &self,
        me: &P::Node,
        from: NodeId,
        message: &mut P::Message,
        cx: &mut impl Context<Self>,
    ) {
        self.0.answer(me, from, message, &mut Through(cx));
    }

    fn merge(
        &self,
        me: &mut P::Node,
        from: NodeId,
        message: P::Message,
        cx: &mut impl Context<Self>,
    ) {
        self.0.merge(me, from, message, &mut Through(cx));
    }

    fn size(&self, message: &P::Message) -> Size {
        self.0.size(message)
    }
}

/// The context of a protocol around another, as that one sees it.
struct Through<'c, C>(&'c mut C);

impl<P: Protocol, C: Context<Hintless<P>>> Context<P> for Through<'_, C> {
    fn me(&self) -> NodeId {
        self.0.me()
    }

    fn time(&self) -> Time {
        self.0.time()
    }

    fn period(&self) -> Duration {
        self.0.period()
    }

    fn shared(&mut self) -> &mut P::Shared {
        self.0.shared()
    }

    fn draw(&mut self, fanout: Fanout) -> u32 {
        self.0.draw(fanout)
    }

    fn peer(&self, i: u32) -> NodeId {
        self.0.peer(i)
    }

    fn call(&mut self, fanout: Fanout, message: P::Message) {
        self.0.call(fanout, message);
    }

    fn send(&mut self, to: NodeId, message: P::Message) {
        self.0.send(to, message);
    }

    fn learned(&mut self, update: Update) {
        self.0.learned(update);
    }

    fn removed(&mut self, update: Update) {
        self.0.removed(update);
    }

    fn received(&mut self, update: Update, needed: bool) {
        self.0.received(update, needed);
    }

    fn random(&mut self) -> &mut Stream {
        self.0.random()
    }
}

/// Common rounds, and messages that cross.
const CLOCKS: [&str; 3] = [
    "clock.mode=synchronous",
    r#"clock.mode=periodic network.latency={kind="exponential",mean="300ms"}"#,
    r#"clock.mode=poisson network.latency={kind="exponential",mean="300ms"}"#,
];

/// With these parameters, under every clock, with and without loss.
fn check<P: Protocol>(params: &[&str]) {
    let mut space = Space::default();
    for text in params {
        for clock in CLOCKS {
            for (nodes, sources, loss, contact) in [
                (150, 1, 0.0, true),
                (65, 3, 0.1, true),
                (150, 150, 0.0, false),
                (64, 2, 0.9, false),
                (300, 1, 0.01, true),
                (9, 1, 0.0, true),
                (8, 8, 0.0, true),
                (70, 9, 1.0, true),
                (1, 1, 0.0, true),
            ] {
                let settings = format!(
                    "{clock} nodes.count={nodes} workload.sources={sources} workload.at=2s \
                     network.loss={loss} measure.contact={contact} \
                     stop.all_informed=false stop.rounds=25"
                );
                let setup = cell(&settings).setup;
                let seeds = Seeds {
                    master: 17,
                    replicate: nodes,
                    cell: String::new(),
                };
                let protocol = || {
                    let params = toml::from_str(text).expect("parameters");
                    P::new(params, &setup.world()).expect("a protocol")
                };
                let hinted = run_in(&mut space, &protocol(), &setup, &seeds, &mut |_, _| ());
                let hintless = run(&Hintless(protocol()), &setup, &seeds);
                assert!(hinted.totals.delivered > 0 || nodes < 10 || loss > 0.5);
                assert_eq!(hinted, hintless, "{text}, {settings}");
            }
        }
    }
}

/// A protocol whose messages go one way, and that does all that it then may: ticks
/// change the node, some nodes that are not idle are silent, an answer notes its
/// verdict, messages weigh this and that.
struct Tired(u8);

#[derive(Serialize, Deserialize)]
struct Calls {
    calls: u8,
}

#[derive(Clone, Copy)]
struct Tale {
    left: u8,
    needed: bool,
}

/// What a node remembers: calls that it still makes; `None` before it is informed.
struct Listener {
    left: Option<u8>,
    heard: u8,
}

impl Protocol for Tired {
    type Params = Calls;
    type Node = Listener;
    type Message = Tale;
    type Shared = ();

    fn new(params: Calls, _: &World) -> Result<Tired, Invalid> {
        Ok(Tired(params.calls))
    }

    fn node(&self) -> Listener {
        let (left, heard) = (None, 0);
        Listener { left, heard }
    }

    fn calling(&self) -> Calling {
        Calling {
            fanout: Some(Fanout::Peers(1)),
            ..Calling::default()
        }
    }

    fn write(&self, me: &mut Listener, cx: &mut impl Context<Self>) {
        me.left = Some(self.0);
        cx.learned(RUMOR);
        // Travels in the first round.
        cx.send(
            NodeId(0),
            Tale {
                left: 9,
                needed: false,
            },
        );
    }

    fn tick(&self, me: &mut Listener, cx: &mut impl Context<Self>) {
        if let Some(left @ 1..) = &mut me.left {
            *left -= 1;
            let (left, needed) = (*left, false);
            cx.call(Fanout::Peers(1), Tale { left, needed });
        }
    }

    fn answer(&self, me: &Listener, _: NodeId, tale: &mut Tale, cx: &mut impl Context<Self>) {
        tale.needed = me.left.is_none();
        cx.received(RUMOR, tale.needed);
    }

    fn merge(&self, me: &mut Listener, _: NodeId, tale: Tale, cx: &mut impl Context<Self>) {
        if tale.needed {
            // Of two that come together the later one counts.
            me.left = Some(self.0.min(tale.left + 2));
            cx.learned(RUMOR);
        } else {
            // Who hears it too often is woken up again.
            me.heard += 1;
            if me.heard == 5 {
                me.left = Some(3);
            }
        }
    }

    fn one_way(&self) -> bool {
        true
    }

    fn size(&self, tale: &Tale) -> Size {
        Size {
            updates: u32::from(tale.left % 4),
            extra_bytes: u32::from(tale.left % 2) * 7,
        }
    }
}

#[test]
fn a_protocol_of_ones_own_whose_messages_go_one_way() {
    check::<Tired>(&["calls = 3", "calls = 200"]);
}

#[test]
fn hints_of_push() {
    check::<Push>(&["", "fanout = 3", "calls = \"always\"", "fanout = \"all\""]);
}

#[test]
fn hints_of_pull() {
    check::<Pull>(&["", "fanout = 3", "calls = \"always\"", "fanout = \"all\""]);
}

#[test]
fn hints_of_push_pull() {
    check::<PushPull>(&["", "fanout = 3", "fanout = \"all\""]);
}

#[test]
fn hints_of_infect_and_die() {
    check::<InfectAndDie>(&["", "fanout = 3"]);
}

#[test]
fn hints_of_rumor_mongering() {
    check::<RumorMongering>(&[
        "k = 1",
        "k = 2\nexchange = \"pull\"",
        "k = 2\nexchange = \"push-pull\"",
        "k = 3\nstopping = \"blind-coin\"",
        "k = 2\nconnection_limit = 1",
        "k = 2\nconnection_limit = 1\nhunt_limit = 4",
    ]);
}
