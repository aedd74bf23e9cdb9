//! Which law holds in which cell, and what it says there.

use super::*;
use crate::registry::PROTOCOLS;
use crate::scenario::{Overrides, Scenario};

/// The cell of a scenario, after settings of the form `key=value key=value`.
fn cell(text: &str, settings: &str) -> Cell {
    let overrides = Overrides {
        set: settings.split_whitespace().map(str::to_string).collect(),
        ..Overrides::default()
    };
    let text = format!("name = \"test\"\nprotocol.kind = \"push\"\n{text}");
    let scenario = Scenario::from_text(&text, "test.toml", PROTOCOLS, &overrides);
    let cell = scenario.and_then(|scenario| scenario.base());
    cell.unwrap_or_else(|error| panic!("{settings}: {error}"))
}

/// The law's name, or why none holds.
fn says(subject: Subject, cell: &Cell) -> String {
    match find(subject, cell) {
        Ok(found) => found.name.to_string(),
        Err(refusal) => refusal.why,
    }
}

#[test]
fn laws_are_sorted_and_distinct() {
    assert!(LAWS.is_sorted_by(|a, b| a.name() < b.name()));
}

mod rounds {
    use super::*;

    fn cell(settings: &str) -> Cell {
        let text = "nodes.count = 30\nclock.mode = \"synchronous\"\n\
            stop.all_informed = true\nmeasure = { contact = false, series = false }\n";
        super::cell(text, settings)
    }

    fn expected(settings: &str, metric: &str) -> Option<f64> {
        let found = find(Subject::Rounds, &cell(settings)).unwrap();
        let expected = found
            .law
            .expected(metric, &Observed::default(), &mut Worked::default());
        expected.map(|expected| expected.mean)
    }

    #[test]
    fn the_model_or_why_none() {
        let why = |settings: &str| says(Subject::Rounds, &cell(settings));
        for (settings, want) in [
            ("", "push-chain"),
            ("protocol.fanout=all", "push-chain"),
            ("nodes.count=1", "push-chain"),
            ("clock.mode=poisson", "push-poisson"),
            ("clock.mode=periodic", "periodic clock"),
            ("clock.mode=poisson protocol.fanout=2", "fanout 1"),
            (
                "clock.mode=poisson network.latency.kind=constant network.latency.value=1ms",
                "latency",
            ),
            (
                "network.topology.kind=random-view network.topology.size=3",
                "topology",
            ),
            ("workload.at=3s", "time 0"),
            ("stop.max_events=9", "max_events"),
            ("network.loss=1", "lost"),
            ("nodes.count=1000000", "takes too long"),
        ] {
            let got = why(settings);
            assert!(got.contains(want), "{settings}: {got}");
        }
    }

    #[test]
    fn a_stop_that_may_cut_leaves_no_theory() {
        let expects = |settings: &str, metric: &str| expected(settings, metric).is_some();
        // Push to all of 30 takes 9 rounds or so, to half of them 5.
        for (settings, half, all) in [
            ("stop.rounds=200", true, true),
            ("stop.rounds=18", true, false),
            ("stop.rounds=6", false, false),
            ("stop.time=17.5s", true, false),
            ("stop.rounds=200 clock.mode=poisson", true, true),
            ("stop.rounds=20 clock.mode=poisson", false, false),
        ] {
            assert_eq!(expects(settings, "rounds_to_50"), half, "{settings}");
            assert_eq!(expects(settings, "time_to_all_s"), all, "{settings}");
            assert_eq!(expects(settings, "mean_arrival_rounds"), all, "{settings}");
            assert_eq!(expects(settings, "calls_by_informed"), all, "{settings}");
        }
        let runs_on = "stop.all_informed=false stop.rounds=200";
        assert!(expects(runs_on, "mean_arrival_rounds"));
        assert!(!expects(runs_on, "calls_by_informed"));
        assert!(!expects("", "messages_sent"));
    }

    #[test]
    fn under_poisson_clocks_the_share_is_known_up_to_a_size() {
        let share =
            |settings: &str| expected(&format!("clock.mode=poisson {settings}"), ALL_INFORMED);
        assert!(share("stop.rounds=30").is_some_and(|p| (0.999..1.0).contains(&p)));
        assert_eq!(share("stop.rounds=200"), Some(1.0));
        assert_eq!(share("nodes.count=100000 stop.rounds=25"), None);
        assert_eq!(share("nodes.count=100000 stop.rounds=200"), Some(1.0));
    }

