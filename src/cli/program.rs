//! The program's own name, version and protocols.

use super::console::{self, Console, Failure};
use super::{Cli, Command, interrupt};
use crate::registry::{self, Entry};
use clap::{CommandFactory, FromArgMatches};
use serde_json::{Map, Value, json};
use std::process::ExitCode;

/// The name that help, man pages and completions are written with.
const GOSSIM: &str = "gossim";

/// gossim's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit it was built from, in 12 hexadecimal digits; `None` where that is
/// not known (a build without optimisation, or outside of its repository).
pub const COMMIT: Option<&str> = option_env!("GOSSIM_COMMIT");

/// The whole program under a name and a version of its own, with a researcher's
/// own protocols beside the built-in ones, each under a name of its own.
///
/// ```no_run
/// # use gossim::protocol::Push as Mine;
/// use gossim::{cli::Program, registry::Entry};
///
/// fn main() -> std::process::ExitCode {
///     let own = [Entry::of::<Mine>("mine", "one line about it")];
///     Program::new("mygossip", env!("CARGO_PKG_VERSION"), &own).main()
/// }
/// ```
///
/// Name and version are what `--version` says, before gossim's own, and what the
/// manifest keeps under `environment`.
#[derive(Clone)]
pub struct Program {
    name: String,
    version: String,
    own: Vec<Entry>,
}

impl Program {
    /// A program of this name (letters, digits, `_`, `-`, `.`) and version (one
    /// line).
    pub fn new(name: &str, version: &str, own: &[Entry]) -> Program {
        Program {
            name: name.to_string(),
            version: version.to_string(),
            own: own.to_vec(),
        }
    }

    /// gossim itself, with own protocols.
    pub(super) fn gossim(own: &[Entry]) -> Program {
        Program::new(GOSSIM, VERSION, own)
    }

    /// How it is called.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    fn is_gossim(&self) -> bool {
        self.name == GOSSIM
    }

    /// A text that speaks of gossim's commands, under this program's name.
    pub(super) fn renamed(&self, text: &str) -> String {
        match self.is_gossim() {
            true => text.to_string(),
            false => text.replace("gossim ", &format!("{} ", self.name)),
        }
    }

    /// What `--version` says: `0.1.0 (0123456789ab)`, and for another program
    /// its own version before.
    fn version_text(&self) -> String {
        let commit = COMMIT.map_or(String::new(), |commit| format!(" ({commit})"));
        match self.is_gossim() {
            true => format!("{VERSION}{commit}"),
            false => format!("{} (gossim {VERSION}{commit})", self.version),
        }
    }

    /// What the manifest keeps apart: who wrote the results.
    pub(super) fn environment(&self) -> Map<String, Value> {
        let mut environment = Map::new();
        let program = json!({ "name": self.name, "version": self.version });
        environment.insert("program".into(), program);
        if let Some(commit) = COMMIT {
            environment.insert("commit".into(), json!(commit));
        }
        environment
    }

    /// The command line, as this program's.
    pub(super) fn command(&self) -> clap::Command {
        let command = Cli::command();
        let command = match self.is_gossim() {
            true => command,
            false => self.renamed_command(command),
        };
        command
            .name(self.name.clone())
            .bin_name(self.name.clone())
            .version(self.version_text())
    }

    fn renamed_command(&self, command: clap::Command) -> clap::Command {
        let after = command.get_after_help().map(|help| help.to_string());
        let command = match after {
            Some(help) => command.after_help(self.renamed(&help)),
            None => command,
        };
        command.mut_subcommands(|subcommand| self.renamed_command(subcommand))
    }

    pub(super) fn check(&self) -> Result<Vec<Entry>, String> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        if self.name.is_empty() || !self.name.chars().all(is_plain) || self.name.starts_with('-') {
            return Err(
                "this program's name must be of letters, digits, `_`, `-` and `.`".to_string(),
            );
        }
        if self.version.chars().any(char::is_control) {
            return Err("this program's version must be one line".to_string());
        }
        registry::with_own(&self.own)
    }

    /// Does what the command line asks for; gives the exit code.
    pub fn main(self) -> ExitCode {
        let protocols = match self.check() {
            Ok(protocols) => protocols,
            Err(why) => return Failure::Usage(why).report(),
        };
        let parsed = self.command().try_get_matches();
        let cli = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
            Ok(cli) => cli,
            Err(error) => return console::report_usage(error),
        };
        let console = Console::new(cli.quiet, self);
        let done = execute(&console, &cli.command, &protocols);
        interrupt::wait_if_interrupted();
        match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => failure.report(),
        }
    }
}

pub(super) fn execute(
    console: &Console,
    command: &Command,
    protocols: &[Entry],
) -> Result<(), Failure> {
    use super::{check, compare, completions, init, list, man, plot, run, schema, sweep};
    use super::{theory, validate, verify};
    match command {
        Command::Init(options) => init::execute(console, options, protocols),
        Command::Check(options) => check::execute(console, options, protocols),
        Command::Run(options) => run::execute(console, options, protocols),
        Command::Sweep(options) => sweep::execute(console, options, protocols),
        Command::Plot(options) => plot::execute(console, options),
        Command::Verify(options) => verify::execute(console, options, protocols),
        Command::Compare(options) => compare::execute(console, options),
        Command::Validate(options) => validate::execute(console, options, protocols),
        Command::Theory(options) => theory::execute(console, options),
        Command::List(options) => list::execute(console, options, protocols),
        Command::Schema(_) => schema::execute(console, protocols),
        Command::Completions(options) => completions::execute(console, options),
        Command::Man(options) => man::execute(console, options),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_one_that_clap_accepts() {
        Program::gossim(&[]).command().debug_assert();
        Program::new("mine", "1.0", &[]).command().debug_assert();
    }

    #[test]
    fn another_program_says_both_versions_and_its_own_name() {
        let mine = Program::new("mine", "7.8.9", &[]);
        let version = mine.version_text();
        assert!(
            version.starts_with(&format!("7.8.9 (gossim {VERSION}")),
            "{version}"
        );
        let help = mine.command().render_long_help().to_string();
        assert!(help.contains("Usage: mine"), "{help}");
        assert!(
            help.contains("mine init") && !help.contains("gossim init"),
            "{help}"
        );
        assert_eq!(mine.environment()["program"]["version"], "7.8.9");
        assert!(Program::gossim(&[]).version_text().starts_with(VERSION));
    }

    #[test]
    fn a_name_that_no_shell_takes_is_refused() {
        for name in ["", "my gossip", "-x", "a\nb", "a/b"] {
            assert!(Program::new(name, "1", &[]).check().is_err(), "{name}");
        }
        assert!(Program::new("a", "1\n2", &[]).check().is_err());
        assert!(Program::new("my-gossip_2.0", "1", &[]).check().is_ok());
    }
}
