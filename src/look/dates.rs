//! Dates whose year stands last: which of the two other numbers is the day is told by the column as a whole.

use super::head::{Role, Shape};
use crate::error::Problems;
use crate::messages::door as say;
use crate::month::{YEARS, half_width};
use crate::settings::Dates;
use crate::sheet::cell::trim;
use crate::sheet::{CsvText, Sheet, TextRows};

/// Columns of days, whatever table they stand in.
const DAYS: [&str; 15] = [
    "month", "as_of", "made", "from", "to", "known", "placed", "due", "sold", "handover", "launch", "retire", "called",
    "contract", "expires",
];

/// A column that has none in its first rows has none.
const FIRST: usize = 50;

/// Which number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// 31.01.2022, 31/01/2022.
    Day,
    /// 01/31/2022.
    Month,
}

/// A date as it stands: its first and its second number, its year, and what follows.
fn parts(cell: &str) -> Option<(u32, u32, i32, String)> {
    /// No date with a time is longer, in bytes.
    const LONGEST: usize = 64;
    if cell.len() > LONGEST || !cell.bytes().next()?.is_ascii() && !cell.starts_with(|c| half_width(c).is_ascii_digit())
    {
        return None;
    }
    let text: String = cell.chars().map(half_width).collect();
    let (date, rest) = text.split_at_checked(text.find([' ', 'T']).unwrap_or(text.len()))?;
    let mark = date.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '.' | '/' | '-'))?;
    let mut numbers = date.split(mark);
    let mut number = |longest: usize, shortest: usize| {
        let text = numbers.next()?;
        let is = (shortest..=longest).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u32>().ok().filter(|_| is)
    };
    let (one, other, year) = (number(2, 1)?, number(2, 1)?, number(4, 4)? as i32);
    let is = numbers.next().is_none() && YEARS.contains(&year) && (1..=31).contains(&one) && (1..=31).contains(&other);
    is.then(|| (one, other, year, rest.to_owned()))
}

/// A date with its year first; none where the cell is none.
pub(super) fn year_first(cell: &str, order: Order) -> Option<String> {
    let (one, other, year, rest) = parts(cell)?;
    let (day, month) = match order {
        Order::Day => (one, other),
        Order::Month => (other, one),
    };
    Some(format!("{year:04}-{month:02}-{day:02}{rest}"))
}

/// What a column says: the record of the first date of which one number can be no month, for each of the two, and the first
/// of those that may be either.
#[derive(Clone, Copy, Debug, Default)]
struct Evidence {
    day: Option<u32>,
    month: Option<u32>,
    either: Option<u32>,
}

impl Evidence {
    fn add(&mut self, one: u32, other: u32, record: u32) {
        /// No month has a larger number.
        const DECEMBER: u32 = 12;
        match (one > DECEMBER, other > DECEMBER) {
            (true, _) => _ = self.day.get_or_insert(record),
            (_, true) => _ = self.month.get_or_insert(record),
            // 05.05.2022 is the same either way.
            _ if one == other => {}
            _ => _ = self.either.get_or_insert(record),
        }
    }
}

/// Finds the columns of dates whose year stands last, by their positions, and their order. What cannot be told is an error.
pub(super) fn orders(
    sheet: &Sheet,
    text: &CsvText,
    shape: &Shape,
    setting: Dates,
    problems: &mut Problems,
) -> Vec<(usize, Order)> {
    let is_day = |role: &Role| match role {
        Role::Column(i) => sheet.table.columns().get(*i).is_some_and(|column| DAYS.contains(&column.name)),
        _ => false,
    };
    let columns: Vec<usize> = (0..shape.roles.len()).filter(|i| is_day(&shape.roles[*i])).collect();
    let mut evidence: Vec<Option<Evidence>> = vec![None; columns.len()];
    let mut rows = TextRows::new(text);
    rows.next_row();
    let mut read = 0;
    while rows.next_row() {
        read += 1;
        if read > FIRST && evidence.iter().all(Option::is_none) {
            return Vec::new();
        }
        for (column, evidence) in columns.iter().zip(&mut evidence) {
            if let Some((one, other, ..)) = rows.record.get(*column).map(trim).and_then(parts) {
                evidence.get_or_insert_default().add(one, other, rows.ordinal);
            }
        }
    }
    let any = |says: fn(&Evidence) -> Option<u32>| evidence.iter().flatten().any(|e| says(e).is_some());
    let (any_day, any_month) = (any(|e| e.day), any(|e| e.month));
    let mut out = Vec::new();
    for (column, evidence) in columns.iter().zip(&evidence) {
        let Some(evidence) = evidence else { continue };
        let shown = |record: Option<u32>| TextRows::shown(sheet, text, record.unwrap_or(1), *column);
        let order = match (setting, evidence.day, evidence.month) {
            (Dates::DayFirst, ..) => Order::Day,
            (Dates::MonthFirst, ..) => Order::Month,
            (Dates::Auto, Some(day), Some(month)) => {
                let ((place, one), (_, other)) = (shown(Some(day)), shown(Some(month)));
                problems.error(place, "mixed_dates", say::mixed_dates(&one, &other));
                continue;
            }
            (Dates::Auto, Some(_), None) => Order::Day,
            (Dates::Auto, None, Some(_)) => Order::Month,
            // What the other columns of the sheet say.
            (Dates::Auto, None, None) if any_day != any_month => {
                if any_day {
                    Order::Day
                } else {
                    Order::Month
                }
            }
            (Dates::Auto, None, None) if evidence.either.is_none() => Order::Day,
            (Dates::Auto, None, None) => {
                let (place, cell) = shown(evidence.either);
                problems.error(place, "day_or_month", say::day_or_month(&cell));
                continue;
            }
        };
        out.push((*column, order));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_turned_round() {
        for (cell, order, turned) in [
            ("31.01.2022", Order::Day, "2022-01-31"),
            ("1/31/2022 3:45 PM", Order::Month, "2022-01-31 3:45 PM"),
            ("05-06-2022", Order::Day, "2022-06-05"),
            ("05-06-2022", Order::Month, "2022-05-06"),
            ("３１／０１／２０２２", Order::Day, "2022-01-31"),
        ] {
            assert_eq!(year_first(cell, order).as_deref(), Some(turned), "{cell}");
        }
        for cell in
            ["2022-01-31", "31.01/2022", "31.01.22", "1.2022", "32.01.2022", "31.01.2022.5", "", "x", "0.5.2022"]
        {
            assert_eq!(year_first(cell, Order::Day), None, "{cell}");
        }
    }
}
