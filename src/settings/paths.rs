//! The paths of all keys, as in `network.latency.mean`.

use super::{Root, Section, Sweep};
use crate::key::{Key, Kind, Settings, Shape};
use std::collections::BTreeSet;

/// All paths: of the root, of these sections with what their kinds take, of the
/// protocols' own keys, of `[sweep]`. Each once; the nearest to the root first
/// within its section.
pub fn paths(sections: &[Section], protocols: &[Kind]) -> Vec<String> {
    let mut all = Paths::default();
    all.table("", Root::KEYS);
    for section in sections {
        all.table(section.name, section.keys);
        if section.name == "protocol" {
            for protocol in protocols {
                all.table(section.name, protocol.keys);
            }
        }
    }
    all.table("sweep", Sweep::KEYS);
    all.found
}

#[derive(Default)]
struct Paths {
    found: Vec<String>,
    seen: BTreeSet<String>,
}

impl Paths {
    fn table(&mut self, path: &str, keys: &[Key]) {
        for key in keys {
            let path = match path {
                "" => key.name.to_string(),
                path => format!("{path}.{}", key.name),
            };
            self.add(path.clone());
            self.within(&path, &(key.shape)());
        }
    }

    /// What is in a value: an item of a list of tables is addressed by its number.
    fn within(&mut self, path: &str, shape: &Shape) {
        match shape {
            Shape::Table(keys) => self.table(path, keys),
            Shape::Kinds(kinds) => {
                self.add(format!("{path}.kind"));
                kinds.iter().for_each(|kind| self.table(path, kind.keys));
            }
            Shape::List(item) => self.within(&format!("{path}.0"), item),
            Shape::Either(shapes) => shapes.iter().for_each(|shape| self.within(path, shape)),
            _ => {}
        }
    }

    fn add(&mut self, path: String) {
        if self.seen.insert(path.clone()) {
            self.found.push(path);
        }
    }
}
