//! A look at a table as a whole, before any of its rows is read: which worksheets hold it, which row is its header, what each
//! column means, what the columns say of their cells. What comes out is a header with a row for each entry below it.

mod dates;
mod head;
mod marks;
mod reshape;
mod tail;

use std::sync::Arc;

use crate::error::{Place, Problems};
use crate::messages::{door, look as say, reading};
use crate::month::{Period, month_number};
use crate::schema::Table;
use crate::settings::Settings;
use crate::sheet::cell::{UNCALCULATED, year};
use crate::sheet::{Content, CsvText, Sheet, TextRows, Worksheet};
use head::{Role, Shape};

pub use marks::is_number;

/// The table that a sheet holds: of those that it has all of, the one that knows most of its headers; sales where none is clear.
pub fn table_of_sheet(sheet: &Sheet, settings: &Settings) -> Table {
    /// A table that is told by fewer columns could be any.
    const CLEAR: usize = 3;
    let Content::Text(text) = &sheet.content else { return sheet.table };
    let merged = sheet.worksheet.as_ref().map_or(&[][..], |sheet| &sheet.merged);
    let (head, label) = (head::rows(text, merged), Label::of(sheet));
    let known = |table: Table| {
        let shape = head::find(table, &head, &label, &settings.columns)?;
        (shape.is_complete() || shape.lacks_region_only()).then_some(shape.known)
    };
    if known(Table::Sales).is_some() {
        return Table::Sales;
    }
    let others = Table::ALL.into_iter().filter_map(|table| Some((known(table)?, table)));
    others.filter(|(known, _)| *known >= CLEAR).max_by_key(|(known, _)| *known).map_or(Table::Sales, |(_, table)| table)
}

/// What names a sheet may give its rows: its region, its year.
#[derive(Clone, Debug, Default)]
struct Label {
    /// The worksheet's name; empty where it has none of its own.
    sheet: String,
    /// The file's name without folder and ending.
    file: String,
}

impl Label {
    fn of(sheet: &Sheet) -> Label {
        let file = sheet.file.rsplit('/').next().unwrap_or_default();
        let file = file.split('.').next().unwrap_or_default();
        let file = if Table::from_name(file).is_some() { "" } else { file };
        let name = sheet.worksheet.as_ref().map_or("", |worksheet| worksheet.name.trim());
        Label { sheet: if is_default(name) { String::new() } else { name.to_owned() }, file: file.to_owned() }
    }

    /// The name that tells this sheet from the others of its table; a year or a month is no region.
    fn region(&self) -> &str {
        let name = if self.sheet.is_empty() { &self.file } else { &self.sheet };
        let is_time = Period::parse(name).is_some() || year(name).is_some() || month_number(name).is_some();
        if is_time { "" } else { name }
    }
}

/// Names that spreadsheets give by themselves.
fn is_default(name: &str) -> bool {
    let lower = name.to_lowercase();
    let digits =
        ["sheet", "工作表", "表", "feuille", "hoja", "tabelle"].iter().find_map(|head| lower.strip_prefix(head));
    digits.is_some_and(|rest| rest.trim().bytes().all(|b| b.is_ascii_digit()))
}

/// A sheet with what it was understood to be.
struct Seen {
    sheet: Sheet,
    label: Label,
    shape: Option<Shape>,
}

impl Seen {
    fn is(&self, holds: impl Fn(&Shape) -> bool) -> bool {
        self.shape.as_ref().is_some_and(holds)
    }

    fn name(&self) -> String {
        self.sheet.worksheet.as_ref().map_or_else(|| self.sheet.file.to_string(), |worksheet| worksheet.name.clone())
    }

    fn worksheet(&self) -> Option<&Worksheet> {
        self.sheet.worksheet.as_deref()
    }
}

