//! What stands beside the code and must say the same: scenarios, documents.

use gossim::key::{Key, Settings, Shape};
use gossim::pictures::PICTURES;
use gossim::registry::PROTOCOLS;
use gossim::scenario::{Overrides, Purpose, Scenario};
use gossim::settings::{PROTOCOL, Root, SECTIONS, Sweep};
use std::fs;
use std::path::{Path, PathBuf};

fn place(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn every_scenario_is_valid() {
    let mut scenarios = 0;
    for entry in fs::read_dir(place("scenarios")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "toml") {
            // What a scenario reads.
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let overrides = Overrides {
            purpose: Purpose::Sweep,
            ..Overrides::default()
        };
        let read = Scenario::from_text(&text, &path.display().to_string(), PROTOCOLS, &overrides);
        read.unwrap_or_else(|error| panic!("{error}"));
        scenarios += 1;
    }
    assert!(scenarios >= 5, "{scenarios}");
}

/// The rows that begin the same in both, in order: what the list says must be
/// in the document, and nothing else of that kind.
#[test]
fn the_documents_know_every_picture() {
    let measured = fs::read_to_string(place("docs/measured.md")).unwrap();
    let (_, pictures) = measured.split_once("## Pictures").unwrap();
    let rows: Vec<&str> = pictures
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    assert_eq!(rows.len(), PICTURES.len());
    for (row, picture) in rows.iter().zip(PICTURES) {
        let (name, needs, about) = (picture.name, picture.needs, picture.about);
        let expected = format!("| `{name}` | {needs} | {about}");
        assert!(row.starts_with(&expected), "{row}\nis not\n{expected}");
    }
    let readme = fs::read_to_string(place("README.md")).unwrap();
    let names: Vec<String> = (PICTURES.iter())
        .map(|picture| format!("`{}.png`", picture.name))
        .collect();
    let row = format!("| {} | pictures", names.join(", "));
    assert!(readme.contains(&row), "README.md has no row\n{row}");
}

/// `docs/scenario.md` is what the lists of keys say. To make it again:
/// `WRITE_DOCS=1 cargo test --test library the_reference_page`.
#[test]
fn the_reference_page_is_made_from_the_settings() {
    let path = place("docs/scenario.md");
    let page = Scenario::reference(PROTOCOLS);
    if std::env::var_os("WRITE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    let differs = found
        .lines()
        .zip(page.lines())
        .find(|(found, made)| found != made);
    assert!(
        found == page,
        "docs/scenario.md is not what the settings say (first: {differs:?}); make it again: \
         WRITE_DOCS=1 cargo test --test library the_reference_page"
    );
}

/// What `gossim init` writes gives no value as usual that is not the default, but for
/// these, without which it would show little; and names all words of a choice.
#[test]
fn the_template_shows_the_defaults() {
    const OTHERS: [&str; 2] = ["network.latency", "stop.all_informed"];
    let text = Scenario::template();
    let template: toml::Table = text.parse().unwrap();
    let push_pull = PROTOCOLS
        .iter()
        .find(|entry| entry.name == "push-pull")
        .unwrap();
    let mut tables: Vec<(&str, &[Key])> = vec![("", Root::KEYS), ("sweep", Sweep::KEYS)];
    tables.extend(SECTIONS.iter().map(|section| (section.name, section.keys)));
    tables.push((PROTOCOL, push_pull.keys.unwrap()));
    let mut shown = 0;
    for (section, key) in tables
        .iter()
        .flat_map(|(section, keys)| keys.iter().map(move |key| (section, key)))
    {
        let table = template
            .get(*section)
            .and_then(toml::Value::as_table)
            .unwrap_or(&template);
        let (Some(given), path) = (table.get(key.name), format!("{section}.{}", key.name)) else {
            continue;
        };
        if let Some(default) = key.default_value() {
            let is_other = OTHERS.contains(&path.as_str());
            assert_eq!(
                *given != default,
                is_other,
                "{path} = {given}, default {default}"
            );
            shown += 1;
        }
        if let Shape::Choice(words) = (key.shape)() {
            let missing = words.iter().find(|(word, _)| !text.contains(word));
            assert!(missing.is_none(), "{path} can be {missing:?}");
        }
    }
    assert!(shown > 12, "{shown}");
    for protocol in PROTOCOLS {
        assert!(text.contains(protocol.name), "{}", protocol.name);
    }
}
