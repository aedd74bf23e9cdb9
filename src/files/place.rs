//! Where a scenario's files lie, and what they held when they were read.
//!
//! A path is relative to the scenario's folder. To leave it (an absolute path, `..`, a
//! link) must be allowed. Only ordinary files are opened: a pipe or a device could keep
//! a reader waiting, or never end.

use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// The place of a file that a scenario names.
///
/// # Errors
/// A file that does not exist, that is no ordinary file, or that lies outside.
pub fn resolve(folder: &Path, name: &str, allow_outside: bool) -> Result<PathBuf, String> {
    let leaves = |part: Component| !matches!(part, Component::Normal(_) | Component::CurDir);
    let outside = || {
        Err(
            "this file is not in the folder of the scenario: --allow-outside lets it be read"
                .into(),
        )
    };
    if name.is_empty() {
        return Err("the name of a file is empty".into());
    }
    let path = Path::new(name);
    if !allow_outside && path.components().any(leaves) {
        return outside();
    }
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let real = |path: &Path| {
        let why = |error: io::Error| format!("cannot be read: {}", error.kind());
        path.canonicalize().map_err(why)
    };
    let found = real(&folder.join(path))?;
    if !allow_outside && !found.starts_with(real(folder)?) {
        return outside();
    }
    match found.metadata() {
        Ok(data) if data.is_file() => Ok(found),
        Ok(data) if data.is_dir() => Err("this is a folder, not a file".into()),
        Ok(_) => Err("this is no ordinary file (a pipe or a device)".into()),
        Err(error) => Err(format!("cannot be read: {}", error.kind())),
    }
}

/// Opens a file whose hash is taken while it is read.
///
/// # Errors
/// As the system has it.
pub fn open(path: &Path) -> Result<Hashed<File>, String> {
    let file = File::open(path);
    let file = file.map_err(|error| format!("cannot be read: {}", error.kind()))?;
    Ok(Hashed::new(file))
}

/// A source whose hash is taken while it is read.
pub struct Hashed<R> {
    source: R,
    hash: Sha256,
}

impl<R: Read> Hashed<R> {
    /// Nothing read yet.
    pub fn new(source: R) -> Hashed<R> {
        Hashed {
            source,
            hash: Sha256::new(),
        }
    }

    /// The SHA-256 of all that was read, in hexadecimal.
    pub fn finish(self) -> String {
        let bytes = self.hash.finalize();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.hash.update(&buffer[..count]);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_bytes() {
        let mut source = Hashed::new(&b"abc"[..]);
        io::copy(&mut source, &mut io::sink()).unwrap();
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(source.finish(), known);
    }

    #[test]
    fn only_ordinary_files_of_the_folder_are_taken() {
        let base = tempfile::tempdir().unwrap();
        let folder = base.path().join("study");
        std::fs::create_dir_all(folder.join("sub")).unwrap();
        std::fs::write(folder.join("sub/in.txt"), "1 2\n").unwrap();
        std::fs::write(base.path().join("out.txt"), "1 2\n").unwrap();
        let absolute = base.path().join("out.txt");
        let absolute = absolute.to_str().unwrap();
        assert!(resolve(&folder, "./sub/in.txt", false).is_ok());
        let why = |name, allow| resolve(&folder, name, allow).unwrap_err();
        for name in ["../out.txt", absolute, "sub/../sub/in.txt"] {
            assert!(why(name, false).contains("--allow-outside"), "{name}");
            assert!(resolve(&folder, name, true).is_ok(), "{name}");
        }
        assert!(why("sub", false).contains("folder, not a file"));
        assert!(why("none.txt", false).contains("not found"));
        assert!(why("", true).contains("empty"));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(absolute, folder.join("link.txt")).unwrap();
            assert!(why("link.txt", false).contains("--allow-outside"));
            assert!(resolve(&folder, "link.txt", true).is_ok());
            assert!(why("/dev/zero", true).contains("no ordinary file"));
        }
    }
}
