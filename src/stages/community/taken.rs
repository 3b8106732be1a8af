//! What communities' households took out of the sales, how much of a group each buyer takes, and in which mix.

use ndarray::Array2;

use super::YEAR;
use super::centres::counted;
use super::purchase::Purchases;
use super::record::{Record, Role};
use super::stated::Stated;
use crate::dataset::Known;
use crate::dataset::rates::Measure;
use crate::stages::mix::Mix;
use crate::stats::shrink;

/// Units sold to communities' households, series x month of the history, as far as they are in the sales: as the folder
/// says, else the part of the centres' sales that their signings explain.
pub(super) fn named_units(known: &Known, record: &Record, purchases: [&Option<Purchases>; 2]) -> Array2<f64> {
    let grid = &known.data.grid;
    let mut out = Array2::zeros(known.units.dim());
    for (c, community) in known.data.communities.list.iter().enumerate() {
        for row in known.community_sales_of(c) {
            if let (Some(s), Some(t)) = (grid.find(community.leaf, row.product), known.visible_index(row.month)) {
                out[(s, t)] += row.units;
            }
        }
    }
    for (role, purchases) in [Role::Goods, Role::Policy].into_iter().zip(purchases) {
        let Some(explained) = purchases.as_ref().and_then(|p| p.explained.as_ref()) else { continue };
        for (s, series) in grid.series.iter().enumerate().filter(|(_, s)| Role::of(known, s.product) == role) {
            for t in 0..record.months {
                if let Some(at) = known.visible_index(record.month(t)) {
                    out[(s, at)] = explained[(series.leaf, t)] * record.sold_first[(s, at)];
                }
            }
        }
    }
    out.zip_mut_with(&known.units, |x: &mut f64, sold| *x = x.min(*sold).max(0.0));
    out
}

/// Units for each buyer (policy) of the last year, by cell, drawn to the company's, and to what is stated. Where no
/// buyer is on record: what the company sold for each that its sales count.
pub(super) fn per_buyer(
    known: &Known,
    record: &Record,
    named: &Array2<f64>,
    purchases: [&Option<Purchases>; 2],
    stated: &Stated,
) -> Vec<f64> {
    let grid = &known.data.grid;
    let leaves = grid.regions.leaf_count();
    let from = record.months.saturating_sub(YEAR);
    let next = record.month(record.months);
    let mut takers = [vec![0.0; leaves], vec![0.0; leaves]];
    for (purchases, sums) in purchases.into_iter().zip(&mut takers) {
        let Some(purchases) = purchases else { continue };
        for (row, &leaf) in purchases.bought.rows().into_iter().zip(&record.leaf) {
            sums[leaf] += row.iter().skip(from).sum::<f64>();
        }
    }
    let begin = known.months().saturating_sub(record.months - from);
    let mut out = vec![0.0; grid.cell_count()];
    for group in 0..grid.group_count() {
        let role = role_of(known, group);
        let takers = &takers[usize::from(role == Role::Policy)];
        let cell = |leaf: usize| grid.cell(leaf, group);
        let since = |cell: usize, of: &dyn Fn(usize, usize) -> f64| -> f64 {
            grid.in_cell(cell).map(|s| (begin..known.months()).map(|t| of(s, t)).sum::<f64>()).sum()
        };
        let units: Vec<f64> = (0..leaves).map(|l| since(cell(l), &|s, t| named[(s, t)])).collect();
        let (all, buyers): (f64, f64) = (units.iter().sum(), takers.iter().sum());
        let pool = match buyers > 0.0 {
            true => all / buyers,
            false => {
                let sold: f64 = (0..leaves).map(|l| since(cell(l), &|s, t| record.sold_first[(s, t)])).sum();
                let counted = counted(known, record, role);
                let by: f64 = counted.rows().into_iter().map(|row| row.iter().skip(from).sum::<f64>()).sum();
                if by > 0.0 { sold / by } else { 0.0 }
            }
        };
        let expected: Vec<f64> = takers.iter().map(|n| n * pool).collect();
        let kappa = shrink::kappa(&units, &expected, 1.0);
        for leaf in 0..leaves {
            let told = if buyers > 0.0 { shrink::multiplier(kappa, units[leaf], expected[leaf]) } else { 1.0 };
            let own = pool * told;
            let said = stated.per_buyer(known, group, leaf, next).filter(|_| role == Role::Goods);
            out[cell(leaf)] = said.map_or(own, |(value, given)| {
                // Buyers that so many signings stand for, and those on record since then.
                let share = purchases[0].as_ref().map_or(1.0, |p| p.rate(leaf, record.months, record.months));
                let begin = usize::try_from(given.from.since(record.first)).unwrap_or(0);
                let record: f64 = purchases[0].as_ref().map_or(0.0, |p| {
                    let here = p.bought.rows().into_iter().zip(&record.leaf).filter(|(_, l)| **l == leaf);
                    here.map(|(row, _)| row.iter().skip(begin).sum::<f64>()).sum()
                });
                let weight = (stated.weight * share).max(f64::MIN_POSITIVE);
                (weight * value + record * own) / (weight + record)
            });
        }
    }
    out
}

