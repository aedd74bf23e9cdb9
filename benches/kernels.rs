//! The yardstick: hand-written kernels that do one work unit and nothing else.
//!
//! W1 (push-pull, fanout 1) and W2 (push, fanout 3): n nodes, complete graph,
//! periodic ticks with random phase, exponential latency of mean 50 ms, loss
//! 1 %, period 1 s, until all are informed. W3: synchronous push, fanout 1.
//! xoshiro256++ (Blackman and Vigna 2019), a ziggurat for the exponential, one
//! bit of state a node, 16-byte packed events (ids of 24 bits) in a pooled
//! timing wheel whose buckets are sorted when their turn comes, a lane for the
//! periodic ticks. No digest, no counters but the events, no generality.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// xoshiro256++.
pub struct Xoshiro([u64; 4]);

impl Xoshiro {
    pub fn new(seed: u64) -> Xoshiro {
        // splitmix64, as its authors advise.
        let mut state = seed;
        Xoshiro(std::array::from_fn(|_| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }))
    }

    #[inline(always)]
    fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    #[inline(always)]
    fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    #[inline(always)]
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

struct Ziggurat {
    x: [f64; 257],
    f: [f64; 257],
}

impl Ziggurat {
    fn new() -> Ziggurat {
        let (edge, area) = (7.697_117_470_131_05, 0.003_949_659_822_581_557);
        let mut x = [0.0; 257];
        x[0] = area / libm::exp(-edge);
        x[1] = edge;
        for i in 2..256 {
            x[i] = -libm::log(area / x[i - 1] + libm::exp(-x[i - 1]));
        }
        Ziggurat {
            x,
            f: x.map(|x| libm::exp(-x)),
        }
    }

    #[inline(always)]
    fn draw(&self, random: &mut Xoshiro) -> f64 {
        loop {
            let bits = random.next();
            let layer = (bits & 0xff) as usize;
            let x = (bits >> 11) as f64 / (1u64 << 53) as f64 * self.x[layer];
            if x < self.x[layer + 1] {
                return x;
            }
            if layer == 0 {
                return self.x[1] - libm::log(1.0 - random.unit());
            }
            let height = self.f[layer + 1] + (self.f[layer] - self.f[layer + 1]) * random.unit();
            if height < libm::exp(-x) {
                return x;
            }
        }
    }
}

const BLOCK: usize = 16;
/// Parts of a bucket for the first step of sorting.
const SLICES: usize = 64;
const PERIOD: u64 = 1_000_000_000;
const MEAN: f64 = 50e6;
/// How far ahead a message may arrive, nearly: 40 means.
const REACH: u64 = 2_000_000_000;
const CALL: u64 = 1 << 48;
const RUMOR: u64 = 1 << 49;
const TICK: u64 = 1 << 50;
const ID: u64 = (1 << 24) - 1;

/// (time, to | from << 24 | flags) in a wheel that reaches [`REACH`] ahead.
/// A bucket's events lie in a chain of blocks, the last first.
struct Wheel {
    pool: Vec<(u64, u64)>,
    /// The block before, per block.
    before: Vec<u32>,
    free: Vec<u32>,
    buckets: Vec<Bucket>,
    shift: u32,
    cursor: u64,
    current: Vec<(u64, u64)>,
    at: usize,
}

#[derive(Clone, Copy, Default)]
struct Bucket {
    /// The next free place in the pool, if `count` is no multiple of `BLOCK`.
    place: u32,
    count: u32,
}

impl Wheel {
    fn new(width: f64) -> Wheel {
        let shift = (width as u64).ilog2();
        let buckets = (REACH >> shift).next_power_of_two() as usize;
        Wheel {
            pool: Vec::new(),
            before: Vec::new(),
            free: Vec::new(),
            buckets: vec![Bucket::default(); buckets],
            shift,
            cursor: 0,
            current: Vec::new(),
            at: 0,
        }
    }

