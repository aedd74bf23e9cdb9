//! Which exact model of spreading a cell meets, and what it expects.

use super::applies::calls;
use super::curve::{self, CurveRow};
use super::measured::ALL_INFORMED;
use crate::engine::{Clock, Setup};
use crate::scenario::Cell;
use crate::stop::Stop;
use crate::theory::spread_chain::{self, Chain, Rounds, is_practical};
use crate::theory::spread_poisson::{self, Births};
use crate::theory::{self, Exchange, Moments, Targets, mean_field};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a run is stopped before the goal with a greater probability, the runs
/// that reach it are not all runs: no theory.
const CUT_MAX: f64 = 1e-6;

/// The exact model of spreading that a cell meets.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    spread: theory::Spread,
    poisson: bool,
    /// Do informed nodes call?
    informed_call: bool,
    /// How many informed nodes end a run, if a number does. What is not known by
    /// then is known of the runs that overshoot alone: no theory.
    goal: Option<u64>,
    /// Rounds after which a run is stopped in any case.
    last_round: f64,
}

impl Spread {
    /// The model's name.
    pub fn model(&self) -> &'static str {
        match (self.spread.exchange, self.poisson) {
            (Exchange::Push, false) => "push-chain",
            (Exchange::Pull, false) => "pull-chain",
            (Exchange::PushPull, false) => "push-pull-chain",
            (Exchange::Push, true) => "push-poisson",
            (Exchange::Pull, true) => "pull-poisson",
            (Exchange::PushPull, true) => "push-pull-poisson",
        }
    }

    /// Equal where all of the model's own numbers are; what stops a run and
    /// what is measured is no part of it.
    fn key(&self) -> Key {
        let calls = &self.spread.calls;
        let sizes = [
            calls.nodes,
            calls.fanout,
            calls.pool,
            self.spread.sources,
            calls.loss.to_bits(),
        ];
        let distinct = calls.targets == Targets::Distinct;
        (self.spread.exchange, self.poisson, distinct, sizes)
    }

    /// Is a run stopped before so many are informed, with a probability that matters?
    fn is_cut(&self, law: &Law, count: u64) -> bool {
        let beyond = match law {
            _ if self.goal.is_some_and(|goal| goal < count) => 1.0,
            _ if self.last_round == f64::INFINITY => 0.0,
            Law::Births(births) => births.beyond_at_most(count, self.last_round),
            Law::Chain(chain) => chain.rounds.get(&count).map_or(1.0, |rounds| {
                rounds.beyond(libm::ceil(self.last_round) as u64)
            }),
        };
        beyond > CUT_MAX
    }
}

type Key = (Exchange, bool, bool, [u64; 5]);

/// The exact model of spreading whose assumptions the cell meets.
///
/// # Errors
/// Why none applies, as a clause that follows "no theory: ".
pub fn spread(cell: &Cell) -> Result<Spread, String> {
    let (rumor, informed_call) = rumor(cell)?;
    Ok(Spread {
        spread: rumor,
        poisson: by_clock(&cell.setup, &rumor)?,
        informed_call,
        goal: cell.setup.stop.goal(cell.setup.nodes).map(u64::from),
        last_round: last_round(&cell.setup.stop, &cell.setup),
    })
}

/// What spreads in the cell, whatever its clock; and do informed nodes call?
fn rumor(cell: &Cell) -> Result<(theory::Spread, bool), String> {
    let setup = &cell.setup;
    let exchange = match cell.protocol_name.as_str() {
        "push" => Exchange::Push,
        "pull" => Exchange::Pull,
        "push-pull" => Exchange::PushPull,
        other => return Err(format!("no exact law is known here for {other}")),
    };
    let calling = cell.protocol.calling();
    let fanout = calling
        .fanout
        .ok_or("the protocol doesn't say how many peers a node calls")?;
    if !setup.network.topology.is_complete() {
        return Err("the topology is not complete".into());
    }
    if setup.workload.at.0 > 0 {
        return Err("the rumor is not written at time 0".into());
    }
    if setup.stop.max_events.is_some() {
        return Err("stop.max_events may end a run anywhere".into());
    }
    let spread = theory::Spread {
        exchange,
        calls: calls(setup, fanout),
        sources: u64::from(setup.workload.source_count()),
    };
    Ok((spread, exchange != Exchange::Pull || calling.everybody))
}

