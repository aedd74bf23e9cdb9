//! Named random streams and every kind of draw.
//!
//! All randomness is ChaCha8, whose output is fixed by its algorithm; every
//! draw on top of it is ours, over the pinned `libm`, and golden-tested here,
//! so that no library's release and no CPU can change a result.
//!
//! Invariant: imports nothing of ours; no entropy, no global generator.

use rand_chacha::ChaCha8Core;
use rand_chacha::rand_core::SeedableRng;
use rand_chacha::rand_core::block::Generator;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// What a stream's numbers are used for. The first are the environment:
/// common to all cells of a sweep, replicate by replicate. The dice are
/// independent from cell to cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StreamName {
    /// Environment: who can talk to whom.
    Topology,
    /// Environment: which nodes are the sources.
    Placement,
    /// Environment: when nodes tick.
    Clock,
    /// Environment: who meets which fault.
    Faults,
    /// Dice: which peers a node draws, and all else a protocol decides by chance.
    Protocol,
    /// Dice: losses and latencies.
    Network,
    /// No part of a run: which runs a statistic is taken of again.
    Resampling,
}

impl StreamName {
    fn text(self) -> &'static str {
        match self {
            StreamName::Topology => "topology",
            StreamName::Placement => "placement",
            StreamName::Clock => "clock",
            StreamName::Faults => "faults",
            StreamName::Protocol => "protocol",
            StreamName::Network => "network",
            StreamName::Resampling => "resampling",
        }
    }

    fn is_dice(self) -> bool {
        matches!(self, StreamName::Protocol | StreamName::Network)
    }
}

/// Seeds beyond 2^53 - 1 would be rounded by readers of CSV that know only f64.
pub const SEED_MAX: u64 = (1 << 53) - 1;

/// From which all streams of one run are made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seeds {
    /// The master seed, at most [`SEED_MAX`].
    pub master: u64,
    /// Which replicate, from 0.
    pub replicate: u64,
    /// The cell's coordinates as canonical text; empty for a plain run.
    pub cell: String,
}

impl Seeds {
    /// The stream of that name, from its beginning.
    ///
    /// Its ChaCha8 key is the SHA-256 of `gossim stream 1`, the master seed and
    /// the replicate (8 bytes each, little-endian), the stream's name and, for
    /// dice, the cell's coordinates, each text behind its length in 8 bytes.
    pub fn stream(&self, name: StreamName) -> Stream {
        Stream::new(self.key(name))
    }

    /// A generator for each ordered pair of numbers, all of the stream of that
    /// name.
    pub fn pairs(&self, name: StreamName) -> Pairs {
        Pairs {
            key: self.key(name),
        }
    }

    fn key(&self, name: StreamName) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"gossim stream 1");
        hash.update(self.master.to_le_bytes());
        hash.update(self.replicate.to_le_bytes());
        let cell = if name.is_dice() { &self.cell } else { "" };
        for text in [name.text(), cell] {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
        hash.finalize().into()
    }
}

/// A generator for each ordered pair of numbers, which keeps no state: what is
/// drawn for a pair is the same each time, whatever else was asked for.
#[derive(Clone)]
pub struct Pairs {
    key: [u8; 32],
}

impl Pairs {
    /// The pair's own stream, from its beginning: its ChaCha8 key is that of the
    /// whole stream with the two numbers (4 bytes each, little-endian) added bit
    /// by bit to its first 8 bytes.
    pub fn of(&self, first: u32, second: u32) -> Stream {
        let mut key = self.key;
        let pair = [first.to_le_bytes(), second.to_le_bytes()];
        let bytes = pair.as_flattened();
        key.iter_mut().zip(bytes).for_each(|(to, byte)| *to ^= byte);
        Stream::new(key)
    }
}

/// Words that a stream draws at once.
const BLOCK: usize = 2 * GIVEN;
/// Words that its generator gives at once: 4 ChaCha blocks.
const GIVEN: usize = 64;

/// A stream of random numbers. Draws are consumed in the order of events.
pub struct Stream {
    generator: ChaCha8Core,
    /// The generator's output, drawn a block at a time, two words a draw.
    block: [u32; BLOCK],
    next: usize,
    tables: &'static Tables,
}

impl Stream {
    fn new(key: [u8; 32]) -> Stream {
        Stream {
            generator: ChaCha8Core::from_seed(key),
            block: [0; BLOCK],
            next: BLOCK,
            tables: &TABLES,
        }
    }

