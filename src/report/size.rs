//! How large a run will be, roughly, before it is run.

use crate::engine::Clock;
use crate::scenario::Cell;
use crate::stop::{Cause, StoppedBy};

/// About how many events one run of the cell has: exact but for who calls and
/// what is lost where the number of rounds is fixed; where the run ends when all
/// are informed, as if that took twice the rounds of push on a complete graph.
pub fn events_about(cell: &Cell) -> f64 {
    let setup = &cell.setup;
    let nodes = f64::from(setup.nodes);
    let calling = cell.protocol.calling();
    let calls = f64::from(setup.peers_drawn(calling.fanout.unwrap_or_default()));
    let whole = |rounds: f64| match setup.clock {
        Clock::Synchronous => libm::ceil(rounds),
        Clock::Periodic | Clock::Poisson => rounds,
    };
    let by_time = setup.stop.time.map(|t| whole(t.in_rounds(setup.period)));
    let by_rounds = setup.stop.rounds.map(|rounds| rounds as f64);
    let limit = by_time
        .unwrap_or(f64::INFINITY)
        .min(by_rounds.unwrap_or(f64::INFINITY));
    let spread = libm::log2(nodes) / libm::log2(1.0 + calls) + libm::log(nodes) / calls;
    let by_rumor = |stop: StoppedBy| matches!(stop.cause(), Cause::Goal | Cause::Rest);
    let rounds = match setup.stop.set().any(by_rumor) {
        true => limit.min(setup.workload.at.in_rounds(setup.period) + 2.0 * spread),
        false => limit,
    };
    let events =
        nodes * rounds * (1.0 + f64::from(calling.messages) * calls * (1.0 - setup.network.loss));
    events.min(
        setup
            .stop
            .max_events
            .map_or(f64::INFINITY, |most| most as f64),
    )
}
