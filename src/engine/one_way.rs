//! A round of a protocol whose messages go one way ([`Protocol::one_way`]): nobody
//! replies, and the dice decide nothing but who is called.
//!
//! It gives what the general passes of `synchronous` give, draw for draw; only
//! faster. Each pass is a function of its own, whose arguments the compiler knows
//! not to overlap: what a message changes stays in registers.

use super::context::{Nodes, shares};
use super::state::Tally;
use crate::metrics::{Arrivals, Observer, RunDigest};
use crate::network::Others;
use crate::node::{NodeId, NodeSet};
use crate::protocol::{Context, Fanout, Protocol, Size, Update};
use crate::random::Stream;
use crate::time::{Duration, Time};

/// The calls of a round.
pub struct RoundCalls<Message> {
    /// The first of them; the rest is memory for more.
    calls: Vec<Call<Message>>,
    stretches: Vec<Stretch>,
}

struct Call<Message> {
    from: NodeId,
    to: NodeId,
    message: Message,
}

/// Some calls in a row: 64 at most that arrive, then any that are lost.
struct Stretch {
    calls: u32,
    /// Which of them bring something, the first as the lowest bit.
    bring: u64,
}

impl<Message> Default for RoundCalls<Message> {
    fn default() -> RoundCalls<Message> {
        RoundCalls {
            calls: Vec::new(),
            stretches: Vec::new(),
        }
    }
}

/// A lost call interrupts the passes: where a fifth or more are lost, the general ones
/// take less time.
const LOSS_MAX: f64 = 0.1;

/// The peers to draw from, if the rounds of a run are to be done here.
pub fn others<P: Protocol, C, O: Observer>(nodes: &Nodes<P, C, O>) -> Option<Others> {
    let protocol = nodes.protocol;
    let fits = protocol.one_way()
        && nodes.state.paths.is_none()
        && !shares::<P>()
        && nodes.state.own.is_empty()
        && !nodes.state.observer.wants_all()
        && nodes.state.setup.network.loss <= LOSS_MAX
        && !protocol.order_matters()
        && protocol.calling().fanout == Some(Fanout::Peers(1));
    nodes.state.peers.others().filter(|_| fits)
}

impl<Message: Copy> RoundCalls<Message> {
    /// All ticks and all answers of a round.
    pub fn ticks_and_answers<P: Protocol<Message = Message>, C, O: Observer>(
        &mut self,
        all: &mut Nodes<P, C, O>,
        awake: &mut NodeSet,
        others: Others,
        tally: &mut Tally,
    ) {
        let Nodes {
            protocol,
            nodes,
            state,
            ..
        } = all;
        let (informed, room) = (&state.arrivals, &mut self.calls);
        let mut more = Vec::new();
        let (count, by_informed) = ticks(
            *protocol, nodes, awake, informed, room, &mut more, tally.now,
        );
        self.calls.append(&mut more);
        tally.ticks += nodes.len() as u64;
        tally.totals.calls_by_informed += by_informed;
        self.stretches.clear();
        let mut rest = &mut self.calls[..count];
        loop {
            let passing = (rest.len() as u64).min(tally.passing);
            let (arrive, later) = rest.split_at_mut(passing as usize);
            tally.totals.sent += passing;
            tally.passing -= passing;
            tally.totals.delivered += passing;
            let (dice, stretches) = (&mut state.dice, &mut self.stretches);
            answers(*protocol, nodes, others, dice, arrive, stretches, tally);
            state.observer.contacted(arrive.iter().map(|call| call.to));
            let Some((lost, later)) = later.split_first_mut() else {
                return;
            };
            // A lost call draws its peer too. Who made it is counted already.
            others.draw(lost.from, &mut state.dice);
            let is_lost = state.sends(tally, protocol.size(&lost.message), 0);
            debug_assert!(is_lost, "as many pass as are passing");
            match self.stretches.last_mut() {
                Some(stretch) => stretch.calls += 1,
                None => self.stretches.push(Stretch { calls: 1, bring: 0 }),
            }
            rest = later;
        }
    }

