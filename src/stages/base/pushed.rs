//! Goods pushed into the channel are no base for level and growth (R11).
//!
//! Where the channel is counted, a month is pushed where we sold at least a fifth (`[attainment] push`), and two standard
//! deviations, more than
//! ```text
//! sell-out x median of sell-in / sell-out of the 12 months before      where the tiers below the dealers are counted
//! last year's month x growth of the three months before, else their mean    where the dealers' warehouses are empty
//! ```
//! as far as what was pushed in lies there: by the first no more than the stock of all counted tiers rose by, by the
//! second than that of the tiers below, where these are counted. Empty is under half of their usual stock, as the article
//! tells it: what we sold went through them. The second is the plain rule's own forecast; the month must stand out of the
//! mean of the three months before it as well, and January and February, which move with New Year, say nothing. Such a
//! month counts as the lower of those that it stands out of.

use std::collections::BTreeMap;

use super::Base;
use crate::dataset::Known;
use crate::grid::Scope;
use crate::stages::Parameters;
use crate::stages::channel::{Channel, Flow, counted, keys};
use crate::stats::quantile::median;

/// Months whose mean, and whose growth, a month is compared with.
const RECENT: usize = 3;
/// Months of a year.
const YEAR: usize = 12;
/// Under this part of their usual stock the dealers' warehouses are empty.
const EMPTIED: f64 = 0.5;
/// So many standard deviations a push stands out: 95 of 100 ordinary months lie within.
const CHANCE: f64 = 2.0;
/// Median distance of two draws of a normal distribution to its standard deviation: 1 / (.6745 sqrt 2).
const OF_STEPS: f64 = 1.0483;

/// A month of a node and scope in which goods were pushed into the channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Push {
    /// Region node counted.
    pub node: usize,
    /// Products counted.
    pub scope: Scope,
    /// Cells that this count speaks for: those without a nearer one.
    pub cells: Vec<usize>,
    /// Month index.
    pub month: usize,
    /// What we sold, in units.
    pub sold: f64,
    /// What it counts as, in units.
    pub counts_as: f64,
}

impl Push {
    /// What demand of the month is multiplied by.
    pub fn times(&self) -> f64 {
        self.counts_as / self.sold
    }
}

/// The months in which goods were pushed into the channel.
pub fn find(known: &Known, parameters: &Parameters) -> Vec<Push> {
    if known.channel.is_empty() {
        return Vec::new();
    }
    let grid = &known.data.grid;
    let keys = keys(known);
    let mut counts: BTreeMap<(usize, Scope), Vec<usize>> = BTreeMap::new();
    for cell in 0..grid.cell_count() {
        let (leaf, group) = grid.cell_key(cell);
        if let Some(key) = counted(known, &keys, grid.regions.node_of(leaf), group) {
            counts.entry(key).or_default().push(cell);
        }
    }
    counts.into_iter().flat_map(|(key, cells)| of_key(known, parameters, key, &cells)).collect()
}

fn of_key(known: &Known, parameters: &Parameters, (node, scope): (usize, Scope), cells: &[usize]) -> Vec<Push> {
    let channel = Channel::new(known, node, scope);
    let (dealer, downstream) = channel.tiers();
    let limits = &parameters.attainment;
    // Later months are compared with what earlier ones count as.
    let mut counts = channel.sell_in.clone();
    let mut out = Vec::new();
    for t in 0..counts.len() {
        let sold = channel.sell_in[t];
        let usual = limits.norm_min as usize;
        let by_count = downstream.stock[t].is_some().then(|| by_sell_out(&downstream, &counts, t, usual)).flatten();
        // The dealers' warehouses are empty: what we sold them has gone down.
        let has_gone_down = dealer.stock[t].is_some_and(|stock| emptied(&dealer, t, stock, usual));
        let by_itself = has_gone_down.then(|| by_itself(known, &counts, t)).flatten();
        // What was pushed in lies there: no more than the stock of the tiers that it went to rose by.
        let below = rise(&downstream, t);
        let all = below.map(|below| below + rise(&dealer, t).unwrap_or(0.0));
        let stood_out = |expected: f64| {
            // By a fifth is by a fifth, whatever the last bit of 1.2 says; where months move by as much anyway, it is
            // chance.
            sold >= expected * (1.0 + limits.push) * (1.0 - 1e-12) && sold - expected > CHANCE * unsteady(&counts, t)
        };
        let counts_as = |expected: Option<f64>, room: Option<f64>| -> Option<f64> {
            let expected = expected.filter(|x| *x > 0.0 && stood_out(*x))?;
            match downstream.stock[t] {
                None => Some(expected),
                Some(_) => below.filter(|rise| *rise > 0.0).and(room).map(|room| expected.max(sold - room)),
            }
        };
        // Of two that say so the one that says more: knowing more of the channel makes no base higher.
        let found = [counts_as(by_count, all), counts_as(by_itself, below)];
        let least = found.into_iter().flatten().min_by(f64::total_cmp).filter(|least| *least < sold);
        if let Some(expected) = least {
            counts[t] = expected;
            out.push(Push { node, scope, cells: cells.to_vec(), month: t, sold, counts_as: expected });
        }
    }
    out
}

