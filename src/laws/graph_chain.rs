//! Rounds or time to any share on small graphs and on stars: the exact Markov chain
//! over sets of informed nodes, under common rounds and under Poisson clocks.

use super::answer::of_run;
use super::curve::{self, CurveRow};
use super::on_graph::{CallerOptions, GraphOptions, OnGraph, peers};
use super::options::{curve_csv, goal_rows, nobody_informed, parsed};
use super::spreading::{self, CUT_MAX, Runs, Times};
use super::worked::Key;
use super::{Answer, Applied, Expected, Law, Observed, Premises, Refusal, Subject, Worked};
use crate::engine::{Clock, Sources};
use crate::network::Topology;
use crate::theory::Moments;
use crate::theory::graph::{Bipartite, Chain, NODES_MAX, Rhythm, Rumor, SmallGraph};
use crate::theory::spread_chain::Rounds;
use clap::{ArgMatches, Args, Command, ValueEnum};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `graph-chain`.
pub(super) struct GraphChain;

#[derive(Args)]
struct Options {
    #[command(flatten)]
    graph: GraphOptions,
    #[command(flatten)]
    calls: CallerOptions,
    /// When nodes act
    #[arg(long, value_enum, default_value_t = Acts::Synchronous)]
    clock: Acts,
    /// The curve as CSV, in place of the table
    #[arg(long)]
    curve: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Acts {
    Synchronous,
    Poisson,
}

impl Law for GraphChain {
    fn name(&self) -> &'static str {
        "graph-chain"
    }

    fn about(&self) -> &'static str {
        "time to any share on any graph of up to 12 nodes, and on stars (exact Markov chain)"
    }

    fn subject(&self) -> Option<Subject> {
        Some(Subject::Rounds)
    }

    fn applies(&self, cell: &Premises) -> Result<Box<dyn Applied>, Refusal> {
        let rumor = OnGraph::of(cell)?;
        if rumor.is_flood() {
            return Err(Refusal::protocol("all neighbours are called: a flood"));
        }
        let model = Model::of(&rumor)?;
        if rumor.clock == Clock::Periodic {
            return Err("under the periodic clock no exact law is known here".into());
        }
        if !rumor.latency.is_zero() {
            return Err("under the Poisson clock the exact law is for no latency".into());
        }
        Ok(Box::new(InCell {
            nodes: u64::from(rumor.nodes),
            key: rumor.key(),
            model,
            runs: rumor.runs,
        }))
    }

    fn arguments(&self, command: Command) -> Command {
        Options::augment_args(command)
    }

    fn answer(&self, arguments: &ArgMatches) -> Result<Answer, String> {
        let options: Options = parsed(arguments)?;
        let (clock, unit) = match options.clock {
            Acts::Synchronous => (Clock::Synchronous, "rounds"),
            Acts::Poisson => (Clock::Poisson, "periods"),
        };
        let CallerOptions { fanout, loss } = options.calls;
        if loss >= 1.0 {
            return Err(nobody_informed());
        }
        let asked = options.graph.rumor(fanout.count(), loss, clock)?;
        let rumor = asked.rumor();
        let nodes = u64::from(rumor.nodes);
        let chain = Model::of(&rumor).map_err(|refusal| refusal.why)?.chain();
        let all = chain.time_to(nodes);
        let all = all.ok_or("not everybody can ever be informed from there")?;
        let goals = spreading::curve_goals(nodes);
        if options.curve {
            let (step, points) = steps(all, clock == Clock::Synchronous);
            return Ok(Answer::Csv(curve_csv(
                chain.curve(step, goals).take(points),
            )));
        }
        let mut rows = goal_rows(|goal| chain.time_to(goal).unwrap_or(all), goals, unit);
        if let Some(arrival) = chain.mean_arrival() {
            rows.push(of_run("mean arrival", arrival, unit));
        }
        Ok(Answer::of_runs(&rows))
    }
}

/// The step of a curve and how many points it has: to its end, but for a tiny
/// probability, where that is not too far.
fn steps(all: Moments, in_rounds: bool) -> (f64, usize) {
    let end = all.mean + 12.0 * all.sd();
    // As the series: quarters of a period, or half as many, and so on.
    let mut step = if in_rounds { 1.0 } else { 0.25 };
    while !in_rounds && end / step > (curve::POINTS_MAX - 1) as f64 {
        step *= 2.0;
    }
    (step, (end / step) as usize + 2)
}

/// The chain that is meant.
enum Model {
    Small(Rumor),
    Star(Bipartite),
}

