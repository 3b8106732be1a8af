//! One target, of one year and scope, taken down the tree.

use ndarray::Array2;

use super::holding::{Ask, Holding};
use super::last_year::last_year;
use super::why::Why;
use crate::across::{What, key};
use crate::dataset::{Known, Measure, Target};
use crate::error::{Place, Problems};
use crate::grid::{COMPANY, Scope};
use crate::messages::planning as say;
use crate::stages::base::Base;
use crate::stats::apportion::{self, project};

/// A node's year.
#[derive(Clone, Debug)]
pub struct NodeTarget {
    /// Last year's actual sales.
    pub last_year: f64,
    /// Last year's clean base, suppressed months credited.
    pub credited: f64,
    /// The target; none where none reaches the node.
    pub target: Option<f64>,
    /// How it came about.
    pub why: Why,
    /// The reason code of a planner's growth rate.
    pub reason: String,
    /// Where the row that decided stands.
    pub place: Option<Place>,
}

/// A target taken down the tree.
#[derive(Clone, Debug)]
pub struct Split {
    /// Fiscal year.
    pub year: i32,
    /// Products meant.
    pub scope: Scope,
    /// What it counts.
    pub measure: Measure,
    /// The stage that was taken down; empty where the folder names none.
    pub stage: String,
    /// Per node of the region tree.
    pub nodes: Vec<NodeTarget>,
    /// Leaf x month of the fiscal year.
    pub leaves: Array2<Option<f64>>,
    /// Where the company's row stands.
    pub place: Option<Place>,
}

struct Work<'a, 'k> {
    known: &'a Known<'k>,
    problems: &'a mut Problems,
    asks: Vec<Ask<'a>>,
    /// By node: the stage of the row that its total comes from, its own or that of a node above.
    stages: Vec<usize>,
    /// Last year's actual sales and credited base, leaf x month of the fiscal year.
    actual: Array2<f64>,
    credited: Array2<f64>,
    out: Split,
}

/// Splits one target, of a year and a scope (and its number among all of them, with the rows that hold and the rates).
pub fn split(
    base: &Base,
    known: &Known,
    (index, year, scope, holding): (usize, i32, Scope, &Holding),
    problems: &mut Problems,
) -> Split {
    let data = known.data;
    let regions = &data.grid.regions;
    let measure = holding.measure;
    let (mut actual, mut credited) = last_year(base, known, year, scope, measure);
    let of_target = |half: usize| key(What::Target, known.months(), 2 * index + half).followed(base.followed);
    for (half, sums) in [&mut actual, &mut credited].into_iter().enumerate() {
        sums.as_slice_mut().into_iter().for_each(|sums| data.across.sum(of_target(half), sums));
    }
    let nodes = (0..regions.len()).map(|node| {
        let sum = |array: &Array2<f64>| regions.leaves(node).map(|l| array.row(l).sum()).sum();
        let (last_year, credited) = (sum(&actual), sum(&credited));
        NodeTarget { last_year, credited, target: None, why: Why::None, reason: String::new(), place: None }
    });
    let asks = holding.asks();
    let first_row = asks.iter().find_map(|ask| ask.year.or(ask.months.iter().flatten().next().copied()));
    let out = Split {
        year,
        scope,
        measure,
        stage: holding.stage.and_then(|s| data.stages.get(s).cloned()).unwrap_or_default(),
        nodes: nodes.collect(),
        leaves: Array2::from_elem((regions.leaf_count(), 12), None),
        place: asks[COMPANY].year.or(first_row).map(|t| t.place.clone()),
    };
    let errors_before = problems.errors();
    let stages = vec![0; regions.len()];
    let mut work = Work { known, problems, asks, stages, actual, credited, out };
    work.top(COMPANY);
    work.sum_up();
    work.check(errors_before);
    work.out
}

impl Work<'_, '_> {
    /// A node without a total from above: its own row if it has one, else the regions below, each for itself.
    fn top(&mut self, node: usize) {
        let all = ALL;
        let ask = self.asks[node].clone();
        if let Some(row) = ask.year.filter(|r| r.value.is_some()) {
            self.stages[node] = row.stage;
            self.note(node, ask.why(), Some(row.place.clone()));
            return self.descend(node, &all, row.value.unwrap_or(0.0));
        }
        let months: Vec<usize> = (0..12).filter(|&k| ask.months[k].is_some_and(|r| r.value.is_some())).collect();
        if !months.is_empty() {
            self.stages[node] = ask.months.iter().flatten().map(|r| r.stage).max().unwrap_or(0);
            self.note(node, Why::Given, ask.months[months[0]].map(|r| r.place.clone()));
            for k in months {
                self.descend(node, &[k], ask.months[k].and_then(|r| r.value).unwrap_or(0.0));
            }
            return;
        }
        if let Some(row) = ask.growth {
            self.note(node, Why::Growth, Some(row.place.clone()));
            self.out.nodes[node].reason = row.reason.clone();
            let total = (self.out.nodes[node].last_year * (1.0 + row.growth)).max(0.0);
            let (low, high) = if row.lock { (total, total) } else { bounds(ask.year, 1.0) };
            return self.descend(node, &all, total.max(low).min(high));
        }
        for child in self.known.data.grid.regions.children(node).to_vec() {
            self.top(child);
        }
    }

