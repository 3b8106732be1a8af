//! All series side by side as they stood at an origin: what a regression over them learns from, and forecasts from.
//!
//! Sales are compared as logs relative to each series' own level, so that what is learned of one series holds for all:
//! ```text
//! level   s = discounted mean of the series' own life, .85 a month
//! offset  C = half of the variance-to-mean ratio:  C = 1/2 x [mean (z_t - z_t-1)^2 / 2] / mean z
//! lg(x)     = ln((x + C) / (s + C))
//! ```
//! Where customers come one by one (Poisson) the ratio is 1 and C is the half unit that is usually added before a log;
//! a series with rarer and larger orders gets more. Both level and offset scale with the units that a folder counts in,
//! and with a product that is split in two.

mod aggregates;
mod features;

use std::ops::Range;

use ndarray::{Array2, ArrayView2, s};
use rayon::prelude::*;

use crate::across::{self, Across, What, key};
use crate::dataset::{Dataset, Known};
use crate::grid::{Grid, Kind};

pub use aggregates::{Aggregates, COUNT as AGGREGATE_FEATURES};
pub use features::{COUNT as FEATURES, Features, Of, names};

/// Variables are cut to this far from their mean: beyond e^4, 55-fold, is no neighbour of anything learned.
pub const CLIP: f64 = 4.0;
/// A month's mean length in days: sales are compared as if every month had that many.
pub const MONTH_DAYS: f64 = 30.4375;
/// Steps ahead that are learned: a forecast made during a month reaches three.
pub const STEPS: usize = crate::stats::smooth::STEPS;

/// Series that are added up to see what they have in common.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// The group of each series.
    pub of: Vec<usize>,
    /// How many groups.
    pub count: usize,
}

/// How a folder's series are grouped: region, product, group of products, cell (region x group), block.
///
/// A block is everything that is counted alike: goods, policies and services have a total each.
#[derive(Clone, Debug)]
pub struct Groupings {
    /// In the order of [`GROUPING_NAMES`].
    pub all: [Grouping; 5],
    /// The rows of [`History::aggregates`]: regions by block, then products.
    pub aggregates: Vec<Aggregate>,
    /// Of each series, its rows there: its region's and its product's.
    rows: Vec<[usize; 2]>,
}

/// What a row of [`History::aggregates`] adds up.
#[derive(Clone, Copy, Debug)]
pub struct Aggregate {
    /// The block.
    pub block: usize,
    /// Whether it is a product over all regions; else a region over all products.
    pub product: bool,
}

/// Blocks: goods, policies, services.
const BLOCKS: usize = 3;

/// Names of the groupings, as features are called.
pub const GROUPING_NAMES: [&str; 5] = ["region", "product", "group", "cell", "block"];
/// Where the products stand.
pub const PRODUCT: usize = 1;
/// Where the groups stand.
const GROUP: usize = 2;
/// Where the blocks stand.
pub const BLOCK: usize = 4;

impl Groupings {
    /// The groupings of a folder.
    pub fn new(data: &Dataset) -> Groupings {
        let grid = &data.grid;
        let by = |count: usize, of: &dyn Fn(usize) -> usize| Grouping {
            of: (0..grid.series.len()).map(of).collect(),
            count,
        };
        let kind = |s: usize| match data.products.get(grid.series[s].product).and_then(|p| p.kind) {
            None | Some(Kind::Goods) => 0,
            Some(Kind::Policy) => 1,
            Some(Kind::Service) => 2,
        };
        let block = by(BLOCKS, &kind);
        let leaves = grid.regions.leaf_count();
        let mut aggregates: Vec<Aggregate> =
            (0..leaves * BLOCKS).map(|i| Aggregate { block: i % BLOCKS, product: false }).collect();
        aggregates.resize(leaves * BLOCKS + grid.products.len(), Aggregate { block: 0, product: true });
        let rows = (0..grid.series.len())
            .map(|s| {
                let (leaf, product) = (grid.series[s].leaf, leaves * BLOCKS + grid.series[s].product);
                aggregates[product].block = block.of[s];
                [leaf * BLOCKS + block.of[s], product]
            })
            .collect();
        Groupings {
            all: [
                by(grid.regions.leaf_count(), &|s| grid.series[s].leaf),
                by(grid.products.len(), &|s| grid.series[s].product),
                by(grid.group_count(), &|s| grid.series[s].group),
                by(grid.cell_count(), &|s| grid.cell(grid.series[s].leaf, grid.series[s].group)),
                block,
            ],
            aggregates,
            rows,
        }
    }

    /// The block of each series.
    pub fn block(&self) -> &Grouping {
        &self.all[BLOCK]
    }
}

/// The visible history, month by month comparable.
#[derive(Clone, Debug)]
pub struct History {
    /// Demand without dated events in units per month of mean length, series x month.
    pub z: Array2<f64>,
    /// Index of each series' first month with a row; none where there is none yet.
    pub first: Vec<Option<usize>>,
    /// Sums over each grouping's groups, group x month.
    pub sums: Vec<Array2<f64>>,
    /// Sums of regions by block, then of products, row x month.
    pub aggregates: Array2<f64>,
    /// Calendar month (0 to 11) of month index 0.
    pub phase: usize,
    /// Whether January and February are a pair.
    pub pairs: bool,
    /// Where other regions lie; rows and sums of their regions are 0.
    pub across: Across,
}

