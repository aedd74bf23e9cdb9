//! Where a cell's numbers are weak, and what to do about it.

use crate::laws::{self, Subject};
use crate::protocol::Removal;
use crate::scenario::Cell;
use crate::stats::groups::two_groups;
use crate::stats::quantile::sorted;
use crate::stop::{Cause, StoppedBy};
use crate::tables::SummaryRow;

/// An interval is wide if its half is more than this share of the mean.
const HALF_MAX: f64 = 0.1;

/// From so many runs on, the mean of what is not too skewed is nearly normal.
const REPLICATES_MIN: u64 = 10;

/// Metrics whose intervals are judged: those that a sweep's table shows.
const JUDGED: [&str; 3] = ["rounds_to_majority", "rounds_to_99", "rounds_to_all"];

/// The one where the cell is about contacts, for which there is a theory.
const JUDGED_CONTACT: [&str; 1] = ["contact_probability"];

/// The least gap between two groups of the coverage.
const GAP_MIN: f64 = 0.1;

/// What is weak.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weakness {
    /// `stop.quiescent` can never be met.
    Endless,
    /// Runs ended before the metric was reached.
    Cut,
    /// The runs fall into two groups.
    TwoGroups,
    /// The interval is wide.
    Wide,
}

/// One doubt about one metric of a cell.
#[derive(Clone, PartialEq, Debug)]
pub struct Doubt {
    /// What is weak.
    pub weakness: Weakness,
    /// The metric.
    pub metric: String,
    /// How weak: more is worse.
    pub size: f64,
    /// What is the case, and what to do, in one line.
    pub text: String,
}

/// What there is to say about few runs per cell; `None` if they are enough.
pub fn few_replicates(replicates: u64) -> Option<String> {
    match replicates {
        1 => Some("1 replicate: no intervals".into()),
        few if few < REPLICATES_MIN => Some(format!(
            "{few} replicates: an interval of so few trusts that runs are nearly normal; {REPLICATES_MIN} or more are safer"
        )),
        _ => None,
    }
}

/// What there is to say where runs are to end by `stop.quiescent` and never can.
pub fn never_quiescent(cell: &Cell) -> Option<String> {
    let setup = &cell.setup;
    let stop = &setup.stop;
    let is_goal = |stop: StoppedBy| stop.cause() == Cause::Goal;
    if !stop.quiescent || stop.set().any(is_goal) {
        return None;
    }
    let why = match cell.protocol.calling().removal {
        Removal::Never => format!("under {} no node stops spreading", cell.protocol_name),
        Removal::ByMessages if setup.nodes == 1 => {
            "a node stops by what others tell it, and there are none".into()
        }
        Removal::ByMessages if setup.network.loss >= 1.0 => {
            "a node stops by what others tell it, and every message is lost".into()
        }
        Removal::ByMessages | Removal::Anyhow => return None,
    };
    let ends = stop.set().filter(|stop| stop.cause().is_limit());
    let ends: Vec<String> = ends.map(|stop| format!("stop.{}", stop.text())).collect();
    let ends = ends.join(" or ");
    Some(format!(
        "stop.quiescent can never be met, as {why}: runs end by {ends}"
    ))
}

/// A run that something else than the rumor ended before its last goal.
pub(super) struct CutRun {
    /// When it ended, in rounds.
    pub(super) ended: f64,
    /// Rounds from the write to the last node that learned the rumor.
    pub(super) last_arrival: f64,
    pub(super) stopped_by: StoppedBy,
}

/// What doubts rest on beside the rows of the summary.
pub(super) struct Seen<'r> {
    /// Of each run.
    pub(super) coverage: &'r [f64],
    pub(super) cut: &'r [CutRun],
}

impl Seen<'_> {
    /// The cell's doubts. Where a cell is about contacts, nobody asks whether the
    /// rumor got everywhere.
    pub(super) fn doubts(&self, cell: &Cell, rows: &[SummaryRow]) -> Vec<Doubt> {
        let found = match laws::find(Subject::Contacts, cell) {
            Ok(_) => [None, None, None, wide(rows, &JUDGED_CONTACT)],
            Err(_) => [
                endless(cell),
                self.cut(cell),
                self.groups(cell),
                wide(rows, &JUDGED),
            ],
        };
        found.into_iter().flatten().collect()
    }

    fn cut(&self, cell: &Cell) -> Option<Doubt> {
        let first = self.cut.first()?;
        let percent = cell.setup.measure.thresholds.last()?;
        let goal = match percent {
            100 => "all".to_string(),
            percent => percent.to_string(),
        };
        // Not one arrival in the second half of the time since the write.
        let setup = &cell.setup;
        let written = setup.workload.at.in_rounds(setup.period);
        let is_dead = |run: &&CutRun| run.last_arrival < (run.ended - written).max(0.0) / 2.0;
        let dead = self.cut.iter().filter(is_dead).count();
        let (cut, all) = (self.cut.len(), self.coverage.len());
        let key = first.stopped_by.text();
        let advice = match dead {
            0 => format!("raise stop.{key}"),
            _ if dead == cut => {
                "nobody learned it in the second half of these runs: longer ones would hardly help"
                    .into()
            }
            _ => format!(
                "raise stop.{key}, though in {dead} of them nobody learned it in the second half"
            ),
        };
        Some(Doubt {
            weakness: Weakness::Cut,
            metric: format!("rounds_to_{goal}"),
            size: cut as f64 / all as f64,
            text: format!("{cut} of {all} runs were stopped by stop.{key} before: {advice}"),
        })
    }

    /// Rumors that die early in some runs.
    fn groups(&self, cell: &Cell) -> Option<Doubt> {
        let gap_min = GAP_MIN.max(3.0 / f64::from(cell.setup.nodes));
        let groups = two_groups(&sorted(self.coverage), gap_min)?;
        let all = self.coverage.len();
        Some(Doubt {
            weakness: Weakness::TwoGroups,
            metric: "coverage".into(),
            size: groups.lower.min(all - groups.lower) as f64 / all as f64,
            text: format!(
                "two groups of runs, {} of {all} up to {:.3} and the others from {:.3}: a mean is of neither; see the rows of runs.csv",
                groups.lower, groups.lower_max, groups.upper_min
            ),
        })
    }
}

