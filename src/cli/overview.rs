//! What a sweep shows on the terminal: a table of cells, and how the contact
//! probability compares with theory.

use super::console::{Console, Failure, short, table};
use super::record::row_key;
use crate::engine::Clock;
use crate::laws::{self, ALL_INFORMED, Subject};
use crate::report::{self, Doubt, Weakness};
use crate::scenario::{Cell, Scenario};
use crate::tables::{RowKey, SummaryRow};
use std::collections::BTreeMap;

/// At most so many rows; the rest are in `summary.csv`.
const ROWS_MAX: usize = 24;

/// A cell's z is judged by its normal law where at least so many uncontacted
/// nodes are expected in all its runs together.
const UNCONTACTED_MIN: f64 = 10.0;

/// Axes that have a column of their own anyway.
const OWN_COLUMN: [&str; 3] = ["protocol.kind", "protocol.fanout", "nodes.count"];

/// Collects the cells as they are finished.
#[derive(Default)]
pub struct Overview {
    rows: Vec<(RowKey, Vec<SummaryRow>)>,
    cells: u64,
    /// Cells whose runs end when the rumor is dead.
    mortal: u64,
    contact: ContactSummary,
    /// For each weakness the worst case, its cell, and how many cells have it.
    doubts: BTreeMap<Weakness, (Doubt, u64, u64)>,
}

/// The contact probability of all cells for which there is theory.
#[derive(Default)]
struct ContactSummary {
    cells: u64,
    widest: f64,
    judged: u64,
    z_max: f64,
    z_squares: f64,
    /// Cells that share their clocks' dice, so that their z are not independent.
    sharing: u64,
}

impl Overview {
    /// One more cell.
    pub fn add(&mut self, cell: &Cell, rows: &[SummaryRow]) {
        self.cells += 1;
        self.mortal += u64::from(cell.setup.stop.quiescent);
        if self.rows.len() < ROWS_MAX {
            self.rows.push((row_key(cell), rows.to_vec()));
        }
        self.contact.add(cell, rows);
    }

    /// What is doubtful in a cell.
    pub fn doubt(&mut self, cell: &Cell, doubts: Vec<Doubt>) {
        for doubt in doubts {
            let new = (doubt.clone(), cell.number, 0);
            let worst = self.doubts.entry(doubt.weakness).or_insert(new);
            worst.2 += 1;
            if doubt.size > worst.0.size {
                worst.0 = doubt;
                worst.1 = cell.number;
            }
        }
    }

    /// Where the numbers are weak, a line for each way in which they are.
    fn show_doubts(&self, console: &Console, replicates: u64) -> Result<(), Failure> {
        for (doubt, cell, cells) in self.doubts.values() {
            let others = match cells - 1 {
                0 => String::new(),
                1 => " (and 1 other)".to_string(),
                others => format!(" (and {others} others)"),
            };
            let Doubt { metric, text, .. } = doubt;
            console.say(format!("note: cell {cell}{others}, {metric}: {text}"))?;
        }
        match report::few_replicates(replicates) {
            Some(text) => console.say(format!("note: {text}")),
            None => Ok(()),
        }
    }

    /// The metrics that are shown, and whether theory stands beside them.
    fn metrics(&self) -> Vec<(&'static str, bool)> {
        if self.contact.cells > 0 {
            return vec![("contact_probability", true)];
        }
        let shown = |metric: &'static str| {
            let rows = self.rows.iter().flat_map(|(_, rows)| rows);
            rows.filter(move |row| row.metric == metric)
        };
        let with_theory = |metric| (metric, shown(metric).any(|row| row.theory.is_some()));
        if self.mortal == self.cells {
            // What the literature tells of a rumor that dies: s, m, t_last.
            let reaches_all = shown(ALL_INFORMED).any(|row| row.mean > Some(0.0));
            let all = reaches_all.then_some(ALL_INFORMED).into_iter();
            let metrics = ["residue", "updates_per_node", "last_arrival_rounds"];
            return all.chain(metrics).map(with_theory).collect();
        }
        let is_partial = shown(ALL_INFORMED).any(|row| row.mean < Some(1.0));
        let mut metrics = Vec::new();
        if is_partial {
            metrics.push(with_theory(ALL_INFORMED));
        }
        let times = ["rounds_to_majority", "rounds_to_99"];
        metrics.extend(
            ["coverage"]
                .into_iter()
                .chain(times)
                .map(|metric| (metric, false)),
        );
        metrics.push(with_theory("rounds_to_all"));
        metrics
    }

    /// Prints it.
    pub fn show(&self, console: &Console, scenario: &Scenario) -> Result<(), Failure> {
        let metrics = self.metrics();
        let lines: Vec<Vec<String>> = (self.rows.iter())
            .map(|(key, rows)| {
                let mut line = labels(key, scenario);
                for (metric, with_theory) in &metrics {
                    let row = rows.iter().find(|row| row.metric == *metric);
                    line.extend(estimate(row, *with_theory));
                }
                line
            })
            .collect();
        console.say(table(&header(scenario, &metrics), &lines))?;
        let left = self.cells - self.rows.len() as u64;
        if left > 0 {
            console.say(format!("... and {left} more cells in summary.csv"))?;
        }
        self.contact.show(console)?;
        self.show_doubts(console, scenario.replicates)
    }
}

