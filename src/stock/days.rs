//! Days of the plan: how much of each month's forecast falls between two of them. Days become months by working days
//! (docs/METHOD.md#stock).

use chrono::{Days, NaiveDate};

use crate::calendar::Calendar;
use crate::month::Month;

/// Months of a year.
const YEAR: usize = 12;

/// The months forecast, seen from the day of the plan.
#[derive(Clone, Debug)]
pub struct Horizon {
    /// The day of the plan: what comes after it is still to be sold.
    pub day: NaiveDate,
    /// The months, one after the other.
    pub months: Vec<Month>,
    /// Of each day from the day of the plan on: index of its month and share of that month's working days that have
    /// passed by its end.
    by_day: Vec<(usize, f64)>,
    /// Share of each month that had passed by the day of the plan.
    before: Vec<f64>,
}

/// A span of days from the day of the plan on.
#[derive(Clone, Debug)]
pub struct Span {
    /// Part of each month's forecast that falls into it.
    pub parts: Vec<f64>,
    /// Their sum: its length in months.
    pub length: f64,
}

impl Horizon {
    /// The days from `day` to the end of `months`, which follow each other.
    pub fn new(day: NaiveDate, months: &[Month], calendar: &Calendar) -> Horizon {
        let before = |month: &Month| match *month {
            m if m.last_day() <= day => 1.0,
            m if m.first_day() > day => 0.0,
            _ => calendar.elapsed(day),
        };
        let before: Vec<f64> = months.iter().map(before).collect();
        let mut by_day = Vec::new();
        for (k, month) in months.iter().enumerate() {
            let days = month.first_day().iter_days().take(month.days() as usize);
            for at in days.filter(|at| *at >= day) {
                // Months without working days fill up on their last day.
                let passed = if at == month.last_day() { 1.0 } else { calendar.elapsed(at) };
                by_day.push((k, passed));
            }
        }
        // The day of the plan may lie before the first month forecast: nothing is sold until then.
        if let Some(first) = months.first()
            && first.first_day() > day
        {
            let days = usize::try_from((first.first_day() - day).num_days()).unwrap_or(0);
            by_day.splice(0..0, std::iter::repeat_n((0, 0.0), days));
        }
        Horizon { day, months: months.to_vec(), by_day, before }
    }

    /// Share of a month forecast that had passed by the day of the plan.
    pub fn passed(&self, month: usize) -> f64 {
        self.before.get(month).copied().unwrap_or(0.0)
    }

    /// How many days it reaches.
    pub fn days(&self) -> usize {
        self.by_day.len().saturating_sub(1)
    }

    /// So many days after the day of the plan.
    pub fn date(&self, days: usize) -> NaiveDate {
        self.day + Days::new(days as u64)
    }

    /// Days from the day of the plan to a date, 0 where it has passed.
    pub fn until(&self, date: NaiveDate) -> usize {
        usize::try_from((date - self.day).num_days()).unwrap_or(0)
    }

    /// The first so many days; beyond the months forecast there is nothing.
    pub fn span(&self, days: usize) -> Span {
        let mut parts: Vec<f64> = self.before.iter().map(|b| 1.0 - b).collect();
        if let Some(&(last, passed)) = self.by_day.get(days) {
            for (k, part) in parts.iter_mut().enumerate() {
                match k.cmp(&last) {
                    std::cmp::Ordering::Less => {}
                    std::cmp::Ordering::Equal => *part = (passed - self.before[k]).max(0.0),
                    std::cmp::Ordering::Greater => *part = 0.0,
                }
            }
        }
        let length = parts.iter().sum();
        Span { parts, length }
    }

    /// The months of the first so many days, and of each the part that falls into them.
    pub fn parts(&self, days: usize) -> Vec<(Month, f64)> {
        self.months.iter().copied().zip(self.span(days).parts).filter(|part| part.1 > 0.0).collect()
    }

    /// Units sold in the first so many days of a forecast by month.
    pub fn sold(&self, forecast: &[f64], days: usize) -> f64 {
        let (last, passed) = self.by_day.get(days).copied().unwrap_or((self.months.len(), 1.0));
        let upto = |k: usize| if k < last { 1.0 } else { passed.max(self.before[k]) };
        let part = |k: usize| upto(k) - self.before[k];
        forecast.iter().take(last + 1).enumerate().map(|(k, units)| part(k) * units).sum()
    }

