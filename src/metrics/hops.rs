//! How many hops the rumor made to each node: one more than to the sender of the
//! message by which the node learned it, none to where it was written.

use crate::node::NodeId;
use crate::time::Time;

/// The hops of a run, over the nodes that learned the rumor by a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Hops {
    /// How many these are.
    pub nodes: u32,
    /// The hops of them all.
    pub sum: u64,
    /// Of the one that learned it last; where several did at that instant, the most.
    pub last: u32,
}

impl Hops {
    /// The mean; `None` without nodes.
    pub fn mean(&self) -> Option<f64> {
        (self.nodes > 0).then(|| self.sum as f64 / f64::from(self.nodes))
    }
}

/// Counts them while the run goes on: 4 bytes a node.
pub struct HopCount {
    of: Vec<u32>,
    total: Hops,
    last_at: Time,
}

impl HopCount {
    /// Nobody knows the rumor yet.
    pub fn new(nodes: u32) -> HopCount {
        HopCount {
            of: vec![0; nodes as usize],
            total: Hops::default(),
            last_at: Time::ZERO,
        }
    }

    /// The node learned the rumor, by a message of `from` if by one; once a node.
    #[cold]
    pub fn learned(&mut self, node: NodeId, from: Option<NodeId>, now: Time) {
        let Some(from) = from else {
            return;
        };
        let hops = self.of[from.index()] + 1;
        self.of[node.index()] = hops;
        self.total.nodes += 1;
        self.total.sum += u64::from(hops);
        self.total.last = match self.last_at == now {
            true => self.total.last.max(hops),
            false => hops,
        };
        self.last_at = now;
    }

    /// The run's numbers.
    pub fn finish(self) -> Hops {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0 wrote it; 0 -> 1 -> 2 -> 3 in a row, then 0 -> 4 at the instant of 2 -> 3;
    /// 5 found out by itself, and told 6 last of all.
    #[test]
    fn seven_nodes_by_hand() {
        let mut hops = HopCount::new(7);
        assert_eq!(hops.total.mean(), None);
        let told = |from| Some(NodeId(from));
        let all = [(0, None, 1), (1, told(0), 2), (2, told(1), 3)];
        let more = [(3, told(2), 4), (4, told(0), 4)];
        for (node, from, at) in all.into_iter().chain(more) {
            hops.learned(NodeId(node), from, Time(at));
        }
        let Hops { nodes, sum, last } = hops.total;
        assert_eq!((nodes, sum, last), (4, 1 + 2 + 3 + 1, 3));
        hops.learned(NodeId(5), None, Time(5));
        hops.learned(NodeId(6), told(5), Time(6));
        let all = hops.finish();
        assert_eq!((all.mean(), all.last), (Some(8.0 / 5.0), 1));
    }
}
