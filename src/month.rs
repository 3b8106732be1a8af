//! Calendar months, spans of them, fiscal years, and every way people write a month.

use std::fmt;

use chrono::{Datelike, NaiveDate};

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
    /// full-width digits and with a time of day behind it, and a spreadsheet's serial day number (45339).
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
        let (date, time) = text.split_once(['T', ' ']).unwrap_or((&text, ""));
        // A time of day says nothing about the month.
        if !time.chars().all(|c| c.is_ascii_digit() || ":.+-Z AMP".contains(c)) {
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
        match numbers.as_slice() {
            [year, month] if year.len() == 4 => Month::new(value(year)? as i32, value(month)?).map(Period::Month),
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
        for text in ["2024-02", "2024/2", "2024/02", "202402", "2024年2月", "２０２４年２月", "2024.2", "2024 年 2 月"]
        {
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
            "2024-02-17T08:30:00.5+08:00",
            "2024/2/17 8:30 AM",
            "2024 年 2 月 17 日",
            "２０２４－０２－１７",
            "45339",
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
            "2024-00",
            "0000-01",
            "9999-12",
            "2024-02-30",
            "Feb 2024",
            "24-02",
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
        ] {
            assert_eq!(Period::parse(text), None, "{text}");
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
