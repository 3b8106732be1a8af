//! How many of the customers who find their product out take another one: `s`, from the months of all regions
//! (docs/METHOD.md#demand).

mod apart;

use ndarray::ArrayView2;
use rayon::prelude::*;

use super::Parents;
use super::stream;
use crate::dataset::Known;
use crate::stages::Parameters;
use crate::stages::parameters::Streaming;
use crate::stats::choice::{Days, Market, SUBSTITUTION_BOUNDS, Workspace};

/// How far the estimate is believed: half-way between it and the plain value. Where demand itself empties the shelf,
/// months with outages are months of much demand, and the estimate is too low (docs/METHOD.md#demand).
const BELIEF: f64 = 0.5;

/// Below this many months with something out nothing is estimated: the standard error of an estimate from n months is
/// itself uncertain by 1/sqrt(2n), 14% here.
const LEAST_MONTHS: usize = 24;

/// An estimate with a larger standard error is not used. Believed half-way it is wrong by half its own error and half
/// the plain value's, which is about .2 (markets lie between .4 and .95); that beats the plain value alone while
/// error^2 / 4 + .2^2 / 4 < .2^2, error < .35.
const LARGEST_ERROR: f64 = 0.35;

/// Months of a choice set from which on its own trend is taken out, and its seasons where no other region shows what
/// a month was like everywhere: two of each calendar month.
const TREND_MONTHS: usize = 24;

/// Choice sets of a group from which on the month's mean over them says what the month was like everywhere.
const SETS_PER_MONTH: usize = 3;

/// Rounds of taking out means in turn. With every choice set in every month one is exact; gaps need a few.
const SWEEPS: usize = 8;

/// Change of `s` at which it counts as found: a hundredth of what moves a demand by a percent.
const STEADY: f64 = 1e-4;

/// What the months say of `s`, the share of customers who would buy if everything were in stock.
#[derive(Clone, Debug, PartialEq)]
pub struct Substitution {
    /// The value before anything was estimated: the folder's setting.
    pub plain: f64,
    /// Where the covariance over months of log sum X with sum v u is zero, before shrinking; none where too few months
    /// say anything, or too little.
    pub estimate: Option<f64>,
    /// Standard error of the estimate: months are taken as independent, `sqrt(sum w^2 U^2 e^2) / |d cov / ds|` with U
    /// and e what is left of sum v u and log sum X. None where nothing moves.
    pub error: Option<f64>,
    /// What is used: half-way between the two, within the bounds of `s`; the plain value without an estimate.
    pub used: f64,
    /// Choice sets x months in which something was out and something was sold.
    pub months: usize,
    /// Whether the correction does what it should; none without such months, and where regions lie in many places.
    pub health: Option<Health>,
}

/// The correlation over months of log total with `sum v u`, the attraction that was out, region, trend and season taken
/// out of both. Where demand does not make its own outages it is negative before the correction (months with outages
/// sell less) and near 0 after it; far from 0 after it, the correction gives back too little (negative) or too much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Health {
    /// With the sales as they are.
    pub before: f64,
    /// With the demand at [`Substitution::used`].
    pub after: f64,
}

/// A choice set in a month.
struct Seen {
    set: usize,
    t: usize,
    group: usize,
    /// Log of the total sales.
    sold: f64,
    /// `sum v u`.
    out: f64,
    /// The month, where something was out.
    month: Option<Kept>,
    /// How much it counts: m / (m + kappa), m the set's mean sales a month. A few units' log says little.
    weight: f64,
}

/// A month with something out, per product.
struct Kept {
    sales: Vec<f64>,
    availability: Vec<f64>,
    attractions: Vec<f64>,
    /// The days that count and those without stock, where known.
    days: Option<(u32, Vec<u32>)>,
}

