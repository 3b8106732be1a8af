//! The second forecast of a month against the first (R9): what it gained, and where it lost.

use super::Actual;
use crate::accuracy::{Level, absolute_error};
use crate::dataset::ledger::Step;
use crate::grid::{Grid, Scope};
use crate::month::Month;

/// The lags of the first and the second forecast of a month.
const FIRST: i32 = 2;
const SECOND: i32 = 1;
/// So many regions, products and series are named as those that lost most.
const NAMED: usize = 5;
/// Less than this, in units, is rounding of sums and no loss.
const NOTHING: f64 = 1e-6;

/// The second forecast against the first, over all months that have both in one mode.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Revised {
    /// By month.
    pub months: Vec<Gain>,
    /// Where the second forecast missed more than the first: regions, products and series, the most units first
    /// within each.
    pub lost: Vec<Lost>,
}

/// One month; misses are of region x product, added up, in units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gain {
    /// The month.
    pub month: Month,
    /// Units sold, absolute values summed over region x product.
    pub sold: f64,
    /// Units missed by the first forecast, at lag 2.
    pub first: f64,
    /// Units missed by the second, at lag 1.
    pub second: f64,
}

/// Where the second forecast lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lost {
    /// A region, a product or a series.
    pub level: Level,
    /// Region node.
    pub node: usize,
    /// Products meant.
    pub scope: Scope,
    /// Units missed more than by the first forecast, added up over region x product and months.
    pub units: f64,
}

impl Revised {
    /// Units sold, missed by the first forecast and missed by the second, over all months.
    pub fn sums(&self) -> [f64; 3] {
        let sum = |of: fn(&Gain) -> f64| self.months.iter().map(of).sum();
        [sum(|g| g.sold), sum(|g| g.first), sum(|g| g.second)]
    }
}

pub(super) fn revised(actual: &[Actual], grid: &Grid) -> Revised {
    let mut out = Revised::default();
    let mut lost = vec![0.0; grid.series.len()];
    for second in actual.iter().filter(|c| c.lag() == SECOND) {
        let month = second.passed.month.month;
        let Some(first) = actual.iter().find(|c| c.lag() == FIRST && c.passed.month.month == month) else { continue };
        let (then, now, sold) = (first.after(Step::Final), second.after(Step::Final), &second.sold);
        for (s, lost) in lost.iter_mut().enumerate() {
            *lost += (now[s] - sold[s]).abs() - (then[s] - sold[s]).abs();
        }
        let sum = sold.iter().map(|a| a.abs()).sum();
        out.months.push(Gain {
            month,
            sold: sum,
            first: absolute_error(then, sold),
            second: absolute_error(now, sold),
        });
    }
    let mut regions = vec![0.0; grid.regions.leaf_count()];
    let mut products = vec![0.0; grid.products.len()];
    for (series, units) in grid.series.iter().zip(&lost) {
        regions[series.leaf] += units;
        products[series.product] += units;
    }
    for (level, units) in [(Level::Region, regions), (Level::Product, products), (Level::Series, lost)] {
        out.lost.extend(most(level, &units, grid));
    }
    out
}

/// The rows that lost most.
fn most(level: Level, units: &[f64], grid: &Grid) -> Vec<Lost> {
    let mut rows: Vec<usize> = (0..units.len()).filter(|row| units[*row] > NOTHING).collect();
    rows.sort_by(|a, b| units[*b].total_cmp(&units[*a]));
    let of = |row: &usize| {
        let (node, scope) = level.key(grid, *row);
        Lost { level, node, scope, units: units[*row] }
    };
    rows.iter().take(NAMED).map(of).collect()
}
