//! A workbook -> its worksheets as CSV text, with the row of each record and what is said beside the cells.

use std::fmt::Write;
use std::io::Cursor;

use calamine::{
    Data, DataRef, Dimensions, ExcelDateTime, Ods, Reader, SheetType, SheetVisible, Xls, Xlsb, Xlsx, XlsxError,
};

use super::caught::caught;
use super::scan::{self, Marks, Shown};
use super::{Wrong, largest_unpacked, zip};
use crate::answers::Cells;
use crate::messages::reading as say;
use crate::sheet::cell::UNCALCULATED;
use crate::sheet::{Merged, QUOTED, Worksheet, quote};

/// The columns of the widest worksheet a spreadsheet can hold.
const WIDEST: u32 = 16_384;

/// A worksheet as CSV text, and for each record the byte at which it begins and its row.
pub(super) type Written = (String, Vec<(usize, u32)>);

/// A worksheet: its cells, and what the workbook says of it.
pub(super) type Read = (Written, Worksheet);

/// The kinds of workbooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Xlsx,
    Xls,
    Xlsb,
    Ods,
}

/// Cells of a workbook that a reader holds at once: no more, or a few repeated ones fill the memory.
const MOST_CELLS: u64 = 20_000_000;

/// Reads every worksheet with something in it.
pub(super) fn read(kind: Kind, bytes: &[u8], limit: u64) -> Result<Vec<Read>, Wrong> {
    guarded(kind, bytes, limit, |limit| match kind {
        Kind::Xlsx => xlsx(bytes, limit),
        Kind::Xls => {
            let mut book: Xls<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(Failure::other)?;
            let merged = |book: &Xls<_>, name: &str| book.merge_cells_by_sheet_name(name).unwrap_or_default();
            let from_1904 = book.has_1904_epoch();
            ranges(
                &mut book,
                limit,
                |book, name, _| Marks { merged: over_rows(&merged(book, name)), ..Marks::default() },
                from_1904,
            )
        }
        Kind::Xlsb => {
            let mut book: Xlsb<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(Failure::other)?;
            xlsb(&mut book, limit)
        }
        Kind::Ods => {
            let mut said = scan::open_document(bytes, limit, MOST_CELLS).map_err(|_| Failure::Large)?;
            let mut book: Ods<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(Failure::other)?;
            ranges(&mut book, limit, |_, _, i| said.get_mut(i).map(std::mem::take).unwrap_or_default(), false)
        }
    })
}

/// The worksheets of a workbook, with their position among all sheets and whether they are hidden.
fn sheets<R: Reader<Cursor<B>>, B: AsRef<[u8]>>(book: &R) -> Vec<(usize, String, bool)> {
    let all = book.sheets_metadata().iter().enumerate();
    let worksheets = all.filter(|(_, sheet)| sheet.typ == SheetType::WorkSheet);
    worksheets.map(|(i, sheet)| (i, sheet.name.clone(), sheet.visible != SheetVisible::Visible)).collect()
}

fn over_rows(merged: &[Dimensions]) -> Vec<Merged> {
    let over = merged.iter().filter(|range| range.end.0 > range.start.0);
    over.map(|range| Merged { first: range.start.0 + 1, last: range.end.0 + 1, column: range.start.1 + 1 }).collect()
}

/// The worksheets of a workbook with something in them, as they are read.
struct Sheets {
    from_1904: bool,
    /// Bytes of text that may still come.
    left: u64,
    read: Vec<Read>,
}

impl Sheets {
    fn new(from_1904: bool, limit: u64) -> Sheets {
        Sheets { from_1904, left: limit, read: Vec::new() }
    }

    /// Takes a worksheet in, of which `cells` hands over every cell.
    fn add(
        &mut self,
        (name, hidden): (&str, bool),
        marks: Marks,
        cells: impl FnOnce(&mut Writer) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut sheet = Writer::new(&marks, self.left);
        cells(&mut sheet)?;
        let written = sheet.end();
        self.left = self.left.saturating_sub(written.0.len() as u64);
        if !written.1.is_empty() {
            self.read.push((written, marks.into_worksheet(name, hidden, self.from_1904)));
        }
        Ok(())
    }
}

