//! Who looks on at a run sees all of it and changes nothing; the hops of the rumor.

use crate::common::{Mean, cell, runs, values};
use gossim::engine::{Space, run, run_observed};
use gossim::invalid::Invalid;
use gossim::metrics::{Observer, Passage, Run};
use gossim::node::NodeId;
use gossim::protocol::{Context, Protocol, Push, RUMOR, Size, World};
use gossim::random::Seeds;
use gossim::time::Time;
use serde::{Deserialize, Serialize};

/// Node i tells nodes 2i + 1 and 2i + 2, once: a binary tree.
struct Tree {
    nodes: u32,
}

#[derive(Serialize, Deserialize)]
struct NoKeys {}

impl Tree {
    fn tell(&self, me: &mut bool, cx: &mut impl Context<Tree>) {
        if !std::mem::replace(me, true) {
            cx.learned(RUMOR);
            for child in [1, 2].map(|k| 2 * cx.me().0 + k) {
                if child < self.nodes {
                    cx.send(NodeId(child), ());
                }
            }
        }
    }
}

impl Protocol for Tree {
    type Params = NoKeys;
    type Node = bool;
    type Message = ();
    type Shared = ();

    fn new(_: NoKeys, world: &World) -> Result<Tree, Invalid> {
        Ok(Tree { nodes: world.nodes })
    }

    fn node(&self) -> bool {
        false
    }

    fn write(&self, me: &mut bool, cx: &mut impl Context<Self>) {
        self.tell(me, cx);
    }

    fn tick(&self, _: &mut bool, _: &mut impl Context<Self>) {}

    fn answer(&self, _: &bool, _: NodeId, (): &mut (), _: &mut impl Context<Self>) {}

    fn merge(&self, me: &mut bool, _: NodeId, (): (), cx: &mut impl Context<Self>) {
        self.tell(me, cx);
    }

    fn size(&self, (): &()) -> Size {
        Size::updates(1)
    }
}

fn seeds(replicate: u64) -> Seeds {
    Seeds {
        master: 5,
        replicate,
        cell: String::new(),
    }
}

/// Node i of a binary tree is floor(log2(i + 1)) hops from its root: of 9 nodes two,
/// four and two are 1, 2 and 3 hops away. The last to learn are two of the lowest row.
#[test]
fn the_hops_of_a_tree_are_its_depths() {
    for clock in ["synchronous", "periodic", "poisson"] {
        let settings =
            format!("nodes.count=9 clock.mode={clock} workload.sources=[0] measure.hops=true");
        let setup = cell(&settings).setup;
        let hops = run(&Tree { nodes: 9 }, &setup, &seeds(0)).hops.unwrap();
        assert_eq!(
            (hops.nodes, hops.sum, hops.last),
            (8, 2 + 8 + 6, 3),
            "{clock}"
        );
        assert_eq!(hops.mean(), Some(2.0));
    }
}

/// With calls at the times of Poisson processes and no latency, each node of push
/// learns the rumor of one drawn from all that know it: a random recursive tree. Its
/// k-th node has depth H(k-1) in the mean (a sum of independent coins of 1/j), and the
/// last one's variance is H(n-1) less the sum of 1/j^2. Where a node learns in a round
/// it is no more hops away than rounds have passed.
#[test]
fn push_makes_a_random_recursive_tree() {
    let nodes = 30;
    let poisson = cell("nodes.count=30 clock.mode=poisson measure.hops=true");
    let all = runs(&poisson, 8, 800);
    let harmonic = |k: u32, power: f64| {
        (1..=k)
            .map(|j| libm::pow(f64::from(j), -power))
            .sum::<f64>()
    };
    let depths = (1..nodes).map(|k| harmonic(k, 1.0)).sum::<f64>();
    let mean = Mean::of(&values(&poisson, &all, "hops_mean"));
    mean.check(depths / f64::from(nodes - 1), 0.0).unwrap();
    let sd = (harmonic(nodes - 1, 1.0) - harmonic(nodes - 1, 2.0)).sqrt();
    let last = Mean::with_sd(&values(&poisson, &all, "hops_last"), sd);
    last.check(harmonic(nodes - 1, 1.0), 0.0).unwrap();
    let rounds = cell("nodes.count=30 measure.hops=true");
    for run in runs(&rounds, 8, 50) {
        let hops = run.hops.unwrap();
        let mean = run.arrivals.mean_in_rounds(run.period);
        let last = run.arrivals.last().unwrap().in_rounds(run.period);
        assert!(hops.mean() <= mean && f64::from(hops.last) <= last);
        assert!(hops.last >= 1 && hops.nodes == 29);
    }
}

