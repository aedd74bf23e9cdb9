//! `all_informed`: how likely it is that a rumor reaches everybody before it dies, over a setting.
//!
//! Panels, colours and x axis are those of `residue`. It is the question where in most cells some rumors reach
//! everybody and some do not.

use super::contact::x_title;
use super::convergence::fraction_axis;
use super::endings;
use super::facets::{Facets, Parts, sentence, sentences};
use super::figure::Figure;
use super::font::Font;
use super::residue::{View, keys, panels, parts, x_key};
use super::summary::{Cell, Summary};
use super::{Metric, Outcome, PictureKind, Tables};
use crate::tables::FileError;

const METRIC: &str = "all_informed";

/// Whether a rumor reaches everybody.
pub const PICTURE: PictureKind = PictureKind {
    name: "all_informed",
    about: "the share of runs that informed all nodes, over the numeric setting that has the most values",
    needs: "as `residue`; a share between 0 and 1 in at least half of the cells",
    metrics: &[Metric::share(METRIC)],
    outcome,
};

/// The figure; none where in most cells all runs say the same.
fn outcome(tables: &Tables, summary: &Summary) -> Result<Outcome, FileError> {
    let about = |cell: &Cell| cell.measured(METRIC).is_some();
    let open = |cell: &Cell| {
        let mean = cell.measured(METRIC).and_then(|m| m.mean);
        mean.is_some_and(|mean| 0.0 < mean && mean < 1.0)
    };
    let all = Facets::new(summary, about, open);
    if 2 * all.cells.len() < all.wanted || x_key(&all).is_none() {
        return Ok(Outcome::Nothing);
    }
    let at_rest = endings::read(tables.runs)?.at_rest;
    let rests = |cell: &Cell| at_rest.contains(&cell.number);
    let mut facets = Facets::new(summary, about, |cell| about(cell) && rests(cell));
    let Some(x) = x_key(&facets) else {
        return Ok(Outcome::Nothing);
    };
    let parts = parts(&mut facets, x);
    let reason = facets.too_few(facets.cells.len());
    Ok(Outcome::unless(reason, || {
        let cut = summary.cells.iter();
        let cut = cut.filter(|cell| about(cell) && !rests(cell));
        figure(tables.title, summary, &facets, &parts, x, cut)
    }))
}

fn figure<'a>(
    scenario: &str,
    summary: &Summary,
    facets: &Facets,
    parts: &Parts,
    x: usize,
    cut: impl Iterator<Item = &'a Cell>,
) -> Figure {
    let font = Font::new();
    let view = View {
        metric: METRIC,
        x,
        y: fraction_axis(),
        above_0: false,
    };
    let remarks = [
        facets.left_out(),
        sentence(
            cut,
            "left out: some runs were stopped before the rumor came to rest.",
        ),
    ];
    Figure {
        title: "How likely it is that the rumor reaches everybody".to_owned(),
        subtitle: vec![facets.subtitle(scenario, &font), sentences(&remarks)],
        keys: keys(facets, parts, METRIC, &font),
        x_title: x_title(summary, x, &font),
        y_titles: vec!["Runs that informed all nodes (share)".to_owned()],
        panels: panels(facets, parts, &view, &font),
    }
}
