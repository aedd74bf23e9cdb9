//! `theory.csv`: the exact median of the informed nodes over time, by cell.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::tables::{FileError, TableReader};

/// Points in time, in rounds, and the median there as a fraction of the nodes; at least one.
pub type Median = Vec<(f64, f64)>;

/// Reads the medians of the cells in `shown`; approximate models have none. Rows of cells that are not in `known`
/// are an error.
pub fn read(
    path: &Path,
    known: &BTreeSet<u64>,
    shown: &BTreeSet<u64>,
) -> Result<BTreeMap<u64, Median>, FileError> {
    let mut table = TableReader::open(path)?;
    let columns = ["cell", "nodes", "round", "informed_p50"].map(|name| table.column(name));
    let [cell, nodes, round, median] = columns;
    let (cell, nodes, round, median) = (cell?, nodes?, round?, median?);
    let mut medians: BTreeMap<u64, Median> = BTreeMap::new();
    while table.advance()? {
        let number = table.whole(cell)?;
        if !known.contains(&number) {
            return Err(table.blame(format!("cell {number} is not in the summary")));
        }
        let (at, nodes) = (table.number(round)?, table.whole(nodes)?);
        let Some(informed) = table.optional(median)? else {
            continue;
        };
        let fraction = informed / nodes as f64;
        if !(0.0..=1.0).contains(&fraction) {
            return Err(table.blame(format!("informed_p50: {informed} is not from 0 to nodes")));
        }
        if !shown.contains(&number) {
            continue;
        }
        let points = medians.entry(number).or_default();
        let last = points.last().map_or(0.0, |&(round, _)| round);
        if at < last || (at == last && !points.is_empty()) {
            return Err(table.blame(format!("round: {at} comes after {last}")));
        }
        points.push((at, fraction));
    }
    Ok(medians)
}
