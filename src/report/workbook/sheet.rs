//! A table of the run as a sheet, cell by cell, with the names of its regions and products beside their codes.

use rust_xlsxwriter::Worksheet;

use super::Book;
use super::columns::{Column, Kind};
use super::page::{Page, Value};
use crate::messages::Text;
use crate::messages::workbook as say;
use crate::report::data::{self, Table};

/// What a column shows of a column of the table.
#[derive(Clone, Copy)]
enum From {
    /// Its cells.
    Table,
    /// The name of the region.
    Region,
    /// The name of the product.
    Product,
}

/// The sheet of a table that is a file of the run, or a part of one; none where it has no rows.
pub fn of(book: &Book, (name, about): (&Text, &Text), file: &str, table: &Table) -> Option<Worksheet> {
    let mut columns: Vec<Column> = Vec::new();
    let mut from: Vec<(&data::Column, From)> = Vec::new();
    for given in &table.columns {
        columns.push(column(file, &given.name));
        from.push((given, From::Table));
        let named = match &*given.name {
            "region" => Some((Column::new("region_name"), From::Region)),
            "product" if table.column("name").is_none() => Some((Column::new("product_name"), From::Product)),
            _ => None,
        };
        if let Some((column, of)) = named {
            columns.push(column);
            from.push((given, of));
        }
    }
    let mut page = Page::new(name, about, book.look);
    let kinds: Vec<Kind> = columns.iter().map(|c| c.kind).collect();
    page.table(columns);
    for row in 0..table.rows() {
        page.row(from.iter().zip(&kinds).map(|((column, from), kind)| match (from, column.value(row)) {
            (From::Region, data::Value::Text(code)) => book.regions.get(code).copied().into(),
            (From::Product, data::Value::Text(code)) => book.products.get(code).copied().into(),
            // Words of our own are in the reader's language; the files keep them for programs.
            (From::Table, data::Value::Text(text)) => match say::word(&column.name, text, book.look.lang) {
                Some(word) => word.into(),
                None => cell(data::Value::Text(text), *kind),
            },
            (_, value) => cell(value, *kind),
        }));
    }
    (table.rows() > 0).then(|| page.finish(2, file))
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

/// A cell of a table in a sheet; numbers in a column of words are shown as words.
pub fn cell(value: data::Value<'_>, kind: Kind) -> Value<'_> {
    let number = !matches!(kind, Kind::Text | Kind::Long);
    match value {
        data::Value::Missing | data::Value::Text("") => Value::Empty,
        data::Value::Text(text) => text.into(),
        data::Value::Whole(n) if number => Value::Number(n as f64),
        data::Value::Number(x) if number => x.into(),
        other => other.to_string().into(),
    }
}
