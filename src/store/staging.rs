//! Writing results: all new files grow beside the old ones and replace them
//! together, or not at all.

use super::directory::{self, STAGING};
use super::journal::{self, COMMIT, Step};
use super::lock::{LOCK, Lock};
use super::paths::{self, free_name, nameless};
use crate::tables::{About, Change, ELSEWHERE, FileError, Identity, MANIFEST, Manifest, Reason};
use crate::tables::{Fingerprint, Resource, is_file_name};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;

/// New results under construction. Dropped without a commit, they leave nothing.
pub struct Staging {
    dir: PathBuf,
    identity: Identity,
    open: Shared<Option<Open>>,
    files: BTreeMap<String, Shared<Sink>>,
}

type Shared<T> = Arc<Mutex<T>>;

/// What has to be undone if there is no commit, in the order of the fields.
struct Open {
    temporary: TempDir,
    lock: Lock,
    made: NewFolders,
}

impl Open {
    /// Keeps all but the lock, which it gives back.
    fn keep(mut self) -> Lock {
        self.temporary.disable_cleanup(true);
        self.made.0.clear();
        self.lock
    }
}

/// Directories made on the way; those that are still empty go with it.
struct NewFolders(Vec<PathBuf>);

impl Drop for NewFolders {
    fn drop(&mut self) {
        paths::remove_empty(&self.0);
    }
}

fn locked<T>(shared: &Shared<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Undoes an unfinished [`Staging`] from another thread, as when the user
/// presses Ctrl-C.
#[derive(Clone)]
pub struct Cleanup(Shared<Option<Open>>);

impl Cleanup {
    /// Removes all that was written, unless the commit was reached; waits for a
    /// commit that is under way. True: the old results are as they were.
    pub fn remove(&self) -> bool {
        locked(&self.0).take().is_some()
    }
}

/// What a commit did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Committed {
    /// The files written, in the manifest's order.
    pub files: Vec<String>,
    /// Where files went that somebody put or changed here, and that the new ones
    /// would have replaced.
    pub set_aside: Vec<PathBuf>,
    /// Where results of another scenario went that were here.
    pub previous: Option<PathBuf>,
}

impl Staging {
    /// Checks that the results of this scenario may be written to `dir`, takes
    /// its lock and clears what killed processes left there.
    ///
    /// Refused, with nothing written: for a run, a directory with the results of
    /// a sweep; one with a file of somebody else's that has the name of one of
    /// gossim's; one that another gossim is writing to or that can't be written
    /// to, or if the results of another scenario that are there have nowhere to
    /// go; and what is no directory.
    pub fn open(dir: &Path, identity: Identity) -> Result<Staging, FileError> {
        directory::check_shape(dir)?;
        // Not even a lock file in a directory that is somebody else's. Where
        // there is one already, its holder may be moving files: judged later.
        let is_locked = || dir.join(LOCK).exists();
        if !is_locked()
            && let Err(error) = directory::check_content(dir, &identity)
            && !is_locked()
        {
            return Err(error);
        }
        let mut made = NewFolders(paths::make(dir)?);
        let lock = Lock::take(dir)?;
        journal::finish(dir, &lock)?;
        directory::remove_leftovers(dir, &lock)?;
        directory::check_content(dir, &identity)?;
        let temporary = temporary(dir)?;
        let old = Manifest::load(&dir.join(MANIFEST))?;
        if old.is_some_and(|old| old.identity() != identity) {
            let more = directory::prepare_previous(dir, temporary.path(), identity.kind)?;
            made.0.extend(more);
        }
        let open = Open {
            temporary,
            lock,
            made,
        };
        Ok(Staging {
            dir: dir.to_path_buf(),
            identity,
            open: Arc::new(Mutex::new(Some(open))),
            files: BTreeMap::new(),
        })
    }

    /// For a Ctrl-C handler.
    pub fn cleanup_handle(&self) -> Cleanup {
        Cleanup(Arc::clone(&self.open))
    }

