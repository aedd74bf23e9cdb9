//! Drawing the peers of one cycle.

use super::Sampling;
use super::topology::Graph;
use crate::node::NodeId;
use crate::random::{Distinct, Stream};

/// Draws peers from a graph by a sampling; keeps its memory between draws.
pub struct Peers {
    graph: Graph,
    sampling: Sampling,
    /// The others, where a draw of [`FEW`] is any of them.
    others: Option<Others>,
    distinct: Distinct,
    drawn: Vec<u32>,
}

/// All nodes but the one that draws: how many they are.
#[derive(Clone, Copy)]
pub struct Others(u32);

impl Others {
    /// Draws one of them.
    #[inline(always)]
    pub fn draw(self, me: NodeId, stream: &mut Stream) -> NodeId {
        self.peer(me, stream.below(self.0))
    }

    /// Some draws of one each, one at least and `most` at most: for [`Others::peer`].
    #[inline(always)]
    pub fn some_draws(
        self,
        most: usize,
        stream: &mut Stream,
    ) -> impl ExactSizeIterator<Item = u32> {
        stream.some_below(self.0, most)
    }

    /// The peer that a draw gives.
    #[inline(always)]
    pub fn peer(self, me: NodeId, draw: u32) -> NodeId {
        NodeId(draw + u32::from(draw >= me.0))
    }
}

/// The commonest draws by far are of so many at most, and go no detour over a list.
const FEW: usize = 4;

/// What a draw gave: how many peers, and the first of them.
#[derive(Clone, Copy, Default)]
pub struct Drawn {
    /// How many there are, draws of oneself left out.
    pub count: u32,
    first: [u32; FEW],
}

impl Peers {
    /// Draws from this graph by this sampling.
    pub fn new(graph: Graph, sampling: Sampling) -> Peers {
        let others = match (sampling, &graph) {
            (Sampling::Others, Graph::Complete { .. }) => Some(graph.degree(NodeId(0))),
            _ => None,
        };
        let others = others.filter(|others| *others as usize >= 2 * FEW);
        let others = others.map(Others);
        Peers {
            graph,
            sampling,
            others,
            distinct: Distinct::default(),
            drawn: Vec::new(),
        }
    }

    /// All others, if a draw of one peer is any of them: the commonest case by far,
    /// which goes no detour over the list.
    #[inline(always)]
    pub fn others(&self) -> Option<Others> {
        self.others
    }

    /// Draws `count` peers afresh for `me` (`None`: as many as the pool holds).
    #[inline(always)]
    pub fn draw(&mut self, me: NodeId, count: Option<u32>, stream: &mut Stream) -> Drawn {
        let (Some(count), Some(others)) = (count, self.others) else {
            return self.draw_neighbours(me, count, stream);
        };
        let mut first = [0; FEW];
        let Some(places) = first.get_mut(..count as usize) else {
            return self.draw_list(me, Some(count), stream);
        };
        stream.distinct_below(others.0, places);
        for place in places {
            *place = others.peer(me, *place).0;
        }
        Drawn { count, first }
    }

    /// One peer of a graph, the commonest case there, straight from its row.
    #[inline(never)]
    fn draw_neighbours(&mut self, me: NodeId, count: Option<u32>, stream: &mut Stream) -> Drawn {
        if count != Some(1) || self.sampling != Sampling::Others {
            return self.draw_list(me, count, stream);
        }
        let Some(row) = self.graph.row(me) else {
            return self.draw_list(me, count, stream);
        };
        let mut drawn = Drawn::default();
        if !row.is_empty() {
            drawn.count = 1;
            drawn.first[0] = row[stream.below(row.len() as u32) as usize];
        }
        drawn
    }

    #[inline(never)]
    fn draw_list(&mut self, me: NodeId, count: Option<u32>, stream: &mut Stream) -> Drawn {
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
        let mut first = [0; FEW];
        let held = first.iter_mut().zip(&self.drawn);
        held.for_each(|(place, peer)| *place = *peer);
        Drawn {
            count: self.drawn.len() as u32,
            first,
        }
    }

    /// The `i`-th peer of the last draw, which gave `drawn`.
    ///
    /// # Panics
    /// If the draw gave no more than `i`: a peer of an earlier draw, or of
    /// nobody's, would pass unnoticed.
    #[inline(always)]
    pub fn peer(&self, drawn: &Drawn, i: u32) -> NodeId {
        assert!(i < drawn.count, "peer {i} of a draw of {}", drawn.count);
        NodeId(match drawn.first.get(i as usize) {
            Some(peer) => *peer,
            None => self.drawn[i as usize],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Topology;
    use crate::random::{Seeds, StreamName};

    fn seeds() -> Seeds {
        Seeds {
            master: 11,
            replicate: 0,
            cell: String::new(),
        }
    }

    fn stream() -> Stream {
        seeds().stream(StreamName::Protocol)
    }

    fn draws(sampling: Sampling, count: Option<u32>, rounds: u32) -> Vec<Vec<u32>> {
        let mut stream = stream();
        let graph = Topology::default().build(5, &seeds());
        let mut peers = Peers::new(graph, sampling);
        let mut draw = || {
            let drawn = peers.draw(NodeId(2), count, &mut stream);
            (0..drawn.count).map(|i| peers.peer(&drawn, i).0).collect()
        };
        (0..rounds).map(|_| draw()).collect()
    }

    #[test]
    fn nobody_ever_draws_itself() {
        for &(_, _, sampling) in Sampling::ALL {
            for drawn in draws(sampling, Some(3), 500) {
                assert!(drawn.iter().all(|&peer| peer < 5 && peer != 2));
            }
        }
    }

    /// Asked for the first of no peers it gave node 0, and for the second of one,
    /// what an earlier draw had left there.
    #[test]
    fn a_peer_beyond_the_draw_is_refused() {
        for (nodes, draws) in [(1, vec![0]), (5, vec![3, 1])] {
            let mut stream = stream();
            let graph = Topology::default().build(nodes, &seeds());
            let mut peers = Peers::new(graph, Sampling::Others);
            for wanted in draws {
                let drawn = peers.draw(NodeId(0), Some(wanted), &mut stream);
                assert_eq!(drawn.count, wanted);
                let beyond = std::panic::catch_unwind(|| peers.peer(&drawn, wanted));
                assert!(beyond.is_err(), "{beyond:?}");
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
        for &(_, _, sampling) in Sampling::ALL {
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
