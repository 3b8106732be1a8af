//! What is worth a planner's look, ranked by the units at stake: few numbers, and the most important first.
//!
//! | kind | listed where | units at stake |
//! |---|---|---|
//! | low month | every region sold a part of what was expected in the last month (`unusual`): before all others | expected less sold |
//! | not reported, odd, closed | a month counts otherwise than it was sold (`reception`): before all others | expected less sold |
//! | low product, high region | the last month is far off its own past, and nothing in the folder says why (`unusual`) | sales less expected |
//! | changed | this version lies outside the 80% interval issued with the last one | the change |
//! | missed | last month's sales lie outside the 95% interval issued for it | sales less forecast |
//! | bias | the tracking signal of the issued forecasts at lag 1 is out of its limits | the mean error |
//! | front line | their number lies outside the 80% interval of ours | theirs less ours |
//! | target | the month's target lies above the 80% interval; the year's is met in under one of five cases | what is short |
//! | stockout | a tenth or more of last month's demand found no goods (R10's share) | demand less sales |
//! | unsold | a product is forecast that no region has sold for longer than chance would have it (`unusual`) | its forecast of the next month |
//! | no forecast | a product on the range is not forecast in a region, or its launch slipped | what it used to sell, or would have sold, in a month |
//!
//! Where there is no interval a fifth of the number stands for it (`[exceptions] change`), and for a year's target .95 of
//! it (`[exceptions] target`). What was issued is compared
//! with sales as sales: pushed through the month's availability.

mod unusual;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::changes::{Change, Since};
use crate::dataset::Known;
use crate::dataset::ledger::{Issue, IssuedMonth, Step};
use crate::figures::Figures;
use crate::fit::LONGEST;
use crate::grid::{COMPANY, Grid, Scope};
use crate::ledger::{as_sales, passed};
use crate::month::Month;
use crate::outlook::Outlook;
use crate::stages::interval;
use crate::stages::level::Rule;
use crate::stages::lifecycle::Event;
use crate::stages::mix::is_alive;
use crate::stages::reception::{Finding, Mark};
use crate::stages::revision::Step as Revised;
use crate::stats::student::t80;
use crate::stats::tracking::{self, Signal};

pub use unusual::Unusual;

/// Less than this part of a number is rounding of sums.
const SAME: f64 = 1e-9;
/// A year's target that is met less often is out of reach.
const UNLIKELY: f64 = 0.2;
/// Months whose mean says what a product used to sell.
const YEAR: usize = 12;

/// One number to look at.
#[derive(Clone, Debug)]
pub struct Exception {
    /// What is the matter.
    pub kind: Kind,
    /// Region node.
    pub node: usize,
    /// Products meant.
    pub scope: Scope,
    /// The month meant; of a fiscal year its last one.
    pub month: Month,
    /// Units at stake.
    pub units: f64,
    /// The number that stands out, in units (of [`Kind::Bias`] the signal).
    pub found: f64,
    /// What it is compared with, in the same unit.
    pub against: Option<f64>,
    /// Within which it would be nothing to look at; none where a share decides.
    pub within: Option<(f64, f64)>,
}

/// What is the matter.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A month that does not count as it was sold.
    Received(Finding),
    /// The last month is far off, and nothing in the folder says why; it counts as it was sold.
    Unusual(Unusual),
    /// A forecast changed since its last version, for these causes.
    Changed(Change),
    /// Last month's sales lie outside the interval issued in this month made.
    Missed(Month),
    /// Forecasts that miss on one side, over so many months.
    Bias(usize),
    /// The front line is far from us: who, and where it stands.
    FrontLine(String, String),
    /// A month's target is out of reach.
    MonthTarget,
    /// A fiscal year's target is out of reach: the year, and how likely it is met all the same, from the bounds of the sum
    /// of its months to come; none where no past errors reach that far.
    YearTarget(i32, Option<f64>),
    /// Sales hide demand.
    Stockout,
    /// Forecast, though nobody has bought it since this month, far longer than chance would have it.
    Unsold(Month),
    /// No forecast is possible.
    NoForecast(Reason),
}

