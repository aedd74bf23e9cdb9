//! The residue of a rumor: which sweeps have the picture, and what stands in it.

use super::super::figure::{Figure, Mark};
use super::{Files, Format, RUNS_HEADER, dying, full, summary_header, summary_row};

/// The residue of files that give no other picture.
fn figure(files: &Files) -> Figure {
    assert_eq!(files.names(), ["residue"]);
    files.figures().remove(0).1
}

/// A sweep over k with the given means, its runs ended by the given words.
fn over_k(means: &[&str], stopped_by: &[&str]) -> Files {
    let mut summary = summary_header(",protocol.k");
    let mut runs = RUNS_HEADER.to_owned();
    for (cell, (mean, stopped_by)) in means.iter().zip(stopped_by).enumerate() {
        let settings = format!("{cell},,rumor-mongering,1000,1,{}", cell + 1);
        summary += &summary_row(&settings, "residue", [mean, "", "", "", ""]);
        runs += &format!("{cell},0,quiescent\n{cell},1,{stopped_by}\n");
    }
    Files::new(&summary, None).and_runs(&runs)
}

#[test]
fn points_lines_and_limits_stand_where_the_table_has_them() {
    let figure = figure(&dying());
    assert_eq!(figure.panels.len(), 1);
    let mut points = Vec::new();
    let mut lines = Vec::new();
    let mut limits = Vec::new();
    for mark in &figure.panels[0].marks {
        match mark {
            Mark::Point { at, .. } => points.push(*at),
            Mark::Line { points, .. } => lines.push(points.clone()),
            Mark::Dashed { points, .. } => limits.push(points.clone()),
            Mark::Band { .. } => panic!("the residue has no band"),
        }
    }
    let second = [(1.0, 0.19), (2.0, 0.05), (3.0, 0.004)];
    let first = [(1.0, 0.2), (2.0, 0.06)];
    assert_eq!(points, [&second[..], &first].concat());
    let exact = vec![(1.0, 0.203), (2.0, 0.0594), (3.0, 0.0198)];
    assert_eq!(lines, [exact[..2].to_vec(), exact]);
    let limit = vec![(1.0, 0.204), (2.0, 0.0595), (3.0, 0.0198)];
    assert_eq!(limits, [limit[..2].to_vec(), limit]);
    let words: Vec<&str> = figure.keys.iter().map(|key| &key.1[..]).collect();
    let expected = [
        "coin",
        "counter",
        "mean, 95 % interval where wider than the point",
        "a dot's size only keeps one from hiding another",
        "exact at each point",
        "limit for many nodes",
    ];
    assert_eq!(words, expected);
    assert_eq!(figure.x_title, "k");
}

#[test]
fn what_has_no_place_on_the_axis_is_said() {
    assert_eq!(
        figure(&dying()).subtitle[1],
        "Cell 2 is not shown: a residue of 0 has no place on a logarithmic axis. An interval that reaches 0 ends in \
         an arrow."
    );
    let axis = &figure(&dying()).panels[0].y;
    assert!(axis.low > 0.0 && axis.low < 0.004 && axis.high > 0.204);
}

#[test]
fn one_cell_above_0_or_one_value_of_k_gives_no_picture() {
    let rest = ["quiescent"; 3];
    assert!(over_k(&["0.2", "0", "0"], &rest).names().is_empty());
    assert!(over_k(&["0.2"], &rest).names().is_empty());
    assert!(over_k(&["", "", ""], &rest).names().is_empty());
    assert_eq!(over_k(&["0.2", "0.1", "0"], &rest).names(), ["residue"]);
}

#[test]
fn a_residue_that_a_stop_left_is_not_shown() {
    let means = ["0.2", "0.1", "0.05"];
    let cut = over_k(&means, &["rounds", "all_informed", "time"]);
    assert!(cut.names().is_empty(), "one cell came to rest");
    assert_eq!(
        cut.omitted(),
        ["no picture `residue`: runs were stopped before the rumor came to rest"]
    );
    let figure = figure(&over_k(&means, &["quiescent", "all_informed", "rounds"]));
    assert_eq!(
        figure.subtitle[1],
        "Cell 2 is left out: some runs were stopped before the rumor came to rest."
    );
    assert!(!full().names().contains(&"residue"));
}

#[test]
fn two_settings_beside_the_axis_are_panels_and_colours() {
    let mut summary = summary_header(",protocol.k,network.loss");
    let mut runs = RUNS_HEADER.to_owned();
    let mut cell = 0;
    for case in ["coin", "counter"] {
        for loss in ["0", "0.1"] {
            for k in 1..=3 {
                let settings = format!("{cell},{case},rumor-mongering,1000,1,{k},{loss}");
                summary += &summary_row(&settings, "residue", ["0.1", "0.09", "0.11", "", ""]);
                runs += &format!("{cell},0,quiescent\n");
                cell += 1;
            }
        }
    }
    let figure = figure(&Files::new(&summary, None).and_runs(&runs));
    let titles: Vec<&str> = figure.panels.iter().map(|p| &p.title[..]).collect();
    assert_eq!(titles, ["coin", "counter"]);
    let count = |panel: &super::super::figure::Panel| {
        let points = panel.marks.iter();
        points.filter(|m| matches!(m, Mark::Point { .. })).count()
    };
    assert_eq!(figure.panels.iter().map(count).collect::<Vec<_>>(), [6, 6]);
    assert_eq!(figure.keys[0].1.replace('\u{a0}', " "), "loss = 0");
}

#[test]
fn bad_tables_are_refused() {
    let rest = ["quiescent"; 2];
    let error = over_k(&["0.2", "1.1"], &rest).draw(&[Format::Svg]);
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("summary.csv:3: residue: 1.1 is not from 0 to 1"),
        "{error}"
    );
    let files = over_k(&["0.2", "0.1"], &rest).and_runs("cell,replicate\n0,0\n");
    let error = files.draw(&[Format::Svg]).unwrap_err().to_string();
    assert!(
        error.contains("runs.csv:1: has no column \"stopped_by\""),
        "{error}"
    );
}
