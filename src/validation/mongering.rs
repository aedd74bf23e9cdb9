//! Rumor mongering: the tables of Demers et al. (1987) and the exact laws of
//! rumors whose contacts happen one after another.

use super::experiment::{Claim, Experiment, Law, Trial, Value};
use crate::theory::FinalLaw;
use crate::theory::rumor_mongering::{Ending, Mongering, Stopping};

const TABLE_1: &str = "Demers et al. 1987, Table 1: push, feedback, counter";
const TABLE_2: &str = "Demers et al. 1987, Table 2: push, blind, coin";
const TABLE_3: &str = "Demers et al. 1987, Table 3: pull, feedback, counter";
const READING: &str = "Not Table 1: a counter that a needed contact does not reset";
const NODES: u64 = 1000;

const ENDING: &str = "Exact walk on informed nodes and what they have left to lose";

pub fn experiments() -> Vec<Experiment> {
    let mut all: Vec<Experiment> = (1..=5).map(table_1).collect();
    all.extend((2..=5).map(cumulative));
    all.extend((1..=5).map(table_2));
    all.extend((1..=3).map(table_3));
    for stopping in [
        Stopping::FeedbackCumulative,
        Stopping::FeedbackCoin,
        Stopping::BlindCounter,
    ] {
        all.extend((1..=5).map(|k| one_after_another(stopping, k, 0.0)));
    }
    all.push(one_after_another(Stopping::FeedbackCumulative, 2, 0.2));
    all.push(one_after_another(Stopping::BlindCounter, 3, 0.2));
    all.push(in_rounds(Stopping::BlindCounter, 3));
    all
}

/// What the independent program found (`scripts/independent.py --reference`):
/// mean and standard error, of residue, traffic, last arrival.
type References = [(f64, f64); 3];

