//! Sheets of files that have a row for each figure: a row for each thing, and its measures across.

use std::collections::HashMap;

use rust_xlsxwriter::{Chart, ChartType, Worksheet};

use super::page::{Page, Value};
use super::sheet::cell;
use super::{Book, chart};
use crate::accuracy::Level;
use crate::grid::{COMPANY, Scope};
use crate::ledger::score::score;
use crate::messages::{communities, workbook as say};
use crate::report::accuracy::{self, Shown};
use crate::report::columns::{Head, Kind};
use crate::report::communities::Report;
use crate::report::data::{self, Table};

/// A table turned: measures across.
struct Turned<'t> {
    /// The columns that say what a row speaks of.
    keys: Vec<&'t data::Column>,
    /// The measures, in the order in which they come first.
    measures: Vec<String>,
    rows: Vec<Turn<'t>>,
}

/// A row of a turned table.
struct Turn<'t> {
    /// What it speaks of, as words.
    key: Vec<String>,
    /// The first row of the table that does.
    first: usize,
    /// The value by measure.
    values: Vec<data::Value<'t>>,
}

impl<'t> Turned<'t> {
    /// Turns rows, things in the order in which they come first; `keys` are columns of the table, `measure` gives the
    /// name of a row's measure, `value` is the column of its value. Rows for which `measure` gives none are left out.
    fn new(table: &'t Table, keys: &[&str], measure: impl Fn(&dyn Fn(&str) -> String) -> Option<String>) -> Turned<'t> {
        let keys: Vec<&data::Column> = keys.iter().filter_map(|name| table.column(name)).collect();
        let mut out = Turned { keys, measures: Vec::new(), rows: Vec::new() };
        let mut index: HashMap<Vec<String>, usize> = HashMap::new();
        for first in 0..table.rows() {
            let value = |name: &str| table.column(name).map_or(data::Value::Missing, |column| column.value(first));
            let Some(measure) = measure(&|name| value(name).to_string()) else { continue };
            let key: Vec<String> = out.keys.iter().map(|column| column.value(first).to_string()).collect();
            let column = out.measures.iter().position(|m| *m == measure).unwrap_or_else(|| {
                out.measures.push(measure);
                out.measures.len() - 1
            });
            let row = *index.entry(key.clone()).or_insert_with(|| {
                out.rows.push(Turn { key, first, values: Vec::new() });
                out.rows.len() - 1
            });
            if let Some(Turn { values, .. }) = out.rows.get_mut(row) {
                values.resize(values.len().max(column + 1), data::Value::Missing);
                values[column] = value("value");
            }
        }
        // Keys that no row fills say nothing.
        let filled = |i: usize| out.rows.iter().any(|row| row.key.get(i).is_some_and(|k| !k.is_empty()));
        let kept: Vec<bool> = (0..out.keys.len()).map(filled).collect();
        fn keep<T>(list: &mut Vec<T>, kept: &[bool]) {
            let mut kept = kept.iter();
            list.retain(|_| *kept.next().unwrap_or(&true));
        }
        keep(&mut out.keys, &kept);
        out.rows.iter_mut().for_each(|row| keep(&mut row.key, &kept));
        out
    }

    /// Brings rows that agree in some keys together, in the order in which they come first.
    fn by(&mut self, keys: &[&str]) {
        let at: Vec<usize> = keys.iter().filter_map(|key| self.keys.iter().position(|k| k.name() == *key)).collect();
        let mut seen: HashMap<Vec<String>, usize> = HashMap::new();
        self.rows.sort_by_cached_key(|row| {
            let of: Vec<String> = at.iter().filter_map(|i| row.key.get(*i).cloned()).collect();
            let next = seen.len();
            *seen.entry(of).or_insert(next)
        });
    }

    fn write(&self, book: &Book, page: &mut Page, column: impl Fn(&str) -> Head) {
        let kinds: Vec<Head> = self.measures.iter().map(|m| column(m)).collect();
        let names = |key: &str| (key == "region").then(|| Head::named("region_name"));
        let keys = self.keys.iter().flat_map(|key| [Some(key.head.clone()), names(key.name())]).flatten();
        page.table(keys.chain(kinds.iter().cloned()).collect());
        for row in &self.rows {
            let cells = kinds
                .iter()
                .enumerate()
                .map(|(i, column)| row.values.get(i).map_or(Value::Empty, |value| cell(*value, column.kind)));
            let key = self.keys.iter().flat_map(|key| {
                let value = key.value(row.first);
                let name = |code: data::Value| match code {
                    data::Value::Text(code) => Value::from(book.regions.get(code).copied()),
                    _ => Value::Empty,
                };
                [Some(cell(value, Kind::Plain)), (key.name() == "region").then(|| name(value))]
            });
            page.row(key.flatten().chain(cells));
        }
    }
}

/// The rows of `yugu accuracy --csv` of some sections; none where nothing was issued, or none of them has a row.
fn scores<'b>(book: &'b Book, sections: &[&str]) -> Option<Turned<'b>> {
    let view = book.view;
    if view.known.ledger.is_empty() {
        return None;
    }
    let table = book.scores.get_or_init(|| {
        let known = view.outlook.known();
        let scores = score(&known);
        accuracy::table(&Shown::new(&known, &scores, (COMPANY, Scope::All), view.lang))
    });
    let keys = ["mode", "section", "lag", "level", "region", "product", "month", "name"];
    let wanted = |cell: &dyn Fn(&str) -> String| sections.contains(&cell("section").as_str()).then(|| cell("measure"));
    let turned = Turned::new(table, &keys, wanted);
    (!turned.rows.is_empty()).then_some(turned)
}