/// Understands the sheets of a folder. What is wrong with their form is in `problems`; the sheets that come out are read row
/// by row.
pub fn understand(sheets: Vec<Sheet>, settings: &Settings, problems: &mut Problems) -> Vec<Sheet> {
    let mut out = Vec::new();
    let mut rest = sheets.into_iter().peekable();
    while let Some(first) = rest.next() {
        let table = first.table;
        let mut of_table = vec![first];
        while let Some(next) = rest.next_if(|sheet| sheet.table == table) {
            of_table.push(next);
        }
        if table == Table::Ledger {
            // The program's own files have one form.
            out.extend(of_table);
        } else {
            out.extend(table_of(table, of_table, settings, problems));
        }
    }
    out
}

/// The sheets of one table.
fn table_of(table: Table, sheets: Vec<Sheet>, settings: &Settings, problems: &mut Problems) -> Vec<Sheet> {
    let seen: Vec<Seen> = sheets.into_iter().map(|sheet| look(table, sheet, settings)).collect();
    // The worksheets of each workbook, then all parts together.
    let mut parts: Vec<Seen> = Vec::new();
    let mut rest = seen.into_iter().peekable();
    while let Some(first) = rest.next() {
        let file = first.sheet.file.clone();
        let mut book = vec![first];
        while let Some(next) = rest.next_if(|next| next.sheet.file == file) {
            book.push(next);
        }
        parts.extend(worksheets(table, book, problems));
    }
    // A region for each sheet: only where each of several says which it is.
    let by_region = parts.len() > 1
        && parts.iter().all(|part| part.is(Shape::lacks_region_only) && !part.label.region().is_empty());
    if by_region {
        let names: Vec<String> = parts.iter().map(|part| part.label.region().to_owned()).collect();
        let place = Place { file: parts[0].sheet.file.clone(), line: 0, column: 0 };
        let (message, treatment) = say::region_by_sheet(&names);
        problems.warn(place, "region_by_sheet", message, treatment);
    }
    parts.into_iter().filter_map(|part| plain(part, by_region, settings, problems)).collect()
}

fn look(table: Table, sheet: Sheet, settings: &Settings) -> Seen {
    let label = Label::of(&sheet);
    let shape = match &sheet.content {
        Content::Text(text) => {
            let merged = sheet.worksheet.as_ref().map_or(&[][..], |sheet| &sheet.merged);
            head::find(table, &head::rows(text, merged), &label, &settings.columns)
        }
        Content::Columns(_) => None,
    };
    Seen { sheet, label, shape }
}

