//! What to write in the place of a value that was written as other programs or
//! countries do: `10%`, `0,1`, `"0.1"`, `1e6` for a count, `yes`.

use super::{meaning, words};
use crate::key::Shape;
use crate::settings::Path;

/// A help that, followed, works: the first rewriting of the text that the key takes.
pub fn help(written: &str, path: &Path) -> Option<String> {
    // A value of a list is mended like one that stands alone.
    let mut shapes: Vec<&Shape> = path.shapes.iter().collect();
    let items = path.shapes.iter().filter_map(|shape| match shape {
        Shape::List(item) => Some(&**item),
        _ => None,
    });
    shapes.extend(items);
    let written = written.trim();
    if written.chars().any(words::is_unsafe) {
        return None;
    }
    let takes = |text: &str| {
        let table: Option<toml::Table> = format!("a = {text}").parse().ok();
        let value = table.and_then(|mut table| table.remove("a"));
        value.is_some_and(|value| shapes.iter().any(|shape| meaning::fits(&value, shape)))
    };
    let mended = rewritings(written, path.unit);
    let mended = mended
        .into_iter()
        .find(|(text, _)| text != written && takes(text));
    mended.map(|(text, meant)| match meant {
        "" => format!("write {text}"),
        meant => format!("write {text} if you mean {meant}"),
    })
}

/// What may have been meant, the likeliest first: as it is to be written, and, where it
/// is a guess, what it would mean.
fn rewritings(written: &str, unit: &str) -> Vec<(String, &'static str)> {
    let bare = written.trim_matches(['"', '\'']).trim();
    let mut all: Vec<(String, &str)> = Vec::new();
    let sure = |text: String| (text, "");
    all.push(sure(bare.to_lowercase()));
    match bare.to_lowercase().as_str() {
        "yes" | "on" | "1" => all.push(sure("true".into())),
        "no" | "off" | "0" => all.push(sure("false".into())),
        _ => {}
    }
    let number = bare.strip_suffix('%').unwrap_or(bare).trim_end();
    for text in numbers(number) {
        let Ok(value) = text.parse::<f64>() else {
            continue;
        };
        match bare.ends_with('%') {
            true => all.extend([sure(decimal(value / 100.0)), sure(whole(value))]),
            false => all.extend([sure(text), sure(whole(value)), sure(decimal(value))]),
        }
        if !bare.ends_with('%') && value > 1.0 {
            all.push((decimal(value / 100.0), "percent"));
        }
        if unit == "percent" {
            all.push((whole(value * 100.0), "percent"));
        }
        all.push((format!("\"{value}s\""), "seconds"));
    }
    all.push(sure(format!("\"{bare}\"")));
    all
}

/// The texts of numbers that this may be.
fn numbers(text: &str) -> Vec<String> {
    const SCALES: [(char, f64); 4] = [('k', 1e3), ('K', 1e3), ('M', 1e6), ('G', 1e9)];
    let is_group = |part: &str| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut all = vec![text.to_string()];
    let mut groups = text.split([',', ' ', '\'']);
    if groups
        .next()
        .is_some_and(|first| !first.is_empty() && first != "0")
        && groups.all(is_group)
    {
        all.push(text.replace([',', ' ', '\''], ""));
    } else if text.matches(',').count() == 1 {
        all.push(text.replace(',', "."));
    }
    for (suffix, scale) in SCALES {
        let scaled = text
            .strip_suffix(suffix)
            .and_then(|text| text.trim_end().parse::<f64>().ok());
        all.extend(scaled.map(|number| decimal(number * scale)));
    }
    all
}

/// A real number as it is written, with a point.
fn decimal(number: f64) -> String {
    format!("{number:?}")
}

/// A whole number, its digits parted by threes; nothing for another.
fn whole(number: f64) -> String {
    // Above, not every whole number is an f64.
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    let is_whole = number.fract() == 0.0 && number.abs() <= EXACT_MAX;
    let digits = if is_whole {
        format!("{number}")
    } else {
        return String::new();
    };
    let (sign, digits) = digits.split_at(usize::from(digits.starts_with('-')));
    let parts = digits.as_bytes().rchunks(3).rev();
    let parts: Vec<&str> = parts
        .filter_map(|part| std::str::from_utf8(part).ok())
        .collect();
    // Four digits are read at a glance.
    let between = if digits.len() > 4 { "_" } else { "" };
    format!("{sign}{}", parts.join(between))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant_is_found_and_fits() {
        let path = |shape: Shape, unit| Path {
            text: "a.b".into(),
            unit,
            shapes: vec![shape],
        };
        let share = path(Shape::Real(0.0, 1.0), "");
        let count = path(Shape::Whole(1, 4_294_967_295), "nodes");
        let percent = path(Shape::List(Box::new(Shape::Whole(1, 100))), "percent");
        let length = path(Shape::Duration(0, u64::MAX), "");
        let either = path(Shape::Boolean, "");
        let choice = path(Shape::Choice(vec![("push", "")]), "");
        let table = [
            (&share, "10%", Some("write 0.1")),
            (&share, "\"10 %\"", Some("write 0.1")),
            (&share, "0.5%", Some("write 0.005")),
            (&share, "0,1", Some("write 0.1")),
            (&share, "\"0.1\"", Some("write 0.1")),
            (&share, ".5", Some("write 0.5")),
            (&share, "50", Some("write 0.5 if you mean percent")),
            (&share, "-0.1", None),
            (&share, "much", None),
            (&share, "101%", None),
            (&count, "1e6", Some("write 1_000_000")),
            (&count, "100.0", Some("write 100")),
            (&count, "1,000", Some("write 1000")),
            (&count, "10 000", Some("write 10000")),
            (&count, "1,5", None),
            (&count, "10k", Some("write 10_000")),
            (&count, "\"1_000\"", Some("write 1_000")),
            (&count, "\"7\"", Some("write 7")),
            (&count, "0", None),
            (&count, "1.5", None),
            (&percent, "0.5", Some("write 50 if you mean percent")),
            (&percent, "50%", Some("write 50")),
            (&percent, "0.555", None),
            (&length, "5", Some("write \"5s\" if you mean seconds")),
            (&length, "1s", Some("write \"1s\"")),
            (&length, "0,5", Some("write \"0.5s\" if you mean seconds")),
            (&length, "\"fast\"", None),
            (&either, "yes", Some("write true")),
            (&either, "\"False\"", Some("write false")),
            (&either, "1", Some("write true")),
            (&choice, "push", Some("write \"push\"")),
            (&choice, "'PUSH'", None),
        ];
        for (path, written, expected) in table {
            assert_eq!(help(written, path).as_deref(), expected, "{written}");
        }
    }
}
