//! Losses in bursts: each link is now good, now bad, and loses messages with one
//! probability while it is good and with another while it is bad.
//!
//! Source: E. N. Gilbert, Bell Syst. Tech. J. 39 (1960) 1253-1265; E. O. Elliott,
//! Bell Syst. Tech. J. 42 (1963) 1977-1997; here in continuous time: a good link
//! turns bad at the rate 1/mean_gap, a bad one good at 1/mean_burst. With
//! pi = burst/(burst + gap) and s = 1/burst + 1/gap, a link seen bad is bad a time
//! t later with pi + (1 - pi) e^{-st}, one seen good with pi (1 - e^{-st}): it is
//! looked at only when it is used, and nothing happens in between. At first it is
//! bad with pi. After 40/s nothing is left of what was seen (e^{-40} = 4e-18): it
//! is drawn afresh, by definition, so old states need not be kept.
//!
//! A link is an ordered pair of nodes. Its draws come from `network`, one for
//! its state at each use, and one more where a loss is neither sure nor excluded.

use crate::node::NodeId;
use crate::random::Stream;
use crate::time::{Duration, Time};

/// `loss = { kind = "bursts", ... }`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct BurstLaw {
    /// How long a link is bad, in the mean: above 0.
    pub mean_burst: Duration,
    /// How long it is good, in the mean: above 0.
    pub mean_gap: Duration,
    /// The probability that a message is lost while it is bad, 0 to 1.
    pub inside: f64,
    /// While it is good, 0 to 1.
    pub between: f64,
}

impl BurstLaw {
    /// The share of time that a link is bad.
    pub fn share_bad(&self) -> f64 {
        let (burst, gap) = (self.mean_burst.0 as f64, self.mean_gap.0 as f64);
        burst / (burst + gap)
    }

    /// The share of messages that are lost, if when they are sent does not
    /// depend on the link.
    pub fn share_lost(&self) -> f64 {
        let bad = self.share_bad();
        bad * self.inside + (1.0 - bad) * self.between
    }

    /// How fast a link forgets, in 1/ns.
    fn rate(&self) -> f64 {
        1.0 / self.mean_burst.0 as f64 + 1.0 / self.mean_gap.0 as f64
    }
}

/// The state of all links in use.
pub struct Bursts {
    law: BurstLaw,
    share_bad: f64,
    rate: f64,
    /// Older states are forgotten, in ns.
    age_max: u64,
    /// By arc of the graph.
    arcs: Vec<State>,
    /// All other links in use.
    links: Links,
}

/// Ages, in units of 1/rate, at which nothing is left of what was seen.
const FORGOTTEN: f64 = 40.0;

impl Bursts {
    /// No link has been used yet. So many links are arcs, with a place in an
    /// array each: in the order of nodes that is many times faster than a table.
    pub fn new(law: BurstLaw, arcs: u32) -> Bursts {
        Bursts {
            law,
            share_bad: law.share_bad(),
            rate: law.rate(),
            // Beyond the range of time: never.
            age_max: (FORGOTTEN / law.rate()) as u64,
            arcs: vec![State::UNSEEN; arcs as usize],
            links: Links::default(),
        }
    }

    /// Does the link lose a message that it is given now? `arc`: its number, if
    /// it is an arc. Times do not go back.
    #[inline]
    pub fn loses(&mut self, link: Link, now: Time, dice: &mut Stream) -> bool {
        let state = match link.arc.and_then(|arc| self.arcs.get_mut(arc as usize)) {
            Some(state) => state,
            None => self.links.state(link, now, self.age_max),
        };
        let mut bad = self.share_bad;
        if let Some(age) = state.age(now).filter(|age| *age <= self.age_max) {
            let kept = libm::exp(-self.rate * age as f64);
            bad *= 1.0 - kept;
            if state.bad {
                bad += kept;
            }
        }
        let is_bad = dice.unit() < bad;
        (state.seen, state.bad) = (now.0, is_bad);
        let lost = match is_bad {
            true => self.law.inside,
            false => self.law.between,
        };
        lost >= 1.0 || (lost > 0.0 && dice.unit() < lost)
    }
}

/// An ordered pair of nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Link {
    /// Who sends.
    pub from: NodeId,
    /// Who receives.
    pub to: NodeId,
    /// Its number among the graph's arcs, if it is one.
    pub arc: Option<u32>,
}

/// What was seen of a link.
#[derive(Clone, Copy)]
struct State {
    /// When, in ns.
    seen: u64,
    bad: bool,
}

impl State {
    const UNSEEN: State = State {
        seen: u64::MAX,
        bad: false,
    };

