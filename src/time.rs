//! Simulated time: whole nanoseconds, so that no rounding depends on a machine.
//!
//! Invariant: imports nothing of ours; never reads a wall clock.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// An instant: nanoseconds since the start of the simulation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash)]
pub struct Time(pub u64);

/// A length of time in nanoseconds: 0 to about 584 years.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash)]
pub struct Duration(pub u64);

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// The units in which durations can be written.
const UNITS: &[&str] = &[
    "ns", "nsec", "nanos", "us", "\u{b5}s", "\u{3bc}s", "usec", "ms", "msec", "millis", "s", "sec",
    "secs", "second", "seconds", "m", "min", "mins", "minute", "minutes", "h", "hr", "hrs", "hour",
    "hours", "d", "day", "days", "w", "wk", "week", "weeks", "M", "month", "months", "y", "yr",
    "yrs", "year", "years",
];

impl Time {
    /// The start of the simulation.
    pub const ZERO: Time = Time(0);
    /// Later than anything that happens.
    pub const NEVER: Time = Time(u64::MAX);

    /// This instant plus a length; [`Time::NEVER`] where the sum does not fit.
    #[inline]
    pub fn after(self, length: Duration) -> Time {
        Time(self.0.saturating_add(length.0))
    }

    /// How long after `earlier` this is; zero if it is before.
    #[inline]
    pub fn since(self, earlier: Time) -> Duration {
        Duration(self.0.saturating_sub(earlier.0))
    }
}

impl Duration {
    /// No time at all.
    pub const ZERO: Duration = Duration(0);

    /// A whole number of seconds.
    pub const fn seconds(count: u64) -> Duration {
        Duration(count * NANOS_PER_SECOND)
    }

    /// A whole number of milliseconds.
    pub const fn millis(count: u64) -> Duration {
        Duration(count * 1_000_000)
    }

    /// In seconds, correctly rounded below 2^53 ns (104 days).
    pub fn as_seconds(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND as f64
    }

    /// In seconds, exact, with a decimal point: `0.05`, `1.0`.
    pub fn seconds_text(self) -> String {
        let whole = self.0 / NANOS_PER_SECOND;
        let rest = format!("{:09}", self.0 % NANOS_PER_SECOND);
        let rest = rest.trim_end_matches('0');
        format!("{whole}.{}", if rest.is_empty() { "0" } else { rest })
    }

    /// In units of `period`: what the tables call rounds.
    pub fn in_rounds(self, period: Duration) -> f64 {
        let whole = self.0 / period.0;
        if self.0.is_multiple_of(period.0) {
            whole as f64
        } else {
            self.0 as f64 / period.0 as f64
        }
    }

    /// `count` times this; `None` where it does not fit.
    pub fn times(self, count: u64) -> Option<Duration> {
        self.0.checked_mul(count).map(Duration)
    }

    /// What a duration's text looks like, as a regular expression for editors.
    pub fn pattern() -> String {
        let units = UNITS.join("|");
        format!("^\\s*([0-9]+(\\.[0-9]+)?\\s*({units})\\s*)+$")
    }

    /// From a text with units: "50ms", "1s", "1m 30s". Finer than 1 ns is refused.
    pub fn parse(text: &str) -> Result<Duration, String> {
        const HOW: &str = "write a number and a unit, as in \"50ms\", \"1s\" or \"1m 30s\"";
        // A Greek keyboard's mu is taken like the micro sign.
        let text = text.replace('\u{3bc}', "\u{b5}");
        let parsed = humantime::parse_duration(&text).map_err(|error| match error {
            humantime::DurationError::NumberOverflow => {
                format!("this duration is too long, or finer than 1 ns: {HOW}")
            }
            _ => format!("not a duration: {HOW}"),
        })?;
        u64::try_from(parsed.as_nanos())
            .map(Duration)
            .map_err(|_| "this duration is too long: at most 584 years fit".to_string())
    }
}

impl fmt::Display for Duration {
    /// The largest unit that keeps it a whole number: `50ms`, `1s`, `1500us`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, size) = [("s", NANOS_PER_SECOND), ("ms", 1_000_000), ("us", 1_000)]
            .into_iter()
            .find(|(_, size)| self.0.is_multiple_of(*size))
            .unwrap_or(("ns", 1));
        write!(f, "{}{unit}", self.0 / size)
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Duration;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration with its unit, as in \"50ms\" or \"1s\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Duration, E> {
                Duration::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written_back() {
        let table = [
            ("50ms", 50_000_000, "50ms"),
            ("1s", 1_000_000_000, "1s"),
            ("1m 30s", 90_000_000_000, "90s"),
            ("1500us", 1_500_000, "1500us"),
            ("0s", 0, "0s"),
            ("7ns", 7, "7ns"),
        ];
        for (text, nanos, written) in table {
            assert_eq!(Duration::parse(text), Ok(Duration(nanos)), "{text}");
            assert_eq!(Duration(nanos).to_string(), written);
            assert_eq!(Duration::parse(written), Ok(Duration(nanos)));
        }
        let seconds = [
            (50_000_000, "0.05"),
            (7, "0.000000007"),
            (90_000_000_000, "90.0"),
        ];
        for (nanos, text) in seconds {
            assert_eq!(Duration(nanos).seconds_text(), text);
        }
    }

    #[test]
    fn every_unit_is_read() {
        for unit in UNITS {
            let length = Duration::parse(&format!("20{unit}"));
            assert!(length.is_ok_and(|length| length > Duration::ZERO), "{unit}");
        }
        // The micro sign and the Greek letter look the same.
        for text in ["20\u{b5}s", "20\u{3bc}s", "20us"] {
            assert_eq!(Duration::parse(text), Ok(Duration(20_000)), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused_with_the_way_to_write_one() {
        for text in [
            "", "5", "-1s", "1 parsec", "s", "1e3s", "NaN", "inf", "0.5ns",
        ] {
            let error = Duration::parse(text).expect_err(text);
            assert!(error.contains("50ms"), "{text}: {error}");
        }
        for text in ["600years", "99999999999999999999s"] {
            let error = Duration::parse(text).expect_err(text);
            assert!(error.contains("too long"), "{text}: {error}");
        }
    }

    #[test]
    fn rounds_are_exact_where_they_are_whole() {
        let period = Duration(3);
        assert_eq!(Duration(9).in_rounds(period), 3.0);
        assert_eq!(Duration(10).in_rounds(period), 10.0 / 3.0);
    }

    #[test]
    fn sums_that_do_not_fit_are_never() {
        assert_eq!(Time(u64::MAX - 1).after(Duration(5)), Time::NEVER);
        assert_eq!(Time(3).since(Time(5)), Duration::ZERO);
    }
}
