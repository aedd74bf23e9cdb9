//! `gossim compare`: two results directories, cell by cell and metric by metric.

use super::console::{Console, Failure, argument, counted, number, short};
use super::plot::warn_of_changes;
use super::table::table;
use crate::column::Better;
use crate::report::comparison::{self, CellComparison, Comparison, Statistic, Verdict};
use crate::report::gate::{self, FALSE_ALARMS};
use crate::report::matching::{Matching, describe, matching};
use crate::scenario;
use crate::tables::Measured;
use crate::{store, tables};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "\
Examples:
  gossim compare results/before results/after
  gossim compare results/push results/pull --metric rounds_to_all
  gossim compare reference mine --fail-if-worse rounds_to_all    for scripts and graders
  gossim compare reference mine --json | jq .comparisons")]
pub struct Options {
    /// A results directory
    a: PathBuf,
    /// Another one; differences are B - A
    b: PathBuf,
    /// Only this metric, in all cells (can be repeated)
    #[arg(long, value_name = "NAME")]
    metric: Vec<String>,
    /// Exit with 1 if B is worse in this metric in some cell (can be repeated).
    /// Judged over all cells and metrics together: equal systems fail in at most
    /// 1 of 20 judgements, however many cells there are (Holm's correction)
    #[arg(long, value_name = "METRIC")]
    fail_if_worse: Vec<String>,
    /// One JSON object on standard output, in place of the text
    #[arg(long)]
    json: bool,
}

/// At most so many rows where no metric was asked for.
const ROWS_MAX: usize = 24;

/// At most so many cells named in a line.
const NAMED_MAX: usize = 3;

/// Shown even if no difference was seen.
const MAIN: [&str; 6] = [
    "all_informed",
    "coverage",
    "rounds_to_all",
    "mean_arrival_rounds",
    "messages_per_node",
    "contact_probability",
];

/// Both directories, what belongs together, and what came out.
struct Compared {
    a: Measured,
    b: Measured,
    matching: Matching,
    cells: Vec<CellComparison>,
}

pub fn execute(console: &Console, options: &Options) -> Result<(), Failure> {
    let read = |dir: &Path| -> Result<Measured, Failure> {
        let manifest = store::manifest(dir)?;
        let measured = tables::measured(dir, &manifest)?;
        warn_of_changes(console, dir, &manifest)?;
        Ok(measured)
    };
    let (a, b) = (read(&options.a)?, read(&options.b)?);
    check_metrics(options, &a, &b)?;
    let matching =
        matching(&a, &b).map_err(|why| Failure::Usage(format!("{why}; nothing to compare")))?;
    let pairs = matching.pairs.iter();
    let cells = pairs.map(|(in_a, in_b)| comparison::compare((&a, *in_a), (&b, *in_b)));
    let compared = Compared {
        cells: cells.collect(),
        a,
        b,
        matching,
    };
    // Judged even if nobody reads the table.
    let shown = match options.json {
        true => console.json(&compared.object(options)),
        false => compared.show(console, options),
    };
    compared.judge(console, &options.fail_if_worse)?;
    shown
}

/// Metrics that were asked for are known, and can be judged where they must be.
fn check_metrics(options: &Options, a: &Measured, b: &Measured) -> Result<(), Failure> {
    let known: Vec<&str> = a
        .metrics
        .iter()
        .chain(&b.metrics)
        .map(|metric| metric.name.as_str())
        .collect();
    for name in options.metric.iter().chain(&options.fail_if_worse) {
        let lacks = |side: &Measured| side.metric(name).is_none();
        let shown = crate::text::visible(name);
        let why = match (lacks(a), lacks(b)) {
            (false, false) => continue,
            (true, true) => {
                let near = scenario::suggest(name, &known);
                format!("there is no metric `{shown}`: {near}")
            }
            (_, true) => format!("only A has the metric `{shown}`"),
            (true, _) => format!("only B has the metric `{shown}`"),
        };
        return Err(Failure::Usage(why));
    }
    let neither = |name: &&String| {
        let metric = a.metric(name);
        metric.is_some_and(|metric| metric.better == Better::Neither)
    };
    match options.fail_if_worse.iter().find(neither) {
        None => Ok(()),
        Some(name) => Err(Failure::Usage(format!(
            "--fail-if-worse {name}: neither more nor less of it is better"
        ))),
    }
}

