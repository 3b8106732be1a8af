//! Dates that are no days (docs/METHOD.md#the-door): a column with one row for each series and period holds periods.
//! Months stamped any one day of them are months; weeks, 4-4-5 periods and equal steps are spread over months by
//! days, or kept as the folder's own.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};
use rustc_hash::FxHashSet;

use super::rows::Row;
use super::sales::{self, Sales};
use crate::error::{Place, Problems};
use crate::messages::{data as say, door};
use crate::month::Month;
use crate::settings::{CalendarSettings, Periods as Rule, Stamped};

/// A period is no shorter, in days.
const SHORTEST: i32 = 6;
/// Equal steps and weeks are so many at least.
const STEPS: usize = 8;
/// Steps of a month's length and 4-4-5 periods: chance makes no more equal ones.
const LONG_STEPS: usize = 4;
/// So many rows of a hundred may share their key with another: a free column parts them.
const SHARED: usize = 5;
/// So many rows of a hundred may stand on another day than the others where the dates are months: corrections.
const STRAY: usize = 5;
/// Days that a month may be stamped: the first to the 31st, and the last whichever that is.
const STAMPS: usize = 32;

/// One period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    /// The date that stands in the rows.
    pub stamp: i32,
    /// Its first and last day.
    pub first: i32,
    pub last: i32,
}

impl Period {
    fn days(self) -> i32 {
        self.last - self.first + 1
    }

    /// The parts of it by month: the month and its share.
    pub fn months(self) -> impl Iterator<Item = (Month, f64)> {
        let (from, to) = (sales::month(self.first), sales::month(self.last));
        (0..=to.since(from)).map(move |n| {
            let month = from.plus(n);
            let first = self.first.max(month.first_day().num_days_from_ce());
            let last = self.last.min(month.last_day().num_days_from_ce());
            (month, f64::from(last - first + 1) / f64::from(self.days()))
        })
    }
}

/// What the dates of `sales` are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Periods {
    /// Months.
    Months,
    /// Periods of other lengths, ascending, to be spread over months.
    Spread(Vec<Period>),
    /// Periods of other lengths that stand for months: by stamp.
    Own(Vec<(i32, Month)>),
}

impl Periods {
    /// The period of a date.
    pub fn of(list: &[Period], stamp: i32) -> Option<Period> {
        list.binary_search_by_key(&stamp, |period| period.stamp).ok().map(|i| list[i])
    }
}

/// Looks at the dates of `sales`; none where they are days. What is found is told.
pub(super) fn find(sales: &Sales, settings: &CalendarSettings, problems: &mut Problems) -> Option<Periods> {
    if !sales.daily || settings.periods == Rule::Days {
        return None;
    }
    if let Some(strays) = strays(sales) {
        let place = sales.rows.iter().next().and_then(|row| sales.places.get(row.place));
        let Some(first) = strays.first() else {
            let (message, treatment) = say::dates_are_months();
            problems.warn(place, "dates_are_months", message, treatment);
            return Some(Periods::Months);
        };
        let places: Vec<Place> = strays.iter().filter_map(|row| sales.places.get(row.place)).collect();
        let shown: Vec<String> = places.iter().map(Place::to_string).collect();
        let (message, treatment) = door::days_among_months(sales::day(first.day), &shown);
        problems.warn(places.first().cloned(), "days_among_months", message, treatment);
        return Some(Periods::Months);
    }
    let found = of_dates(sales, settings, problems);
    let months = || sales.rows.iter().filter(|row| row.is_month);
    if found.is_none()
        && let Some(first) = months().next()
    {
        let (message, treatment) = door::months_among_days(sales::month(first.day), months().count());
        problems.warn(sales.places.get(first.place), "months_among_days", message, treatment);
    }
    found
}

/// Where nearly every row is written as a month, or dated the same day of one (the first, the 15th, the last), the dates are
/// months: those of the others, few and in months that have such rows, too. None where they are days, or of another length.
fn strays(sales: &Sales) -> Option<Vec<Row>> {
    let stamped = |row: &Row, stamp: usize| {
        let day = sales::day(row.day);
        row.is_month || if stamp < STAMPS { day.day() == stamp as u32 } else { day == Month::of(day).last_day() }
    };
    let (mut rows, mut of) = (0, [0_usize; STAMPS + 1]);
    let mut of_day = (i32::MIN, 0, false);
    for row in sales.rows.iter() {
        rows += 1;
        if row.is_month {
            of[0] += 1;
            continue;
        }
        if of_day.0 != row.day {
            let day = sales::day(row.day);
            of_day = (row.day, day.day() as usize, day == Month::of(day).last_day());
        }
        of[of_day.1] += 1;
        of[STAMPS] += usize::from(of_day.2);
    }
    // Where nearly all are written as months, dates are the exception; the first of a month is one way to write it.
    let months = 100 * (rows - of[0] - of[1]) <= STRAY * rows;
    let stamp = if months { 1 } else { (1..=STAMPS).max_by_key(|stamp| of[*stamp])? };
    if 100 * (rows - of[0] - of[stamp]) > STRAY * rows {
        return None;
    }
    let number = |day: i32| sales::month(day).since(Month::of(NaiveDate::default()));
    let mut months = BTreeSet::new();
    let mut strays = Vec::new();
    for row in sales.rows.iter() {
        if stamped(&row, stamp) {
            months.insert(number(row.day));
        } else {
            strays.push(row);
        }
    }
    let span = months.last()? - months.first()? + 1;
    let is_regular = months.len() >= LONG_STEPS && 2 * months.len() as i32 > span;
    // A month of nothing but other days is no correction.
    (is_regular && strays.iter().all(|row| months.contains(&number(row.day)))).then_some(strays)
}

