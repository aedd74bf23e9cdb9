//! Spreading in common rounds against the exact Markov chains: rounds, arrivals,
//! calls and the curve of push, pull and push-pull.

use super::experiment::{Claim, Experiment, Law, Trial, Value};
use crate::theory::spread_chain::{Chain, Rounds};
use crate::theory::{Calls, CurvePoint, Exchange, Spread, Targets};

const CHAIN: &str = "Exact Markov chain on the number of informed nodes";
const PITTEL: &str = "Exact chain; Pittel 1987: log2 n + ln n + O(1) rounds";
const KARP: &str = "Exact chain; Karp et al. 2000: log3 n + O(log log n) rounds";
const DUALITY: &str = "Pull's mean curve is push's, one source, no loss (duality)";

/// A value needs so many runs in which it is not the commonest one.
const VARIED_MIN: f64 = 50.0;

/// One rumor, and how it is drawn.
#[derive(Clone, Copy)]
struct Case {
    exchange: Exchange,
    nodes: u64,
    fanout: u64,
    loss: f64,
    sources: u64,
    /// In place of distinct others.
    sampling: Option<(&'static str, u64, Targets)>,
    runs: u64,
}

const SMALL: Case = Case {
    exchange: Exchange::Push,
    nodes: 8,
    fanout: 1,
    loss: 0.0,
    sources: 1,
    sampling: None,
    runs: 40_000,
};

const LARGE: Case = Case {
    nodes: 1000,
    runs: 4000,
    ..SMALL
};

impl Case {
    fn spread(&self) -> Spread {
        let (_, outside, targets) = self.sampling.unwrap_or(("others", 1, Targets::Distinct));
        Spread {
            exchange: self.exchange,
            calls: Calls {
                nodes: self.nodes,
                fanout: self.fanout,
                pool: self.nodes - outside,
                targets,
                loss: self.loss,
            },
            sources: self.sources,
        }
    }

    fn protocol(&self) -> &'static str {
        match self.exchange {
            Exchange::Push => "push",
            Exchange::Pull => "pull",
            Exchange::PushPull => "push-pull",
        }
    }

    fn name(&self) -> String {
        let mut name = format!(
            "rounds: {}, n = {}, m = {}",
            self.protocol(),
            self.nodes,
            self.fanout
        );
        if self.loss > 0.0 {
            name += &format!(", loss {}", self.loss);
        }
        if self.sources > 1 {
            name += &format!(", {} sources", self.sources);
        }
        if let Some((sampling, _, _)) = self.sampling {
            name += &format!(", {sampling}");
        }
        name
    }

    fn trial(&self) -> Trial {
        let sampling = self.sampling.map_or("others", |(name, _, _)| name);
        Trial::Runs(format!(
            "nodes.count = {}\nprotocol.kind = \"{}\"\nprotocol.fanout = {}\n\
             protocol.sampling = \"{sampling}\"\nclock.mode = \"synchronous\"\n\
             network.loss = {:?}\nworkload.sources = {}\nstop.all_informed = true\n\
             measure.contact = false\n",
            self.nodes,
            self.protocol(),
            self.fanout,
            self.loss,
            self.sources
        ))
    }

    fn experiment(self) -> Experiment {
        Experiment {
            name: self.name(),
            source: self.source(),
            trial: self.trial(),
            count: self.runs,
            claims: Box::new(move || self.claims()),
        }
    }

    fn source(&self) -> &'static str {
        let is_plain = self.nodes == 1000 && self.fanout == 1 && self.loss == 0.0;
        match self.exchange {
            Exchange::Push if is_plain => PITTEL,
            Exchange::PushPull if is_plain => KARP,
            _ => CHAIN,
        }
    }

    /// The leading terms at n = 1000, where a theorem has them.
    fn published(&self) -> &'static str {
        match self.source() {
            PITTEL => "16.87 + O(1)",
            KARP => "6.29 + O(log log n)",
            _ => "",
        }
    }

    fn claims(&self) -> Vec<Claim> {
        let chain = Chain::new(&self.spread());
        let mut claims = Vec::new();
        for (column, percent) in [
            ("rounds_to_50", 50),
            ("rounds_to_99", 99),
            ("rounds_to_all", 100),
        ] {
            let rounds = chain.rounds_to((self.nodes * percent).div_ceil(100));
            // Fewer than 100 nodes: 99 % of them are all.
            if self.varies(&rounds) && (percent != 99 || self.nodes >= 100) {
                claims.extend(self.of_rounds(column, &rounds));
            }
        }
        if let Some(arrival) = chain.mean_arrival() {
            claims.push(Claim::mean(
                "mean_arrival_rounds",
                arrival.mean,
                Some(arrival.sd()),
            ));
        }
        if self.exchange != Exchange::Pull {
            let (mean, variance) = chain.calls_by_informed();
            claims.push(Claim::mean(
                "calls_by_informed",
                mean,
                variance.map(f64::sqrt),
            ));
        }
        if self.nodes == 1000 {
            claims.extend(curve(&chain, self.nodes));
        }
        claims
    }

    /// The mean, and for the last of them the whole law.
    fn of_rounds(&self, column: &'static str, rounds: &Rounds) -> Vec<Claim> {
        let moments = rounds.moments();
        let mean = Claim::mean(column, moments.mean, Some(moments.sd()));
        if column != "rounds_to_all" {
            return vec![mean];
        }
        let law = rounds.probabilities().map(|(t, p)| (t as f64, p)).collect();
        let whole = Claim {
            what: column.into(),
            published: "",
            value: Value::Column(column),
            law: Law::Discrete(law),
        };
        vec![mean.published(self.published()), whole]
    }

    /// Do enough runs have another value than the commonest?
    fn varies(&self, rounds: &Rounds) -> bool {
        let commonest = rounds.probabilities().map(|(_, p)| p).fold(0.0, f64::max);
        self.runs as f64 * (1.0 - commonest) >= VARIED_MIN
    }
}

