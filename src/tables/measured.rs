//! `runs.csv` read back into numbers, cell by cell.

use super::error::FileError;
use super::manifest::Manifest;
use super::read::{Row, Rows};
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
    let mut rows = Rows::open(&path)?;
    rows.require(&["cell", "case", "replicate", "informed"])?;
    rows.require(&FIXED_KEYS)?;
    let place = |name: &str| rows.columns().iter().position(|column| column == name);
    let (fanout, informed) = (place("fanout"), place("informed"));
    // The further axes stand between these two.
    let axes = fanout.map_or(0, |at| at + 1)..informed.unwrap_or(0);
    let columns = rows.columns().to_vec();
    let axes: Vec<&str> = columns
        .get(axes)
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let keys: Vec<&str> = ["case"].into_iter().chain(FIXED_KEYS).chain(axes).collect();
    let metrics = columns
        .iter()
        .skip(informed.unwrap_or(0))
        .map(String::as_str);
    let metrics: Vec<&str> = metrics.filter(|column| !is_text(column)).collect();
    let owned = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
    let none = || FileError::results(&path, "lacks columns", AGAIN).at_line(1);
    let mut found = Measured::new(owned(&keys), owned(&metrics)).ok_or_else(none)?;
    for row in &mut rows {
        let row = row?;
        let wrong = |what: String| FileError::results(&path, what, AGAIN).at_line(row.line);
        let settings = keys
            .iter()
            .map(|key| row.get(key).unwrap_or_default().to_string());
        let values: Result<Vec<_>, String> =
            metrics.iter().map(|name| number(&row, name)).collect();
        let whole = |name: &str| whole(&row, name).map_err(wrong);
        found
            .add(
                whole("cell")?,
                settings.collect(),
                whole("replicate")?,
                values.map_err(wrong)?,
            )
            .map_err(wrong)?;
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

fn whole(row: &Row, column: &str) -> Result<u64, String> {
    let text = row.get(column).unwrap_or_default();
    let expected = || format!("{column}: a whole number was expected, not \"{text}\"");
    text.parse().map_err(|_| expected())
}

/// A number, or nothing where the field is empty.
fn number(row: &Row, column: &str) -> Result<Option<f64>, String> {
    let text = row.get(column).unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.parse().ok().filter(|number: &f64| number.is_finite());
    let expected = || format!("{column}: a number was expected, not \"{text}\"");
    number.map(Some).ok_or_else(expected)
}
