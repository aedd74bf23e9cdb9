//! Two cells metric by metric: the difference, its interval, the verdict.

use crate::column::Better;
use crate::laws::ALL_INFORMED;
use crate::metrics::columns::Span;
use crate::random::{Seeds, StreamName};
use crate::stats::{bootstrap, difference, one_sided, proportion};
use crate::tables::{Measured, MeasuredCell, Metric};

/// What is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Statistic {
    /// Means, by Student's t over pairs, or Welch's.
    Mean,
    /// Medians, by a bootstrap: some runs never reached the goal, which counts
    /// as later than all others.
    Median,
    /// Shares of runs, by Newcombe's intervals.
    Share,
}

/// What the interval says of B.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The runs have the same values, one by one.
    Identical,
    /// The interval excludes 0, for the good.
    Better,
    /// The interval excludes 0, for the bad.
    Worse,
    /// The interval is above 0; neither is better.
    Higher,
    /// The interval is below 0; neither is better.
    Lower,
    /// The interval holds 0.
    Unclear,
    /// There is no interval.
    Unknown,
}

impl Verdict {
    /// Was a difference found?
    pub fn differs(self) -> bool {
        use Verdict::{Better, Higher, Lower, Worse};
        matches!(self, Better | Worse | Higher | Lower)
    }

    /// In words.
    pub fn text(self) -> &'static str {
        match self {
            Verdict::Identical => "identical",
            Verdict::Better => "better",
            Verdict::Worse => "worse",
            Verdict::Higher => "higher",
            Verdict::Lower => "lower",
            Verdict::Unclear => "no difference seen",
            Verdict::Unknown => "no interval",
        }
    }
}

/// One metric of two cells.
#[derive(Clone, PartialEq, Debug)]
pub struct Comparison {
    /// The column of `runs.csv`, or `all_informed`.
    pub metric: String,
    /// What `a` and `b` are.
    pub kind: Statistic,
    /// The mean, median (infinite: never reached) or share in A; `None` where
    /// runs have no value.
    pub a: Option<f64>,
    /// The same in B.
    pub b: Option<f64>,
    /// The 95 % interval of b - a; an end may be infinite.
    pub ci95: Option<(f64, f64)>,
    /// What it says.
    pub verdict: Verdict,
    /// How probable it is that B comes out so much worse if both are equal;
    /// `None` where neither more nor less is better, or there are too few runs.
    pub p_worse: Option<f64>,
}

/// Two cells.
#[derive(Clone, PartialEq, Debug)]
pub struct CellComparison {
    /// Pairs of runs of one environment; `None` where runs were taken as
    /// independent.
    pub pairs: Option<usize>,
    /// The metrics that both have, where some run has a value.
    pub metrics: Vec<Comparison>,
}

/// Compares a cell of A with its partner of B: replicate by replicate where the
/// master seeds agree, since then both met the same environment (placement,
/// clock, topology), else as independent runs.
pub fn compare(a: (&Measured, usize), b: (&Measured, usize)) -> CellComparison {
    let cells = [&a.0.cells[a.1], &b.0.cells[b.1]];
    let seed = |(side, cell): (&Measured, usize)| {
        let place = side.key("seed")?;
        Some(side.cells[cell].settings[place].clone())
    };
    let common = common_replicates(cells[0], cells[1]);
    let pairs = (seed(a) == seed(b) && !common.is_empty()).then_some(common);
    let in_b = |metric: &Metric| {
        let mut metrics = b.0.metrics.iter();
        metrics.position(|other| other.name == metric.name)
    };
    let metrics = (a.0.metrics.iter().enumerate()).filter_map(|(place, metric)| {
        let values = [&cells[0].values[place], &cells[1].values[in_b(metric)?]];
        match &pairs {
            Some(places) => compare_pairs(metric, values, places),
            None => compare_samples(metric, values),
        }
    });
    CellComparison {
        metrics: metrics.collect(),
        pairs: pairs.map(|pairs| pairs.len()),
    }
}

/// The places of the replicates that both have.
fn common_replicates(a: &MeasuredCell, b: &MeasuredCell) -> Vec<(usize, usize)> {
    let place = |replicate: &u64| b.replicates.binary_search(replicate).ok();
    let both = a.replicates.iter().enumerate();
    both.filter_map(|(at, replicate)| Some((at, place(replicate)?)))
        .collect()
}

