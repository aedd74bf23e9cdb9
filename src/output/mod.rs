//! Tables, pictures and the directory that holds them: every byte that gossim
//! writes to a file.
//!
//! Invariant: the only room that writes files; prints nothing; knows no
//! protocol; what it writes depends on its input alone, not on the machine or
//! the hour (the manifest's `environment` is handed in and kept apart). Old
//! results are whole until the new ones are.

mod directory;
mod error;
mod fields;
mod journal;
mod manifest;
mod measured;
pub mod pictures;
mod read;
mod results;
mod single;
mod tables;

pub use error::{Error, Fault};
pub use fields::{Axis, Field, type_of};
pub use manifest::{About, Change, Gossim, Kind, MANIFEST, Manifest, Resource, sha256};
pub use measured::measured;
pub use read::{Row, Rows};
pub use results::{Cleanup, Committed, StagedFile, Staging, add_files, write_file};
pub use single::{check_pages, write_pages};
pub use tables::{RowKey, RunsTable, SeriesTable, SummaryTable, TheoryTable};
