//! gossim: a deterministic discrete-event simulator of gossip protocols.

pub mod cli;
pub mod engine;
pub mod invalid;
pub mod kind;
pub mod metrics;
pub mod network;
pub mod node;
pub mod output;
pub mod protocol;
pub mod random;
pub mod registry;
pub mod report;
pub mod run;
pub mod scenario;
pub mod stats;
pub mod sweep;
pub mod theory;
pub mod time;