/// What the dates are by their distances.
fn of_dates(sales: &Sales, settings: &CalendarSettings, problems: &mut Problems) -> Option<Periods> {
    let stamps = sales.days();
    let (first, last) = (*stamps.first()?, *stamps.last()?);
    if stamps.len() < LONG_STEPS || (last - first) / (stamps.len() as i32 - 1).max(1) < SHORTEST && !monthly(sales) {
        return None;
    }
    if !one_row_each(sales) {
        return None;
    }
    let place = sales.rows.iter().next().and_then(|row| sales.places.get(row.place));
    let gaps: Vec<i32> = stamps.windows(2).map(|two| two[1] - two[0]).collect();
    let lengths = lengths(&stamps, &gaps);
    if lengths.is_none() && monthly(sales) {
        let (message, treatment) = say::dates_are_months();
        problems.warn(place, "dates_are_months", message, treatment);
        return Some(Periods::Months);
    }
    let lengths = lengths?;
    let periods = with_ends(&stamps, &lengths, settings.stamped);
    let last = periods.last().map(|period| sales::day(period.last)).unwrap_or_default();
    let ends = periods.first().is_some_and(|period| period.stamp == period.last);
    let (short, long) = (lengths.iter().min().copied()?, lengths.iter().max().copied()?);
    if settings.periods == Rule::Own {
        let own: Vec<(i32, Month)> =
            periods.iter().map(|p| (p.stamp, sales::month(p.first + (p.last - p.first) / 2))).collect();
        if own.windows(2).any(|two| two[1].1.since(two[0].1) < 1) {
            problems.error(place, "periods_no_months", say::periods_no_months(short, long));
            return None;
        }
        let (message, treatment) = say::periods_kept(short, long, periods.len());
        problems.warn(place, "periods", message, treatment);
        return Some(Periods::Own(own));
    }
    let (message, treatment) = say::periods_spread((short, long), periods.len(), ends, last);
    problems.warn(place, "periods", message, treatment);
    Some(Periods::Spread(periods))
}

/// Whether every region has at most one date a month, and dates of most months.
fn monthly(sales: &Sales) -> bool {
    let pairs = sales.pairs.pairs();
    let mut by_region: BTreeMap<u32, BTreeMap<i32, i32>> = BTreeMap::new();
    let mut of_day = (i32::MIN, 0);
    for row in sales.rows.iter() {
        let region = pairs.get(row.pair as usize).map_or(0, |(region, _)| *region);
        if of_day.0 != row.day {
            let month = sales::month(row.day);
            of_day = (row.day, month.since(Month::of(NaiveDate::default())));
        }
        let day = by_region.entry(region).or_default().entry(of_day.1).or_insert(row.day);
        if *day != row.day {
            return false;
        }
    }
    let spans = by_region.values().map(|months| {
        let (first, last) = (months.keys().next().unwrap_or(&0), months.keys().next_back().unwrap_or(&0));
        (months.len() as i32, last - first + 1)
    });
    let (there, all) = spans.fold((0, 0), |(there, all), (months, span)| (there + months, all + span));
    there >= LONG_STEPS as i32 && 2 * there > all
}

/// Whether each series has one row for each date, but for a few.
fn one_row_each(sales: &Sales) -> bool {
    let (mut seen, mut shared, mut rows) = (FxHashSet::default(), 0, 0);
    for row in sales.rows.iter() {
        rows += 1;
        shared += usize::from(!seen.insert((row.pair, row.day)));
    }
    100 * shared <= SHARED * rows
}

/// The lengths of periods by their distances, where these are those of weeks, of 4-4-5 periods or all alike.
fn lengths(stamps: &[i32], gaps: &[i32]) -> Option<Vec<i32>> {
    let one_a_month = {
        let months: Vec<Month> = stamps.iter().map(|day| sales::month(*day)).collect();
        months.windows(2).all(|two| two[1].since(two[0]) == 1)
    };
    // The last period is as long as the one that stands where it does in the pattern.
    let and_last = |gaps: &[i32]| {
        let last = gaps.len().checked_sub(3).and_then(|i| gaps.get(i)).or(gaps.last()).copied().unwrap_or(0);
        gaps.iter().copied().chain([last]).collect::<Vec<i32>>()
    };
    let shortest = gaps.iter().copied().min()?;
    let weeks = gaps.iter().all(|gap| gap % 7 == 0);
    if weeks && matches!(shortest, 7 | 14) && gaps.len() >= STEPS && gaps.iter().all(|gap| gap % shortest == 0) {
        return Some(vec![shortest; stamps.len()]);
    }
    if gaps.len() >= LONG_STEPS && gaps.iter().all(|gap| matches!(gap, 28 | 35)) && !one_a_month {
        return Some(and_last(gaps));
    }
    // Two months of one length follow each other at most twice (July and August, December and January).
    let alike = gaps.iter().filter(|gap| **gap == shortest).count();
    let steady = gaps.iter().all(|gap| gap % shortest == 0) && 10 * alike >= 9 * gaps.len();
    let enough = if shortest >= 28 { LONG_STEPS } else { STEPS };
    (steady && gaps.len() >= enough && shortest >= SHORTEST).then(|| vec![shortest; stamps.len()])
}

