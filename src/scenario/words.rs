//! Words for people: the nearest known one, and lists of them.

pub use crate::text::{is_unsafe, short, visible};

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
}
