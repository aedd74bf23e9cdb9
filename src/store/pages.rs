//! Files outside of results directories: each whole or not at all.

use super::directory::{self, STAGING};
use super::paths::{self, nameless};
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
        return Err(FileError::place(dir, RESULTS));
    }
    let mut checks = pages
        .iter()
        .map(|(name, text)| check_is_ours(&dir.join(name), text));
    checks.try_for_each(|check| check)
}

const RESULTS: &str = "holds the results of a run or sweep";

/// Puts pictures of results elsewhere, beside whatever is there, but never over
/// another file, unless it is the same.
///
/// # Errors
/// Another file or a sweep's results are there, or the disk refuses.
pub fn put_pictures(dir: &Path, files: &[(String, Vec<u8>)]) -> Result<(), FileError> {
    directory::check_shape(dir)?;
    if dir.join(MANIFEST).exists() {
        return Err(FileError::place(dir, RESULTS));
    }
    let mut new = files.to_vec();
    new.retain(|(name, content)| !fs::read(dir.join(name)).is_ok_and(|old| old == *content));
    for (name, _) in &new {
        let path = dir.join(name);
        if path.symlink_metadata().is_ok() {
            let what = "is another picture than this, and would be lost";
            return Err(FileError::place(path, what));
        }
    }
    paths::make(dir)?;
    new.iter()
        .try_for_each(|(name, content)| write_new(&dir.join(name), content))
}

/// The advice where a file was named and not a directory.
pub const ANOTHER_FILE: &str = "name another file";

/// Writes a file that must not exist yet, whole or not at all.
///
/// # Errors
/// It exists, or the disk refuses.
pub fn write_file(path: &Path, content: &[u8]) -> Result<(), FileError> {
    write_new(path, content).map_err(|error| error.elsewhere(ANOTHER_FILE))
}

fn write_new(path: &Path, content: &[u8]) -> Result<(), FileError> {
    const DOING: &str = "write this file";
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let opened = temporary().prefix(STAGING).tempfile_in(parent);
    let mut file = opened.map_err(|cause| FileError::opening(path, DOING, &nameless(&cause)))?;
    let written = file
        .write_all(content)
        .and_then(|()| file.as_file().sync_all());
    written.map_err(|cause| FileError::disk(path, DOING, &cause))?;
    file.persist_noclobber(path)
        .map_err(|refused| match refused.error.kind() {
            io::ErrorKind::AlreadyExists => {
                FileError::place(path, "exists already, and would be lost")
            }
            _ => FileError::opening(path, DOING, &refused.error),
        })?;
    Ok(())
}

/// With the permissions that files get here, not those of a secret.
#[cfg(unix)]
fn temporary() -> tempfile::Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt;
    let mut builder = tempfile::Builder::new();
    builder.permissions(fs::Permissions::from_mode(0o666));
    builder
}

#[cfg(not(unix))]
fn temporary() -> tempfile::Builder<'static, 'static> {
    tempfile::Builder::new()
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
    let beside =
        beside.map_err(|cause| FileError::opening(parent, "write here", &nameless(&cause)))?;
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