    fn note(&mut self, node: usize, why: Why, place: Option<Place>) {
        self.out.nodes[node].why = why;
        self.out.nodes[node].place = place;
    }

    fn sum(&self, array: &Array2<f64>, node: usize, months: &[usize]) -> f64 {
        let leaves = self.known.data.grid.regions.leaves(node);
        leaves.map(|l| months.iter().map(|&k| array[(l, k)]).sum::<f64>()).sum()
    }

    /// Gives a node its total of some months: to the months, where the node's own rows or being a leaf asks for it,
    /// and to the children.
    fn descend(&mut self, node: usize, months: &[usize], total: f64) {
        let regions = &self.known.data.grid.regions;
        let leaf = regions.leaf_of(node);
        let own_months = months.iter().any(|&k| self.asks[node].months[k].is_some());
        if months.len() > 1 && (leaf.is_some() || own_months) {
            let Some(phased) = self.phase(node, months, total) else { return };
            if leaf.is_some() {
                return months.iter().zip(phased).for_each(|(&k, x)| self.descend(node, &[k], x));
            }
            let (own, rest): (Vec<usize>, Vec<usize>) =
                (0..months.len()).partition(|&i| self.asks[node].months[months[i]].is_some());
            for i in own {
                self.descend(node, &months[i..=i], phased[i]);
            }
            let left: f64 = rest.iter().map(|&i| phased[i]).sum();
            let rest: Vec<usize> = rest.iter().map(|&i| months[i]).collect();
            return if rest.is_empty() {
            } else {
                self.children(node, &rest, left)
            };
        }
        match leaf {
            Some(leaf) => months.iter().for_each(|&k| self.out.leaves[(leaf, k)] = Some(total)),
            None => self.children(node, months, total),
        }
    }

    /// A node's total over its months, by its own month rows and last year's credited profile.
    fn phase(&mut self, node: usize, months: &[usize], total: f64) -> Option<Vec<f64>> {
        let ask = self.asks[node].clone();
        let value = |k: usize| ask.months[k].and_then(|r| r.value);
        let given: f64 = months.iter().filter_map(|&k| value(k)).sum();
        let open: Vec<usize> = months.iter().copied().filter(|&k| value(k).is_none()).collect();
        let profile = self.sum(&self.credited, node, &open);
        let scale = if profile > 0.0 && total > given { (total - given) / profile } else { 1.0 };
        let bounds = |k: usize| self.of_month(node, k);
        let weights: Vec<f64> =
            months.iter().map(|&k| value(k).unwrap_or_else(|| self.sum(&self.credited, node, &[k]) * scale)).collect();
        let (low, high): (Vec<f64>, Vec<f64>) = months.iter().map(|&k| bounds(k)).unzip();
        let mut out = vec![0.0; months.len()];
        if project(&weights, total, &low, &high, &mut out).is_err() {
            self.infeasible(node, total, low.iter().sum(), high.iter().sum(), months);
            return None;
        }
        Some(out)
    }

