//! The second look at every month (R7, R8, R11), in this order: ours, the attainment cut on ours, combined with the
//! front line (whose numbers are never cut), the month to date where it bears on the month, and the planner's last
//! word.
//!
//! ```text
//! front line     w x front line + (1 - w) x ours,   w = .5; several contributors are averaged first
//! month to date  MTD + (1 - p)(k prior + MTD) / (k + p),   p the share of the month's working days passed, k = .25
//! override       the number itself, spread over what no finer override holds
//! ```
//! A region row sets the region's total, and product rows beside it the mix; without one a product row moves the total by
//! its difference.

mod shares;

use std::collections::BTreeMap;

use ndarray::{ArcArray2, ArrayViewMut1};

use super::Parameters;
use super::attainment::Attainment;
use super::lessons::Mixture;
use super::lifecycle::Baseline;
use super::target::RegionTargets;
use crate::dataset::{Answer, Known, Says};
use crate::error::{Place, Problems};
use crate::grid::Scope;
use crate::messages::{answers as words, planning as say};
use crate::month::Month;

/// What changed one node and scope in one month.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which step.
    pub step: Step,
    /// Region node.
    pub node: usize,
    /// Products meant.
    pub scope: Scope,
    /// Index into the months forecast.
    pub month: usize,
    /// The total before, in units.
    pub before: f64,
    /// What the rows say, in units (the mean of several contributors).
    pub given: f64,
    /// The total after, in units. Of product rows without a region row: before the region's total is restored.
    pub after: f64,
    /// Who and why, and where it stands.
    pub answers: Vec<(String, String, Place)>,
    /// Of a front-line step: every source with its bias and weight; its contributors are those of `answers`.
    pub mixture: Option<Mixture>,
}

/// A step of the revision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// The front line's estimate.
    Frontline,
    /// Month to date, with the share of working days passed.
    Progress(f64),
    /// A planner's last word.
    Override,
}

/// Units after each step, series x month forecast. Steps that change nothing share one array.
#[derive(Clone, Debug)]
pub struct Revision {
    /// After the attainment cut.
    pub cut: ArcArray2<f64>,
    /// After the front line.
    pub frontline: ArcArray2<f64>,
    /// After the month to date.
    pub progress: ArcArray2<f64>,
    /// After the overrides: the forecast, unrounded.
    pub exact: ArcArray2<f64>,
    /// What changed, in the order in which it did.
    pub changes: Vec<Change>,
    /// Answers that give a share, by their places: the units they come to.
    shares: Vec<(Place, f64)>,
}

/// One scaling that moved a series in the revision, for explaining it.
#[derive(Clone, Debug)]
pub struct Move {
    /// What asked for it; none where product rows had changed a region's total and it was restored.
    pub change: Option<Change>,
    /// The series before and after, in units.
    pub own: (f64, f64),
    /// The sum of the series scaled with it before and after, in units.
    pub scaled: (f64, f64),
    /// Of a landing: what the series has sold, and what all series scaled with it have, in units.
    pub sold: (f64, f64),
    /// How the total is spread where nothing was forecast: the series' share of it.
    pub share: Option<f64>,
}

/// Follows one series through the revision of one month forecast, from after the attainment cut on: every scaling that
/// bore on it, in order.
pub fn follow(
    revision: &Revision,
    baseline: &Baseline,
    targets: &RegionTargets,
    known: &Known,
    parameters: &Parameters,
    (series, k): (usize, usize),
) -> Vec<Move> {
    let Some(&month) = baseline.months.get(k) else { return Vec::new() };
    let mut units = revision.cut.column(k).to_owned();
    let mut changes = Vec::new();
    let shares = baseline.shares.column(k).to_vec();
    let watch = Some(Watch { series, moves: Vec::new(), open: false });
    let ours = units.to_vec();
    let units = units.view_mut();
    let mut one = One { known, parameters, targets, shares, ours, units, month, k, changes: &mut changes, watch };
    one.frontline();
    one.progress();
    // What is wrong with overrides has been said by the run itself.
    one.overrides(&mut Problems::default());
    one.watch.map(|w| w.moves).unwrap_or_default()
}

