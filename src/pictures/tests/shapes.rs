//! Which pictures a table gives, and what stands in them: the ends of the range first.

use super::super::figure::{Figure, Mark};
use super::{Files, Format, SERIES_HEADER, full, summary_header, summary_row};

const NOTHING: [&str; 5] = ["", "", "", "", ""];

/// A summary of one cell with one metric.
fn one(settings: &str, metric: &str, numbers: [&str; 5]) -> String {
    summary_header("") + &summary_row(settings, metric, numbers)
}

/// The one figure that the files give.
fn only(files: &Files) -> Figure {
    let figures = files.figures();
    assert_eq!(figures.len(), 1);
    figures.into_iter().next().unwrap().1
}

/// How many points a figure has in each panel.
fn points(figure: &Figure) -> Vec<usize> {
    let count = |marks: &[Mark]| {
        marks
            .iter()
            .filter(|mark| matches!(mark, Mark::Point { .. }))
            .count()
    };
    figure
        .panels
        .iter()
        .map(|panel| count(&panel.marks))
        .collect()
}

#[test]
fn a_full_sweep_has_three_pictures() {
    assert_eq!(
        full().names(),
        ["convergence", "contact_probability", "rounds"]
    );
}

#[test]
fn nothing_to_compare_gives_no_picture() {
    let none: [&str; 0] = [];
    assert_eq!(Files::new(&summary_header(""), None).names(), none);
    assert_eq!(
        Files::new(&one("0,,push,10,1", "informed", NOTHING), None).names(),
        none
    );
    let alone = one(
        "0,,push,10,1",
        "contact_probability",
        ["0.5", "0.4", "0.6", "", ""],
    );
    assert_eq!(Files::new(&alone, None).names(), none);
    let alone = one("0,,push,10,1", "rounds_to_all", ["5", "4", "6", "5.1", ""]);
    assert_eq!(Files::new(&alone, Some(SERIES_HEADER)).names(), none);
}

#[test]
fn theory_alone_is_worth_a_picture() {
    let files = Files::new(
        &one(
            "0,,push,10,1",
            "contact_probability",
            ["0.5", "", "", "0.6", "0.6"],
        ),
        None,
    );
    assert_eq!(points(&only(&files)), [1, 1]);
}

#[test]
fn one_run_is_a_line_without_a_band() {
    let summary = one("0,,push,10,1", "informed", NOTHING);
    let series = format!("{SERIES_HEADER}0,0,0,0,1,0.1,0\n0,0,1,1,2,0.2,1\n0,0,2.5,2.5,10,1,3\n");
    let figure = only(&Files::new(&summary, Some(&series)));
    let [Mark::Line { points, .. }] = &figure.panels[0].marks[..] else {
        panic!("a line and nothing else");
    };
    let end = 2.5 * 1.03;
    let rows = [(0.0, 0.1), (0.75, 0.1), (1.0, 0.2), (2.25, 0.2), (2.5, 1.0)];
    assert_eq!(points[..], [&rows[..], &[(end, 1.0)]].concat());
    assert_eq!(figure.x_title, "Time (seconds; a round is 1 s)");
}

#[test]
fn a_run_that_ends_keeps_its_last_value() {
    let summary = one("0,,push,10,1", "informed", NOTHING);
    let runs = [
        "0,0,0,0,1,0.1,0\n0,0,1,1,4,0.4,1\n",
        "0,1,0,0,1,0.1,0\n0,1,1,1,2,0.2,1\n0,1,2,2,8,0.8,1\n",
    ];
    let series = format!("{SERIES_HEADER}{}", runs.concat());
    let figure = only(&Files::new(&summary, Some(&series)));
    let Mark::Line { points, .. } = &figure.panels[0].marks[1] else {
        panic!("the median lies on the band");
    };
    let close = |y: f64, expected: f64| (y - expected).abs() < 1e-12;
    assert!(close(points[1].1, 0.3) && close(points[2].1, 0.6));
}

#[test]
fn a_rumor_that_stays_at_home_has_no_curve() {
    let summary = one("0,,push,1,1", "rounds_to_all", ["0", "0", "0", "", ""]);
    let series = format!("{SERIES_HEADER}0,0,0,0,1,1,0\n");
    assert!(Files::new(&summary, Some(&series)).names().is_empty());
}

#[test]
fn one_node_and_constant_values_can_be_drawn() {
    let mut summary = summary_header("");
    for (cell, nodes) in [1, 2].into_iter().enumerate() {
        let settings = format!("{cell},,push,{nodes},1");
        summary += &summary_row(&settings, "rounds_to_all", ["0", "0", "0", "0", "0"]);
        summary += &summary_row(&settings, "contact_probability", ["0", "0", "0", "0", ""]);
    }
    let files = Files::new(&summary, None);
    assert_eq!(files.names(), ["contact_probability", "rounds"]);
    assert!(files.draw(&[Format::Png]).is_ok());
}

#[test]
fn certain_contact_is_left_out_below_and_said() {
    let mut summary = summary_header("");
    for (cell, mean) in ["0.65", "1", "1"].into_iter().enumerate() {
        let settings = format!("{cell},,push,10,{}", cell * 4 + 1);
        summary += &summary_row(
            &settings,
            "contact_probability",
            [mean, mean, mean, mean, "0.63"],
        );
    }
    let figure = only(&Files::new(&summary, None));
    assert_eq!(points(&figure), [3, 1]);
    assert!(
        figure.subtitle[1].starts_with("Cells 1, 2 are missing below: everybody was contacted")
    );
}

