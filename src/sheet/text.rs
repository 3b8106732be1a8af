//! The records of a text, one at a time.

use csv::{Reader, ReaderBuilder, StringRecord};

use super::cell::trim;
use super::{Cells, CsvText, Reshaped, Sheet, Spot, record};
use crate::error::Place;
use crate::messages::shorten;

/// A quoted cell over more lines than this is taken for a quote that was never closed: notes have a few lines, and
/// the next quote of the file may be far below.
const CELL_LINES: u64 = 50;

/// Characters of a cell of CSV text that have to be quoted.
pub const QUOTED: [char; 4] = ['"', ',', '\n', '\r'];

/// Puts a cell into CSV text, in quotes or as it is.
pub fn quote(cell: &str, quoted: bool, out: &mut String) {
    if quoted {
        out.push('"');
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(cell);
    }
}

/// Where a reader of a text stands.
pub struct TextRows<'s> {
    /// The text.
    pub text: &'s CsvText,
    /// The cells of the current record.
    pub record: StringRecord,
    /// Where the current record begins and ends in the text, and its line.
    start: usize,
    end: usize,
    line: u32,
    /// Records read so far, the header and the current one included.
    pub ordinal: u32,
    /// Lines before the table.
    before: u32,
    reader: Reader<&'s [u8]>,
}

/// What came of the step to the next record.
pub(super) enum Step {
    /// A record with something in it.
    Row,
    /// A cell (its position) opens a quote that is not closed: what follows it cannot be told apart.
    Unclosed(usize),
    /// The text is over.
    End,
}

impl<'s> TextRows<'s> {
    /// Before the first record.
    pub fn new(text: &'s CsvText) -> TextRows<'s> {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(text.delimiter)
            .buffer_capacity(1 << 16)
            .from_reader(text.part().as_bytes());
        let before = text.text.get(..text.table.start).unwrap_or_default();
        let before = before.bytes().filter(|byte| *byte == b'\n').count() as u32;
        TextRows { text, record: StringRecord::new(), start: 0, end: 0, line: 1, ordinal: 0, before, reader }
    }

    /// The place and the text, shortened, of a cell by its record and column.
    pub fn shown(sheet: &Sheet, text: &CsvText, record: u32, column: usize) -> (Place, String) {
        let mut rows = TextRows::new(text);
        while rows.ordinal < record && rows.next_row() {}
        let (line, character) = rows.place(column);
        let cell = shorten(rows.record.get(column).map_or("", trim));
        (Place { file: sheet.file.clone(), line, column: character }, cell)
    }

    /// Reads the next record with something in it.
    pub(super) fn advance(&mut self) -> Step {
        // The text is UTF-8 and records may have any length, so there is nothing else that could fail.
        while matches!(self.reader.read_record(&mut self.record), Ok(true)) {
            self.locate();
            if let Some(cell) = self.unclosed() {
                return Step::Unclosed(cell);
            }
            if self.record.iter().any(|cell| !trim(cell).is_empty()) {
                self.ordinal = self.ordinal.saturating_add(1);
                return Step::Row;
            }
        }
        Step::End
    }

    /// Goes to the next record with something in it; false where there is none, or a quote is not closed.
    pub fn next_row(&mut self) -> bool {
        matches!(self.advance(), Step::Row)
    }

    /// Whether a cell of the current record stands in quotes.
    pub fn is_quoted(&self, index: usize) -> bool {
        let raw = self.raw();
        let field = record::fields(raw, self.text.delimiter).nth(index);
        field.and_then(|field| raw.get(field.range())).is_some_and(|cell| cell.starts_with('"'))
    }

    /// Where the record begins: the reader's own position may still be before blank lines or the `\n` of a `\r\n`.
    fn locate(&mut self) {
        let bytes = self.text.text.as_bytes();
        let first = self.text.table.start;
        let at = self.record.position().map_or((0, 1), |p| (p.byte() as usize, p.line() as u32));
        let (mut start, mut line) = (first + at.0, self.before + at.1);
        while let Some(b'\n' | b'\r') = bytes.get(start) {
            line += u32::from(bytes.get(start) == Some(&b'\n'));
            start += 1;
        }
        (self.start, self.line) = (start, line);
        self.end = (first + self.reader.position().byte() as usize).max(start);
    }

    /// The cell whose quote is not closed. Only a record that ends with the file, or is very long, can have one.
    fn unclosed(&self) -> Option<usize> {
        let lines = (u64::from(self.before) + self.reader.position().line()).saturating_sub(self.line.into());
        if lines <= CELL_LINES && self.end < self.text.table.end {
            return None;
        }
        let raw = self.raw();
        let lines = |field: &record::Field| raw.get(field.range()).map_or(0, |cell| cell.matches('\n').count() as u64);
        record::fields(raw, self.text.delimiter).position(|f| !f.closed || lines(&f) > CELL_LINES)
    }

    /// The raw text of the current record, without its line end.
    pub fn raw(&self) -> &'s str {
        self.text.text.get(self.start..self.end).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }

    /// Where the current record begins in the text.
    pub fn start(&self) -> usize {
        self.start
    }

    /// The line of the text or the row of the worksheet.
    pub fn line(&self) -> u32 {
        match &self.text.cells {
            Cells::Text => self.line,
            Cells::Worksheet(rows) => {
                let found = rows.binary_search_by_key(&self.start, |(byte, _)| *byte);
                found.ok().and_then(|i| rows.get(i)).map_or(self.line, |(_, row)| *row)
            }
            Cells::Reshaped(from) => self.spot(from).map_or(from.header, |spot| spot.line),
        }
    }

    fn spot<'f>(&self, from: &'f Reshaped) -> Option<&'f Spot> {
        let found = from.records.binary_search_by_key(&self.start, |spot| spot.start);
        found.ok().and_then(|i| from.records.get(i))
    }

    /// Line and column of a cell of the current record; column 0 where it has no such cell.
    pub fn place(&self, index: usize) -> (u32, u32) {
        match &self.text.cells {
            Cells::Worksheet(_) => (self.line(), index as u32 + 1),
            Cells::Reshaped(from) => {
                let column = from.columns.get(index).copied().unwrap_or(0);
                let own = || self.spot(from).map_or(0, |spot| spot.column);
                (self.line(), if column == Reshaped::NUMBER { own() } else { column })
            }
            Cells::Text => match record::fields(self.raw(), self.text.delimiter).nth(index) {
                None => (self.line, 0),
                Some(field) => {
                    let before = self.raw().get(..field.start).unwrap_or_default();
                    let newlines = before.bytes().filter(|b| *b == b'\n').count() as u32;
                    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
                    (self.line + newlines, column)
                }
            },
        }
    }
}
