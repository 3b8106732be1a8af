//! What the ledger teaches, all of it and only it (docs/METHOD.md#lessons): each lesson is tried at past months,
//! learned from those before them, and is used only where it came nearer there than the plain rule.

mod channel;
mod front;
mod landing;

use std::sync::Arc;

use super::Passed;
use crate::dataset::ledger::{Said, Source, Step};
use crate::dataset::{Issue, Known, Mode};
use crate::grid::{Grid, Scope};
use crate::stages::Parameters;
use crate::stages::lessons::{Evidence, Key, Lessons};

/// Fewer months than this teach nothing.
const LEAST_MONTHS: usize = 3;
/// A lesson is used from so many tries on.
const LEAST_TRIES: usize = 3;

/// Learns what an origin can know. Months issued in another mode are left out: they look back from another distance.
pub fn learn(known: &Known, plain: &Parameters) -> Lessons {
    let mode = known.origin.mode;
    let passed: Vec<Passed> = super::passed(known).into_iter().filter(|p| p.issue.mode == mode).collect();
    if passed.is_empty() {
        return Lessons::default();
    }
    let front = [0, 1, 2].map(|lag| front::learn(known, &passed, lag, plain));
    Lessons { front, channel: channel::learn(known, &passed, plain), landing: landing::learn(known, &passed, plain) }
}

/// `plain` with what the ledger teaches; as it is where nothing is to be learned.
pub fn taught(known: &Known, plain: &Parameters) -> Parameters {
    if !known.data.settings.learns() {
        return plain.clone();
    }
    Parameters { lessons: Arc::new(learn(known, plain)), ..plain.clone() }
}

/// The last complete month that an issue was made from, as an index of the history.
pub(super) fn cutoff(known: &Known, issue: &Issue) -> i32 {
    let made = known.index(issue.made);
    if issue.mode == Mode::During { made - 1 } else { made }
}

/// Rows that say which month they are about and since which one's end they are known.
trait Row {
    /// Index of the month.
    fn month(&self) -> i32;
    /// Index of the last month known when it was issued.
    fn cutoff(&self) -> i32;
}

/// Distinct months of rows.
fn months<'a, R: Row + 'a>(rows: impl IntoIterator<Item = &'a R>) -> usize {
    let mut months: Vec<i32> = rows.into_iter().map(Row::month).collect();
    months.sort_unstable();
    months.dedup();
    months.len()
}

/// Tries a lesson at each past issue: `errors` gives, from the rows known then and those to be tried, the absolute errors
/// of the lesson and of the plain rule, and the units they were about; none where too little was known.
fn tried<R: Row>(rows: &[R], errors: impl Fn(&[&R], &[&R]) -> Option<[f64; 3]>) -> Evidence {
    let mut cutoffs: Vec<i32> = rows.iter().map(Row::cutoff).collect();
    cutoffs.sort_unstable();
    cutoffs.dedup();
    let (mut sums, mut tried) = ([0.0; 3], 0);
    for cutoff in cutoffs {
        let before: Vec<&R> = rows.iter().filter(|r| r.month() <= cutoff).collect();
        if months(before.iter().copied()) < LEAST_MONTHS {
            continue;
        }
        let now: Vec<&R> = rows.iter().filter(|r| r.cutoff() == cutoff).collect();
        if let Some(found) = errors(&before, &now) {
            sums.iter_mut().zip(found).for_each(|(sum, x)| *sum += x);
            tried += 1;
        }
    }
    let [learned, plain, units] = sums;
    let wape = (tried > 0 && units > 0.0).then(|| (learned / units, plain / units));
    Evidence { months: months(rows), rows: rows.len(), tried, wape }
}

/// Whether a lesson has come nearer than the plain rule often enough to be used.
fn helps(evidence: &Evidence) -> bool {
    evidence.tried >= LEAST_TRIES && evidence.wape.is_some_and(|(learned, plain)| learned < plain)
}

/// The series of a key, in the grid's order.
fn series(grid: &Grid, key: Key) -> Vec<usize> {
    grid.in_scope(key.0, key.1)
}

fn sum(units: &[f64], series: &[usize]) -> f64 {
    series.iter().filter_map(|s| units.get(*s)).sum()
}

/// The one group that there is and everything are the same.
fn key(grid: &Grid, said: &Said) -> Key {
    let scope = if grid.group_count() == 1 && said.scope == Scope::Group(0) { Scope::All } else { said.scope };
    (said.node, scope)
}

/// An issued month as sales: its numbers after a step pushed through the month's availability, and what was sold.
struct Sales {
    ours: Vec<f64>,
    demand: Vec<f64>,
    sold: Vec<f64>,
}

impl Sales {
    fn new(known: &Known, passed: &Passed, step: Step, parameters: &Parameters) -> Sales {
        let demand = passed.month.after(step).to_vec();
        let demand = if demand.is_empty() { vec![0.0; known.data.grid.series.len()] } else { demand };
        let ours = super::as_sales(known, passed.index, &demand, parameters);
        Sales { ours, demand, sold: passed.sold.iter().map(|x| x.max(0.0)).collect() }
    }

    /// Ours as sales, and what a unit of demand of these series came to in sales.
    fn of(&self, series: &[usize]) -> (f64, f64) {
        let (ours, demand) = (sum(&self.ours, series), sum(&self.demand, series));
        (ours, if demand > 0.0 { ours / demand } else { 1.0 })
    }
}

/// The target of a key in an issued month: the sum over its cells, where all of them have one.
fn target(grid: &Grid, passed: &Passed, key: Key) -> Option<f64> {
    if matches!(key.1, Scope::Product(_)) {
        return None;
    }
    let leaves = grid.regions.leaves(key.0);
    let mut cells: Vec<usize> = leaves.flat_map(|l| grid.groups_of(key.1).map(move |g| grid.cell(l, g))).collect();
    cells.retain(|cell| !grid.in_cell(*cell).is_empty());
    let mut units = 0.0;
    for said in passed.month.of(Source::Target) {
        let group = match said.scope {
            Scope::Group(group) => group,
            Scope::All if grid.group_count() == 1 => 0,
            _ => continue,
        };
        let Some(leaf) = grid.regions.leaf_of(said.node) else { continue };
        if let Some(at) = cells.iter().position(|cell| *cell == grid.cell(leaf, group)) {
            cells.swap_remove(at);
            units += said.units;
        }
    }
    cells.is_empty().then_some(units)
}