/// The worksheets of a workbook that hold the table; where it is no workbook, the file.
fn worksheets(table: Table, book: Vec<Seen>, problems: &mut Problems) -> Vec<Seen> {
    if book.len() == 1 {
        return book.into_iter().inspect(|only| hidden(only, problems)).collect();
    }
    let file = book[0].sheet.file.clone();
    let whole = || Place { file: file.clone(), line: 0, column: 0 };
    let is_named = |seen: &Seen| seen.worksheet().is_some_and(|s| Table::from_name(s.name.trim()) == Some(table));
    let is_table = |seen: &Seen| seen.is(|shape| shape.is_complete() || shape.lacks_region_only());
    let any_named = book.iter().any(is_named);
    let (mut taken, left): (Vec<Seen>, Vec<Seen>) =
        book.into_iter().partition(|seen| if any_named { is_named(seen) } else { is_table(seen) });
    if taken.is_empty() {
        // The first that can be seen is told what it lacks.
        let mut left = left;
        let first = left.iter().position(|seen| !seen.worksheet().is_some_and(|s| s.hidden)).unwrap_or(0);
        let first = left.swap_remove(first);
        return vec![in_book(first)];
    }
    let others: Vec<String> = left.iter().filter(|seen| seen.shape.is_some()).map(Seen::name).collect();
    if !others.is_empty() {
        let names: Vec<String> = taken.iter().map(Seen::name).collect();
        // Where a sheet bears the table's name, or holds nothing of it, it is clear that it is another's.
        let nearly = |seen: &Seen| !any_named && seen.is(|shape| shape.known >= 2);
        let unclear: Vec<String> = left.iter().filter(|seen| nearly(seen)).map(Seen::name).collect();
        if !unclear.is_empty() {
            problems.error(whole(), "other_sheets", say::nearly_the_table(&names, &unclear, table.name()));
        } else {
            let (message, treatment) = say::sheets_not_read(&names, &others);
            problems.warn(whole(), "sheets_not_read", message, treatment);
        }
    }
    let has = |seen: &Seen| seen.shape.as_ref().map(|shape| (shape.has(table), shape.is_pivot())).unwrap_or_default();
    let first = has(&taken[0]);
    if taken.iter().any(|seen| has(seen) != first) {
        let headers: Vec<(String, String)> = taken
            .iter()
            .map(|seen| (seen.name(), seen.shape.as_ref().map_or_else(String::new, |shape| shape.headers.join(" | "))))
            .collect();
        problems.error(whole(), "sheets_differ", say::sheets_differ(&headers, table.name()));
        taken.truncate(1);
    }
    taken.iter().for_each(|seen| hidden(seen, problems));
    if taken.len() == 1 {
        return taken;
    }
    let names: Vec<String> = taken.iter().map(Seen::name).collect();
    let (message, treatment) = say::several_sheets(&names);
    problems.warn(whole(), "several_sheets", message, treatment);
    taken.into_iter().map(in_book).collect()
}

/// Places of one of several worksheets name it.
fn in_book(mut seen: Seen) -> Seen {
    seen.sheet.file = Arc::from(format!("{}!{}", seen.sheet.file, seen.name()));
    seen
}

/// Tells what is hidden, which is read all the same.
fn hidden(seen: &Seen, problems: &mut Problems) {
    let Some(worksheet) = seen.worksheet() else { return };
    if worksheet.hidden {
        let place = Place { file: seen.sheet.file.clone(), line: 0, column: 0 };
        let (message, treatment) = say::hidden_sheet(&worksheet.name);
        problems.warn(place, "hidden_sheet", message, treatment);
    }
    if let Some(first) = worksheet.hidden_rows.first() {
        let place = Place { file: seen.sheet.file.clone(), line: *first, column: 0 };
        let (message, treatment) = say::hidden_rows(worksheet.hidden_rows.len());
        problems.warn(place, "hidden_rows", message, treatment);
    }
}