    /// Begins a file. Its writer's errors name it; a first error sticks and
    /// makes the commit fail, even if whoever wrote it did not look.
    pub fn file(&mut self, name: &str) -> Result<StagedFile, FileError> {
        let path = self.dir.join(name);
        if !is_file_name(name) || self.files.contains_key(name) {
            let what = "is no name for a new file of results";
            return Err(FileError::new(Reason::Disk, path, what, ""));
        }
        let created = match locked(&self.open).as_ref() {
            None => return Err(FileError::interrupted(&self.dir)),
            Some(open) => create(&open.temporary.path().join(name)),
        };
        let file = created.map_err(|cause| FileError::disk(&path, "make this file", &cause))?;
        Ok(self.adopt(name, file))
    }

    /// Where a file that was begun is now, so that pictures can be drawn from it.
    pub fn path(&self, name: &str) -> Result<PathBuf, FileError> {
        match locked(&self.open).as_ref() {
            None => Err(FileError::interrupted(&self.dir)),
            Some(open) => Ok(open.temporary.path().join(name)),
        }
    }

    fn adopt(&mut self, name: &str, file: File) -> StagedFile {
        let sink = Sink {
            path: self.dir.join(name),
            writer: Some(BufWriter::with_capacity(1 << 16, Hashed::new(file))),
            failed: None,
        };
        let sink = Arc::new(Mutex::new(sink));
        self.files.insert(name.to_string(), Arc::clone(&sink));
        StagedFile(sink)
    }

    /// Replaces the old results by the files written, and describes them. All
    /// writers must be finished and dropped. After an error the old results
    /// are as they were, unless its text says that new ones wait to be moved.
    pub fn commit(self, about: About) -> Result<Committed, FileError> {
        let mut prints = Vec::new();
        for (name, sink) in &self.files {
            if Arc::strong_count(sink) > 1 {
                let what = "is still being written (a mistake in gossim)";
                return Err(FileError::new(Reason::Disk, self.dir.join(name), what, ""));
            }
            prints.push((name.clone(), locked(sink).close()?));
        }
        let manifest = Manifest::new(&self.identity, &about, prints);
        // From here on Ctrl-C waits: what follows takes milliseconds.
        let mut guard = locked(&self.open);
        let open = guard
            .take()
            .ok_or_else(|| FileError::interrupted(&self.dir))?;
        publish(&self.dir, open, manifest)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        self.cleanup_handle().remove();
    }
}

/// A new file; the directory that it is in is made with it.
fn create(path: &Path) -> io::Result<File> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    File::create_new(path)
}

fn temporary(dir: &Path) -> Result<TempDir, FileError> {
    TempDir::with_prefix_in(STAGING, dir)
        .map_err(|cause| FileError::opening(dir, "write here", &nameless(&cause)))
}

/// Adds pictures to finished results, or replaces them, all or none.
pub fn add_files(dir: &Path, files: Vec<(String, Vec<u8>)>) -> Result<(), FileError> {
    // Before the lock, so that no lock file comes into a directory of others.
    journal::manifest(dir)?;
    let lock = Lock::take(dir)?;
    journal::finish(dir, &lock)?;
    let mut manifest = Manifest::of(dir)?;
    directory::remove_leftovers(dir, &lock)?;
    let open = Open {
        temporary: temporary(dir)?,
        lock,
        made: NewFolders(Vec::new()),
    };
    for (name, content) in files {
        let path = dir.join(&name);
        let resource = Resource::plain(&name, Fingerprint::of(&content));
        if !is_file_name(&name) || !resource.is_picture() {
            let what = "is no name for a picture";
            return Err(FileError::new(Reason::Results, path, what, ""));
        }
        check_replaceable(dir, manifest.resource(&name), &path)?;
        write_new(&open.temporary.path().join(&name), &content)
            .map_err(|cause| FileError::disk(&path, "write this file", &cause))?;
        manifest.put(resource);
    }
    publish(dir, open, manifest).map(drop)
}

