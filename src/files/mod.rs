//! Files that strangers wrote: edge lists, tables of nodes and of links, matrices,
//! lists of durations. From bytes to checked data.
//!
//! Whatever the bytes are, a reader gives data or a [`Refused`] with line, column and
//! a text that is safe to print; it never panics, never waits for a pipe or a device,
//! and takes memory in proportion to what it keeps: a line has a length at most, and
//! so has everything that grows.
//!
//! Invariant: knows no scenario, no graph and no run; opens a file only in [`place`];
//! writes nothing.

mod decimal;
mod durations;
mod edge_list;
mod ids;
mod lines;
mod links;
mod matrix;
mod nodes;
pub mod place;
mod refused;
mod table;

pub use decimal::{duration, rate};
pub use durations::durations;
pub use edge_list::edge_list;
pub use ids::{EdgeList, Ids};
pub use links::{Links, links};
pub use matrix::{Matrix, MatrixUnit, matrix};
pub use nodes::{NodeRow, NodeTable, nodes};
pub use refused::{Refused, harmless};
