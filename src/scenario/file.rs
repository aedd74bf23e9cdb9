//! Reading a scenario's bytes without being led astray: no device, no pipe
//! that never ends, nothing huge.

use super::error::{Error, Problem, Texts};
use super::words;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// A scenario is at most this long.
pub const BYTES_MAX: u64 = 1 << 20;

/// The file's text.
pub fn read(path: &Path) -> Result<String, Error> {
    let name = words::visible(&path.to_string_lossy());
    let cannot = |why: &str, help: &str| {
        let help = (!help.is_empty()).then(|| help.to_string());
        Error::about(format!("cannot read {name}: {why}"), help)
    };
    let by_system = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => cannot("there is no such file", "`gossim init` writes one"),
        _ => cannot(&words::visible(&error.to_string()), ""),
    };
    // Asked before opening: opening a pipe would wait for its other end.
    let metadata = std::fs::metadata(path).map_err(by_system)?;
    if metadata.is_dir() {
        return Err(cannot("it is a directory", "a scenario is a file in TOML"));
    }
    if !metadata.is_file() {
        return Err(cannot(
            "it is not a regular file",
            "a scenario is a file in TOML",
        ));
    }
    if metadata.len() > BYTES_MAX {
        return Err(too_long(&name));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(by_system)?;
    // It may have grown since.
    let read = file.take(BYTES_MAX + 1).read_to_end(&mut bytes);
    read.map_err(by_system)?;
    check_length(&name, bytes.len())?;
    String::from_utf8(bytes).map_err(|error| not_utf8(&name, &error))
}

/// Refuses what is too long to be a scenario.
pub fn check_length(name: &str, bytes: usize) -> Result<(), Error> {
    match bytes as u64 > BYTES_MAX {
        true => Err(too_long(&words::visible(name))),
        false => Ok(()),
    }
}

fn too_long(name: &str) -> Error {
    let message = format!("cannot read {name}: it is longer than 1 MiB");
    Error::about(
        message,
        Some("a scenario is a short file in TOML".to_string()),
    )
}

fn not_utf8(name: &str, error: &std::string::FromUtf8Error) -> Error {
    let at = error.utf8_error().valid_up_to();
    // Up to that byte the replaced text is the same.
    let text = String::from_utf8_lossy(error.as_bytes());
    let message = format!("not UTF-8: byte {at} (from 0) begins no character");
    let problem = Problem::at(at..at + 1, message).help("save the file as UTF-8");
    Texts::new(name, &text).error(&problem)
}

/// Bytes of memory that a run may take: what the system says is available, or
/// 64 GiB where it doesn't say.
pub fn memory_bytes_available() -> u64 {
    let stated = std::fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| {
            let line = text
                .lines()
                .find_map(|line| line.strip_prefix("MemAvailable:"))?;
            let kilobytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
            kilobytes.checked_mul(1024)
        });
    stated.unwrap_or(64 << 30)
}
