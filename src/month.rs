//! Calendar months, spans of them, fiscal years, and every way people write a month.

use std::fmt;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Serialize, Serializer};

/// A calendar month, counted from January of year 0: `year * 12 + month - 1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

/// The years in which a month or a date is taken for real; others are typing errors.
pub const YEARS: std::ops::RangeInclusive<i32> = 1950..=2099;

impl Month {
    /// The month `month` (1 to 12) of `year`; none outside of [`YEARS`].
    pub fn new(year: i32, month: u32) -> Option<Month> {
        (YEARS.contains(&year) && (1..=12).contains(&month)).then(|| Month(year * 12 + month as i32 - 1))
    }

    /// The month a day lies in.
    pub fn of(day: NaiveDate) -> Month {
        Month(day.year() * 12 + day.month0() as i32)
    }

    /// Calendar year.
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// 0 for January to 11 for December.
    pub fn index0(self) -> usize {
        self.0.rem_euclid(12) as usize
    }

    /// 1 for January to 12 for December.
    pub fn number(self) -> u32 {
        self.index0() as u32 + 1
    }

    /// The month `n` months later (earlier where negative).
    pub fn plus(self, n: i32) -> Month {
        Month(self.0 + n)
    }

    /// How many months `self` lies after `earlier`.
    pub fn since(self, earlier: Month) -> i32 {
        self.0 - earlier.0
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year(), self.number(), 1).unwrap_or(NaiveDate::MAX)
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        self.plus(1).first_day().pred_opt().unwrap_or(NaiveDate::MAX)
    }

    /// Its length in days.
    pub fn days(self) -> u32 {
        self.last_day().day()
    }

    /// The fiscal year it lies in, where `start` (1 to 12) is the first month of the fiscal year.
    /// Fiscal year N ends in calendar year N.
    pub fn fiscal_year(self, start: u32) -> i32 {
        if start == 1 || self.number() < start { self.year() } else { self.year() + 1 }
    }

    /// The first month of fiscal year `year`.
    pub fn fiscal_start(year: i32, start: u32) -> Month {
        let first = if start == 1 { year } else { year - 1 };
        Month(first * 12 + start as i32 - 1)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A cell of a month column: a month, or a day in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Written as a month.
    Month(Month),
    /// Written as a day.
    Day(NaiveDate),
}

impl Period {
    /// The month meant.
    pub fn month(self) -> Month {
        match self {
            Period::Month(month) => month,
            Period::Day(day) => Month::of(day),
        }
    }

    /// The last day of what is meant: that day, or the month's last.
    pub fn last_day(self) -> NaiveDate {
        match self {
            Period::Month(month) => month.last_day(),
            Period::Day(day) => day,
        }
    }

    /// The first day of what is meant: that day, or the month's first.
    pub fn first_day(self) -> NaiveDate {
        match self {
            Period::Month(month) => month.first_day(),
            Period::Day(day) => day,
        }
    }