    /// All merges of the round, which ends now.
    pub fn merges<P: Protocol<Message = Message>, C, O>(
        &mut self,
        all: &mut Nodes<P, C, O>,
        awake: &mut NodeSet,
        tally: &Tally,
    ) {
        let (nodes, arrivals) = (&mut all.nodes, &mut all.state.arrivals);
        let (calls, stretches) = (&self.calls, &self.stretches);
        let new = merges(
            all.protocol,
            nodes,
            calls,
            stretches,
            arrivals,
            awake,
            tally.now,
        );
        arrivals.arrived(new, tally.now, tally.totals.sent);
    }
}

/// All ticks in node order: lists who calls and what it says. Gives the number of
/// calls, and how many of them come from informed nodes.
#[inline(never)]
fn ticks<P: Protocol>(
    protocol: &P,
    nodes: &mut [P::Node],
    awake: &mut NodeSet,
    arrivals: &Arrivals,
    room: &mut [Call<P::Message>],
    more: &mut Vec<Call<P::Message>>,
    now: Time,
) -> (usize, u64) {
    let mut room = room.iter_mut();
    let (mut count, mut by_informed) = (0, 0);
    for (block, nodes) in nodes.chunks_mut(64).enumerate() {
        let mut ticking = awake.block(block).unwrap_or(0);
        let mut silent = 0;
        let mut left = ticking;
        while left != 0 {
            let place = left.trailing_zeros();
            left &= left - 1;
            let node = &mut nodes[place as usize];
            if protocol.idle(node) {
                ticking ^= 1 << place;
                continue;
            }
            let from = NodeId(block as u32 * 64 + place);
            let mut cx = Cx::new(from, now);
            protocol.tick(node, &mut cx);
            let Some(message) = cx.in_tick() else {
                silent |= 1 << place;
                continue;
            };
            count += 1;
            if let Some(call) = room.next() {
                call.from = from;
                call.message = message;
            } else {
                let to = from;
                more.push(Call { from, to, message });
            }
        }
        awake.set_block(block, ticking);
        let callers = ticking & !silent;
        by_informed += u64::from((callers & arrivals.block(block)).count_ones());
    }
    (count, by_informed)
}

/// Draws whom each call reaches, and answers it. Counts what `State::sends` and
/// `State::arrives` count.
#[inline(never)]
fn answers<P: Protocol>(
    protocol: &P,
    nodes: &[P::Node],
    others: Others,
    dice: &mut Stream,
    calls: &mut [Call<P::Message>],
    stretches: &mut Vec<Stretch>,
    kept: &mut Tally,
) {
    let mut tally = *kept;
    let factor = |size| RunDigest::factor(tally.now, true, tally.weights.of(size));
    // Most messages carry one update or none.
    let small = [0, 1].map(|updates| factor(Size::updates(updates)));
    let mut rest = calls;
    while !rest.is_empty() {
        let draws = others.some_draws(rest.len().min(64), dice);
        let (stretch, later) = rest.split_at_mut(draws.len());
        let mut bring = 0;
        for (call, draw) in stretch.iter_mut().zip(draws) {
            let (from, to) = (call.from, others.peer(call.from, draw));
            call.to = to;
            let size = protocol.size(&call.message);
            tally.totals.updates += u64::from(size.updates);
            tally.extra_bytes += u64::from(size.extra_bytes);
            let factor = match size.updates {
                updates @ 0..=1 if size.extra_bytes == 0 => small[updates as usize],
                _ => factor(size),
            };
            tally.digest.arrival(to, from, factor);
            let node = &nodes[to.index()];
            let mut cx = Cx::new(to, tally.now);
            protocol.answer(node, from, &mut call.message, &mut cx);
            tally.totals.redundant += cx.in_answer();
            let brings = !protocol.brings_nothing(node, &call.message);
            bring = bring << 1 | u64::from(brings);
        }
        stretches.push(Stretch {
            calls: stretch.len() as u32,
            bring: bring.reverse_bits() >> (64 - stretch.len()),
        });
        rest = later;
    }
    tally.totals.updates_ended += tally.totals.updates - kept.totals.updates;
    *kept = tally;
}