/// Periods with their first and last days.
fn with_ends(stamps: &[i32], lengths: &[i32], stamped: Stamped) -> Vec<Period> {
    let on = |day: i32| sales::day(day).weekday();
    let all_on = stamps.windows(2).all(|two| on(two[0]) == on(two[1]));
    let ends_week = stamps.first().is_some_and(|day| matches!(on(*day), Weekday::Fri | Weekday::Sat | Weekday::Sun));
    let last_day = match stamped {
        Stamped::First => false,
        Stamped::Last => true,
        Stamped::Auto => all_on && ends_week,
    };
    let period = |(i, stamp): (usize, &i32)| {
        if last_day {
            // A period ends on its stamp, and began after the one before.
            let length = i.checked_sub(1).and_then(|before| lengths.get(before)).or(lengths.first());
            Period { stamp: *stamp, first: stamp - length.copied().unwrap_or(1) + 1, last: *stamp }
        } else {
            Period { stamp: *stamp, first: *stamp, last: stamp + lengths.get(i).copied().unwrap_or(1) - 1 }
        }
    };
    stamps.iter().enumerate().map(period).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> i32 {
        NaiveDate::from_ymd_opt(y, m, d).unwrap().num_days_from_ce()
    }

    fn found(stamps: &[i32]) -> Option<Vec<i32>> {
        lengths(stamps, &stamps.windows(2).map(|two| two[1] - two[0]).collect::<Vec<_>>())
    }

    #[test]
    fn distances_tell_the_periods() {
        let from = day(2023, 1, 2);
        let steps = |length: i32, n: i32| (0..n).map(|k| from + length * k).collect::<Vec<i32>>();
        assert_eq!(found(&steps(7, 20)), Some(vec![7; 20]));
        assert_eq!(found(&steps(30, 12)), Some(vec![30; 12]));
        // A week without a row stays a week.
        let mut weeks = steps(7, 20);
        weeks.remove(5);
        assert_eq!(found(&weeks), Some(vec![7; 19]));
        // 4-4-5 over two years, the last period as long as its like.
        let mut stamps = vec![from];
        for k in 0..23 {
            stamps.push(stamps[k] + if k % 3 == 2 { 35 } else { 28 });
        }
        let lengths = found(&stamps).unwrap();
        assert_eq!((lengths.len(), lengths[2], lengths[22], lengths[23]), (24, 35, 28, 35));
        // Months: the 15th, the last day, the first Monday.
        let fifteenth: Vec<i32> = (1..=12).map(|m| day(2023, m, 15)).collect();
        let last: Vec<i32> = (1..=12).map(|m| Month::new(2023, m).unwrap().last_day().num_days_from_ce()).collect();
        let monday = |m| (1..=7).map(|d| day(2023, m, d)).find(|d| sales::day(*d).weekday() == Weekday::Mon).unwrap();
        let mondays: Vec<i32> = (1..=12).map(monday).collect();
        for months in [fifteenth, last, mondays] {
            assert_eq!(found(&months), None, "{months:?}");
        }
    }

    #[test]
    fn a_period_is_spread_by_days() {
        // 29 May to 4 June: three days and four.
        let week = Period { stamp: day(2023, 5, 29), first: day(2023, 5, 29), last: day(2023, 6, 4) };
        let parts: Vec<(String, f64)> = week.months().map(|(month, share)| (month.to_string(), share * 7.0)).collect();
        assert_eq!(parts, [("2023-05".to_owned(), 3.0), ("2023-06".to_owned(), 4.0)]);
    }

    #[test]
    fn weeks_end_on_sunday_and_begin_on_monday() {
        let weeks = |from: i32| (0..10).map(|k| from + 7 * k).collect::<Vec<i32>>();
        let (sunday, monday) = (day(2023, 1, 8), day(2023, 1, 9));
        assert_eq!(with_ends(&weeks(sunday), &[7; 10], Stamped::Auto)[0].first, day(2023, 1, 2));
        assert_eq!(with_ends(&weeks(monday), &[7; 10], Stamped::Auto)[0].last, day(2023, 1, 15));
        assert_eq!(with_ends(&weeks(sunday), &[7; 10], Stamped::First)[0].last, day(2023, 1, 14));
    }
}
