//! What a picture must not do, held against the shapes that are drawn; and the inputs that once made it.

use super::super::figure::{Figure, Mark};
use super::super::scene::{Place, Scene, Shape};
use super::{Files, RUNS_HEADER, SERIES_HEADER, full, summary_header, summary_row};

/// The figure of that name.
fn figure(files: &Files, name: &str) -> Figure {
    let figures = files.figures().into_iter();
    let mut found = figures.filter(|(other, _)| *other == name);
    let (_, figure) = found.next().unwrap_or_else(|| panic!("{name} is drawn"));
    figure
}

/// The level texts of a scene.
fn texts(scene: &Scene) -> Vec<String> {
    let text = |shape: &Shape| match shape {
        Shape::Text(text) => Some(text.words.replace('\u{a0}', " ")),
        _ => None,
    };
    scene.shapes.iter().filter_map(text).collect()
}

/// The triangles of a scene, as their three corners: tips of arrows.
fn arrows(scene: &Scene) -> Vec<[Place; 3]> {
    let arrow = |shape: &Shape| match shape {
        Shape::Area { places, .. } => <[Place; 3]>::try_from(&places[..]).ok(),
        _ => None,
    };
    scene.shapes.iter().filter_map(arrow).collect()
}

/// Where a level line of the scene ends that is this long: the lower side of a frame.
fn frame_of(scene: &Scene) -> (Place, Place) {
    let corner = |shape: &Shape| match shape {
        Shape::Line { places, .. } => match places[..] {
            [top, low, right] if top.0 == low.0 && low.1 == right.1 => Some((top, right)),
            _ => None,
        },
        _ => None,
    };
    scene
        .shapes
        .iter()
        .find_map(corner)
        .expect("a panel has its axes")
}

/// A run of 3000 rounds, all of whose moves are within 20: one row each where it moves by a 100th, then one in 60
/// rounds. The picture ends at round 74 or so, where the last tenth settles.
#[test]
fn class_room_k_4_is_no_straight_line() {
    let summary =
        summary_header("") + &summary_row("0,,push,100,1", "informed", ["100", "", "", "", ""]);
    let mut series = SERIES_HEADER.to_owned();
    let mut rows = vec![(0.0, 0.01)];
    rows.extend((1..=97).map(|i| (f64::from(i + 8) / 5.0, f64::from(i + 1) / 100.0)));
    rows.push((72.0, 0.985));
    rows.extend((2..=50).map(|i| (60.0 * f64::from(i), 0.985)));
    for (round, fraction) in &rows {
        series += &format!("0,0,{round},{round},1,{fraction},0\n");
    }
    let figure = figure(&Files::new(&summary, Some(&series)), "convergence");
    let panel = &figure.panels[0];
    assert!(panel.x.high < 80.0, "{}", panel.x.high);
    let Some(Mark::Line { points, .. }) =
        panel.marks.iter().find(|m| matches!(m, Mark::Line { .. }))
    else {
        panic!("a curve");
    };
    // Whatever the data have in the range shown, at each quarter of a round, the line has too.
    let line = |x: f64| {
        let after = points.partition_point(|p| p.0 < x);
        let ((x0, y0), (x1, y1)) = (points[after.max(1) - 1], points[after]);
        if x1 > x0 {
            y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        } else {
            y1
        }
    };
    for quarter in 0..300 {
        let x = f64::from(quarter) / 4.0;
        if x > panel.x.high {
            break;
        }
        let truth = rows.iter().rev().find(|(round, _)| *round <= x + 1e-9);
        let off = (line(x) - truth.unwrap().1).abs();
        assert!(off < 1e-4, "at {x}: {} for {truth:?}", line(x));
    }
}

#[test]
fn an_interval_that_leaves_the_frame_ends_in_an_arrow_at_it() {
    let mut summary = summary_header("");
    // Two replicates: the interval reaches ten times the mean. The other one is inside.
    let numbers = [["9", "0", "120", "", ""], ["12", "11", "13", "", ""]];
    for (cell, numbers) in numbers.into_iter().enumerate() {
        let settings = format!("{cell},,push,{},1", 10 * (cell + 1));
        summary += &summary_row(&settings, "rounds_to_all", numbers);
    }
    let scene = figure(&Files::new(&summary, None), "rounds").lay_out();
    let ((_, top), _) = frame_of(&scene);
    let [[tip, left, right]] = arrows(&scene)[..] else {
        panic!("one interval leaves the frame: {:?}", arrows(&scene));
    };
    assert_eq!(tip.1, top, "its tip is at the frame");
    assert!(left.1 > top && right.1 == left.1 && left.0 < tip.0 && tip.0 < right.0);
    assert!(arrows(&figure(&full(), "rounds").lay_out()).is_empty());
}