    /// 64 random bits: the next two words, the low one first.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        if self.next >= BLOCK - 1 {
            self.refill();
        }
        let words = [self.block[self.next], self.block[self.next + 1]];
        self.next += 2;
        to_bits(words)
    }

    #[cold]
    #[inline(never)]
    fn refill(&mut self) {
        for given in self.block.as_chunks_mut::<GIVEN>().0 {
            self.generator.generate(given);
        }
        self.next = 0;
    }

    /// A whole number from 0 to `bound` - 1: the high word of a 64-bit draw
    /// times `bound` (Lemire 2019 without rejection; the bias is below
    /// bound / 2^64). `bound` must be positive.
    #[inline]
    pub fn below(&mut self, bound: u32) -> u32 {
        scale(self.bits(), bound)
    }

    /// Some draws as [`Stream::below`] gives them, as many as are at hand: one at
    /// least, `most` at most, which must be positive. For loops in which a draw each
    /// is dear.
    #[inline(always)]
    pub fn some_below(&mut self, bound: u32, most: usize) -> impl ExactSizeIterator<Item = u32> {
        if self.next >= BLOCK - 1 {
            self.refill();
        }
        let (pairs, _) = self.block[self.next..].as_chunks::<2>();
        let pairs = &pairs[..pairs.len().min(most)];
        self.next += 2 * pairs.len();
        pairs.iter().map(move |words| scale(to_bits(*words), bound))
    }

    /// Distinct numbers below `bound`: each is drawn again until it is new. For
    /// few of many.
    #[inline(always)]
    pub fn distinct_below(&mut self, bound: u32, drawn: &mut [u32]) {
        for i in 0..drawn.len() {
            drawn[i] = loop {
                let candidate = self.below(bound);
                if drawn[..i].iter().all(|earlier| *earlier != candidate) {
                    break candidate;
                }
            };
        }
    }

    /// As [`Stream::below`], for 64-bit bounds.
    #[inline]
    pub fn below_u64(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// A real number in [0, 1): a multiple of 2^-53.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        to_unit(self.bits())
    }

    /// A real number in (0, 1]: safe for a logarithm.
    #[inline]
    fn unit_above_zero(&mut self) -> f64 {
        ((self.bits() >> 11) + 1) as f64 * UNIT
    }

    /// Exponential of mean 1, by the ziggurat of Marsaglia and Tsang (J. Stat.
    /// Softw. 5(8), 2000) with 256 layers: bits 0-7 of a draw choose the layer,
    /// bits 11-63 the place in it.
    #[inline(always)]
    pub fn exponential(&mut self) -> f64 {
        let tables = self.tables;
        let bits = self.bits();
        let layer = (bits & 0xff) as usize;
        let x = to_unit(bits) * tables.exponential.x[layer];
        if x < tables.exponential.x[layer + 1] {
            return x;
        }
        self.exponential_outside(layer, x)
    }

    #[cold]
    fn exponential_outside(&mut self, mut layer: usize, mut x: f64) -> f64 {
        let zig = &self.tables.exponential;
        loop {
            if layer == 0 {
                return EXPONENTIAL_EDGE - libm::log(self.unit_above_zero());
            }
            let height = zig.f[layer + 1] + (zig.f[layer] - zig.f[layer + 1]) * self.unit();
            if height < libm::exp(-x) {
                return x;
            }
            let bits = self.bits();
            layer = (bits & 0xff) as usize;
            x = to_unit(bits) * zig.x[layer];
            if x < zig.x[layer + 1] {
                return x;
            }
        }
    }

    /// Standard normal, by the same method; bit 8 of the draw is the sign.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        loop {
            let bits = self.bits();
            let layer = (bits & 0xff) as usize;
            let sign = if bits & 0x100 == 0 { 1.0 } else { -1.0 };
            let zig = &self.tables.normal;
            let x = to_unit(bits) * zig.x[layer];
            if x < zig.x[layer + 1] {
                return sign * x;
            }
            if layer == 0 {
                return sign * self.normal_tail();
            }
            let height = zig.f[layer + 1] + (zig.f[layer] - zig.f[layer + 1]) * self.unit();
            if height < libm::exp(-0.5 * x * x) {
                return sign * x;
            }
        }
    }

    /// Beyond the last layer (Marsaglia 1964).
    #[cold]
    fn normal_tail(&mut self) -> f64 {
        loop {
            let x = -libm::log(self.unit_above_zero()) / NORMAL_EDGE;
            let y = -libm::log(self.unit_above_zero());
            if y + y > x * x {
                return NORMAL_EDGE + x;
            }
        }
    }

    /// Puts a slice in uniformly random order (Fisher and Yates, from the end).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below_u64(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }
}