/// What products of a group are to a household.
pub(super) fn role_of(known: &Known, group: usize) -> Role {
    let product = known.data.grid.products.group.iter().position(|g| *g == group);
    product.map_or(Role::Goods, |p| Role::of(known, p))
}

/// The mix of terms: a Dirichlet posterior of the last year's policies at each centre, the company's mix being worth
/// `prior` policies; months say little of so few. What sells nothing to communities yet has the company's mix of what
/// they bought, else of all that was sold, and so has a group whose products' rates are stated, in their proportion.
pub(super) fn complete(
    mix: &mut Mix,
    known: &Known,
    record: &Record,
    named: &Array2<f64>,
    prior: f64,
    stated: &Stated,
) {
    let grid = &known.data.grid;
    let year = |x: ndarray::ArrayView2<f64>, s: usize| x.row(s).iter().rev().take(YEAR).sum::<f64>();
    let of_company = |x: ndarray::ArrayView2<f64>| {
        let mut out = vec![0.0; known.data.products.len()];
        grid.series.iter().enumerate().for_each(|(s, series)| out[series.product] += year(x, s));
        out
    };
    let (bought, sold) = (of_company(named.view()), of_company(known.units.view()));
    let next = record.month(record.months);
    for cell in 0..grid.cell_count() {
        let range = grid.in_cell(cell);
        let (leaf, group) = grid.cell_key(cell);
        let role = role_of(known, group);
        let sum = |of: &[f64]| range.clone().map(|s| of[grid.series[s].product]).sum::<f64>();
        let of_group = if sum(&bought) > 0.0 { &bought } else { &sold };
        let all = sum(of_group);
        if all <= 0.0 {
            continue;
        }
        let here: f64 = range.clone().map(|s| year(named.view(), s)).sum();
        if role == Role::Policy && sum(&bought) > 0.0 {
            for s in range.clone() {
                mix.used[s] = (year(named.view(), s) + prior * of_group[grid.series[s].product] / all) / (here + prior);
            }
        } else if here <= 0.0 {
            range.clone().for_each(|s| mix.used[s] = of_group[grid.series[s].product] / all);
        }
        let measure = if role == Role::Policy { Measure::TakeUp } else { Measure::UnitsPerBuyer };
        let said = stated.of_products(known, measure, leaf, next);
        let of = |s: usize| said.iter().find(|(p, _)| *p == grid.series[s].product).map_or(0.0, |(_, g)| g.value);
        let total: f64 = range.clone().map(of).sum();
        if total > 0.0 {
            let weight = stated.weight * total;
            range.for_each(|s| mix.used[s] = (weight * of(s) / total + here * mix.used[s]) / (weight + here));
        }
    }
}
