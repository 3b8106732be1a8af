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
mod nodes;
mod own;
mod variables;

use std::ops::Range;

use ndarray::{Array2, ArrayView1, CowArray, Ix2, s};
use rayon::prelude::*;

use super::life::Life;
use crate::across::{self, Across, What, key};
use crate::dataset::{Frame, Known};
use crate::grid::{Grid, Kind, Series};

pub use aggregates::{Aggregates, COUNT as AGGREGATE_FEATURES};
pub use features::{Features, Of};
pub use nodes::nodes;
pub use own::Own;
pub use variables::{COUNT as FEATURES, names};

/// Variables are cut to this far from their mean: beyond e^4, 55-fold, is no neighbour of anything learned.
pub const CLIP: f64 = 4.0;
/// A month's mean length in days: sales are compared as if every month had that many.
pub const MONTH_DAYS: f64 = 30.4375;
/// Steps ahead that a regression is learned for: a forecast made during a month reaches three.
pub const STEPS: usize = 3;
/// Steps ahead that every row forecasts by its own past; the year after repeats them.
pub const HORIZON: usize = crate::stats::smooth::STEPS;

/// How a folder's series are grouped, in the order of [`GROUPING_NAMES`]: region, product, group of products, cell
/// (region x group), block.
///
/// A block is everything that is counted alike: goods, policies and services have a total each.
#[derive(Clone, Debug)]
pub struct Groupings<'d> {
    grid: &'d Grid,
    /// The block of each product.
    blocks: Vec<usize>,
    /// How many groups each grouping has.
    pub counts: [usize; GROUPINGS],
    /// The rows of [`History::aggregates`]: regions by block, then products.
    pub aggregates: Vec<Aggregate>,
}

