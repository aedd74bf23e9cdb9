//! Does everybody hear of it? Infect-and-die, whose reliability turns on a
//! constant above ln n.

use super::experiment::{Claim, Experiment, Law, Trial, Value};
use crate::theory::Calls;
use crate::theory::infect_and_die::Reach;

const SOURCE: &str =
    "Exact; Kermarrec, Massoulie, Ganesh 2003: P(all) tends to e^(-e^(-c)) at fanout ln n + c";

pub fn experiments() -> Vec<Experiment> {
    vec![
        infect_and_die(1000, 4, 0.0, 4000, ""),
        // c = 0.0922 and 2.0922.
        infect_and_die(1000, 7, 0.0, 4000, "limit .4018"),
        infect_and_die(1000, 9, 0.0, 4000, "limit .8839"),
        infect_and_die(1000, 9, 0.2, 4000, ""),
        infect_and_die(30, 3, 0.0, 40_000, ""),
    ]
}

fn infect_and_die(
    nodes: u64,
    fanout: u64,
    loss: f64,
    count: u64,
    published: &'static str,
) -> Experiment {
    let calls = Calls::to_others(nodes, fanout, loss);
    Experiment {
        name: format!("reliability: infect-and-die, n = {nodes}, m = {fanout}, loss {loss}"),
        source: SOURCE,
        trial: Trial::Runs(format!(
            "nodes.count = {nodes}\nprotocol.kind = \"infect-and-die\"\n\
             protocol.fanout = {fanout}\nclock.mode = \"synchronous\"\nnetwork.loss = {loss:?}\n\
             stop.quiescent = true\nmeasure.contact = false\nmeasure.series = false\n"
        )),
        count,
        claims: Box::new(move || claims(&calls, count, published)),
    }
}

fn claims(calls: &Calls, count: u64, published: &'static str) -> Vec<Claim> {
    let reach = Reach::new(calls, 1);
    let law = reach.law();
    let whole = law.probabilities().map(|(i, p)| (i as f64, p)).collect();
    let mut claims = vec![
        Claim::mean("residue", law.residue().mean, Some(law.residue().sd())),
        Claim {
            what: "informed".into(),
            published: "",
            value: Value::Column("informed"),
            law: Law::Discrete(whole),
        },
    ];
    claims.extend(Claim::share(
        "all informed",
        1.0,
        law.all_informed(),
        count,
        published,
    ));
    claims
}
