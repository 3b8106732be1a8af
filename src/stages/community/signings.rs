//! Signings ahead, by community and month: the life table times the community's multiplier times the season, never more
//! than the households left (docs/METHOD.md#communities).
//!
//! A community ahead of the table may be a willing one, of which as much more is still to come (`m`), or a quick one, of
//! which that much less is left: `q = 1 - (o - e) / r` with r what the table still expects. What is used lies between,
//! `w m + (1 - w) q`; w is learned from a trial a year back (1 without one).

use ndarray::Array2;

use super::full::full_from;
use super::groups::{Sorting, Units, nearest};
use super::record::Record;
use super::season;
use crate::calendar::Calendar;
use crate::stats::life_table::{Curve, FIRST_LAG, Part};
use crate::stats::shrink;

/// Rounds of curve, multipliers and season.
const ROUNDS: usize = 6;
/// Variance of a community's month over the square of its mean, as months are weighed for the season: a fifth either
/// way.
const MONTH_NOISE: f64 = 0.04;
/// Relative variance of a community's total as totals are weighed for w, and communities that count for w = 1.
const NOISE: f64 = 0.1;
const PRIOR_WILLING: f64 = 2.0;
/// What haste makes of what is left, at most.
const MOST_LEFT: f64 = 3.0;
/// A year back the model is tried, where there is a year before that.
const YEAR: usize = 12;
/// Totals expected under this say nothing of how wide bounds must be.
const LEAST_TOTAL: f64 = 5.0;
/// Fewer communities tried than this teach nothing of how wide bounds must be.
const LEAST_TRIED: usize = 8;
/// The largest relative variance that bounds are widened by, and steps of its bisection.
const WIDEST: f64 = 4.0;
const STEPS: usize = 40;
/// The z of an 80% interval.
pub const Z80: f64 = 1.281_551_565_544_9;

/// Signings ahead and what they rest on.
#[derive(Clone, Debug)]
pub struct Signings {
    /// The life table.
    pub curve: Curve,
    /// Weights of the months of the record and ahead.
    pub season: Vec<f64>,
    /// The communities' multipliers.
    pub units: Units,
    /// How communities are sorted.
    pub sorting: Sorting,
    /// w: how far a head start is taken for willingness and not for haste, within [0, 1].
    pub willing: f64,
    /// Variance of a community's month beyond that of counts, over the square of its mean.
    pub month_noise: f64,
    /// Relative variance of a community's total beside that of its multiplier (its own pace, above all), as the trial
    /// of a year ago teaches: of communities in which somebody has signed, and of the others.
    pub beyond: [f64; 2],
    /// Households left to sign at the cutoff, by community.
    pub left: Vec<f64>,
    /// Households signing, community x month ahead.
    pub ahead: Array2<f64>,
    /// Where none are on record: households that the stated curve lets expect, community x month of the record.
    pub past: Option<Array2<f64>>,
}

impl Signings {
    /// Signings ahead, communities sorted as a trial a year back found best.
    pub fn new(record: &Record, sortings: &[Sorting], calendar: &Calendar) -> Option<Signings> {
        let (mut best, mut beyond, mut willing) = (0, [0.0; 2], 1.0);
        if record.is_recorded && record.months >= 2 * YEAR {
            let past = record.before(YEAR);
            let base = Base::new(&past, calendar, willing);
            let tried: Vec<Signings> = sortings.iter().map(|s| base.signings(&past, s, willing, beyond)).collect();
            let sum = |c: usize| record.signed.row(c).iter().skip(past.months).sum::<f64>();
            let came: Vec<f64> = (0..record.leaf.len()).map(sum).collect();
            let said: Vec<Vec<f64>> = tried.iter().map(|s| s.totals(YEAR)).collect();
            best = nearest(&said, &came);
            let quick = base.signings(&past, sortings.get(best)?, 0.0, beyond).totals(YEAR);
            willing = tried.get(best)?.willingness(said.get(best)?, &quick, &came);
            let tried = base.signings(&past, sortings.get(best)?, willing, beyond);
            let said = tried.totals(YEAR);
            beyond = [true, false].map(|begun| tried.needed(&said, &came, begun));
        }
        Some(Base::new(record, calendar, willing).signings(record, sortings.get(best)?, willing, beyond))
    }

    fn totals(&self, months: usize) -> Vec<f64> {
        self.ahead.rows().into_iter().map(|row| row.iter().take(months).sum()).collect()
    }

