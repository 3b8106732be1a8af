//! What the last complete month was like where nothing in the folder says why: a month that is low everywhere, a product
//! that is low in every region, a region that sold far over its own forecast. Nobody can know whether it was incomplete,
//! out of stock or pushed into the channel, so no number changes; somebody can say.
//!
//! ```text
//! month      m_t = median log movement of all series against the median of their three months before
//! product    r_t = ln(product's units / units of the other products of its group), all regions
//! region     ln(sold / what the plain rule would have said of the month), by region and group
//! miss_t     distance to the nearest of what was expected: of the three months before, of the month before, of last year
//! reach      t quantile x root mean square of the misses of all earlier months x sqrt(1 + 1/n)
//! ```
//! A miss beyond the reach is named where chance alone would bring such a notice once in five years ([`YEARS`]), all that
//! are looked at taken together (Student 1908; Bonferroni), and where it is a third low at least ([`LEAST`]), or as far
//! over as a push of R11 is (`[attainment] push`).

use super::{Exception, Finder, Kind};
use crate::dataset::moved::{BEFORE, BINS, bin, median, median3, offset};
use crate::dataset::reported::State;
use crate::dataset::{Factor, Known};
use crate::grid::{COMPANY, Scope};
use crate::month::Month;
use crate::stages::base::by_itself;
use crate::stages::channel;
use crate::stats::student::upper;

/// Chance alone brings one notice in so many years.
const YEARS: f64 = 5.0;
const YEAR: usize = 12;
/// Earlier misses from which a reach can be told: a year of them, so that a season has shown.
const LEAST_MISSES: usize = 12;
/// A third less than expected, as a ratio: what is less is no matter for a planner.
const LEAST: f64 = 1.5;
/// Everywhere is where so much of the weight is.
const WIDE: f64 = 0.75;
/// Fewer whole units a month than this tell nothing of a product.
const LEAST_UNITS: f64 = 25.0;

/// What stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusual {
    /// Every region sold a part of what was expected: the month may not be complete.
    Month,
    /// A product sold a part of what was expected in every region: it may have been out of stock.
    Product,
    /// A region sold more than its own forecast: goods may have been pushed into the channel, or bought ahead.
    Region,
    /// Last year's month of one that is forecast was far off the months around it in every region, and these were not: it
    /// may be there twice, or in part.
    Base,
}

impl Unusual {
    /// The word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Unusual::Month => "low_month",
            Unusual::Product => "low_product",
            Unusual::Region => "high_region",
            Unusual::Base => "odd_base",
        }
    }
}

/// Misses of one thing by month: of the earlier ones, and of the last.
struct Misses {
    before: Vec<f64>,
    last: f64,
}

impl Misses {
    /// Of logs by month with a season: how far each lies beyond all that was expected of it.
    fn of_logs(logs: &[Option<f64>]) -> Option<Misses> {
        let mut out: Vec<f64> = Vec::with_capacity(logs.len());
        for t in BEFORE..logs.len() {
            let Some(x) = logs[t] else { continue };
            let recent = |t: usize| Some(median3(logs[t - 1]?, logs[t - 2]?, logs[t - 3]?));
            let Some(now) = recent(t) else { continue };
            let year_ago = t.checked_sub(YEAR).filter(|then| *then >= BEFORE);
            let season = year_ago.and_then(|then| Some(now + logs[then]? - recent(then)?));
            let expected = [Some(now), logs[t - 1], t.checked_sub(YEAR).and_then(|then| logs[then]), season];
            out.push(nearest(expected.into_iter().flatten().map(|e| x - e)));
        }
        let last = out.pop().filter(|_| logs.last().is_some_and(Option::is_some))?;
        Some(Misses { before: out, last })
    }

