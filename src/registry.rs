//! The protocols by name: one line each.
//!
//! A protocol's type is erased here, once per run: an [`Entry`] knows how to
//! read that protocol's table and gives an object whose `run` is the engine's
//! loop compiled for it. There is no dynamic call per event.
//!
//! Invariant: reads with `toml`'s own spanned types; knows no scenario.

use crate::engine::{self, Setup, Space};
use crate::key::{Key, Settings};
use crate::kind::{self, Refused, Table};
use crate::metrics::columns;
use crate::metrics::{Run, Watch};
use crate::protocol::{
    Calling, InfectAndDie, OwnColumn, Protocol, Pull, Push, PushPull, RumorMongering, World,
};
use crate::random::Seeds;
use std::any::Any;

/// The built-in protocols.
pub const PROTOCOLS: &[Entry] = &[
    Entry::described::<Push>("push", "informed nodes call random peers (Pittel 1987)"),
    Entry::described::<Pull>(
        "pull",
        "uninformed nodes ask random peers (Demers et al. 1987)",
    ),
    Entry::described::<PushPull>(
        "push-pull",
        "all nodes call; both sides end up with what either held (Demers et al. 1987)",
    ),
    Entry::described::<RumorMongering>(
        "rumor-mongering",
        "nodes spread the rumor until they lose interest (Demers et al. 1987)",
    ),
    Entry::described::<InfectAndDie>(
        "infect-and-die",
        "a node forwards the rumor once, to fanout peers (Kermarrec et al. 2003)",
    ),
];

/// The built-in protocols behind a researcher's own.
///
/// # Errors
/// A name that two of them have. An own protocol under a built-in one's name
/// would be shown that one's theory. Or a column that cannot be one.
pub fn with_own(own: &[Entry]) -> Result<Vec<Entry>, String> {
    own.iter().try_for_each(Entry::check_columns)?;
    let all = [own, PROTOCOLS].concat();
    let is_taken = |place: usize| all[place + 1..].iter().any(|e| e.name == all[place].name);
    let Some(place) = (0..own.len()).find(|&place| is_taken(place)) else {
        return Ok(all);
    };
    let name = own[place].name;
    Err(match PROTOCOLS.iter().any(|entry| entry.name == name) {
        true => format!(
            "this program adds a protocol \"{name}\", but that is a built-in one's name: give it another"
        ),
        false => format!("this program adds two protocols \"{name}\": give one another name"),
    })
}

/// How a protocol's table is read.
type Reader = fn(Table, &[Key], &World) -> Result<Box<dyn Loaded>, Refused>;

/// A protocol by name.
#[derive(Clone, Copy)]
pub struct Entry {
    /// `[protocol] kind`.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// The protocol's own numbers.
    pub columns: fn() -> Vec<OwnColumn>,
    /// Its own keys; `None` where its parameters do not describe themselves.
    pub keys: Option<&'static [Key]>,
    read: Reader,
}

/// The own numbers of all these protocols, in order, each once.
pub fn own_columns<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Vec<OwnColumn> {
    let mut all: Vec<OwnColumn> = Vec::new();
    for column in entries.into_iter().flat_map(|entry| (entry.columns)()) {
        if all.iter().all(|other| other.name != column.name) {
            all.push(column);
        }
    }
    all
}

impl Entry {
    /// The protocol `P` under this name, its parameters made by
    /// [`keys!`](crate::keys): its keys are among the suggestions.
    pub const fn described<P: Protocol>(name: &'static str, about: &'static str) -> Entry
    where
        P::Params: Settings,
    {
        Entry {
            keys: Some(<P::Params as Settings>::KEYS),
            ..Entry::of::<P>(name, about)
        }
    }

    /// The protocol `P` under this name, its parameters read by serde alone: nothing
    /// suggests its keys.
    pub const fn of<P: Protocol>(name: &'static str, about: &'static str) -> Entry {
        Entry {
            name,
            about,
            columns: P::columns,
            keys: None,
            read: read::<P>,
        }
    }

    /// Could its columns stand beside those of every run?
    fn check_columns(&self) -> Result<(), String> {
        let own = (self.columns)();
        for (place, column) in own.iter().enumerate() {
            let name = column.name;
            let why = if !column.is_named_well() {
                "which must be of a-z, 0-9 and _, from a letter on"
            } else if columns::is_taken(name) {
                "but every table has one"
            } else if own[..place].iter().any(|other| other.name == name) {
                "but has one already"
            } else {
                continue;
            };
            return Err(format!(
                "the protocol \"{}\" adds a column \"{name}\", {why}: give it another name",
                self.name
            ));
        }
        Ok(())
    }

    /// Reads the protocol's own keys.
    ///
    /// # Errors
    /// A key or value that the protocol does not take.
    pub fn read(&self, table: Table, world: &World) -> Result<Box<dyn Loaded>, Refused> {
        (self.read)(table, self.keys.unwrap_or_default(), world)
    }
}