/// One line of the table.
struct ComparedMetric<'c> {
    pair: usize,
    comparison: &'c Comparison,
}

impl Compared {
    fn show(&self, console: &Console, options: &Options) -> Result<(), Failure> {
        let runs = |side: &Measured| side.cells.iter().map(|c| c.replicates.len()).sum::<usize>();
        for (name, dir, side) in [("A", &options.a, &self.a), ("B", &options.b, &self.b)] {
            console.say(format!(
                "{name}: {}, {}, {}",
                dir.display(),
                counted(side.cells.len(), "cell"),
                counted(runs(side), "run"),
            ))?;
        }
        self.show_alone(console)?;
        let verify = format!("verify {} --sample 10", argument(&options.b));
        let is_identical = |line: ComparedMetric| line.comparison.verdict == Verdict::Identical;
        if self.lines().all(is_identical) {
            let cells = match self.cells.len() {
                1 => "in the matched cell".to_string(),
                cells => format!("in each of the {cells} matched cells"),
            };
            console.say(format!(
                "identical: {cells}, the runs that both have agree in every metric"
            ))?;
            return console.next(verify);
        }
        let (lines, left) = self.chosen(&options.metric);
        self.show_table(console, &lines)?;
        if left > 0 {
            let left = counted(left, "more row");
            let more = format!("... and {left}: --metric NAME shows all of one metric");
            console.say(more)?;
        }
        self.show_counts(console)?;
        self.show_gate(console, &options.fail_if_worse)?;
        match self.first_that_differs() {
            Some(metric) if options.metric.is_empty() => console.next(format!(
                "compare {} {} --metric {metric}",
                argument(&options.a),
                argument(&options.b),
            )),
            _ => console.next(verify),
        }
    }

    /// All of it for another program; a time that is never reached is "never".
    fn object(&self, options: &Options) -> Value {
        let side = |dir: &Path, side: &Measured| {
            let runs = side.cells.iter().map(|cell| cell.replicates.len());
            json!({ "dir": dir, "cells": side.cells.len(), "runs": runs.sum::<usize>() })
        };
        let judged = gate::judge(&self.cells, &options.fail_if_worse);
        let asked = |line: &ComparedMetric| {
            options.metric.is_empty() || options.metric.contains(&line.comparison.metric)
        };
        let comparisons = self.lines().filter(asked).map(|line| self.compared(&line));
        let worse = judged.iter().map(|judged| {
            let (in_a, in_b) = self.matching.pairs[judged.pair];
            json!({
                "cell_a": self.a.cells[in_a].number,
                "cell_b": self.b.cells[in_b].number,
                "metric": judged.comparison.metric,
                "p_corrected": judged.p_corrected,
                "is_worse": judged.is_worse(),
            })
        });
        let alone = |side: &Measured, cells: &[usize]| {
            let numbers = cells.iter().map(|cell| side.cells[*cell].number);
            numbers.collect::<Vec<_>>()
        };
        let [in_a, in_b] = &self.matching.alone;
        json!({
            "command": "compare",
            "a": side(&options.a, &self.a),
            "b": side(&options.b, &self.b),
            "only_in_a": alone(&self.a, in_a),
            "only_in_b": alone(&self.b, in_b),
            "identical": self.lines().all(|line| line.comparison.verdict == Verdict::Identical),
            "comparisons": comparisons.collect::<Vec<_>>(),
            "judged": worse.collect::<Vec<_>>(),
        })
    }

