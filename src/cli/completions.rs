//! `gossim completions`: a shell's completion script.

use super::console::{Console, Failure};
use clap::Args;
use clap_complete::Shell;

#[derive(Args)]
#[command(after_help = "\
To install them, once:
  bash   gossim completions bash > ~/.local/share/bash-completion/completions/gossim
  zsh    gossim completions zsh > ~/.zfunc/_gossim     (with `fpath+=~/.zfunc` before
         `compinit` in ~/.zshrc)
  fish   gossim completions fish > ~/.config/fish/completions/gossim.fish
For this session only:
  source <(gossim completions bash)")]
pub struct Options {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub fn execute(console: &Console, options: &Options) -> Result<(), Failure> {
    let mut script = Vec::new();
    let program = console.program();
    let mut command = program.command();
    clap_complete::generate(options.shell, &mut command, program.name(), &mut script);
    console.give(String::from_utf8_lossy(&script))
}
