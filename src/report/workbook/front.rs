//! The front line's form: every region and group (in small folders every product too), what is forecast beside what was
//! sold, and what the region expects.

use std::collections::HashSet;

use rust_xlsxwriter::Worksheet;

use super::page::{Page, Value};
use super::rolling::Given;
use super::{Book, form};
use crate::answers::{Form, KEY, row_key};
use crate::grid::{Regions, Scope};
use crate::messages::workbook as say;
use crate::month::Month;
use crate::report::cell::stem;
use crate::report::columns::{Head, Kind};
use crate::report::is_small;
use crate::report::names::{group_name, region_name};

const COLUMNS: [&str; 5] = ["region", "region_name", "product", "product_name", "month"];
const FIGURES: [&str; 8] = ["lag", "last_year", "sold", "last", "units", "low80", "high80", "answered"];
/// Months of history of a region's own workbook.
const HISTORY: i32 = 36;

/// The sheet of all regions.
pub fn sheet(book: &Book) -> Worksheet {
    let regions = &book.view.outlook.dataset.grid.regions;
    let leaves: Vec<usize> = (0..regions.leaf_count()).collect();
    fill(book, &leaves, None, is_small(book.view))
}

/// The sheet of one region, with all its products.
pub fn region(book: &Book, leaf: usize) -> Worksheet {
    fill(book, &[leaf], Some(book.view.outlook.dataset.grid.regions.node_of(leaf)), true)
}

/// The form of some leaves; `only` is the region where it is that of one.
fn fill(book: &Book, leaves: &[usize], only: Option<usize>, products: bool) -> Worksheet {
    let view = book.view;
    let grid = &view.outlook.dataset.grid;
    let mut page = Page::new(&say::front_line(), &say::about_front_line(), book.look);
    if !products {
        let lang = page.lang();
        let _ = page.sheet.write_string(2, 0, say::products_elsewhere().get(lang));
    }
    form::name_cell(&mut page);
    let cutoff = view.outlook.origin.cutoff;
    let of = |id: &'static str| match id {
        "sold" => Head::named("sold").titled(say::sold_in(cutoff)),
        id => Head::named(id),
    };
    // What is asked stands beside what it is about.
    let columns = COLUMNS.into_iter().chain(["units"]).chain(Form::Frontline.asked().iter().copied());
    let figures = FIGURES.into_iter().filter(|id| *id != "units");
    page.table(columns.chain(figures).chain([KEY]).map(of).collect());
    let given = Given::all(book, &view.known.frontline);
    for &leaf in leaves {
        let node = grid.regions.node_of(leaf);
        for group in 0..grid.group_count() {
            let cell: Vec<usize> = grid.in_cell(grid.cell(leaf, group)).collect();
            for k in 0..view.months.len() {
                let Some(figure) = view.figures.get(node, group, k) else { continue };
                let outlook = view.outlook;
                let bounds = outlook.node_bounds(node, group, k, (figure.exact, figure.forecast));
                let scope = Scope::Group(group);
                let names = (grid.scope_code(scope), group_name(view, group));
                let row = Row { node, names, k, units: figure.forecast, bounds, answered: given.of(node, scope, k) };
                page.sum_row(row.values(book, &cell));
            }
            for &s in cell.iter().filter(|s| products && view.figures.is_forecast[**s]) {
                for k in 0..view.months.len() {
                    let product = grid.series[s].product;
                    let scope = Scope::Product(product);
                    let names = (grid.scope_code(scope), grid.products.name(product).to_owned());
                    let units = view.outlook.point.units[(s, k)];
                    let bounds = view.outlook.bounds(&view.known, s, k);
                    let row = Row { node, names, k, units, bounds, answered: given.of(node, scope, k) };
                    page.row(row.values(book, &[s]));
                }
            }
        }
    }
    form::close(book, &mut page, Form::Frontline, only);
    page.finish(4, "forecast.csv")
}

/// A row.
struct Row<'r> {
    node: usize,
    /// Code and name of the product or group.
    names: (&'r str, String),
    k: usize,
    units: f64,
    bounds: Option<[f64; 4]>,
    answered: String,
}

impl<'r> Row<'r> {
    /// The cells; the history is that of the series.
    fn values(self, book: &'r Book<'_, '_>, series: &[usize]) -> Vec<Value<'r>> {
        let view = book.view;
        let month = view.outlook.months()[self.k];
        let last = view.changes.get(self.k).and_then(Option::as_ref);
        let last = last.map(|since| crate::report::changes::tidy(since.sum(series.iter().copied()).last));
        let mut out: Vec<Value> = vec![
            view.outlook.dataset.grid.regions.code(self.node).into(),
            region_name(view, self.node).into(),
            self.names.0.into(),
            self.names.1.into(),
            view.months[self.k].as_str().into(),
            self.units.into(),
        ];
        out.extend(form::asked(Form::Frontline));
        out.extend([
            view.outlook.origin.lag(month).into(),
            sold(book, series, month.plus(-12)).into(),
            sold(book, series, view.outlook.origin.cutoff).into(),
            last.into(),
            self.bounds.map(|b| b[0]).into(),
            self.bounds.map(|b| b[1]).into(),
            self.answered.into(),
            row_key(view.outlook.dataset.grid.regions.code(self.node), self.names.0, &view.months[self.k]).into(),
        ]);
        out
    }
}

/// Units that some series sold in a month; none before the history and after the cutoff.
fn sold(book: &Book, series: &[usize], month: Month) -> Option<f64> {
    let t = book.view.known.visible_index(month)?;
    Some(series.iter().filter_map(|s| book.view.known.units.get((*s, t))).sum())
}

/// What a region sold, products down and months across.
pub fn history(book: &Book, leaf: usize) -> Worksheet {
    let view = book.view;
    let grid = &view.outlook.dataset.grid;
    let cutoff = view.outlook.origin.cutoff;
    let first = view.outlook.dataset.start.since(cutoff).max(1 - HISTORY);
    let months: Vec<Month> = (first..=0).map(|n| cutoff.plus(n)).collect();
    let mut page = Page::new(&say::history(), &say::about_history(), book.look);
    let mut columns = vec![Head::named("group"), Head::named("product"), Head::named("product_name")];
    columns.extend(months.iter().map(|m| Head::named(m.to_string()).of(Kind::Plain)));
    page.table(columns);
    for s in grid.in_scope(grid.regions.node_of(leaf), Scope::All) {
        if view.known.seen(s).is_none() {
            continue;
        }
        let of = grid.series[s];
        let sold = months.iter().map(|m| Value::from(sold(book, &[s], *m)));
        let group: Value = grid.products.groups[of.group].as_str().into();
        let codes = [grid.products.codes[of.product].as_str().into(), grid.products.name(of.product).into()];
        page.row([group].into_iter().chain(codes).chain(sold));
    }
    page.finish(3, "")
}

/// The names of the workbooks, by leaf: the region's code as far as every disk can hold it, with a number where two would
/// be the same.
pub fn file_names(regions: &Regions) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut name = |leaf: usize| format!("{}.xlsx", stem(regions.code(regions.node_of(leaf)), &mut seen));
    (0..regions.leaf_count()).map(&mut name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_has_a_file_of_its_own() {
        let list = ["a/b", "a_b", "A_B", "城东", "..", "=x"].map(|code| (code.to_owned(), String::new(), None));
        let names = file_names(&Regions::new(&list));
        assert_eq!(names, ["a_b.xlsx", "a_b-2.xlsx", "A_B-3.xlsx", "城东.xlsx", "__.xlsx", "_x.xlsx"]);
    }
}
