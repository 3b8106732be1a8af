//! Chinese New Year, selling days and working days of a month.
//!
//! One window is used everywhere: New Year's eve to the sixth day, `CNY-1 ..= CNY+5`, in which shops rest and people
//! travel. A month that holds at least [`DISTORTED_DAYS`] of it is *distorted*: its level and its mix say little of
//! other months.

use chinese_lunisolar_calendar::LunisolarDate;
use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::month::Month;

/// Days of the window before New Year's day (the eve).
const WINDOW_BEFORE: u64 = 1;
/// Days of the window after New Year's day (to the sixth day).
const WINDOW_AFTER: u64 = 5;
/// A month with at least this many days of the window is distorted by it.
pub const DISTORTED_DAYS: u32 = 3;

/// Which festival moves between months in this folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Festival {
    /// None: every month is as its calendar says.
    None,
    /// Chinese New Year.
    ChineseNewYear,
}

/// What a `calendar` table says of one month in place of the built-in calendar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Given {
    /// Its month.
    pub month: Month,
    /// Working days, in days.
    pub working_days: Option<f64>,
    /// Whether a festival distorts it.
    pub distorted: Option<bool>,
    /// Days of a festival in it, in days.
    pub festival_days: Option<f64>,
    /// What its selling days count beside those of other months: 1 where nothing is said.
    pub weight: Option<f64>,
}

/// Days of months.
#[derive(Clone, Debug)]
pub struct Calendar {
    festival: Festival,
    given: Vec<Given>,
    /// What a day of each weekday sells, Monday first, in any unit; none where nobody knows.
    weekdays: Option<[f64; 7]>,
}

/// New Year's day of the lunar year that begins in calendar year `year`, known for 1901 to 2100.
pub fn new_year(year: i32) -> Option<NaiveDate> {
    let year = u16::try_from(year).ok()?;
    let day = LunisolarDate::from_ymd(year, 1, false, 1).ok()?.to_solar_date();
    NaiveDate::from_ymd_opt(
        i32::from(day.to_solar_year().to_u16()),
        day.to_solar_month().to_u8().into(),
        day.to_solar_day().to_u8().into(),
    )
}

impl Calendar {
    /// A calendar with a festival and what the folder's own table says (any order; the last row of a month counts).
    pub fn new(festival: Festival, mut given: Vec<Given>) -> Calendar {
        given.sort_by_key(|g| g.month);
        Calendar { festival, given, weekdays: None }
    }

    /// With what a day of each weekday sells (Monday first, in any unit): the share of a month passed follows it.
    pub fn with_weekdays(self, weekdays: Option<[f64; 7]>) -> Calendar {
        Calendar { weekdays: weekdays.filter(|w| w.iter().sum::<f64>() > 0.0), ..self }
    }

    /// Which festival it knows.
    pub fn festival(&self) -> Festival {
        self.festival
    }

    fn given(&self, month: Month) -> Option<&Given> {
        let end = self.given.partition_point(|g| g.month <= month);
        self.given[..end].last().filter(|g| g.month == month)
    }

    fn window(&self, year: i32) -> Option<(NaiveDate, NaiveDate)> {
        if self.festival == Festival::None {
            return None;
        }
        let day = new_year(year)?;
        Some((day - Days::new(WINDOW_BEFORE), day + Days::new(WINDOW_AFTER)))
    }

    fn in_window(&self, day: NaiveDate) -> bool {
        self.window(day.year()).is_some_and(|(first, last)| (first..=last).contains(&day))
    }

    /// How many days of the New Year window lie in a month, in days.
    pub fn window_days(&self, month: Month) -> u32 {
        let Some((first, last)) = self.window(month.year()) else { return 0 };
        let first = first.max(month.first_day());
        let last = last.min(month.last_day());
        u32::try_from((last - first).num_days() + 1).unwrap_or(0)
    }

    /// Whether New Year (or what the folder's own calendar says) distorts the month.
    pub fn is_distorted(&self, month: Month) -> bool {
        self.given(month).and_then(|g| g.distorted).unwrap_or_else(|| self.window_days(month) >= DISTORTED_DAYS)
    }

    /// Days on which goods are sold, in days: the folder's own working days, else the days of the month outside the
    /// window.
    pub fn open_days(&self, month: Month) -> f64 {
        let given = self.given(month).and_then(|g| g.working_days);
        given.unwrap_or_else(|| f64::from(month.days()) - f64::from(self.window_days(month)))
    }

