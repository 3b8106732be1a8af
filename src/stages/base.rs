//! The clean base: demand with dated events taken out, so that a suppressed month does not lower the next year and a
//! promoted one does not raise it (R2, R3; METHOD C).
//!
//! Where a factor states its effect e (a share of that period's sales), `clean = demand / (1 + e)`. Else, over its
//! months S, `expected = others' total x the region's usual ratio to the others`, and
//! `clean total = demand + psi (expected - demand)`, in the direction of the reason's sign only.

use ndarray::{Array2, ArrayView2};

use super::Parameters;
use super::demand::Demand;
use crate::dataset::{Factor, Known};

/// Demand without dated events.
#[derive(Clone, Debug)]
pub struct Base<'d> {
    /// Demand, series x month; planners' own growth rates apply to it.
    pub demand: ArrayView2<'d, f64>,
    /// Demand without events, series x month; none where no event changed anything.
    clean: Option<Array2<f64>>,
    /// Which factors (index into `known.factors`) changed the history, and how.
    pub credits: Vec<Credit>,
}

/// What one factor did to one leaf and group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Credit {
    /// Index into `known.factors`.
    pub factor: usize,
    /// Cell.
    pub cell: usize,
    /// Months of the history covered, first and last index.
    pub months: (usize, usize),
    /// Demand in those months, in units.
    pub demand: f64,
    /// Expected from the other regions, in units; none where the factor states its effect.
    pub expected: Option<f64>,
    /// The factor on those months.
    pub times: f64,
}

impl Base<'_> {
    /// Demand without events, series x month.
    pub fn clean(&self) -> ArrayView2<'_, f64> {
        match &self.clean {
            Some(clean) => clean.view(),
            None => self.demand.view(),
        }
    }
}

/// Takes the known events out of the demand.
pub fn clean<'d>(demand: &'d Demand, known: &Known, parameters: &Parameters) -> Base<'d> {
    let mut base = Base { demand: demand.units.view(), clean: None, credits: Vec::new() };
    for (index, factor) in known.factors.iter().enumerate() {
        let first = known.index(factor.from).max(0) as usize;
        let last = known.index(factor.to).min(known.months() as i32 - 1);
        if last < first as i32 {
            continue;
        }
        let months = (first, last as usize);
        let grid = &known.data.grid;
        for leaf in grid.regions.leaves(factor.node) {
            for group in grid.groups_of(factor.scope) {
                let cell = grid.cell(leaf, group);
                let series: Vec<usize> = grid.in_cell(cell).filter(|&s| covers(factor, known, s)).collect();
                if series.is_empty() {
                    continue;
                }
                let sum = |series: &[usize]| -> f64 {
                    series
                        .iter()
                        .flat_map(|&s| (months.0..=months.1).map(move |t| (s, t)))
                        .map(|key| base.clean()[key])
                        .sum()
                };
                let actual = sum(&series);
                let (expected, times) = match factor.effect {
                    Some(effect) => (None, 1.0 / (1.0 + effect)),
                    None => {
                        let expected = expect(&base, known, factor, leaf, group, &series, months);
                        let gap = expected - actual;
                        let gap = match factor.sign {
                            1 => gap.min(0.0),
                            -1 => gap.max(0.0),
                            _ => 0.0,
                        };
                        let times = if actual > 0.0 { 1.0 + parameters.suppressed_credit * gap / actual } else { 1.0 };
                        (Some(expected), times)
                    }
                };
                if times == 1.0 {
                    continue;
                }
                let array = base.clean.get_or_insert_with(|| demand.units.to_owned());
                for &s in &series {
                    for t in months.0..=months.1 {
                        array[(s, t)] *= times;
                    }
                }
                base.credits.push(Credit { factor: index, cell, months, demand: actual, expected, times });
            }
        }
    }
    base
}

/// Whether a factor speaks of a series (its region is checked by the caller).
pub fn covers(factor: &Factor, known: &Known, series: usize) -> bool {
    use crate::grid::Scope;
    let s = known.data.grid.series[series];
    match factor.scope {
        Scope::All => true,
        Scope::Group(group) => s.group == group,
        Scope::Product(product) => s.product == product,
    }
}

/// What the region's usual ratio to the other regions lets expect over the factor's months, in units; from its own
/// clean months where there are no others, or nothing sold there.
fn expect(
    base: &Base,
    known: &Known,
    factor: &Factor,
    leaf: usize,
    group: usize,
    own: &[usize],
    months: (usize, usize),
) -> f64 {
    let grid = &known.data.grid;
    let event = |leaf: usize, t: usize| {
        known.factors.iter().any(|f| {
            let month = known.data.month(t);
            (f.from..=f.to).contains(&month)
                && grid.regions.leaves(f.node).contains(&leaf)
                && grid.groups_of(f.scope).contains(&group)
        })
    };
    let others: Vec<usize> = (0..grid.regions.leaf_count())
        .filter(|&l| l != leaf && !(months.0..=months.1).any(|t| event(l, t)))
        .flat_map(|l| grid.in_cell(grid.cell(l, group)).filter(|&s| covers(factor, known, s)))
        .collect();
    let total = |series: &[usize], t: usize| -> f64 { series.iter().map(|&s| base.clean()[(s, t)]).sum() };
    let elsewhere = |t: usize| total(&others, t);

    // The same season in other years, and where there is none every month: clean in the region itself.
    let season = |t: usize| (months.0..=months.1).any(|u| (t as i64 - u as i64) % 12 == 0);
    let clean: Vec<usize> = (0..known.months()).filter(|&t| !event(leaf, t)).collect();
    let same: Vec<usize> = clean.iter().copied().filter(|&t| season(t)).collect();
    let usual = if same.is_empty() { clean } else { same };
    if usual.is_empty() {
        return 0.0;
    }
    let own_usual: f64 = usual.iter().map(|&t| total(own, t)).sum();
    let elsewhere_usual: f64 = usual.iter().map(|&t| elsewhere(t)).sum();
    let elsewhere_now: f64 = (months.0..=months.1).map(elsewhere).sum();
    if elsewhere_usual > 0.0 && elsewhere_now > 0.0 {
        elsewhere_now * own_usual / elsewhere_usual
    } else {
        own_usual / usual.len() as f64 * (months.1 - months.0 + 1) as f64
    }
}