/// Older tables have intervals beyond what can be.
#[test]
fn an_interval_is_drawn_within_its_metrics_range() {
    let mut summary = summary_header("");
    for cell in 0..2 {
        let settings = format!("{cell},,push,{},1", 10 * (cell + 1));
        summary += &summary_row(&settings, "rounds_to_all", ["9", "-8.99", "26", "", ""]);
        let contact = ["0.9", "0.75", "1.05", "", ""];
        summary += &summary_row(&settings, "contact_probability", contact);
    }
    for (_, figure) in Files::new(&summary, None).figures() {
        for mark in figure.panels.iter().flat_map(|panel| &panel.marks) {
            if let Mark::Point { interval, .. } = mark {
                let (low, high) = interval.unwrap();
                assert!(
                    low >= 0.0 && (high <= 1.0 || high == 26.0),
                    "{low} to {high}"
                );
            }
        }
    }
}

/// Cells that differ in their label alone, with what `rounds` and `contact_probability` read.
fn labelled(labels: &[&str]) -> Files {
    let mut summary = summary_header("");
    let mut cell = 0;
    for label in labels {
        for nodes in [10, 20] {
            let settings = format!("{cell},{label},push,{nodes},1");
            summary += &summary_row(&settings, "rounds_to_all", ["9", "8", "10", "", ""]);
            cell += 1;
        }
    }
    Files::new(&summary, None)
}

#[test]
fn f09_labels_are_told_apart_in_the_legend() {
    let common =
        "wide-area network of three regions; push-pull with one call in each second; tuned";
    let check = |labels: &[String], expected: &[&str]| {
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let scene = figure(&labelled(&labels), "rounds").lay_out();
        let found = texts(&scene).into_iter();
        let mut found: Vec<String> = found.filter(|text| text.contains("wide-area")).collect();
        assert_eq!(found.len(), labels.len(), "{found:?}");
        found.sort();
        found.dedup();
        assert_eq!(found.len(), labels.len(), "{found:?}");
        for part in expected {
            assert!(
                found.iter().any(|text| text.contains(part)),
                "{part}: {found:?}"
            );
        }
    };
    let ends = ["fast", "slow"].map(|end| format!("{common}; {end}"));
    check(&ends, &["fast", "slow"]);
    // Six of them have less room, and what tells them apart is in their middle.
    let middles =
        [1, 2, 3, 4, 5, 6].map(|i| format!("{common}; variant {i}; {common}")[..97].to_owned());
    check(&middles, &[]);
    let middles = [1, 2].map(|i| format!("{} {i} {common}", &common[..60]));
    check(&middles, &["(1)", "(2)"]);
}

#[test]
fn a_glyph_that_the_font_lacks_is_its_code() {
    let scene = figure(&labelled(&["\u{4e2d}\u{56fd}", "\u{65e5}"]), "rounds").lay_out();
    let texts = texts(&scene);
    for expected in ["[U+4E2D][U+56FD]", "[U+65E5]"] {
        assert!(texts.iter().any(|text| text == expected), "{texts:?}");
    }
}

#[test]
fn f11_panels_and_legends_follow_the_axis() {
    let mut summary = summary_header(",protocol.sampling,network.loss");
    let mut cell = 0;
    for nodes in [13, 19, 60] {
        for sampling in ["others", "all", "replaced"] {
            for loss in ["0.3", "0"] {
                let settings = format!("{cell},,push,{nodes},1,{sampling},{loss}");
                // The first cells, and no other of "others", have no mean at first.
                let mean = if nodes == 13 && sampling != "replaced" {
                    ""
                } else {
                    "0.5"
                };
                let numbers = [mean, "", "", "", ""];
                summary += &summary_row(&settings, "contact_probability", numbers);
                cell += 1;
            }
        }
    }
    let figure = figure(&Files::new(&summary, None), "contact_probability");
    let titles: Vec<&str> = figure.panels.iter().map(|p| &p.title[..]).collect();
    let samplings: Vec<&str> = titles
        .into_iter()
        .filter(|title| !title.is_empty())
        .collect();
    let expected = ["others", "all", "replaced"].map(|value| format!("sampling: {value}"));
    assert_eq!(samplings, expected);
    let texts: Vec<String> = figure
        .keys
        .iter()
        .map(|key| key.1.replace('\u{a0}', " "))
        .collect();
    assert_eq!(texts[..2], ["loss = 0.3", "loss = 0"]);
    // And those without a mean are named.
    let said =
        "Cells 0 to 3 are left out: some runs ended before a whole window after the warm-up.";
    assert_eq!(figure.subtitle[1], said);
    assert!(figure.subtitle[0].contains("14 of 18 cells"));
}

