//! The chain over all sets of informed nodes of a small graph.
//!
//! Assumes: a fixed graph of at most [`NODES_MAX`] nodes, an arc from each node
//! to those that it can call, which need not lead back; a caller draws its
//! fanout distinct neighbours afresh (all of them if it has fewer), uniformly
//! among its neighbours; losses are independent; no faults; messages take no
//! time. Rounds decided from the state at their start, or Poisson clocks.
//! Whether those call who cannot tell anything does not matter. Range: loss 0
//! to 1.
//!
//! Source: elementary (inclusion of one caller after another). From the set S:
//! - push: each informed node tells a random set of its uninformed neighbours:
//!   hypergeometric of the drawn ones, each told with 1 - q; one caller is
//!   folded into the law of the set told after another;
//! - pull: each uninformed node is told with the probability that one of its
//!   drawn informed neighbours both hears and answers it, (1-q)^2 each: all
//!   independent;
//! - push-pull: both. Under Poisson clocks one caller acts at a time.
//!
//! A set that contains another is the larger number, so the sets in the order of
//! numbers are an order of the chain.

use super::super::calls::one_minus_exp;
use super::super::masses::{Masses, binomial, hypergeometric};
use super::super::spread::Exchange;
use super::chain::{Chain, EXITS_MAX, Rhythm, WORK_MAX};

/// Nodes of a graph, at most.
pub const NODES_MAX: usize = 15;

/// A set of nodes, one bit each.
type Set = u16;

/// Who can call whom.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct SmallGraph {
    /// By node: whom it can call.
    peers: Vec<Set>,
}

impl SmallGraph {
    /// From each node's peers, which are other nodes; none where there are more
    /// than [`NODES_MAX`] nodes, or none at all.
    pub fn new<Peers: IntoIterator<Item = u32>>(
        nodes: impl IntoIterator<Item = Peers>,
    ) -> Option<SmallGraph> {
        let mut peers = Vec::new();
        for node in nodes {
            if peers.len() == NODES_MAX {
                return None;
            }
            let mut set = 0;
            for peer in node {
                set |= 1u16.checked_shl(peer)?;
            }
            peers.push(set);
        }
        let all = full(peers.len());
        let fits = |(node, set): (usize, &Set)| set & !all == 0 && set >> node & 1 == 0;
        let fit = !peers.is_empty() && peers.iter().enumerate().all(fits);
        fit.then_some(SmallGraph { peers })
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.peers.len()
    }
}

/// Which nodes hold the rumor at first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Origin {
    /// These.
    Nodes(Vec<u32>),
    /// So many random ones.
    Random(u32),
}

/// One rumor on a small graph.
#[derive(Clone, PartialEq, Debug)]
pub struct Rumor {
    /// Who can call whom.
    pub graph: SmallGraph,
    /// Who tells whom in a call.
    pub exchange: Exchange,
    /// Distinct neighbours that a node calls in a cycle; none: all.
    pub fanout: Option<u32>,
    /// Probability q that a message is lost, 0 to 1.
    pub loss: f64,
    /// Who holds it at first: 1 to n nodes.
    pub origin: Origin,
    /// When nodes call.
    pub rhythm: Rhythm,
}

/// The set of the first nodes.
fn full(nodes: usize) -> Set {
    ((1u32 << nodes) - 1) as Set
}

fn members(set: Set) -> impl Iterator<Item = usize> {
    (0..NODES_MAX + 1).filter(move |node| set >> node & 1 == 1)
}

impl Chain {
    /// The chain of a rumor on a small graph.
    ///
    /// # Panics
    /// If the sources are none, or not of the graph: our own mistake.
    pub fn on_graph(rumor: &Rumor) -> Chain {
        let begin = rumor.begin();
        let nodes = rumor.graph.nodes();
        let sources = begin[0].0.count_ones();
        let mut chain = Chain::empty(rumor.rhythm, nodes as u64, u64::from(sources));
        let mut reached = vec![false; 1 << nodes];
        for (set, _) in &begin {
            reached[*set as usize] = true;
        }
        let mut step = Step::new(rumor);
        for set in 0..=full(nodes) {
            let informed = set.count_ones();
            if !reached[set as usize] {
                chain.push(informed, 1.0, std::iter::empty());
                continue;
            }
            step.from(set);
            let (stays, exits) = step.exits();
            chain.push(informed, stays, exits);
            for (to, _) in chain.exits_of(set as usize) {
                reached[*to as usize] = true;
            }
        }
        chain.begin = begin.iter().map(|(set, p)| (u32::from(*set), *p)).collect();
        chain
    }
}

