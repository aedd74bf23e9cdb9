//! What a run carries from event to event, nodes and messages apart.

use super::{MessageBytes, Setup, Sources};
use crate::metrics::{
    Arrivals, Observed, Observer, OnTheWay, Passage, Point, Run, RunDigest, Totals,
};
use crate::network::paths::{PathCounts, Paths};
use crate::network::{Drawn, Loss, Peers};
use crate::node::NodeId;
use crate::protocol::{Protocol, Size};
use crate::random::{Distinct, Seeds, Stream, StreamName};
use crate::stop::{Stop, StoppedBy};
use crate::time::{Duration, Time};
use std::borrow::Cow;

/// A message on its way.
#[derive(Clone, Copy)]
pub struct Delivery<Message> {
    pub to: NodeId,
    pub from: NodeId,
    /// Begun by the sender's own tick?
    pub call: bool,
    pub message: Message,
}

impl<Message> Delivery<Message> {
    /// What an observer sees of it.
    #[inline(always)]
    pub fn passage(&self, tally: &Tally, size: Size) -> Passage {
        Passage {
            at: tally.now,
            from: self.from,
            to: self.to,
            call: self.call,
            updates: size.updates,
            bytes: tally.weights.of(size),
        }
    }
}

/// What changes with every message. A loop keeps it in a value of its own, where
/// the compiler can hold it in registers, and puts it back when it pauses.
#[derive(Clone, Copy)]
pub struct Tally {
    pub now: Time,
    pub ticks: u64,
    /// Events and bytes are filled in at the end.
    pub totals: Totals,
    pub extra_bytes: u64,
    pub digest: RunDigest,
    /// The peers of the tick that acts.
    pub drawn: Drawn,
    /// Messages that pass before the next lost one.
    pub passing: u64,
    pub weights: MessageBytes,
}

/// The stops that any event may meet, for a loop to keep in a value of its own.
#[derive(Clone, Copy)]
pub struct Ends {
    /// So many informed nodes; more than there are, if no number ends the run.
    informed: u64,
    quiescent: bool,
    events: u64,
}

impl Ends {
    pub fn new(stop: &Stop, nodes: u32) -> Ends {
        Ends {
            informed: stop.goal(nodes).map_or(u64::MAX, u64::from),
            quiescent: stop.quiescent,
            events: stop.max_events.unwrap_or(u64::MAX),
        }
    }
}

/// Dice, peers and metrics of a run.
pub struct State<'a, O> {
    pub setup: &'a Setup,
    pub tally: Tally,
    pub peers: Peers,
    pub dice: Stream,
    pub network: Stream,
    loss: Loss,
    /// Only where more than a latency and a loss is asked for: losses and
    /// lengths are theirs then.
    pub paths: Option<Box<Paths<'a>>>,
    pub arrivals: Arrivals,
    pub observer: O,
    /// What the protocol counts itself, by the column's name.
    pub own: Vec<(Cow<'static, str>, u64)>,
}

