//! The rows of a sheet, one at a time, without allocating for each.

use super::cell::{shorten, trim};
use super::columns::Value;
use super::curtain::Curtain;
use super::header::Header;
use super::text::{Step, TextRows};
use super::typed::TypedRows;
use super::{Cells, Content, Format, Sheet};
use crate::error::{Place, Problems};
use crate::messages::reading as say;
use crate::schema::Need;
use crate::settings::Columns;

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
    pub(super) header: Header,
    /// The line or row of the header; 0 where the columns have names of their own.
    pub(super) header_line: u32,
    at: At<'s>,
    curtain: Curtain,
    over: bool,
}

/// Where the reading stands.
enum At<'s> {
    Text(TextRows<'s>),
    Typed(TypedRows<'s>),
}

impl<'s> Rows<'s> {
    /// Reads the header; none where the table cannot be read, and then there are errors. An empty file is an empty
    /// table.
    pub fn open(sheet: &'s Sheet, mapping: &Columns, problems: &mut Problems) -> Option<Rows<'s>> {
        let at = match &sheet.content {
            Content::Text(text) => At::Text(TextRows::new(text)),
            Content::Columns(columns) => At::Typed(TypedRows::new(columns)),
        };
        let curtain = Curtain::default();
        let mut rows = Rows { sheet, header: Header::default(), header_line: 0, at, curtain, over: false };
        let before = problems.errors();
        if matches!(rows.at, At::Text(_)) && !rows.advance(problems) {
            return (problems.errors() == before).then_some(rows);
        }
        let names: Vec<String> = match &rows.at {
            At::Text(text) => text.record.iter().map(str::to_owned).collect(),
            At::Typed(typed) => typed.names.to_vec(),
        };
        if names.len() > COLUMNS {
            problems.error(rows.place(None), "too_many_columns", say::too_many_columns(names.len()));
            return None;
        }
        if let [only] = names.as_slice()
            && only.contains('，')
        {
            problems.error(rows.place(None), "full_width_commas", say::full_width_commas());
            return None;
        }
        let commas: &[usize] = match &sheet.content {
            Content::Text(text) => &text.decimal_commas,
            Content::Columns(_) => &[],
        };
        rows.header_line = rows.line();
        rows.header = Header::find(sheet.table, names.into_iter(), (mapping, commas), |i| rows.place(i), problems)?;
        rows.curtain = Curtain::new(sheet.table, mapping.until, |name| rows.column(name).index());
        Some(rows)
    }

    /// The rows that [`Rows::open`] passes over because they are later than is seen, and only those.
    pub fn later(sheet: &'s Sheet, mapping: &Columns, problems: &mut Problems) -> Option<Rows<'s>> {
        let mut rows = Rows::open(sheet, mapping, problems)?;
        rows.curtain.behind = true;
        Some(rows)
    }

    /// Whether the rows were made of another form of the table, so that several may stand in one line.
    pub fn is_reshaped(&self) -> bool {
        matches!(&self.sheet.content, Content::Text(text) if matches!(text.cells, Cells::Reshaped(_)))
    }

    /// The line or row of the header; 0 where the columns have names of their own.
    pub fn header_row(&self) -> u32 {
        self.header_line
    }

    /// The headers as they are written.
    pub fn headers_as_written(&self) -> &[String] {
        &self.header.headers
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

    /// Goes to the next row that is not blank and not passed over; whether there is one.
    pub(super) fn step(&mut self, problems: &mut Problems) -> bool {
        while self.advance(problems) {
            if !self.curtain.hides(|column| self.value(column), |column| self.text(column)) {
                self.too_many_cells(problems);
                return true;
            }
        }
        false
    }

    /// How many rows there are at least, where that is known before they are read.
    pub fn expected(&self) -> usize {
        match &self.sheet.content {
            Content::Text(_) => 0,
            Content::Columns(columns) => columns.rows(),
        }
    }

    /// Goes to the next row with something in it.
    fn advance(&mut self, problems: &mut Problems) -> bool {
        if self.over {
            return false;
        }
        let found = match &mut self.at {
            At::Text(text) => text.advance(),
            At::Typed(typed) => typed.advance(),
        };
        if let Step::Unclosed(cell) = found {
            problems.error(self.place(Some(cell)), "unclosed_quote", say::unclosed_quote());
        }
        self.over = !matches!(found, Step::Row);
        !self.over
    }

    /// Reports cells beyond the header; typed columns have none.
    fn too_many_cells(&self, problems: &mut Problems) {
        let At::Text(text) = &self.at else { return };
        let wide = self.header.headers.len();
        if text.record.len() <= wide {
            return;
        }
        let beyond = text.record.iter().enumerate().skip(wide).find(|(_, cell)| !trim(cell).is_empty());
        if let Some((index, cell)) = beyond {
            let message = say::too_many_cells(text.record.len(), wide, &shorten(cell));
            problems.error(self.place(Some(index)), "too_many_cells", message);
        }
    }

    /// A cell of the current row as text, without blanks around it; empty where there is none.
    pub(super) fn text(&self, index: usize) -> &str {
        match &self.at {
            At::Text(text) => text.record.get(index).map_or("", trim),
            At::Typed(typed) => typed.text(index),
        }
    }

    /// A cell of the current row as it is typed; none where the sheet is text.
    pub(super) fn value(&self, index: usize) -> Option<Value<'s>> {
        match &self.at {
            At::Text(_) => None,
            At::Typed(typed) => Some(typed.value(index)),
        }
    }

    /// The current row as CSV text, without its line end, and what parts its cells.
    pub(super) fn raw(&self) -> (&str, u8) {
        match &self.at {
            At::Text(text) => (text.raw(), text.text.delimiter),
            At::Typed(typed) => (typed.record(), b','),
        }
    }

    /// The line of the text, the row of the worksheet or of the typed columns.
    pub(super) fn line(&self) -> u32 {
        match &self.at {
            At::Text(text) => text.line(),
            At::Typed(typed) => typed.line,
        }
    }

    /// How the numbers of a column are written.
    pub(super) fn format(&self, index: usize) -> Format {
        self.header.formats.get(index).copied().unwrap_or_default()
    }

    /// The number of the row: no other of the sheet has it, and later ones are larger.
    pub(super) fn id(&self) -> u32 {
        match &self.at {
            // The header was the first record.
            At::Text(text) if matches!(text.text.cells, Cells::Reshaped(_)) => text.ordinal.saturating_sub(1),
            _ => self.line(),
        }
    }

    /// The place of a cell of the current row, or of the whole row.
    pub(super) fn place(&self, index: Option<usize>) -> Place {
        let (line, column) = match (&self.at, index) {
            (_, None) => (self.line(), 0),
            (At::Text(text), Some(index)) => text.place(index),
            (At::Typed(typed), Some(index)) => (typed.line, index as u32 + 1),
        };
        Place { file: self.sheet.file.clone(), line, column }
    }
}