    /// The w that would have brought the totals of communities that had begun nearest to what came: by least squares, each
    /// by the inverse of its variance, between what was said at w = 1 and at w = 0. [`PRIOR_WILLING`] communities at 1 count
    /// beside them.
    fn willingness(&self, willing: &[f64], quick: &[f64], came: &[f64]) -> f64 {
        let (mut sum, mut weights) = (0.0, 0.0);
        for (c, (m, q)) in willing.iter().zip(quick).enumerate().filter(|(c, _)| self.has_begun(*c)) {
            let mean = (m + q) / 2.0;
            if mean < LEAST_TOTAL {
                continue;
            }
            let weight = 1.0 / (mean + NOISE * mean * mean);
            sum += weight * (came[c] - q) * (m - q);
            weights += weight * (m - q).powi(2);
        }
        ((sum + PRIOR_WILLING) / (weights + PRIOR_WILLING)).clamp(0.0, 1.0)
    }

    /// The relative variance that 80% bounds lacked to hold 80% of the totals that came, of communities that had begun
    /// to sign or had not.
    fn needed(&self, said: &[f64], came: &[f64], begun: bool) -> f64 {
        let variance = |(c, mean): (usize, &f64)| {
            let months: f64 = self.ahead.row(c).iter().take(YEAR).map(|x| x * x).sum();
            shrink::variance(*mean, self.units.kappa, self.units.observed[c]) + self.month_noise * months
        };
        let tried: Vec<(f64, f64, f64)> = said
            .iter()
            .enumerate()
            .filter(|(c, mean)| **mean >= LEAST_TOTAL && self.has_begun(*c) == begun)
            .map(|(c, mean)| ((came[c] - mean).abs(), *mean, variance((c, mean))))
            .collect();
        if tried.len() < LEAST_TRIED {
            return 0.0;
        }
        let inside = |beyond: f64| {
            let held = tried.iter().filter(|(miss, mean, v)| *miss <= Z80 * (v + beyond * mean * mean).sqrt());
            held.count() as f64 >= 0.8 * (tried.len() + 1) as f64
        };
        let (mut low, mut high) = (0.0, WIDEST);
        if inside(low) {
            return low;
        }
        for _ in 0..STEPS {
            let middle = (low + high) / 2.0;
            if inside(middle) { high = middle } else { low = middle }
        }
        high
    }

    /// Whether somebody has signed.
    fn has_begun(&self, community: usize) -> bool {
        self.units.observed[community] > 0.0
    }

    /// The relative variance of a community's total beside that of counts and months.
    pub fn spread(&self, community: usize) -> f64 {
        self.units.spread(community) + self.beyond[usize::from(!self.has_begun(community))]
    }
}

/// The curve with what is stated of it.
fn stated(record: &Record, curve: Curve) -> Curve {
    match &record.stated {
        Some((shares, weight)) => curve.with_stated(shares, *weight),
        None => curve,
    }
}

/// What does not depend on how communities are sorted.
struct Base {
    curve: Curve,
    season: Vec<f64>,
    observed: Vec<f64>,
    expected: Vec<f64>,
    /// The month from which on nobody is left in a community.
    full: Vec<usize>,
}

impl Base {
    fn new(record: &Record, calendar: &Calendar, willing: f64) -> Base {
        let (months, ahead) = (record.months, record.ahead.len());
        let earliest = record.parts.iter().map(|p| p.handover).min().unwrap_or(0);
        let last = (months + ahead) as i32 - earliest;
        let observed: Vec<f64> = record.signed.rows().into_iter().map(|row| row.sum()).collect();
        let mut season = vec![1.0; months + ahead];
        if !record.is_recorded {
            let observed = vec![0.0; record.leaf.len()];
            season = season::weights(&[], &[], record.first, months + ahead, calendar);
            let curve = stated(record, Curve::unseen(last));
            let full = vec![months; record.leaf.len()];
            return Base { curve, season, expected: observed.clone(), observed, full };
        }
        let pool = Sorting { column: None, group: vec![None; record.leaf.len()], count: 0 };
        // Everybody alike and nobody full to begin with. A community ahead of the table has more households to count by
        // as far as it is willing, not as far as it is quick.
        let mut multipliers = vec![1.0; record.leaf.len()];
        let counts = |multiplier: f64| 1.0 + willing * (multiplier - 1.0);
        let mut full = vec![months; record.leaf.len()];
        let mut round = 0;
        loop {
            let weight = |c: usize, t: usize| if t < full[c] { counts(multipliers[c]) * season[t] } else { 0.0 };
            let curve = stated(record, Curve::fit(&record.parts, record.signed.view(), weight, last));
            let mut of_pool = Array2::<f64>::zeros(record.signed.dim());
            each(&record.parts, &curve, 0..months, |c, t, e| of_pool[(c, t)] += e * season[t]);
            let open = |c: usize, full: &[usize]| of_pool.row(c).iter().take(full[c]).sum::<f64>();
            let expected = |full: &[usize]| (0..record.leaf.len()).map(|c| open(c, full)).collect::<Vec<f64>>();
            round += 1;
            if round == ROUNDS {
                let expected = expected(&full);
                return Base { curve, season, observed, expected, full };
            }
            let kappa = Units::new(observed.clone(), expected(&full), 1.0, &pool).kappa;
            full = full_from(record, of_pool.view(), kappa);
            let units = Units::new(observed.clone(), expected(&full), 1.0, &pool);
            multipliers = (0..record.leaf.len()).map(|c| units.multiplier(c)).collect();
            // Large communities at their height do not make a month's season alone: each counts by the inverse of the
            // variance of its month over its mean.
            let (mut came, mut of_month) = (vec![0.0; months], vec![0.0; months]);
            for ((c, t), of_pool) in of_pool.indexed_iter().filter(|((c, t), e)| **e > 0.0 && *t < full[*c]) {
                let mean = of_pool * multipliers[c];
                let weight = 1.0 / (1.0 + MONTH_NOISE * mean);
                came[t] += weight * record.signed[(c, t)];
                of_month[t] += weight * mean / season[t];
            }
            season = season::weights(&came, &of_month, record.first, ahead, calendar);
        }
    }

