//! The chains against the published table, against those of the complete graph,
//! against an enumeration of all draws, losses and paths, and against each other.

use super::super::enumeration::Round;
use super::super::spread::Exchange::{self, Pull, Push, PushPull};
use super::super::spread_chain;
use super::super::spread_poisson::BirthProcess;
use super::super::{Calls, Moments, Spread};
use super::Rhythm::{Poisson, Rounds};
use super::*;
use std::collections::BTreeMap;

/// An undirected graph from its edges.
fn graph(nodes: usize, edges: &[(u32, u32)]) -> SmallGraph {
    let mut peers = vec![Vec::new(); nodes];
    for &(a, b) in edges {
        peers[a as usize].push(b);
        peers[b as usize].push(a);
    }
    SmallGraph::new(peers).unwrap()
}

fn rumor(graph: SmallGraph, exchange: Exchange, loss: f64, source: u32, rhythm: Rhythm) -> Rumor {
    Rumor {
        graph,
        exchange,
        fanout: Some(1),
        loss,
        origin: Origin::Nodes(vec![source]),
        rhythm,
    }
}

fn ring(nodes: u32) -> SmallGraph {
    let edges: Vec<(u32, u32)> = (0..nodes).map(|i| (i, (i + 1) % nodes)).collect();
    graph(nodes as usize, &edges)
}

fn complete(nodes: u32) -> SmallGraph {
    SmallGraph::new((0..nodes).map(|i| (0..nodes).filter(move |j| *j != i))).unwrap()
}

fn star(nodes: u32) -> SmallGraph {
    let edges: Vec<(u32, u32)> = (1..nodes).map(|i| (0, i)).collect();
    graph(nodes as usize, &edges)
}

fn path(nodes: u32) -> SmallGraph {
    let edges: Vec<(u32, u32)> = (1..nodes).map(|i| (i - 1, i)).collect();
    graph(nodes as usize, &edges)
}

fn grid() -> SmallGraph {
    let mut edges = Vec::new();
    for (row, column) in (0..3).flat_map(|row| (0..4).map(move |column| (row, column))) {
        let node = 4 * row + column;
        if column < 3 {
            edges.push((node, node + 1));
        }
        if row < 2 {
            edges.push((node, node + 4));
        }
    }
    graph(12, &edges)
}

fn wheel(nodes: u32) -> SmallGraph {
    let rim = nodes - 1;
    let mut edges: Vec<(u32, u32)> = (1..nodes).map(|i| (0, i)).collect();
    edges.extend((0..rim).map(|i| (1 + i, 1 + (i + 1) % rim)));
    graph(nodes as usize, &edges)
}

fn bull() -> SmallGraph {
    graph(5, &[(0, 1), (0, 2), (1, 2), (1, 3), (2, 4)])
}

fn two_sides() -> SmallGraph {
    let edges: Vec<(u32, u32)> = (0..3).flat_map(|a| (3..6).map(move |b| (a, b))).collect();
    graph(6, &edges)
}

/// T50, T100 and the mean arrival of both clocks.
fn shown(of: impl Fn(Rhythm) -> Chain) -> String {
    let words = [Rounds, Poisson].map(|rhythm| {
        let chain = of(rhythm);
        let nodes = chain.nodes;
        let time = |count| chain.time_to(count).unwrap().mean;
        let (half, all) = (time(nodes.div_ceil(2)), time(nodes));
        // At so few nodes 99 % are all.
        assert_eq!(time((99 * nodes).div_ceil(100)), all);
        let arrival = chain.mean_arrival().unwrap().mean;
        format!("{half:.6} {all:.6} {arrival:.6}")
    });
    words.join(" ")
}

