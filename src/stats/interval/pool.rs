//! What the errors of all series together tell: how their size goes with the size of the forecast, how large the errors
//! of one series are beside the others', the distribution of an error in these units, and how far series have ever gone.

use super::quantiles::{MIDDLE, STEPS, Table, mixture};
use super::recent::Recent;
use super::scale::Scale;
use super::squeeze::Squeeze;

/// Rows of a bin in which the mean squared error is taken, and most bins.
const BIN: usize = 200;
const MOST_BINS: usize = 12;
/// Rows from which a distribution of its own is taken for a class of sizes, and most classes.
const CLASS: usize = 400;
const MOST_CLASSES: usize = 12;
/// With fewer rows than this neither tail of 2.5% has one of its own: errors count on both sides
/// (docs/METHOD.md#intervals).
const LOPSIDED: usize = 40;
/// Squared relative errors go with a power of the forecast between that of a constant error and that of a constant
/// relative error; a little beyond, for noise.
const POWERS: (f64, f64) = (-2.0, 0.5);
/// Mean squared relative errors below this count as this: exact forecasts.
const LEAST_SQUARE: f64 = 1e-12;
/// Places of the 40% and the 60% quantile: the forecast lies between them.
const POINT: (usize, usize) = (STEPS * 2 / 5, STEPS * 3 / 5);
/// One comparable past row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub month: usize,
    pub series: usize,
    pub scale: Scale,
    pub actual: f64,
    /// What the series sells in its other months, and the same with 0 for this month.
    pub others: [f64; 2],
}

/// Mean squared error as a power of the size: `level x size^power`, on logs.
#[derive(Clone, Copy, Debug)]
struct Law {
    level: f64,
    power: f64,
    /// The mean log size, at which `level` is taken.
    middle: f64,
}

