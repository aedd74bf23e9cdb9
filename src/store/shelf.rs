//! Where what must wait is kept out of memory: a file without a name, gone with
//! the process.

use crate::tables::FileError;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Bytes on a disk, by place. Its file is made when first something is put there.
pub struct Shelf {
    dir: PathBuf,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    file: Option<File>,
    end: u64,
    pieces: u64,
}

/// Where a piece is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    at: u64,
    bytes: usize,
}

impl Shelf {
    /// In this directory, which must be there when first something is put.
    pub fn new(dir: PathBuf) -> Shelf {
        Shelf {
            dir,
            held: Mutex::default(),
        }
    }

    /// Puts a piece there.
    ///
    /// # Errors
    /// The disk is full, or broken.
    pub fn put(&self, piece: &[u8]) -> Result<Place, FileError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let put = held.put(&self.dir, piece);
        put.map_err(|cause| FileError::disk(&self.dir, "keep rows here until their turn", &cause))
    }

    /// Takes it from there: once.
    ///
    /// # Errors
    /// The disk is broken.
    pub fn take(&self, place: Place) -> Result<Vec<u8>, FileError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = held.take(place);
        taken.map_err(|cause| FileError::disk(&self.dir, "read back rows kept here", &cause))
    }
}

impl Held {
    fn put(&mut self, dir: &Path, piece: &[u8]) -> io::Result<Place> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile_in(dir)?,
        };
        file.seek(SeekFrom::Start(self.end))?;
        let written = file.write_all(piece);
        self.file = Some(file);
        written?;
        let place = Place {
            at: self.end,
            bytes: piece.len(),
        };
        self.end += piece.len() as u64;
        self.pieces += 1;
        Ok(place)
    }

    fn take(&mut self, place: Place) -> io::Result<Vec<u8>> {
        let mut piece = vec![0; place.bytes];
        if let Some(file) = &mut self.file {
            file.seek(SeekFrom::Start(place.at))?;
            file.read_exact(&mut piece)?;
        }
        self.pieces -= 1;
        if self.pieces == 0 {
            // All is taken: its room is used again.
            self.end = 0;
        }
        Ok(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_taken_in_any_order_and_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(dir.path().to_path_buf());
        for round in 0..2u8 {
            let piece = |k: u8| vec![round + k; 1000 * usize::from(k)];
            let places: Vec<Place> = (0..5).map(|k| shelf.put(&piece(k)).unwrap()).collect();
            assert_eq!(places[0].at, 0, "the room of what was taken is used again");
            for k in [3, 0, 4, 1, 2] {
                assert_eq!(shelf.take(places[usize::from(k)]).unwrap(), piece(k));
            }
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_place_that_is_gone_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(dir.path().join("gone"));
        let error = shelf.put(b"a").unwrap_err().to_string();
        assert!(error.contains("gone: cannot keep rows here"), "{error}");
    }
}
