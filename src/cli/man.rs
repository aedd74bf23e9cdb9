//! `gossim man`: manual pages, one per command.

use super::console::{Console, Failure, argument, counted};
use crate::store;
use clap::Args;
use clap_mangen::Man;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Examples:
  gossim man ~/.local/share/man/man1    then: man gossim, man gossim-sweep
  gossim man pages && man ./pages/gossim.1")]
pub struct Options {
    /// The directory to write them to
    dir: PathBuf,
}

/// The first line of each page, by which an older one is known as ours.
const FIRST_LINE: &str = ".\\\" gossim man";

pub fn execute(console: &Console, options: &Options) -> Result<(), Failure> {
    let mut pages = Vec::new();
    let mut command = console.program().command();
    command.build();
    let name = console.program().name().to_string();
    add(command, &name, &mut pages)?;
    let borrowed: Vec<(&str, &str)> = (pages.iter())
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let written = store::write_pages(&options.dir, &borrowed);
    written.map_err(|error| error.elsewhere("name another directory"))?;
    let dir = argument(&options.dir);
    console.say(format!("wrote {dir}: {}", counted(pages.len(), "page")))?;
    console.say(format!("next: man {dir}/{name}.1"))
}

/// The page of a command, and those of the commands below it.
fn add(
    command: clap::Command,
    name: &str,
    pages: &mut Vec<(String, String)>,
) -> Result<(), Failure> {
    for below in command.get_subcommands() {
        // clap's own command has no page: `gossim help run` is `gossim run --help`.
        if below.get_name() != "help" {
            let name = format!("{name}-{}", below.get_name());
            add(below.clone(), &name, pages)?;
        }
    }
    let mut text = Vec::new();
    let page = Man::new(
        command
            .display_name(name.to_string())
            .name(name.to_string()),
    );
    page.render(&mut text)?;
    let text = format!("{FIRST_LINE}\n{}", String::from_utf8_lossy(&text));
    pages.push((format!("{name}.1"), text));
    Ok(())
}