    /// The same; beyond the months forecast as much is sold a day as in the last twelve of them, or as many as there are.
    pub fn sold_at_pace(&self, forecast: &[f64], days: usize) -> f64 {
        let beyond = days.saturating_sub(self.days()) as f64;
        let last = self.months.iter().zip(forecast).rev().take(YEAR);
        let (sold, over) = last.fold((0.0, 0.0), |(sold, over), (m, units)| (sold + units, over + f64::from(m.days())));
        self.sold(forecast, days) + beyond * sold / f64::max(over, 1.0)
    }

    /// Days until stock has sold out, with goods that arrive on the way (days from now, units; in the order of the
    /// days): the first day by whose end more is asked for than there was. None where that is beyond the months forecast.
    pub fn runs_out(&self, stock: f64, arrivals: &[(usize, f64)], forecast: &[f64]) -> Option<usize> {
        if stock < 0.0 {
            return Some(0);
        }
        // Units sold by the end of each whole month, then the day within the month.
        let mut sold_before = 0.0;
        let mut at = 0;
        let (mut next, mut there) = (0, stock);
        while at < self.by_day.len() {
            let k = self.by_day[at].0;
            let end = at + self.by_day[at..].partition_point(|d| d.0 == k);
            let units = forecast.get(k).copied().unwrap_or(0.0);
            let month_sold = sold_before + units * (1.0 - self.before[k]);
            let arriving: f64 = arrivals[next..].iter().take_while(|a| a.0 < end).map(|a| a.1).sum();
            if month_sold > there + SLACK || arriving > 0.0 {
                for day in at..end {
                    while let Some(&(_, units)) = arrivals.get(next).filter(|a| a.0 <= day) {
                        there += units;
                        next += 1;
                    }
                    let sold = sold_before + units * (self.by_day[day].1 - self.before[k]).max(0.0);
                    if sold > there + SLACK {
                        return Some(day);
                    }
                }
            }
            sold_before = month_sold;
            at = end;
        }
        None
    }
}

/// Less than this of a unit is rounding.
const SLACK: f64 = 1e-9;

impl Span {
    /// Units of a forecast by month that fall into it.
    pub fn of(&self, forecast: &[f64]) -> f64 {
        self.parts.iter().zip(forecast).map(|(part, units)| part * units).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Festival;

    fn horizon(day: (i32, u32, u32), first: (i32, u32), months: i32) -> Horizon {
        let first = Month::new(first.0, first.1).unwrap();
        let months: Vec<Month> = (0..months).map(|k| first.plus(k)).collect();
        let day = NaiveDate::from_ymd_opt(day.0, day.1, day.2).unwrap();
        Horizon::new(day, &months, &Calendar::new(Festival::None, Vec::new()))
    }

    #[test]
    fn days_become_months_by_working_days() {
        // April 2024 has 22 working days, 12 of them up to the 16th; May has 23, 7 of them up to the 9th.
        let h = horizon((2024, 4, 16), (2024, 4), 3);
        let span = h.span(h.until(NaiveDate::from_ymd_opt(2024, 5, 9).unwrap()));
        assert!((span.parts[0] - 10.0 / 22.0).abs() < 1e-12 && (span.parts[1] - 7.0 / 23.0).abs() < 1e-12);
        assert_eq!(span.parts[2], 0.0);
        assert!((span.of(&[220.0, 230.0, 99.0]) - 170.0).abs() < 1e-9);
        // A plan at a month's end sells nothing on that day, and beyond the months all that is forecast.
        let close = horizon((2024, 3, 31), (2024, 4), 2);
        assert_eq!((close.span(0).length, close.span(30).length, close.span(999).length), (0.0, 1.0, 2.0));
        assert_eq!(close.date(30), NaiveDate::from_ymd_opt(2024, 4, 30).unwrap());
    }

    #[test]
    fn stock_runs_out_on_the_day_it_is_short() {
        let h = horizon((2024, 3, 31), (2024, 4), 3);
        // 22 working days at one a day; the 1st of April is a Monday: 5 last over the first week and its weekend.
        let forecast = [22.0, 23.0, 20.0];
        assert_eq!(h.runs_out(5.0, &[], &forecast), Some(8));
        assert_eq!(h.runs_out(5.0, &[(8, 2.0)], &forecast), Some(10));
        // What comes a day late is late.
        assert_eq!(h.runs_out(5.0, &[(9, 2.0)], &forecast), Some(8));
        assert_eq!(h.runs_out(65.0, &[], &forecast), None);
        assert_eq!(h.runs_out(-1.0, &[(0, 100.0)], &forecast), Some(0));
        assert_eq!(h.runs_out(0.0, &[], &[0.0, 0.0, 1.0]), Some(64));
    }
}
