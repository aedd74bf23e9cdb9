//! What was worked out for the cells of a sweep, once for all that share it.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The numbers that a law's work depends on; reals by their bits.
pub(super) type Key = Vec<u64>;

/// For the curves of a sweep that nothing else needs, in nanoseconds or so: 20
/// seconds.
const CURVES_WORK_MAX: f64 = 2e10;

/// What laws have worked out so far.
#[derive(Default)]
pub struct Worked {
    known: BTreeMap<(TypeId, &'static str, Key), Arc<dyn Any + Send + Sync>>,
    /// What was spent on curves.
    curve_work: f64,
}

impl Worked {
    /// What the law of this name has of type `T` under this key; worked out where
    /// it has none yet.
    pub(super) fn get<T: Any + Send + Sync>(
        &mut self,
        law: &'static str,
        key: &Key,
        work_out: impl FnOnce() -> T,
    ) -> Arc<T> {
        let place = (TypeId::of::<T>(), law, key.clone());
        let known = self.known.get(&place).cloned();
        // The key holds the type: what is found is of it.
        if let Some(Ok(known)) = known.map(Arc::downcast) {
            return known;
        }
        let new = Arc::new(work_out());
        self.known.insert(place, Arc::clone(&new) as _);
        new
    }

    /// Is it worked out already?
    pub(super) fn has<T: Any>(&self, law: &'static str, key: &Key) -> bool {
        let place = (TypeId::of::<T>(), law, key.clone());
        self.known.contains_key(&place)
    }

    /// May a curve take so much more time? If so, it is spent.
    pub(super) fn spend_on_curve(&mut self, work: f64) -> bool {
        let is_affordable = self.curve_work + work <= CURVES_WORK_MAX;
        if is_affordable {
            self.curve_work += work;
        }
        is_affordable
    }

    /// How much is known.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.known.len()
    }

    /// As if curves had taken so much time already.
    #[cfg(test)]
    pub(super) fn spend(&mut self, work: f64) {
        self.curve_work += work;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_worked_out_once_for_its_law_key_and_type() {
        let mut worked = Worked::default();
        let mut get = |law, key: u64, value: u64| *worked.get(law, &vec![key], || value);
        assert_eq!(get("a", 1, 10), 10);
        assert_eq!(get("a", 1, 11), 10);
        assert_eq!(get("a", 2, 12), 12);
        assert_eq!(get("b", 1, 13), 13);
        assert_eq!(*worked.get("a", &vec![1], || "other"), "other");
        assert!(worked.has::<u64>("a", &vec![2]) && !worked.has::<u64>("c", &vec![2]));
        assert_eq!(worked.count(), 4);
    }

    #[test]
    fn curves_have_so_much_time_and_no_more() {
        let mut worked = Worked::default();
        assert!(worked.spend_on_curve(1.5e10));
        assert!(!worked.spend_on_curve(1e10));
        assert!(worked.spend_on_curve(5e9) && !worked.spend_on_curve(1.0));
    }
}
