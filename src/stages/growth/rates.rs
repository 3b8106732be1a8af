//! Planners' growth rates as they are used (R2): where a region has a rate, and a region below it has one of its
//! own, the upper one's total holds.
//! ```text
//! left   = b (1 + g) - sum of b_c (1 + g_c)      over the children with a rate of their own
//! others = left / sum of their b - 1
//! ```
//! `b` is last year's demand of the same month (January and February as a pair where New Year moves between them), `g`
//! the node's rate. Where nobody is left to take the rest, or nothing is left, all children's rates are proportions of the
//! total, as in the target (docs/METHOD.md#targets).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ndarray::Array2;

use super::{YEAR_AND_ONE, planned, planned_here, planned_in};
use crate::across::{What, key};
use crate::dataset::{Growth as Row, Known};
use crate::grid::{COMPANY, Scope};
use crate::month::Month;
use crate::stages::base::Base;

/// Months of a year.
const YEAR: usize = 12;

/// The rates of all cells.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    /// By fiscal year, cell and calendar month (0 for January): where the rate used is not the row's own.
    changed: HashMap<(i32, usize, usize), f64>,
}

impl Rates {
    /// The rates on the demand of a base.
    pub fn new(base: &Base, known: &Known) -> Rates {
        let mut out = Rates::default();
        for (group, years) in nested(known) {
            let sums = sums(base, known, group);
            for (year, month) in years.into_iter().flat_map(|year| (0..YEAR).map(move |month| (year, month))) {
                let of = sums.column(month).to_vec();
                let mut tree = Tree { known, year, group, month, sums: of, out: &mut out.changed };
                tree.down(COMPANY, None, false);
            }
        }
        out
    }

    /// The rate of a cell in a month, and the row that it comes from; none without one.
    pub fn of<'k>(&self, known: &Known<'k>, cell: usize, month: Month) -> Option<(f64, &'k Row)> {
        let (leaf, group) = known.data.grid.cell_key(cell);
        let row = planned(known, known.data.grid.regions.node_of(leaf), Scope::Group(group), month)?;
        let number = month.number() as usize - 1;
        let changed = self.changed.get(&(row.year, cell, number)).copied();
        Some((changed.unwrap_or(row.growth), row))
    }
}

/// Groups, and of each the fiscal years, in which a region with a rate lies below another one with a rate.
fn nested(known: &Known) -> BTreeMap<usize, BTreeSet<i32>> {
    let grid = &known.data.grid;
    let mut out: BTreeMap<usize, BTreeSet<i32>> = BTreeMap::new();
    for row in known.growth.iter().filter(|row| row.node != COMPANY) {
        for group in 0..grid.group_count() {
            let fits = row.scope == Scope::All || row.scope == Scope::Group(group);
            let above = grid.regions.parent(row.node);
            if fits && planned_in(known, above, Scope::Group(group), row.year).is_some() {
                out.entry(group).or_default().insert(row.year);
            }
        }
    }
    out
}

/// Node x calendar month: last year's demand of a group, of regions whose levels come from last year, in units.
fn sums(base: &Base, known: &Known, group: usize) -> Array2<f64> {
    let (grid, data) = (&known.data.grid, known.data);
    let regions = &grid.regions;
    let mut out = Array2::zeros((regions.len(), YEAR));
    let n = known.months();
    let mut own = vec![0.0; n];
    for leaf in 0..regions.leaf_count() {
        own.fill(0.0);
        for s in grid.in_cell(grid.cell(leaf, group)) {
            own.iter_mut().zip(base.demand.row(s)).for_each(|(sum, x)| *sum += x);
        }
        let start = own.iter().position(|x| *x > 0.0).unwrap_or(n);
        if n - start < YEAR_AND_ONE {
            continue;
        }
        let mut of = [0.0; YEAR];
        (n - YEAR..n).for_each(|t| of[data.month(t).number() as usize - 1] = own[t]);
        if data.calendar.pairs_new_year() {
            let pair = of[0] + of[1];
            (of[0], of[1]) = (pair, pair);
        }
        let mut node = regions.node_of(leaf);
        loop {
            out.row_mut(node).iter_mut().zip(of).for_each(|(sum, x)| *sum += x);
            if node == COMPANY {
                break;
            }
            node = regions.parent(node);
        }
    }
    let key = key(What::Planned, n, group).followed(base.followed);
    if let Some(sums) = out.as_slice_mut() {
        data.across.sum(key, sums);
    }
    out
}

/// One fiscal year, group and calendar month.
struct Tree<'a, 'k> {
    known: &'a Known<'k>,
    year: i32,
    group: usize,
    month: usize,
    /// By node: last year's demand, in units.
    sums: Vec<f64>,
    out: &'a mut HashMap<(i32, usize, usize), f64>,
}

impl Tree<'_, '_> {
    /// Gives a node's rate to all below it; `changed` where it is not the row's own.
    fn down(&mut self, node: usize, rate: Option<f64>, changed: bool) {
        let grid = &self.known.data.grid;
        if let Some(leaf) = grid.regions.leaf_of(node) {
            if let Some(rate) = rate.filter(|_| changed) {
                self.out.insert((self.year, grid.cell(leaf, self.group), self.month), rate);
            }
            return;
        }
        let own = |node: usize| planned_here(self.known, node, Scope::Group(self.group), self.year).map(|g| g.growth);
        let rate = if changed { rate } else { own(node).or(rate) };
        let children = grid.regions.children(node).to_vec();
        let rates: Vec<Option<f64>> = children.iter().map(|&child| own(child)).collect();
        let Some(total) = rate.filter(|_| rates.iter().any(Option::is_some)) else {
            return children.iter().zip(rates).for_each(|(&child, own)| self.down(child, own.or(rate), changed));
        };
        let b = |child: usize| self.sums[child].max(0.0);
        let times = |rate: f64| (1.0 + rate).max(0.0);
        let whole: f64 = children.iter().map(|&child| b(child)).sum::<f64>() * times(total);
        let kept: f64 = children.iter().zip(&rates).filter_map(|(&c, own)| Some(b(c) * times((*own)?))).sum();
        let open: f64 = children.iter().zip(&rates).filter(|(_, own)| own.is_none()).map(|(&c, _)| b(c)).sum();
        let fits = open > 0.0 && whole >= kept;
        let weights = kept + open * times(total);
        for (&child, own) in children.iter().zip(&rates) {
            let (rate, changed) = match own {
                Some(own) if fits => (*own, false),
                None if fits => ((whole - kept) / open - 1.0, true),
                // Rates as proportions of the total.
                _ if weights > 0.0 => (times(own.unwrap_or(total)) * whole / weights - 1.0, true),
                own => (own.unwrap_or(total), changed),
            };
            self.down(child, Some(rate), changed);
        }
    }
}