/// Merges the calls that bring something; gives how many nodes learned the rumor.
#[inline(never)]
fn merges<P: Protocol>(
    protocol: &P,
    nodes: &mut [P::Node],
    calls: &[Call<P::Message>],
    stretches: &[Stretch],
    arrivals: &mut Arrivals,
    awake: &mut NodeSet,
    now: Time,
) -> u32 {
    let mut rest = calls;
    let mut new = 0;
    for stretch in stretches {
        let (calls, later) = rest.split_at(stretch.calls as usize);
        let mut bring = stretch.bring;
        while bring != 0 {
            let call = &calls[bring.trailing_zeros() as usize];
            bring &= bring - 1;
            let node = &mut nodes[call.to.index()];
            let idle = protocol.idle(node);
            let mut cx = Cx::new(call.to, now);
            protocol.merge(node, call.from, call.message, &mut cx);
            // Which of a node's first copies comes first nobody can predict: no branches.
            new += u32::from(arrivals.insert_if(call.to, cx.in_merge()));
            awake.insert_if(call.to, idle & !protocol.idle(node));
        }
        rest = later;
    }
    new
}

/// The context of a handler, which may do one thing only: a tick call one peer, an
/// answer tell what was needed, a merge what was learned.
struct Cx<P: Protocol> {
    me: NodeId,
    now: Time,
    says: Option<P::Message>,
    redundant: u64,
    learned: bool,
}

impl<P: Protocol> Cx<P> {
    #[inline(always)]
    fn new(me: NodeId, now: Time) -> Cx<P> {
        Cx {
            me,
            now,
            says: None,
            redundant: 0,
            learned: false,
        }
    }

    /// What the node says, if it calls.
    #[inline(always)]
    fn in_tick(self) -> Option<P::Message> {
        if self.redundant > 0 || self.learned {
            refuse("learn or receive in a tick");
        }
        self.says
    }

    /// Redundant copies that came.
    #[inline(always)]
    fn in_answer(self) -> u64 {
        if self.says.is_some() || self.learned {
            refuse("call or learn in an answer");
        }
        self.redundant
    }

    /// Whether the node learned something.
    #[inline(always)]
    fn in_merge(self) -> bool {
        if self.says.is_some() || self.redundant > 0 {
            refuse("call or receive in a merge");
        }
        self.learned
    }
}

#[cold]
fn refuse(what: &str) -> ! {
    panic!("a protocol whose messages go one way must not {what}")
}

impl<P: Protocol> Context<P> for Cx<P> {
    #[inline(always)]
    fn me(&self) -> NodeId {
        self.me
    }

    #[inline(always)]
    fn time(&self) -> Time {
        self.now
    }

    fn period(&self) -> Duration {
        refuse("ask for the period")
    }

    fn shared(&mut self) -> &mut P::Shared {
        refuse("share memory")
    }

    fn draw(&mut self, _: Fanout) -> u32 {
        refuse("draw peers")
    }

    fn peer(&self, _: u32) -> NodeId {
        refuse("ask for a peer")
    }

    #[inline(always)]
    fn call(&mut self, fanout: Fanout, message: P::Message) {
        if fanout != Fanout::Peers(1) || self.says.is_some() {
            refuse("call any but one peer");
        }
        self.says = Some(message);
    }

    fn send(&mut self, _: NodeId, _: P::Message) {
        refuse("send")
    }

    #[inline(always)]
    fn learned(&mut self, _: Update) {
        self.learned = true;
    }

    fn removed(&mut self, _: Update) {
        refuse("be removed")
    }

    #[inline(always)]
    fn received(&mut self, _: Update, needed: bool) {
        // A branch on purpose, as in the engine's other context.
        if !needed {
            self.redundant += 1;
        }
    }

    fn count(&mut self, _: usize, _: u64) {
        refuse("count")
    }

    fn random(&mut self) -> &mut Stream {
        refuse("throw dice")
    }
}
