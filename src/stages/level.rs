//! The level of each region and group in each month ahead (R9): last year's same month, clean, times growth; planned
//! events on top. Where New Year moves between January and February, the two are taken as a pair and split by the
//! selling days outside of its window.
//!
//! Where sales follow the folder's own working days, or Monday to Friday, the month of last year counts as if it had had
//! the days of this one.
//!
//! Growth compares like with like, so a month of last year is made like the series of today (docs/METHOD.md#growth):
//! what is gone is left out of it, and what came since then joins it with its own recent level, as far as the season
//! of that month lets expect (`T` is what the series that were there through both growth windows sold, `a` the own
//! levels of the new ones):
//! ```text
//! joined = a x (T_month + a) / (mean T of last year's window + a) / (1 + growth)
//! ```
//! Divided by growth, because that multiplies it again: it is no growth of theirs. `a` beside both sums holds the season
//! of a few units back from speaking for many.
//!
//! Growth that the history shows is kept for the first year ahead and halved where last year's month is itself a forecast
//! (what is known of it damps), and never takes a month beyond twice the largest of the last twelve.
//!
//! With under 13 months of history the target's month is the level, and where there is none the mean of the last
//! three months.

use std::ops::Range;

use chrono::Days;
use ndarray::{Array2, ArrayView2};

use super::Parameters;
use super::base::{Base, Effects};
use super::growth::{Growth, YEAR_AND_ONE};
use super::life::own_level;
use super::target::RegionTargets;
use crate::dataset::Known;
use crate::error::Place;
use crate::grid::Scope;
use crate::month::Month;
use crate::settings::LevelSource;

/// No growth that the history shows takes a month over this many times the largest of the last twelve.
const BEYOND: f64 = 2.0;
/// What part of growth goes on for another year.
pub const KEPT: f64 = 0.5;
/// Months in the mean that stands in for a level without a year of history.
const RECENT: usize = 3;

/// How a level came about.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Rule {
    /// Last year's same month.
    SameMonth,
    /// January and February as a pair, times this share of selling days.
    Pair(f64),
    /// The target's month.
    Target,
    /// The mean of this many last months.
    Recent(usize),
    /// The fitted forecast of its products, added up (`combine`).
    Fitted,
    /// Nothing was ever sold.
    #[default]
    Nothing,
}

impl Rule {
    /// Whether it is a plain rule on the history, which a fitted forecast may take the place of.
    pub fn is_plain(self) -> bool {
        matches!(self, Rule::SameMonth | Rule::Pair(_) | Rule::Recent(_))
    }
}

/// One cell's level in one month.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cell {
    /// How it came about.
    pub rule: Rule,
    /// What growth applies to: clean demand of last year (of the pair times its share), made like today's series, in
    /// units; a planner's own rate applies to the demand as it was.
    pub base: f64,
    /// Growth used.
    pub growth: f64,
    /// Whether growth is a planner's own.
    pub planned: bool,
    /// `base x (1 + growth)` (at least 0), in units; fitted, the sum of the fitted numbers.
    pub without_events: f64,
    /// How the plain level came about, and with it `base`: `rule` itself, unless that is [`Rule::Fitted`].
    pub plain: Rule,
    /// The product of (1 + effect) of the events planned for that month.
    pub events: f64,
    /// `without_events x events`, in units.
    pub level: f64,
}

impl Cell {
    /// Whether the level holds whatever single products in it do: a target's month, or last year's times a planner's rate.
    pub fn holds(&self) -> bool {
        self.planned || self.rule == Rule::Target
    }
}

/// Levels, cell x month ahead.
#[derive(Clone, Debug)]
pub struct Level {
    /// Months ahead, from the one after the cutoff to the end of the next fiscal year.
    pub months: Vec<Month>,
    /// Cell x month ahead.
    pub cells: Array2<Cell>,
    /// What each known factor does in these months.
    pub effects: Effects,
}

