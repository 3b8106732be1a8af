//! What a column as a whole says of its cells: which mark parts the decimals, and whether 2023.1 is January.

use std::collections::BTreeMap;

use memchr::memchr_iter;

use super::head::{Role, Shape};
use crate::error::{Place, Problems};
use crate::messages::look as say;
use crate::month::half_width;
use crate::schema::Table;
use crate::settings::Decimal;
use crate::sheet::cell::trim;
use crate::sheet::{Cells, CsvText, Sheet, TextRows};

/// Columns of numbers, whatever table they stand in.
const NUMBERS: [&str; 37] = [
    "units",
    "revenue",
    "price",
    "discount",
    "cost",
    "fee",
    "stockout_days",
    "availability",
    "growth",
    "effect",
    "min",
    "max",
    "on_hand",
    "on_order",
    "backorders",
    "sell_out",
    "households",
    "working_days",
    "weight",
    "moq",
    "pack",
    "service_level",
    "min_stock",
    "term_months",
    "lead_time_days",
    "lead_time_sd_days",
    "counters",
    "rate",
    "value",
    "sold",
    "from_units",
    "min_order_value",
    "free_freight",
    "freight",
    "container",
    "load",
    "shelf_life_days",
];

/// Whether a column of a table holds numbers.
pub fn is_number(name: &str) -> bool {
    NUMBERS.contains(&name)
}

/// What the cells of a column say of their marks.
#[derive(Clone, Copy, Debug, Default)]
struct Evidence {
    /// A point certainly parts decimals, a comma certainly does; where the first such cell stands.
    point: Option<(u32, u32)>,
    comma: Option<(u32, u32)>,
    /// A mark with three digits behind it, which may part thousands: how many, and the first of them.
    open_points: usize,
    open_commas: usize,
    first_open: Option<(u32, u32)>,
    /// One of these ends in 0: decimals that a program cuts short do not.
    zero_end: bool,
    /// Numbers without a mark, and whether one of them is a thousand or more.
    bare: usize,
    large: bool,
}

/// What a number's marks say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marked {
    Point,
    Comma,
    OpenPoint { zero_end: bool },
    OpenComma { zero_end: bool },
    Bare { large: bool },
    Nothing,
}

fn marked(cell: &str) -> Marked {
    let text: String = cell.chars().map(half_width).filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    let foreign = cell.chars().map(half_width).any(|c| c.is_ascii_alphabetic());
    if foreign || text.is_empty() {
        return Marked::Nothing;
    }
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let decimal = |point: bool| if point { Marked::Point } else { Marked::Comma };
    let last_is_point = text.rfind('.') > text.rfind(',');
    match (points, commas) {
        (0, 0) => Marked::Bare { large: text.trim_start_matches('0').len() > 3 },
        // One of each kind: the last parts the decimals.
        (1.., 1..) => decimal(last_is_point),
        // Several of one kind part thousands.
        (2.., 0) => Marked::Comma,
        (0, 2..) => Marked::Point,
        _ => {
            let (whole, rest) = text.split_once(['.', ',']).unwrap_or((&text, ""));
            let thousands = rest.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
            let zero_end = rest.ends_with('0');
            match (thousands, points) {
                (false, _) => decimal(points == 1),
                (true, 1) => Marked::OpenPoint { zero_end },
                (true, _) => Marked::OpenComma { zero_end },
            }
        }
    }
}

impl Evidence {
    fn add(&mut self, cell: &str, at: (u32, u32)) {
        match marked(cell) {
            Marked::Point => _ = self.point.get_or_insert(at),
            Marked::Comma => _ = self.comma.get_or_insert(at),
            Marked::OpenPoint { zero_end } => {
                self.open_points += 1;
                self.zero_end |= zero_end;
                self.first_open.get_or_insert(at);
            }
            Marked::OpenComma { zero_end } => {
                self.open_commas += 1;
                self.zero_end |= zero_end;
                self.first_open.get_or_insert(at);
            }
            Marked::Bare { large } => {
                self.bare += 1;
                self.large |= large;
            }
            Marked::Nothing => {}
        }
    }

    fn verdict(&self, delimiter: u8) -> Verdict {
        let semicolons = delimiter == b';';
        // Thousands are marked where others below them are not, and the last digits are not cut short.
        let grouped = self.bare > 0 && !self.large && self.zero_end;
        match (self.point, self.comma) {
            (Some(point), Some(comma)) => Verdict::Mixed(point, comma),
            (Some(_), None) => Verdict::Point,
            (None, Some(_)) => Verdict::Comma,
            (None, None) => match (self.open_points, self.open_commas) {
                (0, 0) => Verdict::Any,
                (1.., 1..) => Verdict::Open,
                // Where commas part the cells, nobody writes decimals with them: points are not thousands.
                (1.., 0) if self.large || delimiter == b',' && !grouped => Verdict::Point,
                (1.., 0) if grouped => Verdict::Comma,
                (1.., 0) => Verdict::Open,
                // Where commas part the cells, or nothing does, they part thousands; decimal commas come with semicolons.
                (0, 1..) if !semicolons || grouped => Verdict::Point,
                (0, 1..) => Verdict::Open,
            },
        }
    }
}

