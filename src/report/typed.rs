//! A report's rows as columns with types: what Parquet files and other programs get in place of text.

use chrono::NaiveDate;

use super::cell::undefused;
use crate::dataset::keys::Keys;
use crate::month::Period;

/// Rows that are converted, written and handed over together.
pub const CHUNK: usize = 1 << 20;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words; an empty cell is the empty text.
    Text,
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
    /// A month, as its first day.
    Month,
    /// A day.
    Day,
}

/// Columns of words. What is in none of these lists holds numbers, or else words.
const TEXTS: [&str; 40] = [
    "action",
    "at",
    "basis",
    "buys",
    "by",
    "chased",
    "community",
    "currency",
    "errors",
    "event",
    "file",
    "from",
    "group",
    "kind",
    "location",
    "locked",
    "measure",
    "message",
    "mode",
    "name",
    "note",
    "of",
    "order_number",
    "parameter",
    "place",
    "plain_rule",
    "product",
    "reason",
    "region",
    "rule",
    "scope",
    "section",
    "service_by",
    "source",
    "stage",
    "supplier",
    "to",
    "treatment",
    "urgency",
    "what",
];
const MONTHS: [&str; 7] = ["last_made", "made", "month", "month_1", "month_2", "origin", "retires"];
const DAYS: [&str; 10] =
    ["arrives", "as_of", "counted", "delivery_date", "due", "need_by", "needed", "order_by", "order_date", "runs_out"];
const WHOLES: [&str; 14] = [
    "ahead",
    "buys_for",
    "column",
    "interval_days",
    "lag",
    "last_lag",
    "last_version",
    "line",
    "months_out",
    "observations",
    "origins",
    "step",
    "version",
    "year",
];

/// What a column of the outputs holds, by its header.
pub fn kind(header: &str) -> Kind {
    match header {
        _ if TEXTS.contains(&header) => Kind::Text,
        _ if MONTHS.contains(&header) => Kind::Month,
        _ if DAYS.contains(&header) => Kind::Day,
        _ if WHOLES.contains(&header) => Kind::Whole,
        _ => Kind::Number,
    }
}

/// The cells of a column in one chunk; none where a cell is empty.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// For each row the number of its text, and the texts.
    Text(Vec<u32>, Vec<Box<str>>),
    /// Whole numbers.
    Whole(Vec<Option<i64>>),
    /// Numbers.
    Number(Vec<Option<f64>>),
    /// Days, counted from 1970-01-01.
    Day(Vec<Option<i32>>),
}

/// A table as typed columns.
#[derive(Clone, Debug)]
pub struct Typed {
    /// The headers.
    pub names: Vec<String>,
    /// What each column holds.
    pub kinds: Vec<Kind>,
    /// The columns of at most [`CHUNK`] rows, one chunk after the other.
    pub chunks: Vec<Vec<Cells>>,
}

impl Typed {
    /// The table of a report's CSV bytes. A column of numbers or dates in which a cell is none becomes one of words, so
    /// that nothing is lost.
    pub fn new(csv: &[u8]) -> Typed {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv);
        let mut header = csv::StringRecord::new();
        // Reports are UTF-8 in memory: nothing can fail.
        let _ = reader.read_record(&mut header);
        let names: Vec<String> = header.iter().map(str::to_owned).collect();
        let mut kinds: Vec<Kind> = names.iter().map(|name| kind(name)).collect();
        loop {
            match chunks(csv, &kinds) {
                Ok(chunks) => return Typed { names, kinds, chunks },
                Err(column) => kinds[column] = Kind::Text,
            }
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.chunks.iter().filter_map(|chunk| chunk.first()).map(Cells::len).sum()
    }
}

