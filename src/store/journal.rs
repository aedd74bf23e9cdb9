//! How new files replace old ones so that a crash at any instant loses neither.
//!
//! All new files and their manifest are written and synced in a staging
//! directory first. Renaming that to [`COMMIT`] is the one decisive step: a
//! crash before it leaves the old results, and after it any later gossim
//! finishes what is left to do, which is a plan made from what is on the disk:
//!
//! 1. move each file out of [`COMMIT`], over the old one,
//! 2. remove what the old manifest lists and the new one does not,
//! 3. move the new manifest over the old one,
//! 4. remove the empty [`COMMIT`].
//!
//! Where the old results are of another scenario, they are not replaced: before
//! the first of these they move to [`RETIRED`], their manifest last; after the
//! last, from there to the directory's neighbour, in place of what that held.
//!
//! Each step may be done twice. Only the holder of the lock does any.

use super::lock::Lock;
use super::paths;
use crate::tables::{Change, FileError, INPUTS, MAKE, MANIFEST, Manifest, Reason};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Complete new results on their way into place.
pub(super) const COMMIT: &str = ".gossim-commit";

/// Complete old results on their way out.
pub(super) const RETIRED: &str = ".gossim-retired";

/// One change of the disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Step {
    Move {
        from: PathBuf,
        to: PathBuf,
    },
    Remove(PathBuf),
    MakeDirectory(PathBuf),
    RemoveDirectory(PathBuf),
    /// The directory of inputs, unless somebody put more into it.
    RemoveEmpty(PathBuf),
    /// Wait until the disk has the directory's entries.
    Sync(PathBuf),
}

/// What is next to do in a directory; nothing if no replacement was begun, or all
/// is done.
pub(super) fn plan(dir: &Path) -> Result<Vec<Step>, FileError> {
    let commit = dir.join(COMMIT);
    if commit.is_dir() {
        let old = Manifest::load(&dir.join(MANIFEST))?;
        let new = Manifest::load(&commit.join(MANIFEST))?;
        return Ok(match (old, new) {
            (Some(old), Some(new)) if old.identity() != new.identity() => retire(dir, &old),
            (old, new) => replace(dir, old, new),
        });
    }
    let retired = dir.join(RETIRED);
    match (retired.is_dir(), paths::previous(dir)) {
        (true, Some(previous)) => put_by(&retired, &previous),
        _ => Ok(Vec::new()),
    }
}

/// The old results out of the way.
fn retire(dir: &Path, old: &Manifest) -> Vec<Step> {
    let retired = dir.join(RETIRED);
    let mut steps = vec![Step::MakeDirectory(retired.clone())];
    steps.extend(moves(dir, &retired, old));
    steps.push(Step::RemoveEmpty(dir.join(INPUTS)));
    steps.push(Step::Sync(retired.clone()));
    steps.push(Step::Move {
        from: dir.join(MANIFEST),
        to: retired.join(MANIFEST),
    });
    steps.push(Step::Sync(dir.to_path_buf()));
    steps
}

/// What a manifest lists and is still there, to another directory.
fn moves(from: &Path, to: &Path, manifest: &Manifest) -> Vec<Step> {
    let files = manifest.resources.iter().map(|resource| &resource.path);
    let files = files.filter(|path| from.join(path).symlink_metadata().is_ok());
    let files = files.map(|path| Step::Move {
        from: from.join(path),
        to: to.join(path),
    });
    files.collect()
}

/// The retired results to where they stay. What gossim did not write there, or
/// somebody changed, is set aside.
fn put_by(retired: &Path, previous: &Path) -> Result<Vec<Step>, FileError> {
    let aside = |path: PathBuf| Step::Move {
        to: paths::free_name(&path),
        from: path,
    };
    let manifest = previous.join(MANIFEST);
    let Some(old) = Manifest::load(&retired.join(MANIFEST))? else {
        return Ok(vec![
            Step::RemoveEmpty(retired.join(INPUTS)),
            Step::RemoveDirectory(retired.to_path_buf()),
        ]);
    };
    let mut steps = Vec::new();
    // As long as there is a manifest, it is that of an older generation.
    if manifest.symlink_metadata().is_ok() {
        let Ok(Some(older)) = Manifest::load(&manifest) else {
            return Ok(vec![aside(manifest)]);
        };
        for resource in &older.resources {
            let path = previous.join(&resource.path);
            match resource.change(previous) {
                Ok(None) => steps.push(Step::Remove(path)),
                Ok(Some(Change::Missing)) => {}
                Ok(Some(Change::Different)) | Err(_) => steps.push(aside(path)),
            }
        }
        steps.push(Step::RemoveEmpty(previous.join(INPUTS)));
        steps.push(Step::Sync(previous.to_path_buf()));
        steps.push(Step::Remove(manifest));
        return Ok(steps);
    }
    for step in moves(retired, previous, &old) {
        if let Step::Move { to, .. } = &step
            && to.symlink_metadata().is_ok()
        {
            steps.push(aside(to.clone()));
        }
        steps.push(step);
    }
    steps.push(Step::Sync(previous.to_path_buf()));
    steps.push(Step::Move {
        from: retired.join(MANIFEST),
        to: manifest,
    });
    steps.push(Step::Sync(previous.to_path_buf()));
    Ok(steps)
}

