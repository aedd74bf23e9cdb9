//! The tables: one list of columns, one writer, one reader, and the manifest
//! that describes and vouches for the files.
//!
//! Invariant: prints nothing, writes no file of its own (it is handed writers);
//! knows no protocol; what it writes depends on its input alone, not on the
//! machine or the hour (the manifest's `environment` is handed in and kept
//! apart).

mod error;
mod fields;
mod manifest;
mod measured;
mod read;
mod summary_row;
mod write;

pub(crate) use error::ELSEWHERE;
pub use error::{FileError, Reason};
pub use fields::{AxisColumn, Field, type_of};
pub use manifest::{
    About, Change, Gossim, Identity, MANIFEST, Manifest, Resource, ResultsOf, sha256,
};
pub(crate) use manifest::{FILES, Fingerprint, INPUTS, MAKE, is_file_name};
pub use measured::{FIXED_KEYS, Measured, MeasuredCell, Metric, measured};
pub use read::TableReader;
pub use summary_row::SummaryRow;
pub use write::{
    FailedTable, RowKey, RunsTable, RunsText, SeriesTable, SummaryTable, TheoryTable, again,
    series_text,
};