    #[inline(always)]
    fn push(&mut self, time: u64, data: u64) {
        let number = time >> self.shift;
        if number == self.cursor {
            let mut at = self.current.len();
            while at > self.at && self.current[at - 1].0 > time {
                at -= 1;
            }
            self.current.insert(at, (time, data));
            return;
        }
        assert!(
            number - self.cursor < self.buckets.len() as u64,
            "beyond the wheel"
        );
        let place = number as usize & (self.buckets.len() - 1);
        let bucket = &mut self.buckets[place];
        if (bucket.count as usize).is_multiple_of(BLOCK) {
            let block = self.free.pop().unwrap_or_else(|| {
                self.pool.resize(self.pool.len() + BLOCK, (0, 0));
                self.before.push(0);
                self.before.len() as u32 - 1
            });
            self.before[block as usize] = bucket.place.saturating_sub(1) / BLOCK as u32;
            bucket.place = block * BLOCK as u32;
        }
        self.pool[bucket.place as usize] = (time, data);
        bucket.place += 1;
        bucket.count += 1;
    }

    /// Moves to the bucket of `limit` at most; true if an event before it is there.
    #[inline(always)]
    fn has_before(&mut self, limit: u64) -> bool {
        loop {
            if self.at < self.current.len() {
                return self.current[self.at].0 < limit;
            }
            if (self.cursor + 1) << self.shift >= limit {
                return false;
            }
            self.turn();
        }
    }

    /// Loads the next bucket: dealt into `SLICES` by time, then insertion sort.
    fn turn(&mut self) {
        self.cursor += 1;
        self.at = 0;
        let place = self.cursor as usize & (self.buckets.len() - 1);
        let bucket = std::mem::take(&mut self.buckets[place]);
        self.current.resize(bucket.count as usize, (0, 0));
        if bucket.count == 0 {
            return;
        }
        let slice = self.shift.saturating_sub(SLICES.ilog2());
        let slice_of = |time: u64| (time >> slice) as usize % SLICES;
        let mut ends = [0u32; SLICES];
        self.each_block(bucket, |_, events| {
            for &(time, _) in events {
                ends[slice_of(time)] += 1;
            }
        });
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        let mut current = std::mem::take(&mut self.current);
        let mut free = std::mem::take(&mut self.free);
        self.each_block(bucket, |block, events| {
            for &event in events.iter().rev() {
                let end = &mut ends[slice_of(event.0)];
                *end -= 1;
                current[*end as usize] = event;
            }
            free.push(block as u32);
        });
        (self.current, self.free) = (current, free);
        let events = &mut self.current[..];
        for i in 1..events.len() {
            let event = events[i];
            let mut at = i;
            while at > 0 && events[at - 1].0 > event.0 {
                events[at] = events[at - 1];
                at -= 1;
            }
            events[at] = event;
        }
    }

    /// A bucket's blocks, the last first.
    #[inline(always)]
    fn each_block(&self, bucket: Bucket, mut take: impl FnMut(usize, &[(u64, u64)])) {
        let mut end = bucket.place as usize;
        let mut left = bucket.count as usize;
        while left > 0 {
            let block = (end - 1) / BLOCK;
            take(block, &self.pool[block * BLOCK..end]);
            left -= end - block * BLOCK;
            end = (self.before[block] as usize + 1) * BLOCK;
        }
    }
}

/// W1 (`push` false) or W2 (`push` true): the number of events.
pub fn continuous(nodes: u32, seed: u64, push: bool) -> u64 {
    let n = u64::from(nodes);
    let zig = Ziggurat::new();
    let mut random = Xoshiro::new(seed);
    let mut lane: Vec<(u32, u32)> = (0..nodes)
        .map(|node| (random.below(PERIOD) as u32, node))
        .collect();
    lane.sort_unstable();
    let per_second = n as f64 * if push { 3.0 } else { 2.0 };
    let mut wheel = Wheel::new(if nodes < 300_000 { 40e9 } else { 128e9 } / per_second);
    let mut informed = vec![0u64; nodes.div_ceil(64) as usize];
    informed[0] = 1;
    let (mut count, mut events, mut place, mut cycle) = (1u64, 0u64, 0usize, 0u64);
    while count < n {
        let tick_at = cycle + u64::from(lane[place].0);
        let (now, node);
        if wheel.has_before(tick_at) {
            let (time, data) = wheel.current[wheel.at];
            wheel.at += 1;
            now = time;
            node = data & ID;
            let word = &mut informed[node as usize / 64];
            let held = *word >> (node % 64) & 1;
            if data & RUMOR != 0 {
                *word |= 1 << (node % 64);
                count += 1 - held;
            }
            if data & CALL != 0 && random.next() >= LOSS {
                let latency = (zig.draw(&mut random) * MEAN + 0.5) as u64;
                wheel.push(
                    now + latency,
                    (data >> 24 & ID) | node << 24 | (held * RUMOR),
                );
            }
        } else {
            node = u64::from(lane[place].1);
            now = tick_at;
            place += 1;
            if place == lane.len() {
                place = 0;
                cycle += PERIOD;
            }
            let held = informed[node as usize / 64] >> (node % 64) & 1;
            if push && held == 1 {
                push_calls(&mut random, &zig, &mut wheel, now, node, n);
            } else if !push {
                let peer = random.below(n - 1);
                let peer = peer + u64::from(peer >= node);
                if random.next() >= LOSS {
                    let latency = (zig.draw(&mut random) * MEAN + 0.5) as u64;
                    wheel.push(now + latency, peer | node << 24 | CALL | (held * RUMOR));
                }
            }
        }
        events += 1;
    }
    events
}

