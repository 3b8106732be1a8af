//! From contract to purchase: what part of the households that sign buys (or takes a policy), and how many months after
//! (docs/METHOD.md#communities). `flow_t = season_t sum_k signings_{t-k} p_cohort m_community g_k`.

use ndarray::parallel::prelude::*;
use ndarray::{Array2, ArrayView2, Axis, s};

use super::centres;
use super::groups::{Sorting, Units, nearest};
use super::record::{Record, Role};
use super::season;
use super::signings::Signings;
use super::stated::{By, Given, Stated};
use crate::books::leads;
use crate::dataset::Known;
use crate::dataset::leads::Lead;
use crate::dataset::rates::Measure;
use crate::grid::{COMPANY, Scope};
use crate::stats::follow_up::Flow;
use crate::stats::trend::{self, Trend};

const YEAR: usize = 12;
/// Rounds of flow and season.
const ROUNDS: usize = 2;
/// Communities from which lags and rates are learned, at most: those that signed most households.
const SAMPLE: usize = 1_000;
/// Months of a first year that is not whole, to count as one.
const HALF_YEAR: usize = 6;
/// No share is nearer to none where its error is worked out.
const EDGE: f64 = 1e-3;

/// Where the rates of a role come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// From what each community bought.
    Communities,
    /// From signings and what the centres sold.
    Centres,
    /// Nothing is learned: they are stated.
    Stated,
}