    /// How long ago it was looked at, if ever.
    #[inline]
    fn age(&self, now: Time) -> Option<u64> {
        (self.seen != State::UNSEEN.seen).then(|| now.0 - self.seen)
    }
}

/// A table of links: open addressing, never gone through but to make room, which
/// changes no draw.
#[derive(Default)]
struct Links {
    slots: Vec<Slot>,
    used: usize,
}

#[derive(Clone, Copy)]
struct Slot {
    /// The ordered pair; a node and itself where the slot is free.
    link: u64,
    state: State,
}

const FREE: Slot = Slot {
    link: u64::MAX,
    state: State::UNSEEN,
};

impl Links {
    /// The link's state; a new link gets a free slot.
    #[inline]
    fn state(&mut self, link: Link, now: Time, age_max: u64) -> &mut State {
        if self.used * 8 >= self.slots.len() * 5 {
            self.make_room(now, age_max);
        }
        let link = u64::from(link.from.0) << 32 | u64::from(link.to.0);
        let place = self.find(link);
        let slot = &mut self.slots[place];
        if slot.link != link {
            slot.link = link;
            self.used += 1;
        }
        &mut slot.state
    }

    /// Where the link is, or may be put.
    #[inline]
    fn find(&self, link: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut place = mixed(link) as usize & mask;
        loop {
            let known = self.slots[place].link;
            if known == link || known == FREE.link {
                return place;
            }
            place = (place + 1) & mask;
        }
    }

    /// Twice the room, or as much, without what is forgotten.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, now: Time, age_max: u64) {
        let old = std::mem::take(&mut self.slots);
        let remembered = |slot: &&Slot| slot.state.age(now).is_some_and(|age| age <= age_max);
        self.used = old.iter().filter(remembered).count();
        let size = (2 * self.used).next_power_of_two().max(64);
        self.slots = vec![FREE; size];
        for slot in old.iter().filter(remembered) {
            let place = self.find(slot.link);
            self.slots[place] = *slot;
        }
    }
}

