//! The company's target taken down to regions, groups and months; the total holds at every level (R1, R2;
//! docs/METHOD.md#targets).
//!
//! At every node the children share the node's total T:
//! - a locked target, or a locked growth rate, is kept;
//! - a planner's growth rate g gives `last year's actual sales x (1 + g)`, kept as long as somebody else can take the
//!   rest;
//! - a target that is not locked, and else the credited base of last year, is a weight; min and max are bounds.
//!
//! What is shared is `x_i = clip(theta b_i, l_i, u_i)` with `sum x = T`. A year goes to months by last year's credited
//! profile; where New Year moves between January and February, the pair is split by this year's selling days.

mod holding;
mod last_year;
mod split;
mod why;

use std::collections::HashMap;

use ndarray::Array2;

use super::base::Base;
use crate::dataset::{Known, Measure, Target};
use crate::error::{Place, Problems};
use crate::grid::{COMPANY, Scope};
use crate::messages::planning as say;
use crate::month::Month;

pub use split::{NodeTarget, Split};
pub use why::Why;

/// One link of R1's chain: what one stage set for a node, or what it comes to as the sum of what was set below it.
#[derive(Clone, Debug)]
pub struct Link {
    /// Fiscal year.
    pub year: i32,
    /// Stage name; empty where the folder names none.
    pub stage: String,
    /// Products meant.
    pub scope: Scope,
    /// What it counts.
    pub measure: Measure,
    /// Region node.
    pub node: usize,
    /// The target, in units or yuan.
    pub total: f64,
    /// Where it stands; of a sum, where its first row does.
    pub place: Place,
}

/// Targets of every region, group and month.
#[derive(Clone, Debug, Default)]
pub struct RegionTargets {
    /// What every stage set at every node, by year, scope and stage.
    pub chain: Vec<Link>,
    /// What holds after the last stage, taken down.
    pub splits: Vec<Split>,
    /// Per fiscal year: units of each cell and month of the year, none where no target reaches.
    cells: Vec<(i32, Array2<Option<f64>>)>,
}

impl RegionTargets {
    /// The target of a cell in a month, in units.
    pub fn units(&self, known: &Known, cell: usize, month: Month) -> Option<f64> {
        let year = known.data.fiscal_year(month);
        let (_, array) = self.cells.iter().find(|(y, _)| *y == year)?;
        let first = Month::fiscal_start(year, known.data.settings.fiscal.start);
        array.get((cell, month.since(first) as usize)).copied().flatten()
    }

    /// The target of a cell in a whole fiscal year, in units; none where any month has none.
    pub fn year_units(&self, cell: usize, year: i32) -> Option<f64> {
        let (_, array) = self.cells.iter().find(|(y, _)| *y == year)?;
        array.row(cell).iter().try_fold(0.0, |sum, x| x.map(|x| sum + x))
    }
}

/// Takes the targets of the fiscal years from the one of the month made on down the tree. Locks that leave no room
/// are errors that name them; an unreachable remainder is a warning.
pub fn decompose(base: &Base, known: &Known, problems: &mut Problems) -> RegionTargets {
    let data = known.data;
    let now = data.fiscal_year(known.origin.made);
    let mut out = RegionTargets::default();
    let mut keys: Vec<(i32, Scope)> = Vec::new();
    keys.extend(known.targets.iter().filter(|t| t.year >= now).map(|t| (t.year, t.scope)));
    // A company growth rate alone is a target, too: last year's sales times it.
    keys.extend(known.growth.iter().filter(|g| g.year >= now && g.node == COMPANY).map(|g| (g.year, g.scope)));
    keys.sort();
    keys.dedup();
    let mut rows: HashMap<(i32, Scope), Vec<&Target>> = HashMap::new();
    known.targets.iter().for_each(|t| rows.entry((t.year, t.scope)).or_default().push(t));
    for (index, (year, scope)) in keys.into_iter().enumerate() {
        let rows = rows.get(&(year, scope)).map_or(&[][..], Vec::as_slice);
        let (holding, chain) = holding::hold(known, (year, scope), rows);
        out.chain.extend(chain);
        out.splits.push(split::split(base, known, (index, year, scope, &holding), problems));
    }
    out.cells =
        years(&out.splits).into_iter().map(|year| (year, to_cells(&out.splits, year, base, known, problems))).collect();
    out
}

