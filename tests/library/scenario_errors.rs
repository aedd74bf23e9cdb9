//! Bad scenarios: each is refused with the place, what is wrong, and what to do.

use gossim::registry::PROTOCOLS;
use gossim::scenario::{Error, Overrides, Purpose, Scenario};
use std::fs::File;
use std::path::Path;

const BASE: &str = r#"name = "base"
seed = 1
[nodes]
count = 100
[protocol]
kind = "push"
fanout = 1
period = "1s"
sampling = "others"
[clock]
mode = "periodic"
[network]
topology = { kind = "complete" }
latency = { kind = "constant", value = "5ms" }
loss = 0.1
[messages]
header_bytes = 40
[workload]
sources = 1
at = "0s"
[stop]
rounds = 10
[measure]
warm_up = 1
[sweep]
replicates = 2
"protocol.fanout" = [1, 2]
"#;

/// Replaces `from` in the base by `to`: error at `place`, with these words.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

#[rustfmt::skip]
const CASES: &[Case] = &[
    // Not TOML.
    ("count = 100", "count =", "4:8", &["not valid TOML: a value is missing", "write one after the `=`"]),
    ("count = 100", "count = 1\ncount = 2", "5:1", &["not valid TOML: duplicate key"]),
    ("kind = \"push\"", "kind = push", "6:8", &["not valid TOML: text must be in quotes", "write \"push\""]),
    ("kind = \"push\"", "kind = \"push", "6:13", &["not valid TOML: invalid basic string, expected `\"`"]),
    ("[clock]", "[clock", "10:7", &["not valid TOML: unclosed table, expected `]`"]),
    ("[clock]", "[nodes]", "10:2", &["not valid TOML: duplicate key"]),
    ("count = 100", "count = 0100", "4:9", &["not valid TOML: unexpected leading zero"]),
    ("count = 100", "count 100", "4:7", &["not valid TOML: key with no value, expected `=`"]),
    ("count = 100", "count = \u{1b}[31m", "4:10", &["not valid TOML: unexpected key or value, expected newline, `#`"]),
    ("count = 100", "count = 99999999999999999999", "4:9", &["this number is too large: whole numbers go up to 9223372036854775807"]),
    ("loss = 0.1", "loss = 1e999", "15:8", &["this number is too large"]),
    // Unknown keys.
    ("seed = 1", "sed = 1", "2:1", &["unknown key `sed`", "did you mean `seed`?"]),
    ("seed = 1", "banana = 1", "2:1", &["unknown key `banana`", "expected `nodes`, `protocol`, `clock`, `network`, `messages`, `workload`, `stop`, `measure`, `name`, `seed`, `run` or `sweep`"]),
    ("seed = 1", "fanout = 1", "2:1", &["unknown key `fanout`", "did you mean `protocol.fanout`?"]),
    ("[nodes]", "[node]", "3:2", &["unknown key `node`", "did you mean `nodes`?"]),
    ("count = 100", "count = 100\ncuont = 2", "5:1", &["unknown key `nodes.cuont`", "did you mean `nodes.count`?"]),
    ("fanout = 1", "fanuot = 1", "7:1", &["unknown key `protocol.fanuot`", "did you mean `protocol.fanout`?"]),
    ("fanout = 1", "loss = 1", "7:1", &["unknown key `protocol.loss`", "did you mean `network.loss`?"]),
    ("fanout = 1", "perod = \"1s\"", "7:1", &["unknown key `protocol.perod`", "did you mean `protocol.period`?"]),
    ("mode =", "made =", "11:1", &["unknown key `clock.made`", "did you mean `clock.mode`?"]),
    ("loss = 0.1", "los = 0.1", "15:1", &["unknown key `network.los`", "did you mean `network.loss`?"]),
    ("value = \"5ms\" }", "value = \"5ms\", valeu = 1 }", "14:47", &["unknown key `network.latency.valeu`", "did you mean `network.latency.value`?"]),
    ("\"complete\" }", "\"complete\", size = 3 }", "13:33", &["unknown key `network.topology.size`", "no other key is known here"]),
    ("header_bytes = 40", "header = 40", "17:1", &["unknown key `messages.header`", "did you mean `messages.header_bytes`?"]),
    ("at = \"0s\"", "source = 2", "20:1", &["unknown key `workload.source`", "did you mean `workload.sources`?"]),
    ("rounds = 10", "round = 10", "22:1", &["unknown key `stop.round`", "did you mean `stop.rounds`?"]),
    ("warm_up = 1", "warmup = 1", "24:1", &["unknown key `measure.warmup`", "did you mean `measure.warm_up`?"]),
    ("warm_up = 1", "\"w\u{9b}\u{202e}\" = 1", "24:1", &["unknown key `measure.w\\u{9b}\\u{202e}`", "expected `thresholds`, `contact`, `series`, `warm_up` or `hops`"]),
    ("replicates = 2", "replicats = 2", "26:1", &["unknown key `sweep.replicats`", "did you mean `replicates`?"]),
    // Unknown values.
    ("kind = \"push\"", "kind = \"psh\"", "6:8", &["`protocol.kind` cannot be \"psh\"", "did you mean `push`?"]),
    ("kind = \"push\"", "kind = \"raft\"", "6:8", &["`protocol.kind` cannot be \"raft\"", "expected `push`, `pull`, `push-pull`, `rumor-mongering` or `infect-and-die`"]),
    ("kind = \"push\"", "kind = \"\\u001b[31m\"", "6:8", &["`protocol.kind` cannot be \"\\u{1b}[31m\"", "expected `push`, `pull`, `push-pull`, `rumor-mongering` or `infect-and-die`"]),
    ("fanout = 1", "calls = \"alwys\"", "7:9", &["`protocol.calls` cannot be \"alwys\"", "did you mean `always`?"]),
    ("sampling = \"others\"", "sampling = \"other\"", "9:12", &["`protocol.sampling` cannot be \"other\"", "did you mean `others`?"]),
    ("mode = \"periodic\"", "mode = \"sync\"", "11:8", &["`clock.mode` cannot be \"sync\"", "did you mean `synchronous`?"]),
    ("kind = \"constant\"", "kind = \"konstant\"", "14:20", &["`network.latency.kind` cannot be \"konstant\"", "did you mean `constant`?"]),
    ("kind = \"complete\"", "kind = \"rings\"", "13:21", &["`network.topology.kind` cannot be \"rings\"", "did you mean `ring`?"]),
    // Missing.
    ("name = \"base\"\n", "", "1:1", &["`name` is missing", "every scenario needs `name = ...`"]),
    ("count = 100\n", "", "3:1", &["`nodes.count` is missing", "add `count = ...` under [nodes]"]),
    ("[nodes]\ncount = 100\n", "", "1:1", &["`nodes.count` is missing", "add `count = ...` under [nodes]"]),
    ("kind = \"push\"\n", "", "5:1", &["`protocol.kind` is missing", "choose `push`, `pull`, `push-pull`, `rumor-mongering` or `infect-and-die`"]),
    (", value = \"5ms\"", "", "14:20", &["`network.latency.value` is missing", "kind = \"constant\" needs `value`"]),
    ("kind = \"constant\", ", "", "14:11", &["`network.latency.kind` is missing", "choose `constant`, `uniform`, `exponential`, `lognormal`, `weibull`, `gamma`, `pareto`, `normal` or `mixture`"]),
    ("{ kind = \"complete\" }", "{ kind = \"grid\", sides = [10, 9] }", "13:37", &["`network.topology.sides` must multiply to 100 (nodes.count), not to 90"]),
    ("{ kind = \"complete\" }", "{ kind = \"grid\", sides = [100] }", "13:37", &["`network.topology.sides` must be 2 or 3 sides, not 1"]),
    ("{ kind = \"complete\" }", "{ kind = \"ring\", reach = 51 }", "13:37", &["`network.topology.reach` must be from 1 to 50"]),
    ("{ kind = \"complete\" }", "{ kind = \"ring\", reach = 0 }", "13:37", &["`network.topology.reach` must be a whole number from 1"]),
    ("{ kind = \"complete\" }", "{ kind = \"regular\", degree = 100 }", "13:41", &["`network.topology.degree` must be below the number of nodes, 100"]),
    ("{ kind = \"complete\" }", "{ kind = \"gnp\", p = 1.5 }", "13:32", &["`network.topology.p` must be a number from 0 to 1, not 1.5"]),
    ("{ kind = \"complete\" }", "{ kind = \"gnm\", edges = 4951 }", "13:36", &["`network.topology.edges` must be at most 4950"]),
    ("{ kind = \"complete\" }", "{ kind = \"watts-strogatz\", degree = 5, rewire = 0.1 }", "13:48", &["`network.topology.degree` must be even"]),
    ("{ kind = \"complete\" }", "{ kind = \"watts-strogatz\", degree = 4, rewire = -0.1 }", "13:60", &["`network.topology.rewire` must be a number from 0 to 1"]),
    ("{ kind = \"complete\" }", "{ kind = \"barabasi-albert\", links = 100 }", "13:48", &["`network.topology.links` must be from 1 to 99"]),
    ("{ kind = \"complete\" }", "{ kind = \"geometric\", degree = 99.0 }", "13:43", &["`network.topology.degree` must be from 0 to 77.754"]),
    ("{ kind = \"complete\" }", "{ kind = \"blocks\", sizes = [50, 49], inside = 0.1, between = 0.1 }", "13:39", &["`network.topology.sizes` must add up to 100 (nodes.count), not 99"]),
    ("{ kind = \"complete\" }", "{ kind = \"blocks\", sizes = [50, 50], inside = 0.1 }", "13:21", &["`network.topology.between` is missing"]),
    ("{ kind = \"complete\" }", "{ kind = \"gnp\", p = 0.1, seed = -1 }", "13:44", &["`network.topology.seed` must be a whole number from 0"]),
    ("{ kind = \"complete\" }", "{ kind = \"gnp\", p = 0.1, size = 3 }", "13:37", &["unknown key `network.topology.size`"]),
    ("{ kind = \"complete\" }", "{ kind = \"file\", file = \"none.txt\" }", "13:36", &["`network.topology.file` cannot be `none.txt`: cannot be read: entity not found"]),
    ("{ kind = \"complete\" }", "{ kind = \"file\", file = \"/dev/zero\" }", "13:36", &["`network.topology.file` cannot be `/dev/zero`: this file is not in the folder of the scenario"]),
    ("{ kind = \"complete\" }", "{ kind = \"random-view\" }", "13:21", &["`network.topology.size` is missing", "kind = \"random-view\" needs `size`"]),
    ("{ kind = \"constant\", value = \"5ms\" }", "{ kind = \"mixture\", parts = [{ weight = 1, kind = \"gamma\", shap = 2, scale = \"1s\" }] }", "14:70", &["unknown key `network.latency.parts.0.shap`", "did you mean `network.latency.parts.0.shape`?"]),
    ("{ kind = \"constant\", value = \"5ms\" }", "{ kind = \"mixture\", parts = [{ kind = \"gamma\", shape = 2, scale = \"1s\" }] }", "14:49", &["`network.latency.parts.0.weight` is missing", "kind = \"gamma\" needs `weight`"]),
    ("{ kind = \"constant\", value = \"5ms\" }", "{ kind = \"mixture\", parts = [{ weight = 1, kind = \"gamma\", shape = \"x\", scale = \"1s\" }] }", "14:78", &["`network.latency.parts.0.shape` must be a number from 0.1 to 10000, not the text \"x\""]),
    ("loss = 0.1", "cut = [{ until = \"3s\" }]", "15:8", &["`network.cut.0` says nobody who is cut off", "give `share` or `nodes`"]),
    ("loss = 0.1", "cut = [{ share = 0.5, nodes = [1] }]", "15:18", &["`network.cut.0.share` is set, and `network.cut.0.nodes` too"]),
    ("loss = 0.1", "cut = [{ share = 0.5 }, { nodes = [1, 100] }]", "15:39", &["there is no node 100"]),
    ("loss = 0.1", "cut = [{ share = 0.5, from = \"5s\", until = \"4s\" }]", "15:44", &["`network.cut.0.until` is 4s, not after its beginning (5s)"]),
    ("loss = 0.1", "cut = [{ share = 1.5 }]", "15:18", &["`network.cut.0.share` must be a number from 0 to 1, not 1.5"]),
    ("loss = 0.1", "uplink = \"10\"", "15:10", &["a rate is a number above 0 with its unit, as in 10Mbit/s"]),
    ("loss = 0.1", "uplink = 10", "15:10", &["`network.uplink` must be a rate with its unit, as in \"10Mbit/s\", not 10"]),
    ("loss = 0.1", "queue_bytes = 10", "15:15", &["`network.queue_bytes` needs an uplink or a downlink whose queue it ends"]),
    ("loss = 0.1", "duplicate = 2", "15:13", &["`network.duplicate` must be a number from 0 to 1, not 2"]),
    // Wrong types.
    ("name = \"base\"", "name = 5", "1:8", &["`name` must be text in quotes, not 5"]),
    ("seed = 1", "seed = \"one\"", "2:8", &["`seed` must be a whole number from 0 to 9007199254740991, not the text \"one\""]),
    ("[nodes]\ncount = 100", "[[nodes]]\ncount = 100", "3:1", &["`nodes` must be a table, not a list", "write [nodes]"]),
    ("[clock]\nmode = \"periodic\"\n[network]", "[network.clock]\n[network]", "10:10", &["unknown key `network.clock`", "expected `topology`, `latency`, `loss`, `duplicate`, `uplink`, `downlink`, `queue_bytes` or `cut`"]),
    ("count = 100", "count = 100.0", "4:9", &["`nodes.count` must be a whole number from 1 to 4294967295, not 100.0"]),
    ("count = 100", "count = \"ten\"", "4:9", &["`nodes.count` must be a whole number from 1 to 4294967295, not the text \"ten\""]),
    ("kind = \"push\"", "kind = 5", "6:8", &["`protocol.kind` must be text in quotes, not a number"]),
    ("fanout = 1", "fanout = 1.5", "7:10", &["`protocol.fanout` must be a whole number from 1, or \"all\", not 1.5"]),
    ("fanout = 1", "fanout = \"some\"", "7:10", &["`protocol.fanout` must be a whole number from 1, or \"all\", not the text \"some\""]),
    ("period = \"1s\"", "period = 1", "8:10", &["`protocol.period` must be a duration with its unit, as in \"50ms\" or \"1s\", not 1"]),
    ("period = \"1s\"", "period = \"1\"", "8:10", &["`protocol.period`: not a duration: write a number and a unit, as in \"50ms\", \"1s\" or \"1m 30s\""]),
    ("mode = \"periodic\"", "mode = 1", "11:8", &["`clock.mode` must be text in quotes, not 1"]),
    ("{ kind = \"constant\", value = \"5ms\" }", "\"5ms\"", "14:11", &["`network.latency` must be a table with a `kind`: `constant`, `uniform`, `exponential`, `lognormal`, `weibull`, `gamma`, `pareto`, `normal`, `mixture`, not the text \"5ms\""]),
    ("{ kind = \"complete\" }", "[\"complete\"]", "13:12", &["`network.topology` must be a table with a `kind`: `complete`, `random-view`, `ring`, `line`, `star`, `tree` or one of 10 others, not a list"]),
    ("loss = 0.1", "loss = \"much\"", "15:8", &["`network.loss` must be a number from 0 to 1, not the text \"much\""]),
    ("sources = 1", "sources = \"all\"", "19:11", &["`workload.sources` must be a count from 1 to nodes.count, or a list of node ids, not the text \"all\""]),
    ("rounds = 10", "all_informed = 1", "22:16", &["`stop.all_informed` must be true or false, not 1"]),
    ("warm_up = 1", "thresholds = 50", "24:14", &["`measure.thresholds` must be a list, not 50"]),
    ("warm_up = 1", "series = \"no\"", "24:10", &["`measure.series` must be true or false, not the text \"no\""]),
    // Out of range.
    ("\"base\"", "\"\"", "1:8", &["`name` must not be empty", "it names a directory: small letters a-z, digits, `_` and `-`"]),
    ("\"base\"", "\"a/b\"", "1:8", &["`name` cannot be \"a/b\"", "it names a directory: small letters a-z, digits, `_` and `-`"]),
    ("\"base\"", "\"..\"", "1:8", &["`name` cannot be \"..\"", "it names a directory: small letters a-z, digits, `_` and `-`"]),
    ("\"base\"", "\"Base\"", "1:8", &["`name` cannot be \"Base\"", "it names a directory: small letters a-z, digits, `_` and `-`"]),
    ("\"base\"", "\"a\\u001b[31mb\"", "1:8", &["`name` cannot be \"a\\u{1b}[31mb\"", "it names a directory: small letters a-z, digits, `_` and `-`"]),
    ("\"base\"", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", "1:8", &["`name` must have at most 64 characters", "it names a directory: small letters a-z, digits, `_` and `-`"]),
    ("seed = 1", "seed = 9007199254740992", "2:8", &["`seed` must be a whole number from 0 to 9007199254740991, not 9007199254740992"]),
    ("seed = 1", "seed = -1", "2:8", &["`seed` must be a whole number from 0 to 9007199254740991, not -1"]),
    ("count = 100", "count = 0", "4:9", &["`nodes.count` must be a whole number from 1 to 4294967295, not 0"]),
    ("count = 100", "count = -3", "4:9", &["`nodes.count` must be a whole number from 1 to 4294967295, not -3"]),
    ("count = 100", "count = 4294967296", "4:9", &["`nodes.count` must be a whole number from 1 to 4294967295, not 4294967296"]),
    ("fanout = 1", "fanout = 0", "7:10", &["`protocol.fanout` must be from 1 to 4294967295, or \"all\", not 0"]),
    ("fanout = 1", "fanout = -1", "7:10", &["`protocol.fanout` must be from 1 to 4294967295, or \"all\", not -1"]),
    ("fanout = 1", "fanout = 4294967296", "7:10", &["`protocol.fanout` must be from 1 to 4294967295, or \"all\", not 4294967296"]),
    ("fanout = 1", "fanout = 100", "7:10", &["`protocol.fanout` is 100, but the pool to draw from holds 99 (itself left out)", "draw fewer, or with replacement (protocol.sampling), or from more nodes"]),
    ("fanout = 1\nperiod = \"1s\"\nsampling = \"others\"", "fanout = 101\nsampling = \"all\"", "7:10", &["`protocol.fanout` is 101, but the pool to draw from holds 100 (itself included)", "draw fewer, or with replacement (protocol.sampling), or from more nodes"]),
    ("fanout = 1\nperiod = \"1s\"\nsampling = \"others\"", "fanout = \"all\"\nsampling = \"others-with-replacement\"", "7:10", &["`protocol.fanout` cannot be \"all\" where targets are drawn with replacement", "set protocol.sampling to \"others\" or \"all\", or give a number"]),
    ("period = \"1s\"", "period = \"0s\"", "8:10", &["`protocol.period` must be at least 1us, not 0s"]),
    ("period = \"1s\"", "period = \"-1s\"", "8:10", &["`protocol.period`: not a duration: write a number and a unit, as in \"50ms\", \"1s\" or \"1m 30s\""]),
    ("period = \"1s\"", "period = \"0.1ns\"", "8:10", &["`protocol.period`: this duration is too long, or finer than 1 ns: write a number and a unit, as in \"50ms\", \"1s\" or \"1m 30s\""]),
    ("period = \"1s\"", "period = \"600years\"", "8:10", &["`protocol.period`: this duration is too long: at most 584 years fit"]),
    ("period = \"1s\"", "period = \"100years\"", "22:10", &["10 rounds of 3155760000s do not fit into 584 years"]),
    ("loss = 0.1", "loss = 1.5", "15:8", &["`network.loss` must be a number from 0 to 1, not 1.5"]),
    ("loss = 0.1", "loss = -0.1", "15:8", &["`network.loss` must be a number from 0 to 1, not -0.1"]),
    ("loss = 0.1", "loss = nan", "15:8", &["`network.loss` must be a number from 0 to 1, not NaN"]),
    ("loss = 0.1", "loss = inf", "15:8", &["`network.loss` must be a number from 0 to 1, not inf"]),
    ("loss = 0.1", "loss = 2", "15:8", &["`network.loss` must be a number from 0 to 1, not 2"]),
    ("kind = \"constant\", value = \"5ms\"", "kind = \"lognormal\", median = \"1s\", sigma = nan", "14:56", &["`network.latency.sigma` must be a number from 0 to 10, not NaN"]),
    ("kind = \"constant\", value = \"5ms\"", "kind = \"lognormal\", median = \"1s\", sigma = -1", "14:56", &["`network.latency.sigma` must be a number from 0 to 10, not -1"]),
    ("kind = \"constant\", value = \"5ms\"", "kind = \"uniform\", low = \"2s\", high = \"1s\"", "14:50", &["`network.latency.high` must not be below low (2s)"]),
    ("kind = \"constant\", value = \"5ms\"", "kind = \"exponential\", mean = \"-1s\"", "14:42", &["`network.latency.mean`: not a duration: write a number and a unit, as in \"50ms\", \"1s\" or \"1m 30s\""]),
    ("kind = \"complete\"", "kind = \"random-view\", size = 0", "13:43", &["`network.topology.size` must be from 1 to 99 (all other nodes), not 0"]),
    ("kind = \"complete\"", "kind = \"random-view\", size = 100", "13:43", &["`network.topology.size` must be from 1 to 99 (all other nodes), not 100"]),
    ("kind = \"complete\"", "kind = \"random-view\", size = -1", "13:43", &["`network.topology.size` must be a whole number from 0 to 4294967295, not -1"]),
    ("header_bytes = 40", "header_bytes = -1", "17:16", &["`messages.header_bytes` must be a whole number from 0 to 4294967295, not -1"]),
    ("header_bytes = 40", "payload_bytes = 4294967296", "17:17", &["`messages.payload_bytes` must be a whole number from 0 to 4294967295, not 4294967296"]),
    ("sources = 1", "sources = 0", "19:11", &["`workload.sources` must be a count from 1 to nodes.count, or a list of node ids, not 0"]),
    ("sources = 1", "sources = 101", "19:11", &["`workload.sources` must be from 1 to 100 (nodes.count), not 101"]),
    ("sources = 1", "sources = []", "19:11", &["`workload.sources` is empty: somebody must know the rumor at first"]),
    ("sources = 1", "sources = [1, 2, -3]", "19:18", &["each item of `workload.sources` must be a whole number from 0 to 4294967294, not -3"]),
    ("sources = 1", "sources = [1, 100]", "19:15", &["there is no node 100: with 100 nodes, ids go from 0 to 99"]),
    ("sources = 1", "sources = [1, 2, 1]", "19:18", &["node 1 is twice in `workload.sources`"]),
    ("at = \"0s\"", "at = \"10s\"", "20:6", &["`workload.at` is 10s, but the run ends at 10s", "write earlier, or stop later ([stop])"]),
    ("rounds = 10", "coverage = 0", "22:12", &["`stop.coverage` must be a number above 0, to 1, not 0"]),
    ("rounds = 10", "coverage = 1.01", "22:12", &["`stop.coverage` must be a number above 0, to 1, not 1.01"]),
    ("rounds = 10", "coverage = true", "22:12", &["`stop.coverage` must be a number above 0, to 1, not true"]),
    ("rounds = 10", "majority = 0.5", "22:12", &["`stop.majority` must be true or false, not 0.5"]),
    ("rounds = 10", "quiescent = \"yes\"", "22:13", &["`stop.quiescent` must be true or false"]),
    ("kind = \"push\"", "kind = \"rumor-mongering\"", "6:8", &["`protocol.k` is missing"]),
    ("kind = \"push\"", "kind = \"rumor-mongering\"\nk = 0", "7:5", &["`protocol.k` must be a whole number from 1 to 255, not 0"]),
    ("kind = \"push\"", "kind = \"rumor-mongering\"\nk = 1\nstopping = \"heard\"", "7:5", &["`protocol.k` must be from 2 to 255, not 1"]),
    ("kind = \"push\"", "kind = \"rumor-mongering\"\nk = 1\nstopping = \"blind\"", "8:12", &["`protocol.stopping` cannot be \"blind\""]),
    ("kind = \"push\"", "kind = \"rumor-mongering\"\nk = 1\nhunt_limit = 2", "8:14", &["`protocol.hunt_limit` needs `connection_limit`: without it nobody is turned away"]),
    ("rounds = 10", "rounds = 0", "22:10", &["`stop.rounds` must be a whole number from 1 to 9223372036854775807, not 0"]),
    ("rounds = 10", "rounds = 9223372036854775807", "22:10", &["9223372036854775807 rounds of 1s do not fit into 584 years"]),
    ("rounds = 10", "time = \"0s\"", "22:8", &["`stop.time` must be above 0s"]),
    ("rounds = 10", "max_events = 0", "22:14", &["`stop.max_events` must be a whole number from 1 to 9223372036854775807, not 0"]),
    ("warm_up = 1", "warm_up = -1", "24:11", &["`measure.warm_up` must be a whole number from 0 to 9223372036854775807, not -1"]),
    ("warm_up = 1", "thresholds = []", "24:14", &["`measure.thresholds` is empty: leave the key out for [50, 99, 100]"]),
    ("warm_up = 1", "thresholds = [50, 0]", "24:19", &["each item of `measure.thresholds` must be a whole number from 1 to 100, not 0"]),
    ("warm_up = 1", "thresholds = [50, 101]", "24:19", &["each item of `measure.thresholds` must be a whole number from 1 to 100, not 101"]),
    ("warm_up = 1", "thresholds = [50, 99, 50]", "24:23", &["50 is twice in `measure.thresholds`"]),
    ("replicates = 2", "replicates = 0", "26:14", &["`sweep.replicates` must be a whole number from 1 to 1000000000, not 0"]),
    // What does not fit together.
    ("mode = \"periodic\"", "mode = \"synchronous\"", "14:11", &["latency does not exist under the synchronous clock, whose rounds take no notice of it", "set clock.mode to \"periodic\" or \"poisson\", or leave network.latency out"]),
    ("mode = \"periodic\"\n[network]\ntopology = { kind = \"complete\" }\nlatency = { kind = \"constant\", value = \"5ms\" }\nloss = 0.1\n[messages]\nheader_bytes = 40\n[workload]\nsources = 1\nat = \"0s\"", "mode = \"synchronous\"\n[workload]\nat = \"1500ms\"", "13:6", &["`workload.at` is 1500ms: not a multiple of the period (1s)", "under the synchronous clock (clock.mode) all things happen between rounds"]),
    ("count = 100\n[protocol]\nkind = \"push\"\nfanout = 1", "count = 4294967295\n[protocol]\nkind = \"push\"\nfanout = 10000", "4:9", &["4294967295 nodes need", "GiB are available", "lower nodes.count, or how many each node calls or knows"]),
    ("[1, 2]", "[1, 2]\n\"clock.mode\" = [\"periodic\", \"synchronous\"]", "14:11", &["latency does not exist under the synchronous clock, whose rounds take no notice of it", "set clock.mode to \"periodic\" or \"poisson\", or leave network.latency out", "in the cell with protocol.fanout = 1, clock.mode = \"synchronous\""]),
    ("[1, 2]", "[1, 2]\n\"workload.at\" = [\"0s\", \"11s\"]", "28:24", &["`workload.at` is 11s, but the run ends at 10s", "write earlier, or stop later ([stop])", "in the cell with protocol.fanout = 1, workload.at = \"11s\""]),
    ("[1, 2]", "[1, 2]\n\"workload.sources\" = [1, [1, 2, 1000]]", "28:33", &["there is no node 1000: with 100 nodes, ids go from 0 to 99", "in the cell with protocol.fanout = 1, workload.sources = [1, 2, 1000]"]),
    ("[1, 2]", "[1, 2]\n\"protocol.kind\" = [\"push\", \"pussh\"]", "28:28", &["`protocol.kind` cannot be \"pussh\"", "did you mean `push`?", "in the cell with protocol.fanout = 1, protocol.kind = \"pussh\""]),
    ("[1, 2]", "[1, 2]\n\"network.latency\" = [{ kind = \"constant\", value = \"1s\" }, { kind = \"uniform\", low = \"1s\" }]", "28:68", &["`network.latency.high` is missing", "kind = \"uniform\" needs `high`", "in the cell with protocol.fanout = 1, network.latency = { kind = \"uniform\", low = \"1s\" }"]),
    // Axes.
    ("[1, 2]", "[]", "27:21", &["the axis `protocol.fanout` has no values", "give one, or leave the axis out"]),
    ("[1, 2]", "[1, 2, 1.0]", "27:28", &["1.0 is twice on the axis `protocol.fanout`", "the values of an axis are distinct"]),
    ("[1, 2]", "[1, 2, -3]", "27:28", &["`protocol.fanout` must be from 1 to 4294967295, or \"all\", not -3", "in the cell with protocol.fanout = -3"]),
    ("[1, 2]", "[1, 2, 100]", "27:28", &["`protocol.fanout` is 100, but the pool to draw from holds 99 (itself left out)", "draw fewer, or with replacement (protocol.sampling), or from more nodes", "in the cell with protocol.fanout = 100"]),
    ("[1, 2]", "3", "27:21", &["the axis `protocol.fanout` must be a list of values", "write \"protocol.fanout\" = [..., ...], or a range"]),
    ("\"protocol.fanout\"", "\"network.los\"", "27:1", &["unknown key `network.los`", "did you mean `network.loss`?", "in the cell with network.los = 1"]),
    ("\"protocol.fanout\"", "\"netwrk.loss\"", "27:1", &["unknown key `netwrk.loss`", "did you mean `network.loss`?"]),
    ("\"protocol.fanout\"", "\"protocol.fanuot\"", "27:1", &["unknown key `protocol.fanuot`", "did you mean `protocol.fanout`?", "in the cell with protocol.fanuot = 1"]),
    ("\"protocol.fanout\"", "\"network.latency.mean\"", "27:1", &["unknown key `network.latency.mean`", "expected `value`", "in the cell with network.latency.mean = 1"]),
    ("\"protocol.fanout\"", "\"network.loss.x\"", "27:1", &["`network.loss.x` leads through `loss`, which is no table"]),
    ("\"protocol.fanout\"", "protocol.fanout", "27:1", &["here the path of a key is written in quotes", "write \"protocol.fanout\" = ..."]),
    ("\"protocol.fanout\"", "fanout", "27:1", &["unknown key `fanout`", "did you mean `protocol.fanout`?"]),
    ("\"protocol.fanout\"", "seed", "27:1", &["`seed` belongs to the whole scenario, not to a cell", "all cells share it: set it once"]),
    ("\"protocol.fanout\"", "name", "27:1", &["`name` belongs to the whole scenario, not to a cell", "all cells share it: set it once"]),
    ("\"protocol.fanout\"", "nodes", "27:1", &["`nodes` is a whole section: a key path names one setting", "write it as in \"nodes.count\""]),
    ("\"protocol.fanout\"", "\"sweep.replicates\"", "27:1", &["`sweep.replicates` belongs to the whole scenario, not to a cell", "all cells share it: set it once"]),
    ("\"protocol.fanout\"", "\"measure.thresholds\"", "27:1", &["`measure.thresholds` cannot be an axis: all cells share the table's columns"]),
    ("[1, 2]", "[1, 2]\n\"protocol.fanout\" = [3]", "28:1", &["not valid TOML: duplicate key"]),
    ("[1, 2]", "[1, 2]\n\"nodes.count\" = [100, 2]", "27:25", &["`protocol.fanout` is 2, but the pool to draw from holds 1 (itself left out)", "draw fewer, or with replacement (protocol.sampling), or from more nodes", "in the cell with protocol.fanout = 2, nodes.count = 2"]),
    ("[1, 2]", "[1, 2]\n\"network.latency\" = [{ kind = \"constant\", value = \"1s\" }]\n\"network.latency.value\" = [\"2s\"]", "29:1", &["the axes `network.latency` and `network.latency.value` overlap", "one axis sets one key"]),
    // Cases.
    ("[1, 2]", "[1, 2]\n[[sweep.case]]\n\"nodes.count\" = 5", "28:1", &["a case needs a label", "add label = \"...\": it names the rows"]),
    ("[1, 2]", "[1, 2]\n[[sweep.case]]\nlabel = \"\"", "29:9", &["a case's label must not be empty"]),
    ("[1, 2]", "[1, 2]\n[[sweep.case]]\nlabel = 3", "29:9", &["a case's label must be text in quotes"]),
    ("[1, 2]", "[1, 2]\n[[sweep.case]]\nlabel = \"a\\u001bb\"", "29:9", &["a case's label must have no control characters"]),
    ("[1, 2]", "[1, 2]\n[[sweep.case]]\nlabel = \"a\"\n[[sweep.case]]\nlabel = \"a\"", "31:9", &["there are two cases with the label \"a\"", "labels are distinct: they name the rows"]),
    ("[1, 2]", "[1, 2]\n[sweep.case]\nlabel = \"a\"", "28:1", &["`sweep.case` must be a list of tables", "write [[sweep.case]], then label = \"...\" and quoted key paths"]),
    ("[1, 2]", "[1, 2]\n[[sweep.case]]\nlabel = \"a\"\n\"protocol.fanout\" = 3", "30:1", &["`protocol.fanout` is set by a case and by an axis", "keep one of them"]),
    ("[1, 2]", "[1, 2]\n[[sweep.case]]\nlabel = \"a\"\nnodes.count = 3", "30:1", &["here the path of a key is written in quotes", "write \"nodes.count\" = ..."]),
    ("[1, 2]", "[1, 2]\n[[sweep.case]]\nlabel = \"a\"\n\"nodes.cont\" = 3", "30:1", &["unknown key `nodes.cont`", "did you mean `nodes.count`?", "in the cell with case \"a\", protocol.fanout = 1"]),
    ("[1, 2]", "[1, 2]\n[[sweep.case]]\nlabel = \"a\"\n\"nodes.count\" = 2", "27:25", &["`protocol.fanout` is 2, but the pool to draw from holds 1 (itself left out)", "draw fewer, or with replacement (protocol.sampling), or from more nodes", "in the cell with case \"a\", protocol.fanout = 2"]),
    ("[1, 2]", "[1, 2]\n[[sweep.case]]\nlabel = \"a\"\n\"measure.thresholds\" = [10]", "30:24", &["`measure.thresholds` must be the same in all cells: they share a table's columns", "set it under [measure]: now [50, 99, 100]", "in the cell with case \"a\", protocol.fanout = 1"]),
    ("[1, 2]", "[1, 2]\n[[sweep.case]]\nlabel = \"a\"\n\"network.latency\" = { kind = \"constant\", value = \"1s\" }\n\"network.latency.value\" = \"2s\"", "31:1", &["`network.latency.value` and `network.latency` overlap in one case", "set each key once"]),
    ("[1, 2]", "[1, 2]\ncase = []", "28:8", &["`sweep.case` must be a list of tables", "write [[sweep.case]], then label = \"...\" and quoted key paths"]),
];

fn read(text: &str, overrides: &Overrides) -> Result<Scenario, Error> {
    Scenario::from_text(text, "bad.toml", PROTOCOLS, overrides)
}

fn refusal(text: &str, overrides: &Overrides) -> Error {
    match read(text, overrides) {
        Ok(_) => panic!("accepted:\n{text}"),
        Err(error) => error,
    }
}

/// "LINE:COL" of an error.
fn place(error: &Error) -> String {
    error
        .position()
        .map_or_else(String::new, |(line, column)| format!("{line}:{column}"))
}

/// The picture shows the place, and nothing that a terminal would obey.
fn check_picture(error: &Error, file: &str) {
    let text = error.to_string();
    assert!(text.contains(&format!("{file}:{}", place(error))), "{text}");
    let is_safe =
        |c: char| c == '\n' || !(c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c));
    assert!(text.chars().all(is_safe), "{text:?}");
    assert!(
        text.lines().all(|line| line.chars().count() < 200),
        "{text}"
    );
}