impl Rumor {
    /// About how many nanoseconds [`Chain::on_graph`] takes, at most: every set
    /// that can come about, times the sets of those who may be told next.
    pub fn work(&self) -> f64 {
        let nodes = self.graph.nodes();
        let step = Step::new(self);
        let mut work = 0.0;
        for set in 1..=full(nodes) {
            let next = step.next(set);
            let callers = f64::from(set.count_ones());
            work += 16.0 * libm::ldexp(callers + 2.0, next.count_ones() as i32);
        }
        work
    }

    /// Is the chain worth its time and its memory? On 12 nodes always; on 15 not
    /// where nearly everybody can call everybody.
    pub fn is_practical(&self) -> bool {
        let nodes = self.graph.nodes();
        let step = Step::new(self);
        let exits =
            (1..=full(nodes)).map(|set| libm::ldexp(1.0, step.next(set).count_ones() as i32));
        self.work() <= WORK_MAX && exits.sum::<f64>() <= EXITS_MAX
    }

    fn begin(&self) -> Vec<(Set, f64)> {
        let all = full(self.graph.nodes());
        let sets: Vec<Set> = match &self.origin {
            Origin::Nodes(nodes) => vec![nodes.iter().fold(0, |set, node| set | 1 << node)],
            Origin::Random(count) => (1..=all).filter(|set| set.count_ones() == *count).collect(),
        };
        let fit = |set: &Set| *set > 0 && set & !all == 0;
        assert!(!sets.is_empty() && sets.iter().all(fit), "no such sources");
        let share = 1.0 / sets.len() as f64;
        sets.iter().map(|set| (*set, share)).collect()
    }

    fn fanout_of(&self, degree: usize) -> usize {
        self.fanout.map_or(degree, |m| (m as usize).min(degree))
    }

    /// By how many uninformed neighbours are told: the probability that exactly
    /// those are, out of `open` of them.
    fn tells(&self, degree: usize, open: usize) -> Vec<f64> {
        let drawn = hypergeometric(degree, open, self.fanout_of(degree));
        let mut tells = vec![0.0; open + 1];
        for (drawn, p) in drawn.iter() {
            for (told, passes) in binomial(drawn, 1.0 - self.loss, self.loss).iter() {
                tells[told] += p * passes;
            }
        }
        // Each set of so many is as likely as another.
        let mut ways = 1.0;
        for (told, tell) in tells.iter_mut().enumerate() {
            *tell /= ways;
            ways = ways * (open - told) as f64 / (told + 1) as f64;
        }
        while tells.len() > 1 && tells[tells.len() - 1] == 0.0 {
            tells.pop();
        }
        tells
    }

    /// The probabilities that a caller with so many informed neighbours is told,
    /// and that it is not.
    fn pulled(&self, degree: usize, informed: usize) -> (f64, f64) {
        let drawn = hypergeometric(degree, informed, self.fanout_of(degree));
        told_by_own(&drawn, self.loss)
    }
}

/// The probabilities that a caller is told by one of the informed nodes that it
/// draws, and that it is not.
pub(super) fn told_by_own(drawn: &Masses, loss: f64) -> (f64, f64) {
    let log_fails = libm::log1p(-(1.0 - loss) * (1.0 - loss));
    let (mut told, mut untold) = (0.0, 0.0);
    for (drawn, p) in drawn.iter() {
        // Without loss nothing times minus infinity would be no number.
        let none = if drawn == 0 {
            0.0
        } else {
            drawn as f64 * log_fails
        };
        told += p * one_minus_exp(none);
        untold += p * libm::exp(none);
    }
    (told, untold)
}