    #[test]
    fn equal_laws_are_worked_out_once() {
        let mut worked = Worked::default();
        for settings in ["", "stop.rounds=50 protocol.period=3s", "network.loss=0.1"] {
            let found = find(Subject::Rounds, &cell(settings)).unwrap();
            let observed = Observed::default();
            found.law.expected("rounds_to_all", &observed, &mut worked);
        }
        assert_eq!(worked.count(), 2);
    }
}

mod endings {
    use super::*;

    const RUMOR: &str = "protocol.kind=rumor-mongering protocol.k=2";

    fn cell(settings: &str) -> Cell {
        let text = "nodes.count = 30\nstop.quiescent = true\n\
            measure = { contact = false, series = false }\n";
        super::cell(text, settings)
    }

    #[test]
    fn the_model_or_why_none() {
        let why = |settings: &str| {
            let law = find(Subject::Ending, &cell(settings));
            let says = Subject::Ending.says(law.as_ref().map(|found| found.name));
            says.unwrap_or("no node stops".into())
        };
        for (settings, want) in [
            ("", "no node stops"),
            ("protocol.stopping=blind-coin", "rumor-mongering"),
            (
                "protocol.stopping=blind-coin clock.mode=synchronous",
                "rumor-mongering",
            ),
            ("protocol.k=1", "rumor-mongering"),
            ("", "feedback-counter"),
            ("protocol.stopping=heard", "heard"),
            (
                "protocol.stopping=feedback-coin clock.mode=synchronous",
                "one after another",
            ),
            (
                "protocol.stopping=feedback-coin network.latency.kind=constant network.latency.value=1ms",
                "latency",
            ),
            ("protocol.exchange=pull", "push"),
            ("protocol.fanout=2", "fanout 1"),
            ("protocol.sampling=all", "others"),
            ("protocol.connection_limit=1", "turn nobody away"),
            (
                "protocol.k=1 stop.quiescent=false stop.rounds=9",
                "stop.quiescent",
            ),
            ("protocol.k=1 stop.all_informed=true", "stop.quiescent"),
            ("protocol.k=1 workload.at=3s", "time 0"),
            ("protocol.k=1 network.loss=1", "nobody can be told"),
            ("protocol.k=1 nodes.count=1000000", "too long"),
        ] {
            let got = match want {
                "no node stops" => why(settings),
                _ => why(&format!("{RUMOR} {settings}")),
            };
            assert!(got.contains(want), "{settings}: {got}");
        }
        let forward = "protocol.kind=infect-and-die clock.mode=synchronous";
        let all = why(&format!("{forward} protocol.sampling=all"));
        assert!(all.starts_with("theory infect-and-die, if"), "{all}");
        let graph = "network.topology.kind=random-view network.topology.size=3";
        assert!(why(&format!("{forward} {graph}")).contains("topology"));
    }

    #[test]
    fn limits_where_the_rumor_cannot_die_among_the_first() {
        let limit = |settings: &str| {
            let cell = cell(&format!("{RUMOR} {settings}"));
            let law = find(Subject::Ending, &cell).unwrap().law;
            let of = |metric: &str| law.limit(metric, &Observed::default());
            assert_eq!(of("informed"), None);
            of("residue").zip(of("updates_per_node"))
        };
        let shown = |settings: &str| limit(settings).map(|(s, m)| format!("{s:.6} {m:.4}"));
        let coin = "protocol.stopping=feedback-coin";
        // m = -ln s / (1-q).
        assert_eq!(shown(coin).as_deref(), Some("0.059520 2.8214"));
        assert_eq!(
            shown("protocol.stopping=blind-coin").as_deref(),
            Some("0.203188 1.5936")
        );
        assert!(limit(&format!("{coin} network.loss=0.1")).is_some());
        assert!(limit("protocol.stopping=blind-coin network.loss=0.1").is_none());
        assert!(limit(&format!("{coin} workload.sources=2")).is_none());
    }
}

mod curves {
    use super::super::curve::{END, POINTS_MAX};
    use super::*;

    fn cell(settings: &str) -> Cell {
        let text = "nodes.count = 30\nclock.mode = \"synchronous\"\nstop.rounds = 100000\n";
        super::cell(text, settings)
    }

