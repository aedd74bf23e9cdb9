//! What ends a run: `[stop]`, listed once.
//!
//! A stop is a line of the list at the end of this file. From it come the
//! set-up of a run ([`Stop`]), what a run says of its end ([`StoppedBy`]) and
//! the questions that other rooms ask of a stop: its key, its [`Cause`],
//! whether it is set. How the engine meets a stop is a `match` over the list
//! that does not compile until the new one is in it.

use crate::time::Duration;

/// What a stop waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// So many nodes are informed.
    Goal,
    /// Nothing can come of the rumor any more.
    Rest,
    /// A point in time that is known before the run.
    Clock,
    /// So much was simulated.
    Work,
}

impl Cause {
    /// Does what happens in a run decide when it comes to such an end?
    pub fn is_by_chance(self) -> bool {
        self != Cause::Clock
    }

    /// Is such an end only a limit, which cuts off what would have come of the rumor?
    pub fn is_limit(self) -> bool {
        matches!(self, Cause::Clock | Cause::Work)
    }
}

/// Is this key of `[stop]` given?
trait Given {
    fn is_given(&self) -> bool;
}

impl Given for bool {
    fn is_given(&self) -> bool {
        *self
    }
}

impl<T> Given for Option<T> {
    fn is_given(&self) -> bool {
        self.is_some()
    }
}

