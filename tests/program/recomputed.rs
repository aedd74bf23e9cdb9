//! `summary.csv` is a function of `runs.csv` and `scenario.toml`: made again from
//! these two alone, it has the same bytes, in every scenario that is shipped.

use crate::place::{Place, Table};
use gossim::registry::PROTOCOLS;
use gossim::report::CellRuns;
use gossim::scenario::{Cell, Overrides, Purpose, Scenario};
use gossim::tables::{RowKey, SummaryTable, TableReader};
use std::fs;
use std::path::Path;

/// Fewer replicates than the file says, where all of them take more than 4 seconds
/// of processor time.
const REDUCED: [(&str, u64); 10] = [
    ("bandwidth", 1),
    ("contact_clocks", 10),
    ("contact_probability", 4),
    ("contact_samplings", 10),
    ("convergence", 4),
    ("demers_fixed_point", 40),
    ("fixed_degree", 1),
    ("partition", 10),
    ("quickstart", 40),
    ("topologies", 4),
];

/// The key of the summary's rows, as a row of `runs.csv` says it.
fn key(table: &TableReader, cell: &Cell) -> RowKey {
    let text = |column| table.text(table.column(column).unwrap()).to_string();
    RowKey {
        cell: text("cell").parse().unwrap(),
        case: text("case"),
        protocol: text("protocol"),
        nodes: text("nodes").parse().unwrap(),
        fanout: text("fanout"),
        axes: cell.coordinates.clone(),
    }
}

/// The summary of a results directory, from two of its files.
fn made_again(dir: &Path) -> String {
    let overrides = Overrides {
        purpose: Purpose::Sweep,
        ..Overrides::default()
    };
    let scenario = Scenario::read(&dir.join("scenario.toml"), PROTOCOLS, &overrides).unwrap();
    let axes: Vec<String> = scenario.axes.iter().map(|axis| axis.key.clone()).collect();
    let mut table = SummaryTable::new(Vec::new(), &axes).unwrap();
    let mut runs = CellRuns::new(&scenario.asked());
    let mut rows = TableReader::open(&dir.join("runs.csv")).unwrap();
    for number in 0..scenario.cell_count() {
        let cell = scenario.cell(number).unwrap();
        for _ in 0..scenario.replicates {
            assert!(rows.advance().unwrap(), "a row for each run");
            runs.push_row(&rows).unwrap();
        }
        let key = key(&rows, &cell);
        assert_eq!(key.cell, number);
        for row in &runs.finish(&cell).unwrap().rows {
            table.row(&key, row).unwrap();
        }
    }
    assert!(!rows.advance().unwrap(), "no row more");
    String::from_utf8(table.finish().unwrap()).unwrap()
}

/// Median, 99 % quantile and greatest value by other arithmetic: a time that was
/// not reached is infinite, and what rests on an infinite one is no number.
fn check_quantiles(place: &Place, name: &str) {
    let runs = Table::read(&place.path("out/runs.csv"));
    let summary = Table::read(&place.path("out/summary.csv"));
    let cells = runs.column("cell");
    let fields = ["cell", "metric", "p50", "p99", "max"].map(|column| summary.column(column));
    for row in 0..summary.rows.len() {
        let [cell, metric, p50, p99, max] = fields.each_ref().map(|column| column[row]);
        if metric == "all_informed" {
            continue;
        }
        let is_time = metric.contains("_to_");
        let column = runs.column(metric);
        let mut values: Vec<f64> = (cells.iter().zip(column))
            .filter(|(at, value)| **at == cell && (is_time || !value.is_empty()))
            .map(|(_, value)| value.parse().unwrap_or(f64::INFINITY))
            .collect();
        values.sort_by(f64::total_cmp);
        let quantile = |percent: usize| {
            // Place (n - 1) percent / 100, in whole numbers.
            let place = (values.len() - 1) * percent;
            let (low, part) = (values[place / 100], place % 100);
            match part {
                0 => low,
                part => low + part as f64 / 100.0 * (values[place / 100 + 1] - low),
            }
        };
        let has_p99 = values.len() >= 100;
        for (said, expected) in [
            (p50, (!values.is_empty()).then(|| quantile(50))),
            (p99, has_p99.then(|| quantile(99))),
            (max, values.last().copied()),
        ] {
            let expected = expected.filter(|value| value.is_finite());
            let said: Option<f64> = said.parse().ok();
            let is_same = match said.zip(expected) {
                Some((said, expected)) => (said - expected).abs() <= 1e-9 * expected.abs(),
                None => said == expected,
            };
            assert!(
                is_same,
                "{name}, cell {cell}, {metric}: {said:?}, not {expected:?}"
            );
        }
    }
}

#[test]
fn the_summary_of_each_shipped_scenario_follows_from_its_runs() {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut reduced = 0;
    let mut with_theory = 0;
    for entry in fs::read_dir(scenarios).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_none_or(|end| end != "toml") {
            // What a scenario reads.
            continue;
        }
        let name = file.file_stem().unwrap().to_str().unwrap();
        let fewer = REDUCED.iter().find(|(other, _)| *other == name);
        let mut arguments = vec!["sweep", file.to_str().unwrap(), "--yes", "--out", "out"];
        let replicates = fewer.map(|(_, count)| count.to_string());
        if let Some(count) = &replicates {
            arguments.extend(["--replicates", count]);
            reduced += 1;
        }
        let place = Place::new();
        let done = place.gossim(&arguments);
        assert_eq!(done.code, Some(0), "{done}");
        let written = place.read("out/summary.csv");
        let again = made_again(&place.path("out"));
        let lines = written.lines().zip(again.lines());
        for (number, (line, again)) in lines.enumerate() {
            assert_eq!(line, again, "{name}, line {} of summary.csv", number + 1);
        }
        assert_eq!(written, again, "{name}");
        check_quantiles(&place, name);
        let theory = written.lines().filter(|line| !line.ends_with(",,"));
        with_theory += usize::from(theory.count() > 1);
    }
    assert_eq!(reduced, REDUCED.len(), "each of them is a shipped scenario");
    assert!(
        with_theory >= 7,
        "z is recomputed in {with_theory} scenarios"
    );
}

/// What a run knows and its row does not say cannot come into a summary unseen:
/// another row gives another summary.
#[test]
fn a_summary_follows_its_rows() {
    let place = Place::with(crate::PLAIN);
    place
        .gossim(&["sweep", "scenario.toml", "--out", "out"])
        .ok();
    let written = place.read("out/summary.csv");
    assert_eq!(made_again(&place.path("out")), written);
    let runs = place.read("out/runs.csv");
    let mut lines: Vec<&str> = runs.lines().collect();
    let (first, second) = (lines[1].to_string(), lines[2].to_string());
    let tail = |line: &str| line.split_once(",push-pull,").unwrap().1.to_string();
    let (one, two) = (tail(&first), tail(&second));
    assert_ne!(one, two, "two runs that differ");
    let both_alike = second.replace(&two, &one);
    lines[2] = &both_alike;
    place.write("out/runs.csv", &format!("{}\n", lines.join("\n")));
    assert_ne!(made_again(&place.path("out")), written);
}
