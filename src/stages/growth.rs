//! Growth of each region and group on the year before (R2; docs/METHOD.md#growth).
//!
//! ```text
//! own     = clean demand of the window / clean demand of the same months a year before - 1
//! company = the same over all regions that sold through both
//! growth  = company + w (own - company),   w = .5 x the part of the cell's sales in the window that own is of
//! ```
//! Like is compared with like (docs/METHOD.md#growth): only series that were there through both windows count. What
//! came or went (`life`) stands in the level with what it sells itself. A cell that has sold over three times as much
//! (or under a third) ever since a month after last year's window has moved: that counts in full where last year's
//! month lies before it, and not again where it lies behind it; other cells' growth is not made of it.
//! A planner's own rate, where `growth` has one for the region or a region above it, takes its place, as `rates` brings it
//! to what an upper one leaves.

mod rates;

use ndarray::ArrayView2;

use super::Parameters;
use super::base::Base;
use super::life::Life;
use crate::across::{What, key};
use crate::dataset::{Growth as Row, Known};
use crate::grid::{COMPANY, Scope, Series};
use crate::month::Month;

pub use rates::Rates;

/// Months of history that a level from last year's same month takes.
pub const YEAR_AND_ONE: usize = 13;
/// Complete months in a growth window.
const WINDOW: usize = 3;

/// From this ratio on all months before and all months since have nothing in common: the cell has moved. As for odd
/// months (docs/METHOD.md#reception).
const MOVED: f64 = 3.0;
/// Months that a level stands on at least, on either side.
const STANDS: usize = 3;
/// Months of a year.
const YEAR: usize = 12;

/// Growth that the history shows.
#[derive(Clone, Debug)]
pub struct Growth {
    /// Month indices of the window, newest first; empty where there is no year before.
    pub window: Vec<usize>,
    /// Per cell.
    pub cells: Vec<Rate>,
    /// Per group: the company's growth; none where nothing sold in both windows.
    pub company: Vec<Option<f64>>,
    /// Per series: since when and until when it was there.
    pub lives: Vec<Life>,
    /// Planners' rates, those of regions without one of their own brought to what is left.
    pub rates: Rates,
}

impl Growth {
    /// Whether a series was there through both windows.
    pub fn is_through(&self, series: usize) -> bool {
        let (Some(last), Some(first)) = (self.window.first(), self.window.last()) else { return false };
        self.lives.get(series).is_some_and(|life| life.through(*first..last + 1))
    }

    /// Growth of a cell of a group on month index `base` of last year: what is used, but the company's (0 without one)
    /// where the cell moved between the months that growth is measured from and that one.
    pub fn on(&self, cell: usize, group: usize, base: usize) -> f64 {
        let Some(rate) = self.cells.get(cell) else { return 0.0 };
        match rate.moved {
            Some(moved) if base >= moved => self.company.get(group).copied().flatten().unwrap_or(0.0),
            _ => rate.used,
        }
    }
}

/// One cell's growth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate {
    /// Clean demand of the window and of the same months a year before (as of days like those of the window), in units,
    /// of series there through both.
    pub sums: (f64, f64),
    /// Which part of the cell's clean demand in the window these series are; 1 where it had none.
    pub covered: f64,
    /// The cell's own growth, where it sold a year before.
    pub own: Option<f64>,
    /// What is used: from the company's half-way to its own, as far as that covers the cell; 0 where nothing is known.
    pub used: f64,
    /// The month index since which the cell sells at another level, where growth was measured across it.
    pub moved: Option<usize>,
}

/// Estimates growth from the clean base.
pub fn estimate(base: &Base, known: &Known, parameters: &Parameters) -> Growth {
    let grid = &known.data.grid;
    let window = window(known);
    let clean = base.clean();
    let groups = grid.group_count();
    let mut company = vec![0.0; 2 * groups];
    let cells = vec![Rate::default(); grid.cell_count()];
    let mut out =
        Growth { window, cells, company: Vec::new(), lives: lives(clean, known), rates: Rates::new(base, known) };
    let mut cells = std::mem::take(&mut out.cells);
    let window = &out.window;
    let mut sold = vec![0.0; known.months()];
    for (cell, rate) in cells.iter_mut().enumerate() {
        let (_, group) = grid.cell_key(cell);
        let mut all = 0.0;
        for s in grid.in_cell(cell) {
            let through = out.is_through(s);
            for &t in window {
                all += clean[(s, t)];
                if through {
                    rate.sums.0 += clean[(s, t)];
                    rate.sums.1 += clean[(s, t - 12)] * days_over_last_year(known, t);
                }
            }
        }
        rate.covered = if all > 0.0 { rate.sums.0 / all } else { 1.0 };
        // A region that opened inside the earlier window would count its opening as growth.
        let opened = grid.in_cell(cell).filter_map(|s| known.seen(s)).map(|(first, _)| first).min();
        let through = window.iter().all(|&t| opened.is_some_and(|first| first + 12 <= t));
        if !through || rate.sums.1 <= 0.0 {
            continue;
        }
        rate.own = Some(rate.sums.0 / rate.sums.1 - 1.0);
        sold.fill(0.0);
        for s in grid.in_cell(cell).filter(|&s| out.is_through(s)) {
            sold.iter_mut().zip(clean.row(s)).for_each(|(sum, x)| *sum += x);
        }
        rate.moved = window.last().and_then(|first| moved(&sold, first - YEAR));
        if rate.moved.is_none() {
            company[2 * group] += rate.sums.0;
            company[2 * group + 1] += rate.sums.1;
        }
    }
    known.data.across.sum(key(What::Growth, known.months(), 0).followed(base.followed), &mut company);
    let company: Vec<Option<f64>> =
        company.chunks_exact(2).map(|sums| (sums[1] > 0.0).then(|| sums[0] / sums[1] - 1.0)).collect();
    for (cell, rate) in cells.iter_mut().enumerate() {
        let (_, group) = grid.cell_key(cell);
        rate.used = match (rate.own, company[group]) {
            (Some(own), _) if rate.moved.is_some() => own,
            (Some(own), Some(all)) => all + parameters.own_growth * rate.covered * (own - all),
            (own, all) => own.or(all).unwrap_or(0.0),
        };
    }
    Growth { cells, company, ..out }
}