/// What a month's sell-out of the tiers below lets expect that we sold: times the usual ratio of the two.
fn by_sell_out(downstream: &Flow, counts: &[f64], t: usize, least: usize) -> Option<f64> {
    let sell_out = &downstream.sell_out;
    let ratio = |s: usize| sell_out[s].filter(|x| *x > 0.0).map(|x| counts[s] / x);
    let mut before: Vec<f64> = (t.saturating_sub(YEAR)..t).filter_map(ratio).collect();
    let enough = before.len() >= least;
    sell_out[t].zip(median(&mut before).filter(|_| enough)).map(|(x, usual)| x * usual)
}

/// How far a month is off by chance, in units: by the median step from month to month in the year before.
fn unsteady(counts: &[f64], t: usize) -> f64 {
    let from = t.saturating_sub(YEAR).max(1);
    let mut steps: Vec<f64> = (from..t).map(|s| (counts[s] - counts[s - 1]).abs()).collect();
    OF_STEPS * median(&mut steps).unwrap_or(0.0)
}

/// Whether the dealers hold less than half of their usual stock, the median of the counts of the year before.
fn emptied(dealer: &Flow, t: usize, stock: f64, least: usize) -> bool {
    let mut before: Vec<f64> = (t.saturating_sub(YEAR)..t).filter_map(|t| dealer.stock[t]).collect();
    let enough = before.len() >= least;
    median(&mut before).is_some_and(|usual| enough && stock < EMPTIED * usual)
}

/// How far a tier's stock rose in a month, in units; none where it was not counted on both ends.
fn rise(flow: &Flow, t: usize) -> Option<f64> {
    let before = t.checked_sub(1).and_then(|before| flow.stock[before])?;
    Some(flow.stock[t]? - before)
}

/// What the plain rule would have said of a month, no less than the mean of the three before it; none where it says
/// nothing.
pub fn by_itself(known: &Known, counts: &[f64], t: usize) -> Option<f64> {
    let (data, start) = (known.data, counts.iter().position(|x| *x > 0.0)?);
    if data.calendar.pair(data.month(t)).is_some() {
        return None;
    }
    let sum = |from: usize| counts[from..from + RECENT].iter().sum::<f64>();
    let recent = t.checked_sub(RECENT).filter(|from| *from >= start).map(sum)?;
    let mean = recent / RECENT as f64;
    let expected = match t.checked_sub(YEAR).filter(|before| *before >= start) {
        None => mean,
        Some(before) => {
            let earlier = before.checked_sub(RECENT).filter(|from| *from >= start).map(sum);
            counts[before] * earlier.filter(|earlier| *earlier > 0.0).map_or(1.0, |earlier| recent / earlier)
        }
    };
    // A season's first month stands out of last months, not of last year's; a push stands out of both.
    Some(expected.max(mean)).filter(|_| expected > 0.0)
}

/// Takes them out of a base.
pub fn take_out(base: &mut Base, known: &Known, parameters: &Parameters) {
    let pushes = find(known, parameters);
    for push in &pushes {
        let array = base.changed.get_or_insert_with(|| base.demand.to_owned());
        let series = push.cells.iter().flat_map(|&cell| known.data.grid.in_cell(cell));
        series.for_each(|s| array[(s, push.month)] *= push.times());
    }
    base.pushes = pushes;
}