impl Law {
    /// Weighted least squares over bins of like sizes. `rows` are (log size, squared error, weight), by size.
    fn learn(rows: &[(f64, f64, f64)]) -> Self {
        let count = (rows.len() / BIN).clamp(1, MOST_BINS);
        let bins: Vec<(f64, f64, f64)> = parts(rows.len(), count)
            .map(|range| {
                let sums = rows[range]
                    .iter()
                    .fold((0.0, 0.0, 0.0), |(n, size, square), r| (n + r.2, size + r.2 * r.0, square + r.2 * r.1));
                (sums.0, sums.1 / sums.0, (sums.2 / sums.0).max(LEAST_SQUARE).ln())
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
    /// How far a series has gone below the smaller and beyond the larger of forecast and usual level, in units of the law.
    records: [f64; 2],
}

impl Pool {
    /// From rows whose scales are not zero, of `months` months and `series` series; none without rows.
    pub(super) fn learn(mut rows: Vec<Row>, months: usize, series: usize) -> Option<Self> {
        if rows.is_empty() {
            return None;
        }
        rows.sort_by(|a, b| a.scale.log_size().total_cmp(&b.scale.log_size()));
        let recent = Recent::new(months);
        let sizes: Vec<f64> = rows.iter().map(|r| r.scale.log_size()).collect();
        let weights: Vec<f64> = rows.iter().map(|r| recent.weight(r.month)).collect();
        let errors: Vec<f64> = rows.iter().map(|r| r.scale.error_of(r.actual)).collect();
        let squared = sizes.iter().zip(&errors).zip(&weights).map(|((size, e), w)| (*size, e * e, *w));
        let law = Law::learn(&squared.collect::<Vec<_>>());
        let sigmas: Vec<f64> = sizes.iter().map(|size| law.sigma(*size)).collect();

        let mut squares = vec![(0.0, 0.0); series];
        let square = |i: usize| weights[i] * (errors[i] / sigmas[i]).powi(2);
        for (i, row) in rows.iter().enumerate() {
            let (sum, n) = &mut squares[row.series];
            (*sum, *n) = (*sum + square(i), *n + weights[i]);
        }
        let squeeze = Squeeze::learn(&squares)?;
        let factors = squares.iter().map(|&(sum, n)| squeeze.sigma(sum, n)).collect();

        // Each row in units of what the series' other rows say, as the next row will be.
        let unit = |(i, row): (usize, &Row)| {
            let (sum, n) = squares[row.series];
            sigmas[i] * squeeze.sigma((sum - square(i)).max(0.0), (n - weights[i]).max(0.0))
        };
        let units: Vec<f64> = rows.iter().enumerate().map(unit).collect();
        let widening = recent.widening((0..rows.len()).map(|i| (rows[i].month, errors[i] / units[i])));
        let span = |i: usize| {
            let (low, high) = rows[i].scale.span(rows[i].actual);
            (low / units[i], high / units[i], weights[i])
        };
        let class = |range: std::ops::Range<usize>| {
            let n = range.len();
            let mean = sizes[range.clone()].iter().sum::<f64>() / n as f64;
            let mut spans: Vec<(f64, f64, f64)> = range.map(span).collect();
            let (all, squared) = spans.iter().fold((0.0, 0.0), |(a, s), x| (a + x.2, s + x.2 * x.2));
            if n < LOPSIDED {
                spans.extend_from_within(..);
                spans[n..].iter_mut().for_each(|s| *s = (-s.1, -s.0, s.2));
            }
            let mut own = mixture(&spans, all * all / squared);
            if n < LOPSIDED {
                // Its median lies between the smallest error and itself on the other side: at 0, not on either.
                let there = own;
                own = std::array::from_fn(|p| (there[p] - there[STEPS - p]) / 2.0);
            }
            (mean, std::array::from_fn(|p| own[MIDDLE] + (own[p] - own[MIDDLE]) * widening[p]))
        };
        let classes = parts(rows.len(), (rows.len() / CLASS).clamp(1, MOST_CLASSES)).map(class).collect();
        // How far rows went below the smaller and beyond the larger of forecast and usual level; where they never did, one
        // standard deviation.
        let n = rows.len() as f64;
        let record = |side: usize, furthest: fn(f64, f64) -> f64, sign: f64| {
            let beyond = rows.iter().zip(&weights).filter_map(|(row, weight)| {
                let reach = row.scale.reach(row.others[side])[side];
                Some((*weight, reach.beyond(row.actual) / law.sigma(reach.log_level()?)))
            });
            let (all, sum, most) = beyond.fold((0.0, 0.0, 0.0), |(all, sum, most), (weight, x)| {
                (all + weight, sum + weight * x * x, furthest(most, x))
            });
            let deviation = sign * if all > 0.0 { (sum / all).sqrt() } else { f64::INFINITY };
            furthest(most, deviation) * (n + 2.0) / n
        };
        let records = [record(0, f64::min, -1.0), record(1, f64::max, 1.0)];
        Some(Self { factor: squeeze.sigma(0.0, 0.0), law, factors, classes, records })
    }

    /// The distribution of what comes of a forecast, by place of the table; of a count y from y to y + 1.
    pub(super) fn values(&self, scale: Scale, usual: f64, series: usize) -> impl Fn(usize) -> f64 {
        let log_size = scale.log_size();
        let over = self.classes.partition_point(|c| c.0 <= log_size);
        let last = self.classes.len() - 1;
        let (low, high) = (&self.classes[over.saturating_sub(1)], &self.classes[over.min(last)]);
        let part = if high.0 > low.0 { ((log_size - low.0) / (high.0 - low.0)).clamp(0.0, 1.0) } else { 0.0 };
        let unit = self.law.sigma(log_size) * self.factors.get(series).unwrap_or(&self.factor);
        let reach = scale.reach(usual);
        let end = |side: usize| {
            let level = reach[side].log_level()?;
            Some(reach[side].value(self.records[side] * self.law.sigma(level)))
        };
        let (least, most) = (end(0).unwrap_or(0.0), end(1).unwrap_or(0.0));
        let (under, above) = scale.point();
        move |place| {
            let error = unit * (low.1[place] * (1.0 - part) + high.1[place] * part);
            let error = if place <= POINT.0 { error.min(above) } else { error };
            let error = if place >= POINT.1 { error.max(under) } else { error };
            scale.value(error).max(least).min(most)
        }
    }
}
