//! Floods in common rounds: all neighbours are called in each round and nothing is
//! lost, so that a node is informed at its distance from the source.

use super::answer::of_run;
use super::curve::{self, CurveRow};
use super::on_graph::{GraphOptions, OnGraph, peers};
use super::options::{goal_rows, parsed};
use super::spreading::{self, Runs, Times};
use super::worked::Key;
use super::{Answer, Applied, Expected, Law, Observed, Premises, Refusal, Subject, Worked};
use crate::engine::Clock;
use crate::network::topology::Graph;
use crate::theory::graph::flood;
use crate::theory::{self, CurvePoint, Moments};
use clap::{ArgMatches, Args, Command};
use std::sync::Arc;

/// `flood`.
pub(super) struct Flood;

#[derive(Args)]
struct Options {
    #[command(flatten)]
    graph: GraphOptions,
}

impl Law for Flood {
    fn name(&self) -> &'static str {
        "flood"
    }

    fn about(&self) -> &'static str {
        "rounds to any share where all neighbours are called and nothing is lost (distances)"
    }

    fn subject(&self) -> Option<Subject> {
        Some(Subject::Rounds)
    }

    fn applies(&self, cell: &Premises) -> Result<Box<dyn Applied>, Refusal> {
        let rumor = OnGraph::of(cell)?;
        if !rumor.is_flood() {
            let why = "floods are for fanout \"all\", common rounds and no loss";
            return Err(Refusal::protocol(why));
        }
        Ok(Box::new(InCell {
            nodes: rumor.nodes,
            key: rumor.key(),
            graph: rumor.graph(),
            begins: rumor.begins().unwrap_or_default(),
            exchange: rumor.exchange,
            runs: rumor.runs,
        }))
    }

    fn arguments(&self, command: Command) -> Command {
        Options::augment_args(command)
    }

    fn answer(&self, arguments: &ArgMatches) -> Result<Answer, String> {
        let options: Options = parsed(arguments)?;
        let asked = options.graph.rumor(None, 0.0, Clock::Synchronous)?;
        let rumor = asked.rumor();
        let begins = rumor.begins();
        let begins = begins.ok_or("too many nodes to look at all of them: name --sources")?;
        let floods = Floods::of(&rumor.graph(), rumor.nodes, rumor.exchange, &begins);
        let nodes = u64::from(rumor.nodes);
        let all = floods.rounds_to(nodes);
        let all = all.ok_or("not everybody can be reached from there")?;
        let goals = spreading::curve_goals(nodes);
        let mut rows = goal_rows(
            |goal| floods.rounds_to(goal).unwrap_or(all),
            goals,
            "rounds",
        );
        if let Some(arrival) = floods.arrival() {
            rows.push(of_run("mean arrival", arrival, "rounds"));
        }
        Ok(Answer::of_runs(&rows))
    }
}

/// The floods of a cell.
struct InCell {
    nodes: u32,
    key: Key,
    graph: Graph,
    begins: Vec<Vec<u32>>,
    exchange: theory::Exchange,
    runs: Runs,
}

/// What is kept of the floods from each set of sources, which are equally likely.
struct Floods {
    nodes: u64,
    /// By flood: the distances of those reached, ascending.
    distances: Vec<Vec<u32>>,
    arrivals: Vec<Option<f64>>,
}

impl Floods {
    fn of(graph: &Graph, nodes: u32, exchange: theory::Exchange, begins: &[Vec<u32>]) -> Floods {
        let mut floods = Floods {
            nodes: u64::from(nodes),
            distances: Vec::new(),
            arrivals: Vec::new(),
        };
        for sources in begins {
            let arrivals = flood::arrivals(nodes, |node| peers(graph, node), exchange, sources);
            floods.arrivals.push(flood::mean_arrival(&arrivals));
            let mut reached: Vec<u32> = arrivals.into_iter().flatten().collect();
            reached.sort_unstable();
            floods.distances.push(reached);
        }
        floods
    }

    /// Of each flood: its last round to so many; none if one never gets there.
    fn rounds(&self, count: u64) -> Option<Vec<f64>> {
        let place = usize::try_from(count).ok()?.checked_sub(1)?;
        let of = |reached: &Vec<u32>| reached.get(place).map(|round| f64::from(*round));
        self.distances.iter().map(of).collect()
    }
}

/// Of a value that is one of these, equally likely.
fn moments(values: &[f64]) -> Moments {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares = values.iter().map(|value| (value - mean) * (value - mean));
    Moments {
        mean,
        variance: squares.sum::<f64>() / count,
    }
}

impl InCell {
    fn floods(&self, worked: &mut Worked) -> Arc<Floods> {
        worked.get("flood", &self.key, || {
            Floods::of(&self.graph, self.nodes, self.exchange, &self.begins)
        })
    }
}

impl Applied for InCell {
    fn expected(&self, metric: &str, observed: &Observed, worked: &mut Worked) -> Option<Expected> {
        let nodes = u64::from(self.nodes);
        if !spreading::is_asked(metric, nodes, observed) {
            return None;
        }
        let floods = self.floods(worked);
        self.runs.expected(&*floods, nodes, metric, observed)
    }

    /// Where the flood is the same in all runs.
    fn curve(&self, worked: &mut Worked) -> Vec<CurveRow> {
        let nodes = u64::from(self.nodes);
        let floods = self.floods(worked);
        let [reached] = floods.distances.as_slice() else {
            return Vec::new();
        };
        if reached.len() as u64 != nodes {
            return Vec::new();
        }
        let last = reached.last().copied().unwrap_or(0);
        let goals = spreading::curve_goals(nodes);
        curve::thinned((0..=last).map(|round| {
            let informed = reached.partition_point(|distance| *distance <= round) as u64;
            CurvePoint {
                round: f64::from(round),
                mean: informed as f64,
                sd: 0.0,
                quantiles: [informed; 3],
                within: goals.map(|goal| f64::from(u8::from(informed >= goal))),
            }
        }))
    }
}

impl Times for Floods {
    fn is_cut(&self, count: u64, last_round: f64) -> bool {
        let ended = libm::ceil(last_round);
        self.rounds(count)
            .is_none_or(|rounds| rounds.iter().any(|round| *round > ended))
    }

    fn rounds_to(&self, count: u64) -> Option<Moments> {
        self.rounds(count).map(|rounds| moments(&rounds))
    }

    fn all_within(&self, last_round: f64) -> Option<f64> {
        let ended = libm::ceil(last_round);
        let of = |reached: &&Vec<u32>| {
            let last = reached.last().map_or(0.0, |round| f64::from(*round));
            reached.len() as u64 == self.nodes && last <= ended
        };
        let all = self.distances.iter().filter(of).count();
        Some(all as f64 / self.distances.len() as f64)
    }

    fn arrival(&self) -> Option<Moments> {
        let arrivals: Option<Vec<f64>> = self.arrivals.iter().copied().collect();
        arrivals.map(|arrivals| moments(&arrivals))
    }

    fn calls_by_informed(&self) -> Option<Expected> {
        None
    }
}
