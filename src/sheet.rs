//! One table, as text or as typed columns, its header found, its rows with places.

pub mod cell;
pub mod columns;
mod curtain;
mod header;
mod record;
mod row;
mod rows;
mod text;
mod typed;

use std::sync::Arc;

use crate::schema::Table;

pub use columns::Columns;
pub use row::Row;
pub use rows::{Col, Rows};

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
    /// How places are counted.
    pub cells: Cells,
    /// What parts the cells of a line.
    pub delimiter: u8,
}

/// How the places of a sheet are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cells {
    /// By lines, and columns in characters.
    Text,
    /// By rows and cells: for each record the byte at which it begins and its row, ascending.
    Worksheet(Vec<(usize, u32)>),
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
    /// A spreadsheet, which holds its own encoding.
    Workbook,
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
            Encoding::Workbook => "XLSX",
            Encoding::Parquet => "Parquet",
            Encoding::Memory => "Arrow",
        }
    }
}

impl Sheet {
    /// The sheet of a text file; the delimiter is found from its first line.
    pub fn text(table: Table, file: Arc<str>, text: String, encoding: Encoding) -> Sheet {
        let text = line_ends(text);
        let delimiter = record::sniff(&text);
        let content = Content::Text(CsvText { text, cells: Cells::Text, delimiter });
        Sheet { table, file, content, encoding }
    }

    /// The sheet of a worksheet written as CSV; `rows` as in [`Cells::Worksheet`].
    pub fn worksheet(table: Table, file: Arc<str>, text: String, rows: Vec<(usize, u32)>) -> Sheet {
        let content = Content::Text(CsvText { text, cells: Cells::Worksheet(rows), delimiter: b',' });
        Sheet { table, file, content, encoding: Encoding::Workbook }
    }

    /// The sheet of typed columns.
    pub fn typed(table: Table, file: Arc<str>, columns: Columns, encoding: Encoding) -> Sheet {
        Sheet { table, file, content: Content::Columns(columns), encoding }
    }

    /// Whether anything stands below the header.
    pub fn has_rows(&self) -> bool {
        match &self.content {
            Content::Text(text) => text.text.lines().filter(|line| !line.trim().is_empty()).nth(1).is_some(),
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
            Content::Text(text) => text.text.lines().find(|line| !line.trim().is_empty()).is_some_and(holds),
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