impl Level {
    /// One cell's level in one month; none outside of the months ahead.
    pub fn get(&self, cell: usize, month: Month) -> Option<&Cell> {
        let h = usize::try_from(month.since(*self.months.first()?)).ok()?;
        self.cells.get((cell, h))
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, cell: usize, month: Month) -> Option<&mut Cell> {
        let h = usize::try_from(month.since(*self.months.first()?)).ok()?;
        self.cells.get_mut((cell, h))
    }
}

/// Months ahead that a run looks at the most, whatever the lead times.
pub const FURTHEST: i32 = 36;

/// Days until what is ordered at the next look arrives, of the product that waits longest: its lead time, and until its
/// supplier takes the order after the next. 0 where nothing is counted or on order.
pub fn longest_lead(known: &Known) -> f64 {
    if known.stock.is_empty() && known.orders.is_empty() {
        return 0.0;
    }
    let (data, stock) = (known.data, &known.data.settings.stock);
    let to_next: Vec<usize> = data
        .suppliers
        .list
        .iter()
        .map(|vendor| {
            let (wait, review) = vendor.orders(known.origin.as_of, stock.review_days as usize);
            wait + review
        })
        .collect();
    let review = |supplier: &str| data.suppliers.of(supplier).and_then(|at| to_next.get(at).copied());
    let days = |lead: Option<f64>, supplier: &str| {
        lead.unwrap_or(f64::from(stock.lead_days)) + review(supplier).map_or(f64::from(stock.review_days), |d| d as f64)
    };
    let of_products = data.products.iter().map(|p| days(p.supply.lead_days, &p.supply.supplier));
    let lead = |product: usize| data.products.get(product).and_then(|p| p.supply.lead_days);
    let of_orders = known.orders.iter().map(|order| days(lead(order.product), &order.supplier));
    of_products.chain(of_orders).fold(days(None, ""), f64::max)
}

/// The months a run looks ahead: to the end of the fiscal year after the one in which it is made (and of the year in
/// which lag 2 lies), and as far as what is bought now has to last, up to [`FURTHEST`].
pub fn horizon(known: &Known) -> Vec<Month> {
    let first = known.origin.cutoff.plus(1);
    let data = known.data;
    let year = (data.fiscal_year(known.origin.made) + 1).max(data.fiscal_year(known.origin.made.plus(2)));
    let end = Month::fiscal_start(year + 1, data.settings.fiscal.start);
    let lead = Days::new(longest_lead(known).ceil() as u64);
    let bought = known.origin.as_of.checked_add_days(lead).map_or(FURTHEST, |day| Month::of(day).since(first) + 1);
    (0..end.since(first).max(bought.min(FURTHEST))).map(|h| first.plus(h)).collect()
}

/// Forecasts the levels.
pub fn forecast(
    base: &Base,
    growth: &Growth,
    targets: &RegionTargets,
    known: &Known,
    parameters: &Parameters,
) -> Level {
    let grid = &known.data.grid;
    let months = horizon(known);
    let mut cells = Array2::from_elem((grid.cell_count(), months.len()), Cell::default());
    let mut sums = Sums::new(known, base, growth);
    for cell in 0..grid.cell_count() {
        let (leaf, group) = grid.cell_key(cell);
        sums.load(cell);
        let mut levels: Vec<f64> = Vec::with_capacity(months.len());
        for (h, &month) in months.iter().enumerate() {
            let target = targets.units(known, cell, month);
            let mut out = match (parameters.source, target) {
                (LevelSource::Target, Some(units)) => target_cell(units),
                _ => {
                    let rate = growth.rates.of(known, cell, month);
                    sums.history(month, rate.map(|(rate, _)| rate), &levels).unwrap_or_else(|| match target {
                        Some(units) => target_cell(units),
                        None => sums.recent(),
                    })
                }
            };
            out.events = events(known, &base.ahead, leaf, Scope::Group(group), month).iter().map(|e| e.0).product();
            let without_events = (out.base * (1.0 + out.growth)).max(0.0);
            (out.without_events, out.plain) = (without_events, out.rule);
            out.level = without_events * out.events;
            levels.push(without_events);
            cells[(cell, h)] = out;
        }
    }
    Level { months, cells, effects: base.ahead.clone() }
}

