//! The contact probability against its exact laws: are the formulas the right
//! ones, does the simulator obey them, and would the check notice if not?

use crate::common::{Mean, cell, runs, values};
use gossim::engine::Clock;
use gossim::laws::{self, Observed, Subject, Worked};
use gossim::network::Sampling;
use gossim::protocol::Fanout;
use gossim::registry::PROTOCOLS;
use gossim::report::CellRuns;
use gossim::scenario::{Cell, Overrides, Scenario};
use gossim::sweep::{self, Selection};
use gossim::tables::SummaryRow;
use statrs::distribution::{ChiSquared, ContinuousCDF};
use std::convert::Infallible;
use std::path::Path;
use std::sync::LazyLock;

/// The chance at which a check that looks at many cells at once refuses
/// results that are right.
const FALSE_ALARM: f64 = 1e-5;

/// What the formulas are about: one cell's numbers, all runs together.
struct Measured {
    label: String,
    clock: Clock,
    sampling: Sampling,
    n: f64,
    m: f64,
    loss: f64,
    /// Rounds, or windows, of one run.
    windows: f64,
    runs: f64,
    /// The row of `contact_probability` in `summary.csv`.
    row: SummaryRow,
}

impl Measured {
    fn of(cell: &Cell, row: SummaryRow, windows: u64) -> Measured {
        let setup = &cell.setup;
        let fanout = cell.protocol.calling().fanout;
        let Some(Fanout::Peers(fanout)) = fanout else {
            panic!("a number of peers");
        };
        let label = format!(
            "n = {}, m = {fanout}, {:?}, {:?}, loss {}",
            setup.nodes, setup.sampling, setup.clock, setup.network.loss
        );
        Measured {
            label,
            clock: setup.clock,
            sampling: setup.sampling,
            n: f64::from(setup.nodes),
            m: f64::from(fanout),
            loss: setup.network.loss,
            windows: windows as f64,
            runs: row.count as f64,
            row,
        }
    }

    fn probability(&self) -> f64 {
        self.row.mean.expect("every run has windows")
    }

    /// Nodes times windows of all runs.
    fn chances(&self) -> f64 {
        self.n * self.windows * self.runs
    }

    /// Nodes not contacted, in all windows of all runs.
    fn uncontacted(&self) -> f64 {
        ((1.0 - self.probability()) * self.chances()).round()
    }
}

/// A contact model as the formulas have it, written out plainly: P0, the
/// probability to be contacted by nobody, and the variance of the number of
/// such nodes in a window.
#[derive(Clone, Copy)]
struct Law {
    p0: f64,
    variance: f64,
}

/// The law of common rounds: each node calls exactly once in a window.
fn law_of_rounds(cell: &Measured, sampling: Sampling) -> Law {
    let (n, m, q) = (cell.n, cell.m, cell.loss);
    let b = if sampling.includes_self() { n } else { n - 1.0 };
    let (p0, both) = if sampling.is_distinct() {
        // Of two given nodes, j are among the m targets: h(j).
        let pairs = b * (b - 1.0);
        let h = [
            (b - m) * (b - m - 1.0) / pairs,
            2.0 * m * (b - m) / pairs,
            m * (m - 1.0) / pairs,
        ];
        let neither = h[0] + q * h[1] + q * q * h[2];
        let miss = 1.0 - m * (1.0 - q) / b;
        (
            libm::pow(miss, n - 1.0),
            libm::pow(neither, n - 2.0) * miss * miss,
        )
    } else {
        let miss = 1.0 - (1.0 - q) / b;
        let neither = 1.0 - 2.0 * (1.0 - q) / b;
        (
            libm::pow(miss, m * (n - 1.0)),
            libm::pow(neither, m * (n - 2.0)) * libm::pow(miss, 2.0 * m),
        )
    };
    let variance = n * p0 * (1.0 - p0) + n * (n - 1.0) * (both - p0 * p0);
    Law { p0, variance }
}

