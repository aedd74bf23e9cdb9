//! Rust text, read just well enough for house rules: comments and literals
//! blanked, test modules taken out, positions kept.

/// A file of the source.
pub struct Source {
    /// From the crate's root, with `/`.
    pub path: String,
    /// As it is on the disk.
    pub text: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Source {
        Source {
            path: path.to_string(),
            text: text.to_string(),
        }
    }

    /// The modules down to this file: `src/cli/run.rs` is `["cli", "run"]`.
    pub fn modules(&self) -> Vec<&str> {
        let path = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let path = path.strip_suffix(".rs").unwrap_or(path);
        let path = path.strip_suffix("/mod").unwrap_or(path);
        match path {
            "lib" | "main" => Vec::new(),
            path => path.split('/').collect(),
        }
    }

    /// The room that it belongs to: the first module.
    pub fn room(&self) -> &str {
        self.modules().first().copied().unwrap_or("")
    }

    /// Is the whole file tests?
    pub fn is_tests(&self) -> bool {
        self.modules().contains(&"tests")
    }

    /// Its code: no comments, no literals.
    pub fn code(&self) -> String {
        blank(&self.text)
    }

    /// Its code without that of its tests.
    pub fn product_code(&self) -> String {
        match self.is_tests() {
            true => String::new(),
            false => without_tests(&blank(&self.text)),
        }
    }

    /// The place of a byte, for a message.
    pub fn place(&self, code: &str, at: usize) -> String {
        format!("{}:{}", self.path, line_of(code, at))
    }
}

/// The line of a byte, from 1.
pub fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where `word` stands as a word of its own (to the left, and to the right if
/// it ends like one).
pub fn find_word(code: &str, word: &str) -> Vec<usize> {
    let bytes = code.as_bytes();
    let starts_like_one = word.bytes().next().is_some_and(is_word);
    let ends_like_one = word.bytes().last().is_some_and(is_word);
    let found = code.match_indices(word).map(|(at, _)| at);
    let is_whole = |at: &usize| {
        let left = *at == 0 || !starts_like_one || !is_word(bytes[at - 1]);
        let right = bytes
            .get(at + word.len())
            .is_none_or(|next| !is_word(*next));
        left && (right || !ends_like_one)
    };
    found.filter(is_whole).collect()
}

/// The end of the block that opens at `open`, just behind its brace.
pub fn block_end(code: &str, open: usize) -> usize {
    let mut depth = 0;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return at + 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// The same text, byte for byte as long, with comments and the content of
/// literals as blanks.
fn blank(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match literal_end(bytes, at) {
            Some(end) => end.min(bytes.len()),
            None => {
                at += 1;
                continue;
            }
        };
        for byte in &mut code[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end;
    }
    String::from_utf8(code).unwrap()
}

/// The end of the comment or literal that begins here, if one does.
fn literal_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    let before = at.checked_sub(1).map(|at| bytes[at]);
    if rest.starts_with(b"//") {
        return Some(at + find(rest, b"\n").unwrap_or(rest.len()));
    }
    if rest.starts_with(b"/*") {
        return Some(at + find(rest, b"*/").map_or(rest.len(), |end| end + 2));
    }
    if rest[0] == b'r' && !before.is_some_and(is_word) {
        let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
        if rest.get(1 + hashes) == Some(&b'"') {
            let close = [&b"\""[..], &b"#".repeat(hashes)].concat();
            let open = 2 + hashes;
            let end = find(&rest[open..], &close);
            return Some(at + end.map_or(rest.len(), |end| open + end + close.len()));
        }
    }
    match rest {
        [b'"', ..] => Some(at + quoted(rest, b'"')),
        // A lifetime has no closing quote two characters on.
        [b'\'', b'\\', ..] => Some(at + quoted(rest, b'\'')),
        [b'\'', ..] => {
            let text = std::str::from_utf8(&rest[1..rest.len().min(6)]);
            let valid = text.map_or_else(|error| error.valid_up_to(), str::len);
            let text = std::str::from_utf8(&rest[1..1 + valid]).unwrap();
            let letter = text.chars().next()?.len_utf8();
            (rest.get(1 + letter) == Some(&b'\'')).then_some(at + letter + 2)
        }
        _ => None,
    }
}

fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

/// Blanks every item under `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = code.to_string();
    while let Some(start) = kept.find(MARK) {
        let rest = &kept[start..];
        let end = match (rest.find('{'), rest.find(';')) {
            (Some(open), Some(semicolon)) if semicolon < open => start + semicolon + 1,
            (Some(open), _) => block_end(&kept, start + open),
            (None, Some(semicolon)) => start + semicolon + 1,
            (None, None) => kept.len(),
        };
        let blanks: String = kept[start..end]
            .bytes()
            .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
            .collect();
        kept.replace_range(start..end, &blanks);
    }
    kept
}

#[test]
fn only_code_is_left_and_every_line_stays_where_it_was() {
    let text = r##"
//! HashMap in the docs
use a::b; // HashMap at the end
/* HashMap */ fn f<'a>(x: &'a str) -> char {
    g("HashMap \" {", r#"HashMap "x" {"#, '{', '\'', 'é', b'}')
}
#[cfg(test)]
mod tests {
    use HashMap;
}
fn last() {}
"##;
    let source = Source::new("src/x.rs", text);
    let code = source.code();
    assert_eq!(code.len(), text.len());
    assert_eq!(code.matches("HashMap").count(), 1, "{code}");
    assert_eq!(code.matches('{').count(), 3, "{code}");
    let product = source.product_code();
    assert!(!product.contains("HashMap"), "{product}");
    let last = product.find("fn last").unwrap();
    assert_eq!(source.place(&product, last), "src/x.rs:11");
    assert_eq!(find_word("map HashMap Map", "Map"), [12]);
}