fn xlsx(bytes: &[u8], limit: u64) -> Result<Vec<Read>, Failure> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))?;
    let said = scan::Book::new(bytes, limit);
    let mut out = Sheets::new(book.has_1904_epoch(), limit);
    for (position, name, hidden) in sheets(&book) {
        let mut reader = book.worksheet_cells_reader(&name)?;
        out.add((&name, hidden), said.worksheet(position), |sheet| {
            while let Some(cell) = reader.next_cell()? {
                sheet.cell(cell.get_position(), cell.get_value())?;
            }
            Ok(())
        })?;
    }
    Ok(out.read)
}

fn xlsb(book: &mut Xlsb<Cursor<&[u8]>>, limit: u64) -> Result<Vec<Read>, Failure> {
    let mut out = Sheets::new(book.has_1904_epoch(), limit);
    for (_, name, hidden) in sheets(book) {
        let mut reader = book.worksheet_cells_reader(&name).map_err(Failure::other)?;
        out.add((&name, hidden), Marks::default(), |sheet| {
            while let Some(cell) = reader.next_cell().map_err(Failure::other)? {
                sheet.cell(cell.get_position(), cell.get_value())?;
            }
            Ok(())
        })?;
    }
    Ok(out.read)
}

/// Worksheets of a kind that is read as a whole.
fn ranges<R: Reader<Cursor<B>, Error: std::fmt::Display>, B: AsRef<[u8]>>(
    book: &mut R,
    limit: u64,
    mut said: impl FnMut(&R, &str, usize) -> Marks,
    from_1904: bool,
) -> Result<Vec<Read>, Failure> {
    let mut out = Sheets::new(from_1904, limit);
    for (position, name, hidden) in sheets(book) {
        let marks = said(book, &name, position);
        let range = book.worksheet_range(&name).map_err(Failure::other)?;
        let (top, left) = range.start().unwrap_or_default();
        out.add((&name, hidden), marks, |sheet| {
            for (row, column, value) in range.used_cells() {
                let at = (top.saturating_add(row as u32), left.saturating_add(column as u32));
                sheet.cell(at, &value.as_ref_value())?;
            }
            Ok(())
        })?;
    }
    Ok(out.read)
}

/// A value as the readers of streams hand it over.
trait AsRefValue {
    fn as_ref_value(&self) -> DataRef<'_>;
}

impl AsRefValue for Data {
    fn as_ref_value(&self) -> DataRef<'_> {
        match self {
            Data::Int(n) => DataRef::Int(*n),
            Data::Float(x) => DataRef::Float(*x),
            Data::String(text) => DataRef::SharedString(text),
            Data::Bool(yes) => DataRef::Bool(*yes),
            Data::DateTime(date) => DataRef::DateTime(*date),
            Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
            Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
            Data::Error(error) => DataRef::Error(error.clone()),
            _ => DataRef::Empty,
        }
    }
}

