//! The measured columns of `runs.csv`, in order: name, unit, meaning, which way
//! is better, value. What else asks about a metric asks this list.

use super::Run;
use crate::column::{Better, OwnColumn};
use crate::time::Duration;
use std::ops::RangeInclusive;

use Better::{Higher, Lower, Neither};

/// A value in a table.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// A whole number.
    Whole(u64),
    /// A real number.
    Real(f64),
    /// A text.
    Text(String),
    /// No value: an empty field.
    Missing,
}

impl Value {
    /// As a number; `None` for text and missing values.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Whole(number) => Some(*number as f64),
            Value::Real(number) => Some(*number),
            Value::Text(_) | Value::Missing => None,
        }
    }
}

impl From<Option<f64>> for Value {
    fn from(number: Option<f64>) -> Value {
        number.map_or(Value::Missing, Value::Real)
    }
}

/// The type of a column's values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Type {
    /// Whole numbers.
    Whole,
    /// Real numbers.
    Real,
    /// Text.
    Text,
}

/// How much of a run a value is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Span {
    /// All of it: when the run ended decides the value too.
    Run,
    /// Until a goal is reached, whatever comes after it. A run that ended before
    /// has no value, and would have had a later one.
    Goal,
}

/// What the columns depend on; the same for all cells of a sweep.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Asked {
    /// `measure.thresholds`: percentages of the nodes, ascending.
    pub thresholds: Vec<u8>,
    /// Does any run count hops (`measure.hops`)?
    pub hops: bool,
    /// What the protocols count themselves.
    pub own: Vec<OwnColumn>,
}

impl Asked {
    /// These thresholds, no hops, and nothing of a protocol's own.
    pub fn thresholds(thresholds: &[u8]) -> Asked {
        Asked {
            thresholds: thresholds.to_vec(),
            ..Asked::default()
        }
    }
}

/// One measured column.
pub struct Column {
    /// Its name in `runs.csv`.
    pub name: String,
    /// What its values are.
    pub r#type: Type,
    /// The unit; empty for texts.
    pub unit: &'static str,
    /// Which way it is better.
    pub better: Better,
    /// How much of the run it is about.
    pub span: Span,
    /// The column that says the same in another unit, if there is one that says it
    /// better.
    pub same_as: Option<String>,
    /// What is measured, in one line.
    pub about: String,
    /// The value of one run.
    pub value: Box<dyn Fn(&Run) -> Value + Send + Sync>,
}

impl Column {
    /// The values that it can have with so many nodes: shares are from 0 to 1,
    /// all else is from 0.
    pub fn range(&self, nodes: u32) -> RangeInclusive<f64> {
        match (self.r#type, self.unit, self.name.as_str()) {
            (Type::Real, "1", _) => 0.0..=1.0,
            (_, _, "informed") => 0.0..=f64::from(nodes),
            _ => 0.0..=f64::INFINITY,
        }
    }

    fn of_goal(self) -> Column {
        Column {
            span: Span::Goal,
            ..self
        }
    }

    fn same_as(self, other: impl Into<String>) -> Column {
        Column {
            same_as: Some(other.into()),
            ..self
        }
    }
}

fn column(
    name: impl Into<String>,
    r#type: Type,
    unit: &'static str,
    better: Better,
    about: impl Into<String>,
    value: impl Fn(&Run) -> Value + Send + Sync + 'static,
) -> Column {
    Column {
        name: name.into(),
        r#type,
        unit,
        better,
        span: Span::Run,
        same_as: None,
        about: about.into(),
        value: Box::new(value),
    }
}

fn whole(
    name: &str,
    unit: &'static str,
    better: Better,
    about: &str,
    value: impl Fn(&Run) -> u64 + Send + Sync + 'static,
) -> Column {
    column(name, Type::Whole, unit, better, about, move |run| {
        Value::Whole(value(run))
    })
}

fn real(
    name: &str,
    unit: &'static str,
    better: Better,
    about: &str,
    value: impl Fn(&Run) -> Option<f64> + Send + Sync + 'static,
) -> Column {
    column(name, Type::Real, unit, better, about, move |run| {
        value(run).into()
    })
}

fn text(name: &str, about: &str, value: fn(&Run) -> String) -> Column {
    column(name, Type::Text, "", Neither, about, move |run| {
        Value::Text(value(run))
    })
}

