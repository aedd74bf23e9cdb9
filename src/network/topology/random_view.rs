//! A fixed list of random neighbours per node, drawn once at the start.
//!
//! The lists are directed: that A knows B does not mean that B knows A.

use super::{Graph, Model};
use crate::invalid::Invalid;
use crate::keys;
use crate::node::NodeId;
use crate::random::{Distinct, SEED_MAX, Stream};

keys! {
    /// `topology = { kind = "random-view", size = 10 }`.
    #[derive(Eq)]
    pub struct RandomView {
        /// Neighbours per node, distinct, not itself: 1 to n - 1.
        pub size: u32 as "nodes",
        /// Fixes the lists: the same in all replicates, whatever the master seed.
        pub seed: Option<u64> [0..=SEED_MAX],
    }
}

impl Model for RandomView {
    /// A node alone knows nobody, whatever the size.
    fn fits(&self, nodes: u32) -> Result<(), Invalid> {
        let others = nodes - 1;
        if (1..=others).contains(&self.size) || (self.size > 0 && others == 0) {
            return Ok(());
        }
        let why = format!(
            "must be from 1 to {others} (all other nodes), not {}",
            self.size
        );
        Err(Invalid::new("size", why))
    }

    fn arcs(&self, nodes: u32) -> u64 {
        u64::from(nodes) * u64::from(self.size.min(nodes - 1))
    }

    fn bytes(&self, nodes: u32) -> u64 {
        4 * u64::from(nodes) * u64::from(self.size)
    }

    fn seed(&self) -> Option<u64> {
        self.seed
    }

    fn build(&self, nodes: u32, stream: &mut Stream) -> Graph {
        let size = self.size.min(nodes - 1);
        let mut neighbours = Vec::with_capacity(nodes as usize * size as usize);
        let mut distinct = Distinct::default();
        let mut view = Vec::new();
        let everybody = Graph::Complete { nodes };
        for node in 0..nodes {
            view.clear();
            distinct.draw(stream, size, nodes - 1, &mut view);
            everybody.name_neighbours(NodeId(node), &mut view);
            neighbours.extend_from_slice(&view);
        }
        Graph::Views { size, neighbours }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Seeds, StreamName};

    #[test]
    fn views_hold_distinct_others() {
        let seeds = Seeds {
            master: 1,
            replicate: 0,
            cell: String::new(),
        };
        let mut stream = seeds.stream(StreamName::Topology);
        let view = RandomView {
            size: 7,
            seed: None,
        };
        let graph = view.build(50, &mut stream);
        for node in 0..50 {
            let mut view: Vec<u32> = (0..7).collect();
            graph.name_neighbours(NodeId(node), &mut view);
            view.sort_unstable();
            view.dedup();
            assert_eq!(view.len(), 7);
            assert!(!view.contains(&node) && view[6] < 50);
        }
    }
}