/// A protocol with its parameters, ready to run.
pub trait Loaded: Send + Sync {
    /// Runs it once, in the memory of an earlier run, with somebody watching. If it
    /// panics, that memory is gone.
    fn run(&self, memory: &mut Memory, setup: &Setup, seeds: &Seeds, watch: &mut Watch) -> Run;
    /// What theory may assume about its calls.
    fn calling(&self) -> Calling;
    /// What it counts itself.
    fn columns(&self) -> Vec<OwnColumn>;
    /// All its parameters, defaults included.
    fn settings(&self) -> &toml::Table;
    /// About how many bytes a run takes.
    fn memory_bytes(&self, setup: &Setup) -> u64;
}

/// What finished runs leave to the next one on their thread: of use where that is of
/// the same protocol, whatever its settings.
#[derive(Default)]
pub struct Memory(Option<Box<dyn Any + Send>>);

impl Memory {
    /// Takes it out, or a fresh one where it is another protocol's.
    fn take<P: Protocol>(&mut self) -> Box<Space<P>> {
        let held = self.0.take().and_then(|held| held.downcast().ok());
        held.unwrap_or_default()
    }
}

struct Ready<P: Protocol> {
    protocol: P,
    settings: toml::Table,
}

fn read<P: Protocol>(
    table: Table,
    keys: &[Key],
    world: &World,
) -> Result<Box<dyn Loaded>, Refused> {
    let params: P::Params = kind::read(table, keys)?;
    // A parameter that TOML can't hold would be a bug of the protocol's author.
    let settings = toml::Table::try_from(&params)
        .map_err(|error| crate::invalid::Invalid::new("kind", error.to_string()))?;
    let protocol = P::new(params, world)?;
    Ok(Box::new(Ready { protocol, settings }))
}

impl<P: Protocol> Loaded for Ready<P> {
    fn run(&self, memory: &mut Memory, setup: &Setup, seeds: &Seeds, watch: &mut Watch) -> Run {
        let mut space = memory.take::<P>();
        let run = engine::run_in(&mut space, &self.protocol, setup, seeds, watch);
        memory.0 = Some(space);
        run
    }

    fn calling(&self) -> Calling {
        self.protocol.calling()
    }

    fn columns(&self) -> Vec<OwnColumn> {
        P::columns()
    }

    fn settings(&self) -> &toml::Table {
        &self.settings
    }

    fn memory_bytes(&self, setup: &Setup) -> u64 {
        engine::memory_bytes(&self.protocol, setup)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Better;

    /// Columns of one name, of a kind told by a letter.
    fn own<const KIND: char>() -> Vec<OwnColumn> {
        let names: &[&'static str] = match KIND {
            'h' => &["hunts"],
            'H' => &["Hunts"],
            'i' => &["informed"],
            't' => &["time_to_37_s"],
            _ => &["hunts", "hunts"],
        };
        let column = |name: &&'static str| OwnColumn {
            name,
            unit: "calls",
            about: "calls",
            better: Better::Lower,
        };
        names.iter().map(column).collect()
    }

    #[test]
    fn every_protocol_has_a_name_of_its_own() {
        let mine = |name| Entry::of::<Push>(name, "mine");
        let names = |own: &[Entry]| {
            let all = with_own(own)?;
            Ok(all.iter().map(|entry| entry.name).collect::<Vec<_>>())
        };
        let all = names(&[mine("mine"), mine("my-push")]).unwrap();
        assert_eq!(all[..3], ["mine", "my-push", "push"]);
        assert_eq!(all.len(), 2 + PROTOCOLS.len());
        let refused = |own: &[Entry]| -> String { names(own).unwrap_err() };
        let why = refused(&[mine("mine"), mine("infect-and-die")]);
        assert!(
            why.contains("\"infect-and-die\", but that is a built-in"),
            "{why}"
        );
        let column = |name: fn() -> Vec<OwnColumn>| Entry {
            columns: name,
            ..mine("mine")
        };
        for (columns, why) in [
            (own::<'h'> as fn() -> _, None),
            (own::<'H'>, Some("must be of a-z")),
            (own::<'i'>, Some("\"informed\", but every table has one")),
            (
                own::<'t'>,
                Some("\"time_to_37_s\", but every table has one"),
            ),
            (own::<'2'>, Some("\"hunts\", but has one already")),
        ] {
            let found = names(&[column(columns)]).err();
            assert_eq!(found.is_some(), why.is_some());
            let found = found.unwrap_or_default();
            assert!(found.contains(why.unwrap_or_default()), "{found}");
        }
        let why = refused(&[mine("mine"), mine("other"), mine("mine")]);
        assert!(why.contains("two protocols \"mine\""), "{why}");
    }
}