    fn curve(settings: &str) -> Option<Curve> {
        Curve::of_cell(&cell(settings), &mut Worked::default())
    }

    #[test]
    fn a_cell_has_the_curve_of_its_model_or_none() {
        for (settings, model) in [
            ("", Some("push-chain")),
            ("protocol.kind=pull network.loss=0.2", Some("pull-chain")),
            ("clock.mode=poisson", Some("push-poisson")),
            ("nodes.count=1000000", Some("mean-field")),
            ("clock.mode=poisson nodes.count=100000", None),
            ("clock.mode=poisson protocol.fanout=2", None),
            ("clock.mode=periodic", None),
            ("network.loss=1", None),
            ("workload.at=1s", None),
            ("protocol.kind=infect-and-die", None),
        ] {
            let curve = curve(settings);
            assert_eq!(curve.as_ref().map(|curve| curve.model), model, "{settings}");
            let points = curve.map_or(Vec::new(), |curve| curve.points);
            assert!(
                points
                    .iter()
                    .all(|row| row.law.is_some() != (model == Some("mean-field")))
            );
            assert!(points.is_sorted_by(|a, b| a.round < b.round && a.informed <= b.informed));
            assert!(points.len() <= POINTS_MAX, "{settings}");
        }
    }

    /// The curves of a sweep take 20 seconds or so at most.
    #[test]
    fn a_sweep_has_only_so_many_costly_curves() {
        let mut worked = Worked::default();
        let curves = (0..20).filter(|place| {
            let loss = f64::from(*place) / 1e4;
            let settings = format!("clock.mode=poisson nodes.count=300 network.loss={loss}");
            Curve::of_cell(&cell(&settings), &mut worked).is_some()
        });
        assert_eq!(curves.count(), 20);
        worked.spend(1e11);
        let again = "clock.mode=poisson nodes.count=300 network.loss=0.0001";
        assert!(Curve::of_cell(&cell(again), &mut worked).is_some());
        assert!(Curve::of_cell(&cell("clock.mode=poisson"), &mut worked).is_none());
        assert!(Curve::of_cell(&cell(""), &mut worked).is_none());
    }

    #[test]
    fn the_first_rounds_by_hand() {
        // 2 know after a round; one of these tells the other with 1/29 each.
        let points = curve("").unwrap().points;
        let rows: Vec<(f64, f64)> = points.iter().map(|row| (row.round, row.informed)).collect();
        assert_eq!(rows[..2], [(0.0, 1.0), (1.0, 2.0)]);
        // One of 28 others each, the same with 1/28, if neither calls the other.
        let (stay, hit) = (1.0 / 29.0, 28.0 / 29.0);
        let both = hit * hit * (1.0 + 27.0 / 28.0);
        assert!((rows[2].1 - (2.0 + 2.0 * stay * hit + both)).abs() < 1e-13);
        let last = points.last().unwrap();
        assert!(last.law.unwrap().within[2] >= 1.0 - END);
    }

    #[test]
    fn a_long_curve_is_thinned_and_a_cut_one_ends_with_the_runs() {
        let long = curve("nodes.count=10 network.loss=0.95").unwrap().points;
        assert_eq!((long[0].round, long[1].round), (0.0, 4.0));
        assert!(long.len() > POINTS_MAX / 2);
        let slow = curve("clock.mode=poisson network.loss=0.95")
            .unwrap()
            .points;
        let step = slow[1].round;
        assert!(step >= 1.0 && slow.len() > POINTS_MAX / 4);
        assert!(
            slow.iter()
                .enumerate()
                .all(|(i, row)| row.round == step * i as f64)
        );
        let cut = curve("stop.rounds=3").unwrap().points;
        let rounds: Vec<f64> = cut.iter().map(|row| row.round).collect();
        assert_eq!(rounds, [0.0, 1.0, 2.0, 3.0]);
        let quarters = curve("stop.time=1s clock.mode=poisson").unwrap().points;
        assert_eq!(quarters.len(), 5);
    }
}

mod graphs {
    use super::*;

    fn cell(settings: &str) -> Cell {
        let text = "nodes.count = 9\nclock.mode = \"synchronous\"\nworkload.sources = [0]\n\
            network.topology.kind = \"ring\"\nstop.all_informed = true\n\
            measure = { contact = false, series = false }\n";
        super::cell(text, settings)
    }