fn target_cell(units: f64) -> Cell {
    Cell { rule: Rule::Target, base: units, ..Cell::default() }
}

/// Events planned for a month ahead that bear on all of a scope (or, for a product, on that product alone), each as
/// `1 + effect` with its place. A row for a product bears on the product, one for a group or for all on the level.
pub fn events(known: &Known, effects: &Effects, leaf: usize, scope: Scope, month: Month) -> Vec<(f64, Place)> {
    let regions = &known.data.grid.regions;
    let fits = |s: Scope| s == scope || (matches!(scope, Scope::Group(_)) && s == Scope::All);
    known
        .factors
        .iter()
        .zip(effects)
        .filter(|(f, _)| (f.from..=f.to).contains(&month) && regions.leaves(f.node).contains(&leaf) && fits(f.scope))
        .filter_map(|(f, effect)| effect.map(|e| (1.0 + e, f.place.clone())))
        .collect()
}

/// What makes one month of last year like the series of today.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Alike {
    /// Clean demand then of series that are gone by now, in units.
    pub gone: f64,
    /// Own recent levels of series that came since, in units a month.
    pub own: f64,
    /// What multiplies `own`: the season of that month, over growth.
    pub times: f64,
}

impl Alike {
    /// Units that join that month.
    pub fn joined(&self) -> f64 {
        if self.own > 0.0 { self.own * self.times } else { 0.0 }
    }
}

/// What makes month index t of last year like today's series of a cell, of clean demand (series x month), before a
/// growth `rate`.
pub fn alike(clean: ArrayView2<f64>, growth: &Growth, cell: Range<usize>, t: usize, rate: f64) -> Alike {
    let mut out = Alike::default();
    let (mut month, mut window) = (0.0, 0.0);
    for (s, life) in cell.clone().zip(growth.lives.get(cell).unwrap_or_default()) {
        let row = clean.row(s);
        if life.is_over(row.len()) {
            out.gone += row[t];
        } else if life.settled > t {
            out.own += row.as_slice().map_or(0.0, |row| own_level(row, life.came)) - row[t];
        } else if growth.is_through(s) {
            month += row[t];
            window += growth.window.iter().filter_map(|w| row.get(w.checked_sub(12)?)).sum::<f64>();
        }
    }
    let mean = window / growth.window.len().max(1) as f64;
    // Growth of -100% leaves nothing of what grows.
    let grows = if rate > -1.0 { 1.0 + rate } else { 1.0 };
    let season = if growth.window.is_empty() { 1.0 } else { (month + out.own) / (mean + out.own) };
    out.times = season / grows;
    out
}

/// Month sums of one cell at a time.
struct Sums<'a, 'k, 'd> {
    known: &'a Known<'k>,
    base: &'a Base<'d>,
    growth: &'a Growth,
    cell: usize,
    demand: Vec<f64>,
    clean: Vec<f64>,
    /// Whether any of its series came or went of late.
    changed: bool,
    /// First month with sales.
    start: usize,
    /// The largest of the last twelve months, made like today's series.
    largest: f64,
}