/// A period of 0.1 s and one of 5 s; both runs take 10 rounds.
#[test]
fn f07_where_the_period_varies_time_is_in_seconds() {
    let mut summary = summary_header(",protocol.period");
    let mut series = SERIES_HEADER.to_owned();
    let mut cell = 0;
    for period in [0.1, 5.0] {
        for nodes in [10, 20] {
            let settings = format!("{cell},,push,{nodes},1,{period}");
            summary += &summary_row(&settings, "rounds_to_all", ["10", "9", "11", "10", "8"]);
            let seconds = [10.0, 9.0, 11.0].map(|r: f64| (r * period).to_string());
            let [mean, low, high] = &seconds;
            let numbers = [&mean[..], low, high, "", ""];
            summary += &summary_row(&settings, "time_to_all_s", numbers);
            for round in 0..=10 {
                let time = f64::from(round) * period;
                let fraction = f64::from(round) / 10.0;
                series += &format!("{cell},0,{time},{round},1,{fraction},0\n");
            }
            cell += 1;
        }
    }
    let files = Files::new(&summary, Some(&series));
    let curves = figure(&files, "convergence");
    assert_eq!(curves.x_title, "Time (seconds)");
    let mut ends: Vec<f64> = Vec::new();
    for mark in curves.panels.iter().flat_map(|panel| &panel.marks) {
        if let Mark::Line { points, .. } = mark {
            ends.push(points.iter().find(|p| p.1 >= 1.0).unwrap().0);
        }
    }
    ends.sort_by(f64::total_cmp);
    assert_eq!(ends, [1.0, 1.0, 50.0, 50.0]);
    let rounds = figure(&files, "rounds");
    assert_eq!(rounds.y_titles, ["Time (seconds)"]);
    assert_eq!(rounds.title, "Time until all nodes are informed");
    let mut means: Vec<f64> = Vec::new();
    for mark in rounds.panels.iter().flat_map(|panel| &panel.marks) {
        if let Mark::Point { at, .. } = mark {
            means.push(at.1);
        }
    }
    means.sort_by(f64::total_cmp);
    assert_eq!(means, [1.0, 1.0, 50.0, 50.0]);
}

#[test]
fn f08_the_last_of_the_thresholds_asked_for_is_drawn() {
    let mut summary = summary_header("");
    for (cell, nodes) in [10, 100].into_iter().enumerate() {
        let settings = format!("{cell},,push-pull,{nodes},1");
        for (percent, mean) in [("40", "3"), ("80", "5"), ("95", "6")] {
            let metric = format!("rounds_to_{percent}");
            summary += &summary_row(&settings, &metric, [mean, "", "", "", ""]);
        }
    }
    let figure = figure(&Files::new(&summary, None), "rounds");
    assert_eq!(figure.title, "Rounds until 95 % of the nodes are informed");
    let points = figure.panels[0].marks.iter().filter_map(|mark| match mark {
        Mark::Point { at, .. } => Some(*at),
        _ => None,
    });
    assert_eq!(points.collect::<Vec<_>>(), [(10.0, 6.0), (100.0, 6.0)]);
}

#[test]
fn what_the_size_of_a_dot_means_is_said_where_sizes_differ() {
    for (files, name) in [(full(), "contact_probability"), (super::dying(), "residue")] {
        let figure = figure(&files, name);
        let mut radii: Vec<f64> = Vec::new();
        for mark in figure.panels.iter().flat_map(|panel| &panel.marks) {
            if let Mark::Point { radius, .. } = mark
                && !radii.contains(radius)
            {
                radii.push(*radius);
            }
        }
        assert!(radii.len() > 1);
        let said = texts(&figure.lay_out());
        assert!(
            said.iter().any(|text| text.starts_with("a dot's size")),
            "{said:?}"
        );
    }
}

/// `gossim init my.toml; gossim sweep my.toml`: of nine cells four have a contact probability in all runs.
#[test]
fn a_picture_of_less_than_half_of_its_cells_is_not_drawn_and_that_is_said() {
    let cells = |with: usize| {
        let mut summary = summary_header(",network.loss");
        for cell in 0..9 {
            let settings = format!("{cell},,push-pull,1000,{},0.{}", cell / 3 + 1, cell % 3);
            let mean = if cell < with { "0.9" } else { "" };
            summary += &summary_row(&settings, "contact_probability", [mean, "", "", "", ""]);
        }
        Files::new(&summary, None)
    };
    assert!(cells(4).names().is_empty());
    assert_eq!(
        cells(4).omitted(),
        [
            "no picture `contact_probability`: it would show 4 of 9 cells; in 5 of them some runs ended before a whole \
          window after the warm-up"
        ]
    );
    assert_eq!(cells(5).names(), ["contact_probability"]);
    let figure = figure(&cells(5), "contact_probability");
    assert!(figure.subtitle[1].starts_with("Cells 5 to 8 are left out:"));
}