/// The block of a product.
pub fn block(data: Frame, product: usize) -> usize {
    match data.products.get(product).and_then(|p| p.kind) {
        None | Some(Kind::Goods) => 0,
        Some(Kind::Policy) => 1,
        Some(Kind::Service) => 2,
    }
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

const GROUPINGS: usize = 5;
/// Names of the groupings, as features are called.
pub const GROUPING_NAMES: [&str; GROUPINGS] = ["region", "product", "group", "cell", "block"];
/// Where the regions stand.
const REGION: usize = 0;
/// Where the products stand.
pub const PRODUCT: usize = 1;
/// Where the groups stand.
const GROUP: usize = 2;
/// Where the cells stand.
const CELL: usize = 3;
/// Where the blocks stand.
pub const BLOCK: usize = 4;

impl<'d> Groupings<'d> {
    /// The groupings of a folder.
    pub fn new(data: Frame<'d>) -> Groupings<'d> {
        let grid = data.grid;
        let blocks: Vec<usize> = (0..grid.products.len()).map(|p| block(data, p)).collect();
        let leaves = grid.regions.leaf_count();
        let region = (0..leaves * BLOCKS).map(|i| Aggregate { block: i % BLOCKS, product: false });
        let product = blocks.iter().map(|block| Aggregate { block: *block, product: true });
        Groupings {
            counts: [leaves, grid.products.len(), grid.group_count(), grid.cell_count(), BLOCKS],
            aggregates: region.chain(product).collect(),
            blocks,
            grid,
        }
    }

    /// The group of a series.
    pub fn of(&self, grouping: usize, series: usize) -> usize {
        let Series { leaf, group, product } = self.grid.series[series];
        match grouping {
            REGION => leaf,
            PRODUCT => product,
            GROUP => group,
            CELL => self.grid.cell(leaf, group),
            _ => self.blocks[product],
        }
    }

    /// The block of a series.
    pub fn block(&self, series: usize) -> usize {
        self.of(BLOCK, series)
    }

    /// How many blocks there are.
    pub fn block_count(&self) -> usize {
        BLOCKS
    }

    /// The rows of the levels above the series that a series is added up in: its product, its region in its block, its
    /// block.
    pub fn row_above(&self, series: usize) -> [usize; 3] {
        let of = self.grid.series[series];
        self.row_of(of.leaf, of.product)
    }

    /// The same of a region and product.
    pub fn row_of(&self, leaf: usize, product: usize) -> [usize; 3] {
        let block = self.blocks[product];
        [product, leaf * BLOCKS + block, block]
    }

    /// How many rows these levels have.
    pub fn rows_above(&self) -> [usize; 3] {
        [self.counts[PRODUCT], self.counts[REGION] * BLOCKS, BLOCKS]
    }

    /// The rows of [`History::aggregates`] that a series is added up in: its region's and its product's.
    fn rows(&self, series: usize) -> [usize; 2] {
        let of = self.grid.series[series];
        [of.leaf * BLOCKS + self.blocks[of.product], self.counts[REGION] * BLOCKS + of.product]
    }
}

/// The visible history, month by month comparable.
#[derive(Clone, Debug)]
pub struct History<'d> {
    /// Demand without dated events, series x month.
    clean: CowArray<'d, f64, Ix2>,
    /// Of each month, its length over a month's mean length.
    lengths: Vec<f64>,
    data: Frame<'d>,
    /// Sums over each grouping's groups, group x month, in units per month of mean length.
    pub sums: Vec<Array2<f64>>,
    /// Sums of regions by block, then of products, row x month, in the same units.
    pub aggregates: Array2<f64>,
    /// Calendar month (0 to 11) of month index 0.
    pub phase: usize,
    /// Whether January and February are a pair.
    pub pairs: bool,
}

impl<'d> History<'d> {
    /// The history visible at an origin, from demand without dated events.
    pub fn new<'k: 'd>(clean: CowArray<'d, f64, Ix2>, known: &Known<'k>, groupings: &Groupings) -> History<'d> {
        let data = known.data;
        let mut history = History {
            lengths: (0..clean.ncols()).map(|t| length(data, clean.ncols(), t)).collect(),
            sums: Vec::new(),
            aggregates: Array2::zeros((groupings.aggregates.len(), clean.ncols())),
            phase: data.start.number() as usize - 1,
            pairs: data.calendar.pairs_new_year(),
            clean,
            data,
        };
        let across = &data.across;
        history.sums = (0..GROUPINGS).into_par_iter().map(|g| history.add_up(groupings, g)).collect();
        for g in [PRODUCT, GROUP, BLOCK] {
            let sums = history.sums[g].as_slice_mut();
            sums.into_iter().for_each(|sums| across.sum(key(What::History, known.months(), g), sums));
        }
        let mut aggregates = std::mem::take(&mut history.aggregates);
        history.each(|s, z| {
            for r in groupings.rows(s) {
                aggregates.row_mut(r).iter_mut().zip(z).for_each(|(sum, z)| *sum += z);
            }
        });
        let rows = aggregates.as_slice_mut();
        rows.into_iter().for_each(|rows| across.sum(key(What::Aggregates, known.months(), 0), rows));
        history.aggregates = aggregates;
        history
    }

    /// Where other regions lie; rows and sums of their regions are 0.
    pub fn across(&self) -> &'d Across {
        self.data.across
    }

    /// The folder's regions, products and series.
    pub fn grid(&self) -> &'d Grid {
        self.data.grid
    }

    /// How many months.
    pub fn months(&self) -> usize {
        self.clean.ncols()
    }

    /// How many series.
    pub fn series(&self) -> usize {
        self.clean.nrows()
    }

    /// Demand of a series in a month without dated events, in units per month of mean length.
    pub fn z(&self, series: usize, t: usize) -> f64 {
        comparable(self.clean[(series, t)], self.lengths[t])
    }

    /// [`History::z`] of a series' first months into `to`.
    pub fn row(&self, series: usize, months: usize, to: &mut Vec<f64>) {
        to.clear();
        to.extend(self.clean.row(series).iter().zip(&self.lengths).take(months).map(|(x, l)| comparable(*x, *l)));
    }

    /// Every series with its row, in their order.
    fn each(&self, mut f: impl FnMut(usize, &[f64])) {
        let mut z = Vec::with_capacity(self.months());
        for s in 0..self.series() {
            self.row(s, self.months(), &mut z);
            f(s, &z);
        }
    }

    fn add_up(&self, groupings: &Groupings, g: usize) -> Array2<f64> {
        let mut out = Array2::zeros((groupings.counts[g], self.months()));
        self.each(|s, z| out.row_mut(groupings.of(g, s)).iter_mut().zip(z).for_each(|(sum, z)| *sum += z));
        out
    }

    /// How many months two histories have in common, from the first on.
    pub fn unchanged(&self, other: &History) -> usize {
        let same = |t: &usize| self.lengths[*t] == other.lengths[*t] && self.clean.column(*t) == other.clean.column(*t);
        (0..self.months().min(other.months())).take_while(same).count()
    }

    /// Index of a series' first month with a row; none where there is none yet.
    pub fn first(&self, series: usize) -> Option<usize> {
        self.data.first(series).filter(|first| *first < self.months())
    }

    /// Month index in which a series of these months came: its first row, or its first sale where it sold regularly from
    /// then on ([`Life`]).
    fn came(&self, series: usize, z: &[f64]) -> usize {
        let first = self.first(series).unwrap_or(z.len()).min(z.len());
        first.max(Life::of(z.iter().copied(), first).came)
    }

    /// The same of a sum of series: 0 where it may have been there all along, as what sells in one season only.
    fn sum_came(z: ArrayView1<f64>) -> usize {
        Life::of(z.iter().copied(), 0).came
    }

    /// Whether a series had begun by month index `origin` and sold within what its level remembers.
    pub fn is_live(&self, series: usize, origin: usize) -> bool {
        let from = (origin + 1).saturating_sub(variables::MEMORY);
        let begun = self.first(series).is_some_and(|first| first <= origin);
        begun && self.clean.slice(s![series, from..=origin]).iter().any(|x| *x > 0.0)
    }

    /// The series that are live at an origin, ascending.
    pub fn live(&self, origin: usize) -> Vec<usize> {
        (0..self.series()).into_par_iter().filter(|s| self.is_live(*s, origin)).collect()
    }

    /// A series' level at an origin: its discounted mean, in units per month of mean length.
    pub fn level(&self, series: usize, origin: usize) -> f64 {
        variables::level(self, series, origin)
    }

    /// Whether month index t is a January.
    pub fn is_january(&self, t: usize) -> bool {
        (self.phase + t).is_multiple_of(12)
    }
}

