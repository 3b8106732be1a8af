//! A region's products: what the page inflates when the region is looked at.

use std::ops::Range;

use rayon::prelude::*;
use serde::Serialize;

use super::pack::{Number, packed, short};
use crate::changes::CAUSES;
use crate::messages::Text;
use crate::messages::page as say;
use crate::report::{View, mix};
use crate::stages::mix::Rule;

/// Decimals of units before rounding, of demand and of causes. Whole units are shown.
const UNITS: i32 = 4;
/// Decimals of shares: a tenth of a percent is shown.
const SHARES: i32 = 6;
/// Steps of the revision before the planner's last word, whose result is the exact forecast.
const BEFORE_EXACT: usize = 4;
/// How many months of the history are tried, the most first, where all of them are too large for the page.
const FEWER: [usize; 3] = [36, 25, 13];

/// One region. Series are told by their place in the lists.
#[derive(Serialize)]
struct Leaf {
    /// Products, by series.
    products: Vec<usize>,
    /// Whether each series is forecast.
    forecast: Vec<u8>,
    /// Units sold, by series and month of the history shown.
    history: Vec<Vec<Number>>,
    /// Months with too little stock: series, month, share of selling days in stock (none: out for nobody knows how
    /// long), demand with goods in stock.
    out: Vec<(usize, usize, Option<Number>, Number)>,
    /// `units`, `units_exact` and bounds of `forecast.csv`, by series and month forecast.
    units: Vec<Vec<Number>>,
    exact: Vec<Vec<Number>>,
    bounds: Vec<Option<[Number; 4]>>,
    /// `last_month`, `month_before`, `repaired`, `used` of `mix.csv`, by series.
    mix: Vec<[Number; 4]>,
    /// Group, and the rule that gave its mix.
    rules: Vec<(usize, Text)>,
    /// Series, month forecast, units after the steps before the last word; where these are not the exact forecast.
    steps: Vec<(usize, usize, [Number; BEFORE_EXACT])>,
    /// Series, month forecast, last version, change, causes.
    changes: Vec<(usize, usize, Number, Number, [Number; CAUSES.len()])>,
}

/// The regions' details and how many months of the history they hold.
pub struct Details {
    /// By leaf.
    pub leaves: Vec<String>,
    /// Months, to the cutoff.
    pub months: usize,
}

/// Packs every region in at most so many letters together: with the whole history, else with less of it. None where even
/// that is too much.
pub fn details(view: &View, most: usize) -> Option<Details> {
    let all = view.known.months();
    let tries = [all].into_iter().chain(FEWER.into_iter().filter(|n| *n < all));
    tries.into_iter().find_map(|months| {
        let leaves: Vec<String> = (0..view.outlook.dataset.grid.regions.leaf_count())
            .into_par_iter()
            .map(|leaf| packed(&of_leaf(view, leaf, all - months..all)))
            .collect();
        (leaves.iter().map(String::len).sum::<usize>() <= most).then_some(Details { leaves, months })
    })
}

fn of_leaf(view: &View, leaf: usize, months: Range<usize>) -> Leaf {
    let outlook = view.outlook;
    let grid = &outlook.dataset.grid;
    let groups = grid.group_count();
    let cells = (0..groups).map(|group| grid.cell(leaf, group)).filter(|cell| !grid.in_cell(*cell).is_empty());
    let cells: Vec<usize> = cells.collect();
    let series: Vec<usize> = cells.iter().flat_map(|cell| grid.in_cell(*cell)).collect();
    let each = 0..outlook.months().len();
    let exact = |s: &usize| outlook.point.revision.exact.row(*s).iter().map(|x| short(*x, UNITS)).collect();
    Leaf {
        products: series.iter().map(|s| grid.series[*s].product).collect(),
        forecast: series.iter().map(|s| u8::from(view.figures.is_forecast[*s])).collect(),
        history: series
            .iter()
            .map(|s| months.clone().map(|t| short(view.known.units[(*s, t)], UNITS)).collect())
            .collect(),
        out: series.iter().enumerate().flat_map(|(i, s)| out(view, i, *s, months.clone())).collect(),
        units: series.iter().map(|s| outlook.point.units.row(*s).iter().map(|x| Number(*x)).collect()).collect(),
        exact: series.iter().map(exact).collect(),
        bounds: series
            .iter()
            .flat_map(|s| each.clone().map(|k| outlook.bounds(&view.known, *s, k)))
            .map(|bounds| bounds.map(|b| b.map(|x| short(x, UNITS))))
            .collect(),
        mix: cells.iter().flat_map(|cell| mixes(view, *cell)).collect(),
        rules: cells.iter().map(|cell| (grid.cell_key(*cell).1, rule(view, *cell))).collect(),
        steps: revised(view, &series),
        changes: changes(view, &series),
    }
}