/// The law of Poisson clocks with distinct targets: the calls to a node within
/// a window are Poisson of mean m(1-q)(n-1)/b. The variance holds for constant
/// latency, and for any at m = 1.
fn law_of_poisson_clocks(cell: &Measured) -> Law {
    let (n, m, q) = (cell.n, cell.m, cell.loss);
    assert!(cell.sampling.is_distinct());
    let includes_self = cell.sampling.includes_self();
    let b = if includes_self { n } else { n - 1.0 };
    let p0 = libm::exp(-m * (1.0 - q) * (n - 1.0) / b);
    // One cycle of a third node reaches both of two given nodes, by chance:
    let reaches_both = (1.0 - q) * (1.0 - q) * m * (m - 1.0) / (b * (b - 1.0));
    let both = p0 * p0 * libm::exp((n - 2.0) * reaches_both);
    let variance = n * p0 * (1.0 - p0) + n * (n - 1.0) * (both - p0 * p0);
    Law { p0, variance }
}

fn law(cell: &Measured) -> Law {
    match cell.clock {
        Clock::Poisson => law_of_poisson_clocks(cell),
        Clock::Synchronous | Clock::Periodic => law_of_rounds(cell, cell.sampling),
    }
}

/// A bound, exact in this direction, on the probability that a sum of rare
/// events with mean `mean` is as far from it as `count`, on that side:
/// e^(count - mean) (mean / count)^count, Chernoff's for a Poisson law.
///
/// Why it applies although nodes are not independent: a caller's targets are a
/// random subset of fixed size, so the indicators "hit by it" are negatively
/// associated; so are those of independent callers together, and the
/// indicators "hit by nobody", decreasing functions of disjoint sets of them
/// (Joag-Dev and Proschan 1983; a lost call only takes one out at random). For
/// negatively associated indicators E e^(tX) is at most that of independent
/// ones, for both signs of t, and that at most the Poisson law's, e^(mean (e^t
/// - 1)); Chernoff's bound rests on nothing else. Rounds are independent.
fn rare_tail(count: f64, mean: f64) -> f64 {
    match count == 0.0 {
        true => libm::exp(-mean),
        false => libm::exp(count - mean - count * libm::log(count / mean)),
    }
}

/// Do the cells obey their laws?
///
/// - At least 10 expected uncontacted nodes: z from the law's own standard
///   deviation. |z| < 4.5 has chance 7e-6 a cell if z is normal.
/// - The cells' dice are independent, so the sum of their z^2 is chi-square with
///   as many degrees of freedom as there are cells, and its mean 1 +- sqrt(2 /
///   cells); beyond the quantiles of 1e-5 on either side we refuse. Each z is a
///   mean over at least 120 independent rounds. Its fourth moment, 3 + 1/mean
///   for the rarest (a Poisson count of mean 10 at worst), widens the law of z^2
///   by less than 3 % in such a cell, and there are few.
/// - Fewer expected: the total count by the tail of [`rare_tail`].
fn check(cells: &[(&Measured, Law)]) -> Result<(), String> {
    let mut squares = 0.0;
    let mut judged = 0.0;
    for (cell, law) in cells {
        let expected = law.p0 * cell.chances();
        if expected < 10.0 {
            let count = cell.uncontacted();
            let tail = rare_tail(count, expected);
            if tail < FALSE_ALARM {
                let label = &cell.label;
                return Err(format!(
                    "{label}: {count} uncontacted of {expected} expected"
                ));
            }
            continue;
        }
        let se = (law.variance / (cell.windows * cell.runs)).sqrt() / cell.n;
        let z = (cell.probability() - (1.0 - law.p0)) / se;
        if z.abs() >= 4.5 {
            return Err(format!("{}: z = {z}", cell.label));
        }
        squares += z * z;
        judged += 1.0;
    }
    let lower = ChiSquared::new(judged).map(|law| law.cdf(squares));
    let lower = lower.map_err(|error| error.to_string())?;
    if lower.min(1.0 - lower) < FALSE_ALARM {
        return Err(format!("the {judged} cells have sum of z^2 {squares}"));
    }
    Ok(())
}

fn check_laws(cells: &[Measured]) -> Result<(), String> {
    let with_law: Vec<_> = cells.iter().map(|cell| (cell, law(cell))).collect();
    check(&with_law)
}

