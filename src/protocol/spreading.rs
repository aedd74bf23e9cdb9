//! How the nodes of a protocol spread the rumor, as far as theory has words for it.
//!
//! A protocol that says one of these is shown that model's theory, whatever its
//! name and wherever it lives; so it must be that model to the last message. One
//! that says nothing is shown none.

use crate::choices;

/// What a node that holds the rumor does with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Spreading {
    /// The protocol does not say.
    #[default]
    Unsaid,
    /// It spreads the rumor in every cycle, to the end of the run. Push: each
    /// informed node calls the `fanout` peers that it draws, with the rumor. Pull:
    /// each uninformed node calls so many, and an informed callee answers with it.
    /// Push-pull: every node calls so many; the rumor goes whichever way it can, by
    /// what both held before the call arrived.
    Forever(Exchange),
    /// It calls the `fanout` peers that it draws, with the rumor, in the first
    /// cycle after it learned it, and never again.
    Once,
    /// It spreads the rumor until it loses interest.
    UntilBored(Interest),
}

choices! {
    /// Which way the rumor goes in a call.
    pub enum Exchange {
        /// From caller to callee (default).
        Push = "push" (default),
        /// From callee to caller.
        Pull = "pull",
        /// Both ways.
        PushPull = "push-pull",
    }
}

/// How the nodes of rumor mongering (see [`super::RumorMongering`]) lose interest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Interest {
    /// Which way the rumor goes.
    pub exchange: Exchange,
    /// When a node loses interest.
    pub stopping: Stopping,
    /// The k of that rule, at least 1.
    pub k: u32,
    /// Is a caller turned away where others came before?
    pub turns_away: bool,
}

choices! {
    /// When a node loses interest.
    pub enum Stopping {
        /// After k cycles in vain, one after another (default).
        FeedbackCounter = "feedback-counter" (default),
        /// After k cycles in vain.
        FeedbackCumulative = "feedback-cumulative",
        /// After a cycle in vain, with probability 1/k.
        FeedbackCoin = "feedback-coin",
        /// After k cycles.
        BlindCounter = "blind-counter",
        /// After a cycle, with probability 1/k.
        BlindCoin = "blind-coin",
        /// When it has heard the rumor k times.
        Heard = "heard",
    }
}

impl Stopping {
    /// Does a callee say whether it needed the rumor?
    pub fn by_feedback(self) -> bool {
        use Stopping::{FeedbackCoin, FeedbackCounter, FeedbackCumulative};
        matches!(self, FeedbackCounter | FeedbackCumulative | FeedbackCoin)
    }

    /// Does it not matter what others say?
    pub fn is_blind(self) -> bool {
        matches!(self, Stopping::BlindCounter | Stopping::BlindCoin)
    }
}
