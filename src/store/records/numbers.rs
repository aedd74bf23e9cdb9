//! The numbers of a run as bytes, and back: all that its rows rest on.
//!
//! A series is stored as differences of differences: its times lie on a
//! regular grid, and what spreads does so smoothly.

use super::varint::{
    Damaged, put, put_option, put_signed, put_text, put_wide, take, take_option, take_signed,
    take_text, take_wide,
};
use crate::metrics::{
    Arrivals, ArrivalsParts, Contacts, ContactsParts, Hops, OnTheWay, POINTS_MAX, Point, Reached,
    Run, RunDigest, Totals,
};
use crate::stop::StoppedBy;
use crate::time::{Duration, Time};
use std::borrow::Cow;

/// Appends the numbers of a run.
pub fn put_run(bytes: &mut Vec<u8>, run: &Run) {
    // By name and without `..`: a number that is added can't be forgotten here.
    let Run {
        nodes,
        period,
        arrivals,
        totals,
        own,
        in_flight,
        on_the_way,
        contacts,
        series,
        hops,
        ended,
        stopped_by,
        digest,
    } = run;
    put(bytes, u64::from(*nodes));
    put(bytes, period.0);
    put_arrivals(bytes, &arrivals.parts());
    put_totals(bytes, totals);
    put_own(bytes, own);
    put(bytes, *in_flight);
    put_way(bytes, on_the_way.as_ref());
    put_contacts(bytes, contacts.as_ref());
    put_hops(bytes, *hops);
    put(bytes, ended.0);
    put_text(bytes, stopped_by.text());
    bytes.extend(digest.0.to_le_bytes());
    put_series(bytes, series);
}

/// Takes the numbers of a run off the front.
pub fn take_run(bytes: &mut &[u8]) -> Result<Run, Damaged> {
    Ok(Run {
        nodes: take_small(bytes)?,
        period: Duration(take(bytes)?),
        arrivals: Arrivals::of_parts(take_arrivals(bytes)?),
        totals: take_totals(bytes)?,
        own: take_own(bytes)?,
        in_flight: take(bytes)?,
        on_the_way: take_way(bytes)?,
        contacts: take_contacts(bytes)?,
        hops: take_hops(bytes)?,
        ended: Duration(take(bytes)?),
        stopped_by: take_stop(bytes)?,
        digest: RunDigest(take_digest(bytes)?),
        series: take_series(bytes)?,
    })
}

fn take_small(bytes: &mut &[u8]) -> Result<u32, Damaged> {
    take(bytes)?.try_into().map_err(|_| Damaged)
}

/// By name: stops are added in the middle of their list.
fn take_stop(bytes: &mut &[u8]) -> Result<StoppedBy, Damaged> {
    let name = take_text(bytes)?;
    let mut stops = StoppedBy::ALL.iter().copied();
    stops.find(|stop| stop.text() == name).ok_or(Damaged)
}

fn take_digest(bytes: &mut &[u8]) -> Result<u64, Damaged> {
    let (digest, rest) = bytes.split_first_chunk().ok_or(Damaged)?;
    *bytes = rest;
    Ok(u64::from_le_bytes(*digest))
}

fn put_arrivals(bytes: &mut Vec<u8>, parts: &ArrivalsParts) {
    let ArrivalsParts {
        nodes,
        informed,
        written_at,
        sources,
        majority,
        thresholds,
        sum,
        last,
    } = parts;
    put(bytes, u64::from(*nodes));
    put(bytes, u64::from(*informed));
    put(bytes, written_at.0);
    put(bytes, u64::from(*sources));
    put_option(bytes, majority.map(|at| at.0));
    put(bytes, thresholds.len() as u64);
    for (percent, reached) in thresholds {
        bytes.push(*percent);
        put_option(bytes, reached.map(|reached| reached.elapsed.0));
        if let Some(reached) = reached {
            put(bytes, reached.sent);
        }
    }
    put_wide(bytes, *sum);
    put_option(bytes, last.map(|at| at.0));
}

fn take_arrivals(bytes: &mut &[u8]) -> Result<ArrivalsParts, Damaged> {
    Ok(ArrivalsParts {
        nodes: take_small(bytes)?,
        informed: take_small(bytes)?,
        written_at: Time(take(bytes)?),
        sources: take_small(bytes)?,
        majority: take_option(bytes)?.map(Duration),
        thresholds: take_thresholds(bytes)?,
        sum: take_wide(bytes)?,
        last: take_option(bytes)?.map(Duration),
    })
}

fn take_thresholds(bytes: &mut &[u8]) -> Result<Vec<(u8, Option<Reached>)>, Damaged> {
    let count = take(bytes)?;
    // A percentage each: no more than there are.
    let mut thresholds = Vec::with_capacity(count.min(100) as usize);
    for _ in 0..count {
        let (&percent, rest) = bytes.split_first().ok_or(Damaged)?;
        *bytes = rest;
        let reached = match take_option(bytes)?.map(Duration) {
            Some(elapsed) => Some(Reached {
                elapsed,
                sent: take(bytes)?,
            }),
            None => None,
        };
        thresholds.push((percent, reached));
    }
    Ok(thresholds)
}

