//! What the stock in the channel did to the month ahead.
//!
//! ```text
//! log(actual / forecast) = b0 + b1 log(cover / norm) + b2 last log miss + b3 log(landing / its forecast)
//! ```
//! pooled over regions, .95 a month, ridge .1, three Huber steps; then times the discounted sum of actuals over that of
//! the predictions. See docs/METHOD.md#lessons; Blattberg, Hoch 1990 (Management Science 36); Huber 1964 (Annals of
//! Mathematical Statistics 35).

use std::collections::BTreeMap;

use super::{Passed, Sales, cutoff, helps, key, series, sum, tried};
use crate::dataset::Known;
use crate::dataset::ledger::{Source, Step};
use crate::stages::Parameters;
use crate::stages::attainment::by_steps;
use crate::stages::lessons::{CHANNEL_VARIABLES, Channel, Evidence, Key};
use crate::stats::quantile::median;
use crate::stats::regress::Sums;

/// What a month counts beside the one after it.
const DISCOUNT: f64 = 0.95;
/// Penalty of the regression.
const RIDGE: f64 = 0.1;
/// Passes in which rows far off are held down.
const HUBER_STEPS: usize = 3;
/// Errors within so many standard deviations count in full: 95% efficiency where errors are normal is 1.345; 1.5 was
/// measured with.
const HUBER: f64 = 1.5;
/// The median absolute error times this is the standard deviation of normal errors.
const NORMAL: f64 = 1.4826;

/// One key's month with its cover when it was one month ahead.
struct Row {
    month: i32,
    cutoff: i32,
    key: Key,
    cover: f64,
    norm: f64,
    forecast: f64,
    actual: f64,
    x: [f64; CHANNEL_VARIABLES],
}

impl super::Row for Row {
    fn month(&self) -> i32 {
        self.month
    }

    fn cutoff(&self) -> i32 {
        self.cutoff
    }
}

/// Learns the attainment of the month ahead; none where it does not help.
pub(super) fn learn(known: &Known, passed: &[Passed], plain: &Parameters) -> Option<Channel> {
    let rows = rows(known, passed, plain);
    let evidence = tried(&rows, |before, now| {
        let found = fit(before, Vec::new())?;
        let mut errors = [0.0; 3];
        for row in now {
            // The row has its last miss with it.
            let told = Channel { misses: vec![(row.key, row.x[2])], ..found.clone() };
            let factor = told.attained(row.key, row.cover, row.norm, row.x[3].exp()).factor;
            let steps = by_steps(row.cover / row.norm, &plain.attainment);
            errors[0] += (factor * row.forecast - row.actual).abs();
            errors[1] += (steps * row.forecast - row.actual).abs();
            errors[2] += row.actual;
        }
        Some(errors)
    });
    if !helps(&evidence) {
        return None;
    }
    let last = known.months() as i32 - 1;
    let mut misses: Vec<(Key, f64)> =
        rows.iter().filter(|r| r.month == last).map(|r| (r.key, (r.actual / r.forecast).ln())).collect();
    misses.sort_by_key(|(key, _)| *key);
    let all: Vec<&Row> = rows.iter().collect();
    Some(Channel { evidence, ..fit(&all, misses)? })
}

/// Months with a zero actual, forecast, cover or norm are left out.
fn rows(known: &Known, passed: &[Passed], plain: &Parameters) -> Vec<Row> {
    let grid = &known.data.grid;
    let mut rows: Vec<Row> = Vec::new();
    for one in passed.iter().filter(|p| p.month.lag == 1) {
        let counts: Vec<_> = one.month.of(Source::Channel).collect();
        if counts.is_empty() {
            continue;
        }
        let sales = Sales::new(known, one, Step::Stat, plain);
        let begun = one.issue.months.iter().find(|m| m.lag == 0);
        for count in counts {
            let key = key(grid, count);
            let series = series(grid, key);
            let (forecast, actual) = (sales.of(&series).0, sum(&sales.sold, &series));
            let (Some(cover), Some(norm)) = (count.cover, count.norm) else { continue };
            if [forecast, actual, cover, norm].iter().any(|x| *x <= 0.0) {
                continue;
            }
            let landing = begun.map_or(1.0, |m| {
                let (landed, stat) = (sum(m.after(Step::Landed), &series), sum(m.after(Step::Stat), &series));
                if landed > 0.0 && stat > 0.0 { landed / stat } else { 1.0 }
            });
            rows.push(Row {
                month: one.index as i32,
                cutoff: cutoff(known, one.issue),
                key,
                cover,
                norm,
                forecast,
                actual,
                x: [1.0, (cover / norm).ln(), 0.0, landing.ln()],
            });
        }
    }
    // The last miss known when a row was issued: of the month that was the last complete one.
    let misses: BTreeMap<(Key, i32), f64> =
        rows.iter().map(|r| ((r.key, r.month), (r.actual / r.forecast).ln())).collect();
    for row in &mut rows {
        row.x[2] = misses.get(&(row.key, row.cutoff)).copied().unwrap_or(0.0);
    }
    rows
}