/// Why a product on the range is not forecast in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Last sold there over a year ago.
    LastSold(Month),
    /// Never sold there, and no longer new.
    NeverSold,
    /// Nothing of its group was ever sold there: no level to take a share of.
    NoLevel,
    /// Its launch date passed without a sale in a closed month.
    Slipped(NaiveDate),
}

impl Kind {
    /// The word for programs.
    pub fn word(&self) -> &'static str {
        match self {
            Kind::Received(finding) => finding.kind.word(),
            Kind::Unusual(of) => of.word(),
            Kind::Changed(_) => "changed",
            Kind::Missed(_) => "missed",
            Kind::Bias(_) => "bias",
            Kind::FrontLine(..) => "front_line",
            Kind::MonthTarget => "month_target",
            Kind::YearTarget(..) => "year_target",
            Kind::Stockout => "stockout",
            Kind::Unsold(_) => "unsold",
            Kind::NoForecast(_) => "no_forecast",
        }
    }
}

impl Kind {
    /// What rows of several regions and months say together; empty where each is a matter of its own.
    fn concern(&self) -> &'static str {
        match self {
            Kind::MonthTarget | Kind::YearTarget(..) => "target",
            Kind::NoForecast(_) => "no_forecast",
            Kind::Received(finding) if finding.kind == Mark::NotReported => "not_reported",
            _ => "",
        }
    }
}

/// Finds them, the most units at stake first; of equally many the order of the list above, of the tree and of the months.
pub fn find(outlook: &Outlook, known: &Known, figures: &Figures, changes: &[Option<Since>]) -> Vec<Exception> {
    let finder = Finder { outlook, known, figures, grid: &outlook.dataset.grid };
    let mut out = finder.changed(changes);
    out.extend(finder.missed());
    out.extend(finder.bias());
    out.extend(finder.front_line());
    out.extend(finder.month_targets());
    out.extend(finder.year_targets());
    out.extend(finder.stockouts());
    out.extend(finder.slipped());
    out.extend(finder.unsold());
    out.extend(finder.no_forecast());
    let (mut all, unusual): (Vec<_>, Vec<_>) =
        finder.unusual().into_iter().partition(|one| one.kind == Kind::Unusual(Unusual::Month));
    out.extend(unusual);
    out.sort_by(|a, b| b.units.total_cmp(&a.units));
    all.extend(finder.received());
    all.extend(out);
    all
}

/// One problem: what stands for it, and the rows that say the same of other regions and months.
#[derive(Clone, Debug)]
pub struct Concern<'a> {
    /// The first of its rows as ranked.
    pub head: &'a Exception,
    /// The others.
    pub others: Vec<&'a Exception>,
}

/// The rows as problems, in the order of the first of each: targets out of reach of one group, over all regions and months,
/// and a month that was not reported, over all regions; any other row is one of its own.
pub fn concerns(all: &[Exception]) -> Vec<Concern<'_>> {
    let mut out: Vec<Concern> = Vec::new();
    let mut first: BTreeMap<_, usize> = BTreeMap::new();
    for one in all {
        let of = one.kind.concern();
        let at = match of {
            "" => out.len(),
            _ => *first.entry((of, one.scope, (of == "not_reported").then_some(one.month))).or_insert(out.len()),
        };
        match out.get_mut(at) {
            Some(concern) => concern.others.push(one),
            None => out.push(Concern { head: one, others: Vec::new() }),
        }
    }
    out
}

/// The ones that a page shows: at most `most`, of each kind first at most `each`; as ranked.
pub fn first<'a>(all: &[Concern<'a>], most: usize, each: usize) -> Vec<Concern<'a>> {
    let mut of_kind: BTreeMap<&str, usize> = BTreeMap::new();
    let rank = |(i, one): (usize, &Concern)| {
        let count = of_kind.entry(one.head.kind.word()).or_default();
        *count += 1;
        (*count > each, i)
    };
    let mut order: Vec<(bool, usize)> = all.iter().enumerate().map(rank).collect();
    order.sort_unstable();
    order.truncate(most);
    order.sort_unstable_by_key(|(_, i)| *i);
    order.into_iter().filter_map(|(_, i)| all.get(i).cloned()).collect()
}

