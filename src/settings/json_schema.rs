//! The JSON Schema (draft-07) of scenarios, for editors, made from the lists of keys.
//!
//! It says which keys there are and what each takes. It cannot compare durations,
//! and whether settings fit together is not its question: that is `gossim check`'s.

use super::paths::{Path, setting_paths};
use super::{NO_AXES, OfProtocol, PROTOCOL, Root, Section, SingleRun, Sweep};
use crate::key::{Absent, Key, Kind, Settings, Shape, sentence};
use crate::time::Duration;
use serde_json::{Map, Value, json};

/// The schema of scenarios with these sections and protocols.
pub fn json_schema(sections: &[Section], protocols: &[OfProtocol]) -> Value {
    let mut properties = of_keys(Root::KEYS);
    let mut required = required(Root::KEYS);
    for section in sections {
        let schema = match section.name {
            PROTOCOL => of_protocols(section, protocols),
            _ => table(section.keys),
        };
        properties.insert(section.name.into(), with_about(schema, section.about));
        if !self::required(section.keys).is_empty() {
            required.push(section.name);
        }
    }
    let settings = setting_paths(sections, protocols);
    let is_open = protocols.iter().any(|protocol| protocol.keys.is_none());
    let run = with_about(table(SingleRun::KEYS), SingleRun::ABOUT);
    properties.insert("run".into(), run);
    properties.insert("sweep".into(), of_sweep(&settings, is_open));
    let definitions = settings.iter().map(|path| {
        let schemas = path.shapes.iter().map(of_shape).collect();
        (path.text.clone(), any_of(schemas))
    });
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A scenario of gossim",
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
        "definitions": definitions.collect::<Map<_, _>>(),
    })
}

fn with_about(mut schema: Value, about: &str) -> Value {
    schema["description"] = sentence(about).into();
    schema
}

fn of_keys(keys: &[Key]) -> Map<String, Value> {
    let pair = |key: &Key| (key.name.to_string(), of_key(key));
    keys.iter().map(pair).collect()
}

fn of_key(key: &Key) -> Value {
    let unit = match key.unit {
        "" => String::new(),
        unit => format!(" In {unit}."),
    };
    let mut schema = of_shape(&(key.shape)());
    schema["description"] = format!("{}{unit}", sentence(key.about)).into();
    if let Some(value) = key.default_value() {
        schema["default"] = json!(value);
    }
    schema
}

fn required(keys: &[Key]) -> Vec<&'static str> {
    let required = keys
        .iter()
        .filter(|key| matches!(key.absent, Absent::Required));
    required.map(|key| key.name).collect()
}

/// A table of these keys and no others.
fn table(keys: &[Key]) -> Value {
    json!({
        "type": "object",
        "properties": of_keys(keys),
        "required": required(keys),
        "additionalProperties": false,
    })
}

fn of_shape(shape: &Shape) -> Value {
    match shape {
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Whole(from, to) => json!({ "type": "integer", "minimum": from, "maximum": to }),
        Shape::Real(from, to) => of_real(*from, *to),
        Shape::Duration(..) => json!({ "type": "string", "pattern": Duration::pattern() }),
        Shape::Text => json!({ "type": "string" }),
        Shape::Choice(words) => {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            json!({ "type": "string", "enum": words })
        }
        Shape::List(item) => json!({ "type": "array", "items": of_shape(item) }),
        Shape::Either(shapes) => any_of(shapes.iter().map(of_shape).collect()),
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
    if to.is_finite() {
        schema["maximum"] = json!(to);
    }
    schema
}

/// Any of these. If they differ in type, the type decides which: so the message
/// says what is wrong, where a list of alternatives would say that none fits.
fn any_of(mut schemas: Vec<Value>) -> Value {
    let mut distinct: Vec<Value> = Vec::new();
    for schema in schemas.drain(..) {
        if !distinct.contains(&schema) {
            distinct.push(schema);
        }
    }
    if distinct.len() == 1 {
        return distinct.remove(0);
    }
    let types: Vec<&Value> = distinct.iter().map(|schema| &schema["type"]).collect();
    let is_unlike = |at: usize| types[at].is_string() && !types[..at].contains(&types[at]);
    if !(0..types.len()).all(is_unlike) {
        return json!({ "anyOf": distinct });
    }
    let of_type = |schema: &Value| json!({ "if": { "type": schema["type"] }, "then": schema });
    let each: Vec<Value> = distinct.iter().map(of_type).collect();
    json!({ "type": types, "allOf": each })
}

/// A table whose `kind` decides which keys it takes, each with its line and table.
fn by_kind<'k>(kinds: impl Iterator<Item = (&'k str, &'k str, Value)>) -> Value {
    let (mut names, mut each) = (Vec::new(), Vec::new());
    for (name, about, mut then) in kinds {
        names.push(name);
        then["properties"]["kind"] = json!({ "const": name, "description": sentence(about) });
        // What is no table is told so once, not by every kind.
        then.as_object_mut().map(|then| then.shift_remove("type"));
        each.push(json!({
            "if": { "properties": { "kind": { "const": name } }, "required": ["kind"] },
            "then": then,
        }));
    }
    json!({
        "type": "object",
        "properties": { "kind": { "enum": names } },
        "required": ["kind"],
        "allOf": each,
    })
}

