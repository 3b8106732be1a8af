//! A table of results, made once and written in every format.
//!
//! ```text
//! Table -> columns: head (name as the files have it, kind, title), cells
//! cells -> one dense vector for each column; a cell may be missing, a text is the number of a distinct text
//! ```
//!
//! A report fills a [`Table`] row by row and knows nothing of formats. [`Table::csv`] makes text of it, [`Table::json`]
//! rows for programs, `report::parquet` a Parquet file, the Python package Arrow batches, `report::workbook` sheets with
//! titles in either language and units. What a column holds goes by its name ([`super::columns`]), which means the same in
//! all tables; a table in which it does not says so ([`Table::with`]).

use std::fmt::Display;
use std::io::Write;
use std::ops::Range;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::cell::{defused, quoted};
use super::columns::{Head, Type};
use crate::dataset::keys::Keys;
use crate::month::Month;

/// The cells of a column.
#[derive(Clone, Debug)]
pub enum Cells {
    /// For each row the number of its text, and the texts.
    Text(Vec<u32>, Keys),
    /// Whole numbers.
    Whole(Vec<Option<i64>>),
    /// Numbers; one that is missing is no number.
    Number(Vec<f64>),
    /// Months.
    Month(Vec<Option<Month>>),
    /// Days.
    Day(Vec<Option<NaiveDate>>),
}

impl Cells {
    fn new(stored: Type) -> Cells {
        match stored {
            Type::Text => Cells::Text(Vec::new(), Keys::default()),
            Type::Whole => Cells::Whole(Vec::new()),
            Type::Number => Cells::Number(Vec::new()),
            Type::Month => Cells::Month(Vec::new()),
            Type::Day => Cells::Day(Vec::new()),
        }
    }
}

/// Up to here every whole number has a place of its own among the numbers: 2^53.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// A cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// None, as where nothing is there to divide by.
    Missing,
    /// Words.
    Text(&'a str),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// A month.
    Month(Month),
    /// A day.
    Day(NaiveDate),
}

impl Display for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Missing => Ok(()),
            Value::Text(text) => f.write_str(text),
            Value::Whole(n) => n.fmt(f),
            // Shortest so that it reads back as it was; whole numbers are written faster as such.
            Value::Number(x) if x.fract() == 0.0 && x.abs() < WHOLE => (*x as i64).fmt(f),
            Value::Number(x) => write!(f, "{x}"),
            Value::Month(month) => month.fmt(f),
            Value::Day(day) => day.fmt(f),
        }
    }
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name, kind and title.
    pub head: Head,
    /// Its cells, one for each row.
    pub cells: Cells,
}

impl Column {
    fn new(head: Head) -> Column {
        let cells = Cells::new(head.kind.stored());
        Column { head, cells }
    }

    /// Its name, the header of the files.
    pub fn name(&self) -> &str {
        &self.head.name
    }

    /// The type of its cells.
    pub fn stored(&self) -> Type {
        match self.cells {
            Cells::Text(..) => Type::Text,
            Cells::Whole(_) => Type::Whole,
            Cells::Number(_) => Type::Number,
            Cells::Month(_) => Type::Month,
            Cells::Day(_) => Type::Day,
        }
    }

    fn len(&self) -> usize {
        match &self.cells {
            Cells::Text(codes, _) => codes.len(),
            Cells::Whole(all) => all.len(),
            Cells::Number(all) => all.len(),
            Cells::Month(all) => all.len(),
            Cells::Day(all) => all.len(),
        }
    }

