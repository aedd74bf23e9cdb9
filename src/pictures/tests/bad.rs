//! Tables that were cut off or edited: an error that says where, never a panic.

use super::{Files, Format, SERIES_HEADER, summary_header, summary_row};

/// The error that the files give, without its directory.
fn error(summary: &str, series: Option<&str>) -> String {
    let files = Files::new(summary, series);
    let error = files
        .draw(&[Format::Svg])
        .expect_err("a bad table must be refused");
    let directory = format!(
        "{}{}",
        files.directory.path().display(),
        std::path::MAIN_SEPARATOR
    );
    let text = error.to_string().replace(&directory, "");
    let what = text.strip_suffix("; make the results again");
    what.expect("what to do").to_owned()
}

#[test]
fn bad_summaries_are_refused() {
    let header = summary_header("");
    let good = summary_row(
        "0,,push,10,1",
        "contact_probability",
        ["0.5", "0.4", "0.6", "", ""],
    );
    let check =
        |rows: &str, expected: &str| assert_eq!(error(&format!("{header}{rows}"), None), expected);
    let row = |numbers| summary_row("0,,push,10,1", "contact_probability", numbers);

    check(
        "0,,push\n",
        "summary.csv:2: has 3 fields, not 22 as the header",
    );
    check(
        &row(["x", "", "", "", ""]),
        "summary.csv:2: mean: a number was expected, not `x`",
    );
    check(
        &row(["NaN", "", "", "", ""]),
        "summary.csv:2: mean: a number was expected, not `NaN`",
    );
    check(
        &row(["0.5", "", "", "inf", ""]),
        "summary.csv:2: theory: a number was expected, not `inf`",
    );
    check(
        &row(["1e300", "", "", "", ""]),
        "summary.csv:2: mean: a number was expected, not `1e300`",
    );
    check(
        &row(["1.5", "", "", "", ""]),
        "summary.csv:2: contact_probability: 1.5 is not from 0 to 1",
    );
    check(
        &row(["0.5", "0.6", "0.4", "", ""]),
        "summary.csv:2: ci95_low is above ci95_high",
    );
    check(
        &format!("{good}{good}"),
        "summary.csv:3: a second row for contact_probability in cell 0",
    );
    check(
        &good.replace("0,,push,10", "0,,push,0"),
        "summary.csv:2: nodes: a cell has at least one",
    );
    check(
        &good.replace("0,,push", "-1,,push"),
        "summary.csv:2: cell: a whole number was expected, not `-1`",
    );
    let other = good.replace("push", "pull");
    check(
        &format!("{good}{other}"),
        "summary.csv:3: cell 0 has other settings than in an earlier row",
    );
    let negative = summary_row("0,,push,10,1", "rounds_to_all", ["-3", "", "", "", ""]);
    check(
        &negative,
        "summary.csv:2: rounds_to_all: -3 is not at least 0",
    );
}

#[test]
fn bad_files_are_refused() {
    assert_eq!(error("", None), "summary.csv: is empty");
    assert_eq!(
        error("cell,case\n", None),
        "summary.csv:1: has no column \"fanout\""
    );
    assert_eq!(
        error("a;b;c\n1;2;3\n", None),
        "summary.csv:1: has no column \"fanout\""
    );
    let files = Files::new(&summary_header(""), None);
    let missing = files.directory.path().join("absent.csv");
    let found = super::super::summary::Summary::read(&missing)
        .unwrap_err()
        .to_string();
    assert!(found.contains("absent.csv: is missing"), "{found}");
    std::fs::write(&missing, b"cell,\xff\n").unwrap();
    let found = super::super::summary::Summary::read(&missing)
        .unwrap_err()
        .to_string();
    assert!(found.contains("absent.csv:1: is not UTF-8"), "{found}");
}

#[test]
fn columns_out_of_order_are_refused() {
    let header = "cell,case,protocol,nodes,metric,fanout,count,missing,mean,ci95_low,ci95_high,theory,theory_limit\n";
    assert_eq!(
        error(header, None),
        "summary.csv:1: the column `fanout` must come before `metric`"
    );
}

#[test]
fn bad_series_are_refused() {
    let summary = summary_header("")
        + &summary_row("0,,push,10,1", "informed", ["10", "", "", "", ""])
        + &summary_row("1,,push,10,2", "informed", ["10", "", "", "", ""]);
    let check = |rows: &str, expected: &str| {
        assert_eq!(
            error(&summary, Some(&format!("{SERIES_HEADER}{rows}"))),
            expected
        );
    };
    check(
        "0,0,0,0,1\n",
        "series.csv:2: has 5 fields, not 7 as the header",
    );
    check(
        "7,0,0,0,1,0.1,0\n",
        "series.csv:2: cell 7 is not in the summary",
    );
    check(
        "0,0,0,0,1,1.1,0\n",
        "series.csv:2: informed_fraction: 1.1 is not from 0 to 1",
    );
    check("0,0,0,-1,1,0.1,0\n", "series.csv:2: round: -1 is below 0");
    check(
        "0,0,0,,1,0.1,0\n",
        "series.csv:2: round: a number was expected, not ``",
    );
    check(
        "0,0,2,2,1,0.1,0\n0,0,1,1,1,0.1,0\n",
        "series.csv:3: round: 1 comes after 2",
    );
    let run = |cell, replicate| format!("{cell},{replicate},0,0,1,0.1,0\n");
    let parted = [run(0, 0), run(0, 1), run(0, 0)].concat();
    check(
        &parted,
        "series.csv:4: the rows of cell 0, replicate 0 are not together",
    );
    let parted = [run(0, 0), run(1, 0), run(0, 1)].concat();
    check(&parted, "series.csv:4: the rows of cell 0 are not together");
}