fn years(splits: &[Split]) -> Vec<i32> {
    let mut years: Vec<i32> = splits.iter().map(|s| s.year).collect();
    years.dedup();
    years
}

/// Units of each cell: the group's own targets, and of a target for everything what they leave, by the credited base.
fn to_cells(splits: &[Split], year: i32, base: &Base, known: &Known, problems: &mut Problems) -> Array2<Option<f64>> {
    let grid = &known.data.grid;
    let mut out: Array2<Option<f64>> = Array2::from_elem((grid.cell_count(), 12), None);
    let of_year = || splits.iter().filter(|s| s.year == year);
    let price = |cell: usize, measure: Measure| match measure {
        Measure::Units => Some(1.0),
        Measure::Revenue => average_price(known, cell),
    };
    let mut own_group = vec![false; grid.group_count()];
    for split in of_year() {
        let Scope::Group(group) = split.scope else { continue };
        own_group[group] = true;
        for leaf in 0..grid.regions.leaf_count() {
            let cell = grid.cell(leaf, group);
            let Some(price) = price(cell, split.measure) else { continue };
            for k in 0..12 {
                out[(cell, k)] = split.leaves[(leaf, k)].map(|x| x / price);
            }
        }
    }
    let Some(all) = of_year().find(|s| s.scope == Scope::All) else { return out };
    let rest: Vec<usize> = (0..grid.group_count()).filter(|g| !own_group[*g]).collect();
    if rest.is_empty() {
        problems.warn(all.place.clone(), "target_unused", say::target_unused(year), say::groups_have_their_own());
        return out;
    }
    let mut short = false;
    for leaf in 0..grid.regions.leaf_count() {
        let weights = last_year::group_weights(base, known, year, leaf, all.measure, &rest);
        for k in 0..12 {
            let Some(total) = all.leaves[(leaf, k)] else { continue };
            let taken: f64 = (0..grid.group_count())
                .filter(|g| own_group[*g])
                .filter_map(|g| Some(out[(grid.cell(leaf, g), k)]? * price(grid.cell(leaf, g), all.measure)?))
                .sum();
            short |= taken > total * (1.0 + 1e-9);
            let left = (total - taken).max(0.0);
            for (i, &group) in rest.iter().enumerate() {
                let cell = grid.cell(leaf, group);
                out[(cell, k)] = price(cell, all.measure).map(|p| left * weights[(i, k)] / p);
            }
        }
    }
    if short {
        problems.warn(all.place.clone(), "target_short", say::groups_exceed_all(year), say::rest_is_zero());
    }
    out
}

/// Yuan a unit of a cell: revenue over units of the last twelve months, else the mean price of its products.
pub fn average_price(known: &Known, cell: usize) -> Option<f64> {
    let range = known.data.grid.in_cell(cell);
    let from = known.months().saturating_sub(12);
    let (mut money, mut units) = (0.0, 0.0);
    for s in range.clone() {
        for t in from..known.months() {
            if let Some(m) = revenue(known, s, t) {
                money += m;
                units += known.units[(s, t)];
            }
        }
    }
    if money > 0.0 && units > 0.0 {
        return Some(money / units);
    }
    let prices: Vec<f64> = range
        .filter_map(|s| known.data.products[known.data.grid.series[s].product].price)
        .filter(|p| *p > 0.0)
        .collect();
    (!prices.is_empty()).then(|| prices.iter().sum::<f64>() / prices.len() as f64)
}

/// Revenue of a series in a month of the history, in yuan: as recorded, else units times the product's price.
pub fn revenue(known: &Known, series: usize, month: usize) -> Option<f64> {
    if let Some(revenue) = &known.revenue {
        return Some(revenue[(series, month)]);
    }
    let product = known.data.grid.series[series].product;
    known.data.products[product].price.map(|p| p * known.units[(series, month)])
}
