//! The event queue: earliest first, and what was put in first among equals.
//!
//! A timing wheel. Time is cut into buckets of one width, a power of two in
//! nanoseconds; a bucket's events lie in blocks of a common pool and are sorted
//! only when their bucket's turn comes. Every step keeps the order of entry among
//! equal times: a bucket is dealt into slices of its time from the last event to
//! the first, which fills each slice from its end, then sorted by insertion; what
//! is too far ahead waits in a list and is dealt out before anything later can
//! overtake it, at each half turn of the wheel; a rebuild reads the buckets in order.
//!
//! The width follows the load: about [`Queue::target`] events a bucket. It is
//! looked at when a bucket that is far too full comes up, which a growing load
//! brings about by itself, and at each half turn; within a factor of
//! [`TOLERANCE`] it is left alone, unless much of what waits is too far ahead.
//!
//! Costs: an event takes 4 bytes more than itself (16 for messages up to 3
//! bytes); a step is O(1), a few nanoseconds; no allocation per event once the
//! pool has grown to its largest size. Empty buckets are skipped 64 at a time.

use crate::time::Time;

/// The order of the queue does not depend on any of these numbers, only its speed.
const EVENTS_PER_BUCKET: u64 = 48;
/// Above [`DENSE`] events per nanosecond the buckets' ends no longer fit the
/// nearest caches: fewer of them then cost less than the longer sort.
const EVENTS_PER_DENSE_BUCKET: u64 = 128;
const DENSE: f64 = 6e-4;
const TOLERANCE: u64 = 4;
const BUCKETS: u64 = 8192;
const BLOCK: usize = 16;
/// Parts of a bucket for the first step of sorting.
const SLICES: usize = 64;
/// Widths are 2^shift ns; times within a bucket fit 32 bits.
const SHIFT_MAX: u32 = 31;
const NO_BUCKET: u64 = u64::MAX;

/// Events that wait for their time: the earliest leaves first, and of those due
/// at the same time the one that was put in first.
///
/// A timing wheel: a step is O(1). It is for loads that go on for a while, in
/// which an event is rarely due much later than the others.
///
/// ```
/// use gossim::engine::Queue;
/// use gossim::time::Time;
///
/// let mut queue = Queue::new(1e-3);
/// queue.push(Time(50), "late");
/// queue.push(Time(20), "early");
/// assert_eq!(queue.next_before(Time(40)), Time(20));
/// assert_eq!(queue.pop(), Some("early"));
/// assert_eq!(queue.next_before(Time(40)), Time::NEVER);
/// ```
pub struct Queue<Event> {
    /// Blocks of `BLOCK` places, for all buckets.
    pool: Vec<Place<Event>>,
    /// The block before it in its bucket, per block.
    before: Vec<u32>,
    free: Vec<u32>,
    /// Bucket `number`, of the times from `number << shift` on, is at
    /// `number % BUCKETS`.
    buckets: Box<[Bucket; BUCKETS as usize]>,
    /// A bit per bucket that is not empty.
    occupied: Vec<u64>,
    /// How many events a bucket should hold.
    target: u64,
    shift: u32,
    /// The wheel holds the buckets from here on.
    first: u64,
    /// The bucket that is being emptied, and its events in order, of which
    /// `next` comes next.
    cursor: u64,
    current: Vec<Place<Event>>,
    next: usize,
    /// When the current bucket begins.
    current_start: u64,
    /// When the next bucket that is not empty begins.
    next_start: u64,
    /// Beyond the last bucket, in order of entry; and the earliest of them.
    far: Vec<(u64, Event)>,
    far_earliest: u64,
    /// For dealing events out again.
    dealt: Vec<(u64, Event)>,
    /// Events that wait, those of the current bucket apart.
    waiting: u64,
    /// Events that became current since `first` moved.
    loaded: u64,
}

/// A waiting event: nanoseconds from the beginning of its bucket.
#[derive(Clone, Copy)]
struct Place<Event> {
    offset: u32,
    event: Event,
}

/// A chain of blocks, all full but the last.
#[derive(Clone, Copy)]
struct Bucket {
    /// The place in the pool behind its last event.
    end: u32,
    count: u32,
}

const EMPTY: Bucket = Bucket { end: 0, count: 0 };

impl<Event: Copy> Queue<Event> {
    /// For a load of about so many events per nanosecond. A wrong guess costs time
    /// until the width of the buckets has followed the load, never the order.
    pub fn new(events_per_nanosecond: f64) -> Queue<Event> {
        let mut queue = Queue {
            pool: Vec::new(),
            before: Vec::new(),
            free: Vec::new(),
            buckets: Box::new([EMPTY; BUCKETS as usize]),
            occupied: vec![0; BUCKETS as usize / 64],
            target: 0,
            shift: 0,
            first: 0,
            cursor: NO_BUCKET,
            current: Vec::new(),
            next: 0,
            current_start: 0,
            next_start: u64::MAX,
            far: Vec::new(),
            far_earliest: u64::MAX,
            dealt: Vec::new(),
            waiting: 0,
            loaded: 0,
        };
        queue.reset(events_per_nanosecond);
        queue
    }