/// The real file's cells, at its own replicates or fewer.
fn measure(file: &str, replicates: Option<u64>) -> Vec<Measured> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(file);
    let overrides = Overrides {
        replicates,
        ..Overrides::default()
    };
    let scenario = Scenario::read(&path, PROTOCOLS, &overrides).expect("a valid scenario");
    let mut collected = CellRuns::new(&scenario.asked());
    let mut measured = Vec::new();
    let jobs = std::thread::available_parallelism().map_or(1, |jobs| jobs.get());
    let take = |cell: &Cell, replicate, run: Result<gossim::metrics::Run, _>| {
        let run = run.expect("no protocol panics");
        collected.push(&run);
        if replicate + 1 == scenario.replicates {
            let windows = run.contacts.map_or(0, |contacts| contacts.windows());
            let mut rows = collected.finish(cell).expect("in memory").rows;
            rows.retain(|row| row.metric == "contact_probability");
            let row = rows.pop().expect("the metric");
            measured.push(Measured::of(cell, row, windows));
        }
        Ok::<(), Infallible>(())
    };
    sweep::run_plain(&scenario, &Selection::All, jobs, take, || ()).expect("a sweep");
    measured
}

static PROBABILITY: LazyLock<Vec<Measured>> =
    LazyLock::new(|| measure("contact_probability.toml", None));
static SAMPLINGS: LazyLock<Vec<Measured>> =
    LazyLock::new(|| measure("contact_samplings.toml", None));
static CLOCKS: LazyLock<Vec<Measured>> = LazyLock::new(|| measure("contact_clocks.toml", Some(20)));

fn is_close(got: f64, want: f64, error: f64) -> bool {
    (got - want).abs() <= error * want.abs()
}

/// The summary's theory is that of the formulas: P to 12 digits; the standard
/// deviation to 6, since the plain formula loses some.
fn theory_is_that_of_the_formulas(cells: &[Measured]) {
    for cell in cells {
        let Law { p0, variance } = law(cell);
        let row = &cell.row;
        let label = &cell.label;
        let theory = row.theory.expect("theory applies");
        assert!(is_close(theory, 1.0 - p0, 1e-12), "{label}: {theory}");
        let sd = row.theory_sd.expect("a known standard deviation");
        let want = (variance / cell.windows).sqrt() / cell.n;
        assert!(is_close(sd, want, 1e-6), "{label}: {sd} {want}");
        let limit = row.theory_limit.expect("a limit");
        let want = 1.0 - libm::exp(-cell.m * (1.0 - cell.loss));
        assert!(is_close(limit, want, 1e-12), "{label}: {limit}");
        let z = row.z.expect("z");
        let want = (cell.probability() - theory) / (sd / cell.runs.sqrt());
        assert!((z - want).abs() < 1e-9, "{label}: {z} {want}");
    }
}

#[test]
fn every_cell_of_contact_probability_obeys_its_law() {
    let cells = &*PROBABILITY;
    assert_eq!(cells.len(), 84);
    theory_is_that_of_the_formulas(cells);
    let seen = cells.iter().all(|cell| cell.chances() == 1_200_000.0);
    assert!(seen, "node-rounds of each cell");
    assert_eq!(check_laws(cells), Ok(()));
}

#[test]
fn every_interval_of_contact_probability_is_narrower_than_0_002() {
    for cell in &*PROBABILITY {
        let (low, high) = cell.row.ci95.expect("an interval");
        let width = high - low;
        assert!(width < 0.002, "{}: {width}", cell.label);
        assert!(low <= cell.probability() && cell.probability() <= high);
    }
}

#[test]
fn every_cell_of_contact_samplings_obeys_its_law() {
    let cells = &*SAMPLINGS;
    assert_eq!(cells.len(), 4 * 3 * 2 * 3);
    theory_is_that_of_the_formulas(cells);
    assert_eq!(check_laws(cells), Ok(()));
}

/// All cells of a sweep share one clock, replicate by replicate. Under a Poisson
/// clock the number of ticks is chance that they share, so that the sum of z^2
/// has no known law there: those cells are judged one by one.
#[test]
fn every_cell_of_contact_clocks_obeys_its_law() {
    let cells = &*CLOCKS;
    assert_eq!(cells.len(), 3 * 4 * 3);
    theory_is_that_of_the_formulas(cells);
    let with_law = cells.iter().map(|cell| (cell, law(cell)));
    let (poisson, rounds): (Vec<_>, Vec<_>) =
        with_law.partition(|(cell, _)| cell.clock == Clock::Poisson);
    assert_eq!(check(&rounds), Ok(()));
    for cell in poisson {
        assert_eq!(check(&[cell]), Ok(()));
    }
}

