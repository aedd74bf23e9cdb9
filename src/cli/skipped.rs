//! The cells that a sweep leaves out because they cannot be.

use super::console::{Console, counted};
use crate::scenario::Scenario;

/// How many there are, which, and why; nothing where there are none.
pub fn lines(scenario: &Scenario) -> Vec<String> {
    const LISTED_MAX: usize = 20;
    let count = scenario.skipped_count();
    if count == 0 {
        return Vec::new();
    }
    let mut lines = vec![format!(
        "skipped {}, which cannot be:",
        counted(count, "cell")
    )];
    lines.extend(
        scenario
            .skipped()
            .take(LISTED_MAX)
            .map(|cell| format!("  {cell}")),
    );
    let more = count.saturating_sub(LISTED_MAX as u64);
    if more > 0 {
        lines.push(format!("  and {more} more (--json lists all)"));
    }
    lines
}

/// Says it on standard error.
pub fn note(console: &Console, scenario: &Scenario) {
    for line in lines(scenario) {
        console.note(line);
    }
}