/// What was issued beside what came.
pub fn accuracy(book: &Book) -> Option<Worksheet> {
    let mut turned = scores(book, &["accuracy", "signal"])?;
    // What was issued for all months ahead, then what would have been without a method.
    turned.by(&["mode", "section", "level", "name"]);
    let mut page = Page::new(&say::accuracy(), &say::about_accuracy(), book.look);
    turned.write(book, &mut page, |measure| Head::named(measure.to_owned()));
    by_lag(book, &mut page, &turned);
    Some(page.finish(3, ""))
}

/// What each step was worth, and the second look at a month.
pub fn steps(book: &Book) -> Option<Worksheet> {
    let turned = scores(book, &["step", "revision", "lost"])?;
    let mut page = Page::new(&say::worth(), &say::about_worth(), book.look);
    turned.write(book, &mut page, |measure| match measure {
        // Of the share that was missed.
        "change" => Head::named("change").of(Kind::Rate),
        measure => Head::named(measure.to_owned()),
    });
    Some(page.finish(3, ""))
}

/// Who was right.
pub fn answers(book: &Book) -> Option<Worksheet> {
    let turned = scores(book, &["front", "override"])?;
    let mut page = Page::new(&say::judged(), &say::about_judged(), book.look);
    turned.write(book, &mut page, |measure| {
        // avoided_up_small: what it is, and of which answers.
        let (what, of) = measure.split_once('_').unwrap_or((measure, ""));
        let Head { kind, title, .. } = Head::named(what.to_owned());
        Head::named(measure.to_owned()).of(kind).titled(say::of_answers(&title, of))
    });
    Some(page.finish(3, ""))
}

/// WAPE by months ahead of regions and products, issued and naive; of the first mode.
fn by_lag(book: &Book, page: &mut Page, turned: &Turned) {
    let at = |name: &str| turned.keys.iter().position(|k| k.name() == name);
    let (Some(section), Some(level), Some(name), Some(lag)) = (at("section"), at("level"), at("name"), at("lag"))
    else {
        return;
    };
    let Some(wape) = page.at("wape") else { return };
    let is = |key: &[String], i: usize, word: &str| key.get(i).is_some_and(|k| k == word);
    let wanted = |key: &[String], word: &str| {
        let mode = turned.rows.first().is_some_and(|first| key.first() == first.key.first());
        mode && is(key, section, "accuracy") && is(key, level, Level::Series.word()) && is(key, name, word)
    };
    let lang = book.look.lang;
    let title = say::accuracy();
    let sheet = title.get(lang);
    let head = page.head_row();
    let mut chart = Chart::new(ChartType::Column);
    for (word, called) in [("issued", say::issued_line()), ("naive", say::naive_line())] {
        let rows: Vec<u32> =
            (head + 1..).zip(&turned.rows).filter(|(_, row)| wanted(&row.key, word)).map(|(r, _)| r).collect();
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return };
        chart
            .add_series()
            .set_name(called.get(lang))
            .set_categories((sheet, *first, lag as u16, *last, lag as u16))
            .set_values((sheet, *first, wape, *last, wape));
    }
    let mut chart = chart::finish(chart, say::chart_of_accuracy().get(lang));
    chart.y_axis().set_num_format("0%");
    page.end_table();
    let row = page.next_row() + 1;
    chart::insert(&mut page.sheet, (row, 0), chart);
}

/// New communities by region and month: the values of `centres.csv`; none where there are none.
pub fn communities(book: &Book) -> Option<Worksheet> {
    let report = Report::new(book.view)?;
    let table = report.centres();
    let measure = |cell: &dyn Fn(&str) -> String| match cell("product").as_str() {
        "" => Some(cell("measure")),
        product => Some(format!("{} {product}", cell("measure"))),
    };
    let turned = Turned::new(&table, &["region", "month", "lag"], measure);
    if turned.rows.is_empty() {
        return None;
    }
    let mut page = Page::new(&say::communities(), &say::about_communities(), book.look);
    turned.write(book, &mut page, |measure| match measure.split_once(' ') {
        Some(("commission", party)) => {
            Head::named(measure.to_owned()).of(Kind::Money).titled(communities::commission_of(party))
        }
        Some((_, product)) => {
            let name = book.products.get(product).copied().unwrap_or(product);
            Head::named(measure.to_owned()).of(Kind::Units).titled(say::units_of(name))
        }
        None => Head::named(measure.to_owned()),
    });
    Some(page.finish(2, "centres.csv"))
}