/// Runs that cannot end as they should.
fn endless(cell: &Cell) -> Option<Doubt> {
    never_quiescent(cell).map(|text| Doubt {
        weakness: Weakness::Endless,
        metric: "stopped_by".into(),
        size: 1.0,
        text,
    })
}

/// The widest interval, where one is wide.
fn wide(rows: &[SummaryRow], metrics: &[&str]) -> Option<Doubt> {
    let judged = rows
        .iter()
        .filter(|row| metrics.contains(&row.metric.as_str()));
    let share = |row: &SummaryRow| {
        let (low, high) = row.ci95?;
        let mean = row.mean.filter(|mean| *mean > 0.0)?;
        // One end may be cut where the metric's range ends.
        Some((high - mean).max(mean - low) / mean)
    };
    let shares = judged.filter_map(|row| Some((row, share(row)?)));
    let (row, half) = shares.max_by(|a, b| a.1.total_cmp(&b.1))?;
    let needed = libm::ceil(row.count as f64 * (half / HALF_MAX) * (half / HALF_MAX));
    (half > HALF_MAX).then(|| Doubt {
        weakness: Weakness::Wide,
        metric: row.metric.clone(),
        size: half,
        text: format!(
            "the 95 % interval is +-{:.0} % of the mean: some {needed} replicates would make it {:.0} %",
            100.0 * half,
            100.0 * HALF_MAX
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{CellRuns, tests};
    use super::*;
    use crate::run;

    /// The doubts about so many runs of 100 nodes.
    fn doubts(settings: &str, seed: u64, replicates: u64) -> Vec<Doubt> {
        let text = "nodes.count = 100\nprotocol.kind = \"push\"\nclock.mode = \"synchronous\"\n\
            measure = { contact = false, series = false }\n";
        let cell = tests::cell(text, settings);
        let mut runs = CellRuns::new(&cell.asked());
        for replicate in 0..replicates {
            runs.push(&run::run(&cell, seed, replicate));
        }
        let found = runs.finish(&cell).unwrap().doubts;
        // The next cell is another: only what the settings alone say is left.
        let left = runs.finish(&cell).unwrap().doubts;
        let left: Vec<Weakness> = left.iter().map(|doubt| doubt.weakness).collect();
        let by_settings = never_quiescent(&cell).map(|_| Weakness::Endless);
        assert_eq!(left, Vec::from_iter(by_settings));
        found
    }

    const DEATH: &str = "protocol.kind=infect-and-die stop.quiescent=true";

    #[test]
    fn sound_numbers_leave_no_doubt() {
        for settings in [
            "stop.all_informed=true",
            "stop.rounds=40",
            "stop.all_informed=true network.loss=0.5 clock.mode=poisson",
            &format!("{DEATH} protocol.fanout=3"),
        ] {
            assert_eq!(doubts(settings, 1, 40), [], "{settings}");
        }
    }

    #[test]
    fn where_contacts_are_asked_about_only_they_are_doubted() {
        let always = "protocol.calls=always stop.rounds=1 measure.contact=true";
        assert_eq!(doubts(always, 1, 40), []);
        assert_eq!(
            doubts(&format!("{always} measure.contact=false"), 1, 40).len(),
            1
        );
        let lossy = format!("{always} network.loss=0.99");
        assert_eq!(doubts(&lossy, 1, 10)[0].metric, "contact_probability");
    }

    #[test]
    fn runs_that_were_cut_say_by_what() {
        let found = doubts("stop.rounds=11", 1, 40);
        let [cut] = &found[..] else {
            panic!("{found:?}");
        };
        assert_eq!(
            (cut.weakness, cut.metric.as_str()),
            (Weakness::Cut, "rounds_to_all")
        );
        assert!(
            cut.text.contains(" of 40 runs were stopped by stop.rounds"),
            "{cut:?}"
        );
        assert!(cut.text.ends_with(": raise stop.rounds"), "{cut:?}");
        assert!((0.2..0.8).contains(&cut.size), "{cut:?}");
        let late = doubts(
            "stop.time=30s workload.at=19s measure.thresholds=[20,99]",
            1,
            40,
        );
        assert_eq!(late[0].metric, "rounds_to_99");
        assert!(late[0].text.ends_with(": raise stop.time"), "{late:?}");
    }

    #[test]
    fn a_dead_rumor_needs_no_longer_runs() {
        let found = doubts(
            "protocol.kind=infect-and-die protocol.fanout=2 stop.rounds=60",
            1,
            40,
        );
        assert!(found[0].text.starts_with("40 of 40 runs"), "{found:?}");
        assert!(
            found[0].text.contains("longer ones would hardly help"),
            "{found:?}"
        );
        // Where it ends by itself, it is no run cut short.
        assert_eq!(doubts(&format!("{DEATH} protocol.fanout=2"), 1, 40), []);
    }

    #[test]
    fn who_never_stops_is_never_quiescent() {
        let mongering = "protocol.kind=rumor-mongering protocol.k=2";
        let why = |settings: &str| {
            let found = doubts(&format!("stop.quiescent=true {settings}"), 1, 20);
            let [endless] = &found[..] else {
                assert!(found.is_empty(), "{settings}: {found:?}");
                return String::new();
            };
            assert_eq!(endless.weakness, Weakness::Endless);
            endless.text.clone()
        };
        for kind in ["push", "pull", "push-pull"] {
            let text = why(&format!(
                "protocol.kind={kind} stop.rounds=40 stop.time=90s"
            ));
            let want = format!(
                "under {kind} no node stops spreading: runs end by stop.rounds or stop.time"
            );
            assert!(text.ends_with(&want), "{text}");
        }
        for stopping in ["feedback-counter", "feedback-coin", "heard"] {
            let rule = format!("{mongering} protocol.stopping={stopping} stop.rounds=20");
            assert!(why(&format!("{rule} nodes.count=1")).contains("there are none"));
        }
        for fine in [
            "stop.all_informed=true",
            &format!("{mongering} protocol.fanout=4"),
            &format!("{mongering} protocol.stopping=blind-coin nodes.count=1"),
            "protocol.kind=infect-and-die nodes.count=1",
        ] {
            assert_eq!(why(fine), "", "{fine}");
        }
        // Nobody was told, either.
        let lossy = format!("{mongering} stop.quiescent=true stop.rounds=20 network.loss=1");
        let found = doubts(&lossy, 1, 20);
        assert!(found[0].text.contains("every message is lost"), "{found:?}");
        assert_eq!(found[1].weakness, Weakness::Cut);
    }

    #[test]
    fn die_outs_are_two_groups() {
        let settings = format!("{DEATH} protocol.fanout=4 network.loss=0.5");
        for seed in 0..5 {
            let found = doubts(&settings, seed, 100);
            let [groups] = &found[..] else {
                panic!("{found:?}");
            };
            assert_eq!(
                (groups.weakness, groups.metric.as_str()),
                (Weakness::TwoGroups, "coverage")
            );
            assert!(groups.text.contains("and the others from 0."), "{groups:?}");
        }
    }

    /// One group, wide, narrow, skewed or cut off in its growth, at 20 seeds.
    #[test]
    fn one_group_is_none_of_two() {
        for settings in [
            &format!("{DEATH} protocol.fanout=2"),
            &format!("{DEATH} protocol.fanout=1"),
            "stop.rounds=7",
            "clock.mode=poisson stop.rounds=5",
            "clock.mode=poisson stop.rounds=2",
            "protocol.kind=push-pull stop.rounds=4",
        ] {
            for seed in 0..20 {
                let found = doubts(settings, seed, 40);
                let groups = found
                    .iter()
                    .find(|doubt| doubt.weakness == Weakness::TwoGroups);
                assert_eq!(groups, None, "{settings} {seed}");
            }
        }
    }

    #[test]
    fn few_runs_and_wide_intervals() {
        assert_eq!(few_replicates(10), None);
        assert!(few_replicates(9).unwrap().starts_with("9 replicates: "));
        assert!(few_replicates(1).unwrap().contains("no intervals"));
        let found = doubts("stop.all_informed=true clock.mode=poisson", 1, 4);
        let [wide] = &found[..] else {
            panic!("{found:?}");
        };
        assert_eq!(wide.weakness, Weakness::Wide);
        assert!(wide.text.contains("% of the mean: some "), "{wide:?}");
        assert!(wide.size > HALF_MAX, "{wide:?}");
        // So many, and it is no longer wide.
        let enough = wide
            .text
            .split("some ")
            .nth(1)
            .unwrap()
            .split(' ')
            .next()
            .unwrap();
        let enough: u64 = enough.parse().unwrap();
        assert!((5..200).contains(&enough), "{wide:?}");
        assert_eq!(
            doubts(
                "stop.all_informed=true clock.mode=poisson",
                1,
                enough.max(30)
            ),
            []
        );
    }
}