    /// Empties the queue for another run; keeps its memory.
    pub(super) fn reset(&mut self, events_per_nanosecond: f64) {
        self.target = match events_per_nanosecond > DENSE {
            true => EVENTS_PER_DENSE_BUCKET,
            false => EVENTS_PER_BUCKET,
        };
        self.shift = shift_for(self.target as f64 / events_per_nanosecond);
        self.free.clear();
        self.free.extend((0..self.before.len() as u32).rev());
        self.buckets.fill(EMPTY);
        self.occupied.fill(0);
        self.first = 0;
        self.cursor = NO_BUCKET;
        self.current.clear();
        self.next = 0;
        self.current_start = 0;
        self.next_start = u64::MAX;
        self.far.clear();
        self.far_earliest = u64::MAX;
        self.waiting = 0;
        self.loaded = 0;
    }

    /// How many events wait.
    pub(super) fn len(&self) -> u64 {
        self.waiting + (self.current.len() - self.next) as u64
    }

    /// Puts an event in. Its time must not be before the last event taken, nor
    /// before the last horizon for which nothing was due. What is due never is
    /// counted, but not kept.
    #[inline(always)]
    pub fn push(&mut self, time: Time, event: Event) {
        self.waiting += 1;
        if time < Time::NEVER {
            self.place(time.0, event);
        }
    }

    #[inline(always)]
    fn place(&mut self, time: u64, event: Event) {
        let number = time >> self.shift;
        let offset = (time & ((1 << self.shift) - 1)) as u32;
        if number - self.first >= BUCKETS {
            self.far.push((time, event));
            self.far_earliest = self.far_earliest.min(time);
        } else if number == self.cursor {
            self.insert(Place { offset, event });
        } else {
            self.append(number, Place { offset, event });
        }
    }

    /// Into the bucket that is being emptied: behind all that are not later.
    fn insert(&mut self, place: Place<Event>) {
        let count = self.current.len();
        let mut at = count;
        while at > self.next && self.current[at - 1].offset > place.offset {
            at -= 1;
        }
        self.current.insert(at, place);
        self.waiting -= 1;
        if self.is_too_full(count as u64) {
            self.rebuild(self.current_start, self.shift_for_count(count as u64));
        }
    }

    #[inline]
    fn is_too_full(&self, count: u64) -> bool {
        count > self.target * TOLERANCE && self.shift > 0
    }

    fn shift_for_count(&self, count: u64) -> u32 {
        shift_for((1u64 << self.shift) as f64 * self.target as f64 / count as f64)
    }

    #[inline(always)]
    fn append(&mut self, number: u64, place: Place<Event>) {
        let at = (number % BUCKETS) as usize;
        if (self.buckets[at].count as usize).is_multiple_of(BLOCK) {
            self.grow(number, place);
        }
        let bucket = &mut self.buckets[at];
        self.pool[bucket.end as usize] = place;
        bucket.end += 1;
        bucket.count += 1;
    }

    /// A new last block for the bucket.
    fn grow(&mut self, number: u64, filler: Place<Event>) {
        let block = self.free.pop().unwrap_or_else(|| {
            self.pool.resize(self.pool.len() + BLOCK, filler);
            self.before.push(0);
            self.before.len() as u32 - 1
        });
        let at = (number % BUCKETS) as usize;
        let bucket = &mut self.buckets[at];
        self.before[block as usize] = bucket.end.saturating_sub(1) / BLOCK as u32;
        bucket.end = block * BLOCK as u32;
        self.occupied[at / 64] |= 1 << (at % 64);
        self.next_start = self.next_start.min(number << self.shift);
    }

    /// When the next event is due, if before `horizon`; else [`Time::NEVER`].
    #[inline(always)]
    pub fn next_before(&mut self, horizon: Time) -> Time {
        if self.next == self.current.len() && !self.turn_to(horizon.0) {
            return Time::NEVER;
        }
        let time = self.current_start + u64::from(self.current[self.next].offset);
        match time < horizon.0 {
            true => Time(time),
            false => Time::NEVER,
        }
    }

    /// Takes the event out that [`Queue::next_before`] has just given the time of.
    /// What comes out where it gave none is not said.
    #[inline]
    pub fn pop(&mut self) -> Option<Event> {
        let place = self.current.get(self.next)?;
        self.next += 1;
        Some(place.event)
    }