    /// The cell of a row; none where there is no such row.
    pub fn value(&self, row: usize) -> Value<'_> {
        match &self.cells {
            Cells::Text(codes, texts) => {
                let text = codes.get(row).and_then(|code| texts.names().get(*code as usize));
                text.map_or(Value::Missing, |text| Value::Text(text))
            }
            Cells::Whole(all) => all.get(row).copied().flatten().map_or(Value::Missing, Value::Whole),
            Cells::Number(all) => all.get(row).filter(|x| x.is_finite()).map_or(Value::Missing, |x| Value::Number(*x)),
            Cells::Month(all) => all.get(row).copied().flatten().map_or(Value::Missing, Value::Month),
            Cells::Day(all) => all.get(row).copied().flatten().map_or(Value::Missing, Value::Day),
        }
    }

    /// The day of a row's cell, of a month its first, counted from 1970-01-01.
    pub fn day(&self, row: usize) -> Option<i32> {
        let day = match self.value(row) {
            Value::Month(month) => month.first_day(),
            Value::Day(day) => day,
            _ => return None,
        };
        i32::try_from((day - NaiveDate::default()).num_days()).ok()
    }

    /// Adds a cell. One that is not of the column's kind makes it a column of words, so that nothing is lost.
    fn push(&mut self, value: Value) {
        match (&mut self.cells, value) {
            (Cells::Text(codes, texts), Value::Text(text)) => codes.push(texts.id(text)),
            (Cells::Text(codes, texts), value) => codes.push(texts.id(&value.to_string())),
            (Cells::Whole(all), Value::Whole(n)) => all.push(Some(n)),
            (Cells::Whole(all), Value::Number(x)) if x.fract() == 0.0 && x.abs() < WHOLE => all.push(Some(x as i64)),
            // Adding 0 turns -0 into 0.
            (Cells::Number(all), Value::Number(x)) => all.push(x + 0.0),
            (Cells::Number(all), Value::Whole(n)) => all.push(n as f64),
            (Cells::Month(all), Value::Month(month)) => all.push(Some(month)),
            (Cells::Day(all), Value::Day(day)) => all.push(Some(day)),
            (Cells::Whole(all), Value::Missing | Value::Text("")) => all.push(None),
            (Cells::Number(all), Value::Missing | Value::Text("")) => all.push(f64::NAN),
            (Cells::Month(all), Value::Missing | Value::Text("")) => all.push(None),
            (Cells::Day(all), Value::Missing | Value::Text("")) => all.push(None),
            (_, value) => {
                let mut words = Column { head: self.head.clone(), cells: Cells::new(Type::Text) };
                (0..self.len()).for_each(|row| words.push(self.value(row)));
                words.push(value);
                *self = words;
            }
        }
    }
}

/// A month as its cells are written, without the machinery of formats: long tables have millions of them.
fn month(out: &mut Vec<u8>, month: Month) {
    let digit = |n: i32| b'0' + (n % 10) as u8;
    match (month.year(), month.number() as i32) {
        (y @ 0..=9999, m) => {
            out.extend([digit(y / 1000), digit(y / 100), digit(y / 10), digit(y), b'-', digit(m / 10), digit(m)]);
        }
        _ => _ = write!(out, "{month}"),
    }
}

/// A table of results.
#[derive(Clone, Debug)]
pub struct Table {
    /// The columns, all of the same length but for a row that is not ended.
    pub columns: Vec<Column>,
    /// The column of the next cell.
    next: usize,
    rows: usize,
}

/// Rows of a chunk.
pub const CHUNK: usize = 1 << 20;
/// Rows of CSV text that are made at once.
const BLOCK: usize = 1 << 13;

impl Table {
    /// An empty table with these columns.
    pub fn new(heads: impl IntoIterator<Item: Into<Head>>) -> Table {
        Table { columns: heads.into_iter().map(|head| Column::new(head.into())).collect(), next: 0, rows: 0 }
    }

    /// A table of columns that are there, which are of one length.
    pub fn of(columns: Vec<Column>) -> Table {
        let rows = columns.first().map_or(0, Column::len);
        Table { columns, next: 0, rows }
    }

    /// The same with a column that holds here something else than its name says.
    pub fn with(mut self, name: &str, head: impl Fn(Head) -> Head) -> Table {
        let found = self.columns.iter_mut().find(|column| column.head.name == name);
        found.into_iter().for_each(|column| *column = Column::new(head(column.head.clone())));
        self
    }

