//! TOML to a checked, complete [`Scenario`] and its grid of cells.
//!
//! Invariant: reads files, writes none; runs nothing; every error says where.

use crate::engine::Setup;
use crate::registry::Loaded;

/// One cell: the base settings with a case's and the axes' values set.
pub struct Cell {
    /// Row-major in the grid, from 0.
    pub number: u64,
    /// The label of its case; empty where there are no cases.
    pub case: String,
    /// Its value on each axis, as written in tables.
    pub coordinates: Vec<String>,
    /// Its coordinates as canonical text: the key of its dice; empty for a plain run.
    pub dice: String,
    /// `[protocol] kind`.
    pub protocol_name: String,
    /// The protocol, ready to run.
    pub protocol: Box<dyn Loaded>,
    /// All else that the engine needs.
    pub setup: Setup,
}
