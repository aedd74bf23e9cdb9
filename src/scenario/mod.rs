//! TOML to a checked, complete [`Scenario`] and its grid of cells.
//!
//! The file becomes a tree that knows where each key and value was written. A
//! cell is that tree with values set at key paths (a case's, then the axes'),
//! and then the ordinary typed reading, so that an error in one cell points at
//! the very value of the axis, the case or the option that brought it.
//!
//! Invariant: reads files, writes none; runs nothing; every error says where.

#[cfg(test)]
mod added_key;
mod cell_read;
mod checks;
mod complete;
mod differences;
mod error;
mod file;
mod grid;
mod inputs;
mod meaning;
mod mend;
mod mistakes;
mod options;
mod plain;
mod range;
mod read;
mod root;
mod shape;
mod tree;
mod words;

pub use crate::settings::SingleRun;
pub use differences::differences;
pub use error::Error;
pub use inputs::Input;
pub use words::suggest;

use crate::column::OwnColumn;
use crate::engine::Setup;
use crate::metrics::columns::Asked;
use crate::registry::{self, Entry, Loaded};
use crate::settings::{self, OF_ALL_CELLS, SECTIONS};
use cell_read::Read;
use error::{Problem, Texts};
use grid::Grid;
use inputs::Inputs;
use read::Known;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use tree::Tree;

/// One cell: the base settings with a case's and the axes' values set.
pub struct Cell {
    /// Row-major in the grid, from 0.
    pub number: u64,
    /// The label of its case; empty where there are no cases.
    pub case: String,
    /// Its value on each axis, as written in tables.
    pub coordinates: Vec<String>,
    /// Its coordinates as canonical text: the key of its dice; empty for a plain run.
    pub dice: String,
    /// `[protocol] kind`.
    pub protocol_name: String,
    /// The protocol, ready to run.
    pub protocol: Box<dyn Loaded>,
    /// All else that the engine needs.
    pub setup: Setup,
}

impl Cell {
    /// What the columns of its runs depend on, where it stands alone.
    pub fn asked(&self) -> Asked {
        Asked {
            thresholds: self.setup.measure.thresholds.clone(),
            hops: self.setup.measure.hops,
            on_the_way: !self.setup.network.paths.is_plain(),
            own: self.protocol.columns(),
        }
    }
}

/// What a scenario is read for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Purpose {
    /// The base settings: any key can be set.
    #[default]
    Base,
    /// One run, of a cell or of the base settings, as `[run]` or the command line
    /// says; the complete text says it.
    Run,
    /// All cells: setting a key that an axis or a case sets is refused.
    Sweep,
}

/// What the command line changes in a scenario.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Overrides {
    /// `KEY=VALUE` as typed; a later one wins.
    pub set: Vec<String>,
    /// The master seed; wins over `seed` in `set`.
    pub seed: Option<u64>,
    /// Runs per cell; wins over `sweep.replicates` in `set`.
    pub replicates: Option<u64>,
    /// What the scenario is read for.
    pub purpose: Purpose,
    /// For one run: the cell in place of that under `[run]`.
    pub cell: Option<u64>,
    /// For one run: the replicate in place of that under `[run]`.
    pub replicate: Option<u64>,
    /// May files be read that are not in the scenario's folder?
    pub allow_outside: bool,
}

/// A dimension of the grid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Axis {
    /// The path of its key, as in `protocol.fanout`.
    pub key: String,
    /// Its values as written in tables: strings bare, numbers without exponent,
    /// durations in seconds, a table by its `kind` if it has no other key, else as
    /// inline TOML.
    pub values: Vec<String>,
    /// What a number counts; `s` for durations.
    pub unit: &'static str,
}

/// A scenario whose cells have all been checked.
pub struct Scenario {
    /// Names the results: `[a-z0-9_-]+`.
    pub name: String,
    /// The master seed: 0 to 2^53 - 1.
    pub seed: u64,
    /// Runs per cell, from 1.
    pub replicates: u64,
    /// The axes, in the order of the file.
    pub axes: Vec<Axis>,
    /// Which run it is, where it was read for one.
    pub single: Option<SingleRun>,
    /// Percentages of the nodes whose time is asked for, ascending; the same in
    /// all cells.
    pub thresholds: Vec<u8>,
    /// Does the base or any cell count hops?
    pub hops: bool,
    /// Does the network of the base, or of any cell, count what becomes of messages on
    /// their way?
    pub on_the_way: bool,
    /// What the protocols of the base and of all cells count themselves.
    pub own: Vec<OwnColumn>,
    texts: Texts,
    tree: Tree,
    grid: Grid,
    /// Are cells left out that cannot be?
    skips: bool,
    /// The places in the grid of those that can and cannot be; empty where all can.
    possible: Vec<u64>,
    skipped: Vec<u64>,
    known: Arc<Known>,
    complete: String,
}

impl Scenario {
    /// Reads a scenario file, and checks every cell of it.
    ///
    /// # Errors
    /// The file cannot be read, or a setting in it or on the command line
    /// cannot be; all of them are bad usage (exit code 2).
    pub fn read(
        path: &Path,
        protocols: &[Entry],
        overrides: &Overrides,
    ) -> Result<Scenario, Error> {
        let text = file::read(path)?;
        Scenario::from_text(&text, &path.to_string_lossy(), protocols, overrides)
    }

