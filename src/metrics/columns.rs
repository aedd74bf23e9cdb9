//! The measured columns of `runs.csv`, in order: name, unit, meaning, value.

use super::Run;
use crate::time::Duration;

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

/// One measured column.
pub struct Column {
    /// Its name in `runs.csv`.
    pub name: String,
    /// What its values are.
    pub r#type: Type,
    /// The unit; empty for texts.
    pub unit: &'static str,
    /// What is measured, in one line.
    pub about: String,
    /// The value of one run.
    pub value: Box<dyn Fn(&Run) -> Value + Send + Sync>,
}

fn column(
    name: impl Into<String>,
    r#type: Type,
    unit: &'static str,
    about: impl Into<String>,
    value: impl Fn(&Run) -> Value + Send + Sync + 'static,
) -> Column {
    Column {
        name: name.into(),
        r#type,
        unit,
        about: about.into(),
        value: Box::new(value),
    }
}

fn whole(
    name: &str,
    unit: &'static str,
    about: &str,
    value: impl Fn(&Run) -> u64 + Send + Sync + 'static,
) -> Column {
    column(name, Type::Whole, unit, about, move |run| {
        Value::Whole(value(run))
    })
}

fn real(
    name: &str,
    unit: &'static str,
    about: &str,
    value: impl Fn(&Run) -> Option<f64> + Send + Sync + 'static,
) -> Column {
    column(name, Type::Real, unit, about, move |run| value(run).into())
}

/// The columns for a run that asks for these thresholds (percent).
pub fn columns(thresholds: &[u8]) -> Vec<Column> {
    let mut all = Vec::from(spread());
    all.extend(times(
        thresholds,
        "rounds_to_",
        "",
        "rounds",
        |run, length| length.in_rounds(run.period),
    ));
    all.extend(times(thresholds, "time_to_", "_s", "s", |_, length| {
        length.as_seconds()
    }));
    all.extend(arrivals());
    all.extend(messages());
    all.extend(ending());
    all
}

fn spread() -> [Column; 3] {
    let coverage = |run: &Run| f64::from(run.arrivals.informed()) / f64::from(run.nodes);
    [
        whole(
            "informed",
            "nodes",
            "nodes that hold the rumor at the end",
            |run| u64::from(run.arrivals.informed()),
        ),
        real("coverage", "1", "informed / nodes", move |run| {
            Some(coverage(run))
        }),
        real("residue", "1", "1 - coverage", |run| {
            let left = run.nodes - run.arrivals.informed();
            Some(f64::from(left) / f64::from(run.nodes))
        }),
    ]
}

/// A column for the majority, then one per threshold.
fn times(
    thresholds: &[u8],
    before: &str,
    after: &str,
    unit: &'static str,
    convert: fn(&Run, Duration) -> f64,
) -> Vec<Column> {
    let name = |what: &str| format!("{before}{what}{after}");
    let majority = column(
        name("majority"),
        Type::Real,
        unit,
        "from the write until more than half of the nodes are informed",
        move |run| run.arrivals.majority().map(|t| convert(run, t)).into(),
    );
    let thresholds = thresholds.iter().enumerate().map(|(place, &percent)| {
        let (what, about) = match percent {
            100 => ("all".to_string(), "all nodes".to_string()),
            _ => (
                percent.to_string(),
                format!("at least {percent} % of the nodes"),
            ),
        };
        column(
            name(&what),
            Type::Real,
            unit,
            format!("from the write until {about} are informed"),
            move |run| {
                let reached = run.arrivals.thresholds()[place].1;
                reached.map(|t| convert(run, t)).into()
            },
        )
    });
    std::iter::once(majority).chain(thresholds).collect()
}

fn arrivals() -> [Column; 2] {
    [
        real(
            "mean_arrival_rounds",
            "rounds",
            "from the write to a node's first copy: the mean over the informed nodes other than the sources",
            |run| run.arrivals.mean_in_rounds(run.period),
        ),
        real(
            "last_arrival_rounds",
            "rounds",
            "from the write to the last first copy at a node other than the sources",
            |run| run.arrivals.last().map(|t| t.in_rounds(run.period)),
        ),
    ]
}

fn messages() -> [Column; 9] {
    [
        whole(
            "messages_sent",
            "messages",
            "calls, replies and all else that was sent, lost ones too",
            |run| run.totals.sent,
        ),
        whole(
            "messages_delivered",
            "messages",
            "messages that arrived",
            |run| run.totals.delivered,
        ),
        whole(
            "messages_lost",
            "messages",
            "messages that the network lost",
            |run| run.totals.lost,
        ),
        whole(
            "messages_redundant",
            "messages",
            "messages with an update that the receiver already held",
            |run| run.totals.redundant,
        ),
        real(
            "messages_per_node",
            "messages",
            "messages_sent / nodes",
            |run| Some(run.totals.sent as f64 / f64::from(run.nodes)),
        ),
        whole(
            "updates_sent",
            "updates",
            "copies of the rumor in all messages sent",
            |run| run.totals.updates,
        ),
        real(
            "updates_per_node",
            "updates",
            "updates_sent / nodes: the traffic m of Demers et al. (1987)",
            |run| Some(run.totals.updates as f64 / f64::from(run.nodes)),
        ),
        whole(
            "calls_by_informed",
            "messages",
            "calls sent by nodes that held the rumor; replies are not calls",
            |run| run.totals.calls_by_informed,
        ),
        whole("bytes_sent", "bytes", "bytes of all messages sent", |run| {
            run.totals.bytes
        }),
    ]
}

fn ending() -> [Column; 6] {
    [
        real(
            "contact_probability",
            "1",
            "share of nodes that at least one call of another node reaches in a window of one period: the mean over the windows",
            |run| run.contacts.as_ref().and_then(|c| c.probability(run.nodes)),
        ),
        column(
            "contact_windows",
            Type::Whole,
            "windows",
            "windows that contact_probability averages",
            |run| {
                let windows = run.contacts.as_ref().map(|c| c.windows());
                windows.map_or(Value::Missing, Value::Whole)
            },
        ),
        real(
            "ended_rounds",
            "rounds",
            "simulated time when the run ended",
            |run| Some(run.ended.in_rounds(run.period)),
        ),
        column(
            "stopped_by",
            Type::Text,
            "",
            "the key under [stop] that ended the run",
            |run| Value::Text(run.stopped_by.text().to_string()),
        ),
        whole(
            "events",
            "events",
            "ticks, idle ones too, and deliveries",
            |run| run.totals.events,
        ),
        column(
            "run_digest",
            Type::Text,
            "",
            "a hash over everything that happened in the run",
            |run| Value::Text(run.digest.to_string()),
        ),
    ]
}