/// The same Poisson cells, each with clocks of its own, and with loss: all
/// together, by the law's own standard deviation.
#[test]
fn cells_under_poisson_clocks_obey_their_law_together() {
    let mut cells = Vec::new();
    for (n, windows) in [(10, 2000), (30, 700), (100, 200)] {
        for m in [1, 2, 3, 5] {
            for (loss, sampling) in [(0.0, "others"), (0.2, "all")] {
                let rounds = windows + 2;
                let cell = cell(&format!(
                    "stop.all_informed=false measure.series=false clock.mode=poisson protocol.calls=always \
                     nodes.count={n} stop.rounds={rounds} protocol.fanout={m} network.loss={loss} protocol.sampling={sampling}"
                ));
                let mut collected = CellRuns::new(&cell.asked());
                let seed = 500 + cells.len() as u64;
                runs(&cell, seed, 20)
                    .iter()
                    .for_each(|run| collected.push(run));
                let mut rows = collected.finish(&cell).expect("in memory").rows;
                rows.retain(|row| row.metric == "contact_probability");
                let row = rows.pop().expect("the metric");
                cells.push(Measured::of(&cell, row, windows));
            }
        }
    }
    theory_is_that_of_the_formulas(&cells);
    assert_eq!(check_laws(&cells), Ok(()));
}

/// The check can fail: at n = 10 each sampling's cells, one at a time, are
/// refused under the formula of every other sampling.
#[test]
fn the_formula_of_another_sampling_is_refused_at_ten_nodes() {
    let mut refused = 0;
    for cell in SAMPLINGS.iter().chain(&*PROBABILITY) {
        if cell.n != 10.0 || law(cell).p0 * cell.chances() < 10.0 {
            continue;
        }
        for &(name, _, sampling) in Sampling::ALL {
            if sampling == cell.sampling {
                continue;
            }
            let wrong = law_of_rounds(cell, sampling);
            // At m = 1 distinct or not makes no difference to P.
            if is_close(wrong.p0, law(cell).p0, 1e-9) {
                continue;
            }
            let verdict = check(&[(cell, wrong)]);
            assert!(verdict.is_err(), "{} passes for {name}", cell.label);
            refused += 1;
        }
    }
    // 24 cells with three wrong formulas each, 10 of m = 1 to 5 (two wrong ones
    // at m = 1) and one of m = 8.
    assert!(refused > 90, "{refused}");
}

/// ... nor does the number of cells hide an error: a law that is off by one
/// standard error in each cell (the mean of z^2 is 2 then), or by 9.1 in one
/// (whose own z may take up to 4.5 of them away), and a count of 12 where 0.6
/// are expected.
#[test]
fn a_small_fault_is_refused() {
    let shifted = |by: &dyn Fn(usize) -> f64| -> Vec<(&Measured, Law)> {
        let shift = |(place, cell): (usize, &'static Measured)| {
            let Law { p0, variance } = law(cell);
            let se = (variance / (cell.windows * cell.runs)).sqrt() / cell.n;
            let p0 = p0 + by(place) * se;
            (cell, Law { p0, variance })
        };
        PROBABILITY.iter().enumerate().map(shift).collect()
    };
    assert_eq!(check(&shifted(&|_| 0.0)), Ok(()));
    assert!(check(&shifted(&|_| 1.0)).is_err());
    for sign in [-9.1, 9.1] {
        assert!(check(&shifted(&|place| if place == 7 { sign } else { 0.0 })).is_err());
    }
    assert!(rare_tail(12.0, 0.6) < FALSE_ALARM);
    assert!(rare_tail(3.0, 0.6) > FALSE_ALARM);
}

/// Neither formula passes for the other clock's at n = 10.
#[test]
fn the_formula_of_another_clock_is_refused_at_ten_nodes() {
    for cell in CLOCKS.iter().filter(|cell| cell.n == 10.0) {
        let wrong = match cell.clock {
            Clock::Poisson => law_of_rounds(cell, cell.sampling),
            Clock::Synchronous | Clock::Periodic => law_of_poisson_clocks(cell),
        };
        assert!(check(&[(cell, wrong)]).is_err(), "{}", cell.label);
    }
}

fn contact_law(cell: &Cell) -> Result<laws::Found, laws::Refusal> {
    laws::find(Subject::Contacts, cell)
}

/// What theory says of a cell's contacts.
struct Theory {
    law: &'static str,
    probability: f64,
}