fn check_replaceable(dir: &Path, old: Option<&Resource>, path: &Path) -> Result<(), FileError> {
    let what = match old {
        Some(old) if old.change(dir)? == Some(Change::Different) => {
            "was changed after gossim wrote it, and the change would be lost"
        }
        None if path.symlink_metadata().is_ok() => "is in the way, and gossim did not write it",
        _ => return Ok(()),
    };
    let mut error = FileError::place(path, what);
    error.advice = format!("move it away, or {ELSEWHERE}");
    Err(error)
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Replaces the old results by the staged ones, or sends them away.
fn publish(dir: &Path, open: Open, manifest: Manifest) -> Result<Committed, FileError> {
    // `open` stays in one piece until then: undone in its fields' order.
    let staged = open.temporary.path();
    let written = manifest.save(&staged.join(MANIFEST));
    written.map_err(|cause| FileError::disk(dir.join(MANIFEST), "write this file", &cause))?;
    let old = Manifest::load(&dir.join(MANIFEST))?;
    let goes = old
        .as_ref()
        .is_some_and(|old| old.identity() != manifest.identity());
    let (steps, set_aside) = decisive_steps(dir, staged, &manifest, old.as_ref());
    for step in &steps {
        let moved = journal::apply(step);
        moved.map_err(|cause| FileError::disk(dir, "replace the results here", &cause))?;
    }
    // Decided: nothing of it is to be undone any more.
    let lock = open.keep();
    journal::finish(dir, &lock)?;
    let files = manifest.resources.into_iter().map(|file| file.path);
    Ok(Committed {
        files: files.collect(),
        set_aside,
        previous: paths::previous(dir).filter(|_| goes),
    })
}

/// Up to the rename that decides: before it, the old results count.
fn decisive_steps(
    dir: &Path,
    staged: &Path,
    manifest: &Manifest,
    old: Option<&Manifest>,
) -> (Vec<Step>, Vec<PathBuf>) {
    let mut steps = Vec::new();
    let mut set_aside = Vec::new();
    for path in not_ours_to_replace(dir, staged, manifest, old) {
        let to = free_name(&path);
        set_aside.push(to.clone());
        steps.push(Step::Move { from: path, to });
    }
    steps.push(Step::Sync(staged.to_path_buf()));
    steps.push(Step::Move {
        from: staged.to_path_buf(),
        to: dir.join(COMMIT),
    });
    steps.push(Step::Sync(dir.to_path_buf()));
    (steps, set_aside)
}

/// Files that somebody put here or changed, where new ones would replace or
/// remove them.
fn not_ours_to_replace(
    dir: &Path,
    staged: &Path,
    manifest: &Manifest,
    old: Option<&Manifest>,
) -> Vec<PathBuf> {
    // Results of another scenario go as they are.
    let stays = old.filter(|old| old.identity() == manifest.identity());
    let stays = stays.map_or(&[][..], |old| &old.resources);
    let mut found = Vec::new();
    for resource in stays {
        let stays = manifest.resource(&resource.path).is_some();
        let is_new = staged.join(&resource.path).exists();
        let is_ours = matches!(resource.change(dir), Ok(None | Some(Change::Missing)));
        if (is_new || !stays) && !is_ours {
            found.push(dir.join(&resource.path));
        }
    }
    for resource in &manifest.resources {
        let path = dir.join(&resource.path);
        let is_old = old.is_some_and(|old| old.resource(&resource.path).is_some());
        if !is_old && path.symlink_metadata().is_ok() {
            found.push(path);
        }
    }
    found
}

/// The writer of one new file.
pub struct StagedFile(Shared<Sink>);

impl Write for StagedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        locked(&self.0).attempt(|writer| writer.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        locked(&self.0).attempt(|writer| writer.flush())
    }
}

/// Where its bytes go.
struct Sink {
    /// Where the file will be: what errors name.
    path: PathBuf,
    writer: Option<BufWriter<Hashed>>,
    failed: Option<FileError>,
}

