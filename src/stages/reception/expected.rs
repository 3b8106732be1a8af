//! What all other regions and products did in a month. Nobody is explained by himself: his own entries are taken away.

use std::ops::Range;

use super::scan::Found;
use crate::dataset::Known;
use crate::dataset::moved::{AFTER, BEFORE, BINS, EMPTY, Moved, bin, median, median3, offset};

/// What stands behind the share of closures that come back is worth so many of them.
const PRIOR: f64 = 4.0;
/// A product over other regions says something from so many whole units on.
const LEAST_PRODUCT: f64 = 25.0;
/// A region as a whole strayed where series that hold so much of its weight did ...
const WIDE: f64 = 0.75;
/// ... each by half at least.
const HALVED: f64 = std::f64::consts::LN_2;

/// The movement of others.
pub(super) struct Expected<'k, 'd> {
    known: &'k Known<'d>,
    moved: &'d Moved,
}

impl<'k, 'd> Expected<'k, 'd> {
    pub(super) fn new(known: &'k Known<'d>) -> Expected<'k, 'd> {
        Expected { known, moved: known.data.moved() }
    }

    /// Units of a region, by month to the cutoff.
    pub(super) fn region(&self, leaf: usize) -> Option<&'d [f64]> {
        self.moved.regions.row(leaf).to_slice().and_then(|row| row.get(..self.known.months()))
    }

    /// Whether regular sellers of a region that sold nothing for so many months (1, 2) have rather sold again in the two
    /// months after that than not. What all regions did is worth four of the region's own, and that half come back worth
    /// four of all.
    pub(super) fn come_back(&self, leaf: usize, months: usize) -> bool {
        if months > EMPTY {
            return false;
        }
        let seen = self.known.months();
        let count = |row: usize| self.moved.counts.row(row).iter().take(seen.saturating_sub(AFTER)).sum::<f64>();
        let all = (count(2 * months) + PRIOR / 2.0) / (count(2 * months - 1) + PRIOR);
        let (mut own, mut back) = (PRIOR, PRIOR * all);
        for s in self.known.data.grid.leaf_series(leaf) {
            self.known.data.empty_months(s, seen, |_, run, again| {
                own += if run == months { 1.0 } else { 0.0 };
                back += if run == months && again { 1.0 } else { 0.0 };
            });
        }
        back >= own / 2.0
    }

    /// How far all series but some moved in a month, a log; none where the others say nothing.
    pub(super) fn without(&self, series: Range<usize>, t: usize) -> Option<f64> {
        let mut bins = [0.0; BINS];
        bins.iter_mut().zip(self.moved.bins.row(t)).for_each(|(to, x)| *to = *x);
        let own = series.filter_map(|s| self.known.data.movement(s, t));
        own.for_each(|(log, weight)| bins[bin(log)] -= weight);
        median(&bins)
    }

    /// How far a series' product moved in all other regions.
    pub(super) fn product(&self, s: usize, t: usize) -> Option<f64> {
        let (product, all) = (self.known.data.grid.series[s].product, &self.moved.products);
        if t < BEFORE || (t - BEFORE..=t).any(|u| self.moved.counts[(0, u)] > 0.0) {
            return None;
        }
        let others = |u: usize| (all[(product, u)] - self.known.units[(s, u)]).max(0.0);
        let base = median3(others(t - 1), others(t - 2), others(t - 3));
        let whole = (t - BEFORE..=t).all(|u| all[(product, u)].fract() == 0.0);
        let least = if whole { LEAST_PRODUCT } else { f64::MIN_POSITIVE };
        let offset = offset(whole, base);
        (base >= least).then(|| ((others(t) + offset) / (base + offset)).ln())
    }

    /// Whether a region's odd month is the doing of all of its series, not of one.
    pub(super) fn is_region_wide(&self, leaf: usize, found: &Found) -> bool {
        let side = if found.value < found.expected { -1.0 } else { 1.0 };
        let (mut strayed, mut all) = (0.0, 0.0);
        for s in self.known.data.grid.leaf_series(leaf) {
            if let Some((log, weight)) = self.known.data.movement(s, found.month) {
                all += weight;
                strayed += if side * log >= HALVED { weight } else { 0.0 };
            }
        }
        all > 0.0 && strayed >= WIDE * all
    }
}
