//! Files outside of results directories: each whole or not at all.

use crate::tables::{FileError, MANIFEST};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use tempfile::TempDir;

/// Writes files into a directory, made if it is not there; replaces an older
/// one only if it begins with the same line, so that it is ours.
///
/// # Errors
/// Somebody else's file is there, or the disk refuses; a file is then as it was.
pub fn write_pages(dir: &Path, pages: &[(&str, &str)]) -> Result<(), FileError> {
    check_pages(dir, pages)?;
    fs::create_dir_all(dir)
        .map_err(|cause| FileError::opening(dir, "make this directory", &cause))?;
    for (name, text) in pages {
        write(&dir.join(name), text)?;
    }
    Ok(())
}

/// Could these pages be written, of which at least the first line is known?
///
/// # Errors
/// Somebody else's file, a sweep's results or no directory is there.
pub fn check_pages(dir: &Path, pages: &[(&str, &str)]) -> Result<(), FileError> {
    if dir.exists() && !dir.is_dir() {
        return Err(FileError::place(dir, "is no directory"));
    }
    if dir.join(MANIFEST).exists() {
        let what = "holds the results of a run or sweep, which other files would block";
        return Err(FileError::place(dir, what));
    }
    let mut checks = pages
        .iter()
        .map(|(name, text)| check_is_ours(&dir.join(name), text));
    checks.try_for_each(|check| check)
}

fn check_is_ours(path: &Path, text: &str) -> Result<(), FileError> {
    let first = |text: &[u8]| text.split(|byte| *byte == b'\n').next().map(<[u8]>::to_vec);
    match fs::read(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(FileError::opening(path, "read what is there", &cause)),
        Ok(old) if first(&old) == first(text.as_bytes()) => Ok(()),
        Ok(_) => Err(FileError::place(
            path,
            "was not written by gossim, and would be lost",
        )),
    }
}

fn write(path: &Path, text: &str) -> Result<(), FileError> {
    let parent = path.parent().unwrap_or(Path::new("."));
    // In a directory of its own the file gets the permissions that files get here.
    let beside = TempDir::with_prefix_in(".gossim-", parent);
    let beside = beside.map_err(|cause| FileError::opening(parent, "write here", &cause))?;
    let new = beside.path().join("page");
    let written = File::create_new(&new).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let placed = written.and_then(|()| fs::rename(&new, path));
    placed.map_err(|cause| FileError::disk(path, "write this file", &cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_pages_are_replaced_and_others_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("new");
        write_pages(&dir, &[("a.csv", "x,y\n1,2\n"), ("b.md", "# B\n")]).unwrap();
        write_pages(&dir, &[("a.csv", "x,y\n3,4\n")]).unwrap();
        assert_eq!(fs::read_to_string(dir.join("a.csv")).unwrap(), "x,y\n3,4\n");
        fs::write(dir.join("b.md"), "# Mine\n").unwrap();
        let pages = [("a.csv", "x,y\n5,6\n"), ("b.md", "# B\n")];
        let error = write_pages(&dir, &pages).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("b.md: was not written by gossim")
        );
        assert_eq!(fs::read_to_string(dir.join("a.csv")).unwrap(), "x,y\n3,4\n");
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 2);
        fs::write(dir.join(MANIFEST), "{}").unwrap();
        let error = check_pages(&dir, &pages[..1]).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("holds the results of a run or sweep")
        );
        let file = dir.join("a.csv");
        assert!(
            check_pages(&file, &pages)
                .unwrap_err()
                .to_string()
                .contains("is no directory")
        );
    }
}
