//! What was understood of files before there is a folder, and the same as plain tables.

use std::collections::BTreeMap;

use super::cell::Input;
use super::table::{Printed, number};
use crate::dataset::Dataset;
use crate::error::Problems;
use crate::grid::COMPANY;
use crate::grid::Scope;
use crate::look::is_number;
use crate::messages::Lang;
use crate::messages::look as say;
use crate::messages::shorten;
use crate::month::Period;
use crate::schema::Table as Kind;
use crate::settings::Settings;
use crate::sheet::{Col, Row, Rows, Sheet};

/// Values of a column that are shown.
const VALUES: usize = 3;
/// Names that are listed.
const NAMES: usize = 12;

/// What a column of a plain table holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Period,
    Money,
    Rate,
    Number,
    Text,
}

impl Holds {
    fn of(name: &str) -> Holds {
        const PERIODS: [&str; 14] = [
            "month", "from", "to", "launch", "retire", "known", "made", "as_of", "due", "handover", "contract",
            "expires", "called", "sold",
        ];
        match name {
            "revenue" | "price" | "discount" | "cost" => Holds::Money,
            "availability" | "effect" | "fee" | "growth" | "service_level" | "rate" => Holds::Rate,
            name if PERIODS.contains(&name) => Holds::Period,
            name if is_number(name) => Holds::Number,
            _ => Holds::Text,
        }
    }

    /// A cell in plain form; as it stands where it is nothing of the kind.
    fn plain(self, row: Row, col: Col, settings: &Settings) -> String {
        let text = row.text(col);
        let quiet = &mut Problems::default();
        let written = |x: Option<f64>| x.map_or_else(|| text.to_owned(), |x| x.to_string());
        match self {
            Holds::Text => text.to_owned(),
            _ if text.is_empty() => String::new(),
            Holds::Number if row.is_dash(col) => "0".to_owned(),
            Holds::Number => written(row.number(col, quiet)),
            Holds::Rate => written(row.rate(col, quiet)),
            Holds::Money => written(row.money(col, settings.units.money, quiet)),
            Holds::Period => match row.period(col, quiet) {
                Some(Period::Month(month)) => month.to_string(),
                Some(Period::Day(day)) => day.to_string(),
                None => text.to_owned(),
            },
        }
    }
}

/// The columns of a sheet that is being read: those of its table with their headers, then the others.
fn columns<'r>(rows: &'r Rows, table: Kind) -> Vec<(Option<&'static str>, &'r str, Col)> {
    let header = |col: Col| col.index().and_then(|i| rows.headers_as_written().get(i)).map_or("", String::as_str);
    let known = table.columns().iter().filter_map(|column| {
        let col = rows.column(column.name);
        col.is_there().then(|| (Some(column.name), header(col), col))
    });
    known.chain(rows.headers().map(|(name, col)| (None, name, col))).collect()
}

/// A sheet as a plain table: the columns' own names, months as 2024-02, numbers with a point.
pub fn plain(sheet: &Sheet, settings: &Settings) -> Vec<u8> {
    let quiet = &mut Problems::default();
    let Some(mut rows) = Rows::open(sheet, &settings.columns, quiet) else { return Vec::new() };
    let columns: Vec<(Option<&'static str>, String, Col)> =
        columns(&rows, sheet.table).into_iter().map(|(name, header, col)| (name, header.to_owned(), col)).collect();
    let mut out = Input::new(columns.iter().map(|(name, header, _)| name.unwrap_or(header)));
    while let Some(row) = rows.next(quiet) {
        for (name, _, col) in &columns {
            let holds = name.map_or(Holds::Text, Holds::of);
            // An input reads back as it was: nothing is put before a name.
            out.word(&holds.plain(row, *col, settings));
        }
        out.end();
    }
    out.bytes()
}

/// The page: each sheet with its columns, then what all of them say together.
pub fn page(sheets: &[Sheet], settings: &Settings, data: Option<&Dataset>, lang: Lang) -> String {
    let mut out = String::new();
    for sheet in sheets {
        out.push_str(&one(sheet, settings, lang));
        out.push('\n');
    }
    if let Some(data) = data {
        out.push_str(&together(data, lang));
    }
    out
}

fn one(sheet: &Sheet, settings: &Settings, lang: Lang) -> String {
    let quiet = &mut Problems::default();
    let Some(mut rows) = Rows::open(sheet, &settings.columns, quiet) else {
        return format!("{}\n", say::not_understood(&sheet.file, sheet.table.name()).get(lang));
    };
    let header = rows.header_row();
    let columns: Vec<(Option<&'static str>, String, Col)> =
        columns(&rows, sheet.table).into_iter().map(|(name, header, col)| (name, header.to_owned(), col)).collect();
    let mut values: Vec<Vec<String>> = vec![Vec::new(); columns.len()];
    let mut count = 0_usize;
    while let Some(row) = rows.next(quiet) {
        count += 1;
        for ((name, _, col), values) in columns.iter().zip(&mut values) {
            if values.len() < VALUES && row.has(*col) {
                let value = shorten(&name.map_or(Holds::Text, Holds::of).plain(row, *col, settings));
                // Three that differ say more than three alike.
                if !values.contains(&value) {
                    values.push(value);
                }
            }
        }
    }
    let title = say::understood(&sheet.file, sheet.table.name(), sheet.encoding.name(), header, count);
    let mut table = Printed::new(&[1, 2]);
    table.head([say::column(), say::header(), say::values()].map(|text| text.get(lang).to_owned()).to_vec());
    for ((name, header, _), values) in columns.iter().zip(values) {
        let name = name.map_or_else(|| say::unused().get(lang).to_owned(), str::to_owned);
        table.row(vec![name, shorten(header), values.join(" | ")]);
    }
    format!("{}\n{}", title.get(lang), table.text())
}

/// Months, regions, products and sums.
fn together(data: &Dataset, lang: Lang) -> String {
    let regions: Vec<&str> = (0..data.grid.regions.leaf_count())
        .map(|leaf| data.grid.regions.code(data.grid.regions.node_of(leaf)))
        .collect();
    let products: Vec<&str> = data.grid.products.codes.iter().map(String::as_str).collect();
    let last = data.month(data.months().saturating_sub(1));
    let mut lines = vec![
        say::months(data.start, last, data.months()),
        say::regions(regions.len(), &shown(&regions)),
        say::products(products.len(), &shown(&products)),
    ];
    let mut years: BTreeMap<i32, (f64, f64)> = BTreeMap::new();
    for series in data.grid.in_scope(COMPANY, Scope::All) {
        for t in 0..data.months() {
            let sums = years.entry(data.month(t).year()).or_default();
            sums.0 += data.units[(series, t)];
            sums.1 += data.revenue.as_ref().map_or(0.0, |money| money[(series, t)]);
        }
    }
    let money = data.settings.units.money.yuan();
    for (year, (units, revenue)) in years {
        let revenue = data.revenue.is_some().then(|| number(revenue / money, 0));
        lines.push(say::year(year, &number(units, 0), revenue.as_deref()));
    }
    lines.iter().map(|line| format!("{}\n", line.get(lang))).collect()
}

fn shown(names: &[&str]) -> String {
    let dots = if names.len() > NAMES { ", …" } else { "" };
    names.iter().take(NAMES).map(|name| shorten(name)).collect::<Vec<_>>().join(", ") + dots
}
