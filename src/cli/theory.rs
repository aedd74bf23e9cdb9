//! `gossim theory`: what theory says, without a simulation.

use super::console::{Console, Failure, table};
use crate::laws::{Answer, LAWS, Law};
use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command, FromArgMatches};

/// A law, and what it is asked.
pub struct Options {
    law: &'static dyn Law,
    arguments: ArgMatches,
}

/// A subcommand for each law.
impl Args for Options {
    fn augment_args(command: Command) -> Command {
        let command = command
            .subcommand_value_name("MODEL")
            .subcommand_required(true)
            .arg_required_else_help(true);
        LAWS.iter().fold(command, |command, law| {
            let own = law.arguments(Command::new(law.name()));
            command.subcommand(own.about(law.about()).long_about(None))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Options::augment_args(command)
    }
}

impl FromArgMatches for Options {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Options, clap::Error> {
        let chosen = matches.subcommand().and_then(|(name, arguments)| {
            let law = LAWS.iter().find(|law| law.name() == name)?;
            Some((*law, arguments.clone()))
        });
        let (law, arguments) = chosen.ok_or(clap::Error::new(ErrorKind::MissingSubcommand))?;
        Ok(Options { law, arguments })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Options::from_arg_matches(matches)?;
        Ok(())
    }
}

pub fn execute(console: &Console, options: &Options) -> Result<(), Failure> {
    match options.law.answer(&options.arguments) {
        Ok(Answer::Table { header, rows }) => console.say(table(&header, &rows)),
        Ok(Answer::Csv(text)) => console.give(text),
        Err(why) => Err(Failure::Usage(why)),
    }
}
