//! `gossim theory`: what theory says, without a simulation.

use super::console::{Console, Failure};
use super::table::table;
use crate::laws::{Answer, LAWS, Law};
use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};

/// A law, and what it is asked.
pub struct Options {
    law: &'static dyn Law,
    arguments: ArgMatches,
    digits: u8,
}

const EXAMPLES: &str = "\
Examples:
  gossim theory contact --nodes 10 --fanout 2 --sampling all
  gossim theory push-pull-poisson --nodes 1000
  gossim theory push-chain --nodes 1000 --fanout 2 --loss 0.1 --curve > curve.csv
  gossim theory infect-and-die --nodes 1000 --fanout 9 --digits 17";

/// A subcommand for each law.
impl Args for Options {
    fn augment_args(command: Command) -> Command {
        let command = command
            .subcommand_value_name("MODEL")
            .subcommand_required(true)
            .arg_required_else_help(true)
            .after_help(EXAMPLES)
            .arg(
                Arg::new("digits")
                    .long("digits")
                    .global(true)
                    .value_name("N")
                    .default_value("6")
                    .value_parser(value_parser!(u8).range(1..=17))
                    .help("Digits that are shown, 1 to 17; 17 tell any two numbers apart"),
            );
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
        let digits = arguments.get_one("digits").copied().unwrap_or(6);
        Ok(Options {
            law,
            arguments,
            digits,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Options::from_arg_matches(matches)?;
        Ok(())
    }
}

pub fn execute(console: &Console, options: &Options) -> Result<(), Failure> {
    match options.law.answer(&options.arguments) {
        Ok(Answer::Table { header, mut rows }) => {
            let fields = rows.iter_mut().flatten();
            fields.for_each(|field| {
                if let Ok(number) = field.parse() {
                    *field = shown(number, usize::from(options.digits));
                }
            });
            console.say(table(&header, &rows))
        }
        Ok(Answer::Csv(text)) => console.give(text),
        Err(why) => Err(Failure::Usage(why)),
    }
}

/// A number with so many digits: plain from 0.0001 to a million, with a power of
/// ten beyond.
fn shown(number: f64, digits: usize) -> String {
    let scientific = format!("{number:.*e}", digits - 1);
    let (front, power) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let places: i32 = power.parse().unwrap_or(0);
    let is_plain = (-4..digits.max(6) as i32).contains(&places);
    let (text, end) = match is_plain {
        true => {
            let decimals = (digits as i32 - 1 - places).max(0) as usize;
            (format!("{number:.decimals$}"), String::new())
        }
        false => (front.to_string(), format!("e{power}")),
    };
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string() + &end,
        false => text + &end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_digits_asked_for() {
        for (digits, number, text) in [
            (6, 2.943_476_885_392_748e-21, "2.94348e-21"),
            (6, 0.632_120_558_828_557_7, "0.632121"),
            (6, 12.0, "12"),
            (6, 999_999.7, "1e6"),
            (6, 123_456.0, "123456"),
            (6, 1_234_567.0, "1.23457e6"),
            (6, 0.000_123_456_78, "0.000123457"),
            (6, 0.000_012_345_678, "1.23457e-5"),
            (6, 0.0, "0"),
            (6, -1.5, "-1.5"),
            (2, 0.999, "1"),
            (2, 1234.0, "1234"),
            (17, 0.1, "0.10000000000000001"),
        ] {
            assert_eq!(shown(number, digits), text, "{number}");
        }
        // 17 digits are read back as the very number.
        for number in [0.1 + 0.2, 1.0 / 3.0, 1e300 / 7.0, 5e-324] {
            assert_eq!(shown(number, 17).parse(), Ok(number));
        }
    }
}
