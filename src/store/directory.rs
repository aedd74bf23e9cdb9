//! A results directory as a place: whether gossim may write there.

use super::journal::COMMIT;
use super::lock::{LOCK, Lock};
use crate::tables::{Change, ELSEWHERE, FileError, INPUTS, MANIFEST, Manifest, ResultsOf};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// New files grow in a directory of this prefix.
pub(super) const STAGING: &str = ".gossim-staging-";

/// Whose results a directory may hold.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    pub(super) scenario: &'a str,
    pub(super) kind: ResultsOf,
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

/// Makes a directory and those above it; says which were made, deepest first.
pub(super) fn make(dir: &Path) -> Result<Vec<PathBuf>, FileError> {
    let missing: Vec<&Path> = dir
        .ancestors()
        .take_while(|path| !path.as_os_str().is_empty() && !path.exists())
        .collect();
    let mut made = Vec::new();
    for path in missing.into_iter().rev() {
        match fs::create_dir(path) {
            Ok(()) => made.insert(0, path.to_path_buf()),
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
            Err(cause) => {
                remove_empty(&made);
                return Err(FileError::opening(path, "make this directory", &cause));
            }
        }
    }
    Ok(made)
}

/// Removes those of these directories that are empty.
pub(super) fn remove_empty(made: &[PathBuf]) {
    for path in made {
        // Not empty, or gone: not ours any more.
        let _ = fs::remove_dir(path);
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

/// Refuses a directory that holds what is not `owner`'s to replace.
pub(super) fn check_content(dir: &Path, owner: Owner) -> Result<(), FileError> {
    let mut known = Vec::new();
    // A replacement that was cut short has two manifests until it is finished.
    for path in [dir.join(MANIFEST), dir.join(COMMIT).join(MANIFEST)] {
        let manifest =
            Manifest::load(&path).map_err(|error| FileError::place(&path, error.what))?;
        if let Some(manifest) = manifest {
            check_owner(dir, &manifest, owner)?;
            known.extend(manifest.resources.into_iter().map(|resource| resource.path));
        }
    }
    for name in names(dir)? {
        let is_ours = match name.as_str() {
            MANIFEST | LOCK => dir.join(&name).is_file(),
            COMMIT => dir.join(COMMIT).is_dir(),
            INPUTS => dir.join(INPUTS).is_dir(),
            name if name.starts_with(STAGING) => dir.join(name).is_dir(),
            name => known.iter().any(|known| known == name) && dir.join(name).is_file(),
        };
        if !is_ours {
            let what = format!("holds \"{name}\", which gossim did not write");
            let mut error = FileError::place(dir, what);
            error.advice = format!("move it away, or {ELSEWHERE}");
            return Err(error);
        }
    }
    Ok(())
}

fn check_owner(dir: &Path, manifest: &Manifest, owner: Owner) -> Result<(), FileError> {
    let found = &manifest.gossim;
    if found.scenario != owner.scenario {
        let what = format!(
            "holds the results of the scenario \"{}\", not of \"{}\"",
            found.scenario, owner.scenario
        );
        return Err(FileError::place(dir, what));
    }
    if found.kind != owner.kind {
        let what = format!(
            "holds the results of a {}, which a {} does not replace",
            found.kind, owner.kind
        );
        return Err(FileError::place(dir, what));
    }
    Ok(())
}

/// Refuses to replace a file that somebody changed since.
pub(super) fn check_unchanged(dir: &Path) -> Result<(), FileError> {
    let as_place = |error: FileError| FileError::place(&error.path, error.what);
    let Some(manifest) = Manifest::load(&dir.join(MANIFEST)).map_err(as_place)? else {
        return Ok(());
    };
    let changed = manifest.changed_files(dir).map_err(as_place)?;
    let edited = changed
        .iter()
        .find(|(_, change)| *change == Change::Different);
    match edited {
        None => Ok(()),
        Some((name, _)) => Err(edited_error(&dir.join(name))),
    }
}

pub(super) fn edited_error(path: &Path) -> FileError {
    let what = "was changed after gossim wrote it, and the change would be lost";
    let mut error = FileError::place(path, what);
    error.advice = format!("move it away, or {ELSEWHERE}");
    error
}