/// As printed: the same three.
type Printed = [&'static str; 3];

fn trial(clock: &str, exchange: &str, stopping: &str, k: u64, loss: f64) -> Trial {
    Trial::Runs(format!(
        "nodes.count = {NODES}\nprotocol.kind = \"rumor-mongering\"\n\
         protocol.exchange = \"{exchange}\"\nprotocol.stopping = \"{stopping}\"\nprotocol.k = {k}\n\
         clock.mode = \"{clock}\"\nnetwork.loss = {loss:?}\nstop.quiescent = true\n\
         measure.contact = false\nmeasure.series = false\n"
    ))
}

fn found(column: &'static str, (mean, se): (f64, f64), published: &'static str) -> Claim {
    Claim {
        what: column.into(),
        published,
        value: Value::Column(column),
        law: Law::Reference { mean, se },
    }
}

const COLUMNS: [&str; 3] = ["residue", "updates_per_node", "last_arrival_rounds"];

fn columns(references: References, printed: Printed) -> Vec<Claim> {
    let claims = COLUMNS.iter().zip(references).zip(printed);
    claims
        .map(|((column, value), published)| found(column, value, published))
        .collect()
}

fn table_1(k: u64) -> Experiment {
    let place = k as usize - 1;
    Experiment {
        name: format!("mongering: push, feedback, counter, k = {k}, synchronous"),
        source: TABLE_1,
        trial: trial("synchronous", "push", "feedback-counter", k, 0.0),
        count: 4000,
        claims: Box::new(move || columns(RESET[place], PRINTED_1[place])),
    }
}

/// The other reading gives its own numbers, and not the table's.
fn cumulative(k: u64) -> Experiment {
    let place = k as usize - 1;
    let not_printed = move |column: usize| Claim {
        what: format!("{}, as in Table 1", COLUMNS[column]),
        published: PRINTED_1[place][column],
        value: Value::Column(COLUMNS[column]),
        law: Law::Not {
            mean: RESET[place][column].0,
        },
    };
    Experiment {
        name: format!("mongering: push, feedback, cumulative counter, k = {k}, synchronous"),
        source: READING,
        trial: trial("synchronous", "push", "feedback-cumulative", k, 0.0),
        count: 4000,
        claims: Box::new(move || {
            let mut claims = columns(CUMULATIVE[place - 1], ["", "", ""]);
            claims.extend([0, 1].map(not_printed));
            claims
        }),
    }
}

fn table_2(k: u64) -> Experiment {
    const COUNT: u64 = 8000;
    Experiment {
        name: format!("mongering: push, blind, coin, k = {k}, synchronous"),
        source: TABLE_2,
        trial: trial("synchronous", "push", "blind-coin", k, 0.0),
        count: COUNT,
        claims: Box::new(move || {
            let place = k as usize - 1;
            let [residue, traffic, last] = PRINTED_2[place];
            let mut claims = ending(Stopping::BlindCoin, k, 0.0, COUNT, [residue, traffic]);
            claims.push(found("last_arrival_rounds", LAST_2[place], last));
            claims.extend((k > 1).then(|| wald(k)));
            claims
        }),
    }
}

/// Each informed node sends k messages on average (Wald's identity), so m =
/// k (1 - s) on average.
fn wald(k: u64) -> Claim {
    Claim {
        what: "updates_per_node - k coverage".into(),
        published: "",
        value: Value::TrafficOver(k as f64),
        law: Law::Mean {
            exact: 0.0,
            sd: None,
        },
    }
}

/// At k = 3 four of a million nodes are left: too few for a mean to be normal.
fn table_3(k: u64) -> Experiment {
    let place = k as usize - 1;
    Experiment {
        name: format!("mongering: pull, feedback, counter, k = {k}, synchronous"),
        source: TABLE_3,
        trial: trial("synchronous", "pull", "feedback-counter", k, 0.0),
        count: 2000,
        claims: Box::new(move || {
            let mut claims = columns(PULL[place], PRINTED_3[place]);
            claims.retain(|claim| k < 3 || claim.what != "residue");
            claims
        }),
    }
}

fn one_after_another(stopping: Stopping, k: u64, loss: f64) -> Experiment {
    by_law(stopping, k, loss, "poisson", 2000)
}

/// Blind rules do not look at what a contact did, so that their law holds in
/// common rounds too.
fn in_rounds(stopping: Stopping, k: u64) -> Experiment {
    by_law(stopping, k, 0.0, "synchronous", 4000)
}

fn by_law(stopping: Stopping, k: u64, loss: f64, clock: &str, count: u64) -> Experiment {
    let (name, key) = match stopping {
        Stopping::FeedbackCumulative => ("feedback, cumulative counter", "feedback-cumulative"),
        Stopping::FeedbackCoin => ("feedback, coin", "feedback-coin"),
        Stopping::BlindCounter => ("blind, counter", "blind-counter"),
        Stopping::BlindCoin => ("blind, coin", "blind-coin"),
    };
    let lossy = match loss > 0.0 {
        true => format!(", loss {loss}"),
        false => String::new(),
    };
    Experiment {
        name: format!("mongering: push, {name}, k = {k}{lossy}, {clock}"),
        source: ENDING,
        trial: trial(clock, "push", key, k, loss),
        count,
        claims: Box::new(move || ending(stopping, k, loss, count, [""; 2])),
    }
}

/// The rumor may die among its first few nodes, rarely: such a run weighs so
/// much that means over all runs are not normal. So means are of the runs that
/// reach half of the nodes, and how many do is a row of its own.
fn ending(
    stopping: Stopping,
    k: u64,
    loss: f64,
    count: u64,
    [residue, traffic]: [&'static str; 2],
) -> Vec<Claim> {
    let ending = Ending::new(&Mongering {
        stopping,
        k,
        nodes: NODES,
        sources: 1,
        loss,
    });
    let law = ending.law();
    let mut claims = vec![Claim {
        what: "informed".into(),
        published: "",
        value: Value::Column("informed"),
        law: Law::Discrete(law.probabilities().map(|(i, p)| (i as f64, p)).collect()),
    }];
    let (spread, mean, sd) = where_half_heard(law);
    if spread < 0.5 {
        // Here it is the rule that it dies early.
        let (mean, sd) = (law.residue().mean, law.residue().sd());
        claims.push(Claim::mean("residue", mean, Some(sd)).published(residue));
    }
    // Also where no run at all is expected to die early: there all count.
    if spread < 0.5 || (1.0 - spread) * (count as f64) < 0.001 {
        let sent = ending.messages();
        let (mean, sd) = (sent.mean / NODES as f64, sent.sd() / NODES as f64);
        claims.push(Claim::mean("updates_per_node", mean, Some(sd)).published(traffic));
    }
    if spread < 0.5 {
        return claims;
    }
    claims.push(Claim {
        what: "residue, where half heard it".into(),
        published: residue,
        value: Value::ColumnIfSpread("residue"),
        law: Law::Mean {
            exact: mean,
            sd: Some(sd),
        },
    });
    claims.extend(Claim::share("half heard it", 0.5, spread, count, ""));
    claims
}

/// The probability that half of the nodes hear it; mean and deviation of the
/// residue, if they do.
fn where_half_heard(law: &FinalLaw) -> (f64, f64, f64) {
    let residues: Vec<(f64, f64)> = (law.probabilities())
        .filter(|(informed, _)| 2 * informed >= NODES)
        .map(|(informed, p)| ((NODES - informed) as f64 / NODES as f64, p))
        .collect();
    let spread: f64 = residues.iter().map(|(_, p)| p).sum();
    let mean = residues.iter().map(|(s, p)| s * p).sum::<f64>() / spread;
    let square = |(s, p): &(f64, f64)| (s - mean) * (s - mean) * p;
    let variance = residues.iter().map(square).sum::<f64>() / spread;
    (spread, mean, variance.sqrt())
}

#[rustfmt::skip]
const PRINTED_1: [Printed; 5] = [
    [".18", "1.7", "16.8"],
    [".037", "3.3", "16.9"],
    [".011", "4.5", "17.4"],
    [".0036", "5.6", "17.5"],
    [".0012", "6.7", "17.7"],
];

/// Residue, traffic, last arrival.
#[rustfmt::skip]
const PRINTED_2: [Printed; 5] = [
    [".96", ".04", "38"],
    [".20", "1.6", "33"],
    [".060", "2.8", "32"],
    [".021", "3.9", "32"],
    [".008", "4.9", "32"],
];

#[rustfmt::skip]
const PRINTED_3: [Printed; 3] = [
    [".031", "2.7", "17.6"],
    [".00058", "4.5", "15.4"],
    [".000004", "6.1", "14.0"],
];

/// `scripts/independent.py --reference`: 40,000 runs each.
#[rustfmt::skip]
const RESET: [References; 5] = [
    [(0.1746446, 0.0000770), (1.7443017, 0.0001793), (16.8029500, 0.0063546)],
    [(0.0367926, 0.0000322), (3.2998403, 0.0001655), (16.9619750, 0.0056770)],
    [(0.0107341, 0.0000169), (4.5330834, 0.0001741), (17.3110500, 0.0057326)],
    [(0.0035513, 0.0000095), (5.6362214, 0.0001878), (17.5602250, 0.0059331)],
    [(0.0012495, 0.0000057), (6.6818809, 0.0001975), (17.7197000, 0.0061304)],
];

/// From k = 2 on.
#[rustfmt::skip]
const CUMULATIVE: [References; 4] = [
    [(0.0480203, 0.0000371), (3.0335831, 0.0001419), (16.6651250, 0.0053963)],
    [(0.0157018, 0.0000204), (4.1510948, 0.0001166), (16.9890500, 0.0054242)],
    [(0.0054911, 0.0000119), (5.2010011, 0.0001008), (17.2470500, 0.0055857)],
    [(0.0019702, 0.0000070), (6.2221084, 0.0000905), (17.4674000, 0.0056697)],
];

/// The last arrival.
#[rustfmt::skip]
const LAST_2: [(f64, f64); 5] = [
    (39.2165000, 0.1018794),
    (32.7731750, 0.0215093),
    (31.5963750, 0.0208568),
    (32.1560500, 0.0242736),
    (32.3699250, 0.0291332),
];

#[rustfmt::skip]
const PULL: [References; 3] = [
    [(0.0316599, 0.0000323), (2.6990348, 0.0001855), (17.5834250, 0.0101005)],
    [(0.0005792, 0.0000038), (4.4874113, 0.0001827), (15.2405500, 0.0090664)],
    [(0.0000035, 0.0000003), (6.0875349, 0.0002099), (13.9548500, 0.0070691)],
];
