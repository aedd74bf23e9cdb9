//! Continuous time: ticks from their lane, deliveries from the queue, the
//! earlier first; at the same instant ticks come first.
//!
//! Between two *boundaries* (the end of a window, the write, a point of the
//! series, the end of the run) nothing but ticks and deliveries happens, so the
//! inner loop asks only for the next of them. What is due at a boundary's
//! instant happens after it.

use super::context::{Carrier, Nodes, shares};
use super::queue::Queue;
use super::state::{Delivery, Ends, State, Tally};
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
    /// Those that their receivers' downlinks take in, by when they are through.
    inside: Option<Queue<Delivery<Message>>>,
}

impl<Message: Copy> Carrier<Message> for UnderWay<'_, Message> {
    #[inline(always)]
    fn carry(&mut self, now: Time, delivery: Delivery<Message>, network: &mut Stream) -> bool {
        let due = now.after(self.latency.draw(network));
        self.carry_until(due, delivery)
    }

    #[inline(always)]
    fn carry_until(&mut self, at: Time, delivery: Delivery<Message>) -> bool {
        self.queue.push(at, delivery);
        at < Time::NEVER
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
    let has_doors = state.paths.as_ref().is_some_and(|paths| paths.has_doors());
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
        inside: has_doors.then(|| Queue::new(load)),
    };
    let clock = seeds.stream(StreamName::Clock);
    let mut ticks = Ticks::new(setup.clock, setup.nodes, setup.period, clock);
    let held = std::mem::take(&mut space.nodes);
    let shared = std::mem::take(&mut space.shared);
    let mut nodes = Nodes::new(held, shared, protocol, state, under_way);
    let mut boundaries = Boundaries::new(setup);
    let stopped_by = loop {
        let due = boundaries.next();
        let ended = match has_doors {
            true => run_until_by_doors(&mut nodes, &mut ticks, due.at),
            false => run_until(&mut nodes, &mut ticks, due.at),
        };
        if ended {
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
    let in_flight = let_go(&mut nodes);
    space.nodes = nodes.nodes;
    space.shared = nodes.shared;
    space.queue = Some(nodes.carrier.queue);
    nodes.state.finish(stopped_by, in_flight)
}

/// Lets go of what is still under way; says how many messages that is.
fn let_go<P: Protocol, O: Observer>(nodes: &mut All<P, O>) -> u64 {
    let protocol = nodes.protocol;
    let mut inside = nodes.carrier.inside.take();
    let in_flight = nodes.carrier.queue.len() + inside.as_ref().map_or(0, Queue::len);
    if shares::<P>() {
        let queues = [Some(&mut nodes.carrier.queue), inside.as_mut()];
        for queue in queues.into_iter().flatten() {
            while queue.next_before(Time::NEVER) < Time::NEVER
                && let Some(delivery) = queue.pop()
            {
                protocol.release(&delivery.message, &mut nodes.shared);
            }
        }
    }
    in_flight
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

/// The same where messages pass a downlink at their receivers' doors: what is
/// through comes before what reaches a door at that instant.
///
/// A second loop: what both call, a compiler would put into neither. So the protocols'
/// `tick` and `answer` and the queue's `next_before` ask to be, which takes a run of W1
/// from 1.19 to 1.05 of the instructions that it took with one loop.
#[cold]
#[inline(never)]
fn run_until_by_doors<P: Protocol, O: Observer>(
    nodes: &mut All<P, O>,
    ticks: &mut Ticks,
    limit: Time,
) -> bool {
    let setup = nodes.state.setup;
    let ends = Ends::new(&setup.stop, setup.nodes);
    let mut tally = nodes.state.tally;
    let ended = loop {
        let tick_at = ticks.next_at();
        let before = tick_at.min(limit);
        let inside = nodes.carrier.inside.as_mut();
        let through_at = inside.map_or(Time::NEVER, |inside| inside.next_before(before));
        let door_at = nodes.carrier.queue.next_before(before.min(through_at));
        if door_at < Time::NEVER {
            if let Some(delivery) = nodes.carrier.queue.pop() {
                reach_door(nodes, delivery, door_at, &mut tally);
            }
        } else if through_at < Time::NEVER {
            let inside = nodes.carrier.inside.as_mut();
            if let Some(delivery) = inside.and_then(Queue::pop) {
                tally.now = through_at;
                deliver(nodes, delivery, &mut tally);
            }
        } else if tick_at >= limit {
            break false;
        } else {
            tally.now = tick_at;
            tally.ticks += 1;
            let node = ticks.take();
            if !nodes.is_idle(node) {
                let informed = nodes.state.arrivals.is_informed(node);
                nodes.tick(node, u64::from(informed), &mut tally);
            }
        }
        if nodes.state.is_over(&ends, &tally) {
            break true;
        }
    };
    nodes.state.tally = tally;
    ended
}

/// A message reaches its receiver's door.
fn reach_door<P: Protocol, O: Observer>(
    nodes: &mut All<P, O>,
    delivery: Delivery<P::Message>,
    at: Time,
    tally: &mut Tally,
) {
    tally.now = at;
    match (nodes.enter(&delivery, at, tally), &mut nodes.carrier.inside) {
        (Some(through), Some(inside)) if through > at => {
            inside.push(through, delivery);
            if through == Time::NEVER {
                // Under way for ever: no copy that anybody will see.
                nodes.release(&delivery.message);
            }
        }
        (Some(_), _) => deliver(nodes, delivery, tally),
        (None, _) => {}
    }
}

/// What a message that is delivered does.
fn deliver<P: Protocol, O: Observer>(
    nodes: &mut All<P, O>,
    mut delivery: Delivery<P::Message>,
    tally: &mut Tally,
) {
    tally.totals.delivered += 1;
    nodes.arrive(&delivery, tally);
    nodes.state.contact(std::slice::from_ref(&delivery));
    nodes.admit(&mut delivery);
    nodes.answer(&mut delivery, tally);
    nodes.merge(&delivery, tally);
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