/// The low word first.
#[inline(always)]
fn to_bits([low, high]: [u32; 2]) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

/// From 0 to `bound` - 1.
#[inline(always)]
fn scale(bits: u64, bound: u32) -> u32 {
    ((u128::from(bits) * u128::from(bound)) >> 64) as u32
}

const UNIT: f64 = 1.0 / (1u64 << 53) as f64;

#[inline]
fn to_unit(bits: u64) -> f64 {
    (bits >> 11) as f64 * UNIT
}

/// Draws several distinct numbers; keeps its memory between draws.
#[derive(Default)]
pub struct Distinct {
    taken: Vec<u64>,
    order: Vec<u32>,
}

/// Up to this many numbers, looking through those drawn beats a table of bits.
const LOOK_THROUGH_MAX: u32 = 32;

impl Distinct {
    /// Appends `count` distinct numbers from 0 to `pool` - 1 to `drawn`, every
    /// ordered choice equally likely. `count` must not exceed `pool`.
    ///
    /// More than half the pool: the first `count` steps of a Fisher-Yates
    /// shuffle of 0..pool. Otherwise: draw again until it is new.
    #[inline(always)]
    pub fn draw(&mut self, stream: &mut Stream, count: u32, pool: u32, drawn: &mut Vec<u32>) {
        debug_assert!(count <= pool);
        if count == 1 {
            drawn.push(stream.below(pool));
        } else if u64::from(count) * 2 > u64::from(pool) {
            self.shuffle(stream, count, pool, drawn);
        } else if count <= LOOK_THROUGH_MAX {
            let start = drawn.len();
            drawn.resize(start + count as usize, 0);
            stream.distinct_below(pool, &mut drawn[start..]);
        } else {
            self.reject(stream, count, pool, drawn);
        }
    }

    fn shuffle(&mut self, stream: &mut Stream, count: u32, pool: u32, drawn: &mut Vec<u32>) {
        self.order.clear();
        self.order.extend(0..pool);
        for i in 0..count {
            let other = i + stream.below(pool - i);
            self.order.swap(i as usize, other as usize);
            drawn.push(self.order[i as usize]);
        }
    }

    fn reject(&mut self, stream: &mut Stream, count: u32, pool: u32, drawn: &mut Vec<u32>) {
        let words = (pool as usize).div_ceil(64);
        if self.taken.len() < words {
            self.taken.resize(words, 0);
        }
        let start = drawn.len();
        while drawn.len() - start < count as usize {
            let candidate = stream.below(pool);
            let (word, bit) = (candidate as usize / 64, 1 << (candidate % 64));
            if self.taken[word] & bit == 0 {
                self.taken[word] |= bit;
                drawn.push(candidate);
            }
        }
        for &number in &drawn[start..] {
            self.taken[number as usize / 64] = 0;
        }
    }
}

/// Where the last layer of the exponential's ziggurat ends, and each layer's area.
const EXPONENTIAL_EDGE: f64 = 7.697_117_470_131_05;
const EXPONENTIAL_AREA: f64 = 0.003_949_659_822_581_557;
/// The same for the normal's.
const NORMAL_EDGE: f64 = 3.654_152_885_361_009;
const NORMAL_AREA: f64 = 0.004_928_673_233_992_336;

/// The right ends `x` of 256 layers of equal area (x[0]: as if the lowest, with
/// its tail, were a rectangle; x[256] = 0), and the density `f` there.
struct Ziggurat {
    x: [f64; 257],
    f: [f64; 257],
}

struct Tables {
    exponential: Ziggurat,
    normal: Ziggurat,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    exponential: Ziggurat::new(
        EXPONENTIAL_EDGE,
        EXPONENTIAL_AREA,
        |x| libm::exp(-x),
        |y| -libm::log(y),
    ),
    normal: Ziggurat::new(
        NORMAL_EDGE,
        NORMAL_AREA,
        |x| libm::exp(-0.5 * x * x),
        |y| (-2.0 * libm::log(y)).sqrt(),
    ),
});

