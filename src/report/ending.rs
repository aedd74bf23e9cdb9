//! Which exact law of the end a cell meets, where nodes stop spreading by
//! themselves, and what it expects.

use super::applies::calls;
use super::measured::ALL_INFORMED;
use super::spread::{Expected, last_round};
use crate::engine::{Clock, Setup};
use crate::metrics::Run;
use crate::network::Sampling;
use crate::protocol::Fanout;
use crate::scenario::Cell;
use crate::stop::{Cause, StoppedBy};
use crate::theory::final_size::final_size;
use crate::theory::infect_and_die::{self, Reach, all_informed_limit};
use crate::theory::rumor_mongering::{self, Mongering, Stopping};
use crate::theory::{Calls, FinalLaw, Moments};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The exact law of the end that a cell meets.
#[derive(Clone, Copy, Debug)]
pub struct Ending {
    rule: Rule,
    sources: u64,
    /// Rounds after which a run is stopped in any case.
    last_round: f64,
}

#[derive(Clone, Copy, Debug)]
enum Rule {
    Mongering(Mongering),
    Forward(Calls),
}

impl Ending {
    /// The model's name.
    pub fn model(&self) -> &'static str {
        match self.rule {
            Rule::Mongering(_) => "rumor-mongering",
            Rule::Forward(_) => "infect-and-die",
        }
    }

    /// Equal where all of the model's own numbers are.
    fn key(&self) -> Key {
        let (rule, nodes, k, pool, loss) = match self.rule {
            Rule::Mongering(rumor) => (Some(rumor.stopping), rumor.nodes, rumor.k, 0, rumor.loss),
            // One may draw with replacement.
            Rule::Forward(calls) => {
                let targets = u64::from(calls.targets == crate::theory::Targets::Distinct);
                (
                    None,
                    calls.nodes,
                    calls.fanout,
                    2 * calls.pool + targets,
                    calls.loss,
                )
            }
        };
        (rule, [nodes, k, pool, loss.to_bits(), self.sources])
    }
}

type Key = (Option<Stopping>, [u64; 5]);

/// The exact law of the end whose assumptions the cell meets; none where no
/// node stops spreading.
///
/// # Errors
/// Why none applies, as a clause that follows "no theory: ".
pub fn ending(cell: &Cell) -> Option<Result<Ending, String>> {
    let rule = match cell.protocol_name.as_str() {
        "rumor-mongering" => mongering(cell).map(Rule::Mongering),
        "infect-and-die" => forward(cell).map(Rule::Forward),
        _ => return None,
    };
    Some(rule.and_then(|rule| {
        let setup = &cell.setup;
        let stop = &setup.stop;
        if !setup.network.topology.is_complete() {
            return Err("the topology is not complete".into());
        }
        if setup.workload.at.0 > 0 {
            return Err("the rumor is not written at time 0".into());
        }
        let other = |stop: &StoppedBy| matches!(stop.cause(), Cause::Goal | Cause::Work);
        if let Some(other) = stop.set().find(other) {
            let other = other.text();
            return Err(format!(
                "the law is for runs that end when the rumor is dead (stop.quiescent, without {other})"
            ));
        }
        if !stop.quiescent {
            return Err("the law is for runs that end when the rumor is dead (stop.quiescent)".into());
        }
        Ok(Ending {
            rule,
            sources: u64::from(setup.workload.source_count()),
            last_round: last_round(stop, setup),
        })
    }))
}

fn forward(cell: &Cell) -> Result<Calls, String> {
    let fanout = cell.protocol.calling().fanout;
    let calls = calls(
        &cell.setup,
        fanout.ok_or("the protocol doesn't say how many peers a node calls")?,
    );
    match infect_and_die::is_practical(&calls) {
        true => Ok(calls),
        false => Err("the exact law takes too long at this size".into()),
    }
}

