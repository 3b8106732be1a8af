//! `plan.xlsx`: everything a planner opens, in one workbook; and a workbook a region for the front line.
//!
//! The sheets are made of the values that the CSV files are made of, most of them of the same tables, so that the
//! numbers agree by construction. Sums are formulas whose stored result is our number. What people may fill in
//! ([`crate::answers`]) is marked and unlocked, and comes back by `yugu import`.

mod chart;
mod form;
mod front;
mod meta;
mod notes;
mod page;
mod pivot;
mod products;
pub mod purchase;
mod regions;
mod rolling;
mod sheet;
mod styles;
mod summary;
mod tables;
mod trend;

use std::collections::HashMap;
use std::sync::OnceLock;

use rayon::prelude::*;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet};

use super::run::Source;
use super::{Table, View};
use crate::answers::Form;
use crate::messages::Lang;
use crate::messages::workbook as say;
use crate::settings::Money;
use page::Look;

/// Its name.
pub const FILE: &str = "plan.xlsx";
/// The folder of the workbooks for the front line.
pub const FOLDER: &str = "frontline";

/// What the sheets are made of.
struct Book<'f, 'v> {
    view: &'v View<'v>,
    /// The tables of the run, by name.
    tables: &'f [(&'static str, Table)],
    inputs: &'f [Source],
    look: Look<'v>,
    /// Names for people by the codes of the files.
    regions: HashMap<&'v str, &'v str>,
    products: HashMap<&'v str, &'v str>,
    /// What was issued beside what came, worked out when a sheet first asks for it.
    scores: OnceLock<Table>,
}

impl<'f, 'v> Book<'f, 'v> {
    fn new(view: &'v View<'v>, tables: &'f [(&'static str, Table)], inputs: &'f [Source]) -> Book<'f, 'v> {
        let unit = view.outlook.dataset.settings.units.money;
        let look = Look {
            lang: view.lang,
            made: &view.made,
            money: unit_of_money(unit, view.lang),
            decimal: unit == Money::Wan,
        };
        let grid = &view.outlook.dataset.grid;
        let regions = (0..grid.regions.len()).map(|n| (grid.regions.code(n), grid.regions.name(n))).collect();
        let products =
            (0..grid.products.len()).map(|p| (grid.products.codes[p].as_str(), grid.products.name(p))).collect();
        Book { view, tables, inputs, look, regions, products, scores: OnceLock::new() }
    }

    /// The table of a file of the run.
    fn table(&self, file: &str) -> Option<&'f Table> {
        self.tables.iter().find(|(name, _)| file.strip_suffix(".csv") == Some(name)).map(|(_, table)| table)
    }
}

/// The unit of money in words.
fn unit_of_money(unit: Money, lang: Lang) -> &'static str {
    match (unit, lang) {
        (Money::Yuan, Lang::En) => "yuan",
        (Money::Yuan, Lang::Zh) => "元",
        (Money::Wan, Lang::En) => "10,000 yuan",
        (Money::Wan, Lang::Zh) => "万元",
    }
}

/// The order list: orders and nothing else; none without a count of stock.
fn orders(book: &Book) -> Option<Worksheet> {
    let table = super::stock::orders(book.view, book.view.stock()?);
    sheet::of(book, (&say::orders(), &say::about_orders()), "stock.csv", &table)
}

/// The workbook of a plan; `tables` are those of the run.
pub fn plan<'v>(view: &'v View<'v>, tables: &[(&'static str, Table)], inputs: &[Source]) -> Vec<u8> {
    let book = Book::new(view, tables, inputs);
    let tables = |name, about, file| sheet::of(&book, (&name, &about), file, book.table(file)?);
    type Make<'m> = Box<dyn Fn() -> Option<Worksheet> + Sync + 'm>;
    let made: Vec<Make> = vec![
        Box::new(|| Some(summary::sheet(&book))),
        Box::new(|| Some(regions::sheet(&book))),
        Box::new(|| tables(say::targets(), say::about_targets(), "targets.csv")),
        Box::new(|| tables(say::mix(), say::about_mix(), "mix.csv")),
        Box::new(|| Some(rolling::sheet(&book))),
        Box::new(|| Some(front::sheet(&book))),
        Box::new(|| tables::channel(&book)),
        Box::new(|| tables(say::lifecycle(), say::about_lifecycle(), "lifecycle.csv")),
        Box::new(|| tables::to_date(&book)),
        Box::new(|| pivot::accuracy(&book)),
        Box::new(|| pivot::steps(&book)),
        Box::new(|| pivot::answers(&book)),
        Box::new(|| tables::waterfall_sheet(&book)),
        Box::new(|| pivot::communities(&book)),
        Box::new(|| orders(&book)),
        Box::new(|| tables(say::stock(), say::about_stock(), "stock.csv")),
        Box::new(|| tables(say::chase(), say::about_chase(), "chase.csv")),
        Box::new(|| tables(say::reschedule(), say::about_reschedule(), "reschedule.csv")),
        Box::new(|| tables(say::late(), say::about_late(), "late.csv")),
        Box::new(|| tables(say::overstock(), say::about_overstock(), "overstock.csv")),
        Box::new(|| tables(say::transfers(), say::about_transfers(), "transfers.csv")),
        Box::new(|| tables(say::suppliers(), say::about_suppliers(), "suppliers.csv")),
        Box::new(|| tables(say::lost(), say::about_lost(), "lost.csv")),
        Box::new(|| tables(say::exceptions(), say::about_exceptions(), "exceptions.csv")),
        Box::new(|| tables(say::warnings(), say::about_warnings(), "warnings.csv")),
        Box::new(|| Some(trend::sheet(&book))),
        Box::new(|| Some(products::sheet(&book))),
    ];
    let sheets: Vec<Worksheet> = made.par_iter().filter_map(|make| make()).collect();
    let names: Vec<String> = sheets.iter().map(Worksheet::name).collect();
    let mut all = vec![notes::sheet(&book, &names)];
    all.extend(sheets);
    let forms = [(Form::Frontline, say::front_line()), (Form::Overrides, say::rolling())];
    all.push(meta::sheet(&book, &forms, None));
    bytes(view, all)
}

/// The workbooks of the front line, by file name: one for each region with sales of its own.
pub fn of_regions<'v>(view: &'v View<'v>, inputs: &[Source]) -> Vec<(String, Vec<u8>)> {
    let book = Book::new(view, &[], inputs);
    let regions = &view.outlook.dataset.grid.regions;
    let names = front::file_names(regions);
    let one = |leaf: usize| {
        let meta = meta::sheet(&book, &[(Form::Frontline, say::front_line())], Some(regions.node_of(leaf)));
        let sheets = vec![front::region(&book, leaf), front::history(&book, leaf), meta];
        (names.get(leaf).cloned().unwrap_or_default(), bytes(view, sheets))
    };
    (0..regions.leaf_count()).into_par_iter().map(one).collect()
}

fn bytes(view: &View, sheets: Vec<Worksheet>) -> Vec<u8> {
    let mut workbook = Workbook::new();
    // The same plan gives the same bytes whenever it is made.
    let day = view.outlook.origin.as_of;
    if let Ok(day) = ExcelDateTime::parse_from_str(&day.to_string()) {
        workbook.set_properties(&DocProperties::new().set_author(env!("CARGO_PKG_NAME")).set_creation_datetime(&day));
    }
    for sheet in sheets {
        workbook.push_worksheet(sheet);
    }
    // Names of sheets differ, and ranges lie within them: nothing else is checked when a workbook is put together.
    workbook.save_to_buffer().unwrap_or_default()
}
