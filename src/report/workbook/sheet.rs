//! A table of the run as a sheet, cell by cell, with the names of its regions and products beside their codes.

use rust_xlsxwriter::Worksheet;

use super::Book;
use super::page::{Page, Value};
use crate::messages::Text;
use crate::messages::workbook as say;
use crate::report::columns::{Head, Kind};
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
    let mut columns: Vec<Head> = Vec::new();
    let mut from: Vec<(&data::Column, From)> = Vec::new();
    for given in &table.columns {
        columns.push(given.head.clone());
        from.push((given, From::Table));
        let named = match given.name() {
            "region" => Some((Head::named("region_name"), From::Region)),
            "product" if table.column("name").is_none() => Some((Head::named("product_name"), From::Product)),
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
            (From::Table, data::Value::Text(text)) => match say::word(column.name(), text, book.look.lang) {
                Some(word) => word.into(),
                None => cell(data::Value::Text(text), *kind),
            },
            (_, value) => cell(value, *kind),
        }));
    }
    (table.rows() > 0).then(|| page.finish(2, file))
}

/// A cell of a table in a sheet; numbers in a column of words are shown as words.
pub fn cell(value: data::Value<'_>, kind: Kind) -> Value<'_> {
    match value {
        data::Value::Missing | data::Value::Text("") => Value::Empty,
        data::Value::Text(text) => text.into(),
        data::Value::Whole(n) if !kind.is_words() => Value::Number(n as f64),
        data::Value::Number(x) if !kind.is_words() => x.into(),
        other => other.to_string().into(),
    }
}