impl Model {
    fn of(rumor: &OnGraph) -> Result<Model, Refusal> {
        let rhythm = match rumor.clock {
            Clock::Synchronous => Rhythm::Rounds,
            Clock::Periodic | Clock::Poisson => Rhythm::Poisson,
        };
        let is_small = rumor.nodes as usize <= NODES_MAX;
        if matches!(rumor.topology, Topology::Star(_)) && rumor.nodes > 1 && !is_small {
            let star = Bipartite {
                sides: [1, u64::from(rumor.nodes) - 1],
                sources: match rumor.sources {
                    Sources::Count(count) => Err(u64::from(*count)),
                    Sources::Nodes(nodes) => {
                        let hubs = nodes.iter().filter(|node| node.0 == 0).count() as u64;
                        Ok([hubs, nodes.len() as u64 - hubs])
                    }
                },
                exchange: rumor.exchange,
                fanout: rumor.fanout,
                loss: rumor.loss,
                rhythm,
            };
            return match star.is_practical() {
                true => Ok(Model::Star(star)),
                false => Err("the exact chain takes too long at this size".into()),
            };
        }
        if !is_small {
            return Err("on graphs the exact chain is for up to 12 nodes".into());
        }
        let graph = rumor.graph();
        let rows = (0..rumor.nodes).map(|node| peers(&graph, node).iter().copied());
        let graph = SmallGraph::new(rows).ok_or("the graph is not one of the chain's")?;
        let small = Rumor {
            graph,
            exchange: rumor.exchange,
            fanout: rumor.fanout,
            loss: rumor.loss,
            origin: rumor.origin(),
            rhythm,
        };
        match small.is_practical() {
            true => Ok(Model::Small(small)),
            false => Err("the exact chain takes too long on so dense a graph".into()),
        }
    }

    fn chain(&self) -> Chain {
        match self {
            Model::Small(rumor) => Chain::on_graph(rumor),
            Model::Star(star) => Chain::on_bipartite(star),
        }
    }

    fn work(&self) -> f64 {
        match self {
            Model::Small(rumor) => rumor.work(),
            Model::Star(star) => star.work(),
        }
    }

    fn in_rounds(&self) -> bool {
        let rhythm = match self {
            Model::Small(rumor) => rumor.rhythm,
            Model::Star(star) => star.rhythm,
        };
        rhythm == Rhythm::Rounds
    }
}

/// The chain of a cell.
struct InCell {
    nodes: u64,
    key: Key,
    model: Model,
    runs: Runs,
}

/// What is kept of a chain.
struct Kept {
    nodes: u64,
    chain: Chain,
    /// By the number of informed nodes that is asked for, in rounds; only those that
    /// can be reached.
    rounds: BTreeMap<u64, Rounds>,
}

impl InCell {
    /// The thresholds (the same in all cells) are no part of the key.
    fn kept(&self, worked: &mut Worked) -> Arc<Kept> {
        worked.get("graph-chain", &self.key, || {
            let chain = self.model.chain();
            let shares = self.runs.thresholds.iter();
            let shares = shares.map(|percent| spreading::share(self.nodes, *percent));
            let counts = shares.chain([spreading::majority(self.nodes), self.nodes]);
            let mut rounds = BTreeMap::new();
            for count in counts.filter(|_| self.model.in_rounds()) {
                if chain.time_to(count).is_some() {
                    rounds
                        .entry(count)
                        .or_insert_with(|| chain.rounds_to(count));
                }
            }
            Kept {
                nodes: self.nodes,
                chain,
                rounds,
            }
        })
    }
}

impl Applied for InCell {
    fn expected(&self, metric: &str, observed: &Observed, worked: &mut Worked) -> Option<Expected> {
        if !spreading::is_asked(metric, self.nodes, observed) {
            return None;
        }
        let kept = self.kept(worked);
        self.runs.expected(&*kept, self.nodes, metric, observed)
    }

    fn curve(&self, worked: &mut Worked) -> Vec<CurveRow> {
        let is_known = worked.has::<Kept>("graph-chain", &self.key);
        let work = if is_known { 0.0 } else { self.model.work() };
        if !worked.spend_on_curve(work) {
            return Vec::new();
        }
        let kept = self.kept(worked);
        let Some(all) = kept.chain.time_to(self.nodes) else {
            return Vec::new();
        };
        let (step, points) = steps(all, self.model.in_rounds());
        if !worked.spend_on_curve(kept.chain.curve_work(step, points as u64)) {
            return Vec::new();
        }
        let goals = spreading::curve_goals(self.nodes);
        curve::thinned(kept.chain.curve(step, goals).take(points))
    }
}

impl Times for Kept {
    fn is_cut(&self, count: u64, last_round: f64) -> bool {
        let beyond = match self.rounds.get(&count) {
            Some(rounds) => rounds.beyond(libm::ceil(last_round) as u64),
            None => self.chain.beyond_at_most(count, last_round),
        };
        beyond > CUT_MAX
    }

    fn rounds_to(&self, count: u64) -> Option<Moments> {
        self.chain.time_to(count)
    }

    fn all_within(&self, last_round: f64) -> Option<f64> {
        if let Some(rounds) = self.rounds.get(&self.nodes) {
            return Some(1.0 - rounds.beyond(libm::ceil(last_round) as u64));
        }
        let beyond = self.chain.beyond_at_most(self.nodes, last_round);
        (beyond < f64::EPSILON / 2.0).then_some(1.0)
    }

    fn arrival(&self) -> Option<Moments> {
        self.chain.mean_arrival()
    }

    fn calls_by_informed(&self) -> Option<Expected> {
        None
    }
}
