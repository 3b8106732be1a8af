//! New and retired products (R4, R5): what becomes of the mix in each month ahead.
//!
//! - Retired (`retire` = last month sold): share 0. Its successor takes .6 of the share, ramped by
//!   `1 - exp(-age / tau)`; the rest goes to what remains, in proportion.
//! - New, nothing sold yet: the share of the product it is like, ramped; the others are scaled by what is left.
//! - In its first year: its own share at the cutoff, ramped on from the age it had then to the month's.
//! - In its second year by the plain rules (R4), and with a planner's growth rate for the product on both methods: its
//!   own monthly average times the season of its group times growth (later last year's same month times growth), instead
//!   of its share of the level. The others keep theirs, whatever comes of it; where the level holds (a target's month, a
//!   planner's rate of the region), they share what is left of it. The average is that of the last twelve months; under a
//!   planner's rate of a fiscal year that of the year before, where the product sold through all of it.
//! - A launch date behind us and no sale anywhere in a closed month: slipped, share 0 until a first sale or a new date.
//!
//! ```text
//! season = the month of last year / mean of the last twelve months    of the group's other products, all regions
//! ```
//! (January and February as a pair, split by selling days, where New Year moves between them.) Products in their own
//! first two years say nothing of a season.
//!
//! Age counts months since launch at the end of the month in question; the launch month, if whole, has age 1.

mod company;
mod ramp;

use std::ops::Range;

use chrono::NaiveDate;
use ndarray::{ArcArray2, Array2};

use super::Parameters;
use super::demand::Demand;
use super::growth::planned;
use super::level::{self, Level, Rule, events};
use super::mix::{Mix, is_alive};
use crate::dataset::Known;
use crate::error::Place;
use crate::grid::Scope;
use crate::month::Month;

use company::{Company, last_year};
pub use ramp::age;
use ramp::{learned, ramp};

/// The first year of a product, in months.
const FIRST_YEAR: f64 = 12.0;
/// The same, as a number of months.
const YEAR: usize = 12;
/// How many of a group's last launches stand in for a like product that nobody named.
const LAST_LAUNCHES: usize = 3;

/// Why a product's share is not the mix's.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Gone after its last month.
    Retired {
        /// Who takes its place, as a product index.
        successor: Option<usize>,
    },
    /// Takes over from a retired product.
    Succeeds {
        /// The retired product.
        from: usize,
        /// The share it had.
        share: f64,
        /// Part of it taken: `.6 x ramp`.
        part: f64,
    },
    /// Not launched yet in that month.
    NotYet,
    /// The launch date passed without a sale in a closed month.
    Slipped {
        /// The date.
        launch: NaiveDate,
        /// The share that it would have had.
        share: f64,
    },
    /// New, nothing sold yet.
    New {
        /// Where the share comes from.
        like: Like,
        /// The share that it is expected to come to.
        share: f64,
        /// `1 - exp(-age / tau)`.
        ramp: f64,
        /// Age in months at the month's end.
        age: f64,
    },
    /// In its first year, its own share ramped on.
    Growing {
        /// Its share at the cutoff.
        share: f64,
        /// Ramp at the month's end over the ramp at the cutoff.
        ramp: f64,
    },
    /// Its own sales times growth.
    OwnSales {
        /// Its own monthly average, or last year's same month, in units.
        base: f64,
        /// How many months the average is over; 1 for last year's same month.
        months: usize,
        /// Season of its group: the month over the mean of a year; 1 beside last year's same month.
        season: f64,
        /// Growth used.
        growth: f64,
        /// Where a planner's growth rate stands.
        place: Option<Place>,
    },
}

/// What a new product is expected to sell like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Like {
    /// The product named, by index.
    Named(usize),
    /// The product it replaces, by index.
    Replaced(usize),
    /// A guess: the mean of this many last launches of the group.
    LastLaunches(usize),
    /// A guess: the mean share of the group's smallest half, of this many products.
    SmallestHalf(usize),
}