const TABLE: &str = "\
    bull      3 0.0 push      2.500000 6.507143 3.475000 2.500000 6.350000 3.362500
    bull      3 0.0 pull      4.500000 6.250000 4.812500 4.200000 6.300000 4.700000
    bull      3 0.0 push-pull 2.125000 3.546875 2.367188 1.416667 2.655556 1.689352
    bull      3 0.2 push      3.125000 8.089453 4.310611 3.125000 7.937500 4.203125
    bull      3 0.2 pull      6.837729 9.797878 7.446961 6.562500 9.843750 7.343750
    bull      3 0.2 push-pull 2.519395 4.525629 2.920418 1.924342 3.697509 2.313107
    two-sides 0 0.0 push      2.125000 4.554563 2.790497 1.750000 4.050000 2.440000
    two-sides 0 0.0 pull      2.208097 3.997474 2.790497 1.750000 4.050000 2.440000
    two-sides 0 0.0 push-pull 1.454418 2.803917 1.919854 0.875000 2.025000 1.220000
    path      0 0.0 push      3.000000 7.000000 4.000000 3.000000 7.000000 4.000000
    path      0 0.0 pull      4.000000 7.000000 4.750000 4.000000 7.000000 4.750000
    path      0 0.0 push-pull 2.333333 4.666667 2.916667 1.666667 3.333333 2.083333
    star      1 0.0 push      3.566667 18.150000 7.000000 3.566667 18.150000 7.000000
    star      1 0.0 pull      8.000000 8.000000 7.857143 7.366667 9.450000 7.857143
    star      1 0.0 push-pull 2.000000 2.000000 1.857143 1.195833 3.018750 1.625000
    ring      0 0.0 push      4.259259 8.250114 4.726566 4.000000 8.000000 4.500000
    ring      0 0.0 pull      4.246914 8.000000 4.726566 4.000000 8.000000 4.500000
    ring      0 0.0 push-pull 2.898667 5.539723 3.251241 2.000000 4.000000 2.250000
    grid      0 0.0 push      4.395696 9.520088 5.177183 3.871329 8.753691 4.630462
    grid      0 0.0 pull      5.223370 9.098779 5.762440 4.619119 8.817584 5.202730
    grid      0 0.0 push-pull 3.190005 6.034027 3.596400 2.072153 4.280945 2.400536
    wheel     1 0.0 push      2.749762 6.599115 3.688063 2.372038 5.991922 3.248191
    wheel     1 0.0 pull      3.450329 5.734962 3.893177 2.865628 5.683009 3.441692
    wheel     1 0.0 push-pull 2.075630 3.755416 2.415284 1.238427 2.764694 1.580363";

/// The graph, the source, the loss, the exchange and the six values of a row.
fn row(line: &str) -> (SmallGraph, u32, f64, Exchange, String) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [name, source, loss, exchange, values @ ..] = &words[..] else {
        panic!("{line}")
    };
    let graph = match *name {
        "bull" => bull(),
        "two-sides" => two_sides(),
        "path" => path(5),
        "star" => star(8),
        "ring" => ring(9),
        "grid" => grid(),
        _ => wheel(8),
    };
    let exchange = match *exchange {
        "push" => Push,
        "pull" => Pull,
        _ => PushPull,
    };
    let (source, loss) = (source.parse().unwrap(), loss.parse().unwrap());
    (graph, source, loss, exchange, values.join(" "))
}

#[test]
fn the_published_table_to_its_digits() {
    for line in TABLE.lines() {
        let (graph, source, loss, exchange, want) = row(line);
        let got = shown(|rhythm| {
            let rumor = rumor(graph.clone(), exchange, loss, source, rhythm);
            assert!(rumor.work() < 1e8);
            Chain::on_graph(&rumor)
        });
        assert_eq!(got, want, "{line}");
    }
}

#[test]
fn stars_and_two_sides_by_their_symmetry() {
    for line in TABLE.lines() {
        let (_, source, loss, exchange, want) = row(line);
        let (sides, sources) = match line.split_whitespace().next() {
            Some("two-sides") => ([3, 3], [1, 0]),
            Some("star") => ([1, 7], [0, u64::from(source)]),
            _ => continue,
        };
        let got = shown(|rhythm| {
            Chain::on_bipartite(&Bipartite {
                sides,
                sources: Ok(sources),
                exchange,
                fanout: Some(1),
                loss,
                rhythm,
            })
        });
        assert_eq!(got, want, "{line}");
    }
}

