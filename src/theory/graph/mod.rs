//! Spreading on graphs: what has an exact law there.
//!
//! - [`Chain`] on any small graph ([`Chain::on_graph`]), and on stars and other
//!   complete bipartite graphs of any size ([`Chain::on_bipartite`]): rounds in
//!   common or Poisson clocks, any exchange, loss;
//! - [`flood`]: all neighbours called in each round, no loss: distances.
//!
//! Invariant: pure; a graph is a list of neighbours, whoever drew it.

mod bipartite;
mod chain;
mod curve;
pub mod flood;
mod subsets;
#[cfg(test)]
mod tests;

pub use bipartite::Bipartite;
pub use chain::{Chain, EXITS_MAX, Rhythm, WORK_MAX};
pub use subsets::{NODES_MAX, Origin, Rumor, SmallGraph};