type Values<'v> = [&'v Vec<Option<f64>>; 2];

/// A stream that is the same for each comparison.
fn draws() -> impl FnMut(u32) -> u32 {
    let seeds = Seeds {
        master: 0,
        replicate: 0,
        cell: String::new(),
    };
    let mut stream = seeds.stream(StreamName::Resampling);
    move |bound| stream.below(bound)
}

fn compare_pairs(metric: &Metric, [a, b]: Values, places: &[(usize, usize)]) -> Option<Comparison> {
    let pairs: Vec<_> = places.iter().map(|(at, bt)| (a[*at], b[*bt])).collect();
    let (of_a, of_b): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
    let mut done = estimated(metric, &of_a, &of_b)?;
    done.ci95 = match done.kind {
        Statistic::Share => {
            let outcomes: Vec<_> = (pairs.iter())
                .map(|(a, b)| (is_yes(*a), is_yes(*b)))
                .collect();
            (outcomes.len() > 1).then(|| proportion::paired_difference(&outcomes))
        }
        Statistic::Mean => {
            let known: Option<Vec<_>> = pairs.iter().map(|(a, b)| a.zip(*b)).collect();
            known.and_then(|pairs| difference::paired(&pairs)?.ci95)
        }
        Statistic::Median => {
            let late: Vec<_> = pairs.iter().map(|(a, b)| (late(*a), late(*b))).collect();
            (late.len() > 1)
                .then(|| bootstrap::paired_medians(&late, draws()))
                .flatten()
        }
    };
    done.verdict = match of_a == of_b {
        true => Verdict::Identical,
        false => verdict(metric, done.ci95),
    };
    done.p_worse = metric.better.more().and_then(|more| {
        p_of_pairs(
            done.kind,
            if more { (&of_b, &of_a) } else { (&of_a, &of_b) },
        )
    });
    Some(done)
}

/// How probable it is that the second members are so much larger by chance.
fn p_of_pairs(kind: Statistic, (a, b): (&[Option<f64>], &[Option<f64>])) -> Option<f64> {
    let pairs = || a.iter().copied().zip(b.iter().copied());
    if a.len() < 2 {
        return None;
    }
    match kind {
        Statistic::Mean => {
            let known: Option<Vec<_>> = pairs().map(|(a, b)| a.zip(b)).collect();
            one_sided::paired_means(&known?)
        }
        Statistic::Median => {
            let late: Vec<_> = pairs().map(|(a, b)| (late(a), late(b))).collect();
            Some(one_sided::paired_signs(&late))
        }
        Statistic::Share => {
            let yes: Vec<_> = pairs().map(|(a, b)| (is_yes(a), is_yes(b))).collect();
            Some(one_sided::paired_shares(&yes))
        }
    }
}

/// The same of two independent samples.
fn p_of_samples(kind: Statistic, (a, b): (&[Option<f64>], &[Option<f64>])) -> Option<f64> {
    if a.len().min(b.len()) < 2 {
        return None;
    }
    match kind {
        Statistic::Mean => {
            let (a, b) = known(a).zip(known(b))?;
            one_sided::means(&a, &b)
        }
        Statistic::Median => {
            let [a, b] = [a, b].map(|values| values.iter().map(|v| late(*v)).collect::<Vec<_>>());
            Some(one_sided::ranks(&a, &b))
        }
        Statistic::Share => Some(one_sided::shares(count_yes(a), count_yes(b))),
    }
}

/// All values; `None` if a run has none.
fn known(values: &[Option<f64>]) -> Option<Vec<f64>> {
    values.iter().copied().collect()
}

fn is_yes(value: Option<f64>) -> bool {
    value == Some(1.0)
}

/// How many runs say yes, of how many.
fn count_yes(values: &[Option<f64>]) -> (u64, u64) {
    let yes = values.iter().filter(|value| is_yes(**value)).count();
    (yes as u64, values.len() as u64)
}

