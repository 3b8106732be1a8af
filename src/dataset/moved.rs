//! How far sales moved from month to month, everywhere: what one region's month is compared with (`stages::reception`).
//!
//! A series' movement is `ln(z_t / median(z_t-1, z_t-2, z_t-3))`. The company's is the median of these, weighed by the root
//! of the level, from a histogram with fixed bins: a histogram is a sum, so regions in many places add theirs up, and a
//! series or a region is left out of it by taking its own entries away. A month's bins rest on no later month.

use ndarray::Array2;

use super::Dataset;
use crate::across::{What, key};

/// Bins of logs of movements, from -3 to 3 (twentyfold): beyond that all is one.
pub const BINS: usize = 121;
const WIDTH: f64 = 0.05;
const MIDDLE: f64 = 60.0;
/// Of less than this many whole units a month a series moves by chance.
const LEAST_LEVEL: f64 = 5.0;
/// Roots of levels without which a median says nothing: as one series of 25 units.
const LEAST_WEIGHT: f64 = 5.0;
/// Months that a movement is measured against.
pub const BEFORE: usize = 3;

/// Months without a sale that are followed, and months after them in which one would be a return.
pub const EMPTY: usize = 2;
pub const AFTER: usize = 2;
/// Who sold more than this in each of three months before is a regular seller: by counting alone nothing would be sold in one
/// of 270,000 months.
const LEAST_REGULAR: f64 = 12.5;

/// The movement of everything.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Leaf x month, units as reported.
    pub regions: Array2<f64>,
    /// Product x month, over all regions.
    pub products: Array2<f64>,
    /// By month, over all regions: how many regions have sent no row after their first; how many regular sellers sold nothing
    /// for the first month, and how many of these sold in one of the two months after it; the same of the second month.
    pub counts: Array2<f64>,
    /// Month x bin: roots of levels of the series that moved so far.
    pub bins: Array2<f64>,
}

/// The median of three.
pub fn median3(a: f64, b: f64, c: f64) -> f64 {
    a.max(b).min(a.min(b).max(c))
}

/// What is added to both sides of a ratio before its log is taken: half of one piece; of amounts, which have no smallest
/// piece, a hundredth of the base.
pub fn offset(whole: bool, base: f64) -> f64 {
    if whole { 0.5 } else { 0.01 * base }
}

/// The bin of a log.
pub fn bin(log: f64) -> usize {
    (log / WIDTH + MIDDLE).round().clamp(0.0, (BINS - 1) as f64) as usize
}

/// The median of a histogram, a log, within its bin in proportion; none where little is in it.
pub fn median(bins: &[f64; BINS]) -> Option<f64> {
    let all: f64 = bins.iter().map(|x| x.max(0.0)).sum();
    if all < LEAST_WEIGHT {
        return None;
    }
    let mut below = 0.0;
    for (i, x) in bins.iter().enumerate() {
        let x = x.max(0.0);
        if below + x >= all / 2.0 && x > 0.0 {
            return Some((i as f64 - MIDDLE - 0.5 + (all / 2.0 - below) / x) * WIDTH);
        }
        below += x;
    }
    None
}

impl Dataset {
    /// How far everything moved; worked out once.
    pub fn moved(&self) -> &Moved {
        self.moves.get_or_init(|| Moved::new(self))
    }

    /// A series' movement into a month, a log, and its weight; none where it or its region was not there for long enough,
    /// or sells too little.
    pub fn movement(&self, series: usize, t: usize) -> Option<(f64, f64)> {
        let of = self.grid.series[series];
        let (first, _) = self.seen[series]?;
        if t < first + BEFORE || t >= self.months() || !(t - BEFORE..=t).all(|u| self.reported.sent(of.leaf, u)) {
            return None;
        }
        let row = self.units.row(series);
        // By these months alone: what later ones are like is not known yet.
        let whole = (t - BEFORE..=t).all(|u| row[u].fract() == 0.0);
        let base = median3(row[t - 1], row[t - 2], row[t - 3]);
        if base <= 0.0 || (whole && base < LEAST_LEVEL) {
            return None;
        }
        let offset = offset(whole, base);
        Some((((row[t] + offset) / (base + offset)).ln(), if whole { base.sqrt() } else { LEAST_WEIGHT }))
    }
}

impl Dataset {
    /// The first and second months in which a regular seller sold nothing, as far as two later ones are seen within the first
    /// `months`: index, which of the two, and whether it sold again in one of those.
    pub fn empty_months(&self, series: usize, months: usize, mut f: impl FnMut(usize, usize, bool)) {
        let of = self.grid.series[series];
        let Some((first, _)) = self.seen[series] else { return };
        let row = self.units.row(series);
        let sold = |t: usize| row[t] > 0.0;
        for t in first + BEFORE..months.saturating_sub(AFTER) {
            if sold(t) || !self.reported.sent(of.leaf, t) {
                continue;
            }
            let run = (first..=t).rev().take_while(|u| !sold(*u)).take(EMPTY + 1).count();
            let long_enough = run <= EMPTY && t + 1 >= first + run + BEFORE;
            let before = |back: usize| row[t + 1 - run - back];
            let is_whole = || (1..=BEFORE).all(|back| before(back).fract() == 0.0);
            let least = if long_enough && is_whole() { LEAST_REGULAR } else { 0.0 };
            if long_enough && (1..=BEFORE).all(|back| before(back) > least) {
                f(t, run, (t + 1..=t + AFTER).any(sold));
            }
        }
    }
}

impl Moved {
    fn new(data: &Dataset) -> Moved {
        let (grid, n) = (&data.grid, data.months());
        let (leaves, products) = (grid.regions.leaf_count(), grid.products.len());
        let mut out = Moved {
            regions: Array2::zeros((leaves, n)),
            products: Array2::zeros((products, n)),
            counts: Array2::zeros((1 + 2 * EMPTY, n)),
            bins: Array2::zeros((n, BINS)),
        };
        for leaf in 0..leaves {
            let first = (0..n).find(|t| data.reported.sent(leaf, *t)).unwrap_or(n);
            (first..n).filter(|t| !data.reported.sent(leaf, *t)).for_each(|t| out.counts[(0, t)] += 1.0);
            for s in grid.leaf_series(leaf) {
                let Some((first, _)) = data.seen[s] else { continue };
                let row = data.units.row(s);
                let mut region = out.regions.row_mut(leaf);
                region += &row;
                let mut product = out.products.row_mut(grid.series[s].product);
                product += &row;
                data.empty_months(s, n, |t, run, back| {
                    out.counts[(2 * run - 1, t)] += 1.0;
                    out.counts[(2 * run, t)] += f64::from(u8::from(back));
                });
                for t in first + BEFORE..n {
                    if let Some((log, weight)) = data.movement(s, t) {
                        out.bins[(t, bin(log))] += weight;
                    }
                }
            }
        }
        for (step, sums) in [&mut out.bins, &mut out.products, &mut out.counts].into_iter().enumerate() {
            sums.as_slice_mut().into_iter().for_each(|sums| data.across.sum(key(What::Moved, n, step), sums));
        }
        out
    }
}
