//! What changed since a month was last issued, and why (R9: every month is forecast twice).
//!
//! With `L` the level of a region and group (the sum of its series before planned events), `d` the month's selling
//! days, `p` a series' share of the level and a bar for the mean of the last version and this one:
//!
//! ```text
//! calendar   change of d x mean of L/d, x mean p         what the days alone do to the level
//! sales      mean of d x change of L/d, x mean p         the rest of the level: new sales and what follows from them
//! share      mean L x change of p                        with p = c q, c the share of all products in both versions:
//!   mix      mean L x mean c x change of q                 between products that are in both
//!   range    mean L x change of c x mean q                 left to, or taken from, products that are in one of them
//! each later step: what it added this time, less what it added last time
//! ```
//! Taking the mean of both sides leaves no rest: over each series, and so over every sum of series, the causes add up to
//! the change (the two-factor form of Shapley's value; Bennet 1920, Journal of the Royal Statistical Society 83). Mix and
//! range add up to 0 over a region and group: they move units between its products.

use crate::dataset::ledger::{Source, Step};
use crate::dataset::{Issue, IssuedMonth, Known};
use crate::grid::Grid;
use crate::month::Month;
use crate::outlook::Outlook;

/// Why a number changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The month's selling days are others than they were.
    Calendar,
    /// New sales and what follows from them: the level of the region and group.
    Sales,
    /// The mix of the products.
    Mix,
    /// Products that came or went, and the share they took or left.
    Range,
    /// Planned events.
    Events,
    /// The dealers' stock: the attainment cut (R11).
    DealersStock,
    /// The front line (R7, R8).
    FrontLine,
    /// The month to date.
    ToDate,
    /// A planner's last word.
    Override,
    /// Whole units.
    Rounding,
}

/// All causes, in the order in which the numbers come about.
pub const CAUSES: [Cause; 10] = [
    Cause::Calendar,
    Cause::Sales,
    Cause::Mix,
    Cause::Range,
    Cause::Events,
    Cause::DealersStock,
    Cause::FrontLine,
    Cause::ToDate,
    Cause::Override,
    Cause::Rounding,
];

/// The steps of the revision and the causes that they are.
const REVISED: [(Step, Cause); 5] = [
    (Step::Cut, Cause::DealersStock),
    (Step::Combined, Cause::FrontLine),
    (Step::Landed, Cause::ToDate),
    (Step::Planned, Cause::Override),
    (Step::Final, Cause::Rounding),
];

impl Cause {
    /// The word for programs, and the column of `changes.csv`.
    pub fn word(self) -> &'static str {
        match self {
            Cause::Calendar => "calendar",
            Cause::Sales => "sales",
            Cause::Mix => "mix",
            Cause::Range => "range",
            Cause::Events => "events",
            Cause::DealersStock => "dealers_stock",
            Cause::FrontLine => "front_line",
            Cause::ToDate => "to_date",
            Cause::Override => "override",
            Cause::Rounding => "rounding",
        }
    }
}

/// What one number, or a sum of numbers, was and is, in units; `now - last` is the sum of the causes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Change {
    /// As last issued.
    pub last: f64,
    /// As it is now.
    pub now: f64,
    /// What each of [`CAUSES`] added.
    pub causes: [f64; CAUSES.len()],
}

impl Change {
    /// The change, in units.
    pub fn units(&self) -> f64 {
        self.now - self.last
    }

    /// What one cause added, in units.
    pub fn of(&self, cause: Cause) -> f64 {
        self.causes[cause as usize]
    }

    fn add(&mut self, cause: Cause, units: f64) {
        self.causes[cause as usize] += units;
    }

    /// The sum of both.
    pub fn plus(mut self, other: &Change) -> Change {
        self.last += other.last;
        self.now += other.now;
        self.causes.iter_mut().zip(other.causes).for_each(|(sum, x)| *sum += x);
        self
    }
}

/// One month forecast beside its last version.
#[derive(Clone, Debug)]
pub struct Since<'a> {
    /// The forecast that the last version was issued in.
    pub issue: &'a Issue,
    /// The last version.
    pub month: &'a IssuedMonth,
    /// By series.
    pub series: Vec<Change>,
}

