//! Scenarios as grids of cells: numbering, dice, options, and the complete text
//! that makes the same cells again.

use gossim::registry::PROTOCOLS;
use gossim::scenario::{Overrides, Purpose, Scenario};
use proptest::prelude::*;
use std::path::Path;

/// The scenarios that come with the program.
fn shipped() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let entries = std::fs::read_dir(folder).expect("scenarios/");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut texts: Vec<String> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .map(|path| std::fs::read_to_string(path).expect("a scenario"))
        .collect();
    texts.sort();
    texts.push(Scenario::template().to_string());
    texts
}

/// What makes writing defaults out hard: they depend on what cells change.
const TRICKY: &[&str] = &[
    // The least that is a scenario.
    "name = \"a\"\nnodes.count = 5\nprotocol.kind = \"pull\"",
    // Defaults of one kind are not keys of another.
    "# A question?\r\n# Two lines.\r\n\r\nname = \"a\"\r\n[nodes]\r\ncount = 5\r\n[protocol]\r\nkind = \"push\"
[sweep]\n\"protocol.kind\" = [\"push\", \"push-pull\"]",
    "name = \"a\"\n[nodes]\ncount = 5\n[protocol]\nkind = \"push-pull\"
[sweep]\n[[sweep.case]]\nlabel = \"p;q=\\\"r\\\"\"\n\"protocol.kind\" = \"push\"\n\"protocol.calls\" = \"always\"
[[sweep.case]]\nlabel = \"q\"\n\"network.latency\" = { kind = \"uniform\", low = \"1ms\", high = \"2ms\" }
[[sweep.case]]\nlabel = \"r\"\n\"network.latency.kind\" = \"exponential\"\n\"network.latency.mean\" = \"1m 30s\"",
    // No latency in the base, all of it in the cells.
    "name = \"a\"\n[nodes]\ncount = 5\n[protocol]\nkind = \"push\"
[sweep]\n\"network.latency.kind\" = [\"constant\"]\n\"network.latency.value\" = [\"1ms\", \"2ms\"]",
    "name = \"a\"\n[nodes]\ncount = 5\n[protocol]\nkind = \"push\"\n[network]\nloss = 1
[sweep]\n\"network.topology\" = [{ kind = \"complete\" }, { kind = \"random-view\", size = 2 }, { kind = \"random-view\", size = 3 }]",
    // The warm-up depends on the clock, the rounds on the other stops.
    "name = \"a\"\n[nodes]\ncount = 5\n[protocol]\nkind = \"push\"
[sweep]\n\"clock.mode\" = [\"synchronous\", \"periodic\", \"poisson\"]\n\"stop.time\" = [\"3s\"]",
    "name = \"a\"\n[nodes]\ncount = 5\n[protocol]\nkind = \"push\"
[sweep]\n[[sweep.case]]\nlabel = \"x\"\n\"stop.max_events\" = 7\n[[sweep.case]]\nlabel = \"y\"\n\"stop.rounds\" = 7
[[sweep.case]]\nlabel = \"z\"",
    // Values that can be written in several ways.
    "name = \"a\"\nseed = 0x2A\n[nodes]\ncount = 1_000\n[protocol]\nkind = 'push'\nfanout = \"all\"\nperiod = \"1000000us\"
[workload]\nsources = [3, 1, 2]\nat = \"1500ms\"\n[measure]\nthresholds = [100, 1, 50]\n[network]\nloss = -0.0
[sweep]\nreplicates = 3\n\"network.loss\" = [0.0, 1e-7, 1]\n\"workload.sources\" = [1, [2], [0, 4]]",
    "name = \"a\"\n[nodes]\ncount = 1\n[protocol]\nkind = \"push\"\nfanout = 9\n[sweep]\n\"protocol.fanout\" = [1, \"all\"]",
];

fn texts() -> Vec<String> {
    let tricky = TRICKY.iter().map(|text| text.to_string());
    shipped().into_iter().chain(tricky).collect()
}