    /// Selling days as they count in comparing months, in days: [`Calendar::open_days`] times the folder's own weight.
    pub fn selling_days(&self, month: Month) -> f64 {
        self.open_days(month) * self.given(month).and_then(|g| g.weight).unwrap_or(1.0)
    }

    /// Days by which whole months are made comparable where what New Year does to them is learned from the history:
    /// the folder's own working days times their weight, else all days of the month, as far as sales follow Monday to
    /// Friday (`power`, see `stats::trading`) times their share of weekdays.
    pub fn comparable_days(&self, month: Month, power: f64) -> f64 {
        let days = self.stock_days(month) * self.given(month).and_then(|g| g.weight).unwrap_or(1.0);
        if power == 0.0 || self.has_own_days(month) { days } else { days * self.weekday_share(month).powf(power) }
    }

    /// Whether the folder gives a month's working days.
    pub fn has_own_days(&self, month: Month) -> bool {
        self.given(month).is_some_and(|g| g.working_days.is_some())
    }

    /// The share of a month's days that are a festival's, within [0, 1], as the folder gives it; none where it says
    /// nothing of the month. Of New Year, which the calendar knows itself, none at all.
    pub fn festival_share(&self, month: Month) -> Option<f64> {
        let days = self.given(month).and_then(|g| g.festival_days).filter(|_| self.festival == Festival::None)?;
        Some((days / f64::from(month.days())).clamp(0.0, 1.0))
    }

    /// Days of a month from Monday to Friday, of all its days, over 5/7.
    pub fn weekday_share(&self, month: Month) -> f64 {
        let first = month.first_day().weekday().num_days_from_monday();
        let weekdays = (0..month.days()).filter(|d| (first + d) % 7 < 5).count();
        weekdays as f64 / f64::from(month.days()) * 7.0 / 5.0
    }

    /// Days over which stock is counted, in days: the folder's own working days, else all days of the month.
    pub fn stock_days(&self, month: Month) -> f64 {
        self.given(month).and_then(|g| g.working_days).unwrap_or_else(|| f64::from(month.days()))
    }

    /// Whether January and February are taken as a pair: where New Year moves between them.
    pub fn pairs_new_year(&self) -> bool {
        self.festival == Festival::ChineseNewYear
    }

    /// The other month of the pair of January and February; none of other months, and where New Year moves between none.
    pub fn pair(&self, month: Month) -> Option<Month> {
        match month.number() {
            1 if self.pairs_new_year() => Some(month.plus(1)),
            2 if self.pairs_new_year() => Some(month.plus(-1)),
            _ => None,
        }
    }

    /// The share of a month that has passed by the end of `day`, within [0, 1]: of what its days outside the window sell
    /// by their weekdays, where that is known, else of its working days (Monday to Friday outside the window).
    pub fn elapsed(&self, day: NaiveDate) -> f64 {
        let month = Month::of(day);
        let counts = |d: NaiveDate| match &self.weekdays {
            Some(_) if self.in_window(d) => 0.0,
            Some(weekdays) => weekdays[d.weekday().num_days_from_monday() as usize],
            None => f64::from(u8::from(self.is_working(d))),
        };
        let working =
            |until: NaiveDate| month.first_day().iter_days().take_while(|d| *d <= until).map(counts).sum::<f64>();
        let all = working(month.last_day());
        if all == 0.0 { 0.0 } else { working(day) / all }
    }

    /// The last day of a month on which goods are sold. `sells` says on which weekdays anything ever is, Monday first; where
    /// that is no weekend, the days of the New Year window are none either.
    pub fn last_selling_day(&self, month: Month, sells: [bool; 7]) -> NaiveDate {
        let weekends = sells[5] || sells[6];
        let is_open =
            |day: NaiveDate| sells[day.weekday().num_days_from_monday() as usize] && (weekends || self.is_working(day));
        let mut day = month.last_day();
        while day > month.first_day() && !is_open(day) {
            day = day - Days::new(1);
        }
        day
    }