    /// Turns to the next bucket that is not empty, if it begins before `horizon`.
    #[inline]
    fn turn_to(&mut self, horizon: u64) -> bool {
        if self.next_start < horizon {
            self.load();
            return true;
        }
        if self.next_start == u64::MAX && self.far_earliest < horizon {
            self.move_on(self.far_earliest);
            self.load();
            return true;
        }
        false
    }

    fn load(&mut self) {
        let number = self.next_start >> self.shift;
        let count = u64::from(self.buckets[(number % BUCKETS) as usize].count);
        if self.is_too_full(count) {
            self.rebuild(self.next_start, self.shift_for_count(count));
            return self.load();
        }
        if number - self.first >= BUCKETS / 2 {
            self.move_on(self.next_start);
            return self.load();
        }
        self.empty_into_current(number);
        self.waiting -= count;
        self.loaded += count;
    }

    /// Makes the bucket the current one, sorted.
    fn empty_into_current(&mut self, number: u64) {
        self.cursor = number;
        self.current_start = number << self.shift;
        self.next = 0;
        let at = (number % BUCKETS) as usize;
        let bucket = std::mem::replace(&mut self.buckets[at], EMPTY);
        self.occupied[at / 64] &= !(1 << (at % 64));
        self.next_start = self.next_occupied();
        let slice = self.shift.saturating_sub(SLICES.ilog2());
        let slice_of = |place: &Place<Event>| (place.offset >> slice) as usize % SLICES;
        let mut ends = [0u32; SLICES];
        each_block(&self.pool, &self.before, bucket, |_, places| {
            for place in places {
                ends[slice_of(place)] += 1;
            }
        });
        let mut end = 0;
        for count in &mut ends {
            end += *count;
            *count = end;
        }
        let filler = self.pool[bucket.end as usize - 1];
        self.current.resize(bucket.count as usize, filler);
        each_block(&self.pool, &self.before, bucket, |block, places| {
            for place in places.iter().rev() {
                let end = &mut ends[slice_of(place)];
                *end -= 1;
                self.current[*end as usize] = *place;
            }
            self.free.push(block as u32);
        });
        sort_by_insertion(&mut self.current);
    }

    /// When the first bucket behind the current one that is not empty begins.
    fn next_occupied(&self) -> u64 {
        let mut ahead = self.cursor + 1 - self.first;
        while ahead < BUCKETS {
            let number = self.first.wrapping_add(ahead);
            let at = (number % BUCKETS) as usize;
            let bits = self.occupied[at / 64] >> (at % 64);
            if bits != 0 {
                return (number + u64::from(bits.trailing_zeros())) << self.shift;
            }
            ahead += 64 - number % 64;
        }
        u64::MAX
    }

    /// Half a turn is over: the wheel begins at `start` now, and reaches further.
    #[cold]
    fn move_on(&mut self, start: u64) {
        let passed = (start >> self.shift) - self.first;
        let wanted = self.target * passed.min(BUCKETS);
        let sparse = self.loaded * TOLERANCE < wanted;
        // Fuller buckets cost less than dealing out what is far again and again.
        let short = self.far.len() as u64 * 4 > self.loaded && self.loaded < wanted * 3 / 2;
        if (sparse || short) && self.shift < SHIFT_MAX {
            let wider = if sparse { 3 } else { 1 };
            return self.rebuild(start, (self.shift + wider).min(SHIFT_MAX));
        }
        self.first += passed;
        self.loaded = 0;
        self.cursor = NO_BUCKET;
        std::mem::swap(&mut self.far, &mut self.dealt);
        self.deal();
    }

    /// Deals all events out again to buckets of width 2^`shift` from `start` on.
    #[cold]
    fn rebuild(&mut self, start: u64, shift: u32) {
        let mut all = std::mem::take(&mut self.dealt);
        if self.cursor != NO_BUCKET {
            self.gather(&mut all);
            self.waiting += all.len() as u64;
        }
        while self.next_start != u64::MAX {
            self.empty_into_current(self.next_start >> self.shift);
            self.gather(&mut all);
        }
        all.append(&mut self.far);
        self.current.clear();
        self.next = 0;
        self.cursor = NO_BUCKET;
        self.first = start >> shift;
        self.shift = shift;
        self.loaded = 0;
        self.dealt = all;
        self.deal();
    }

    /// Places what is to be dealt.
    fn deal(&mut self) {
        let mut all = std::mem::take(&mut self.dealt);
        self.far_earliest = u64::MAX;
        for (time, event) in all.drain(..) {
            self.place(time, event);
        }
        self.dealt = all;
    }

    /// What is left of the bucket that is being emptied, in order.
    fn gather(&self, all: &mut Vec<(u64, Event)>) {
        let begins = self.current_start;
        let left = self.current[self.next..].iter();
        all.extend(left.map(|place| (begins + u64::from(place.offset), place.event)));
    }
}