/// The rows below the header, or the first column in which a cell is not of its kind.
fn chunks(csv: &[u8], kinds: &[Kind]) -> Result<Vec<Vec<Cells>>, usize> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(csv);
    let mut record = csv::StringRecord::new();
    let (mut out, mut columns) = (Vec::new(), begin(kinds));
    let mut rows = 0;
    while matches!(reader.read_record(&mut record), Ok(true)) {
        for (i, column) in columns.iter_mut().enumerate() {
            column.push(record.get(i).unwrap_or_default()).ok_or(i)?;
        }
        rows += 1;
        if rows == CHUNK {
            out.push(std::mem::replace(&mut columns, begin(kinds)).into_iter().map(Column::end).collect());
            rows = 0;
        }
    }
    if rows > 0 || out.is_empty() {
        out.push(columns.into_iter().map(Column::end).collect());
    }
    Ok(out)
}

fn begin(kinds: &[Kind]) -> Vec<Column> {
    kinds.iter().map(|kind| Column { kind: *kind, cells: Cells::of(*kind), texts: Keys::default() }).collect()
}

/// A column while it grows.
struct Column {
    kind: Kind,
    cells: Cells,
    texts: Keys,
}

impl Column {
    /// Adds a cell; none where it is not of the column's kind.
    fn push(&mut self, cell: &str) -> Option<()> {
        let there = !cell.is_empty();
        match &mut self.cells {
            Cells::Text(codes, _) => codes.push(self.texts.id(undefused(cell))),
            Cells::Whole(all) if there => all.push(Some(cell.parse().ok()?)),
            Cells::Number(all) if there => all.push(Some(cell.parse().ok()?)),
            Cells::Day(all) if there => all.push(Some(day(self.kind, cell)?)),
            Cells::Whole(all) => all.push(None),
            Cells::Number(all) => all.push(None),
            Cells::Day(all) => all.push(None),
        }
        Some(())
    }

    fn end(self) -> Cells {
        match self.cells {
            Cells::Text(codes, _) => Cells::Text(codes, self.texts.names().to_vec()),
            cells => cells,
        }
    }
}

/// The day of a cell, counted from 1970-01-01.
fn day(kind: Kind, cell: &str) -> Option<i32> {
    let day = match (kind, Period::parse(cell)?) {
        (Kind::Month, Period::Month(month)) => month.first_day(),
        (Kind::Day, Period::Day(day)) => day,
        _ => return None,
    };
    i32::try_from((day - NaiveDate::default()).num_days()).ok()
}

impl Cells {
    fn of(kind: Kind) -> Cells {
        match kind {
            Kind::Text => Cells::Text(Vec::new(), Vec::new()),
            Kind::Whole => Cells::Whole(Vec::new()),
            Kind::Number => Cells::Number(Vec::new()),
            Kind::Month | Kind::Day => Cells::Day(Vec::new()),
        }
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        match self {
            Cells::Text(codes, _) => codes.len(),
            Cells::Whole(all) => all.len(),
            Cells::Number(all) => all.len(),
            Cells::Day(all) => all.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_get_the_type_of_their_column() {
        let csv = "region,month,due,lag,units,note\n'-A,2024-02,2024-02-17,-1,0.5,\n,,,,,\"a,b\"\n";
        let typed = Typed::new(csv.as_bytes());
        assert_eq!(typed.rows(), 2);
        let texts = |all: &[&str]| all.iter().map(|t| Box::from(*t)).collect::<Vec<Box<str>>>();
        assert_eq!(
            typed.chunks[0],
            [
                Cells::Text(vec![0, 1], texts(&["-A", ""])),
                Cells::Day(vec![Some(19_754), None]),
                Cells::Day(vec![Some(19_770), None]),
                Cells::Whole(vec![Some(-1), None]),
                Cells::Number(vec![Some(0.5), None]),
                Cells::Text(vec![0, 1], texts(&["", "a,b"])),
            ]
        );
    }

    #[test]
    fn a_column_that_holds_something_else_becomes_words() {
        let typed = Typed::new(b"month,level\n2024-02,region\nlast,1\n");
        assert_eq!(typed.kinds, [Kind::Text, Kind::Text]);
        assert!(matches!(&typed.chunks[0][1], Cells::Text(codes, _) if codes.len() == 2));
        assert_eq!(Typed::new(b"month,level\n").rows(), 0);
    }
}