fn compare_samples(metric: &Metric, [a, b]: Values) -> Option<Comparison> {
    let mut done = estimated(metric, a, b)?;
    done.ci95 = match done.kind {
        _ if a.len().min(b.len()) < 2 => None,
        Statistic::Share => Some(proportion::difference(count_yes(a), count_yes(b))),
        Statistic::Mean => {
            let both = known(a).zip(known(b));
            both.and_then(|(a, b)| difference::welch(&a, &b)?.ci95)
        }
        Statistic::Median => {
            let [a, b] = [a, b].map(|values| values.iter().map(|v| late(*v)).collect::<Vec<_>>());
            bootstrap::medians(&a, &b, draws())
        }
    };
    done.verdict = verdict(metric, done.ci95);
    done.p_worse = metric
        .better
        .more()
        .and_then(|more| p_of_samples(done.kind, if more { (b, a) } else { (a, b) }));
    Some(done)
}

/// A goal that was not reached is later than all others.
fn late(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::INFINITY)
}

/// What is compared, without an interval yet; `None` where no run has a value.
fn estimated(metric: &Metric, a: &[Option<f64>], b: &[Option<f64>]) -> Option<Comparison> {
    let has_value = |values: &[Option<f64>]| values.iter().any(Option::is_some);
    if !has_value(a) && !has_value(b) {
        return None;
    }
    let is_whole = |values: &[Option<f64>]| values.iter().all(Option::is_some);
    let kind = match metric.name.as_str() {
        ALL_INFORMED => Statistic::Share,
        // Runs that lack the value would have had it later.
        _ if metric.span == Span::Goal && !(is_whole(a) && is_whole(b)) => Statistic::Median,
        _ => Statistic::Mean,
    };
    let centre = |values: &[Option<f64>]| match kind {
        Statistic::Median => {
            let mut late: Vec<f64> = values.iter().map(|value| late(*value)).collect();
            (!late.is_empty()).then(|| bootstrap::median(&mut late))
        }
        Statistic::Mean | Statistic::Share => {
            let known: Option<Vec<f64>> = values.iter().copied().collect();
            crate::stats::Summary::of(&known?).map(|summary| summary.mean)
        }
    };
    Some(Comparison {
        metric: metric.name.clone(),
        kind,
        a: centre(a),
        b: centre(b),
        ci95: None,
        verdict: Verdict::Unknown,
        p_worse: None,
    })
}

