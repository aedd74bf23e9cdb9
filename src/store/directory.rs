//! A results directory as a place: whether gossim may write there.

use super::journal::{COMMIT, RETIRED};
use super::lock::{LOCK, Lock};
use crate::tables::{ELSEWHERE, FILES, FileError, Identity, Kind, MANIFEST, Manifest};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// New files grow in a directory of this prefix.
pub(super) const STAGING: &str = ".gossim-staging-";

/// Where a directory's results go when those of another scenario come: beside it.
/// `None` for the root of all.
pub(super) fn previous(dir: &Path) -> Option<PathBuf> {
    // The neighbour of a link's target: a rename must not leave the disk.
    let real = match dir.file_name() {
        Some(_) if !dir.is_symlink() => dir.to_path_buf(),
        _ => dir.canonicalize().ok()?,
    };
    let mut name = real.file_name()?.to_os_string();
    name.push(".previous");
    Some(real.with_file_name(name))
}

/// Makes sure, before any work, that old results can move to their place; says
/// which directory was made.
pub(super) fn prepare_previous(
    dir: &Path,
    staged: &Path,
    kind: Kind,
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
            COMMIT | RETIRED => !path.is_dir(),
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
fn check_kind(dir: &Path, found: &Manifest, ours: Kind) -> Result<(), FileError> {
    match (found.gossim.kind, ours) {
        (Kind::Sweep, Kind::Run) => {
            let what = "holds the results of a sweep, which a run does not replace";
            Err(FileError::place(dir, what))
        }
        _ => Ok(()),
    }
}

/// A cause without the hidden name that the maker of a temporary file adds to it.
pub(super) fn nameless(cause: &io::Error) -> io::Error {
    cause.kind().into()
}

/// A name beside this one that is still free.
pub(super) fn free_name(path: &Path) -> PathBuf {
    let mut number = 1;
    loop {
        let mut name = path.as_os_str().to_os_string();
        name.push(match number {
            1 => ".kept".to_string(),
            _ => format!(".kept-{number}"),
        });
        if Path::new(&name).symlink_metadata().is_err() {
            return PathBuf::from(name);
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_name_is_not_shown() {
        let parent = tempfile::tempdir().unwrap();
        let cause = tempfile::tempdir_in(parent.path().join("none")).unwrap_err();
        assert!(cause.to_string().contains(".tmp"), "{cause}");
        let cause = nameless(&cause);
        assert_eq!(cause.kind(), io::ErrorKind::NotFound);
        assert!(!cause.to_string().contains(".tmp"), "{cause}");
    }
}
