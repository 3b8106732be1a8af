//! Rows of sales between reading and adding up, packed: a long table has little else in memory beside it.

use std::iter;

/// Rows with one base of a column.
const BLOCK: usize = 1 << 16;

/// One row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Number of its region and product (see `keys::Pairs`).
    pub pair: u32,
    /// Its day, counted from the common era; the first of the month where a month is written.
    pub day: i32,
    /// Units.
    pub units: f64,
    /// Yuan; 0 where the table has no revenue.
    pub revenue: f64,
    /// Share of the month in stock; NaN: not said.
    pub availability: f64,
    /// Days without stock; NaN: not said.
    pub stockout_days: f64,
    /// Whether something was out and nothing is said of how long.
    pub was_out: bool,
    /// Whether a month is written, not a day in it.
    pub is_month: bool,
    /// Its place.
    pub place: u32,
}

/// Rows in their order.
#[derive(Debug, Default)]
pub struct Rows {
    len: usize,
    pair: Column,
    day: Column,
    units: Column,
    /// Where a run of rows whose places follow each other begins: the row, its place.
    places: Vec<(usize, u32)>,
    /// The following have no more rows than the last one that says something.
    revenue: Vec<f64>,
    availability: Vec<f64>,
    stockout_days: Vec<f64>,
    was_out: Vec<usize>,
    /// Rows from which on months are written, then days, and so on.
    turns: Vec<usize>,
}

/// A column: in two bytes a row while all its values are whole numbers near each other.
#[derive(Debug, Default)]
struct Column {
    /// What a code of 0 stands for, by block.
    bases: Vec<f64>,
    codes: Vec<u16>,
    /// The values, once they do not fit.
    values: Vec<f64>,
}

impl Column {
    /// Half of what two bytes hold: so far the values of a block may lie under and over its first.
    const HALF: f64 = 32_768.0;

    fn push(&mut self, value: f64) {
        if self.values.is_empty() {
            let i = self.codes.len();
            if i.is_multiple_of(BLOCK) {
                self.bases.push((value - Self::HALF).max(0.0));
            }
            let base = self.bases[i / BLOCK];
            let code = (value - base) as u16;
            if (base + f64::from(code)).to_bits() == value.to_bits() {
                return self.codes.push(code);
            }
            self.values = (0..i).map(|i| self.get(i)).collect();
            self.codes = Vec::new();
        }
        self.values.push(value);
    }

    fn get(&self, i: usize) -> f64 {
        self.codes.get(i).map_or_else(|| self.values[i], |code| self.bases[i / BLOCK] + f64::from(*code))
    }

    fn reserve(&mut self, rows: usize) {
        self.codes.reserve_exact(rows);
    }
}

/// A value of a column that most rows say nothing in.
fn put(column: &mut Vec<f64>, i: usize, value: f64, nothing: f64) {
    if value.to_bits() != nothing.to_bits() {
        column.resize(i, nothing);
        column.push(value);
    }
}

impl Rows {
    /// Room for so many more rows, so that long columns are not moved while they grow.
    pub fn reserve(&mut self, rows: usize) {
        [&mut self.pair, &mut self.day, &mut self.units].into_iter().for_each(|column| column.reserve(rows));
    }

    /// Adds a row.
    pub fn push(&mut self, row: Row) {
        let i = self.len;
        self.len += 1;
        self.pair.push(f64::from(row.pair));
        self.day.push(f64::from(row.day));
        self.units.push(row.units);
        if self.places.last().is_none_or(|(first, place)| row.place != following(*place, i - first)) {
            self.places.push((i, row.place));
        }
        put(&mut self.revenue, i, row.revenue, 0.0);
        put(&mut self.availability, i, row.availability, f64::NAN);
        put(&mut self.stockout_days, i, row.stockout_days, f64::NAN);
        if row.was_out {
            self.was_out.push(i);
        }
        if row.is_month == self.turns.len().is_multiple_of(2) {
            self.turns.push(i);
        }
    }

