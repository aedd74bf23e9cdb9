//! What a run carries from event to event, nodes and messages apart.

use super::{Setup, Sources};
use crate::metrics::{Arrivals, Contacts, Point, Run, RunDigest, Series, StoppedBy, Totals};
use crate::network::{Loss, Peers};
use crate::node::NodeId;
use crate::protocol::Size;
use crate::random::{Distinct, Seeds, Stream, StreamName};
use crate::time::{Duration, Time};

/// A message on its way.
#[derive(Clone, Copy)]
pub struct Delivery<Message> {
    pub to: NodeId,
    pub from: NodeId,
    /// Begun by the sender's own tick?
    pub call: bool,
    pub message: Message,
}

/// Dice, peers and counters of a run.
pub struct State<'a> {
    pub setup: &'a Setup,
    pub now: Time,
    pub peers: Peers,
    pub dice: Stream,
    pub network: Stream,
    loss: Loss,
    pub totals: Totals,
    pub arrivals: Arrivals,
    pub contacts: Option<Contacts>,
    pub digest: RunDigest,
    series: Option<Series>,
}

impl<'a> State<'a> {
    pub fn new(setup: &'a Setup, seeds: &Seeds) -> State<'a> {
        let topology = &setup.network.topology;
        let graph = topology.build(setup.nodes, &mut seeds.stream(StreamName::Topology));
        let mut network = seeds.stream(StreamName::Network);
        let measure = &setup.measure;
        let written_at = Time::ZERO.after(setup.workload.at);
        State {
            setup,
            now: Time::ZERO,
            peers: Peers::new(graph, setup.sampling),
            dice: seeds.stream(StreamName::Protocol),
            loss: Loss::new(setup.network.loss, &mut network),
            network,
            totals: Totals::default(),
            arrivals: Arrivals::new(setup.nodes, written_at, &measure.thresholds),
            contacts: measure
                .contact
                .then(|| Contacts::new(setup.nodes, measure.warm_up)),
            digest: RunDigest::default(),
            series: measure.series.then(Series::default),
        }
    }

    /// Counts a message that is sent; true if the network loses it.
    #[inline]
    pub fn sends(&mut self, size: Size, call_by_informed: bool) -> bool {
        self.totals.sent += 1;
        self.totals.updates += u64::from(size.updates);
        // Huge payloads may reach the end of the range, long before time does.
        self.totals.bytes = self.totals.bytes.saturating_add(self.bytes(size));
        // A branch, not a sum of the bool: see `NodeSet::insert`.
        if call_by_informed {
            self.totals.calls_by_informed += 1;
        }
        if self.loss.strikes(&mut self.network) {
            self.totals.lost += 1;
            self.totals.updates_ended += u64::from(size.updates);
            return true;
        }
        false
    }

    /// Counts a message that arrives.
    #[inline]
    pub fn arrives<M>(&mut self, delivery: &Delivery<M>, size: Size) {
        self.totals.events += 1;
        self.totals.delivered += 1;
        self.totals.updates_ended += u64::from(size.updates);
        let bytes = self.bytes(size);
        let Delivery { to, from, call, .. } = *delivery;
        self.digest.delivery(self.now, to, from, call, bytes);
        if let Some(contacts) = &mut self.contacts
            && call
            && to != from
        {
            contacts.contacted(to);
        }
    }

    #[inline]
    fn bytes(&self, size: Size) -> u64 {
        let messages = self.setup.messages;
        let updates = u64::from(size.updates) * u64::from(messages.payload);
        u64::from(messages.header) + updates + u64::from(size.extra_bytes)
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

    /// What has come of the rumor, if it is to end the run.
    #[inline]
    pub fn stops(&self) -> Option<StoppedBy> {
        let stop = &self.setup.stop;
        if stop.all_informed && self.arrivals.informed() == self.setup.nodes {
            Some(StoppedBy::AllInformed)
        } else if stop.quiescent && self.is_quiescent() {
            Some(StoppedBy::Quiescent)
        } else {
            None
        }
    }

    fn is_quiescent(&self) -> bool {
        let removed = self.totals.removed;
        removed > 0
            && removed == self.arrivals.informed()
            && self.totals.updates == self.totals.updates_ended
    }

    pub fn stops_by_events(&self) -> bool {
        let most = self.setup.stop.max_events;
        most.is_some_and(|most| self.totals.events >= most)
    }

    /// A window of one period is over.
    pub fn close_window(&mut self) {
        if let Some(contacts) = &mut self.contacts {
            contacts.close_window();
        }
    }

    /// The next point of the series' grid.
    pub fn sample(&mut self) {
        let point = self.point();
        if let Some(series) = &mut self.series {
            series.offer(point);
        }
    }

    fn point(&self) -> Point {
        Point {
            time: self.now,
            informed: self.arrivals.informed(),
            sent: self.totals.sent,
        }
    }

    /// The run's numbers.
    pub fn finish(mut self, stopped_by: StoppedBy, in_flight: u64) -> Run {
        let end = self.point();
        self.digest.close(&self.totals, &self.arrivals);
        Run {
            nodes: self.setup.nodes,
            period: self.setup.period,
            arrivals: self.arrivals.finish(),
            totals: self.totals,
            in_flight,
            contacts: self.contacts.map(Contacts::finish),
            series: self.series.map_or(Vec::new(), |series| series.finish(end)),
            ended: Duration(self.now.0),
            stopped_by,
            digest: self.digest,
        }
    }
}
