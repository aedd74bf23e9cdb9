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
//! Each step may be done twice. Only the holder of the lock does any.

use super::lock::Lock;
use crate::tables::{FileError, INPUTS, MAKE, MANIFEST, Manifest, Reason};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Complete new results on their way into place.
pub(super) const COMMIT: &str = ".gossim-commit";

/// One change of the disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Step {
    Move {
        from: PathBuf,
        to: PathBuf,
    },
    Remove(PathBuf),
    RemoveDirectory(PathBuf),
    /// Wait until the disk has the directory's entries.
    Sync(PathBuf),
}

/// What is left to do in a directory; nothing if no replacement was begun.
pub(super) fn plan(dir: &Path) -> Result<Vec<Step>, FileError> {
    let commit = dir.join(COMMIT);
    if !commit.is_dir() {
        return Ok(Vec::new());
    }
    let mut steps = Vec::new();
    if let Some(new) = Manifest::load(&commit.join(MANIFEST))? {
        for resource in &new.resources {
            let from = commit.join(&resource.path);
            if from.exists() {
                let to = dir.join(&resource.path);
                steps.push(Step::Move { from, to });
            }
        }
        // Sets the files apart from the manifest that vouches for them.
        steps.push(Step::Sync(dir.to_path_buf()));
        if let Some(old) = Manifest::load(&dir.join(MANIFEST))? {
            let gone = old.resources.iter().map(|resource| &resource.path);
            let gone = gone.filter(|path| new.resource(path).is_none());
            steps.extend(gone.map(|path| Step::Remove(dir.join(path))));
        }
        steps.push(Step::Move {
            from: commit.join(MANIFEST),
            to: dir.join(MANIFEST),
        });
        steps.push(Step::Sync(dir.to_path_buf()));
    }
    let inputs = commit.join(INPUTS);
    if inputs.is_dir() {
        steps.push(Step::RemoveDirectory(inputs));
    }
    steps.push(Step::RemoveDirectory(commit));
    Ok(steps)
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
        Step::RemoveDirectory(path) => fs::remove_dir(path),
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
    for step in plan(dir)? {
        apply(&step).map_err(|cause| stuck(dir, &step, &cause))?;
    }
    Ok(())
}

fn stuck(dir: &Path, step: &Step, cause: &io::Error) -> FileError {
    let path = match step {
        Step::Move { to, .. } => to,
        Step::Remove(path) | Step::RemoveDirectory(path) | Step::Sync(path) => path,
    };
    let what = format!("cannot be replaced: {cause}");
    let advice = format!(
        "see that it can; the new results are whole in {}, and the next gossim command on this \
         directory moves them into place",
        dir.join(COMMIT).display()
    );
    FileError::new(Reason::Disk, path, what, advice)
}

/// Finishes a replacement that a killed process left half done, if there is one.
fn finish_interrupted(dir: &Path) -> Result<(), FileError> {
    if !dir.join(COMMIT).is_dir() {
        return Ok(());
    }
    finish(dir, &Lock::take(dir)?)
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