/// The columns of runs of which this is asked.
pub fn columns(asked: &Asked) -> Vec<Column> {
    let mut all = Vec::from(spread());
    let goals = goals(&asked.thresholds);
    all.extend(goals.iter().map(in_rounds));
    all.extend(goals.iter().map(in_seconds));
    all.extend(arrivals());
    all.extend(messages());
    all.extend(contacts());
    all.push(real(
        "ended_rounds",
        "rounds",
        Neither,
        "simulated time when the run ended",
        |run| Some(run.ended.in_rounds(run.period)),
    ));
    all.extend(goals.iter().filter_map(in_messages));
    if asked.hops {
        all.extend(hops());
    }
    all.extend(asked.own.iter().map(own));
    all.extend(ending());
    all
}

/// The column of this name, whatever is asked for but a protocol's own.
pub fn known(name: &str) -> Option<Column> {
    let all = columns(&Asked {
        hops: true,
        ..Asked::thresholds(&Vec::from_iter(1..=100))
    });
    all.into_iter().find(|column| column.name == name)
}

/// Has every table of runs, or of their sums, a column of this name, or may it have?
pub fn is_taken(name: &str) -> bool {
    const KEYS: [&str; 8] = [
        "cell",
        "case",
        "replicate",
        "seed",
        "protocol",
        "nodes",
        "fanout",
        "all_informed",
    ];
    KEYS.contains(&name) || known(name).is_some()
}

fn spread() -> [Column; 3] {
    let coverage = |run: &Run| f64::from(run.arrivals.informed()) / f64::from(run.nodes);
    [
        whole(
            "informed",
            "nodes",
            Higher,
            "nodes that hold the rumor at the end",
            |run| u64::from(run.arrivals.informed()),
        )
        .same_as("coverage"),
        real("coverage", "1", Higher, "informed / nodes", move |run| {
            Some(coverage(run))
        }),
        real("residue", "1", Lower, "1 - coverage", |run| {
            let left = run.nodes - run.arrivals.informed();
            Some(f64::from(left) / f64::from(run.nodes))
        })
        .same_as("coverage"),
    ]
}

/// So many nodes are informed.
struct Goal {
    /// In names of columns.
    name: String,
    about: String,
    /// Among the thresholds; `None` for the majority.
    place: Option<usize>,
}

/// The majority, then the thresholds.
fn goals(thresholds: &[u8]) -> Vec<Goal> {
    let majority = Goal {
        name: "majority".to_string(),
        about: "more than half of the nodes".to_string(),
        place: None,
    };
    let thresholds = thresholds.iter().enumerate().map(|(place, &percent)| {
        let (name, about) = match percent {
            100 => ("all".to_string(), "all nodes".to_string()),
            _ => (
                percent.to_string(),
                format!("at least {percent} % of the nodes"),
            ),
        };
        Goal {
            name,
            about,
            place: Some(place),
        }
    });
    std::iter::once(majority).chain(thresholds).collect()
}

/// From the write to a goal; `None` if it was not reached.
fn elapsed(run: &Run, place: Option<usize>) -> Option<Duration> {
    match place {
        None => run.arrivals.majority(),
        Some(place) => Some(run.arrivals.thresholds()[place].1?.elapsed),
    }
}

fn in_rounds(goal: &Goal) -> Column {
    let name = format!("rounds_to_{}", goal.name);
    let about = format!("from the write until {} are informed", goal.about);
    let place = goal.place;
    let value = move |run: &Run| elapsed(run, place).map(|t| t.in_rounds(run.period));
    real(&name, "rounds", Lower, &about, value).of_goal()
}

fn in_seconds(goal: &Goal) -> Column {
    let name = format!("time_to_{}_s", goal.name);
    let about = format!("from the write until {} are informed", goal.about);
    let place = goal.place;
    let value = move |run: &Run| elapsed(run, place).map(Duration::as_seconds);
    real(&name, "s", Lower, &about, value)
        .of_goal()
        .same_as(format!("rounds_to_{}", goal.name))
}

/// Of thresholds only.
fn in_messages(goal: &Goal) -> Option<Column> {
    let name = format!("messages_to_{}", goal.name);
    let about = format!("messages sent until {} are informed", goal.about);
    let place = goal.place?;
    let value = move |run: &Run| match run.arrivals.thresholds()[place].1 {
        Some(reached) => Value::Whole(reached.sent),
        None => Value::Missing,
    };
    Some(column(name, Type::Whole, "messages", Lower, about, value).of_goal())
}

/// Empty in a run of a protocol that does not count it.
fn own(own: &OwnColumn) -> Column {
    let name = own.name;
    let value = move |run: &Run| {
        let counted = run.own.iter().find(|(other, _)| *other == name);
        counted.map_or(Value::Missing, |(_, count)| Value::Whole(*count))
    };
    column(name, Type::Whole, own.unit, own.better, own.about, value)
}

