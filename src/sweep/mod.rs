//! All cells and replicates on rayon, results in a fixed order.
//!
//! Workers take the runs in order of (cell, replicate) and hand the results
//! over in that order too, whichever thread finished first. A worker that runs
//! too far ahead waits, so memory is bounded.
//!
//! Invariant: writes and prints nothing; a result does not depend on the number
//! of threads.

use crate::metrics::Run;
use crate::run;
use crate::scenario::{Cell, Error, Scenario};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Finished runs that wait for an earlier one: at most so many a thread.
const AHEAD_MAX: u64 = 256;

/// Why a sweep ended early.
#[derive(Debug)]
pub enum Stopped<E> {
    /// A cell could not be read again.
    Scenario(Error),
    /// The taker of results refused one.
    Taker(E),
    /// The threads could not be started.
    Threads(String),
}

/// Which runs of a scenario: run `cell * replicates + replicate`.
pub enum Selection {
    /// All of them.
    All,
    /// These, in this order.
    Listed(Vec<u64>),
}

impl Selection {
    fn count(&self, scenario: &Scenario) -> u64 {
        match self {
            Selection::All => scenario.cell_count() * scenario.replicates,
            Selection::Listed(runs) => runs.len() as u64,
        }
    }

    fn number(&self, place: u64) -> u64 {
        match self {
            Selection::All => place,
            Selection::Listed(runs) => runs[place as usize],
        }
    }
}

/// Runs cells and replicates on `jobs` threads, though on no more than there are
/// runs. `take` gets each run's cell, replicate and numbers, in order; `finished`
/// is told of each run's end at once, in whatever order, to show progress.
///
/// # Errors
/// The first error of `take` stops the sweep.
pub fn run<E: Send>(
    scenario: &Scenario,
    selection: &Selection,
    jobs: usize,
    take: impl FnMut(&Cell, u64, Run) -> Result<(), E> + Send,
    finished: impl Fn() + Sync,
) -> Result<(), Stopped<E>> {
    let runs = selection.count(scenario);
    let threads = usize::try_from(runs).map_or(jobs, |runs| jobs.min(runs));
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.max(1))
        .build()
        .map_err(|error| Stopped::Threads(error.to_string()))?;
    let threads = pool.current_num_threads();
    let workers = Workers {
        runs,
        ahead: AHEAD_MAX * threads as u64,
        next_job: AtomicU64::new(0),
        stopped: AtomicBool::new(false),
        ordered: Mutex::new(Ordered {
            next: 0,
            waiting: BTreeMap::new(),
            take,
            error: None,
        }),
        moved: Condvar::new(),
    };
    pool.scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|_| workers.work(scenario, selection, &finished));
        }
    });
    let ordered = workers.ordered.into_inner();
    match ordered.unwrap_or_else(PoisonError::into_inner).error {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// What the workers share.
struct Workers<T, E> {
    runs: u64,
    ahead: u64,
    next_job: AtomicU64,
    stopped: AtomicBool,
    ordered: Mutex<Ordered<T, E>>,
    moved: Condvar,
}

/// Results that wait for their turn.
struct Ordered<T, E> {
    next: u64,
    waiting: BTreeMap<u64, Done>,
    take: T,
    error: Option<Stopped<E>>,
}

struct Done {
    cell: Arc<Cell>,
    replicate: u64,
    run: Run,
}

impl<E, T: FnMut(&Cell, u64, Run) -> Result<(), E>> Workers<T, E> {
    fn work(&self, scenario: &Scenario, selection: &Selection, finished: &(impl Fn() + Sync)) {
        let _guard = EndOnPanic(self);
        let mut current: Option<Arc<Cell>> = None;
        while let Some(job) = self.claim() {
            let run = selection.number(job);
            let number = run / scenario.replicates;
            let replicate = run % scenario.replicates;
            let cell = match current.take().filter(|cell| cell.number == number) {
                Some(cell) => cell,
                None => match scenario.cell(number) {
                    Ok(cell) => Arc::new(cell),
                    Err(error) => return self.stop(self.lock(), Stopped::Scenario(error)),
                },
            };
            current = Some(Arc::clone(&cell));
            let run = run::run(&cell, scenario.seed, replicate);
            finished();
            let done = Done {
                cell,
                replicate,
                run,
            };
            self.hand_over(job, done);
        }
    }

    /// The next run to do, once it is not too far ahead; `None` at the end.
    fn claim(&self) -> Option<u64> {
        let job = self.next_job.fetch_add(1, Ordering::Relaxed);
        if job >= self.runs {
            return None;
        }
        let mut ordered = self.lock();
        while job >= ordered.next + self.ahead && !self.stopped.load(Ordering::Relaxed) {
            ordered = self
                .moved
                .wait(ordered)
                .unwrap_or_else(PoisonError::into_inner);
        }
        (!self.stopped.load(Ordering::Relaxed)).then_some(job)
    }

    fn hand_over(&self, job: u64, done: Done) {
        let mut ordered = self.lock();
        ordered.waiting.insert(job, done);
        while let Some(done) = {
            let next = ordered.next;
            ordered.waiting.remove(&next)
        } {
            ordered.next += 1;
            if let Err(error) = (ordered.take)(&done.cell, done.replicate, done.run) {
                return self.stop(ordered, Stopped::Taker(error));
            }
        }
        self.moved.notify_all();
    }

    fn stop(&self, mut ordered: MutexGuard<'_, Ordered<T, E>>, error: Stopped<E>) {
        ordered.error.get_or_insert(error);
        self.end_early(ordered);
    }
}

/// A worker that panics ends the others, which would wait for its result.
struct EndOnPanic<'w, T, E>(&'w Workers<T, E>);

impl<T, E> Drop for EndOnPanic<'_, T, E> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.end_early(self.0.lock());
        }
    }
}

impl<T, E> Workers<T, E> {
    /// Nobody begins another run, and nobody waits.
    fn end_early(&self, _ordered: MutexGuard<'_, Ordered<T, E>>) {
        self.stopped.store(true, Ordering::Relaxed);
        self.moved.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Ordered<T, E>> {
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

    /// All runs of a small scenario; how many were taken.
    fn sweep(protocol: &str, replicates: u64, jobs: usize) -> u64 {
        let text = format!(
            "name = 'a'\nnodes.count = 1\nprotocol.kind = '{protocol}'\n\
             stop.rounds = 1\nsweep.replicates = {replicates}"
        );
        let fragile = Entry::of::<Fragile>("fragile", "breaks once");
        let protocols = [&[fragile], PROTOCOLS].concat();
        let overrides = Overrides::default();
        let scenario = Scenario::from_text(&text, "a.toml", &protocols, &overrides);
        let scenario = scenario.expect("a scenario");
        let mut taken = 0;
        let take = |_: &Cell, _, _| {
            taken += 1;
            Ok::<(), ()>(())
        };
        run(&scenario, &Selection::All, jobs, take, || {}).expect("a sweep");
        taken
    }

    /// The others waited for ever for the result of the worker that panicked.
    #[test]
    fn a_panic_ends_a_sweep() {
        let (ended, end) = mpsc::channel();
        std::thread::spawn(move || {
            let done = std::panic::catch_unwind(|| sweep("fragile", 4 * AHEAD_MAX, 2));
            ended.send(done.is_err())
        });
        assert_eq!(end.recv_timeout(Duration::from_secs(60)), Ok(true));
    }

    /// Threads were started, and memory taken, for as many as were asked for.
    #[test]
    fn more_jobs_than_runs_are_no_harm() {
        assert_eq!(sweep("push", 3, usize::MAX), 3);
    }
}