    fn compared(&self, line: &ComparedMetric) -> Value {
        let (in_a, in_b) = self.matching.pairs[line.pair];
        let [a, b] = [&self.a.cells[in_a], &self.b.cells[in_b]];
        let settings = self.matching.keys.iter().filter_map(|key| {
            let value = &a.settings[self.a.key(key)?];
            Some((key.clone(), json!(value)))
        });
        let Comparison { metric, kind, .. } = line.comparison;
        let (low, high) = line.comparison.ci95.unzip();
        json!({
            "cell_a": a.number,
            "cell_b": b.number,
            "settings": settings.collect::<serde_json::Map<_, _>>(),
            "pairs": self.cells[line.pair].pairs,
            "metric": metric,
            "of": match kind {
                Statistic::Mean => "mean",
                Statistic::Median => "median",
                Statistic::Share => "share",
            },
            "a": ever(line.comparison.a),
            "b": ever(line.comparison.b),
            "ci95_low": ever(low),
            "ci95_high": ever(high),
            "verdict": line.comparison.verdict.text(),
        })
    }

    fn lines(&self) -> impl Iterator<Item = ComparedMetric<'_>> {
        let cells = self.cells.iter().enumerate();
        cells.flat_map(|(pair, cell)| {
            let metrics = cell.metrics.iter();
            metrics.map(move |comparison| ComparedMetric { pair, comparison })
        })
    }

    fn first_that_differs(&self) -> Option<&str> {
        let differing = self
            .lines()
            .filter(|line| line.comparison.verdict.differs());
        let metrics = differing.map(|line| line.comparison.metric.as_str());
        metrics.min_by_key(|metric| self.rank(metric))
    }

    /// The lines to show, and how many more there would be.
    fn chosen(&self, metrics: &[String]) -> (Vec<ComparedMetric<'_>>, usize) {
        if !metrics.is_empty() {
            let asked = |line: &ComparedMetric| metrics.contains(&line.comparison.metric);
            return (self.lines().filter(asked).collect(), 0);
        }
        let is_shown = |line: &ComparedMetric| {
            let Comparison {
                metric, verdict, ..
            } = line.comparison;
            let is_main = MAIN.contains(&metric.as_str()) && *verdict != Verdict::Identical;
            is_main || (verdict.differs() && !self.is_said_by_another(line))
        };
        let mut all: Vec<ComparedMetric> = self.lines().filter(is_shown).collect();
        let count = all.len();
        if count <= ROWS_MAX {
            all.sort_by_key(|line| (line.pair, self.rank(&line.comparison.metric)));
            return (all, 0);
        }
        // Whole metrics over all cells, the main ones first, as many as fit.
        all.sort_by_key(|line| self.rank(&line.comparison.metric));
        let mut lines: Vec<ComparedMetric> = Vec::new();
        let mut next = all.into_iter().peekable();
        while let Some(first) = next.next() {
            let metric = &first.comparison.metric;
            let is_same = |line: &ComparedMetric| line.comparison.metric == *metric;
            let mut group = vec![first];
            while let Some(line) = next.next_if(is_same) {
                group.push(line);
            }
            if lines.is_empty() || lines.len() + group.len() <= ROWS_MAX {
                lines.extend(group);
            }
        }
        lines.truncate(ROWS_MAX);
        lines.sort_by_key(|line| line.pair);
        let left = count - lines.len();
        (lines, left)
    }

    /// Which metrics are shown first.
    fn rank(&self, metric: &str) -> usize {
        let main = MAIN.iter().position(|name| *name == metric);
        let others = self.a.metrics.iter().position(|other| other.name == metric);
        main.unwrap_or(MAIN.len() + others.unwrap_or(0))
    }

    /// Does another metric of the cell say the same in another unit?
    fn is_said_by_another(&self, line: &ComparedMetric) -> bool {
        let metric = &line.comparison.metric;
        let Some(other) = self.a.metric(metric).and_then(|m| m.same_as.as_ref()) else {
            return false;
        };
        let mut metrics = self.cells[line.pair].metrics.iter();
        metrics.any(|m| m.metric == *other && m.verdict == line.comparison.verdict)
    }

    fn show_table(&self, console: &Console, lines: &[ComparedMetric]) -> Result<(), Failure> {
        let keys = &self.matching.keys;
        let is_told = |key: &&String| {
            let place = self.a.key(key);
            let values = self
                .a
                .cells
                .iter()
                .filter_map(|cell| cell.settings.get(place?));
            key.as_str() != "case" || values.into_iter().any(|value| !value.is_empty())
        };
        let keys: Vec<&String> = keys.iter().filter(is_told).collect();
        let mut header = vec!["cell"];
        header.extend(keys.iter().map(|key| key.as_str()));
        header.extend([
            "metric",
            "runs",
            "A",
            "B",
            "B - A",
            "95 % interval",
            "verdict",
        ]);
        let rows: Vec<Vec<String>> = (lines.iter())
            .map(|line| {
                let (in_a, in_b) = self.matching.pairs[line.pair];
                let [a, b] = [&self.a.cells[in_a], &self.b.cells[in_b]];
                let cell = match a.number == b.number {
                    true => a.number.to_string(),
                    false => format!("{}, {}", a.number, b.number),
                };
                let mut row = vec![cell];
                let places = keys.iter().filter_map(|key| self.a.key(key));
                row.extend(places.map(|place| a.settings[place].clone()));
                let runs = match self.cells[line.pair].pairs {
                    Some(pairs) => format!("{pairs} pairs"),
                    None => format!("{}, {}", a.replicates.len(), b.replicates.len()),
                };
                row.extend(fields(line.comparison, runs));
                row
            })
            .collect();
        console.say(table(&header, &rows))
    }

    /// Cells that have no partner.
    fn show_alone(&self, console: &Console) -> Result<(), Failure> {
        let sides = [("A", &self.a), ("B", &self.b)];
        for ((name, side), alone) in sides.into_iter().zip(&self.matching.alone) {
            if alone.is_empty() {
                continue;
            }
            let named = alone.iter().take(NAMED_MAX);
            let named = named.map(|cell| describe(side, *cell, &self.matching.keys));
            let named: Vec<String> = named.collect();
            let more = match alone.len() - named.len() {
                0 => String::new(),
                more => format!("; and {more} more"),
            };
            console.say(format!("only in {name}: {}{more}", named.join("; ")))?;
        }
        Ok(())
    }

    /// How many intervals there are, and how many would mislead.
    fn show_counts(&self, console: &Console) -> Result<(), Failure> {
        let verdicts = || self.lines().map(|line| line.comparison.verdict);
        let judged = verdicts().filter(|v| v.differs() || *v == Verdict::Unclear);
        let judged = judged.count();
        let differing = verdicts().filter(|v| v.differs()).count();
        let identical = verdicts().filter(|v| *v == Verdict::Identical).count();
        let unknown = verdicts().filter(|v| *v == Verdict::Unknown).count();
        console.say(format!(
            "{}: {identical} identical, {unknown} without an interval, {judged} with one; {differing} of these exclude 0, where chance alone would make about {} do so",
            counted(self.lines().count(), "comparison"),
            short(0.05 * judged as f64),
        ))?;
        let is_less = |line: &ComparedMetric| {
            let Comparison {
                metric, verdict, ..
            } = line.comparison;
            metric == "coverage" && *verdict == Verdict::Worse
        };
        match self.lines().filter(is_less).count() {
            0 => Ok(()),
            cells => console.say(format!(
                "B informs fewer nodes in {}: fewer messages and earlier arrivals are no gain there",
                counted(cells, "cell")
            )),
        }
    }

    /// What the judgement over all cells rests on, where one is asked for.
    fn show_gate(&self, console: &Console, metrics: &[String]) -> Result<(), Failure> {
        if metrics.is_empty() {
            return Ok(());
        }
        let judged = gate::judge(&self.cells, metrics);
        let plain = |judged: &&gate::Judged| judged.comparison.verdict == Verdict::Worse;
        console.say(format!(
            "judged: {} in {}; {} of the plain intervals {} worse, {} once corrected for their number (Holm: equal systems fail in at most 1 of {:.0} judgements)",
            metrics.join(", "),
            counted(judged.len(), "comparison"),
            judged.iter().filter(plain).count(),
            if judged.iter().filter(plain).count() == 1 { "says" } else { "say" },
            judged.iter().filter(|judged| judged.is_worse()).count(),
            1.0 / FALSE_ALARMS,
        ))
    }

    /// Fails if B is worse in one of these metrics: as a whole, so that equal
    /// systems seldom fail however many cells there are.
    fn judge(&self, console: &Console, metrics: &[String]) -> Result<(), Failure> {
        let mut failures = Vec::new();
        let all = gate::judge(&self.cells, metrics);
        for metric in metrics {
            let judged: Vec<&gate::Judged> = (all.iter())
                .filter(|judged| judged.comparison.metric == *metric)
                .collect();
            let cells = self.cells.len();
            if judged.len() < cells {
                console.note(format!(
                    "note: {metric} was not judged in {} of {}: no interval",
                    cells - judged.len(),
                    counted(cells, "cell"),
                ));
            }
            let worse = judged.iter().filter(|judged| judged.is_worse());
            let named: Vec<String> = worse
                .clone()
                .take(NAMED_MAX)
                .map(|j| self.named(j))
                .collect();
            match worse.count() {
                0 => {}
                count => failures.push(format!(
                    "B is worse in {metric} in {count} of {}: {}",
                    counted(cells, "cell"),
                    named.join("; ")
                )),
            }
        }
        match failures.is_empty() {
            true => Ok(()),
            false => Err(Failure::Failed(failures.join("\n"))),
        }
    }

    /// `nodes 20 (B - A 0.5, 95 % interval 0.2 to 0.8)`.
    fn named(&self, judged: &gate::Judged) -> String {
        let (in_a, _) = self.matching.pairs[judged.pair];
        let cell = describe(&self.a, in_a, &self.matching.keys);
        let difference = difference(judged.comparison);
        let interval = interval(judged.comparison);
        let texts = [difference, interval];
        let texts: Vec<&str> = texts
            .iter()
            .map(String::as_str)
            .filter(|t| !t.is_empty())
            .collect();
        match texts.is_empty() {
            true => format!("{cell} (not reached)"),
            false => format!("{cell} (B - A {})", texts.join(", 95 % interval ")),
        }
    }
}