/// The sheet with its header in the first row and a row for each entry; none where there are errors that would make others.
fn plain(seen: Seen, by_region: bool, settings: &Settings, problems: &mut Problems) -> Option<Sheet> {
    let Seen { mut sheet, label, shape } = seen;
    // A sheet without anything is an empty table.
    let (Content::Text(text), Some(shape)) = (&mut sheet.content, shape) else { return Some(sheet) };
    let mut text = std::mem::take(text);
    let merged = sheet.worksheet.as_ref().map_or(&[][..], |sheet| &sheet.merged);
    let head = head::rows(&text, merged);
    let header = head.get(shape.header);
    let line = header.map_or(1, |row| row.line);
    let at = |column: usize| Place { file: sheet.file.clone(), line, column: column as u32 };
    if shape.no_year {
        problems.error(at(0), "no_year", say::months_without_year(&shape.headers));
        return None;
    }
    if let Some((one, other)) = shape.twice {
        let named = |i: usize| shape.headers.get(i).cloned().unwrap_or_default();
        problems.error(at(0), "duplicate_column", say::month_twice(&named(one), &named(other)));
        return None;
    }
    if let Some((column, from, to)) = shape.span().filter(|_| shape.is_pivot()) {
        let named = shape.headers.get(*column).map_or("", String::as_str);
        let message = door::several_months(named, Some(from.year()), (from.number(), to.number()));
        problems.error(at(0), "several_months", message);
        return None;
    }
    if shape.money_only {
        problems.error(at(0), "money_only", say::money_only());
        return None;
    }
    let complete = shape.is_complete() || (by_region && shape.lacks_region_only());
    if let Some(header) = header.filter(|_| complete || shape.known > 0) {
        text.table.start = header.start;
    }
    if !complete {
        // What is missing is told where the header is read.
        return Some(with(sheet, text));
    }
    text.table.end = tail::end(&sheet, &text, &shape, problems);
    let region = by_region.then(|| label.region().to_owned());
    let errors = problems.errors();
    uncalculated(&sheet, &text, &shape, problems);
    let commas = marks::decimal_commas(&sheet, &text, &shape, settings.units.decimal, problems);
    let months = marks::months(&sheet, &text, &shape, problems);
    let dates = dates::orders(&sheet, &text, &shape, settings.units.dates, problems);
    if problems.errors() > errors {
        return None;
    }
    if reshape::year_from_title(&shape)
        && let Some(year) = shape.year
    {
        let (message, treatment) = say::year_of_title(year);
        problems.warn(at(0), "year_of_title", message, treatment);
    }
    let sorting =
        if sheet.table == Table::Sales { shape.sorting(&head, &settings.sales.leave_out) } else { Vec::new() };
    if shape.is_pivot() {
        let left = shape.left_out().filter(|(i, _)| !sorting.contains(i));
        let left: Vec<String> = left.map(|(_, header)| crate::messages::shorten(header)).collect();
        if !left.is_empty() {
            let (message, treatment) = reading::unused_columns(&left, 0);
            problems.warn(at(0), "unused_columns", message, treatment);
        }
    }
    text.padded_months = months == marks::Decimals::Padded;
    if text.padded_months {
        let (message, treatment) = say::padded_months();
        problems.warn(at(0), "padded_months", message, treatment);
    }
    let typed = sheet.worksheet.is_some();
    if let Some((column, order)) = dates.first() {
        let header = shape.headers.get(*column).map_or("", String::as_str);
        let (message, treatment) = door::year_last(header, *order == dates::Order::Day);
        problems.warn(at(0), "year_last", message, treatment);
    }
    let is_other = !dates.is_empty() || (typed && !commas.is_empty());
    if reshape::is_needed(&shape, merged, region.as_deref()) || is_other {
        let region = region.as_deref();
        let from =
            reshape::Source { text: &text, shape: &shape, region, commas: &commas, sorting: &sorting, dates: &dates };
        return Some(reshape::reshaped(sheet, from, problems));
    }
    text.decimal_commas = commas;
    Some(with(sheet, text))
}

/// Formulas without their values in columns of the table: an error for each column.
fn uncalculated(sheet: &Sheet, text: &CsvText, shape: &Shape, problems: &mut Problems) {
    if sheet.worksheet.is_none() || !text.text.contains(UNCALCULATED) {
        return;
    }
    let mut found: Vec<(usize, Place)> =
        vec![(0, Place { file: sheet.file.clone(), line: 0, column: 0 }); shape.roles.len()];
    let mut rows = TextRows::new(text);
    while rows.next_row() {
        for (i, (count, place)) in found.iter_mut().enumerate() {
            if rows.record.get(i) == Some(UNCALCULATED) {
                *count += 1;
                if place.line == 0 {
                    (place.line, place.column) = rows.place(i);
                }
            }
        }
    }
    for ((count, place), (role, header)) in found.into_iter().zip(shape.roles.iter().zip(&shape.headers)) {
        if count > 0 && matches!(role, Role::Column(_) | Role::Month(_)) {
            problems.error(place, "uncalculated", say::uncalculated(header, count));
        }
    }
}

fn with(sheet: Sheet, text: CsvText) -> Sheet {
    Sheet { content: Content::Text(text), ..sheet }
}
