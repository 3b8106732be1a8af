//! From contract to purchase: what part of the households that sign buys (or takes a policy), and how many months after
//! (docs/METHOD.md#communities). `flow_t = season_t sum_k signings_{t-k} p_cohort m_community g_k`.

use ndarray::parallel::prelude::*;
use ndarray::{Array2, ArrayView2, Axis, s};

use super::groups::{Sorting, Units, nearest};
use super::record::{Record, Role};
use super::season;
use super::signings::Signings;
use crate::dataset::Known;
use crate::dataset::leads::Lead;
use crate::grid::{COMPANY, Scope};
use crate::stages::leads;
use crate::stats::follow_up::Flow;
use crate::stats::trend::{self, Trend};

const YEAR: usize = 12;
/// Rounds of flow and season.
const ROUNDS: usize = 2;
/// Communities from which lags and rates are learned, at most: those that signed most households.
const SAMPLE: usize = 1_000;
/// Months of a first year that is not whole, to count as one.
const HALF_YEAR: usize = 6;

/// Purchases ahead and what they rest on.
#[derive(Clone, Debug)]
pub struct Purchases {
    /// What is bought.
    pub role: Role,
    /// Lags and yearly rates.
    pub flow: Flow,
    /// How the rate goes on.
    pub trend: Trend,
    /// Whether the last step was a dated factor's, so that the trend is a scenario only.
    pub flat: bool,
    /// Weights of the months of the record and ahead.
    pub season: Vec<f64>,
    /// The communities' multipliers.
    pub units: Units,
    /// How communities are sorted.
    pub sorting: Sorting,
    /// Buyers (policies), community x month ahead.
    pub ahead: Array2<f64>,
    /// Relative standard deviation that all communities share, by month ahead: of next year's rate.
    pub common: Vec<f64>,
}

impl Purchases {
    /// Purchases ahead, given the signings ahead; communities sorted as a trial of the last year found best. None where
    /// nothing was bought.
    pub fn new(
        record: &Record,
        signings: &Signings,
        role: Role,
        sortings: &[Sorting],
        known: &Known,
    ) -> Option<Purchases> {
        let bought = record.of(role);
        if bought.iter().all(|x| *x <= 0.0) {
            return None;
        }
        let base = Base::new(record, role, known);
        let mut best = 0;
        if record.months >= 2 * YEAR {
            // What communities bought before the last year, against what they bought in it.
            let cut = record.months - YEAR;
            let sum = |from: usize, to: usize, x: ArrayView2<f64>| -> Vec<f64> {
                x.slice(s![.., from..to]).rows().into_iter().map(|row| row.sum()).collect()
            };
            let expected = base.expected(record);
            let (early, late) = (sum(0, cut, expected.view()), sum(cut, record.months, expected.view()));
            let (was, came) = (sum(0, cut, bought), sum(cut, record.months, bought));
            let said = |sorting: &Sorting| {
                let units = Units::new(was.clone(), early.clone(), base.noise(), sorting);
                late.iter().enumerate().map(|(c, e)| e * units.multiplier(c)).collect()
            };
            let said: Vec<Vec<f64>> = sortings.iter().map(said).collect();
            best = nearest(&said, &came);
        }
        Some(base.purchases(record, signings, sortings.get(best)?))
    }

    /// The share of a month's signings that buys in the end, by month of the record and ahead.
    pub fn rate(&self, month: usize, months: usize) -> f64 {
        rate(&self.trend, month, months)
    }

    /// The relative variance of a community's multiplier.
    pub fn spread(&self, community: usize) -> f64 {
        self.units.spread(community)
    }
}

impl Record {
    /// What a role's products are counted by.
    pub fn of(&self, role: Role) -> ArrayView2<'_, f64> {
        match role {
            Role::Goods => self.buyers.view(),
            Role::Policy => self.policies.view(),
        }
    }
}

/// Years after the middle of the last year of the record.
fn years(month: usize, months: usize) -> f64 {
    (month as f64 - (months as f64 - 0.5 - YEAR as f64 / 2.0)) / YEAR as f64
}

fn rate(trend: &Trend, month: usize, months: usize) -> f64 {
    trend::share(trend.at(years(month, months)))
}

/// The year blocks of months, counted back from the last one; a first block under half a year joins the next.
fn blocks(months: usize) -> Vec<usize> {
    let count = ((months + YEAR - HALF_YEAR) / YEAR).max(1);
    (0..months).map(|t| (count - 1).saturating_sub((months - 1 - t) / YEAR)).collect()
}

struct Base {
    role: Role,
    flow: Flow,
    trend: Trend,
    flat: bool,
    season: Vec<f64>,
}

