//! Continuous time: ticks from their lane, deliveries from the queue, the
//! earlier first; at the same instant ticks come first.
//!
//! Between two *boundaries* (the end of a window, the write, a point of the
//! series, the end of the run) nothing but ticks and deliveries happens, so the
//! inner loop asks only for the next of them. What is due at a boundary's
//! instant happens after it.

use super::context::{Carrier, Nodes, shares};
use super::queue::Queue;
use super::state::{Delivery, Ends, State};
use super::ticks::Ticks;
use super::{Setup, Space};
use crate::metrics::{Observer, Run};
use crate::network::Latency;
use crate::protocol::Protocol;
use crate::random::{Seeds, Stream, StreamName};
use crate::stop::StoppedBy;
use crate::time::{Duration, Time};

/// Messages under way.
struct UnderWay<'s, Message> {
    latency: &'s Latency,
    queue: Queue<Delivery<Message>>,
}

impl<Message: Copy> Carrier<Message> for UnderWay<'_, Message> {
    #[inline(always)]
    fn carry(&mut self, now: Time, delivery: Delivery<Message>, network: &mut Stream) -> bool {
        let due = now.after(self.latency.draw(network));
        self.queue.push(due, delivery);
        due < Time::NEVER
    }
}

type All<'s, P, O> = Nodes<'s, P, UnderWay<'s, <P as Protocol>::Message>, O>;

pub fn run<P: Protocol, O: Observer>(
    space: &mut Space<P>,
    protocol: &P,
    setup: &Setup,
    seeds: &Seeds,
    observer: O,
) -> Run {
    let state = State::new::<P>(setup, seeds, observer);
    let sources = state.sources(seeds);
    let load = 2.0 * f64::from(setup.nodes) / setup.period.0 as f64;
    let queue = match space.queue.take() {
        Some(mut queue) => {
            queue.reset(load);
            queue
        }
        None => Queue::new(load),
    };
    let under_way = UnderWay {
        latency: &setup.network.latency,
        queue,
    };
    let clock = seeds.stream(StreamName::Clock);
    let mut ticks = Ticks::new(setup.clock, setup.nodes, setup.period, clock);
    let held = std::mem::take(&mut space.nodes);
    let shared = std::mem::take(&mut space.shared);
    let mut nodes = Nodes::new(held, shared, protocol, state, under_way);
    let mut boundaries = Boundaries::new(setup);
    let stopped_by = loop {
        let due = boundaries.next();
        if run_until(&mut nodes, &mut ticks, due.at) {
            // Nothing else than events ends a run between boundaries.
            break nodes.state.stopped_by().unwrap_or(StoppedBy::MaxEvents);
        }
        nodes.state.tally.now = due.at;
        let informed = nodes.state.arrivals.informed();
        nodes.state.observer.came_to(due.at, informed);
        if due.window {
            nodes.state.observer.window_over();
        }
        if due.write {
            nodes.write(&sources);
        }
        if due.sample {
            nodes.state.sample();
        }
        if let Some(reason) = nodes.state.stopped_by() {
            break reason;
        }
    };
    let in_flight = nodes.carrier.queue.len();
    if shares::<P>() {
        let mut queue = nodes.carrier.queue;
        while queue.next_before(Time::NEVER) < Time::NEVER
            && let Some(delivery) = queue.pop()
        {
            protocol.release(&delivery.message, &mut nodes.shared);
        }
        nodes.carrier.queue = queue;
    }
    space.nodes = nodes.nodes;
    space.shared = nodes.shared;
    space.queue = Some(nodes.carrier.queue);
    nodes.state.finish(stopped_by, in_flight)
}

/// All that is due before `limit`; true if it ended the run.
fn run_until<P: Protocol, O: Observer>(
    nodes: &mut All<P, O>,
    ticks: &mut Ticks,
    limit: Time,
) -> bool {
    let setup = nodes.state.setup;
    let ends = Ends::new(&setup.stop, setup.nodes);
    let mut tally = nodes.state.tally;
    let ended = loop {
        let tick_at = ticks.next_at();
        let delivery_at = nodes.carrier.queue.next_before(tick_at.min(limit));
        if delivery_at == Time::NEVER {
            if tick_at >= limit {
                break false;
            }
            tally.now = tick_at;
            tally.ticks += 1;
            let node = ticks.take();
            if !nodes.is_idle(node) {
                let informed = nodes.state.arrivals.is_informed(node);
                nodes.tick(node, u64::from(informed), &mut tally);
            }
        } else if let Some(mut delivery) = nodes.carrier.queue.pop() {
            tally.now = delivery_at;
            tally.totals.delivered += 1;
            nodes.arrive(&delivery, &mut tally);
            nodes.state.contact(std::slice::from_ref(&delivery));
            nodes.admit(&mut delivery);
            nodes.answer(&mut delivery, &mut tally);
            nodes.merge(&delivery, &mut tally);
        }
        if nodes.state.is_over(&ends, &tally) {
            break true;
        }
    };
    nodes.state.tally = tally;
    ended
}

/// What is due at a boundary.
struct Due {
    at: Time,
    window: bool,
    write: bool,
    sample: bool,
}

struct Boundaries {
    period: Duration,
    window: Time,
    write: Time,
    sample: Time,
    samples: u64,
    end: Time,
}

impl Boundaries {
    fn new(setup: &Setup) -> Boundaries {
        let after = |length: Option<Duration>| length.map_or(Time::NEVER, |l| Time::ZERO.after(l));
        let time = after(setup.stop.time);
        let rounds = setup.stop.rounds;
        let rounds = rounds.map_or(Time::NEVER, |r| after(setup.period.times(r)));
        let measure = &setup.measure;
        let if_asked = |asked: bool, at: Time| if asked { at } else { Time::NEVER };
        Boundaries {
            period: setup.period,
            window: if_asked(measure.contact, Time::ZERO.after(setup.period)),
            write: Time::ZERO.after(setup.workload.at),
            sample: if_asked(measure.series, Time::ZERO),
            samples: 0,
            end: rounds.min(time),
        }
    }

    fn next(&mut self) -> Due {
        let at = self.window.min(self.write).min(self.sample).min(self.end);
        // Where time ends, the run ends, and nothing else is due.
        let is_due = |other: Time| at == other && at < Time::NEVER;
        let due = Due {
            at,
            window: is_due(self.window),
            write: is_due(self.write),
            sample: is_due(self.sample),
        };
        if due.window {
            self.window = self.window.after(self.period);
        }
        if due.write {
            self.write = Time::NEVER;
        }
        if due.sample {
            self.samples += 1;
            let quarters = u128::from(self.samples) * u128::from(self.period.0) / 4;
            self.sample = Time(u64::try_from(quarters).unwrap_or(u64::MAX));
        }
        due
    }
}
