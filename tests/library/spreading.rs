//! Spreading against exact values: rounds, arrivals and calls of push, pull and
//! push-pull on the complete graph from one source, by Markov chains and closed
//! forms, at 4.5 standard errors.

use crate::common::{Mean, cell, runs, values};
use gossim::metrics::Run;
use gossim::scenario::Cell;

/// Exact means; the last is calls by informed nodes over n, where known.
struct Row {
    settings: &'static str,
    loss: f64,
    t50: f64,
    t99: f64,
    t100: f64,
    t_ave: f64,
    calls: Option<f64>,
}

#[rustfmt::skip]
const TABLE: [Row; 11] = [
    Row { settings: "nodes.count=8 protocol.kind=push",         loss: 0.0, t50: 2.4048, t99: 5.3779, t100: 5.3779, t_ave: 3.1261, calls: Some(2.6426) },
    Row { settings: "nodes.count=8 protocol.kind=push-pull",    loss: 0.0, t50: 1.8246, t99: 3.1210, t100: 3.1210, t_ave: 2.0838, calls: Some(1.2977) },
    Row { settings: "nodes.count=16 protocol.kind=pull",        loss: 0.0, t50: 4.0243, t99: 6.1403, t100: 6.1403, t_ave: 4.1262, calls: None },
    Row { settings: "nodes.count=32 protocol.kind=push",        loss: 0.0, t50: 5.0543, t99: 9.3293, t100: 9.3293, t_ave: 5.1212, calls: Some(4.3682) },
    Row { settings: "nodes.count=32 protocol.kind=push-pull",   loss: 0.0, t50: 3.3136, t99: 5.1029, t100: 5.1029, t_ave: 3.3052, calls: Some(1.9010) },
    Row { settings: "nodes.count=1000 protocol.kind=push",      loss: 0.0, t50: 10.0046, t99: 15.0858, t100: 18.0383, t_ave: 10.0725, calls: Some(7.9759) },
    Row { settings: "nodes.count=1000 protocol.kind=push protocol.fanout=3", loss: 0.0, t50: 5.0000, t99: 7.0035, t100: 8.1732, t_ave: 5.1722, calls: Some(9.0185) },
    Row { settings: "nodes.count=1000 protocol.kind=push protocol.fanout=3", loss: 0.2, t50: 6.0269, t99: 8.1397, t100: 9.4484, t_ave: 5.8447, calls: Some(10.8286) },
    Row { settings: "nodes.count=1000 protocol.kind=pull",      loss: 0.0, t50: 10.3640, t99: 13.0750, t100: 13.7671, t_ave: 10.0725, calls: None },
    Row { settings: "nodes.count=1000 protocol.kind=push-pull", loss: 0.0, t50: 6.5684, t99: 8.5481, t100: 9.1511, t_ave: 6.4128, calls: Some(2.7448) },
    Row { settings: "nodes.count=1000 protocol.kind=push-pull", loss: 0.2, t50: 8.0866, t99: 11.1474, t100: 12.7695, t_ave: 7.9322, calls: Some(4.8452) },
];

/// The table's values have four decimals.
const ROUNDING: f64 = 0.00005;

impl Row {
    fn cell(&self) -> Cell {
        cell(&format!(
            "{} network.loss={} measure.contact=false measure.series=false",
            self.settings, self.loss
        ))
    }

    /// So many runs that the standard error of the rounds to all, whose
    /// relative standard deviation is 0.3 at 8 nodes and 0.1 and less at 1000, is
    /// below 0.3 %.
    fn runs(&self, cell: &Cell, seed: u64) -> Vec<Run> {
        runs(
            cell,
            seed,
            if cell.setup.nodes == 1000 {
                2000
            } else {
                20_000
            },
        )
    }

    fn truths(&self) -> Vec<(&'static str, f64)> {
        let mut truths = vec![
            ("rounds_to_50", self.t50),
            ("rounds_to_99", self.t99),
            ("rounds_to_all", self.t100),
            ("mean_arrival_rounds", self.t_ave),
        ];
        truths.extend(self.calls.map(|calls| ("calls_by_informed", calls)));
        truths
    }
}

/// Does what was measured agree with the exact value?
fn check(cell: &Cell, runs: &[Run], column: &str, truth: f64) -> Result<(), String> {
    let nodes = match column {
        "calls_by_informed" => f64::from(cell.setup.nodes),
        _ => 1.0,
    };
    let sample: Vec<f64> = values(cell, runs, column)
        .iter()
        .map(|value| value / nodes)
        .collect();
    let mean = Mean::of(&sample);
    assert!(mean.se < 0.005 * mean.mean, "too few runs: {mean:?}");
    mean.check(truth, ROUNDING)
        .map_err(|error| format!("{column}: {error}"))
}

