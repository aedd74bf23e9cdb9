//! gossim: a deterministic discrete-event simulator of gossip protocols.

pub mod stats;
pub mod theory;
pub mod output;