/// Reads sheets cell by cell: the first of them, then those that it asks for.
pub(super) fn cells(
    bytes: &[u8],
    first: &str,
    limit: u64,
    more: impl FnOnce(&[Cells]) -> Vec<String>,
) -> Result<Vec<Cells>, Wrong> {
    guarded(Kind::Xlsx, bytes, limit, |limit| {
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
fn guarded<T>(kind: Kind, bytes: &[u8], limit: u64, read: impl FnOnce(u64) -> Result<T, Failure>) -> Result<T, Wrong> {
    let is_compound = matches!(bytes, [0xd0, 0xcf, 0x11, 0xe0, ..]);
    if is_compound != (kind == Kind::Xls) {
        // A container of this kind under another name is a workbook with a password.
        let message = if is_compound { say::is_an_old_workbook() } else { say::is_no_old_workbook() };
        return Err(Wrong::whole("unreadable", message));
    }
    let limit = largest_unpacked(bytes.len(), limit);
    if !is_compound {
        match zip::check(bytes, limit) {
            Err(zip::Refused::TooLarge) => {
                return Err(Wrong::whole("too_large", say::unpacks_too_large(limit >> 20)));
            }
            Err(zip::Refused::Damaged) => return Err(Wrong::whole("unreadable", say::bad_workbook("zip"))),
            Ok(()) => {}
        }
    }
    match caught(|| read(limit)) {
        Some(Ok(read)) => Ok(read),
        Some(Err(Failure::Large)) => Err(Wrong::whole("too_large", say::unpacks_too_large(limit >> 20))),
        Some(Err(Failure::Reader(XlsxError::Password))) => Err(Wrong::whole("unreadable", say::is_an_old_workbook())),
        Some(Err(Failure::Reader(error))) => Err(Wrong::whole("unreadable", say::bad_workbook(&error.to_string()))),
        Some(Err(Failure::Other(error))) if error.contains("password") => {
            Err(Wrong::whole("unreadable", say::is_an_old_workbook()))
        }
        Some(Err(Failure::Other(error))) => Err(Wrong::whole("unreadable", say::bad_workbook(&error))),
        Some(Err(Failure::Disorder)) | None => Err(Wrong::whole("unreadable", say::bad_workbook("xml"))),
    }
}

enum Failure {
    Reader(XlsxError),
    /// What the reader of another kind says.
    Other(String),
    /// Rows or cells do not ascend.
    Disorder,
    Large,
}

impl From<XlsxError> for Failure {
    fn from(error: XlsxError) -> Failure {
        Failure::Reader(error)
    }
}

impl Failure {
    fn other(error: impl std::fmt::Display) -> Failure {
        Failure::Other(error.to_string())
    }
}

/// A worksheet being written as CSV.
struct Writer<'m> {
    marks: &'m Marks,
    limit: u64,
    out: Written,
    row: Row,
}

impl<'m> Writer<'m> {
    fn new(marks: &'m Marks, limit: u64) -> Writer<'m> {
        Writer { marks, limit, out: Written::default(), row: Row::default() }
    }

    /// Adds a cell; row and column count from 0.
    fn cell(&mut self, (number, column): (u32, u32), value: &DataRef<'_>) -> Result<(), Failure> {
        if number != self.row.number {
            self.row.write(&mut self.out);
            // Rows ascend in every file a spreadsheet writes; places would be wrong otherwise.
            if number < self.row.number {
                return Err(Failure::Disorder);
            }
            self.row.number = number;
        }
        let shown = match self.marks.shown.get(&(number + 1, column + 1)) {
            Some(Shown::Uncalculated) => Some(UNCALCULATED.to_owned()),
            Some(Shown::Zeros(digits)) => with_zeros(value, *digits),
            None => None,
        };
        if !self.row.push(column, value, shown) {
            return Err(Failure::Disorder);
        }
        if self.out.0.len() as u64 > self.limit {
            return Err(Failure::Large);
        }
        Ok(())
    }

    fn end(mut self) -> Written {
        self.row.write(&mut self.out);
        self.out
    }
}

/// A whole number with leading zeros, as its format shows it.
fn with_zeros(value: &DataRef<'_>, digits: usize) -> Option<String> {
    let number = match value {
        DataRef::Int(n) => *n as f64,
        DataRef::Float(x) => *x,
        _ => return None,
    };
    (number >= 0.0 && number.fract() == 0.0).then(|| format!("{number:0>digits$}"))
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
    /// `shown` goes before the value.
    fn push(&mut self, column: u32, value: &DataRef<'_>, shown: Option<String>) -> bool {
        if matches!(value, DataRef::Empty) && shown.is_none() {
            return true;
        }
        if column < self.cells || column >= WIDEST {
            return false;
        }
        let commas = column - self.cells + u32::from(self.cells > 0);
        self.text.extend(std::iter::repeat_n(',', commas as usize));
        self.cells = column + 1;
        // A text with a mark is quoted, so that it is told from a number, whose point parts decimals.
        let is_text = matches!(value, DataRef::String(_) | DataRef::SharedString(_));
        let cell = shown.unwrap_or_else(|| text_of(value));
        self.filled |= !cell.is_empty();
        quote(&cell, cell.contains(QUOTED) || is_text && cell.contains('.'), &mut self.text);
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