struct Finder<'a, 'k> {
    outlook: &'a Outlook,
    known: &'a Known<'k>,
    figures: &'a Figures,
    grid: &'a Grid,
}

/// The months to come of a fiscal year, as their sum.
struct Rest {
    spread: interval::Month,
    /// Forecast, by series, in units.
    units: Vec<f64>,
    /// Past sums that do not overlap.
    sums: usize,
}

impl Rest {
    /// Probability that a node's group sells at least `short` more than is forecast.
    fn reaches(&self, grid: &Grid, (node, group): (usize, usize), short: f64) -> Option<f64> {
        let forecast = grid.in_scope(node, Scope::Group(group)).iter().map(|s| self.units[*s]).sum();
        // Few past sums that do not overlap: their spread is itself a guess, as Student's t says of normal errors.
        let wider = t80(self.sums.max(1)).zip(t80(usize::MAX)).map_or(1.0, |(few, many)| few / many);
        self.spread.reaches(forecast, grid, (node, group), short / wider)
    }
}

/// Whether a number lies outside an interval, or, without one, further than a share of `of` away from it.
fn is_far(x: f64, of: f64, within: Option<(f64, f64)>, share: f64) -> bool {
    match within {
        Some((low, high)) => {
            let slack = SAME * x.abs().max(1.0);
            x < low - slack || x > high + slack
        }
        None => (x - of).abs() > share * of.abs() + SAME,
    }
}