const LOSS: u64 = (0.01 * 18_446_744_073_709_551_616.0) as u64;

#[inline(always)]
fn push_calls(
    random: &mut Xoshiro,
    zig: &Ziggurat,
    wheel: &mut Wheel,
    now: u64,
    node: u64,
    n: u64,
) {
    let mut peers = [u64::MAX; 3];
    for i in 0..3 {
        peers[i] = loop {
            let peer = random.below(n - 1);
            if !peers[..i].contains(&peer) {
                break peer;
            }
        };
    }
    for peer in peers {
        if random.next() >= LOSS {
            let latency = (zig.draw(random) * MEAN + 0.5) as u64;
            let peer = peer + u64::from(peer >= node);
            wheel.push(now + latency, peer | node << 24 | RUMOR);
        }
    }
}

/// W3: synchronous push, fanout 1; the number of rounds.
pub fn synchronous_push(nodes: u32, random: &mut Xoshiro) -> u64 {
    let n = u64::from(nodes);
    let mut informed = vec![0u64; nodes.div_ceil(64) as usize];
    let mut next = informed.clone();
    next[0] = 1;
    let (mut count, mut rounds) = (1, 0);
    while count < nodes {
        informed.copy_from_slice(&next);
        for (place, &word) in informed.iter().enumerate() {
            let mut left = word;
            while left != 0 {
                let node = place as u64 * 64 + u64::from(left.trailing_zeros());
                left &= left - 1;
                let peer = random.below(n - 1);
                let peer = peer + u64::from(peer >= node);
                next[peer as usize / 64] |= 1 << (peer % 64);
            }
        }
        count = next.iter().map(|word| word.count_ones()).sum();
        rounds += 1;
    }
    rounds
}

/// W1 on a plain `BinaryHeap<(time, seq, event)>` with the ticks in it, and
/// nothing else: what a first version of a simulator would use. The number of
/// events.
pub fn plain_heap(nodes: u32, seed: u64) -> u64 {
    let n = u64::from(nodes);
    let zig = Ziggurat::new();
    let mut random = Xoshiro::new(seed);
    let mut heap: BinaryHeap<Reverse<(u64, u64, u64)>> = (0..n)
        .map(|node| Reverse((random.below(PERIOD), node, node | TICK)))
        .collect();
    let mut informed = vec![0u64; nodes.div_ceil(64) as usize];
    informed[0] = 1;
    let (mut count, mut events, mut sequence) = (1u64, 0u64, n);
    while count < n
        && let Some(Reverse((now, _, data))) = heap.pop()
    {
        events += 1;
        let node = data & ID;
        let word = &mut informed[node as usize / 64];
        let held = *word >> (node % 64) & 1;
        let mut push = |time, data| {
            heap.push(Reverse((time, sequence, data)));
            sequence += 1;
        };
        let to = if data & TICK != 0 {
            push(now + PERIOD, data);
            let peer = random.below(n - 1);
            Some((peer + u64::from(peer >= node)) | CALL)
        } else {
            if data & RUMOR != 0 {
                *word |= 1 << (node % 64);
                count += 1 - held;
            }
            (data & CALL != 0).then_some(data >> 24 & ID)
        };
        if let Some(to) = to
            && random.next() >= LOSS
        {
            let latency = (zig.draw(&mut random) * MEAN + 0.5) as u64;
            push(now + latency, to | node << 24 | (held * RUMOR));
        }
    }
    events
}
