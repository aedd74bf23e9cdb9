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
use crate::metrics::{Run, Watch};
use crate::protocol::{
    Calling, InfectAndDie, Protocol, Pull, Push, PushPull, RumorMongering, World,
};
use crate::random::Seeds;
use std::sync::{Mutex, MutexGuard, PoisonError};

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
/// would be shown that one's theory.
pub fn with_own(own: &[Entry]) -> Result<Vec<Entry>, String> {
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
    /// Its own keys; `None` where its parameters do not describe themselves.
    pub keys: Option<&'static [Key]>,
    read: Reader,
}

impl Entry {
    /// The protocol `P` under this name, its parameters made by
    /// [`keys!`](crate::keys): its keys are in the schema, the reference
    /// page and the suggestions.
    pub const fn described<P: Protocol>(name: &'static str, about: &'static str) -> Entry
    where
        P::Params: Settings,
    {
        Entry {
            keys: Some(<P::Params as Settings>::KEYS),
            ..Entry::of::<P>(name, about)
        }
    }

    /// The protocol `P` under this name, its parameters read by serde alone: the
    /// schema knows its name, and lets it take any key.
    pub const fn of<P: Protocol>(name: &'static str, about: &'static str) -> Entry {
        Entry {
            name,
            about,
            keys: None,
            read: read::<P>,
        }
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
    /// Runs it once, with somebody watching.
    fn run_watched(&self, setup: &Setup, seeds: &Seeds, watch: &mut Watch) -> Run;
    /// Runs it once.
    fn run(&self, setup: &Setup, seeds: &Seeds) -> Run {
        self.run_watched(setup, seeds, &mut |_, _| ())
    }
    /// What theory may assume about its calls.
    fn calling(&self) -> Calling;
    /// All its parameters, defaults included.
    fn settings(&self) -> &toml::Table;
    /// About how many bytes a run takes.
    fn memory_bytes(&self, setup: &Setup) -> u64;
}

struct Ready<P: Protocol> {
    protocol: P,
    settings: toml::Table,
    /// Memory of finished runs: as many as threads ever ran it at a time.
    spaces: Mutex<Vec<Space<P>>>,
}

impl<P: Protocol> Ready<P> {
    fn spaces(&self) -> MutexGuard<'_, Vec<Space<P>>> {
        self.spaces.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
    Ok(Box::new(Ready {
        protocol,
        settings,
        spaces: Mutex::default(),
    }))
}

impl<P: Protocol> Loaded for Ready<P> {
    fn run_watched(&self, setup: &Setup, seeds: &Seeds, watch: &mut Watch) -> Run {
        let mut space = self.spaces().pop().unwrap_or_default();
        let run = engine::run_in(&mut space, &self.protocol, setup, seeds, watch);
        self.spaces().push(space);
        run
    }

    fn calling(&self) -> Calling {
        self.protocol.calling()
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
        let why = refused(&[mine("mine"), mine("other"), mine("mine")]);
        assert!(why.contains("two protocols \"mine\""), "{why}");
    }
}
