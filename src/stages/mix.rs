//! The product mix of each region and group (R6, R10): the shares of the last complete month's demand; where New Year
//! or stockouts distort that month, the average of two months' *shares*, its own and those of the last month before it
//! that nothing distorts.

use std::ops::Range;

use ndarray::Array2;

use super::Parameters;
use super::demand::Demand;
use crate::across::{What, key};
use crate::dataset::Known;

/// How far back a month is looked for that nothing distorts: a mix older than a year is another mix.
const BACK: usize = 12;

/// Which rule gave a mix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rule {
    /// The last complete month's shares.
    LastMonth,
    /// The average of two months' shares, the last being distorted by New Year; index of the other month.
    NewYear(usize),
    /// The average of two months' shares, the last being distorted by stockouts; index of the other month.
    Stockouts(usize),
    /// Nothing sold in the last month: the whole company's mix of the group.
    Company,
    /// Nothing sold anywhere: equal shares.
    #[default]
    Equal,
}

/// Mixes of all cells.
#[derive(Clone, Debug)]
pub struct Mix {
    /// Rule per cell.
    pub rules: Vec<Rule>,
    /// Per series: shares of the last month's sales.
    pub last_month: Vec<f64>,
    /// Per series: shares of the sales of the month before, or of the month averaged with.
    pub month_before: Vec<f64>,
    /// Per series: shares of the last month's demand, stockouts taken out.
    pub repaired: Vec<f64>,
    /// Per series: what is used; sums to 1 over each cell that has series.
    pub used: Vec<f64>,
    /// Series x month forecast: the fitted shares in the place of `used`; none where the plain rules apply.
    pub ahead: Option<Array2<f64>>,
}

impl Mix {
    /// The shares of a range of series in a month forecast, by its index; beyond the last of them its shares.
    pub fn shares(&self, range: Range<usize>, month: usize) -> Vec<f64> {
        match &self.ahead {
            Some(ahead) if ahead.ncols() > 0 => {
                let month = month.min(ahead.ncols() - 1);
                range.map(|s| ahead[(s, month)]).collect()
            }
            _ => self.used[range].to_vec(),
        }
    }
}

/// Estimates the mixes at the cutoff.
pub fn estimate(demand: &Demand, known: &Known, parameters: &Parameters) -> Mix {
    let grid = &known.data.grid;
    let n = grid.series.len();
    let mut mix = Mix {
        rules: vec![Rule::Equal; grid.cell_count()],
        last_month: vec![0.0; n],
        month_before: vec![0.0; n],
        repaired: vec![0.0; n],
        used: vec![0.0; n],
        ahead: None,
    };
    let Some(last) = known.months().checked_sub(1) else { return mix };
    let company = company_mix(demand, known, last);
    for cell in 0..grid.cell_count() {
        let range = grid.in_cell(cell);
        let sold = |t: usize, out: &mut [f64]| shares(range.clone(), out, |s| demand.sales[(s, t)]);
        let wanted = |t: usize, out: &mut [f64]| shares(range.clone(), out, |s| demand.units[(s, t)]);
        sold(last, &mut mix.last_month[range.clone()]);
        let repaired = wanted(last, &mut mix.repaired[range.clone()]);
        mix.rules[cell] = rule(demand, known, range.clone(), last, parameters.recovered_share);
        let before = match mix.rules[cell] {
            Rule::NewYear(t) | Rule::Stockouts(t) => Some(t),
            _ => last.checked_sub(1),
        };
        if let Some(t) = before {
            sold(t, &mut mix.month_before[range.clone()]);
        }
        let used = &mut mix.used[range.clone()];
        match mix.rules[cell] {
            Rule::NewYear(t) | Rule::Stockouts(t) => {
                wanted(t, used);
                used.iter_mut().zip(&mix.repaired[range.clone()]).for_each(|(u, r)| *u = (*u + r) / 2.0);
            }
            _ if repaired => used.copy_from_slice(&mix.repaired[range.clone()]),
            _ => {
                // What only sells here later is not known yet.
                let of = |s: usize| if known.seen(s).is_some() { company[grid.series[s].product] } else { 0.0 };
                let found = shares(range.clone(), used, of);
                mix.rules[cell] = if found { Rule::Company } else { Rule::Equal };
                if !found {
                    let alive: Vec<bool> = range.clone().map(|s| is_alive(known, s)).collect();
                    let count = alive.iter().filter(|a| **a).count().max(1) as f64;
                    used.iter_mut().zip(alive).for_each(|(u, alive)| *u = if alive { 1.0 / count } else { 0.0 });
                }
            }
        }
    }
    mix
}

/// Whether a series is forecast: it sold within the last year before the cutoff.
pub fn is_alive(known: &Known, series: usize) -> bool {
    let from = known.months().saturating_sub(BACK);
    known.units.row(series).iter().skip(from).any(|x| *x > 0.0)
}

/// Shares of `of` over a range into `out`; false (and zeros) where all of it is 0.
fn shares(range: Range<usize>, out: &mut [f64], of: impl Fn(usize) -> f64) -> bool {
    let mut sum = 0.0;
    for (value, s) in out.iter_mut().zip(range) {
        *value = of(s).max(0.0);
        sum += *value;
    }
    if sum > 0.0 {
        out.iter_mut().for_each(|x| *x /= sum);
    }
    sum > 0.0
}

fn rule(demand: &Demand, known: &Known, range: Range<usize>, last: usize, limit: f64) -> Rule {
    let calendar = &known.data.calendar;
    let new_year = |t: usize| calendar.is_distorted(known.data.month(t));
    let stockouts = |t: usize| demand.recovered(range.clone(), t) > limit;
    let sold = |t: usize| range.clone().any(|s| demand.units[(s, t)] > 0.0);
    if !sold(last) {
        return Rule::Company;
    }
    let partner = || (last.saturating_sub(BACK)..last).rev().find(|&t| !new_year(t) && !stockouts(t) && sold(t));
    match (new_year(last), stockouts(last)) {
        (true, _) => partner().map_or(Rule::LastMonth, Rule::NewYear),
        (false, true) => partner().map_or(Rule::LastMonth, Rule::Stockouts),
        (false, false) => Rule::LastMonth,
    }
}

/// Demand of each product over all regions in one month, in units.
fn company_mix(demand: &Demand, known: &Known, month: usize) -> Vec<f64> {
    let mut out = vec![0.0; known.data.products.len()];
    for (s, series) in known.data.grid.series.iter().enumerate() {
        out[series.product] += demand.units[(s, month)];
    }
    known.data.across.sum(key(What::Mix, known.months(), 0).followed(demand.followed()), &mut out);
    out
}
