//! Whatever small tables say, drawing ends in pictures or in an error, never in a panic.

use proptest::prelude::*;

use super::{Files, Format, RUNS_HEADER, SERIES_HEADER, summary_header, summary_row};

/// A field of a table: mostly sensible, sometimes not.
fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (0_u32..=1000).prop_map(|v| (f64::from(v) / 1000.0).to_string()),
        2 => (0_u32..50).prop_map(|v| v.to_string()),
        2 => Just(String::new()),
        1 => Just("1e15".to_owned()),
        1 => Just("0.0000000000000001".to_owned()),
        1 => Just("0.9999999999999999".to_owned()),
    ]
}

/// A row of the summary.
fn row(cell: usize) -> impl Strategy<Value = String> {
    let settings = (
        prop_oneof![Just(""), Just("a"), Just("\u{4e2d} <b>")],
        prop_oneof![Just("push"), Just("pull")],
        prop_oneof![
            Just(1_u64),
            Just(2),
            Just(10),
            Just(1000),
            Just(999_999_999_999_999)
        ],
        prop_oneof![Just("1"), Just("2"), Just("30"), Just("all")],
        prop_oneof![Just("others"), Just("all"), Just("0.5")],
    );
    let settings = settings.prop_map(move |(case, protocol, nodes, fanout, axis)| {
        format!("{cell},{case},{protocol},{nodes},{fanout},{axis}")
    });
    (settings, proptest::array::uniform5(field())).prop_map(|(settings, fields)| {
        let [mean, low, high, theory, limit] = &fields;
        let numbers = [&mean[..], low, high, theory, limit];
        let metrics = [
            "contact_probability",
            "residue",
            "rounds_to_all",
            "rounds_to_majority",
        ];
        metrics
            .map(|metric| summary_row(&settings, metric, numbers))
            .concat()
    })
}

/// Runs of every other cell, or of all, that came to rest.
fn runs(step: usize) -> String {
    let rows = (0..6)
        .step_by(step)
        .map(|cell| format!("{cell},0,quiescent\n"));
    RUNS_HEADER.to_owned() + &rows.collect::<String>()
}

/// Some rows of the series, of runs of some of the cells.
fn series(cells: usize) -> impl Strategy<Value = String> {
    let run = proptest::collection::vec((0_u32..40, 0_u32..=10), 1..5);
    proptest::collection::vec(run, 0..2 * cells).prop_map(|runs| {
        let mut text = SERIES_HEADER.to_owned();
        for (i, mut run) in runs.into_iter().enumerate() {
            run.sort_unstable();
            for (quarter, tenth) in run {
                let (round, fraction) = (f64::from(quarter) / 4.0, f64::from(tenth) / 10.0);
                text += &format!("{},{i},{round},{round},1,{fraction},0\n", i / 2);
            }
        }
        text
    })
}

/// A summary and a series of a few cells.
fn tables() -> impl Strategy<Value = (String, String)> {
    (1_usize..6).prop_flat_map(|cells| {
        let rows: Vec<_> = (0..cells).map(row).collect();
        let summary = rows.prop_map(|rows| summary_header(",protocol.sampling") + &rows.concat());
        (summary, series(cells))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn small_tables_never_panic((summary, series) in tables(), step in 1_usize..3) {
        let files = Files::new(&summary, Some(&series)).and_runs(&runs(step));
        let _ = files.draw(&[Format::Svg]);
    }

    #[test]
    fn cut_tables_never_panic((summary, series) in tables(), at in 0.0..1.0_f64) {
        let cut = |text: &str| -> String { text.chars().take((text.len() as f64 * at) as usize).collect() };
        let _ = Files::new(&cut(&summary), Some(&series)).draw(&[Format::Svg]);
        let _ = Files::new(&summary, Some(&cut(&series))).draw(&[Format::Svg]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bitmaps_never_panic((summary, series) in tables()) {
        let _ = Files::new(&summary, Some(&series)).draw(&[Format::Png]);
    }
}