/// Revises the baseline. Overrides that leave no room are errors that name each other.
pub fn revise(
    baseline: &Baseline,
    attainment: &Attainment,
    targets: &RegionTargets,
    known: &Known,
    parameters: &Parameters,
    problems: &mut Problems,
) -> Revision {
    let grid = &known.data.grid;
    for (old, new) in &known.replaced {
        let message = say::answer_replaced(&old.says.to_string(), &new.place.to_string());
        problems.warn(old.place.clone(), "answer_replaced", message, say::newer_is_used());
    }
    let mut now = baseline.units.clone();
    for (k, &month) in baseline.months.iter().enumerate() {
        for cell in 0..grid.cell_count() {
            let factor = attainment.factor(cell, known.origin.lag(month));
            if factor != 1.0 {
                grid.in_cell(cell).for_each(|s| now[(s, k)] *= factor);
            }
        }
    }
    let cut = now.clone();
    let (mut frontline, mut progress) = (cut.clone(), cut.clone());
    let (mut changes, mut shares) = (Vec::new(), Vec::new());
    if known.frontline.is_empty() && known.progress.is_empty() && known.overrides.is_empty() {
        return Revision { cut, frontline, progress, exact: now, changes, shares };
    }
    for (k, &month) in baseline.months.iter().enumerate() {
        let mix = baseline.shares.column(k).to_vec();
        let (units, changes) = (now.column_mut(k), &mut changes);
        let ours = units.to_vec();
        let mut one = One { known, parameters, targets, shares: mix, ours, units, month, k, changes, watch: None };
        for answer in known.frontline.iter().filter(|a| a.month == month && !matches!(a.says, Says::Units(_))) {
            match one.said(answer) {
                Some(units) => shares.push((answer.place.clone(), units)),
                None => problems.error(
                    answer.place.clone(),
                    "no_target",
                    words::no_target_to_take(&answer.says.to_string()),
                ),
            }
        }
        one.frontline();
        frontline.column_mut(k).assign(&one.units);
        one.progress();
        progress.column_mut(k).assign(&one.units);
        shares.extend(one.overrides(problems));
    }
    Revision { cut, frontline, progress, exact: now, changes, shares }
}

/// What the month made comes to by its month to date, over its forecast, for a node and scope: 1 outside of a month
/// and where nothing is known of it.
pub fn landing(baseline: &Baseline, known: &Known, parameters: &Parameters, (node, scope): (usize, Scope)) -> f64 {
    let Some(k) = baseline.months.iter().position(|m| known.origin.lag(*m) == 0) else { return 1.0 };
    let month = baseline.months[k];
    let (mut units, shares) = (baseline.units.column(k).to_owned(), baseline.shares.column(k).to_vec());
    let (changes, targets, watch) = (&mut Vec::new(), &RegionTargets::default(), None);
    let ours = units.to_vec();
    let units = units.view_mut();
    let mut one = One { known, parameters, targets, shares, ours, units, month, k, changes, watch };
    let series = known.data.grid.in_scope(node, scope);
    let before = one.total(&series);
    one.progress();
    let after = one.total(&series);
    if before > 0.0 && after > 0.0 { after / before } else { 1.0 }
}

/// `MTD + (1 - p)(k prior + MTD) / (k + p)` (docs/METHOD.md#revision); never below the month to date.
pub fn month_to_date(so_far: f64, prior: f64, passed: f64, k: f64) -> f64 {
    if k + passed <= 0.0 {
        return prior.max(so_far);
    }
    so_far + ((1.0 - passed) * (k * prior + so_far) / (k + passed)).max(0.0)
}

/// What one node and scope has sold since the month began.
struct SoFar {
    node: usize,
    scope: Scope,
    series: Vec<usize>,
    units: f64,
    passed: f64,
    places: Vec<Place>,
}

/// One month's units.
struct One<'a, 'k> {
    known: &'a Known<'k>,
    parameters: &'a Parameters,
    targets: &'a RegionTargets,
    /// Shares of each cell's level: how a total is spread where nothing was forecast.
    shares: Vec<f64>,
    /// Our own number of each series: what a change is a share of.
    ours: Vec<f64>,
    units: ArrayViewMut1<'a, f64>,
    month: Month,
    k: usize,
    changes: &'a mut Vec<Change>,
    /// A series that is followed, and what moved it.
    watch: Option<Watch>,
}

