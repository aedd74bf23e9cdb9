//! What a protocol is and what it may do; then one file per protocol.
//!
//! A protocol is a state machine without I/O: it is told what happened at a
//! node and answers by effects on a [`Context`].
//!
//! Invariant: a protocol never sees the queue, the latency, another node's
//! state, the global clock, or a generator other than the one it is handed.

mod fanout;
mod infect_and_die;
mod pull;
mod push;
mod push_pull;
mod recording;
mod rumor_mongering;
mod spreading;

pub use crate::column::{Better, OwnColumn};
pub use fanout::Fanout;
pub use infect_and_die::InfectAndDie;
pub use pull::Pull;
pub use push::Push;
pub use push_pull::PushPull;
pub use recording::Recording;
pub use rumor_mongering::RumorMongering;
pub use spreading::{Exchange, Interest, Spreading, Stopping};

use crate::choices;
use crate::invalid::Invalid;
use crate::node::NodeId;
use crate::random::Stream;
use crate::time::{Duration, Time};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a protocol may know of the world before it starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct World {
    /// How many nodes there are.
    pub nodes: u32,
}

/// The n-th write of a run, from 0: something that a node can learn. One rumor,
/// so far.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Update(pub u32);

/// The one rumor that a run spreads.
pub const RUMOR: Update = Update(0);

/// What a message weighs: `header + updates * payload + extra` bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Size {
    /// Updates carried.
    pub updates: u32,
    /// Bytes beyond the header and the updates.
    pub extra_bytes: u32,
}

impl Size {
    /// A message that carries this many updates and nothing else.
    pub const fn updates(updates: u32) -> Size {
        Size {
            updates,
            extra_bytes: 0,
        }
    }
}

choices! {
    /// Who calls in a cycle.
    pub enum Callers {
        /// Only those whose call can help: the literature's model (default).
        Useful = "useful" (default),
        /// Every node in every cycle: what deployed systems do.
        Always = "always",
    }
}

/// What can bring a node that spreads the rumor to stop ([`Context::removed`]).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Removal {
    /// Anything.
    #[default]
    Anyhow,
    /// Only messages that reach it.
    ByMessages,
    /// Nothing.
    Never,
}

/// What theory, and common rounds with [`Protocol::one_way`], may assume about a
/// protocol's calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Calling {
    /// Peers drawn per cycle; `None` where the word does not fit.
    pub fanout: Option<Fanout>,
    /// Does every node, in every cycle, call each of the peers it draws once?
    pub everybody: bool,
    /// Messages that a call can bring about, itself included: what a run may
    /// take is estimated from it. 2, a call and its reply, if you don't say.
    pub messages: u32,
    /// What makes a node stop. Anything, if you don't say.
    pub removal: Removal,
    /// Which model of theory it is. None, if you don't say.
    pub spreading: Spreading,
}

impl Default for Calling {
    fn default() -> Calling {
        Calling {
            fanout: None,
            everybody: false,
            messages: 2,
            removal: Removal::default(),
            spreading: Spreading::default(),
        }
    }
}

