//! A graph that somebody else wrote: an edge list beside the scenario.

use super::graphs::Arcs;
use super::{Graph, Model};
use crate::files::{EdgeList, Ids};
use crate::invalid::Invalid;
use crate::random::Stream;
use crate::{choices, keys};
use std::sync::Arc;

keys! {
    /// `topology = { kind = "file", file = "edges.txt" }`.
    pub struct TopologyFile {
        /// The edge list: two node numbers a line, `#` or `%` begins a comment. Relative
        /// to the scenario.
        pub file: String,
        /// Is a line an arc from its first node to its second, and not both ways?
        pub directed: bool = false,
        /// Which node a number in the file is.
        pub ids: FileIds = FileIds::Renumber,
        /// The SHA-256 of the file, in hexadecimal: another file is refused. Results
        /// write it down.
        pub sha256: Option<String>,
    }
}

choices! {
    /// Which node a number in a file is.
    pub enum FileIds {
        /// The numbers that occur, ascending, are nodes 0, 1, 2 and so on.
        Renumber = "renumber" (default),
        /// A number is the node.
        AsIs = "as-is",
    }
}

/// What a file held: read once, shared by all runs.
#[derive(Clone, PartialEq, Debug)]
pub struct Held {
    /// The graph.
    pub arcs: Arc<Arcs>,
    /// Lines that were an edge from a node to itself, and left out.
    pub loops: u64,
    /// Edges that were there before, and left out.
    pub repeats: u64,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

impl TopologyFile {
    /// As the reader of files has it, for so many nodes.
    pub fn ids(&self, nodes: u32) -> Ids {
        match self.ids {
            FileIds::Renumber => Ids::Renumber,
            FileIds::AsIs => Ids::AsIs { nodes },
        }
    }

    /// The graph of an edge list.
    ///
    /// # Errors
    /// Not so many nodes, or more arcs than can be held.
    pub fn hold(&self, list: &EdgeList, nodes: u32, sha256: String) -> Result<Held, Invalid> {
        if list.nodes != nodes {
            let why = format!("must be {} as in the file, not {nodes}", list.nodes);
            return Err(Invalid::new(".nodes.count", why));
        }
        let both = if self.directed { 1 } else { 2 };
        super::graphs::fits(both * list.len() as u128, "file")?;
        let edges = list.edges().filter(|[from, to]| from != to);
        let loops = list.len() as u64 - edges.clone().count() as u64;
        let mut arcs = match self.directed {
            true => Arcs::directed(nodes, edges),
            false => Arcs::undirected(nodes, edges),
        };
        let repeats = arcs.drop_repeats() / both as u64;
        Ok(Held {
            arcs: Arc::new(arcs),
            loops,
            repeats,
            sha256,
        })
    }
}

impl Model for TopologyFile {
    fn fits(&self, _: u32) -> Result<(), Invalid> {
        Ok(())
    }

    /// Not known before the file is read.
    fn arcs(&self, _: u32) -> u64 {
        0
    }

    fn is_fixed(&self) -> bool {
        true
    }

    /// # Panics
    /// Always: whoever reads a scenario reads its files, and a run is handed what they held.
    fn build(&self, _: u32, _: &mut Stream) -> Graph {
        panic!("the file of a topology is read before a run")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::edge_list;
    use crate::node::NodeId;

    #[test]
    fn loops_and_repeats_are_left_out_and_counted() {
        let text = b"5 7\n7 5\n5 5\n7 9\n5 7\n";
        let list = edge_list(&text[..], Ids::Renumber).unwrap();
        let topology = |directed| TopologyFile {
            file: "x".into(),
            directed,
            ids: FileIds::Renumber,
            sha256: None,
        };
        let held = topology(false).hold(&list, 3, String::new()).unwrap();
        assert_eq!((held.loops, held.repeats, held.arcs.count()), (1, 2, 4));
        assert_eq!(held.arcs.row(NodeId(1)), [0, 2]);
        let held = topology(true).hold(&list, 3, String::new()).unwrap();
        assert_eq!((held.loops, held.repeats, held.arcs.count()), (1, 1, 3));
        let refused = topology(true).hold(&list, 4, String::new()).unwrap_err();
        assert_eq!(
            (refused.key.as_str(), refused.why.as_str()),
            (".nodes.count", "must be 3 as in the file, not 4")
        );
    }
}