impl<'a, 'k, 'd> Sums<'a, 'k, 'd> {
    fn new(known: &'a Known<'k>, base: &'a Base<'d>, growth: &'a Growth) -> Sums<'a, 'k, 'd> {
        let n = known.months();
        let (demand, clean) = (vec![0.0; n], vec![0.0; n]);
        Sums { known, base, growth, cell: 0, demand, clean, changed: false, start: n, largest: 0.0 }
    }

    fn load(&mut self, cell: usize) {
        self.cell = cell;
        self.demand.fill(0.0);
        self.clean.fill(0.0);
        let clean = self.base.clean();
        let range = self.known.data.grid.in_cell(cell);
        let n = self.demand.len();
        let lives = self.growth.lives.get(range.clone()).unwrap_or_default();
        self.changed = lives.iter().any(|life| life.is_over(n) || life.settled + 12 > n);
        for s in range {
            self.demand.iter_mut().zip(self.base.demand.row(s)).for_each(|(sum, x)| *sum += x);
            self.clean.iter_mut().zip(clean.row(s)).for_each(|(sum, x)| *sum += x);
        }
        self.start = self.demand.iter().position(|x| *x > 0.0).unwrap_or(n);
        let last = n.saturating_sub(12).max(self.start)..n;
        let rate = self.growth.cells[cell].used;
        self.largest = last.map(|t| self.like_today(t, rate)).fold(0.0, f64::max);
    }

    /// Clean demand of a month, made like today's series.
    fn like_today(&self, t: usize, rate: f64) -> f64 {
        if !self.changed {
            return self.clean[t];
        }
        let range = self.known.data.grid.in_cell(self.cell);
        let alike = alike(self.base.clean(), self.growth, range, t, rate);
        (self.clean[t] - alike.gone + alike.joined()).max(0.0)
    }

    /// Last year's same month (or pair) times growth, a `planned` one where there is one, where there are thirteen
    /// months of history. `levels` are this cell's levels of the months ahead so far, without planned events (a clean
    /// base): a year back from far ahead lies in them.
    fn history(&self, month: Month, planned: Option<f64>, levels: &[f64]) -> Option<Cell> {
        let n = self.demand.len();
        if n - self.start < YEAR_AND_ONE {
            return None;
        }
        let (_, group) = self.known.data.grid.cell_key(self.cell);
        let before = self.known.index(month) - 12;
        let found = self.growth.on(self.cell, group, usize::try_from(before).ok()?);
        let again = usize::try_from(before).is_ok_and(|before| before >= n);
        let rate = planned.unwrap_or(if again { KEPT * found } else { found });
        let cell = self.of_last_year(month, rate, planned.is_some(), levels)?;
        let most = (BEYOND * self.largest).max(cell.base);
        let bounded = planned.is_none() && cell.base * (1.0 + rate) > most;
        Some(if bounded { Cell { growth: most / cell.base - 1.0, ..cell } } else { cell })
    }

    /// Last year's same month (or pair) with a growth rate.
    fn of_last_year(&self, month: Month, rate: f64, planned: bool, levels: &[f64]) -> Option<Cell> {
        let n = self.demand.len();
        let at = |t: i32| -> Option<f64> {
            let t = usize::try_from(t).ok().filter(|t| *t >= self.start)?;
            match planned {
                _ if t >= n => levels.get(t - n).copied(),
                true => Some(self.demand[t]),
                false => Some(self.like_today(t, rate)),
            }
        };
        let before = self.known.index(month) - 12;
        let same = at(before)?;
        let calendar = &self.known.data.calendar;
        let cell = Cell { rule: Rule::SameMonth, base: same, growth: rate, planned, ..Cell::default() };
        let Some(other) = calendar.pair(month) else {
            let days = self.known.data.days_over_last_year(n, month);
            return Some(Cell { base: same * days, ..cell });
        };
        let Some(other_before) = at(before + other.since(month)) else { return Some(cell) };
        let (days, other_days) = (calendar.selling_days(month), calendar.selling_days(other));
        if days + other_days <= 0.0 {
            return Some(cell);
        }
        let share = days / (days + other_days);
        Some(Cell { rule: Rule::Pair(share), base: (same + other_before) * share, ..cell })
    }

    /// The mean of the last three months, of as many as there are since the first sale.
    fn recent(&self) -> Cell {
        let n = self.clean.len();
        let from = n.saturating_sub(RECENT).max(self.start);
        let count = n - from;
        if count == 0 {
            return Cell::default();
        }
        let mean = self.clean[from..].iter().sum::<f64>() / count as f64;
        Cell { rule: Rule::Recent(count), base: mean, ..Cell::default() }
    }
}
