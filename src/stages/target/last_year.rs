//! What a target is shared out by: last fiscal year's actual sales and its credited base.

use ndarray::Array2;

use super::revenue;
use crate::dataset::{Known, Measure};
use crate::grid::Scope;
use crate::month::Month;
use crate::stages::base::Base;

/// Last fiscal year's actual sales and credited base by leaf and month, in the target's measure. A month outside of
/// the visible history takes the same month of the latest year that has it, and where there is none the mean of the
/// months that do.
pub fn last_year(base: &Base, known: &Known, year: i32, scope: Scope, measure: Measure) -> (Array2<f64>, Array2<f64>) {
    let data = known.data;
    let leaves = data.grid.regions.leaf_count();
    let mut actual = Array2::zeros((leaves, 12));
    let mut credited = Array2::zeros((leaves, 12));
    for leaf in 0..leaves {
        for s in data.grid.in_scope(data.grid.regions.node_of(leaf), scope) {
            add_year(base, known, year, measure, s, &mut |k, a, c| {
                actual[(leaf, k)] += a;
                credited[(leaf, k)] += c;
            });
        }
        new_year_pair(known, year, credited.row_mut(leaf));
    }
    (actual, credited)
}

/// Shares of a leaf's groups in a target for all of them, group (of `groups`) x month; each month sums to 1.
pub fn group_weights(
    base: &Base,
    known: &Known,
    year: i32,
    leaf: usize,
    measure: Measure,
    groups: &[usize],
) -> Array2<f64> {
    let grid = &known.data.grid;
    let mut out = Array2::zeros((groups.len(), 12));
    for (i, &group) in groups.iter().enumerate() {
        for s in grid.in_cell(grid.cell(leaf, group)) {
            add_year(base, known, year, measure, s, &mut |k, _, c| out[(i, k)] += c);
        }
    }
    let rows: Vec<f64> = out.rows().into_iter().map(|r| r.sum()).collect();
    let all: f64 = rows.iter().sum();
    for k in 0..12 {
        let sum = out.column(k).sum();
        for i in 0..groups.len() {
            out[(i, k)] = match (sum > 0.0, all > 0.0) {
                (true, _) => out[(i, k)] / sum,
                (false, true) => rows[i] / all,
                (false, false) => 1.0 / groups.len() as f64,
            };
        }
    }
    out
}

fn add_year(
    base: &Base,
    known: &Known,
    year: i32,
    measure: Measure,
    series: usize,
    add: &mut impl FnMut(usize, f64, f64),
) {
    let first = Month::fiscal_start(year - 1, known.data.settings.fiscal.start);
    let clean = base.clean();
    let months = known.months();
    let at = |t: usize| -> (f64, f64) {
        let (sold, wanted) = (known.units[(series, t)], clean[(series, t)]);
        match measure {
            Measure::Units => (sold, wanted),
            Measure::Revenue => {
                let money = revenue(known, series, t).unwrap_or(0.0);
                let price = known.data.products[known.data.grid.series[series].product].price;
                let each = if sold > 0.0 { Some(money / sold) } else { price };
                (money, wanted * each.unwrap_or(0.0))
            }
        }
    };
    let mean = || {
        let from = months.saturating_sub(12);
        let n = (months - from).max(1) as f64;
        let (a, c) = (from..months).map(at).fold((0.0, 0.0), |x, y| (x.0 + y.0, x.1 + y.1));
        (a / n, c / n)
    };
    for k in 0..12 {
        let wanted = known.index(first.plus(k as i32));
        // The same month of the latest visible year at or before it, else of the first one after it.
        let mut t = wanted;
        while t >= months as i32 {
            t -= 12;
        }
        while t < 0 {
            t += 12;
        }
        let (a, c) = if (t as usize) < months { at(t as usize) } else { mean() };
        add(k, a, c);
    }
}

/// January and February as a pair, split by the target year's selling days.
fn new_year_pair(known: &Known, year: i32, mut profile: ndarray::ArrayViewMut1<f64>) {
    let calendar = &known.data.calendar;
    if !calendar.pairs_new_year() {
        return;
    }
    let first = Month::fiscal_start(year, known.data.settings.fiscal.start);
    let months: Vec<Month> = (0..12).map(|k| first.plus(k)).collect();
    let find = |number: u32| months.iter().position(|m| m.number() == number);
    if let (Some(january), Some(february)) = (find(1), find(2)) {
        let pair = profile[january] + profile[february];
        let days = (calendar.selling_days(months[january]), calendar.selling_days(months[february]));
        if days.0 + days.1 > 0.0 {
            profile[january] = pair * days.0 / (days.0 + days.1);
            profile[february] = pair - profile[january];
        }
    }
}
