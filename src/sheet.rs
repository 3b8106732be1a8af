//! One table, as text or as typed columns, its header found, its rows with places.

pub mod cell;
pub mod columns;
mod curtain;
pub mod format;
pub mod header;
pub mod kind;
mod record;
mod row;
mod rows;
mod text;
mod typed;

use std::ops::Range;
use std::sync::Arc;

use crate::schema::Table;

pub use columns::Columns;
pub use format::Format;
pub use row::Row;
pub use rows::{Col, Rows};
pub use text::{QUOTED, TextRows, quote};

/// One file's table, or a part of one.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The table it is, or a part of.
    pub table: Table,
    /// The file's name, relative to the folder; the table's name where it never was a file.
    pub file: Arc<str>,
    /// What stands in it.
    pub content: Content,
    /// What the file was found to be.
    pub encoding: Encoding,
    /// Whether that is a guess that could be wrong.
    pub doubtful: bool,
    /// What a workbook says beside the cells.
    pub worksheet: Option<Box<Worksheet>>,
}

/// What a workbook says of a worksheet beside its cells. Rows and columns count from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worksheet {
    /// Its name.
    pub name: String,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Rows that are hidden, by hand or by a filter, ascending.
    pub hidden_rows: Vec<u32>,
    /// Cells merged over several rows.
    pub merged: Vec<Merged>,
    /// Whether serial day numbers count from 1904.
    pub from_1904: bool,
}

/// Cells that are one, over several rows. Rows and columns count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The first row, which holds the value.
    pub first: u32,
    /// The last row.
    pub last: u32,
    /// The first column.
    pub column: u32,
}

/// What stands in a sheet.
#[derive(Clone, Debug)]
pub enum Content {
    /// Text, its header in the first line.
    Text(CsvText),
    /// Columns that have names and types already.
    Columns(Columns),
}

/// A table as UTF-8 CSV text; a worksheet is written as CSV, one record a row.
#[derive(Clone, Debug)]
pub struct CsvText {
    /// The text, lines ended by `\n` or `\r\n`.
    pub text: String,
    /// The bytes of it that are the table, from its header on: titles stand before, notes behind.
    pub table: Range<usize>,
    /// How places are counted.
    pub cells: Cells,
    /// What parts the cells of a line.
    pub delimiter: u8,
    /// The columns whose decimals are parted by a comma, by position.
    pub decimal_commas: Vec<usize>,
    /// Whether months are numbers with two decimals (2023.01), so that 2023.1 is October.
    pub padded_months: bool,
}

impl Default for CsvText {
    fn default() -> CsvText {
        CsvText::new(String::new(), Cells::Text, b',')
    }
}

/// The cells of a line of text, without blanks around them.
pub fn cells_of(line: &str, delimiter: u8) -> Vec<&str> {
    record::cells(line, delimiter)
}

impl CsvText {
    fn new(text: String, cells: Cells, delimiter: u8) -> CsvText {
        let table = 0..text.len();
        CsvText { text, table, cells, delimiter, decimal_commas: Vec::new(), padded_months: false }
    }

    /// The row of a worksheet whose record begins at a byte.
    pub fn row_at(&self, start: usize) -> Option<u32> {
        let Cells::Worksheet(rows) = &self.cells else { return None };
        let found = rows.binary_search_by_key(&start, |(byte, _)| *byte).ok()?;
        rows.get(found).map(|(_, row)| *row)
    }

    /// The table, from its header on.
    pub fn part(&self) -> &str {
        self.text.get(self.table.clone()).unwrap_or_default()
    }
}

/// How the places of a sheet are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cells {
    /// By lines, and columns in characters.
    Text,
    /// By rows and cells: for each record the byte at which it begins and its row, ascending.
    Worksheet(Vec<(usize, u32)>),
    /// Records made of another form of the table.
    Reshaped(Reshaped),
}

/// Where the records of a reshaped table came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reshaped {
    /// For each record where its number stood, ascending by `start`.
    pub records: Vec<Spot>,
    /// For each column where it stood; 0: nowhere, [`Reshaped::NUMBER`]: where the record's number did.
    pub columns: Vec<u32>,
    /// The line or row that was taken as the header.
    pub header: u32,
}

impl Reshaped {
    /// The column of a record's own number.
    pub const NUMBER: u32 = u32::MAX;
}

/// Where a record of a reshaped table came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The byte at which it begins.
    pub start: usize,
    /// The line or row.
    pub line: u32,
    /// The column of its number.
    pub column: u32,
}