#[test]
fn bad_scenarios_are_refused_at_the_place() {
    assert!(read(BASE, &Overrides::default()).is_ok());
    for (from, to, expected, words) in CASES {
        assert!(BASE.contains(from), "{from}");
        let error = refusal(&BASE.replacen(from, to, 1), &Overrides::default());
        assert_eq!(place(&error), *expected, "{from:?} -> {to:?}\n{error}");
        check_picture(&error, "bad.toml");
        let text = error.to_string();
        for word in *words {
            assert!(
                text.contains(word),
                "{from:?} -> {to:?}: no {word:?} in\n{text}"
            );
        }
    }
}

/// What was written, and what the help says, which, followed, works: numbers as other
/// programs and countries write them.
const MENDED: &[(&str, &str, &str)] = &[
    ("loss = 0.1", "loss = 10%", "0.1"),
    ("loss = 0.1", "loss = \"10%\"", "0.1"),
    ("loss = 0.1", "loss = 0,1", "0.1"),
    ("loss = 0.1", "loss = \"0.1\"", "0.1"),
    ("loss = 0.1", "loss = .1", "0.1"),
    (
        "loss = 0.1",
        "loss = 10 # percent",
        "0.1 if you mean percent",
    ),
    ("count = 100", "count = 1e6", "1_000_000"),
    ("count = 100", "count = 1,000", "1000"),
    ("count = 100", "count = \"100\"", "100"),
    ("count = 100", "count = 10k", "10_000"),
    ("count = 100", "count = 100.0", "100"),
    (
        "warm_up = 1",
        "thresholds = [0.5]",
        "50 if you mean percent",
    ),
    ("warm_up = 1", "thresholds = [50%]", "50"),
    ("warm_up = 1", "series = yes", "true"),
    ("warm_up = 1", "series = \"False\"", "false"),
    ("warm_up = 1", "contact = 0", "false"),
    ("period = \"1s\"", "period = 1s", "\"1s\""),
    (
        "period = \"1s\"",
        "period = 2",
        "\"2s\" if you mean seconds",
    ),
    ("value = \"5ms\"", "value = 5ms", "\"5ms\""),
    ("kind = \"push\"", "kind = push", "\"push\""),
    ("[1, 2]", "[1]\n\"network.loss\" = [10%]", "0.1"),
    (
        "[1, 2]",
        "[1]\n\"network.loss\" = [0.1, 20]",
        "0.2 if you mean percent",
    ),
    ("[1, 2]", "[\"1\"]", "1"),
];