/// Is it the Poisson clock's model?
fn by_clock(setup: &Setup, spread: &theory::Spread) -> Result<bool, String> {
    if spread.calls.loss >= 1.0 {
        return Err("every message is lost".into());
    }
    match setup.clock {
        Clock::Synchronous if is_practical(spread) => Ok(false),
        Clock::Synchronous => Err(
            "the exact chain takes too long at this size (gossim theory mean-field approximates it)"
                .into(),
        ),
        Clock::Periodic => Err("under the periodic clock no exact law is known here".into()),
        Clock::Poisson if !setup.network.latency.is_zero() => {
            Err("under the Poisson clock the exact law is for no latency".into())
        }
        Clock::Poisson if spread_poisson::applies(spread) => Ok(true),
        Clock::Poisson => Err("under the Poisson clock the exact law is for fanout 1".into()),
    }
}

/// The rounds after which a run is stopped, whatever has happened.
pub(super) fn last_round(stop: &Stop, setup: &Setup) -> f64 {
    let by_time = stop.time.map(|time| time.in_rounds(setup.period));
    let by_rounds = stop.rounds.map(|rounds| rounds as f64);
    let or_never = |rounds: Option<f64>| rounds.unwrap_or(f64::INFINITY);
    or_never(by_time).min(or_never(by_rounds))
}

/// What one metric is expected to be.
pub struct Expected {
    /// The expectation.
    pub mean: f64,
    /// The standard deviation of one run, where known.
    pub sd: Option<f64>,
}

impl Expected {
    /// Of a yes or no that is yes with this probability.
    pub(super) fn of_share(p: f64) -> Expected {
        Expected {
            mean: p,
            sd: Some((p * (1.0 - p)).sqrt()),
        }
    }

    pub(super) fn of(moments: Moments, unit: f64) -> Expected {
        Expected {
            mean: moments.mean * unit,
            sd: Some(moments.sd() * unit),
        }
    }
}

/// The laws of a sweep's cells, each worked out once.
#[derive(Default)]
pub struct Laws {
    known: BTreeMap<Key, Arc<Law>>,
    /// Curves under Poisson clocks.
    curves: BTreeMap<Key, Vec<CurveRow>>,
    /// What was spent on curves that nothing else needed, in nanoseconds or so.
    curve_work: f64,
}

/// What the cells' metrics are about.
enum Law {
    Chain(ChainLaw),
    Births(Births),
}

/// Multiplications for a curve under Poisson clocks, at most: half a second or
/// so, some 8,000 nodes.
const CURVE_WORK_MAX: f64 = 1e9;

/// The same for all curves of a sweep that nothing else needs: 20 seconds or so.
const CURVES_WORK_MAX: f64 = 2e10;

/// Multiplications for the law of one time under Poisson clocks, at most: a tenth
/// of a second or so, some 4,500 nodes; 40 runs of so many nodes take as long.
const TIMES_WORK_MAX: f64 = 1e8;

/// What is kept of a chain.
struct ChainLaw {
    /// By the number of informed nodes that is asked for.
    rounds: BTreeMap<u64, Rounds>,
    arrival: Option<Moments>,
    calls: (f64, Option<f64>),
    curve: Vec<CurveRow>,
}

impl Laws {
    /// The law of a model, for these thresholds (percent, the same in all
    /// calls) beside the majority and all.
    fn law(&mut self, model: &Spread, thresholds: &[u8]) -> Arc<Law> {
        let law = || match model.poisson {
            true => Law::Births(Births::new(&model.spread)),
            false => Law::Chain(ChainLaw::new(model, thresholds)),
        };
        Arc::clone(
            self.known
                .entry(model.key())
                .or_insert_with(|| Arc::new(law())),
        )
    }

    /// What the cell's metrics are expected to be where every run has a value,
    /// and all nodes are informed in every run if `all`.
    pub fn of_cell(&mut self, model: Spread, cell: &Cell, all: bool) -> CellLaw {
        let thresholds = &cell.setup.measure.thresholds;
        CellLaw {
            law: self.law(&model, thresholds),
            seconds: cell.setup.period.as_seconds(),
            all,
            model,
        }
    }

