//! In which settings two complete scenarios differ, for people.

use super::{plain, words};
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

/// Differences that are told; more are counted.
const TOLD_MAX: usize = 6;

/// The settings that differ between two complete texts, as in
/// `network.loss: 0.0, now 0.5`; empty where a text is no TOML.
pub fn differences(old: &str, new: &str) -> String {
    let settings = |text: &str| {
        let mut found = BTreeMap::new();
        let table: Table = text.parse().ok()?;
        flatten("", &table, &mut found);
        Some(found)
    };
    let Some((old, new)) = settings(old).zip(settings(new)) else {
        return String::new();
    };
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differing: Vec<&String> = keys
        .into_iter()
        .filter(|key| old.get(*key) != new.get(*key))
        .collect();
    let told = differing.iter().take(TOLD_MAX).map(|key| {
        let shown = |side: &BTreeMap<String, String>| match side.get(*key) {
            Some(value) => words::short(value),
            None => "not set".to_string(),
        };
        format!("{key}: {}, now {}", shown(&old), shown(&new))
    });
    let mut told = told.collect::<Vec<String>>().join("; ");
    if differing.len() > TOLD_MAX {
        told += &format!("; and {} more", differing.len() - TOLD_MAX);
    }
    told
}

fn flatten(path: &str, table: &Table, found: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        let key = match path {
            "" => key.clone(),
            path => format!("{path}.{key}"),
        };
        match value {
            Value::Table(inner) => flatten(&key, inner, found),
            value => drop(found.insert(key, plain::toml(value))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_differ_are_told_and_counted() {
        let old = "name = \"a\"\n[network]\nlatency = { kind = \"constant\", value = \"5ms\" }\n\
                   [sweep]\nreplicates = 400\n\"network.loss\" = [0.0, 0.1]\n";
        let new = old
            .replace("400", "2")
            .replace("5ms", "7ms")
            .replace("[0.0, 0.1]", "[0.1]");
        assert_eq!(
            differences(old, &new),
            "network.latency.value: \"5ms\", now \"7ms\"; sweep.network.loss: [0.0, 0.1], now \
             [0.1]; sweep.replicates: 400, now 2"
        );
        assert_eq!(differences(old, old), "");
        assert_eq!(differences("", "a = 1"), "a: not set, now 1");
        assert_eq!(differences("[", old), "");
        let many: String = (0..9).map(|k| format!("k{k} = 1\n")).collect();
        assert!(differences("", &many).ends_with("k5: not set, now 1; and 3 more"));
    }
}
