//! All cells and replicates on rayon, results in a fixed order.
//!
//! Workers claim runs in order of (cell, replicate), some of one cell at a time
//! where they are short, make of them what can be made without the others (the
//! text of their rows), and hand that over. It is taken in order, whichever
//! thread was first, by one worker at a time while the others go on. What waits
//! for an earlier run is put out of memory beyond 16 MB, so that one long run
//! keeps nobody from working.
//!
//! Invariant: writes and prints nothing; a result does not depend on the number
//! of threads.

mod queue;

use crate::metrics::Run;
use crate::run::{self, Memory, Panicked};
use crate::scenario::{Cell, Error, Scenario};
use queue::{Batch, Queue};
use std::ops::Range;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Runs that are claimed at once have about so many events together.
const EVENTS_AT_ONCE: u64 = 100_000;

/// No more runs are claimed at once.
const RUNS_AT_ONCE_MAX: u64 = 128;

/// Why a sweep ended early.
#[derive(Debug)]
pub enum Stopped<E> {
    /// A cell could not be read again.
    Scenario(Error),
    /// Who makes something of runs, or takes it, refused.
    Taker(E),
    /// The threads could not be started.
    Threads(String),
}

/// Which runs of a scenario: run `cell * replicates + replicate`.
pub enum Selection {
    /// All of them.
    All,
    /// Listed, in this order.
    Listed(Vec<u64>),
}

impl Selection {
    fn count(&self, scenario: &Scenario) -> u64 {
        match self {
            Selection::All => scenario.cell_count() * scenario.replicates,
            Selection::Listed(runs) => runs.len() as u64,
        }
    }

    fn run(&self, place: u64) -> u64 {
        match self {
            Selection::All => place,
            Selection::Listed(runs) => runs[place as usize],
        }
    }
}

/// What workers make of runs before these are taken in order.
pub trait Clerk: Sync {
    /// Some runs of one cell, one after another.
    type Parcel: Default + Send;
    /// Why it can't go on.
    type Error: Send;

    /// The next run of a parcel: its numbers, or that it panicked.
    ///
    /// # Errors
    /// Stop the sweep.
    fn pack(
        &self,
        parcel: &mut Self::Parcel,
        cell: &Cell,
        replicate: u64,
        run: Result<Run, Panicked>,
    ) -> Result<(), Self::Error>;

    /// How much memory it takes, about.
    fn bytes(&self, parcel: &Self::Parcel) -> usize;

    /// Puts a parcel that has to wait out of memory; false if that can't be.
    ///
    /// # Errors
    /// Stop the sweep.
    fn shelve(&self, _parcel: &mut Self::Parcel) -> Result<bool, Self::Error> {
        Ok(false)
    }
}

/// Runs cells and replicates on `jobs` threads, though on no more than there are
/// runs. `take` gets what `clerk` made of them, in order; `finished` is told of
/// each run's end at once, in whatever order, to show progress.
///
/// # Errors
/// The first error of `clerk` or `take` stops the sweep.
pub fn run<C: Clerk>(
    scenario: &Scenario,
    selection: &Selection,
    jobs: usize,
    clerk: &C,
    take: impl FnMut(&Cell, C::Parcel) -> Result<(), C::Error> + Send,
    finished: impl Fn() + Sync,
) -> Result<(), Stopped<C::Error>> {
    let runs = selection.count(scenario);
    let threads = usize::try_from(runs).map_or(jobs, |runs| jobs.min(runs));
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.max(1))
        .build()
        .map_err(|error| Stopped::Threads(error.to_string()))?;
    let workers = Workers {
        scenario,
        selection,
        runs,
        clerk,
        ordered: Mutex::new(Ordered {
            next_run: 0,
            queue: Queue::default(),
            take: Some(take),
            is_stopped: false,
            error: None,
        }),
        moved: Condvar::new(),
    };
    pool.scope(|scope| {
        for _ in 0..pool.current_num_threads() {
            scope.spawn(|_| workers.work(&finished));
        }
    });
    let ordered = workers.ordered.into_inner();
    match ordered.unwrap_or_else(PoisonError::into_inner).error {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// The same, with each run as it is: `take` gets its cell, replicate and numbers, or
/// that it panicked.
///
/// # Errors
/// The first error of `take` stops the sweep.
pub fn run_plain<E: Send>(
    scenario: &Scenario,
    selection: &Selection,
    jobs: usize,
    mut take: impl FnMut(&Cell, u64, Result<Run, Panicked>) -> Result<(), E> + Send,
    finished: impl Fn() + Sync,
) -> Result<(), Stopped<E>> {
    let take = |cell: &Cell, parcel: PlainParcel| {
        let mut runs = parcel.into_iter();
        runs.try_for_each(|(replicate, run)| take(cell, replicate, run))
    };
    let clerk = Plain(std::marker::PhantomData);
    run(scenario, selection, jobs, &clerk, take, finished)
}

type PlainParcel = Vec<(u64, Result<Run, Panicked>)>;

/// Leaves runs as they are.
struct Plain<E>(std::marker::PhantomData<fn() -> E>);

impl<E: Send> Clerk for Plain<E> {
    type Parcel = PlainParcel;
    type Error = E;

    fn pack(
        &self,
        parcel: &mut PlainParcel,
        _: &Cell,
        replicate: u64,
        run: Result<Run, Panicked>,
    ) -> Result<(), E> {
        parcel.push((replicate, run));
        Ok(())
    }

    fn bytes(&self, parcel: &Self::Parcel) -> usize {
        let runs = parcel.iter().filter_map(|(_, run)| run.as_ref().ok());
        let points = runs.map(|run| run.series.len());
        points.sum::<usize>() * size_of::<crate::metrics::Point>()
            + parcel.len() * 2 * size_of::<Run>()
    }
}

/// What the workers share.
struct Workers<'s, C: Clerk, T> {
    scenario: &'s Scenario,
    selection: &'s Selection,
    runs: u64,
    clerk: &'s C,
    ordered: Mutex<Ordered<C, T>>,
    /// Told when something was taken, and when all is over.
    moved: Condvar,
}