impl Since<'_> {
    /// The sum over some series.
    pub fn sum(&self, series: impl IntoIterator<Item = usize>) -> Change {
        series.into_iter().filter_map(|s| self.series.get(s)).fold(Change::default(), |sum, one| sum.plus(one))
    }
}

/// The issue that a month was last issued in: the newest one, at the close or during a month.
pub fn last_version<'a>(known: &Known<'a>, month: Month) -> Option<(&'a Issue, &'a IssuedMonth)> {
    let issued = |&issue: &&'a Issue| {
        let found = issue.months.iter().find(|m| m.month == month && !m.after(Step::Final).is_empty())?;
        Some((issue, found))
    };
    known.ledger.iter().rev().find_map(issued)
}

/// A month forecast (by its index) beside its last version; none where it was not issued before.
pub fn since_last<'a>(outlook: &Outlook, known: &Known<'a>, k: usize) -> Option<Since<'a>> {
    let (issue, month) = last_version(known, *outlook.months().get(k)?)?;
    Some(Since { issue, month, series: compare(outlook, known, k, month) })
}

/// One version of a month.
struct Version<'v> {
    /// Before planned events, by series.
    base: Vec<f64>,
    /// The statistical forecast and the steps of [`REVISED`], by series.
    steps: [Vec<f64>; REVISED.len() + 1],
    /// Selling days, where known.
    days: Option<f64>,
    grid: &'v Grid,
}

