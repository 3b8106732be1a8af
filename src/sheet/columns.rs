//! A table as typed columns: what a program hands over, or a Parquet file holds. A cell becomes text only where somebody
//! asks for its text, so a table of any length is read as it lies in memory.

use std::fmt::{self, Debug, Write};
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, NaiveTime};

use super::cell::trim;
use crate::month::{Period, YEARS};

/// What one cell of a typed column holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'v> {
    /// Nothing.
    Empty,
    /// A text.
    Text(&'v str),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// A day, counted from 1970-01-01.
    Day(i32),
    /// A time on a calendar: the day as above, and nanoseconds since its midnight.
    Time(i32, u64),
    /// The same in UTC: elsewhere it may be another day.
    Instant(i32, u64),
    /// Yes or no.
    Yes(bool),
}

/// The day with a number counted from 1970-01-01; none outside of [`YEARS`].
fn day(number: i32) -> Option<NaiveDate> {
    let epoch = NaiveDate::default();
    let far = Days::new(u64::from(number.unsigned_abs()));
    let day = if number < 0 { epoch.checked_sub_days(far) } else { epoch.checked_add_days(far) };
    day.filter(|day| YEARS.contains(&day.year()))
}

impl Value<'_> {
    /// The day it means; none where it is none, or an instant that is no midnight.
    pub fn period(self) -> Option<Period> {
        match self {
            Value::Day(number) | Value::Time(number, _) | Value::Instant(number, 0) => day(number).map(Period::Day),
            _ => None,
        }
    }
}

/// `digits` x 10^-`scale`, rounded once.
pub fn decimal(digits: i128, scale: i32) -> f64 {
    // Powers of ten up to 22 and whole numbers below 2^53 are exact.
    const EXACT: u128 = 1 << 53;
    match scale {
        0..=22 if digits.unsigned_abs() < EXACT => digits as f64 / 10_f64.powi(scale),
        _ => format!("{digits}e{}", i64::from(scale).wrapping_neg()).parse().unwrap_or(f64::NAN),
    }
}

/// As one would type it: days as 2024-02-17, whole numbers without a point, numbers so that they read back as they were.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = |f: &mut fmt::Formatter<'_>, number: i32| match day(number) {
            Some(day) => write!(f, "{day}"),
            None => write!(f, "1970-01-01 {number:+} d"),
        };
        let time = |f: &mut fmt::Formatter<'_>, nanos: u64| {
            const NANOS: u64 = 1_000_000_000;
            let time = NaiveTime::from_num_seconds_from_midnight_opt((nanos / NANOS) as u32, (nanos % NANOS) as u32);
            time.filter(|_| nanos > 0).map_or(Ok(()), |time| write!(f, " {time}"))
        };
        match *self {
            Value::Empty => Ok(()),
            Value::Text(text) => f.write_str(text),
            Value::Whole(n) => write!(f, "{n}"),
            Value::Number(x) => write!(f, "{x}"),
            Value::Yes(yes) => write!(f, "{yes}"),
            Value::Day(number) => date(f, number),
            Value::Time(number, nanos) => date(f, number).and_then(|()| time(f, nanos)),
            Value::Instant(number, nanos) => {
                date(f, number)?;
                time(f, nanos)?;
                if nanos > 0 { f.write_char('Z') } else { Ok(()) }
            }
        }
    }
}

/// The cells of one column in one chunk.
pub trait Column: Debug + Send + Sync {
    /// The cell of a row, counted from 0; [`Value::Empty`] beyond the last.
    fn value(&self, row: usize) -> Value<'_>;
}

/// Rows that lie together, column by column.
#[derive(Clone, Debug)]
pub struct Chunk {
    rows: usize,
    columns: Vec<Arc<dyn Column>>,
}

impl Chunk {
    /// A chunk of so many rows; a column for each header.
    pub fn new(rows: usize, columns: Vec<Arc<dyn Column>>) -> Chunk {
        Chunk { rows, columns }
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The cell of a row and a column, both counted from 0.
    pub fn value(&self, row: usize, column: usize) -> Value<'_> {
        self.columns.get(column).map_or(Value::Empty, |column| column.value(row))
    }

    /// Whether all cells of a row are empty.
    pub fn is_blank(&self, row: usize) -> bool {
        let nothing = |value: Value| match value {
            Value::Empty => true,
            Value::Text(text) => trim(text).is_empty(),
            _ => false,
        };
        self.columns.iter().all(|column| nothing(column.value(row)))
    }
}

/// A table as typed columns, chunk after chunk.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    names: Vec<String>,
    chunks: Vec<Chunk>,
}

impl Columns {
    /// A table with these headers, each chunk with a column for each of them.
    pub fn new(names: Vec<String>, chunks: Vec<Chunk>) -> Columns {
        Columns { names, chunks }
    }

    /// The headers.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The chunks, in the order of the rows.
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.chunks.iter().map(Chunk::rows).sum()
    }

    /// Whether something holds for any text in it.
    pub fn any_text(&self, holds: impl Fn(&str) -> bool) -> bool {
        let is = |value: Value| matches!(value, Value::Text(text) if holds(text));
        let in_chunk =
            |chunk: &Chunk| (0..chunk.rows).any(|row| chunk.columns.iter().any(|column| is(column.value(row))));
        self.chunks.iter().any(in_chunk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_written_as_one_would_type_it() {
        let half_past_eight = 30_600 * 1_000_000_000;
        for (value, text) in [
            (Value::Empty, ""),
            (Value::Text("东"), "东"),
            (Value::Whole(-17), "-17"),
            (Value::Number(0.1 + 0.2), "0.30000000000000004"),
            (Value::Number(17.0), "17"),
            (Value::Number(f64::NAN), "NaN"),
            (Value::Yes(true), "true"),
            (Value::Day(0), "1970-01-01"),
            (Value::Day(19_770), "2024-02-17"),
            (Value::Day(i32::MIN), "1970-01-01 -2147483648 d"),
            (Value::Time(19_770, half_past_eight), "2024-02-17 08:30:00"),
            (Value::Time(19_770, 0), "2024-02-17"),
            (Value::Instant(19_770, half_past_eight), "2024-02-17 08:30:00Z"),
        ] {
            assert_eq!(value.to_string(), text);
        }
    }

    #[test]
    fn decimals_are_rounded_once() {
        assert_eq!(decimal(1_250, 2), 12.5);
        assert_eq!(decimal(-1, 3), -0.001);
        assert_eq!(decimal(123_456_789_012_345_678, 4), 12_345_678_901_234.568);
        assert_eq!(decimal(5, -3), 5000.0);
    }

    #[test]
    fn an_instant_is_a_day_only_at_midnight() {
        let day = Period::parse("2024-02-17");
        for value in [Value::Day(19_770), Value::Time(19_770, 5), Value::Instant(19_770, 0)] {
            assert_eq!(value.period(), day);
        }
        for value in [Value::Instant(19_770, 5), Value::Day(i32::MAX), Value::Whole(202_402), Value::Text("2024-02")] {
            assert_eq!(value.period(), None);
        }
    }
}