fn mongering(cell: &Cell) -> Result<Mongering, String> {
    let setup = &cell.setup;
    let settings = cell.protocol.settings();
    let text = |key: &str| settings.get(key).and_then(toml::Value::as_str);
    let k = settings.get("k").and_then(toml::Value::as_integer);
    let k = k.and_then(|k| u64::try_from(k).ok()).unwrap_or_default();
    if text("exchange") != Some("push") {
        return Err("the exact law is for exchange = \"push\"".into());
    }
    if cell.protocol.calling().fanout != Some(Fanout::Peers(1)) {
        return Err("the exact law is for fanout 1".into());
    }
    if settings.contains_key("connection_limit") {
        return Err("the exact law is for nodes that turn nobody away".into());
    }
    if !matches!(
        setup.sampling,
        Sampling::Others | Sampling::OthersWithReplacement
    ) {
        return Err("the exact law is for peers drawn from the others".into());
    }
    let stopping = match text("stopping") {
        // Every contact in vain is the last.
        Some("feedback-counter") if k == 1 => Stopping::FeedbackCumulative,
        Some("feedback-cumulative") => Stopping::FeedbackCumulative,
        Some("feedback-coin") => Stopping::FeedbackCoin,
        Some("blind-counter") => Stopping::BlindCounter,
        Some("blind-coin") => Stopping::BlindCoin,
        rule => {
            let rule = rule.unwrap_or_default();
            return Err(format!(
                "no exact law is known here for stopping = \"{rule}\""
            ));
        }
    };
    let rumor = Mongering {
        stopping,
        k,
        nodes: u64::from(setup.nodes),
        sources: u64::from(setup.workload.source_count()),
        loss: setup.network.loss,
    };
    in_sequence(setup, stopping)?;
    if rumor.nodes < 2 || rumor.loss >= 1.0 {
        return Err("nobody can be told".into());
    }
    match rumor_mongering::is_practical(&rumor) {
        true => Ok(rumor),
        false => Err("the exact law takes too long at this size".into()),
    }
}

/// With feedback, what a contact does must be done before the next begins.
fn in_sequence(setup: &Setup, stopping: Stopping) -> Result<(), String> {
    if stopping.is_blind() {
        return Ok(());
    }
    if setup.clock == Clock::Synchronous {
        return Err("with feedback the exact law is for contacts one after another, not for the synchronous clock".into());
    }
    match setup.network.latency.is_zero() {
        true => Ok(()),
        false => Err("with feedback the exact law is for no latency".into()),
    }
}

/// How a cell's runs ended.
#[derive(Clone, Copy, Debug)]
pub struct Ends {
    quiescent: bool,
    /// Rounds of the longest.
    longest: f64,
}

impl Default for Ends {
    fn default() -> Ends {
        Ends {
            quiescent: true,
            longest: 0.0,
        }
    }
}

impl Ends {
    /// One more run.
    pub fn push(&mut self, run: &Run) {
        self.quiescent &= run.stopped_by == StoppedBy::Quiescent;
        self.longest = self.longest.max(run.ended.in_rounds(run.period));
    }

    /// Did the rumor die in all runs, and none take more than half of the
    /// rounds allowed? How long it lives has an exponential tail: where the
    /// longest of R runs takes half, one in R squared or so would be cut.
    fn are_whole(&self, last_round: f64) -> bool {
        self.quiescent && self.longest <= last_round / 2.0
    }
}

/// The laws of a sweep's cells, each worked out once.
#[derive(Default)]
pub struct EndLaws(BTreeMap<Key, Arc<(FinalLaw, Moments)>>);

impl EndLaws {
    /// The law of a cell whose runs ended so; none if some were cut short, or
    /// might have been.
    pub fn of_cell(&mut self, model: Ending, ends: &Ends) -> Option<EndLaw> {
        if !ends.are_whole(model.last_round) {
            return None;
        }
        let law = self
            .0
            .entry(model.key())
            .or_insert_with(|| Arc::new(work_out(&model)));
        Some(EndLaw {
            law: Arc::clone(law),
            model,
        })
    }
}

