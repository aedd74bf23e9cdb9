//! Is a node called in a round? The contact probability in all samplings, with
//! loss, under each clock that has a law.

use super::experiment::{Claim, Experiment, Law, Trial, Value};
use crate::theory::{Calls, Targets, contact, contact_poisson};
use std::fmt::Write;

const ROUNDS: &str = "Expectation of the occupancy law; the limit 1-e^-m is the seed document's";
const POISSON: &str = "Calls to a node are a Poisson process";
const PERIODIC: &str = "As in rounds: each node calls once in each window";

/// Name in scenarios, in the pool or not, distinct or not.
const SAMPLINGS: [(&str, u64, Targets); 4] = [
    ("others", 1, Targets::Distinct),
    ("all", 0, Targets::Distinct),
    ("others-with-replacement", 1, Targets::WithReplacement),
    ("all-with-replacement", 0, Targets::WithReplacement),
];

/// A cell of the contact model.
struct Cell {
    nodes: u64,
    fanout: u64,
    loss: f64,
    sampling: usize,
}

impl Cell {
    fn calls(&self) -> Calls {
        let (_, outside, targets) = SAMPLINGS[self.sampling];
        Calls {
            nodes: self.nodes,
            fanout: self.fanout,
            pool: self.nodes - outside,
            targets,
            loss: self.loss,
        }
    }

    fn name(&self, clock: &str) -> String {
        let mut name = format!("contact: n = {}, m = {}", self.nodes, self.fanout);
        if self.loss > 0.0 {
            // Writing into a String does not fail.
            let _ = write!(name, ", loss {}", self.loss);
        }
        format!("{name}, {}, {clock}", SAMPLINGS[self.sampling].0)
    }

    fn settings(&self, more: &str) -> Trial {
        Trial::Runs(format!(
            "nodes.count = {}\nprotocol.kind = \"push\"\nprotocol.calls = \"always\"\n\
             protocol.fanout = {}\nprotocol.sampling = \"{}\"\nnetwork.loss = {:?}\n\
             measure.series = false\nstop.rounds = {}\n{more}",
            self.nodes,
            self.fanout,
            SAMPLINGS[self.sampling].0,
            self.loss,
            self.windows() + 2
        ))
    }

    /// Windows of a run; two more warm up where the clock needs it.
    fn windows(&self) -> u64 {
        (20_000 / self.nodes).max(20)
    }
}

pub fn experiments() -> Vec<Experiment> {
    let small = |sampling, loss| Cell {
        nodes: 10,
        fanout: 2,
        loss,
        sampling,
    };
    let large = |fanout, loss| Cell {
        nodes: 1000,
        fanout,
        loss,
        sampling: 0,
    };
    let mut all = Vec::new();
    for sampling in 0..SAMPLINGS.len() {
        all.push(rounds(small(sampling, 0.0)));
        all.push(rounds(small(sampling, 0.3)));
    }
    for (fanout, loss) in [(1, 0.0), (2, 0.0), (3, 0.0), (3, 0.1)] {
        all.push(rounds(large(fanout, loss)));
    }
    all.push(one_round());
    for sampling in 0..SAMPLINGS.len() {
        all.push(periodic(small(sampling, 0.1)));
    }
    all.push(no_closed_form());
    for sampling in 0..SAMPLINGS.len() {
        all.push(poisson(small(sampling, 0.1), "no latency", ""));
    }
    let exponential = "network.latency = { kind = \"exponential\", mean = \"500ms\" }\n\
                       measure.warm_up = 12\n";
    let lognormal = "network.latency = { kind = \"lognormal\", median = \"200ms\", sigma = 0.5 }\n\
         measure.warm_up = 12\n";
    all.push(poisson(small(0, 0.0), "exponential latency", exponential));
    all.push(poisson(small(0, 0.2), "lognormal latency", lognormal));
    all
}

fn probability(exact: f64, sd: Option<f64>) -> Box<dyn Fn() -> Vec<Claim>> {
    Box::new(move || vec![Claim::mean("contact_probability", exact, sd)])
}

fn rounds(cell: Cell) -> Experiment {
    let calls = cell.calls();
    let sd = contact::contact_sd_of_run(&calls, cell.windows());
    Experiment {
        name: cell.name("synchronous"),
        source: ROUNDS,
        trial: cell.settings("clock.mode = \"synchronous\"\nmeasure.warm_up = 2\n"),
        count: 400,
        claims: probability(contact::contact_probability(&calls), Some(sd)),
    }
}

/// The variance is the sample's own: latency makes windows depend on one another.
fn poisson(cell: Cell, latency: &str, more: &str) -> Experiment {
    let exact = contact_poisson::contact_probability(&cell.calls());
    Experiment {
        name: cell.name(&format!("poisson, {latency}")),
        source: POISSON,
        trial: cell.settings(&format!("clock.mode = \"poisson\"\n{more}")),
        count: 400,
        claims: probability(exact, None),
    }
}

fn periodic(cell: Cell) -> Experiment {
    let calls = cell.calls();
    let sd = contact::contact_sd_of_run(&calls, cell.windows());
    Experiment {
        name: cell.name("periodic, constant latency"),
        source: PERIODIC,
        trial: cell.settings(
            "clock.mode = \"periodic\"\n\
             network.latency = { kind = \"constant\", value = \"700ms\" }\n",
        ),
        count: 400,
        claims: probability(contact::contact_probability(&calls), Some(sd)),
    }
}

/// Latency that varies moves calls from window to window: a per-node simulation
/// by others is all there is.
fn no_closed_form() -> Experiment {
    let cell = Cell {
        nodes: 10,
        fanout: 2,
        loss: 0.0,
        sampling: 0,
    };
    let found = || Claim {
        what: "contact_probability".into(),
        published: "",
        value: Value::Column("contact_probability"),
        law: Law::Reference {
            mean: 0.8827,
            se: 0.0006,
        },
    };
    Experiment {
        name: cell.name("periodic, exponential latency"),
        source: "An independent per-node simulation; no closed form is known",
        trial: cell.settings(
            "clock.mode = \"periodic\"\nmeasure.warm_up = 12\n\
             network.latency = { kind = \"exponential\", mean = \"500ms\" }\n",
        ),
        count: 400,
        claims: Box::new(move || vec![found()]),
    }
}

/// One round a run: the deviation of the number not called is seen itself.
fn one_round() -> Experiment {
    let cell = Cell {
        nodes: 1000,
        fanout: 1,
        loss: 0.0,
        sampling: 0,
    };
    let sd = contact::contact_sd_of_run(&cell.calls(), 1);
    Experiment {
        name: "contact: n = 1000, m = 1, one round".into(),
        source: ROUNDS,
        trial: Trial::Runs(
            "nodes.count = 1000\nprotocol.kind = \"push\"\nprotocol.calls = \"always\"\n\
             clock.mode = \"synchronous\"\nmeasure.series = false\nstop.rounds = 1\n"
                .into(),
        ),
        count: 4000,
        claims: Box::new(move || {
            vec![Claim {
                what: "contact_probability".into(),
                published: "",
                value: Value::Column("contact_probability"),
                law: Law::Deviation { exact: sd },
            }]
        }),
    }
}