fn close(got: Moments, want: Moments) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() < 1e-10 * (1.0 + b.abs());
    near(got.mean, want.mean) && near(got.variance, want.variance)
}

/// Any fanout, loss and number of sources; the moments of each number of nodes.
#[test]
fn symmetry_changes_nothing() {
    let edges: Vec<(u32, u32)> = (0..2).flat_map(|a| (2..6).map(move |b| (a, b))).collect();
    let sides = graph(6, &edges);
    for (exchange, rhythm) in cases() {
        for (fanout, loss) in [(Some(1), 0.3), (Some(3), 0.0), (None, 0.6)] {
            for (few, origin) in [
                (Ok([1, 2]), Origin::Nodes(vec![1, 2, 3])),
                (Err(2), Origin::Random(2)),
            ] {
                let whole = Chain::on_graph(&Rumor {
                    graph: sides.clone(),
                    exchange,
                    fanout,
                    loss,
                    origin,
                    rhythm,
                });
                let folded = Chain::on_bipartite(&Bipartite {
                    sides: [2, 4],
                    sources: few,
                    exchange,
                    fanout,
                    loss,
                    rhythm,
                });
                for count in 0..=6 {
                    let (a, b) = (whole.time_to(count), folded.time_to(count));
                    assert!(close(a.unwrap(), b.unwrap()), "{exchange:?} {a:?} {b:?}");
                }
                let [a, b] = [whole, folded].map(|chain| chain.mean_arrival().unwrap());
                assert!(close(a, b), "{exchange:?} {a:?} {b:?}");
            }
        }
    }
}

fn cases() -> impl Iterator<Item = (Exchange, Rhythm)> {
    let all = [Push, Pull, PushPull].into_iter();
    all.flat_map(|exchange| [Rounds, Poisson].map(|rhythm| (exchange, rhythm)))
}

/// Two other programs: the chains on the number of informed nodes.
#[test]
fn the_complete_graph_agrees_with_its_own_chains() {
    for (exchange, rhythm) in cases() {
        for (nodes, fanout, loss) in [(2, 1, 0.5), (6, 1, 0.1), (7, 3, 0.4), (8, 7, 0.25)] {
            if rhythm == Poisson && fanout > 1 {
                continue;
            }
            let spread = Spread {
                exchange,
                calls: Calls::to_others(nodes, fanout, loss),
                sources: 1,
            };
            let chain = Chain::on_graph(&Rumor {
                fanout: Some(fanout as u32),
                origin: Origin::Random(1),
                ..rumor(complete(nodes as u32), exchange, loss, 0, rhythm)
            });
            let arrival = chain.mean_arrival().unwrap();
            for count in 1..=nodes {
                let got = chain.time_to(count).unwrap();
                let want = match rhythm {
                    Rounds => spread_chain::Chain::new(&spread).rounds_to(count).moments(),
                    Poisson => BirthProcess::new(&spread).rounds_to(count),
                };
                assert!(close(got, want), "{spread:?} {count} {got:?} {want:?}");
            }
            let want = match rhythm {
                Rounds => spread_chain::Chain::new(&spread).mean_arrival(),
                Poisson => BirthProcess::new(&spread).mean_arrival(),
            };
            assert!(close(arrival, want.unwrap()), "{spread:?} {arrival:?}");
        }
    }
}

/// A regular graph under Poisson clocks: push and pull have one law, push-pull is
/// twice as fast. On a ring the time to k nodes is gamma distributed: k - 1 steps
/// of rate 1 (two ends, each with one neighbour of two).
#[test]
fn regular_graphs_under_poisson_clocks() {
    let of = |exchange| Chain::on_graph(&rumor(ring(11), exchange, 0.0, 4, Poisson));
    let (push, pull, both) = (of(Push), of(Pull), of(PushPull));
    for count in 1..=11u64 {
        let want = Moments {
            mean: (count - 1) as f64,
            variance: (count - 1) as f64,
        };
        assert!(close(push.time_to(count).unwrap(), want));
        assert!(close(pull.time_to(count).unwrap(), want));
        assert!(close(both.time_to(count).unwrap().times(2.0), want));
    }
}