impl Base {
    fn new(record: &Record, role: Role, known: &Known) -> Base {
        let (months, ahead) = (record.months, record.ahead.len());
        let bought = record.of(role);
        let sum = |c: usize| record.signed.row(c).sum();
        let mut most: Vec<usize> = (0..record.leaf.len()).filter(|c| sum(*c) > 0.0).collect();
        most.sort_by(|a, b| sum(*b).total_cmp(&sum(*a)).then(a.cmp(b)));
        most.truncate(SAMPLE);
        let of = |x: ArrayView2<f64>| x.select(Axis(0), &most);
        let (signed, taken) = (of(record.signed.view()), of(bought));
        let block = blocks(months);
        let flat = is_step(record, role, known);
        let by_month: Vec<f64> = taken.columns().into_iter().map(|column| column.sum()).collect();
        let mut season = vec![1.0; months + ahead];
        let mut round = 0;
        loop {
            let mut flow = Flow::fit(signed.view(), taken.view(), &block, &season[..months]);
            if role == Role::Goods {
                // Where enough of those called back are on record, they tell when the later buyers come.
                let goods = |lead: &Lead| covers(lead.scope, role, known);
                flow.lags = leads::followup(known, goods).applied_to(&flow.lags);
            }
            let trend = Trend::new(&flow.rates, flat);
            let base = Base { role, flow, trend, flat, season };
            round += 1;
            if round == ROUNDS {
                return base;
            }
            let all = signed.columns().into_iter().map(|column| column.sum()).collect::<Vec<f64>>();
            let plain: Vec<f64> = (0..months).map(|t| base.flowing(&all, t, months) / base.season[t]).collect();
            season = season::weights(&by_month, &plain, record.first, ahead, known.data.calendar);
        }
    }

    /// What is bought in a month of what signed in it and before.
    fn flowing(&self, signed: &[f64], t: usize, months: usize) -> f64 {
        let of = |(k, g): (usize, &f64)| match t.checked_sub(k).and_then(|u| Some((u, *signed.get(u)?))) {
            Some((u, n)) if n > 0.0 => n * rate(&self.trend, u, months) * g,
            _ => 0.0,
        };
        self.season[t] * self.flow.lags.iter().enumerate().map(of).sum::<f64>()
    }

    /// What the pool expects of every community and month of the record.
    fn expected(&self, record: &Record) -> Array2<f64> {
        let months = record.months;
        let mut out = Array2::zeros(record.signed.dim());
        out.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(c, mut to)| {
            let signed = record.signed.row(c).to_vec();
            if signed.iter().any(|n| *n > 0.0) {
                to.iter_mut().enumerate().for_each(|(t, x)| *x = self.flowing(&signed, t, months));
            }
        });
        out
    }

    /// Policies: of those who sign, a part takes one, so counts vary less than a Poisson's.
    fn noise(&self) -> f64 {
        match self.role {
            Role::Goods => 1.0,
            Role::Policy => 1.0 - self.flow.rates.last().copied().unwrap_or_default().clamp(0.0, 0.95),
        }
    }

    fn purchases(self, record: &Record, signings: &Signings, sorting: &Sorting) -> Purchases {
        let (months, ahead) = (record.months, record.ahead.len());
        let bought = record.of(self.role);
        let observed: Vec<f64> = bought.rows().into_iter().map(|row| row.sum()).collect();
        let expected = self.expected(record).rows().into_iter().map(|row| row.sum()).collect();
        let units = Units::new(observed, expected, self.noise(), sorting);
        let mut out = Array2::zeros((record.leaf.len(), ahead));
        out.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(c, mut row)| {
            let signed: Vec<f64> = record.signed.row(c).iter().chain(signings.ahead.row(c).iter()).copied().collect();
            let m = units.multiplier(c);
            // Never more first purchases than households that signed and have none.
            let mut open: f64 = signed.iter().take(months).sum::<f64>() - units.observed[c];
            for (h, x) in row.iter_mut().enumerate() {
                open = (open + signed[months + h]).max(0.0);
                *x = (m * self.flowing(&signed, months + h, months)).min(open);
                open -= *x;
            }
        });
        let common = (months..months + ahead).map(|t| {
            // The step of so many years, as far as it bears on the share itself and not on its logit.
            let years = years(t, months).max(0.0);
            self.trend.step * years.sqrt() * (1.0 - rate(&self.trend, t, months))
        });
        Purchases {
            common: common.collect(),
            role: self.role,
            flow: self.flow,
            trend: self.trend,
            flat: self.flat,
            season: self.season,
            units,
            sorting: sorting.clone(),
            ahead: out,
        }
    }
}

/// Whether a dated factor that goes on, of the whole company, began less than two years before the cutoff: what changed
/// with it is a step and no trend (docs/METHOD.md#communities).
fn is_step(record: &Record, role: Role, known: &Known) -> bool {
    let cutoff = known.origin.cutoff;
    known.factors.iter().any(|f| {
        let recent = f.from > record.first && cutoff.since(f.from) + 1 < 2 * YEAR as i32 && f.from <= cutoff;
        f.node == COMPANY && covers(f.scope, role, known) && recent && f.to >= cutoff
    })
}

/// Whether a scope holds products of a role.
fn covers(scope: Scope, role: Role, known: &Known) -> bool {
    let is = |p: &usize| Role::of(known, *p) == role;
    match scope {
        Scope::All => true,
        Scope::Product(p) => is(&p),
        Scope::Group(g) => (0..known.data.products.len()).any(|p| known.data.grid.products.group[p] == g && is(&p)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_counted_back_from_the_cutoff() {
        assert_eq!(blocks(24), [vec![0; 12], vec![1; 12]].concat());
        assert_eq!(blocks(27), [vec![0; 15], vec![1; 12]].concat());
        assert_eq!(blocks(30), [vec![0; 6], vec![1; 12], vec![2; 12]].concat());
        assert_eq!(blocks(5), [0; 5]);
        // The middle of the last year of 24 months lies between months 17 and 18.
        assert_eq!((years(17, 24) + years(18, 24), years(30, 24) + years(29, 24)), (0.0, 2.0));
    }
}