fn read(text: &str, overrides: &Overrides) -> Scenario {
    // Some read files that lie there.
    let place = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/a.toml");
    Scenario::from_text(text, place, PROTOCOLS, overrides)
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The complete text makes the same scenario again, and itself.
fn check_complete(scenario: &Scenario) {
    let text = scenario.complete();
    let again = read(&text, &Overrides::default());
    assert_eq!(again.complete(), text);
    assert_eq!(again.hash(), scenario.hash());
    assert_eq!(again.name, scenario.name);
    assert_eq!(again.seed, scenario.seed);
    assert_eq!(again.replicates, scenario.replicates);
    assert_eq!(again.axes, scenario.axes);
    assert_eq!(again.thresholds, scenario.thresholds);
    assert_eq!(again.cell_count(), scenario.cell_count());
    let cells = |of: &Scenario| -> Vec<String> {
        let numbers = 0..of.cell_count();
        let cells = numbers.map(|number| of.cell(number).expect("a checked cell"));
        let base = of.base().expect("a checked base");
        let all = std::iter::once(base).chain(cells);
        all.map(|cell| {
            format!(
                "{} {:?} {:?} {:?} {} {:?} {}",
                cell.number,
                cell.case,
                cell.coordinates,
                cell.dice,
                cell.protocol_name,
                cell.setup,
                cell.protocol.settings()
            )
        })
        .collect()
    };
    assert_eq!(cells(&again), cells(scenario), "{text}");
}

#[test]
fn the_complete_text_makes_the_same_cells_again() {
    for text in texts() {
        check_complete(&read(&text, &Overrides::default()));
    }
}

#[test]
fn options_are_baked_into_the_complete_text() {
    let overrides = Overrides {
        set: [
            "protocol.kind=pull",
            "protocol.period = 2s",
            "network.latency={kind=\"constant\",value=\"5ms\"}",
            "seed=3",
            "sweep.replicates=7",
            "name=b",
        ]
        .map(String::from)
        .to_vec(),
        seed: Some(4),
        replicates: None,
        purpose: Purpose::Sweep,
        ..Overrides::default()
    };
    let scenario = read(TRICKY[0], &overrides);
    assert_eq!((scenario.seed, scenario.replicates), (4, 7));
    let base = scenario.base().expect("a checked base");
    assert_eq!(base.protocol_name, "pull");
    assert_eq!(base.setup.period.to_string(), "2s");
    check_complete(&scenario);
    let expected = "name = \"b\"
seed = 4

[nodes]
count = 5

[protocol]
kind = \"pull\"
calls = \"useful\"
fanout = 1
period = \"2s\"
sampling = \"others\"

[clock]
mode = \"periodic\"

[network]
topology = { kind = \"complete\" }
latency = { kind = \"constant\", value = \"5ms\" }
loss = 0.0

[messages]
header_bytes = 40
payload_bytes = 256

[workload]
sources = 1
at = \"0s\"

[stop]
all_informed = false
majority = false
quiescent = false
rounds = 1000

[measure]
thresholds = [50, 99, 100]
contact = true
series = true
warm_up = 2
hops = false

[sweep]
replicates = 7
skip_impossible = false
";
    assert_eq!(scenario.complete(), expected);
}

#[test]
fn the_opening_comment_is_kept() {
    let complete = read(TRICKY[1], &Overrides::default()).complete();
    assert!(complete.starts_with("# A question?\n# Two lines.\nname = \"a\"\n"));
}

#[test]
fn the_hash_is_that_of_the_text() {
    use sha2::{Digest, Sha256};
    let scenario = read(TRICKY[0], &Overrides::default());
    let digest = Sha256::digest(scenario.complete().as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(scenario.hash(), hex);
}

#[test]
fn every_shipped_scenario_asks_its_question_first() {
    for text in shipped() {
        let first = text.split("name = ").next().expect("a head");
        assert!(first.starts_with("# ") && first.contains('?'), "{first}");
    }
}

#[test]
fn the_contact_sweep_has_its_84_cells() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/contact_probability.toml");
    let sweep = Scenario::read(&path, PROTOCOLS, &Overrides::default()).expect("a scenario");
    assert_eq!((sweep.cell_count(), sweep.replicates), (84, 40));
    assert!(sweep.has_cases());
    let keys: Vec<&str> = sweep.axes.iter().map(|axis| axis.key.as_str()).collect();
    assert_eq!(keys, ["protocol.fanout", "protocol.sampling"]);
    for number in 0..84 {
        let cell = sweep.cell(number).expect("a cell");
        let rounds = cell.setup.stop.rounds.expect("rounds");
        assert_eq!(u64::from(cell.setup.nodes) * rounds * 40, 1_200_000);
    }
    let last = sweep.cell(83).expect("the last");
    assert_eq!(last.case, "n=10000");
    assert_eq!(last.coordinates, ["8", "others"]);
    let dice = "case=\"n=10000\";protocol.fanout=8;protocol.sampling=\"others\"";
    assert_eq!(last.dice, dice);
    assert!(sweep.cell(84).is_err());
    assert_eq!(sweep.base().expect("the base").dice, "");
}

/// Adding a value to an axis, or another order of the axes, changes no cell's dice.
#[test]
fn dice_depend_on_nothing_but_the_cell() {
    let dice = |sweep: &str| -> Vec<String> {
        let scenario = read(
            &format!("{}\n[sweep]\n{sweep}", TRICKY[0]),
            &Overrides::default(),
        );
        let cells = (0..scenario.cell_count()).map(|number| scenario.cell(number).expect("a cell"));
        cells.map(|cell| cell.dice).collect()
    };
    let few = dice("\"network.loss\" = [0, 0.5]\n\"protocol.fanout\" = [1, 2]");
    let more = dice(
        "\"protocol.fanout\" = [3, 2, 1.0]\n\"network.loss\" = [0.5, 0.25, 0.0]"
            .replace("1.0", "1")
            .as_str(),
    );
    assert_eq!(few[1], "network.loss=0;protocol.fanout=2");
    assert!(few.iter().all(|dice| more.contains(dice)));
    let mut distinct = more.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 9);
}

/// f14: an axis is set for one time on the command line, and recorded.
#[test]
fn f14_an_axis_is_set_on_the_command_line() {
    let text = format!(
        "{}\n[sweep]\n\"network.loss\" = [0, 0.1, 0.2]\n\"protocol.fanout\" = [1, 2]",
        TRICKY[0]
    );
    let with = |set: &str| {
        let overrides = Overrides {
            set: vec![set.to_string()],
            purpose: Purpose::Sweep,
            ..Overrides::default()
        };
        read(&text, &overrides)
    };
    // Shells take the quotes away where nobody quotes them: both are read.
    for set in ["sweep.\"network.loss\"=[0.1]", "sweep.network.loss=[0.1]"] {
        let short = with(set);
        assert_eq!(short.cell_count(), 2);
        // It keeps its place, and each cell its dice.
        assert_eq!(
            (short.axes[0].key.as_str(), &*short.axes[0].values),
            ("network.loss", &["0.1".to_string()][..])
        );
        assert!(
            short.complete().contains("\"network.loss\" = [0.1]\n"),
            "{}",
            short.complete()
        );
        let dice = short.cell(1).expect("a cell").dice;
        assert_eq!(
            dice,
            read(&text, &Overrides::default())
                .cell(3)
                .expect("a cell")
                .dice
        );
        check_complete(&short);
    }
    let more = with("sweep.nodes.count={ from = 10, to = 100, per_decade = 2 }");
    assert_eq!(more.axes[2].values, ["10", "32", "100"]);
    assert_eq!(with("sweep.skip_impossible=true").skipped_count(), 0);
}

/// Cells that cannot be are left out, counted and listed; what is mistyped is not.
#[test]
fn impossible_cells_are_skipped_where_that_is_asked_for() {
    let grid = "\"nodes.count\" = [5, 20, 200]\n\"protocol.fanout\" = [1, 10, 100]";
    let text = format!("{}\n[sweep]\nskip_impossible = true\n{grid}", TRICKY[0]);
    let sweep = read(&text, &Overrides::default());
    assert_eq!((sweep.cell_count(), sweep.skipped_count()), (6, 3));
    let cells = (0..6).map(|number| sweep.cell(number).expect("a cell"));
    let cells: Vec<(u64, String)> = cells
        .map(|cell| (cell.number, cell.coordinates.join(" ")))
        .collect();
    let expected = ["5 1", "20 1", "20 10", "200 1", "200 10", "200 100"];
    for (number, expected) in expected.iter().enumerate() {
        assert_eq!(cells[number], (number as u64, expected.to_string()));
    }
    let skipped: Vec<String> = sweep.skipped().collect();
    assert_eq!(skipped.len(), 3);
    assert!(
        skipped[0].starts_with(
            "nodes.count = 5, protocol.fanout = 10: `protocol.fanout` is 10, but the pool"
        ),
        "{}",
        skipped[0]
    );
    check_complete(&sweep);
    let refused =
        |text: &str| match Scenario::from_text(text, "a.toml", PROTOCOLS, &Overrides::default()) {
            Ok(_) => panic!("accepted: {text}"),
            Err(error) => error.to_string(),
        };
    // Without being asked for; where no cell can be; where a value is no value at all.
    assert!(refused(&text.replace("= true", "= false")).contains("but the pool"));
    assert!(refused(&text.replace("[1, 10, 100]", "[1000]")).contains("is 1000, but the pool"));
    assert!(refused(&text.replace("[1, 10, 100]", "[1, 0]")).contains("must be from 1"));
    assert!(refused(&text.replace("protocol.fanout", "protocol.fanuot")).contains("did you mean"));
    // A key that only another kind takes cannot be with this one.
    let kinds = "\"protocol.kind\" = [\"push\", \"push-pull\"]\n\"protocol.calls\" = [\"useful\", \"always\"]";
    let text = format!("{}\n[sweep]\nskip_impossible = true\n{kinds}", TRICKY[0]);
    assert_eq!(read(&text, &Overrides::default()).cell_count(), 2);
}

#[test]
fn a_node_alone_needs_no_pool() {
    let alone = read(TRICKY[8], &Overrides::default());
    assert_eq!(alone.base().expect("the base").setup.nodes, 1);
}

/// A change to a text.
#[derive(Clone, Debug)]
enum Change {
    /// Another byte at a place.
    Byte(usize, u8),
    /// So many bytes fewer from a place.
    Cut(usize, usize),
    /// A line again elsewhere.
    Line(usize, usize),
    /// A word in the place of another.
    Word(usize, &'static str),
}

const WORDS: &[&str] = &[
    "0",
    "1",
    "-3",
    "1.5",
    "nan",
    "inf",
    "1e999",
    "99999999999",
    "\"all\"",
    "\"push\"",
    "\"pull\"",
    "\"push-pull\"",
    "\"synchronous\"",
    "\"poisson\"",
    "\"0s\"",
    "\"999years\"",
    "\"\"",
    "true",
    "[]",
    "[1, 2]",
    "{}",
    "{ kind = \"constant\", value = \"1s\" }",
    "name",
    "count",
    "kind",
    "sweep",
    "\"network.loss\"",
    "\"network.latency.mean\"",
    "\"protocol\"",
    "label",
    "calls",
    "\u{202e}",
];

impl Change {
    fn apply(&self, text: &str) -> String {
        let at = |place: usize| place % (text.len() + 1);
        match *self {
            Change::Byte(place, byte) => {
                let mut bytes = text.as_bytes().to_vec();
                if let Some(old) = bytes.get_mut(at(place)) {
                    *old = byte;
                }
                String::from_utf8_lossy(&bytes).into_owned()
            }
            Change::Cut(place, length) => {
                let end = (at(place) + length).min(text.len());
                let bytes = [&text.as_bytes()[..at(place)], &text.as_bytes()[end..]].concat();
                String::from_utf8_lossy(&bytes).into_owned()
            }
            Change::Line(from, to) => {
                let mut lines: Vec<&str> = text.lines().collect();
                if let Some(line) = lines.get(from % lines.len().max(1)).copied() {
                    lines.insert(to % lines.len(), line);
                }
                lines.join("\n")
            }
            Change::Word(place, word) => {
                let is_part = |c: char| c.is_alphanumeric() || "\"-_.".contains(c);
                let mut words: Vec<&str> = text.split_inclusive(|c| !is_part(c)).collect();
                let place = place % words.len().max(1);
                let Some(old) = words.get_mut(place) else {
                    return text.to_string();
                };
                let rest = old.trim_start_matches(is_part);
                let new = format!("{word}{rest}");
                *old = &new;
                words.concat()
            }
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    let place = any::<usize>;
    prop_oneof![
        (place(), any::<u8>()).prop_map(|(place, byte)| Change::Byte(place, byte)),
        (place(), b'0'..=b'9').prop_map(|(place, byte)| Change::Byte(place, byte)),
        (place(), 1..30usize).prop_map(|(place, length)| Change::Cut(place, length)),
        (place(), place()).prop_map(|(from, to)| Change::Line(from, to)),
        (place(), proptest::sample::select(WORDS))
            .prop_map(|(place, word)| Change::Word(place, word)),
        (place(), proptest::sample::select(WORDS))
            .prop_map(|(place, word)| Change::Word(place, word)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is changed, a scenario is read whole or refused in clean words,
    /// and what is read can be written completely.
    #[test]
    fn no_text_is_too_bad(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 1..4),
        set in prop::option::weighted(0.1, "[a-z.]{0,12}=?.{0,12}"),
    ) {
        let texts = texts();
        let text = changes.iter().fold(which.get(&texts).clone(), |text, change| change.apply(&text));
        let set = set.into_iter().collect();
        let overrides = Overrides { set, ..Overrides::default() };
        match Scenario::from_text(&text, "a\u{1b}.toml", PROTOCOLS, &overrides) {
            Ok(scenario) => check_complete(&scenario),
            Err(error) => {
                let shown = error.to_string();
                let is_safe = |c: char| c == '\n' || !(c.is_control() || c == '\u{202e}');
                prop_assert!(shown.chars().all(is_safe), "{shown:?}");
                prop_assert!(shown.len() < 8_000, "{shown}");
            }
        }
    }
}