/// Estimates `s` from what is visible, over the months of all choice sets. Costs nothing where no stockout is recorded.
///
/// Source: docs/METHOD.md#demand: s such that `cov_t(log sum_i X_it(s), sum_i v_i u_it) = 0`, regions pooled, shrunk
/// half-way.
pub fn substitution(known: &Known, parameters: &Parameters) -> Substitution {
    let plain = parameters.market.substitution;
    let unknown = Substitution { plain, estimate: None, error: None, used: plain, months: 0, health: None };
    let Some(availability) = known.availability.filter(|_| parameters.correct && known.months() > 0) else {
        return unknown;
    };
    if known.data.across.is_part() {
        return apart::substitution(known, parameters, unknown);
    }
    let seen = look(known, availability, parameters);
    let months = seen.iter().filter(|m| m.month.is_some()).count();
    if months == 0 {
        return unknown;
    }
    let out: Vec<f64> = residual(&seen, seen.iter().map(|m| m.out).collect());
    let moment = |s: f64| -> f64 {
        let market = Market { substitution: s, ..parameters.market };
        let totals = totals(&seen, market);
        seen.iter().zip(&out).zip(totals).map(|((m, u), x)| m.weight * u * x).sum()
    };
    let health = |used: f64| {
        let before = residual(&seen, seen.iter().map(|m| m.sold).collect());
        let after = residual(&seen, totals(&seen, Market { substitution: used, ..parameters.market }));
        Some(Health { before: correlation(&seen, &out, &before), after: correlation(&seen, &out, &after) })
    };
    if months < LEAST_MONTHS {
        return Substitution { months, health: health(plain), ..unknown };
    }
    let (estimate, slope) = root(moment);
    let left = residual(&seen, totals(&seen, Market { substitution: estimate, ..parameters.market }));
    let noise: f64 = seen.iter().zip(&out).zip(&left).map(|((m, u), e)| (m.weight * u * e).powi(2)).sum();
    let error = (slope != 0.0).then(|| noise.sqrt() / slope.abs());
    let estimate = error.is_some_and(|e| e <= LARGEST_ERROR).then_some(estimate);
    let used = used(plain, estimate);
    Substitution { plain, estimate, error, used, months, health: health(used) }
}

/// The value used: half-way between the plain one and the estimate.
fn used(plain: f64, estimate: Option<f64>) -> f64 {
    let (least, most) = SUBSTITUTION_BOUNDS;
    estimate.map_or(plain, |s| (plain + BELIEF * (s - plain)).clamp(least, most))
}

/// Every month of every choice set in which something was sold, with the attractions of the correction that is run (the
/// mix hardly depends on `s`, the total does).
fn look(known: &Known, availability: ArrayView2<f64>, p: &Parameters) -> Vec<Seen> {
    let streaming = p.streaming.unwrap_or_else(|| Streaming::new(known.data.settings));
    let (grid, last) = (&known.data.grid, known.months() - 1);
    let parents = Parents::new(known, availability);
    let of_cell = |cell: usize| {
        let mut months: Vec<Seen> = Vec::new();
        let any = availability.slice(ndarray::s![grid.in_cell(cell), ..]).iter().any(|a| *a < 1.0);
        let mut all = 0.0;
        stream::follow(known, availability, cell, (&parents, streaming, p), last, |step| {
            let total: f64 = step.sales.iter().sum();
            // Shares in stock that were found from the sales say nothing of the sales.
            if total <= 0.0 || step.customers.is_none() || step.censored {
                return;
            }
            all += total;
            let out = step.attractions.iter().zip(step.availability).map(|(v, a)| v * (1.0 - a)).sum();
            let month = step.availability.iter().any(|a| *a < 1.0).then(|| Kept {
                sales: step.sales.to_vec(),
                availability: step.availability.to_vec(),
                attractions: step.attractions.to_vec(),
                days: step.days.map(|days| (days.open, days.out.to_vec())),
            });
            let group = grid.cell_key(cell).1;
            months.push(Seen { set: cell, t: step.t, group, sold: total.ln(), out, month, weight: 1.0 });
        });
        let mean = all / months.len().max(1) as f64;
        months.iter_mut().for_each(|m| m.weight = mean / (mean + streaming.kappa.max(0.0)));
        // A set that was never out says what the months were like, where it has company.
        if any || grid.regions.leaf_count() >= SETS_PER_MONTH { months } else { Vec::new() }
    };
    (0..grid.cell_count()).into_par_iter().map(of_cell).flatten_iter().collect()
}

/// Log of each month's total demand.
fn totals(seen: &[Seen], market: Market) -> Vec<f64> {
    let total = |work: &mut (Workspace, Vec<f64>), month: &Seen| {
        let Some(Kept { sales, availability, attractions, days }) = &month.month else { return month.sold };
        let (work, x) = work;
        x.clear();
        x.resize(sales.len(), 0.0);
        let days = days.as_ref().map(|(open, out)| Days { open: *open, out });
        market.recover_by_day((sales, availability, days), attractions, x, work);
        let sum: f64 = x.iter().map(|x| x.max(0.0)).sum();
        if sum > 0.0 { sum.ln() } else { month.sold }
    };
    seen.par_iter().with_min_len(64).map_init(Default::default, total).collect()
}

