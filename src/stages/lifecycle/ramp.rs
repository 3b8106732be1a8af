//! How fast a folder's launches have come up (R4; docs/METHOD.md#lifecycle).

use chrono::{Datelike, NaiveDate};

use crate::month::Month;

/// Time constants tried, as parts of the one in the settings: from there at once to thrice as slow.
const TRIED: [f64; 11] = [1.0 / 32.0, 1.0 / 16.0, 0.125, 0.25, 1.0 / 3.0, 0.5, 2.0 / 3.0, 1.0, 1.5, 2.0, 3.0];
/// How well the constant in the settings is known, a standard deviation of its log: twice or half is nothing unusual.
const KNOWN: f64 = std::f64::consts::LN_2;
/// A product's share goes up and down from month to month by a fifth, whatever its age: as far as one knows before, which is
/// worth so many months of what is seen.
const VARIES: f64 = 0.2;
const MONTHS: f64 = 4.0;

/// Months since launch at the end of `month`; negative before the launch.
pub fn age(launch: NaiveDate, month: Month) -> f64 {
    let first = Month::of(launch);
    f64::from(month.since(first) + 1) - f64::from(launch.day() - 1) / f64::from(first.days())
}

/// What a product of an age sells, as a part of what it comes to: `1 - exp(-age / tau)`; ages and tau in months.
pub(super) fn ramp(age: f64, tau: f64) -> f64 {
    1.0 - (-age.max(0.0) / tau).exp()
}

/// A month of a product in its first year: its age at the month's end in months, and its share of its group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) age: f64,
    pub(super) share: f64,
}

/// The time constant that the launches of a folder have shown, months: of those tried the one with the least
/// ```text
/// (MONTHS + n) ln(MONTHS VARIES^2 + rss) + (ln(tau / usual) / KNOWN)^2
/// rss = sum over launches and months of (ln share - ln ramp(age), less its launch's mean of that)^2,  n months less launches
/// ```
/// (twice the negative log of Student's likelihood and of the prior), so that `usual` stands where nothing was launched, and
/// one launch that begins at its level says little in its second month and most of it in its fourth.
pub(super) fn learned(launches: &[Vec<Seen>], usual: f64) -> f64 {
    let freedom: usize = launches.iter().map(|launch| launch.len().saturating_sub(1)).sum();
    let off = |launch: &Vec<Seen>, tau: f64| {
        let logs = || launch.iter().map(|x| (x.share / ramp(x.age, tau)).ln());
        let mean = logs().sum::<f64>() / launch.len().max(1) as f64;
        logs().map(|log| (log - mean).powi(2)).sum::<f64>()
    };
    let cost = |part: f64| {
        let rss: f64 = launches.iter().map(|launch| off(launch, part * usual)).sum();
        (MONTHS + freedom as f64) * (MONTHS * VARIES.powi(2) + rss).ln() + (part.ln() / KNOWN).powi(2)
    };
    TRIED.into_iter().min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap_or(1.0) * usual
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch(months: usize, of: impl Fn(f64) -> f64) -> Vec<Seen> {
        (1..=months).map(|m| m as f64).map(|age| Seen { age, share: of(age) }).collect()
    }

    #[test]
    fn age_counts_to_the_months_end() {
        let day = |d| NaiveDate::from_ymd_opt(2024, 4, d).unwrap();
        let april = Month::new(2024, 4).unwrap();
        assert_eq!(age(day(1), april), 1.0);
        assert_eq!(age(day(16), april), 0.5);
        assert_eq!(age(day(1), april.plus(2)), 3.0);
        assert!((ramp(1.0, 3.0) * 0.1 - 0.028_347).abs() < 5e-7);
    }

    #[test]
    fn launches_say_how_fast_they_come_up() {
        assert_eq!(learned(&[], 3.0), 3.0);
        assert_eq!(learned(&[launch(1, |_| 0.2)], 3.0), 3.0, "one month says nothing");
        for tau in [1.0, 3.0, 6.0] {
            let of = |age: f64| 0.2 * ramp(age, tau);
            assert_eq!(learned(&[launch(12, of), launch(9, of), launch(12, of)], 3.0), tau);
        }
        // One that sells as much from its first month on: believed as months go by.
        let [two, three, six] = [2, 3, 6].map(|months| learned(&[launch(months, |_| 0.1)], 3.0));
        assert!(two < 3.0 && three < two && six < three && six <= 1.0, "{two} {three} {six}");
    }
}
