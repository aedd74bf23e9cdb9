//! What was handed over and waits for its turn.

use crate::scenario::Cell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// So much may wait in memory, in bytes; the rest goes to the shelf.
const BYTES_MAX: usize = 16 << 20;

/// So many batches may wait, wherever they are.
const BATCHES_MAX: usize = 1 << 20;

/// About what a cell takes: its settings.
const CELL_BYTES: usize = 4096;

/// Some runs of one cell.
pub struct Batch<P> {
    /// Their places in the order of all.
    pub places: Range<u64>,
    /// The cell's number.
    pub number: u64,
    /// The cell, unless it was forgotten to save memory.
    pub cell: Option<Arc<Cell>>,
    /// What was made of them.
    pub parcel: P,
    /// The memory that the parcel takes.
    pub bytes: usize,
}

impl<P> Batch<P> {
    /// It was shelved: only so many bytes of the parcel are left in memory.
    pub fn forget_cell(&mut self, bytes: usize) {
        self.cell = None;
        self.bytes = bytes;
    }

    fn weight(&self) -> usize {
        self.bytes + self.cell.as_ref().map_or(0, |_| CELL_BYTES)
    }
}

/// Batches by place.
pub struct Queue<P> {
    next: u64,
    waiting: BTreeMap<u64, Batch<P>>,
    bytes: usize,
    can_shelve: bool,
}

impl<P> Default for Queue<P> {
    fn default() -> Queue<P> {
        Queue {
            next: 0,
            waiting: BTreeMap::new(),
            bytes: 0,
            can_shelve: true,
        }
    }
}

impl<P> Queue<P> {
    /// The place of the batch that is to be taken next.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// One more waits.
    pub fn insert(&mut self, batch: Batch<P>) {
        self.bytes += batch.weight();
        self.waiting.insert(batch.places.start, batch);
    }

    /// The next one, if it is there.
    pub fn pop(&mut self) -> Option<Batch<P>> {
        let batch = self.waiting.remove(&self.next)?;
        self.next = batch.places.end;
        self.bytes -= batch.weight();
        Some(batch)
    }

    /// Does as much wait in memory as may?
    pub fn is_full(&self) -> bool {
        self.bytes >= BYTES_MAX || self.waiting.len() >= BATCHES_MAX
    }

    /// May what has to wait be put out of memory?
    pub fn can_shelve(&self) -> bool {
        self.can_shelve && self.waiting.len() < BATCHES_MAX
    }

    /// No: who runs ahead must wait.
    pub fn cannot_shelve(&mut self) {
        self.can_shelve = false;
    }
}
