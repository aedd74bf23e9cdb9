//! How often a run asks for memory: not per event, and hardly at all once a run
//! of the same cell has finished.

use crate::common::cell;
use gossim::registry::Memory;
use gossim::run::run_in;

const BASE: &str = "nodes.count=500 stop.all_informed=false measure.series=false \
                    measure.contact=true network.loss=0.01";

/// Allocations and events of the third run of a cell of so many rounds (in the
/// second, the list of free blocks may still grow once).
fn third_run(settings: &str, rounds: u64) -> (u64, u64) {
    let cell = cell(&format!("{BASE} {settings} stop.rounds={rounds}"));
    let mut memory = Memory::default();
    let mut run = || run_in(&mut memory, &cell, 1, 0, &mut |_, _| ());
    (0..2).for_each(|_| drop(run()));
    let mut events = 0;
    let counted = allocation_counter::measure(|| events = run().totals.events);
    (counted.count_total, events)
}

/// About ten times the events, not one allocation more; the few that there are (tick
/// lane, sets of nodes, what the run's numbers are made of) are per run.
#[test]
fn no_allocation_per_event() {
    for protocol in [
        "push protocol.calls=always",
        "push protocol.fanout=3",
        "pull protocol.calls=always",
        "push-pull",
    ] {
        for clock in [
            "synchronous",
            r#"periodic network.latency={kind="exponential",mean="50ms"}"#,
            r#"poisson network.latency={kind="lognormal",median="40ms",sigma=0.5}"#,
        ] {
            let settings = format!("protocol.kind={protocol} clock.mode={clock}");
            let (few, events) = third_run(&settings, 30);
            let (many, ten_times) = third_run(&settings, 300);
            assert!(ten_times > 8 * events, "{settings}: {events} {ten_times}");
            assert_eq!(few, many, "{settings}");
            assert!(many < 30, "{settings}: {many}");
        }
    }
}
