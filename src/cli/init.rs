//! `gossim init`: a commented scenario to start from, and what editors need to
//! help with it.

use super::console::{Console, Failure, argument};
use super::schema;
use crate::registry::Entry;
use crate::scenario::Scenario;
use crate::store;
use crate::tables::FileError;
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "\
Examples:
  gossim init my.toml
  gossim run my.toml       one run of it
  gossim sweep my.toml     all of it")]
pub struct Options {
    /// The file to write; an existing one is never replaced. Beside it comes
    /// gossim.schema.json, by which editors complete and check scenarios
    #[arg(default_value = "scenario.toml")]
    file: PathBuf,
}

/// An older schema may be replaced, somebody else's file may not.
fn check_is_ours(path: &Path, text: &str) -> Result<(), Failure> {
    let old = std::fs::read_to_string(path).unwrap_or_default();
    match old.is_empty() || old.lines().next() == text.lines().next() {
        true => Ok(()),
        false => Err(Failure::Usage(format!(
            "{}: was not written by gossim, and would be lost; move it away, or name a file in another directory",
            path.display()
        ))),
    }
}

pub fn execute(console: &Console, options: &Options, protocols: &[Entry]) -> Result<(), Failure> {
    let name = schema::file_name(console);
    let text = schema::text(protocols);
    let pages = [(name.as_str(), text.as_str())];
    let folder = match options.file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let at = |error: FileError| error.elsewhere(store::ANOTHER_FILE);
    check_is_ours(&folder.join(&name), &text)?;
    let scenario = format!("#:schema ./{name}\n{}", Scenario::template());
    store::write_file(&options.file, scenario.as_bytes())?;
    store::write_pages(folder, &pages).map_err(at)?;
    let file = options.file.display();
    console.say(format!("wrote {file}, and {name} beside it for editors"))?;
    console.next(format!("run {}", argument(&options.file)))
}