/// The new results into place, over the old ones.
fn replace(dir: &Path, old: Option<Manifest>, new: Option<Manifest>) -> Vec<Step> {
    let commit = dir.join(COMMIT);
    let mut steps = Vec::new();
    if let Some(new) = new {
        steps.extend(moves(&commit, dir, &new));
        // Sets the files apart from the manifest that vouches for them.
        steps.push(Step::Sync(dir.to_path_buf()));
        if let Some(old) = old {
            let gone = old.resources.iter().map(|resource| &resource.path);
            let gone = gone.filter(|path| new.resource(path).is_none());
            steps.extend(gone.map(|path| Step::Remove(dir.join(path))));
            steps.push(Step::RemoveEmpty(dir.join(INPUTS)));
        }
        steps.push(Step::Move {
            from: commit.join(MANIFEST),
            to: dir.join(MANIFEST),
        });
        steps.push(Step::Sync(dir.to_path_buf()));
    }
    steps.push(Step::RemoveEmpty(commit.join(INPUTS)));
    steps.push(Step::RemoveDirectory(commit));
    steps
}

pub(super) fn apply(step: &Step) -> io::Result<()> {
    match step {
        Step::Move { from, to } => {
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::rename(from, to)
        }
        Step::Remove(path) => match fs::remove_file(path) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        },
        Step::MakeDirectory(path) => match fs::create_dir(path) {
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other,
        },
        Step::RemoveDirectory(path) => fs::remove_dir(path),
        Step::RemoveEmpty(path) => match fs::remove_dir(path).map_err(|cause| cause.kind()) {
            Ok(()) | Err(io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty) => Ok(()),
            Err(kind) => Err(kind.into()),
        },
        Step::Sync(dir) => {
            // Not every system can sync a directory; then it orders its writes
            // itself or offers no way.
            let _ = File::open(dir).and_then(|dir| dir.sync_all());
            Ok(())
        }
    }
}

/// Does what is left to do.
pub(super) fn finish(dir: &Path, _: &Lock) -> Result<(), FileError> {
    loop {
        let steps = plan(dir)?;
        if steps.is_empty() {
            return Ok(());
        }
        let _held = hold_previous(dir)?;
        for step in &steps {
            apply(step).map_err(|cause| stuck(dir, step, &cause))?;
        }
    }
}

/// Keeps others from the neighbour while old results move there.
fn hold_previous(dir: &Path) -> Result<Option<Lock>, FileError> {
    match paths::previous(dir) {
        Some(previous) if dir.join(RETIRED).is_dir() && !dir.join(COMMIT).is_dir() => {
            paths::make(&previous)?;
            Lock::take(&previous).map(Some).map_err(|error| {
                let advice = waiting(dir);
                FileError::new(Reason::Disk, error.path, error.what, advice)
            })
        }
        _ => Ok(None),
    }
}

fn stuck(dir: &Path, step: &Step, cause: &io::Error) -> FileError {
    let path = match step {
        Step::Move { to, .. } => to,
        Step::Remove(path)
        | Step::MakeDirectory(path)
        | Step::RemoveDirectory(path)
        | Step::RemoveEmpty(path)
        | Step::Sync(path) => path,
    };
    let what = format!("cannot be replaced: {cause}");
    let advice = format!("see that it can; {}", waiting(dir));
    FileError::new(Reason::Disk, path, what, advice)
}

/// What waits to be moved, and who will do it.
fn waiting(dir: &Path) -> String {
    let (which, place) = match dir.join(COMMIT) {
        commit if commit.is_dir() => ("new", commit),
        _ => ("old", dir.join(RETIRED)),
    };
    format!(
        "the {which} results are whole in {}, and the next gossim command on this directory \
         moves them into place",
        place.display()
    )
}

/// Finishes a replacement that a killed process left half done, if there is one.
fn finish_interrupted(dir: &Path) -> Result<(), FileError> {
    if ![COMMIT, RETIRED].iter().any(|name| dir.join(name).is_dir()) {
        return Ok(());
    }
    let lock = Lock::take(dir);
    let lock = lock.map_err(|error| error.elsewhere("let gossim move what waits here into place"));
    finish(dir, &lock?)
}

/// Reads the manifest of finished results; first finishes a replacement
/// that a killed process left half done.
pub fn manifest(dir: &Path) -> Result<Manifest, FileError> {
    match fs::metadata(dir) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            return Err(FileError::results(dir, "there is no such directory", MAKE));
        }
        Err(cause) => {
            let what = format!("cannot be read: {cause}");
            return Err(FileError::results(dir, what, "see that it can be read"));
        }
        Ok(metadata) if !metadata.is_dir() => {
            let advice = "name the directory that holds the results";
            return Err(FileError::results(dir, "is not a directory", advice));
        }
        Ok(_) => {}
    }
    finish_interrupted(dir)?;
    Manifest::of(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_without_results_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "x").unwrap();
        let table = [
            (dir.path().join("none"), "no such directory"),
            (file, "not a directory"),
            (dir.path().to_path_buf(), "no datapackage.json"),
        ];
        for (path, expected) in table {
            let error = manifest(&path).unwrap_err();
            assert_eq!(error.reason, Reason::Results);
            assert!(error.to_string().contains(expected), "{error}");
        }
        fs::create_dir(dir.path().join(MANIFEST)).unwrap();
        let error = manifest(dir.path()).unwrap_err().to_string();
        assert!(error.contains("no plain file"), "{error}");
    }
}