/// All that happens in a run.
#[derive(Default)]
struct Trace {
    sent: Vec<(Passage, bool)>,
    arrived: Vec<Passage>,
    learned: Vec<(NodeId, Option<NodeId>, Time)>,
    contacts: usize,
}

struct Tracing<'t>(&'t mut Trace);

impl Observer for Tracing<'_> {
    fn wants_all(&self) -> bool {
        true
    }

    fn sent(&mut self, passage: &Passage, lost: bool) {
        self.0.sent.push((*passage, lost));
    }

    fn arrived(&mut self, passage: &Passage) {
        self.0.arrived.push(*passage);
    }

    fn contacted(&mut self, nodes: impl Iterator<Item = NodeId>) {
        self.0.contacts += nodes.count();
    }

    fn learned(&mut self, node: NodeId, from: Option<NodeId>, now: Time) {
        self.0.learned.push((node, from, now));
    }
}

/// The hops of the last node that learned and of all, by what a trace saw.
fn hops(trace: &Trace, nodes: u32) -> (u64, u32) {
    let mut of = vec![None; nodes as usize];
    let mut last = (Time::ZERO, 0);
    for &(node, from, now) in &trace.learned {
        let hops = from.map_or(0, |from| of[from.index()].expect("it told before") + 1);
        assert_eq!(of[node.index()].replace(hops), None, "once a node");
        last = match last.0 == now {
            true => (now, last.1.max(hops)),
            false => (now, hops),
        };
    }
    let sum = of.into_iter().flatten().map(u64::from).sum();
    (sum, last.1)
}

/// Also where the engine has a short cut for who asks for less (push in rounds).
#[test]
fn a_trace_sees_all_and_changes_nothing() {
    let push = |setup: &gossim::engine::Setup| {
        let params = toml::from_str("").unwrap();
        Push::new(params, &setup.world()).unwrap()
    };
    for (clock, replicate) in [("synchronous", 0), ("periodic", 1), ("poisson", 2)] {
        let settings = format!("nodes.count=40 clock.mode={clock} network.loss=0.05");
        let plain = cell(&settings).setup;
        let counting = cell(&format!("{settings} measure.hops=true")).setup;
        let seeds = seeds(replicate);
        let run_plain = run(&push(&plain), &plain, &seeds);
        let run_counting = run(&push(&plain), &counting, &seeds);
        let mut trace = Trace::default();
        let tracing = Tracing(&mut trace);
        let traced = run_observed(
            &mut Space::default(),
            &push(&plain),
            &plain,
            &seeds,
            tracing,
        );
        let Run { totals, .. } = &run_plain;
        let without = Run {
            hops: None,
            ..run_counting.clone()
        };
        assert_eq!(without, run_plain, "{clock}");
        let core = |run: &Run| (run.digest, run.totals, run.arrivals.clone(), run.ended);
        assert_eq!(core(&traced), core(&run_plain), "{clock}");
        let lost = trace.sent.iter().filter(|(_, lost)| *lost).count();
        let counts = [
            trace.sent.len(),
            lost,
            trace.arrived.len(),
            trace.learned.len(),
        ];
        let informed = u64::from(run_plain.arrivals.informed());
        let told = [totals.sent, totals.lost, totals.delivered, informed];
        assert_eq!(counts.map(|count| count as u64), told);
        assert_eq!(trace.contacts as u64, totals.delivered, "push only calls");
        let bytes: u64 = trace.sent.iter().map(|(passage, _)| passage.bytes).sum();
        assert_eq!(bytes, totals.bytes);
        let counted = run_counting.hops.expect("asked for");
        assert_eq!((counted.sum, counted.last), hops(&trace, 40));
        assert!(lost > 0 && counted.last > 1);
    }
}
