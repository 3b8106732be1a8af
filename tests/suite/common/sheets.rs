//! Workbooks as a test reads and changes them.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use calamine::{Data, Reader, SheetVisible, Xlsx};
use rust_xlsxwriter::Workbook;

/// A sheet: its cells by row and column from 0, and the row of the names of its columns.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub name: String,
    pub cells: BTreeMap<(u32, u32), Data>,
    pub hidden: bool,
}

/// All sheets of a workbook.
pub fn read(bytes: &[u8]) -> Vec<Sheet> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let meta = book.sheets_metadata().to_vec();
    let mut sheets = Vec::new();
    for sheet in meta {
        let range = book.worksheet_range(&sheet.name).unwrap();
        let (top, left) = range.start().unwrap_or((0, 0));
        let used = range.used_cells().filter(|(_, _, cell)| **cell != Data::Empty);
        let cells = used.map(|(r, c, cell)| ((top + r as u32, left + c as u32), cell.clone())).collect();
        sheets.push(Sheet { name: sheet.name, cells, hidden: sheet.visible != SheetVisible::Visible });
    }
    sheets
}

pub fn text(cell: Option<&Data>) -> String {
    match cell {
        None | Some(Data::Empty) => String::new(),
        Some(Data::Float(x)) => x.to_string(),
        Some(Data::Int(n)) => n.to_string(),
        Some(Data::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

impl Sheet {
    /// The row of the names of the columns: the first that has a cell of this name.
    pub fn ids(&self, one: &str) -> u32 {
        let found = self.cells.iter().find(|(_, cell)| text(Some(cell)) == one);
        found.unwrap_or_else(|| panic!("{}: no column {one}", self.name)).0.0
    }

    /// The names of the columns, by column.
    pub fn columns(&self, one: &str) -> BTreeMap<String, u32> {
        let row = self.ids(one);
        self.cells.range((row, 0)..(row + 1, 0)).map(|((_, c), cell)| (text(Some(cell)), *c)).collect()
    }

    /// The rows of the table as text by column name, each with its row.
    pub fn rows(&self, one: &str) -> Vec<(u32, BTreeMap<String, String>)> {
        let (ids, columns) = (self.ids(one), self.columns(one));
        let last = self.cells.keys().map(|(r, _)| *r).max().unwrap_or(0);
        let row = |r: u32| columns.iter().map(|(id, c)| (id.clone(), text(self.cells.get(&(r, *c))))).collect();
        let rows = (ids + 2..=last).map(|r| (r, row(r)));
        // A table ends at the first row without a cell.
        rows.take_while(|(_, row): &(u32, BTreeMap<String, String>)| row.values().any(|v| !v.is_empty())).collect()
    }

    /// Fills cells of the row in which some columns hold these words.
    pub fn fill(&mut self, one: &str, of: &[(&str, &str)], with: &[(&str, Data)]) -> u32 {
        let rows = self.rows(one);
        let found = rows.iter().find(|(_, row)| of.iter().all(|(id, word)| row[*id] == *word));
        let row = found.unwrap_or_else(|| panic!("{}: no row {of:?}", self.name)).0;
        let columns = self.columns(one);
        for (id, value) in with {
            self.cells.insert((row, columns[*id]), value.clone());
        }
        row + 1
    }
}

pub fn sheet<'s>(sheets: &'s mut [Sheet], name: &str) -> &'s mut Sheet {
    sheets.iter_mut().find(|s| s.name == name).unwrap_or_else(|| panic!("no sheet {name}"))
}

/// Writes sheets as another program would: values only.
pub fn write(sheets: &[Sheet], to: &Path) {
    let mut book = Workbook::new();
    for sheet in sheets {
        let out = book.add_worksheet();
        out.set_name(&sheet.name).unwrap();
        out.set_hidden(sheet.hidden);
        for ((row, column), cell) in &sheet.cells {
            let column = *column as u16;
            match cell {
                Data::Float(x) => out.write_number(*row, column, *x).unwrap(),
                Data::Int(n) => out.write_number(*row, column, *n as f64).unwrap(),
                other => out.write_string(*row, column, text(Some(other))).unwrap(),
            };
        }
    }
    book.save(to).unwrap();
}

/// A workbook read, changed and written again.
pub fn edit(from: &Path, to: &Path, change: impl FnOnce(&mut [Sheet])) {
    let mut sheets = read(&std::fs::read(from).unwrap());
    change(&mut sheets);
    write(&sheets, to);
}
