//! The clean base: demand with dated events taken out, so that a suppressed month does not lower the next year and a
//! promoted one does not raise it (R2, R3; METHOD C).
//!
//! Where a factor states its effect e (a share of that period's sales), `clean = demand / (1 + e)`. Else, over its
//! months S, `expected = others' total x the region's usual ratio to the others`, and
//! `clean total = demand + psi (expected - demand)`, in the direction of the reason's sign only. The credit goes to the
//! months that fell short (a boosting reason's: that stood out), in proportion, and within a month to the products by
//! what they sold, or usually sell where that month had nothing.

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::Parameters;
use super::demand::Demand;
use crate::across::{What, key};
use crate::dataset::{Factor, Known};

/// Demand without dated events.
#[derive(Clone, Debug)]
pub struct Base<'d> {
    /// Demand, series x month; planners' own growth rates apply to it.
    pub demand: ArrayView2<'d, f64>,
    /// Demand without events, series x month; none where no event changed anything.
    pub changed: Option<Array2<f64>>,
    /// Whether the demand came of attractions followed over the months.
    pub followed: bool,
    /// Which factors (index into `known.factors`) changed the history, and how.
    pub credits: Vec<Credit>,
}

/// What one factor did to one leaf and group.
#[derive(Clone, Debug, PartialEq)]
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
    /// The factor on those months as a whole; 1 where they had no demand to multiply.
    pub times: f64,
    /// Units added (taken away where negative).
    pub credited: f64,
    /// Of a factor without a stated effect, month by month: how far demand fell short of what was expected (stood out,
    /// for a boosting reason; 0 the other way) and the units credited.
    pub parts: Vec<(f64, f64)>,
}

impl Base<'_> {
    /// Demand without events, series x month.
    pub fn clean(&self) -> ArrayView2<'_, f64> {
        match &self.changed {
            Some(clean) => clean.view(),
            None => self.demand.view(),
        }
    }
}

/// Takes the known events out of the demand.
pub fn clean<'d>(demand: &'d Demand, known: &Known, parameters: &Parameters) -> Base<'d> {
    let mut base =
        Base { demand: demand.units.view(), changed: None, followed: demand.followed(), credits: Vec::new() };
    for (index, factor) in known.factors.iter().enumerate() {
        let first = known.index(factor.from).max(0) as usize;
        let last = known.index(factor.to).min(known.months() as i32 - 1);
        if last < first as i32 {
            continue;
        }
        let months = (first, last as usize);
        let grid = &known.data.grid;
        let elsewhere = elsewhere_of_all(&base, known, index, months);
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
                let mut parts = Vec::new();
                let (expected, added) = match factor.effect {
                    Some(effect) => (None, scaled(&base, &series, months, 1.0 / (1.0 + effect))),
                    None => {
                        let elsewhere = elsewhere.as_ref().map(|all| all.row(group));
                        let usual = Usual::new(&base, known, factor, (leaf, group), &series, months, elsewhere);
                        parts = usual.parts(&base, &series, months, factor.sign, parameters.suppressed_credit);
                        (Some(usual.expected.iter().sum()), usual.spread(&base, &series, months, &parts))
                    }
                };
                let credited: f64 = added.iter().map(|(_, x)| x).sum();
                if credited == 0.0 {
                    continue;
                }
                let array = base.changed.get_or_insert_with(|| demand.units.to_owned());
                for (key, x) in added {
                    array[key] = (array[key] + x).max(0.0);
                }
                let times = if actual > 0.0 { 1.0 + credited / actual } else { 1.0 };
                base.credits.push(Credit {
                    factor: index,
                    cell,
                    months,
                    demand: actual,
                    expected,
                    times,
                    credited,
                    parts,
                });
            }
        }
    }
    base
}

/// In a part of the regions: what those regions sold that a factor without a stated effect left alone, group x month, of
/// all parts. None alone, and where the effect is stated.
fn elsewhere_of_all(base: &Base, known: &Known, index: usize, months: (usize, usize)) -> Option<Array2<f64>> {
    let (grid, across) = (&known.data.grid, &known.data.across);
    let factor = known.factors.get(index).filter(|factor| factor.effect.is_none() && across.is_part())?;
    let before = known.factors.iter().take(index).filter(|factor| factor.effect.is_none()).count();
    let mut out = Array2::zeros((grid.group_count(), known.months()));
    for group in grid.groups_of(factor.scope) {
        for s in left_alone(known, factor, group, months) {
            let mut sums = out.row_mut(group);
            sums += &base.clean().row(s);
        }
    }
    let key = key(What::Elsewhere, known.months(), before).followed(base.followed);
    out.as_slice_mut().into_iter().for_each(|sums| across.sum(key, sums));
    Some(out)
}

/// Whether any factor moved a region and group in a month.
fn is_event(known: &Known, leaf: usize, group: usize, t: usize) -> bool {
    let (grid, month) = (&known.data.grid, known.data.month(t));
    known.factors.iter().any(|f| {
        (f.from..=f.to).contains(&month)
            && grid.regions.leaves(f.node).contains(&leaf)
            && grid.groups_of(f.scope).contains(&group)
    })
}

