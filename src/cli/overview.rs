//! What a sweep shows on the terminal: a table of cells, and how its means
//! compare with theory.

use super::console::{Console, Failure, counted, short};
use super::json;
use super::record::axis_keys;
use super::row_key::row_key;
use super::table::{column_width, table_within, width};
use crate::engine::Clock;
use crate::laws::{self, ALL_INFORMED, Subject};
use crate::report::{self, Doubt, Weakness};
use crate::scenario::{Cell, Scenario};
use crate::stats::normal;
use crate::tables::{RowKey, SummaryRow};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// At most so many rows; the rest are in `summary.csv`.
const ROWS_MAX: usize = 24;

/// A cell's z is judged by its normal law where at least so many uncontacted
/// nodes are expected in all its runs together.
const UNCONTACTED_MIN: f64 = 10.0;

/// Axes that have a column of their own anyway.
const OWN_COLUMN: [&str; 3] = ["protocol.kind", "protocol.fanout", "nodes.count"];

/// Metrics that are left out where the table would be too wide, first to last;
/// then the others, so that one is left.
const LEFT_OUT: [&str; 5] = [
    "rounds_to_majority",
    "last_arrival_rounds",
    "coverage",
    "updates_per_node",
    ALL_INFORMED,
];

/// Spaces between two columns.
const GAP: usize = 2;

/// Collects the cells as they are finished.
pub struct Overview {
    rows: Vec<(RowKey, Vec<SummaryRow>)>,
    rows_max: usize,
    cells: u64,
    /// Cells whose runs end when the rumor is dead.
    may_die: u64,
    contact: ContactSummary,
    scores: BTreeMap<String, Scores>,
    /// For each weakness the worst case, its cell, and how many cells have it.
    doubts: BTreeMap<Weakness, (Doubt, u64, u64)>,
}

/// The contact probability of all cells for which there is theory.
#[derive(Default)]
struct ContactSummary {
    cells: u64,
    widest: f64,
}

/// The z of a metric over the cells whose theory knows the deviation of a run.
#[derive(Default)]
struct Scores {
    cells: u64,
    z_max: f64,
    z_squares: f64,
    /// Cells that share their clocks' dice, so that their z are not independent.
    sharing: u64,
}

/// A column of the table, or several that belong together.
struct Column {
    metric: String,
    header: Vec<String>,
    /// For each row of the table its fields.
    fields: Vec<Vec<String>>,
}

impl Overview {
    /// Of a sweep of which all cells are asked for, or only what a table shows.
    pub fn new(all_cells: bool) -> Overview {
        Overview {
            rows: Vec::new(),
            rows_max: if all_cells { usize::MAX } else { ROWS_MAX },
            cells: 0,
            may_die: 0,
            contact: ContactSummary::default(),
            scores: BTreeMap::new(),
            doubts: BTreeMap::new(),
        }
    }

