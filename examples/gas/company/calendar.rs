//! Months of the example, selling days, and how busy they are.

use chrono::{Datelike, NaiveDate, Weekday};
use yugu::month::Month;

/// The fiscal year starts in July.
pub const FISCAL_START: u32 = 7;
/// The fiscal year of the first month of the tables (2011-07).
pub const FIRST_YEAR: i32 = 2012;
/// Months of the article, after which the plans are made: three fiscal years.
pub const MONTHS: i32 = 36;
/// Months lived through at least: three more, for the month to date, the front line's guesses and the truth of the
/// first forecasts.
pub const LIVED: i32 = MONTHS + 3;
/// How long the company is watched.
#[derive(Clone, Copy)]
pub struct Span {
    /// Months in the tables.
    pub tabled: i32,
    /// Months lived through.
    pub lived: i32,
}

impl Span {
    /// Fiscal years the tables may hold: the article's, and the year after it, as far as chances are assumed.
    pub const YEARS: std::ops::RangeInclusive<i32> = 3..=4;

    /// Tables of so many fiscal years.
    pub fn of_years(years: i32) -> Span {
        Span { tabled: 12 * years, lived: LIVED.max(12 * years) }
    }

    /// The months lived through.
    pub fn months(self) -> std::ops::Range<i32> {
        0..self.lived
    }
}

/// Households that signed up to this many months before the first month may still come and buy.
pub const CARRY: i32 = 8;
/// Contracts are signed at the service centres from month 13 on, index 12 (the article's July).
pub const CENTRES_FROM: i32 = 12;

/// First days of the lunar year around the data (Hong Kong Observatory's conversion tables).
const NEW_YEARS: [(i32, u32, u32); 5] = [(2011, 2, 3), (2012, 1, 23), (2013, 2, 10), (2014, 1, 31), (2015, 2, 19)];
/// Renovation crews go home about this many days before the eve and are back about this many days after the 6th day.
const LULL: (i64, i64) = (12, 10);
/// What is left of a day's traffic in the lull, and what a weekend day adds to a working day's (assumptions).
const LULL_TRAFFIC: f64 = 0.55;
const WEEKEND_TRAFFIC: f64 = 1.3;
/// Signing by calendar month, January first, festival apart (assumption: brisk in spring and late in the year).
const SIGNING: [f64; 12] = [1.0, 0.95, 1.1, 1.1, 1.05, 1.0, 0.95, 0.95, 1.05, 1.1, 1.05, 1.05];
/// Renovation by calendar month, January first, festival apart (assumption: spring and autumn).
const RENOVATION: [f64; 12] = [0.9, 0.9, 1.15, 1.2, 1.1, 1.0, 0.9, 0.9, 1.1, 1.15, 1.05, 0.9];

/// The month with index `t`; 0 is 2011-07.
pub fn month(t: i32) -> Month {
    Month::fiscal_start(FIRST_YEAR, FISCAL_START).plus(t)
}

/// The fiscal year of a month index, counted from 0.
pub fn year_index(t: i32) -> usize {
    t.max(0) as usize / 12
}

/// Traffic of a day against an ordinary working day; 0 where the centres are closed (eve to 6th day).
fn traffic(day: NaiveDate) -> f64 {
    for (y, m, d) in NEW_YEARS {
        let Some(first) = NaiveDate::from_ymd_opt(y, m, d) else { continue };
        let after = (day - first).num_days();
        match after {
            -1..=5 => return 0.0,
            n if (-1 - LULL.0..=5 + LULL.1).contains(&n) => return LULL_TRAFFIC,
            _ => {}
        }
    }
    if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) { WEEKEND_TRAFFIC } else { 1.0 }
}

/// The traffic of each day of a month, first day first.
pub fn days(t: i32) -> Vec<f64> {
    let first = month(t).first_day();
    first.iter_days().take(month(t).days() as usize).map(traffic).collect()
}

/// The month's traffic against an ordinary one (which has two weekend days in seven).
pub fn activity(t: i32) -> f64 {
    let days = days(t);
    let ordinary = (5.0 + 2.0 * WEEKEND_TRAFFIC) / 7.0;
    days.iter().sum::<f64>() / days.len() as f64 / ordinary
}

/// How readily households sign in a month.
pub fn signing_season(t: i32) -> f64 {
    SIGNING[month(t).index0()] * activity(t)
}

/// How readily those who have signed buy in a month. The festival bears on signings already, so here by its root.
pub fn renovation_season(t: i32) -> f64 {
    RENOVATION[month(t).index0()] * activity(t).sqrt()
}

/// The bits of the selling days of a month, day 1 in bit 0.
pub fn selling_days(t: i32) -> u32 {
    days(t).iter().enumerate().filter(|(_, traffic)| **traffic > 0.0).fold(0, |bits, (i, _)| bits | 1 << i)
}
