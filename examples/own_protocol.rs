//! A protocol of your own, beside the built-in ones: rumor mongering that gets tired.
//!
//! An informed node makes `calls` calls, one per cycle, then falls silent ("blind
//! counter" in A. Demers et al., PODC 1987). So the rumor dies out by itself, and
//! the share s of the nodes that never hear it solves s = e^(-calls (1 - s)).
//!
//!     cargo run --release --example own_protocol -- sweep examples/own_protocol.toml

use gossim::invalid::Invalid;
use gossim::node::NodeId;
use gossim::protocol::{Context, Fanout, Protocol, RUMOR, Size, World};
use gossim::registry::Entry;
use serde::{Deserialize, Serialize};

/// The protocol is its `[protocol]` table, less `kind`, `period` and `sampling`.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Tired {
    calls: u32,
}

/// What a node remembers: calls that it still makes; `None` before it is informed.
type Node = Option<u32>;

/// What travels: nothing but the rumor.
#[derive(Clone, Copy)]
struct Rumor;

impl Protocol for Tired {
    type Params = Tired;
    type Node = Node;
    type Message = Rumor;
    type Shared = ();

    fn new(tired: Tired, _: &World) -> Result<Tired, Invalid> {
        match tired.calls {
            0 => Err(Invalid::new("calls", "must be at least 1")),
            _ => Ok(tired),
        }
    }

    fn node(&self) -> Node {
        None
    }

    fn write(&self, me: &mut Node, cx: &mut impl Context<Self>) {
        *me = Some(self.calls);
        cx.learned(RUMOR);
    }

    fn tick(&self, me: &mut Node, cx: &mut impl Context<Self>) {
        if let Some(left @ 1..) = me {
            *left -= 1;
            cx.call(Fanout::Peers(1), Rumor);
        }
    }

    fn answer(&self, me: &Node, _: NodeId, _: &mut Rumor, cx: &mut impl Context<Self>) {
        cx.received(RUMOR, me.is_none());
    }

    fn merge(&self, me: &mut Node, _: NodeId, _: Rumor, cx: &mut impl Context<Self>) {
        if me.is_none() {
            self.write(me, cx);
        }
    }

    fn size(&self, _: &Rumor) -> Size {
        Size::updates(1)
    }
}

fn main() -> std::process::ExitCode {
    gossim::cli::main(&[Entry::of::<Tired>("tired", "push for `calls` cycles")])
}
