//! Paths on a disk: the directory beside one, a name that is free, directories
//! made on the way.

use crate::tables::FileError;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

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