    /// Shares a node's total of some months out to its children.
    fn children(&mut self, node: usize, months: &[usize], total: f64) {
        let children = self.known.data.grid.regions.children(node).to_vec();
        let whole = self.sum(&self.credited, node, months);
        let scale = if whole > 0.0 { total / whole } else { 1.0 };
        let mut weights = Vec::with_capacity(children.len());
        let (mut low, mut high) = (Vec::new(), Vec::new());
        let mut whys = Vec::with_capacity(children.len());
        let mut given: Vec<Option<f64>> = Vec::with_capacity(children.len());
        let mut growths: Vec<Option<f64>> = Vec::with_capacity(children.len());
        for &child in &children {
            let ask = self.asks[child].clone();
            let credited = self.sum(&self.credited, child, months);
            let part = self.part(child, months);
            let month_rows: Vec<&Target> = months.iter().filter_map(|&k| ask.months[k]).collect();
            let by_month = month_rows.len() == months.len() && month_rows.iter().all(|r| r.value.is_some());
            let (mut l, mut u) = self.reach(child, months);
            let mut proposal = self.of_year(child, months);
            let mut locked = ask.year.is_some_and(|r| r.lock && r.value.is_some());
            if by_month {
                proposal = Some(month_rows.iter().filter_map(|r| r.value).sum());
                locked = month_rows.iter().all(|r| r.lock);
            }
            let (mut growth, mut own) = (None, None);
            let (weight, why) = match (proposal, ask.growth) {
                (Some(value), _) if locked => {
                    (l, u) = (value, value);
                    own = Some(value);
                    (value, Why::Locked)
                }
                (Some(value), _) => {
                    own = Some(value.clamp(l, u.max(l)));
                    (value, if by_month { Why::Given } else { ask.why() })
                }
                (None, Some(row)) => {
                    let year = self.sum(&self.actual, child, &ALL);
                    let value = (year * part * (1.0 + row.growth)).max(0.0);
                    if row.lock {
                        (l, u) = (value, value);
                    } else {
                        growth = Some(value.clamp(l, u.max(l)));
                    }
                    (value, if row.lock { Why::Locked } else { Why::Growth })
                }
                (None, None) => (credited * scale, Why::Share),
            };
            weights.push(weight);
            low.push(l);
            high.push(u);
            whys.push(why);
            given.push(own);
            growths.push(growth);
        }
        let Some(out) =
            self.share_out(node, months, total, &Parts { weights, low, high, given: given.clone(), growths })
        else {
            return;
        };
        for (i, &child) in children.iter().enumerate() {
            let ask = self.asks[child].clone();
            let place = match whys[i] {
                Why::Growth => ask.growth.map(|g| g.place.clone()),
                Why::Locked | Why::Given | Why::Sum => {
                    ask.year.or(ask.months[months[0]]).map(|r| r.place.clone()).or(ask.growth.map(|g| g.place.clone()))
                }
                _ => None,
            };
            let own = ask.year.filter(|_| given[i].is_some()).or(ask.months[months[0]]).map(|r| r.stage);
            self.stages[child] = own.unwrap_or(self.stages[node]);
            self.note(child, whys[i], place);
            if let (Why::Growth | Why::Locked, Some(row)) = (whys[i], ask.growth) {
                self.out.nodes[child].reason = row.reason.clone();
            }
            self.descend(child, months, out[i]);
        }
    }

    /// A total shared out to the children of a node: first every number and every planner's rate is kept and the others
    /// take the rest; where the rates leave no room the numbers alone are; where these do not, all are weights.
    fn share_out(&mut self, node: usize, months: &[usize], total: f64, parts: &Parts) -> Option<Vec<f64>> {
        let Parts { weights, low, high, given, growths } = parts;
        let mut out = vec![0.0; weights.len()];
        let rated = growths.iter().any(Option::is_some);
        let open = |i: usize, kept: bool| !kept && low[i] < high[i] && weights[i] > 0.0;
        let mut keep = |kept: &[Option<f64>]| {
            let anyone = (0..kept.len()).any(|i| open(i, kept[i].is_some()));
            let bound = |bound: &[f64]| -> Vec<f64> { bound.iter().zip(kept).map(|(b, x)| x.unwrap_or(*b)).collect() };
            (anyone || kept.iter().all(Option::is_some))
                && project(weights, total, &bound(low), &bound(high), &mut out).is_ok()
        };
        let all: Vec<Option<f64>> = given.iter().zip(growths).map(|(given, growth)| given.or(*growth)).collect();
        if all.iter().any(Option::is_some) && keep(&all) {
            return Some(out);
        }
        let numbers = rated && given.iter().any(Option::is_some) && keep(given);
        if rated {
            let children = self.known.data.grid.regions.children(node);
            let place = children.iter().filter_map(|&c| self.asks[c].growth).map(|row| row.place.clone()).next();
            let name = self.known.data.grid.regions.name(node).to_string();
            let message = say::growth_not_kept(&name, self.out.year);
            self.problems.warn(place, "growth_scaled", message, say::growth_scaled());
        }
        if numbers {
            return Some(out);
        }
        match project(weights, total, low, high, &mut out) {
            Ok(apportion::Split::Proportional) => {}
            Ok(apportion::Split::Equal) => {
                let message = say::equal_parts(self.known.data.grid.regions.name(node), self.out.year);
                self.problems.warn(self.out.place.clone(), "equal_parts", message, say::shared_equally());
            }
            Err(_) => {
                self.infeasible(node, total, low.iter().sum(), high.iter().sum(), months);
                return None;
            }
        }
        // What months take of a year is by profiles that differ; only years are compared.
        (months.len() < ALL.len() || self.adds_up(node, total, parts)).then_some(out)
    }

