//! `theory.csv` in `convergence`: dashed where a cell meets an exact model.

use super::super::figure::{Mark, Sample};
use super::{Files, SERIES_HEADER, summary_header, summary_row};

/// Two cells of ten nodes, four rounds each; the first meets a model.
fn files(theory: &str) -> Files {
    let mut summary = summary_header("");
    let mut series = SERIES_HEADER.to_owned();
    for (cell, protocol) in ["push", "pull"].into_iter().enumerate() {
        let settings = format!("{cell},,{protocol},10,1");
        summary += &summary_row(&settings, "informed", ["10", "", "", "", ""]);
        for (round, informed) in [1, 2, 4, 9].into_iter().enumerate() {
            series += &format!("{cell},0,{round},{round},{informed},0.{informed},0\n");
        }
    }
    let header = "cell,case,protocol,nodes,fanout,model,time_s,round,informed,informed_fraction,sd,\
        informed_p10,informed_p50,informed_p90,within_50,within_99,within_all\n";
    Files::new(&summary, Some(&series)).and_theory(&format!("{header}{theory}"))
}

fn row(cell: u64, round: &str, median: &str) -> String {
    format!("{cell},,push,10,1,push-chain,{round},{round},1,0.1,0,1,{median},1,0,0,0\n")
}

fn dashed(files: &Files) -> Vec<Vec<(f64, f64)>> {
    let figures = files.figures();
    let marks = figures[0].1.panels.iter().flat_map(|panel| &panel.marks);
    let dashed = marks.filter_map(|mark| match mark {
        Mark::Dashed { points, .. } => Some(points.clone()),
        _ => None,
    });
    let has_key = figures[0]
        .1
        .keys
        .iter()
        .any(|(sample, _)| matches!(sample, Sample::Dashed(_)));
    let dashed: Vec<_> = dashed.collect();
    assert_eq!(has_key, !dashed.is_empty());
    dashed
}

#[test]
fn a_cell_with_an_exact_median_gets_it_and_no_other() {
    let end = 3.0 * 1.03;
    let rows = row(0, "0", "1") + &row(0, "2", "5") + &row(0, "3.5", "10");
    let [points] = &dashed(&files(&rows))[..] else {
        panic!("one dashed line");
    };
    assert_eq!(points[..2], [(0.0, 0.1), (2.0, 0.5)]);
    // The axis ends on the way from 0.5 to 1.
    let (x, y) = points[2];
    assert!((x, (y - 0.5 - 0.5 * (end - 2.0) / 1.5).abs() < 1e-12) == (end, true));
}

#[test]
fn who_knows_all_keeps_it_and_a_curve_that_was_cut_ends() {
    let full = dashed(&files(&(row(0, "0", "1") + &row(0, "1", "10"))));
    assert_eq!(full[0].last().unwrap(), &(3.0 * 1.03, 1.0));
    let cut = dashed(&files(&(row(1, "0", "1") + &row(1, "1", "2"))));
    assert_eq!(cut[0], [(0.0, 0.1), (1.0, 0.2)]);
}

#[test]
fn an_approximation_is_not_drawn() {
    assert!(dashed(&files(&(row(0, "0", "") + &row(0, "1", "")))).is_empty());
    assert!(dashed(&files("")).is_empty());
}

#[test]
fn rows_that_cannot_be_are_named() {
    for (rows, what) in [
        (row(7, "0", "1"), "cell 7 is not in the summary"),
        (row(0, "0", "11"), "informed_p50: 11"),
        (
            row(0, "1", "1") + &row(0, "1", "2"),
            "round: 1 comes after 1",
        ),
        (row(0, "0", "x"), "informed_p50"),
    ] {
        let error = files(&rows).draw(&[]).expect_err(what).to_string();
        assert!(
            error.contains(what) && error.contains("theory.csv"),
            "{error}"
        );
    }
}