#[test]
fn help_on_a_number_that_is_written_otherwise_works_when_it_is_followed() {
    for (from, to, right) in MENDED {
        assert!(BASE.contains(from), "{from}");
        let error = refusal(&BASE.replacen(from, to, 1), &Overrides::default()).to_string();
        assert!(
            error.contains(&format!("help: write {right}")),
            "{to}\n{error}"
        );
        let value = right.split(" if ").next().expect("a value");
        let (head, written) = match to.rsplit_once("= ") {
            Some((head, written)) => (format!("{head}= "), written),
            None => (String::new(), *to),
        };
        let (open, close) = match written.starts_with('[') {
            true => ("[", "]"),
            false => ("", ""),
        };
        let mended = BASE.replacen(from, &format!("{head}{open}{value}{close}"), 1);
        read(&mended, &Overrides::default()).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn several_mistakes_are_told_at_once_but_not_what_follows_from_them() {
    let several = BASE
        .replace("fanout = 1", "fanuot = 1")
        .replace("mode = \"periodic\"", "mode = \"often\"")
        .replace("loss = 0.1", "loss = 2")
        .replace("header_bytes = 40", "header = 40")
        .replace("replicates = 2", "replicates = 0");
    let error = refusal(&several, &Overrides::default());
    let text = error.to_string();
    for word in ["7:1", "11:8", "15:8", "17:1", "26:14"] {
        assert!(text.contains(&format!("bad.toml:{word}")), "{word}\n{text}");
    }
    assert_eq!(text.matches("error: ").count(), 5, "{text}");
    // More than are shown are counted.
    let more = several
        .replace("count = 100", "count = 0")
        .replace("warm_up = 1", "warmup = 1");
    let text = refusal(&more, &Overrides::default()).to_string();
    assert!(text.ends_with("and 2 more"), "{text}");
    assert_eq!(text.matches("error: ").count(), 5, "{text}");
    // One mistake is told as one.
    for (from, to) in [
        ("[nodes]", "[node]"),
        ("count = 100", "cuont = 100"),
        ("kind = \"push\"", "kind = \"psh\""),
        ("kind = \"constant\"", "kind = \"konstant\""),
        ("name = \"base\"", "nam = \"base\""),
        ("count = 100", "count = \"ten\""),
        ("count = 100", "count ="),
        ("[clock]", "[clock"),
        ("[1, 2]", "[1, 2, -3]"),
    ] {
        let text = refusal(&BASE.replacen(from, to, 1), &Overrides::default()).to_string();
        assert_eq!(text.matches("error: ").count(), 1, "{to}\n{text}");
    }
    // Values of an axis, each once whatever the number of its cells.
    let axis = BASE.replace("[1, 2]", "[0, 1, -2]\n\"network.loss\" = [0.1, 3, 0.2]");
    let text = refusal(&axis, &Overrides::default()).to_string();
    assert_eq!(text.matches("error: ").count(), 3, "{text}");
    // And lines that are no TOML.
    let lines = BASE
        .replace("count = 100", "count 100")
        .replace("seed = 1", "seed = 01");
    let text = refusal(&lines, &Overrides::default()).to_string();
    assert!(
        text.contains("bad.toml:2:") && text.contains("bad.toml:4:"),
        "{text}"
    );
}

#[test]
fn what_is_repeated_names_the_first_place_too() {
    for (from, to, first) in [
        ("count = 100", "count = 1\ncount = 2", "4:1"),
        ("[clock]", "[nodes]", "3:2"),
        ("[1, 2]", "[1, 2]\n\"protocol.fanout\" = [3]", "27:1"),
        ("[1, 2]", "[1, 2, 1]", "27:22"),
        (
            "[1, 2]",
            "[1]\n[[sweep.case]]\nlabel = \"a\"\n[[sweep.case]]\nlabel = \"a\"",
            "29:9",
        ),
    ] {
        let error = refusal(&BASE.replacen(from, to, 1), &Overrides::default()).to_string();
        let first = format!("note: the first is at bad.toml:{first}");
        assert!(error.contains(&first), "{to}: no {first:?} in\n{error}");
    }
}

/// `--set` as typed: error at this column of the command line, with these words.
const OPTIONS: &[(&str, usize, &[&str])] = &[
    ("", 7, &["not KEY=VALUE"]),
    (
        "protocol.fanout",
        7,
        &["not KEY=VALUE", "--set protocol.fanout=3"],
    ),
    ("protocol.fanout=", 23, &["the value is missing"]),
    (
        "protocol.fanout=0",
        23,
        &["`protocol.fanout` must be from 1"],
    ),
    ("protocol.fanout=[1", 25, &["not a value of TOML"]),
    (
        "protocol.fanuot=3",
        7,
        &["unknown key `protocol.fanuot`", "`protocol.fanout`"],
    ),
    (
        "fanout=3",
        7,
        &["unknown key `fanout`", "did you mean `protocol.fanout`?"],
    ),
    ("network.los=0.5", 7, &["did you mean `network.loss`?"]),
    (
        "network.loss=0,5",
        21,
        &["not a value of TOML", "write 0.5"],
    ),
    (
        "network.loss=much",
        20,
        &["must be a number from 0 to 1, not the text \"much\""],
    ),
    (
        "network.loss=nan",
        20,
        &["must be a number from 0 to 1, not NaN"],
    ),
    ("network.loss=99999999999999999999", 20, &["too large"]),
    ("network={loss=0.5}", 7, &["whole section"]),
    (
        "network.latency={kind=\"constant\"}",
        29,
        &["`network.latency.value` is missing"],
    ),
    (" clock.mode = sync", 21, &["did you mean `synchronous`?"]),
    ("name=A", 12, &["`name` cannot be \"A\""]),
    ("seed=-1", 12, &["`seed` must be a whole number"]),
    (
        "sweep.replicates=0",
        24,
        &["`sweep.replicates` must be a whole number from 1"],
    ),
    ("sweep.x=0", 7, &["unknown key `x`"]),
    (
        "sweep.replicats=3",
        7,
        &["did you mean `sweep.replicates`?"],
    ),
    ("contact=false", 7, &["did you mean `measure.contact`?"]),
    (
        "network.loss=10%",
        20,
        &["not a value of TOML", "write 0.1"],
    ),
    ("\u{1b}[31m=1", 7, &["not the path of a key"]),
    ("protocol.kind=\u{1b}[31m", 22, &["not a value of TOML"]),
];

#[test]
fn bad_options_are_refused_on_the_command_line() {
    for (typed, column, words) in OPTIONS {
        let overrides = Overrides {
            set: vec!["workload.at=1s".to_string(), typed.to_string()],
            ..Overrides::default()
        };
        let error = refusal(BASE, &overrides);
        assert_eq!(place(&error), format!("1:{column}"), "{error}");
        check_picture(&error, "command line");
        let text = error.to_string();
        assert!(text.contains("1 | --set "), "{text}");
        for word in *words {
            assert!(text.contains(word), "{typed}: no {word:?} in\n{text}");
        }
    }
}

#[test]
fn a_sweep_refuses_an_option_that_its_axes_would_undo() {
    let set = |typed: &str, purpose| Overrides {
        set: vec![typed.to_string()],
        purpose,
        ..Overrides::default()
    };
    let error = refusal(BASE, &set("protocol.fanout=3", Purpose::Sweep));
    assert!(
        error
            .message()
            .contains("`protocol.fanout` is set by [sweep]")
    );
    let way = "set the axis: --set 'sweep.\"protocol.fanout\"=[3]'";
    assert!(error.to_string().contains(way), "{error}");
    assert!(read(BASE, &set("protocol.fanout=3", Purpose::Base)).is_ok());
    assert!(read(BASE, &set("network.loss=0.5", Purpose::Sweep)).is_ok());
}

#[test]
fn seed_and_replicates_have_their_range() {
    let overrides = Overrides {
        seed: Some(1 << 53),
        ..Overrides::default()
    };
    let error = refusal(BASE, &overrides);
    assert!(
        error.to_string().contains("1 | --seed 9007199254740992"),
        "{error}"
    );
    let overrides = Overrides {
        replicates: Some(0),
        ..Overrides::default()
    };
    let error = refusal(BASE, &overrides);
    assert!(error.to_string().contains("1 | --replicates 0"), "{error}");
    assert_eq!(place(&error), "1:14");
}

fn refusal_of_file(path: &Path) -> Error {
    match Scenario::read(path, PROTOCOLS, &Overrides::default()) {
        Ok(_) => panic!("{} was accepted", path.display()),
        Err(error) => error,
    }
}

#[test]
fn what_is_no_scenario_file_is_refused_without_waiting() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let long = File::create(at("long.toml")).expect("a file");
    // Long without taking room: refused by its length, not by reading.
    long.set_len(1 << 40).expect("a sparse file");
    std::fs::write(at("empty.toml"), "").expect("a file");
    std::fs::write(at("latin.toml"), b"name = \"a\"\n# caf\xe9\n").expect("a file");
    std::fs::write(at("deep.toml"), format!("a = {}", "[".repeat(100_000))).expect("a file");
    std::fs::write(at("dots.toml"), format!("{}a = 1", "a.".repeat(100_000))).expect("a file");
    let table = [
        ("absent.toml", "there is no such file", None),
        (".", "it is a directory", None),
        ("long.toml", "it is longer than 1 MiB", None),
        ("empty.toml", "`name` is missing", Some((1, 1))),
        ("latin.toml", "not UTF-8: byte 16", Some((2, 6))),
        ("deep.toml", "nested too deeply", Some((1, 85))),
        ("dots.toml", "nested too deeply", Some((1, 1))),
    ];
    for (name, words, position) in table {
        let error = refusal_of_file(&at(name));
        assert!(error.message().contains(words), "{error}");
        assert_eq!(error.position(), position, "{error}");
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_device_is_refused_without_opening_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe.toml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    for path in [pipe.as_path(), Path::new("/dev/zero")] {
        let error = refusal_of_file(path);
        assert!(error.message().contains("not a regular file"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_name_is_never_shown_raw() {
    let error = refusal_of_file(Path::new("a\u{1b}[31m\u{202e}.toml"));
    let text = error.to_string();
    assert!(
        !text.contains(['\u{1b}', '\u{202e}']) && text.contains("\\u{1b}[31m"),
        "{text}"
    );
}

#[test]
fn a_text_over_one_mebibyte_is_refused_and_one_below_it_is_read() {
    let padded = |length: usize| format!("{BASE}#{}", "x".repeat(length - BASE.len() - 1));
    assert!(read(&padded(1 << 20), &Overrides::default()).is_ok());
    let error = refusal(&padded((1 << 20) + 1), &Overrides::default());
    assert!(error.message().contains("longer than 1 MiB"), "{error}");
}

#[test]
fn long_lines_are_cut_and_a_byte_order_mark_does_not_count() {
    let values: Vec<String> = (1..99).map(|value| value.to_string()).collect();
    let axis = format!("[{}, -3, 99]", values.join(", "));
    let error = refusal(&BASE.replace("[1, 2]", &axis), &Overrides::default());
    assert_eq!(
        place(&error),
        format!("27:{}", 21 + axis.find("-3").expect("-3"))
    );
    check_picture(&error, "bad.toml");
    let marked = format!("\u{feff}{}", BASE.replace("name", "nam"));
    let error = refusal(&marked, &Overrides::default());
    assert_eq!(place(&error), "1:1", "{error}");
    assert!(read(&format!("\u{feff}{BASE}"), &Overrides::default()).is_ok());
}

#[test]
fn a_grid_that_is_too_large_is_refused_before_it_is_checked() {
    let values: Vec<String> = (0..1001).map(|value| format!("{value}")).collect();
    let values = values.join(", ");
    let axes =
        format!("[1, 2]\n\"measure.warm_up\" = [{values}]\n\"stop.max_events\" = [{values}]");
    let error = refusal(&BASE.replace("[1, 2]", &axes), &Overrides::default());
    assert!(
        error.message().contains("more than 1000000 cells"),
        "{error}"
    );
}