/// A series that is followed, and what moved it; `open` while the last move waits for its change.
struct Watch {
    series: usize,
    moves: Vec<Move>,
    open: bool,
}

impl One<'_, '_> {
    fn total(&self, series: &[usize]) -> f64 {
        series.iter().map(|&s| self.units[s]).sum()
    }

    /// Adds a change; the move that waits for one, if any, was for it.
    fn push(&mut self, change: Change) {
        if let Some(watch) = self.watch.as_mut().filter(|w| w.open) {
            watch.open = false;
            if let Some(last) = watch.moves.last_mut() {
                last.change = Some(change.clone());
            }
        }
        self.changes.push(change);
    }

    /// The followed series among those about to be moved, with its units.
    fn followed(&self, series: &[usize]) -> Option<(usize, f64)> {
        self.watch.as_ref().map(|w| w.series).filter(|s| series.contains(s)).map(|s| (s, self.units[s]))
    }

    fn moved(&mut self, series: usize, mut one: Move) {
        one.own.1 = self.units[series];
        if let Some(watch) = self.watch.as_mut() {
            watch.moves.push(one);
            watch.open = true;
        }
    }

    /// Brings the series to a total, in proportion; by the mix where they are all 0.
    fn scale(&mut self, series: &[usize], total: f64) {
        let before = self.total(series);
        let followed = self.followed(series);
        let share = followed.filter(|_| before <= 0.0).map(|(s, _)| self.share(series, s));
        self.bring(series, before, total);
        if let Some((s, own)) = followed {
            let (own, scaled) = ((own, own), (before, total));
            self.moved(s, Move { change: None, own, scaled, sold: (0.0, 0.0), share });
        }
    }

    /// A series' part of the mix of the series given; equal parts where they have none.
    fn share(&self, series: &[usize], one: usize) -> f64 {
        let mix: f64 = series.iter().map(|&s| self.shares[s]).sum();
        if mix > 0.0 { self.shares[one] / mix } else { 1.0 / series.len() as f64 }
    }

    fn bring(&mut self, series: &[usize], before: f64, total: f64) {
        if before > 0.0 {
            return series.iter().for_each(|&s| self.units[s] *= total / before);
        }
        let parts: Vec<f64> = self.mix_of(series).into_iter().map(|share| total * share).collect();
        series.iter().zip(parts).for_each(|(&s, x)| self.units[s] = x);
    }

    /// Shares of the series where nothing was forecast: the mix, else equal parts for what has not left the range.
    fn mix_of(&self, series: &[usize]) -> Vec<f64> {
        let mix: f64 = series.iter().map(|&s| self.shares[s]).sum();
        if mix > 0.0 {
            return series.iter().map(|&s| self.shares[s] / mix).collect();
        }
        let stays = series.iter().filter(|&&s| !self.gone(s)).count();
        let each = |s: usize| match stays {
            0 => 1.0 / series.len() as f64,
            _ if self.gone(s) => 0.0,
            _ => 1.0 / stays as f64,
        };
        series.iter().map(|&s| each(s)).collect()
    }

    /// Whether a series' product has left the range by this month.
    fn gone(&self, s: usize) -> bool {
        self.known.retire(self.known.data.grid.series[s].product).is_some_and(|last| self.month > last)
    }

