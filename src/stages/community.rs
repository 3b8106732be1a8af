//! New communities: from handover to contract, from contract to purchase, policies and their renewals
//! (docs/METHOD.md#communities). What communities bought and what was renewed leaves the demand that level, mix and
//! growth run on, and their projections are added to the forecast: nothing is counted twice.

pub mod stated;
pub mod arrivals;
pub mod full;
pub mod groups;
pub mod insurance;
pub mod purchase;
pub mod record;
pub mod season;
pub mod signings;
pub mod centres;
pub mod spread;
mod taken;

use ndarray::{Array2, CowArray, Ix2};

use super::base::{self, Effects};
use super::demand::Demand;
use super::level::{Cell, Level, Rule, events};
use super::lifecycle::{self, Baseline};
use super::mix::{self, Mix};
use super::parameters::Parameters;
use crate::dataset::Known;
use crate::error::Problems;
use crate::grid::Scope;
use crate::messages::communities as say;

use groups::Sorting;
use insurance::{Renewals, Sold};
use purchase::Purchases;
use record::{Record, Role};
use signings::Signings;
use stated::Stated;

/// Months whose units make the units of a buyer and the mix of terms.
const YEAR: usize = 12;

/// Less than this of a month's demand is nothing left.
const ROUNDING: f64 = 1e-9;

/// What communities will do, and what they did.
#[derive(Clone, Debug)]
pub struct Projection {
    /// What is visible of them.
    pub record: Record,
    /// What is stated of them.
    pub stated: Stated,
    /// The ways to sort them.
    pub sortings: Vec<Sorting>,
    /// Signings ahead.
    pub signings: Signings,
    /// Buyers of goods ahead; none where nothing was bought.
    pub goods: Option<Purchases>,
    /// First policies ahead; none where none was taken.
    pub policies: Option<Purchases>,
    /// Renewals; none without a register of policies.
    pub renewals: Option<Renewals>,
    /// Units of a group for each buyer (policy), by cell.
    pub per_buyer: Vec<f64>,
    /// Demand of communities' households in the history, series x month, in units.
    pub named: Array2<f64>,
    /// Renewals in the history, series x month, in units.
    pub renewed: Array2<f64>,
    /// What communities' households will buy, cell x month ahead, events of groups included.
    pub level: Level,
    /// The same by series, new and retired products handled.
    pub baseline: Baseline,
    /// Renewals ahead, series x month ahead, in units.
    pub renewing: Array2<f64>,
}

/// What is known of the communities and how it goes on; none where the folder has no signings, or the settings leave
/// communities out. `demand` is all of the demand.
pub fn project(known: &Known, demand: &Demand, parameters: &Parameters) -> Option<Projection> {
    if !parameters.communities {
        return None;
    }
    let stated = Stated::new(known);
    let mut record = Record::new(known, parameters.arrivals, &stated)?;
    let sortings = groups::sortings(known, &record);
    let signings = Signings::new(&record, &sortings, known.data.calendar)?;
    if let Some(past) = &signings.past {
        record.signed.clone_from(past);
    }
    let of = |role| Purchases::new(&record, &signings, role, &sortings, known, &stated);
    let (goods, policies) = rayon::join(|| of(Role::Goods), || of(Role::Policy));
    let sold = taken::named_units(known, &record, [&goods, &policies]);
    let factor = |s: usize, t: usize| {
        let units = known.units[(s, t)];
        if units > 0.0 { demand.units[(s, t)] / units } else { 1.0 }
    };
    let named = Array2::from_shape_fn(sold.dim(), |(s, t)| sold[(s, t)] * factor(s, t));
    let by_leaf = Sold::new(known, &sold);
    let next = record.month(record.months);
    let renewal = |p: usize| stated.renewal(known, p, next).map_or(parameters.renewal, |given| given.value);
    let mut renewals = Renewals::new(known, &by_leaf, renewal);
    let per_buyer = taken::per_buyer(known, &record, &named, [&goods, &policies], &stated);
    let effects = base::effects(demand, known, parameters);
    let level = level(known, [&goods, &policies], &record, &per_buyer, (&named, effects));
    let bought = Demand {
        units: CowArray::from(named.view()),
        sales: sold.view().into(),
        corrected: demand.corrected,
        attractions: None,
    };
    let mut mix = mix::estimate(&bought, known, parameters);
    taken::complete(&mut mix, known, &record, &named, parameters.market_prior, &stated);
    let months: Vec<_> = level.months.clone();
    let baseline = lifecycle::adjust(&level, &mix, &bought, known, parameters, &months);
    let n = known.data.grid.series.len();
    let (mut renewed, mut renewing) = (Array2::zeros((n, known.months())), Array2::zeros((n, months.len())));
    if let Some(renewals) = &mut renewals {
        go_on(renewals, known, &record, &policies, &mix);
        spread_renewals(renewals, known, &mut renewed, &mut renewing);
    }
    Some(Projection {
        record,
        stated,
        sortings,
        signings,
        goods,
        policies,
        renewals,
        per_buyer,
        named,
        renewed,
        level,
        baseline,
        renewing,
    })
}

/// Says what is not projected though its communities are listed: communities that nothing says how they sign, and buyers
/// or policies that nothing gives a rate for.
pub fn missing(known: &Known, projection: Option<&Projection>, parameters: &Parameters, problems: &mut Problems) {
    if !parameters.communities {
        return;
    }
    let Some(projection) = projection else {
        let listed = (0..known.data.communities.list.len()).filter(|c| known.parts(*c).next().is_some()).count();
        if listed > 0 {
            problems.warn(None, "not_projected", say::not_projected(listed), say::state_signing());
        }
        return;
    };
    let curve = &projection.signings.curve;
    if projection.record.is_recorded && !curve.is_stated && curve.observed_to.is_some_and(|lag| lag < 0) {
        problems.warn(None, "handover_not_seen", say::handover_not_seen(), say::state_signing());
    }
    let sold = |role: Role| (0..known.data.products.len()).any(|p| Role::of(known, p) == role);
    for (role, purchases) in [(Role::Goods, &projection.goods), (Role::Policy, &projection.policies)] {
        if purchases.is_none() && sold(role) {
            problems.warn(None, "no_rate", say::no_rate(role == Role::Goods), say::rate_missing());
        }
    }
}

