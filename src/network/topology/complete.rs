//! Everybody knows everybody: no list is kept.

use super::{Graph, Model};
use crate::keys;
use crate::random::Stream;

keys! {
    /// `topology = { kind = "complete" }`.
    #[derive(Eq)]
    pub struct Complete {}
}

impl Model for Complete {
    fn degree_min(&self, nodes: u32) -> u32 {
        nodes - 1
    }

    fn bytes(&self, _: u32) -> u64 {
        0
    }

    fn build(&self, nodes: u32, _: &mut Stream) -> Graph {
        Graph::Complete { nodes }
    }
}