/// What parts the decimals of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// Nothing is marked.
    Any,
    Point,
    Comma,
    /// It cannot be told.
    Open,
    Mixed((u32, u32), (u32, u32)),
}

/// Finds the columns whose decimals are parted by commas, by their positions. What cannot be told is an error.
pub(super) fn decimal_commas(
    sheet: &Sheet,
    text: &CsvText,
    shape: &Shape,
    decimal: Decimal,
    problems: &mut Problems,
) -> Vec<usize> {
    let columns: Vec<usize> = (0..shape.roles.len()).filter(|i| is_counted(sheet.table, shape.roles[*i])).collect();
    match decimal {
        Decimal::Point => return Vec::new(),
        Decimal::Comma => return columns,
        Decimal::Auto if columns.is_empty() || !any_marked(text) => return Vec::new(),
        Decimal::Auto => {}
    }
    // Cells of a worksheet that are numbers there have a point before their decimals, whatever its language.
    let typed = matches!(text.cells, Cells::Worksheet(_));
    let mut evidence = vec![Evidence::default(); columns.len()];
    let mut rows = TextRows::new(text);
    rows.next_row();
    while rows.next_row() {
        for (column, evidence) in columns.iter().zip(&mut evidence) {
            let cell = rows.record.get(*column).map_or("", trim);
            if cell.is_empty() || (typed && !rows.is_quoted(*column)) {
                continue;
            }
            // The place of a cell takes time to find; only the first of a kind is shown.
            evidence.add(cell, (rows.ordinal, *column as u32));
        }
    }
    let verdicts: Vec<Verdict> = evidence.iter().map(|e| e.verdict(text.delimiter)).collect();
    let sure = |wanted: Verdict| verdicts.contains(&wanted);
    let mut out = Vec::new();
    for ((column, evidence), verdict) in columns.iter().zip(&evidence).zip(&verdicts) {
        match verdict {
            Verdict::Comma => out.push(*column),
            // What the other columns of the sheet say.
            Verdict::Open if sure(Verdict::Comma) && !sure(Verdict::Point) => out.push(*column),
            Verdict::Open if sure(Verdict::Point) && !sure(Verdict::Comma) => {}
            Verdict::Open => {
                let (place, cell) = shown(sheet, text, evidence.first_open);
                problems.error(place, "decimal_or_thousands", say::decimal_or_thousands(&cell));
            }
            Verdict::Mixed(point, comma) => {
                let (place, one) = shown(sheet, text, Some(*point));
                let (_, other) = shown(sheet, text, Some(*comma));
                problems.error(place, "mixed_marks", say::mixed_marks(&one, &other));
            }
            Verdict::Any | Verdict::Point => {}
        }
    }
    if let Some(column) = out.first() {
        let header = shape.headers.get(*column).map_or("", String::as_str);
        let place = Place { file: sheet.file.clone(), line: 0, column: 0 };
        let (message, treatment) = say::decimal_comma(header, out.len());
        problems.warn(place, "decimal_comma", message, treatment);
    }
    out
}

fn is_counted(table: Table, role: Role) -> bool {
    match role {
        Role::Column(i) => table.columns().get(i).is_some_and(|column| is_number(column.name)),
        Role::Month(_) => true,
        _ => false,
    }
}

/// The place and the text of a cell by its record and column; of none the header's first.
fn shown(sheet: &Sheet, text: &CsvText, at: Option<(u32, u32)>) -> (Place, String) {
    let (record, column) = at.unwrap_or((1, 0));
    TextRows::shown(sheet, text, record, column as usize)
}

/// Whether any number of a text may hold a mark that parts thousands: a look at its bytes, so that long tables without one
/// cost no second reading.
fn any_marked(text: &CsvText) -> bool {
    let bytes = text.part().as_bytes();
    let digit = |i: Option<usize>| i.and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_digit);
    let three = |at: usize| (1..=3).all(|i| digit(Some(at + i))) && !digit(Some(at + 4));
    if memchr_iter(b'.', bytes).any(|at| digit(at.checked_sub(1)) && three(at)) {
        return true;
    }
    // A comma within a number is quoted where commas part the cells.
    match text.delimiter {
        b',' if memchr_iter(b'"', bytes).next().is_none() => false,
        _ => memchr_iter(b',', bytes).any(|at| digit(at.checked_sub(1)) && digit(Some(at + 1))),
    }
}

