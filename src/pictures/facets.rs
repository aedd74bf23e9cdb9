//! Which settings become panels, which colours, which the x axis, and which are held at one value.
//!
//! A setting *varies* if cells differ in it. A case's label is left aside where the other settings tell all cells
//! apart; where it is needed, settings that follow from it are left aside instead. Each picture names the order
//! in which it wants settings; one that varies and has no part in the picture is held at one value: the number
//! of nodes at the largest, everything else at the first. More values than a picture has room for are thinned
//! evenly, both ends kept. Whatever is left out is said below the title.

use std::collections::BTreeSet;

use super::figure::Sample;
use super::font::Font;
use super::palette::{Color, GREY, color};
use super::summary::{AXES, CASE, Cell, FANOUT, NODES, PROTOCOL, Summary};
use super::words;

/// The settings that split a picture, and the values of each that are shown.
pub struct Parts {
    pub panel: Option<usize>,
    pub panels: Vec<String>,
    pub color: Option<usize>,
    pub colors: Vec<String>,
    /// Whether all values of the setting of the colours are numbers.
    ordered: bool,
}

impl Parts {
    /// The colour of a value.
    pub fn color(&self, index: usize) -> Color {
        color(index, self.colors.len(), self.ordered)
    }

    /// The colour of what a key says of all values.
    pub fn plain(&self) -> Color {
        match self.color {
            Some(_) => GREY,
            None => color(0, 1, false),
        }
    }
}

/// Cells on their way into a picture.
#[derive(Clone, Debug)]
pub struct Facets<'a> {
    keys: &'a [String],
    /// The cells that are still in the picture.
    pub cells: Vec<&'a Cell>,
    /// How many there were at first.
    cells_wanted: usize,
    varying: Vec<usize>,
    /// Settings held at one value, and how many values they have.
    held: Vec<(usize, usize)>,
    notes: Vec<String>,
}

impl<'a> Facets<'a> {
    /// All of the cells that `wanted` accepts.
    pub fn new(summary: &'a Summary, wanted: impl Fn(&Cell) -> bool) -> Self {
        let cells: Vec<&Cell> = summary.cells.iter().filter(|c| wanted(c)).collect();
        Facets {
            keys: &summary.keys,
            varying: varying(summary.keys.len(), &cells),
            cells_wanted: cells.len(),
            cells,
            held: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Takes the first of `candidates` that varies and is still free.
    pub fn take(&mut self, candidates: &[usize]) -> Option<usize> {
        let key = candidates
            .iter()
            .copied()
            .find(|key| self.varying.contains(key))?;
        self.varying.retain(|&other| other != key);
        Some(key)
    }

    /// The number of values of a setting.
    pub fn breadth(&self, key: usize) -> usize {
        self.values(key).len()
    }

    /// The further axes that vary and are free; the one with the most values first.
    pub fn axes_by_breadth(&self) -> Vec<usize> {
        let mut axes: Vec<usize> = self
            .varying
            .iter()
            .copied()
            .filter(|&key| key >= AXES)
            .collect();
        axes.sort_by_key(|&key| std::cmp::Reverse(self.breadth(key)));
        axes
    }

    /// The further axis of that name, if there is one.
    pub fn key(&self, name: &str) -> Option<usize> {
        self.keys
            .iter()
            .skip(AXES)
            .position(|key| key == name)
            .map(|i| i + AXES)
    }

    /// The values of a setting: rising if they are numbers, else in the order of the cells.
    pub fn values(&self, key: usize) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        for cell in &self.cells {
            if seen.insert(&cell.settings[key]) {
                values.push(cell.settings[key].clone());
            }
        }
        if self.is_ordered(key) {
            let number = |text: &String| text.parse().unwrap_or(0.0);
            values.sort_by(|a, b| f64::total_cmp(&number(a), &number(b)));
        }
        values
    }

    /// Whether all values of a setting are numbers.
    pub fn is_ordered(&self, key: usize) -> bool {
        self.cells.iter().all(|cell| cell.value(key).is_some())
    }

    /// The values of a setting, at most `most` of them; the cells with others leave the picture.
    fn pick(&mut self, key: Option<usize>, most: usize) -> Vec<String> {
        let Some(key) = key else {
            return vec![String::new()];
        };
        let all = self.values(key);
        if all.len() <= most {
            return all;
        }
        let kept: Vec<String> = (0..most)
            .map(|i| all[i * (all.len() - 1) / (most - 1).max(1)].clone())
            .collect();
        self.cells.retain(|cell| kept.contains(&cell.settings[key]));
        let name = match key {
            CASE => "cases".to_owned(),
            PROTOCOL => "protocols".to_owned(),
            NODES => "values of n".to_owned(),
            FANOUT => "fanouts".to_owned(),
            _ => format!(
                "values of {}",
                words::key_name(self.keys, key, &Font::new())
            ),
        };
        self.notes.push(format!("{most} of {} {name}", all.len()));
        kept
    }

    /// Splits the picture by the settings of its panels and of its colours, with at most so many of either, and holds
    /// every other setting at one value.
    pub fn split(&mut self, [panel, color]: [Option<usize>; 2], most: [usize; 2]) -> Parts {
        self.hold_the_rest();
        Parts {
            panel,
            panels: self.pick(panel, most[0]),
            color,
            colors: self.pick(color, most[1]),
            ordered: color.is_some_and(|key| self.is_ordered(key)),
        }
    }

    /// Holds every setting that is still free at one value.
    fn hold_the_rest(&mut self) {
        for key in std::mem::take(&mut self.varying) {
            let values = self.values(key);
            let Some(held) = (if key == NODES {
                values.last()
            } else {
                values.first()
            }) else {
                continue;
            };
            if values.len() > 1 {
                self.cells.retain(|cell| &cell.settings[key] == held);
                self.held.push((key, values.len()));
            }
        }
    }

    /// The cells with a value each of two settings, in order of their number.
    pub fn select(&self, parts: &[(Option<usize>, &str)]) -> Vec<&'a Cell> {
        let fits = |cell: &&Cell| {
            parts
                .iter()
                .all(|&(key, value)| key.is_none_or(|key| cell.settings[key] == value))
        };
        self.cells.iter().copied().filter(fits).collect()
    }

