//! Runs as records: what survives a kill, and what shards of a study share.
//!
//! A store is a directory of files, each written by one process and never
//! appended to by another. A file is a sequence of frames: first what wrote it
//! and for which scenario, then a run each. Records are matched by [`Key`] and
//! replicate, in whatever file they are; a run that is there twice must be the
//! same bytes.
//!
//! Invariant: knows no scenario's meaning and no protocol; what is read is
//! never trusted, and what is damaged is never used.

mod frame;
mod key;
mod numbers;
mod varint;
mod write;

pub use frame::{Frames, HEAD_BYTES, Piece};
pub use key::Key;
pub use numbers::{put_run, take_run};
pub use varint::Damaged;
pub use write::{ENDING, RecordWriter, Shard};

use crate::metrics::Run;
use varint::{put_text, take_text};

/// What the first frame of a file says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// The program and its version.
    pub version: String,
    /// What it does with settings: [`Key`]s are made with it.
    pub behaviour: String,
    /// The complete scenario.
    pub scenario: String,
}

/// What became of a run.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// It ended, with these numbers.
    Done(Box<Run>),
    /// It panicked, with this message.
    Failed(String),
}

/// One run.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    /// Its cell.
    pub key: Key,
    /// Its replicate.
    pub replicate: u64,
    /// What became of it.
    pub outcome: Outcome,
}

/// What a whole frame holds.
#[derive(Clone, PartialEq, Debug)]
pub enum Content {
    /// The first frame's.
    Head(Head),
    /// A run.
    Record(Record),
}

const HEAD: u8 = 0;
const DONE: u8 = 1;
const FAILED: u8 = 2;

impl Head {
    /// Appends it as a frame.
    pub fn put(&self, bytes: &mut Vec<u8>) {
        frame::put(bytes, |bytes| {
            bytes.push(HEAD);
            for text in [&self.version, &self.behaviour, &self.scenario] {
                put_text(bytes, text);
            }
        });
    }
}

impl Record {
    /// Appends it as a frame.
    pub fn put(&self, bytes: &mut Vec<u8>) {
        match &self.outcome {
            Outcome::Done(run) => put_done(bytes, self.key, self.replicate, run),
            Outcome::Failed(message) => put_failed(bytes, self.key, self.replicate, message),
        }
    }
}

/// Appends the record of a run that ended.
pub fn put_done(bytes: &mut Vec<u8>, key: Key, replicate: u64, run: &Run) {
    frame::put(bytes, |bytes| {
        bytes.push(DONE);
        bytes.extend(key.0);
        varint::put(bytes, replicate);
        numbers::put_run(bytes, run);
    });
}

/// Appends the record of a run that panicked with this message, of which only
/// the first 64 KB are kept.
pub fn put_failed(bytes: &mut Vec<u8>, key: Key, replicate: u64, message: &str) {
    frame::put(bytes, |bytes| {
        bytes.push(FAILED);
        bytes.extend(key.0);
        varint::put(bytes, replicate);
        let mut end = message.len().min(1 << 16);
        while !message.is_char_boundary(end) {
            end -= 1;
        }
        put_text(bytes, &message[..end]);
    });
}

impl Content {
    /// What the payload of a whole frame says.
    ///
    /// # Errors
    /// It is none of ours, or of a later version.
    pub fn read(payload: &[u8]) -> Result<Content, Damaged> {
        let (&kind, mut rest) = payload.split_first().ok_or(Damaged)?;
        let rest = &mut rest;
        let content = match kind {
            HEAD => Content::Head(Head {
                version: take_text(rest)?,
                behaviour: take_text(rest)?,
                scenario: take_text(rest)?,
            }),
            DONE | FAILED => Content::Record(Record {
                key: take_key(rest)?,
                replicate: varint::take(rest)?,
                outcome: match kind {
                    DONE => Outcome::Done(Box::new(numbers::take_run(rest)?)),
                    _ => Outcome::Failed(take_text(rest)?),
                },
            }),
            _ => return Err(Damaged),
        };
        match rest.is_empty() {
            true => Ok(content),
            false => Err(Damaged),
        }
    }
}

