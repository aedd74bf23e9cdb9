//! Runs against the laws of the end.

use super::super::SummaryRow;
use crate::laws::{self, ALL_INFORMED, Observed, Subject, Worked};
use crate::run;
use crate::scenario::Cell;

const RUMOR: &str = "protocol.kind=rumor-mongering protocol.k=2";

fn cell(settings: &str) -> Cell {
    let text = "nodes.count = 30\nprotocol.kind = \"push\"\nstop.quiescent = true\n\
        measure = { contact = false, series = false }\n";
    super::cell(text, settings)
}

fn summary(cell: &Cell, replicates: u64) -> Vec<SummaryRow> {
    super::summary(cell, 5, replicates)
}

/// The z of residue and traffic, each below 4.5.
fn measured(settings: &str, model: &str) -> Vec<f64> {
    let mut z = Vec::new();
    for row in summary(&cell(settings), 2000) {
        if row.metric == "residue" || row.metric == "updates_per_node" {
            assert_eq!(row.model, Some(model), "{settings}");
            let (mean, theory) = (row.mean.unwrap(), row.theory.unwrap());
            let near = row
                .z
                .map_or((mean - theory).abs() < 1e-12, |z| z.abs() < 4.5);
            let metric = &row.metric;
            assert!(
                near,
                "{settings} {metric}: {mean}, not {theory} ({:?})",
                row.z
            );
            z.extend(row.z);
        }
    }
    z
}

#[test]
fn measurements_agree_in_every_setting_that_a_model_takes() {
    let mut all = Vec::new();
    let slow = "network.latency.kind=exponential network.latency.mean=400ms";
    for stopping in [
        "feedback-cumulative",
        "feedback-coin",
        "blind-counter",
        "blind-coin",
    ] {
        let rumor = format!("{RUMOR} protocol.stopping={stopping}");
        let more = "protocol.k=3 network.loss=0.2 workload.sources=3";
        for clock in ["periodic", "poisson"] {
            let settings = format!("{rumor} clock.mode={clock}");
            all.extend(measured(&settings, "rumor-mongering"));
            all.extend(measured(&format!("{settings} {more}"), "rumor-mongering"));
        }
        if stopping.starts_with("blind") {
            let rounds = format!("{rumor} clock.mode=synchronous");
            all.extend(measured(&rounds, "rumor-mongering"));
            let late = format!("{rumor} {more} clock.mode=poisson {slow}");
            all.extend(measured(&late, "rumor-mongering"));
        }
    }
    let first = "protocol.kind=rumor-mongering protocol.k=1 clock.mode=poisson";
    all.extend(measured(first, "rumor-mongering"));
    for sampling in ["others", "others-with-replacement"] {
        let forward = format!("protocol.kind=infect-and-die protocol.sampling={sampling}");
        for more in [
            "clock.mode=synchronous protocol.fanout=2".to_string(),
            "clock.mode=poisson protocol.fanout=4 network.loss=0.3".to_string(),
            format!("clock.mode=periodic protocol.fanout=3 workload.sources=2 {slow}"),
        ] {
            all.extend(measured(&format!("{forward} {more}"), "infect-and-die"));
        }
    }
    // Residue and traffic of one cell are dependent, and the cells share
    // their dice: as good as some 25 values, 1 within 4.5 sqrt(2/25) at most,
    // and no less than a fifth.
    let squares = all.iter().map(|z| z * z).sum::<f64>() / all.len() as f64;
    assert!(all.len() > 50 && (0.2..2.3).contains(&squares), "{squares}");
}

/// The theorem's event, where the law of it is far from sure: the share of
/// runs in which all know has the binomial standard error.
#[test]
fn all_are_informed_as_often_as_the_law_says() {
    let cell = cell("protocol.kind=infect-and-die protocol.fanout=4");
    let law = laws::find(Subject::Ending, &cell).unwrap().law;
    let observed = Observed::default();
    let limit = law.limit(ALL_INFORMED, &observed);
    let expected = law.expected(ALL_INFORMED, &observed, &mut Worked::default());
    let p = expected.unwrap().mean;
    let runs = 4000;
    let all =
        (0..runs).filter(|&replicate| run::run(&cell, 6, replicate).arrivals.informed() == 30);
    let share = all.count() as f64 / runs as f64;
    let z = (share - p) / (p * (1.0 - p) / runs as f64).sqrt();
    assert!(z.abs() < 4.5 && (0.4..0.7).contains(&p), "{share} {p}");
    // e^(-30 e^(-4)), which it is not.
    assert!((limit.unwrap() - 0.577_3).abs() < 1e-4 && (p - 0.577_3).abs() > 0.01);
}

#[test]
fn runs_that_were_cut_or_nearly_have_no_theory() {
    let shown = |settings: &str| {
        let rows = summary(
            &cell(&format!("{RUMOR} protocol.stopping=blind-coin {settings}")),
            30,
        );
        rows.iter().any(|row| row.theory.is_some())
    };
    // The longest of 30 runs takes 16 rounds or so.
    assert!(shown("stop.rounds=200"));
    assert!(!shown("stop.rounds=5"));
    assert!(!shown("stop.rounds=25"));
}
