//! Forecasts of past cutoffs beside what came: each made with nothing but what was visible then.

use crate::dataset::{Dataset, Known, Mode, Origin};
use crate::error::Problems;
use crate::month::Month;
use crate::point;
use crate::stages::Parameters;

/// One forecast number beside what came.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Series.
    pub series: usize,
    /// The cutoff: the last month seen.
    pub cutoff: Month,
    /// The month forecast.
    pub month: Month,
    /// Months after the one made.
    pub lag: i32,
    /// Units sold.
    pub actual: f64,
    /// Units forecast, unrounded.
    pub forecast: f64,
}

/// Runs the forecast at each cutoff, with the parameters that `fit` gives for it.
pub fn run<'d>(data: &'d Dataset, cutoffs: &[Month], mut fit: impl FnMut(&Known<'d>) -> Parameters) -> Vec<Row> {
    let mut rows = Vec::new();
    for &cutoff in cutoffs {
        let known = data.at(Origin { as_of: cutoff.last_day(), cutoff, made: cutoff, mode: Mode::Close });
        let parameters = fit(&known);
        let out = point::steps(&known, &parameters, &mut Problems::default());
        for (k, &month) in out.baseline.months.iter().enumerate() {
            let Ok(t) = usize::try_from(month.since(data.start)) else { continue };
            if t >= data.months() {
                continue;
            }
            for series in 0..data.grid.series.len() {
                rows.push(Row {
                    series,
                    cutoff,
                    month,
                    lag: known.origin.lag(month),
                    actual: data.units[(series, t)],
                    forecast: out.baseline.units[(series, k)],
                });
            }
        }
    }
    rows
}
