//! Time to any share, under Poisson clocks on the complete graph, with no latency
//! and one call a cycle: push, pull or push-pull as a pure birth process.

use super::answer::of_run;
use super::curve::{self, CurveRow};
use super::options::{SpreadOptions, curve_csv, goal_rows, is_too_much, parsed};
use super::spreading::{self, CUT_MAX, Rumor, Runs, Times, in_theory};
use super::{Answer, Applied, Expected, Law, Observed, Premises, Refusal, Subject, Worked};
use crate::engine::Clock;
use crate::protocol::Exchange;
use crate::theory::spread_poisson::{self, BirthProcess};
use crate::theory::{Moments, Spread};
use clap::{ArgMatches, Args, Command};

/// Multiplications for a curve, at most: half a second or so, some 8,000 nodes.
const CURVE_WORK_MAX: f64 = 1e9;

/// Multiplications for the law of one time, at most: a tenth of a second or so,
/// some 4,500 nodes; 40 runs of so many nodes take as long.
const TIMES_WORK_MAX: f64 = 1e8;

/// Points of a curve per period on the command line.
const POINTS: u32 = 4;

/// `push-poisson`, `pull-poisson`, `push-pull-poisson`.
pub(super) struct SpreadPoisson(pub(super) Exchange);

impl Law for SpreadPoisson {
    fn name(&self) -> &'static str {
        match self.0 {
            Exchange::Push => "push-poisson",
            Exchange::Pull => "pull-poisson",
            Exchange::PushPull => "push-pull-poisson",
        }
    }

    fn about(&self) -> &'static str {
        match self.0 {
            Exchange::Push => {
                "time to any share by push, Poisson clocks, no latency, one call a cycle (exact)"
            }
            Exchange::Pull => {
                "time to any share by pull, Poisson clocks, no latency, one call a cycle (exact)"
            }
            Exchange::PushPull => {
                "time to any share by push-pull, Poisson clocks, no latency, one call a cycle (exact)"
            }
        }
    }

    fn subject(&self) -> Option<Subject> {
        Some(Subject::Rounds)
    }

    fn applies(&self, cell: &Premises) -> Result<Box<dyn Applied>, Refusal> {
        let Rumor {
            spread,
            clock,
            latency,
            runs,
        } = Rumor::of(cell, self.0)?;
        if clock != Clock::Poisson {
            return Err(Refusal::clock("the law is for Poisson clocks"));
        }
        if !latency.is_zero() {
            return Err("under the Poisson clock the exact law is for no latency".into());
        }
        if !spread_poisson::applies(&spread) {
            return Err("under the Poisson clock the exact law is for fanout 1".into());
        }
        Ok(Box::new(InCell {
            name: self.name(),
            spread,
            runs,
        }))
    }

    fn arguments(&self, command: Command) -> Command {
        SpreadOptions::augment_args(command)
    }

    fn answer(&self, arguments: &ArgMatches) -> Result<Answer, String> {
        let options: SpreadOptions = parsed(arguments)?;
        let spread = options.spread(in_theory(self.0))?;
        if !spread_poisson::applies(&spread) {
            return Err("the exact law under the Poisson clock is for --fanout 1".into());
        }
        let births = BirthProcess::new(&spread);
        let goals = options.goals();
        if options.curve {
            return curve_of(&births, goals);
        }
        let mut rows = goal_rows(|goal| births.rounds_to(goal), goals, "periods");
        if let Some(arrival) = births.mean_arrival() {
            rows.push(of_run("mean arrival", arrival, "periods"));
        }
        if self.0 != Exchange::Pull {
            let calls = births.calls_by_informed();
            let name = "calls by informed nodes until all know";
            rows.push(of_run(name, calls, "calls"));
        }
        Ok(Answer::of_runs(&rows))
    }
}

fn curve_of(births: &BirthProcess, goals: [u64; 3]) -> Result<Answer, String> {
    let end = births.rounds_to(goals[2]);
    let step = 1.0 / f64::from(POINTS);
    let points = libm::ceil((end.mean + 8.0 * end.sd()) / step) as u64;
    if is_too_much(births.curve_work(step, points)) {
        return Err(
            "the law takes too long at this size; without --curve there are mean and deviation"
                .into(),
        );
    }
    let curve = births.curve(step, goals).take(points as usize + 1);
    Ok(Answer::Csv(curve_csv(curve)))
}

/// The birth process of a cell.
struct InCell {
    name: &'static str,
    spread: Spread,
    runs: Runs,
}

impl Applied for InCell {
    fn expected(&self, metric: &str, observed: &Observed, worked: &mut Worked) -> Option<Expected> {
        let nodes = self.spread.calls.nodes;
        if !spreading::is_asked(metric, nodes, observed) {
            return None;
        }
        let key = spreading::key(&self.spread);
        let births = worked.get(self.name, &key, || Process {
            births: BirthProcess::new(&self.spread),
            nodes,
        });
        self.runs.expected(&*births, nodes, metric, observed)
    }

    fn curve(&self, worked: &mut Worked) -> Vec<CurveRow> {
        let key = spreading::key(&self.spread);
        if !worked.has::<Vec<CurveRow>>(self.name, &key) {
            let curve = CellCurve::of(&self.spread);
            let work = curve.work();
            if work > CURVE_WORK_MAX || !worked.spend_on_curve(work) {
                return Vec::new();
            }
            worked.get(self.name, &key, || curve.rows());
        }
        worked.get(self.name, &key, Vec::<CurveRow>::new).to_vec()
    }
}

struct Process {
    births: BirthProcess,
    nodes: u64,
}

impl Times for Process {
    fn is_cut(&self, count: u64, last_round: f64) -> bool {
        self.births.beyond_at_most(count, last_round) > CUT_MAX
    }

    fn rounds_to(&self, count: u64) -> Option<Moments> {
        Some(self.births.rounds_to(count))
    }

    fn all_within(&self, last_round: f64) -> Option<f64> {
        let (births, all) = (&self.births, self.nodes);
        // 1 to the last digit: no need to walk so far.
        if births.beyond_at_most(all, last_round) < f64::EPSILON / 2.0 {
            return Some(1.0);
        }
        let affordable = births.times_work(all, last_round) <= TIMES_WORK_MAX;
        affordable.then(|| births.times_to(all, last_round).within(last_round))
    }

    fn arrival(&self) -> Option<Moments> {
        self.births.mean_arrival()
    }

    fn calls_by_informed(&self) -> Option<Expected> {
        Some(Expected::of(self.births.calls_by_informed(), 1.0))
    }
}

/// A curve, still to be worked out.
struct CellCurve {
    births: BirthProcess,
    nodes: u64,
    step: f64,
}

impl CellCurve {
    fn of(spread: &Spread) -> CellCurve {
        let births = BirthProcess::new(spread);
        let nodes = spread.calls.nodes;
        let end = births.rounds_to(nodes);
        let end = end.mean + 8.0 * end.sd();
        // As the series: quarters of a period, or half as many, and so on.
        let mut step = 0.25;
        while end / step > (curve::POINTS_MAX - 1) as f64 {
            step *= 2.0;
        }
        CellCurve {
            births,
            nodes,
            step,
        }
    }

    fn work(&self) -> f64 {
        self.births.curve_work(self.step, curve::POINTS_MAX as u64)
    }

    fn rows(&self) -> Vec<CurveRow> {
        let goals = spreading::curve_goals(self.nodes);
        let points = self.births.curve(self.step, goals);
        curve::thinned(points.take(curve::POINTS_MAX))
    }
}
