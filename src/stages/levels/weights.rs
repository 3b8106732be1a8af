//! Weights of a level's experts, from what they missed at past origins.
//!
//! Errors of rows of all sizes are made comparable: an error counts over the root of `mean |error| of the experts + .2 size
//! + .02 mean size`, so that their squares weigh like absolute errors, and a row that was always right by chance does not
//! decide. With `G` the sum of `e e'` over past rows and origins, `n` their number and `w0` the prior:
//! ```text
//! w = argmin  w' (G/n) w + lambda |w - w0|^2   with sum w = 1, w >= 0
//! lambda = (.02 + 4 / sqrt n) tr(G/n) / K
//! ```
//! In the prior every expert but the regression counts `o / (o + 12)` of its part after o origins: a new one earns its
//! weight slowly, and nothing jumps when it begins to speak.
//! The many series of a level below decide nearly alone, the two dozen months of a total lean on the prior: rows of one
//! month share what they miss, hence the root. Solved by leaving out the experts that come out below 0 (active set).

use super::{EXPERTS, REGRESSION};
use crate::stats::regress::least_error;

/// One weight an expert; they sum to 1.
pub type Weights = [f64; EXPERTS];

/// Share of the mean squared error by which weights are drawn to the prior, however much is known.
const PULL: f64 = 0.02;
/// The same per root of an error known.
const PULL_OF_FEW: f64 = 4.0;
/// Origins after which an expert beside the regression has come to half of its part in the prior.
const EARNING: f64 = 12.0;
/// What a row's own size and the mean size of all count beside its errors.
const OF_SIZE: (f64, f64) = (0.2, 0.02);
/// Variances grow with this power of the size: between 1, where customers come one by one, and 2, where all move together.
const POWER: f64 = 1.5;
/// What a level above the series is taken to miss before anything is known, as a share of the size, and for how many
/// errors that counts.
const UNKNOWN: f64 = 0.2;
const TIMES: f64 = 2.0;

/// What a level's experts missed at past origins.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence {
    /// Sum of the outer products of the scaled errors.
    gram: [[f64; EXPERTS]; EXPERTS],
    /// How many errors.
    count: f64,
    /// Sum of the squared errors of what was forecast over `size^1.5`, and how many.
    squares: f64,
    /// Sum of |error| by expert, and of what came; how many origins.
    missed: [f64; EXPERTS],
    /// Sum of what came.
    actual: f64,
    /// Origins at which each expert spoke.
    pub origins: [usize; EXPERTS],
}

/// A size to the power by which variances grow.
pub(super) fn power(size: f64) -> f64 {
    size.max(0.0).powf(POWER)
}

impl Evidence {
    /// Of one origin: by expert what it said of each row (a silent one counts as having said what was forecast), what was
    /// forecast, the rows' sizes, and what came.
    pub(super) fn of(experts: &[Option<&[f64]>; EXPERTS], forecast: &[f64], size: &[f64], actual: &[f64]) -> Evidence {
        let mut out = Evidence::default();
        // Of rows that sell: names that only come later are rows, too.
        let selling = size.iter().filter(|s| **s > 0.0).count();
        let mean = size.iter().sum::<f64>() / selling.max(1) as f64;
        for (e, said) in experts.iter().enumerate() {
            out.origins[e] = usize::from(said.is_some());
        }
        for (i, (&f, &y)) in forecast.iter().zip(actual).enumerate() {
            if size[i] <= 0.0 && y <= 0.0 && f <= 0.0 {
                continue;
            }
            let errors: [f64; EXPERTS] = std::array::from_fn(|e| experts[e].map_or(f, |said| said[i]) - y);
            let absolute = errors.iter().map(|e| e.abs()).sum::<f64>() / EXPERTS as f64;
            let scale = absolute + OF_SIZE.0 * size[i] + OF_SIZE.1 * mean;
            if scale > 0.0 {
                for (row, a) in out.gram.iter_mut().zip(errors) {
                    row.iter_mut().zip(errors).for_each(|(sum, b)| *sum += a * b / scale);
                }
                out.count += 1.0;
                // A row that sold nothing in a year has no size to compare with.
                out.squares += if size[i] > 0.0 { (f - y).powi(2) / power(size[i]) } else { 0.0 };
            }
            out.missed.iter_mut().zip(errors).for_each(|(sum, e)| *sum += e.abs());
            out.actual += y;
        }
        out
    }

    /// That of another origin beside this.
    pub fn add(&mut self, other: &Evidence) {
        for (row, more) in self.gram.iter_mut().zip(&other.gram) {
            row.iter_mut().zip(more).for_each(|(a, b)| *a += b);
        }
        self.missed.iter_mut().zip(other.missed).for_each(|(a, b)| *a += b);
        self.origins.iter_mut().zip(other.origins).for_each(|(a, b)| *a += b);
        self.count += other.count;
        self.squares += other.squares;
        self.actual += other.actual;
    }

    /// The weights of the experts that speak; all on the first that does where nothing else is known. `earning` where the
    /// regression was learned for these steps, and the others have to come up to it.
    pub(super) fn weights(&self, speaking: [bool; EXPERTS], prior: &Weights, earning: bool) -> Weights {
        let part = |e: usize| self.origins[e] as f64 / (self.origins[e] as f64 + EARNING);
        let earned = |e: usize| if e == REGRESSION || !earning { 1.0 } else { part(e) };
        let mut w0: Weights = std::array::from_fn(|e| if speaking[e] { prior[e] * earned(e) } else { 0.0 });
        let sum: f64 = w0.iter().sum();
        if sum <= 0.0 {
            return w0;
        }
        w0.iter_mut().for_each(|w| *w /= sum);
        if self.count <= 0.0 {
            return w0;
        }
        let mean = self.gram.map(|row| row.map(|x| x / self.count));
        let strength = PULL + PULL_OF_FEW / self.count.sqrt();
        least_error(&mean, &w0, strength, speaking)
    }

    /// How many errors.
    pub fn errors(&self) -> usize {
        self.count as usize
    }

    /// What an expert missed, as a share of what came; none where it never spoke or nothing came.
    pub fn wape(&self, expert: usize) -> Option<f64> {
        (self.origins[expert] > 0 && self.actual > 0.0).then(|| self.missed[expert] / self.actual)
    }

    /// Variance of a row of size 1 in a level above the series; while little is known, as if its rows had twice missed by a
    /// fifth.
    pub(super) fn variance(&self, size: &[f64]) -> f64 {
        let rows = size.iter().filter(|s| **s > 0.0);
        let (sum, n) = rows.fold((0.0, 0.0), |(sum, n), s| (sum + (UNKNOWN * s).powi(2) / power(*s), n + 1.0));
        (self.squares + TIMES * sum / f64::max(n, 1.0)) / (self.count + TIMES)
    }

    /// Variance of a series of size 1; none where nothing is known.
    pub(super) fn own_variance(&self) -> Option<f64> {
        (self.count > 0.0 && self.squares > 0.0).then(|| self.squares / self.count)
    }
}