/// What becomes of one set next.
struct Step<'r> {
    rumor: &'r Rumor,
    set: Set,
    /// The nodes that may be told next.
    open: Vec<usize>,
    /// By the set of those told, numbered among `open`: the probability, or the
    /// rate.
    told: Vec<f64>,
    spare: Vec<f64>,
}

impl<'r> Step<'r> {
    fn new(rumor: &'r Rumor) -> Step<'r> {
        Step {
            rumor,
            set: 0,
            open: Vec::new(),
            told: Vec::new(),
            spare: Vec::new(),
        }
    }

    /// The nodes outside of a set that may be told next.
    fn next(&self, set: Set) -> Set {
        let peers = &self.rumor.graph.peers;
        let mut next = 0;
        if self.rumor.exchange != Exchange::Pull {
            next |= members(set).fold(0, |next, node| next | peers[node]);
        }
        if self.rumor.exchange != Exchange::Push {
            let outside = members(full(peers.len()) & !set);
            next |= outside
                .filter(|node| peers[*node] & set != 0)
                .fold(0, |next, node| next | 1 << node);
        }
        next & !set
    }

    fn from(&mut self, set: Set) {
        self.set = set;
        self.open.clear();
        self.open.extend(members(self.next(set)));
        self.told.clear();
        self.told.resize(1 << self.open.len(), 0.0);
        self.told[0] = 1.0;
        if self.rumor.exchange != Exchange::Push {
            self.pulls();
        }
        if self.rumor.exchange != Exchange::Pull {
            self.pushes();
        }
    }

    fn pulls(&mut self) {
        for place in 0..self.open.len() {
            let peers = self.rumor.graph.peers[self.open[place]];
            let informed = (peers & self.set).count_ones() as usize;
            let (p, not) = self.rumor.pulled(peers.count_ones() as usize, informed);
            if self.rumor.rhythm == Rhythm::Poisson {
                self.told[1 << place] += p;
                continue;
            }
            for told in 0..1usize << place {
                let mass = self.told[told];
                self.told[told | 1 << place] = mass * p;
                self.told[told] = mass * not;
            }
        }
    }

    fn pushes(&mut self) {
        for caller in members(self.set) {
            let peers = self.rumor.graph.peers[caller];
            let places = (0..self.open.len()).filter(|place| peers >> self.open[*place] & 1 == 1);
            let places: Vec<usize> = places.collect();
            let tells = self.rumor.tells(peers.count_ones() as usize, places.len());
            for (set, count) in choices(&places, tells.len() - 1) {
                let p = tells[count];
                match self.rumor.rhythm {
                    Rhythm::Poisson if count > 0 => self.told[set] += p,
                    Rhythm::Poisson => {}
                    Rhythm::Rounds => self.fold(set, p),
                }
            }
            if self.rumor.rhythm == Rhythm::Rounds {
                std::mem::swap(&mut self.told, &mut self.spare);
                self.spare.fill(0.0);
            }
        }
    }

    /// With probability `p` these are told besides.
    fn fold(&mut self, set: usize, p: f64) {
        self.spare.resize(self.told.len(), 0.0);
        for (told, mass) in self.told.iter().enumerate() {
            self.spare[told | set] += mass * p;
        }
    }

    /// The probability of no change, and the sets that may come next.
    fn exits(&self) -> (f64, impl Iterator<Item = (u32, f64)>) {
        let name = |told: usize| {
            let places = (0..self.open.len()).filter(|place| told >> place & 1 == 1);
            places.fold(self.set, |set, place| set | 1 << self.open[place])
        };
        let exits = (1..self.told.len()).map(move |told| (u32::from(name(told)), self.told[told]));
        (self.told[0], exits)
    }
}

/// All sets of at most so many of some places, with their sizes.
fn choices(places: &[usize], most: usize) -> Vec<(usize, usize)> {
    let mut sets = vec![(0, 0)];
    for place in places {
        for i in 0..sets.len() {
            let (set, count) = sets[i];
            if count < most {
                sets.push((set | 1 << place, count + 1));
            }
        }
    }
    sets
}