    /// The front line's rows of this month, by node and scope: products before regions, regions before what is above.
    fn frontline(&mut self) {
        let grid = &self.known.data.grid;
        let mut keys: BTreeMap<(usize, Scope), Vec<&Answer>> = BTreeMap::new();
        for answer in self.known.frontline.iter().filter(|a| a.month == self.month) {
            keys.entry((answer.node, answer.scope)).or_default().push(answer);
        }
        let mut keys: Vec<_> =
            keys.into_iter().map(|(key, answers)| (grid.in_scope(key.0, key.1), key, answers)).collect();
        let is_product = |scope: Scope| matches!(scope, Scope::Product(_));
        let leaves = |node: usize| grid.regions.leaves(node).len();
        keys.sort_by_key(|(series, (node, scope), _)| (!is_product(*scope), leaves(*node), series.len()));
        // Product rows move the totals of their regions' groups by their differences, unless a region row sets them.
        let mut totals: BTreeMap<usize, f64> = BTreeMap::new();
        for (series, (node, scope), answers) in keys.iter().filter(|(_, (_, scope), _)| is_product(*scope)) {
            for &s in series {
                let cell = grid.cell(grid.series[s].leaf, grid.series[s].group);
                let range: Vec<usize> = grid.in_cell(cell).collect();
                let total = self.total(&range);
                totals.entry(cell).or_insert(total);
            }
            self.combine(series, (*node, *scope), answers);
        }
        for (cell, total) in totals {
            let range: Vec<usize> = grid.in_cell(cell).collect();
            // Where a region row sets the total, the product rows must not move it as well: they would count twice.
            let (leaf, group) = grid.cell_key(cell);
            let set = keys.iter().any(|(_, (node, scope), _)| {
                let here = grid.regions.leaves(*node).contains(&leaf) && grid.groups_of(*scope).contains(&group);
                here && !is_product(*scope)
            });
            if set {
                self.scale(&range, total);
                // Restoring a total is nobody's change.
                self.watch.iter_mut().for_each(|w| w.open = false);
            }
        }
        for (series, (node, scope), answers) in keys.iter().filter(|(_, (_, scope), _)| !is_product(*scope)) {
            self.combine(series, (*node, *scope), answers);
        }
    }

    fn combine(&mut self, series: &[usize], (node, scope): (usize, Scope), answers: &[&Answer]) {
        if series.is_empty() || answers.is_empty() {
            return;
        }
        let before = self.total(series);
        // One that gives a share of no target is an error by now.
        let front: Vec<(&str, f64)> = answers.iter().filter_map(|a| Some((a.by.as_str(), self.said(a)?))).collect();
        if front.is_empty() {
            return;
        }
        let given = front.iter().map(|(_, units)| units).sum::<f64>() / front.len() as f64;
        let (lag, target) = (self.known.origin.lag(self.month), self.target(node, scope));
        let mixture = self.parameters.mixture(lag, (node, scope), before, &front, target);
        let after = mixture.total();
        self.scale(series, after);
        let answers = answers.iter().map(|a| (a.by.clone(), a.reason.clone(), a.place.clone())).collect();
        let (step, month, mixture) = (Step::Frontline, self.k, Some(mixture));
        self.push(Change { step, node, scope, month, before, given, after, answers, mixture });
    }

    /// What an answer says, in units; none where there is no target to take a share of.
    fn said(&self, answer: &Answer) -> Option<f64> {
        let series = self.known.data.grid.in_scope(answer.node, answer.scope);
        let ours = series.iter().map(|&s| self.ours[s]).sum();
        answer.says.units(ours, self.target(answer.node, answer.scope))
    }

    /// The month's target of a node and scope; none for a product, or where one of its cells has none.
    fn target(&self, node: usize, scope: Scope) -> Option<f64> {
        let grid = &self.known.data.grid;
        if matches!(scope, Scope::Product(_)) {
            return None;
        }
        let cells = grid.regions.leaves(node).flat_map(|l| grid.groups_of(scope).map(move |g| grid.cell(l, g)));
        let mut sold = cells.filter(|cell| !grid.in_cell(*cell).is_empty());
        sold.try_fold(0.0, |sum, cell| self.targets.units(self.known, cell, self.month).map(|units| sum + units))
    }

    /// Month to date bears on the month made only. Each row lands what it speaks of, the finest first, always from the
    /// forecast before this step; what a finer row has landed, a coarser one works around.
    fn progress(&mut self) {
        if self.known.origin.lag(self.month) != 0 {
            return;
        }
        let forecast = self.units.to_vec();
        let (sold, totals) = self.so_far();
        let mut landed = vec![false; forecast.len()];
        for SoFar { node, scope, series, units, passed, places } in totals {
            if series.is_empty() {
                continue;
            }
            let before = self.total(&series);
            let prior: f64 = series.iter().map(|&s| forecast[s]).sum();
            let (share, k) = self.parameters.landing(passed);
            let aim = month_to_date(units, prior, share, k);
            let out = |s: usize| self.gone(s) && self.units[s] == 0.0 && sold[s].is_none();
            let (kept, free): (Vec<usize>, Vec<usize>) = series.iter().partition(|&&s| landed[s] || out(s));
            let least: f64 = free.iter().map(|&s| sold[s].unwrap_or(0.0)).sum();
            self.land(&free, (aim - self.total(&kept)).max(least), &sold);
            // Finer rows may leave less room than has been sold in all; what has been sold stands.
            if self.total(&series) < units {
                self.scale(&series, units);
            }
            series.iter().for_each(|&s| landed[s] = true);
            let answers = places.into_iter().map(|p| (String::new(), String::new(), p)).collect();
            self.push(Change {
                step: Step::Progress(passed),
                node,
                scope,
                month: self.k,
                before,
                given: units,
                after: self.total(&series),
                answers,
                mixture: None,
            });
        }
    }

