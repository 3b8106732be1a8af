//! The season of signings and purchases: how a month compares with what the curve expects of it. January and February
//! are a pair, split by the selling days outside of the New Year window, where that festival moves between them.

use crate::calendar::Calendar;
use crate::month::Month;
use crate::stats::season::{Season, YEAR};

/// Weights of the months `0 .. observed.len() + ahead` from `first` on, 1 in an ordinary one; all 1 under 13 months.
/// `observed` came where `expected` was expected without a season.
pub fn weights(observed: &[f64], expected: &[f64], first: Month, ahead: usize, calendar: &Calendar) -> Vec<f64> {
    let all = observed.len() + ahead;
    let days: Vec<f64> = (0..all).map(|t| of_pair(first.plus(t as i32), calendar)).collect();
    let half = 0.5; // of a household, so that an empty month has a log
    let logs: Vec<f64> =
        observed.iter().zip(expected).zip(&days).map(|((o, e), d)| ((o + half) / (e * d + half)).ln()).collect();
    let Some(season) = Season::of(&logs, &mut Vec::new()) else { return days };
    let mut indices = season.towards(&[0.0; YEAR]);
    // Of the pair one index: what differs between the two is the festival's.
    if calendar.pairs_new_year() {
        let at = |number: i32| (number - first.number() as i32).rem_euclid(YEAR as i32) as usize;
        let mean = (indices[at(1)] + indices[at(2)]) / 2.0;
        (indices[at(1)], indices[at(2)]) = (mean, mean);
    }
    (0..all).map(|t| indices[t % YEAR].exp() * days[t]).collect()
}

/// January's and February's selling days over their mean; 1 for other months, and where no festival moves.
fn of_pair(month: Month, calendar: &Calendar) -> f64 {
    let Some(other) = calendar.pair(month) else { return 1.0 };
    let (days, beside) = (calendar.selling_days(month), calendar.selling_days(other));
    if days + beside > 0.0 { 2.0 * days / (days + beside) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Festival;

    #[test]
    fn a_brisk_month_comes_again_and_new_year_moves() {
        let calendar = Calendar::new(Festival::ChineseNewYear, Vec::new());
        let first = Month::new(2012, 1).unwrap();
        // March sells half as much again; January 2012 holds the whole window, February 2013 does.
        let truth = |t: usize| {
            let month = first.plus(t as i32);
            of_pair(month, &calendar) * if month.number() == 3 { 1.5 } else { 1.0 }
        };
        let observed: Vec<f64> = (0..36).map(|t| 1000.0 * truth(t)).collect();
        let found = weights(&observed, &[1000.0; 36], first, 12, &calendar);
        assert_eq!(found.len(), 48);
        assert!((found[38] / found[40] / 1.5 - 1.0).abs() < 0.05, "{}", found[38] / found[40]);
        // 2012: 24 days against 29; 2013: 31 against 21.
        assert!((found[0] / found[1] - 24.0 / 29.0).abs() < 1e-9 && (found[12] / found[13] - 31.0 / 21.0).abs() < 1e-9);
        assert_eq!(weights(&[5.0; 12], &[5.0; 12], first, 0, &calendar)[2], 1.0);
    }
}
