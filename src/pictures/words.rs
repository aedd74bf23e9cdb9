//! Labels: numbers as journals print them, settings as people say them, users' text made harmless.

use super::font::Font;
use super::summary::{CASE, FANOUT, NODES, PROTOCOL};

/// Keeps a number and its groups of digits on one line.
const NO_BREAK: char = '\u{a0}';
/// Stands for what was cut off.
const ELLIPSIS: char = '…';
/// The most characters of a user's text: more than a case's label has.
const TEXT_MAX: usize = 120;

/// A user's text for a picture: no control or direction characters, no gaps, instead of a character that the font
/// lacks its code, not too long.
pub fn clean(text: &str, font: &Font) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|&c| !is_invisible(c))
        .collect();
    let words: Vec<&str> = spaced.split(' ').filter(|word| !word.is_empty()).collect();
    let mut whole = String::new();
    for c in words.join(" ").chars() {
        match font.has(c) {
            true => whole.push(c),
            false => whole += &format!("[U+{:04X}]", u32::from(c)),
        }
    }
    match whole.chars().count() {
        ..=TEXT_MAX => whole,
        _ => middle_out(&whole, TEXT_MAX - 1),
    }
}

/// Control characters, and those that only change how others are shown.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// So many characters of the text, from either end.
fn middle_out(text: &str, kept: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (head, tail) = (kept - kept / 2, kept / 2);
    let head: String = chars[..head].iter().collect();
    let tail: String = chars[chars.len() - tail..].iter().collect();
    format!("{}{ELLIPSIS}{}", head.trim_end(), tail.trim_start())
}

/// The text, cut in its middle to a width: what tells labels apart stands at either end more often.
pub fn shorten(text: &str, width: f64, size: f64, font: &Font) -> String {
    if font.width(text, size) <= width {
        return text.to_owned();
    }
    let fits = |text: &String| font.width(text, size) <= width;
    (1..text.chars().count())
        .rev()
        .map(|kept| middle_out(text, kept))
        .find(fits)
        .unwrap_or(ELLIPSIS.to_string())
}

/// The texts, each cut to a width; those that would be the same then, or are, bear a number.
pub fn distinct(texts: &[&str], width: f64, size: f64, font: &Font) -> Vec<String> {
    let short: Vec<String> = texts
        .iter()
        .map(|text| shorten(text, width, size, font))
        .collect();
    let is_alone = |text: &String| short.iter().filter(|other| *other == text).count() == 1;
    let number = |(i, text): (usize, &String)| match is_alone(text) {
        true => text.clone(),
        false => {
            let number = format!("({}) ", i + 1);
            let room = width - font.width(&number, size);
            number + &shorten(texts[i], room, size, font)
        }
    };
    short.iter().enumerate().map(number).collect()
}

/// Breaks a text into lines of at most a width; a word that is too long is cut.
pub fn wrap(text: &str, width: f64, size: f64, font: &Font) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if let Some(line) = lines.last_mut() {
            let longer = format!("{line} {word}");
            if font.width(&longer, size) <= width {
                *line = longer;
                continue;
            }
        }
        lines.push(shorten(word, width, size, font));
    }
    lines
}

/// A number, its digits in groups of three: `10 000`, `0.05`.
pub fn number(text: &str) -> String {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("−", digits),
        None => ("", text),
    };
    let (whole, rest) = digits
        .find('.')
        .map_or((digits, ""), |dot| digits.split_at(dot));
    if !whole.chars().all(|c| c.is_ascii_digit()) {
        return text.to_owned();
    }
    let mut grouped = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(NO_BREAK);
        }
        grouped.push(digit);
    }
    grouped + rest
}

/// A whole number in groups of three.
pub fn count(value: u64) -> String {
    number(&value.to_string())
}

/// A power of ten: `10⁻³`.
pub fn power(exponent: i32) -> String {
    let raised = exponent.to_string();
    let raised = raised.chars().map(|c| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        _ => '⁰',
    });
    "10".chars().chain(raised).collect()
}

/// A setting in words: `n = 10 000`, `fanout 3`, `loss = 0.1`, `sampling: others`.
pub fn setting(keys: &[String], key: usize, value: &str, font: &Font) -> String {
    let is_number = value.parse::<f64>().is_ok();
    let shown = if is_number {
        number(value)
    } else {
        clean(value, font)
    };
    match key {
        CASE if shown.is_empty() => "no case".to_owned(),
        CASE | PROTOCOL => shown,
        NODES => format!("n{NO_BREAK}={NO_BREAK}{shown}"),
        FANOUT => format!("fanout{NO_BREAK}{shown}"),
        _ if is_number => format!("{}{NO_BREAK}={NO_BREAK}{shown}", key_name(keys, key, font)),
        _ => format!("{}: {shown}", key_name(keys, key, font)),
    }
}

/// Names that say nothing without their section.
const GENERIC: [&str; 3] = ["mode", "count", "at"];

/// A setting's name: its key without the section where that is enough to tell it from others and to say what it is,
/// as in `loss` and `topology size`; else all of it, as in `clock mode`.
pub fn key_name(keys: &[String], key: usize, font: &Font) -> String {
    let own = |key: &str| {
        key.split_once('.')
            .map_or(key, |(_, own)| own)
            .replace('.', " ")
    };
    let name = own(&keys[key]);
    let alone = keys.iter().filter(|other| own(other) == name).count() == 1;
    let is_enough = alone && !GENERIC.contains(&&name[..]);
    let name = if is_enough {
        name
    } else {
        keys[key].replace('.', " ")
    };
    clean(&name, font).replace('_', " ")
}
