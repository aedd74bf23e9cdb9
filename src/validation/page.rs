//! All rows as a CSV table and as a page.

use super::judge::{Row, Verdict};
use std::fmt::Write;

/// What all rows say together.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Tally {
    /// Rows.
    pub rows: u64,
    /// Rows that fail.
    pub failed: u64,
    /// Rows whose z is a standard normal deviate, if all is right: those of
    /// [`Verdict::Differs`] are not.
    pub judged: u64,
    /// Of these, with |z| above 2; by chance 4.55 % of them.
    pub beyond_two: u64,
    /// Their sum of z^2; by chance as many as they are.
    pub squares: f64,
    /// Their greatest |z|.
    pub z_max: f64,
    /// Settings: their first rows are independent of one another.
    pub settings: u64,
    /// The sum of z^2 over these; by chance as many, within sqrt(2 settings).
    pub squares_of_first: f64,
}

impl Tally {
    /// Of these rows.
    pub fn of(rows: &[Row]) -> Tally {
        let mut tally = Tally::default();
        let mut before = "";
        for row in rows {
            tally.rows += 1;
            tally.failed += u64::from(row.verdict == Verdict::Fail);
            if row.verdict != Verdict::Differs {
                tally.judged += 1;
                tally.beyond_two += u64::from(row.z.abs() > 2.0);
                tally.squares += row.z * row.z;
                tally.z_max = tally.z_max.max(row.z.abs());
                if row.experiment != before {
                    tally.settings += 1;
                    tally.squares_of_first += row.z * row.z;
                }
            }
            before = &row.experiment;
        }
        tally
    }

    /// In a sentence.
    pub fn text(&self) -> String {
        let judged = self.judged as f64;
        format!(
            "{} of {} rows fail; |z| > 2 in {} of {} ({:.1} %; chance 4.6 %), largest |z| {:.2}; \
             sum of z^2 {:.1} (chance {}), over the first rows of all settings, which are \
             independent, {:.1} (chance {} +- {:.0})",
            self.failed,
            self.rows,
            self.beyond_two,
            self.judged,
            100.0 * self.beyond_two as f64 / judged.max(1.0),
            self.z_max,
            self.squares,
            self.judged,
            self.squares_of_first,
            self.settings,
            (2.0 * self.settings as f64).sqrt()
        )
    }
}

/// The table's first line.
pub const HEADER: &str = "experiment,source,metric,published,expected,expected_se,measured,se,count,\
                      missing,z,verdict\n";

/// A row per claim; an empty field where there is no value.
pub fn csv(rows: &[Row]) -> String {
    let mut text = HEADER.to_string();
    for row in rows {
        let numbers = [row.expected, row.expected_se, row.measured, row.se];
        let mut fields = vec![
            quoted(&row.experiment),
            quoted(row.source),
            quoted(&row.what),
            quoted(row.published),
        ];
        fields.extend(numbers.map(|number| match number.is_finite() {
            true => number.to_string(),
            false => String::new(),
        }));
        fields.extend([row.count, row.missing].map(|count| count.to_string()));
        fields.extend([format!("{:.4}", row.z), row.verdict.text().to_string()]);
        text.push_str(&fields.join(","));
        text.push('\n');
    }
    text
}

fn quoted(text: &str) -> String {
    match text.contains([',', '"']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_string(),
    }
}

/// The page's first line.
pub const TITLE: &str = "# What gossim is held against";

/// The page, without what differs from machine to machine. `command`: that it
/// was made by.
pub fn markdown(rows: &[Row], command: &str) -> String {
    let mut text = format!(
        "{TITLE}\n\n\
         Made by `{command}`, version {}. Each row is a published or \
         exact result, run again: `z` is (measured - expected) over the standard error, and a row \
         fails beyond 4.5. Where `expected` has an error of its own, it comes from an independent \
         program (`scripts/independent.py`), as no exact value is known, and is the same at every \
         seed; else it is exact. What was printed is shown, not judged: printed tables are \
         measurements too. Of a whole law, `measured` is the statistic of its test and `z` the normal deviate that is as \
         improbable; below 0 where the law fits better than usual.\n\n{}.\n",
        env!("CARGO_PKG_VERSION"),
        Tally::of(rows).text()
    );
    let mut subject = "";
    for row in rows {
        let (of, setting) = row
            .experiment
            .split_once(": ")
            .unwrap_or(("", &row.experiment));
        if of != subject {
            subject = of;
            // Writing into a String does not fail.
            let _ = write!(
                text,
                "\n## {subject}\n\n\
                 | setting | metric | published | expected | measured | se | z | | source |\n\
                 | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
            );
        }
        let expected = match row.expected_se > 0.0 {
            true => format!("{} +- {}", short(row.expected), short(row.expected_se)),
            false => short(row.expected),
        };
        let _ = writeln!(
            text,
            "| {setting} | {} | {} | {expected} | {} | {} | {:.2} | {} | {} |",
            row.what,
            row.published,
            short(row.measured),
            short(row.se),
            row.z,
            row.verdict.text(),
            row.source
        );
    }
    text
}

/// Six digits at most, where they are.
pub fn short(number: f64) -> String {
    let size = number.abs();
    let digits = match size {
        _ if size >= 1000.0 => 2,
        _ if size >= 1.0 => 4,
        _ if size >= 0.01 => 6,
        _ => 8,
    };
    format!("{number:.digits$}")
}