impl Ziggurat {
    fn new(
        edge: f64,
        area: f64,
        density: impl Fn(f64) -> f64,
        inverse: impl Fn(f64) -> f64,
    ) -> Ziggurat {
        let mut x = [0.0; 257];
        x[0] = area / density(edge);
        x[1] = edge;
        for i in 2..256 {
            x[i] = inverse(area / x[i - 1] + density(x[i - 1]));
        }
        let f = x.map(density);
        Ziggurat { x, f }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats;
    use proptest::prelude::*;

    fn stream(master: u64) -> Stream {
        let seeds = Seeds {
            master,
            replicate: 0,
            cell: String::new(),
        };
        seeds.stream(StreamName::Protocol)
    }

    proptest! {
        /// However the draws at hand and single ones take turns.
        #[test]
        fn draws_at_hand_are_the_streams_own(turns in prop::collection::vec(0usize..200, 1..20)) {
            let (mut some, mut single) = (stream(5), stream(5));
            for most in turns {
                if most == 0 {
                    prop_assert_eq!(some.bits(), single.bits());
                    continue;
                }
                let drawn: Vec<u32> = some.some_below(1000, most).collect();
                prop_assert!((1..=most).contains(&drawn.len()));
                for number in drawn {
                    prop_assert_eq!(number, single.below(1000));
                }
            }
        }
    }

    #[test]
    fn golden_draws() {
        let mut s = stream(1);
        let bits: Vec<u64> = (0..4).map(|_| s.bits()).collect();
        let below: Vec<u32> = (0..6).map(|_| s.below(1000)).collect();
        let unit: Vec<f64> = (0..3).map(|_| s.unit()).collect();
        let exponential: Vec<f64> = (0..4).map(|_| s.exponential()).collect();
        let normal: Vec<f64> = (0..4).map(|_| s.normal()).collect();
        let mut order: Vec<u32> = (0..8).collect();
        s.shuffle(&mut order);
        let mut drawn = Vec::new();
        let mut distinct = Distinct::default();
        distinct.draw(&mut s, 3, 100, &mut drawn);
        distinct.draw(&mut s, 4, 5, &mut drawn);
        distinct.draw(&mut s, 40, 1000, &mut drawn);
        let got = format!(
            "{bits:x?}\n{below:?}\n{unit:?}\n{exponential:?}\n{normal:?}\n{order:?}\n{drawn:?}"
        );
        assert_eq!(got, GOLDEN);
    }

    const GOLDEN: &str = "[cb6bd9b5815f3963, 99ff086598555bf8, 6ed390822bc86b53, 2ba163d862a131d5]\n\
        [29, 685, 840, 4, 498, 998]\n\
        [0.6442202255858732, 0.01670187255182687, 0.356523995364578]\n\
        [0.5668763082119844, 1.4803288592405917, 0.8803575597529922, 0.7172689595359661]\n\
        [0.22931485324433704, 1.9328144200798922, 0.8506394618965281, -0.09986853505072894]\n\
        [3, 6, 1, 4, 0, 2, 5, 7]\n\
        [48, 65, 2, 1, 2, 4, 3, 254, 457, 674, 564, 342, 179, 665, 353, 178, 704, 108, 331, 578, 713, 870, 722, 740, 430, 563, 220, 286, 689, 538, 955, 646, 914, 695, 865, 847, 105, 166, 573, 162, 322, 591, 444, 890, 310, 978, 596]";

    /// A million draws never left the tables' layers wrong: the first moments of
    /// a long stream, which a golden test of a few draws would not see.
    #[test]
    fn long_streams_are_golden_too() {
        let mut s = stream(2);
        let (mut exponential, mut normal) = (0u64, 0u64);
        for _ in 0..1_000_000 {
            exponential = exponential.rotate_left(1) ^ s.exponential().to_bits();
            normal = normal.rotate_left(1) ^ s.normal().to_bits();
        }
        assert_eq!(
            (exponential, normal),
            (18_032_119_446_326_624_363, 11_584_879_156_194_905_570)
        );
    }

    /// A pair's numbers are its own, in its order, and the same each time.
    #[test]
    fn pairs_have_golden_streams_of_their_own() {
        let seeds = |master| Seeds {
            master,
            replicate: 0,
            cell: "a cell".into(),
        };
        let pairs = seeds(1).pairs(StreamName::Faults);
        let first = |pairs: &Pairs, a, b| pairs.of(a, b).bits();
        let own = [(0, 1), (1, 0), (0, 0), (7, 1 << 31)].map(|(a, b)| first(&pairs, a, b));
        assert_eq!(
            own,
            [
                3_768_352_011_372_656_346,
                14_960_345_002_985_374_329,
                17_487_012_399_253_379_606,
                4_149_294_356_941_880_298,
            ]
        );
        assert_eq!(own[0], first(&pairs, 0, 1));
        let mut all: Vec<u64> = own.to_vec();
        all.push(first(&seeds(2).pairs(StreamName::Faults), 0, 1));
        all.push(seeds(1).stream(StreamName::Topology).bits());
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 6);
    }