    /// Whether the numbers below a node, which are to be scaled, may be: false, and an error, where a later stage gave
    /// more than the node has. Where only their sum is another than the node's, that is a warning.
    fn adds_up(&mut self, node: usize, total: f64, parts: &Parts) -> bool {
        let regions = &self.known.data.grid.regions;
        let below: f64 = parts.given.iter().flatten().sum();
        let every = parts.given.iter().all(Option::is_some);
        // Numbers written as whole ones add up to within a half each.
        let same = (below - total).abs() <= 0.5 * parts.given.len() as f64;
        if parts.given.iter().all(Option::is_none) || same || (below < total && !every) {
            return true;
        }
        let rows: Vec<(usize, &Target)> = regions
            .children(node)
            .iter()
            .zip(&parts.given)
            .filter_map(|(&c, given)| given.and(self.asks[c].year.or(self.asks[c].months[0])).map(|row| (c, row)))
            .collect();
        let names: Vec<String> = rows.iter().map(|(c, row)| format!("{} ({})", regions.name(*c), row.place)).collect();
        let later = rows.iter().any(|(_, row)| row.stage > self.stages[node]);
        let place = rows.first().map(|(_, row)| row.place.clone());
        let message = say::targets_do_not_add_up(regions.name(node), self.out.year, total, below, &names.join(", "));
        if later && below > total {
            self.problems.error(place, "targets_over", message);
            return false;
        }
        self.problems.warn(place, "targets_scaled", message, say::targets_scaled());
        true
    }

    /// What the node's year, 1, holds of these months, by its credited profile.
    fn part(&self, node: usize, months: &[usize]) -> f64 {
        let year = self.sum(&self.credited, node, &ALL);
        if year > 0.0 { self.sum(&self.credited, node, months) / year } else { months.len() as f64 / 12.0 }
    }

    /// What a node's own row for the year gives these months: its rows for single months first, the rest of the year
    /// by the credited profile.
    fn of_year(&self, node: usize, months: &[usize]) -> Option<f64> {
        let ask = &self.asks[node];
        let total = ask.year.and_then(|r| r.value)?;
        let own = |k: &usize| ask.months[*k].and_then(|r| r.value);
        let given = |months: &[usize]| -> f64 { months.iter().filter_map(own).sum() };
        let open = |months: &[usize]| -> Vec<usize> { months.iter().copied().filter(|k| own(k).is_none()).collect() };
        if months.len() == ALL.len() {
            return Some(total);
        }
        let (rest, here) = (open(&ALL), open(months));
        let share = match self.part(node, &rest) {
            whole if whole > 0.0 => self.part(node, &here) / whole,
            _ => here.len() as f64 / rest.len().max(1) as f64,
        };
        Some(given(months) + (total - given(&ALL)).max(0.0) * share)
    }

    /// The bounds within which a node's total of some months must lie: its own, those of its months, and those of all
    /// regions below it. A lock far down is one for everything above.
    fn reach(&self, node: usize, months: &[usize]) -> (f64, f64) {
        let ask = &self.asks[node];
        let part = self.part(node, months);
        let (mut low, mut high) = match (ask.year, self.of_year(node, months)) {
            (Some(row), Some(value)) if row.lock => (value, value),
            (row, _) => bounds(row, part),
        };
        let of_months = months.iter().map(|&k| bounds(ask.months[k], 1.0)).fold((0.0, 0.0), add);
        (low, high) = (low.max(of_months.0), high.min(of_months.1));
        if low > high && months.len() < ALL.len() {
            // A part of the year's bounds is a guess, a row for the month is not.
            (low, high) = of_months;
        }
        let rows = ask.year.is_some_and(|r| r.value.is_some()) || months.iter().any(|&k| ask.months[k].is_some());
        if let Some(row) = ask.growth.filter(|g| g.lock && !rows) {
            let value = (self.sum(&self.actual, node, &ALL) * part * (1.0 + row.growth)).max(0.0);
            (low, high) = (low.max(value), high.min(value));
        }
        let children = self.known.data.grid.regions.children(node);
        if !children.is_empty() {
            let below = children.iter().map(|&c| self.reach(c, months)).fold((0.0, 0.0), add);
            (low, high) = (low.max(below.0), high.min(below.1));
        }
        (low, high)
    }

