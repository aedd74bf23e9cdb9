//! The values of a column over the runs of a cell, which may be more than memory
//! should hold: full pages are then put aside and read back once.

use crate::tables::FileError;

/// Values that are put aside together: 32 kB.
const PAGE: usize = 4096;

/// Where pages are put aside; a room that writes files does it.
pub trait Aside {
    /// Puts a page aside; gives what to take it back by.
    ///
    /// # Errors
    /// The disk is full, or broken.
    fn put(&mut self, page: &[u8]) -> Result<usize, FileError>;

    /// Takes a page back: once.
    ///
    /// # Errors
    /// The disk is broken.
    fn take(&mut self, page: usize) -> Result<Vec<u8>, FileError>;
}

/// In the order in which they were added.
#[derive(Default)]
pub struct Values {
    aside: Vec<usize>,
    last: Vec<f64>,
}

impl Values {
    /// One more; a full page is put aside, where there is a place for it.
    ///
    /// # Errors
    /// The place's.
    pub fn add(&mut self, value: f64, place: Option<&mut dyn Aside>) -> Result<(), FileError> {
        self.last.push(value);
        let Some(place) = place.filter(|_| self.last.len() == PAGE) else {
            return Ok(());
        };
        let bytes: Vec<u8> = self.last.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.aside.push(place.put(&bytes)?);
        self.last.clear();
        Ok(())
    }

    /// All of them; none is left.
    ///
    /// # Errors
    /// The place's.
    pub fn take(&mut self, place: Option<&mut dyn Aside>) -> Result<Vec<f64>, FileError> {
        let Some(place) = place.filter(|_| !self.aside.is_empty()) else {
            return Ok(std::mem::take(&mut self.last));
        };
        let mut all = Vec::with_capacity(self.aside.len() * PAGE + self.last.len());
        for page in self.aside.drain(..) {
            let page = place.take(page)?;
            let (numbers, _) = page.as_chunks();
            all.extend(numbers.iter().map(|bytes| f64::from_le_bytes(*bytes)));
        }
        all.append(&mut self.last);
        Ok(all)
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Pages in memory, each to be taken once.
    #[derive(Default)]
    pub struct Pages(pub Vec<Option<Vec<u8>>>);

    impl Aside for Pages {
        fn put(&mut self, page: &[u8]) -> Result<usize, FileError> {
            self.0.push(Some(page.to_vec()));
            Ok(self.0.len() - 1)
        }

        fn take(&mut self, page: usize) -> Result<Vec<u8>, FileError> {
            Ok(self.0[page].take().expect("once"))
        }
    }

    #[test]
    fn values_come_back_in_order_to_the_last_bit() {
        let all: Vec<f64> = (0..PAGE * 2 + 7).map(|k| 1.0 / (k as f64 + 0.1)).collect();
        let mut pages = Pages::default();
        let mut values = Values::default();
        for round in 1..=2 {
            for &value in &all {
                values.add(value, Some(&mut pages)).unwrap();
            }
            assert_eq!(pages.0.len(), 2 * round, "full pages only");
            assert!(values.last.capacity() <= PAGE, "no more in memory");
            assert_eq!(values.take(Some(&mut pages)).unwrap(), all);
            assert!(values.take(Some(&mut pages)).unwrap().is_empty());
        }
        all.iter()
            .for_each(|value| values.add(*value, None).unwrap());
        assert_eq!(values.take(None).unwrap(), all);
    }
}