    /// Whether the last one is `least` times at least, and beyond what the earlier ones reach, of `many` that are looked at.
    fn is_beyond(&self, least: f64, many: usize) -> bool {
        let n = self.before.len();
        if n < LEAST_MISSES || self.last.abs() < least.ln() {
            return false;
        }
        let square = self.before.iter().map(|x| x * x).sum::<f64>() / n as f64;
        let chance = 1.0 / (YEARS * YEAR as f64 * many.max(1) as f64);
        self.last.abs() > upper(n, chance) * (square * (1.0 + 1.0 / n as f64)).sqrt()
    }
}

/// The miss that is nearest to 0; 0 where they lie on both sides.
fn nearest(misses: impl Iterator<Item = f64>) -> f64 {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    misses.for_each(|x| (low, high) = (low.min(x), high.max(x)));
    if low > 0.0 && low.is_finite() {
        low
    } else if high < 0.0 && high.is_finite() {
        high
    } else {
        0.0
    }
}

impl Finder<'_, '_> {
    /// What stands out: last year's months of those forecast; the last complete month, whole, else by product and region.
    pub(super) fn unusual(&self) -> Vec<Exception> {
        let (known, Some(last)) = (self.known, self.known.months().checked_sub(1)) else { return Vec::new() };
        let mut out = self.odd_bases(last);
        // Of a last month that somebody has not reported nothing more can be told.
        if known.data.moved().counts[(0, last)] > 0.0 {
            return out;
        }
        if let Some(month) = self.low_month(last) {
            out.push(month);
            return out;
        }
        out.extend(self.low_products(last));
        out.extend(self.high_regions(last));
        out
    }

    fn stands_out(&self, of: Unusual, (node, scope): (usize, Scope), found: f64, expected: f64) -> Exception {
        let (kind, month) = (Kind::Unusual(of), self.known.origin.cutoff);
        let units = (expected - found).abs();
        Exception { kind, node, scope, month, units, found, against: Some(expected), within: None }
    }

    /// How far everything moved into each month beyond what the same months a year before did (and `after`, too), by month;
    /// none where little sold.
    fn movements(&self, last: usize, after: bool) -> Vec<Option<f64>> {
        let all: Vec<Option<f64>> = (0..=last).map(|t| median(&self.bins(t))).collect();
        let beyond = |t: usize| {
            let m = all[t].filter(|_| t >= BEFORE)?;
            // A feast that moves: other years' months around this one.
            let around = [YEAR - 1, YEAR, YEAR + 1];
            let years = around.into_iter().flat_map(|k| [t.checked_sub(k), after.then_some(t + k)]);
            let seasons = years.flatten().filter_map(|then| all.get(then).copied().flatten());
            Some(nearest(seasons.chain([0.0]).map(|e| m - e)))
        };
        (0..=last).map(beyond).collect()
    }

    /// Roots of levels of the series that moved so far, by bin.
    fn bins(&self, t: usize) -> [f64; BINS] {
        std::array::from_fn(|b| self.known.data.moved().bins[(t, b)])
    }

    /// Whether three quarters of the weight moved half as far at least.
    fn is_everywhere(&self, t: usize, beyond: f64) -> bool {
        let bins = self.bins(t);
        let Some(m) = median(&bins) else { return false };
        // In which bin a series would be that moved half as far off.
        let half = bin(m - beyond / 2.0);
        let far = if beyond < 0.0 { &bins[..half] } else { &bins[half + 1..] };
        far.iter().sum::<f64>() >= WIDE * bins.iter().sum::<f64>()
    }

    /// Whether somebody has said what happened in a month to the whole company.
    fn is_told_of_all(&self, month: Month) -> bool {
        let covers = |f: &&Factor| (f.from..=f.to).contains(&month) && f.node == COMPANY && f.scope == Scope::All;
        self.known.factors.iter().any(covers)
    }

