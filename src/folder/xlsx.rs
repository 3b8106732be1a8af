//! A workbook -> one worksheet as CSV text, with the row of each record.

use std::fmt::Write;
use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::caught::caught;
use super::{Wrong, largest_unpacked, zip};
use crate::answers::Cells;
use crate::messages::reading as say;
use crate::schema::Table;

/// The columns of the widest worksheet a spreadsheet can hold.
const WIDEST: u32 = 16_384;

/// A worksheet as CSV text, and for each record the byte at which it begins and its row.
pub(super) type Written = (String, Vec<(usize, u32)>);

/// Reads the worksheet named as the table, else the first visible one that is not empty.
pub(super) fn read(table: Table, bytes: &[u8], limit: u64) -> Result<Written, Wrong> {
    guarded(bytes, limit, |limit| first_table(table, bytes, limit))
}

/// Reads sheets cell by cell: the first of them, then those that it asks for.
pub(super) fn cells(
    bytes: &[u8],
    first: &str,
    limit: u64,
    more: impl FnOnce(&[Cells]) -> Vec<String>,
) -> Result<Vec<Cells>, Wrong> {
    guarded(bytes, limit, |limit| {
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))?;
        let there = book.sheet_names();
        let mut out = Vec::new();
        let mut read = |name: &str, out: &mut Vec<Cells>| -> Result<(), Failure> {
            if there.iter().any(|n| n == name) {
                out.push(sheet_cells(&mut book, name, limit)?);
            }
            Ok(())
        };
        read(first, &mut out)?;
        for name in more(&out) {
            read(&name, &mut out)?;
        }
        Ok(out)
    })
}

fn sheet_cells(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, limit: u64) -> Result<Cells, Failure> {
    let mut reader = book.worksheet_cells_reader(name)?;
    let mut out = Cells { name: name.to_owned(), rows: Vec::new() };
    let mut size = 0;
    while let Some(cell) = reader.next_cell()? {
        let (row, column) = cell.get_position();
        let text = text_of(cell.get_value());
        if text.is_empty() {
            continue;
        }
        size += text.len() as u64;
        if size > limit {
            return Err(Failure::Large);
        }
        match out.rows.last_mut() {
            Some((last, cells)) if *last == row + 1 => cells.push((column, text)),
            Some((last, _)) if *last > row + 1 => return Err(Failure::Disorder),
            _ => out.rows.push((row + 1, vec![(column, text)])),
        }
    }
    Ok(out)
}

/// Reads a workbook with care: it may be another file, damaged, or made to fill the memory.
fn guarded<T>(bytes: &[u8], limit: u64, read: impl FnOnce(u64) -> Result<T, Failure>) -> Result<T, Wrong> {
    if let [0xd0, 0xcf, 0x11, 0xe0, ..] = bytes {
        return Err(Wrong::whole("unreadable", say::is_an_old_workbook()));
    }
    let limit = largest_unpacked(bytes.len(), limit);
    match zip::check(bytes, limit) {
        Err(zip::Refused::TooLarge) => {
            return Err(Wrong::whole("too_large", say::unpacks_too_large(limit >> 20)));
        }
        Err(zip::Refused::Damaged) => return Err(Wrong::whole("unreadable", say::bad_workbook("zip"))),
        Ok(()) => {}
    }
    match caught(|| read(limit)) {
        Some(Ok(read)) => Ok(read),
        Some(Err(Failure::Large)) => Err(Wrong::whole("too_large", say::unpacks_too_large(limit >> 20))),
        Some(Err(Failure::Reader(XlsxError::Password))) => Err(Wrong::whole("unreadable", say::is_an_old_workbook())),
        Some(Err(Failure::Reader(error))) => Err(Wrong::whole("unreadable", say::bad_workbook(&error.to_string()))),
        Some(Err(Failure::Disorder)) | None => Err(Wrong::whole("unreadable", say::bad_workbook("xml"))),
    }
}

enum Failure {
    Reader(XlsxError),
    /// Rows or cells do not ascend.
    Disorder,
    Large,
}

impl From<XlsxError> for Failure {
    fn from(error: XlsxError) -> Failure {
        Failure::Reader(error)
    }
}

fn first_table(table: Table, bytes: &[u8], limit: u64) -> Result<Written, Failure> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))?;
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let (mut named, mut others) = (Vec::new(), Vec::new());
    for sheet in sheets {
        if Table::from_name(sheet.name.trim()) == Some(table) {
            named.push(sheet.name.clone());
        } else if sheet.visible == SheetVisible::Visible {
            others.push(sheet.name.clone());
        }
    }
    for name in named.iter().chain(&others) {
        let written = worksheet(&mut book, name, limit)?;
        if !written.1.is_empty() || named.contains(name) {
            return Ok(written);
        }
    }
    Ok(Written::default())
}

fn worksheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, limit: u64) -> Result<Written, Failure> {
    let mut reader = book.worksheet_cells_reader(name)?;
    let mut out = Written::default();
    let mut row = Row::default();
    while let Some(cell) = reader.next_cell()? {
        let (number, column) = cell.get_position();
        if number != row.number {
            row.write(&mut out);
            // Rows ascend in every file a spreadsheet writes; places would be wrong otherwise.
            if number < row.number {
                return Err(Failure::Disorder);
            }
            row.number = number;
        }
        if !row.push(column, cell.get_value()) {
            return Err(Failure::Disorder);
        }
        if out.0.len() as u64 > limit {
            return Err(Failure::Large);
        }
    }
    row.write(&mut out);
    Ok(out)
}

/// A row being gathered.
#[derive(Default)]
struct Row {
    /// From 0, as calamine counts.
    number: u32,
    text: String,
    /// Cells begun so far.
    cells: u32,
    filled: bool,
}

impl Row {
    /// Adds a cell; false where it does not stand to the right of the last, or beyond any worksheet.
    fn push(&mut self, column: u32, value: &DataRef<'_>) -> bool {
        if matches!(value, DataRef::Empty) {
            return true;
        }
        if column < self.cells || column >= WIDEST {
            return false;
        }
        let commas = column - self.cells + u32::from(self.cells > 0);
        self.text.extend(std::iter::repeat_n(',', commas as usize));
        self.cells = column + 1;
        let cell = text_of(value);
        self.filled |= !cell.is_empty();
        quote(&cell, &mut self.text);
        true
    }

    /// Writes the row where anything is in it, and begins anew.
    fn write(&mut self, (text, rows): &mut Written) {
        if self.filled {
            rows.push((text.len(), self.number + 1));
            text.push_str(&self.text);
            text.push('\n');
        }
        *self = Row { number: self.number, ..Row::default() };
    }
}

fn quote(cell: &str, out: &mut String) {
    if cell.contains(['"', ',', '\n', '\r']) {
        out.push('"');
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(cell);
    }
}

/// A cell as one would type it: dates as 2024-02-17, whole numbers without a point, errors as they show (#N/A).
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(x) => x.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(date) => date_text(date),
        DataRef::Error(error) => error.to_string(),
    }
}

fn date_text(date: &ExcelDateTime) -> String {
    // A time of day or a duration is no date.
    if date.is_duration() || date.as_f64() < 1.0 {
        return date.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let mut text = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) != (0, 0, 0) {
        // Writing into a string cannot fail.
        let _ = write!(text, " {hour:02}:{minute:02}:{second:02}");
    }
    text
}