/// A number as JSON; `never` and `-never` where it is infinite.
fn ever(value: Option<f64>) -> Value {
    match value {
        Some(f64::INFINITY) => json!("never"),
        Some(f64::NEG_INFINITY) => json!("-never"),
        other => number(other),
    }
}

fn fields(comparison: &Comparison, runs: String) -> Vec<String> {
    let metric = match comparison.kind {
        Statistic::Median => format!("{}, median", comparison.metric),
        Statistic::Mean | Statistic::Share => comparison.metric.clone(),
    };
    let value = |value: Option<f64>| match value {
        None => "missing in some runs".to_string(),
        Some(f64::INFINITY) => "not reached".to_string(),
        Some(number) => short(number),
    };
    vec![
        metric,
        runs,
        value(comparison.a),
        value(comparison.b),
        difference(comparison),
        interval(comparison),
        comparison.verdict.text().to_string(),
    ]
}

fn difference(comparison: &Comparison) -> String {
    let difference = comparison.a.zip(comparison.b).map(|(a, b)| b - a);
    difference
        .filter(|d| d.is_finite())
        .map_or(String::new(), short)
}

fn interval(comparison: &Comparison) -> String {
    let Some((low, high)) = comparison.ci95 else {
        return String::new();
    };
    match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("{} to {}", short(low), short(high)),
        (true, false) => format!("at least {}", short(low)),
        (false, true) => format!("at most {}", short(high)),
        (false, false) => String::new(),
    }
}