fn of_kinds(kinds: &[Kind]) -> Value {
    by_kind(
        kinds
            .iter()
            .map(|kind| (kind.name, kind.about, table(kind.keys))),
    )
}

fn of_protocols(section: &Section, protocols: &[OfProtocol]) -> Value {
    by_kind(protocols.iter().map(|protocol| {
        let mut then = table(section.keys);
        let own = protocol.keys.unwrap_or_default();
        for (key, schema) in of_keys(own) {
            then["properties"][key] = schema;
        }
        then["required"] = [required(section.keys), required(own)].concat().into();
        then["additionalProperties"] = protocol.keys.is_none().into();
        (protocol.name, protocol.about, then)
    }))
}

/// `[sweep]`: what stands in it besides its own keys are axes.
fn of_sweep(settings: &[Path], is_open: bool) -> Value {
    let value = |path: &Path| json!({ "$ref": format!("#/definitions/{}", path.text) });
    let axis = |path: &Path| {
        let items = value(path);
        let list = json!({ "type": "array", "items": items, "minItems": 1, "uniqueItems": true });
        let has_range = path.shapes.iter().any(takes_numbers);
        any_of(
            vec![list]
                .into_iter()
                .chain(has_range.then(|| of_range(value(path))))
                .collect(),
        )
    };
    let may_be_axis = |path: &&Path| !NO_AXES.contains(&path.text.as_str());
    let mut case = of_paths(settings.iter(), is_open, value);
    let label = "Names the case's rows: distinct, at most 100 characters.";
    case["properties"]["label"] =
        json!({ "type": "string", "minLength": 1, "maxLength": 100, "description": label });
    case["required"] = json!(["label"]);
    let mut sweep = of_paths(settings.iter().filter(may_be_axis), is_open, axis);
    sweep["properties"]["case"] = json!({ "type": "array", "items": case, "minItems": 1 });
    for (key, schema) in of_keys(Sweep::KEYS) {
        sweep["properties"][key] = schema;
    }
    with_about(sweep, Sweep::ABOUT)
}

/// Can a range of it be an axis?
fn takes_numbers(shape: &Shape) -> bool {
    match shape {
        Shape::Either(shapes) => shapes.iter().any(takes_numbers),
        Shape::Whole(..) | Shape::Real(..) | Shape::Duration(..) => true,
        _ => false,
    }
}

/// A range on an axis, in place of a list.
fn of_range(end: Value) -> Value {
    json!({
        "type": "object",
        "properties": {
            "from": end,
            "to": end,
            "per_decade": { "type": "integer", "minimum": 1, "maximum": 1000 },
            "step": { "type": ["number", "string"] },
        },
        "required": ["from", "to"],
        "oneOf": [{ "required": ["per_decade"] }, { "required": ["step"] }],
        "additionalProperties": false,
    })
}

/// A table whose keys are paths; an item of a list stands there by any number.
fn of_paths<'p>(
    paths: impl Iterator<Item = &'p Path>,
    is_open: bool,
    schema: impl Fn(&Path) -> Value,
) -> Value {
    let (mut properties, mut patterns) = (Map::new(), Map::new());
    for path in paths {
        match path.text.contains(".0.") {
            false => properties.insert(path.text.clone(), schema(path)),
            true => {
                let pattern = path.text.replace(".0.", ".[0-9]+.").replace('.', "\\.");
                patterns.insert(format!("^{pattern}$"), schema(path))
            }
        };
    }
    if is_open {
        // Keys of a protocol that does not describe them.
        patterns.insert(format!("^{PROTOCOL}\\."), json!(true));
    }
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !patterns.is_empty() {
        schema["patternProperties"] = patterns.into();
    }
    schema
}