    fn is_working(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !self.in_window(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cn() -> Calendar {
        Calendar::new(Festival::ChineseNewYear, Vec::new())
    }

    fn month(y: i32, m: u32) -> Month {
        Month::new(y, m).unwrap()
    }

    #[test]
    fn new_year_agrees_with_an_independent_calendar() {
        use icu_calendar::cal::ChineseTraditional;
        use icu_calendar::{Date, Iso};
        for year in 1950..2100 {
            let day = new_year(year).unwrap();
            let iso = Date::try_new_iso(day.year(), day.month() as u8, day.day() as u8).unwrap();
            let chinese = iso.to_calendar(ChineseTraditional::new());
            assert_eq!((chinese.month().ordinal, chinese.day_of_month().0), (1, 1), "{day}");
            let _: Date<Iso> = iso;
        }
        assert_eq!(new_year(2024), NaiveDate::from_ymd_opt(2024, 2, 10));
        assert_eq!(new_year(2027), NaiveDate::from_ymd_opt(2027, 2, 6));
    }

    #[test]
    fn the_window_by_hand() {
        // 2024-02-10: 9 to 15 February, all in February. 2023-01-22: 21 to 27 January.
        assert_eq!((cn().window_days(month(2024, 1)), cn().window_days(month(2024, 2))), (0, 7));
        assert_eq!((cn().window_days(month(2023, 1)), cn().window_days(month(2023, 2))), (7, 0));
        // 2014-01-31: 30 January to 5 February: both 2 and 5 days.
        assert_eq!((cn().window_days(month(2014, 1)), cn().window_days(month(2014, 2))), (2, 5));
        assert!(!cn().is_distorted(month(2014, 1)) && cn().is_distorted(month(2014, 2)));
        assert_eq!(cn().selling_days(month(2024, 2)), 22.0);
        assert_eq!(Calendar::new(Festival::None, Vec::new()).selling_days(month(2024, 2)), 29.0);
    }

    #[test]
    fn the_folders_own_calendar_wins() {
        let own = Given {
            month: month(2024, 2),
            working_days: Some(18.0),
            distorted: Some(false),
            festival_days: None,
            weight: None,
        };
        let calendar = Calendar::new(Festival::ChineseNewYear, vec![own]);
        assert_eq!(calendar.selling_days(month(2024, 2)), 18.0);
        assert!(!calendar.is_distorted(month(2024, 2)));
        assert_eq!(calendar.selling_days(month(2024, 1)), 31.0);
    }

    #[test]
    fn a_month_passes_as_its_weekdays_sell() {
        // June 2023 has 30 days; 26 of them have passed on the 26th, and of a shop open all week 26/30 of the month.
        let calendar = |weekdays| Calendar::new(Festival::None, Vec::new()).with_weekdays(weekdays);
        let day = |d| NaiveDate::from_ymd_opt(2023, 7, d).unwrap();
        let open = calendar(Some([10.0; 7]));
        assert!((open.elapsed(NaiveDate::from_ymd_opt(2023, 6, 26).unwrap()) - 26.0 / 30.0).abs() < 1e-12);
        // July 2023: 10 days of weekends of 9 each, 21 other days of 1; until Friday the 14th 4 and 10 of them.
        let weekend = calendar(Some([1.0, 1.0, 1.0, 1.0, 1.0, 9.0, 9.0]));
        assert!((weekend.elapsed(day(14)) - (4.0 * 9.0 + 10.0) / (10.0 * 9.0 + 21.0)).abs() < 1e-12);
        // Nothing sold on any day says nothing: Monday to Friday.
        assert_eq!(calendar(Some([0.0; 7])).elapsed(day(14)), 10.0 / 21.0);
    }

    #[test]
    fn weekdays_of_a_month_by_hand() {
        // July 2023: 21 weekdays of 31 days.
        let share = 21.0 / 31.0 * 7.0 / 5.0;
        assert!((cn().weekday_share(month(2023, 7)) - share).abs() < 1e-12);
        assert_eq!(cn().comparable_days(month(2023, 7), 0.0), 31.0);
        assert!((cn().comparable_days(month(2023, 7), 0.5) - 31.0 * share.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn working_days_passed() {
        // April 2024: 22 weekdays, 12 of them up to the 16th.
        let day = NaiveDate::from_ymd_opt(2024, 4, 16).unwrap();
        assert!((cn().elapsed(day) - 12.0 / 22.0).abs() < 1e-12);
        assert_eq!(cn().elapsed(month(2024, 4).last_day()), 1.0);
        // 31 March 2024 is a Sunday.
        let week = [true, true, true, true, true, false, false];
        assert_eq!(cn().last_selling_day(month(2024, 3), week), NaiveDate::from_ymd_opt(2024, 3, 29).unwrap());
        assert_eq!(cn().last_selling_day(month(2024, 3), [true; 7]), month(2024, 3).last_day());
        // Open on Saturdays, closed on Sundays.
        let saturdays = [true, true, true, true, true, true, false];
        assert_eq!(cn().last_selling_day(month(2024, 3), saturdays), NaiveDate::from_ymd_opt(2024, 3, 30).unwrap());
    }
}