    fn expected(settings: &str, metric: &str) -> Option<(f64, f64)> {
        let found = find(Subject::Rounds, &cell(settings)).unwrap();
        let expected = found
            .law
            .expected(metric, &Observed::default(), &mut Worked::default());
        expected.map(|expected| (expected.mean, expected.sd.unwrap()))
    }

    #[test]
    fn the_model_or_why_none() {
        for (settings, want) in [
            ("", "graph-chain"),
            (
                "clock.mode=poisson network.loss=0.3 protocol.fanout=2",
                "graph-chain",
            ),
            ("clock.mode=periodic", "periodic clock"),
            (
                "clock.mode=poisson network.latency={kind=\"constant\",value=\"1ms\"}",
                "no latency",
            ),
            ("nodes.count=30", "up to 12 nodes"),
            ("nodes.count=30 network.topology.kind=star", "graph-chain"),
            (
                "nodes.count=30000 network.topology.kind=star",
                "takes too long",
            ),
            ("protocol.fanout=all", "flood"),
            ("nodes.count=3000 protocol.fanout=all", "flood"),
            ("protocol.fanout=all workload.sources=2", "graph-chain"),
            ("protocol.fanout=all network.loss=0.1", "graph-chain"),
            ("protocol.sampling=all", "sampling"),
            ("network.loss=1", "lost"),
            ("workload.at=3s", "time 0"),
            ("stop.max_events=9", "max_events"),
            (
                "network.topology={kind=\"gnp\",p=0.5}",
                "topology of its own",
            ),
            (
                "network.topology={kind=\"gnp\",p=0.5,seed=2}",
                "graph-chain",
            ),
            (
                "network.topology={kind=\"random-view\",size=3,seed=2}",
                "graph-chain",
            ),
            ("network.topology={kind=\"complete\"}", "push-chain"),
            ("protocol.kind=infect-and-die", "infect-and-die"),
        ] {
            let got = says(Subject::Rounds, &cell(settings));
            assert!(got.contains(want), "{settings}: {got}");
        }
    }

    /// As an independent program has them.
    #[test]
    fn what_is_expected() {
        let near = |settings: &str, metric: &str, want: f64| {
            let (mean, _) = expected(settings, metric).unwrap();
            assert!((mean - want).abs() < 1e-6, "{settings} {metric}: {mean}");
        };
        near("", "rounds_to_50", 4.259_259);
        near("", "time_to_all_s", 8.250_114);
        near("", "mean_arrival_rounds", 4.726_566);
        near(
            "protocol.kind=push-pull clock.mode=poisson",
            "mean_arrival_rounds",
            2.25,
        );
        near("protocol.kind=pull", "calls_by_informed", 0.0);
        assert_eq!(expected("", "calls_by_informed"), None);
        // Many runs are cut off, or cannot reach anybody.
        assert_eq!(expected("stop.rounds=9", "rounds_to_all"), None);
        let (share, _) = expected("stop.rounds=9", ALL_INFORMED).unwrap();
        assert!(share > 0.5 && share < 0.99, "{share}");
        let pieces = "network.topology={kind=\"gnm\",edges=4,seed=1}";
        assert_eq!(expected(pieces, "rounds_to_all"), None);
    }

    #[test]
    fn floods_are_distances() {
        let line = "protocol.fanout=all nodes.count=5 network.topology.kind=line";
        assert_eq!(expected(line, "rounds_to_all"), Some((4.0, 0.0)));
        assert_eq!(expected(line, "mean_arrival_rounds"), Some((2.5, 0.0)));
        assert_eq!(
            expected(&format!("{line} stop.rounds=3"), "rounds_to_all"),
            None
        );
        // From each of the five: 4, 3, 2, 3, 4.
        let (mean, sd) = expected(&format!("{line} workload.sources=1"), "rounds_to_all").unwrap();
        assert!((mean - 3.2).abs() < 1e-12 && (sd * sd - 0.56).abs() < 1e-12);
        let curve = |settings: &str| Curve::of_cell(&cell(settings), &mut Worked::default());
        let points = curve(line).unwrap().points;
        let informed: Vec<f64> = points.iter().map(|row| row.informed).collect();
        assert_eq!(informed, [1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(curve("clock.mode=poisson").unwrap().model, "graph-chain");
    }
}