    #[test]
    fn streams_differ_by_name_seed_replicate_and_dice_by_cell() {
        let base = Seeds {
            master: 7,
            replicate: 3,
            cell: "a".into(),
        };
        let first = |seeds: &Seeds, name| seeds.stream(name).bits();
        let names = [
            StreamName::Topology,
            StreamName::Placement,
            StreamName::Clock,
            StreamName::Faults,
            StreamName::Protocol,
            StreamName::Network,
        ];
        let mut all: Vec<u64> = names.iter().map(|&name| first(&base, name)).collect();
        for other in [
            Seeds {
                master: 8,
                ..base.clone()
            },
            Seeds {
                replicate: 4,
                ..base.clone()
            },
        ] {
            all.extend(names.iter().map(|&name| first(&other, name)));
        }
        let other_cell = Seeds {
            cell: "b".into(),
            ..base.clone()
        };
        for name in names {
            let same = first(&base, name) == first(&other_cell, name);
            assert_eq!(same, !name.is_dice(), "{name:?}");
        }
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    /// p > 1e-4 for one fixed seed each: a right sampler fails once in ten
    /// thousand seeds; at 200,000 draws a mean that is 1 % off gives p < 1e-6.
    #[test]
    fn exponential_and_normal_follow_their_laws() {
        let mut s = stream(3);
        let exact_exponential = |x: f64| -libm::expm1(-x);
        let exact_normal = |x: f64| 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2);
        let mut draws: Vec<f64> = (0..200_000).map(|_| s.exponential()).collect();
        assert!(fits(&mut draws, exact_exponential) > 1e-4);
        draws.iter_mut().for_each(|x| *x *= 1.01);
        assert!(
            fits(&mut draws, exact_exponential) < 1e-4,
            "the test can fail"
        );
        let mut draws: Vec<f64> = (0..200_000).map(|_| s.normal()).collect();
        assert!(fits(&mut draws, exact_normal) > 1e-4);
        let tail = (0..2_000_000).filter(|_| s.normal() > 3.7).count() as f64;
        let expected = 2e6 * 0.5 * libm::erfc(3.7 / std::f64::consts::SQRT_2);
        assert!(
            (tail - expected).abs() < 4.5 * expected.sqrt(),
            "{tail} {expected}"
        );
    }

    fn fits(draws: &mut [f64], cdf: impl Fn(f64) -> f64) -> f64 {
        draws.sort_by(f64::total_cmp);
        let distance = stats::kolmogorov_smirnov::ks_statistic(draws, cdf);
        stats::kolmogorov_smirnov::ks_p_value(distance, draws.len() as u64)
    }

    /// Every ordered choice of 3 of 5 (by shuffle) and of 2 of 5 (by rejection)
    /// equally often: chi-square of fixed seed, 59 and 19 degrees of freedom;
    /// the bounds are the quantiles 0.9999.
    #[test]
    fn distinct_draws_are_uniform_over_ordered_choices() {
        for (count, cells, bound) in [(3u32, 60usize, 107.0), (2, 20, 50.8)] {
            let mut s = stream(5);
            let mut distinct = Distinct::default();
            let mut seen = std::collections::BTreeMap::<Vec<u32>, u32>::new();
            for _ in 0..60_000 {
                let mut drawn = Vec::new();
                distinct.draw(&mut s, count, 5, &mut drawn);
                *seen.entry(drawn).or_default() += 1;
            }
            assert_eq!(seen.len(), cells);
            let expected = 60_000.0 / cells as f64;
            let chi: f64 = seen
                .values()
                .map(|&c| (f64::from(c) - expected) * (f64::from(c) - expected) / expected)
                .sum();
            assert!(chi < bound, "{chi}");
        }
    }

    proptest! {
        #[test]
        fn distinct_draws_are_distinct_and_in_the_pool(
            pool in 1u32..400, share in 0.0f64..=1.0, seed in 0u64..1000
        ) {
            let count = (f64::from(pool) * share) as u32;
            let mut drawn = vec![u32::MAX];
            let mut distinct = Distinct::default();
            let mut s = stream(seed);
            for _ in 0..2 {
                drawn.truncate(1);
                distinct.draw(&mut s, count, pool, &mut drawn);
                let mut sorted = drawn[1..].to_vec();
                sorted.sort_unstable();
                sorted.dedup();
                prop_assert_eq!(sorted.len(), count as usize);
                prop_assert!(sorted.iter().all(|&x| x < pool));
            }
        }
    }
}