/// Every row; and the same check refuses what is not true: a round more or
/// less, 5 % more or less, and the values of each other row that are as far
/// away. It must: 5 % are 10 standard errors at least, of which the sample may
/// take 4.5 away, and the bound is 4.5.
#[test]
fn every_row_of_the_table_and_no_other() {
    let mut refused = 0;
    for (place, row) in TABLE.iter().enumerate() {
        let cell = row.cell();
        let runs = row.runs(&cell, 1000 + place as u64);
        for (column, truth) in row.truths() {
            let settings = row.settings;
            let verdict = check(&cell, &runs, column, truth);
            assert_eq!(verdict, Ok(()), "{settings}, loss {}", row.loss);
            let others = TABLE.iter().flat_map(Row::truths);
            let others = others
                .filter(|(name, other)| *name == column && (other / truth - 1.0).abs() > 0.05);
            let planted = [truth - 1.0, truth + 1.0, truth * 1.05, truth * 0.95];
            for wrong in others.map(|(_, other)| other).chain(planted) {
                let verdict = check(&cell, &runs, column, wrong);
                assert!(verdict.is_err(), "{settings}: {column} {wrong}");
                refused += 1;
            }
        }
    }
    assert!(refused > 400, "{refused}");
}

/// The standard deviations that are known: of T100 at n = 1000. The sample's
/// own has, for 4000 runs and a kurtosis below 6, a relative standard error
/// below sqrt(5 / 16000) = 1.8 %.
#[test]
fn the_known_standard_deviations() {
    for (kind, t100, sd) in [("push", 18.0383, 1.3185), ("push-pull", 9.1511, 0.501)] {
        let cell = cell(&format!(
            "nodes.count=1000 protocol.kind={kind} measure.contact=false measure.series=false"
        ));
        let runs = runs(&cell, 1100, 4000);
        let sample = values(&cell, &runs, "rounds_to_all");
        assert_eq!(Mean::with_sd(&sample, sd).check(t100, ROUNDING), Ok(()));
        let measured = Mean::of(&sample).se * (sample.len() as f64).sqrt();
        let ratio = measured / sd;
        assert!((ratio - 1.0).abs() < 4.5 * 0.018, "{kind}: {measured}");
    }
}

/// E[rounds to all] of push for two to eight nodes, as fractions.
#[test]
fn few_nodes_have_their_exact_rounds() {
    let exact = [
        (2, 1.0),
        (3, 7.0 / 3.0),
        (4, 485.0 / 152.0),
        (5, 72_271.0 / 18_375.0),
        (6, 599_752_873.0 / 133_724_448.0),
        (7, 2_865_726_433.0 / 576_606_030.0),
        (8, 5.377_911_220_8),
    ];
    for (nodes, rounds) in exact {
        let cell = cell(&format!(
            "nodes.count={nodes} measure.contact=false measure.series=false"
        ));
        let runs = runs(&cell, 1200 + nodes, 40_000);
        let mean = Mean::of(&values(&cell, &runs, "rounds_to_all"));
        assert_eq!(mean.check(rounds, 1e-9), Ok(()), "{nodes}");
        assert!(mean.check(rounds + 0.1, 1e-9).is_err(), "{nodes}");
    }
}

/// The informed nodes after each round; from the run's end on, all.
fn informed_after(runs: &[Run], round: usize) -> Vec<f64> {
    let after = |run: &Run| {
        assert!(run.series.len() < 200, "every round is a point");
        let point = run.series.get(round);
        f64::from(point.map_or(run.nodes, |point| point.informed))
    };
    runs.iter().map(after).collect()
}

/// E[informed] after t = 0, 1, 2, ... rounds, and the standard deviation, of
/// push at n = 1000; to three decimals.
const CURVE: [f64; 18] = [
    1.0, 2.0, 3.997, 7.976, 15.869, 31.385, 61.356, 117.290, 215.091, 367.112, 561.635, 749.993,
    881.879, 951.093, 981.109, 992.920, 997.378, 999.033,
];
const CURVE_SD: [f64; 12] = [
    0.0, 0.0, 0.055, 0.172, 0.445, 1.049, 2.310, 4.749, 8.858, 14.189, 18.075, 17.226,
];

