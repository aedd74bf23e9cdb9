//! From a sample and a law to a verdict.

use super::experiment::{Claim, Experiment, Law, Sample};
use crate::stats::{Summary, chi_square, kolmogorov_smirnov, normal, quantile, tails};

/// A row fails beyond so many standard errors: of a thousand rows that are
/// right, one in 150 such validations would refuse one.
pub const Z_MAX: f64 = 4.5;

/// Where nothing varies, any distance counts as so many.
const Z_CERTAIN: f64 = 1000.0;

/// A reading that is wrong must be so many standard errors away.
const Z_WRONG: f64 = 10.0;

/// Values are put together until so many of them are expected.
const EXPECTED_MIN: f64 = 10.0;

/// One claim, judged.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// The experiment's name.
    pub experiment: String,
    /// Where the claim comes from.
    pub source: &'static str,
    /// What was measured.
    pub what: String,
    /// What a paper printed.
    pub published: &'static str,
    /// What is expected: exact, or an independent program's, which has an error.
    pub expected: f64,
    /// That error; 0 if exact.
    pub expected_se: f64,
    /// What was measured.
    pub measured: f64,
    /// Its standard error, of the model where known.
    pub se: f64,
    /// Values that it rests on.
    pub count: u64,
    /// Runs that should have had a value and had none.
    pub missing: u64,
    /// (measured - expected) over the standard error; of a whole law, the
    /// normal deviate that is as improbable as its test's statistic.
    pub z: f64,
    /// Does the claim hold?
    pub verdict: Verdict,
}

/// Does a claim hold?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Yes.
    Pass,
    /// Yes: this reading of a paper is as wrong as it should be.
    Differs,
    /// No.
    Fail,
}

impl Verdict {
    /// As in the table.
    pub fn text(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Differs => "differs",
            Verdict::Fail => "FAIL",
        }
    }
}

/// What a law expects and what was seen.
struct Seen {
    what: &'static str,
    expected: f64,
    expected_se: f64,
    measured: f64,
    se: f64,
    z: f64,
}

pub(super) fn row(experiment: &Experiment, claim: &Claim, sample: &Sample) -> Row {
    let seen = see(&claim.law, &sample.values);
    let is_whole = sample.missing == 0 && !sample.values.is_empty();
    let verdict = match claim.law {
        Law::Not { .. } if is_whole && seen.z.abs() >= Z_WRONG => Verdict::Differs,
        Law::Not { .. } => Verdict::Fail,
        _ if is_whole && seen.z.abs() <= Z_MAX => Verdict::Pass,
        _ => Verdict::Fail,
    };
    Row {
        experiment: experiment.name.clone(),
        source: experiment.source,
        what: format!("{}{}", claim.what, seen.what),
        published: claim.published,
        expected: seen.expected,
        expected_se: seen.expected_se,
        measured: seen.measured,
        se: seen.se,
        count: sample.values.len() as u64,
        missing: sample.missing,
        z: seen.z,
        verdict,
    }
}

fn see(law: &Law, values: &[f64]) -> Seen {
    let count = values.len() as f64;
    let summary = Summary::of(values);
    let measured = summary.as_ref().map_or(0.0, |summary| summary.mean);
    let sd = summary
        .as_ref()
        .and_then(|summary| summary.sd)
        .unwrap_or(0.0);
    let of_mean = |expected: f64, expected_se: f64, sd: f64| {
        let se = if count > 0.0 { sd / count.sqrt() } else { 0.0 };
        Seen {
            what: "",
            expected,
            expected_se,
            measured,
            se,
            z: z(measured - expected, libm::hypot(se, expected_se)),
        }
    };
    match law {
        Law::Mean { exact, sd: known } => of_mean(*exact, 0.0, known.unwrap_or(sd)),
        Law::Reference { mean, se } => of_mean(*mean, *se, sd),
        Law::Not { mean } => of_mean(*mean, 0.0, sd),
        Law::Probability { exact } => of_probability(*exact, values),
        Law::Deviation { exact } => of_deviation(*exact, sd, values, measured),
        Law::Discrete(law) => of_discrete(law, values),
        Law::Continuous(cdf) => of_continuous(cdf, values),
    }
}

