//! One file's table as text, its header found, its rows with places.

pub mod cell;
mod header;
mod record;
mod row;
mod rows;

use std::sync::Arc;

use crate::error::Place;
use crate::schema::Table;

pub use row::Row;
pub use rows::{Col, Rows};

/// One file's table as UTF-8 CSV text; a worksheet is written as CSV, one record a row.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The table it is, or a part of.
    pub table: Table,
    /// The file's name, relative to the folder.
    pub file: Arc<str>,
    /// Its text, lines ended by `\n` or `\r\n`.
    pub text: String,
    /// How places are counted.
    pub cells: Cells,
    /// What the file was found to be.
    pub encoding: Encoding,
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
        }
    }
}

impl Sheet {
    /// The sheet of a text file; the delimiter is found from its first line.
    pub fn text(table: Table, file: Arc<str>, text: String, encoding: Encoding) -> Sheet {
        let text = line_ends(text);
        let delimiter = record::sniff(&text);
        Sheet { table, file, text, cells: Cells::Text, encoding, delimiter }
    }

    /// The sheet of a worksheet written as CSV; `rows` as in [`Cells::Worksheet`].
    pub fn worksheet(table: Table, file: Arc<str>, text: String, rows: Vec<(usize, u32)>) -> Sheet {
        Sheet { table, file, text, cells: Cells::Worksheet(rows), encoding: Encoding::Workbook, delimiter: b',' }
    }

    /// The raw text of the record that begins at a byte ([`Row::start`]), without its line end.
    pub fn record(&self, start: usize) -> &str {
        let rest = self.text.get(start..).unwrap_or_default();
        rest.get(..record::length(rest.as_bytes(), self.delimiter)).unwrap_or(rest)
    }

    /// The place of the record that begins at a byte ([`Row::start`]). It counts the lines before it, so it is for the
    /// few rows that are wrong; [`Row::place`] is for rows being read.
    pub fn place(&self, start: usize) -> Place {
        let before = self.text.get(..start).unwrap_or(&self.text);
        let line = before.bytes().filter(|b| *b == b'\n').count() as u32 + 1;
        self.place_in(start, line, self.record(start), None)
    }

    /// The place of a cell (`index`, from 0) of the record that begins at byte `start`, in line `line`.
    fn place_in(&self, start: usize, line: u32, raw: &str, index: Option<usize>) -> Place {
        let file = self.file.clone();
        match &self.cells {
            Cells::Worksheet(rows) => {
                let found = rows.binary_search_by_key(&start, |(byte, _)| *byte);
                let row = found.ok().and_then(|i| rows.get(i)).map_or(line, |(_, row)| *row);
                Place { file, line: row, column: index.map_or(0, |i| i as u32 + 1) }
            }
            Cells::Text => match index.and_then(|i| record::fields(raw, self.delimiter).nth(i)) {
                None => Place { file, line, column: 0 },
                Some(field) => {
                    let before = raw.get(..field.start).unwrap_or_default();
                    let newlines = before.bytes().filter(|b| *b == b'\n').count() as u32;
                    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
                    Place { file, line: line + newlines, column }
                }
            },
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
