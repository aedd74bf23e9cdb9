//! What laws are about: the questions that a cell can be asked.

use super::premises::{Nearness, Refusal};

/// A question. At most one law of each holds in a cell.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Subject {
    /// Is a node called in a window?
    Contacts,
    /// When are so many nodes informed?
    Rounds,
    /// Who is informed in the end, where nodes stop spreading?
    Ending,
    /// When are all informed, of many nodes?
    ManyNodes,
    /// How many are informed over time, where no exact law says it?
    Curve,
}

impl Subject {
    /// All of them.
    pub const ALL: [Subject; 5] = [
        Subject::Contacts,
        Subject::Rounds,
        Subject::Ending,
        Subject::ManyNodes,
        Subject::Curve,
    ];

    /// The metrics that it is about, for people; `None` where it is no metric.
    pub fn metrics(self) -> Option<&'static str> {
        match self {
            Subject::Contacts => Some("contact_probability"),
            Subject::Rounds => Some("rounds_to_..., mean_arrival_rounds"),
            Subject::Ending => Some("coverage, residue, updates_sent"),
            Subject::ManyNodes => Some("rounds_to_all for many nodes"),
            Subject::Curve => None,
        }
    }

    /// What there is to say of a cell's law, or of why it has none; `None` where
    /// nobody would ask.
    pub fn says(self, law: Result<&str, &Refusal>) -> Option<String> {
        match (self, law) {
            (Subject::ManyNodes, Ok(name)) => Some(format!("leading terms {name}")),
            (Subject::Ending, Ok(name)) => Some(format!(
                "theory {name}, if the rumor dies in all runs before half of the time allowed"
            )),
            (_, Ok(name)) => Some(format!("theory {name}")),
            (Subject::ManyNodes, Err(_)) => None,
            // No node stops spreading.
            (Subject::Ending, Err(refusal)) if refusal.nearness == Nearness::Protocol => None,
            (_, Err(refusal)) => Some(format!("no theory: {}", refusal.why)),
        }
    }
}
