//! The clean base: demand with dated events taken out, so that a suppressed month does not lower the next year and a
//! promoted one does not raise it (R2, R3; docs/METHOD.md#base).
//!
//! Where a factor states its effect e (a share of that period's sales), `clean = demand / (1 + e)`. Else, over its
//! months S, `expected = others' total x the region's usual ratio to the others`, and
//! `clean total = demand + psi (expected - demand)`, in the direction of the reason's sign only. The credit goes to the
//! months that fell short (a boosting reason's: that stood out), in proportion, and within a month to the products by
//! what they sold, or usually sell where that month had nothing. psi is for what chance may have done, too: where a
//! reason left less than a third of what was expected (brought more than three times that), and where it says -100%, the
//! months are no base, and the expectation stands in whole (psi = 1; docs/METHOD.md#base).
//!
//! A factor ahead without an effect takes that which its reason had before in this folder ([`Base::ahead`]): the mean over
//! its past occurrences of the stated effects and of those measured, `demand / clean - 1`, which psi has drawn to none.

mod pushed;

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::Parameters;
use super::demand::Demand;
use crate::across::{What, key};
use crate::dataset::{Factor, Known};
use crate::error::Problems;
use crate::messages::planning as say;

pub use pushed::{Push, by_itself};

use super::channel::belongs;

/// A measured event that changed sales more than so many times leaves no base (docs/METHOD.md#base).
const ODD: f64 = 3.0;

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
    /// What each factor (index into `known.factors`) does in the months ahead: the effect stated, else that of its reason
    /// before; none where neither is there.
    pub ahead: Effects,
    /// Months in which goods were pushed into the channel, and what they count as.
    pub pushes: Vec<Push>,
}

/// The effect of each known factor in the months ahead, a share; none where nobody knows it.
pub type Effects = Vec<Option<f64>>;

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
    /// Expected from the other regions, in units; none where the factor's own effect was taken out.
    pub expected: Option<f64>,
    /// psi: which part of the gap to that was credited.
    pub part: f64,
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

/// Takes the known events and what was pushed into the channel out of the demand.
pub fn clean<'d>(demand: &'d Demand, known: &Known, parameters: &Parameters) -> Base<'d> {
    let mut base = without_events(demand, known, parameters);
    pushed::take_out(&mut base, known, parameters);
    base
}

fn without_events<'d>(demand: &'d Demand, known: &Known, parameters: &Parameters) -> Base<'d> {
    let (units, followed) = (demand.units.view(), demand.followed());
    let mut base =
        Base { demand: units, changed: None, followed, credits: Vec::new(), ahead: Vec::new(), pushes: Vec::new() };
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
                let (mut parts, mut part) = (Vec::new(), 1.0);
                let (expected, added) = match factor.effect.filter(|_| !factor.is_measured()) {
                    Some(effect) => (None, scaled(&base, &series, months, 1.0 / (1.0 + effect))),
                    None => {
                        let elsewhere = elsewhere.as_ref().map(|all| all.row(group));
                        let usual = Usual::new(&base, known, factor, (leaf, group), &series, months, elsewhere);
                        let expected: f64 = usual.expected.iter().sum();
                        let sign = if factor.is_closed() { -1 } else { factor.sign };
                        part = match sign {
                            _ if factor.is_closed() => 1.0,
                            -1 if actual.max(0.0) * ODD < expected => 1.0,
                            1 if expected * ODD < actual => 1.0,
                            _ => parameters.suppressed_credit,
                        };
                        parts = usual.parts(&base, &series, months, sign, part);
                        (Some(expected), usual.spread(&base, &series, months, &parts))
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
                    part,
                    times,
                    credited,
                    parts,
                });
            }
        }
    }
    base.ahead = ahead(&base, known);
    base
}

/// The effects of all factors in the months ahead, of demand with all events in it.
pub fn effects(demand: &Demand, known: &Known, parameters: &Parameters) -> Effects {
    stated(known).unwrap_or_else(|| without_events(demand, known, parameters).ahead)
}

/// The effects stated, where none is wanted that is not.
fn stated(known: &Known) -> Option<Effects> {
    let wanted = known.factors.iter().any(|factor| factor.effect.is_none() && factor.to > known.origin.cutoff);
    (!wanted).then(|| known.factors.iter().map(|factor| factor.effect).collect())
}

fn ahead(base: &Base, known: &Known) -> Effects {
    if let Some(stated) = stated(known) {
        return stated;
    }
    // Demand in each factor's months, and the same without it, of all regions.
    let mut sums = vec![0.0; 2 * known.factors.len()];
    for credit in &base.credits {
        sums[2 * credit.factor] += credit.demand;
        sums[2 * credit.factor + 1] += credit.demand + credit.credited;
    }
    known.data.across.sum(key(What::Effects, known.months(), 0).followed(base.followed), &mut sums);
    let happened = |index: usize| {
        let factor = known.factors.get(index)?;
        let measured = sums.get(2 * index).zip(sums.get(2 * index + 1)).filter(|(_, clean)| **clean > 0.0);
        // Of little that was expected, nobody can say how many times as much an event brought: threefold at the most.
        let of = |(demand, clean): (&f64, &f64)| (demand / clean - 1.0).clamp(-1.0, ODD - 1.0);
        let effect = factor.effect.or_else(|| measured.map(of));
        effect.filter(|_| factor.from <= known.origin.cutoff)
    };
    let of_reason = |reason: &str| {
        let same = (0..known.factors.len()).filter(|i| known.factors[*i].reason == reason);
        let found: Vec<f64> = same.filter_map(happened).collect();
        (!found.is_empty()).then(|| found.iter().sum::<f64>() / found.len() as f64)
    };
    known.factors.iter().map(|factor| factor.effect.or_else(|| of_reason(&factor.reason))).collect()
}

/// Says which factors ahead change nothing: those without an effect whose reason never had one.
pub fn without_effect(base: &Base, known: &Known, problems: &mut Problems) {
    for (factor, effect) in known.factors.iter().zip(&base.ahead) {
        if effect.is_none() && factor.to > known.origin.cutoff {
            let message = say::no_effect_known(&factor.reason);
            problems.warn(factor.place.clone(), "no_effect", message, say::changes_nothing());
        }
    }
}

/// Says which months hold goods that were pushed into the channel.
pub fn name_pushes(base: &Base, known: &Known, problems: &mut Problems) {
    let grid = &known.data.grid;
    for push in &base.pushes {
        let month = known.data.month(push.month);
        let row = known
            .channel
            .iter()
            .find(|row| row.node == push.node && row.month == month && belongs(known, row.scope, push.scope));
        let name = (grid.regions.name(push.node), grid.scope_code(push.scope));
        let message = say::pushed(name, month, push.sold, push.counts_as);
        problems.warn(row.map(|row| row.place.clone()), "pushed", message, say::no_base());
    }
}

/// In a part of the regions: what those regions sold that a factor without a stated effect left alone, group x month, of
/// all parts. None alone, and where the effect is stated.
fn elsewhere_of_all(base: &Base, known: &Known, index: usize, months: (usize, usize)) -> Option<Array2<f64>> {
    let (grid, across) = (&known.data.grid, &known.data.across);
    let factor = known.factors.get(index).filter(|factor| factor.is_measured() && across.is_part())?;
    let before = known.factors.iter().take(index).filter(|factor| factor.is_measured()).count();
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
    let grid = &known.data.grid;
    grid.covers(factor.scope, grid.series[series].product)
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
