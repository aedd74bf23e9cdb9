//! Drawing the peers of one cycle.

use super::Sampling;
use super::topology::Graph;
use crate::node::NodeId;
use crate::random::{Distinct, Stream};

/// Draws peers from a graph by a sampling; keeps its memory between draws.
pub struct Peers {
    graph: Graph,
    sampling: Sampling,
    distinct: Distinct,
    drawn: Vec<u32>,
    /// The first of those drawn.
    first: u32,
}

impl Peers {
    /// Draws from this graph by this sampling.
    pub fn new(graph: Graph, sampling: Sampling) -> Peers {
        Peers {
            graph,
            sampling,
            distinct: Distinct::default(),
            drawn: Vec::new(),
            first: 0,
        }
    }

    /// Draws `count` peers afresh for `me` (`None`: as many as the pool holds);
    /// returns how many there are, draws of `me` left out.
    #[inline]
    pub fn draw(&mut self, me: NodeId, count: Option<u32>, stream: &mut Stream) -> u32 {
        // The commonest case by far, without the detour over the list.
        if let (Some(1), Sampling::Others, &Graph::Complete { nodes }) =
            (count, self.sampling, &self.graph)
            && nodes > 1
        {
            let place = stream.below(nodes - 1);
            self.first = place + u32::from(place >= me.0);
            return 1;
        }
        self.draw_list(me, count, stream)
    }

    fn draw_list(&mut self, me: NodeId, count: Option<u32>, stream: &mut Stream) -> u32 {
        let degree = self.graph.degree(me);
        let pool = self.sampling.pool(degree);
        let count = count.unwrap_or(pool);
        self.drawn.clear();
        if self.sampling.is_distinct() {
            let count = count.min(pool);
            self.distinct.draw(stream, count, pool, &mut self.drawn);
        } else if pool > 0 {
            self.drawn.extend((0..count).map(|_| stream.below(pool)));
        }
        if self.sampling.includes_self() {
            // Place `degree` of the pool is the node itself.
            self.drawn.retain(|&place| place != degree);
        }
        self.graph.name_neighbours(me, &mut self.drawn);
        self.first = self.drawn.first().copied().unwrap_or(0);
        self.drawn.len() as u32
    }

    /// The `i`-th peer of the last draw.
    #[inline]
    pub fn peer(&self, i: u32) -> NodeId {
        NodeId(match i {
            0 => self.first,
            _ => self.drawn[i as usize],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Topology;
    use crate::random::{Seeds, StreamName};

    fn stream() -> Stream {
        let seeds = Seeds {
            master: 11,
            replicate: 0,
            cell: String::new(),
        };
        seeds.stream(StreamName::Protocol)
    }

    fn draws(sampling: Sampling, count: Option<u32>, rounds: u32) -> Vec<Vec<u32>> {
        let mut stream = stream();
        let graph = Topology::Complete.build(5, &mut stream);
        let mut peers = Peers::new(graph, sampling);
        let mut draw = || {
            let count = peers.draw(NodeId(2), count, &mut stream);
            (0..count).map(|i| peers.peer(i).0).collect()
        };
        (0..rounds).map(|_| draw()).collect()
    }

    #[test]
    fn nobody_ever_draws_itself() {
        for (_, sampling) in Sampling::ALL {
            for drawn in draws(sampling, Some(3), 500) {
                assert!(drawn.iter().all(|&peer| peer < 5 && peer != 2));
            }
        }
    }

    #[test]
    fn all_means_every_neighbour_once() {
        for sampling in [Sampling::Others, Sampling::All] {
            for mut drawn in draws(sampling, None, 50) {
                drawn.sort_unstable();
                assert_eq!(drawn, [0, 1, 3, 4]);
            }
        }
    }

    /// Each other node is drawn with the same probability: m/b for distinct
    /// targets, and the mean number of targets is m(n-1)/b where a draw of
    /// itself is spent. 4.5 standard errors of a binomial.
    #[test]
    fn each_other_node_is_as_likely() {
        let rounds = 40_000;
        for (_, sampling) in Sampling::ALL {
            let mut hits = [0.0; 5];
            for drawn in draws(sampling, Some(2), rounds) {
                drawn.iter().for_each(|&peer| hits[peer as usize] += 1.0);
            }
            let pool = f64::from(sampling.pool(4));
            let expected = f64::from(rounds) * 2.0 / pool;
            for peer in [0, 1, 3, 4] {
                assert!((hits[peer] - expected).abs() < 4.5 * expected.sqrt());
            }
        }
    }
}