/// What is left of `x` when the level and trend of each choice set and the mean of each month over its group's sets are
/// taken out; for a group of too few sets, the mean of each calendar month of a set.
fn residual(seen: &[Seen], mut x: Vec<f64>) -> Vec<f64> {
    let groups = seen.iter().map(|m| m.group).max().map_or(0, |g| g + 1);
    let months = seen.iter().map(|m| m.t).max().map_or(0, |t| t + 1);
    // Sets stand one after another.
    let sets: Vec<std::ops::Range<usize>> = ranges(seen);
    let mut sets_of = vec![0_usize; groups];
    sets.iter().for_each(|set| sets_of[seen[set.start].group] += 1);
    let mut means = vec![(0.0, 0.0); groups * months];
    for _ in 0..SWEEPS {
        means.fill((0.0, 0.0));
        for (m, x) in seen.iter().zip(&x) {
            let mean = &mut means[m.group * months + m.t];
            *mean = (mean.0 + m.weight * x, mean.1 + m.weight);
        }
        for (m, x) in seen.iter().zip(&mut x) {
            let (sum, weight) = means[m.group * months + m.t];
            if sets_of[m.group] >= SETS_PER_MONTH && weight > 0.0 {
                *x -= sum / weight;
            }
        }
        for set in &sets {
            let alone = sets_of[seen[set.start].group] < SETS_PER_MONTH;
            within(&seen[set.clone()], &mut x[set.clone()], alone);
        }
    }
    x
}

/// One choice set: its level out of `x`, and with enough months its trend and, where it stands alone, its seasons.
fn within(months: &[Seen], x: &mut [f64], alone: bool) {
    let n = x.len() as f64;
    let long = x.len() >= TREND_MONTHS;
    if long && alone {
        let mut of = [(0.0, 0.0); 12];
        months.iter().zip(x.iter()).for_each(|(m, x)| of[m.t % 12] = (of[m.t % 12].0 + x, of[m.t % 12].1 + 1.0));
        months.iter().zip(x.iter_mut()).for_each(|(m, x)| *x -= of[m.t % 12].0 / of[m.t % 12].1);
    }
    let mean = x.iter().sum::<f64>() / n;
    let middle = months.iter().map(|m| m.t as f64).sum::<f64>() / n;
    let spread: f64 = months.iter().map(|m| (m.t as f64 - middle).powi(2)).sum();
    let along: f64 = months.iter().zip(x.iter()).map(|(m, x)| (m.t as f64 - middle) * (x - mean)).sum();
    let slope = if long && spread > 0.0 { along / spread } else { 0.0 };
    months.iter().zip(x.iter_mut()).for_each(|(m, x)| *x -= mean + slope * (m.t as f64 - middle));
}

/// The ranges of equal choice sets.
fn ranges(seen: &[Seen]) -> Vec<std::ops::Range<usize>> {
    let mut out: Vec<std::ops::Range<usize>> = Vec::new();
    for (i, m) in seen.iter().enumerate() {
        match out.last_mut() {
            Some(last) if seen[last.start].set == m.set => last.end = i + 1,
            _ => out.push(i..i + 1),
        }
    }
    out
}

fn correlation(seen: &[Seen], x: &[f64], y: &[f64]) -> f64 {
    let sum = |of: &dyn Fn(usize) -> f64| -> f64 { (0..seen.len()).map(|i| seen[i].weight * of(i)).sum() };
    let both = (sum(&|i| x[i] * x[i]) * sum(&|i| y[i] * y[i])).sqrt();
    if both > 0.0 { sum(&|i| x[i] * y[i]) / both } else { 0.0 }
}

/// Where `f`, which falls with `s`, is zero, and its slope there; the nearer bound where it is not zero within them.
/// Regula falsi (Illinois).
fn root(f: impl Fn(f64) -> f64) -> (f64, f64) {
    let ((mut low, mut high), slope) = (SUBSTITUTION_BOUNDS, |s: f64| {
        let (a, b) = ((s - 0.05).max(SUBSTITUTION_BOUNDS.0), (s + 0.05).min(SUBSTITUTION_BOUNDS.1));
        (f(b) - f(a)) / (b - a)
    });
    let (mut at_low, mut at_high) = (f(low), f(high));
    if at_low <= 0.0 {
        return (low, slope(low));
    }
    if at_high >= 0.0 {
        return (high, slope(high));
    }
    let (mut s, mut side) = (low, 0);
    for _ in 0..50 {
        let next = (low * at_high - high * at_low) / (at_high - at_low);
        let moved = (next - s).abs();
        s = next;
        let at = f(s);
        if moved < STEADY || at == 0.0 {
            break;
        }
        // An end that stays twice counts half.
        if at > 0.0 {
            (low, at_low) = (s, at);
            at_high /= if side > 0 { 2.0 } else { 1.0 };
            side = 1;
        } else {
            (high, at_high) = (s, at);
            at_low /= if side < 0 { 2.0 } else { 1.0 };
            side = -1;
        }
    }
    (s, slope(s))
}