    /// Every series low at once.
    fn low_month(&self, last: usize) -> Option<Exception> {
        let (known, data) = (self.known, self.known.data);
        let mut leaves = 0..self.grid.regions.leaf_count();
        let said = leaves.all(|leaf| data.reported.says(leaf, last) == Some(State::Complete));
        if said || self.is_told_of_all(known.origin.cutoff) {
            return None;
        }
        let mut beyond = self.movements(last, false);
        let least = beyond.pop().flatten()?;
        let misses = Misses { before: beyond.into_iter().flatten().collect(), last: least };
        if least >= 0.0 || !misses.is_beyond(LEAST, 1) || !self.is_everywhere(last, least) {
            return None;
        }
        let found: f64 = known.units.column(last).sum();
        Some(self.stands_out(Unusual::Month, (COMPANY, Scope::All), found, found * (-least).exp()))
    }

    /// Last year's months of those forecast that were far off, and not as the month before or after them, which is a change
    /// of level.
    fn odd_bases(&self, last: usize) -> Vec<Exception> {
        let known = self.known;
        let beyond = self.movements(last, true);
        let targets = known.origin.targets();
        let bases: Vec<usize> = targets.iter().filter_map(|m| known.visible_index(m.plus(-12))).collect();
        let mut out = Vec::new();
        for &t in bases.iter().filter(|t| **t < last) {
            let (Some(log), month) = (beyond[t], known.data.month(t)) else { continue };
            // The month's own movement and those that are measured against it say nothing of chance.
            let others = (0..=last).filter(|u| !(t..=t + BEFORE).contains(u));
            let misses = Misses { before: others.filter_map(|u| beyond[u]).collect(), last: log };
            // Where New Year moves between them January and February say nothing alone.
            let pair = known.data.calendar.pair(month).is_some();
            // A change of level shows in two months running, until it is in the median of three.
            let moved_too = |u: usize| beyond[u].is_none_or(|other| other * log.signum() > log.abs() / 2.0);
            let goes_on = moved_too(t - 1) || moved_too(t + 1);
            if pair || goes_on || !misses.is_beyond(LEAST, bases.len()) || self.is_told_of_all(month) {
                continue;
            }
            let (found, counts) =
                (known.units.column(t).sum(), self.outlook.point.reception.units(known).column(t).sum());
            // What was received as odd is named, and counts as expected.
            if self.is_everywhere(t, log) && found == counts {
                let one = self.stands_out(Unusual::Base, (COMPANY, Scope::All), found, found * (-log).exp());
                out.push(Exception { month, ..one });
            }
        }
        out
    }

    /// Products that sold a part of what was expected in every region.
    fn low_products(&self, last: usize) -> Vec<Exception> {
        let (known, grid) = (self.known, self.grid);
        let units = &known.data.moved().products;
        let mut groups = ndarray::Array2::<f64>::zeros((grid.group_count(), last + 1));
        for (product, &group) in grid.products.group.iter().enumerate() {
            groups.row_mut(group).iter_mut().zip(units.row(product)).for_each(|(sum, x)| *sum += x);
        }
        let sells = |p: &usize| last >= BEFORE && (1..=BEFORE).all(|back| units[(*p, last - back)] >= LEAST_UNITS);
        let candidates: Vec<usize> = (0..grid.products.len()).filter(sells).collect();
        let mut beside = vec![0; grid.group_count()];
        candidates.iter().for_each(|p| beside[grid.products.group[*p]] += 1);
        let mut out = Vec::new();
        for &product in &candidates {
            let group = grid.products.group[product];
            if beside[group] < 2 {
                continue;
            }
            let row = units.row(product);
            let share = |t: usize| -> Option<f64> {
                let rest = groups[(group, t)] - row[t];
                let half = offset(row[t].fract() == 0.0, row[t]);
                (rest > 0.0 && row[t] + half > 0.0).then(|| ((row[t] + half) / (rest + half)).ln())
            };
            let first = row.iter().position(|x| *x > 0.0).unwrap_or(last);
            let logs: Vec<Option<f64>> = (first..=last).map(share).collect();
            let Some(misses) = Misses::of_logs(&logs).filter(|m| m.last < 0.0) else { continue };
            // A promotion of the others makes its share small, not its sales.
            let usual = median3(row[last - 1], row[last - 2], row[last - 3]);
            if !misses.is_beyond(LEAST, candidates.len()) || row[last] * LEAST > usual {
                continue;
            }
            if self.is_wide(product, last, misses.last) && !self.is_told(product, last) {
                let half = offset(row[last].fract() == 0.0, row[last]);
                let expected = (row[last] + half) * (-misses.last).exp() - half;
                out.push(self.stands_out(Unusual::Product, (COMPANY, Scope::Product(product)), row[last], expected));
            }
        }
        out
    }