struct Ordered<C: Clerk, T> {
    /// The first that nobody claimed.
    next_run: u64,
    queue: Queue<C::Parcel>,
    /// Not here while somebody takes.
    take: Option<T>,
    is_stopped: bool,
    error: Option<Stopped<C::Error>>,
}

impl<C: Clerk, T> Ordered<C, T> {
    /// Should nobody begin another run before some that wait are taken? Not
    /// while the first of them is still running: then they go to the shelf.
    fn is_full(&self) -> bool {
        self.queue.is_full() && (self.take.is_none() || !self.queue.can_shelve())
    }
}

/// What a worker knows of the cell that it worked on last, and what that left.
#[derive(Default)]
struct Desk {
    cell: Option<Arc<Cell>>,
    /// Events of its last run.
    events: u64,
    memory: Memory,
}

impl<C, T> Workers<'_, C, T>
where
    C: Clerk,
    T: FnMut(&Cell, C::Parcel) -> Result<(), C::Error>,
{
    fn work(&self, finished: &impl Fn()) {
        let _guard = EndOnPanic(self);
        let mut desk = Desk::default();
        while let Some(places) = self.claim(&desk) {
            let done = self.run_batch(&mut desk, places, finished);
            if let Err(error) = done.and_then(|batch| self.hand_over(batch)) {
                return self.stop(error);
            }
        }
    }

    /// The next runs to do, all of one cell; `None` at the end.
    fn claim(&self, desk: &Desk) -> Option<Range<u64>> {
        let mut ordered = self.lock();
        while ordered.is_full() && !ordered.is_stopped {
            ordered = self
                .moved
                .wait(ordered)
                .unwrap_or_else(PoisonError::into_inner);
        }
        let first = ordered.next_run;
        if ordered.is_stopped || first >= self.runs {
            return None;
        }
        let cell_of = |place| self.selection.run(place) / self.scenario.replicates;
        let cell = cell_of(first);
        let is_known = desk.cell.as_ref().is_some_and(|last| last.number == cell);
        let wanted = match is_known {
            true => (EVENTS_AT_ONCE / desk.events.max(1)).clamp(1, RUNS_AT_ONCE_MAX),
            false => 1,
        };
        let limit = self.runs.min(first + wanted);
        let end = (first..limit).find(|place| cell_of(*place) != cell);
        ordered.next_run = end.unwrap_or(limit);
        Some(first..ordered.next_run)
    }

    fn run_batch(
        &self,
        desk: &mut Desk,
        places: Range<u64>,
        finished: &impl Fn(),
    ) -> Result<Batch<C::Parcel>, Stopped<C::Error>> {
        let number = self.selection.run(places.start) / self.scenario.replicates;
        let cell = self.cell(&mut desk.cell, number)?;
        let mut parcel = C::Parcel::default();
        for place in places.clone() {
            let replicate = self.selection.run(place) % self.scenario.replicates;
            let (memory, seed) = (&mut desk.memory, self.scenario.seed);
            let run = run::try_run(memory, &cell, seed, replicate, &mut |_, _| ());
            if let Ok(run) = &run {
                desk.events = run.totals.events;
            }
            let packed = self.clerk.pack(&mut parcel, &cell, replicate, run);
            packed.map_err(Stopped::Taker)?;
            finished();
        }
        Ok(Batch {
            bytes: self.clerk.bytes(&parcel),
            places,
            number,
            cell: Some(cell),
            parcel,
        })
    }

    /// The cell of that number, in place of the last one.
    fn cell(
        &self,
        last: &mut Option<Arc<Cell>>,
        number: u64,
    ) -> Result<Arc<Cell>, Stopped<C::Error>> {
        if let Some(last) = last
            && last.number == number
        {
            return Ok(Arc::clone(last));
        }
        let read = self.scenario.cell(number).map_err(Stopped::Scenario)?;
        Ok(Arc::clone(last.insert(Arc::new(read))))
    }

    /// Puts a batch into the queue; takes what is at its front, unless another
    /// worker does.
    fn hand_over(&self, mut batch: Batch<C::Parcel>) -> Result<(), Stopped<C::Error>> {
        let mut ordered = self.lock();
        let waits = batch.places.start != ordered.queue.next();
        if waits && ordered.take.is_some() && ordered.queue.is_full() {
            drop(ordered);
            let shelved = self.clerk.shelve(&mut batch.parcel);
            let is_shelved = shelved.map_err(Stopped::Taker)?;
            ordered = self.lock();
            match is_shelved {
                true => batch.forget_cell(self.clerk.bytes(&batch.parcel)),
                false => ordered.queue.cannot_shelve(),
            }
        }
        ordered.queue.insert(batch);
        let Some(mut take) = ordered.take.take() else {
            return Ok(());
        };
        let mut last = None;
        while let Some(batch) = ordered.queue.pop().filter(|_| !ordered.is_stopped) {
            drop(ordered);
            let cell = match batch.cell {
                Some(cell) => cell,
                None => self.cell(&mut last, batch.number)?,
            };
            take(&cell, batch.parcel).map_err(Stopped::Taker)?;
            last = Some(cell);
            ordered = self.lock();
            self.moved.notify_all();
        }
        ordered.take = Some(take);
        Ok(())
    }

    fn stop(&self, error: Stopped<C::Error>) {
        self.lock().error.get_or_insert(error);
        self.end_work();
    }
}