/// Stated rates of a role.
#[derive(Clone, Debug)]
pub struct Shares {
    /// The share used of each month's signings, leaf x month of the record and ahead.
    pub used: Array2<f64>,
    /// By leaf: the rate that holds in the first month ahead, the share stated, and the signings on record since it
    /// holds; none where none does.
    pub given: Vec<Option<(Given, f64, f64)>>,
}

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
    /// Where the rates come from.
    pub basis: Basis,
    /// What is stated beside what was learned; none where nothing is.
    pub stated: Option<Shares>,
    /// Where it is not known what each community bought: part of a centre's sales that is its communities', leaf x month
    /// of the record.
    pub explained: Option<Array2<f64>>,
    /// What each community bought, leaf's sales shared out where it is not known, community x month of the record.
    pub bought: Array2<f64>,
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
        stated: &Stated,
    ) -> Option<Purchases> {
        let (source, learned) = if record.by_community(role) {
            (Basis::Communities, None)
        } else {
            let centres = || centres::learn(known, record, role, &blocks(record.months));
            match if record.is_recorded { centres() } else { None } {
                Some(learned) => (Basis::Centres, Some(learned)),
                None => (Basis::Stated, None),
            }
        };
        let base =
            Base::new(record, (role, source), learned.as_ref().map(|l| (&l.flow, l.bought.view())), known, stated);
        if source == Basis::Stated && base.stated.is_none() {
            return None;
        }
        let nothing = Array2::zeros(record.signed.dim());
        let bought = match (&learned, source) {
            (Some(learned), _) => learned.bought.view(),
            (None, Basis::Communities) => record.of(role),
            (None, _) => nothing.view(),
        };
        let mut best = 0;
        if record.months >= 2 * YEAR && source != Basis::Stated {
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
        let explained = match learned.as_ref() {
            Some(learned) => Some(learned.explained.clone()),
            None if source == Basis::Stated => Some(base.explained(known, record)),
            None => None,
        };
        Some(base.purchases(record, signings, sortings.get(best)?, bought, explained))
    }

    /// The share of a month's signings at a leaf that buys in the end, by month of the record and ahead.
    pub fn rate(&self, leaf: usize, month: usize, months: usize) -> f64 {
        match &self.stated {
            Some(stated) => stated.used[(leaf, month)],
            None => rate(&self.trend, month, months),
        }
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
pub fn blocks(months: usize) -> Vec<usize> {
    let count = ((months + YEAR - HALF_YEAR) / YEAR).max(1);
    (0..months).map(|t| (count - 1).saturating_sub((months - 1 - t) / YEAR)).collect()
}

struct Base {
    role: Role,
    basis: Basis,
    flow: Flow,
    trend: Trend,
    flat: bool,
    season: Vec<f64>,
    stated: Option<Shares>,
    /// What a stated share counts for, in signings.
    weight: f64,
}

impl Base {
    fn new(
        record: &Record,
        (role, source): (Role, Basis),
        learned: Option<(&Flow, ArrayView2<f64>)>,
        known: &Known,
        said: &Stated,
    ) -> Base {
        let (months, ahead) = (record.months, record.ahead.len());
        if source == Basis::Stated {
            let flow = Flow { lags: vec![1.0], rates: Vec::new() };
            let trend = Trend::new(&flow.rates, true);
            // What signs has a season already, and buys with it.
            let season = vec![1.0; months + ahead];
            let base =
                Base { role, basis: source, flow, trend, flat: false, season, stated: None, weight: said.weight };
            return base.with(record, known, said);
        }
        let bought = learned.as_ref().map_or_else(|| record.of(role), |(_, bought)| bought.view());
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
            let mut flow = match &learned {
                Some((flow, _)) => (*flow).clone(),
                None => Flow::fit(signed.view(), taken.view(), &block, &season[..months]),
            };
            if role == Role::Goods {
                // Where enough of those called back are on record, they tell when the later buyers come.
                let goods = |lead: &Lead| covers(lead.scope, role, known);
                flow.lags = leads::followup(known, goods).applied_to(&flow.lags);
            }
            let trend = Trend::new(&flow.rates, flat);
            let base = Base { role, basis: source, flow, trend, flat, season, stated: None, weight: said.weight };
            round += 1;
            if round == ROUNDS {
                return base.with(record, known, said);
            }
            let all = signed.columns().into_iter().map(|column| column.sum()).collect::<Vec<f64>>();
            // Nothing is stated yet, so one leaf is like another.
            let plain: Vec<f64> = (0..months).map(|t| base.flowing(0, &all, t, months) / base.season[t]).collect();
            season = season::weights(&by_month, &plain, record.first, ahead, known.data.calendar);
        }
    }

    /// The same with what is stated: of signings on record what was learned, where something was; of those to come both.
    fn with(mut self, record: &Record, known: &Known, said: &Stated) -> Base {
        let (months, ahead, leaves) = (record.months, record.ahead.len(), known.data.grid.regions.leaf_count());
        let measure = if self.role == Role::Goods { Measure::Conversion } else { Measure::TakeUp };
        // Signings by leaf and month, those of which buyers may still come as far as these have come.
        let mut signed = vec![vec![0.0; months]; leaves];
        for (row, &leaf) in record.signed.rows().into_iter().zip(&record.leaf).filter(|_| self.basis != Basis::Stated) {
            for (t, (to, n)) in signed[leaf].iter_mut().zip(row).enumerate() {
                *to += n * self.flow.developed(months - 1 - t);
            }
        }
        let since = |given: &Given| -> f64 {
            let begin = usize::try_from(given.from.since(record.first)).unwrap_or(0);
            let of = |leaf: usize| signed[leaf].iter().skip(begin).sum::<f64>();
            known.data.grid.regions.leaves(given.node).map(of).sum()
        };
        // A printed year speaks only where nothing is learned.
        let learned = self.basis != Basis::Stated;
        let takes = |given: &Given| !learned || given.by == By::Rates;
        let mut used = Array2::zeros((leaves, months + ahead));
        let mut any = false;
        for ((leaf, u), to) in used.indexed_iter_mut() {
            let own = if learned { rate(&self.trend, u, months) } else { 0.0 };
            let given = said
                .share(known, measure, leaf, record.month(u))
                .filter(|(_, g)| takes(g) && (u >= months || !learned));
            any |= given.is_some();
            *to = given.map_or(own, |(value, given)| said.mixed(value, own, since(given)));
        }
        let of = |leaf: usize| {
            let (value, given) = said.share(known, measure, leaf, record.month(months)).filter(|(_, g)| takes(g))?;
            Some((given.clone(), value, since(given)))
        };
        self.stated = any.then(|| Shares { used, given: (0..leaves).map(of).collect() });
        self
    }

    /// The share of a month's signings at a leaf that buys.
    fn rate(&self, leaf: usize, u: usize, months: usize) -> f64 {
        match &self.stated {
            Some(stated) => stated.used[(leaf, u)],
            None => rate(&self.trend, u, months),
        }
    }

    /// The same in the mean of the leaves.
    fn mean_rate(&self, u: usize, months: usize) -> f64 {
        match &self.stated {
            Some(stated) => stated.used.column(u).mean().unwrap_or_default(),
            None => rate(&self.trend, u, months),
        }
    }

    /// Part of each leaf's sales that its communities made by what is stated, leaf x month of the record.
    fn explained(&self, known: &Known, record: &Record) -> Array2<f64> {
        let mut out = Array2::<f64>::zeros((known.data.grid.regions.leaf_count(), record.months));
        for (row, &leaf) in self.expected(record).rows().into_iter().zip(&record.leaf) {
            let mut to = out.row_mut(leaf);
            to += &row;
        }
        let sold = centres::counted(known, record, self.role);
        out.zip_mut_with(&sold, |x, sold| *x = if *sold > 0.0 { (*x / sold).min(1.0) } else { 0.0 });
        out
    }

    /// What is bought in a month of what signed at a leaf in it and before.
    fn flowing(&self, leaf: usize, signed: &[f64], t: usize, months: usize) -> f64 {
        let of = |(k, g): (usize, &f64)| match t.checked_sub(k).and_then(|u| Some((u, *signed.get(u)?))) {
            Some((u, n)) if n > 0.0 => n * self.rate(leaf, u, months) * g,
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
                let leaf = record.leaf[c];
                to.iter_mut().enumerate().for_each(|(t, x)| *x = self.flowing(leaf, &signed, t, months));
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

    fn purchases(
        self,
        record: &Record,
        signings: &Signings,
        sorting: &Sorting,
        bought: ArrayView2<f64>,
        explained: Option<Array2<f64>>,
    ) -> Purchases {
        let (months, ahead) = (record.months, record.ahead.len());
        let observed: Vec<f64> = bought.rows().into_iter().map(|row| row.sum()).collect();
        let mut expected: Vec<f64> = self.expected(record).rows().into_iter().map(|row| row.sum()).collect();
        if self.basis == Basis::Stated {
            expected.fill(0.0);
        }
        let mut units = Units::new(observed, expected, self.noise(), sorting);
        if self.basis == Basis::Centres {
            units = units.shared_out();
        }
        if let Some(stated) = &self.stated {
            // What a share that rests on so many signings may be off, in the mean of the leaves.
            let of = |leaf: usize, n: f64| {
                let p = stated.used[(leaf, months)].clamp(EDGE, 1.0);
                (1.0 - p) / (p * (self.weight + n))
            };
            let all = stated.given.iter().enumerate().filter_map(|(leaf, g)| Some(of(leaf, g.as_ref()?.2)));
            let all: Vec<f64> = all.collect();
            units.pool += all.iter().sum::<f64>() / all.len().max(1) as f64;
        }
        let mut out = Array2::zeros((record.leaf.len(), ahead));
        out.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(c, mut row)| {
            let signed: Vec<f64> = record.signed.row(c).iter().chain(signings.ahead.row(c).iter()).copied().collect();
            let m = units.multiplier(c);
            // Never more first purchases than households that signed and have none.
            let mut open: f64 = signed.iter().take(months).sum::<f64>() - units.observed[c];
            for (h, x) in row.iter_mut().enumerate() {
                open = (open + signed[months + h]).max(0.0);
                *x = (m * self.flowing(record.leaf[c], &signed, months + h, months)).min(open);
                open -= *x;
            }
        });
        let common = (months..months + ahead).map(|t| {
            // The step of so many years, as far as it bears on the share itself and not on its logit.
            let years = years(t, months).max(0.0);
            let share = self.mean_rate(t, months);
            self.trend.step * years.sqrt() * (1.0 - share)
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
            basis: self.basis,
            stated: self.stated,
            explained,
            bought: bought.to_owned(),
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
    let mut products = 0..known.data.products.len();
    scope == Scope::All || products.any(|p| known.data.grid.covers(scope, p) && Role::of(known, p) == role)
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