fn header<'a>(scenario: &'a Scenario, metrics: &[(&'a str, bool)]) -> Vec<&'a str> {
    let mut header = vec!["cell"];
    header.extend(scenario.has_cases().then_some("case"));
    header.extend(["protocol", "nodes", "fanout"]);
    let keys = scenario.axes.iter().map(|axis| axis.key.as_str());
    header.extend(keys.filter(|key| !OWN_COLUMN.contains(key)));
    for (metric, with_theory) in metrics {
        header.extend([*metric, "95 % interval"]);
        if *with_theory {
            header.extend(["theory", "z"]);
        }
    }
    header
}

fn labels(key: &RowKey, scenario: &Scenario) -> Vec<String> {
    let mut line = vec![key.cell.to_string()];
    line.extend(scenario.has_cases().then(|| key.case.clone()));
    let fixed = [&key.protocol, &key.nodes.to_string(), &key.fanout];
    line.extend(fixed.map(String::clone));
    let axes = scenario.axes.iter().zip(&key.axes);
    let shown = axes.filter(|(axis, _)| !OWN_COLUMN.contains(&axis.key.as_str()));
    line.extend(shown.map(|(_, value)| value.clone()));
    line
}

impl ContactSummary {
    fn add(&mut self, cell: &Cell, rows: &[SummaryRow]) {
        let contact = rows.iter().find(|row| row.metric == "contact_probability");
        let windows = rows.iter().find(|row| row.metric == "contact_windows");
        let law = laws::find(Subject::Contacts, cell);
        let (Some(row), Some(windows), Ok(found)) = (contact, windows, law) else {
            return;
        };
        self.cells += 1;
        self.sharing += u64::from(cell.setup.clock != Clock::Synchronous);
        if let Some((low, high)) = row.ci95 {
            self.widest = self.widest.max(high - low);
        }
        let all_windows = windows.mean.unwrap_or(0.0) * windows.count as f64;
        if let Some(z) = row.z
            && found.law.uncontacted(all_windows as u64) >= Some(UNCONTACTED_MIN)
        {
            self.judged += 1;
            self.z_max = self.z_max.max(z.abs());
            self.z_squares += z * z;
        }
    }

    fn show(&self, console: &Console) -> Result<(), Failure> {
        if self.cells == 0 {
            return Ok(());
        }
        console.say(format!(
            "contact probability: theory in {} cells, widest 95 % interval {}",
            self.cells,
            short(self.widest)
        ))?;
        if self.judged == 0 {
            return Ok(());
        }
        let judged = self.judged as f64;
        let chance = match self.sharing {
            0 => format!("chance: 1 +- {:.2}", (2.0 / judged).sqrt()),
            _ => "chance: about 1; cells share their clocks, so these z are not independent".into(),
        };
        console.say(format!(
            "z over the {} cells that expect at least {UNCONTACTED_MIN} uncontacted nodes: largest |z| {:.2}, mean of z^2 {:.3} ({chance})",
            self.judged,
            self.z_max,
            self.z_squares / judged,
        ))
    }
}

/// A mean and its interval, and what theory says where it is asked for.
fn estimate(row: Option<&SummaryRow>, with_theory: bool) -> Vec<String> {
    let mean = |row: &SummaryRow| match row.mean {
        Some(mean) => short(mean),
        None if row.count == 0 => String::new(),
        None => format!("{} runs without", row.missing),
    };
    let interval = |row: &SummaryRow| {
        let ends = row
            .ci95
            .map(|(low, high)| format!("{} to {}", short(low), short(high)));
        ends.unwrap_or_default()
    };
    let mut fields = vec![
        row.map_or(String::new(), mean),
        row.map_or(String::new(), interval),
    ];
    if with_theory {
        let theory = row.and_then(|row| row.theory).map(short);
        let z = row.and_then(|row| row.z).map(|z| format!("{z:.2}"));
        fields.extend([theory.unwrap_or_default(), z.unwrap_or_default()]);
    }
    fields
}
