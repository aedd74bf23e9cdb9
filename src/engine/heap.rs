//! The plain event queue that the fast one is held against in tests: a binary
//! heap of (time, sequence, event).

use crate::time::Time;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Events that wait for their time.
pub struct Heap<Event> {
    heap: BinaryHeap<Entry<Event>>,
    sequence: u64,
}

/// One waiting event.
pub struct Entry<Event> {
    time: Time,
    sequence: u64,
    event: Event,
}

impl<Event> Default for Heap<Event> {
    fn default() -> Heap<Event> {
        Heap {
            heap: BinaryHeap::new(),
            sequence: 0,
        }
    }
}

impl<Event> Heap<Event> {
    /// Puts an event in.
    pub fn push(&mut self, time: Time, event: Event) {
        let sequence = self.sequence;
        self.sequence += 1;
        self.heap.push(Entry {
            time,
            sequence,
            event,
        });
    }

    /// When the next event is due, if before `horizon`; else [`Time::NEVER`].
    pub fn next_before(&self, horizon: Time) -> Time {
        let next = self.heap.peek().map(|entry| entry.time);
        next.filter(|time| *time < horizon).unwrap_or(Time::NEVER)
    }

    /// Takes the next event out.
    pub fn pop(&mut self) -> Option<Event> {
        self.heap.pop().map(|entry| entry.event)
    }

    /// How many events wait.
    pub fn len(&self) -> u64 {
        self.heap.len() as u64
    }
}

impl<Event> Ord for Entry<Event> {
    /// The heap gives the greatest first: the earliest, then the first put in.
    fn cmp(&self, other: &Entry<Event>) -> Ordering {
        (other.time, other.sequence).cmp(&(self.time, self.sequence))
    }
}

impl<Event> PartialOrd for Entry<Event> {
    fn partial_cmp(&self, other: &Entry<Event>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<Event> PartialEq for Entry<Event> {
    fn eq(&self, other: &Entry<Event>) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<Event> Eq for Entry<Event> {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against a stable sort, with many ties and pushes between pops.
        #[test]
        fn leaves_in_order_of_time_then_entry(
            operations in prop::collection::vec((0u64..8, prop::bool::ANY), 0..200)
        ) {
            let mut queue = Heap::default();
            let mut waiting: Vec<(u64, usize)> = Vec::new();
            for (number, (time, pop)) in operations.into_iter().enumerate() {
                queue.push(Time(time), number);
                waiting.push((time, number));
                if pop {
                    let least = waiting.iter().min().copied();
                    waiting.retain(|entry| Some(*entry) != least);
                    prop_assert_eq!(queue.next_before(Time::NEVER).0, least.map_or(u64::MAX, |l| l.0));
                    prop_assert_eq!(queue.pop(), least.map(|l| l.1));
                }
                prop_assert_eq!(queue.len(), waiting.len() as u64);
            }
        }
    }
}