fn comparable(units: f64, length: f64) -> f64 {
    units.max(0.0) / length
}

/// Comparable days of month index t over a month's mean length: what a month's sales are divided by to be compared, as
/// so many `months` of the history have it.
pub fn length(data: Frame, months: usize, t: usize) -> f64 {
    let days = data.comparable_days(months, data.month(t)) / MONTH_DAYS;
    if days > 0.0 { days } else { 1.0 }
}

/// Live series learned from at each origin, at most: more make nothing better and everything slower.
pub const SAMPLE: usize = across::LOWEST;

/// Up to [`SAMPLE`] of the live series, always the same ones as far as they are live, whatever order a folder lists them
/// in: those whose codes hash lowest (FNV-1a). All of them where there are no more. `hashes` are those of all series,
/// `key` is that of all regions' hashes.
/// Beside them: whether these are all, over all regions.
pub fn sample(across: &Across, hashes: &[u64], live: Vec<usize>, key: across::Key) -> (Vec<usize>, bool) {
    if live.len() <= SAMPLE && !across.is_part() {
        return (live, true);
    }
    let lowest = across.total(key, || {
        let mut own: Vec<u64> = live.iter().map(|s| hashes[*s]).collect();
        if own.len() > SAMPLE {
            own.select_nth_unstable(SAMPLE);
            own.truncate(SAMPLE + 1);
        }
        own.sort_unstable();
        // As numbers whose order is that of the hashes.
        own.into_iter().map(f64::from_bits).collect()
    });
    let mut all = live;
    let Some(last) = lowest.get(SAMPLE - 1).filter(|_| lowest.len() > SAMPLE).map(|last| last.to_bits()) else {
        return (all, true);
    };
    all.retain(|s| hashes[*s] <= last);
    // Two of one hash at the end: the first.
    all.sort_by_key(|s| hashes[*s]);
    all.truncate(SAMPLE);
    all.sort_unstable();
    // It is kept; the room of all live series is not.
    all.shrink_to_fit();
    (all, false)
}

/// The hashes of all series.
pub fn hashes(grid: &Grid) -> Vec<u64> {
    (0..grid.series.len()).into_par_iter().map(|s| hash(grid, s)).collect()
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