    /// What the colours mean, a patch each; nothing where there is but one.
    pub fn patches(&self, parts: &Parts, font: &Font) -> Vec<(Sample, String)> {
        let Some(_) = parts.color else {
            return Vec::new();
        };
        let values = parts.colors.iter().enumerate();
        let key = |(i, value): (usize, &String)| {
            (
                Sample::Patch(parts.color(i)),
                self.label(parts.color, value, font),
            )
        };
        values.map(key).collect()
    }

    /// A setting in words; nothing where there is no setting.
    pub fn label(&self, key: Option<usize>, value: &str, font: &Font) -> String {
        key.map_or_else(String::new, |key| {
            words::setting(self.keys, key, value, font)
        })
    }

    /// What stands below the title: the scenario, the settings that all cells share, and the number of runs.
    pub fn subtitle(&self, scenario: &str, font: &Font) -> String {
        let mut parts = vec![words::clean(scenario, font)];
        for key in CASE..self.keys.len() {
            if let [only] = &self.values(key)[..]
                && !(key == CASE && only.is_empty())
            {
                let setting = words::setting(self.keys, key, only, font);
                let of = self
                    .held
                    .iter()
                    .find(|(held, _)| *held == key)
                    .map(|(_, of)| of);
                let rank = if key == NODES { "largest" } else { "first" };
                parts.push(of.map_or(setting.clone(), |of| {
                    format!("{setting} (the {rank} of {of})")
                }));
            }
        }
        let runs = || self.cells.iter().map(|cell| cell.runs);
        let (least, most) = (runs().min().unwrap_or(0), runs().max().unwrap_or(0));
        let runs = match (least, most) {
            (1, 1) => "1 run".to_owned(),
            _ if least == most => format!("{} runs", words::count(most)),
            _ => format!("{} to {} runs", words::count(least), words::count(most)),
        };
        let shown = self.cells.len();
        parts.push(if shown < self.cells_wanted {
            format!(
                "{shown} of {} cells, {runs} each",
                words::count(self.cells_wanted as u64)
            )
        } else {
            format!("{runs} per cell")
        });
        parts.retain(|part| !part.is_empty());
        parts.join(" · ")
    }

    /// What was left out, as a sentence; empty where nothing was.
    pub fn left_out(&self) -> String {
        match &self.notes[..] {
            [] => String::new(),
            notes => format!("Shown: {}.", notes.join("; ")),
        }
    }
}

/// The settings in which cells differ, without those that say nothing new.
fn varying(keys: usize, cells: &[&Cell]) -> Vec<usize> {
    let distinct = |keys: &[usize]| -> usize {
        let rows = cells
            .iter()
            .map(|cell| keys.iter().map(|&k| &cell.settings[k]).collect::<Vec<_>>());
        rows.collect::<BTreeSet<_>>().len()
    };
    let differing: Vec<usize> = (0..keys).filter(|&key| distinct(&[key]) > 1).collect();
    let others: Vec<usize> = differing
        .iter()
        .copied()
        .filter(|&key| key != CASE)
        .collect();
    if !differing.contains(&CASE) || distinct(&others) == cells.len() {
        return others;
    }
    let cases = distinct(&[CASE]);
    differing
        .into_iter()
        .filter(|&key| key == CASE || distinct(&[CASE, key]) > cases)
        .collect()
}
