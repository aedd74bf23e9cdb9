//! The lock that keeps a second gossim out of a directory.

use crate::tables::{ELSEWHERE, FileError};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

/// Held while a gossim writes. The kernel frees it when the process dies.
pub(super) const LOCK: &str = ".gossim-lock";

/// The right to write in a directory.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// Locked until it is closed.
    _file: File,
}

impl Lock {
    /// Takes the lock, or says that another gossim has it.
    pub(super) fn take(dir: &Path) -> Result<Lock, FileError> {
        let path = dir.join(LOCK);
        // Another process may remove the file between our opening and locking
        // it; then a third may lock a new one. Some attempts are plenty.
        for _ in 0..16 {
            let opened = File::options()
                .create(true)
                .write(true)
                .truncate(false)
                .open(&path);
            let file = opened.map_err(|cause| FileError::opening(dir, "write here", &cause))?;
            match file.try_lock() {
                Ok(()) if is_still_at(&file, &path) => return Ok(Lock { path, _file: file }),
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => break,
                Err(TryLockError::Error(cause)) => {
                    let _ = fs::remove_file(&path);
                    return Err(FileError::opening(dir, "lock this directory", &cause));
                }
            }
        }
        let what = "another gossim is writing here";
        let mut error = FileError::place(dir, what);
        error.advice = format!("wait until it has ended, or {ELSEWHERE}");
        Err(error)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(unix)]
fn is_still_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let ours = file.metadata().map(identity).ok();
    ours.is_some() && ours == fs::metadata(path).map(identity).ok()
}

#[cfg(not(unix))]
fn is_still_at(_: &File, path: &Path) -> bool {
    path.exists()
}