/// The law, and the updates sent.
fn work_out(model: &Ending) -> (FinalLaw, Moments) {
    match &model.rule {
        Rule::Mongering(rumor) => {
            let ending = rumor_mongering::Ending::new(rumor);
            let messages = ending.messages();
            (ending.into_law(), messages)
        }
        Rule::Forward(calls) => {
            let law = Reach::new(calls, model.sources).into_law();
            let sent = law.informed().times(calls.fanout as f64);
            (law, sent)
        }
    }
}

/// A model's law as a cell asks for it.
pub struct EndLaw {
    model: Ending,
    law: Arc<(FinalLaw, Moments)>,
}

/// What one metric is expected to be, and its limit for many nodes.
pub struct ExpectedEnd {
    /// The exact expectation and deviation.
    pub exact: Expected,
    /// Where a single source is enough to say.
    pub limit: Option<f64>,
}

impl EndLaw {
    /// The model's name.
    pub fn model(&self) -> &'static str {
        self.model.model()
    }

    /// The probability that all nodes are informed, exact; its limit for many
    /// nodes, where it is known.
    pub fn all_informed(&self) -> (f64, Option<f64>) {
        let limit = match self.model.rule {
            Rule::Forward(calls) if self.model.sources == 1 => {
                let mean = calls.fanout as f64 * (1.0 - calls.loss);
                Some(all_informed_limit(calls.nodes, mean))
            }
            _ => None,
        };
        (self.law.0.all_informed(), limit)
    }

    /// What a metric (a column of `runs.csv`, or `all_informed`) is expected to
    /// be; none if the model does not say.
    pub fn expected(&self, metric: &str) -> Option<ExpectedEnd> {
        let (law, sent) = &*self.law;
        if metric == ALL_INFORMED {
            let (p, limit) = self.all_informed();
            let exact = Expected::of_share(p);
            return Some(ExpectedEnd { exact, limit });
        }
        let limit = self.residue_limit();
        let (moments, limit) = match metric {
            "informed" => (law.informed(), None),
            "coverage" => {
                let Moments { mean, variance } = law.residue();
                let covered = Moments {
                    mean: 1.0 - mean,
                    variance,
                };
                (covered, limit.map(|s| 1.0 - s))
            }
            "residue" => (law.residue(), limit),
            "updates_sent" => (self.counts_updates().then_some(*sent)?, None),
            "updates_per_node" => {
                let sent = self.counts_updates().then_some(*sent)?;
                let traffic = limit.map(|s| self.contacts() * (1.0 - s) / (1.0 - self.loss()));
                (sent.times(1.0 / self.nodes()), traffic)
            }
            _ => return None,
        };
        Some(ExpectedEnd {
            exact: Expected::of(moments, 1.0),
            limit,
        })
    }

    /// A draw of oneself sends nothing: then the number is not a multiple.
    fn counts_updates(&self) -> bool {
        match self.model.rule {
            Rule::Mongering(_) => true,
            Rule::Forward(calls) => calls.pool < calls.nodes,
        }
    }

    fn nodes(&self) -> f64 {
        match self.model.rule {
            Rule::Mongering(rumor) => rumor.nodes as f64,
            Rule::Forward(calls) => calls.nodes as f64,
        }
    }

    fn loss(&self) -> f64 {
        match self.model.rule {
            Rule::Mongering(rumor) => rumor.loss,
            Rule::Forward(calls) => calls.loss,
        }
    }

    fn contacts(&self) -> f64 {
        match self.model.rule {
            Rule::Mongering(rumor) => rumor.contacts(),
            Rule::Forward(calls) => calls.fanout as f64 * (1.0 - calls.loss),
        }
    }

    /// From one source, where the rumor does not die out among the first few:
    /// only if what they send is not lost, or they go on until they hear of it.
    fn residue_limit(&self) -> Option<f64> {
        let goes_on = match self.model.rule {
            Rule::Mongering(rumor) => !rumor.stopping.is_blind(),
            Rule::Forward(_) => false,
        };
        let known = self.model.sources == 1 && (goes_on || self.loss() == 0.0);
        known.then(|| final_size(1.0, self.contacts()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SummaryRow, tests};
    use super::*;
    use crate::run;

    const RUMOR: &str = "protocol.kind=rumor-mongering protocol.k=2";

    fn cell(settings: &str) -> Cell {
        let text = "nodes.count = 30\nprotocol.kind = \"push\"\nstop.quiescent = true\n\
            measure = { contact = false, series = false }\n";
        tests::cell(text, settings)
    }

    fn summary(cell: &Cell, replicates: u64) -> Vec<SummaryRow> {
        tests::summary(cell, 5, replicates)
    }

    /// The z of residue and traffic, each below 4.5.
    fn measured(settings: &str, model: &str) -> Vec<f64> {
        let mut z = Vec::new();
        for row in summary(&cell(settings), 2000) {
            if row.metric == "residue" || row.metric == "updates_per_node" {
                assert_eq!(row.model, Some(model), "{settings}");
                let (mean, theory) = (row.mean.unwrap(), row.theory.unwrap());
                let near = row
                    .z
                    .map_or((mean - theory).abs() < 1e-12, |z| z.abs() < 4.5);
                let metric = &row.metric;
                assert!(
                    near,
                    "{settings} {metric}: {mean}, not {theory} ({:?})",
                    row.z
                );
                z.extend(row.z);
            }
        }
        z
    }

    #[test]
    fn measurements_agree_in_every_setting_that_a_model_takes() {
        let mut all = Vec::new();
        let slow = "network.latency.kind=exponential network.latency.mean=400ms";
        for stopping in [
            "feedback-cumulative",
            "feedback-coin",
            "blind-counter",
            "blind-coin",
        ] {
            let rumor = format!("{RUMOR} protocol.stopping={stopping}");
            let more = "protocol.k=3 network.loss=0.2 workload.sources=3";
            for clock in ["periodic", "poisson"] {
                let settings = format!("{rumor} clock.mode={clock}");
                all.extend(measured(&settings, "rumor-mongering"));
                all.extend(measured(&format!("{settings} {more}"), "rumor-mongering"));
            }
            if stopping.starts_with("blind") {
                let rounds = format!("{rumor} clock.mode=synchronous");
                all.extend(measured(&rounds, "rumor-mongering"));
                let late = format!("{rumor} {more} clock.mode=poisson {slow}");
                all.extend(measured(&late, "rumor-mongering"));
            }
        }
        let first = "protocol.kind=rumor-mongering protocol.k=1 clock.mode=poisson";
        all.extend(measured(first, "rumor-mongering"));
        for sampling in ["others", "others-with-replacement"] {
            let forward = format!("protocol.kind=infect-and-die protocol.sampling={sampling}");
            for more in [
                "clock.mode=synchronous protocol.fanout=2".to_string(),
                "clock.mode=poisson protocol.fanout=4 network.loss=0.3".to_string(),
                format!("clock.mode=periodic protocol.fanout=3 workload.sources=2 {slow}"),
            ] {
                all.extend(measured(&format!("{forward} {more}"), "infect-and-die"));
            }
        }
        // Residue and traffic of one cell are dependent, and the cells share
        // their dice: as good as some 25 values, 1 within 4.5 sqrt(2/25) at most,
        // and no less than a fifth.
        let squares = all.iter().map(|z| z * z).sum::<f64>() / all.len() as f64;
        assert!(all.len() > 50 && (0.2..2.3).contains(&squares), "{squares}");
    }

    /// The theorem's event, where the law of it is far from sure: the share of
    /// runs in which all know has the binomial standard error.
    #[test]
    fn all_are_informed_as_often_as_the_law_says() {
        let cell = cell("protocol.kind=infect-and-die protocol.fanout=4");
        let model = ending(&cell).unwrap().unwrap();
        let law = EndLaws::default().of_cell(model, &Ends::default()).unwrap();
        let (p, limit) = law.all_informed();
        let runs = 4000;
        let all =
            (0..runs).filter(|&replicate| run::run(&cell, 6, replicate).arrivals.informed() == 30);
        let share = all.count() as f64 / runs as f64;
        let z = (share - p) / (p * (1.0 - p) / runs as f64).sqrt();
        assert!(z.abs() < 4.5 && (0.4..0.7).contains(&p), "{share} {p}");
        // e^(-30 e^(-4)), which it is not.
        assert!((limit.unwrap() - 0.577_3).abs() < 1e-4 && (p - 0.577_3).abs() > 0.01);
    }

    #[test]
    fn the_model_or_why_none() {
        let why = |settings: &str| match ending(&cell(settings)) {
            None => "no node stops".to_string(),
            Some(Ok(model)) => model.model().to_string(),
            Some(Err(why)) => why,
        };
        for (settings, want) in [
            ("", "no node stops"),
            ("protocol.stopping=blind-coin", "rumor-mongering"),
            (
                "protocol.stopping=blind-coin clock.mode=synchronous",
                "rumor-mongering",
            ),
            ("protocol.k=1", "rumor-mongering"),
            ("", "feedback-counter"),
            ("protocol.stopping=heard", "heard"),
            (
                "protocol.stopping=feedback-coin clock.mode=synchronous",
                "one after another",
            ),
            (
                "protocol.stopping=feedback-coin network.latency.kind=constant network.latency.value=1ms",
                "latency",
            ),
            ("protocol.exchange=pull", "push"),
            ("protocol.fanout=2", "fanout 1"),
            ("protocol.sampling=all", "others"),
            ("protocol.connection_limit=1", "turn nobody away"),
            (
                "protocol.k=1 stop.quiescent=false stop.rounds=9",
                "stop.quiescent",
            ),
            ("protocol.k=1 stop.all_informed=true", "stop.quiescent"),
            ("protocol.k=1 workload.at=3s", "time 0"),
            ("protocol.k=1 network.loss=1", "nobody can be told"),
            ("protocol.k=1 nodes.count=1000000", "too long"),
        ] {
            let got = match want {
                "no node stops" => why(settings),
                _ => why(&format!("{RUMOR} {settings}")),
            };
            assert!(got.contains(want), "{settings}: {got}");
        }
        let forward = "protocol.kind=infect-and-die clock.mode=synchronous";
        assert_eq!(
            why(&format!("{forward} protocol.sampling=all")),
            "infect-and-die"
        );
        let graph = "network.topology.kind=random-view network.topology.size=3";
        assert!(why(&format!("{forward} {graph}")).contains("topology"));
    }

    #[test]
    fn runs_that_were_cut_or_nearly_have_no_theory() {
        let shown = |settings: &str| {
            let rows = summary(
                &cell(&format!("{RUMOR} protocol.stopping=blind-coin {settings}")),
                30,
            );
            rows.iter().any(|row| row.theory.is_some())
        };
        // The longest of 30 runs takes 16 rounds or so.
        assert!(shown("stop.rounds=200"));
        assert!(!shown("stop.rounds=5"));
        assert!(!shown("stop.rounds=25"));
    }

    #[test]
    fn limits_where_the_rumor_cannot_die_among_the_first() {
        let limit = |settings: &str| {
            let cell = cell(&format!("{RUMOR} {settings}"));
            let model = ending(&cell).unwrap().unwrap();
            let law = EndLaws::default().of_cell(model, &Ends::default()).unwrap();
            let of = |metric: &str| law.expected(metric).unwrap().limit;
            assert_eq!(of("informed"), None);
            of("residue").zip(of("updates_per_node"))
        };
        let shown = |settings: &str| limit(settings).map(|(s, m)| format!("{s:.6} {m:.4}"));
        let coin = "protocol.stopping=feedback-coin";
        // m = -ln s / (1-q).
        assert_eq!(shown(coin).as_deref(), Some("0.059520 2.8214"));
        assert_eq!(
            shown("protocol.stopping=blind-coin").as_deref(),
            Some("0.203188 1.5936")
        );
        assert!(limit(&format!("{coin} network.loss=0.1")).is_some());
        assert!(limit("protocol.stopping=blind-coin network.loss=0.1").is_none());
        assert!(limit(&format!("{coin} workload.sources=2")).is_none());
    }
}