    /// The next cell of the row.
    pub fn value(&mut self, value: Value) {
        if let Some(column) = self.columns.get_mut(self.next) {
            column.push(value);
        }
        self.next += 1;
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.value(Value::Text(text));
    }

    /// A number; one that is none, as where nothing is there to divide by, is missing: no table holds infinities.
    pub fn number(&mut self, x: f64) {
        self.value(if x.is_finite() { Value::Number(x) } else { Value::Missing });
    }

    /// A number that may be missing.
    pub fn maybe(&mut self, x: Option<f64>) {
        self.number(x.unwrap_or(f64::NAN));
    }

    /// low80, high80, low95, high95; missing where there are none.
    pub fn bounds(&mut self, bounds: Option<[f64; 4]>) {
        (0..4).for_each(|i| self.maybe(bounds.map(|b| b[i])));
    }

    /// A whole number.
    pub fn whole(&mut self, n: impl Into<Option<i64>>) {
        self.value(n.into().map_or(Value::Missing, Value::Whole));
    }

    /// A month, which may be missing.
    pub fn month(&mut self, month: impl Into<Option<Month>>) {
        self.value(month.into().map_or(Value::Missing, Value::Month));
    }

    /// A day, which may be missing.
    pub fn day(&mut self, day: impl Into<Option<NaiveDate>>) {
        self.value(day.into().map_or(Value::Missing, Value::Day));
    }

    /// Ends the row; cells not given are missing.
    pub fn end(&mut self) {
        while self.next < self.columns.len() {
            self.value(Value::Missing);
        }
        self.next = 0;
        self.rows += 1;
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The rows by at most [`CHUNK`] that are converted, written and handed over together; one chunk where there are none.
    pub fn chunks(&self) -> impl Iterator<Item = Range<usize>> {
        let rows = self.rows;
        (0..rows.max(1)).step_by(CHUNK).map(move |begin| begin..rows.min(begin + CHUNK))
    }

    /// A column by its name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.head.name == name)
    }

    /// The table as CSV text: UTF-8, a header, `\n` behind every row.
    ///
    /// Numbers read back as they were, and texts that a spreadsheet would run as formulas begin with `'` ([`defused`]).
    pub fn csv(&self) -> Vec<u8> {
        let mut header = String::new();
        for (i, column) in self.columns.iter().enumerate() {
            header.push_str(if i > 0 { "," } else { "" });
            quoted(column.name(), ',', &mut header);
        }
        header.push('\n');
        // Each text is quoted once, however often it stands in the table.
        let written = |text: &str| {
            let mut out = String::new();
            quoted(&defused(text), ',', &mut out);
            out
        };
        let texts = self.columns.par_iter().map(|column| match &column.cells {
            Cells::Text(_, texts) => texts.names().iter().map(|text| written(text)).collect(),
            _ => Vec::new(),
        });
        let texts: Vec<Vec<String>> = texts.collect();
        let block = |begin: usize| {
            let mut out = Vec::new();
            for row in begin..self.rows.min(begin + BLOCK) {
                let start = out.len();
                for (i, (column, texts)) in self.columns.iter().zip(&texts).enumerate() {
                    if i > 0 {
                        out.push(b',');
                    }
                    match &column.cells {
                        Cells::Text(codes, _) => {
                            let text = codes.get(row).and_then(|code| texts.get(*code as usize));
                            out.extend_from_slice(text.map_or(b"", |text| text.as_bytes()));
                        }
                        Cells::Month(all) => {
                            all.get(row).copied().flatten().into_iter().for_each(|m| month(&mut out, m))
                        }
                        // Nothing written to memory fails.
                        _ => _ = write!(out, "{}", column.value(row)),
                    }
                }
                // A row of one empty cell would be a blank line.
                if out.len() == start {
                    out.extend_from_slice(b"\"\"");
                }
                out.push(b'\n');
            }
            out
        };
        let begins: Vec<usize> = (0..self.rows).step_by(BLOCK).collect();
        let blocks: Vec<Vec<u8>> = begins.into_par_iter().map(block).collect();
        let mut out = header.into_bytes();
        out.reserve(blocks.iter().map(Vec::len).sum());
        blocks.iter().for_each(|block| out.extend_from_slice(block));
        out
    }