/// The law of the set told in a round, by enumeration of all draws and losses.
fn round_by_enumeration(rumor: &Rumor, peers: &[Vec<u64>], set: usize) -> Vec<(usize, f64)> {
    let nodes = peers.len() as u64;
    let mut told = Round::of_nobody(nodes);
    for (caller, mine) in (0..).zip(peers) {
        // The caller's calls, on the complete graph of it and its neighbours.
        let fanout = u64::from(rumor.fanout.unwrap_or(u32::MAX)).min(mine.len() as u64);
        if mine.is_empty() {
            continue;
        }
        let pulls = set >> caller & 1 == 0;
        let both = 1.0 - (1.0 - rumor.loss) * (1.0 - rumor.loss);
        let loss = if pulls { both } else { rumor.loss };
        let calls = Calls::to_others(mine.len() as u64 + 1, fanout, loss);
        let place = calls.nodes - 1;
        let mut one = BTreeMap::new();
        for (reached, p) in Round::of_one_caller(&calls, place).sets() {
            let chosen = (0..).zip(mine).filter(|(i, _)| reached >> i & 1 == 1);
            let reached = chosen.fold(0, |all, (_, peer)| all | 1usize << peer);
            let tells = match (pulls, rumor.exchange) {
                (true, Pull | PushPull) if reached & set != 0 => 1 << caller,
                (false, Push | PushPull) => reached & !set,
                _ => 0,
            };
            *one.entry(tells).or_insert(0.0) += p;
        }
        let mut both = vec![0.0; 1 << nodes];
        for (before, p) in told.sets() {
            for (tells, q) in &one {
                both[before | tells] += p * q;
            }
        }
        told = Round::of_sets(nodes, both);
    }
    told.sets().map(|(told, p)| (set | told, p)).collect()
}

/// Moments of the rounds to all and of the sum of all arrivals, walking all
/// (set, rounds, sum) together.
fn walk(rumor: &Rumor, peers: &[Vec<u64>], first: usize) -> [Moments; 2] {
    let nodes = peers.len() as u32;
    let mut states = BTreeMap::from([((first, 0u64, 0u64), 1.0)]);
    let mut laws = BTreeMap::new();
    for _ in 0..400 {
        let mut next = BTreeMap::new();
        for ((set, rounds, sum), p) in states {
            let left = u64::from(nodes - set.count_ones());
            if left == 0 {
                *next.entry((set, rounds, sum)).or_insert(0.0) += p;
                continue;
            }
            let law = laws
                .entry(set)
                .or_insert_with(|| round_by_enumeration(rumor, peers, set));
            for (after, q) in law.iter().filter(|(_, q)| p * q > 1e-15) {
                *next.entry((*after, rounds + 1, sum + left)).or_insert(0.0) += p * q;
            }
        }
        states = next;
    }
    let moments = |value: fn(&(usize, u64, u64)) -> u64| {
        let all = || states.iter().map(|(state, p)| (value(state) as f64, p));
        let mean: f64 = all().map(|(value, p)| value * p).sum();
        let variance = all().map(|(value, p)| (value - mean) * (value - mean) * p);
        Moments {
            mean,
            variance: variance.sum(),
        }
    };
    [moments(|state| state.1), moments(|state| state.2)]
}

#[test]
fn agrees_with_an_enumeration_of_all_draws_losses_and_paths() {
    let directed = vec![vec![1, 2], vec![2], vec![0, 1, 3], vec![0]];
    let triangle = vec![vec![1, 2], vec![0, 2], vec![0, 1, 3], vec![2]];
    for peers in [directed, triangle] {
        for exchange in [Push, Pull, PushPull] {
            for (fanout, loss) in [(Some(1), 0.0), (Some(2), 0.3), (None, 0.2)] {
                let small = peers
                    .iter()
                    .map(|mine| mine.iter().map(|peer| *peer as u32));
                let rumor = Rumor {
                    fanout,
                    ..rumor(SmallGraph::new(small).unwrap(), exchange, loss, 0, Rounds)
                };
                let chain = Chain::on_graph(&rumor);
                let [rounds, sum] = walk(&rumor, &peers, 1);
                let agrees = |got: Moments, want: Moments| {
                    (got.mean - want.mean).abs() < 1e-8
                        && (got.variance - want.variance).abs() < 1e-6
                };
                let got = chain.time_to(4).unwrap();
                assert!(agrees(got, rounds), "{rumor:?} {got:?} {rounds:?}");
                let got = chain.mean_arrival().unwrap().times(3.0);
                assert!(agrees(got, sum), "{rumor:?} {got:?} {sum:?}");
            }
        }
    }
}