/// The distance in standard errors. Where nothing varies, any distance is too much.
fn z(distance: f64, se: f64) -> f64 {
    match (distance == 0.0, se > 0.0) {
        (true, _) => 0.0,
        (false, true) => distance / se,
        (false, false) => Z_CERTAIN.copysign(distance),
    }
}

/// The normal deviate with this probability above it.
fn deviate(p: f64) -> f64 {
    let p = p.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON);
    -normal::quantile(p)
}

/// By the exact tails: the share may be one of few.
fn of_probability(exact: f64, values: &[f64]) -> Seen {
    let trials = values.len() as u64;
    let successes = values.iter().sum::<f64>();
    let [above, below] = [
        tails::binomial_tail_upper(successes as u64, trials, exact),
        tails::binomial_tail_lower(successes as u64, trials, exact),
    ];
    // Half of what is exactly as seen belongs to either side.
    let half = 0.5 * (above + below - 1.0);
    let count = trials as f64;
    Seen {
        what: ", share of runs",
        expected: exact,
        expected_se: 0.0,
        measured: successes / count,
        se: (exact * (1.0 - exact) / count).sqrt(),
        z: if above < below {
            deviate(above - half)
        } else {
            -deviate(below - half)
        },
    }
}

/// The error of a sample's variance is by its own fourth moment.
fn of_deviation(exact: f64, sd: f64, values: &[f64], mean: f64) -> Seen {
    let count = values.len() as f64;
    let fourth = |value: &f64| {
        let square = (value - mean) * (value - mean);
        square * square
    };
    let fourth = values.iter().map(fourth).sum::<f64>() / count;
    let variance = sd * sd;
    let se_of_variance = ((fourth - variance * variance).max(0.0) / count).sqrt();
    Seen {
        what: ", standard deviation",
        expected: exact,
        expected_se: 0.0,
        measured: sd,
        se: se_of_variance / (2.0 * exact),
        z: z(variance - exact * exact, se_of_variance),
    }
}

/// Pearson's chi-square over values, neighbours put together where few are expected.
fn of_discrete(law: &[(f64, f64)], values: &[f64]) -> Seen {
    let count = values.len() as f64;
    let mut bins: Vec<(f64, f64, f64)> = Vec::new();
    let mut open = (f64::NEG_INFINITY, 0.0);
    for &(value, p) in law {
        open = (value, open.1 + p * count);
        if open.1 >= EXPECTED_MIN {
            bins.push((open.0, open.1, 0.0));
            open.1 = 0.0;
        }
    }
    // What is left over, and what the law leaves out, belongs to the last.
    let rest = count - bins.iter().map(|bin| bin.1).sum::<f64>();
    if let Some(last) = bins.last_mut() {
        *last = (f64::INFINITY, last.1 + rest, 0.0);
    }
    for value in values {
        let place = bins.partition_point(|bin| bin.0 < *value);
        if let Some(bin) = bins.get_mut(place) {
            bin.2 += 1.0;
        }
    }
    let distance =
        |(_, expected, seen): &(f64, f64, f64)| (seen - expected) * (seen - expected) / expected;
    let statistic = bins.iter().map(distance).sum::<f64>();
    let freedom = (bins.len() as f64 - 1.0).max(1.0);
    Seen {
        what: ", whole law (chi-square)",
        expected: freedom,
        expected_se: 0.0,
        measured: statistic,
        se: (2.0 * freedom).sqrt(),
        z: deviate(chi_square::survival(statistic, freedom)),
    }
}

fn of_continuous(cdf: impl Fn(f64) -> f64, values: &[f64]) -> Seen {
    let sorted = quantile::sorted(values);
    let root = (values.len() as f64).sqrt();
    let (distance, p) = match sorted.is_empty() {
        true => (0.0, 1.0),
        false => {
            let distance = kolmogorov_smirnov::ks_statistic(&sorted, cdf);
            (
                distance,
                kolmogorov_smirnov::ks_p_value(distance, sorted.len() as u64),
            )
        }
    };
    Seen {
        what: ", whole law (Kolmogorov-Smirnov)",
        // Mean and deviation of Kolmogorov's law.
        expected: 0.868_731_160_6,
        expected_se: 0.0,
        measured: distance * root,
        se: 0.260_332_871_1,
        z: deviate(p),
    }
}
