//! What a workbook says of its worksheets beside the values: hidden rows, merged cells, formulas without a value, codes whose
//! zeros are a matter of format.

use rustc_hash::FxHashMap;

use super::tags::{Tag, reference, tags};
use super::zip;
use crate::sheet::{Merged, Worksheet};

/// What is said of one worksheet. Rows and columns count from 1.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub hidden_rows: Vec<u32>,
    pub merged: Vec<Merged>,
    /// Cells whose text is not their value: by row and column.
    pub shown: FxHashMap<(u32, u32), Shown>,
}

/// Why a cell's text is not its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// A formula whose value the file does not hold.
    Uncalculated,
    /// A number shown with so many digits: 001201.
    Zeros(usize),
}

impl Marks {
    /// Hands over what the table's reader asks for.
    pub fn into_worksheet(self, name: &str, hidden: bool, from_1904: bool) -> Worksheet {
        Worksheet { name: name.to_owned(), hidden, hidden_rows: self.hidden_rows, merged: self.merged, from_1904 }
    }
}

/// Longer formats of zeros are no codes.
const LONGEST_CODE: usize = 20;

/// What an XLSX workbook says of its worksheets, by their position; `limit` bytes of each part are looked at.
pub(super) struct Book<'b> {
    bytes: &'b [u8],
    limit: u64,
    /// The paths of the worksheets in their order.
    paths: Vec<(String, String)>,
    /// Digits that a number of a style is shown with, by style.
    zeros: FxHashMap<usize, usize>,
}