impl History {
    /// The history visible at an origin, from demand without dated events.
    pub fn new(clean: ArrayView2<f64>, known: &Known, groupings: &Groupings) -> History {
        let data = known.data;
        let mut z = clean.to_owned();
        for (t, mut column) in z.columns_mut().into_iter().enumerate() {
            let month = length(data, t);
            column.iter_mut().for_each(|x| *x = x.max(0.0) / month);
        }
        let across = &data.across;
        let mut sums: Vec<Array2<f64>> = groupings.all.par_iter().map(|g| add_up(z.view(), g)).collect();
        for g in [PRODUCT, GROUP, BLOCK] {
            let sums = sums[g].as_slice_mut();
            sums.into_iter().for_each(|sums| across.sum(key(What::History, known.months(), g), sums));
        }
        let mut aggregates: Array2<f64> = Array2::zeros((groupings.aggregates.len(), z.ncols()));
        for (row, of) in z.rows().into_iter().zip(&groupings.rows) {
            of.iter().for_each(|r| {
                let mut sum = aggregates.row_mut(*r);
                sum += &row;
            });
        }
        let rows = aggregates.as_slice_mut();
        rows.into_iter().for_each(|rows| across.sum(key(What::Aggregates, known.months(), 0), rows));
        History {
            across: across.clone(),
            sums,
            aggregates,
            first: (0..z.nrows()).map(|s| known.seen(s).map(|(first, _)| first)).collect(),
            phase: data.start.number() as usize - 1,
            pairs: data.calendar.pairs_new_year(),
            z,
        }
    }

    /// The first `months` months of it.
    pub fn until(&self, months: usize) -> ArrayView2<'_, f64> {
        self.z.slice(s![.., ..months.min(self.z.ncols())])
    }

    /// How many months.
    pub fn months(&self) -> usize {
        self.z.ncols()
    }

    /// Whether a series had begun by month index `origin` and sold within what its level remembers.
    pub fn is_live(&self, series: usize, origin: usize) -> bool {
        let from = (origin + 1).saturating_sub(features::MEMORY);
        let begun = self.first.get(series).copied().flatten().is_some_and(|first| first <= origin);
        begun && self.z.slice(s![series, from..=origin]).iter().any(|x| *x > 0.0)
    }

    /// A series' level at an origin: its discounted mean, in units per month of mean length.
    pub fn level(&self, series: usize, origin: usize) -> f64 {
        features::level(self, series, origin)
    }

    /// Whether month index t is a January.
    pub fn is_january(&self, t: usize) -> bool {
        (self.phase + t).is_multiple_of(12)
    }
}

/// Comparable days of a month over a month's mean length: what a month's sales are divided by to be compared.
pub fn length(data: &Dataset, t: usize) -> f64 {
    let days = data.calendar.comparable_days(data.month(t)) / MONTH_DAYS;
    if days > 0.0 { days } else { 1.0 }
}

fn add_up(z: ArrayView2<f64>, grouping: &Grouping) -> Array2<f64> {
    let mut out = Array2::zeros((grouping.count, z.ncols()));
    for (row, &group) in z.rows().into_iter().zip(&grouping.of) {
        let mut sum = out.row_mut(group);
        sum += &row;
    }
    out
}

/// Live series learned from at each origin, at most: more make nothing better and everything slower.
pub const SAMPLE: usize = across::LOWEST;

/// Up to [`SAMPLE`] of the live series, always the same ones as far as they are live, whatever order a folder lists them
/// in: those whose codes hash lowest (FNV-1a). All of them where there are no more. `key` is that of all regions' hashes.
pub fn sample(data: &Dataset, live: &[usize], key: across::Key) -> Vec<usize> {
    let grid = &data.grid;
    let mut all = live.to_vec();
    if all.len() <= SAMPLE && !data.across.is_part() {
        return all;
    }
    all.sort_by_cached_key(|s| hash(grid, *s));
    // As numbers whose order is that of the hashes.
    let number = |s: usize| f64::from_bits(hash(grid, s));
    let lowest = data.across.total(key, || all.iter().take(SAMPLE + 1).map(|s| number(*s)).collect());
    if let (Some(last), true) = (SAMPLE.checked_sub(1).and_then(|i| lowest.get(i)), lowest.len() > SAMPLE) {
        all.truncate(all.partition_point(|s| number(*s) <= *last).min(SAMPLE));
    }
    all.sort_unstable();
    all
}

/// The hash of a series' codes, in 56 bits.
fn hash(grid: &Grid, s: usize) -> u64 {
    let series = grid.series[s];
    let region = grid.regions.code(grid.regions.node_of(series.leaf)).bytes();
    let product = grid.products.codes[series.product].bytes();
    let fold = |h: u64, b: u8| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
    let hash = region.chain([0]).chain(product).fold(0xcbf2_9ce4_8422_2325, fold);
    // Codes that differ in their last character only would else lie close together.
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8
}

/// Ranges of about equal length, for work in parallel.
pub fn chunks(n: usize, size: usize) -> Vec<Range<usize>> {
    (0..n).step_by(size.max(1)).map(|from| from..(from + size.max(1)).min(n)).collect()
}