/// The series that a factor covers in regions in which nothing happened in its months.
fn left_alone(known: &Known, factor: &Factor, group: usize, months: (usize, usize)) -> Vec<usize> {
    let grid = &known.data.grid;
    (0..grid.regions.leaf_count())
        .filter(|&leaf| !(months.0..=months.1).any(|t| is_event(known, leaf, group, t)))
        .flat_map(|leaf| grid.in_cell(grid.cell(leaf, group)).filter(|&s| covers(factor, known, s)))
        .collect()
}

/// What a factor of `times` adds to each series and month.
fn scaled(base: &Base, series: &[usize], months: (usize, usize), times: f64) -> Vec<((usize, usize), f64)> {
    let keys = series.iter().flat_map(|&s| (months.0..=months.1).map(move |t| (s, t)));
    keys.map(|key| (key, base.clean()[key] * times - base.clean()[key])).collect()
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

/// What one cell usually sells in a factor's months.
struct Usual {
    /// Units expected in each of the months, from the region's usual ratio to the other regions; from its own clean
    /// months where there are no others, or nothing sold there.
    expected: Vec<f64>,
    /// What each series sells in the usual months, in units.
    series: Vec<f64>,
}

impl Usual {
    fn new(
        base: &Base,
        known: &Known,
        factor: &Factor,
        (leaf, group): (usize, usize),
        own: &[usize],
        months: (usize, usize),
        elsewhere: Option<ArrayView1<f64>>,
    ) -> Usual {
        let others = if elsewhere.is_some() { Vec::new() } else { left_alone(known, factor, group, months) };
        let total = |series: &[usize], t: usize| -> f64 { series.iter().map(|&s| base.clean()[(s, t)]).sum() };
        let elsewhere = |t: usize| elsewhere.map_or_else(|| total(&others, t), |all| all[t]);

        // The same season in other years, and where there is none every month: clean in the region itself.
        let season = |t: usize| (months.0..=months.1).any(|u| (t as i64 - u as i64) % 12 == 0);
        let clean: Vec<usize> = (0..known.months()).filter(|&t| !is_event(known, leaf, group, t)).collect();
        let same: Vec<usize> = clean.iter().copied().filter(|&t| season(t)).collect();
        let usual = if same.is_empty() { clean } else { same };
        let series = own.iter().map(|&s| usual.iter().map(|&t| base.clean()[(s, t)]).sum()).collect();
        if usual.is_empty() {
            return Usual { expected: vec![0.0; months.1 - months.0 + 1], series };
        }
        let own_usual: f64 = usual.iter().map(|&t| total(own, t)).sum();
        let elsewhere_usual: f64 = usual.iter().map(|&t| elsewhere(t)).sum();
        let elsewhere_now: f64 = (months.0..=months.1).map(elsewhere).sum();
        let by_others = elsewhere_usual > 0.0 && elsewhere_now > 0.0;
        let expected = (months.0..=months.1)
            .map(|t| match by_others {
                true => elsewhere(t) * own_usual / elsewhere_usual,
                false => own_usual / usual.len() as f64,
            })
            .collect();
        Usual { expected, series }
    }

    /// `psi (expected - demand)` of all the months in the direction of the sign, shared out to those that fell short:
    /// for each month its shortfall and its part, in units.
    fn parts(&self, base: &Base, series: &[usize], months: (usize, usize), sign: i8, part: f64) -> Vec<(f64, f64)> {
        let clean = base.clean();
        let directed = |gap: f64| match sign {
            1 => gap.min(0.0),
            -1 => gap.max(0.0),
            _ => 0.0,
        };
        let gap = |(t, expected): (usize, &f64)| expected - series.iter().map(|&s| clean[(s, t)]).sum::<f64>();
        let gaps: Vec<f64> = (months.0..=months.1).zip(&self.expected).map(gap).collect();
        let credit = part * directed(gaps.iter().sum());
        let short: Vec<f64> = gaps.into_iter().map(directed).collect();
        let all: f64 = short.iter().sum();
        short.into_iter().map(|x| (x, if all == 0.0 { 0.0 } else { credit * (x / all) })).collect()
    }

    /// The parts of the months as units of each series and month: by what the products sold, or usually sell where that
    /// month had nothing.
    fn spread(
        &self,
        base: &Base,
        series: &[usize],
        months: (usize, usize),
        parts: &[(f64, f64)],
    ) -> Vec<((usize, usize), f64)> {
        let clean = base.clean();
        let usually: f64 = self.series.iter().sum();
        let mut out = Vec::new();
        for (t, &(_, of_month)) in (months.0..=months.1).zip(parts).filter(|(_, p)| p.1 != 0.0) {
            let sold: f64 = series.iter().map(|&s| clean[(s, t)]).sum();
            for (i, &s) in series.iter().enumerate() {
                let share = match (sold > 0.0, usually > 0.0) {
                    (true, _) => clean[(s, t)] / sold,
                    (false, true) => self.series[i] / usually,
                    (false, false) => 1.0 / series.len() as f64,
                };
                out.push(((s, t), of_month * share));
            }
        }
        out
    }
}