    /// The curve of the cell's exact model, with its name, or else, in
    /// synchronous rounds with more nodes than the chain is practical for, that
    /// of the mean field; empty, if its law takes too long.
    pub(super) fn curve(&mut self, cell: &Cell) -> Result<(&'static str, Vec<CurveRow>), String> {
        if cell.setup.stop.is_partial(cell.setup.nodes) {
            return Err("runs end before all are informed, each at another time".into());
        }
        let why = match spread(cell) {
            Ok(model) => return Ok((model.model(), self.exact_curve(&model, cell))),
            Err(why) => why,
        };
        let (rumor, _) = rumor(cell)?;
        match cell.setup.clock {
            Clock::Synchronous if rumor.calls.loss < 1.0 => {
                let informed = mean_field::approximate_curve(&rumor);
                Ok(("mean-field", curve::approximate(&informed)))
            }
            _ => Err(why),
        }
    }

    /// As if curves had taken so much time already.
    #[cfg(test)]
    pub(super) fn spend_on_curves(&mut self, work: f64) {
        self.curve_work += work;
    }

    fn exact_curve(&mut self, model: &Spread, cell: &Cell) -> Vec<CurveRow> {
        let key = model.key();
        if let Some(known) = self.curves.get(&key) {
            return known.clone();
        }
        let births = model.poisson.then(|| BirthsCurve::of(&model.spread));
        let work = match &births {
            Some(births) => births.work(),
            None if self.known.contains_key(&key) => 0.0,
            None => spread_chain::work(&model.spread),
        };
        let too_much = births.is_some() && work > CURVE_WORK_MAX;
        if too_much || self.curve_work + work > CURVES_WORK_MAX {
            return Vec::new();
        }
        self.curve_work += work;
        if let Some(births) = births {
            return self.curves.entry(key).or_insert(births.rows()).clone();
        }
        match &*self.law(model, &cell.setup.measure.thresholds) {
            Law::Chain(chain) => chain.curve.clone(),
            Law::Births(_) => Vec::new(),
        }
    }
}

/// A curve under Poisson clocks, still to be worked out.
struct BirthsCurve {
    births: Births,
    nodes: u64,
    step: f64,
}

impl BirthsCurve {
    fn of(spread: &theory::Spread) -> BirthsCurve {
        let births = Births::new(spread);
        let nodes = spread.calls.nodes;
        let end = births.rounds_to(nodes);
        let end = end.mean + 8.0 * end.sd();
        // As the series: quarters of a period, or half as many, and so on.
        let mut step = 0.25;
        while end / step > (curve::POINTS_MAX - 1) as f64 {
            step *= 2.0;
        }
        BirthsCurve {
            births,
            nodes,
            step,
        }
    }

    fn work(&self) -> f64 {
        self.births.curve_work(self.step, curve::POINTS_MAX as u64)
    }

    fn rows(&self) -> Vec<CurveRow> {
        let points = self.births.curve(self.step, curve_goals(self.nodes));
        curve::thinned(points.take(curve::POINTS_MAX))
    }
}

/// Half, 99 % and all of the nodes.
fn curve_goals(nodes: u64) -> [u64; 3] {
    [50, 99, 100].map(|percent| share(nodes, percent))
}

impl ChainLaw {
    fn new(model: &Spread, thresholds: &[u8]) -> ChainLaw {
        let chain = Chain::new(&model.spread);
        let nodes = model.spread.calls.nodes;
        let shares = thresholds.iter().map(|&percent| share(nodes, percent));
        let counts = shares.chain([majority(nodes), nodes]);
        ChainLaw {
            rounds: counts.map(|c| (c, chain.rounds_to(c))).collect(),
            arrival: chain.mean_arrival(),
            calls: chain.calls_by_informed(),
            curve: curve::thinned(chain.curve(curve_goals(nodes))),
        }
    }
}

/// A model's law with what a cell makes of it.
pub struct CellLaw {
    model: Spread,
    law: Arc<Law>,
    seconds: f64,
    all: bool,
}

