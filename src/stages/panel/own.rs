//! What a row - a series, or the sum of some - says of itself: the forecasts that need no other row.

use ndarray::ArrayView1;

use super::HORIZON;
use crate::across::{Across, Key};
use crate::stats::quantile::median;
use crate::stats::season::YEAR;

/// Months compared with the same months a year before.
const WINDOW: usize = 3;
/// Months' sales that no growth from a year ago is told by: half a month of the year's mean stands on both sides.
const DAMPING: f64 = 0.5;
/// Part of the last months' growth (on logs) that goes on beyond the second month ahead ...
const GOES_ON: f64 = 0.5;
/// ... and what is left of it a month later: the damping of trends.
const KEPT: f64 = 0.9;
/// Growth on last year is kept within a fifth and five times.
const GROWTH: (f64, f64) = (0.2, 5.0);

/// Forecasts of a row by its own past, in units per month of mean length.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Own {
    /// Mean of the last twelve months.
    pub size: f64,
    /// Median of the last twelve months of its life.
    pub median: f64,
    /// How far its season is its own, and not that of what it is drawn to, within [0, 1].
    pub own: f64,
    /// Smoothed with its season, by step ahead.
    pub smoothed: [f64; HORIZON],
    /// Last year's month times growth, by step ahead.
    pub last_year: [f64; HORIZON],
}

/// Last year's months and growth, like for like (docs/METHOD.md#growth): what sold through both windows grows, what
/// came or went stands at its own level.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LastYear {
    /// By step ahead: last year's month.
    same: [f64; HORIZON],
    /// The last three months.
    now: f64,
    /// The same months a year before.
    then: f64,
    /// Mean of the last twelve months.
    mean: f64,
    /// By step ahead: what came or went, as it is smoothed.
    beside: [f64; HORIZON],
}

/// Those of rows over all regions.
pub(super) fn everywhere(rows: &mut [LastYear], across: &Across, key: Key) {
    if !across.is_part() {
        return;
    }
    let list = |l: &LastYear| [&l.same[..], &[l.now, l.then, l.mean], &l.beside].concat();
    let all = across.total(key, || rows.iter().flat_map(list).collect());
    for (row, x) in rows.iter_mut().zip(all.chunks_exact(2 * HORIZON + 3)) {
        *row = LastYear {
            same: std::array::from_fn(|h| x[h]),
            now: x[HORIZON],
            then: x[HORIZON + 1],
            mean: x[HORIZON + 2],
            beside: std::array::from_fn(|h| x[HORIZON + 3 + h]),
        };
    }
}

impl LastYear {
    /// That of a series, from its months up to the origin, of which `first` is the first it has a row in.
    pub(super) fn of(z: &[f64], first: usize, smoothed: &[f64; HORIZON]) -> LastYear {
        let n = z.len();
        // What was there when the folder begins did not begin with it; what began later did not sell its first months whole.
        let window = WINDOW.min(n.saturating_sub(first + YEAR));
        if n < first + YEAR || (first > 0 && window < WINDOW) {
            return LastYear { beside: *smoothed, ..LastYear::default() };
        }
        let now: f64 = z[n - window..].iter().sum();
        let then: f64 = z[n - window - YEAR..n - YEAR].iter().sum();
        if window > 0 && (now <= 0.0 || then <= 0.0) {
            return LastYear { beside: *smoothed, ..LastYear::default() };
        }
        let mean = z[n - YEAR..].iter().sum::<f64>() / YEAR as f64;
        LastYear { same: std::array::from_fn(|h| z[n - YEAR + h]), now, then, mean, beside: [0.0; HORIZON] }
    }

    /// That of two rows together.
    pub(super) fn add(&mut self, other: &LastYear) {
        for h in 0..HORIZON {
            self.same[h] += other.same[h];
            self.beside[h] += other.beside[h];
        }
        self.now += other.now;
        self.then += other.then;
        self.mean += other.mean;
    }

    /// `last year's month x g`, g = `(now + m/2) / (then + m/2)` with m the mean month of the last twelve, and what stands
    /// beside; from the third month ahead on `g^(.5 x .9^k)`, k the months beyond the second: three months' growth is half
    /// accident, and what is none of it fades.
    pub(super) fn ahead(&self) -> [f64; HORIZON] {
        let half = DAMPING * self.mean;
        let growth = if self.then + half > 0.0 { (self.now + half) / (self.then + half) } else { 1.0 };
        let growth = growth.clamp(GROWTH.0, GROWTH.1);
        let kept = |h: usize| if h < 2 { 1.0 } else { GOES_ON * KEPT.powi(h as i32 - 1) };
        std::array::from_fn(|h| self.same[h] * growth.powf(kept(h)) + self.beside[h])
    }
}

impl Own {
    /// That of a row, from its months up to the origin; how far its season is its own, and smoothed with its season.
    pub(super) fn of(
        z: ArrayView1<f64>,
        first: usize,
        (own, smoothed): (f64, [f64; HORIZON]),
        last_year: &LastYear,
    ) -> Own {
        let n = z.len();
        let from = n.saturating_sub(YEAR);
        let size = z.iter().skip(from).sum::<f64>() / (n - from).max(1) as f64;
        let median = middle(z, first.max(from));
        Own { size, median, own, smoothed, last_year: last_year.ahead() }
    }
}

/// The median of a row's months from `from` on, twelve at most; 0 of none.
fn middle(z: ArrayView1<f64>, from: usize) -> f64 {
    let mut last = [0.0; YEAR];
    let n = z.len().saturating_sub(from).min(YEAR);
    last.iter_mut().zip(z.iter().skip(z.len() - n)).for_each(|(to, x)| *to = *x);
    median(&mut last[..n]).unwrap_or(0.0)
}
