//! Flooding in common rounds: every node that may calls all of its neighbours in
//! each round, and nothing is lost: the rumor is as far as the round's number.
//!
//! Assumes: a fixed graph, rounds decided from the state at their start,
//! `fanout = "all"`, no loss, no faults. Unit: rounds. Range: any graph; what
//! cannot be reached has no arrival. Push goes along the arcs, pull against
//! them, push-pull both ways; on an undirected graph they are the same.
//!
//! Source: elementary: the distance in the graph from the nearest source.

use super::super::spread::Exchange;

/// By node: its distance from the nearest source, in arcs; none where it can't
/// be reached. `peers(node)`: whom it can call.
pub fn arrivals<'g>(
    nodes: u32,
    peers: impl Fn(u32) -> &'g [u32],
    exchange: Exchange,
    sources: &[u32],
) -> Vec<Option<u32>> {
    let backwards = match exchange {
        Exchange::Push => Reversed::default(),
        Exchange::Pull | Exchange::PushPull => Reversed::new(nodes, &peers),
    };
    let mut arrival = vec![None; nodes as usize];
    let mut reached = Vec::with_capacity(nodes as usize);
    for source in sources {
        if arrival[*source as usize].is_none() {
            arrival[*source as usize] = Some(0);
            reached.push(*source);
        }
    }
    let mut next = 0;
    while let Some(node) = reached.get(next).copied() {
        next += 1;
        let round = arrival[node as usize].map(|before| before + 1);
        let forwards = match exchange {
            Exchange::Pull => &[],
            Exchange::Push | Exchange::PushPull => peers(node),
        };
        for told in forwards.iter().chain(backwards.of(node)) {
            if arrival[*told as usize].is_none() {
                arrival[*told as usize] = round;
                reached.push(*told);
            }
        }
    }
    arrival
}

/// The rounds until `count` nodes (1 or more) are informed; none if they never
/// are.
pub fn rounds_to(arrivals: &[Option<u32>], count: u64) -> Option<u32> {
    let mut known: Vec<u32> = arrivals.iter().flatten().copied().collect();
    known.sort_unstable();
    known
        .get(usize::try_from(count).ok()?.checked_sub(1)?)
        .copied()
}

/// The mean arrival round over the nodes reached other than the sources; none
/// if there are none.
pub fn mean_arrival(arrivals: &[Option<u32>]) -> Option<f64> {
    let later = || arrivals.iter().flatten().filter(|round| **round > 0);
    let sum: u64 = later().map(|round| u64::from(*round)).sum();
    let count = later().count();
    (count > 0).then(|| sum as f64 / count as f64)
}

/// Who can call a node: the arcs turned round.
#[derive(Default)]
struct Reversed {
    starts: Vec<usize>,
    callers: Vec<u32>,
}

impl Reversed {
    fn new<'g>(nodes: u32, peers: &impl Fn(u32) -> &'g [u32]) -> Reversed {
        let mut starts = vec![0; nodes as usize + 2];
        for node in 0..nodes {
            for peer in peers(node) {
                starts[*peer as usize + 2] += 1;
            }
        }
        for node in 2..starts.len() {
            starts[node] += starts[node - 1];
        }
        let mut callers = vec![0; starts[nodes as usize + 1]];
        for node in 0..nodes {
            for peer in peers(node) {
                let place = &mut starts[*peer as usize + 1];
                callers[*place] = node;
                *place += 1;
            }
        }
        Reversed { starts, callers }
    }

    fn of(&self, node: u32) -> &[u32] {
        match self.starts.get(node as usize..node as usize + 2) {
            Some(&[from, to]) => &self.callers[from..to],
            _ => &[],
        }
    }
}