    /// Whether a product fell by half as far in regions that hold three quarters of it.
    fn is_wide(&self, product: usize, last: usize, log: f64) -> bool {
        let (mut all, mut low) = (0.0, 0.0);
        for s in (0..self.grid.regions.leaf_count()).filter_map(|leaf| self.grid.find(leaf, product)) {
            let row = self.known.units.row(s);
            let usual = median3(row[last - 1], row[last - 2], row[last - 3]);
            all += usual;
            low += if row[last] <= usual * (log / 2.0).exp() { usual } else { 0.0 };
        }
        all > 0.0 && low >= WIDE * all
    }

    /// Products that are forecast and that no region has sold of late: of a seller in so many of the twelve months before,
    /// chance alone would bring such a gap once in [`YEARS`].
    pub(super) fn unsold(&self) -> Vec<Exception> {
        let (known, grid) = (self.known, self.grid);
        let (all, Some(last)) = (&known.data.moved().products, known.months().checked_sub(1)) else {
            return Vec::new();
        };
        let chance = 1.0 / (YEARS * YEAR as f64 * grid.products.len().max(1) as f64);
        let mut out = Vec::new();
        for product in 0..grid.products.len() {
            let sold = |t: usize| all[(product, t)] > 0.0;
            let Some(end) = (0..=last).rev().find(|t| sold(*t)).filter(|end| *end < last) else { continue };
            let before = (end + 1).saturating_sub(YEAR)..end + 1;
            let (n, gap) = (before.len() as f64, (last - end) as i32);
            // Laplace's rule: half a month of each kind beside those seen.
            let idle = 1.0 - (before.filter(|t| sold(*t)).count() as f64 + 0.5) / (n + 1.0);
            let series = || (0..grid.regions.leaf_count()).filter_map(|leaf| grid.find(leaf, product));
            let forecast: f64 = series().map(|s| self.outlook.point.units[(s, 0)]).sum();
            if n >= YEAR as f64 && forecast > 0.0 && idle.powi(gap) < chance && !self.is_told(product, last) {
                out.push(Exception {
                    kind: Kind::Unsold(known.data.month(end)),
                    node: COMPANY,
                    scope: Scope::Product(product),
                    month: self.outlook.months()[0],
                    units: forecast,
                    found: forecast,
                    against: None,
                    within: None,
                });
            }
        }
        out
    }

    /// Whether somebody has said what happened to a product in a month: its stock, its end, its launch, an event.
    fn is_told(&self, product: usize, month: usize) -> bool {
        let known = self.known;
        let when = known.data.month(month);
        let series = || (0..self.grid.regions.leaf_count()).filter_map(|leaf| self.grid.find(leaf, product));
        let stock = known.availability.is_some_and(|a| series().any(|s| a[(s, month)] < 1.0));
        let out = known.was_out.is_some_and(|out| series().any(|s| out[(s, month)]));
        let retired = known.retire(product).is_some_and(|last| when >= last.plus(-1));
        let followed = (0..self.grid.products.len())
            .any(|p| known.replaces(p) == Some(product) && known.launch(p).is_some_and(|day| day <= when.last_day()));
        let event =
            known.factors.iter().any(|f| self.grid.covers(f.scope, product) && (f.from..=f.to.plus(1)).contains(&when));
        stock || out || retired || followed || event
    }

