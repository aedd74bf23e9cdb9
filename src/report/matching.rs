//! Which cell of one sweep is which of another.

use crate::tables::{FIXED_KEYS, Measured};
use std::collections::BTreeMap;

/// Cells that belong together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Matching {
    /// The keys by which they were matched; none where both have one cell.
    pub keys: Vec<String>,
    /// Places of a cell of A and its partner of B, in A's order.
    pub pairs: Vec<(usize, usize)>,
    /// Places of cells that have no partner, in A and in B.
    pub alone: [Vec<usize>; 2],
}

/// Matches cells by case and the values on the axes that both tables have; two
/// tables of one cell each are matched whatever their settings.
///
/// `protocol`, `nodes`, `fanout` and `seed` have a column whether they are an
/// axis or not: they count where cells of the same case and axis values differ
/// in them, so that push can be held against pull, and 100 nodes against 200.
///
/// # Errors
/// Why not, as a clause.
pub fn matching(a: &Measured, b: &Measured) -> Result<Matching, String> {
    if let ([_], [_]) = (&a.cells[..], &b.cells[..]) {
        return Ok(Matching {
            keys: Vec::new(),
            pairs: vec![(0, 0)],
            alone: [Vec::new(), Vec::new()],
        });
    }
    let common = a.axes().filter(|axis| b.key(axis).is_some());
    let mut keys: Vec<&str> = std::iter::once("case").chain(common).collect();
    let tells = |key: &&str| tells_apart(a, &keys, key) || tells_apart(b, &keys, key);
    let fixed: Vec<&str> = FIXED_KEYS.into_iter().filter(tells).collect();
    keys.extend(fixed);
    let in_a = by_key(a, &keys, "A", b)?;
    let in_b = by_key(b, &keys, "B", a)?;
    let pairs: Vec<(usize, usize)> = (0..a.cells.len())
        .filter_map(|cell| Some((cell, *in_b.get(&values(a, cell, &keys))?)))
        .collect();
    if pairs.is_empty() {
        let first = |side: &Measured| describe(side, 0, &keys);
        return Err(format!(
            "no cell of A has the settings of a cell of B: A begins with {}, B with {}",
            first(a),
            first(b)
        ));
    }
    let alone = |side: &Measured, other: &BTreeMap<_, _>| {
        let is_alone = |cell: &usize| !other.contains_key(&values(side, *cell, &keys));
        (0..side.cells.len()).filter(is_alone).collect()
    };
    Ok(Matching {
        alone: [alone(a, &in_b), alone(b, &in_a)],
        keys: keys.into_iter().map(str::to_string).collect(),
        pairs,
    })
}

/// A cell's settings for people: `nodes 20, network.loss 0.1`; what is the same
/// in all cells for want of cases is left out.
pub fn describe(side: &Measured, cell: usize, keys: &[impl AsRef<str>]) -> String {
    let settings = &side.cells[cell].settings;
    let shown = keys.iter().filter_map(|key| {
        let value = &settings[side.key(key.as_ref())?];
        let name = key.as_ref();
        (name != "case" || !value.is_empty()).then(|| format!("{name} {value}"))
    });
    let shown: Vec<String> = shown.collect();
    match shown.is_empty() {
        true => format!("cell {}", side.cells[cell].number),
        false => shown.join(", "),
    }
}

/// A cell's values of these keys; numbers as numbers, so that 0.10 is 0.1.
fn values(side: &Measured, cell: usize, keys: &[&str]) -> Vec<String> {
    let plain = |text: &str| match text.parse::<f64>() {
        Ok(number) if number.is_finite() => number.to_string(),
        _ => text.to_string(),
    };
    let places = keys.iter().filter_map(|key| side.key(key));
    places
        .map(|place| plain(&side.cells[cell].settings[place]))
        .collect()
}

/// Do two cells that agree in `keys` differ in this one?
fn tells_apart(side: &Measured, keys: &[&str], key: &str) -> bool {
    let mut seen = BTreeMap::new();
    (0..side.cells.len()).any(|cell| {
        let value = values(side, cell, &[key]);
        *seen
            .entry(values(side, cell, keys))
            .or_insert_with(|| value.clone())
            != value
    })
}

