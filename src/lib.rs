//! gossim: a deterministic discrete-event simulator of gossip protocols.
//!
//! This page is the map of the house. How to use the program is in the README;
//! what is measured is in `docs/measured.md`.
//!
//! # Bird's-eye view
//!
//! A scenario (a TOML file) says which protocol runs on which nodes over which
//! network, what starts and what ends a run, and which settings vary. It is
//! read into a grid of checked *cells*. Each cell is run many times; a run is a
//! function of (cell, master seed, replicate) and gives one set of numbers.
//! Runs go to all cores and come back in a fixed order, are written as table
//! rows, summed up per cell, and set beside the theory whose assumptions the
//! cell meets. Pictures are drawn from the tables.
//!
//! ```text
//! scenario.toml -> scenario -> sweep -> run -> registry -> engine <-> protocol
//!                                 |                          |  asks network,
//!                                 v                          v  tells metrics
//!        report <- laws <- theory, stats        tables <- Run (numbers)
//!          ^                                      |  |
//!          +------------- rows of runs.csv -------+  v
//!                                              pictures, store
//! ```
//!
//! # Entry points
//!
//! - [`cli::main`]: the whole program, with a researcher's own protocols beside
//!   the built-in ones; `main.rs` only calls it.
//! - [`protocol::Protocol`] and [`protocol::Context`]: what a protocol is and
//!   what it may do; [`protocol::Push`] is the shortest one to read.
//! - [`engine::run`]: one run of any protocol; [`run::run`]: one replicate of a
//!   cell; [`sweep::run`]: all of them.
//! - [`scenario::Scenario::read`]: a file to a checked scenario.
//! - [`laws::find`]: which theory applies to a cell, or why none.
//!
//! # Code map
//!
//! In the order of dependence: a room imports only rooms before it (in tests,
//! also [`stats`]). What flows the other way goes through a closure that `cli`
//! hands in.
//!
//! What all rooms share, in small files:
//!
//! - [`time`]: simulated time in whole nanoseconds, durations with units.
//!   *Imports nothing of ours; reads no wall clock.*
//! - [`random`]: named streams and every kind of draw. *Imports nothing of
//!   ours; no entropy, no global generator.*
//! - [`node`]: node ids and sets of nodes. *Imports nothing of ours.*
//! - [`invalid`]: a refused setting, by key and reason. *Knows no file and no
//!   position, which only `scenario` can add.*
//! - [`key`]: what a setting is: a struct of settings is read, written and
//!   described from one text. *Knows no section, no kind and no file by name.*
//! - [`stop`]: what ends a run, listed once. *Imports only [`time`]; meets nothing
//!   itself: that is the engine's.*
//! - [`mod@column`]: what columns have in common; a protocol's own numbers. *Imports
//!   nothing of ours; counts nothing.*
//! - [`text`]: text from outside, made safe to show. *Imports nothing of ours.*
//! - [`kind`]: choices by name, as in `{ kind = "constant" }`. *Which kinds
//!   exist is each room's own list.*
//!
//! What a run is:
//!
//! - [`protocol`]: the trait, the context, then one file per protocol. *Never
//!   sees the queue, the latency, another node's state, the global clock, or a
//!   generator other than the one it is handed.*
//! - [`files`]: what strangers wrote, from bytes to checked data: edge lists, tables
//!   of nodes and links, matrices. *Opens ordinary files only; knows no graph and no
//!   scenario; nothing in it panics, waits or grows without bound.*
//! - [`network`]: topologies, samplings, latencies, loss, a file per model.
//!   *Knows no protocol, no queue, no clock.*
//! - [`metrics`]: counts what the engine reports; a run's numbers and their
//!   columns. *Never changes what happens; knows no protocol, no file.*
//! - [`engine`]: the clocks, the event queue, the loop. *Knows no protocol by
//!   name, no scenario, no file; one run is one thread.*
//! - [`registry`]: the protocols by name. A protocol's type is erased here once
//!   per run, never per event. *Knows no scenario: it reads with `toml`'s own
//!   types.*
//!
//! From a file to all runs:
//!
//! - [`settings`]: a scenario's sections, a struct for each, read and written; all
//!   else that is said about keys comes from them. *Knows no place in a file.*
//! - [`scenario`]: TOML to a checked, complete scenario and its cells; errors
//!   with line and column. *Writes no file, runs nothing.*
//! - [`run`]: one cell, one replicate. *Depends on nothing but its arguments.*
//! - [`sweep`]: all cells and replicates on all cores; what can be made of a run
//!   alone is made by the worker that ran it. *Writes and prints nothing; a
//!   result does not depend on the number of threads.*
//!
//! What the numbers say:
//!
//! - [`theory`]: closed forms and exact laws, a file per model, each with its
//!   source. *Pure; knows no scenario: whether a model applies is a question to
//!   `laws`.*
//! - [`stats`]: intervals, quantiles, tests. *Pure; knows nothing of gossip.*
//! - [`laws`]: the models as laws of a cell, a file per model and one list: when
//!   each applies or why not, what it expects of each metric, its curve, what
//!   `gossim theory` asks and answers. *Runs nothing, reads no table; shows no
//!   theory rather than a wrong one.*
//! - [`tables`]: the columns, one writer, one reader, the manifest that
//!   describes the files. *What it writes depends on its input alone, and goes
//!   where it is told.*
//! - [`report`]: joins measurement and theory: a cell's rows of `runs.csv` to the
//!   rows of the summary, z, doubts; and two measurements. *Knows of a run what its
//!   row says, and nothing else; writes no file.*
//! - [`validation`]: every published and exact result, run against the
//!   simulator. *No expectation comes from the simulator itself; prints and
//!   writes nothing.*
//!
//! What users meet:
//!
//! - [`pictures`]: a file per picture. *Knows nothing but the tables: the same
//!   tables give the same bytes.*
//! - [`store`]: the results directory, its lock, the journal by which new files
//!   replace old ones, and runs as records: what survives a kill. *The only
//!   room that writes files; knows of their content only what the manifest
//!   says, and of a run its numbers.*
//! - [`cli`]: one file per command. *The only room that prints; decides nothing
//!   that changes a result.*
//!
//! # Cross-cutting concerns
//!
//! **Determinism.** A result is a function of scenario, seed and version. All
//! randomness is ChaCha8 in named streams ([`random::StreamName`]): the
//! environment is common to all cells of a sweep, the dice are each cell's own.
//! Events are totally ordered by (time, phase, sequence). Real functions are
//! `libm`'s, sums run in replicate order, no hashed container is on a path to a
//! result; `clippy.toml` forbids what would break this. Each run ends with a
//! digest ([`metrics::RunDigest`]), and golden values are in the tests. The
//! rules are in CONTRIBUTING.md, the promise is in the README.
//!
//! **Errors.** Bad input is refused before anything runs, with the place and
//! the word that would help (exit code 2). Below `sweep`, a run takes checked
//! input and cannot fail; a protocol that panics ends its own run and nothing else
//! ([`run::try_run`]). Assertions are for our own mistakes only. One place,
//! in `cli`, turns an error into text and an exit code.
//!
//! **Tests.** Small cases by hand stand in each file; properties over random
//! input beside them. Measurements are held against exact theory, and theory
//! against enumeration. `tests/` uses the program as its users do: what the
//! README shows is run there.

pub mod cli;
pub mod column;
pub mod engine;
pub mod files;
pub mod invalid;
pub mod key;
pub mod kind;
pub mod laws;
pub mod metrics;
pub mod network;
pub mod node;
pub mod pictures;
pub mod protocol;
pub mod random;
pub mod registry;
pub mod report;
pub mod run;
pub mod scenario;
pub mod settings;
pub mod stats;
pub mod stop;
pub mod store;
pub mod sweep;
pub mod tables;
pub mod text;
pub mod theory;
pub mod time;
pub mod validation;