    /// The rows.
    pub fn iter(&self) -> impl Iterator<Item = Row> {
        let said = |column: &[f64], i: usize, nothing: f64| column.get(i).copied().unwrap_or(nothing);
        let ends = self.places.iter().skip(1).map(|(first, _)| *first).chain(iter::once(self.len));
        let runs = self.places.iter().zip(ends);
        let places =
            runs.flat_map(|(&(first, place), end)| (first..end).map(move |i| (i, following(place, i - first))));
        let mut was_out = self.was_out.iter().copied().peekable();
        let mut is_month = self.are_months();
        places.map(move |(i, place)| Row {
            pair: self.pair.get(i) as u32,
            units: self.units.get(i),
            day: self.day.get(i) as i32,
            revenue: said(&self.revenue, i, 0.0),
            availability: said(&self.availability, i, f64::NAN),
            stockout_days: said(&self.stockout_days, i, f64::NAN),
            was_out: was_out.next_if_eq(&i).is_some(),
            is_month: is_month(i),
            place,
        })
    }

    /// Whether a month is written in a row, asked of all rows in their order.
    fn are_months(&self) -> impl FnMut(usize) -> bool {
        let mut turns = self.turns.iter().copied().peekable();
        let mut is_month = false;
        move |i| {
            is_month ^= turns.next_if_eq(&i).is_some();
            is_month
        }
    }

    /// Whether months are written in some rows.
    pub fn any_month(&self) -> bool {
        !self.turns.is_empty()
    }

    /// Puts other days in the place of those of all rows, given each day and whether a month is written.
    pub fn restamp(&mut self, day: impl Fn(i32, bool) -> i32) {
        let old = std::mem::take(&mut self.day);
        let days: Vec<i32> = {
            let mut is_month = self.are_months();
            (0..self.len).map(|i| day(old.get(i) as i32, is_month(i))).collect()
        };
        days.into_iter().for_each(|day| self.day.push(f64::from(day)));
    }

    /// The days of all rows.
    pub fn days(&self) -> impl Iterator<Item = i32> {
        (0..self.len).map(|i| self.day.get(i) as i32)
    }

    /// How many rows say that something was out and nothing of how long.
    pub fn was_out(&self) -> usize {
        self.was_out.len()
    }
}

fn following(place: u32, rows: usize) -> u32 {
    place.wrapping_add(rows as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bits(row: Row) -> (u32, i32, [u64; 4], [bool; 2], u32) {
        let numbers = [row.units, row.revenue, row.availability, row.stockout_days].map(f64::to_bits);
        (row.pair, row.day, numbers, [row.was_out, row.is_month], row.place)
    }

    fn same(rows: &[Row]) {
        let mut packed = Rows::default();
        rows.iter().for_each(|row| packed.push(*row));
        let wanted: Vec<_> = rows.iter().copied().map(bits).collect();
        assert!(packed.iter().map(bits).eq(wanted));
        assert!(packed.days().eq(rows.iter().map(|row| row.day)));
        assert_eq!(packed.was_out(), rows.iter().filter(|row| row.was_out).count());
    }

    #[test]
    fn a_long_table_has_several_bases() {
        let row = |i: u32| Row {
            pair: i / 36,
            day: 738_000 + (i % 36) as i32 * 30,
            units: f64::from(i) / 3.0,
            revenue: 0.0,
            availability: f64::NAN,
            stockout_days: f64::NAN,
            was_out: i % 70_000 == 69_999,
            is_month: i % 1000 < 3,
            // A line is left out in the second block.
            place: i + 2 + u32::from(i > 100_000),
        };
        same(&(0..200_000).map(row).collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn rows_come_out_as_they_went_in(
            rows in prop::collection::vec(
                (0_u32..9, prop_oneof![0..40_i32, Just(i32::MIN), Just(i32::MAX), -40_000..40_000_i32], -5.0..5.0_f64,
                 prop_oneof![Just(0.0), Just(-0.0), 0.0..9.0_f64], prop_oneof![Just(f64::NAN), 0.0..1.0_f64], any::<bool>(),
                 prop_oneof![Just(1_u32), any::<u32>()]), 0..60)
        ) {
            let mut place = 0_u32;
            let rows: Vec<Row> = rows.into_iter().map(|(pair, day, units, revenue, said, was_out, step)| {
                place = place.wrapping_add(step);
                let is_month = !was_out && place.is_multiple_of(2);
                Row { pair, day, units, revenue, availability: said, stockout_days: 1.0 - said, was_out, is_month, place }
            }).collect();
            same(&rows);
        }
    }
}
