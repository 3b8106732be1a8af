//! Answers that come back from workbooks: the page that shows what is new, and the rows that a table gets.

use chrono::NaiveDate;

use super::cell::{defused, quoted};
use super::table::{Printed, maybe, number};
use crate::answers::{Form, Import, New, forecast, key_of, name_of};
use crate::error::{Place, Problems};
use crate::grid::Grid;
use crate::messages::answers as say;
use crate::messages::{Lang, Text};
use crate::outlook::Outlook;
use crate::settings::Columns;
use crate::sheet::{Content, CsvText, Rows, Sheet};

/// What is new, table by table: what each number was, ours, what it is now, what the forecast will be (`then`), who says so
/// and why.
pub fn page(then: &Outlook, import: &Import, lang: Lang) -> String {
    let mut out = String::new();
    let mut line = |text: &Text| {
        out.push_str(text.get(lang));
        out.push('\n');
    };
    if import.new.is_empty() {
        line(&say::nothing_new());
    }
    if import.same > 0 {
        line(&say::same(import.same));
    }
    for form in Form::ALL {
        let new: Vec<&New> = import.new.iter().filter(|new| new.filled.form == form).collect();
        if !new.is_empty() {
            out.push_str(&format!("{}\n", say::title(form.table().name(), new.len()).get(lang)));
            out.push_str(&table(then, &new, lang));
        }
    }
    out
}

fn table(then: &Outlook, new: &[&New], lang: Lang) -> String {
    let grid = &then.dataset.grid;
    let word = |text: Text| text.get(lang).to_owned();
    let mut table = Printed::new(&[1, 2, 7, 8, 9]);
    let headers = [
        say::region(),
        say::product(),
        say::month(),
        say::was(),
        say::ours(),
        say::now(),
        say::then(),
        say::who(),
        say::why(),
        say::cell(),
    ];
    table.head(headers.map(word).to_vec());
    for new in new {
        let filled = &new.filled;
        let (region, product) = name_of(grid, (filled.node, filled.scope));
        let named = |name: &str, none: Text| if name.is_empty() { word(none) } else { name.to_owned() };
        let decimals = |x: f64| usize::from(x.fract() != 0.0);
        table.row(vec![
            named(region, say::company()),
            named(product, say::everything()),
            filled.month.to_string(),
            maybe(new.was, new.was.map_or(0, decimals)),
            number(new.ours, decimals(new.ours)),
            number(filled.units, decimals(filled.units)),
            number(forecast(then, filled), decimals(forecast(then, filled))),
            filled.by.clone(),
            filled.reason.clone(),
            filled.place.to_string(),
        ]);
    }
    table.text()
}

/// The rows that a table gets, as text to be put after what it holds: in the order of its own columns, with its own
/// delimiter and line ends. What a row says that the table has no column for is an error in `problems`.
pub fn rows(
    sheet: &Sheet,
    mapping: &Columns,
    grid: &Grid,
    (new, made): (&[&New], NaiveDate),
    problems: &mut Problems,
) -> String {
    // Nothing is put at the end of what is no text.
    let Content::Text(CsvText { text, delimiter, .. }) = &sheet.content else { return String::new() };
    let Some(rows) = Rows::open(sheet, mapping, problems) else { return String::new() };
    let width = rows.width();
    let index = |id: &str| rows.column(id).index();
    let ids = ["made", "month", "region", "product", "units", "by", "reason", "lock", "note"];
    let at = ids.map(index);
    let crlf = text.contains("\r\n");
    let end = if crlf { "\r\n" } else { "\n" };
    let mut records: Vec<Vec<String>> = Vec::new();
    for new in new {
        let filled = &new.filled;
        let (region, product) = key_of(grid, (filled.node, filled.scope));
        let note = filled.note.split_whitespace().collect::<Vec<_>>().join(" ");
        // Codes are written as the other tables have them; what people typed must not run where the table is opened.
        let cells = [
            made.to_string(),
            filled.month.to_string(),
            region.to_owned(),
            product.to_owned(),
            filled.units.to_string(),
            defused(&filled.by).into_owned(),
            defused(&filled.reason).into_owned(),
            if filled.lock { "yes".to_owned() } else { String::new() },
            defused(&note).into_owned(),
        ];
        let mut record = vec![String::new(); width];
        for ((cell, at), id) in cells.into_iter().zip(at).zip(ids) {
            match at.and_then(|at| record.get_mut(at)) {
                Some(place) => *place = cell,
                None if cell.is_empty() => {}
                None => problems.error(filled.place.clone(), "no_column", say::no_column(&sheet.file, id)),
            }
        }
        records.push(record);
    }
    again(sheet, (text, *delimiter), (&records, new), problems);
    let mut added = String::new();
    if !text.is_empty() && !text.ends_with('\n') {
        added.push_str(end);
    }
    for record in &records {
        for (at, cell) in record.iter().enumerate() {
            if at > 0 {
                added.push(char::from(*delimiter));
            }
            quoted(cell, char::from(*delimiter), &mut added);
        }
        added.push_str(end);
    }
    added
}

/// Rows that the table holds already, cell by cell, and that were replaced by later ones: written again they would be
/// taken for a mistake.
fn again(
    sheet: &Sheet,
    (text, delimiter): (&str, u8),
    (records, new): (&[Vec<String>], &[&New]),
    problems: &mut Problems,
) {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    for there in reader.records().filter_map(Result::ok) {
        let line = there.position().map_or(0, |p| p.line() as u32);
        let same = |record: &Vec<String>| there.iter().map(str::trim).eq(record.iter().map(String::as_str));
        for (_, new) in records.iter().zip(new).filter(|(record, _)| same(record)) {
            let place = Place { file: sheet.file.clone(), line, column: 0 };
            problems.error(new.filled.place.clone(), "again", say::again(&place.to_string()));
        }
    }
}