/// One product's event in one month.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Series.
    pub series: usize,
    /// Index into the months forecast.
    pub month: usize,
    /// What happens.
    pub event: Event,
}

/// Shares and units after the lifecycle.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// The months forecast (lag 0, where there is one, 1 and 2).
    pub months: Vec<Month>,
    /// Series x month: share of the cell's level; sums to 1 over each cell with anything to sell, but for products that
    /// stand at their own level beside it ([`Event::OwnSales`]).
    pub shares: Array2<f64>,
    /// Series x month: `level x share x events`, in units, and what is added.
    pub units: ArcArray2<f64>,
    /// Series x month: units that stand beside the level, of new communities and renewals; none without them.
    pub added: Option<Array2<f64>>,
    /// Series x month: the product of (1 + effect) of events for single products; none without such events.
    pub events: Option<Array2<f64>>,
    /// What happened to whom, by series and month.
    pub notes: Vec<Note>,
    /// Time constant of the ramp of new products, months.
    pub ramp_months: f64,
}

/// Adjusts the mix for each of `months`, the first of which are those forecast, and spreads the levels by it.
pub fn adjust(
    level: &Level,
    mix: &Mix,
    demand: &Demand,
    known: &Known,
    parameters: &Parameters,
    months: &[Month],
) -> Baseline {
    let grid = &known.data.grid;
    let size = (grid.series.len(), months.len());
    let has_product_events = known.factors.iter().any(|f| matches!(f.scope, Scope::Product(_)));
    let mut units = Array2::zeros(size);
    let mut out = Baseline {
        shares: Array2::zeros(size),
        units: ArcArray2::zeros((0, 0)),
        added: None,
        events: has_product_events.then(|| Array2::ones(size)),
        notes: Vec::new(),
        ramp_months: parameters.ramp_months,
        months: months.to_vec(),
    };
    let special = special(known);
    let company = Company::default();
    // In a part of the regions the others wait for its sums, asked for here or not.
    if known.data.across.is_part() && special.contains(&true) {
        company.sums(known, demand);
    }
    // The plain rules learn nothing.
    if mix.ahead.is_some() && special.contains(&true) {
        out.ramp_months = learned(&company.launches(known, demand), parameters.ramp_months);
    }
    let tau = out.ramp_months;
    for cell in 0..grid.cell_count() {
        let range = grid.in_cell(cell);
        let (leaf, _) = grid.cell_key(cell);
        let touched = range.clone().any(|s| special[grid.series[s].product]);
        for (k, &month) in months.iter().enumerate() {
            let of_level = level.get(cell, month).copied().unwrap_or_default();
            let mut shares = mix.shares(range.clone(), k);
            if touched {
                let range = range.clone();
                let one = Cell { known, mix, demand, company: &company, parameters, tau, range, month, k };
                one.adjust(&mut shares, &of_level, &mut out.notes);
            }
            for (s, share) in range.clone().zip(shares) {
                let mut times = 1.0;
                if let Some(all) = &mut out.events {
                    let product = Scope::Product(grid.series[s].product);
                    times = events(known, &level.effects, leaf, product, month).iter().map(|e| e.0).product();
                    all[(s, k)] = times;
                }
                // An empty sum is -0, and so is a share of it.
                let share = share + 0.0;
                out.shares[(s, k)] = share;
                units[(s, k)] = of_level.level * share * times;
            }
        }
    }
    out.notes.sort_by_key(|n| (n.series, n.month));
    Baseline { units: units.into_shared(), ..out }
}

impl Baseline {
    /// What events for a series' own product multiply a month forecast (by its index) by.
    pub fn events(&self, series: usize, month: usize) -> f64 {
        self.events.as_ref().and_then(|events| events.get((series, month)).copied()).unwrap_or(1.0)
    }