impl<'v> Version<'v> {
    fn issued(month: &IssuedMonth, grid: &'v Grid) -> Version<'v> {
        let of = |step: Step| month.after(step).to_vec();
        let stat = of(Step::Stat);
        let base = month.without_events.clone().unwrap_or_else(|| stat.clone());
        let [a, b, c, d, e] = REVISED.map(|(step, _)| of(step));
        Version { base, steps: [stat, a, b, c, d, e], days: month.of(Source::Calendar).map(|s| s.units).next(), grid }
    }

    fn now(outlook: &'v Outlook, known: &Known, k: usize) -> Version<'v> {
        let grid = &outlook.dataset.grid;
        let is_forecast: Vec<bool> = (0..grid.series.len()).map(|s| outlook.is_forecast(known, s)).collect();
        let column = |array: ndarray::ArrayView2<f64>| -> Vec<f64> {
            array.column(k).iter().zip(&is_forecast).map(|(x, is)| if *is { *x } else { 0.0 }).collect()
        };
        let steps = outlook.steps().map(column);
        let base = steps[0].iter().enumerate().map(|(s, stat)| match outlook.without_events(s, k) {
            Some(units) if is_forecast[s] => units,
            _ => *stat,
        });
        let days = Some(outlook.dataset.calendar.selling_days(outlook.months()[k]));
        Version { base: base.collect(), steps, days, grid }
    }

    fn at(&self, step: usize, series: usize) -> f64 {
        self.steps[step].get(series).copied().unwrap_or(0.0)
    }

    fn level(&self, cell: usize) -> f64 {
        self.grid.in_cell(cell).filter_map(|s| self.base.get(s)).sum()
    }
}

fn compare(outlook: &Outlook, known: &Known, k: usize, issued: &IssuedMonth) -> Vec<Change> {
    let grid = &outlook.dataset.grid;
    let (last, now) = (Version::issued(issued, grid), Version::now(outlook, known, k));
    let final_step = REVISED.len();
    let change = |s: usize| Change { last: last.at(final_step, s), now: now.at(final_step, s), ..Change::default() };
    let mut out: Vec<Change> = (0..grid.series.len()).map(change).collect();
    for cell in 0..grid.cell_count() {
        let range = grid.in_cell(cell);
        if let (Some(before), Some(after), Some(changes)) =
            (last.base.get(range.clone()), now.base.get(range.clone()), out.get_mut(range))
        {
            let days = last.days.zip(now.days).filter(|(a, b)| *a > 0.0 && *b > 0.0);
            levels(before, after, (last.level(cell), now.level(cell)), days, changes);
        }
    }
    for (s, change) in out.iter_mut().enumerate() {
        let events = |v: &Version| v.at(0, s) - v.base.get(s).copied().unwrap_or(0.0);
        change.add(Cause::Events, events(&now) - events(&last));
        for (step, (_, cause)) in REVISED.into_iter().enumerate() {
            let added = |v: &Version| v.at(step + 1, s) - v.at(step, s);
            change.add(cause, added(&now) - added(&last));
        }
    }
    out
}

fn mean(a: f64, b: f64) -> f64 {
    0.5 * (a + b)
}

/// The change of one region and group before planned events, `before` and `after` by series with their sums.
fn levels(before: &[f64], after: &[f64], (was, is): (f64, f64), days: Option<(f64, f64)>, changes: &mut [Change]) {
    if was <= 0.0 || is <= 0.0 {
        // The whole group comes or goes.
        let rows = changes.iter_mut().zip(before.iter().zip(after));
        return rows.for_each(|(change, (a, b))| change.add(Cause::Range, b - a));
    }
    let by_days = days.map_or(0.0, |(d0, d1)| (d1 - d0) * mean(was / d0, is / d1));
    let by_sales = (is - was) - by_days;
    let level = mean(was, is);
    let in_both = |a: f64, b: f64| a > 0.0 && b > 0.0;
    let (mut kept0, mut kept1) = (0.0, 0.0);
    for (a, b) in before.iter().zip(after).filter(|(a, b)| in_both(**a, **b)) {
        (kept0, kept1) = (kept0 + a / was, kept1 + b / is);
    }
    for (change, (&a, &b)) in changes.iter_mut().zip(before.iter().zip(after)) {
        let (p0, p1) = (a / was, b / is);
        change.add(Cause::Calendar, by_days * mean(p0, p1));
        change.add(Cause::Sales, by_sales * mean(p0, p1));
        if in_both(a, b) {
            let (q0, q1) = (p0 / kept0, p1 / kept1);
            change.add(Cause::Mix, level * mean(kept0, kept1) * (q1 - q0));
            change.add(Cause::Range, level * (kept1 - kept0) * mean(q0, q1));
        } else {
            change.add(Cause::Range, level * (p1 - p0));
        }
    }
}

/// Numbers rounded to multiples of `step` so that they add up to `total` (itself such a multiple but for its last
/// bits): down first, then one step each to the largest remainders, ties to the earlier one.
pub fn rounded<const N: usize>(numbers: [f64; N], total: f64, step: f64) -> [f64; N] {
    // Remainders that differ by less are ties, and what lies so near to a multiple is one.
    const NOISE: f64 = 1e-6;
    let mut out = numbers.map(|x| (x / step + NOISE).floor());
    let mut order: [usize; N] = std::array::from_fn(|i| i);
    let rest = |i: &usize| ((numbers[*i] / step - out[*i]) / NOISE).round();
    order.sort_by(|a, b| rest(b).total_cmp(&rest(a)));
    let missing = ((total / step).round() - out.iter().sum::<f64>()).clamp(-(N as f64), N as f64);
    let (up, count) = (missing.signum(), missing.abs() as usize);
    let chosen: Vec<usize> = match up > 0.0 {
        true => order.into_iter().take(count).collect(),
        false => order.into_iter().rev().take(count).collect(),
    };
    chosen.into_iter().for_each(|i| out[i] += up);
    // Adding 0 turns -0 into 0.
    out.map(|x| x * step + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_level_worked_by_hand() {
        // 100 = 60 + 40 in 20 days became 132 = 66 + 33 + 33 in 22 days, the third product new.
        let mut changes = [Change::default(); 3];
        levels(&[60.0, 40.0, 0.0], &[66.0, 33.0, 33.0], (100.0, 132.0), Some((20.0, 22.0)), &mut changes);
        // Days: 2 x mean(5, 6) = 11 of 32. Shares .6, .4, 0 -> .5, .25, .25; c 1 -> .75; q .6, .4 -> 2/3, 1/3.
        let calendar = changes.map(|c| c.of(Cause::Calendar));
        for (found, mean_share) in calendar.into_iter().zip([0.55, 0.325, 0.125]) {
            assert!((found - 11.0 * mean_share).abs() < 1e-12);
        }
        let mix = changes.map(|c| c.of(Cause::Mix));
        assert!((mix[0] - 116.0 * 0.875 * (2.0 / 3.0 - 0.6)).abs() < 1e-12 && (mix[0] + mix[1]).abs() < 1e-12);
        let range = changes.map(|c| c.of(Cause::Range));
        assert!((range[2] - 116.0 * 0.25).abs() < 1e-12 && range.iter().sum::<f64>().abs() < 1e-12);
        for (change, wanted) in changes.iter().zip([6.0, -7.0, 33.0]) {
            assert!((change.causes.iter().sum::<f64>() - wanted).abs() < 1e-12);
        }
    }

    #[test]
    fn a_group_that_comes_is_a_change_of_the_range() {
        let mut changes = [Change::default(); 2];
        levels(&[0.0, 0.0], &[3.0, 4.0], (0.0, 7.0), Some((20.0, 21.0)), &mut changes);
        assert_eq!(changes.map(|c| c.of(Cause::Range)), [3.0, 4.0]);
        assert_eq!(changes.map(|c| c.of(Cause::Calendar)), [0.0, 0.0]);
    }

    #[test]
    fn rounded_causes_add_up() {
        assert_eq!(rounded([1.4, 1.4, 0.2], 3.0, 1.0), [2.0, 1.0, 0.0]);
        assert_eq!(rounded([-2.5, 0.5, 0.0], -2.0, 1.0), [-2.0, 0.0, 0.0]);
        assert_eq!(rounded([0.0, -0.0, 0.0], 0.0, 1.0), [0.0; 3]);
        let tenths = rounded([0.26, 0.26, -0.02], 0.5, 0.1);
        assert!((tenths.iter().sum::<f64>() - 0.5).abs() < 1e-12, "{tenths:?}");
    }

    proptest! {
        #[test]
        fn causes_add_up_to_the_change(
            rows in proptest::collection::vec((0.0..1e6_f64, 0.0..1e6_f64, any::<bool>(), any::<bool>()), 1..9),
            days in proptest::option::of((1.0..31.0_f64, 1.0..31.0_f64)),
        ) {
            let before: Vec<f64> = rows.iter().map(|r| if r.2 { r.0 } else { 0.0 }).collect();
            let after: Vec<f64> = rows.iter().map(|r| if r.3 { r.1 } else { 0.0 }).collect();
            let (was, is): (f64, f64) = (before.iter().sum(), after.iter().sum());
            let mut changes = vec![Change::default(); rows.len()];
            levels(&before, &after, (was, is), days, &mut changes);
            for ((change, a), b) in changes.iter().zip(&before).zip(&after) {
                prop_assert!((change.causes.iter().sum::<f64>() - (b - a)).abs() <= 1e-9 * (a + b + was + is).max(1.0));
            }
            if was > 0.0 && is > 0.0 {
                for cause in [Cause::Mix, Cause::Range] {
                    let moved: f64 = changes.iter().map(|c| c.of(cause)).sum();
                    prop_assert!(moved.abs() <= 1e-9 * (was + is));
                }
            }
        }

        #[test]
        fn printed_causes_add_up_to_the_printed_change(
            causes in proptest::array::uniform10(-1e6..1e6_f64),
        ) {
            let total = causes.iter().sum::<f64>().round();
            // The last one takes what makes the sum whole, as whole units do.
            let mut causes = causes;
            causes[9] += total - causes.iter().sum::<f64>();
            let printed = rounded(causes, total, 1.0);
            prop_assert_eq!(printed.iter().sum::<f64>(), total);
            for (p, x) in printed.iter().zip(causes) {
                prop_assert!((p - x).abs() <= 1.0 + 1e-6);
            }
        }
    }
}