/// How a column of months is written where they are numbers: 2023.1, 2023.10.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decimals {
    /// They are no such numbers, or each says which month it is.
    Clear,
    /// With two digits (2023.01), so that 2023.1 has lost a zero and is October.
    Padded,
}

/// Looks at a column of months. Where 2023.1 may be January or October that is an error.
pub(super) fn months(sheet: &Sheet, text: &CsvText, shape: &Shape, problems: &mut Problems) -> Decimals {
    let month = sheet.table.columns().iter().position(|column| column.name == "month");
    let Some(at) = month.and_then(|month| shape.position(month)) else { return Decimals::Clear };
    // Most columns say in their first rows that they are something else.
    const FIRST: usize = 50;
    let mut rows = TextRows::new(text);
    rows.next_row();
    // By year: the months as written, how often each, and the first record of .1.
    let mut seen: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let mut first_one: BTreeMap<String, u32> = BTreeMap::new();
    let mut read = 0;
    while rows.next_row() {
        read += 1;
        if read > FIRST && seen.is_empty() {
            return Decimals::Clear;
        }
        let cell: String = rows.record.get(at).map_or("", trim).chars().map(half_width).collect();
        let Some((year, month)) = cell.split_once('.') else { continue };
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if year.len() != 4 || !(1..=2).contains(&month.len()) || !digits(year) || !digits(month) {
            continue;
        }
        *seen.entry(year.to_owned()).or_default().entry(month.to_owned()).or_default() += 1;
        if month == "1" {
            first_one.entry(year.to_owned()).or_insert(rows.ordinal);
        }
    }
    if seen.values().flat_map(BTreeMap::keys).any(|month| month.starts_with('0')) {
        return Decimals::Padded;
    }
    let last = seen.keys().next_back().cloned().unwrap_or_default();
    for (year, months) in &seen {
        let ones = months.get("1").copied().unwrap_or(0);
        if ones == 0 || months.contains_key("10") {
            continue;
        }
        let mut others: Vec<usize> = months.iter().filter(|(month, _)| *month != "1").map(|(_, n)| *n).collect();
        others.sort_unstable();
        let usual = others.get(others.len() / 2).copied().unwrap_or(ones);
        // A year that ends before October needs none.
        let ends_before = *year == last && !months.contains_key("11") && !months.contains_key("12");
        if ends_before && 2 * ones < 3 * usual {
            continue;
        }
        let (place, cell) = shown(sheet, text, first_one.get(year).map(|record| (*record, at as u32)));
        problems.error(place, "january_or_october", say::january_or_october(&cell, year));
    }
    Decimals::Clear
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(cells: &[&str], semicolons: bool) -> Verdict {
        let mut evidence = Evidence::default();
        cells.iter().for_each(|cell| evidence.add(cell, (0, 0)));
        evidence.verdict(if semicolons { b';' } else { b',' })
    }

    #[test]
    fn a_column_says_what_parts_its_decimals() {
        for (cells, says) in [
            (&["1", "2", "1500"][..], Verdict::Any),
            (&["0,784", "1,250"], Verdict::Comma),
            (&["1,5", "2,25"], Verdict::Comma),
            (&["1.234,5"], Verdict::Comma),
            (&["1.234.567"], Verdict::Comma),
            (&["1,234.5"], Verdict::Point),
            (&["1,234,567"], Verdict::Point),
            (&["0.784", "1.250"], Verdict::Point),
            (&["1234.567"], Verdict::Point),
            // 990, 1.000: fixed decimals would show in both, and a program would cut the zeros off.
            (&["990", "1.000", "1.010"], Verdict::Comma),
            (&["990", "1.125"], Verdict::Open),
            (&["1.125", "2.250"], Verdict::Open),
            (&["1500", "1.125"], Verdict::Point),
            (&["-1.234,50 €", "5"], Verdict::Comma),
            (&["", "-", "n/a"], Verdict::Any),
        ] {
            assert_eq!(verdict(cells, true), says, "{cells:?}");
        }
        // Thousands by commas are usual where they need quotes, and need evidence where they do not.
        assert_eq!(
            (verdict(&["1,125", "2,251"], false), verdict(&["1,125", "2,251"], true)),
            (Verdict::Point, Verdict::Open)
        );
        assert_eq!(verdict(&["990", "1,000"], true), Verdict::Point);
        // Points among cells parted by commas are decimals, unless zeros at the end speak for thousands.
        assert_eq!(verdict(&["990", "16.375"], false), Verdict::Point);
        assert_eq!(verdict(&["990", "1.000"], false), Verdict::Comma);
        assert!(matches!(verdict(&["1,5", "1.5"], true), Verdict::Mixed(..)));
    }
}