    /// Adds units that stand beside the level, series x month; further months are left out.
    pub fn add(&mut self, beside: &Array2<f64>) {
        let added = beside.slice(ndarray::s![.., ..self.units.ncols()]).to_owned();
        self.units += &added;
        self.added = Some(added);
    }
}

/// Products that a lifecycle rule may touch.
fn special(known: &Known) -> Vec<bool> {
    let mut out: Vec<bool> =
        (0..known.data.products.len()).map(|p| known.launch(p).is_some() || known.retire(p).is_some()).collect();
    for row in &known.growth {
        if let Scope::Product(p) = row.scope {
            out[p] = true;
        }
    }
    out
}

struct Cell<'a, 'k, 'd> {
    known: &'a Known<'k>,
    mix: &'a Mix,
    demand: &'a Demand<'d>,
    company: &'a Company,
    parameters: &'a Parameters,
    /// Time constant of the ramp, months.
    tau: f64,
    range: Range<usize>,
    month: Month,
    k: usize,
}

impl Cell<'_, '_, '_> {
    fn product(&self, i: usize) -> usize {
        self.known.data.grid.series[self.range.start + i].product
    }

    fn find(&self, product: usize) -> Option<usize> {
        (0..self.range.len()).find(|&i| self.product(i) == product)
    }

    fn note(&self, notes: &mut Vec<Note>, i: usize, event: Event) {
        notes.push(Note { series: self.range.start + i, month: self.k, event });
    }

    fn adjust(&self, shares: &mut [f64], level: &level::Cell, notes: &mut Vec<Note>) {
        let before = shares.to_vec();
        let succeeded = self.retire(shares, &before, notes);
        // What is fixed comes first, the others share what it leaves.
        let mut fixed: Vec<Option<f64>> = vec![None; shares.len()];
        let mut own: Vec<Option<f64>> = vec![None; shares.len()];
        for i in 0..shares.len() {
            let found = if succeeded[i] { None } else { self.launched(i, &before, notes) };
            fixed[i] = found;
            if found.is_none() {
                let moves = if level.holds() { &mut fixed } else { &mut own };
                // What it takes over from a retired product is not in its own sales yet.
                moves[i] = self.own_sales(i, level, notes).map(|own| own + shares[i] - before[i]);
            }
            if self.gone(i) {
                (fixed[i], own[i]) = (Some(0.0), None);
            }
        }
        self.share_out(shares, &before, fixed);
        // Beside the level: who has a number of his own takes nothing from the others.
        shares.iter_mut().zip(own).for_each(|(share, own)| *share = own.unwrap_or(*share));
    }

    /// Gives the products with a fixed share theirs and the others what is left, in proportion.
    fn share_out(&self, shares: &mut [f64], before: &[f64], mut fixed: Vec<Option<f64>>) {
        // Where nobody takes the level (own sales of nothing, or all of last month's products gone), it goes to what is
        // still on the range: by the mix, else by the sales of the year before the cutoff.
        if shares.iter().zip(&fixed).all(|(share, fixed)| fixed.unwrap_or(*share) <= 0.0) {
            let stays: Vec<bool> = (0..shares.len()).map(|i| self.stays(i)).collect();
            let mixed = shares.iter().zip(&stays).any(|(share, stays)| *stays && *share > 0.0);
            for i in (0..shares.len()).filter(|&i| stays[i]) {
                fixed[i] = None;
                if !mixed {
                    shares[i] = self.last_year(i);
                }
            }
        }
        // Where nothing moves nothing is scaled, not even by a last bit: a product that is only on the list changes no
        // number of the others.
        let stands = |(share, fixed): (&f64, &Option<f64>)| fixed.is_none_or(|fixed| fixed == *share);
        if *shares == *before && shares.iter().zip(&fixed).all(stands) {
            return;
        }
        let taken: f64 = fixed.iter().flatten().sum();
        let open: f64 = shares.iter().zip(&fixed).filter(|(_, f)| f.is_none()).map(|(s, _)| *s).sum();
        // Shares fixed beyond the level, or nobody there to share the rest: the fixed ones in proportion.
        let scale = if taken > 1.0 || (open <= 0.0 && taken > 0.0) { 1.0 / taken } else { 1.0 };
        // Exactly nothing where the fixed ones take everything: a last bit would become a unit in a thousand billion.
        let left = if scale == 1.0 { (1.0 - taken).max(0.0) } else { 0.0 };
        for (share, fixed) in shares.iter_mut().zip(fixed) {
            *share = match fixed {
                Some(value) => value * scale,
                None if open > 0.0 => *share * left / open,
                None => 0.0,
            };
        }
    }

    /// Whether a product is on the range in this month.
    fn stays(&self, i: usize) -> bool {
        !self.gone(i) && self.age(self.product(i)) != Some(0.0) && self.slipped(self.product(i)).is_none()
    }

    /// The launch date of a product that passed without a sale anywhere in a closed month.
    fn slipped(&self, product: usize) -> Option<NaiveDate> {
        let launch = self.known.launch(product).filter(|launch| Month::of(*launch) <= self.known.origin.cutoff)?;
        let n = last_year(self.known).len();
        let sold = self.company.sums(self.known, self.demand).get(product * n..(product + 1) * n)?;
        // Older than the year looked at is no launch any more.
        let recent = age(launch, self.known.origin.cutoff) <= FIRST_YEAR;
        (recent && sold.iter().all(|x| *x <= 0.0)).then_some(launch)
    }

    /// Demand of a product in the year before the cutoff, in units.
    fn last_year(&self, i: usize) -> f64 {
        let months = self.known.months();
        let from = months.saturating_sub(FIRST_YEAR as usize);
        (from..months).map(|t| self.demand.units[(self.range.start + i, t)]).sum()
    }

    fn gone(&self, i: usize) -> bool {
        self.known.retire(self.product(i)).is_some_and(|last| self.month > last)
    }

    /// Moves the shares of retired products; true for those that took one over.
    fn retire(&self, shares: &mut [f64], before: &[f64], notes: &mut Vec<Note>) -> Vec<bool> {
        let mut succeeded = vec![false; shares.len()];
        for i in 0..shares.len() {
            let product = self.product(i);
            if !self.gone(i) {
                continue;
            }
            let takes_over = |j: &usize| {
                let p = self.product(*j);
                let there = !self.gone(*j) && self.age(p) != Some(0.0) && self.slipped(p).is_none();
                self.known.replaces(p) == Some(product) && there
            };
            let successor = (0..shares.len()).find(takes_over);
            self.note(notes, i, Event::Retired { successor: successor.map(|j| self.product(j)) });
            let share = before[i];
            shares[i] = 0.0;
            if let Some(j) = successor.filter(|_| share > 0.0) {
                // An age that nobody wrote down is that of a product long there.
                let ramp = self.age(self.product(j)).map_or(1.0, |age| ramp(age, self.tau));
                let part = self.parameters.successor_share * ramp;
                shares[j] += share * part;
                succeeded[j] = true;
                self.note(notes, j, Event::Succeeds { from: product, share, part });
            }
        }
        succeeded
    }

    /// Age of a product at the month's end, 0 before its launch; none where no launch is known.
    fn age(&self, product: usize) -> Option<f64> {
        self.known
            .launch(product)
            .map(|launch| if launch > self.month.last_day() { 0.0 } else { age(launch, self.month) })
    }

    /// The share of a product not yet launched, new, or in its first year.
    fn launched(&self, i: usize, before: &[f64], notes: &mut Vec<Note>) -> Option<f64> {
        let product = self.product(i);
        let launch = self.known.launch(product)?;
        let now = self.age(product)?;
        if now <= 0.0 {
            self.note(notes, i, Event::NotYet);
            return Some(0.0);
        }
        let tau = self.tau;
        let at_cutoff = age(launch, self.known.origin.cutoff);
        let sold = is_alive(self.known, self.range.start + i);
        // Its share at the cutoff: one fitted for a month ahead has grown once already.
        let share = self.mix.used[self.range.start + i];
        if share > 0.0 && sold && at_cutoff > 0.0 {
            if at_cutoff >= FIRST_YEAR {
                return None;
            }
            let ramp = ramp(now, tau) / ramp(at_cutoff, tau);
            self.note(notes, i, Event::Growing { share, ramp });
            return Some(share * ramp);
        }
        if at_cutoff >= FIRST_YEAR {
            return None;
        }
        let (like, share) = self.like(i, before);
        let ramp = ramp(now, tau);
        if let Some(launch) = self.slipped(product) {
            self.note(notes, i, Event::Slipped { launch, share: share * ramp });
            return Some(0.0);
        }
        self.note(notes, i, Event::New { like, share, ramp, age: now });
        Some(share * ramp)
    }

    /// What a new product's share is expected to come to.
    fn like(&self, i: usize, before: &[f64]) -> (Like, f64) {
        let product = &self.known.data.products[self.product(i)];
        let share_of = |other: usize| -> f64 {
            let here = self.find(other).map_or(0.0, |j| before[j]);
            if here > 0.0 { here } else { self.company_share(other) }
        };
        if let Some(like) = product.like {
            return (Like::Named(like), share_of(like));
        }
        if let Some(replaced) = product.replaces {
            return (Like::Replaced(replaced), self.parameters.successor_share * share_of(replaced));
        }
        let tau = self.tau;
        let cutoff = self.known.origin.cutoff;
        let launches = (0..before.len()).filter(|&j| j != i && before[j] > 0.0);
        let mut launches: Vec<(NaiveDate, f64)> = launches
            .filter_map(|j| {
                let launch = self.known.launch(self.product(j)).filter(|l| Month::of(*l) <= cutoff)?;
                Some((launch, before[j] / ramp(age(launch, cutoff), tau)))
            })
            .collect();
        launches.sort_by_key(|l| std::cmp::Reverse(l.0));
        launches.truncate(LAST_LAUNCHES);
        if !launches.is_empty() {
            let n = launches.len();
            return (Like::LastLaunches(n), launches.iter().map(|l| l.1).sum::<f64>() / n as f64);
        }
        let mut small: Vec<f64> = before.iter().copied().filter(|s| *s > 0.0).collect();
        small.sort_by(f64::total_cmp);
        small.truncate(small.len().div_ceil(2));
        let n = small.len();
        (Like::SmallestHalf(n), small.iter().sum::<f64>() / n.max(1) as f64)
    }

    /// A product's share of its group over all regions, in the last month of the year before the cutoff in which it
    /// sold: a predecessor that is already gone has a share to leave.
    fn company_share(&self, product: usize) -> f64 {
        let group = self.known.data.grid.products.group[product];
        let (sums, n) = (self.company.sums(self.known, self.demand), last_year(self.known).len());
        let row = |row: usize| &sums[row * n..(row + 1) * n];
        let months = row(product).iter().zip(row(self.known.data.products.len() + group)).rev();
        months
            .map(|(own, all)| if *own > 0.0 && *all > 0.0 { own / all } else { 0.0 })
            .find(|x| *x > 0.0)
            .unwrap_or(0.0)
    }

    /// Last year's same month, or January and February as a pair split by this year's selling days, as the level is.
    fn pair(&self, same: f64, at: impl Fn(Month) -> Option<f64>) -> f64 {
        let calendar = &self.known.data.calendar;
        let Some(other) = calendar.pair(self.month) else { return same };
        let days = (calendar.selling_days(self.month), calendar.selling_days(other));
        match at(other.plus(-12)) {
            Some(beside) if days.0 + days.1 > 0.0 => (same + beside) * days.0 / (days.0 + days.1),
            _ => same,
        }
    }

    /// The second-year rule and a planner's growth rate for the product, as a share of the level before planned events.
    fn own_sales(&self, i: usize, of_level: &level::Cell, notes: &mut Vec<Note>) -> Option<f64> {
        let product = self.product(i);
        let series = self.range.start + i;
        let node = self.known.data.grid.regions.node_of(self.known.data.grid.series[series].leaf);
        let (first, _) = self.known.seen(series)?;
        let months = self.known.months();
        let own_months = months - first;
        let row = planned(self.known, node, Scope::Product(product), self.month)
            .filter(|r| r.scope == Scope::Product(product));
        let launched = self.known.launch(product).is_some();
        let second_year = launched && (YEAR..2 * YEAR).contains(&own_months);
        // What was fitted has seen the product's own months.
        let plain = second_year && of_level.rule != Rule::Fitted;
        if (row.is_none() && !plain) || of_level.without_events <= 0.0 || self.mix.used[series] <= 0.0 {
            return None;
        }
        let growth = row.map_or(of_level.growth, |r| r.growth);
        let at = |month: Month| {
            let t = self.known.visible_index(month).filter(|t| *t >= first && own_months > YEAR && !second_year)?;
            Some(self.demand.units[(series, t)])
        };
        let (base, count, season) = match at(self.month.plus(-12)) {
            Some(same) => (self.pair(same, at), 1, 1.0),
            None => {
                let window = self.base_year(first, row.filter(|_| second_year).map(|r| r.year));
                let sum: f64 = window.clone().map(|t| self.demand.units[(series, t)]).sum();
                let season = if second_year { self.season(product) } else { 1.0 };
                (sum / window.len() as f64, window.len(), season)
            }
        };
        let place = row.map(|r| r.place.clone());
        self.note(notes, i, Event::OwnSales { base, months: count, season, growth, place });
        Some((base * season * (1.0 + growth)).max(0.0) / of_level.without_events)
    }

    /// The months whose mean a product's own sales are: under a planner's rate of a fiscal `year` those of the year before,
    /// where it sold through all of it, else the last twelve.
    fn base_year(&self, first: usize, year: Option<i32>) -> Range<usize> {
        let months = self.known.months();
        let start = year.map(|year| Month::fiscal_start(year - 1, self.known.data.settings.fiscal.start));
        let begin = start.and_then(|start| usize::try_from(self.known.index(start)).ok());
        let whole = begin.map(|begin| begin..begin + YEAR).filter(|w| w.start >= first && w.end <= months);
        whole.unwrap_or(first.max(months.saturating_sub(YEAR))..months)
    }

    /// The month over the mean of a year, of the other products of a product's group in all regions; 1 where none of them
    /// sold through the last twelve months.
    fn season(&self, product: usize) -> f64 {
        let (sums, window) = (self.company.sums(self.known, self.demand), last_year(self.known));
        let (data, n) = (self.known.data, window.len());
        let settled = |p: usize| {
            let old = |launch: NaiveDate| age(launch, self.known.origin.cutoff) > 2.0 * FIRST_YEAR;
            p != product && self.known.launch(p).is_none_or(old)
        };
        let mut by_month = [0.0; YEAR];
        let group = data.grid.products.group[product];
        for p in (0..data.products.len()).filter(|&p| data.grid.products.group[p] == group && settled(p)) {
            let row = &sums[p * n..(p + 1) * n];
            if n == YEAR && row.iter().all(|x| *x > 0.0) {
                window.clone().zip(row).for_each(|(t, x)| by_month[data.month(t).number() as usize - 1] += x);
            }
        }
        let mean = by_month.iter().sum::<f64>() / YEAR as f64;
        let of = |month: Month| by_month[month.number() as usize - 1];
        if mean > 0.0 { self.pair(of(self.month), |month| Some(of(month))) / mean } else { 1.0 }
    }
}