/// All bits of a link in the low ones: the finaliser of SplitMix64 (Steele, Lea
/// and Flood 2014), which no two links share.
#[inline]
fn mixed(link: u64) -> u64 {
    let mut z = (link ^ (link >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Seeds, StreamName};

    fn stream(master: u64) -> Stream {
        let seeds = Seeds {
            master,
            replicate: 0,
            cell: String::new(),
        };
        seeds.stream(StreamName::Network)
    }

    const LAW: BurstLaw = BurstLaw {
        mean_burst: Duration::seconds(2),
        mean_gap: Duration::seconds(18),
        inside: 1.0,
        between: 0.0,
    };

    fn link(from: u32, to: u32) -> Link {
        Link {
            from: NodeId(from),
            to: NodeId(to),
            arc: None,
        }
    }

    /// Whether so many messages are lost on one link, one every `gap`.
    fn losses(law: BurstLaw, gap: Duration, count: u64, master: u64) -> Vec<bool> {
        let (mut bursts, mut dice) = (Bursts::new(law, 0), stream(master));
        let mut loses = |i: u64| bursts.loses(link(3, 8), Time(i * gap.0), &mut dice);
        (0..count).map(&mut loses).collect()
    }

    fn share(of: impl Iterator<Item = bool>) -> (f64, f64) {
        let (mut yes, mut all) = (0.0, 0.0);
        for one in of {
            all += 1.0;
            yes += f64::from(u8::from(one));
        }
        (yes / all, all)
    }

    /// P(lost | the one before, tau earlier) = pi + (1 - pi) e^{-tau s}: .78172 at
    /// half a second. Given the state before it a message's is independent of all
    /// others: 4.5 standard errors of a binomial.
    #[test]
    fn a_lost_message_makes_the_next_as_likely_as_the_law_says() {
        for (gap, want) in [(0.0, 1.0), (0.5, 0.78172), (5.0, 0.155_959)] {
            let gap = Duration((gap * 1e9) as u64);
            let lost = losses(LAW, gap, 400_000, 71);
            let after: Vec<bool> = (lost.windows(2))
                .filter(|pair| pair[0])
                .map(|pair| pair[1])
                .collect();
            if after.is_empty() {
                continue;
            }
            let (got, count) = share(after.into_iter());
            let error = (want * (1.0 - want) / count).sqrt() + 5e-6;
            assert!((got - want).abs() < 4.5 * error, "{got} {want} {error}");
        }
    }

    /// The share of lost messages is pi = .1, judged by batches of 1,000 s, in
    /// which a burst of 2 s is soon forgotten; and the mean run of lost messages
    /// at tau = .5 s is 1 / (1 - .78172).
    #[test]
    fn bursts_take_their_share_in_runs_of_their_length() {
        let lost = losses(LAW, Duration::millis(500), 2_000_000, 72);
        let batches: Vec<f64> = (lost.chunks(2_000))
            .map(|batch| share(batch.iter().copied()).0)
            .collect();
        let count = batches.len() as f64;
        let mean = batches.iter().sum::<f64>() / count;
        let squares: f64 = batches.iter().map(|b| (b - mean) * (b - mean)).sum();
        let error = (squares / (count - 1.0) / count).sqrt();
        assert!(
            (mean - LAW.share_lost()).abs() < 4.5 * error,
            "{mean} {error}"
        );
        assert!(
            (mean - 0.11).abs() > 4.5 * error,
            "the test can fail: {error}"
        );
        let runs = lost.windows(2).filter(|pair| pair[0] && !pair[1]).count() as f64;
        let run = lost.iter().filter(|lost| **lost).count() as f64 / runs;
        let want = 1.0 / (1.0 - 0.78172);
        // A run is geometric.
        let error = (want * (want - 1.0) / runs).sqrt();
        assert!((run - want).abs() < 4.5 * error, "{run} {want} {error}");
    }

    /// Each link by itself begins as it will be, whatever its neighbours do.
    #[test]
    fn links_begin_stationary_and_are_independent_of_each_other() {
        let (mut bursts, mut dice) = (Bursts::new(LAW, 0), stream(73));
        let mut loses = |from, to| bursts.loses(link(from, to), Time(5), &mut dice);
        let pairs = (0..300).flat_map(|from| (0..300).map(move |to| (from, to)));
        let lost: Vec<bool> = pairs.map(|(from, to)| loses(from, to + 300)).collect();
        let (got, count) = share(lost.iter().copied());
        let error = (0.09 / count).sqrt();
        assert!((got - 0.1).abs() < 4.5 * error, "{got}");
        // At the same instant a link is as it was; its other direction is not.
        let again: Vec<bool> = (0..300).map(|to| loses(0, to + 300)).collect();
        assert_eq!(again, lost[..300]);
        let back: Vec<bool> = (0..300).map(|to| loses(to + 300, 0)).collect();
        assert_ne!(back, lost[..300]);
    }

    /// A state that is forgotten is drawn afresh, so links dropped to make room
    /// change nothing: with room for all the draws are the same.
    #[test]
    fn making_room_changes_nothing() {
        let run = |room: usize| {
            let (mut bursts, mut dice) = (Bursts::new(LAW, 0), stream(74));
            bursts.links.slots = vec![FREE; room];
            let mut hash = 0u64;
            for i in 0..40_000u64 {
                // 100 links for a while, then others; some come back later.
                let from = (i / 2_000 % 7) as u32 * 100 + dice.below(100);
                let lost = bursts.loses(link(from, 9_999), Time(i * 50_000_000), &mut dice);
                hash = hash.rotate_left(1) ^ u64::from(lost) ^ dice.bits();
            }
            (hash, bursts.links.slots.len())
        };
        let (large, small) = (run(1 << 16), run(0));
        assert_eq!(large.0, small.0);
        assert!(small.1 <= 512, "{}", small.1);
    }

    /// By arc, in a table, or both: the same draws.
    #[test]
    fn arcs_are_links() {
        let run = |arcs: u32| {
            let (mut bursts, mut dice) = (Bursts::new(LAW, arcs), stream(77));
            let mut loses = |i: u64| {
                let number = dice.below(60);
                let arc = (number < arcs).then_some(number);
                let link = Link {
                    arc,
                    ..link(number, 99)
                };
                bursts.loses(link, Time(i * 90_000_000), &mut dice)
            };
            (0..5_000).map(&mut loses).collect::<Vec<bool>>()
        };
        assert!(run(0) == run(60) && run(0) == run(25));
    }

    #[test]
    fn loss_inside_and_between_bursts() {
        let law = BurstLaw {
            inside: 0.5,
            between: 0.02,
            ..LAW
        };
        let lost = losses(law, Duration::seconds(60), 300_000, 75);
        let (got, count) = share(lost.into_iter());
        let want = law.share_lost();
        assert!((want - 0.068).abs() < 1e-12);
        assert!(
            (got - want).abs() < 4.5 * (want * (1.0 - want) / count).sqrt(),
            "{got}"
        );
    }

    #[test]
    fn a_seed_gives_its_losses() {
        let lost = losses(LAW, Duration::millis(700), 64, 76);
        let bits = lost
            .iter()
            .fold(0u64, |bits, lost| bits << 1 | u64::from(*lost));
        assert_eq!(bits, 402_653_184);
    }
}
