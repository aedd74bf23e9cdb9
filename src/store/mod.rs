//! What survives a kill: the results directory, its lock, new files beside the
//! old ones, and the journal by which they replace them; and runs as records.
//!
//! Invariant: the only room that writes files; prints nothing; knows of the
//! content only what the manifest says, and of a run its numbers. Old results are whole until the new
//! ones are.

mod directory;
mod journal;
mod lock;
mod pages;
mod paths;
pub mod records;
mod shelf;
mod staging;

pub use journal::manifest;
pub use pages::{ANOTHER_FILE, check_pages, put_pictures, write_file, write_pages};
pub use shelf::{Place, Shelf};
pub use staging::{Cleanup, Committed, StagedFile, Staging, add_files};