#[test]
fn cells_with_missing_runs_are_left_out_and_said() {
    let mut summary = summary_header("");
    for (cell, mean) in ["5", "7", ""].into_iter().enumerate() {
        let settings = format!("{cell},,push,{},1", 10 * (cell + 1));
        summary += &summary_row(&settings, "rounds_to_all", [mean, "", "", "", ""]);
    }
    let figure = only(&Files::new(&summary, None));
    assert_eq!(points(&figure), [2]);
    assert_eq!(
        figure.subtitle[1],
        "Cell 2 is left out: some runs ended before all nodes were informed."
    );
}

/// A sweep of the contact probability over axes, all with the same numbers.
fn contact_sweep(samplings: &[&str], losses: &[&str], nodes: &[u32], fanouts: &[u32]) -> Files {
    let mut summary = summary_header(",protocol.sampling,network.loss");
    let mut cell = 0;
    for sampling in samplings {
        for loss in losses {
            for n in nodes {
                for m in fanouts {
                    let settings = format!("{cell},,push,{n},{m},{sampling},{loss}");
                    summary += &summary_row(
                        &settings,
                        "contact_probability",
                        ["0.5", "0.4", "0.6", "0.5", "0.5"],
                    );
                    cell += 1;
                }
            }
        }
    }
    Files::new(&summary, None)
}

#[test]
fn contact_panels_follow_the_axes() {
    let four = [
        "others",
        "all",
        "others-with-replacement",
        "all-with-replacement",
    ];
    let check = |files: Files, x: &str, per_panel: &[usize], keys: &[&str]| {
        let figure = only(&files);
        assert!(figure.x_title.starts_with(x), "{}", figure.x_title);
        assert_eq!(points(&figure), per_panel);
        let labels: Vec<String> = figure
            .keys
            .iter()
            .map(|key| key.1.replace('\u{a0}', " "))
            .collect();
        assert_eq!(labels[..keys.len()], *keys);
    };
    let sizes = [10, 30, 100, 1000];
    check(
        contact_sweep(&four[..2], &["0"], &sizes, &[1, 2, 3]),
        "Fanout",
        &[12; 4],
        &["n = 10", "n = 30", "n = 100", "n = 1 000"],
    );
    check(
        contact_sweep(&four, &["0", "0.1", "0.3"], &sizes[..3], &[2]),
        "Number",
        &[9; 8],
        &["loss = 0", "loss = 0.1", "loss = 0.3"],
    );
    check(
        contact_sweep(&four[..1], &["0", "0.1"], &[10], &[2]),
        "loss",
        &[2; 2],
        &["measured"].map(|_| "measured, 95 % interval where wider than the point"),
    );
    check(
        contact_sweep(&four[..2], &["0", "0.1"], &[10], &[1, 2, 3]),
        "Fanout",
        &[6; 4],
        &["loss = 0", "loss = 0.1"],
    );
}

#[test]
fn what_has_no_part_is_held_and_said() {
    let four = [
        "others",
        "all",
        "others-with-replacement",
        "all-with-replacement",
    ];
    let losses = ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8"];
    let figure = only(&contact_sweep(
        &four,
        &losses[..2],
        &[10, 100, 1000, 10_000],
        &[1, 2, 3],
    ));
    assert_eq!(points(&figure), [12; 8]);
    let said = figure.subtitle[0].replace('\u{a0}', " ");
    assert!(
        said.contains("loss = 0 (the first of 2) · 48 of 96 cells"),
        "{said}"
    );
    let figure = only(&contact_sweep(&four[..1], &losses, &[10], &[1, 2, 3]));
    assert_eq!(figure.subtitle[1], "Shown: 7 of 9 values of loss.");
}

/// What no other part wants joins the panels or the colours, where these are few.
#[test]
fn as_many_cells_are_shown_as_there_is_room_for() {
    let four = [
        "others",
        "all",
        "others-with-replacement",
        "all-with-replacement",
    ];
    let figure = only(&contact_sweep(
        &four,
        &["0", "0.1", "0.3"],
        &[10, 30, 100],
        &[2, 5],
    ));
    assert_eq!(
        points(&figure),
        [18; 8],
        "contact_samplings: all of 72 cells"
    );
    assert_eq!(
        figure.keys[1].1.replace('\u{a0}', " "),
        "loss = 0, fanout 5"
    );
    let sizes: Vec<u32> = (1..=20).collect();
    let figure = only(&contact_sweep(&["others"], &["0"], &sizes, &[1, 2, 3]));
    assert_eq!(points(&figure), [60; 2]);
    assert!(figure.x_title.starts_with("Number of nodes"));
}

#[test]
fn cases_count_only_where_nothing_else_tells_cells_apart() {
    let draw = |second: &str| {
        let settings = ["0,small,push,10,1", second];
        let rows =
            settings.map(|s| summary_row(s, "contact_probability", ["0.5", "", "", "0.5", "0.5"]));
        only(&Files::new(&(summary_header("") + &rows.concat()), None))
    };
    assert!(
        draw("1,large,push,100,1")
            .x_title
            .starts_with("Number of nodes")
    );
    let figure = draw("1,large,push,10,1");
    assert_eq!(
        figure.keys[..2]
            .iter()
            .map(|key| &key.1[..])
            .collect::<Vec<_>>(),
        ["small", "large"]
    );
}
