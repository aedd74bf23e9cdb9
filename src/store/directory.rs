//! A results directory as a place: whether gossim may write there.

use super::journal::{COMMIT, RETIRED};
use super::lock::{LOCK, Lock};
use super::paths::{make, previous, remove_empty};
use crate::tables::{ELSEWHERE, FILES, FileError, INPUTS, Identity, MANIFEST, Manifest, ResultsOf};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// New files grow in a directory of this prefix.
pub(super) const STAGING: &str = ".gossim-staging-";

/// Makes sure, before any work, that old results can move to their place; says
/// which directory was made.
pub(super) fn prepare_previous(
    dir: &Path,
    staged: &Path,
    kind: ResultsOf,
) -> Result<Vec<PathBuf>, FileError> {
    let Some(previous) = previous(dir) else {
        return Err(FileError::place(
            dir,
            "has no place beside it for old results",
        ));
    };
    check_shape(&previous)?;
    // What is no manifest of ours is set aside there.
    if let Ok(Some(older)) = Manifest::load(&previous.join(MANIFEST)) {
        check_kind(&previous, &older, kind)?;
    }
    let made = make(&previous)?;
    let probe = format!("{STAGING}probe");
    let (from, to) = (staged.join(&probe), previous.join(&probe));
    let moved = File::create_new(&from).and_then(|_| fs::rename(&from, &to));
    let moved = moved.and_then(|()| fs::remove_file(&to));
    moved.map_err(|cause| {
        let _ = fs::remove_file(&from);
        remove_empty(&made);
        FileError::opening(&previous, "move the old results here", &cause)
    })?;
    Ok(made)
}

/// Refuses what can't become a results directory, before anything is written.
pub(super) fn check_shape(dir: &Path) -> Result<(), FileError> {
    if dir.as_os_str().is_empty() {
        return Err(FileError::place("", "the directory's name is empty"));
    }
    match fs::metadata(dir) {
        Ok(metadata) if !metadata.is_dir() => Err(FileError::place(dir, "is not a directory")),
        Ok(_) => Ok(()),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(FileError::opening(dir, "look at this directory", &cause)),
    }
}

/// Removes what killed processes left. Only for the holder of the lock.
pub(super) fn remove_leftovers(dir: &Path, _: &Lock) -> Result<(), FileError> {
    for name in names(dir)? {
        if name.starts_with(STAGING) {
            let path = dir.join(&name);
            fs::remove_dir_all(&path)
                .map_err(|cause| FileError::opening(&path, "remove this leftover", &cause))?;
        }
    }
    Ok(())
}

/// What is in a directory, sorted; nothing if there is no directory.
fn names(dir: &Path) -> Result<Vec<String>, FileError> {
    let failed = |cause: &io::Error| FileError::opening(dir, "list this directory", cause);
    let entries = match fs::read_dir(dir) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|cause| failed(&cause))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(|cause| failed(&cause))?.file_name();
        // A name that is no text can't be ours; it is refused whatever it reads like.
        names.push(name.to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Refuses a directory that holds what is not gossim's to replace.
pub(super) fn check_content(dir: &Path, ours: &Identity) -> Result<(), FileError> {
    let mut known = Vec::new();
    // A replacement that was cut short has two manifests until it is finished.
    for path in [dir.join(MANIFEST), dir.join(COMMIT).join(MANIFEST)] {
        let manifest =
            Manifest::load(&path).map_err(|error| FileError::place(&path, error.what))?;
        if let Some(manifest) = manifest {
            check_kind(dir, &manifest, ours.kind)?;
            known.extend(manifest.resources.into_iter().map(|resource| resource.path));
        }
    }
    for name in names(dir)? {
        let path = dir.join(&name);
        let is_in_the_way = match name.as_str() {
            MANIFEST | LOCK => !path.is_file(),
            // A link would have copies written elsewhere.
            COMMIT | RETIRED | INPUTS => !path.is_dir() || path.is_symlink(),
            name if name.starts_with(STAGING) => !path.is_dir(),
            name if known.iter().any(|known| known == name) => !path.is_file(),
            name => FILES.contains(&name),
        };
        if is_in_the_way {
            let what = format!("holds \"{name}\", which gossim did not write");
            let mut error = FileError::place(dir, what);
            error.advice = format!("move it away, or {ELSEWHERE}");
            return Err(error);
        }
    }
    Ok(())
}

/// A run replaces no sweep, which took longer.
fn check_kind(dir: &Path, found: &Manifest, ours: ResultsOf) -> Result<(), FileError> {
    match (found.gossim.kind, ours) {
        (ResultsOf::Sweep, ResultsOf::Run) => {
            let what = "holds the results of a sweep, which a run does not replace";
            Err(FileError::place(dir, what))
        }
        _ => Ok(()),
    }
}