impl<'b> Book<'b> {
    pub fn new(bytes: &'b [u8], limit: u64) -> Book<'b> {
        let mut book = Book { bytes, limit, paths: Vec::new(), zeros: FxHashMap::default() };
        book.paths = book.worksheets();
        book.zeros = book.styles();
        book
    }

    fn part(&self, path: &str) -> String {
        zip::text(self.bytes, path, self.limit)
    }

    /// The worksheets' names and paths.
    fn worksheets(&self) -> Vec<(String, String)> {
        // Nearly every workbook has it in xl/; where it is called otherwise its own relations say so.
        let top = self.part("_rels/.rels");
        let main = tags(&top).find(|tag| tag.attribute("Type").is_some_and(|kind| kind.ends_with("/officeDocument")));
        let main = main.and_then(|tag| tag.attribute("Target")).unwrap_or("xl/workbook.xml").trim_start_matches('/');
        let (base, file) = main.rsplit_once('/').map_or(("", main), |(base, file)| (base, file));
        let base = if base.is_empty() { String::new() } else { format!("{base}/") };
        let relations = self.part(&format!("{base}_rels/{file}.rels"));
        let targets: Vec<(&str, &str)> = tags(&relations)
            .filter(|tag| tag.name == "Relationship")
            .filter_map(|tag| Some((tag.attribute("Id")?, tag.attribute("Target")?)))
            .collect();
        let path = |target: &str| match target.strip_prefix('/') {
            Some(whole) => whole.to_owned(),
            None => format!("{base}{target}"),
        };
        let workbook = self.part(main);
        tags(&workbook)
            .filter(|tag| tag.name == "sheet" && !tag.closes)
            .filter_map(|tag| {
                let id = tag.attribute("id")?;
                let (_, target) = targets.iter().find(|(key, _)| *key == id)?;
                Some((tag.attribute("name")?.to_owned(), path(target)))
            })
            .collect()
    }

    /// Styles that show numbers with leading zeros.
    fn styles(&self) -> FxHashMap<usize, usize> {
        let styles = self.part("xl/styles.xml");
        let mut formats: FxHashMap<&str, usize> = FxHashMap::default();
        let mut out = FxHashMap::default();
        let (mut in_cells, mut style) = (false, 0);
        for tag in tags(&styles) {
            match tag.name {
                "numFmt" => {
                    let code = tag.attribute("formatCode").unwrap_or_default();
                    let is_zeros = (2..=LONGEST_CODE).contains(&code.len()) && code.bytes().all(|b| b == b'0');
                    if let Some(id) = tag.attribute("numFmtId").filter(|_| is_zeros) {
                        formats.insert(id, code.len());
                    }
                }
                "cellXfs" => in_cells = !tag.closes,
                "xf" if in_cells && !tag.closes => {
                    if let Some(digits) = tag.attribute("numFmtId").and_then(|id| formats.get(id)) {
                        out.insert(style, *digits);
                    }
                    style += 1;
                }
                _ => {}
            }
        }
        out
    }

    /// What is said of the worksheet with a position among all sheets.
    pub fn worksheet(&self, position: usize) -> Marks {
        let Some((_, path)) = self.paths.get(position) else { return Marks::default() };
        let xml = self.part(path);
        let mut marks = Marks::default();
        let (mut row, mut column) = (0, 0);
        let mut cell = Cell::default();
        for tag in tags(&xml) {
            match (tag.name, tag.closes) {
                ("row", false) => {
                    row = tag.attribute("r").and_then(|r| r.parse().ok()).unwrap_or(row + 1);
                    column = 0;
                    if is_on(&tag, "hidden") {
                        marks.hidden_rows.push(row);
                    }
                }
                ("c", false) => {
                    let at = tag.attribute("r").and_then(reference).unwrap_or((row, column + 1));
                    column = at.1;
                    cell = Cell { at, has_formula: false, has_value: false, ..Cell::default() };
                    cell.is_text = matches!(tag.attribute("t"), Some("str" | "s" | "inlineStr" | "b" | "e" | "d"));
                    cell.style = tag.attribute("s").and_then(|s| s.parse().ok()).unwrap_or(0);
                }
                ("f", false) => cell.has_formula = true,
                ("v" | "t", false) => cell.has_value |= !tag.text.is_empty(),
                ("c", true) => {
                    if cell.has_formula && !cell.has_value && !cell.is_text {
                        marks.shown.insert(cell.at, Shown::Uncalculated);
                    } else if let Some(digits) = self.zeros.get(&cell.style).filter(|_| cell.has_value && !cell.is_text)
                    {
                        marks.shown.insert(cell.at, Shown::Zeros(*digits));
                    }
                }
                ("mergeCell", false) => {
                    let ends = tag.attribute("ref").and_then(|r| r.split_once(':'));
                    let ends = ends.and_then(|(a, b)| Some((reference(a)?, reference(b)?)));
                    if let Some((first, last)) = ends.filter(|(first, last)| last.0 > first.0) {
                        marks.merged.push(Merged { first: first.0, last: last.0, column: first.1 });
                    }
                }
                _ => {}
            }
        }
        marks
    }
}

fn is_on(tag: &Tag, name: &str) -> bool {
    matches!(tag.attribute(name), Some("1" | "true"))
}

#[derive(Default)]
struct Cell {
    at: (u32, u32),
    style: usize,
    is_text: bool,
    has_formula: bool,
    has_value: bool,
}

/// Why an OpenDocument spreadsheet is not opened: repeated cells would fill the memory.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooManyCells;

/// What an OpenDocument spreadsheet says of its sheets, by their position.
pub(super) fn open_document(bytes: &[u8], limit: u64, most: u64) -> Result<Vec<Marks>, TooManyCells> {
    let xml = zip::text(bytes, "content.xml", limit);
    let mut out: Vec<Marks> = Vec::new();
    let (mut row, mut column, mut repeats) = (0_u64, 0_u64, 1_u64);
    let (mut width, mut all) = (0_u64, 0_u64);
    for tag in tags(&xml) {
        let count = |name: &str| tag.attribute(name).and_then(|n| n.parse::<u64>().ok()).unwrap_or(1).max(1);
        match (tag.name, tag.closes) {
            ("table", false) => {
                out.push(Marks::default());
                row = 0;
            }
            ("table-row", false) => {
                repeats = count("number-rows-repeated");
                (column, width) = (0, 0);
                let Some(marks) = out.last_mut().filter(|_| repeats == 1) else { continue };
                if matches!(tag.attribute("visibility"), Some("collapse" | "filter")) {
                    marks.hidden_rows.push(row as u32 + 1);
                }
            }
            ("table-row", true) => {
                all = all.saturating_add(width.saturating_mul(repeats));
                if all > most {
                    return Err(TooManyCells);
                }
                row = row.saturating_add(repeats);
            }
            ("table-cell" | "covered-table-cell", false) => {
                let rows = count("number-rows-spanned");
                let into =
                    out.last_mut().filter(|_| rows > 1 && row < u64::from(u32::MAX) && rows < u64::from(u32::MAX));
                if let Some(marks) = into {
                    let first = row as u32 + 1;
                    marks.merged.push(Merged {
                        first,
                        last: first.saturating_add(rows as u32 - 1),
                        column: column as u32 + 1,
                    });
                }
                column = column.saturating_add(count("number-columns-repeated"));
                if !tag.is_empty || tag.attribute("value-type").is_some() {
                    width = column;
                }
            }
            _ => {}
        }
        // An empty row has no closing tag.
        if tag.name == "table-row" && tag.is_empty {
            row = row.saturating_add(repeats);
        }
    }
    Ok(out)
}
