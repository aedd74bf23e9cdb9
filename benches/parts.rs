//! What the parts cost: each kind of draw, the event queue alone, single runs and
//! whole sweeps. `cargo bench --bench parts [-- queue]`.

#![allow(missing_docs)]

mod work;

use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// A stream of random numbers, as protocols have.
fn stream() -> gossim::random::Stream {
    let seeds = gossim::random::Seeds {
        master: 1,
        replicate: 0,
        cell: String::new(),
    };
    seeds.stream(gossim::random::StreamName::Protocol)
}

/// A step is a draw.
#[divan::bench_group(sample_size = 20_000)]
mod draws {
    use super::{Bencher, black_box, stream};
    use gossim::random::Distinct;

    #[divan::bench]
    fn bits(bencher: Bencher) {
        let mut stream = stream();
        bencher.bench_local(|| stream.bits());
    }

    #[divan::bench]
    fn below_1000(bencher: Bencher) {
        let mut stream = stream();
        bencher.bench_local(|| stream.below(1000));
    }

    #[divan::bench]
    fn exponential(bencher: Bencher) {
        let mut stream = stream();
        bencher.bench_local(|| stream.exponential());
    }

    #[divan::bench]
    fn normal(bencher: Bencher) {
        let mut stream = stream();
        bencher.bench_local(|| stream.normal());
    }

    #[divan::bench]
    fn distinct_3_of_1000(bencher: Bencher) {
        let mut stream = stream();
        let (mut distinct, mut drawn) = (Distinct::default(), Vec::new());
        bencher.bench_local(|| {
            drawn.clear();
            distinct.draw(&mut stream, 3, 1000, &mut drawn);
            black_box(&drawn);
        });
    }
}

/// The event queue alone, beside the standard library's binary heap. The hold
/// model (Jones 1986): so many events wait; a step takes the earliest out and puts
/// it in again an exponential latency later, whose draw is part of the step.
mod queue {
    use super::{Bencher, black_box, stream};
    use gossim::engine::Queue;
    use gossim::time::Time;
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    /// As large as a message under way in the engine.
    type Event = [u32; 3];
    const MEAN_NS: f64 = 50e6;

    trait Waiting {
        fn new(events: u32) -> Self;
        fn put(&mut self, time: u64, event: Event);
        fn take(&mut self) -> Option<(u64, Event)>;
    }

    type Wheel = Queue<Event>;

    impl Waiting for Wheel {
        fn new(events: u32) -> Wheel {
            Queue::new(f64::from(events) / MEAN_NS)
        }

        fn put(&mut self, time: u64, event: Event) {
            self.push(Time(time), event);
        }

        fn take(&mut self) -> Option<(u64, Event)> {
            let time = self.next_before(Time::NEVER).0;
            self.pop().map(|event| (time, event))
        }
    }

    /// Time, sequence, event.
    #[derive(Default)]
    struct Heap {
        heap: BinaryHeap<(Reverse<u64>, Reverse<u64>, Event)>,
        sequence: u64,
    }

    impl Waiting for Heap {
        fn new(_: u32) -> Heap {
            Heap::default()
        }

        fn put(&mut self, time: u64, event: Event) {
            self.heap
                .push((Reverse(time), Reverse(self.sequence), event));
            self.sequence += 1;
        }

        fn take(&mut self) -> Option<(u64, Event)> {
            let (Reverse(time), _, event) = self.heap.pop()?;
            Some((time, event))
        }
    }

    #[divan::bench(
        types = [Wheel, Heap],
        args = [1_000, 10_000, 100_000, 1_000_000],
        // A sample is longer than a turn of the wheel, whose cost it shares out.
        sample_count = 9,
        sample_size = 1_000_000,
    )]
    fn hold<W: Waiting>(bencher: Bencher, events: u32) {
        let mut stream = stream();
        let mut latency = move || (stream.exponential() * MEAN_NS) as u64;
        let mut queue = W::new(events);
        (0..events).for_each(|event| queue.put(latency(), [event; 3]));
        let mut step = move || {
            if let Some((now, event)) = queue.take() {
                queue.put(now + latency(), event);
            }
        };
        // Each event once, to let caches and the wheel's buckets settle.
        (0..events).for_each(|_| step());
        bencher.bench_local(|| black_box(&mut step)());
    }
}

/// A step is a whole run, always the same one, in the memory of the run before.
#[divan::bench_group(max_time = 3)]
mod runs {
    use super::{Bencher, work};
    use divan::counter::ItemsCount;
    use gossim::scenario::Cell;

    /// Counts a run's events, which gives events a second.
    fn bench(bencher: Bencher, cell: Cell) {
        let runner = work::Runner::new(cell);
        let events = runner.run(0).totals.events;
        bencher
            .counter(ItemsCount::new(events))
            .bench_local(|| runner.run(0).digest);
    }

    #[divan::bench(args = [1_000, 10_000, 100_000, 1_000_000])]
    fn w1(bencher: Bencher, nodes: u32) {
        bench(bencher, work::continuous(nodes, "push-pull", 1));
    }

    #[divan::bench(args = [1_000, 10_000, 100_000, 1_000_000])]
    fn w2(bencher: Bencher, nodes: u32) {
        bench(bencher, work::continuous(nodes, "push", 3));
    }

    #[divan::bench(args = [1_000])]
    fn w3(bencher: Bencher, nodes: u32) {
        bench(bencher, work::synchronous(nodes));
    }
}

/// A step is a whole sweep, without files.
#[divan::bench_group(sample_count = 7, sample_size = 1)]
mod sweeps {
    use super::{Bencher, work};

    #[divan::bench]
    fn w4_on_two_threads(bencher: Bencher) {
        let scenario = work::contact_probability();
        bencher.bench_local(|| work::sweep(&scenario, 2));
    }

    #[divan::bench(args = [1, 2])]
    fn thousand_runs_of_w1_on_threads(bencher: Bencher, threads: usize) {
        let scenario = work::thousand_runs();
        bencher.bench_local(|| work::sweep(&scenario, threads));
    }
}