/// One cell, whose standard error is the law's where known, else the sample's
/// (windows of one run may be dependent then, runs are not).
fn against_theory(settings: &str, seed: u64, replicates: u64) -> (Mean, Theory) {
    let settings = format!("stop.all_informed=false measure.series=false {settings}");
    let cell = cell(&settings);
    let found = contact_law(&cell).expect("a law");
    let runs = runs(&cell, seed, replicates);
    let observed = Observed {
        windows: runs[0].contacts.as_ref().map(|c| c.windows()),
        ..Observed::default()
    };
    let law = found
        .law
        .expected("contact_probability", &observed, &mut Worked::default());
    let law = law.expect("an expectation");
    let sample = values(&cell, &runs, "contact_probability");
    let mean = match law.sd {
        Some(sd) => Mean::with_sd(&sample, sd),
        None => Mean::of(&sample),
    };
    let theory = Theory {
        law: found.name,
        probability: law.mean,
    };
    (mean, theory)
}

/// 1-e^-m(1-q) at n = 10 whatever the law of latency. 20 windows of warm-up
/// leave no trace of the start: exponential latencies of half a period exceed
/// them with probability e^-40.
#[test]
fn poisson_clocks_have_their_law_at_every_latency() {
    let base = "clock.mode=poisson protocol.calls=always stop.rounds=2020 measure.warm_up=20";
    let latencies = [
        r#"{kind="constant",value="0s"}"#,
        r#"{kind="constant",value="300ms"}"#,
        r#"{kind="exponential",mean="500ms"}"#,
        r#"{kind="uniform",low="0s",high="4s"}"#,
        r#"{kind="lognormal",median="200ms",sigma=0.5}"#,
    ];
    let mut seed = 100;
    for latency in latencies {
        for (m, q, sampling) in [
            (1.0, 0.0, "others"),
            (2.0, 0.0, "others"),
            (3.0, 0.25, "others"),
            (2.0, 0.1, "all"),
        ] {
            let settings = format!(
                "{base} network.latency={latency} protocol.fanout={m} network.loss={q} protocol.sampling={sampling}"
            );
            let share = if sampling == "all" { 0.9 } else { 1.0 };
            let exact = 1.0 - libm::exp(-m * (1.0 - q) * share);
            seed += 1;
            let (mean, model) = against_theory(&settings, seed, 25);
            assert!(is_close(model.probability, exact, 1e-12), "{settings}");
            assert_eq!(model.law, "contact-poisson");
            assert_eq!(mean.check(exact, 0.0), Ok(()), "{settings}");
            // The synchronous law is far away.
            let b = if sampling == "all" { 10.0 } else { 9.0 };
            let wrong = 1.0 - libm::pow(1.0 - m * (1.0 - q) / b, 9.0);
            assert!(mean.check(wrong, 0.0).is_err(), "{settings}");
        }
    }
}