/// The month index, after `from`, since which all months of a row are over [`MOVED`] times the year before it, or under
/// that part of it. No season does that: `from` has the same calendar month as one of the last.
fn moved(row: &[f64], from: usize) -> Option<usize> {
    let n = row.len();
    let least = |row: &[f64]| row.iter().copied().fold(f64::INFINITY, f64::min);
    let most = |row: &[f64]| row.iter().copied().fold(0.0, f64::max);
    (from.max(STANDS - 1) + 1..=n.saturating_sub(STANDS)).rev().find(|&t| {
        let (before, since) = (&row[t.saturating_sub(YEAR)..t], &row[t..]);
        least(since) > MOVED * most(before) || most(since) * MOVED < least(before)
    })
}

/// What month index t - 12 is multiplied by for the days that month t has and it had not.
pub fn days_over_last_year(known: &Known, t: usize) -> f64 {
    known.data.days_over_last_year(known.months(), known.data.month(t))
}

/// When every series came and went: as the folder says, else as its own months show beside its region's.
fn lives(clean: ArrayView2<f64>, known: &Known) -> Vec<Life> {
    let grid = &known.data.grid;
    let begins = |s: usize| clean.row(s).iter().position(|x| *x > 0.0);
    let mut opened = vec![usize::MAX; grid.regions.leaf_count()];
    for (s, series) in grid.series.iter().enumerate() {
        opened[series.leaf] = opened[series.leaf].min(begins(s).unwrap_or(usize::MAX));
    }
    let index = |month: Month| usize::try_from(known.index(month)).unwrap_or(0);
    let of = |(s, series): (usize, &Series)| {
        let mut life = Life::of(clean.row(s).iter().copied(), opened[series.leaf]);
        if let Some(launch) = known.launch(series.product) {
            let came = index(Month::of(launch)).max(begins(s).unwrap_or(0));
            life = life.launched(if came > opened[series.leaf] { came } else { 0 });
        }
        if let Some(last) = known.retire(series.product).filter(|last| *last < known.origin.cutoff) {
            life.went = index(last) + 1;
        }
        life
    };
    grid.series.iter().enumerate().map(of).collect()
}

/// The last three complete months that have a year before them, newest first; January and February only together
/// where New Year moves between them, so the window may hold four months.
fn window(known: &Known) -> Vec<usize> {
    let pairs = known.data.calendar.pairs_new_year();
    let mut window = Vec::with_capacity(WINDOW + 1);
    let mut t = known.months();
    while window.len() < WINDOW && t > 12 {
        t -= 1;
        match known.data.month(t).number() {
            2 if pairs && t > 12 => {
                window.extend([t, t - 1]);
                t -= 1;
            }
            1 | 2 if pairs => {}
            _ => window.push(t),
        }
    }
    window
}

/// The planner's own rate for a node and scope in the fiscal year of a month: the row of the nearest region above,
/// itself included. Rows for single products count only where the scope is that product.
pub fn planned<'a>(known: &Known<'a>, node: usize, scope: Scope, month: Month) -> Option<&'a Row> {
    planned_in(known, node, scope, known.data.fiscal_year(month))
}

/// The same in a fiscal year.
fn planned_in<'a>(known: &Known<'a>, node: usize, scope: Scope, year: i32) -> Option<&'a Row> {
    let mut at = node;
    loop {
        if let Some(row) = planned_here(known, at, scope, year) {
            return Some(row);
        }
        if at == COMPANY {
            return None;
        }
        at = known.data.grid.regions.parent(at);
    }
}

/// The planner's own rate of a node itself, for a scope in a fiscal year: a row of the very scope goes before one of all
/// products; of two such the later row counts.
pub fn planned_here<'a>(known: &Known<'a>, node: usize, scope: Scope, year: i32) -> Option<&'a Row> {
    let of_group = matches!(scope, Scope::Group(_));
    let fits = |row: &&&'a Row| {
        row.node == node && row.year == year && (row.scope == scope || (of_group && row.scope == Scope::All))
    };
    known.growth.iter().filter(fits).max_by_key(|row| row.scope == scope).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_that_moved_threefold_is_found_and_a_season_is_not() {
        let steps: Vec<f64> = [[3.0; 8].as_slice(), &[31.0; 12]].concat();
        assert_eq!(moved(&steps, 5), Some(8));
        assert_eq!(moved(&steps, 8), None, "behind the months that growth is measured from");
        let down: Vec<f64> = steps.iter().map(|x| 33.0 - x).collect();
        assert_eq!(moved(&down, 5), Some(8));
        // Summer sells four times as much as winter, every year.
        let season: Vec<f64> = (0..24).map(|t| if t % 12 < 6 { 10.0 } else { 40.0 }).collect();
        assert_eq!(moved(&season, 9), None);
    }
}