#[test]
fn what_cannot_be_reached_has_no_time() {
    // 0 -> 1, and nobody knows 2, who knows 0.
    let peers = [vec![1], vec![], vec![0]];
    for (exchange, reached) in [(Push, 2), (Pull, 2), (PushPull, 3)] {
        let graph = SmallGraph::new(peers.clone()).unwrap();
        let chain = Chain::on_graph(&rumor(graph, exchange, 0.0, 0, Rounds));
        for count in 0..=3 {
            assert_eq!(chain.time_to(count).is_some(), count <= reached);
        }
        assert_eq!(chain.mean_arrival().is_some(), reached == 3);
    }
    let mute = Chain::on_graph(&rumor(ring(4), PushPull, 1.0, 0, Poisson));
    assert_eq!((mute.time_to(2), mute.beyond_at_most(2, 1e9)), (None, 1.0));
    let one = Chain::on_graph(&rumor(complete(1), Push, 0.0, 0, Rounds));
    assert_eq!(one.time_to(1).unwrap().mean, 0.0);
    assert!(one.mean_arrival().is_none());
}

#[test]
fn what_is_worth_its_time() {
    for (exchange, rhythm) in cases() {
        let of = |graph| rumor(graph, exchange, 0.1, 0, rhythm).is_practical();
        assert!(of(complete(12)) && of(ring(15)) && of(star(15)));
        assert!(!of(complete(15)));
        let two = |sides| {
            let (sources, fanout, loss) = (Ok([1, 0]), Some(1), 0.1);
            Bipartite {
                sides,
                sources,
                exchange,
                fanout,
                loss,
                rhythm,
            }
            .is_practical()
        };
        assert!(two([1, 2_000]) && two([60, 60]));
        assert!(!two([1, 5_000]) && !two([100, 100]));
    }
}

#[test]
fn a_graph_that_is_too_large_or_none_is_refused() {
    let empty = |nodes| SmallGraph::new(vec![Vec::<u32>::new(); nodes]);
    assert!(empty(0).is_none() && empty(NODES_MAX + 1).is_none() && empty(NODES_MAX).is_some());
    assert!(SmallGraph::new([vec![0]]).is_none(), "its own neighbour");
    assert!(SmallGraph::new([vec![1]]).is_none(), "nobody's");
    assert!(SmallGraph::new([vec![40]]).is_none(), "far from anybody's");
}

/// The law round by round has the moments; so has the curve, and the bound holds.
#[test]
fn the_law_and_the_curve_have_the_moments() {
    for (exchange, rhythm) in cases() {
        let chain = Chain::on_graph(&rumor(bull(), exchange, 0.2, 3, rhythm));
        let step = if rhythm == Rounds { 1.0 } else { 0.01 };
        let points: Vec<_> = chain
            .curve(step, [3, 4, 5])
            .take((300.0 / step) as usize)
            .collect();
        for (goal, count) in [3, 4, 5].into_iter().enumerate() {
            let want = chain.time_to(count).unwrap();
            // E T = sum of P(T > t), and by the trapezium rule between rounds.
            let beyond = points.iter().map(|point| 1.0 - point.within[goal]);
            let mean = step * beyond.sum::<f64>() - if rhythm == Rounds { 0.0 } else { step / 2.0 };
            assert!(
                (mean - want.mean).abs() < 1e-4,
                "{exchange:?} {mean} {want:?}"
            );
            if rhythm == Rounds {
                let law = chain.rounds_to(count);
                assert!(close(law.moments(), want), "{exchange:?}");
            }
            for point in points.iter().step_by(7) {
                let bound = chain.beyond_at_most(count, point.round);
                assert!(
                    1.0 - point.within[goal] <= bound + 1e-12,
                    "{exchange:?} {point:?}"
                );
            }
            assert!(chain.beyond_at_most(count, 900.0) < 1e-12);
        }
        let informed: f64 = points.iter().map(|point| 5.0 - point.mean).sum();
        let waits = step * informed / 4.0 - if rhythm == Rounds { 0.0 } else { step / 2.0 };
        let arrival = chain.mean_arrival().unwrap().mean;
        assert!((waits - arrival).abs() < 1e-4, "{waits} {arrival}");
    }
}

