//! `runs.csv`: how the runs of each cell ended.

use std::collections::BTreeSet;
use std::path::Path;

use crate::tables::{FileError, TableReader};

use crate::stop::StoppedBy;

/// How runs ended.
pub struct Endings {
    /// The cells whose runs all ended because nobody spread the rumor any more, or because all nodes had it.
    pub at_rest: BTreeSet<u64>,
    /// Some run ended by a limit of time or work.
    pub by_limits: bool,
    /// Some run ended for what became of the rumor.
    pub by_rumor: bool,
}

/// Reads them.
pub fn read(path: &Path) -> Result<Endings, FileError> {
    let mut table = TableReader::open(path)?;
    let (cell, stopped_by) = (table.column("cell")?, table.column("stopped_by")?);
    let (mut at_rest, mut cut) = (BTreeSet::new(), BTreeSet::new());
    let (mut by_limits, mut by_rumor) = (false, false);
    while table.advance()? {
        let number = table.whole(cell)?;
        let stopped_by = StoppedBy::of_text(table.text(stopped_by));
        match stopped_by.is_some_and(StoppedBy::is_at_rest) {
            true => at_rest.insert(number),
            false => cut.insert(number),
        };
        let is_limit = stopped_by.is_some_and(|stop| stop.cause().is_limit());
        by_limits |= is_limit;
        by_rumor |= !is_limit;
    }
    Ok(Endings {
        at_rest: &at_rest - &cut,
        by_limits,
        by_rumor,
    })
}