    /// The same from a text; `file_name` is what errors call it.
    ///
    /// # Errors
    /// A setting in the text or on the command line cannot be.
    pub fn from_text(
        text: &str,
        file_name: &str,
        protocols: &[Entry],
        overrides: &Overrides,
    ) -> Result<Scenario, Error> {
        file::check_length(file_name, text.len())?;
        let mut texts = Texts::new(file_name, text);
        let known = Arc::new(Known::new(
            protocols,
            file::memory_bytes_available(),
            Inputs::new(file_name, overrides.allow_outside),
        ));
        match build(&mut texts, &known, overrides) {
            Ok(built) => Ok(Scenario { texts, ..built }),
            Err(Problems(problems)) => Err(texts.errors(&problems)),
        }
    }

    /// What the columns of the tables depend on.
    pub fn asked(&self) -> Asked {
        Asked {
            thresholds: self.thresholds.clone(),
            hops: self.hops,
            on_the_way: self.on_the_way,
            own: self.own.clone(),
        }
    }

    /// How many cells there are; 1 where there is no axis and no case.
    pub fn cell_count(&self) -> u64 {
        self.grid.cell_count() - self.skipped.len() as u64
    }

    /// How many cells are left out because their settings do not fit together.
    pub fn skipped_count(&self) -> u64 {
        self.skipped.len() as u64
    }

    /// The cells that are left out, each in words, and why.
    pub fn skipped(&self) -> impl Iterator<Item = String> {
        self.skipped.iter().filter_map(|&place| {
            let problem = self.read_cell(place, place).err()?;
            let which = self.grid.describe(&self.grid.coordinates(place));
            Some(format!("{which}: {}", problem.message))
        })
    }

    /// The place in the grid of the cell of that number, of which there are more.
    fn place(&self, number: u64) -> u64 {
        match self.possible.is_empty() {
            true => number,
            false => self.possible[number as usize],
        }
    }

    /// Are there cases?
    pub fn has_cases(&self) -> bool {
        !self.grid.cases.is_empty()
    }

    /// A cell of the grid.
    ///
    /// # Errors
    /// There is no cell of that number.
    pub fn cell(&self, number: u64) -> Result<Cell, Error> {
        let count = self.cell_count();
        if number >= count {
            let why = format!(
                "there is no cell {number}: this scenario's go from 0 to {}",
                count - 1
            );
            return Err(Error::about(why, None));
        }
        self.read_cell(number, self.place(number))
            .map_err(|problem| self.texts.error(&problem))
    }

    /// The base settings as a cell of its own: `[sweep]` is ignored.
    ///
    /// # Errors
    /// None: the base was checked when it was read.
    pub fn base(&self) -> Result<Cell, Error> {
        let read = read::read(&self.tree, &self.known);
        let read = read.map_err(|problem| self.texts.error(&problem))?;
        Ok(Cell {
            number: 0,
            case: String::new(),
            coordinates: Vec::new(),
            dice: String::new(),
            protocol_name: read.protocol_name,
            protocol: read.protocol,
            setup: read.setup,
        })
    }

    /// The complete scenario as TOML: defaults written out, the command line's
    /// changes baked in. Read again, it gives the same cells and the same text.
    pub fn complete(&self) -> String {
        self.complete.clone()
    }

    /// The files that it names, all of which were read.
    pub fn inputs(&self) -> Vec<Input> {
        self.known.inputs.files()
    }

    /// The SHA-256 of the complete text, in hex.
    pub fn hash(&self) -> String {
        let digest = Sha256::digest(self.complete.as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A commented scenario to start from.
    pub fn template() -> &'static str {
        include_str!("template.toml")
    }

    /// The JSON Schema (draft-07) of scenarios with these protocols.
    pub fn schema(protocols: &[Entry]) -> serde_json::Value {
        settings::json_schema(SECTIONS, &read::keys_of(protocols))
    }

    /// The reference page of all keys, with those of these protocols, in Markdown.
    pub fn reference(protocols: &[Entry]) -> String {
        settings::reference(SECTIONS, &read::keys_of(protocols))
    }

    fn read_cell(&self, number: u64, place: u64) -> Result<Cell, Problem> {
        let at = self.grid.coordinates(place);
        let tree = self.grid.tree(&self.tree, &at)?;
        let read = read::read(&tree, &self.known);
        let read = read.and_then(|read| self.check_thresholds(&tree, read));
        let read = read.map_err(|problem| Problem {
            note: Some(format!("in the cell with {}", self.grid.describe(&at))),
            ..problem
        })?;
        Ok(Cell {
            number,
            case: self.grid.label(&at).to_string(),
            coordinates: self.grid.shown(&at, &self.axes),
            dice: self.grid.dice(&at),
            protocol_name: read.protocol_name,
            protocol: read.protocol,
            setup: read.setup,
        })
    }

    /// All cells share the columns of one table.
    fn check_thresholds(&self, tree: &Tree, read: Read) -> Result<Read, Problem> {
        if read.setup.measure.thresholds == self.thresholds {
            return Ok(read);
        }
        let path = "measure.thresholds";
        let why = format!("`{path}` must be the same in all cells: they share a table's columns");
        let help = format!("set it under [measure]: now {:?}", self.thresholds);
        Err(Problem::at(tree::place(tree, path), why).help(help))
    }
}

/// What is wrong with a scenario: one thing, at least.
struct Problems(Vec<Problem>);

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Problems {
        Problems(vec![problem])
    }
}