    /// What has sold: per series, where a row says it, and the totals to land, the finest first. Rows for products of
    /// one region and group make one total where they were counted on one day and no coarser row has it.
    fn so_far(&self) -> (Vec<Option<f64>>, Vec<SoFar>) {
        let grid = &self.known.data.grid;
        let mut sold: Vec<Option<f64>> = vec![None; grid.series.len()];
        let mut totals: Vec<SoFar> = Vec::new();
        let mut by_cell: BTreeMap<usize, Vec<SoFar>> = BTreeMap::new();
        for row in &self.known.progress {
            let series = grid.in_scope(row.node, row.scope);
            let is_leaf = grid.regions.leaf_of(row.node).is_some();
            let cell = match (row.scope, series.as_slice()) {
                (Scope::Product(_), &[s]) if is_leaf => {
                    sold[s] = Some(row.units);
                    Some(grid.cell(grid.series[s].leaf, grid.series[s].group))
                }
                _ => None,
            };
            let passed = self.known.data.calendar.elapsed(row.as_of);
            let places = vec![row.place.clone()];
            let one = SoFar { node: row.node, scope: row.scope, series, units: row.units, passed, places };
            match cell {
                Some(cell) => by_cell.entry(cell).or_default().push(one),
                None => totals.push(one),
            }
        }
        let mut covered = vec![false; grid.series.len()];
        totals.iter().flat_map(|t| &t.series).for_each(|&s| covered[s] = true);
        for (cell, mut rows) in by_cell {
            rows.retain(|r| r.series.iter().any(|&s| !covered[s]));
            let Some(first) = rows.first() else { continue };
            if rows.iter().any(|r| r.passed != first.passed) {
                totals.extend(rows);
                continue;
            }
            totals.push(SoFar {
                node: first.node,
                scope: Scope::Group(grid.cell_key(cell).1),
                series: grid.in_cell(cell).filter(|&s| !covered[s]).collect(),
                units: rows.iter().map(|r| r.units).sum(),
                passed: first.passed,
                places: rows.iter().flat_map(|r| r.places.clone()).collect(),
            });
        }
        totals.sort_by_key(|t| t.series.len());
        (sold, totals)
    }

    /// Brings the series to a total, at least the sum of what they have sold, with no product below that.
    fn land(&mut self, series: &[usize], total: f64, sold: &[Option<f64>]) {
        let followed = self.followed(series);
        let (before, mix) = (self.total(series), followed.map(|(s, _)| self.share(series, s)));
        self.land_within(series, total, sold);
        if let Some((s, own)) = followed {
            let all = series.iter().filter_map(|&s| sold[s]).sum();
            let sold = (sold[s].unwrap_or(0.0), all);
            let share = mix.filter(|_| before <= 0.0);
            self.moved(s, Move { change: None, own: (own, own), scaled: (before, total), sold, share });
        }
    }

    fn land_within(&mut self, series: &[usize], total: f64, sold: &[Option<f64>]) {
        let low: Vec<f64> = series.iter().map(|&s| sold[s].unwrap_or(0.0)).collect();
        // What is still to come is spread by the forecast; what has been sold stays where it was sold.
        let prior = self.total(series);
        let rest = (total - low.iter().sum::<f64>()).max(0.0);
        let parts = match prior > 0.0 {
            true => series.iter().map(|&s| self.units[s] / prior).collect(),
            false => self.mix_of(series),
        };
        for ((&s, sold), part) in series.iter().zip(low).zip(parts) {
            self.units[s] = sold + rest * part;
        }
    }