impl Projection {
    /// The demand that is left when that of communities and renewals is taken out.
    pub fn rest<'a>(&self, demand: &Demand<'a>) -> Demand<'a> {
        let all = &demand.units;
        let units = Array2::from_shape_fn(all.dim(), |(s, t)| self.left(all[(s, t)], s, t));
        let units: CowArray<'a, f64, Ix2> = CowArray::from(units);
        Demand { units, sales: demand.sales.clone(), corrected: demand.corrected, attractions: None }
    }

    /// What is left of a series' demand in a month of the history.
    pub fn left(&self, demand: f64, series: usize, month: usize) -> f64 {
        let taken = self.named[(series, month)] + self.renewed[(series, month)];
        // A last bit of what was taken out would be the base of growth; and a breakdown may say more than the sales of a
        // month with returns: nothing is owed for it.
        if demand - taken > ROUNDING * demand { demand - taken } else { 0.0 }
    }

    /// What communities and renewals add to a forecast, series x month ahead (from the month after the cutoff on), in
    /// units. Where a level is the planner's own (a growth rate on all sales, a target in the place of the level), it
    /// has them in it.
    pub fn added(&self, level: &Level, known: &Known) -> Array2<f64> {
        let grid = &known.data.grid;
        let mut out = &self.baseline.units + &self.renewing;
        for cell in 0..grid.cell_count() {
            for (h, month) in level.months.iter().enumerate().take(out.ncols()) {
                let whole = level.get(cell, *month).is_some_and(|c| c.planned || c.rule == Rule::Target);
                if whole {
                    grid.in_cell(cell).for_each(|s| out[(s, h)] = 0.0);
                }
            }
        }
        out
    }
}

/// What communities' households will buy of each group, by cell and month ahead: buyers x units each x planned events.
fn level(
    known: &Known,
    purchases: [&Option<Purchases>; 2],
    record: &Record,
    per_buyer: &[f64],
    (named, effects): (&Array2<f64>, Effects),
) -> Level {
    let grid = &known.data.grid;
    let ahead = record.ahead.len();
    let mut takers = [0, 1].map(|_| Array2::<f64>::zeros((grid.regions.leaf_count(), ahead)));
    for (sums, purchases) in takers.iter_mut().zip(purchases) {
        let Some(purchases) = purchases else { continue };
        for (row, &leaf) in purchases.ahead.rows().into_iter().zip(&record.leaf) {
            let mut to = sums.row_mut(leaf);
            to += &row;
        }
    }
    let mut cells = Array2::from_elem((grid.cell_count(), ahead), Cell::default());
    for cell in 0..grid.cell_count() {
        let (leaf, group) = grid.cell_key(cell);
        let takers = &takers[usize::from(taken::role_of(known, group) == Role::Policy)];
        let last: f64 = grid.in_cell(cell).map(|s| named.row(s).iter().rev().take(YEAR).sum::<f64>()).sum();
        let next: f64 = takers.row(leaf).iter().take(YEAR).map(|n| n * per_buyer[cell]).sum();
        let growth = if last > 0.0 { next / last - 1.0 } else { 0.0 };
        for (h, &month) in record.ahead.iter().enumerate() {
            let events = events(known, &effects, leaf, Scope::Group(group), month).iter().map(|e| e.0).product();
            let base = takers[(leaf, h)] * per_buyer[cell];
            let (level, without_events) = (base * events, base);
            cells[(cell, h)] = Cell { base, growth, events, without_events, level, ..Cell::default() };
        }
    }
    Level { months: record.ahead.clone(), cells, effects }
}

/// Renewals ahead: first policies by leaf and month, and the mixes by which they run out.
fn go_on(renewals: &mut Renewals, known: &Known, record: &Record, policies: &Option<Purchases>, mix: &Mix) {
    let grid = &known.data.grid;
    let leaves = grid.regions.leaf_count();
    let mut named = vec![vec![0.0; record.ahead.len()]; leaves];
    if let Some(policies) = policies {
        for (row, &leaf) in policies.ahead.rows().into_iter().zip(&record.leaf) {
            named[leaf].iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
        }
    }
    let mut by_product = vec![vec![0.0; known.data.products.len()]; leaves];
    for (s, series) in grid.series.iter().enumerate() {
        if Role::of(known, series.product) == Role::Policy {
            by_product[series.leaf][series.product] = mix.used[s];
        }
    }
    let terms: Vec<Option<i32>> = known.data.products.iter().map(|p| p.term_months).collect();
    renewals.go_on(&named, &by_product, &terms);
}

/// Renewals by series, of the history and ahead.
fn spread_renewals(renewals: &Renewals, known: &Known, past: &mut Array2<f64>, ahead: &mut Array2<f64>) {
    for (s, series) in known.data.grid.series.iter().enumerate() {
        let of = |all: &[Vec<Vec<f64>>], t: usize| all[series.product][series.leaf].get(t).copied().unwrap_or_default();
        past.row_mut(s).indexed_iter_mut().for_each(|(t, x)| *x = of(&renewals.past, t));
        ahead.row_mut(s).indexed_iter_mut().for_each(|(h, x)| *x = of(&renewals.ahead, h));
    }
}