impl CellLaw {
    /// The model's name.
    pub fn model(&self) -> &'static str {
        self.model.model()
    }

    /// What a metric (a column of `runs.csv`) is expected to be; none if the
    /// model does not say.
    pub fn expected(&self, metric: &str) -> Option<Expected> {
        let nodes = self.model.spread.calls.nodes;
        if let Some((count, unit)) = goal(metric, nodes) {
            let unit = if unit == Unit::Seconds {
                self.seconds
            } else {
                1.0
            };
            let cut = self.model.is_cut(&self.law, count);
            return self
                .rounds_to(count)
                .filter(|_| !cut)
                .map(|moments| Expected::of(moments, unit));
        }
        if metric == ALL_INFORMED {
            return self.all_informed().map(Expected::of_share);
        }
        if !self.all || self.model.is_cut(&self.law, nodes) {
            return None;
        }
        match metric {
            "mean_arrival_rounds" => self.arrival().map(|moments| Expected::of(moments, 1.0)),
            "calls_by_informed" if self.model.goal == Some(nodes) => Some(self.calls()),
            _ => None,
        }
    }

    /// The probability that all are informed before a run is stopped.
    fn all_informed(&self) -> Option<f64> {
        let nodes = self.model.spread.calls.nodes;
        match &*self.law {
            _ if self.model.goal.is_some_and(|goal| goal < nodes) => None,
            _ if self.model.last_round == f64::INFINITY => Some(1.0),
            Law::Chain(chain) => {
                let last = libm::ceil(self.model.last_round) as u64;
                chain
                    .rounds
                    .get(&nodes)
                    .map(|rounds| 1.0 - rounds.beyond(last))
            }
            Law::Births(births) => within(births, nodes, self.model.last_round),
        }
    }

    fn rounds_to(&self, count: u64) -> Option<Moments> {
        match &*self.law {
            Law::Chain(chain) => chain.rounds.get(&count).map(Rounds::moments),
            Law::Births(births) => Some(births.rounds_to(count)),
        }
    }

    fn arrival(&self) -> Option<Moments> {
        match &*self.law {
            Law::Chain(chain) => chain.arrival,
            Law::Births(births) => births.mean_arrival(),
        }
    }

    fn calls(&self) -> Expected {
        if !self.model.informed_call {
            return Expected {
                mean: 0.0,
                sd: Some(0.0),
            };
        }
        match &*self.law {
            Law::Chain(chain) => Expected {
                mean: chain.calls.0,
                sd: chain.calls.1.map(f64::sqrt),
            },
            Law::Births(births) => Expected::of(births.calls_by_informed(), 1.0),
        }
    }
}