    /// The bounds of one month: the node's row for it, and those of the regions below.
    fn of_month(&self, node: usize, k: usize) -> (f64, f64) {
        let (low, high) = bounds(self.asks[node].months[k], 1.0);
        let children = self.known.data.grid.regions.children(node);
        let below = children.iter().map(|&c| self.of_month(c, k)).reduce(add).unwrap_or((0.0, f64::INFINITY));
        (low.max(below.0), high.min(below.1))
    }

    /// An error that names the locks and bounds at and below a node that bear on some months.
    fn infeasible(&mut self, node: usize, total: f64, low: f64, high: f64, months: &[usize]) {
        let regions = &self.known.data.grid.regions;
        let name = |node: usize, place: &Place| format!("{} ({place})", regions.name(node));
        let bounded = |r: &&Target| (r.lock && r.value.is_some()) || r.min.is_some() || r.max.is_some();
        let (mut locks, mut places) = (Vec::new(), Vec::new());
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            let ask = &self.asks[at];
            let rows = ask.year.into_iter().chain(months.iter().filter_map(|&k| ask.months[k])).filter(bounded);
            let rates = ask.growth.iter().filter(|g| g.lock).map(|g| &g.place);
            for place in rows.map(|r| &r.place).chain(rates) {
                locks.push(name(at, place));
                places.push(place.clone());
            }
            open.extend(regions.children(at).iter().rev());
        }
        let place = places.into_iter().next().or_else(|| self.out.place.clone());
        let message = say::locks_leave_no_room(regions.name(node), self.out.year, total, low, high, &locks.join(", "));
        self.problems.error(place, "infeasible_locks", message);
    }

    /// Every lock and bound against what came out: those of a node that nobody shared a total out to, and a row
    /// outside of its own bounds, are found only here.
    fn check(&mut self, errors_before: usize) {
        if self.problems.errors() > errors_before {
            return;
        }
        for node in 0..self.asks.len() {
            let ask = self.asks[node].clone();
            let leaves = self.known.data.grid.regions.leaves(node);
            let sum = |months: &[usize]| -> Option<f64> {
                let cells = leaves.clone().flat_map(|l| months.iter().map(move |&k| (l, k)));
                cells.map(|key| self.out.leaves[key]).try_fold(0.0, |sum, x| x.map(|x| sum + x))
            };
            let year = ask.year.map(|r| (r, ALL.to_vec()));
            let rows = year.into_iter().chain((0..12).filter_map(|k| ask.months[k].map(|r| (r, vec![k]))));
            let broken = rows.filter_map(|(row, months)| {
                let (low, high) = bounds(Some(row), 1.0);
                // A lock outside of its own bounds contradicts itself.
                let (low, high) = (low.max(row.min.unwrap_or(low)), high.min(row.max.unwrap_or(high)));
                let total = sum(&months)?;
                let slack = 1e-9 * total.abs().max(1.0);
                (total < low - slack || total > high + slack).then_some((total, low, high, months))
            });
            if let Some((total, low, high, months)) = broken.take(1).next() {
                return self.infeasible(node, total, low, high, &months);
            }
        }
    }

    /// Node totals from the leaves.
    fn sum_up(&mut self) {
        let regions = &self.known.data.grid.regions;
        for node in 0..regions.len() {
            let cells = regions.leaves(node).flat_map(|l| self.out.leaves.row(l).to_vec());
            let reached: Vec<f64> = cells.flatten().collect();
            let target = &mut self.out.nodes[node];
            target.target = (!reached.is_empty()).then(|| reached.iter().sum());
            if target.why == Why::None && target.target.is_some() {
                target.why = Why::Sum;
            }
        }
    }
}

/// What the children of a node may take of its total.
struct Parts {
    weights: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
    /// Numbers of their own.
    given: Vec<Option<f64>>,
    /// What planners' rates make of last year.
    growths: Vec<Option<f64>>,
}

/// The months of a fiscal year.
const ALL: [usize; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

fn add(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0 + b.0, a.1 + b.1)
}

/// Lower and upper bound of a row, for a part of its year.
fn bounds(row: Option<&Target>, part: f64) -> (f64, f64) {
    let Some(row) = row else { return (0.0, f64::INFINITY) };
    if let (true, Some(value)) = (row.lock, row.value) {
        return (value * part, value * part);
    }
    let low = row.min.map_or(0.0, |x| x * part);
    (low, row.max.map_or(f64::INFINITY, |x| x * part).max(low))
}
