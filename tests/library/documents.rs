//! What stands beside the code and must say the same: scenarios, documents.

use gossim::pictures::PICTURES;
use gossim::registry::PROTOCOLS;
use gossim::scenario::{Overrides, Purpose, Scenario};
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