    /// Reads a month or a day as people write it; none where it is neither, or outside of [`YEARS`].
    ///
    /// 2024-02, 2024/2, 2024.2, 202402, 2024年2月, 2024-02-17, 2024/2/17, 20240217, 2024年2月17日, each also with
    /// full-width digits and with a time of day behind it; 24年2月, Feb 2024, 2024 February, Feb-24, 02/2024, 2024M02; the
    /// Monday of a week (2024-W07); a spreadsheet's serial day number (45339, 45339.25), and what became a number on the way
    /// (202402.0). A moment in a time zone is none: elsewhere it is another day ([`is_moment`]); several months in one are
    /// none ([`span`]).
    pub fn parse(text: &str) -> Option<Period> {
        // The two forms that nearly all cells have: 2024-02 and 2024-02-17.
        let value = |digits: &[u8]| {
            let all = digits.iter().all(u8::is_ascii_digit);
            all.then(|| digits.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
        };
        match *text.as_bytes() {
            [ref year @ .., b'-', m1, m2] if year.len() == 4 => {
                Month::new(value(year)? as i32, value(&[m1, m2])?).map(Period::Month)
            }
            [ref year @ .., b'-', m1, m2, b'-', d1, d2] if year.len() == 4 => {
                day_of(value(year)? as i32, value(&[m1, m2])?, value(&[d1, d2])?)
            }
            _ => Period::parse_loose(text),
        }
    }

    fn parse_loose(text: &str) -> Option<Period> {
        // No date is longer.
        if text.len() > 64 {
            return None;
        }
        let text: String = text.trim().chars().map(half_width).collect();
        // Blanks around 年, 月 and 日 belong to the date, one after it parts it from a time of day.
        let text = ["年 ", " 年", "月 ", " 月", " 日"].iter().fold(text, |text, mark| text.replace(mark, mark.trim()));
        if let Some(period) = named(&text).map(Period::Month).or_else(|| lettered(&text)) {
            return Some(period);
        }
        let (date, time) = text.split_once(['T', ' ']).unwrap_or((&text, ""));
        // A time of day says nothing about the month.
        if !time.chars().all(|c| c.is_ascii_digit() || ":.+-Z AMP".contains(c)) || is_zoned(time) {
            return None;
        }
        if !date.chars().all(|c| c.is_ascii_digit() || "-/.年月日号".contains(c)) {
            return None;
        }
        // Each mark stands behind a number, and only 月, 日 and 号 may end the date.
        let digits = date.strip_suffix(['月', '日', '号']).unwrap_or(date);
        let numbers: Vec<&str> = digits.split(|c: char| !c.is_ascii_digit()).collect();
        if numbers.iter().any(|number| number.is_empty()) {
            return None;
        }
        let value = |s: &str| s.parse::<u32>().ok();
        let marks: Vec<char> = digits.chars().filter(|c| !c.is_ascii_digit()).collect();
        // A day has marks of one kind and does not end as a month: 2024.1-6 and 2024年1-6月 are several months.
        let is_day = !date.ends_with('月') && matches!(marks[..], ['年', '月'] | ['-', '-'] | ['/', '/'] | ['.', '.']);
        match numbers.as_slice() {
            // A whole number that a program took for a number with decimals.
            [one, zeros] if one.len() > 4 && date.contains('.') && zeros.bytes().all(|b| b == b'0') => {
                Period::parse_loose(one)
            }
            // A serial day number with a time of day.
            [one, time] if one.len() == 5 && date.contains('.') => {
                format!("{one}.{time}").parse().ok().and_then(serial_day)
            }
            [year, month] if year.len() == 4 => Month::new(value(year)? as i32, value(month)?).map(Period::Month),
            // Two digits are a year only where the text says so.
            [year, month] if year.len() == 2 && date.contains('年') => {
                Month::new(THIS_CENTURY + value(year)? as i32, value(month)?).map(Period::Month)
            }
            [month, year] if year.len() == 4 && month.len() <= 2 && matches!(marks[..], ['-' | '/' | '.']) => {
                Month::new(value(year)? as i32, value(month)?).map(Period::Month)
            }
            [_, _, _] if !is_day => None,
            [year, month, day] if year.len() == 2 && date.contains('年') => {
                day_of(THIS_CENTURY + value(year)? as i32, value(month)?, value(day)?)
            }
            [year, month, day] if year.len() == 4 => day_of(value(year)? as i32, value(month)?, value(day)?),
            [one] if date == *one => match one.len() {
                6 => Month::new(value(&one[..4])? as i32, value(&one[4..])?).map(Period::Month),
                8 => day_of(value(&one[..4])? as i32, value(&one[4..6])?, value(&one[6..])?),
                // The serial numbers of 1950-01-01 to 2099-12-31, counted by spreadsheets from 1899-12-30.
                5 | 7 => serial_day(f64::from(value(one)?)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// What years of two digits are counted from.
const THIS_CENTURY: i32 = 2000;

/// The months in English, as they are cut to three letters or written out.
const NAMES: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The months as Chinese writes them out.
const CHINESE: [&str; 12] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];

/// The number (1 to 12) of an English month, whole or cut to three letters (Sept to four).
fn name_number(word: &str) -> Option<u32> {
    let word = word.strip_suffix('.').unwrap_or(word).to_ascii_lowercase();
    let word = if word == "sept" { "sep" } else { word.as_str() };
    let found = NAMES.iter().position(|name| *name == word || (word.len() == 3 && name.starts_with(word)));
    found.map(|i| i as u32 + 1)
}

/// A month with its name: Feb 2024, February-2024, 2024 Feb, Feb-24, Feb'24.
fn named(text: &str) -> Option<Month> {
    if !text.bytes().any(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let mut words = text.split([' ', '-', '/', ',', '\'', '.', '_']).filter(|word| !word.is_empty());
    let (first, second) = (words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    let year = |word: &str| {
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        let value: i32 = word.parse().ok().filter(|_| digits)?;
        match word.len() {
            4 => Some(value),
            2 => Some(THIS_CENTURY + value),
            _ => None,
        }
    };
    match (name_number(first), name_number(second)) {
        (Some(month), None) => Month::new(year(second)?, month),
        // 24-Feb is as likely a day.
        (None, Some(month)) if first.len() == 4 => Month::new(year(first)?, month),
        _ => None,
    }
}

/// A month or a week by its letter: 2024M02, 2024-M2, 2024-W07, 2024W07, 2024-W07-3. A week is its Monday.
fn lettered(text: &str) -> Option<Period> {
    let (year, rest) = text.split_at_checked(4).filter(|(year, _)| year.bytes().all(|b| b.is_ascii_digit()))?;
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    let number = |text: &str, longest: usize| {
        let is = (1..=longest).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u32>().ok().filter(|_| is)
    };
    let year = year.parse().ok().filter(|year| YEARS.contains(year))?;
    if let Some(month) = rest.strip_prefix(['M', 'm']) {
        return Month::new(year, number(month, 2)?).map(Period::Month);
    }
    let week = rest.strip_prefix(['W', 'w'])?;
    let (week, day) = week.split_once('-').unwrap_or((week, "1"));
    let weekday = Weekday::try_from(u8::try_from(number(day, 1)?.checked_sub(1)?).ok()?).ok()?;
    NaiveDate::from_isoywd_opt(year, number(week, 2)?, weekday).map(Period::Day)
}

/// Whether a time of day names its time zone, and is no midnight of UTC (which is how programs write days).
fn is_zoned(time: &str) -> bool {
    time.contains(['Z', '+', '-']) && time.bytes().any(|b| (b'1'..=b'9').contains(&b))
}

/// Whether a text is a day and a time in a time zone, which is another day elsewhere: 2024-02-17T16:00:00Z.
pub fn is_moment(text: &str) -> bool {
    let text: String = text.trim().chars().map(half_width).collect();
    let moment = text.split_once(['T', ' ']).filter(|(_, time)| is_zoned(time));
    moment.is_some_and(|(day, time)| {
        let clock = time.trim_end_matches('Z').split(['+', '-']).next().unwrap_or_default();
        Period::parse(&format!("{day} {clock}")).is_some()
    })
}

/// Several months written as one: 2024年1-6月, 2024.1-6, 2024年1月至3月, 1-2月. The year where there is one, the first and the last
/// month, 1 to 12; none where a text is something else.
pub fn span(text: &str) -> Option<(Option<i32>, u32, u32)> {
    /// No span is longer, in bytes.
    const LONGEST: usize = 40;
    if text.len() > LONGEST || Period::parse(text).is_some() {
        return None;
    }
    let between = |c: char| if matches!(c, '至' | '到' | '~' | '\u{2010}'..='\u{2015}') { '-' } else { c };
    let text: String = text.chars().map(half_width).filter(|c| !c.is_whitespace()).map(between).collect();
    let bare = ["月份", "月"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(&text);
    let (from, to) = bare.rsplit_once('-')?;
    let number = |text: &str| {
        let is = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u32>().ok().filter(|n| is && (1..=12).contains(n))
    };
    let from = from.strip_suffix('月').unwrap_or(from);
    let year = |text: &str, mark: char| {
        let value: i32 = text.parse().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()))?;
        match text.len() {
            4 => Some(value),
            2 if mark == '年' => Some(THIS_CENTURY + value),
            _ => None,
        }
    };
    let (year, from) = match from.char_indices().rfind(|(_, c)| matches!(c, '年' | '-' | '/' | '.')) {
        Some((at, mark)) => (Some(year(from.get(..at)?, mark)?), from.get(at + mark.len_utf8()..)?),
        // Without a year 1-6 may be anything; 1-6月 is not.
        None if bare.len() < text.len() => (None, from),
        None => return None,
    };
    let (from, to) = (number(from)?, number(to)?);
    (from < to).then_some((year, from, to))
}

/// The number (1 to 12) of a month without its year: 2, 02, 2月, 二月, Feb, February; none where it is none.
pub fn month_number(text: &str) -> Option<u32> {
    /// No month is longer.
    const LONGEST: usize = 30;
    if text.len() > LONGEST {
        return None;
    }
    let text: String = text.chars().map(half_width).collect();
    let text = text.trim();
    let bare = ["月份", "月"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text).trim_end();
    if bare.len() < text.len()
        && let Some(i) = CHINESE.iter().position(|name| *name == bare)
    {
        return Some(i as u32 + 1);
    }
    let digits = (1..=2).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit());
    let number = if digits { bare.parse().ok() } else { name_number(bare) };
    number.filter(|n| (1..=12).contains(n))
}

/// The day with a spreadsheet's serial number (days since 1899-12-30), within [`YEARS`].
pub fn serial_day(serial: f64) -> Option<Period> {
    let base = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    if !(18_264.0..=73_050.0).contains(&serial) {
        return None;
    }
    let day = base.checked_add_days(chrono::Days::new(serial as u64))?;
    YEARS.contains(&day.year()).then_some(Period::Day(day))
}

fn day_of(year: i32, month: u32, day: u32) -> Option<Period> {
    YEARS.contains(&year).then(|| NaiveDate::from_ymd_opt(year, month, day)).flatten().map(Period::Day)
}

/// A full-width digit, sign or blank as its ASCII form; anything else as it is.
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(y: i32, m: u32) -> Month {
        Month::new(y, m).unwrap()
    }

    #[test]
    fn every_way_to_write_february_2024() {
        for text in [
            "2024-02",
            "2024/2",
            "2024/02",
            "202402",
            "2024年2月",
            "２０２４年２月",
            "2024.2",
            "2024 年 2 月",
            "202402.0",
            "24年2月",
            "Feb 2024",
            "february-2024",
            "2024 Feb.",
            "Feb-24",
            "02/2024",
            "2-2024",
            "2.2024",
            "2024M02",
            "2024-M02",
        ] {
            assert_eq!(Period::parse(text), Some(Period::Month(month(2024, 2))), "{text}");
        }
        let day = NaiveDate::from_ymd_opt(2024, 2, 17).unwrap();
        for text in [
            "2024-02-17",
            "2024/2/17",
            "20240217",
            "2024年2月17日",
            "2024-02-17 00:00:00",
            "2024-02-17T08:30:00",
            "2024-02-17T08:30:00.5",
            "2024-02-17T00:00:00Z",
            "2024-02-17 00:00:00+00:00",
            "2024-W07-6",
            "2024W07-6",
            "2024/2/17 8:30 AM",
            "2024 年 2 月 17 日",
            "２０２４－０２－１７",
            "45339",
            "45339.0",
            "45339.25",
            "20240217.0",
            "24年2月17日",
        ] {
            assert_eq!(Period::parse(text), Some(Period::Day(day)), "{text}");
        }
    }

    #[test]
    fn what_is_no_month() {
        for text in [
            "",
            "2024",
            "2024-13",
            "24-Feb",
            "Feb 17 2024",
            "Foo 2024",
            "2024-00",
            "0000-01",
            "9999-12",
            "2024-02-30",
            "24-02",
            "24.2",
            "合计",
            "2024-02x",
            "2024-02 or so",
            "2024-02-",
            "2024-2-",
            "-024-02",
            "2024--2-1",
            "202413",
            "20240230",
            "12000",
            "日2024-02",
            "2024-02\0",
            "12",
            "2024年1-6月",
            "2024.1-6",
            "2024/1-6",
            "2024-1-6月",
            "2024年1.6",
            "13/2024",
            "2月2024",
            "2024-02-17T16:00:00Z",
            "2024-02-17T00:00:00+08:00",
            "2024-W54",
            "2024-W07-8",
            "2024M13",
        ] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn several_months_in_one_and_moments() {
        for (text, found) in [
            ("2024年1-2月", (Some(2024), 1, 2)),
            ("2024年1月-6月", (Some(2024), 1, 6)),
            ("2024年 1～12月份", (Some(2024), 1, 12)),
            ("24年1至3月", (Some(2024), 1, 3)),
            ("2024.1-6", (Some(2024), 1, 6)),
            ("2024/1-6", (Some(2024), 1, 6)),
            ("2024-1-6月", (Some(2024), 1, 6)),
            ("1-2月", (None, 1, 2)),
        ] {
            assert_eq!(span(text), Some(found), "{text}");
        }
        for text in
            ["2024-1-6", "1-6", "2024年2月", "2024-02-30", "2024年6-1月", "2024年1-13月", "2024", "", "A1-2", "-月"]
        {
            assert_eq!(span(text), None, "{text}");
        }
        for text in ["2024-02-17T16:00:00Z", "2024/2/17 0:00 +08:00", "2024-02-17T23:59:59-0500", "2024-02-17 12:00Z"] {
            assert!(is_moment(text), "{text}");
        }
        for text in ["2024-02-17T16:00:00", "2024-02-17T00:00:00Z", "2024-02", "x 16:00Z", "Z", ""] {
            assert!(!is_moment(text), "{text}");
        }
        assert_eq!(Period::parse("2024-W07"), NaiveDate::from_ymd_opt(2024, 2, 12).map(Period::Day));
    }

    #[test]
    fn months_without_a_year() {
        for text in ["2", "02", "2月", "2 月份", "二月", "Feb", "FEBRUARY", "２月"] {
            assert_eq!(month_number(text), Some(2), "{text}");
        }
        assert_eq!((month_number("十二月"), month_number("Sept")), (Some(12), Some(9)));
        for text in ["", "0", "13", "月", "二", "2024", "2.0", "Febru", "second"] {
            assert_eq!(month_number(text), None, "{text}");
        }
    }

    #[test]
    fn fiscal_years_end_in_their_name() {
        assert_eq!(month(2011, 7).fiscal_year(7), 2012);
        assert_eq!(month(2012, 6).fiscal_year(7), 2012);
        assert_eq!(month(2012, 6).fiscal_year(1), 2012);
        assert_eq!(Month::fiscal_start(2012, 7), month(2011, 7));
        assert_eq!(Month::fiscal_start(2012, 1), month(2012, 1));
        assert_eq!(month(2024, 2).days(), 29);
        assert_eq!(month(2024, 1).since(month(2023, 11)), 2);
    }
}