fn take_key(bytes: &mut &[u8]) -> Result<Key, Damaged> {
    let (key, rest) = bytes.split_first_chunk().ok_or(Damaged)?;
    *bytes = rest;
    Ok(Key(*key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fs;
    use std::time::Duration;

    fn head() -> Head {
        Head {
            version: "gossim 0.1.0".into(),
            behaviour: "1".into(),
            scenario: "name = \"a\"\n".into(),
        }
    }

    fn record() -> impl Strategy<Value = Record> {
        let outcome = prop_oneof![
            numbers::tests::any_run().prop_map(|run| Outcome::Done(Box::new(run))),
            any::<String>().prop_map(Outcome::Failed),
        ];
        (any::<[u8; 16]>(), any::<u64>(), outcome).prop_map(|(key, replicate, outcome)| Record {
            key: Key(key),
            replicate,
            outcome,
        })
    }

    /// All contents of some bytes, none of which may be damaged.
    fn contents(bytes: &[u8]) -> Vec<Content> {
        let mut frames = Frames::new(bytes);
        let mut all = Vec::new();
        while let Some(piece) = frames.next_piece().unwrap() {
            let Piece::Whole { payload, .. } = piece else {
                panic!("{piece:?}");
            };
            all.push(Content::read(&payload).unwrap());
        }
        all
    }

    proptest! {
        #[test]
        fn records_come_back(records in proptest::collection::vec(record(), 0..8)) {
            let mut bytes = Vec::new();
            head().put(&mut bytes);
            records.iter().for_each(|record| record.put(&mut bytes));
            let mut expected = vec![Content::Head(head())];
            expected.extend(records.into_iter().map(Content::Record));
            prop_assert_eq!(contents(&bytes), expected);
        }

        #[test]
        fn no_payload_brings_more_than_an_error(kind in 0u8..5, payload: Vec<u8>) {
            let _ = Content::read(&[vec![kind], payload].concat());
        }
    }

    fn failed(replicate: u64) -> Record {
        Record {
            key: Key([7; 16]),
            replicate,
            outcome: Outcome::Failed("broken on purpose".into()),
        }
    }

    #[test]
    fn two_writers_have_two_files_and_records_wait_half_a_second_at_most() {
        let store = tempfile::tempdir().unwrap();
        let start = Duration::ZERO;
        let shard = Shard {
            number: 2,
            count: 5,
        };
        let create = || RecordWriter::create(store.path(), shard, &head(), start).unwrap();
        let (mut one, other) = (create(), create());
        assert_ne!(one.path(), other.path());
        let name = one.path().file_name().unwrap().to_str().unwrap();
        assert!(
            name.starts_with("shard-2-of-5.") && name.ends_with(".1.gsr"),
            "{name}"
        );
        let read = |writer: &RecordWriter| contents(&fs::read(writer.path()).unwrap()).len();
        one.push(&failed(0), start).unwrap();
        assert_eq!(read(&one), 1);
        one.tend(start + Duration::from_millis(500)).unwrap();
        assert_eq!(read(&one), 2);
        one.push(&failed(1), start + Duration::from_millis(500))
            .unwrap();
        one.finish(start + Duration::from_millis(500)).unwrap();
        assert_eq!((read(&one), one.records(), read(&other)), (3, 2, 1));
    }

    #[test]
    fn many_records_do_not_wait() {
        let store = tempfile::tempdir().unwrap();
        let now = Duration::ZERO;
        let mut writer = RecordWriter::create(store.path(), Shard::WHOLE, &head(), now).unwrap();
        (0..2000).for_each(|replicate| writer.push(&failed(replicate), now).unwrap());
        assert!(fs::metadata(writer.path()).unwrap().len() >= 1 << 16);
    }

    #[test]
    fn a_full_disk_is_named_with_its_file() {
        let store = tempfile::tempdir().unwrap();
        let now = Duration::ZERO;
        let mut writer = RecordWriter::create(store.path(), Shard::WHOLE, &head(), now).unwrap();
        writer.replace_file(
            fs::OpenOptions::new()
                .write(true)
                .open("/dev/full")
                .unwrap(),
        );
        writer.push(&failed(0), now).unwrap();
        let error = writer.finish(now).unwrap_err().to_string();
        let path = writer.path().display().to_string();
        assert!(
            error.contains(&path) && error.contains("make room"),
            "{error}"
        );
    }
}