fn fit(rows: &[&Row], misses: Vec<(Key, f64)>) -> Option<Channel> {
    let last = rows.iter().map(|r| r.month).max()?;
    let age = |row: &Row| DISCOUNT.powi(last - row.month);
    let miss = |row: &Row| (row.actual / row.forecast).ln();
    let told = |b: &[f64], row: &Row| -> f64 { b.iter().zip(&row.x).map(|(b, x)| b * x).sum() };
    let mut b = vec![0.0; CHANNEL_VARIABLES];
    let mut held = vec![1.0; rows.len()];
    for pass in 0..=HUBER_STEPS {
        if pass > 0 {
            let off: Vec<f64> = rows.iter().map(|row| (miss(row) - told(&b, row)).abs()).collect();
            let scale = NORMAL * median(&mut off.clone()).unwrap_or(0.0);
            held = off.iter().map(|off| if *off > HUBER * scale { HUBER * scale / off } else { 1.0 }).collect();
        }
        let mut sums = Sums::new(CHANNEL_VARIABLES);
        rows.iter().zip(&held).for_each(|(row, held)| sums.add(&row.x, miss(row), age(row) * held));
        b = sums.ridge_alike(RIDGE)?;
    }
    let (mut actual, mut predicted) = (0.0, 0.0);
    for row in rows {
        actual += age(row) * row.actual;
        predicted += age(row) * row.forecast * told(&b, row).exp();
    }
    let b: [f64; CHANNEL_VARIABLES] = b.try_into().ok()?;
    let ratio = if predicted > 0.0 { actual / predicted } else { 1.0 };
    Some(Channel { b, ratio, misses, evidence: Evidence::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Scope;

    fn row(month: i32, cover: f64, attained: f64) -> Row {
        let x = [1.0, cover.ln(), 0.0, 0.0];
        let key = (1, Scope::All);
        Row { month, cutoff: month - 1, key, cover, norm: 1.0, forecast: 100.0, actual: 100.0 * attained, x }
    }

    #[test]
    fn a_line_of_four_months_by_hand() {
        // Attained exactly cover^-.5 with weights 1 (one month): b from (X'X + .1 I)^-1 X'y with X = (1, +-1), y = -+.5:
        // intercept 0, slope -.5 x 4 / 4.1.
        let rows = [1.0_f64, -1.0, 1.0, -1.0].map(|log| row(5, log.exp(), (-0.5 * log).exp()));
        let all: Vec<&Row> = rows.iter().collect();
        let found = fit(&all, Vec::new()).unwrap();
        assert!(found.b[0].abs() < 1e-12 && (found.b[1] + 0.5 * 4.0 / 4.1).abs() < 1e-12, "{:?}", found.b);
        let predicted = 2.0 * (0.5_f64 * 4.0 / 4.1).cosh();
        assert!((found.ratio - 2.0 * 0.5_f64.cosh() / predicted).abs() < 1e-12);
    }

    #[test]
    fn one_month_far_off_hardly_counts() {
        let mut rows: Vec<Row> = (0..30).map(|t| row(t, (0.2 * f64::from(t % 5 - 2)).exp(), 1.0)).collect();
        rows.push(row(29, 1.0, 5.0));
        let all: Vec<&Row> = rows.iter().collect();
        let found = fit(&all, Vec::new()).unwrap();
        assert!(found.b[0].abs() < 0.02, "{:?}", found.b);
    }
}
