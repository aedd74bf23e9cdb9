//! Runs against the laws of spreading.

use super::super::SummaryRow;
use crate::laws::ALL_INFORMED;
use crate::scenario::Cell;

fn cell(settings: &str) -> Cell {
    let text = "nodes.count = 30\nprotocol.kind = \"push\"\nclock.mode = \"synchronous\"\n\
        stop.all_informed = true\nmeasure = { contact = false, series = false }\n";
    super::cell(text, settings)
}

fn summary(cell: &Cell, replicates: u64) -> Vec<SummaryRow> {
    super::summary(cell, 11, replicates)
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