/// The months in which a series had too little stock.
fn out(view: &View, i: usize, s: usize, months: Range<usize>) -> Vec<(usize, usize, Option<Number>, Number)> {
    let known = &view.known;
    let demand = view.outlook.point.demand(known);
    let demand = |t: usize| short(demand.get((s, t)).copied().unwrap_or(0.0), UNITS);
    let share = |t: usize| known.availability.as_ref().and_then(|a| a.get((s, t)).copied()).filter(|a| *a < 1.0);
    let was_out = |t: usize| known.was_out.as_ref().is_some_and(|out| out.get((s, t)).is_some_and(|is| *is));
    let first = months.start;
    let of = |t: usize| match share(t) {
        Some(share) => Some((i, t - first, Some(short(share, UNITS)), demand(t))),
        None => was_out(t).then(|| (i, t - first, None, demand(t))),
    };
    months.filter_map(of).collect()
}

fn mixes(view: &View, cell: usize) -> Vec<[Number; 4]> {
    let series = view.outlook.dataset.grid.in_cell(cell);
    let shares = mix::Shares::of_cell(view, cell);
    series.map(|s| shares.of(s).map(|x| short(x, SHARES))).collect()
}

fn rule(view: &View, cell: usize) -> Text {
    let month = |t: usize| view.outlook.dataset.month(t);
    match view.outlook.point.mix.rules.get(cell) {
        _ if mix::Shares::of_cell(view, cell).is_fitted() => say::mix_fitted(),
        Some(Rule::LastMonth) => say::mix_last_month(),
        Some(Rule::NewYear(t)) => say::mix_new_year(month(*t)),
        Some(Rule::Stockouts(t)) => say::mix_stockouts(month(*t)),
        Some(Rule::Company) => say::mix_company(),
        Some(Rule::Equal) | None => say::mix_equal(),
    }
}

/// What the revision changed: nothing is kept of a series that it left alone.
fn revised(view: &View, series: &[usize]) -> Vec<(usize, usize, [Number; BEFORE_EXACT])> {
    let all = view.outlook.steps();
    let mut out = Vec::new();
    for (i, &s) in series.iter().enumerate().filter(|(_, s)| view.figures.is_forecast[**s]) {
        for k in 0..view.outlook.months().len() {
            let after: [f64; BEFORE_EXACT] = std::array::from_fn(|step| all[step][(s, k)]);
            let exact = view.outlook.point.revision.exact[(s, k)];
            if after.iter().any(|x| *x != exact) {
                out.push((i, k, after.map(|x| short(x, UNITS))));
            }
        }
    }
    out
}

fn changes(view: &View, series: &[usize]) -> Vec<(usize, usize, Number, Number, [Number; CAUSES.len()])> {
    let mut out = Vec::new();
    for (i, &s) in series.iter().enumerate() {
        for (k, since) in view.changes.iter().enumerate() {
            let change = since.as_ref().and_then(|since| since.series.get(s));
            if let Some(change) = change.filter(|c| (c.last, c.now) != (0.0, 0.0)) {
                let units = |x: f64| short(x, UNITS);
                out.push((i, k, units(change.last), units(change.units()), change.causes.map(units)));
            }
        }
    }
    out
}