/// E[informed after t] where a tenth, half and nine tenths are informed: there
/// the mean of some thousand runs is normal. More points would say the same
/// again, as the runs that are early at one are early at the next.
fn curve(chain: &Chain, nodes: u64) -> Vec<Claim> {
    let first_from = |share: f64| {
        let mut points = chain.curve([nodes; 3]);
        points.find(|point| point.mean >= share * nodes as f64)
    };
    let mut points: Vec<CurvePoint> = [0.1, 0.5, 0.9].into_iter().filter_map(first_from).collect();
    points.dedup_by(|a, b| a.round == b.round);
    let claim = |point: CurvePoint| Claim {
        what: format!("informed after round {}", point.round),
        published: "",
        value: Value::InformedAfter(point.round as u64),
        law: Law::Mean {
            exact: point.mean,
            sd: Some(point.sd),
        },
    };
    points.into_iter().map(claim).collect()
}

pub fn experiments() -> Vec<Experiment> {
    let mut all: Vec<Experiment> = cases().into_iter().map(Case::experiment).collect();
    all.push(duality());
    all
}

fn cases() -> Vec<Case> {
    use Exchange::{Pull, Push, PushPull};
    let small = |exchange, nodes| Case {
        exchange,
        nodes,
        ..SMALL
    };
    let large = |exchange, fanout, loss| Case {
        exchange,
        fanout,
        loss,
        ..LARGE
    };
    let mut cases: Vec<Case> = (3..=8).map(|nodes| small(Push, nodes)).collect();
    cases.extend([
        small(PushPull, 8),
        small(Pull, 16),
        small(Push, 32),
        small(PushPull, 32),
        Case {
            loss: 0.3,
            ..small(Pull, 16)
        },
        Case {
            loss: 0.3,
            fanout: 2,
            sources: 3,
            ..small(PushPull, 16)
        },
    ]);
    for sampling in [
        ("all", 0, Targets::Distinct),
        ("others-with-replacement", 1, Targets::WithReplacement),
        ("all-with-replacement", 0, Targets::WithReplacement),
    ] {
        cases.push(Case {
            fanout: 2,
            sampling: Some(sampling),
            ..small(Push, 8)
        });
    }
    for (fanout, loss) in [(1, 0.0), (3, 0.0), (3, 0.2)] {
        cases.push(large(Push, fanout, loss));
    }
    for exchange in [Pull, PushPull] {
        cases.push(large(exchange, 1, 0.0));
        cases.push(large(exchange, 1, 0.2));
    }
    cases
}

/// Pull, held against push's chain.
fn duality() -> Experiment {
    let pull = Case {
        exchange: Exchange::Pull,
        ..LARGE
    };
    Experiment {
        name: "rounds: pull by the curve of push, n = 1000, m = 1".into(),
        source: DUALITY,
        trial: pull.trial(),
        count: pull.runs,
        claims: Box::new(dual_claims),
    }
}

/// Pull has the mean in common with push, not the deviation.
fn dual_claims() -> Vec<Claim> {
    let chain = Chain::new(&LARGE.spread());
    let mut claims = curve(&chain, LARGE.nodes);
    for claim in &mut claims {
        if let Law::Mean { sd, .. } = &mut claim.law {
            *sd = None;
        }
    }
    let arrival = chain.mean_arrival();
    claims.extend(arrival.map(|arrival| Claim::mean("mean_arrival_rounds", arrival.mean, None)));
    claims
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::leading_terms;

    #[test]
    fn the_leading_terms_are_as_printed() {
        let [push, push_pull] = [Exchange::Push, Exchange::PushPull].map(|exchange| {
            let case = Case { exchange, ..LARGE };
            let printed = case.published().split(' ').next();
            printed.and_then(|terms| terms.parse::<f64>().ok())
        });
        let near = |printed: Option<f64>, terms: f64| (printed.unwrap() - terms).abs() < 0.005;
        assert!(near(push, leading_terms::push_leading_terms(1000)));
        assert!(near(
            push_pull,
            leading_terms::push_pull_leading_terms(1000)
        ));
    }
}
