//! Axes: from values to places, and the ticks between. Logarithms come from `libm`, so that a tick stands on the
//! same pixel on every machine.

use super::words;

/// How values are spread along an axis.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By their logarithm.
    Log,
}

/// A labelled value on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// The value.
    pub at: f64,
    /// What stands beside it.
    pub label: String,
}

/// An axis: its range and its ticks.
#[derive(Clone, Debug)]
pub struct PlotAxis {
    /// How values are spread.
    pub scale: Scale,
    /// The value at its beginning.
    pub low: f64,
    /// The value at its end.
    pub high: f64,
    /// Labelled values, rising.
    pub ticks: Vec<Tick>,
    /// Values with a small tick.
    pub minor: Vec<f64>,
}

impl PlotAxis {
    /// An even axis with about `wanted` ticks.
    pub fn linear(low: f64, high: f64, wanted: u32) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        let (step, decimals) = round_step((high - low) / f64::from(wanted.max(1)));
        let (first, last) = (
            (low / step - 1e-9).ceil() as i64,
            (high / step + 1e-9).floor() as i64,
        );
        let ticks = (first..=last).map(|i| {
            let at = i as f64 * step;
            let label = words::number(&format!("{at:.decimals$}"));
            Tick { at, label }
        });
        PlotAxis {
            scale: Scale::Linear,
            low,
            high,
            ticks: ticks.collect(),
            minor: Vec::new(),
        }
    }

    /// An even axis with a tick at each of the values, or at round ones where these are many.
    pub fn at_values(low: f64, high: f64, values: &[f64]) -> Self {
        let mut axis = PlotAxis::linear(low, high, 8);
        if values.len() <= 10 {
            let tick = |&at: &f64| Tick {
                at,
                label: words::number(&format!("{at}")),
            };
            axis.ticks = values
                .iter()
                .filter(|&&v| v >= low && v <= high)
                .map(tick)
                .collect();
        }
        axis
    }

    /// A logarithmic axis, both ends above 0; its labels are `0.1`, `1`, `10` or, where it reaches far, `10⁻¹`.
    pub fn log(low: f64, high: f64) -> Self {
        let high = if high > low { high } else { low * 10.0 };
        let (first, last) = (
            libm::log10(low).floor() as i32,
            libm::log10(high).ceil() as i32,
        );
        let within = |value: &f64| *value >= low * (1.0 - 1e-9) && *value <= high * (1.0 + 1e-9);
        let at = |mantissas: &[f64]| -> Vec<(f64, i32, f64)> {
            let decades = (first..=last)
                .flat_map(|e| mantissas.iter().map(move |&m| (m, e, scientific(m, e))));
            decades.filter(|(_, _, value)| within(value)).collect()
        };
        let mut labelled = at(&[1.0]);
        for mantissas in [
            &[1.0, 3.0][..],
            &[1.0, 2.0, 5.0],
            &[1.0, 2.0, 3.0, 5.0, 7.0],
        ] {
            if labelled.len() < 3 {
                labelled = at(mantissas);
            }
        }
        let plain = low >= 0.005 && high < 2e6;
        let tick = |(mantissa, exponent, at): (f64, i32, f64)| Tick {
            at,
            label: match plain {
                true => words::number(&format!("{at}")),
                false if mantissa == 1.0 => words::power(exponent),
                false => format!("{mantissa}·{}", words::power(exponent)),
            },
        };
        PlotAxis {
            scale: Scale::Log,
            low,
            high,
            ticks: labelled.into_iter().map(tick).collect(),
            minor: at(&[2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0])
                .into_iter()
                .map(|(_, _, v)| v)
                .collect(),
        }
    }

    /// Where a value is: 0 at the axis's beginning, 1 at its end. On a logarithmic axis what is not above 0 is
    /// below everything.
    pub fn share(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Log if value <= 0.0 => -1.0,
            Scale::Log => {
                let (low, high) = (libm::log10(self.low), libm::log10(self.high));
                (libm::log10(value) - low) / (high - low)
            }
        }
    }

    /// Leaves out ticks until no two labels touch: `extent` gives a label's length as a share of the axis. Every
    /// second, third, ... tick stays, from the first.
    pub fn thin(&mut self, extent: impl Fn(&str) -> f64) {
        let fits = |every: usize| {
            let kept: Vec<&Tick> = self.ticks.iter().step_by(every).collect();
            kept.windows(2).all(|pair| {
                let apart = self.share(pair[1].at) - self.share(pair[0].at);
                apart >= (extent(&pair[0].label) + extent(&pair[1].label)) / 2.0
            })
        };
        let every = (1..=self.ticks.len().max(1))
            .find(|&every| fits(every))
            .unwrap_or(1);
        let mut index = 0;
        self.ticks.retain(|_| {
            index += 1;
            (index - 1) % every == 0
        });
    }
}

/// The least step of 1, 2 or 5 times a power of ten that is at least `wanted`, and how many decimals it needs.
fn round_step(wanted: f64) -> (f64, usize) {
    let exponent = libm::log10(wanted).floor() as i32;
    let candidates = [
        (1.0, exponent),
        (2.0, exponent),
        (5.0, exponent),
        (1.0, exponent + 1),
    ];
    let enough = |&(mantissa, exponent): &(f64, i32)| {
        scientific(mantissa, exponent) >= wanted * (1.0 - 1e-9)
    };
    let (mantissa, exponent) = candidates
        .into_iter()
        .find(enough)
        .unwrap_or((1.0, exponent + 1));
    let decimals = exponent.min(0).unsigned_abs() as usize;
    (scientific(mantissa, exponent), decimals)
}

/// The least calm number that is at least `value`: an end for an axis that begins at 0.
pub fn round_up(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let exponent = libm::log10(value).floor() as i32;
    let mantissas = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 8.0];
    let mut ends = mantissas
        .into_iter()
        .map(|mantissa| scientific(mantissa, exponent));
    ends.find(|&end| end >= value * (1.0 - 1e-9))
        .unwrap_or_else(|| scientific(1.0, exponent + 1))
}

/// `mantissa` times 10 to a whole power, correctly rounded by way of text: 3 times 0.1 is 0.3.
fn scientific(mantissa: f64, exponent: i32) -> f64 {
    let text = format!("{mantissa}e{}", exponent.clamp(-300, 300));
    text.parse().unwrap_or(1.0)
}
