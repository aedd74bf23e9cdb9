//! Values as TOML text: as they are written into files, and in the canonical
//! form by which they are compared.

use super::words;
use toml::Value;

/// As written into a file: reads back as the same value, on one line.
pub fn toml(value: &Value) -> String {
    write(value, false)
}

/// The canonical text: equal numbers are equal, whole or real.
pub fn canonical(value: &Value) -> String {
    write(value, true)
}

/// As shown in a table's field: strings bare, numbers without exponent.
pub fn bare(value: &Value) -> String {
    match value {
        Value::String(text) => words::visible(text),
        Value::Float(number) => (number + 0.0).to_string(),
        other => toml(other),
    }
}

fn write(value: &Value, canonical: bool) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => real(*number, canonical),
        Value::Boolean(value) => value.to_string(),
        Value::Datetime(value) => value.to_string(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| write(item, canonical)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(table) if table.is_empty() => "{}".to_string(),
        Value::Table(table) => {
            let pair = |(k, v): (&String, &Value)| format!("{} = {}", key(k), write(v, canonical));
            let pairs: Vec<String> = table.iter().map(pair).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}

fn real(number: f64, canonical: bool) -> String {
    // Whole numbers are exact as f64 up to here.
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    if number.is_nan() {
        "nan".to_string()
    } else if canonical && number.fract() == 0.0 && number.abs() <= EXACT_MAX {
        (number as i64).to_string()
    } else {
        // `{:?}` always has a point or an exponent, and reads back.
        format!("{number:?}")
    }
}

/// A key: bare where TOML allows it.
pub fn key(text: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !text.is_empty() && text.chars().all(is_bare) {
        text.to_string()
    } else {
        quoted(text)
    }
}

/// A basic string; unsafe characters are escaped.
pub fn quoted(text: &str) -> String {
    let mut shown = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => shown.extend(['\\', c]),
            '\n' => shown.push_str("\\n"),
            '\t' => shown.push_str("\\t"),
            c if words::is_unsafe(c) => shown.push_str(&format!("\\U{:08X}", c as u32)),
            c => shown.push(c),
        }
    }
    shown.push('"');
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let text = "a = [1, 1.0, -0.0, 1e300, 1e-7, inf, true, 1979-05-27, \"q\\\"\\\\\\u001b\\n\\t\
                    \\u202e\", { x = 1, \"y z\" = [] }, {}]";
        let table: toml::Table = text.parse().expect(text);
        let written = format!("a = {}", toml(&table["a"]));
        assert!(!written.contains(['\u{1b}', '\u{202e}', '\n']));
        let again: toml::Table = written.parse().expect("what we wrote");
        assert_eq!(again, table);
        assert_eq!(canonical(&table["a"][1]), "1");
        assert_eq!(canonical(&table["a"][2]), "0");
        assert_eq!(bare(&table["a"][1]), "1");
        assert_eq!(bare(&table["a"][2]), "0");
        assert_eq!(bare(&table["a"][4]), "0.0000001");
    }
}
