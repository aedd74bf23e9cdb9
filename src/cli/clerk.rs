//! What the workers of a sweep make of runs before their turn comes: the text of
//! their rows, and their numbers for the summary.

use super::console::Failure;
use super::row_key::row_key;
use crate::metrics::Run;
use crate::run::Panicked;
use crate::scenario::{Cell, Scenario};
use crate::store::records::{put_run, take_run};
use crate::store::{Place, Shelf};
use crate::sweep;
use crate::tables::{RowKey, RunsText, series_text};
use std::path::PathBuf;

/// Makes rows.
pub struct Clerk {
    text: RunsText,
    with_series: bool,
    shelf: Shelf,
}

/// Some runs of one cell, one after another.
#[derive(Default)]
pub struct Parcel {
    key: Option<RowKey>,
    content: Content,
    /// Where the content is, if not here.
    shelved: Option<(Place, [usize; 2])>,
}

/// What was made of them.
#[derive(Default)]
pub struct Content {
    /// Rows of `runs.csv`.
    pub runs: Vec<u8>,
    /// Rows of `series.csv`.
    pub series: Vec<u8>,
    /// Their events, all together.
    pub events: u64,
    /// The replicates that panicked, which have no rows.
    pub failed: Vec<(u64, Panicked)>,
    numbers: Vec<u8>,
}

impl Content {
    /// Each run's numbers, without its series.
    pub fn for_each_run(&self, mut what: impl FnMut(&Run)) {
        let mut rest = self.numbers.as_slice();
        while let Ok(run) = take_run(&mut rest) {
            what(&run);
        }
        debug_assert!(rest.is_empty(), "what was put is read");
    }
}

impl Clerk {
    /// `axes`: the tables' axes; what must wait is kept in `dir`.
    pub fn new(scenario: &Scenario, axes: &[String], with_series: bool, dir: PathBuf) -> Clerk {
        Clerk {
            text: RunsText::new(axes, &scenario.asked(), scenario.seed),
            with_series,
            shelf: Shelf::new(dir),
        }
    }

    /// What is in a parcel.
    pub fn open(&self, parcel: Parcel) -> Result<Content, Failure> {
        let Some((place, [runs, series])) = parcel.shelved else {
            return Ok(parcel.content);
        };
        let mut all = self.shelf.take(place)?;
        let numbers = all.split_off(runs + series);
        let series = all.split_off(runs);
        Ok(Content {
            runs: all,
            series,
            events: parcel.content.events,
            failed: parcel.content.failed,
            numbers,
        })
    }
}

impl sweep::Clerk for Clerk {
    type Parcel = Parcel;
    type Error = Failure;

    fn pack(
        &self,
        parcel: &mut Parcel,
        cell: &Cell,
        replicate: u64,
        run: Result<Run, Panicked>,
    ) -> Result<(), Failure> {
        let mut run = match run {
            Ok(run) => run,
            Err(panicked) => {
                parcel.content.failed.push((replicate, panicked));
                return Ok(());
            }
        };
        let key = parcel.key.get_or_insert_with(|| row_key(cell));
        let Content {
            runs,
            series,
            events,
            numbers,
            failed: _,
        } = &mut parcel.content;
        *events += run.totals.events;
        let made = self.text.row(runs, key, replicate, &run);
        made.map_err(|error| Failure::Failed(error.to_string()))?;
        if self.with_series {
            series_text(series, key.cell, replicate, &run);
        }
        run.series = Vec::new();
        put_run(numbers, &run);
        Ok(())
    }

    fn bytes(&self, parcel: &Parcel) -> usize {
        let Content {
            runs,
            series,
            numbers,
            ..
        } = &parcel.content;
        let bytes = runs.capacity() + series.capacity() + numbers.capacity();
        bytes + size_of::<Parcel>()
    }

    fn shelve(&self, parcel: &mut Parcel) -> Result<bool, Failure> {
        let Content {
            mut runs,
            series,
            events,
            failed,
            numbers,
        } = std::mem::take(&mut parcel.content);
        parcel.content.events = events;
        // Few, as everything else is for nothing otherwise.
        parcel.content.failed = failed;
        let lengths = [runs.len(), series.len()];
        runs.extend(series);
        runs.extend(numbers);
        parcel.key = None;
        parcel.shelved = Some((self.shelf.put(&runs)?, lengths));
        Ok(true)
    }
}