    /// Regions and groups without a count of their channel that sold far over what the plain rule would have said.
    fn high_regions(&self, last: usize) -> Vec<Exception> {
        let (known, grid) = (self.known, self.grid);
        let keys = channel::keys(known);
        // By a fifth is by a fifth, whatever the last bit of 1.2 says.
        let over = (1.0 + self.outlook.parameters().attainment.push) * (1.0 - 1e-12);
        let sold = self.outlook.point.reception.units(known);
        let looked_at = |cell: &usize| {
            let (leaf, group) = grid.cell_key(*cell);
            channel::counted(known, &keys, grid.regions.node_of(leaf), group).is_none()
                && grid.in_cell(*cell).map(|s| sold[(s, last)]).sum::<f64>() >= LEAST_UNITS
        };
        let cells: Vec<usize> = (0..grid.cell_count()).filter(looked_at).collect();
        let mut out = Vec::new();
        for &cell in &cells {
            let row: Vec<f64> = (0..=last).map(|t| grid.in_cell(cell).map(|s| sold[(s, t)]).sum()).collect();
            let (leaf, group) = grid.cell_key(cell);
            let (Some(expected), node) = (by_itself(known, &row, last), grid.regions.node_of(leaf)) else { continue };
            if row[last] < expected * over || self.has_reason(known, (leaf, group)) {
                continue;
            }
            let miss = |t: usize| {
                let expected = by_itself(known, &row, t).filter(|_| row[t] > 0.0)?;
                Some((row[t] / expected).ln())
            };
            let before = (0..last).filter_map(miss).collect();
            let misses = Misses { before, last: (row[last] / expected).ln() };
            if misses.is_beyond(over, cells.len()) {
                out.push(self.stands_out(Unusual::Region, (node, Scope::Group(group)), row[last], expected));
            }
        }
        out
    }

    /// Whether an event says why a region's group sold what it did in the last month.
    fn has_reason(&self, known: &Known, (leaf, group): (usize, usize)) -> bool {
        known.factors.iter().any(|f| {
            (f.from..=f.to).contains(&known.origin.cutoff)
                && self.grid.regions.leaves(f.node).contains(&leaf)
                && self.grid.groups_of(f.scope).contains(&group)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::LN_2;

    use super::*;

    #[test]
    fn a_miss_is_the_nearest_and_nothing_on_both_sides() {
        assert_eq!(nearest([0.5, 0.2, 0.9].into_iter()), 0.2);
        assert_eq!(nearest([-0.5, -0.2].into_iter()), -0.2);
        assert_eq!(nearest([-0.5, 0.2].into_iter()), 0.0);
        assert_eq!(nearest(std::iter::empty()), 0.0);
    }

    #[test]
    fn a_season_is_no_miss_and_a_half_is() {
        // Every December twice as much, with a little noise; the last month a half.
        let log = |t: usize| if t % 12 == 11 { LN_2 } else { 0.01 * (t as f64 * 1.7).sin() };
        let mut logs: Vec<Option<f64>> = (0..36).map(|t| Some(log(t))).collect();
        let calm = Misses::of_logs(&logs).unwrap();
        assert!(calm.last.abs() < 0.03 && !calm.is_beyond(LEAST, 10), "{}", calm.last);
        logs.push(Some(-LN_2));
        let low = Misses::of_logs(&logs).unwrap();
        assert!(low.last < -0.6 && low.is_beyond(LEAST, 10), "{}", low.last);
        // Who moves by as much anyway is not named.
        let rough =
            Misses { before: vec![0.5, -0.6, 0.4, -0.5, 0.6, -0.4, 0.5, -0.6, 0.4, -0.5, 0.6, -0.4], last: -0.7 };
        assert!(!rough.is_beyond(LEAST, 10));
    }
}
