//! A row of `summary.csv`.

/// One metric of one cell. Fields are empty where there is no value; if a run
/// lacks the metric, so are the mean and all that rests on it, and minimum,
/// quantiles and maximum describe the runs that have it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SummaryRow {
    /// The metric's column in `runs.csv`, or [`ALL_INFORMED`](crate::laws::ALL_INFORMED).
    pub metric: String,
    /// Runs that have a value.
    pub count: u64,
    /// Runs that have none.
    pub missing: u64,
    /// The mean.
    pub mean: Option<f64>,
    /// The standard deviation over runs (n - 1).
    pub sd: Option<f64>,
    /// The standard error of the mean.
    pub se: Option<f64>,
    /// The 95 % interval of the mean, by Student's t; of a share, Wilson's.
    pub ci95: Option<(f64, f64)>,
    /// The least value.
    pub min: Option<f64>,
    /// The median (type 7).
    pub p50: Option<f64>,
    /// The quantile 0.99 (type 7), from 100 runs on.
    pub p99: Option<f64>,
    /// The greatest value.
    pub max: Option<f64>,
    /// The exact finite value.
    pub theory: Option<f64>,
    /// The exact standard deviation of one run, where known.
    pub theory_sd: Option<f64>,
    /// The value for many nodes.
    pub theory_limit: Option<f64>,
    /// The model that theory comes from.
    pub model: Option<&'static str>,
    /// (mean - theory) over the standard error of the mean: the model's own
    /// where known, else the sample's.
    pub z: Option<f64>,
}
