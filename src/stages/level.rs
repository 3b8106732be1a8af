//! The level of each region and group in each month ahead (R9): last year's same month, clean, times growth; planned
//! events on top. Where New Year moves between January and February, the two are taken as a pair and split by the
//! selling days outside of its window.
//!
//! With under 13 months of history the target's month is the level, and where there is none the mean of the last
//! three months.

use ndarray::Array2;

use super::Parameters;
use super::base::Base;
use super::growth::{Growth, planned};
use super::target::RegionTargets;
use crate::dataset::Known;
use crate::error::Place;
use crate::grid::Scope;
use crate::month::Month;
use crate::settings::LevelSource;

/// Months of history that a level from last year's same month takes.
pub const YEAR_AND_ONE: usize = 13;
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
    /// What growth applies to: clean demand of last year (of the pair times its share), in units; a planner's own rate
    /// applies to the demand as it was.
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

/// Levels, cell x month ahead.
#[derive(Clone, Debug)]
pub struct Level {
    /// Months ahead, from the one after the cutoff to the end of the next fiscal year.
    pub months: Vec<Month>,
    /// Cell x month ahead.
    pub cells: Array2<Cell>,
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

/// The months a run looks ahead: to the end of the fiscal year after the one in which it is made (and of the year in
/// which lag 2 lies).
pub fn horizon(known: &Known) -> Vec<Month> {
    let first = known.origin.cutoff.plus(1);
    let data = known.data;
    let year = (data.fiscal_year(known.origin.made) + 1).max(data.fiscal_year(known.origin.made.plus(2)));
    let end = Month::fiscal_start(year + 1, data.settings.fiscal.start);
    (0..end.since(first)).map(|h| first.plus(h)).collect()
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
    let mut sums = Sums::new(known, base);
    for cell in 0..grid.cell_count() {
        let (leaf, group) = grid.cell_key(cell);
        sums.load(cell);
        let node = grid.regions.node_of(leaf);
        let mut levels: Vec<f64> = Vec::with_capacity(months.len());
        for (h, &month) in months.iter().enumerate() {
            let target = targets.units(known, cell, month);
            let mut out = match (parameters.source, target) {
                (LevelSource::Target, Some(units)) => target_cell(units),
                _ => {
                    let row = planned(known, node, Scope::Group(group), month);
                    let rate = row.map_or(growth.cells[cell].used, |r| r.growth);
                    sums.history(month, rate, row.is_some(), &levels).unwrap_or_else(|| match target {
                        Some(units) => target_cell(units),
                        None => sums.recent(),
                    })
                }
            };
            // A target already has the planned events in it.
            out.events = if out.rule == Rule::Target {
                1.0
            } else {
                events(known, leaf, Scope::Group(group), month).iter().map(|e| e.0).product()
            };
            let without_events = (out.base * (1.0 + out.growth)).max(0.0);
            (out.without_events, out.plain) = (without_events, out.rule);
            out.level = without_events * out.events;
            levels.push(without_events);
            cells[(cell, h)] = out;
        }
    }
    Level { months, cells }
}

fn target_cell(units: f64) -> Cell {
    Cell { rule: Rule::Target, base: units, ..Cell::default() }
}

/// Events planned for a month ahead that bear on all of a scope (or, for a product, on that product alone), each as
/// `1 + effect` with its place. A row for a product bears on the product, one for a group or for all on the level.
pub fn events(known: &Known, leaf: usize, scope: Scope, month: Month) -> Vec<(f64, Place)> {
    let regions = &known.data.grid.regions;
    let fits = |s: Scope| s == scope || (matches!(scope, Scope::Group(_)) && s == Scope::All);
    known
        .factors
        .iter()
        .filter(|f| (f.from..=f.to).contains(&month) && regions.leaves(f.node).contains(&leaf) && fits(f.scope))
        .filter_map(|f| f.effect.map(|e| (1.0 + e, f.place.clone())))
        .collect()
}

/// Month sums of one cell at a time.
struct Sums<'a, 'k, 'd> {
    known: &'a Known<'k>,
    base: &'a Base<'d>,
    demand: Vec<f64>,
    clean: Vec<f64>,
    /// First month with sales.
    start: usize,
}

impl<'a, 'k, 'd> Sums<'a, 'k, 'd> {
    fn new(known: &'a Known<'k>, base: &'a Base<'d>) -> Sums<'a, 'k, 'd> {
        let n = known.months();
        Sums { known, base, demand: vec![0.0; n], clean: vec![0.0; n], start: n }
    }

    fn load(&mut self, cell: usize) {
        self.demand.fill(0.0);
        self.clean.fill(0.0);
        let clean = self.base.clean();
        for s in self.known.data.grid.in_cell(cell) {
            self.demand.iter_mut().zip(self.base.demand.row(s)).for_each(|(sum, x)| *sum += x);
            self.clean.iter_mut().zip(clean.row(s)).for_each(|(sum, x)| *sum += x);
        }
        self.start = self.demand.iter().position(|x| *x > 0.0).unwrap_or(self.demand.len());
    }

    /// Last year's same month (or pair), where there are thirteen months of history. `levels` are this cell's levels
    /// of the months ahead so far, without planned events (a clean base): a year back from far ahead lies in them.
    fn history(&self, month: Month, rate: f64, planned: bool, levels: &[f64]) -> Option<Cell> {
        let n = self.demand.len();
        if n - self.start < YEAR_AND_ONE {
            return None;
        }
        let source = if planned { &self.demand } else { &self.clean };
        let at = |t: i32| -> Option<f64> {
            let t = usize::try_from(t).ok().filter(|t| *t >= self.start)?;
            source.get(t).or_else(|| levels.get(t - n)).copied()
        };
        let before = self.known.index(month) - 12;
        let same = at(before)?;
        let calendar = &self.known.data.calendar;
        let cell = Cell { rule: Rule::SameMonth, base: same, growth: rate, planned, ..Cell::default() };
        let other = match month.number() {
            1 if calendar.pairs_new_year() => 1,
            2 if calendar.pairs_new_year() => -1,
            _ => return Some(cell),
        };
        let Some(other_before) = at(before + other) else { return Some(cell) };
        let (days, other_days) = (calendar.selling_days(month), calendar.selling_days(month.plus(other)));
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
