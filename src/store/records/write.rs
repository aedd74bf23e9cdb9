//! One process's file of records, which nobody else ever appends to.

use super::{Head, Record};
use crate::tables::{FileError, Reason};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// So much is written at once.
const WRITE_BYTES: usize = 1 << 16;

/// A record waits at most so long: what a kill can cost.
const WRITE_AFTER: Duration = Duration::from_millis(500);

/// So often the disk is waited for: what a power failure can cost.
const SYNC_AFTER: Duration = Duration::from_secs(5);

/// Which part of a study: `number` of `count`, from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shard {
    /// From 1 to `count`.
    pub number: u64,
    /// How many parts there are.
    pub count: u64,
}

impl Shard {
    /// The whole study.
    pub const WHOLE: Shard = Shard {
        number: 1,
        count: 1,
    };
}

/// The end of the names of record files.
pub const ENDING: &str = "gsr";

/// Writes records to a file of its own.
pub struct RecordWriter {
    path: PathBuf,
    file: File,
    waiting: Vec<u8>,
    written: Instant,
    synced: Instant,
    is_synced: bool,
    records: u64,
    bytes: u64,
}

impl RecordWriter {
    /// Makes a new file in the store, which must be there: under the first
    /// attempt's name that is free.
    ///
    /// # Errors
    /// The file can't be made or written.
    pub fn create(
        store: &Path,
        shard: Shard,
        head: &Head,
        now: Instant,
    ) -> Result<RecordWriter, FileError> {
        let (path, file) = new_file(store, shard)?;
        let mut writer = RecordWriter {
            path,
            file,
            waiting: Vec::with_capacity(2 * WRITE_BYTES),
            written: now,
            synced: now,
            is_synced: true,
            records: 0,
            bytes: 0,
        };
        head.put(&mut writer.waiting);
        writer.write(now)?;
        Ok(writer)
    }

    /// The next record, for which `now` is the time.
    ///
    /// # Errors
    /// The disk is full, or broken; the text names the file.
    pub fn push(&mut self, record: &Record, now: Instant) -> Result<(), FileError> {
        record.put(&mut self.waiting);
        self.records += 1;
        self.tend(now)
    }

    /// Frames that are ready, so many records.
    ///
    /// # Errors
    /// As [`RecordWriter::push`].
    pub fn push_frames(
        &mut self,
        frames: &[u8],
        records: u64,
        now: Instant,
    ) -> Result<(), FileError> {
        self.waiting.extend(frames);
        self.records += records;
        self.tend(now)
    }

    /// Writes what has waited long enough. To be called now and then, also
    /// where no record comes.
    ///
    /// # Errors
    /// As [`RecordWriter::push`].
    pub fn tend(&mut self, now: Instant) -> Result<(), FileError> {
        let is_due = now.duration_since(self.written) >= WRITE_AFTER && !self.waiting.is_empty();
        if is_due || self.waiting.len() >= WRITE_BYTES {
            self.write(now)?;
        }
        if !self.is_synced && now.duration_since(self.synced) >= SYNC_AFTER {
            self.sync(now)?;
        }
        Ok(())
    }

    /// Writes all there is and waits for the disk.
    ///
    /// # Errors
    /// As [`RecordWriter::push`].
    pub fn finish(&mut self, now: Instant) -> Result<(), FileError> {
        self.write(now)?;
        self.sync(now)
    }

    /// Where the records are.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many there are.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Bytes written and waiting to be.
    pub fn bytes(&self) -> u64 {
        self.bytes + self.waiting.len() as u64
    }

    fn write(&mut self, now: Instant) -> Result<(), FileError> {
        let written = self.file.write_all(&self.waiting);
        written.map_err(|cause| self.refused(&cause))?;
        self.bytes += self.waiting.len() as u64;
        self.is_synced &= self.waiting.is_empty();
        self.waiting.clear();
        self.written = now;
        Ok(())
    }

    fn sync(&mut self, now: Instant) -> Result<(), FileError> {
        let synced = self.file.sync_data();
        synced.map_err(|cause| self.refused(&cause))?;
        self.synced = now;
        self.is_synced = true;
        Ok(())
    }

    /// Writes elsewhere: to a disk that is full.
    #[cfg(test)]
    pub(super) fn replace_file(&mut self, file: File) {
        self.file = file;
    }

    fn refused(&self, cause: &io::Error) -> FileError {
        disk(&self.path, "write this file", cause)
    }
}

/// A file that was not there before.
fn new_file(store: &Path, shard: Shard) -> Result<(PathBuf, File), FileError> {
    let host = host();
    let process = std::process::id();
    for attempt in 1u64.. {
        let Shard { number, count } = shard;
        let name = format!("shard-{number}-of-{count}.{host}.{process}.{attempt}.{ENDING}");
        let path = store.join(name);
        match File::create_new(&path) {
            Ok(file) => return Ok((path, file)),
            Err(taken) if taken.kind() == io::ErrorKind::AlreadyExists => {}
            Err(cause) => return Err(disk(&path, "make this file", &cause)),
        }
    }
    let what = "holds every name for a file";
    Err(FileError::new(Reason::Place, store, what, ""))
}

/// The machine's name as far as a file name can have it. Two machines of one
/// name do no harm: the file is made by one of them only.
fn host() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '-';
    let plain: String = name.trim().chars().filter(is_plain).take(40).collect();
    match plain.is_empty() {
        true => "host".to_string(),
        false => plain,
    }
}

fn disk(path: &Path, doing: &str, cause: &io::Error) -> FileError {
    let is_full = matches!(
        cause.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    );
    let advice = match is_full {
        true => "make room and run the same command again: what was recorded counts",
        false => "run the same command again: what was recorded counts",
    };
    let what = format!("cannot {doing}: {cause}");
    FileError::new(Reason::Disk, path, what, advice)
}
