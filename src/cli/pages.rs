//! Pages of numbers that a report puts aside, kept on the disk.

use crate::report::Aside;
use crate::store::{Place, Shelf};
use crate::tables::FileError;
use std::path::PathBuf;

/// Each is taken once.
pub struct Pages {
    shelf: Shelf,
    places: Vec<Place>,
    taken: usize,
}

impl Pages {
    /// In a file without a name in this directory.
    pub fn new(dir: PathBuf) -> Pages {
        Pages {
            shelf: Shelf::new(dir),
            places: Vec::new(),
            taken: 0,
        }
    }
}

impl Aside for Pages {
    fn put(&mut self, page: &[u8]) -> Result<usize, FileError> {
        if self.taken == self.places.len() {
            self.places.clear();
            self.taken = 0;
        }
        self.places.push(self.shelf.put(page)?);
        Ok(self.places.len() - 1)
    }

    fn take(&mut self, page: usize) -> Result<Vec<u8>, FileError> {
        self.taken += 1;
        self.shelf.take(self.places[page])
    }
}