fn arrivals() -> [Column; 2] {
    [
        real(
            "mean_arrival_rounds",
            "rounds",
            Lower,
            "from the write to a node's first copy: the mean over the informed nodes other than the sources",
            |run| run.arrivals.mean_in_rounds(run.period),
        ),
        real(
            "last_arrival_rounds",
            "rounds",
            Lower,
            "from the write to the last first copy at a node other than the sources",
            |run| run.arrivals.last().map(|t| t.in_rounds(run.period)),
        ),
    ]
}

fn hops() -> [Column; 2] {
    [
        real(
            "hops_mean",
            "hops",
            Lower,
            "messages in a row from a source to a node's first copy: the mean over the nodes that learned the rumor by a message (measure.hops)",
            |run| run.hops.and_then(|hops| hops.mean()),
        ),
        column(
            "hops_last",
            Type::Whole,
            "hops",
            Lower,
            "the same for the node that learned it last; of several at that instant, the most (measure.hops)",
            |run| match run.hops {
                Some(hops) if hops.nodes > 0 => Value::Whole(u64::from(hops.last)),
                _ => Value::Missing,
            },
        ),
    ]
}

fn messages() -> [Column; 9] {
    [
        whole(
            "messages_sent",
            "messages",
            Lower,
            "calls, replies and all else that was sent, lost ones too",
            |run| run.totals.sent,
        )
        .same_as("messages_per_node"),
        whole(
            "messages_delivered",
            "messages",
            Neither,
            "messages that arrived",
            |run| run.totals.delivered,
        ),
        whole(
            "messages_lost",
            "messages",
            Lower,
            "messages that the network lost",
            |run| run.totals.lost,
        ),
        whole(
            "messages_redundant",
            "messages",
            Lower,
            "messages with an update that the receiver already held",
            |run| run.totals.redundant,
        ),
        real(
            "messages_per_node",
            "messages",
            Lower,
            "messages_sent / nodes",
            |run| Some(run.totals.sent as f64 / f64::from(run.nodes)),
        ),
        whole(
            "updates_sent",
            "updates",
            Lower,
            "copies of the rumor in all messages sent",
            |run| run.totals.updates,
        )
        .same_as("updates_per_node"),
        real(
            "updates_per_node",
            "updates",
            Lower,
            "updates_sent / nodes: the traffic m of Demers et al. (1987)",
            |run| Some(run.totals.updates as f64 / f64::from(run.nodes)),
        ),
        whole(
            "calls_by_informed",
            "messages",
            Lower,
            "calls sent by nodes that held the rumor; replies are not calls",
            |run| run.totals.calls_by_informed,
        ),
        whole(
            "bytes_sent",
            "bytes",
            Lower,
            "bytes of all messages sent",
            |run| run.totals.bytes,
        ),
    ]
}

fn contacts() -> [Column; 2] {
    [
        real(
            "contact_probability",
            "1",
            Neither,
            "share of nodes that at least one call of another node reaches in a window of one period: the mean over the windows",
            |run| run.contacts.as_ref().and_then(|c| c.probability(run.nodes)),
        ),
        column(
            "contact_windows",
            Type::Whole,
            "windows",
            Neither,
            "windows that contact_probability averages",
            |run| {
                let windows = run.contacts.as_ref().map(|c| c.windows());
                windows.map_or(Value::Missing, Value::Whole)
            },
        ),
    ]
}

fn ending() -> [Column; 3] {
    [
        text(
            "stopped_by",
            "the key under [stop] that ended the run",
            |run| run.stopped_by.text().to_string(),
        ),
        whole(
            "events",
            "events",
            Neither,
            "ticks, idle ones too, and deliveries",
            |run| run.totals.events,
        ),
        text(
            "run_digest",
            "a hash over everything that happened in the run",
            |run| run.digest.to_string(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_column_says_better_is_a_column() {
        let all = columns(&Asked::thresholds(&[1, 50, 100]));
        for column in &all {
            if let Some(other) = &column.same_as {
                let found = all.iter().find(|column| column.name == *other);
                let found = found.unwrap_or_else(|| panic!("{other}"));
                assert_eq!(found.span, column.span, "{other}");
                assert_eq!(found.same_as, None, "{other}");
            }
        }
        let spans = |span| all.iter().filter(move |column| column.span == span);
        assert_eq!(spans(Span::Goal).count(), 4 + 4 + 3);
        assert!(spans(Span::Goal).all(|column| column.better == Better::Lower));
        assert!(known("time_to_37_s").is_some() && known("time_to_101_s").is_none());
    }
}