    /// One more cell.
    pub fn add(&mut self, cell: &Cell, rows: &[SummaryRow]) {
        self.cells += 1;
        self.may_die += u64::from(cell.setup.stop.quiescent);
        if self.rows.len() < self.rows_max {
            self.rows.push((row_key(cell), rows.to_vec()));
        }
        self.contact.add(rows);
        let is_sharing = cell.setup.clock != Clock::Synchronous;
        for row in rows.iter().filter(|row| row.theory_sd.is_some()) {
            if let Some(z) = row.z
                && is_judged(cell, row, rows)
            {
                let scores = self.scores.entry(row.metric.clone()).or_default();
                scores.add(z, is_sharing);
            }
        }
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
    fn notes(&self, replicates: u64) -> Vec<String> {
        let doubts = self.doubts.values().map(|(doubt, cell, cells)| {
            let others = match cells - 1 {
                0 => String::new(),
                1 => " (and 1 other)".to_string(),
                others => format!(" (and {others} others)"),
            };
            let Doubt { metric, text, .. } = doubt;
            format!("cell {cell}{others}, {metric}: {text}")
        });
        doubts.chain(report::few_replicates(replicates)).collect()
    }

    /// The metrics that are shown, and whether theory stands beside them.
    fn metrics(&self, thresholds: &[u8]) -> Vec<(String, bool)> {
        if self.contact.cells > 0 {
            return vec![("contact_probability".to_string(), true)];
        }
        let shown = |metric: &str| {
            let metric = metric.to_string();
            let rows = self.rows.iter().flat_map(|(_, rows)| rows);
            rows.filter(move |row| row.metric == metric)
        };
        let with_theory = |metric: String| {
            let has_theory = shown(&metric).any(|row| row.theory.is_some());
            (metric, has_theory)
        };
        if self.may_die == self.cells {
            // What the literature tells of a rumor that dies: s, m, t_last.
            let reaches_all = shown(ALL_INFORMED).any(|row| row.mean > Some(0.0));
            let all = reaches_all.then_some(ALL_INFORMED).into_iter();
            let metrics = ["residue", "updates_per_node", "last_arrival_rounds"];
            let metrics = all.chain(metrics).map(str::to_string);
            return metrics.map(with_theory).collect();
        }
        let is_partial = shown(ALL_INFORMED).any(|row| row.mean < Some(1.0));
        let mut metrics = Vec::new();
        if is_partial {
            metrics.push(with_theory(ALL_INFORMED.to_string()));
        }
        metrics.push(("coverage".to_string(), false));
        metrics.push(("rounds_to_majority".to_string(), false));
        // The last two times of those asked for.
        let asked = &thresholds[thresholds.len().saturating_sub(2)..];
        metrics.extend(asked.iter().map(|percent| match percent {
            100 => with_theory("rounds_to_all".to_string()),
            percent => (format!("rounds_to_{percent}"), false),
        }));
        metrics
    }

    /// Prints it.
    pub fn show(&self, console: &Console, scenario: &Scenario) -> Result<(), Failure> {
        if let Some(line) = self.common(scenario) {
            console.say(line)?;
        }
        let mut columns = self.columns(scenario);
        let labels = self.labels(scenario);
        let left_out = fit(&labels, &mut columns, width());
        let all: Vec<&Column> = labels.iter().chain(&columns).collect();
        let (header, rows) = side_by_side(&all, self.rows.len());
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        console.say(table_within(width(), &header, &rows))?;
        let mut below = "mean, and ± half of its 95 % interval".to_string();
        let mut fields = columns.iter().flat_map(|column| &column.fields).flatten();
        if fields.any(|field| field.contains(" to ")) {
            below += " (or its ends: Wilson's, or cut where the metric's range ends)";
        }
        if !left_out.is_empty() {
            below += &format!("; in summary.csv also {}", left_out.join(", "));
        }
        console.say(below)?;
        let left = self.cells - self.rows.len() as u64;
        if left > 0 {
            console.say(format!(
                "... and {} in summary.csv",
                counted(left, "more cell")
            ))?;
        }
        self.contact.show(console)?;
        for column in &columns {
            if let Some(scores) = self.scores.get(&column.metric) {
                console.say(scores.text(&column.metric))?;
            }
        }
        for note in self.notes(scenario.replicates) {
            console.say(format!("note: {note}"))?;
        }
        Ok(())
    }

    /// What is the same in all cells and needs no column.
    fn common(&self, scenario: &Scenario) -> Option<String> {
        let (key, _) = self.rows.first()?;
        let same = OWN_COLUMN.iter().filter(|own| !self.varies(own, scenario));
        let words: Vec<String> = same
            .filter_map(|own| match *own {
                "protocol.kind" => Some(key.protocol.clone()),
                "nodes.count" => Some(counted(key.nodes, "node")),
                _ if key.fanout.is_empty() => None,
                _ => Some(format!("fanout {}", key.fanout)),
            })
            .collect();
        (!words.is_empty()).then(|| format!("{}: {}", scenario.name, words.join(", ")))
    }

    /// Does this setting, which has a column of its own, differ between cells?
    fn varies(&self, own: &str, scenario: &Scenario) -> bool {
        let field = |key: &RowKey| match own {
            "protocol.kind" => key.protocol.clone(),
            "nodes.count" => key.nodes.to_string(),
            _ => key.fanout.clone(),
        };
        let first = self.rows.first().map(|(key, _)| field(key));
        let is_axis = scenario.axes.iter().any(|axis| axis.key == own);
        is_axis || self.rows.iter().any(|(key, _)| Some(field(key)) != first)
    }

    /// The columns that tell the cells apart.
    fn labels(&self, scenario: &Scenario) -> Vec<Column> {
        let mut columns = vec![self.label("cell", |key| key.cell.to_string())];
        if scenario.has_cases() {
            columns.push(self.label("case", |key| key.case.clone()));
        }
        if self.varies("protocol.kind", scenario) {
            columns.push(self.label("protocol", |key| key.protocol.clone()));
        }
        if self.varies("nodes.count", scenario) {
            columns.push(self.label("nodes", |key| key.nodes.to_string()));
        }
        if self.varies("protocol.fanout", scenario) {
            columns.push(self.label("fanout", |key| key.fanout.clone()));
        }
        for (place, axis) in scenario.axes.iter().enumerate() {
            if !OWN_COLUMN.contains(&axis.key.as_str()) {
                let value = |key: &RowKey| key.axes.get(place).cloned().unwrap_or_default();
                columns.push(self.label(&axis.key, value));
            }
        }
        columns
    }

    fn label(&self, header: &str, field: impl Fn(&RowKey) -> String) -> Column {
        Column {
            metric: String::new(),
            header: vec![header.to_string()],
            fields: self.rows.iter().map(|(key, _)| vec![field(key)]).collect(),
        }
    }

    /// The columns that say what was measured.
    fn columns(&self, scenario: &Scenario) -> Vec<Column> {
        let metrics = self.metrics(&scenario.thresholds).into_iter();
        metrics
            .map(|(metric, with_theory)| {
                let mut header = vec![metric.clone()];
                if with_theory {
                    header.extend(["theory", "z"].map(str::to_string));
                }
                let fields = self.rows.iter().map(|(_, rows)| {
                    let row = rows.iter().find(|row| row.metric == metric);
                    estimate(row, with_theory)
                });
                Column {
                    header,
                    fields: fields.collect(),
                    metric,
                }
            })
            .collect()
    }

    /// Adds the cells and the notes to an object for another program.
    pub fn complete(&self, object: &mut Value, scenario: &Scenario) {
        let axes = axis_keys(scenario, None);
        let cells = self.rows.iter().map(|(key, rows)| {
            let mut cell = json::settings(key, &axes);
            cell.insert("metrics".into(), json::summary(rows));
            Value::Object(cell)
        });
        object["scenario"] = json!(scenario.name);
        object["seed"] = json!(scenario.seed);
        object["replicates"] = json!(scenario.replicates);
        object["cells"] = cells.collect();
        object["notes"] = json!(self.notes(scenario.replicates));
    }
}

/// May this z be judged by the normal law?
fn is_judged(cell: &Cell, row: &SummaryRow, rows: &[SummaryRow]) -> bool {
    if row.metric != "contact_probability" {
        return true;
    }
    let windows = rows.iter().find(|row| row.metric == "contact_windows");
    let (Some(windows), Ok(found)) = (windows, laws::find(Subject::Contacts, cell)) else {
        return false;
    };
    let all = windows.mean.unwrap_or(0.0) * windows.count as f64;
    found.law.uncontacted(all as u64) >= Some(UNCONTACTED_MIN)
}

impl ContactSummary {
    fn add(&mut self, rows: &[SummaryRow]) {
        let contact = rows.iter().find(|row| row.metric == "contact_probability");
        let Some(row) = contact.filter(|row| row.theory.is_some()) else {
            return;
        };
        self.cells += 1;
        if let Some((low, high)) = row.ci95 {
            self.widest = self.widest.max(high - low);
        }
    }