    /// Overrides, the finest first; what a finer one has set, a coarser one works around. Gives what those come to that
    /// are shares; a change is one of what stands before all of them.
    fn overrides(&mut self, problems: &mut Problems) -> Vec<(Place, f64)> {
        let grid = &self.known.data.grid;
        self.ours = self.units.to_vec();
        let mut shares = Vec::new();
        let rows = self.known.overrides.iter().filter(|a| a.month == self.month);
        let mut rows: Vec<(Vec<usize>, &Answer)> = rows.map(|a| (grid.in_scope(a.node, a.scope), *a)).collect();
        rows.sort_by_key(|(series, answer)| (series.len(), answer.place.clone()));
        // Per series, the override that holds it.
        let mut held: Vec<Option<usize>> = vec![None; grid.series.len()];
        let gone: Vec<bool> = (0..held.len()).map(|s| self.gone(s) && self.units[s] == 0.0).collect();
        for (index, (series, answer)) in rows.iter().enumerate() {
            let before = self.total(series);
            if series.is_empty() {
                problems.error(answer.place.clone(), "nothing_there", say::nothing_to_override());
                continue;
            }
            let Some(units) = self.said(answer) else {
                let message = words::no_target_to_take(&answer.says.to_string());
                problems.error(answer.place.clone(), "no_target", message);
                continue;
            };
            if !matches!(answer.says, Says::Units(_)) {
                shares.push((answer.place.clone(), units));
            }
            // What has left the range stays out of it, unless the row speaks of nothing else.
            let idle: Vec<bool> = gone.iter().zip(&self.units).map(|(gone, units)| *gone && *units == 0.0).collect();
            let stays = series.iter().any(|&s| !idle[s] || held[s].is_some());
            let out = |s: usize| stays && idle[s] && held[s].is_none();
            let is_locked = |s: usize| held[s].is_some_and(|h| rows[h].1.lock);
            let fixed = |s: usize| held[s].is_some() || out(s);
            let locked = |s: usize| is_locked(s) || out(s);
            // First around everything already set; then, where that leaves no room, around the locked ones only.
            let mut done = self.spread(series, units, fixed);
            if !done {
                done = self.spread(series, units, locked);
                if done {
                    let message = say::override_wins(units);
                    problems.warn(answer.place.clone(), "override_scaled", message, say::override_scaled());
                }
            }
            if !done {
                let mut names: Vec<usize> = series.iter().filter_map(|&s| held[s]).collect();
                names.sort_unstable();
                names.dedup();
                let names: Vec<String> = names.iter().map(|&h| rows[h].1.place.to_string()).collect();
                let held: f64 = series.iter().filter(|&&s| is_locked(s)).map(|&s| self.units[s]).sum();
                let message = say::override_conflict(units, held, &names.join(", "));
                problems.error(answer.place.clone(), "override_conflict", message);
                continue;
            }
            // A lock that leaves a number as it is only holds it.
            let moved = (units - before).abs();
            let small = self.known.data.settings.revision.small_override * before;
            if moved > 1e-9 * before && moved < small {
                let message = say::small_override(before, units);
                problems.warn(answer.place.clone(), "small_override", message, say::override_used());
            }
            // A lock holds all that it speaks of, what a finer row has set included: its total is their sum.
            series.iter().for_each(|&s| match held[s] {
                Some(_) if !answer.lock => {}
                _ => held[s] = Some(index),
            });
            let answers = vec![(answer.by.clone(), answer.reason.clone(), answer.place.clone())];
            let (node, scope, given) = (answer.node, answer.scope, units);
            self.push(Change {
                step: Step::Override,
                node,
                scope,
                month: self.k,
                before,
                given,
                after: given,
                answers,
                mixture: None,
            });
        }
        shares
    }

    /// Brings the series to a total, those that are fixed staying as they are; false where that leaves no room.
    fn spread(&mut self, series: &[usize], total: f64, fixed: impl Fn(usize) -> bool) -> bool {
        let (kept, free): (Vec<usize>, Vec<usize>) = series.iter().partition(|&&s| fixed(s));
        let left = total - self.total(&kept);
        // Units are settled to nine digits everywhere; less than that is arithmetic, not room.
        let nothing = 1e-9 * total.abs().max(1.0);
        if free.is_empty() || left < -nothing {
            return free.is_empty() && left.abs() <= nothing;
        }
        self.scale(&free, left.max(0.0));
        true
    }
}
