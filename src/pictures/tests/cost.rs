//! What an event costs: a table of its own.

use std::path::Path;

use super::super::figure::{Figure, Mark};
use super::super::{Format, cost};
use crate::tables::FileError;

const HEADER: &str =
    "protocol,nodes,fanout,ns_per_event_p50,ns_per_event_min,ns_per_event_max,conditions\n";

/// The figure of these rows.
fn figure(rows: &str) -> Result<Figure, FileError> {
    let directory = tempfile::tempdir().unwrap();
    let table = directory.path().join("cost.csv");
    std::fs::write(&table, HEADER.to_owned() + rows).unwrap();
    super::super::cost::figure(&table)
}

/// The points of each panel.
fn points(figure: &Figure) -> Vec<Vec<(f64, f64)>> {
    let at = |mark: &Mark| match mark {
        Mark::Point { at, .. } => Some(*at),
        _ => None,
    };
    let panels = figure.panels.iter();
    panels
        .map(|panel| panel.marks.iter().filter_map(at).collect())
        .collect()
}

#[test]
fn a_panel_per_protocol_and_the_fanouts_of_one_size_side_by_side() {
    let figure = figure(
        "push,1000,1,30,29,33,\"one thread, loss 1 %\"\npush,1000,2,31,30,32,\npush,10000,1,28,27,61,\n\
         pull,1000,2,40,40,40,\n",
    )
    .unwrap();
    assert_eq!(figure.subtitle, ["one thread, loss 1 %"]);
    let keys: Vec<&str> = figure.keys.iter().map(|(_, words)| &words[..]).collect();
    assert_eq!(keys[..2], ["fanout\u{a0}1", "fanout\u{a0}2"]);
    let titles: Vec<&str> = figure.panels.iter().map(|panel| &panel.title[..]).collect();
    assert_eq!(titles, ["push", "pull"]);
    for panel in &figure.panels {
        assert_eq!((panel.y.low, panel.y.high), (0.0, 80.0));
    }

    let points = points(&figure);
    let [first, second, beside] = points[0][..] else {
        panic!("{points:?}")
    };
    assert!(first.0 < 1000.0 && beside.0 > 1000.0, "{points:?}");
    assert!((first.0 * beside.0 - 1e6).abs() < 1e-3, "{points:?}");
    assert_eq!((first.1, second.1, beside.1), (30.0, 28.0, 31.0));
    assert_eq!(points[1], [(beside.0, 40.0)]);
}

#[test]
fn a_bad_row_is_refused() {
    let error = figure("push,1000,1,30,31,33,\n").unwrap_err();
    assert_eq!(error.line, Some(2));
    assert_eq!(error.what, "least, median and greatest are not in order");
    let error = figure("push,many,1,30,29,33,\n").unwrap_err();
    assert_eq!(error.what, "nodes: a whole number was expected, not `many`");
}

#[test]
fn a_table_without_rows_is_an_empty_sheet() {
    assert!(figure("").unwrap().panels.is_empty());
}

/// As every picture: the same table gives the same bytes again, here or elsewhere.
#[test]
fn the_picture_in_the_docs_is_that_of_the_table_in_the_docs() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let drawn = cost(&docs.join("cost.csv"), Format::Png).unwrap();
    let kept = std::fs::read(docs.join("cost.png")).unwrap();
    assert!(
        drawn.bytes == kept,
        "draw it again: cargo bench --bench growth -- draw"
    );
}
