//! What the errors of all series together tell: how their size goes with the size of the forecast, how large the errors
//! of one series are beside the others', and the distribution of an error in these units.
//!
//! An error is `(y / f)^(1/3) - 1`: the cube root makes gamma, Poisson and negative-binomial quantities nearly normal
//! (Wilson, Hilferty 1931) and takes zeros. A count y is the span from `y` to `y + 1` beside `f + .5` (half a unit
//! either side of `y + .5`), so that every count has its probability.

use super::Shrinkage;
use super::months::Months;
use super::quantiles::{Table, mixture};

/// Half of a count's step.
pub(super) const HALF: f64 = 0.5;
/// Rows of a bin in which the mean squared error is taken, and most bins.
const BIN: usize = 200;
const MOST_BINS: usize = 12;
/// Rows from which a distribution of its own is taken for a class of sizes, and most classes.
const CLASS: usize = 400;
const MOST_CLASSES: usize = 12;
/// With fewer rows than this neither tail of 2.5% has one of its own: errors count on both sides (METHOD G).
const LOPSIDED: usize = 40;
/// Squared relative errors go with a power of the forecast between that of a constant error and that of a constant
/// relative error; a little beyond, for noise.
const POWERS: (f64, f64) = (-2.0, 0.5);
/// Mean squared relative errors below this count as this: exact forecasts.
const LEAST_SQUARE: f64 = 1e-12;

/// One comparable past row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub month: usize,
    pub series: usize,
    pub forecast: f64,
    pub actual: f64,
    pub whole: bool,
}

impl Row {
    fn size(&self) -> f64 {
        size(self.forecast, self.whole)
    }

    fn error(&self) -> f64 {
        let half = if self.whole { HALF } else { 0.0 };
        error(self.forecast, self.whole, self.actual + half)
    }
}

/// The forecast as the errors are taken relative to it.
fn size(forecast: f64, whole: bool) -> f64 {
    forecast + if whole { HALF } else { 0.0 }
}

/// Error of a value: for counts on the scale on which y covers `y .. y + 1`.
pub(super) fn error(forecast: f64, whole: bool, value: f64) -> f64 {
    (value.max(0.0) / size(forecast, whole)).cbrt() - 1.0
}

/// The value of an error, on the same scale.
pub(super) fn value(forecast: f64, whole: bool, error: f64) -> f64 {
    size(forecast, whole) * (1.0 + error).max(0.0).powi(3)
}

/// Mean squared error as a power of the forecast: `level x size^power`, on logs.
#[derive(Clone, Copy, Debug)]
struct Law {
    level: f64,
    power: f64,
    /// The mean log size, at which `level` is taken.
    middle: f64,
}

impl Law {
    /// Weighted least squares over bins of like sizes. `rows` are (log size, squared error), by size.
    fn learn(rows: &[(f64, f64)]) -> Self {
        let count = (rows.len() / BIN).clamp(1, MOST_BINS);
        let bins: Vec<(f64, f64, f64)> = parts(rows.len(), count)
            .map(|r| {
                let n = r.len() as f64;
                let (x, y) = rows[r].iter().fold((0.0, 0.0), |(x, y), row| (x + row.0, y + row.1));
                (n, x / n, (y / n).max(LEAST_SQUARE).ln())
            })
            .collect();
        let total: f64 = bins.iter().map(|b| b.0).sum();
        let middle = bins.iter().map(|b| b.0 * b.1).sum::<f64>() / total;
        let level = bins.iter().map(|b| b.0 * b.2).sum::<f64>() / total;
        let sxx: f64 = bins.iter().map(|b| b.0 * (b.1 - middle).powi(2)).sum();
        let sxy: f64 = bins.iter().map(|b| b.0 * (b.1 - middle) * (b.2 - level)).sum();
        let power = if sxx > 0.0 { (sxy / sxx).clamp(POWERS.0, POWERS.1) } else { 0.0 };
        Self { level, power, middle }
    }

    /// Standard deviation at a log size.
    fn sigma(&self, log_size: f64) -> f64 {
        (0.5 * (self.level + self.power * (log_size - self.middle))).exp()
    }
}

