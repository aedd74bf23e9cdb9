//! Text from outside, made safe to show: names from a disk, words of a scenario, fields of a table.

/// Could this character move the cursor, hide, or turn text around?
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        )
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{e0000}'..='\u{e0fff}')
}

/// The text with every unsafe character written as an escape.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// The text made safe and cut to a length that a message can bear.
pub fn short(text: &str) -> String {
    const CHARS_MAX: usize = 48;
    match text.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}...", visible(&text[..end])),
        None => visible(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_unsafe_is_shown() {
        let text = "a\u{1b}[31m\u{9b}\u{202e}\u{200b}é漢";
        let shown = visible(text);
        assert_eq!(shown, "a\\u{1b}[31m\\u{9b}\\u{202e}\\u{200b}é漢");
        assert!(short(&"é".repeat(100)).len() < 110);
    }
}