impl<'k> Finder<'_, 'k> {
    fn share(&self) -> f64 {
        self.outlook.dataset.settings.exceptions.change
    }

    fn key(&self, series: usize) -> (usize, Scope) {
        let of = self.grid.series[series];
        (self.grid.regions.node_of(of.leaf), Scope::Product(of.product))
    }

    /// What came in otherwise than expected: first who has not reported, then what is odd and what was closed, newest first.
    fn received(&self) -> Vec<Exception> {
        let of = |finding: &Finding| Exception {
            node: finding.node,
            scope: finding.scope,
            month: self.outlook.dataset.month(finding.month),
            units: (finding.expected - finding.value).abs(),
            found: finding.value,
            against: Some(finding.expected),
            within: None,
            kind: Kind::Received(finding.clone()),
        };
        let mut findings: Vec<&Finding> = self.outlook.point.reception.findings.iter().collect();
        let apart = |f: &Finding| (f.expected - f.value).abs();
        findings.sort_by(|a, b| {
            let order = (a.kind, b.month).cmp(&(b.kind, a.month));
            order.then_with(|| apart(b).total_cmp(&apart(a)))
        });
        findings.into_iter().map(of).collect()
    }

    fn changed(&self, changes: &[Option<Since>]) -> Vec<Exception> {
        let mut out = Vec::new();
        for since in changes.iter().flatten() {
            for (s, change) in since.series.iter().enumerate() {
                let within = bounds(since.month, s).map(|[low, high, ..]| (low, high));
                if change.units().abs() > SAME && is_far(change.now, change.last, within, self.share()) {
                    let (node, scope) = self.key(s);
                    out.push(Exception {
                        kind: Kind::Changed(*change),
                        node,
                        scope,
                        month: since.month.month,
                        units: change.units().abs(),
                        found: change.now,
                        against: Some(change.last),
                        within,
                    });
                }
            }
        }
        out
    }

    /// The last complete month as it was last issued beforehand.
    fn last_issued(&self) -> Option<(&'k Issue, &'k IssuedMonth)> {
        let cutoff = self.known.origin.cutoff;
        let issued = |m: &&IssuedMonth| m.month == cutoff && m.lag >= 1 && m.bounds.is_some();
        let newest_first = self.known.ledger.iter().copied().rev();
        newest_first.filter_map(|issue| Some((issue, issue.months.iter().find(issued)?))).next()
    }

    fn missed(&self) -> Vec<Exception> {
        let (Some((issue, month)), Some(last)) = (self.last_issued(), self.known.months().checked_sub(1)) else {
            return Vec::new();
        };
        let issued = month.after(Step::Final);
        let sold_as = as_sales(self.known, last, issued, self.outlook.parameters());
        let mut out = Vec::new();
        for (s, (&demand, &forecast)) in issued.iter().zip(&sold_as).enumerate() {
            let Some([_, _, low, high]) = bounds(month, s) else { continue };
            let reached = if demand > 0.0 { forecast / demand } else { 1.0 };
            let within = Some((low * reached, high * reached));
            let found = self.known.units[(s, last)];
            if is_far(found, forecast, within, 0.0) {
                let (node, scope) = self.key(s);
                let units = (found - forecast).abs();
                let (kind, month) = (Kind::Missed(issue.made), month.month);
                out.push(Exception { kind, node, scope, month, units, found, against: Some(forecast), within });
            }
        }
        out
    }

    /// Regions and groups whose forecasts, one month ahead, keep missing on one side.
    fn bias(&self) -> Vec<Exception> {
        let mode = self.known.origin.mode;
        let mut errors: Vec<Vec<f64>> = vec![Vec::new(); self.grid.cell_count()];
        for month in passed(self.known).iter().filter(|p| p.issue.mode == mode && p.month.lag == 1) {
            let issued = month.month.after(Step::Final);
            let forecast = as_sales(self.known, month.index, issued, self.outlook.parameters());
            for (cell, errors) in errors.iter_mut().enumerate() {
                let missed = self.grid.in_cell(cell).filter(|s| month.month.issued.get(*s) == Some(&true));
                let missed: Vec<f64> = missed.map(|s| forecast[s] - month.sold[s]).collect();
                if !missed.is_empty() {
                    errors.push(missed.iter().sum());
                }
            }
        }
        let mut out = Vec::new();
        for (cell, errors) in errors.iter().enumerate() {
            let Some(signal) = tracking::signal(errors).filter(Signal::is_out) else { continue };
            let (leaf, group) = self.grid.cell_key(cell);
            let months = errors.len().min(tracking::WINDOW);
            let mean = errors.iter().rev().take(months).sum::<f64>() / months as f64;
            out.push(Exception {
                kind: Kind::Bias(months),
                node: self.grid.regions.node_of(leaf),
                scope: Scope::Group(group),
                month: self.known.origin.cutoff,
                units: mean.abs(),
                found: signal.value,
                against: None,
                within: Some((-signal.limit, signal.limit)),
            });
        }
        out
    }

    /// The 80% interval of our own number at a node and scope: of one series, or of a node's group.
    fn interval(&self, (node, scope): (usize, Scope), k: usize, ours: f64) -> Option<(f64, f64)> {
        let spread = self.outlook.spreads.get(k)?.as_ref()?;
        let bounds = match (self.grid.in_scope(node, scope).as_slice(), scope, self.grid.group_count()) {
            (&[series], ..) => Some(spread.bounds(ours, series)),
            (_, Scope::Group(group), _) => spread.of_node(ours, self.grid, node, group),
            (_, Scope::All, 1) => spread.of_node(ours, self.grid, node, 0),
            _ => None,
        };
        bounds.map(|[low, high, ..]| (low, high))
    }

    fn front_line(&self) -> Vec<Exception> {
        let mut out = Vec::new();
        for change in &self.outlook.point.revision.changes {
            let (Revised::Frontline, Some(&month)) = (change.step, self.outlook.months().get(change.month)) else {
                continue;
            };
            let (node, scope) = (change.node, change.scope);
            let within = self.interval((node, scope), change.month, change.before);
            if is_far(change.given, change.before, within, self.share()) {
                let mut who: Vec<&str> = change.answers.iter().map(|(by, ..)| by.as_str()).collect();
                who.dedup();
                let place = change.answers.first().map(|(.., place)| place.to_string()).unwrap_or_default();
                out.push(Exception {
                    kind: Kind::FrontLine(who.join(", "), place),
                    node,
                    scope,
                    month,
                    units: (change.given - change.before).abs(),
                    found: change.given,
                    against: Some(change.before),
                    within,
                });
            }
        }
        out
    }

    fn month_targets(&self) -> Vec<Exception> {
        let share = self.outlook.dataset.settings.exceptions.target;
        let mut out = Vec::new();
        for row in &self.figures.rows {
            // Where a region below has no target the sum of targets says nothing of the whole.
            let (Some(target), Some(attained)) = (row.target, row.attainment) else { continue };
            let bounds = self.outlook.node_bounds(row.node, row.group, row.month, (row.exact, row.forecast));
            let within = bounds.map(|[low, high, ..]| (low, high));
            let out_of_reach = match within {
                Some((_, high)) => target > high * (1.0 + SAME),
                None => attained < share,
            };
            if let Some(&month) = self.outlook.months().get(row.month).filter(|_| out_of_reach) {
                let (kind, node, scope) = (Kind::MonthTarget, row.node, Scope::Group(row.group));
                let (units, found, against) = (target - row.exact, row.exact, Some(target));
                out.push(Exception { kind, node, scope, month, units, found, against, within });
            }
        }
        out
    }

    fn year_targets(&self) -> Vec<Exception> {
        let settings = &self.outlook.dataset.settings;
        let mut out: Vec<Exception> = Vec::new();
        let mut before = None;
        let mut years: BTreeMap<i32, Option<Rest>> = BTreeMap::new();
        for row in &self.figures.rows {
            // Several months forecast lie in one year.
            if before.replace((row.node, row.group, row.year)) == Some((row.node, row.group, row.year)) {
                continue;
            }
            let (Some(target), Some(gap)) = (row.year_target, row.gap) else { continue };
            let rest = years.entry(row.year).or_insert_with(|| self.rest_of(row.year));
            let likely = rest.as_ref().and_then(|rest| rest.reaches(self.grid, (row.node, row.group), -gap));
            let is_out = likely.map_or(row.year_outlook < settings.exceptions.target * target, |p| p < UNLIKELY);
            if is_out && gap < 0.0 {
                out.push(Exception {
                    kind: Kind::YearTarget(row.year, likely),
                    node: row.node,
                    scope: Scope::Group(row.group),
                    month: Month::fiscal_start(row.year + 1, settings.fiscal.start).plus(-1),
                    units: -gap,
                    found: row.year_outlook,
                    against: Some(target),
                    within: None,
                });
            }
        }
        out
    }

    /// The months to come of a fiscal year; none where past errors do not reach to its end.
    fn rest_of(&self, year: i32) -> Option<Rest> {
        let (outlook, grid) = (self.outlook, self.grid);
        let settings = &outlook.dataset.settings;
        let horizon = outlook.horizon();
        let end = Month::fiscal_start(year + 1, settings.fiscal.start);
        let begin = Month::fiscal_start(year, settings.fiscal.start);
        let months = usize::try_from(end.since(outlook.origin.cutoff.plus(1))).ok().filter(|n| *n <= LONGEST)?;
        let errors =
            outlook.fit.past.errors_beyond(months, true, outlook.fit.gate.used_beyond(), outlook.fit.whole.clone());
        let of_year = |month: &Month| (begin..end).contains(month);
        let units = |s: usize| -> f64 {
            let month = |(k, _): (usize, &Month)| outlook.ahead(s, k).0;
            horizon.months.iter().enumerate().filter(|(_, m)| of_year(m)).map(month).sum()
        };
        let begun = self.known.seen_by_series();
        let units: Vec<f64> = (0..grid.series.len()).map(units).collect();
        let today: Vec<Option<f64>> = units.iter().zip(begun).map(|(x, begun)| begun.then_some(*x)).collect();
        let sums = errors.origins() / months.max(1);
        Some(Rest { spread: interval::Month::learn(&errors, &today, grid, 1.0)?, units, sums })
    }

    fn stockouts(&self) -> Vec<Exception> {
        let Some(last) = self.known.months().checked_sub(1) else { return Vec::new() };
        let share = self.outlook.dataset.settings.mix.recovered_share;
        let demand = self.outlook.point.demand(self.known);
        let demand = demand.column(last);
        let received = self.outlook.point.reception.units(self.known);
        let sales = received.column(last);
        let mut out = Vec::new();
        for (s, (&demand, &sold)) in demand.iter().zip(sales).enumerate() {
            let units = demand - sold;
            if units > SAME && units >= share * demand {
                let ((node, scope), month) = (self.key(s), self.known.origin.cutoff);
                let (kind, found, against) = (Kind::Stockout, sold, Some(demand));
                out.push(Exception { kind, node, scope, month, units, found, against, within: None });
            }
        }
        out
    }

    /// Products whose launch did not happen, each with what the first month forecast would have been.
    fn slipped(&self) -> Vec<Exception> {
        let baseline = &self.outlook.point.baseline;
        let mut found: BTreeMap<usize, (NaiveDate, f64)> = BTreeMap::new();
        for note in baseline.notes.iter().filter(|note| note.month == 0) {
            let Event::Slipped { launch, share } = note.event else { continue };
            let (of, month) = (self.grid.series[note.series], self.outlook.months()[0]);
            let level = self.outlook.point.level.get(self.grid.cell(of.leaf, of.group), month);
            found.entry(of.product).or_insert((launch, 0.0)).1 += level.map_or(0.0, |cell| cell.level) * share;
        }
        let of = |(product, (launch, units)): (usize, (NaiveDate, f64))| Exception {
            kind: Kind::NoForecast(Reason::Slipped(launch)),
            node: COMPANY,
            scope: Scope::Product(product),
            month: self.outlook.months()[0],
            units,
            found: 0.0,
            against: Some(units),
            within: None,
        };
        found.into_iter().map(of).collect()
    }

    /// Products that somebody sells and that are not forecast in a region where they are expected.
    fn no_forecast(&self) -> Vec<Exception> {
        let Some(&month) = self.outlook.months().first() else { return Vec::new() };
        let mut sold = vec![false; self.grid.products.len()];
        let alive = |s: &usize| is_alive(self.known, *s);
        (0..self.grid.series.len()).filter(alive).for_each(|s| sold[self.grid.series[s].product] = true);
        let mut out = Vec::new();
        for (s, of) in self.grid.series.iter().enumerate() {
            if self.outlook.is_off(self.known, s, month) {
                continue;
            }
            let level = self.outlook.point.level.get(self.grid.cell(of.leaf, of.group), month);
            let nothing = level.is_none_or(|c| c.rule == Rule::Nothing) && self.outlook.point.units.row(s).sum() == 0.0;
            let reason = match self.last_sold(s) {
                _ if self.figures.is_forecast[s] => nothing.then_some(Reason::NoLevel),
                Some(last) => sold[of.product].then(|| Reason::LastSold(self.outlook.dataset.month(last))),
                None => sold[of.product].then_some(Reason::NeverSold),
            };
            let Some(reason) = reason else { continue };
            let until = self.last_sold(s).map_or(0, |last| last + 1);
            let from = until.saturating_sub(YEAR);
            let before: f64 = (from..until).map(|t| self.known.units[(s, t)]).sum();
            let units = before.max(0.0) / (until - from).max(1) as f64;
            let (node, scope) = self.key(s);
            let (kind, found) = (Kind::NoForecast(reason), 0.0);
            out.push(Exception { kind, node, scope, month, units, found, against: Some(units), within: None });
        }
        out
    }

    /// The last month index in which a series sold anything.
    fn last_sold(&self, series: usize) -> Option<usize> {
        (0..self.known.months()).rev().find(|t| self.known.units[(series, *t)] > 0.0)
    }
}

/// The bounds issued for a series; none where it had none.
fn bounds(month: &IssuedMonth, series: usize) -> Option<[f64; 4]> {
    let bounds = *month.bounds.as_ref()?.get(series)?;
    // A series without bounds has its forecast in their place.
    let [_, _, low, high] = bounds;
    (low < high).then_some(bounds)
}
