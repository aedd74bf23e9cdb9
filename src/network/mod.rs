//! Who can talk to whom, how long it takes, what is lost: a file per model.
//!
//! Invariant: knows no protocol, no queue and no clock; it is asked for a
//! topology, a peer, a latency, and gives one from the stream it is handed.

pub mod latency;
mod loss;
pub mod paths;
mod peers;
mod sampling;
pub mod topology;

pub use latency::Latency;
pub use loss::Loss;
pub use paths::PathLaw;
pub use peers::{Drawn, Others, Peers};
pub use sampling::Sampling;
pub use topology::Topology;

/// The network of a run, as its scenario says it.
#[derive(Clone, PartialEq, Debug)]
pub struct Network {
    /// Who can talk to whom.
    pub topology: Topology,
    /// How long a message travels.
    pub latency: Latency,
    /// The probability, independent for each message, that it is lost: 0 to 1.
    pub loss: f64,
    /// What paths have besides.
    pub paths: PathLaw,
}