fn verdict(metric: &Metric, ci95: Option<(f64, f64)>) -> Verdict {
    let Some((low, high)) = ci95 else {
        return Verdict::Unknown;
    };
    let is_more = low > 0.0;
    if low <= 0.0 && 0.0 <= high {
        return Verdict::Unclear;
    }
    match (metric.better, is_more) {
        (Better::Higher, true) | (Better::Lower, false) => Verdict::Better,
        (Better::Higher, false) | (Better::Lower, true) => Verdict::Worse,
        (Better::Neither, true) => Verdict::Higher,
        (Better::Neither, false) => Verdict::Lower,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::FIXED_KEYS;

    /// One cell of ten nodes: (informed, rounds to all, events) of each replicate.
    fn side(seed: &str, runs: &[(f64, Option<f64>, f64)]) -> Measured {
        let keys = ["case"].iter().chain(&FIXED_KEYS);
        let metrics = ["informed", "rounds_to_all", "events"];
        let metrics = metrics.map(|name| Metric::new(name, Better::Neither));
        let keys = keys.map(|key| key.to_string()).collect();
        let mut measured = Measured::new(keys, metrics.to_vec()).unwrap();
        for (replicate, (informed, rounds, events)) in runs.iter().enumerate() {
            let settings = ["", seed, "push", "10", "1"].map(str::to_string);
            let values = vec![Some(*informed), *rounds, Some(*events)];
            measured
                .add(0, settings.to_vec(), replicate as u64, values)
                .unwrap();
        }
        measured
    }

    fn of(comparison: &CellComparison, metric: &str) -> Comparison {
        let found = comparison.metrics.iter().find(|c| c.metric == metric);
        found.unwrap_or_else(|| panic!("no {metric}")).clone()
    }

    /// Replicate r takes 10 + 5 r rounds, all informed, with 100 events.
    fn base(count: u64, plus: f64) -> Vec<(f64, Option<f64>, f64)> {
        let run = |r: u64| (10.0, Some(10.0 + 5.0 * r as f64 + plus), 100.0);
        (0..count).map(run).collect()
    }

    #[test]
    fn the_same_runs_are_identical() {
        let a = side("1", &base(5, 0.0));
        let done = compare((&a, 0), (&a, 0));
        assert_eq!(done.pairs, Some(5));
        assert_eq!(done.metrics.len(), 4);
        for metric in &done.metrics {
            assert_eq!(metric.verdict, Verdict::Identical, "{}", metric.metric);
        }
        // With another seed they are two samples, of which nothing is known to differ.
        let b = side("2", &base(5, 0.0));
        let done = compare((&a, 0), (&b, 0));
        assert_eq!(done.pairs, None);
        assert_eq!(of(&done, "rounds_to_all").verdict, Verdict::Unclear);
        assert_eq!(of(&done, "all_informed").verdict, Verdict::Unclear);
    }

    #[test]
    fn pairs_see_what_samples_do_not() {
        let mut slower = base(6, 1.0);
        slower[0].1 = Some(11.5);
        let a = side("1", &base(6, 0.0));
        let paired = compare((&a, 0), (&side("1", &slower), 0));
        let row = of(&paired, "rounds_to_all");
        assert_eq!((row.kind, row.verdict), (Statistic::Mean, Verdict::Worse));
        // Differences 1.5, 1, 1, 1, 1, 1: mean 13/12, sd sqrt(1/24), t(0.975, 5).
        let (low, high) = row.ci95.unwrap();
        let half = 2.570_581_835_636_314 * (1.0_f64 / 144.0).sqrt();
        assert!(
            (low - (13.0 / 12.0 - half)).abs() < 1e-9 && (high + low - 13.0 / 6.0).abs() < 1e-9
        );
        let faster = compare((&side("1", &slower), 0), (&a, 0));
        assert_eq!(of(&faster, "rounds_to_all").verdict, Verdict::Better);
        let apart = compare((&a, 0), (&side("2", &slower), 0));
        assert_eq!(of(&apart, "rounds_to_all").verdict, Verdict::Unclear);
    }

    #[test]
    fn pairs_are_of_the_replicates_that_both_have() {
        let (a, b) = (side("1", &base(4, 0.0)), side("1", &base(7, 0.0)));
        let done = compare((&a, 0), (&b, 0));
        assert_eq!(done.pairs, Some(4));
        assert_eq!(of(&done, "rounds_to_all").verdict, Verdict::Identical);
        let one = compare(
            (&side("1", &base(1, 0.0)), 0),
            (&side("1", &base(1, 2.0)), 0),
        );
        assert_eq!(of(&one, "rounds_to_all").verdict, Verdict::Unknown);
    }

    #[test]
    fn runs_that_never_arrive_are_later_than_all_others() {
        let runs = base(40, 0.0);
        let cut = |from: usize| {
            let mut runs = runs.clone();
            for run in &mut runs[from..] {
                *run = (9.0, None, 100.0);
            }
            runs
        };
        for seed in ["1", "2"] {
            // The last 15 of 40 miss: the median is the same, the share is not.
            let done = compare((&side("1", &runs), 0), (&side(seed, &cut(25)), 0));
            let row = of(&done, "rounds_to_all");
            assert_eq!(
                (row.kind, row.verdict),
                (Statistic::Median, Verdict::Unclear)
            );
            assert_eq!(row.a, row.b);
            assert_eq!(of(&done, "all_informed").verdict, Verdict::Worse);
            assert_eq!(of(&done, "informed").verdict, Verdict::Worse);
            // Nobody arrives: worse without a number.
            let done = compare((&side("1", &runs), 0), (&side(seed, &cut(0)), 0));
            let row = of(&done, "rounds_to_all");
            assert_eq!(row.verdict, Verdict::Worse);
            assert_eq!(row.b, Some(f64::INFINITY));
        }
        // Neither ever arrives: nothing to compare.
        let none = side("1", &cut(0));
        let done = compare((&none, 0), (&none, 0));
        assert!(done.metrics.iter().all(|m| m.metric != "rounds_to_all"));
    }

    #[test]
    fn a_metric_without_a_better_is_higher_or_lower() {
        let mut more = base(3, 0.0);
        for (place, run) in more.iter_mut().enumerate() {
            run.2 += 5.0 + place as f64;
        }
        let (a, b) = (side("1", &base(3, 0.0)), side("1", &more));
        let higher = compare((&a, 0), (&b, 0));
        assert_eq!(of(&higher, "events").verdict, Verdict::Higher);
        let lower = compare((&b, 0), (&a, 0));
        assert_eq!(of(&lower, "events").verdict, Verdict::Lower);
    }
}
