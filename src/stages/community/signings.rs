//! Signings ahead, by community and month: the life table times the community's multiplier times the season, never more
//! than the households left (METHOD F).

use ndarray::Array2;

use super::groups::{Sorting, Units, nearest};
use super::record::Record;
use super::season;
use crate::calendar::Calendar;
use crate::stats::life_table::{Curve, FIRST_LAG};
use crate::stats::shrink;

/// Rounds of curve, multipliers and season.
const ROUNDS: usize = 3;
/// A year back the model is tried, where there is a year before that.
const YEAR: usize = 12;
/// Totals expected under this say nothing of how wide bounds must be.
const LEAST_TOTAL: f64 = 5.0;
/// Communities tried that count as many as having found the bounds right.
const PRIOR_TRIED: f64 = 20.0;
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
    /// Variance of a community's month beyond that of counts, over the square of its mean.
    pub month_noise: f64,
    /// What standard deviations are multiplied with, as the trial of a year ago teaches.
    pub widened: f64,
    /// Households left to sign at the cutoff, by community.
    pub left: Vec<f64>,
    /// Households signing, community x month ahead.
    pub ahead: Array2<f64>,
}

impl Signings {
    /// Signings ahead, communities sorted as a trial a year back found best.
    pub fn new(record: &Record, sortings: &[Sorting], calendar: &Calendar) -> Option<Signings> {
        let (mut best, mut widened) = (0, 1.0);
        if record.months >= 2 * YEAR {
            let past = record.before(YEAR);
            let base = Base::new(&past, calendar);
            let tried: Vec<Signings> = sortings.iter().map(|s| base.signings(&past, s, 1.0)).collect();
            let sum = |c: usize| record.signed.row(c).iter().skip(past.months).sum::<f64>();
            let came: Vec<f64> = (0..record.leaf.len()).map(sum).collect();
            let said: Vec<Vec<f64>> = tried.iter().map(|s| s.totals(YEAR)).collect();
            best = nearest(&said, &came);
            widened = tried.get(best).map_or(1.0, |s| s.needed(&said[best], &came));
        }
        Some(Base::new(record, calendar).signings(record, sortings.get(best)?, widened))
    }

    fn totals(&self, months: usize) -> Vec<f64> {
        self.ahead.rows().into_iter().map(|row| row.iter().take(months).sum()).collect()
    }

    /// How much wider 80% bounds had to be to hold 80% of the totals that came.
    fn needed(&self, said: &[f64], came: &[f64]) -> f64 {
        let variance = |(c, mean): (usize, &f64)| {
            let months: f64 = self.ahead.row(c).iter().take(YEAR).map(|x| x * x).sum();
            shrink::variance(*mean, self.units.kappa, self.units.observed[c]) + self.month_noise * months
        };
        let tried = said.iter().enumerate().filter(|(_, mean)| **mean >= LEAST_TOTAL);
        let mut z: Vec<f64> = tried.map(|(c, mean)| (came[c] - mean).abs() / variance((c, mean)).sqrt()).collect();
        z.sort_by(f64::total_cmp);
        let n = z.len() as f64;
        let at = ((0.8 * (n + 1.0)).ceil() as usize).clamp(1, z.len().max(1));
        let Some(found) = z.get(at - 1) else { return 1.0 };
        ((n * (found / Z80).powi(2) + PRIOR_TRIED) / (n + PRIOR_TRIED)).sqrt()
    }

    /// The relative variance of a community's total beside that of counts and months.
    pub fn spread(&self, community: usize) -> f64 {
        self.units.spread(community)
    }
}

/// What does not depend on how communities are sorted.
struct Base {
    curve: Curve,
    season: Vec<f64>,
    observed: Vec<f64>,
    expected: Vec<f64>,
}

impl Base {
    fn new(record: &Record, calendar: &Calendar) -> Base {
        let (months, ahead) = (record.months, record.ahead.len());
        let earliest = record.parts.iter().map(|p| p.handover).min().unwrap_or(0);
        let last = (months + ahead) as i32 - earliest;
        let observed: Vec<f64> = record.signed.rows().into_iter().map(|row| row.sum()).collect();
        let by_month: Vec<f64> = record.signed.columns().into_iter().map(|column| column.sum()).collect();
        let mut season = vec![1.0; months + ahead];
        let pool = Sorting { column: None, group: vec![None; record.leaf.len()], count: 0 };
        let mut round = 0;
        loop {
            let curve = Curve::fit(&record.parts, record.signed.view(), &season[..months], last);
            let mut expected = vec![0.0; record.leaf.len()];
            each(record, &curve, 0..months, |c, t, e| expected[c] += e * season[t]);
            round += 1;
            if round == ROUNDS {
                return Base { curve, season, observed, expected };
            }
            let units = Units::new(observed.clone(), expected, 1.0, &pool);
            let mut of_month = vec![0.0; months];
            each(record, &curve, 0..months, |c, t, e| of_month[t] += e * units.multiplier(c));
            season = season::weights(&by_month, &of_month, record.first, ahead, calendar);
        }
    }

    fn signings(&self, record: &Record, sorting: &Sorting, widened: f64) -> Signings {
        let units = Units::new(self.observed.clone(), self.expected.clone(), 1.0, sorting);
        let (months, count) = (record.months, record.leaf.len());
        let multipliers: Vec<f64> = (0..count).map(|c| units.multiplier(c)).collect();
        let mut means = Array2::<f64>::zeros((count, months));
        each(record, &self.curve, 0..months, |c, t, e| means[(c, t)] += e * self.season[t] * multipliers[c]);
        let (mut beyond, mut squares) = (0.0, 0.0);
        for (n, mean) in record.signed.iter().zip(&means) {
            beyond += (n - mean).powi(2) - mean;
            squares += mean * mean;
        }
        let month_noise = if squares > 0.0 { (beyond / squares).clamp(0.0, 1.0) } else { 0.0 };
        // Of a community that was handed over before the data begin, part had signed by then.
        let mut left: Vec<f64> = record.households.iter().zip(&self.observed).map(|(all, o)| all - o).collect();
        for part in &record.parts {
            left[part.community] -= multipliers[part.community] * part.households * self.curve.before(-part.handover);
        }
        left.iter_mut().for_each(|x| *x = x.max(0.0));
        let mut ahead = Array2::<f64>::zeros((count, record.ahead.len()));
        let range = months..months + record.ahead.len();
        each(record, &self.curve, range, |c, t, e| ahead[(c, t - months)] += e * self.season[t] * multipliers[c]);
        for (mut row, left) in ahead.rows_mut().into_iter().zip(&left) {
            let mut open = *left;
            for x in &mut row {
                *x = x.min(open);
                open -= *x;
            }
        }
        let (curve, season) = (self.curve.clone(), self.season.clone());
        Signings { curve, season, units, sorting: sorting.clone(), month_noise, widened, left, ahead }
    }
}

/// What the curve expects of every part in every month of a range, in households: `f(community, month, households)`.
fn each(record: &Record, curve: &Curve, months: std::ops::Range<usize>, mut f: impl FnMut(usize, usize, f64)) {
    for part in &record.parts {
        let from = (part.handover + FIRST_LAG).max(months.start as i32);
        for t in from..months.end as i32 {
            f(part.community, t as usize, curve.expected(part, t));
        }
    }
}
