//! Which settings become panels, which colours, which the x axis, and which are held at one value.
//!
//! A setting *varies* if cells differ in it. A case's label is left aside where the other settings tell all cells
//! apart; where it is needed, settings that follow from it are left aside instead. Each picture names the order
//! in which it wants settings. One that varies and is not wanted joins the panels or the colours, where there are not
//! too many then, else it is held at one value: the number of nodes at the largest, everything else at the first.
//! Values stand in the order of their axis. More than a picture has room for are thinned evenly, both ends kept.
//! Whatever is left out is said below the title.

use std::collections::{BTreeMap, BTreeSet};

use super::figure::Sample;
use super::font::Font;
use super::palette::{Color, GREY, color};
use super::summary::{AXES, CASE, Cell, FANOUT, NODES, PROTOCOL, Summary};
use super::words;

/// Numbers of cells, or ranges of them, that a sentence names.
const RANGES_MAX: usize = 8;

/// What splits a picture: some settings, and their values together, in order; without a setting, one value of nothing.
pub struct Split {
    keys: Vec<usize>,
    pub values: Vec<Vec<String>>,
}

/// The settings of the panels and of the colours.
pub struct Parts {
    pub panel: Split,
    pub color: Split,
    /// Where the colours are a number: how many are less, of each.
    ranks: Option<Vec<usize>>,
}

impl Parts {
    /// The colour of a value.
    pub fn color(&self, index: usize) -> Color {
        let rank = self.ranks.as_ref().map_or(index, |ranks| ranks[index]);
        color(rank, self.color.values.len(), self.ranks.is_some())
    }

    /// Whether colours mean something.
    pub fn is_colorful(&self) -> bool {
        !self.color.keys.is_empty()
    }

    /// The colour of what a key says of all values.
    pub fn plain(&self) -> Color {
        match self.is_colorful() {
            true => GREY,
            false => color(0, 1, false),
        }
    }
}

/// Cells on their way into a picture.
#[derive(Clone, Debug)]
pub struct Facets<'a> {
    keys: &'a [String],
    /// All cells of the summary, in the order of the axes.
    all: &'a [Cell],
    /// The cells that are still in the picture.
    pub cells: Vec<&'a Cell>,
    /// How many cells the picture is about.
    pub wanted: usize,
    varying: Vec<usize>,
    /// Settings held at one value, and how many values they have.
    held: Vec<(usize, usize)>,
    notes: Vec<String>,
}

