//! Words for people: the nearest known one, and text that is safe to show.

/// The known word nearest to `word`, if one is near enough to be meant.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    // Distances cost the product of both lengths; nobody means a word that long.
    if word.is_empty() || word.len() > 64 {
        return None;
    }
    let length = word.chars().count();
    // One letter is as far from any other.
    let far = (length / 3).max(1).min(length - 1);
    let word = word.to_lowercase();
    let distance = |known: &str| {
        let edits = strsim::damerau_levenshtein(&word, known);
        let shortened = word.len() >= 3 && (known.starts_with(&word) || known.ends_with(&word));
        if shortened { edits.min(far) } else { edits }
    };
    known
        .into_iter()
        .map(|known| (distance(known), known))
        .filter(|(edits, _)| *edits <= far)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, known)| known)
}

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

/// The words in backquotes: "`a`, `b` or `c`".
pub fn either(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

/// "did you mean `x`?", or what there is.
pub fn suggest(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "no other key is known here".to_string(),
        None => format!("expected {}", either(known)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_a_near_one() {
        let known = ["loss", "latency", "topology", "synchronous", "lognormal"];
        let table = [
            ("los", Some("loss")),
            ("latncy", Some("latency")),
            ("Topology", Some("topology")),
            ("sync", Some("synchronous")),
            ("normal", Some("lognormal")),
            ("banana", None),
            ("", None),
        ];
        for (word, expected) in table {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
        assert_eq!(nearest(&"l".repeat(100_000), known), None);
    }

    #[test]
    fn nothing_unsafe_is_shown() {
        let text = "a\u{1b}[31m\u{9b}\u{202e}\u{200b}é漢";
        let shown = visible(text);
        assert_eq!(shown, "a\\u{1b}[31m\\u{9b}\\u{202e}\\u{200b}é漢");
        assert!(short(&"é".repeat(100)).len() < 110);
    }
}