impl Sink {
    fn attempt<T>(
        &mut self,
        work: impl FnOnce(&mut BufWriter<Hashed>) -> io::Result<T>,
    ) -> io::Result<T> {
        let closed = || io::Error::from(io::ErrorKind::BrokenPipe);
        let done = match (&self.failed, &mut self.writer) {
            (Some(failed), _) => return Err(failed.clone().into()),
            (None, None) => Err(closed()),
            (None, Some(writer)) => work(writer),
        };
        done.map_err(|cause| {
            // Asked to try again: no failure.
            if cause.kind() == io::ErrorKind::Interrupted {
                return cause;
            }
            let error = FileError::disk(&self.path, "write this file", &cause);
            self.failed = Some(error.clone());
            error.into()
        })
    }

    /// Waits until the disk has all of it.
    fn close(&mut self) -> Result<Fingerprint, FileError> {
        self.attempt(|writer| {
            writer.flush()?;
            writer.get_ref().file.sync_all()
        })?;
        let hashed = self.writer.take().map(BufWriter::into_parts);
        match hashed {
            Some((hashed, _)) => Ok(Fingerprint::new(hashed.bytes, hashed.hash)),
            None => Err(FileError::new(Reason::Disk, &self.path, "is closed", "")),
        }
    }
}

/// A file whose hash and size are known as soon as it is written.
struct Hashed {
    file: File,
    hash: Sha256,
    bytes: u64,
}