macro_rules! stops {
    ($($(#[$about:meta])* $key:ident: $type:ty, $name:ident, $cause:ident;)*) => {
        /// What ends a run, whichever is met first: `[stop]`. Of those that are
        /// met at once it is the first here. The end of the range of time (584 years)
        /// ends a run too.
        #[derive(Clone, Copy, PartialEq, Debug, Default)]
        pub struct Stop {
            $($(#[$about])* pub $key: $type,)*
        }

        /// Why a run ended: the stop that was met.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum StoppedBy {
            $($(#[$about])* $name,)*
        }

        impl StoppedBy {
            /// All stops, in order.
            pub const ALL: &[StoppedBy] = &[$(StoppedBy::$name),*];

            /// The key under `[stop]`.
            pub fn text(self) -> &'static str {
                match self {
                    $(StoppedBy::$name => stringify!($key),)*
                }
            }

            /// What the stop waits for.
            pub fn cause(self) -> Cause {
                match self {
                    $(StoppedBy::$name => Cause::$cause,)*
                }
            }
        }

        impl Stop {
            /// Is this one set?
            pub fn has(&self, stop: StoppedBy) -> bool {
                match stop {
                    $(StoppedBy::$name => self.$key.is_given(),)*
                }
            }
        }
    };
}

stops! {
    /// Every node is informed.
    all_informed: bool, AllInformed, Goal;
    /// At least this share of the nodes is informed: above 0, to 1.
    coverage: Option<f64>, Coverage, Goal;
    /// More than half of the nodes are informed.
    majority: bool, Majority, Goal;
    /// Nobody spreads the rumor any more, and no copy of it is under way: it
    /// reaches nobody else.
    quiescent: bool, Quiescent, Rest;
    /// Simulated time in periods; what happens at that instant is left out.
    rounds: Option<u64>, Rounds, Clock;
    /// Simulated time, or the end of its range; what happens at that instant is
    /// left out.
    time: Option<Duration>, Time, Clock;
    /// Ticks and deliveries.
    max_events: Option<u64>, MaxEvents, Work;
}

impl StoppedBy {
    /// The stop of this key.
    pub fn of_text(text: &str) -> Option<StoppedBy> {
        let mut all = StoppedBy::ALL.iter().copied();
        all.find(|stop| stop.text() == text)
    }

    /// Had the rumor got as far as it ever would?
    pub fn is_at_rest(self) -> bool {
        self == StoppedBy::AllInformed || self.cause() == Cause::Rest
    }
}

impl Stop {
    /// The stops that are set, in order.
    pub fn set(&self) -> impl Iterator<Item = StoppedBy> {
        let all = StoppedBy::ALL.iter().copied();
        all.filter(|stop| self.has(*stop))
    }

    /// How many informed nodes meet this stop; `None` if it is not set, or is
    /// about something else.
    pub fn goal_of(&self, stop: StoppedBy, nodes: u32) -> Option<u32> {
        let goal = match stop {
            StoppedBy::AllInformed => self.all_informed.then_some(nodes),
            StoppedBy::Coverage => self.coverage.map(|share| least_count(share, nodes)),
            StoppedBy::Majority => self.majority.then_some(nodes / 2 + 1),
            StoppedBy::Quiescent | StoppedBy::Rounds | StoppedBy::Time | StoppedBy::MaxEvents => {
                None
            }
        };
        debug_assert!(goal.is_none() || stop.cause() == Cause::Goal);
        goal
    }

    /// How many informed nodes end a run; `None` if no number does.
    pub fn goal(&self, nodes: u32) -> Option<u32> {
        let all = StoppedBy::ALL.iter();
        all.filter_map(|stop| self.goal_of(*stop, nodes)).min()
    }

    /// Can a run end with some nodes uninformed since enough of them were?
    pub fn is_partial(&self, nodes: u32) -> bool {
        self.goal(nodes).is_some_and(|goal| goal < nodes)
    }
}

/// The least number of nodes that is at least this share (0 to 1) of them, 1 or
/// more: by the share's decimal text, so that 0.07 of 100 is 7 (the product of
/// floats is above it).
pub fn least_count(share: f64, nodes: u32) -> u32 {
    // The shortest decimal that reads back as the share, never with an exponent.
    let text = share.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    if whole != "0" {
        return nodes;
    }
    // 17 digits at most count. After so many zeros they are less than one node.
    const DIGITS_MAX: usize = 30;
    let digits = (fraction.len() <= DIGITS_MAX).then(|| fraction.parse::<u128>().ok());
    let Some(Some(digits)) = digits else {
        return 1;
    };
    let scale = 10u128.pow(fraction.len() as u32);
    let least = (digits * u128::from(nodes)).div_ceil(scale);
    u32::try_from(least).unwrap_or(nodes).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shares_are_those_of_their_text() {
        for (share, nodes, least) in [
            (0.95, 20, 19),
            (0.07, 100, 7),
            (0.29, 100, 29),
            (0.57, 100, 57),
            (0.1, 30, 3),
            (0.5, 11, 6),
            (1.0, 7, 7),
            (1.0, u32::MAX, u32::MAX),
            (0.999_999_999_999_9, u32::MAX, u32::MAX),
            (1e-300, 100, 1),
            (5e-324, u32::MAX, 1),
            (0.3, 1, 1),
        ] {
            assert_eq!(least_count(share, nodes), least, "{share} of {nodes}");
        }
        // What a float's ceiling makes of it.
        assert_eq!(libm::ceil(0.07 * 100.0), 8.0);
    }

    proptest! {
        /// Against whole numbers: k / 10^d as it is written in a scenario.
        #[test]
        fn written_shares_are_exact(digits in 1u32..10, part in any::<u64>(), nodes in 1u32..) {
            let scale = 10u64.pow(digits);
            let part = part % scale + 1;
            let text = match part == scale {
                true => "1.0".to_string(),
                false => format!("0.{part:0width$}", width = digits as usize),
            };
            let share: f64 = text.parse().unwrap();
            let least = (u128::from(part) * u128::from(nodes)).div_ceil(u128::from(scale));
            prop_assert_eq!(u128::from(least_count(share, nodes)), least);
        }
    }

    #[test]
    fn every_stop_has_its_key_and_the_least_goal_ends_a_run() {
        for &stop in StoppedBy::ALL {
            assert_eq!(StoppedBy::of_text(stop.text()), Some(stop));
            assert!(!Stop::default().has(stop));
        }
        assert_eq!(StoppedBy::of_text("everything"), None);
        let mut stop = Stop {
            all_informed: true,
            ..Stop::default()
        };
        assert_eq!(stop.goal(20), Some(20));
        assert!(!stop.is_partial(20));
        stop.coverage = Some(0.95);
        assert_eq!(stop.goal(20), Some(19));
        stop.majority = true;
        assert_eq!(stop.goal(20), Some(11));
        assert!(stop.is_partial(20) && !stop.is_partial(1));
        let set: Vec<&str> = stop.set().map(StoppedBy::text).collect();
        assert_eq!(set, ["all_informed", "coverage", "majority"]);
    }
}