/// The curve from the series, by the exact standard deviation where it is
/// given; and duality: with one source and the same fanout, pull has the same
/// mean curve (but another law: a source that nobody asks stays alone).
#[test]
fn push_and_pull_have_the_same_exact_curve() {
    let cell_of = |kind: &str| {
        cell(&format!(
            "nodes.count=1000 protocol.kind={kind} measure.contact=false"
        ))
    };
    // Seeds differ, so that the two samples are independent.
    let push = runs(&cell_of("push"), 1300, 2000);
    let pull = runs(&cell_of("pull"), 1301, 2000);
    for (round, exact) in CURVE.into_iter().enumerate() {
        let by_push = informed_after(&push, round);
        let mean = match CURVE_SD.get(round) {
            // The standard deviation has three decimals, too.
            Some(sd) => Mean::with_sd(&by_push, if round < 2 { 0.0 } else { sd + 0.0005 }),
            None => Mean::of(&by_push),
        };
        assert_eq!(mean.check(exact, 0.0005), Ok(()), "push, round {round}");
        let by_pull = Mean::of(&informed_after(&pull, round));
        assert_eq!(by_pull.check(exact, 0.0005), Ok(()), "pull, round {round}");
        // A round late, or early, is refused; of pull only before the end, where a
        // source that was not asked for long makes its spread large.
        for wrong in [round.wrapping_sub(1), round + 1] {
            if let Some(&wrong) = CURVE.get(wrong) {
                assert!(mean.check(wrong, 0.0005).is_err(), "push, round {round}");
                let verdict = by_pull.check(wrong, 0.0005);
                assert!(verdict.is_err() || round > 12, "pull, round {round}");
            }
        }
    }
}

/// The duality at fanout 3, where no curve is given: the two samples against
/// each other.
#[test]
fn push_and_pull_have_the_same_mean_curve_at_fanout_3() {
    let cell_of = |kind: &str| {
        cell(&format!(
            "nodes.count=100 protocol.kind={kind} protocol.fanout=3 measure.contact=false"
        ))
    };
    let push = runs(&cell_of("push"), 1400, 10_000);
    let pull = runs(&cell_of("pull"), 1401, 10_000);
    for round in 0..8 {
        let by_push = Mean::of(&informed_after(&push, round));
        let by_pull = Mean::of(&informed_after(&pull, round));
        let se = (by_push.se * by_push.se + by_pull.se * by_pull.se).sqrt();
        let difference = Mean {
            mean: by_push.mean - by_pull.mean,
            se,
        };
        assert_eq!(difference.check(0.0, 1e-9), Ok(()), "round {round}");
    }
}

/// Poisson clocks at n = 1000 without latency. Push: the (k+1)-th node is
/// informed at rate k (n-k)/(n-1), so T100 = 2 (n-1) H(n-1) / n and its variance
/// is the sum of the squared means; a call of an informed node is useful with
/// probability (n-k)/(n-1), so (n-1) H(n-1) calls in all. Push-pull: twice the
/// rate, so half the time.
#[test]
fn poisson_clocks_have_their_exact_times() {
    let n = 1000.0;
    let harmonic: f64 = (1..1000).map(|k| 1.0 / f64::from(k)).sum();
    let gaps = (1..1000).map(|k| (n - 1.0) / (f64::from(k) * (n - f64::from(k))));
    let sd = gaps.map(|mean| mean * mean).sum::<f64>().sqrt();
    let t100 = 2.0 * (n - 1.0) * harmonic / n;
    let messages = (n - 1.0) * harmonic;
    // As published.
    assert!(
        (t100 - 14.9540).abs() < 5e-5 && (sd - 1.820).abs() < 5e-4,
        "{t100} {sd}"
    );
    assert!((messages - 7476.99).abs() < 5e-3, "{messages}");

    let base = "nodes.count=1000 clock.mode=poisson measure.contact=false measure.series=false";
    let push = cell(&format!("{base} protocol.kind=push"));
    let push_runs = runs(&push, 1500, 2000);
    let rounds = values(&push, &push_runs, "rounds_to_all");
    let rounds = Mean::with_sd(&rounds, sd);
    assert_eq!(rounds.check(t100, 0.0), Ok(()));
    let sent = Mean::of(&values(&push, &push_runs, "messages_sent"));
    assert_eq!(sent.check(messages, 0.0), Ok(()));
    // Not in common rounds: 18.0383.
    assert!(rounds.check(18.0383, 0.0).is_err());

    let both = cell(&format!("{base} protocol.kind=push-pull"));
    let both_runs = runs(&both, 1501, 2000);
    let halved = values(&both, &both_runs, "rounds_to_all");
    let halved = Mean::with_sd(&halved, sd / 2.0);
    assert_eq!(halved.check(t100 / 2.0, 0.0), Ok(()));
    assert!(halved.check(9.1511, 0.0).is_err());
    assert!(halved.check(t100, 0.0).is_err());
}