/// With all neighbours called and nothing lost nothing is left to chance.
#[test]
fn a_flood_is_the_chain_without_chance() {
    let directed = [
        vec![1],
        vec![2, 4],
        vec![3],
        vec![0, 1],
        vec![3, 5],
        vec![0],
    ];
    for exchange in [Push, Pull, PushPull] {
        let chain = Chain::on_graph(&Rumor {
            fanout: None,
            ..rumor(
                SmallGraph::new(directed.clone()).unwrap(),
                exchange,
                0.0,
                2,
                Rounds,
            )
        });
        let peers = |node: u32| &directed[node as usize][..];
        let arrivals = flood::arrivals(6, peers, exchange, &[2]);
        for count in 1..=6 {
            let want = chain.time_to(count).unwrap();
            let got = flood::rounds_to(&arrivals, count).unwrap();
            assert_eq!((f64::from(got), 0.0), (want.mean, want.variance));
        }
        let mean = flood::mean_arrival(&arrivals).unwrap();
        assert!((mean - chain.mean_arrival().unwrap().mean).abs() < 1e-14);
    }
    let along = flood::arrivals(6, |node| &directed[node as usize][..], Push, &[2]);
    assert_eq!(along, [2, 2, 0, 1, 3, 4].map(Some));
}

#[test]
fn a_flood_ends_where_the_graph_does() {
    let peers = [vec![1], vec![0], vec![]];
    let arrivals = flood::arrivals(3, |node| &peers[node as usize][..], PushPull, &[0, 0]);
    assert_eq!(arrivals, [Some(0), Some(1), None]);
    assert_eq!(flood::rounds_to(&arrivals, 2), Some(1));
    assert_eq!(
        (
            flood::rounds_to(&arrivals, 3),
            flood::rounds_to(&arrivals, 0)
        ),
        (None, None)
    );
    assert_eq!(flood::mean_arrival(&arrivals), Some(1.0));
}

/// A star of a thousand nodes, by hand: the hub answers all who ask it, so after
/// the rumor is there (at once by push-pull from a leaf) one round is enough.
#[test]
fn a_large_star_by_hand() {
    let star = |exchange, rhythm| {
        let rumor = Bipartite {
            sides: [1, 999],
            sources: Ok([0, 1]),
            exchange,
            fanout: Some(1),
            loss: 0.0,
            rhythm,
        };
        assert!(rumor.work() < WORK_MAX);
        Chain::on_bipartite(&rumor)
    };
    let both = star(PushPull, Rounds).time_to(1000).unwrap();
    assert!(
        close(
            both,
            Moments {
                mean: 2.0,
                variance: 0.0
            }
        ),
        "{both:?}"
    );
    // Pull: the hub asks one of 999, then all others ask it.
    let pull = star(Pull, Rounds).time_to(1000).unwrap();
    let geometric = Moments {
        mean: 1000.0,
        variance: 999.0 * 998.0,
    };
    assert!(close(pull, geometric), "{pull:?}");
    // Push: the hub's calls collect 998 coupons of 999.
    let push = star(Push, Poisson).time_to(1000).unwrap().mean;
    let coupons: f64 = (1..=998).map(|k| 999.0 / f64::from(k)).sum();
    assert!((push - 1.0 - coupons).abs() < 1e-9 * push);
}
