//! gossim: a deterministic discrete-event simulator of gossip protocols.

pub mod output;
pub mod stats;
pub mod theory;
