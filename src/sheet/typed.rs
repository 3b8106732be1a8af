//! The rows of typed columns, one at a time; a cell becomes text where it is asked for.

use std::cell::OnceCell;
use std::fmt::Write;

use super::cell::trim;
use super::columns::{Chunk, Columns, Value};
use super::text::Step;

/// Where a reader of typed columns stands.
pub(super) struct TypedRows<'s> {
    pub names: &'s [String],
    chunks: std::slice::Iter<'s, Chunk>,
    chunk: Option<&'s Chunk>,
    /// The row within its chunk.
    row: usize,
    /// Rows read so far, the current one included.
    pub line: u32,
    /// The cells of the current row that were asked for as text, and the row as a whole.
    texts: Vec<OnceCell<String>>,
    record: OnceCell<String>,
}

impl<'s> TypedRows<'s> {
    pub fn new(columns: &'s Columns) -> TypedRows<'s> {
        let mut chunks = columns.chunks().iter();
        let chunk = chunks.next();
        let texts = vec![OnceCell::new(); columns.names().len()];
        // One before the first row, as if a row had been read.
        TypedRows { names: columns.names(), chunks, chunk, row: usize::MAX, line: 0, texts, record: OnceCell::new() }
    }

    /// Goes to the next row with something in it.
    pub fn advance(&mut self) -> Step {
        self.texts.iter_mut().for_each(|text| drop(text.take()));
        self.record.take();
        while let Some(chunk) = self.chunk {
            self.row = self.row.wrapping_add(1);
            if self.row >= chunk.rows() {
                self.chunk = self.chunks.next();
                self.row = usize::MAX;
                continue;
            }
            self.line = self.line.saturating_add(1);
            if !chunk.is_blank(self.row) {
                return Step::Row;
            }
        }
        Step::End
    }

    pub fn value(&self, column: usize) -> Value<'s> {
        self.chunk.map_or(Value::Empty, |chunk| chunk.value(self.row, column))
    }

    /// A cell as text, without blanks around it.
    pub fn text(&self, column: usize) -> &str {
        match self.value(column) {
            Value::Empty => "",
            Value::Text(text) => trim(text),
            value => self.texts.get(column).map_or("", |cell| cell.get_or_init(|| value.to_string())),
        }
    }

    /// The row as a record of CSV text.
    pub fn record(&self) -> &str {
        self.record.get_or_init(|| {
            let mut record = String::new();
            for column in 0..self.texts.len() {
                if column > 0 {
                    record.push(',');
                }
                // Writing into a string cannot fail.
                let _ = match self.value(column) {
                    Value::Text(text) if text.contains(['"', ',']) => {
                        write!(record, "\"{}\"", text.replace('"', "\"\""))
                    }
                    value => write!(record, "{value}"),
                };
            }
            record
        })
    }
}
