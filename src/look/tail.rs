//! Notes below a table: who made it, where the numbers are from.

use super::head::{Role, Shape};
use crate::error::{Place, Problems};
use crate::messages::look as say;
use crate::month::Period;
use crate::schema::{Need, Table};
use crate::sheet::cell::{is_total, total_of};
use crate::sheet::{CsvText, Sheet};

/// Lines at the end among which notes are looked for.
const LINES: usize = 20;

/// Where the table ends in its text: the lines at its end that hold no more than one cell of what the table needs are notes.
/// They are told.
pub(super) fn end(sheet: &Sheet, text: &CsvText, shape: &Shape, problems: &mut Problems) -> usize {
    let needed = |table: Table| table.columns().iter().filter(|column| column.need == Need::Required).count();
    // A list of names may have rows of a single cell.
    if needed(sheet.table) < 2 {
        return text.table.end;
    }
    let mut end = text.table.end;
    let mut notes: Vec<(usize, String)> = Vec::new();
    for _ in 0..LINES {
        let before = text.text.get(text.table.start..end).unwrap_or_default();
        let line = before.trim_end_matches(['\n', '\r', ' ', ',', ';', '\t']);
        let start = text.table.start + line.rfind('\n').map_or(0, |at| at + 1);
        let Some(line) = text.text.get(start..end).filter(|_| start > text.table.start) else { break };
        if !is_note(line.trim_end_matches(['\n', '\r']), text.delimiter, shape) {
            break;
        }
        notes.push((start, line.trim().to_owned()));
        end = start;
    }
    if let Some((start, note)) = notes.last() {
        let lines = text.text.get(..*start).unwrap_or_default().matches('\n').count() as u32 + 1;
        let line = text.row_at(*start).unwrap_or(lines);
        let place = Place { file: sheet.file.clone(), line, column: 0 };
        let shown = crate::messages::shorten(note.trim_matches(['"', ',', ';', '\t', ' ']));
        let (message, treatment) = say::notes_below(notes.len(), &shown);
        problems.warn(place, "notes_below", message, treatment);
    }
    end
}

fn is_note(line: &str, delimiter: u8, shape: &Shape) -> bool {
    let cells = crate::sheet::cells_of(line, delimiter);
    let known = |i: usize| matches!(shape.roles.get(i), Some(Role::Column(_) | Role::Month(_)));
    let filled = cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
    let known: Vec<&str> = filled.filter(|(i, _)| known(*i)).map(|(_, cell)| *cell).collect();
    let said = |cell: &str| {
        let plain = cell.trim_matches('"');
        is_total(plain) || total_of(plain).is_some()
    };
    // A month alone is a row that was cut off.
    known.len() <= 1 && !known.iter().any(|cell| said(cell) || Period::parse(cell.trim_matches('"')).is_some())
}
