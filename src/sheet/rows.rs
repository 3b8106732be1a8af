//! The rows of a sheet, one at a time, without allocating for each.

use csv::{Reader, ReaderBuilder, StringRecord};

use super::cell::{shorten, trim};
use super::header::Header;
use super::{Row, Sheet, record};
use crate::error::{Place, Problems};
use crate::messages::reading as say;
use crate::schema::Need;
use crate::settings::Columns;

/// A quoted cell over more lines than this is taken for a quote that was never closed: notes have a few lines, and
/// the next quote of the file may be far below.
const CELL_LINES: u64 = 50;

/// A header with more columns is no table: no spreadsheet holds more.
const COLUMNS: usize = 16_384;

/// A column of a sheet that is being read; it may be absent, and then all its cells are empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Col {
    /// Its name in the table; empty for a column that is none of the table's.
    pub name: &'static str,
    pub(super) index: Option<usize>,
    /// Whether no row may leave it empty.
    pub(super) required: bool,
}

impl Col {
    /// Whether no row may leave it empty.
    pub fn is_required(self) -> bool {
        self.required
    }

    /// Where it stands, from 0; none where the file does not have it.
    pub fn index(self) -> Option<usize> {
        self.index
    }

    /// Whether the file has it.
    pub fn is_there(self) -> bool {
        self.index.is_some()
    }
}

/// The rows of a sheet after its header.
pub struct Rows<'s> {
    pub(super) sheet: &'s Sheet,
    pub(super) record: StringRecord,
    /// Where the current record begins and ends in the text, and its line.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) line: u32,
    reader: Reader<&'s [u8]>,
    pub(super) header: Header,
    over: bool,
}

impl<'s> Rows<'s> {
    /// Reads the header; none where the table cannot be read, and then there are errors. An empty file is an empty
    /// table.
    pub fn open(sheet: &'s Sheet, mapping: &Columns, problems: &mut Problems) -> Option<Rows<'s>> {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(sheet.delimiter)
            .buffer_capacity(1 << 16)
            .from_reader(sheet.text.as_bytes());
        let mut rows = Rows {
            sheet,
            record: StringRecord::new(),
            start: 0,
            end: 0,
            line: 1,
            reader,
            header: Header::default(),
            over: false,
        };
        let before = problems.errors();
        if !rows.advance(problems) {
            return (problems.errors() == before).then_some(rows);
        }
        if rows.record.len() > COLUMNS {
            problems.error(rows.place(None), "too_many_columns", say::too_many_columns(rows.record.len()));
            return None;
        }
        if let (1, Some(only)) = (rows.record.len(), rows.record.get(0))
            && only.contains('，')
        {
            problems.error(rows.place(None), "full_width_commas", say::full_width_commas());
            return None;
        }
        let cells = rows.record.iter().map(str::to_owned);
        let header = Header::find(sheet.table, cells, mapping, |i| rows.place(i), problems)?;
        rows.header = header;
        Some(rows)
    }

    /// How many columns the header has.
    pub fn width(&self) -> usize {
        self.header.headers.len()
    }

    /// The column of that name; absent where the file does not have it.
    pub fn column(&self, name: &str) -> Col {
        let position = self.sheet.table.columns().iter().position(|column| column.name == name);
        let index = position.and_then(|i| self.header.columns.get(i)).copied().flatten();
        let column = self.sheet.table.column(name);
        let required = column.is_some_and(|column| column.need == Need::Required);
        Col { name: column.map_or("", |column| column.name), index, required }
    }

    /// The columns that are none of the table's, with their headers: the attributes of communities.
    pub fn headers(&self) -> impl Iterator<Item = (&str, Col)> {
        let extra = self.header.extra.iter();
        extra.map(|i| {
            (self.header.headers.get(*i).map_or("", String::as_str), Col { name: "", index: Some(*i), required: false })
        })
    }

    /// The next row that is not blank.
    #[allow(clippy::should_implement_trait)] // An iterator cannot lend its rows.
    pub fn next(&mut self, problems: &mut Problems) -> Option<Row<'_>> {
        if !self.advance(problems) {
            return None;
        }
        if self.record.len() > self.header.headers.len() {
            self.too_many_cells(problems);
        }
        Some(Row { rows: self })
    }

    /// Reads the next record with something in it.
    fn advance(&mut self, problems: &mut Problems) -> bool {
        while !self.over {
            // The text is UTF-8 and records may have any length, so there is nothing else that could fail.
            if !matches!(self.reader.read_record(&mut self.record), Ok(true)) {
                self.over = true;
                break;
            }
            self.locate();
            if self.runs_on() && self.unclosed(problems) {
                self.over = true;
                break;
            }
            if self.record.iter().any(|cell| !trim(cell).is_empty()) {
                return true;
            }
        }
        false
    }

    /// Where the record begins: the reader's own position may still be before blank lines or the `\n` of a `\r\n`.
    fn locate(&mut self) {
        let bytes = self.sheet.text.as_bytes();
        let (mut start, mut line) = self.record.position().map_or((0, 1), |p| (p.byte() as usize, p.line() as u32));
        while let Some(b'\n' | b'\r') = bytes.get(start) {
            line += u32::from(bytes.get(start) == Some(&b'\n'));
            start += 1;
        }
        (self.start, self.line) = (start, line);
        self.end = (self.reader.position().byte() as usize).max(start);
    }

    /// Whether the record may hold a quote that is not closed: it ends with the file, or is very long.
    fn runs_on(&self) -> bool {
        let lines = self.reader.position().line().saturating_sub(self.line.into());
        lines > CELL_LINES || self.end >= self.sheet.text.len()
    }

    /// Reports a quote that is not closed, and whether there is one: what follows it cannot be told apart.
    fn unclosed(&self, problems: &mut Problems) -> bool {
        let raw = self.raw();
        let lines = |field: &record::Field| raw.get(field.range()).map_or(0, |cell| cell.matches('\n').count() as u64);
        let culprit = record::fields(raw, self.sheet.delimiter).position(|f| !f.closed || lines(&f) > CELL_LINES);
        if let Some(index) = culprit {
            problems.error(self.place(Some(index)), "unclosed_quote", say::unclosed_quote());
        }
        culprit.is_some()
    }

    fn too_many_cells(&self, problems: &mut Problems) {
        let wide = self.header.headers.len();
        let beyond = self.record.iter().enumerate().skip(wide).find(|(_, cell)| !trim(cell).is_empty());
        if let Some((index, cell)) = beyond {
            let message = say::too_many_cells(self.record.len(), wide, &shorten(cell));
            problems.error(self.place(Some(index)), "too_many_cells", message);
        }
    }

    /// The raw text of the current record, without its line end.
    pub(super) fn raw(&self) -> &'s str {
        self.sheet.text.get(self.start..self.end).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }

    /// The place of a cell of the current record, or of the whole record.
    pub(super) fn place(&self, index: Option<usize>) -> Place {
        self.sheet.place_in(self.start, self.line, self.raw(), index)
    }
}
