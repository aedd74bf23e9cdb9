//! Values by what they mean: a duration is a length of time, however it is spelt.

use crate::key::{Key, Shape};
use crate::time::Duration;
use toml::{Table, Value};

/// The value with every duration in its largest whole unit, so that equal values are
/// written alike; `shapes` are what its key takes.
pub fn normal(value: &Value, shapes: &[Shape]) -> Value {
    shapes.iter().fold(value.clone(), normal_by)
}

fn normal_by(value: Value, shape: &Shape) -> Value {
    match (shape, value) {
        (Shape::Duration(..), Value::String(text)) => match Duration::parse(&text) {
            Ok(length) => Value::String(length.to_string()),
            Err(_) => Value::String(text),
        },
        (Shape::List(item), Value::Array(items)) => {
            let items = items.into_iter().map(|value| normal_by(value, item));
            Value::Array(items.collect())
        }
        (Shape::Either(shapes), value) => shapes.iter().fold(value, normal_by),
        (Shape::Table(keys), Value::Table(table)) => Value::Table(normal_table(table, keys)),
        (Shape::Kinds(kinds), Value::Table(table)) => {
            let name = table.get("kind").and_then(Value::as_str);
            let kind = kinds.iter().find(|kind| name == Some(kind.name));
            let keys = kind.map_or(&[] as &[Key], |kind| kind.keys);
            Value::Table(normal_table(table, keys))
        }
        (_, value) => value,
    }
}

fn normal_table(table: Table, keys: &[Key]) -> Table {
    let pair = |(name, value): (String, Value)| {
        let key = keys.iter().find(|key| key.name == name);
        let value = match key {
            Some(key) => normal_by(value, &(key.shape)()),
            None => value,
        };
        (name, value)
    };
    table.into_iter().map(pair).collect()
}

/// The duration that a value is, where its key takes one.
pub fn duration(value: &Value, shapes: &[Shape]) -> Option<Duration> {
    let takes_one = |shape: &Shape| match shape {
        Shape::Either(shapes) => shapes.iter().any(|s| matches!(s, Shape::Duration(..))),
        shape => matches!(shape, Shape::Duration(..)),
    };
    let text = value.as_str()?;
    let takes_one = shapes.iter().any(takes_one);
    Duration::parse(text).ok().filter(|_| takes_one)
}

/// Could a key of this shape have this value?
pub fn fits(value: &Value, shape: &Shape) -> bool {
    match (shape, value) {
        (Shape::Boolean, Value::Boolean(_)) | (Shape::Text, Value::String(_)) => true,
        (Shape::Whole(from, to), Value::Integer(number)) => {
            u64::try_from(*number).is_ok_and(|number| (*from..=*to).contains(&number))
        }
        (Shape::Real(from, to), Value::Integer(number)) => {
            (*from..=*to).contains(&(*number as f64))
        }
        (Shape::Real(from, to), Value::Float(number)) => (*from..=*to).contains(number),
        (Shape::Duration(from, to), Value::String(text)) => {
            Duration::parse(text).is_ok_and(|length| (*from..=*to).contains(&length.0))
        }
        (Shape::Choice(words), Value::String(text)) => words.iter().any(|(word, _)| word == text),
        (Shape::List(item), Value::Array(items)) => items.iter().all(|value| fits(value, item)),
        (Shape::Either(shapes), value) => shapes.iter().any(|shape| fits(value, shape)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::latency;

    #[test]
    fn equal_durations_are_written_alike_wherever_they_stand() {
        let shapes = [Shape::Kinds(latency::KINDS)];
        let of = |text: &str| -> Value {
            let table: Table = format!("a = {text}").parse().expect(text);
            normal(&table["a"], &shapes)
        };
        assert_eq!(
            of("{ kind = \"constant\", value = \"1000ms\" }"),
            of("{ kind = \"constant\", value = \"1.0s\" }")
        );
        let parts = |text| {
            of(&format!(
                "{{ kind = \"mixture\", parts = [{{ weight = 1, kind = \"constant\", value = \"{text}\" }}] }}"
            ))
        };
        assert_eq!(parts("0.5s"), parts("500ms"));
        assert_ne!(parts("0.5s"), parts("501ms"));
        // What is no duration stays as it is.
        assert_ne!(
            of("{ kind = \"unknown\", value = \"1s\" }"),
            of("{ kind = \"unknown\", value = \"1000ms\" }")
        );
        let either = [Shape::Either(vec![Shape::Duration(0, 9), Shape::Boolean])];
        assert_eq!(duration(&"5ms".into(), &either), Some(Duration::millis(5)));
        assert_eq!(duration(&"5ms".into(), &[Shape::Text]), None);
    }
}
