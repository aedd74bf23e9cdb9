//! `rounds`: how long a rumor needs to reach everybody, over the number of nodes: the last of the thresholds that were
//! asked for, in rounds, or in seconds where a round is not equally long in all cells.
//!
//! A panel per protocol, a colour per fanout; where one of these does not vary, a further axis takes its part.
//! Cells in which some run ended before everybody knew have no mean and are not drawn. Nor is anything where every run
//! went on to a time of its own and no series was kept: then the rumor was not the question.

use super::contact::x_axis;
use super::convergence::columns;
use super::endings;
use super::facets::{Facets, Parts, sentence, sentences};
use super::figure::{Figure, Mark, POINT_RADIUS, Panel, Sample};
use super::font::Font;
use super::palette::Color;
use super::scale::{PlotAxis, round_up};
use super::summary::{CASE, Cell, FANOUT, Measured, NODES, PROTOCOL, Summary};
use super::{Metric, Outcome, PictureKind, Tables};
use crate::tables::FileError;

const MAJORITY: &str = "majority";
/// Panels and colours.
const PARTS_MAX: usize = 6;
/// With more colours than this, lines for majorities would only confuse.
const MAJORITIES_MAX: usize = 2;

/// How many rounds until all are informed.
pub const PICTURE: PictureKind = PictureKind {
    name: "rounds",
    about: "`rounds_to_all` (or to the last of `measure.thresholds`) over n; seconds where `protocol.period` varies",
    needs: "at least two numbers of nodes with a mean of it; runs that end by what becomes of the rumor, or `series.csv`",
    metrics: &[Metric::count("rounds_to_*"), Metric::count("time_to_*")],
    outcome,
};

/// What is shown: a column of times, and by how much it is multiplied.
struct Goal {
    /// `all`, or a percentage.
    name: String,
    /// Whether time is in seconds.
    in_seconds: bool,
}

/// The figure; none where fewer than two numbers of nodes have a value.
fn outcome(tables: &Tables, summary: &Summary) -> Result<Outcome, FileError> {
    let Some(name) = summary.last_goal().map(str::to_owned) else {
        return Ok(Outcome::Nothing);
    };
    let metric = format!("rounds_to_{name}");
    let has = |cell: &Cell| cell.measured(&metric).is_some();
    let mut facets = Facets::new(summary, |cell| cell.metric(&metric).is_some(), has);
    if facets.breadth(NODES) < 2 {
        return Ok(Outcome::Nothing);
    }
    if tables.series.is_none() {
        let endings = endings::read(tables.runs)?;
        if endings.by_limits && !endings.by_rumor {
            let why = "all runs went on to their limit, and no series was kept: how long a rumor takes was not asked";
            return Ok(Outcome::Omitted(why.to_owned()));
        }
    }
    let goal = Goal {
        in_seconds: !have_one_period(&facets.cells),
        name,
    };
    let dropped = summary.cells.iter();
    let dropped = dropped.filter(|cell| cell.metric(&metric).is_some() && !has(cell));
    let dropped: Vec<&Cell> = dropped.collect();
    let parts = parts(&mut facets);
    let reason = facets.too_few(facets.cells.len());
    let reason = reason.map(|reason| match dropped.len() {
        0 => reason,
        count => format!("{reason}; in {count} of them {}", goal.unmet()),
    });
    Ok(Outcome::unless(reason, || {
        figure(tables.title, &facets, &parts, &goal, &dropped)
    }))
}

/// Whether a round is equally long in all cells, as far as that is known.
fn have_one_period(cells: &[&Cell]) -> bool {
    let mut periods = cells.iter().filter_map(|cell| cell.period_s());
    let Some(first) = periods.next() else {
        return true;
    };
    periods.all(|period| (period - first).abs() <= 1e-6 * first)
}

impl Goal {
    /// Who is informed then.
    fn who(&self) -> String {
        match &self.name[..] {
            "all" => "all nodes are informed".to_owned(),
            "majority" => "a majority is informed".to_owned(),
            percent => format!("{percent} % of the nodes are informed"),
        }
    }

    /// Why a cell has no mean.
    fn unmet(&self) -> String {
        let who = self
            .who()
            .replace(" is ", " was ")
            .replace(" are ", " were ");
        format!("some runs ended before {who}")
    }

    /// What is known of the time to a goal in a cell, in the unit that is shown.
    fn of(&self, cell: &Cell, goal: &str) -> Option<Measured> {
        let rounds = cell.metric(&format!("rounds_to_{goal}"))?;
        let scale = match self.in_seconds {
            true => cell.period_s()?,
            false => 1.0,
        };
        let scaled = |value: f64| value * scale;
        Some(Measured {
            mean: rounds.mean.map(scaled),
            interval: rounds
                .interval
                .map(|(low, high)| (scaled(low), scaled(high))),
            theory: rounds.theory.map(scaled),
            limit: rounds.limit.map(scaled),
        })
    }
}

fn figure(
    scenario: &str,
    facets: &Facets,
    parts: &Parts,
    goal: &Goal,
    dropped: &[&Cell],
) -> Figure {
    let font = Font::new();
    let unmet = format!("left out: {}.", goal.unmet());
    let remarks = [facets.left_out(), sentence(dropped.iter().copied(), &unmet)];
    let (title, unit) = match goal.in_seconds {
        true => ("Time", "seconds"),
        false => ("Rounds", "rounds"),
    };
    Figure {
        title: format!("{title} until {}", goal.who()),
        subtitle: vec![facets.subtitle(scenario, &font), sentences(&remarks)],
        keys: keys(facets, parts, goal, &font),
        x_title: "Number of nodes, n".to_owned(),
        y_titles: vec![format!("Time ({unit})")],
        panels: panels(facets, parts, goal, &font),
    }
}