/// quickstart asks how long a rumor takes; its contacts have no law.
#[test]
fn nobody_asked_how_likely_a_contact_is_where_runs_end_with_the_rumor() {
    let files = |theory, stop: &str| {
        let mut summary = summary_header("");
        for cell in 0..2 {
            let settings = format!("{cell},,push,10,{}", cell + 1);
            let numbers = ["0.9", "", "", theory, ""];
            summary += &summary_row(&settings, "contact_probability", numbers);
        }
        Files::new(&summary, None).and_runs(&format!("{RUNS_HEADER}0,0,{stop}\n"))
    };
    assert!(files("", "all_informed").names().is_empty());
    assert!(files("", "all_informed").omitted()[0].contains("was not asked"));
    assert_eq!(files("", "rounds").names(), ["contact_probability"]);
    assert_eq!(
        files("0.9", "all_informed").names(),
        ["contact_probability"]
    );
}

/// The contact sweeps go on for a number of rounds and keep no series.
#[test]
fn nobody_asked_how_long_a_rumor_takes_whose_runs_go_on_to_their_limit() {
    let summary = || {
        let mut summary = summary_header("");
        for cell in 0..2 {
            let settings = format!("{cell},,push,{},1", 10 * (cell + 1));
            summary += &summary_row(&settings, "rounds_to_all", ["5", "", "", "", ""]);
        }
        summary
    };
    let runs = |stops: [&str; 2]| format!("{RUNS_HEADER}0,0,{}\n1,0,{}\n", stops[0], stops[1]);
    let files = |stops| Files::new(&summary(), None).and_runs(&runs(stops));
    assert!(files(["rounds", "rounds"]).names().is_empty());
    assert!(files(["rounds", "time"]).omitted()[0].contains("was not asked"));
    assert_eq!(files(["rounds", "all_informed"]).names(), ["rounds"]);
}

/// How likely it is that all are informed, over fanouts.
fn reliability(shares: &[&str]) -> Files {
    let mut summary = summary_header("");
    let mut runs = RUNS_HEADER.to_owned();
    for (cell, share) in shares.iter().enumerate() {
        let settings = format!("{cell},,infect-and-die,1000,{}", cell + 4);
        summary += &summary_row(&settings, "all_informed", [share, "0", "1", "0.4", "0.41"]);
        runs += &format!("{cell},0,quiescent\n");
    }
    Files::new(&summary, None).and_runs(&runs)
}

#[test]
fn infect_and_die_draws_its_question() {
    let files = reliability(&["0", "0.4", "0.9"]);
    assert_eq!(files.names(), ["all_informed"]);
    let figure = figure(&files, "all_informed");
    assert!(figure.x_title.starts_with("Fanout"));
    let points = figure.panels[0].marks.iter().filter_map(|mark| match mark {
        Mark::Point { at, .. } => Some(*at),
        _ => None,
    });
    assert_eq!(
        points.collect::<Vec<_>>(),
        [(4.0, 0.0), (5.0, 0.4), (6.0, 0.9)]
    );
    let dashed = figure.panels[0].marks.iter();
    assert_eq!(
        dashed.filter(|m| matches!(m, Mark::Dashed { .. })).count(),
        1
    );
    assert!(
        reliability(&["0", "0", "0.9"]).names().is_empty(),
        "hardly a question"
    );
    assert!(reliability(&["1", "1", "1"]).names().is_empty());
}

#[test]
fn a_size_on_an_axis_says_what_of() {
    let mut summary = summary_header(",network.topology.size,protocol.k");
    let mut runs = RUNS_HEADER.to_owned();
    for (cell, size) in [2, 3, 4].into_iter().enumerate() {
        let settings = format!("{cell},,push,10,1,{size},5");
        summary += &summary_row(&settings, "residue", ["0.2", "", "", "", ""]);
        runs += &format!("{cell},0,quiescent\n");
    }
    let files = Files::new(&summary, None).and_runs(&runs);
    assert_eq!(figure(&files, "residue").x_title, "topology size");
}

/// Three bands over one another are told apart by their edges.
#[test]
fn bands_that_overlap_have_edges_in_their_colours() {
    let lines = |figure: &Figure| {
        let scene = figure.lay_out();
        let thin = |shape: &&Shape| matches!(shape, Shape::Line { width, places, .. } if *width == 0.7 && places.len() > 2);
        scene.shapes.iter().filter(thin).count()
    };
    let figure = figure(&full(), "convergence");
    let bands = figure.panels.iter().flat_map(|panel| &panel.marks);
    let bands = bands
        .filter(|mark| matches!(mark, Mark::Band { .. }))
        .count();
    assert!(bands > 1);
    assert_eq!(lines(&figure), 2 * bands);
}