fn put_totals(bytes: &mut Vec<u8>, totals: &Totals) {
    let Totals {
        events,
        sent,
        delivered,
        lost,
        redundant,
        updates,
        updates_ended,
        removed,
        calls_by_informed,
        bytes: size,
    } = *totals;
    let counted = [events, sent, delivered, lost, redundant, updates];
    let further = [updates_ended, u64::from(removed), calls_by_informed, size];
    for number in counted.into_iter().chain(further) {
        put(bytes, number);
    }
}

fn take_totals(bytes: &mut &[u8]) -> Result<Totals, Damaged> {
    Ok(Totals {
        events: take(bytes)?,
        sent: take(bytes)?,
        delivered: take(bytes)?,
        lost: take(bytes)?,
        redundant: take(bytes)?,
        updates: take(bytes)?,
        updates_ended: take(bytes)?,
        removed: take_small(bytes)?,
        calls_by_informed: take(bytes)?,
        bytes: take(bytes)?,
    })
}

/// By name: a protocol of one's own may have any.
fn put_own(bytes: &mut Vec<u8>, own: &[(Cow<'static, str>, u64)]) {
    put(bytes, own.len() as u64);
    for (name, count) in own {
        put_text(bytes, name);
        put(bytes, *count);
    }
}

fn take_own(bytes: &mut &[u8]) -> Result<Vec<(Cow<'static, str>, u64)>, Damaged> {
    let count = take(bytes)?;
    let mut own = Vec::new();
    for _ in 0..count {
        own.push((Cow::Owned(take_text(bytes)?), take(bytes)?));
    }
    Ok(own)
}

fn put_way(bytes: &mut Vec<u8>, way: Option<&OnTheWay>) {
    let Some(way) = way else {
        return put_option(bytes, None);
    };
    let OnTheWay {
        lost_loss,
        lost_cut,
        lost_queue,
        duplicated,
        queued,
        queued_ns,
        queued_max,
    } = *way;
    put_option(bytes, Some(lost_loss));
    for number in [lost_cut, lost_queue, duplicated, queued, queued_max.0] {
        put(bytes, number);
    }
    put_wide(bytes, queued_ns);
}

fn take_way(bytes: &mut &[u8]) -> Result<Option<OnTheWay>, Damaged> {
    let Some(lost_loss) = take_option(bytes)? else {
        return Ok(None);
    };
    Ok(Some(OnTheWay {
        lost_loss,
        lost_cut: take(bytes)?,
        lost_queue: take(bytes)?,
        duplicated: take(bytes)?,
        queued: take(bytes)?,
        queued_max: Duration(take(bytes)?),
        queued_ns: take_wide(bytes)?,
    }))
}

fn put_contacts(bytes: &mut Vec<u8>, contacts: Option<&Contacts>) {
    let Some(contacts) = contacts else {
        return put_option(bytes, None);
    };
    let ContactsParts {
        to_skip,
        contacted,
        windows,
    } = contacts.parts();
    put_option(bytes, Some(windows));
    put(bytes, contacted);
    put(bytes, to_skip);
}

fn take_contacts(bytes: &mut &[u8]) -> Result<Option<Contacts>, Damaged> {
    let Some(windows) = take_option(bytes)? else {
        return Ok(None);
    };
    Ok(Some(Contacts::of_parts(ContactsParts {
        windows,
        contacted: take(bytes)?,
        to_skip: take(bytes)?,
    })))
}

fn put_hops(bytes: &mut Vec<u8>, hops: Option<Hops>) {
    let Some(Hops { nodes, sum, last }) = hops else {
        return put_option(bytes, None);
    };
    put_option(bytes, Some(sum));
    put(bytes, u64::from(nodes));
    put(bytes, u64::from(last));
}

fn take_hops(bytes: &mut &[u8]) -> Result<Option<Hops>, Damaged> {
    let Some(sum) = take_option(bytes)? else {
        return Ok(None);
    };
    Ok(Some(Hops {
        sum,
        nodes: take_small(bytes)?,
        last: take_small(bytes)?,
    }))
}

/// A number and how it grew, the last time.
#[derive(Default)]
struct Steady {
    last: u64,
    step: u64,
}

impl Steady {
    fn put(&mut self, bytes: &mut Vec<u8>, number: u64) {
        let step = number.wrapping_sub(self.last);
        put_signed(bytes, step.wrapping_sub(self.step) as i64);
        *self = Steady { last: number, step };
    }

    fn take(&mut self, bytes: &mut &[u8]) -> Result<u64, Damaged> {
        self.step = self.step.wrapping_add(take_signed(bytes)? as u64);
        self.last = self.last.wrapping_add(self.step);
        Ok(self.last)
    }
}

fn put_series(bytes: &mut Vec<u8>, series: &[Point]) {
    put(bytes, series.len() as u64);
    let [mut times, mut informed, mut sent] = [const { Steady { last: 0, step: 0 } }; 3];
    for point in series {
        times.put(bytes, point.time.0);
        informed.put(bytes, u64::from(point.informed));
        sent.put(bytes, point.sent);
    }
}

fn take_series(bytes: &mut &[u8]) -> Result<Vec<Point>, Damaged> {
    let count = take(bytes)?;
    let mut series = Vec::with_capacity(count.min(POINTS_MAX as u64) as usize);
    let [mut times, mut informed, mut sent] = [const { Steady { last: 0, step: 0 } }; 3];
    for _ in 0..count {
        series.push(Point {
            time: Time(times.take(bytes)?),
            informed: informed.take(bytes)?.try_into().map_err(|_| Damaged)?,
            sent: sent.take(bytes)?,
        });
    }
    Ok(series)
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use proptest::prelude::*;

    fn duration() -> impl Strategy<Value = Option<Duration>> {
        proptest::option::of(any::<u64>().prop_map(Duration))
    }

    fn reached() -> impl Strategy<Value = Option<Reached>> {
        let both = any::<(u64, u64)>();
        proptest::option::of(both.prop_map(|(elapsed, sent)| Reached {
            elapsed: Duration(elapsed),
            sent,
        }))
    }

    prop_compose! {
        fn arrivals()(
            nodes: u32, informed: u32, written_at: u64, sources: u32, sum: u128,
            majority in duration(), last in duration(),
            thresholds in proptest::collection::vec((1u8..=100, reached()), 0..4),
        ) -> Arrivals {
            let written_at = Time(written_at);
            Arrivals::of_parts(ArrivalsParts {
                nodes, informed, written_at, sources, majority, thresholds, sum, last,
            })
        }
    }

    prop_compose! {
        fn totals()(of: [u64; 9], removed: u32) -> Totals {
            let [events, sent, delivered, lost, redundant, updates, updates_ended, calls, bytes] = of;
            Totals {
                events, sent, delivered, lost, redundant, updates, updates_ended, removed,
                calls_by_informed: calls, bytes,
            }
        }
    }

    prop_compose! {
        /// Any run, possible or not.
        pub fn any_run()(
            nodes: u32, period: u64, arrivals in arrivals(), totals in totals(), in_flight: u64,
            way: Option<([u64; 6], u64)>,
            own in proptest::collection::vec(("[a-z_]{1,9}", any::<u64>()), 0..3),
            contacts: Option<(u64, u64, u64)>, hops: Option<(u32, u64, u32)>, ended: u64, stop in 0..StoppedBy::ALL.len(), digest: u64,
            points in proptest::collection::vec(any::<(u64, u32, u64)>(), 0..20),
        ) -> Run {
            let contacts = contacts.map(|(to_skip, contacted, windows)| {
                Contacts::of_parts(ContactsParts { to_skip, contacted, windows })
            });
            let on_the_way = way.map(|(counts, sum)| {
                let [lost_loss, lost_cut, lost_queue, duplicated, queued, max] = counts;
                OnTheWay {
                    lost_loss, lost_cut, lost_queue, duplicated, queued,
                    queued_ns: u128::from(sum) * 7, queued_max: Duration(max),
                }
            });
            let point = |(time, informed, sent)| Point { time: Time(time), informed, sent };
            Run {
                nodes, period: Duration(period), arrivals, totals, in_flight, on_the_way, contacts,
                hops: hops.map(|(nodes, sum, last)| Hops { nodes, sum, last }),
                own: own.into_iter().map(|(name, count)| (name.into(), count)).collect(),
                series: points.into_iter().map(point).collect(),
                ended: Duration(ended), stopped_by: StoppedBy::ALL[stop], digest: RunDigest(digest),
            }
        }
    }

    proptest! {
        #[test]
        fn a_run_comes_back_with_every_number(run in any_run()) {
            let mut bytes = Vec::new();
            put_run(&mut bytes, &run);
            let rest = &mut bytes.as_slice();
            let again = take_run(rest).unwrap();
            prop_assert!(rest.is_empty());
            prop_assert_eq!(&again, &run);
            // Equality of arrivals leaves some out.
            prop_assert_eq!(again.arrivals.parts(), run.arrivals.parts());
            let contacts = |run: &Run| run.contacts.as_ref().map(Contacts::parts);
            prop_assert_eq!(contacts(&again), contacts(&run));
        }

        #[test]
        fn no_bytes_bring_more_than_an_error(bytes: Vec<u8>) {
            let _ = take_run(&mut bytes.as_slice());
        }
    }

    #[test]
    fn a_steady_series_takes_three_bytes_a_point() {
        let point = |k: u32| Point {
            time: Time(u64::from(k) * 250_000_000),
            informed: 20 * k,
            sent: 30 * u64::from(k),
        };
        let series: Vec<Point> = (0..200).map(point).collect();
        let mut bytes = Vec::new();
        put_series(&mut bytes, &series);
        assert!(bytes.len() < 200 * 3 + 12, "{} bytes", bytes.len());
    }
}
