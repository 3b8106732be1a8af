//! A file of the run as a sheet, cell by cell, with the names of its regions and products beside their codes.

use rust_xlsxwriter::Worksheet;

use super::Book;
use super::columns::{Column, Kind};
use super::page::{Page, Value};
use crate::messages::Text;
use crate::messages::workbook as say;
use crate::report::cell::defused;

/// Where the cells of a column come from.
#[derive(Clone, Copy)]
enum From {
    /// The file's column.
    File(usize),
    /// The name of the region in the file's column.
    Region(usize),
    /// The name of the product.
    Product(usize),
}

/// The sheet of a file; none where the run has no such file, or nothing is in it.
pub fn sheet(book: &Book, name: &Text, about: &Text, file: &str) -> Option<Worksheet> {
    of_bytes(book, (name, about), file, book.file(file)?)
}

/// The same of rows that are a part of the file.
pub fn of_bytes(book: &Book, (name, about): (&Text, &Text), file: &str, bytes: &[u8]) -> Option<Worksheet> {
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let headers: Vec<String> = reader.headers().ok()?.iter().map(str::to_owned).collect();
    let mut columns: Vec<Column> = Vec::new();
    let mut from: Vec<From> = Vec::new();
    for (i, id) in headers.iter().enumerate() {
        columns.push(column(file, id));
        from.push(From::File(i));
        let named = match id.as_str() {
            "region" => Some((Column::new("region_name"), From::Region(i))),
            "product" if !headers.iter().any(|h| h == "name") => Some((Column::new("product_name"), From::Product(i))),
            _ => None,
        };
        if let Some((column, of)) = named {
            columns.push(column);
            from.push(of);
        }
    }
    let mut page = Page::new(name, about, book.look);
    let kinds: Vec<Kind> = columns.iter().map(|c| c.kind).collect();
    page.table(columns);
    let mut record = ::csv::StringRecord::new();
    let mut any = false;
    while matches!(reader.read_record(&mut record), Ok(true)) {
        any = true;
        page.row(from.iter().zip(&kinds).map(|(from, kind)| match *from {
            From::File(i) => match (value(record.get(i).unwrap_or_default(), *kind), headers.get(i)) {
                // Words of our own are in the reader's language; the files keep them for programs.
                (Value::Text(cell), Some(id)) if !file.is_empty() => match say::word(id, &cell, book.look.lang) {
                    Some(word) => Value::Text(word.into()),
                    None => Value::Text(cell),
                },
                (other, _) => other,
            },
            From::Region(i) => book.regions.get(record.get(i).unwrap_or_default()).copied().into(),
            From::Product(i) => book.products.get(record.get(i).unwrap_or_default()).copied().into(),
        }));
    }
    any.then(|| page.finish(2, file))
}

/// A column of a file: its name means the same in all files but for a few.
fn column(file: &str, id: &str) -> Column {
    let numbered = id.strip_prefix("month_").and_then(|n| n.parse::<u32>().ok());
    match (file, id, numbered) {
        ("targets.csv", _, Some(month)) => {
            Column { kind: Kind::Units, title: say::month_number(month), id: id.to_owned().into() }
        }
        // Of units or of money, as the row says.
        ("targets.csv", "last_year" | "credited" | "target", _) => {
            Column { kind: Kind::Count, ..Column::new(id.to_owned()) }
        }
        ("exceptions.csv", "units", _) => Column::new("units").titled(say::column("at_stake")),
        ("transfers.csv", "units", _) => Column::new("units").titled(say::column("moved")),
        ("stock.csv", "level", _) => Column::of("level", Kind::Units).titled(say::column("order_up_to")),
        _ => Column::new(id.to_owned()),
    }
}

/// A cell of a file as it was before it was written.
pub fn value(cell: &str, kind: Kind) -> Value<'_> {
    let number = match kind {
        Kind::Text | Kind::Long => None,
        _ => cell.parse::<f64>().ok().filter(|x| x.is_finite()),
    };
    match number {
        _ if cell.is_empty() => Value::Empty,
        Some(x) => Value::Number(x),
        None => plain(cell).into(),
    }
}

/// A text without the `'` that keeps spreadsheets from running a CSV cell: a cell of a workbook that holds a text is
/// never run.
fn plain(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if defused(rest) != rest => rest,
        _ => cell,
    }
}

/// A table of CSV text: its header and its rows.
pub type Records = (Vec<String>, Vec<::csv::StringRecord>);

/// The rows of a table of CSV text as it would be in a file, for sheets that turn it.
pub fn records(csv: Vec<u8>) -> Records {
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(csv.as_slice());
    let headers = reader.headers().map(|h| h.iter().map(str::to_owned).collect()).unwrap_or_default();
    (headers, reader.records().filter_map(Result::ok).collect())
}
