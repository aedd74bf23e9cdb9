//! Cuts: for a while some nodes and all others do not hear each other.
//!
//! A message is cut when it is sent: what is under way passes a new cut.

use crate::node::{NodeId, NodeSet};
use crate::random::{Distinct, Stream};
use crate::time::Time;

/// One `[[network.cut]]`: from one instant on until another.
#[derive(Clone, PartialEq, Debug)]
pub struct CutLaw {
    /// Its first instant.
    pub from: Time,
    /// It is over here.
    pub until: Time,
    /// Who is cut off from all others.
    pub who: CutOff,
    /// The others are heard by those cut off, but do not hear them.
    pub one_way: bool,
}

/// Who is cut off.
#[derive(Clone, PartialEq, Debug)]
pub enum CutOff {
    /// This share of all nodes, to the nearest whole number (half up): random ones.
    Share(f64),
    /// These.
    Nodes(Vec<u32>),
}

/// A cut with those whom it takes.
pub struct Cut {
    law: CutLaw,
    off: NodeSet,
}

impl Cut {
    /// The same nodes for all cells, replicate by replicate: `dice` are of the
    /// environment.
    pub fn new(law: &CutLaw, nodes: u32, dice: &mut Stream) -> Cut {
        let mut off = NodeSet::new(nodes);
        let mut drawn = Vec::new();
        let chosen = match &law.who {
            CutOff::Nodes(chosen) => chosen,
            CutOff::Share(share) => {
                let count = (share * f64::from(nodes) + 0.5) as u32;
                Distinct::default().draw(dice, count.min(nodes), nodes, &mut drawn);
                &drawn
            }
        };
        for node in chosen {
            off.insert(NodeId(*node));
        }
        let law = law.clone();
        Cut { law, off }
    }

    /// Does it take a message that is sent now?
    pub fn takes(&self, from: NodeId, to: NodeId, now: Time) -> bool {
        if now < self.law.from || now >= self.law.until {
            return false;
        }
        match (self.off.contains(from), self.off.contains(to)) {
            (true, false) => true,
            (false, true) => !self.law.one_way,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Seeds, StreamName};

    fn cut(who: CutOff, one_way: bool, nodes: u32) -> Cut {
        let seeds = Seeds {
            master: 51,
            replicate: 0,
            cell: String::new(),
        };
        let law = CutLaw {
            from: Time(10),
            until: Time(20),
            who,
            one_way,
        };
        Cut::new(&law, nodes, &mut seeds.stream(StreamName::Faults))
    }

    #[test]
    fn a_cut_takes_what_crosses_it_while_it_lasts() {
        let takes = |one_way, from, to, now| {
            let cut = cut(CutOff::Nodes(vec![1, 3]), one_way, 5);
            cut.takes(NodeId(from), NodeId(to), Time(now))
        };
        for one_way in [false, true] {
            assert!(takes(one_way, 1, 0, 10) && takes(one_way, 3, 4, 19));
            assert!(!takes(one_way, 1, 0, 9) && !takes(one_way, 1, 0, 20));
            assert!(!takes(one_way, 1, 3, 15) && !takes(one_way, 0, 4, 15));
            assert_eq!(takes(one_way, 0, 1, 15), !one_way);
        }
    }

    #[test]
    fn a_share_is_rounded_half_up() {
        for (share, nodes, want) in [(0.5, 5, 3), (0.3, 10, 3), (0.0, 7, 0), (1.0, 7, 7)] {
            assert_eq!(cut(CutOff::Share(share), false, nodes).off.len(), want);
        }
    }
}