/// A bucket's blocks, the last first.
#[inline]
fn each_block<Event>(
    pool: &[Place<Event>],
    before: &[u32],
    bucket: Bucket,
    mut take: impl FnMut(usize, &[Place<Event>]),
) {
    let mut end = bucket.end as usize;
    let mut left = bucket.count as usize;
    while left > 0 {
        let block = (end - 1) / BLOCK;
        take(block, &pool[block * BLOCK..end]);
        left -= end - block * BLOCK;
        end = (before[block] as usize + 1) * BLOCK;
    }
}

/// Stable, and linear where only neighbours are out of order.
#[inline]
fn sort_by_insertion<Event: Copy>(places: &mut [Place<Event>]) {
    for i in 1..places.len() {
        let mut at = i;
        // Swapping copies whole places: a place kept apart meanwhile is stored in
        // parts, which stalls the next load of the whole.
        while at > 0 && places[at - 1].offset > places[at].offset {
            places.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// The power of two next to a width in nanoseconds, as its exponent.
fn shift_for(width: f64) -> u32 {
    let mut shift = 0;
    while shift < SHIFT_MAX && ((1u64 << (shift + 1)) as f64) <= width {
        shift += 1;
    }
    shift
}

#[cfg(test)]
mod tests {
    use super::super::heap::Heap;
    use super::*;
    use proptest::prelude::*;

    /// Does the same to the wheel and to the heap, and compares what leaves.
    struct Both {
        wheel: Queue<u32>,
        heap: Heap<u32>,
        now: u64,
        number: u32,
    }

    impl Both {
        fn new(rate: f64) -> Both {
            Both {
                wheel: Queue::new(rate),
                heap: Heap::default(),
                now: 0,
                number: 0,
            }
        }

        fn push(&mut self, ahead: u64) {
            let time = Time(self.now.saturating_add(ahead));
            self.wheel.push(time, self.number);
            self.heap.push(time, self.number);
            self.number += 1;
            assert_eq!(self.wheel.len(), self.heap.len());
        }

        /// Takes all that is due before now + `ahead`, pushing some more for each.
        fn advance(&mut self, ahead: u64, more: &mut impl FnMut() -> Option<u64>) {
            let horizon = Time(self.now.saturating_add(ahead));
            loop {
                let due = self.wheel.next_before(horizon);
                assert_eq!(due, self.heap.next_before(horizon));
                if due == Time::NEVER {
                    break;
                }
                self.now = due.0;
                assert_eq!(self.wheel.pop(), self.heap.pop());
                if let Some(ahead) = more() {
                    self.push(ahead);
                }
            }
            self.now = horizon.0;
        }
    }

    /// Times ahead of all sizes: same instant, ties, one bucket, many, far.
    fn ahead() -> impl Strategy<Value = u64> {
        prop_oneof![
            Just(0),
            0u64..4,
            0u64..1_000,
            0u64..10_000_000,
            0u64..1_000_000_000_000,
            0u64..u64::MAX / 1_000_000,
        ]
    }

    proptest! {
        #[test]
        fn leaves_like_the_heap(
            rate in prop_oneof![Just(1e-12), Just(1e-6), Just(1e-3), Just(1.0), Just(1e3)],
            operations in prop::collection::vec((prop::collection::vec(ahead(), 0..80), ahead()), 1..40),
        ) {
            let mut both = Both::new(rate);
            for (pushes, advance) in operations {
                pushes.iter().for_each(|ahead| both.push(*ahead));
                let mut again = pushes.into_iter().step_by(3);
                both.advance(advance, &mut || again.next());
            }
            both.advance(u64::MAX, &mut || None);
            prop_assert_eq!(both.wheel.len(), 0);
        }
    }

    /// Load that grows from one event to thousands at the same latency, then
    /// dies out: the width must follow without losing order.
    #[test]
    fn a_growing_load_keeps_its_order() {
        let mut both = Both::new(1e-9);
        let mut state = 1u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % 1_000_000
        };
        both.push(0);
        for round in 0..14 {
            for _ in 0..1 << round {
                both.push(next());
            }
            both.advance(300_000, &mut || None);
        }
        for _ in 0..20_000 {
            both.push(500);
        }
        both.advance(499, &mut || None);
        both.advance(u64::MAX, &mut || None);
        assert_eq!(both.wheel.len(), 0);
    }

    /// A bucket that begins at the very end of time was taken for none, and left
    /// behind by a rebuild, to come up early.
    #[test]
    fn what_is_due_never_does_not_come_early() {
        let mut both = Both::new(1e-3);
        both.push(u64::MAX - (1 << 18));
        both.advance(u64::MAX - (1 << 18) + 1, &mut || None);
        both.push(u64::MAX);
        for ahead in 0..1000 {
            both.push(ahead * 100);
        }
        both.advance(u64::MAX, &mut || None);
        assert_eq!((both.wheel.len(), both.heap.len()), (1, 1));
    }
}