/// Gives the settings their parts and holds the rest.
fn parts(facets: &mut Facets) -> Parts {
    facets.take(&[NODES]);
    let mut panel = facets.take(&[PROTOCOL, CASE]);
    let axes = facets.axes_by_breadth();
    let color = facets.take(&[&[FANOUT], &axes[..]].concat());
    if panel.is_none() {
        panel = facets.take(&axes);
    }
    let color = color.or_else(|| panel.take());
    facets.split([panel, color], [PARTS_MAX; 2])
}

/// The panels that have a point, in rows of two or three.
fn panels(facets: &Facets, parts: &Parts, goal: &Goal, font: &Font) -> Vec<Panel> {
    let mut nodes: Vec<f64> = facets
        .cells
        .iter()
        .filter_map(|cell| cell.value(NODES))
        .collect();
    nodes.sort_by(f64::total_cmp);
    let y = y_axis(facets, goal);
    let filled = parts
        .panel
        .values
        .iter()
        .map(|value| (value, marks(facets, parts, goal, value)));
    let filled: Vec<_> = filled.filter(|(_, marks)| !marks.is_empty()).collect();
    let columns = columns(filled.len());
    let place = |(i, (value, marks)): (usize, (&Vec<String>, Vec<Mark>))| Panel {
        row: i / columns,
        column: i % columns,
        title: facets.label(&parts.panel, value, font),
        x: x_axis(NODES, &nodes),
        y: y.clone(),
        marks,
    };
    filled.into_iter().enumerate().map(place).collect()
}

/// From 0 to what was measured or is exact; leading terms may leave the panel.
fn y_axis(facets: &Facets, goal: &Goal) -> PlotAxis {
    let tops = facets
        .cells
        .iter()
        .filter_map(|cell| goal.of(cell, &goal.name))
        .flat_map(|m| {
            let high = m.interval.map(|(_, high)| high);
            [
                m.mean,
                high.filter(|&high| m.mean.is_some_and(|mean| high < 2.0 * mean)),
                m.theory,
            ]
        });
    let most = tops.flatten().fold(0.0, f64::max);
    PlotAxis::linear(0.0, round_up(most * 1.04), 6)
}

/// The marks of a panel: majorities, leading terms, exact curves, measurements.
fn marks(facets: &Facets, parts: &Parts, goal: &Goal, panel: &[String]) -> Vec<Mark> {
    let mut layers: [Vec<Mark>; 4] = Default::default();
    for (i, value) in parts.color.values.iter().enumerate() {
        let color = parts.color(i);
        let mut cells = facets.select(&[(&parts.panel, panel), (&parts.color, value)]);
        cells.sort_by(|a, b| f64::total_cmp(&nodes(a), &nodes(b)));
        add_curve(
            &mut layers,
            &cells,
            goal,
            color,
            parts.color.values.len() <= MAJORITIES_MAX,
        );
    }
    layers.into_iter().flatten().collect()
}

/// Adds the cells of one colour, along n, to the layers of a panel.
fn add_curve(
    layers: &mut [Vec<Mark>; 4],
    cells: &[&Cell],
    goal: &Goal,
    color: Color,
    majorities: bool,
) {
    let line = |name: &str, pick: &dyn Fn(&Measured) -> Option<f64>| -> Vec<(f64, f64)> {
        let value = |cell: &Cell| pick(&goal.of(cell, name)?);
        let point = |cell: &&Cell| value(cell).map(|y| (nodes(cell), y));
        cells.iter().filter_map(point).collect()
    };
    let points = match majorities {
        true => line(MAJORITY, &|m| m.mean),
        false => Vec::new(),
    };
    let pale = color.paler(0.45);
    layers[0].push(Mark::Line {
        points,
        width: 1.2,
        color: pale,
    });
    let points = line(&goal.name, &|m| m.limit);
    layers[1].push(Mark::Dashed { points, color });
    let points = line(&goal.name, &|m| m.theory);
    layers[2].push(Mark::Line {
        points,
        width: 1.5,
        color,
    });
    for cell in cells {
        if let Some(m) = goal.of(cell, &goal.name)
            && let Some(mean) = m.mean
        {
            layers[3].push(Mark::Point {
                at: (nodes(cell), mean),
                interval: m.interval,
                radius: POINT_RADIUS,
                color,
            });
        }
    }
}

/// The number of nodes of a cell.
fn nodes(cell: &Cell) -> f64 {
    cell.value(NODES).unwrap_or(1.0)
}

/// What colours, points and lines mean.
fn keys(facets: &Facets, parts: &Parts, goal: &Goal, font: &Font) -> Vec<(Sample, String)> {
    let mut keys = facets.patches(parts, font);
    let has = |name: &str, pick: &dyn Fn(&Measured) -> Option<f64>| {
        let value = |cell: &&Cell| pick(&goal.of(cell, name)?);
        facets.cells.iter().any(|cell| value(cell).is_some())
    };
    let plain = parts.plain();
    keys.push((
        Sample::Point(plain),
        "mean, 95 % interval where wider than the point".to_owned(),
    ));
    if has(&goal.name, &|m| m.theory) {
        keys.push((Sample::Thin(plain), "exact at each point".to_owned()));
    }
    if has(&goal.name, &|m| m.limit) {
        keys.push((
            Sample::Dashed(plain),
            "leading term for many nodes".to_owned(),
        ));
    }
    if parts.color.values.len() <= MAJORITIES_MAX && has(MAJORITY, &|m| m.mean) {
        keys.push((
            Sample::Thin(plain.paler(0.45)),
            "mean until a majority is informed".to_owned(),
        ));
    }
    keys
}
