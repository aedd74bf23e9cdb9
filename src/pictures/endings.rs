//! `runs.csv`: the cells in which no run was stopped while more nodes could have been informed.

use std::collections::BTreeSet;
use std::path::Path;

use crate::tables::{FileError, TableReader};

use crate::stop::StoppedBy;

/// The cells whose runs all ended because nobody spread the rumor any more, or because all nodes had it.
pub fn at_rest(path: &Path) -> Result<BTreeSet<u64>, FileError> {
    let mut table = TableReader::open(path)?;
    let (cell, stopped_by) = (table.column("cell")?, table.column("stopped_by")?);
    let (mut at_rest, mut cut) = (BTreeSet::new(), BTreeSet::new());
    while table.advance()? {
        let number = table.whole(cell)?;
        match StoppedBy::of_text(table.text(stopped_by)).is_some_and(StoppedBy::is_at_rest) {
            true => at_rest.insert(number),
            false => cut.insert(number),
        };
    }
    Ok(&at_rest - &cut)
}
