//! Who looks on while a run goes on: one interface, which does nothing by default.
//!
//! The engine is compiled for its observer, so what one does not ask for costs
//! nothing. What stops and the digest rest on (totals, [`Arrivals`](super::Arrivals))
//! is the engine's own and no observer's.

use super::{Contacts, HopCount, Hops, Measure, Point, Series};
use crate::node::NodeId;
use crate::time::Time;

/// A message that is sent or arrives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Passage {
    /// When.
    pub at: Time,
    /// Its sender.
    pub from: NodeId,
    /// Its receiver.
    pub to: NodeId,
    /// Begun by the sender's own tick?
    pub call: bool,
    /// Updates that it carries.
    pub updates: u32,
    /// What it weighs.
    pub bytes: u64,
}

/// Is told what happens in a run, and changes nothing of it.
pub trait Observer: Sized {
    /// Must it hear of every message and of who told whom? Where messages go one way
    /// the engine has a short cut, in which it hears of contacts alone.
    fn wants_all(&self) -> bool {
        false
    }

    /// A message sets out; or it is lost at once.
    #[inline(always)]
    fn sent(&mut self, _passage: &Passage, _lost: bool) {}

    /// A message is at the door.
    #[inline(always)]
    fn arrived(&mut self, _passage: &Passage) {}

    /// Calls of other nodes reach these.
    #[inline(always)]
    fn contacted(&mut self, _nodes: impl Iterator<Item = NodeId>) {}

    /// A node holds the rumor from now on: by a message of `from`, or since it was
    /// written there or found out by itself.
    #[inline(always)]
    fn learned(&mut self, _node: NodeId, _from: Option<NodeId>, _now: Time) {}

    /// A window of one period is over.
    fn window_over(&mut self) {}

    /// A point of the series' grid.
    fn sampled(&mut self, _point: Point) {}

    /// A few times a period at most: the time, and how many nodes are informed.
    fn came_to(&mut self, _now: Time, _informed: u32) {}

    /// The run is over; `end` is its last state.
    fn finish(self, _end: Point) -> Observed {
        Observed::default()
    }
}

/// Nobody looks on.
impl Observer for () {}

/// What observers add to a run's numbers.
#[derive(Default)]
pub struct Observed {
    /// Contacts counted over whole windows.
    pub contacts: Option<Contacts>,
    /// The informed nodes over time.
    pub series: Vec<Point>,
    /// How many hops the rumor made.
    pub hops: Option<Hops>,
}

/// Is told now and then, a few times a period at most, what time it is in the
/// run and how many nodes are informed.
pub type Watch<'w> = dyn FnMut(Time, u32) + 'w;

/// Measures what a scenario asks for, with somebody watching.
pub struct Measuring<'w> {
    contacts: Option<Contacts>,
    series: Option<Series>,
    hops: Option<HopCount>,
    watch: &'w mut Watch<'w>,
}

impl<'w> Measuring<'w> {
    /// In a run of so many nodes.
    pub fn new(nodes: u32, measure: &Measure, watch: &'w mut Watch<'_>) -> Measuring<'w> {
        Measuring {
            contacts: measure
                .contact
                .then(|| Contacts::new(nodes, measure.warm_up)),
            series: measure.series.then(|| Series::new(nodes)),
            hops: measure.hops.then(|| HopCount::new(nodes)),
            watch,
        }
    }
}

impl Observer for Measuring<'_> {
    fn wants_all(&self) -> bool {
        self.hops.is_some()
    }

    #[inline(always)]
    fn contacted(&mut self, nodes: impl Iterator<Item = NodeId>) {
        if let Some(contacts) = &mut self.contacts {
            nodes.for_each(|node| contacts.contacted(node));
        }
    }

    #[inline(always)]
    fn learned(&mut self, node: NodeId, from: Option<NodeId>, now: Time) {
        if let Some(hops) = &mut self.hops {
            hops.learned(node, from, now);
        }
    }

    fn window_over(&mut self) {
        if let Some(contacts) = &mut self.contacts {
            contacts.close_window();
        }
    }

    fn sampled(&mut self, point: Point) {
        if let Some(series) = &mut self.series {
            series.offer(point);
        }
    }

    fn came_to(&mut self, now: Time, informed: u32) {
        (self.watch)(now, informed);
    }

    fn finish(self, end: Point) -> Observed {
        Observed {
            contacts: self.contacts.map(Contacts::finish),
            series: self.series.map_or(Vec::new(), |series| series.finish(end)),
            hops: self.hops.map(HopCount::finish),
        }
    }
}
