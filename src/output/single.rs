//! Files outside of results directories: each whole or not at all.

use super::error::{Error, Fault};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Writes files into a directory, made if it is not there; replaces an older
/// one only if it begins with the same line, so that it is ours.
///
/// # Errors
/// Somebody else's file is there, or the disk refuses; a file is then as it was.
pub fn write_pages(dir: &Path, pages: &[(&str, &str)]) -> Result<(), Error> {
    fs::create_dir_all(dir).map_err(|cause| Error::opening(dir, "make this directory", &cause))?;
    for (name, text) in pages {
        check_is_ours(&dir.join(name), text)?;
    }
    for (name, text) in pages {
        write(&dir.join(name), text)?;
    }
    Ok(())
}

fn check_is_ours(path: &Path, text: &str) -> Result<(), Error> {
    let first = |text: &[u8]| text.split(|byte| *byte == b'\n').next().map(<[u8]>::to_vec);
    match fs::read(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(Error::opening(path, "read what is there", &cause)),
        Ok(old) if first(&old) == first(text.as_bytes()) => Ok(()),
        Ok(_) => Err(Error::place(
            path,
            "was not written by gossim, and would be lost",
        )),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let parent = path.parent().unwrap_or(Path::new("."));
    let opened = tempfile::Builder::new()
        .prefix(".gossim-")
        .tempfile_in(parent);
    let mut file = opened.map_err(|cause| Error::opening(path, "write this file", &cause))?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.as_file().sync_all());
    written.map_err(|cause| Error::disk(path, "write this file", &cause))?;
    let persisted = file.persist(path).map_err(|refused| refused.error);
    persisted.map_err(|cause| {
        Error::new(
            Fault::Disk,
            path,
            format!("cannot write this file: {cause}"),
            "choose another directory with --out",
        )
    })?;
    Ok(())
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
    }
}
