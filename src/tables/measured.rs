//! `runs.csv` read back into numbers, cell by cell.

use super::error::FileError;
use super::manifest::Manifest;
use super::read::TableReader;
use crate::report::measured::{FIXED_KEYS, Measured, is_text};
use std::path::Path;

const AGAIN: &str = "make the results again";

/// Reads the runs of a results directory.
///
/// # Errors
/// Where the directory holds no results, or the table is damaged (with its
/// line), or is not as gossim wrote it.
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
    let named = |places: &[usize]| places.iter().map(|&at| columns[at].clone()).collect();
    let lacking = || table.refuse("lacks columns");
    let mut found = Measured::new(named(&keys), named(&metrics)).ok_or_else(lacking)?;
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
    let changed = manifest.changed_files(dir)?;
    match changed.iter().any(|(name, _)| name == "runs.csv")
        || manifest.resource("runs.csv").is_none()
    {
        true => Err(FileError::results(
            &path,
            "is not as gossim wrote it",
            AGAIN,
        )),
        false => Ok(found),
    }
}