impl Hashed {
    fn new(file: File) -> Hashed {
        Hashed {
            file,
            hash: Sha256::new(),
            bytes: 0,
        }
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::columns::{Asked, Type};
    use crate::tables::{ResultsOf, sha256};
    use proptest::prelude::*;
    use std::fs;

    type Files = BTreeMap<String, String>;

    fn about() -> About {
        About {
            title: None,
            seed: 1,
            cell: None,
            replicate: None,
            axes: Vec::new(),
            fanout: Type::Whole,
            asked: Asked::thresholds(&[100]),
            environment: serde_json::Map::new(),
        }
    }

    fn quick(kind: ResultsOf) -> Identity {
        with_settings("scenario", kind)
    }

    fn with_settings(text: &str, kind: ResultsOf) -> Identity {
        Identity {
            scenario: "quick".to_string(),
            scenario_sha256: sha256(text.as_bytes()),
            kind,
        }
    }

    fn staged(dir: &Path, files: &Files) -> Staging {
        staged_by(dir, quick(ResultsOf::Sweep), files)
    }

    fn staged_by(dir: &Path, identity: Identity, files: &Files) -> Staging {
        let mut staging = Staging::open(dir, identity).unwrap();
        for (name, content) in files {
            let mut file = staging.file(name).unwrap();
            file.write_all(content.as_bytes()).unwrap();
        }
        staging
    }

    fn files(pairs: &[(&str, &str)]) -> Files {
        let pairs = pairs.iter();
        pairs
            .map(|(name, content)| (name.to_string(), content.to_string()))
            .collect()
    }

    /// The visible files but the manifest.
    fn content(dir: &Path) -> Files {
        let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
        let named = entries.map(|entry| (entry.file_name().into_string().unwrap(), entry.path()));
        named
            .filter(|(name, _)| !name.starts_with('.') && name != MANIFEST)
            .map(|(name, path)| match path.is_dir() {
                true => (format!("{name}/a.txt"), path.join("a.txt")),
                false => (name, path),
            })
            .map(|(name, path)| (name, fs::read_to_string(path).unwrap()))
            .collect()
    }

    /// Commits, but the process dies after so many changes of the disk. Was the
    /// decisive one among them?
    fn dies_after(dir: &Path, files: &Files, changes: usize) -> bool {
        dies_by(dir, quick(ResultsOf::Sweep), files, changes)
    }

    fn dies_by(dir: &Path, identity: Identity, files: &Files, changes: usize) -> bool {
        let staging = staged_by(dir, identity.clone(), files);
        let prints = staging
            .files
            .iter()
            .map(|(name, sink)| (name.clone(), locked(sink).close().unwrap()));
        let manifest = Manifest::new(&identity, &about(), prints.collect());
        let open = locked(&staging.open).take().unwrap();
        let path = open.temporary.path().to_path_buf();
        manifest.save(&path.join(MANIFEST)).unwrap();
        let old = Manifest::load(&dir.join(MANIFEST)).unwrap();
        let (decisive, _) = decisive_steps(dir, &path, &manifest, old.as_ref());
        let done = changes.min(decisive.len());
        decisive[..done]
            .iter()
            .for_each(|step| journal::apply(step).unwrap());
        let mut left = changes - done;
        loop {
            let mut steps = journal::plan(dir).unwrap();
            steps.truncate(left);
            if steps.is_empty() {
                break;
            }
            (steps.iter()).for_each(|step| journal::apply(step).unwrap());
            left -= steps.len();
        }
        drop(open.keep());
        // The lock file of a dead process stays, unlocked.
        fs::write(dir.join(LOCK), "").unwrap();
        let is_rename = |step: &Step| matches!(step, Step::Move { to, .. } if to.ends_with(COMMIT));
        decisive[..done].iter().any(is_rename)
    }

    fn some_files() -> impl Strategy<Value = Files> {
        const NAMES: &[&str] = &["runs.csv", "scenario.toml", "rounds.png", "inputs/a.txt"];
        let names = proptest::sample::subsequence(NAMES, 1..=4);
        (names, "[a-z]{0,9}").prop_map(|(names, content)| {
            let pairs = names.iter().map(|name| (name.to_string(), content.clone()));
            pairs.collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn a_crash_at_any_instant_leaves_all_of_the_old_or_all_of_the_new(
            old in proptest::option::of(some_files()),
            new in some_files(),
            third in some_files(),
            changes in 0usize..16,
        ) {
            let parent = tempfile::tempdir().unwrap();
            let dir = parent.path().join("quick");
            if let Some(old) = &old {
                staged(&dir, old).commit(about()).unwrap();
            }
            let decided = dies_after(&dir, &new, changes);
            let expected = if decided { Some(&new) } else { old.as_ref() };
            match expected {
                Some(expected) => {
                    let manifest = journal::manifest(&dir).unwrap();
                    prop_assert_eq!(manifest.changed_files(&dir).unwrap(), vec![]);
                    prop_assert_eq!(manifest.resources.len(), expected.len());
                    prop_assert_eq!(&content(&dir), expected);
                }
                None => {
                    prop_assert!(journal::manifest(&dir).is_err());
                    prop_assert!(content(&dir).is_empty());
                }
            }
            staged(&dir, &third).commit(about()).unwrap();
            prop_assert_eq!(&content(&dir), &third);
            let names = fs::read_dir(&dir).unwrap().count();
            prop_assert_eq!(names, third.len() + 1, "nothing hidden is left");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn a_crash_at_any_instant_loses_no_results_of_another_scenario(
            oldest in some_files(),
            old in some_files(),
            new in some_files(),
            changes in 0usize..32,
        ) {
            let parent = tempfile::tempdir().unwrap();
            let dir = parent.path().join("quick");
            let previous = parent.path().join("quick.previous");
            let sweep = |text| with_settings(text, ResultsOf::Sweep);
            staged_by(&dir, sweep("oldest"), &oldest).commit(about()).unwrap();
            staged_by(&dir, sweep("old"), &old).commit(about()).unwrap();
            prop_assert_eq!(content(&dir), old.clone());
            prop_assert_eq!(content(&previous), oldest.clone());
            let decided = dies_by(&dir, sweep("new"), &new, changes);
            let manifest = journal::manifest(&dir).unwrap();
            prop_assert_eq!(manifest.changed_files(&dir).unwrap(), vec![]);
            let (here, before) = if decided { (&new, &old) } else { (&old, &oldest) };
            prop_assert_eq!(&content(&dir), here);
            prop_assert_eq!(&content(&previous), before);
            let manifest = journal::manifest(&previous).unwrap();
            prop_assert_eq!(manifest.changed_files(&previous).unwrap(), vec![]);
            for (dir, files) in [(&dir, here), (&previous, before)] {
                let names = fs::read_dir(dir).unwrap();
                let names = names.map(|entry| entry.unwrap().file_name());
                let names = names.filter(|name| name != LOCK);
                // Of what was not decided the next writer clears the rest.
                let names = names.filter(|name| !name.to_string_lossy().starts_with(STAGING));
                prop_assert_eq!(names.count(), files.len() + 1, "nothing hidden is left");
            }
        }
    }

    #[test]
    fn old_results_that_are_stuck_say_how_it_goes_on() {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path().join("quick");
        let previous = parent.path().join("quick.previous");
        let (old, new) = (files(&[("runs.csv", "old")]), files(&[("runs.csv", "new")]));
        staged(&dir, &old).commit(about()).unwrap();
        let staging = staged_by(&dir, with_settings("other", ResultsOf::Sweep), &new);
        let busy = Lock::take(&previous).unwrap();
        let error = staging.commit(about()).unwrap_err();
        assert_eq!(error.reason, Reason::Disk);
        let text = error.to_string();
        assert!(text.contains("another gossim is writing here"), "{text}");
        assert!(text.contains("the old results are whole in"), "{text}");
        assert_eq!(content(&dir), new);
        drop(busy);
        journal::manifest(&dir).unwrap();
        assert_eq!(content(&previous), old);
    }

    #[test]
    fn a_replacement_that_is_stuck_says_how_it_goes_on() {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path();
        let new = files(&[("runs.csv", "new"), ("series.csv", "new")]);
        assert!(dies_after(dir, &new, 3));
        fs::create_dir_all(dir.join("series.csv/full")).unwrap();
        let error = journal::manifest(dir).unwrap_err();
        assert_eq!(error.reason, Reason::Disk);
        let text = error.to_string();
        assert!(text.contains("series.csv: cannot be replaced"), "{text}");
        assert!(text.contains("the next gossim command"), "{text}");
        fs::remove_dir_all(dir.join("series.csv")).unwrap();
        journal::manifest(dir).unwrap();
        assert_eq!(content(dir), new);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_fails_the_commit_even_if_nobody_looked_and_the_old_results_stay() {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path();
        let old = files(&[("runs.csv", "old")]);
        staged(dir, &old).commit(about()).unwrap();
        for size in [1, 1 << 20] {
            let mut staging = staged(dir, &files(&[("series.csv", "new")]));
            let full = File::options().write(true).open("/dev/full").unwrap();
            let mut file = staging.adopt("runs.csv", full);
            let written = file.write_all(&vec![b'x'; size]);
            assert_eq!(written.is_err(), size > 1 << 16);
            drop(file);
            let error = staging.commit(about()).unwrap_err();
            assert_eq!(error.reason, Reason::Disk);
            let text = error.to_string();
            assert!(text.contains("runs.csv: cannot write this file"), "{text}");
            assert!(text.contains("make room"), "{text}");
            assert_eq!(content(dir), old);
            assert_eq!(fs::read_dir(dir).unwrap().count(), 2);
        }
    }

    #[test]
    fn an_error_of_a_writer_comes_out_as_ours() {
        let parent = tempfile::tempdir().unwrap();
        let mut staging = Staging::open(parent.path(), quick(ResultsOf::Run)).unwrap();
        let read_only = File::open(parent.path()).unwrap();
        let mut file = staging.adopt("runs.csv", read_only);
        let error = file.write_all(&[0; 1 << 17]).unwrap_err();
        let error = FileError::from(error);
        assert_eq!(error.path, parent.path().join("runs.csv"));
        let again = FileError::from(file.flush().unwrap_err());
        assert_eq!(again, error);
    }

    #[test]
    fn a_writer_that_is_still_open_is_a_mistake_and_no_truncated_file() {
        let parent = tempfile::tempdir().unwrap();
        let mut staging = staged(parent.path(), &Files::new());
        let file = staging.file("runs.csv").unwrap();
        let error = staging.commit(about()).unwrap_err();
        assert!(error.to_string().contains("still being written"));
        drop(file);
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }
}
