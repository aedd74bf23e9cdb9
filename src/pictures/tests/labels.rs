//! Every character that a picture writes can be drawn, and users' text does no harm.

use super::super::font::Font;
use super::super::scale::PlotAxis;
use super::super::scene::{HEIGHT, Shape, WIDTH};
use super::super::words;
use super::{Files, Format, SERIES_HEADER, dying, full, summary_header, summary_row};

/// All texts of all figures of some files.
fn texts(files: &Files) -> Vec<super::super::scene::Text> {
    let scenes = files
        .figures()
        .into_iter()
        .map(|(_, figure)| figure.lay_out());
    let shapes = scenes.flat_map(|scene| scene.shapes);
    shapes
        .filter_map(|shape| {
            if let Shape::Text(text) = shape {
                Some(text)
            } else {
                None
            }
        })
        .collect()
}

/// A sweep whose labels come from a hostile user.
fn hostile(label: &str) -> Files {
    let mut summary = summary_header(",network.topology,network.latency");
    for (cell, nodes) in [10, 100, 1000].into_iter().enumerate() {
        for (half, case) in [format!("\"{label}\""), "b".repeat(500)]
            .into_iter()
            .enumerate()
        {
            let settings = format!(
                "{},{case},push,{nodes},all,\"{label}\",\"{{ {label} }}\"",
                2 * cell + half
            );
            summary += &summary_row(
                &settings,
                "contact_probability",
                ["0.5", "0.4", "0.6", "", ""],
            );
            summary += &summary_row(&settings, "rounds_to_all", ["7", "6", "8", "", ""]);
        }
    }
    Files::new(&summary, None)
}

#[test]
fn the_font_has_every_character_that_is_written() {
    let font = Font::new();
    let hostile = hostile("<&'\u{7}\u{202e}\u{4e2d}\u{1f600} \u{301}");
    let all = [full(), dying(), hostile];
    for text in all.iter().flat_map(texts) {
        let missing: Vec<char> = text.words.chars().filter(|&c| !font.has(c)).collect();
        assert!(missing.is_empty(), "{:?} in {}", missing, text.words);
    }
    let own = "−⁻⁰¹²³⁴⁵⁶⁷⁸⁹ᵐ·…\u{a0}";
    assert!(own.chars().all(|c| font.has(c)));
}

#[test]
fn texts_stay_on_the_sheet_and_apart() {
    let font = Font::new();
    for files in [
        full(),
        dying(),
        hostile("a <b> & \"\"c\"\" with a long tail that goes on and on and on and on"),
    ] {
        for (_, figure) in files.figures() {
            let mut boxes: Vec<[f64; 4]> = Vec::new();
            for shape in figure.lay_out().shapes {
                let Shape::Text(text) = shape else { continue };
                if text.upward {
                    continue;
                }
                let width = font.width(&text.words, text.size);
                let left = text.place.0 - width * [0.0, 0.5, 1.0][text.align as usize];
                let here = [
                    left,
                    text.place.1 - text.size * 0.7,
                    left + width,
                    text.place.1,
                ];
                assert!(
                    here[0] >= 0.0 && here[2] <= WIDTH && here[1] >= 0.0 && here[3] <= HEIGHT,
                    "{}",
                    text.words
                );
                let apart = |b: &[f64; 4]| {
                    here[2] <= b[0] || b[2] <= here[0] || here[3] <= b[1] || b[3] <= here[1]
                };
                assert!(
                    boxes.iter().all(apart),
                    "{} lies on another text",
                    text.words
                );
                boxes.push(here);
            }
        }
    }
}

#[test]
fn svg_escapes_what_users_write() {
    let label = "</text><script>&\u{1b}";
    for picture in hostile(label).draw(&[Format::Svg]).unwrap() {
        let text = String::from_utf8(picture.bytes).unwrap();
        assert!(!text.contains("<script>") && !text.contains('\u{1b}'));
        assert_eq!(
            text.matches("<text").count(),
            text.matches("</text>").count()
        );
    }
    let files = hostile(label);
    let texts = texts(&files);
    assert!(
        texts.iter().any(|text| text.words.contains("<script>")),
        "shown, not dropped"
    );
}

#[test]
fn cleaned_text_is_short_and_visible() {
    let font = Font::new();
    let check = |text: &str, expected: &str| assert_eq!(words::clean(text, &font), expected);
    check("plain-name_1", "plain-name_1");
    check("  two\t\nwords\u{7} ", "two words");
    check("a\u{202e}b\u{200b}c", "abc");
    check("\u{4e2d}!", "[U+4E2D]!");
    check("", "");
    let long = format!("a{}z", "x".repeat(200));
    let short = words::clean(&long, &font);
    let ends = (short.chars().next(), short.chars().last());
    assert_eq!((short.chars().count(), ends), (120, (Some('a'), Some('z'))));
    assert!(short.contains('…'));
}

#[test]
fn numbers_are_grouped_in_threes() {
    let check = |text: &str, expected: &str| {
        assert_eq!(words::number(text).replace('\u{a0}', " "), expected)
    };
    check("0", "0");
    check("999", "999");
    check("10000", "10 000");
    check("1234567.25", "1 234 567.25");
    check("-0.5", "−0.5");
    check("1e300", "1e300");
    assert_eq!(words::power(-12), "10⁻¹²");
}

/// The labels of an axis.
fn labels(axis: &PlotAxis) -> Vec<String> {
    axis.ticks
        .iter()
        .map(|tick| tick.label.replace('\u{a0}', " "))
        .collect()
}

#[test]
fn ticks_stand_at_round_values() {
    assert_eq!(
        labels(&PlotAxis::linear(0.0, 1.04, 6)),
        ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    );
    assert_eq!(
        labels(&PlotAxis::linear(0.0, 30.0, 6)),
        ["0", "5", "10", "15", "20", "25", "30"]
    );
    assert_eq!(
        labels(&PlotAxis::log(0.9, 20000.0)),
        ["1", "10", "100", "1 000", "10 000"]
    );
    assert_eq!(labels(&PlotAxis::log(9.0, 110.0)), ["10", "30", "100"]);
    assert_eq!(
        labels(&PlotAxis::log(0.06, 0.35)),
        ["0.07", "0.1", "0.2", "0.3"]
    );
    assert_eq!(
        labels(&PlotAxis::log(1e-4, 0.5)),
        ["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹"]
    );
    assert_eq!(
        labels(&PlotAxis::at_values(0.0, 9.0, &[1.0, 2.0, 8.0])),
        ["1", "2", "8"]
    );
}

#[test]
fn crowded_ticks_are_thinned_evenly() {
    let mut axis = PlotAxis::at_values(0.0, 10.0, &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
    axis.thin(|_| 0.15);
    assert_eq!(labels(&axis), ["0", "2", "4", "6"]);
    axis.thin(|_| 5.0);
    assert_eq!(labels(&axis), ["0"]);
}

#[test]
fn an_empty_series_is_no_error() {
    let files = Files::new(&summary_header(""), Some(SERIES_HEADER));
    assert!(texts(&files).is_empty());
}
