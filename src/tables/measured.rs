//! `runs.csv` read back into numbers, cell by cell: for comparisons.

use super::error::FileError;
use super::manifest::Manifest;
use super::read::TableReader;
use crate::column::Better;
use crate::laws::ALL_INFORMED;
use crate::metrics::columns::{Span, Type, known};
use std::path::Path;

const AGAIN: &str = "make the results again";

/// Columns of every `runs.csv` that may tell cells apart, beside its axes.
pub const FIXED_KEYS: [&str; 4] = ["seed", "protocol", "nodes", "fanout"];

/// Is this column of `runs.csv` a text?
fn is_text(column: &str) -> bool {
    known(column).is_some_and(|known| known.r#type == Type::Text)
}

/// What there is to know of a metric besides its values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Metric {
    /// The column of `runs.csv`, or [`ALL_INFORMED`].
    pub name: String,
    /// Which way it is better.
    pub better: Better,
    /// How much of a run it is about.
    pub span: Span,
    /// Another metric that says the same in another unit.
    pub same_as: Option<String>,
}

impl Metric {
    /// The metric of this name; `better` is taken of a column that not every
    /// `runs.csv` may have, a protocol's own.
    pub fn new(name: &str, better: Better) -> Metric {
        let own = || Metric {
            name: name.to_string(),
            better,
            span: Span::Run,
            same_as: None,
        };
        known(name).map_or_else(own, |column| Metric {
            name: column.name,
            better: column.better,
            span: column.span,
            same_as: column.same_as,
        })
    }

    fn all_informed() -> Metric {
        Metric::new(ALL_INFORMED, Better::Higher)
    }
}

/// What `runs.csv` says.
#[derive(Clone, PartialEq, Debug)]
pub struct Measured {
    /// What tells cells apart: `case`, [`FIXED_KEYS`], then the further axes.
    pub keys: Vec<String>,
    /// The numeric columns, and [`ALL_INFORMED`].
    pub metrics: Vec<Metric>,
    /// In the table's order.
    pub cells: Vec<MeasuredCell>,
    informed: usize,
    nodes: usize,
}

/// One cell of it.
#[derive(Clone, PartialEq, Debug)]
pub struct MeasuredCell {
    /// Its number.
    pub number: u64,
    /// As the table writes them, parallel to `keys`.
    pub settings: Vec<String>,
    /// The replicates, in the table's order.
    pub replicates: Vec<u64>,
    /// For each metric, the value of each replicate; `None` where it has none.
    pub values: Vec<Vec<Option<f64>>>,
}

impl Measured {
    /// No cell yet. `None` if there is no key `nodes` or no metric `informed`.
    pub fn new(keys: Vec<String>, mut metrics: Vec<Metric>) -> Option<Measured> {
        let informed = metrics
            .iter()
            .position(|metric| metric.name == "informed")?;
        let nodes = keys.iter().position(|key| key == "nodes")?;
        metrics.push(Metric::all_informed());
        Some(Measured {
            keys,
            metrics,
            cells: Vec::new(),
            informed,
            nodes,
        })
    }

    /// The next row of the table: `values` for each numeric column.
    ///
    /// # Errors
    /// What contradicts the rows before it.
    pub fn add(
        &mut self,
        cell: u64,
        settings: Vec<String>,
        replicate: u64,
        mut values: Vec<Option<f64>>,
    ) -> Result<(), String> {
        let nodes = settings[self.nodes].parse::<f64>().ok();
        let all = values[self.informed].map(|informed| f64::from(Some(informed) == nodes));
        values.push(all);
        let is_new = self.cells.last().is_none_or(|last| last.number != cell);
        if is_new {
            if self.cells.iter().any(|other| other.number == cell) {
                return Err(format!("the rows of cell {cell} are not together"));
            }
            self.cells.push(MeasuredCell {
                number: cell,
                settings,
                replicates: vec![replicate],
                values: values.into_iter().map(|value| vec![value]).collect(),
            });
            return Ok(());
        }
        let Some(last) = self.cells.last_mut() else {
            return Ok(());
        };
        if last.settings != settings {
            return Err(format!(
                "cell {cell} has other settings than in the row before"
            ));
        }
        if last.replicates.last() >= Some(&replicate) {
            return Err(format!("replicate {replicate} is not in ascending order"));
        }
        last.replicates.push(replicate);
        for (all, value) in last.values.iter_mut().zip(values) {
            all.push(value);
        }
        Ok(())
    }

    /// Where a key is.
    pub fn key(&self, name: &str) -> Option<usize> {
        self.keys.iter().position(|key| key == name)
    }

    /// The metric of this name.
    pub fn metric(&self, name: &str) -> Option<&Metric> {
        self.metrics.iter().find(|metric| metric.name == name)
    }

    /// The further axes, which have a column of their own.
    pub fn axes(&self) -> impl Iterator<Item = &str> {
        let keys = self.keys.iter().map(String::as_str);
        keys.filter(|key| *key != "case" && !FIXED_KEYS.contains(key))
    }
}

/// Reads the runs of a results directory.
///
/// # Errors
/// Where the directory holds no results, or the table is damaged (with its
/// line). That somebody changed it is not this function's to know.
pub fn measured(dir: &Path, manifest: &Manifest) -> Result<Measured, FileError> {
    let path = dir.join("runs.csv");
    let mut table = TableReader::open(&path)?;
    let (cell, replicate) = (table.column("cell")?, table.column("replicate")?);
    let (fanout, informed) = (table.column("fanout")?, table.column("informed")?);
    let mut keys = vec![table.column("case")?];
    for name in FIXED_KEYS {
        keys.push(table.column(name)?);
    }
    // The further axes stand between these two.
    keys.extend(fanout + 1..informed);
    let columns = table.columns();
    let metrics: Vec<usize> = (informed..columns.len())
        .filter(|&column| !is_text(&columns[column]))
        .collect();
    let resource = manifest.resource("runs.csv");
    let metric = |&at: &usize| {
        let better = resource.map(|resource| resource.better(&columns[at]));
        Metric::new(&columns[at], better.unwrap_or_default())
    };
    let named = keys.iter().map(|&at| columns[at].clone()).collect();
    let described = metrics.iter().map(metric).collect();
    let lacking = || table.refuse("lacks columns");
    let mut found = Measured::new(named, described).ok_or_else(lacking)?;
    while table.advance()? {
        let settings = keys.iter().map(|&at| table.text(at).to_string()).collect();
        let values: Result<_, _> = metrics.iter().map(|&at| table.optional(at)).collect();
        found
            .add(
                table.whole(cell)?,
                settings,
                table.whole(replicate)?,
                values?,
            )
            .map_err(|what| table.blame(what))?;
    }
    if found.cells.is_empty() {
        return Err(FileError::results(&path, "holds no run", AGAIN).at_line(1));
    }
    match resource {
        None => Err(FileError::results(&path, "is not in the manifest", AGAIN)),
        Some(_) => Ok(found),
    }
}
