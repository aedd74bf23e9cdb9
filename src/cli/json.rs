//! What `--json` prints: one object on standard output, whose keys are the
//! tables' columns where they are the same thing.

use super::console::number;
use crate::metrics::Run;
use crate::metrics::columns::{Value as Measured, columns};
use crate::report::SummaryRow;
use crate::tables::RowKey;
use serde_json::{Map, Value, json};

/// A run's columns by name; null where there is no value.
pub fn measured(run: &Run, thresholds: &[u8]) -> Value {
    let columns = columns(thresholds);
    let pairs = columns.iter().map(|column| {
        let value = match (column.value)(run) {
            Measured::Whole(whole) => json!(whole),
            Measured::Real(real) => number(Some(real)),
            Measured::Text(text) => json!(text),
            Measured::Missing => Value::Null,
        };
        (column.name.clone(), value)
    });
    Value::Object(pairs.collect())
}

/// A cell's settings, as the first columns of a table have them.
pub fn settings(key: &RowKey, axes: &[String]) -> Map<String, Value> {
    let mut settings = Map::new();
    settings.insert("cell".into(), json!(key.cell));
    settings.insert("case".into(), json!(key.case));
    settings.insert("protocol".into(), json!(key.protocol));
    settings.insert("nodes".into(), json!(key.nodes));
    settings.insert("fanout".into(), json!(key.fanout));
    for (axis, value) in axes.iter().zip(&key.axes) {
        settings.insert(axis.clone(), json!(value));
    }
    settings
}

/// The rows of a summary by metric.
pub fn summary(rows: &[SummaryRow]) -> Value {
    let pairs = rows.iter().map(|row| (row.metric.clone(), estimate(row)));
    Value::Object(pairs.collect())
}

fn estimate(row: &SummaryRow) -> Value {
    let (low, high) = row.ci95.unzip();
    json!({
        "count": row.count,
        "missing": row.missing,
        "mean": number(row.mean),
        "sd": number(row.sd),
        "se": number(row.se),
        "ci95_low": number(low),
        "ci95_high": number(high),
        "min": number(row.min),
        "p50": number(row.p50),
        "p99": number(row.p99),
        "max": number(row.max),
        "theory": number(row.theory),
        "theory_sd": number(row.theory_sd),
        "theory_limit": number(row.theory_limit),
        "model": row.model,
        "z": number(row.z),
    })
}

/// What theory says of one run, by metric; what it says nothing of is left out.
pub fn theory(rows: &[SummaryRow]) -> Value {
    let known = rows.iter().filter(|row| row.theory.is_some());
    let pairs = known.map(|row| {
        let law = json!({
            "mean": number(row.theory),
            "sd": number(row.theory_sd),
            "model": row.model,
        });
        (row.metric.clone(), law)
    });
    Value::Object(pairs.collect())
}
