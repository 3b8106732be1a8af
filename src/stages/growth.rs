//! Growth of each region and group on the year before (R2; RULES: windows of the last three complete months).
//!
//! ```text
//! own     = clean demand of the window / clean demand of the same months a year before - 1
//! company = the same over all regions that sold through both
//! growth  = company + w (own - company),   w = .5
//! ```
//! A planner's own rate, where `growth` has one for the region or a region above it, takes its place.

use super::Parameters;
use super::base::Base;
use crate::across::{What, key};
use crate::dataset::{Growth as Row, Known};
use crate::grid::{COMPANY, Scope};
use crate::month::Month;

/// Complete months in a growth window.
const WINDOW: usize = 3;

/// Growth that the history shows.
#[derive(Clone, Debug)]
pub struct Growth {
    /// Month indices of the window, newest first; empty where there is no year before.
    pub window: Vec<usize>,
    /// Per cell.
    pub cells: Vec<Rate>,
    /// Per group: the company's growth; none where nothing sold in both windows.
    pub company: Vec<Option<f64>>,
}

/// One cell's growth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate {
    /// Clean demand of the window and of the same months a year before, in units.
    pub sums: (f64, f64),
    /// The cell's own growth, where it sold a year before.
    pub own: Option<f64>,
    /// What is used: half-way to the company's; 0 where nothing is known.
    pub used: f64,
}

/// Estimates growth from the clean base.
pub fn estimate(base: &Base, known: &Known, parameters: &Parameters) -> Growth {
    let grid = &known.data.grid;
    let window = window(known);
    let clean = base.clean();
    let groups = grid.group_count();
    let mut company = vec![0.0; 2 * groups];
    let mut cells = vec![Rate::default(); grid.cell_count()];
    for (cell, rate) in cells.iter_mut().enumerate() {
        let (_, group) = grid.cell_key(cell);
        for s in grid.in_cell(cell) {
            for &t in &window {
                rate.sums.0 += clean[(s, t)];
                rate.sums.1 += clean[(s, t - 12)];
            }
        }
        // A region that opened inside the earlier window would count its opening as growth.
        let opened = grid.in_cell(cell).filter_map(|s| known.seen(s)).map(|(first, _)| first).min();
        let through = window.iter().all(|&t| opened.is_some_and(|first| first + 12 <= t));
        if through && rate.sums.1 > 0.0 {
            rate.own = Some(rate.sums.0 / rate.sums.1 - 1.0);
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
            (Some(own), Some(all)) => all + parameters.own_growth * (own - all),
            (own, all) => own.or(all).unwrap_or(0.0),
        };
    }
    Growth { window, cells, company }
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
    let year = known.data.fiscal_year(month);
    let group = match scope {
        Scope::Group(group) => Some(group),
        _ => None,
    };
    let fits =
        |row: &&&'a Row| row.year == year && (row.scope == scope || (group.is_some() && row.scope == Scope::All));
    let mut at = node;
    loop {
        let here = known.growth.iter().filter(|g| g.node == at).filter(fits);
        // A row of the very scope goes before one of all products; of two such the later row counts.
        if let Some(row) = here.max_by_key(|g| g.scope == scope) {
            return Some(row);
        }
        if at == COMPANY {
            return None;
        }
        at = known.data.grid.regions.parent(at);
    }
}
