//! Everybody knows everybody: no list is kept.

use super::{Graph, Model};
use crate::invalid::Invalid;
use crate::keys;
use crate::random::Stream;

keys! {
    /// `topology = { kind = "complete" }`.
    #[derive(Eq)]
    pub struct Complete {}
}

impl Model for Complete {
    fn fits(&self, _: u32) -> Result<(), Invalid> {
        Ok(())
    }

    fn arcs(&self, nodes: u32) -> u64 {
        u64::from(nodes) * u64::from(nodes - 1)
    }

    fn bytes(&self, _: u32) -> u64 {
        0
    }

    fn is_fixed(&self) -> bool {
        true
    }

    fn build(&self, nodes: u32, _: &mut Stream) -> Graph {
        Graph::Complete { nodes }
    }
}