    fn signings(&self, record: &Record, sorting: &Sorting, willing: f64, beyond: [f64; 2]) -> Signings {
        let units = Units::new(self.observed.clone(), self.expected.clone(), 1.0, sorting);
        let (months, count) = (record.months, record.leaf.len());
        let multipliers: Vec<f64> = (0..count).map(|c| units.multiplier(c)).collect();
        let mut means = Array2::<f64>::zeros((count, months));
        each(&record.parts, &self.curve, 0..months, |c, t, e| {
            means[(c, t)] += if t < self.full[c] { e * self.season[t] * multipliers[c] } else { 0.0 };
        });
        let (mut excess, mut squares) = (0.0, 0.0);
        for (n, mean) in record.signed.iter().zip(&means) {
            excess += (n - mean).powi(2) - mean;
            squares += mean * mean;
        }
        // Of too few communities to tell, or of none on record, the usual.
        let month_noise = match squares > 0.0 && units.pool == 0.0 {
            true => (excess / squares).clamp(0.0, 1.0),
            false if squares > 0.0 => MONTH_NOISE,
            false => 0.0,
        };
        // Of a community that was handed over before the data begin, part had signed by then.
        let mut left: Vec<f64> = record.households.iter().zip(&self.observed).map(|(all, o)| all - o).collect();
        for part in &record.parts {
            left[part.community] -= multipliers[part.community] * part.households * self.curve.before(-part.handover);
        }
        if !record.is_recorded {
            left.iter_mut().zip(means.rows()).for_each(|(x, row)| *x -= row.sum());
        }
        let is_full = |c: usize| self.full[c] < months;
        left.iter_mut().enumerate().for_each(|(c, x)| *x = if is_full(c) { 0.0 } else { x.max(0.0) });
        let mut remaining = vec![0.0; count];
        for part in &record.parts {
            let gone = self.curve.before(months as i32 - part.handover);
            remaining[part.community] += part.households * (self.curve.before(i32::MAX / 2) - gone);
        }
        let still = |c: usize| {
            let prior = units.prior[c];
            let (lead, left) = (units.observed[c] - units.expected[c] * prior, remaining[c] * prior);
            let quick = if left > 0.0 { prior * (1.0 - lead / left).clamp(0.0, MOST_LEFT) } else { multipliers[c] };
            willing * multipliers[c] + (1.0 - willing) * quick
        };
        let still: Vec<f64> = (0..count).map(still).collect();
        let mut ahead = Array2::<f64>::zeros((count, record.ahead.len()));
        let range = months..months + record.ahead.len();
        each(record.all_parts(), &self.curve, range, |c, t, e| ahead[(c, t - months)] += e * self.season[t] * still[c]);
        for (mut row, left) in ahead.rows_mut().into_iter().zip(&left) {
            let mut open = *left;
            for x in &mut row {
                *x = x.min(open);
                open -= *x;
            }
        }
        let (curve, season) = (self.curve.clone(), self.season.clone());
        let past = (!record.is_recorded).then_some(means);
        Signings { curve, season, units, sorting: sorting.clone(), willing, month_noise, beyond, left, ahead, past }
    }
}

/// What the curve expects of every part in every month of a range, in households: `f(community, month, households)`.
fn each<'p>(
    parts: impl IntoIterator<Item = &'p Part>,
    curve: &Curve,
    months: std::ops::Range<usize>,
    mut f: impl FnMut(usize, usize, f64),
) {
    for part in parts {
        let from = (part.handover + FIRST_LAG).max(months.start as i32);
        for t in from..months.end as i32 {
            f(part.community, t as usize, curve.expected(part, t));
        }
    }
}
