//! A protocol's hints (`idle`, `brings_nothing`) save work and change nothing: a run
//! without them has the same numbers and the same digest.

mod common;

use common::cell;
use gossim::engine::run;
use gossim::invalid::Invalid;
use gossim::node::NodeId;
use gossim::protocol::{
    Context, InfectAndDie, Protocol, Pull, Push, PushPull, RumorMongering, Size, World,
};
use gossim::random::Seeds;

/// The same protocol, which gives no hint.
struct Hintless<P>(P);

impl<P: Protocol> Protocol for Hintless<P> {
    type Params = P::Params;
    type Node = P::Node;
    type Message = P::Message;

    fn new(params: P::Params, world: &World) -> Result<Hintless<P>, Invalid> {
        P::new(params, world).map(Hintless)
    }

    fn node(&self) -> P::Node {
        self.0.node()
    }

    fn write(&self, me: &mut P::Node, cx: &mut impl Context<P::Message>) {
        self.0.write(me, cx);
    }

    fn tick(&self, me: &mut P::Node, cx: &mut impl Context<P::Message>) {
        self.0.tick(me, cx);
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
        cx: &mut impl Context<P::Message>,
    ) {
        self.0.answer(me, from, message, cx);
    }

    fn merge(
        &self,
        me: &mut P::Node,
        from: NodeId,
        message: P::Message,
        cx: &mut impl Context<P::Message>,
    ) {
        self.0.merge(me, from, message, cx);
    }

    fn size(&self, message: &P::Message) -> Size {
        self.0.size(message)
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
    for text in params {
        for clock in CLOCKS {
            for (replicate, sources, loss) in [(0, 1, 0.0), (1, 3, 0.2), (2, 150, 0.0)] {
                let settings = format!(
                    "{clock} nodes.count=150 workload.sources={sources} workload.at=2s \
                     network.loss={loss} stop.all_informed=false stop.rounds=25"
                );
                let setup = cell(&settings).setup;
                let seeds = Seeds {
                    master: 17,
                    replicate,
                    cell: String::new(),
                };
                let protocol = || {
                    let params = toml::from_str(text).expect("parameters");
                    P::new(params, &setup.world()).expect("a protocol")
                };
                let hinted = run(&protocol(), &setup, &seeds);
                let hintless = run(&Hintless(protocol()), &setup, &seeds);
                assert!(hinted.totals.delivered > 0);
                assert_eq!(hinted, hintless, "{text}, {settings}");
            }
        }
    }
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