/// A gossip protocol: its parameters, made ready for a world.
///
/// For each message that arrives, the engine calls [`Protocol::answer`] and
/// then [`Protocol::merge`]: at once under the periodic and Poisson clocks;
/// under the synchronous clock all answers of a round come before all its
/// merges, so that every decision rests on the state at the round's beginning.
pub trait Protocol: Sized + Send + Sync + 'static {
    /// The `[protocol]` table of a scenario less `kind`, `period`, `sampling`.
    type Params: DeserializeOwned + Serialize;
    /// What a node remembers. Small: there is a flat array of them.
    type Node: Send;
    /// What travels. Small: it is copied into the queue. What is large lies in
    /// [`Protocol::Shared`], and the message says where.
    type Message: Copy + Send;
    /// Memory of one run that all its nodes share: what messages carry by
    /// reference, and facts that never change once written. `()` if there is
    /// nothing. Not what a node knows: that stays in [`Protocol::Node`], or
    /// [`Protocol::answer`] protects nothing.
    type Shared: Default + Send;

    /// From checked parameters.
    ///
    /// # Errors
    /// Names the key that cannot be, relative to `[protocol]`.
    fn new(params: Self::Params, world: &World) -> Result<Self, Invalid>;

    /// A node at the start, which knows nothing.
    fn node(&self) -> Self::Node;

    /// Makes the shared memory of an earlier run, of maybe other parameters, fit
    /// for a new one. A fresh one, if you don't say: clear it in place to use its
    /// memory again.
    fn begin(&self, shared: &mut Self::Shared) {
        *shared = Self::Shared::default();
    }

    /// A further copy of the message sets out, beside the one that was handed to
    /// [`Context::call`]. Not asked where [`Protocol::Shared`] takes no memory;
    /// neither is [`Protocol::release`].
    #[inline]
    fn retain(&self, _message: &Self::Message, _shared: &mut Self::Shared) {}

    /// A copy of the message is no more: exactly once for each that was sent or
    /// [retained](Protocol::retain), be it lost, merged, passed over since it
    /// [brings nothing](Protocol::brings_nothing), handed to a call that finds no
    /// peer, or under way when the run ends. What handlers noted in it is there.
    #[inline]
    fn release(&self, _message: &Self::Message, _shared: &mut Self::Shared) {}

    /// The protocol's own numbers, each counted over a run by [`Context::count`] and
    /// a column of `runs.csv`. None, if you don't say. A protocol around another
    /// appends its own.
    fn columns() -> Vec<OwnColumn> {
        Vec::new()
    }

    /// What theory may assume; nothing, if you don't say.
    fn calling(&self) -> Calling {
        Calling::default()
    }

    /// A hint: a tick of this node would do nothing and draw nothing.
    #[inline]
    fn idle(&self, _me: &Self::Node) -> bool {
        false
    }

    /// The workload wrote here: this node is a source.
    fn write(&self, me: &mut Self::Node, cx: &mut impl Context<Self>);

    /// The cycle that the clock drives (the active thread of the literature).
    fn tick(&self, me: &mut Self::Node, cx: &mut impl Context<Self>);

    /// Does it matter in which order messages arrive that travel at the same
    /// time? Under the synchronous clock they are then answered in random order,
    /// not in that of sending, in which small ids come first.
    #[inline]
    fn order_matters(&self) -> bool {
        false
    }

    /// A message is at the door, right before its answer: may count what arrives
    /// in the node's cycle and note in the message that it is turned away. Must
    /// leave alone what answers rest on. Nothing, if you don't say.
    #[inline]
    fn admit(&self, _me: &mut Self::Node, _message: &mut Self::Message) {}

    /// Decides from the state held *before* this message: reply, forward, say
    /// whether it was needed. Cannot change the node, but may note its verdict
    /// in the message for [`Protocol::merge`].
    ///
    /// Under the synchronous clock the messages sent here are answered in the
    /// same round, before any merge: if each answer brings another, or every node
    /// forwards until it is informed, the round never ends.
    fn answer(
        &self,
        me: &Self::Node,
        from: NodeId,
        message: &mut Self::Message,
        cx: &mut impl Context<Self>,
    );

    /// Merges what the message brings.
    fn merge(
        &self,
        me: &mut Self::Node,
        from: NodeId,
        message: Self::Message,
        cx: &mut impl Context<Self>,
    );

    /// A hint: merging this message would do nothing and draw nothing, now and
    /// after any other merge.
    #[inline]
    fn brings_nothing(&self, _me: &Self::Node, _message: &Self::Message) -> bool {
        false
    }

    /// A hint: messages go one way. Common rounds in which a node calls one of all
    /// others (more than 8), and few calls are lost, then take less time. To be true:
    ///
    /// - A tick does nothing, or one [`Context::call`] with the fanout of
    ///   [`Protocol::calling`] (and what it likes with its own node).
    /// - An answer tells at most whether the message was
    ///   [needed](Context::received), and a merge at most that it was
    ///   [learned](Context::learned).
    /// - Nothing is shared, there are no [own columns](Protocol::columns), nothing draws or throws dice or asks for the period,
    ///   nobody is [removed](Context::removed), and
    ///   [`Protocol::admit`] does nothing: it is not asked.
    ///
    /// Whatever else a handler does then, but for `admit`, is refused by a panic.
    #[inline]
    fn one_way(&self) -> bool {
        false
    }

    /// What the message weighs.
    fn size(&self, message: &Self::Message) -> Size;
}

/// What a node of the protocol `P` can do to the world.
pub trait Context<P: Protocol> {
    /// Who I am.
    fn me(&self) -> NodeId;

    /// My clock.
    fn time(&self) -> Time;

    /// The length of a cycle.
    fn period(&self) -> Duration;

    /// The memory that all nodes of the run share.
    fn shared(&mut self) -> &mut P::Shared;

    /// Draws peers by the scenario's sampling, afresh; returns how many there
    /// are. A draw of oneself is spent: it is not among them.
    fn draw(&mut self, fanout: Fanout) -> u32;

    /// The `i`-th peer of the last draw, from 0.
    ///
    /// # Panics
    /// If the last draw gave no more than `i`.
    fn peer(&self, i: u32) -> NodeId;

    /// Draws peers and sends the message to each of them. What an earlier
    /// [`Context::draw`] gave is forgotten: draw and send by hand where you want to
    /// know whom you call.
    fn call(&mut self, fanout: Fanout, message: P::Message);

    /// Sends a message. From `tick` it is a *call*. Under the synchronous clock
    /// what `write` and `merge` send travels in the next round.
    fn send(&mut self, to: NodeId, message: P::Message);

    /// This node now holds the update.
    fn learned(&mut self, update: Update);

    /// This node, which holds the update, spreads it no longer (it is *removed*).
    /// At most once a node.
    fn removed(&mut self, update: Update);

    /// A copy of the update arrived; was it needed, or redundant?
    fn received(&mut self, update: Update, needed: bool);

    /// Counts so many more in a column of the protocol's own, by its place among
    /// [`Protocol::columns`], from 0.
    ///
    /// # Panics
    /// If there is no such column.
    fn count(&mut self, column: usize, number: u64);

    /// The protocol's own dice.
    fn random(&mut self) -> &mut Stream;
}
