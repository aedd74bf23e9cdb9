//! The program as its users run it: the real binary, each test in a folder of
//! its own.

mod commands;
mod comparison;
mod daily_use;
mod endings;
mod own_protocol;
mod place;
mod readme;
mod recomputed;
mod refusals;
mod results_directory;
mod sameness;
mod verification;
mod words;

/// Every command of the program.
const COMMANDS: [&str; 13] = [
    "init",
    "check",
    "run",
    "sweep",
    "plot",
    "verify",
    "compare",
    "validate",
    "theory",
    "list",
    "schema",
    "completions",
    "man",
];

/// One cell; random times, latencies and losses.
const PLAIN: &str = r#"# How fast?
name = "plain"
seed = 7
[nodes]
count = 50
[protocol]
kind = "push-pull"
[network]
latency = { kind = "lognormal", median = "40ms", sigma = 0.5 }
loss = 0.05
[stop]
all_informed = true
rounds = 40
[sweep]
replicates = 6
"#;

/// Axes over kinds and numbers; gives all three pictures.
const GRID: &str = r#"# Push or pull?
name = "grid"
[nodes]
count = 10
[protocol]
kind = "push"
calls = "always"
[clock]
mode = "synchronous"
[stop]
rounds = 30
[sweep]
replicates = 5
"protocol.kind" = ["push", "pull"]
"nodes.count" = [10, 20, 40]
"#;

/// Cases, one of which brings another protocol with other keys.
const CASES: &str = r#"# Whom to call?
name = "cases"
[nodes]
count = 30
[protocol]
kind = "push"
[stop]
all_informed = true
time = "40s"
[sweep]
replicates = 4
"network.loss" = [0, 0.25]
[[sweep.case]]
label = "push, all call"
"protocol.calls" = "always"
[[sweep.case]]
label = "push-pull by \"view\""
"protocol.kind" = "push-pull"
"protocol.fanout" = "all"
"network.topology" = { kind = "random-view", size = 3 }
"#;

/// Axes whose values are tables, two of one kind, and text.
const TABLES: &str = r#"# Does latency matter?
name = "tables"
[nodes]
count = 25
[protocol]
kind = "pull"
fanout = 2
[clock]
mode = "poisson"
[workload]
sources = [3, 1]
[stop]
all_informed = true
time = "30s"
[measure]
thresholds = [10, 90]
[sweep]
replicates = 3
"network.latency" = [
  { kind = "constant", value = "5ms" },
  { kind = "uniform", low = "1ms", high = "300ms" },
  { kind = "uniform", low = "0s", high = "1.5s" },
  { kind = "exponential", mean = "80ms" },
]
"protocol.sampling" = ["others", "all-with-replacement"]
"#;