type Places = BTreeMap<Vec<String>, usize>;

/// The cells by their values, which must tell them apart.
fn by_key(side: &Measured, keys: &[&str], name: &str, other: &Measured) -> Result<Places, String> {
    let mut places = BTreeMap::new();
    for cell in 0..side.cells.len() {
        let Some(first) = places.insert(values(side, cell, keys), cell) else {
            continue;
        };
        let missing: Vec<&str> = side
            .axes()
            .filter(|axis| other.key(axis).is_none())
            .collect();
        let other_name = if name == "A" { "B" } else { "A" };
        let why = match missing.is_empty() {
            true => "have the same settings".to_string(),
            false => format!(
                "differ only in {}, on which {other_name} has no axis",
                missing.join(", ")
            ),
        };
        let [first, second] = [first, cell].map(|place| side.cells[place].number);
        return Err(format!("cells {first} and {second} of {name} {why}"));
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Better;
    use crate::tables::Metric;

    /// Cells from lines of settings: case seed protocol nodes fanout, axes.
    fn side(axes: &[&str], cells: &[&str]) -> Measured {
        let keys = ["case"].iter().chain(&FIXED_KEYS).chain(axes);
        let keys = keys.map(|key| key.to_string()).collect();
        let mut measured =
            Measured::new(keys, vec![Metric::new("informed", Better::Neither)]).unwrap();
        for (number, cell) in cells.iter().enumerate() {
            let settings = cell.split(' ').map(|s| s.replace('-', "")).collect();
            measured
                .add(number as u64, settings, 0, vec![Some(1.0)])
                .unwrap();
        }
        measured
    }

    #[track_caller]
    fn check(a: &Measured, b: &Measured, pairs: &[(usize, usize)], alone: [&[usize]; 2]) {
        let found = matching(a, b).unwrap();
        assert_eq!(found.pairs, pairs);
        assert_eq!(found.alone, alone);
    }

    #[test]
    fn one_cell_each_is_matched_in_any_case() {
        let a = side(&["loss"], &["x 1 push 10 1 0.1"]);
        let b = side(&[], &["- 2 pull 20 2"]);
        check(&a, &b, &[(0, 0)], [&[], &[]]);
    }

    #[test]
    fn by_case_and_axes_in_any_order() {
        let a = side(&["loss"], &["x 1 push 10 1 0.1", "y 1 push 10 1 0.10"]);
        let b = side(
            &["loss"],
            &["z 1 pull 10 3 0", "y 1 pull 10 3 0.1", "x 1 pull 10 2 0.1"],
        );
        check(&a, &b, &[(0, 2), (1, 1)], [&[], &[0]]);
        assert_eq!(
            describe(&b, 2, &matching(&a, &b).unwrap().keys),
            "case x, loss 0.1"
        );
    }

    #[test]
    fn columns_of_all_tables_count_where_they_tell_cells_apart() {
        // Nodes are an axis, the protocol is not.
        let a = side(&[], &["- 1 push 10 1", "- 1 push 20 1", "- 1 push 30 1"]);
        let b = side(&[], &["- 1 pull 20 1", "- 1 pull 10 1", "- 1 pull 40 1"]);
        check(&a, &b, &[(0, 1), (1, 0)], [&[2], &[2]]);
        // The protocol is an axis of one of them.
        let b = side(&[], &["- 1 pull 10 1", "- 1 push 10 1"]);
        check(&a, &b, &[(0, 1)], [&[1, 2], &[0]]);
    }

    #[test]
    fn what_cannot_be_matched_says_why() {
        let a = side(&["loss"], &["- 1 push 10 1 0", "- 1 push 10 1 0.1"]);
        let b = side(&[], &["- 1 push 10 1"]);
        assert_eq!(
            matching(&a, &b).unwrap_err(),
            "cells 0 and 1 of A differ only in loss, on which B has no axis"
        );
        assert!(matching(&b, &a).unwrap_err().contains("of B differ only"));
        let b = side(&["loss"], &["- 1 push 10 1 0.2", "- 1 push 10 1 0.3"]);
        let error = matching(&a, &b).unwrap_err();
        assert!(
            error.contains("A begins with loss 0, B with loss 0.2"),
            "{error}"
        );
    }
}
