//! The uninformed share in the end, the root of s = s0 e^(-c(1-s)): for `gossim
//! theory` alone; laws of the end have it as their limit.

use super::options::{SourceOptions, parsed};
use super::{Answer, Law};
use crate::theory::final_size::final_size;
use clap::{ArgMatches, Args, Command};

/// `sir-final-size`.
pub(super) struct FinalSize;

#[derive(Args)]
struct Options {
    /// Nodes n
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    nodes: u32,
    /// Contacts c that each informed node makes in all (R0)
    #[arg(long, default_value_t = 2.0, value_parser = contacts)]
    contacts: f64,
    #[command(flatten)]
    sources: SourceOptions,
}

fn contacts(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..=1e6).contains(&value) => Ok(value),
        _ => Err("a number of contacts is a number from 0 to 1000000".into()),
    }
}

impl Law for FinalSize {
    fn name(&self) -> &'static str {
        "sir-final-size"
    }

    fn about(&self) -> &'static str {
        "uninformed share in the end, the root of s = s0 e^(-c(1-s)): approximate (Kermack, McKendrick 1927)"
    }

    fn arguments(&self, command: Command) -> Command {
        Options::augment_args(command)
    }

    fn answer(&self, arguments: &ArgMatches) -> Result<Answer, String> {
        let options: Options = parsed(arguments)?;
        let sources = options.sources.of(options.nodes)?;
        let nodes = f64::from(options.nodes);
        let first = (nodes - sources as f64) / nodes;
        let share = |first| Some(final_size(first, options.contacts));
        Ok(Answer::approximate(&[
            ("residue, from these sources", share(first), "1"),
            ("residue, from few of many nodes", share(1.0), "1"),
        ]))
    }
}