impl<'a, O: Observer> State<'a, O> {
    pub fn new<P: Protocol>(setup: &'a Setup, seeds: &Seeds, observer: O) -> State<'a, O> {
        let graph = setup.network.graph(setup.nodes, seeds);
        let mut network = seeds.stream(StreamName::Network);
        let loss = Loss::new(setup.network.loss);
        let passing = loss.gap(&mut network);
        let laws = (&setup.network.latency, loss, passing);
        let law = &setup.network.paths;
        let paths = || Box::new(Paths::new(law, laws, setup.nodes, seeds));
        let written_at = Time::ZERO.after(setup.workload.at);
        State {
            setup,
            tally: Tally {
                now: Time::ZERO,
                ticks: 0,
                totals: Totals::default(),
                extra_bytes: 0,
                digest: RunDigest::default(),
                drawn: Drawn::default(),
                passing,
                weights: setup.messages,
            },
            peers: Peers::new(graph, setup.sampling),
            dice: seeds.stream(StreamName::Protocol),
            network,
            loss,
            paths: (!law.is_plain()).then(paths),
            arrivals: Arrivals::new(setup.nodes, written_at, &setup.measure.thresholds),
            observer,
            own: P::columns()
                .iter()
                .map(|own| (Cow::Borrowed(own.name), 0))
                .collect(),
        }
    }

    /// Counts a message that is sent; true if the network loses it.
    #[inline]
    pub fn sends(&mut self, tally: &mut Tally, size: Size, calls_by_informed: u64) -> bool {
        tally.sends(size, calls_by_informed);
        if tally.passing > 0 {
            tally.passing -= 1;
            return false;
        }
        tally.passing = self.loss.gap(&mut self.network);
        tally.loses(size);
        true
    }

    /// Notes a message that arrives (the loop counts them).
    #[inline]
    pub fn arrives<M>(&mut self, tally: &mut Tally, delivery: &Delivery<M>, size: Size) {
        self.observer.arrived(&delivery.passage(tally, size));
        tally.totals.updates_ended += u64::from(size.updates);
        let bytes = tally.weights.of(size);
        let Delivery { to, from, call, .. } = *delivery;
        tally.digest.delivery(tally.now, to, from, call, bytes);
    }

    /// Tells whom calls contact.
    #[inline(always)]
    pub fn contact<M>(&mut self, deliveries: &[Delivery<M>]) {
        let contacts = |d: &&Delivery<M>| d.call && d.to != d.from;
        let nodes = deliveries.iter().filter(contacts).map(|d| d.to);
        self.observer.contacted(nodes);
    }

    /// The nodes that are sources.
    pub fn sources(&self, seeds: &Seeds) -> Vec<NodeId> {
        match &self.setup.workload.sources {
            Sources::Nodes(nodes) => nodes.clone(),
            Sources::Count(count) => {
                let mut stream = seeds.stream(StreamName::Placement);
                let mut drawn = Vec::new();
                Distinct::default().draw(&mut stream, *count, self.setup.nodes, &mut drawn);
                drawn.into_iter().map(NodeId).collect()
            }
        }
    }

    /// Is one of these met?
    #[inline]
    pub fn is_over(&self, ends: &Ends, tally: &Tally) -> bool {
        let informed = self.arrivals.informed();
        u64::from(informed) >= ends.informed
            || (ends.quiescent && tally.totals.is_quiescent(informed))
            || tally.events() >= ends.events
    }

    /// The stop that is met now, the first of the list.
    pub fn stopped_by(&self) -> Option<StoppedBy> {
        let mut all = StoppedBy::ALL.iter().copied();
        all.find(|stop| self.meets(*stop))
    }

    fn meets(&self, by: StoppedBy) -> bool {
        let (setup, tally) = (self.setup, &self.tally);
        let stop = &setup.stop;
        let informed = self.arrivals.informed();
        let elapsed = tally.now.since(Time::ZERO);
        match by {
            StoppedBy::AllInformed | StoppedBy::Coverage | StoppedBy::Majority => {
                let goal = stop.goal_of(by, setup.nodes);
                goal.is_some_and(|goal| informed >= goal)
            }
            StoppedBy::Quiescent => stop.quiescent && tally.totals.is_quiescent(informed),
            StoppedBy::Rounds => {
                let rounds = elapsed.0 / setup.period.0;
                stop.rounds.is_some_and(|most| rounds >= most)
            }
            // Where the range of time is used up, the run ends, as where only
            // max_events is to stop it.
            StoppedBy::Time => {
                tally.now == Time::NEVER || stop.time.is_some_and(|most| elapsed >= most)
            }
            StoppedBy::MaxEvents => stop.max_events.is_some_and(|most| tally.events() >= most),
        }
    }

    /// The next point of the series' grid.
    pub fn sample(&mut self) {
        let point = self.point();
        self.observer.sampled(point);
    }

    fn point(&self) -> Point {
        Point {
            time: self.tally.now,
            informed: self.arrivals.informed(),
            sent: self.tally.totals.sent,
        }
    }

    /// The run's numbers.
    pub fn finish(self, stopped_by: StoppedBy, in_flight: u64) -> Run {
        let end = self.point();
        let paths: Option<PathCounts> = self.paths.as_ref().map(|paths| paths.counts());
        let mut totals = self.tally;
        // Copies that the network made were never sent.
        totals.totals.updates -= paths.map_or(0, |paths| paths.updates_duplicated);
        let totals = totals.totals();
        let mut digest = self.tally.digest;
        digest.close(&totals, &self.arrivals);
        let Observed {
            contacts,
            series,
            hops,
        } = self.observer.finish(end);
        Run {
            nodes: self.setup.nodes,
            period: self.setup.period,
            arrivals: self.arrivals.finish(),
            totals,
            own: self.own,
            in_flight,
            on_the_way: paths.map(on_the_way),
            contacts,
            series,
            hops,
            ended: Duration(self.tally.now.0),
            stopped_by,
            digest,
        }
    }
}

fn on_the_way(counts: PathCounts) -> OnTheWay {
    let PathCounts {
        lost: [lost_loss, lost_cut, lost_queue],
        duplicated,
        updates_duplicated: _, // taken off the updates sent
        delays,
    } = counts;
    OnTheWay {
        lost_loss,
        lost_cut,
        lost_queue,
        duplicated,
        queued: delays.count,
        queued_ns: delays.sum,
        queued_max: delays.max,
    }
}

impl Tally {
    /// A message is sent.
    #[inline(always)]
    pub fn sends(&mut self, size: Size, calls_by_informed: u64) {
        self.totals.sent += 1;
        self.totals.updates += u64::from(size.updates);
        self.extra_bytes += u64::from(size.extra_bytes);
        self.totals.calls_by_informed += calls_by_informed;
    }

    /// A message is lost.
    #[inline(always)]
    pub fn loses(&mut self, size: Size) {
        self.totals.lost += 1;
        self.totals.updates_ended += u64::from(size.updates);
    }

    /// Ticks and deliveries so far.
    #[inline]
    pub fn events(&self) -> u64 {
        self.ticks + self.totals.delivered
    }

    /// The totals, complete. Huge payloads may reach the end of the range of
    /// bytes, long before time does.
    fn totals(&self) -> Totals {
        let header = u128::from(self.totals.sent) * u128::from(self.weights.header);
        let updates = u128::from(self.totals.updates) * u128::from(self.weights.payload);
        let bytes = header + updates + u128::from(self.extra_bytes);
        Totals {
            events: self.events(),
            bytes: u64::try_from(bytes).unwrap_or(u64::MAX),
            ..self.totals
        }
    }
}
