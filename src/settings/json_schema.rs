//! A scenario's JSON Schema (draft-07), made from the lists of keys.
//!
//! A schema cannot know what axes and cases set, and whether settings fit
//! together: it says which keys there are and what values each takes.

use super::{Root, SECTIONS, Section, Sweep, paths};
use crate::key::{Absent, Key, Kind, Settings, Shape};
use serde_json::{Map, Value, json};

/// A protocol that can be named, and its own keys where they are known.
pub struct Named {
    /// `[protocol] kind`.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// Its own keys; any, if `None`.
    pub keys: Option<&'static [Key]>,
}

/// The schema of scenarios with these protocols.
pub fn json_schema(protocols: &[Named]) -> Value {
    let mut properties = of_keys(Root::KEYS);
    for section in SECTIONS {
        let schema = match section.name {
            "protocol" => of_protocols(section, protocols),
            _ => with_about(table(section.keys), section.about),
        };
        properties.insert(section.name.to_string(), schema);
    }
    properties.insert("sweep".to_string(), of_sweep(protocols));
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A scenario of gossim",
        "description": line(Root::ABOUT),
        "type": "object",
        "properties": properties,
        "required": ["name"],
        "additionalProperties": false,
    })
}

/// A doc comment on one line.
fn line(about: &str) -> String {
    about.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn with_about(mut schema: Value, about: &str) -> Value {
    schema["description"] = line(about).into();
    schema
}

fn of_keys(keys: &[Key]) -> Map<String, Value> {
    let pair = |key: &Key| (key.name.to_string(), of_key(key));
    keys.iter().map(pair).collect()
}

fn of_key(key: &Key) -> Value {
    let mut schema = of_shape(&(key.shape)());
    let unit = match key.unit {
        "" => String::new(),
        unit => format!(" In {unit}."),
    };
    schema["description"] = format!("{}{unit}", line(key.about)).into();
    if let Absent::Default(value) = key.absent {
        schema["default"] = json!(value());
    }
    schema
}

/// A table of these keys and no others. None is required: an axis or a case may
/// give it.
fn table(keys: &[Key]) -> Value {
    json!({
        "type": "object",
        "properties": of_keys(keys),
        "additionalProperties": false,
    })
}

fn of_shape(shape: &Shape) -> Value {
    match shape {
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Whole(from, to) => json!({ "type": "integer", "minimum": from, "maximum": to }),
        Shape::Real(from, to) => of_real(*from, *to),
        // A schema cannot compare durations.
        Shape::Duration(..) => json!({ "type": "string", "pattern": "[a-zA-Z\u{b5}\u{3bc}]\\s*$" }),
        Shape::Text => json!({ "type": "string" }),
        Shape::Choice(words) => {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            json!({ "enum": words })
        }
        Shape::List(item) => json!({ "type": "array", "items": of_shape(item) }),
        Shape::Either(shapes) => {
            let shapes: Vec<Value> = shapes.iter().map(of_shape).collect();
            json!({ "anyOf": shapes })
        }
        Shape::Kinds(kinds) => of_kinds(kinds),
        Shape::Table(keys) => table(keys),
    }
}

fn of_real(from: f64, to: f64) -> Value {
    let mut schema = json!({ "type": "number" });
    match from {
        f64::MIN_POSITIVE => schema["exclusiveMinimum"] = json!(0),
        from if from.is_finite() => schema["minimum"] = json!(from),
        _ => {}
    }
    if to.is_finite() && to != f64::MAX {
        schema["maximum"] = json!(to);
    }
    schema
}

/// If the table is of that kind, then it has that kind's keys: so the message
/// names the wrong key, where a list of alternatives would only say that none fits.
fn if_kind(name: &str, about: &str, mut then: Value) -> Value {
    then["properties"]["kind"] = json!({ "const": name, "description": line(about) });
    json!({
        "if": { "properties": { "kind": { "const": name } }, "required": ["kind"] },
        "then": then,
    })
}

fn of_kinds(kinds: &[Kind]) -> Value {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
    let of_kind = |kind: &Kind| if_kind(kind.name, kind.about, table(kind.keys));
    let each: Vec<Value> = kinds.iter().map(of_kind).collect();
    json!({
        "type": "object",
        "properties": { "kind": { "enum": names } },
        "allOf": each,
    })
}

fn of_protocols(section: &Section, protocols: &[Named]) -> Value {
    let names: Vec<&str> = protocols.iter().map(|named| named.name).collect();
    let of_protocol = |named: &Named| {
        let mut then = table(section.keys);
        for (key, schema) in of_keys(named.keys.unwrap_or_default()) {
            then["properties"][key] = schema;
        }
        then["additionalProperties"] = named.keys.is_none().into();
        if_kind(named.name, named.about, then)
    };
    let each: Vec<Value> = protocols.iter().map(of_protocol).collect();
    let mut properties = of_keys(section.keys);
    properties.insert("kind".to_string(), json!({ "enum": names }));
    json!({
        "description": line(section.about),
        "type": "object",
        "properties": properties,
        "allOf": each,
    })
}

/// All other keys of `[sweep]` are axes: the paths of keys.
fn of_sweep(protocols: &[Named]) -> Value {
    let own = |named: &Named| Kind {
        name: named.name,
        about: named.about,
        keys: named.keys.unwrap_or_default(),
    };
    let kinds: Vec<Kind> = protocols.iter().map(own).collect();
    let mut names = paths(SECTIONS, &kinds);
    names.extend(["replicates".to_string(), "case".to_string()]);
    // Items of lists by number; what nobody described.
    let mut known = vec![
        json!({ "enum": names }),
        json!({ "pattern": "\\.[0-9]+(\\.|$)" }),
    ];
    if protocols.iter().any(|named| named.keys.is_none()) {
        known.push(json!({ "pattern": "^protocol\\." }));
    }
    let mut properties = of_keys(Sweep::KEYS);
    let label = json!({ "type": "string", "description": "Names the case's rows." });
    let case = json!({ "type": "object", "properties": { "label": label } });
    properties.insert(
        "case".to_string(),
        json!({ "type": "array", "items": case }),
    );
    json!({
        "description": line(Sweep::ABOUT),
        "type": "object",
        "properties": properties,
        "propertyNames": { "anyOf": known },
        "additionalProperties": { "type": "array", "minItems": 1 },
    })
}