impl<'a> Facets<'a> {
    /// Of the cells that the picture is about those that have what it shows.
    pub fn new(
        summary: &'a Summary,
        about: impl Fn(&Cell) -> bool,
        has: impl Fn(&Cell) -> bool,
    ) -> Self {
        let wanted: Vec<&Cell> = summary.cells.iter().filter(|c| about(c)).collect();
        let cells: Vec<&Cell> = wanted.iter().copied().filter(|c| has(c)).collect();
        Facets {
            keys: &summary.keys,
            all: &summary.cells,
            varying: varying(summary.keys.len(), &cells),
            wanted: wanted.len(),
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
        self.combinations(&[key]).len()
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

    /// The values that settings have together in the picture's cells, in the order of their axes, the first setting
    /// varying slowest. An axis keeps its order even where its first cells have nothing to show.
    fn combinations(&self, keys: &[usize]) -> Vec<Vec<String>> {
        let order = |&key: &usize| -> BTreeMap<&String, usize> {
            let values = self.all.iter().map(|cell| &cell.settings[key]);
            // Of equal keys the last stays: from the back, the first.
            values.enumerate().map(|(i, v)| (v, i)).rev().collect()
        };
        let orders: Vec<BTreeMap<&String, usize>> = keys.iter().map(order).collect();
        let mut found = BTreeMap::new();
        for cell in &self.cells {
            let values: Vec<&String> = keys.iter().map(|&key| &cell.settings[key]).collect();
            let places = values
                .iter()
                .zip(&orders)
                .map(|(value, order)| order[value]);
            found.insert(places.collect::<Vec<usize>>(), values);
        }
        let owned = |values: Vec<&String>| values.into_iter().cloned().collect();
        found.into_values().map(owned).collect()
    }

    /// Whether all values of a setting are numbers.
    pub fn is_ordered(&self, key: usize) -> bool {
        self.cells.iter().all(|cell| cell.value(key).is_some())
    }

    /// The values of settings, at most `most` of them; the cells with others leave the picture.
    fn pick(&mut self, keys: Vec<usize>, most: usize) -> Split {
        let all = self.combinations(&keys);
        if all.len() <= most {
            let values = all;
            return Split { keys, values };
        }
        let values: Vec<Vec<String>> = (0..most)
            .map(|i| all[i * (all.len() - 1) / (most - 1).max(1)].clone())
            .collect();
        let of = |cell: &Cell| -> Vec<String> {
            keys.iter().map(|&key| cell.settings[key].clone()).collect()
        };
        self.cells.retain(|cell| values.contains(&of(cell)));
        let name = keys
            .first()
            .map_or_else(String::new, |&key| self.plural(key));
        self.notes.push(format!("{most} of {} {name}", all.len()));
        Split { keys, values }
    }

    /// The values of a setting, in words.
    fn plural(&self, key: usize) -> String {
        match key {
            CASE => "cases".to_owned(),
            PROTOCOL => "protocols".to_owned(),
            NODES => "values of n".to_owned(),
            FANOUT => "fanouts".to_owned(),
            _ => format!(
                "values of {}",
                words::key_name(self.keys, key, &Font::new())
            ),
        }
    }

    /// Splits the picture by the settings of its panels and of its colours, with at most so many of either. Every
    /// other setting joins one of them where there is room, and else is held at one value.
    pub fn split(&mut self, parts: [Option<usize>; 2], most: [usize; 2]) -> Parts {
        let [mut panel, mut color] = parts.map(Vec::from_iter);
        for key in std::mem::take(&mut self.varying) {
            let fits = |keys: &[usize], most: usize| {
                self.combinations(&[keys, &[key]].concat()).len() <= most
            };
            if fits(&panel, most[0]) {
                panel.push(key);
            } else if fits(&color, most[1]) {
                color.push(key);
            } else {
                self.hold(key);
            }
        }
        let (panel, color) = (self.pick(panel, most[0]), self.pick(color, most[1]));
        let ranks = match color.keys[..] {
            [key] if self.is_ordered(key) => Some(ranks(&color.values)),
            _ => None,
        };
        Parts {
            panel,
            color,
            ranks,
        }
    }

    /// Holds a setting at one value.
    fn hold(&mut self, key: usize) {
        let values = self.combinations(&[key]);
        let number = |values: &&Vec<String>| values[0].parse::<u64>().unwrap_or(0);
        let held = match key {
            NODES => values.iter().max_by_key(number),
            _ => values.first(),
        };
        if let Some(held) = held
            && values.len() > 1
        {
            self.cells.retain(|cell| cell.settings[key] == held[0]);
            self.held.push((key, values.len()));
        }
    }

    /// The cells with a value each of the panels and of the colours, in order of their number.
    pub fn select(&self, parts: &[(&Split, &[String])]) -> Vec<&'a Cell> {
        let fits = |cell: &&Cell| {
            let settings = parts
                .iter()
                .flat_map(|(split, values)| split.keys.iter().zip(*values));
            settings
                .into_iter()
                .all(|(&key, value)| cell.settings[key] == *value)
        };
        self.cells.iter().copied().filter(fits).collect()
    }

    /// What the colours mean, a patch each; nothing where there is but one.
    pub fn patches(&self, parts: &Parts, font: &Font) -> Vec<(Sample, String)> {
        if !parts.is_colorful() {
            return Vec::new();
        }
        let values = parts.color.values.iter().enumerate();
        let key = |(i, value): (usize, &Vec<String>)| {
            (
                Sample::Patch(parts.color(i)),
                self.label(&parts.color, value, font),
            )
        };
        values.map(key).collect()
    }

    /// A value in words; nothing where there is no setting.
    pub fn label(&self, split: &Split, value: &[String], font: &Font) -> String {
        let settings = split.keys.iter().zip(value);
        let words = settings.map(|(&key, value)| words::setting(self.keys, key, value, font));
        words.collect::<Vec<_>>().join(", ")
    }

    /// What stands below the title: the scenario, the settings that all cells share, and the number of runs.
    pub fn subtitle(&self, scenario: &str, font: &Font) -> String {
        let mut parts = vec![words::clean(scenario, font)];
        for key in CASE..self.keys.len() {
            if let [only] = &self.combinations(&[key])[..]
                && !(key == CASE && only[0].is_empty())
            {
                let setting = words::setting(self.keys, key, &only[0], font);
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
        parts.push(if shown < self.wanted {
            format!(
                "{shown} of {} cells, {runs} each",
                words::count(self.wanted as u64)
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

    /// Why so few of the cells would be in the picture, where they are fewer than half of those that it is about.
    pub fn too_few(&self, shown: usize) -> Option<String> {
        if 2 * shown >= self.wanted {
            return None;
        }
        let font = Font::new();
        let name = |&(key, _): &(usize, usize)| match key {
            CASE | PROTOCOL | FANOUT => self.keys[key].clone(),
            NODES => "n".to_owned(),
            _ => words::key_name(self.keys, key, &font),
        };
        let held: Vec<String> = self.held.iter().map(name).collect();
        let why = match &held[..] {
            [] => String::new(),
            held => format!(": it has no room for all values of {}", held.join(" and ")),
        };
        Some(format!(
            "it would show {shown} of {} cells{why}",
            self.wanted
        ))
    }
}

/// A sentence about cells, by their numbers: `Cells 2 to 4 and 7 are ...`; empty where there is none.
pub fn sentence<'a>(cells: impl IntoIterator<Item = &'a Cell>, what: &str) -> String {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    let mut count = 0;
    for cell in cells {
        count += 1;
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == cell.number => *last = cell.number,
            _ => ranges.push((cell.number, cell.number)),
        }
    }
    let range = |&(first, last): &(u64, u64)| match last - first {
        0 => words::count(first),
        1 => format!("{}, {}", words::count(first), words::count(last)),
        _ => format!("{} to {}", words::count(first), words::count(last)),
    };
    let cells = match (count, ranges.len()) {
        (0, _) => return String::new(),
        (1, _) => format!("Cell {} is", range(&ranges[0])),
        (_, 1..=RANGES_MAX) => {
            let ranges: Vec<String> = ranges.iter().map(range).collect();
            format!("Cells {} are", ranges.join(", "))
        }
        _ => format!("{} cells are", words::count(count)),
    };
    format!("{cells} {what}")
}

/// Sentences one after another, without those that say nothing.
pub fn sentences(parts: &[String]) -> String {
    let said: Vec<&str> = parts.iter().map(String::as_str).collect();
    let said: Vec<&str> = said.into_iter().filter(|part| !part.is_empty()).collect();
    said.join(" ")
}

/// Of each value, a number, how many are less.
fn ranks(values: &[Vec<String>]) -> Vec<usize> {
    let number = |values: &Vec<String>| values[0].parse::<f64>().unwrap_or(0.0);
    let less = |value: &Vec<String>| {
        let others = values.iter();
        others.filter(|other| number(other) < number(value)).count()
    };
    values.iter().map(less).collect()
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