    fn show(&self, console: &Console) -> Result<(), Failure> {
        match self.cells {
            0 => Ok(()),
            cells => console.say(format!(
                "contact probability: theory in {}, widest 95 % interval {}",
                counted(cells, "cell"),
                short(self.widest)
            )),
        }
    }
}

impl Scores {
    fn add(&mut self, z: f64, is_sharing: bool) {
        self.cells += 1;
        self.z_max = self.z_max.max(z.abs());
        self.z_squares += z * z;
        self.sharing += u64::from(is_sharing);
    }

    /// The probability that chance alone makes the largest |z| of so many
    /// independent ones as large.
    fn chance(&self) -> f64 {
        let of_one = 2.0 * normal::survival(self.z_max);
        -libm::expm1(self.cells as f64 * libm::log1p(-of_one))
    }

    fn text(&self, metric: &str) -> String {
        let Scores { cells, z_max, .. } = self;
        let percent = 100.0 * self.chance();
        let seldom = match percent {
            p if p < 0.01 => "less than 0.01".to_string(),
            p => significant(p, 2),
        };
        let size = match cells {
            1 => format!("z of {metric}: {z_max:.2} or more, either way, in {seldom} % of seeds"),
            _ => format!(
                "z of {metric}: the largest of {cells} is {z_max:.2}, so large in {seldom} % of seeds; mean of z^2 {:.2} (chance: 1 +- {:.2})",
                self.z_squares / *cells as f64,
                (2.0 / *cells as f64).sqrt(),
            ),
        };
        match self.sharing > 0 && *cells > 1 {
            true => format!("{size}, if cells were independent: they share clocks"),
            false => size,
        }
    }
}

/// A number with so many digits that count, from 0.0001 up.
fn significant(number: f64, digits: i32) -> String {
    let size = libm::floor(libm::log10(number.abs().max(1e-4))) as i32;
    let decimals = (digits - 1 - size).max(0) as usize;
    format!("{number:.decimals$}")
}

/// A mean with its interval, and what theory says where it is asked for.
fn estimate(row: Option<&SummaryRow>, with_theory: bool) -> Vec<String> {
    let mut fields = vec![row.map_or(String::new(), mean)];
    if with_theory {
        let theory = row.and_then(|row| row.theory).map(short);
        let z = row.and_then(|row| row.z).map(|z| format!("{z:.2}"));
        fields.extend([theory.unwrap_or_default(), z.unwrap_or_default()]);
    }
    fields
}

/// `9.31 ±0.12`; the ends where they are not equally far away.
fn mean(row: &SummaryRow) -> String {
    let Some(mean) = row.mean else {
        return match row.count {
            0 => String::new(),
            _ => format!("{} without", counted(row.missing, "run")),
        };
    };
    let Some((low, high)) = row.ci95 else {
        return short(mean);
    };
    let half = 0.5 * (high - low);
    if (high - mean - half).abs() > 0.05 * half {
        let size = libm::floor(libm::log10(high - low)) as i32;
        let end = |value: f64| {
            let decimals = (2 - size).clamp(0, 7) as usize;
            let digits = format!("{value:.decimals$}").parse();
            short(digits.unwrap_or(value))
        };
        return format!("{} ({} to {})", short(mean), end(low), end(high));
    }
    if half == 0.0 {
        return format!("{} ±0", short(mean));
    }
    let size = libm::floor(libm::log10(half)) as i32;
    let decimals = (1 - size).clamp(0, 7) as usize;
    format!("{mean:.decimals$} ±{half:.decimals$}")
}

/// Leaves out metrics until the table is no wider than this; names them.
fn fit(labels: &[Column], columns: &mut Vec<Column>, width: usize) -> Vec<String> {
    let wide = |columns: &[Column]| {
        labels
            .iter()
            .chain(columns)
            .map(Column::width)
            .sum::<usize>()
    };
    let mut left_out = Vec::new();
    let mut order: Vec<String> = LEFT_OUT.iter().map(|name| name.to_string()).collect();
    order.extend(columns.iter().map(|column| column.metric.clone()));
    for metric in order {
        // Each column is counted with a gap; the last one has none.
        if columns.len() < 2 || wide(columns) <= width + GAP {
            break;
        }
        if let Some(place) = columns.iter().position(|column| column.metric == metric) {
            left_out.push(columns.remove(place).metric);
        }
    }
    left_out
}

impl Column {
    fn width(&self) -> usize {
        let of = |at: usize| {
            let fields = self.fields.iter().map(|row| row[at].as_str());
            column_width(&self.header[at], fields) + GAP
        };
        (0..self.header.len()).map(of).sum()
    }
}

/// A header, and rows.
fn side_by_side(columns: &[&Column], rows: usize) -> (Vec<String>, Vec<Vec<String>>) {
    let header = columns.iter().flat_map(|column| column.header.clone());
    let row = |at: usize| {
        columns
            .iter()
            .flat_map(|column| column.fields[at].clone())
            .collect()
    };
    (header.collect(), (0..rows).map(row).collect())
}