/// What the bytes of a file were found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a mark.
    Utf8,
    /// UTF-8 with a byte-order mark.
    Utf8Bom,
    /// UTF-16, little end first, with a byte-order mark.
    Utf16Le,
    /// UTF-16, big end first, with a byte-order mark.
    Utf16Be,
    /// GB18030, which includes GBK and GB2312.
    Gb18030,
    /// Big5, traditional Chinese.
    Big5,
    /// Windows-1252, which includes Latin-1.
    Latin1,
    /// A spreadsheet, which holds its own encoding.
    Workbook,
    /// A spreadsheet of the old binary kind.
    OldWorkbook,
    /// A binary workbook.
    BinaryWorkbook,
    /// An OpenDocument spreadsheet.
    OpenDocument,
    /// A Parquet file: columns with types.
    Parquet,
    /// No file: columns that a program handed over.
    Memory,
}

impl Encoding {
    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf8Bom => "UTF-8 (BOM)",
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
            Encoding::Gb18030 => "GB18030",
            Encoding::Big5 => "Big5",
            Encoding::Latin1 => "Latin-1",
            Encoding::Workbook => "XLSX",
            Encoding::OldWorkbook => "XLS",
            Encoding::BinaryWorkbook => "XLSB",
            Encoding::OpenDocument => "ODS",
            Encoding::Parquet => "Parquet",
            Encoding::Memory => "Arrow",
        }
    }
}

impl Sheet {
    fn new(table: Table, file: Arc<str>, content: Content, encoding: Encoding) -> Sheet {
        Sheet { table, file, content, encoding, doubtful: false, worksheet: None }
    }

    /// The sheet of a text file; the delimiter is the one that its first line names (`sep=;`), else the one that parts its
    /// lines.
    pub fn text(table: Table, file: Arc<str>, text: String, encoding: Encoding) -> Sheet {
        let text = line_ends(text);
        let (begin, named) = record::named_delimiter(&text);
        let delimiter = named.unwrap_or_else(|| record::sniff(text.get(begin..).unwrap_or_default()));
        let mut csv = CsvText::new(text, Cells::Text, delimiter);
        csv.table.start = begin;
        Sheet::new(table, file, Content::Text(csv), encoding)
    }

    /// The sheet of a worksheet written as CSV; `rows` as in [`Cells::Worksheet`].
    pub fn worksheet(table: Table, file: Arc<str>, text: String, rows: Vec<(usize, u32)>) -> Sheet {
        let csv = CsvText::new(text, Cells::Worksheet(rows), b',');
        Sheet::new(table, file, Content::Text(csv), Encoding::Workbook)
    }

    /// The same sheet with its table written anew as CSV.
    pub fn reshaped(self, text: String, from: Reshaped) -> Sheet {
        Sheet { content: Content::Text(CsvText::new(text, Cells::Reshaped(from), b',')), ..self }
    }

    /// The sheet of typed columns.
    pub fn typed(table: Table, file: Arc<str>, columns: Columns, encoding: Encoding) -> Sheet {
        Sheet::new(table, file, Content::Columns(columns), encoding)
    }

    /// Whether anything stands below the header.
    pub fn has_rows(&self) -> bool {
        match &self.content {
            Content::Text(text) => text.part().lines().filter(|line| !line.trim().is_empty()).nth(1).is_some(),
            Content::Columns(columns) => columns.rows() > 0,
        }
    }

    /// Whether it is known by the day up to which data are seen: it is empty, or not all of its rows are later.
    pub fn is_known(&self, mapping: &crate::settings::Columns) -> bool {
        mapping.until.is_none() || !self.has_rows() || {
            // What is wrong with it is told when it is read for good.
            let problems = &mut crate::error::Problems::default();
            Rows::open(self, mapping, problems).is_none_or(|mut rows| rows.next(problems).is_some())
        }
    }

    /// Whether a text holds for the header.
    pub fn any_header(&self, holds: impl Fn(&str) -> bool) -> bool {
        match &self.content {
            Content::Text(text) => text.part().lines().find(|line| !line.trim().is_empty()).is_some_and(holds),
            Content::Columns(columns) => columns.names().iter().any(|name| holds(name)),
        }
    }

    /// Whether a text holds for anything in the sheet.
    pub fn any_text(&self, holds: impl Fn(&str) -> bool) -> bool {
        match &self.content {
            Content::Text(text) => holds(&text.text),
            Content::Columns(columns) => self.any_header(&holds) || columns.any_text(holds),
        }
    }
}

/// A lone `\r` ended lines on old machines and still does in some exports; here it becomes `\n`.
fn line_ends(text: String) -> String {
    let lone = |bytes: &[u8], i: usize| bytes.get(i) == Some(&b'\r') && bytes.get(i + 1) != Some(&b'\n');
    let Some(first) = text.find('\r') else { return text };
    if !(first..text.len()).any(|i| lone(text.as_bytes(), i)) {
        return text;
    }
    let mut bytes = text.into_bytes();
    for i in first..bytes.len() {
        if lone(&bytes, i)
            && let Some(byte) = bytes.get_mut(i)
        {
            *byte = b'\n';
        }
    }
    // One ASCII byte for another keeps it UTF-8.
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests;
