//! Which commit is this? For `--version` and the manifest's `environment` only;
//! nothing else may rest on it.
//!
//! Said where it is known: in a release build from this crate's own git
//! repository, or from a package that carries its commit. Needs neither git nor
//! a network. Builds without optimisation and tests do not ask, so that a commit
//! does not compile everything anew.

use std::path::Path;
use std::process::Command;

/// What a build of the program is made from.
const SOURCES: [&str; 4] = ["src", "Cargo.toml", "Cargo.lock", "build.rs"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("PROFILE").as_deref() != Ok("release") {
        return;
    }
    if let Some(commit) = packaged().or_else(from_git) {
        println!("cargo::rustc-env=GOSSIM_COMMIT={commit}");
    }
}

/// The commit that `cargo package` wrote down.
fn packaged() -> Option<String> {
    let text = std::fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let (_, rest) = text.split_once("\"sha1\"")?;
    let digits = rest.split('"').nth(1)?;
    let is_hash = digits.len() >= 12 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| digits[..12].to_string())
}

/// The commit that is checked out; none where this is a folder in the repository
/// of something else.
fn from_git() -> Option<String> {
    let top = git(&["rev-parse", "--show-toplevel"])?;
    let here = Path::new(".").canonicalize().ok()?;
    if Path::new(&top).canonicalize().ok()? != here {
        return None;
    }
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    for path in SOURCES {
        println!("cargo::rerun-if-changed={path}");
    }
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    if Path::new(&log).exists() {
        println!("cargo::rerun-if-changed={log}");
    }
    let status = [&["status", "--porcelain", "--"], &SOURCES[..]].concat();
    Some(match git(&status)?.is_empty() {
        true => commit,
        false => format!("{commit} with changes"),
    })
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_string())
}
