//! The paths of all keys, as in `network.latency.mean`, and what each takes.

use super::{OF_ALL_CELLS, OfProtocol, Root, Section};
use crate::key::{Key, Settings, Shape};

/// A path that a setting can have.
#[derive(Clone)]
pub struct Path {
    /// Keys joined by dots; an item of a list by its number, here 0.
    pub text: String,
    /// What a number counts, as said of its key.
    pub unit: &'static str,
    /// What values it takes: one shape, or one for each of the kinds that have it.
    pub shapes: Vec<Shape>,
}

/// All paths: of the root, of these sections with what their kinds take, of the
/// protocols' own keys, of `[run]` and `[sweep]`. Each once; the nearest to the root first
/// within its section.
pub fn paths(sections: &[Section], protocols: &[OfProtocol]) -> Vec<Path> {
    let mut all = Paths::default();
    all.table("", Root::KEYS);
    all.0.extend(setting_paths(sections, protocols));
    for section in OF_ALL_CELLS {
        all.table(section.name, section.keys);
    }
    all.0
}

/// The same less those of the whole scenario: what an axis or a case can set.
pub fn setting_paths(sections: &[Section], protocols: &[OfProtocol]) -> Vec<Path> {
    let mut all = Paths::default();
    for section in sections {
        all.table(section.name, section.keys);
        if section.name == super::PROTOCOL {
            let known = protocols.iter().filter_map(|protocol| protocol.keys);
            known.for_each(|keys| all.table(section.name, keys));
        }
    }
    all.0
}

#[derive(Default)]
struct Paths(Vec<Path>);

impl Paths {
    fn table(&mut self, path: &str, keys: &[Key]) {
        for key in keys {
            let path = match path {
                "" => key.name.to_string(),
                path => format!("{path}.{}", key.name),
            };
            let shape = (key.shape)();
            self.add(path.clone(), key.unit, shape.clone());
            self.within(&path, &shape);
        }
    }

    /// What is in a value: an item of a list of tables is addressed by its number.
    fn within(&mut self, path: &str, shape: &Shape) {
        match shape {
            Shape::Table(keys) => self.table(path, keys),
            Shape::Kinds(kinds) => {
                let names = kinds.iter().map(|kind| (kind.name, kind.about));
                self.add(format!("{path}.kind"), "", Shape::Choice(names.collect()));
                kinds.iter().for_each(|kind| self.table(path, kind.keys));
            }
            Shape::List(item) => self.within(&format!("{path}.0"), item),
            Shape::Either(shapes) => shapes.iter().for_each(|shape| self.within(path, shape)),
            _ => {}
        }
    }

    fn add(&mut self, path: String, unit: &'static str, shape: Shape) {
        match self.0.iter_mut().find(|known| known.text == path) {
            Some(known) => known.shapes.push(shape),
            None => self.0.push(Path {
                text: path,
                unit,
                shapes: vec![shape],
            }),
        }
    }
}