/// A worker that panics ends the others' work too: they would wait for its result.
struct EndOnPanic<'t, 's, C: Clerk, T>(&'t Workers<'s, C, T>);

impl<C: Clerk, T> Drop for EndOnPanic<'_, '_, C, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.end_work();
        }
    }
}

impl<C: Clerk, T> Workers<'_, C, T> {
    /// Nobody begins another run, and nobody waits.
    fn end_work(&self) {
        self.lock().is_stopped = true;
        self.moved.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Ordered<C, T>> {
        self.ordered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invalid::Invalid;
    use crate::node::NodeId;
    use crate::protocol::{Context, Protocol, Size, World};
    use crate::registry::{Entry, PROTOCOLS};
    use crate::scenario::Overrides;
    use serde::{Deserialize, Serialize};
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
    use std::sync::mpsc;
    use std::time::Duration;

    /// Panics in the first tick of all, and never again.
    struct Fragile;

    #[derive(Serialize, Deserialize)]
    struct NoKeys {}

    static WHOLE: AtomicBool = AtomicBool::new(true);

    impl Protocol for Fragile {
        type Params = NoKeys;
        type Node = ();
        type Message = ();
        type Shared = ();

        fn new(_: NoKeys, _: &World) -> Result<Fragile, Invalid> {
            Ok(Fragile)
        }

        fn node(&self) {}

        fn write(&self, (): &mut (), _: &mut impl Context<Self>) {}

        fn tick(&self, (): &mut (), _: &mut impl Context<Self>) {
            assert!(!WHOLE.swap(false, Ordering::Relaxed), "broken on purpose");
        }

        fn answer(&self, (): &(), _: NodeId, (): &mut (), _: &mut impl Context<Self>) {}

        fn merge(&self, (): &mut (), _: NodeId, (): (), _: &mut impl Context<Self>) {}

        fn size(&self, (): &()) -> Size {
            Size::default()
        }
    }

    fn scenario(protocol: &str, replicates: u64) -> Scenario {
        let text = format!(
            "name = 'a'\nnodes.count = 1\nprotocol.kind = '{protocol}'\n\
             stop.rounds = 1\nsweep.replicates = {replicates}"
        );
        let fragile = Entry::of::<Fragile>("fragile", "breaks once");
        let protocols = [&[fragile], PROTOCOLS].concat();
        let overrides = Overrides::default();
        let scenario = Scenario::from_text(&text, "a.toml", &protocols, &overrides);
        scenario.expect("a scenario")
    }

    /// All runs of a small scenario: how many were taken, and those that panicked.
    fn sweep(protocol: &str, replicates: u64, jobs: usize) -> (u64, Vec<Panicked>) {
        let scenario = scenario(protocol, replicates);
        let (mut taken, mut failed) = (0, Vec::new());
        let take = |_: &Cell, replicate, run: Result<Run, Panicked>| {
            assert_eq!(replicate, taken, "in order");
            taken += 1;
            failed.extend(run.err());
            Ok::<(), ()>(())
        };
        run_plain(&scenario, &Selection::All, jobs, take, || {}).expect("a sweep");
        (taken, failed)
    }

    /// A protocol that panicked ended the program.
    #[test]
    fn a_panic_ends_neither_the_sweep_nor_another_run() {
        let (taken, failed) = sweep("fragile", 1000, 2);
        let [Panicked { message }] = &failed[..] else {
            panic!("{failed:?}");
        };
        assert_eq!(taken, 1000);
        let (words, place) = message.split_once(" (src/sweep/mod.rs:").expect(message);
        assert_eq!(words, "broken on purpose");
        assert!(place.ends_with(')'), "{place}");
    }

    /// The others waited for ever for the result of the worker that panicked.
    #[test]
    fn a_panic_of_who_takes_runs_ends_a_sweep() {
        let (ended, end) = mpsc::channel();
        std::thread::spawn(move || {
            let scenario = scenario("push", 1000);
            let take = |_: &Cell, replicate, _| {
                assert_ne!(replicate, 3, "on purpose");
                Ok::<(), ()>(())
            };
            let sweep = || run_plain(&scenario, &Selection::All, 2, take, || {}).is_ok();
            let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(sweep));
            ended.send(done.is_err())
        });
        assert_eq!(end.recv_timeout(Duration::from_secs(60)), Ok(true));
    }

    /// Threads were started, and memory taken, for as many as were asked for.
    #[test]
    fn more_jobs_than_runs_are_no_harm() {
        assert_eq!(sweep("push", 3, usize::MAX), (3, Vec::new()));
    }

    /// Parcels as large as a sixteenth of what may wait; the first run lasts
    /// until so many others are done.
    struct Heavy {
        others: u64,
        done: AtomicU64,
        shelved: Option<AtomicU64>,
    }

    impl Clerk for Heavy {
        type Parcel = (Vec<u64>, bool);
        type Error = &'static str;

        fn pack(
            &self,
            parcel: &mut Self::Parcel,
            _: &Cell,
            replicate: u64,
            _: Result<Run, Panicked>,
        ) -> Result<(), &'static str> {
            parcel.0.push(replicate);
            if replicate > 0 {
                self.done.fetch_add(1, Ordering::SeqCst);
                return Ok(());
            }
            for _ in 0..6000 {
                if self.done.load(Ordering::SeqCst) >= self.others {
                    return Ok(());
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            Err("the others wait for a long run")
        }

        fn bytes(&self, (runs, is_shelved): &Self::Parcel) -> usize {
            match is_shelved {
                true => 0,
                false => runs.len() << 20,
            }
        }

        fn shelve(&self, (_, is_shelved): &mut Self::Parcel) -> Result<bool, &'static str> {
            let Some(shelved) = &self.shelved else {
                return Ok(false);
            };
            assert!(!std::mem::replace(is_shelved, true), "once");
            shelved.fetch_add(1, Ordering::SeqCst);
            Ok(true)
        }
    }

    fn in_order(clerk: &Heavy, replicates: u64) {
        let mut next = 0;
        let take = |_: &Cell, (runs, _): (Vec<u64>, bool)| {
            for replicate in runs {
                assert_eq!(replicate, next);
                next += 1;
            }
            Ok(())
        };
        let scenario = scenario("push", replicates);
        run(&scenario, &Selection::All, 2, clerk, take, || {}).expect("a sweep");
        assert_eq!(next, replicates);
    }

    /// They waited, after 256 runs a thread.
    #[test]
    fn a_long_run_parks_nobody() {
        let clerk = Heavy {
            others: 2999,
            done: AtomicU64::new(0),
            shelved: Some(AtomicU64::new(0)),
        };
        in_order(&clerk, 3000);
        let shelved = clerk.shelved.map(AtomicU64::into_inner);
        assert!(shelved.is_some_and(|parcels| parcels > 3), "{shelved:?}");
    }

    #[test]
    fn what_cannot_be_shelved_makes_the_others_wait() {
        let clerk = Heavy {
            // Some more are claimed before it is known.
            others: 16,
            done: AtomicU64::new(0),
            shelved: None,
        };
        in_order(&clerk, 3000);
    }
}
