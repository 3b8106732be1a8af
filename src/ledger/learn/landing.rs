//! How a month fills up by its working days, and what its forecast counts beside what has sold.

use std::collections::BTreeMap;

use super::{LEAST_MONTHS, Passed, cutoff, helps, key, months, series, sum, tried};
use crate::dataset::Known;
use crate::dataset::ledger::{Source, Step};
use crate::stages::Parameters;
use crate::stages::lessons::{Evidence, Landing};
use crate::stages::revision::month_to_date;

/// What a month counts beside the one after it.
const DISCOUNT: f64 = 0.95;
/// Months from which on k is learned.
const PRIOR_MONTHS: usize = 12;
/// The values of k that are tried.
const PRIORS: [f64; 7] = [0.06, 0.12, 0.25, 0.5, 1.0, 2.0, 4.0];

/// One key's month to date, and what the month came to.
struct Row {
    month: i32,
    cutoff: i32,
    passed: f64,
    sold: f64,
    prior: f64,
    actual: f64,
}

impl super::Row for Row {
    fn month(&self) -> i32 {
        self.month
    }

    fn cutoff(&self) -> i32 {
        self.cutoff
    }
}

/// Learns the profile and k; none where they do not help, or where there was no month to date.
pub(super) fn learn(known: &Known, passed: &[Passed], plain: &Parameters) -> Option<Landing> {
    let rows = rows(known, passed);
    let usual = plain.progress_prior;
    let evidence = tried(&rows, |before, now| {
        let found = fit(before, usual)?;
        let mut errors = [0.0; 3];
        for row in now {
            errors[0] += (landed(row, &found) - row.actual).abs();
            errors[1] += (month_to_date(row.sold, row.prior, row.passed, usual) - row.actual).abs();
            errors[2] += row.actual;
        }
        Some(errors)
    });
    if !helps(&evidence) {
        return None;
    }
    let all: Vec<&Row> = rows.iter().collect();
    Some(Landing { evidence, ..fit(&all, usual)? })
}

fn landed(row: &Row, landing: &Landing) -> f64 {
    month_to_date(row.sold, row.prior, landing.share(row.passed), landing.prior)
}

fn rows(known: &Known, passed: &[Passed]) -> Vec<Row> {
    let grid = &known.data.grid;
    let mut rows = Vec::new();
    for one in passed.iter().filter(|p| p.month.lag == 0) {
        for said in one.month.of(Source::ToDate) {
            let series = series(grid, key(grid, said));
            let actual: f64 = series.iter().map(|s| one.sold[*s].max(0.0)).sum();
            let passed = said.passed.unwrap_or(0.0);
            if actual > 0.0 && passed > 0.0 && passed < 1.0 {
                let prior = sum(one.month.after(Step::Combined), &series);
                let (month, cutoff) = (one.index as i32, cutoff(known, one.issue));
                rows.push(Row { month, cutoff, passed, sold: said.units, prior, actual });
            }
        }
    }
    rows
}

fn fit(rows: &[&Row], usual: f64) -> Option<Landing> {
    let last = rows.iter().map(|r| r.month).max()?;
    if months(rows.iter().copied()) < LEAST_MONTHS {
        return None;
    }
    // Of one month and day all rows together: single products are mostly chance.
    let mut days: BTreeMap<(i32, u64), (f64, f64)> = BTreeMap::new();
    for row in rows {
        let sums = days.entry((row.month, row.passed.to_bits())).or_default();
        sums.0 += row.sold;
        sums.1 += row.actual;
    }
    let profile = days
        .into_iter()
        .filter(|(_, (sold, _))| *sold > 0.0)
        .map(|((month, passed), (sold, actual))| {
            let passed = f64::from_bits(passed);
            (passed, (sold / actual / passed).ln(), DISCOUNT.powi(last - month))
        })
        .collect();
    let mut found = Landing { prior: usual, profile, evidence: Evidence::default() };
    if months(rows.iter().copied()) >= PRIOR_MONTHS {
        let error = |prior: f64| -> f64 {
            let tried = Landing { prior, ..found.clone() };
            rows.iter().map(|r| (landed(r, &tried) - r.actual).abs()).sum()
        };
        let best = PRIORS.into_iter().map(|k| (error(k), k)).min_by(|a, b| a.0.total_cmp(&b.0));
        found.prior = best.filter(|(least, _)| *least < error(usual)).map_or(usual, |(_, k)| k);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_months_are_learned() {
        // By 40% of the working days 30% has sold, every month; the forecast is no better than a guess.
        let rows: Vec<Row> = (0..14)
            .map(|t| {
                let actual = 100.0 + 10.0 * f64::from(t % 5);
                Row { month: t, cutoff: t - 1, passed: 0.4, sold: 0.3 * actual, prior: 120.0, actual }
            })
            .collect();
        let found = fit(&rows.iter().collect::<Vec<_>>(), 0.25).unwrap();
        let weight: f64 = (0..14).map(|t| 0.95_f64.powi(t)).sum();
        let expected = 0.4 * (0.75_f64.ln() * weight / (weight + 2.0)).exp();
        assert!((found.share(0.4) - expected).abs() < 1e-12);
        // What has sold says nearly all, and the forecast little.
        assert!(found.prior < 0.25, "{}", found.prior);
        assert!(fit(&rows.iter().take(2).collect::<Vec<_>>(), 0.25).is_none());
    }
}