/// `0 .. n` cut in `count` runs of nearly the same length.
fn parts(n: usize, count: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..count).map(move |i| i * n / count..(i + 1) * n / count)
}

/// The pool.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    law: Law,
    /// Standard deviation of each series' errors in units of the law.
    factors: Vec<f64>,
    /// That of a series not known yet.
    factor: f64,
    /// Distributions of an error in units of law and factor, by class of log sizes: (its mean, table).
    classes: Vec<(f64, Table)>,
}

impl Pool {
    /// From rows with positive sizes of `months` months and `series` series, with the size of the shifts of a usual
    /// month; none without rows.
    pub(super) fn learn(rows: &[Row], months: usize, series: usize, usual_shift: f64) -> Option<Self> {
        let mut order: Vec<(f64, Row)> = rows.iter().map(|r| (r.size().ln(), *r)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        if order.is_empty() {
            return None;
        }
        let law = Law::learn(&order.iter().map(|(size, r)| (*size, r.error().powi(2))).collect::<Vec<_>>());
        let sigmas: Vec<f64> = order.iter().map(|(size, _)| law.sigma(*size)).collect();

        // The factor of a series, from what the errors of a month do not share.
        let plain = Months::learn(months, order.iter().zip(&sigmas).map(|((_, r), s)| (r.month, r.error() / s)));
        let own: Vec<f64> =
            order.iter().zip(&sigmas).map(|((_, r), s)| plain.own(r.month, r.error() / s).powi(2)).collect();
        let mut squares = vec![(0.0, 0_usize); series];
        for ((_, row), square) in order.iter().zip(&own) {
            squares[row.series].0 += square;
            squares[row.series].1 += 1;
        }
        let shrinkage = Shrinkage::learn(&squares)?;
        let factors = squares.iter().map(|&(s, n)| shrinkage.sigma(s, n)).collect();

        // Each row in units of what the series' other rows say, as the next row will be.
        let units: Vec<f64> = order
            .iter()
            .zip(&own)
            .zip(&sigmas)
            .map(|(((_, row), square), sigma)| {
                let (sum, n) = squares[row.series];
                sigma * shrinkage.sigma((sum - square).max(0.0), n - 1)
            })
            .collect();
        let shared = Months::learn(months, order.iter().zip(&units).map(|((_, r), u)| (r.month, r.error() / u)));
        let next = shared.next(usual_shift);
        let span = |(_, r): &(f64, Row), unit: f64| {
            let end = |above: f64| {
                let value = r.actual + if r.whole { above } else { 0.0 };
                shared.own(r.month, error(r.forecast, r.whole, value) / unit)
            };
            (end(0.0), end(1.0))
        };
        let count = (order.len() / CLASS).clamp(1, MOST_CLASSES);
        let classes = parts(order.len(), count)
            .map(|range| {
                let rows = &order[range.clone()];
                let mean = rows.iter().map(|o| o.0).sum::<f64>() / rows.len() as f64;
                let mut spans: Vec<(f64, f64)> =
                    rows.iter().zip(&units[range]).map(|(row, unit)| span(row, *unit)).collect();
                if rows.len() < LOPSIDED {
                    spans.extend_from_within(..);
                    spans[rows.len()..].iter_mut().for_each(|s| *s = (-s.1, -s.0));
                }
                (mean, next.widened(&mixture(&spans, rows.len())))
            })
            .collect();
        Some(Self { law, factors, factor: shrinkage.sigma(0.0, 0), classes })
    }

    /// The distribution of the error of a forecast, by place of the table.
    pub(super) fn errors(&self, forecast: f64, whole: bool, series: usize) -> impl Fn(usize) -> f64 {
        let log_size = size(forecast, whole).ln();
        let over = self.classes.partition_point(|c| c.0 <= log_size);
        let last = self.classes.len() - 1;
        let (low, high) = (&self.classes[over.saturating_sub(1)], &self.classes[over.min(last)]);
        let part = if high.0 > low.0 { ((log_size - low.0) / (high.0 - low.0)).clamp(0.0, 1.0) } else { 0.0 };
        let unit = self.law.sigma(log_size) * self.factors.get(series).unwrap_or(&self.factor);
        move |place| unit * (low.1[place] * (1.0 - part) + high.1[place] * part)
    }
}
