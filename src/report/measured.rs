//! The runs of a results directory as numbers, cell by cell.

use crate::metrics::columns::{Type, columns};

pub use crate::laws::ALL_INFORMED;

/// Columns of every `runs.csv` that may tell cells apart, beside its axes.
pub const FIXED_KEYS: [&str; 4] = ["seed", "protocol", "nodes", "fanout"];

/// Is this column of `runs.csv` a text?
pub fn is_text(column: &str) -> bool {
    let is_it = |known: &crate::metrics::columns::Column| {
        known.r#type == Type::Text && known.name == column
    };
    columns(&[]).iter().any(is_it)
}

/// What `runs.csv` says.
#[derive(Clone, PartialEq, Debug)]
pub struct Measured {
    /// What tells cells apart: `case`, [`FIXED_KEYS`], then the further axes.
    pub keys: Vec<String>,
    /// The numeric columns, and [`ALL_INFORMED`].
    pub metrics: Vec<String>,
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
    pub fn new(keys: Vec<String>, mut metrics: Vec<String>) -> Option<Measured> {
        let place = |names: &[String], name: &str| names.iter().position(|other| other == name);
        let informed = place(&metrics, "informed")?;
        let nodes = place(&keys, "nodes")?;
        metrics.push(ALL_INFORMED.to_string());
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

    /// The further axes, which have a column of their own.
    pub fn axes(&self) -> impl Iterator<Item = &str> {
        let keys = self.keys.iter().map(String::as_str);
        keys.filter(|key| *key != "case" && !FIXED_KEYS.contains(key))
    }
}