/// All but the texts, which the caller holds (and needs for a problem).
fn build(
    texts: &mut Texts,
    known: &Arc<Known>,
    overrides: &Overrides,
) -> Result<Scenario, Problems> {
    let mut whole = root::parse(texts.file(), &known.paths).map_err(Problems)?;
    let settings = options::read(overrides, texts, &known.paths)?;
    options::apply_to_sweep(&settings, &mut whole)?;
    let comment = complete::opening_comment(texts.file());
    let built = read_base(&comment, whole.clone(), &settings, known, overrides);
    let built = built.map_err(Problems::from).and_then(check_cells);
    built.map_err(|Problems(mut problems)| {
        // What the command line sets is no mistake of the file.
        let _ = options::apply(&settings, &mut whole, &Grid::default(), false);
        for other in mistakes::all(&whole, known) {
            if !problems.iter().any(|problem| problem.span == other.span) {
                problems.push(other);
            }
        }
        Problems(problems)
    })
}

/// The base settings and the grid, its cells not yet checked.
fn read_base(
    comment: &str,
    mut tree: Tree,
    settings: &[options::Setting],
    known: &Arc<Known>,
    overrides: &Overrides,
) -> Result<Scenario, Problem> {
    let (grid, sweep) = grid::read(tree.get("sweep"), &known.paths)?;
    let single = read::section_of::<SingleRun>(&tree, known, "run")?;
    let single = (overrides.purpose == Purpose::Run).then(|| SingleRun {
        cell: overrides.cell.or(single.cell),
        replicate: overrides.replicate.unwrap_or(single.replicate),
    });
    for section in OF_ALL_CELLS {
        tree.remove(section.name);
    }
    let has_cells =
        overrides.purpose == Purpose::Sweep || single.is_some_and(|run| run.cell.is_some());
    options::apply(settings, &mut tree, &grid, has_cells)?;
    let (name, seed) = root::read(&tree, &known.paths)?;
    let base = read::read(&tree, known)?;
    let complete = complete::text(&complete::Parts {
        comment,
        name: &name,
        seed,
        sweep: &sweep,
        tree: &tree,
        base: &base,
        grid: &grid,
        single,
    });
    let axis = |axis: &grid::GridAxis| Axis {
        key: axis.path.text.clone(),
        values: axis.shown(),
        unit: axis.unit,
    };
    Ok(Scenario {
        name,
        seed,
        replicates: sweep.replicates,
        axes: grid.axes.iter().map(axis).collect(),
        single,
        thresholds: base.setup.measure.thresholds,
        hops: base.setup.measure.hops,
        on_the_way: !base.setup.network.paths.is_plain(),
        own: Vec::new(),
        texts: Texts::new("", ""),
        tree,
        grid,
        skips: sweep.skip_impossible,
        possible: Vec::new(),
        skipped: Vec::new(),
        known: Arc::clone(known),
        complete,
    })
}

/// Checks every cell, and learns what the protocols count. Each value that is wrong is
/// told once, whatever the number of its cells.
fn check_cells(mut scenario: Scenario) -> Result<Scenario, Problems> {
    /// Not all cells are read to say what is wrong with a few values.
    const MISTAKES_MAX: usize = 20;
    let mut names: BTreeSet<String> = scenario
        .base()
        .map(|base| base.protocol_name)
        .into_iter()
        .collect();
    let (mut problems, mut possible, mut skipped) = (Vec::<Problem>::new(), Vec::new(), Vec::new());
    let mut misfit = None;
    for place in 0..scenario.grid.cell_count() {
        match scenario.read_cell(place, place) {
            Ok(cell) => {
                scenario.hops |= cell.setup.measure.hops;
                scenario.on_the_way |= !cell.setup.network.paths.is_plain();
                names.insert(cell.protocol_name);
                possible.push(place);
            }
            Err(problem) if problem.is_misfit && scenario.skips => {
                skipped.push(place);
                misfit.get_or_insert(problem);
            }
            Err(problem) if problems.iter().any(|other| other.span == problem.span) => {}
            Err(problem) => problems.push(problem),
        }
        if problems.len() == MISTAKES_MAX {
            break;
        }
    }
    if problems.is_empty() && possible.is_empty() {
        problems.extend(misfit);
    }
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    if !skipped.is_empty() {
        scenario.possible = possible;
        scenario.skipped = skipped;
    }
    let known = scenario.known.protocols.iter();
    let used = known.filter(|entry| names.contains(entry.name));
    scenario.own = registry::own_columns(used);
    Ok(scenario)
}