/// The probability that so many nodes are informed by then; none where its law
/// takes too long.
fn within(births: &Births, count: u64, last_round: f64) -> Option<f64> {
    // 1 to the last digit: no need to walk so far.
    if births.beyond_at_most(count, last_round) < f64::EPSILON / 2.0 {
        return Some(1.0);
    }
    let affordable = births.times_work(count, last_round) <= TIMES_WORK_MAX;
    affordable.then(|| births.times_to(count, last_round).within(last_round))
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Unit {
    Rounds,
    Seconds,
}

/// The number of informed nodes whose time a metric is, and its unit.
fn goal(metric: &str, nodes: u64) -> Option<(u64, Unit)> {
    let rounds = metric.strip_prefix("rounds_to_").map(|g| (g, Unit::Rounds));
    let seconds = || metric.strip_prefix("time_to_")?.strip_suffix("_s");
    let (goal, unit) = rounds.or_else(|| Some((seconds()?, Unit::Seconds)))?;
    let count = match goal {
        "majority" => majority(nodes),
        "all" => nodes,
        percent => share(nodes, percent.parse().ok()?),
    };
    Some((count, unit))
}

/// More than half of the nodes.
fn majority(nodes: u64) -> u64 {
    nodes / 2 + 1
}

/// The least number of nodes that is at least `percent` of them.
fn share(nodes: u64, percent: u8) -> u64 {
    (nodes * u64::from(percent)).div_ceil(100)
}

#[cfg(test)]
mod tests {
    use super::super::{SummaryRow, tests};
    use super::*;

    fn cell(settings: &str) -> Cell {
        let text = "nodes.count = 30\nprotocol.kind = \"push\"\nclock.mode = \"synchronous\"\n\
            stop.all_informed = true\nmeasure = { contact = false, series = false }\n";
        tests::cell(text, settings)
    }

    fn summary(cell: &Cell, replicates: u64) -> Vec<SummaryRow> {
        tests::summary(cell, 11, replicates)
    }

    /// The z of all metrics, each below 4.5; times say what rounds say.
    fn measured(settings: &str, model: &str) -> Vec<f64> {
        let mut z = Vec::new();
        for row in summary(&cell(settings), 1500) {
            let Some(theory) = row.theory else { continue };
            assert_eq!(row.model, Some(model), "{settings}");
            let (metric, mean) = (&row.metric, row.mean.unwrap());
            let near = row
                .z
                .map_or((mean - theory).abs() < 1e-12, |z| z.abs() < 4.5);
            assert!(near, "{settings} {metric}: {mean}, not {theory}");
            z.extend(row.z.filter(|_| !metric.ends_with("_s")));
        }
        z
    }

    #[test]
    fn measurements_agree_in_every_setting_that_a_model_takes() {
        let mut all = Vec::new();
        let samplings = ["", "all", "others-with-replacement", "all-with-replacement"];
        for protocol in ["push", "pull", "push-pull"] {
            for (place, sampling) in samplings.iter().enumerate() {
                let sampling = match sampling {
                    &"" => String::new(),
                    sampling => format!("protocol.sampling={sampling}"),
                };
                let loss = 0.1 * place as f64;
                let common = format!("protocol.kind={protocol} {sampling} network.loss={loss}");
                let more = "protocol.fanout=3 workload.sources=4 protocol.period=2s";
                let chain = format!("{protocol}-chain");
                all.extend(measured(&common, &chain));
                all.extend(measured(&format!("{common} {more}"), &chain));
                let poisson = format!("{common} clock.mode=poisson workload.sources=2");
                all.extend(measured(&poisson, &format!("{protocol}-poisson")));
            }
        }
        for kind in ["push", "pull"] {
            let always = format!("protocol.kind={kind} protocol.calls=always network.loss=0.2");
            all.extend(measured(&always, &format!("{kind}-chain")));
            let poisson = format!("{always} clock.mode=poisson");
            all.extend(measured(&poisson, &format!("{kind}-poisson")));
        }
        // Metrics of one cell are dependent: a rough guide.
        let squares = all.iter().map(|z| z * z).sum::<f64>() / all.len() as f64;
        assert!(
            all.len() > 200 && (0.6..1.5).contains(&squares),
            "{squares}"
        );
    }

    #[test]
    fn the_model_or_why_none() {
        let why = |settings: &str| match spread(&cell(settings)) {
            Ok(model) => model.model().to_string(),
            Err(why) => why,
        };
        for (settings, want) in [
            ("", "push-chain"),
            ("protocol.fanout=all", "push-chain"),
            ("nodes.count=1", "push-chain"),
            ("clock.mode=poisson", "push-poisson"),
            ("clock.mode=periodic", "periodic clock"),
            ("clock.mode=poisson protocol.fanout=2", "fanout 1"),
            (
                "clock.mode=poisson network.latency.kind=constant network.latency.value=1ms",
                "latency",
            ),
            (
                "network.topology.kind=random-view network.topology.size=3",
                "topology",
            ),
            ("workload.at=3s", "time 0"),
            ("stop.max_events=9", "max_events"),
            ("network.loss=1", "lost"),
            ("nodes.count=1000000", "takes too long"),
        ] {
            let got = why(settings);
            assert!(got.contains(want), "{settings}: {got}");
        }
    }

    #[test]
    fn a_stop_that_may_cut_leaves_no_theory() {
        let expects = |settings: &str, metric: &str| -> bool {
            let cell = cell(settings);
            let law = Laws::default().of_cell(spread(&cell).unwrap(), &cell, true);
            law.expected(metric).is_some()
        };
        // Push to all of 30 takes 9 rounds or so, to half of them 5.
        for (settings, half, all) in [
            ("stop.rounds=200", true, true),
            ("stop.rounds=18", true, false),
            ("stop.rounds=6", false, false),
            ("stop.time=17.5s", true, false),
            ("stop.rounds=200 clock.mode=poisson", true, true),
            ("stop.rounds=20 clock.mode=poisson", false, false),
        ] {
            assert_eq!(expects(settings, "rounds_to_50"), half, "{settings}");
            assert_eq!(expects(settings, "time_to_all_s"), all, "{settings}");
            assert_eq!(expects(settings, "mean_arrival_rounds"), all, "{settings}");
            assert_eq!(expects(settings, "calls_by_informed"), all, "{settings}");
        }
        let runs_on = "stop.all_informed=false stop.rounds=200";
        assert!(expects(runs_on, "mean_arrival_rounds"));
        assert!(!expects(runs_on, "calls_by_informed"));
        assert!(!expects("", "messages_sent"));
    }

    #[test]
    fn where_a_run_lacks_a_goal_there_is_no_theory_for_it() {
        let rows = summary(&cell("stop.rounds=7"), 200);
        let row = |metric: &str| rows.iter().find(|row| row.metric == metric).unwrap();
        assert!(row("rounds_to_all").missing > 0 && row("rounds_to_all").theory.is_none());
        assert_eq!(row("rounds_to_all").model, Some("push-leading-terms"));
        assert!(row("mean_arrival_rounds").theory.is_none());
    }

    /// Push to all of 30 takes 9 rounds or so: cut at 9, about half get there.
    #[test]
    fn the_share_of_runs_that_inform_all_is_the_laws() {
        let chain = "push-chain";
        for (settings, model, often) in [
            ("stop.rounds=9", chain, true),
            ("stop.time=8.5s", chain, true),
            ("", chain, false),
            ("clock.mode=poisson stop.rounds=7", "push-poisson", true),
            ("clock.mode=poisson stop.time=6.5s", "push-poisson", true),
            ("clock.mode=poisson", "push-poisson", false),
        ] {
            let rows = summary(&cell(settings), 1500);
            let row = rows.iter().find(|row| row.metric == ALL_INFORMED).unwrap();
            let (p, share) = (row.theory.unwrap(), row.mean.unwrap());
            assert_eq!((row.count, row.missing), (1500, 0));
            assert_eq!(row.model, Some(model), "{settings}");
            assert_eq!(row.z.is_some(), often, "{settings}");
            assert!(
                row.z.is_none_or(|z| z.abs() < 4.5),
                "{settings}: {share}, not {p}"
            );
            let (low, high) = row.ci95.unwrap();
            assert!(low < share && share <= high && high - low < 0.06);
            assert_eq!((0.2..0.8).contains(&p), often, "{settings}: {p}");
        }
        let none = summary(&cell("stop.rounds=2"), 200);
        let row = none.iter().find(|row| row.metric == ALL_INFORMED).unwrap();
        assert_eq!((row.mean, row.theory), (Some(0.0), None));
        assert!((row.ci95.unwrap().1 - 0.0188).abs() < 1e-4);
    }

    #[test]
    fn under_poisson_clocks_the_share_is_known_up_to_a_size() {
        let share = |settings: &str| {
            let cell = cell(&format!("clock.mode=poisson {settings}"));
            let law = Laws::default().of_cell(spread(&cell).unwrap(), &cell, true);
            law.expected(ALL_INFORMED).map(|share| share.mean)
        };
        assert!(share("stop.rounds=30").is_some_and(|p| (0.999..1.0).contains(&p)));
        assert_eq!(share("stop.rounds=200"), Some(1.0));
        assert_eq!(share("nodes.count=100000 stop.rounds=25"), None);
        assert_eq!(share("nodes.count=100000 stop.rounds=200"), Some(1.0));
    }

    #[test]
    fn goals_and_equal_laws() {
        assert_eq!(goal("rounds_to_majority", 10), Some((6, Unit::Rounds)));
        assert_eq!(goal("time_to_99_s", 150), Some((149, Unit::Seconds)));
        assert_eq!(goal("rounds_to_all", 7), Some((7, Unit::Rounds)));
        assert_eq!(goal("time_to_all", 7), None);
        assert_eq!(goal("messages_sent", 7), None);
        let mut laws = Laws::default();
        for settings in ["", "stop.rounds=50 protocol.period=3s", "network.loss=0.1"] {
            let cell = cell(settings);
            laws.of_cell(spread(&cell).unwrap(), &cell, true);
        }
        assert_eq!(laws.known.len(), 2);
    }
}