    /// The rows as JSON, each a map by column. Codes, names and order numbers are words whatever they look like; what is
    /// missing is an empty word.
    pub fn json(&self) -> Vec<serde_json::Map<String, serde_json::Value>> {
        let cell = |value: Value| match value {
            Value::Whole(n) => (n as f64).into(),
            Value::Number(x) => x.into(),
            other => other.to_string().into(),
        };
        let row = |row: usize| {
            let cells = self.columns.iter().map(|column| (column.name().to_owned(), cell(column.value(row))));
            cells.collect()
        };
        (0..self.rows).map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::columns::Kind;
    use super::*;

    fn text(table: &Table) -> String {
        String::from_utf8(table.csv()).unwrap()
    }

    #[test]
    fn cells_have_the_type_of_their_column_and_read_back() {
        let mut table = Table::new(["region", "month", "due", "lag", "units", "note"]);
        table.text("-A");
        table.month(Month::new(2024, 2));
        table.day(NaiveDate::from_ymd_opt(2024, 2, 17));
        table.whole(-1);
        table.number(0.1 + 0.2);
        table.text("x, \"y\"\nz");
        table.end();
        table.end();
        let types: Vec<Type> = table.columns.iter().map(Column::stored).collect();
        assert_eq!(types, [Type::Text, Type::Month, Type::Day, Type::Whole, Type::Number, Type::Text]);
        assert_eq!(table.columns[0].value(0), Value::Text("-A"));
        assert_eq!([1, 2].map(|c| table.columns[c].day(0)), [Some(19_754), Some(19_770)]);
        assert!(table.columns.iter().all(|column| column.value(1).to_string().is_empty()));
        let rows = "'-A,2024-02,2024-02-17,-1,0.30000000000000004,\"x, \"\"y\"\"\nz\"\n,,,,,\n";
        assert_eq!(text(&table), format!("region,month,due,lag,units,note\n{rows}"));
        assert_eq!(table.json()[0]["lag"], -1.0);
        assert_eq!((table.json()[1]["units"].as_str(), table.json()[0]["region"].as_str()), (Some(""), Some("-A")));
    }

    #[test]
    fn numbers_are_written_as_they_are() {
        let mut table = Table::new(["units"]);
        for x in [0.0, -0.0, 523.0, 1e-300, 9e15, 1e16, 123_456.789, f64::NAN, f64::INFINITY] {
            table.number(x);
            table.end();
        }
        let all = text(&table);
        let cells: Vec<&str> = all.lines().skip(1).collect();
        assert_eq!(cells[..3], ["0", "0", "523"]);
        assert_eq!(cells[3].parse::<f64>().unwrap(), 1e-300);
        assert_eq!(cells[4..], ["9000000000000000", "10000000000000000", "123456.789", "\"\"", "\"\""]);
    }

    #[test]
    fn a_column_that_holds_something_else_becomes_words() {
        let mut table = Table::new(["month", "gap", "of"]).with("of", |head| head.of(Kind::Exact));
        table.month(Month::new(2024, 2));
        table.text("region");
        table.number(1.0);
        table.end();
        table.text("last");
        table.number(1.5);
        table.end();
        assert_eq!(
            table.columns.iter().map(Column::stored).collect::<Vec<_>>(),
            [Type::Text, Type::Text, Type::Number]
        );
        assert_eq!(text(&table), "month,gap,of\n2024-02,region,1\nlast,1.5,\n");
    }
}