#[test]
fn periodic_clocks_with_constant_latency_have_the_law_of_rounds() {
    let base = "clock.mode=periodic protocol.calls=always stop.rounds=2000";
    let table = [
        ("others", r#""0s""#, 2.0, 0.0, 0.89584),
        ("others", r#""700ms""#, 2.0, 0.0, 0.89584),
        ("all", r#""700ms""#, 2.0, 0.0, 0.86578),
        ("others-with-replacement", r#""1s""#, 2.0, 0.0, 0.87998),
        ("all-with-replacement", r#""1999ms""#, 2.0, 0.0, 0.84991),
    ];
    for (seed, (sampling, latency, m, q, published)) in (200..).zip(table) {
        let settings = format!(
            r#"{base} network.latency={{kind="constant",value={latency}}} protocol.fanout={m} network.loss={q} protocol.sampling={sampling}"#
        );
        let (mean, model) = against_theory(&settings, seed, 40);
        assert_eq!(model.law, "contact");
        assert!((model.probability - published).abs() < 5e-6, "{settings}");
        let right = mean.check(model.probability, 0.0);
        assert_eq!(right, Ok(()), "{settings}");
        let poisson = 1.0 - libm::exp(-m);
        let wrong = mean.check(poisson, 0.0);
        // "all" is next to the Poisson clock's 0.864665 here: too close to ask.
        assert!(wrong.is_err() || sampling == "all", "{settings}");
    }
}

/// A contact is another node's call: the replies of pull and push-pull, the
/// empty calls of push and a draw of itself make no difference. (If replies
/// counted, nearly every node of push-pull would be contacted.)
#[test]
fn replies_are_no_contacts() {
    let kinds = [
        "push protocol.calls=always",
        "pull protocol.calls=always",
        "push-pull",
    ];
    let clocks = ["synchronous", "periodic", "poisson"];
    let mut seed = 600;
    for kind in kinds {
        for clock in clocks {
            for sampling in ["others", "all"] {
                let settings = format!(
                    "protocol.kind={kind} clock.mode={clock} protocol.fanout=2 protocol.sampling={sampling} network.loss=0.1 stop.rounds=1000 workload.sources=5"
                );
                seed += 1;
                let (mean, model) = against_theory(&settings, seed, 20);
                assert_eq!(mean.check(model.probability, 0.0), Ok(()), "{settings}");
            }
        }
    }
}

/// Measured by an independent program: 0.8827 +- 0.0006; no closed form is
/// known, so none is shown. The other laws are 0.8646 and 0.8958.
#[test]
fn periodic_clocks_with_exponential_latency_have_no_theory() {
    let cell = cell(
        r#"clock.mode=periodic protocol.calls=always protocol.fanout=2 stop.all_informed=false
        stop.rounds=2020 measure.warm_up=20 measure.series=false
        network.latency={kind="exponential",mean="500ms"}"#,
    );
    let why = contact_law(&cell).err().expect("no theory").why;
    assert!(why.contains("no closed form"), "{why}");
    let runs = runs(&cell, 300, 100);
    let mean = Mean::of(&values(&cell, &runs, "contact_probability"));
    assert!(mean.se < 0.0004, "{mean:?}");
    assert_eq!(mean.check(0.8827, 0.0006), Ok(()));
    for other in [0.864_665, 0.895_84] {
        assert!(mean.check(other, 0.0006).is_err());
    }
}

/// Published values at n = 1000, and the effect of loss.
#[test]
fn a_thousand_nodes_have_the_published_probabilities() {
    let published = [(1.0, 0.632_305), (2.0, 0.864_936), (3.0, 0.950_437)];
    let others = PROBABILITY.iter().filter(|cell| {
        cell.n == 1000.0 && cell.sampling == Sampling::Others && [1.0, 2.0, 3.0].contains(&cell.m)
    });
    let theory: Vec<_> = others.map(|cell| (cell.m, cell.row.theory)).collect();
    assert_eq!(theory.len(), 3);
    for ((m, want), (m_got, got)) in published.into_iter().zip(theory) {
        assert_eq!(m, m_got);
        assert!((got.expect("theory") - want).abs() < 5e-7);
    }
    let settings =
        "nodes.count=1000 protocol.calls=always stop.rounds=30 protocol.fanout=3 network.loss=0.1";
    let (mean, model) = against_theory(settings, 400, 40);
    assert!((model.probability - 0.933_040).abs() < 5e-7);
    assert_eq!(mean.check(model.probability, 0.0), Ok(()));
}

/// Where a model's assumptions are not met, no theory rather than a wrong one.
#[test]
fn no_theory_where_none_applies() {
    for settings in [
        "",
        "protocol.kind=pull",
        r#"protocol.calls=always network.topology={kind="random-view",size=3}"#,
        "protocol.calls=always measure.contact=false",
        "protocol.calls=always stop.all_informed=true",
        "protocol.calls=always stop.max_events=1000",
        r#"protocol.calls=always clock.mode=periodic measure.warm_up=0 network.latency={kind="constant",value="1ms"}"#,
        r#"protocol.calls=always clock.mode=periodic network.latency={kind="uniform",low="0s",high="1ms"}"#,
        r#"protocol.calls=always clock.mode=poisson network.latency={kind="exponential",mean="1s"}"#,
        r#"protocol.calls=always clock.mode=poisson protocol.sampling=all-with-replacement protocol.fanout=2
           network.latency={kind="uniform",low="0s",high="1ms"}"#,
    ] {
        let cell = cell(&format!("stop.all_informed=false {settings}"));
        assert!(contact_law(&cell).is_err(), "{settings}");
    }
    for kind in [
        "push protocol.calls=always",
        "pull protocol.calls=always",
        "push-pull",
    ] {
        let cell = cell(&format!("stop.all_informed=false protocol.kind={kind}"));
        assert!(contact_law(&cell).is_ok(), "{kind}");
    }
}
