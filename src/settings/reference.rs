//! The reference page of all keys, made from their lists: `docs/scenario.md`.

use super::{OF_ALL_CELLS, OfProtocol, PROTOCOL, Root, Section};
use crate::key::{Absent, Key, Kind, Settings, Shape, sentence};

/// How a scenario is written, before the keys.
const HEAD: &str = include_str!("reference.md");

/// The page, in Markdown, for scenarios with these sections and protocols.
pub fn reference(sections: &[Section], protocols: &[OfProtocol]) -> String {
    let mut page = Page(HEAD.to_string());
    page.table("At the root", Root::ABOUT, Root::KEYS);
    for section in sections {
        page.table(
            &format!("`[{}]`", section.name),
            section.about,
            section.keys,
        );
        if section.name == PROTOCOL {
            for protocol in protocols {
                page.kind(PROTOCOL, protocol.name, protocol.about, protocol.keys);
            }
        }
    }
    for section in OF_ALL_CELLS {
        let title = format!("`[{}]`", section.name);
        page.table(&title, section.about, section.keys);
    }
    page.0
}

struct Page(String);

impl Page {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// A section: what it is for, its keys, then what those take that are choices.
    fn table(&mut self, title: &str, about: &str, keys: &[Key]) {
        self.line(&format!("\n## {title}\n\n{}", sentence(about)));
        self.keys(keys);
        for key in keys {
            self.choices(key.name, &(key.shape)());
        }
    }

    fn keys(&mut self, keys: &[Key]) {
        if keys.is_empty() {
            return;
        }
        self.line("\n| key | takes | unit | if left out | meaning |");
        self.line("| --- | --- | --- | --- | --- |");
        for key in keys {
            let cells = [
                format!("`{}`", key.name),
                takes(&(key.shape)()),
                key.unit.to_string(),
                if_left_out(key),
                sentence(key.about),
            ];
            let cells = cells.map(|cell| cell.replace('|', "\\|"));
            self.line(&format!("| {} |", cells.join(" | ")));
        }
    }

    fn choices(&mut self, name: &str, shape: &Shape) {
        match shape {
            // A word beside other values is told by what is said of the key.
            Shape::Choice(words) if words.len() > 1 => {
                self.line(&format!("\n`{name}`:\n"));
                for (word, about) in words {
                    self.line(&format!("- `\"{word}\"`: {}", sentence(about)));
                }
            }
            Shape::Kinds(kinds) => {
                for Kind {
                    name: kind,
                    about,
                    keys,
                } in *kinds
                {
                    self.kind(name, kind, about, Some(keys));
                }
            }
            Shape::List(item) => self.choices(name, item),
            Shape::Either(shapes) => shapes.iter().for_each(|shape| self.choices(name, shape)),
            Shape::Table(keys) => {
                self.line(&format!("\n### `{name}`"));
                self.keys(keys);
            }
            _ => {}
        }
    }

    fn kind(&mut self, name: &str, kind: &str, about: &str, keys: Option<&[Key]>) {
        self.line(&format!(
            "\n### `{name}` of kind `\"{kind}\"`\n\n{}.",
            capital(about)
        ));
        self.keys(keys.unwrap_or_default());
        for key in keys.unwrap_or_default() {
            self.choices(key.name, &(key.shape)());
        }
    }
}

fn capital(about: &str) -> String {
    let mut letters = about.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn takes(shape: &Shape) -> String {
    match shape {
        Shape::Choice(words) => {
            let words: Vec<String> = words
                .iter()
                .map(|(word, _)| format!("`\"{word}\"`"))
                .collect();
            words.join(", ")
        }
        Shape::Kinds(_) => "a table with a `kind`, as below".to_string(),
        Shape::Table(_) => "a table, as below".to_string(),
        Shape::List(item) => format!("a list, each item {}", takes(item)),
        Shape::Either(shapes) => {
            let shapes: Vec<String> = shapes.iter().map(takes).collect();
            shapes.join(", or ")
        }
        Shape::Duration(1.., _) => format!("a duration, {shape}"),
        _ => shape.to_string(),
    }
}

fn if_left_out(key: &Key) -> String {
    match key.absent {
        Absent::Required => "must be given".to_string(),
        Absent::Unused => "not used".to_string(),
        Absent::Default(value) => format!("`{}`", value()),
        Absent::Depends { how, .. } => how.to_string(),
    }
}
