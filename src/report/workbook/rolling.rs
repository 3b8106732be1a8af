//! The rolling forecast: every month beside its last version and why it changed, and a planner's last word.
//!
//! The rows are those of `regions.csv` (sums) and `forecast.csv` (regions and products), the changes those of
//! `changes.csv`.

use rust_xlsxwriter::Worksheet;

use super::page::{Page, Value};
use super::regions::{Sums, above, id};
use super::{Book, form};
use crate::answers::{Form, KEY, row_key};
use crate::changes::Change;
use crate::dataset::{Answer, Says};
use crate::grid::Scope;
use crate::messages::workbook as say;
use crate::report::changes::{in_words, tidy};
use crate::report::columns::Head;
use crate::report::forecast::{self, BOUNDS};
use crate::report::names::{decimals, region_name};
use crate::report::regions as rows;
use crate::report::table;

const COLUMNS: [&str; 12] = [
    "region",
    "region_name",
    "group",
    "product",
    "product_name",
    "month",
    "lag",
    "last",
    "units",
    "change",
    "causes",
    "answered",
];

/// The sheet.
pub fn sheet(book: &Book) -> Worksheet {
    let view = book.view;
    let grid = &view.outlook.dataset.grid;
    let mut page = Page::new(&say::rolling(), &say::about_rolling(), book.look);
    form::name_cell(&mut page);
    let money = view.figures.any_price.then_some("revenue");
    let columns = COLUMNS.iter().copied().chain(Form::Overrides.asked().iter().copied()).chain(BOUNDS).chain(money);
    page.table(columns.chain(["id", "above", KEY]).map(Head::named).collect());
    let months = view.months.len();
    // What is not forecast any more but was when the last version was issued is part of the change as well.
    let was = |s: usize| view.changes.iter().flatten().any(|since| since.series.get(s).is_some_and(|c| c.last != 0.0));
    let series: Vec<usize> = (0..grid.series.len()).filter(|s| view.figures.is_forecast[*s] || was(*s)).collect();
    let sums = Sums::new(&page, view.figures.rows.len() + series.len() * months, view.figures.rows.len());
    let at = ["last", "units"].map(|id| page.at(id));
    let given = Given::new(book);
    for (figure, row) in view.figures.rows.iter().zip(rows::rows(view)) {
        let scope = Scope::Group(figure.group);
        let since = view.changes.get(figure.month).and_then(Option::as_ref);
        let change = since.map(|since| since.sum(grid.in_scope(figure.node, scope)));
        let here = page.next_row();
        let key = (figure.node, figure.group, figure.month);
        let line = Line {
            codes: [row.region, row.group, ""],
            names: [&region_name(view, figure.node), ""],
            month: (&view.months[figure.month], row.lag),
            now: sums.of(here, at[1], row.forecast),
            last: change.as_ref().map(|c| sums.of(here, at[0], tidy(c.last))),
            change: change.as_ref(),
            decimals: decimals(view, figure.group),
            answered: given.of(figure.node, scope, figure.month),
            bounds: row.bounds,
            revenue: None,
            ids: (id(book, key), above(book, key)),
        };
        page.sum_row(line.values(book));
    }
    let mut forecast = forecast::rows(view);
    for (s, k) in series.iter().flat_map(|s| (0..months).map(move |k| (*s, k))) {
        let of = grid.series[s];
        // The rows of the file are those of the series that are forecast.
        let row = view.figures.is_forecast[s].then(|| forecast.next()).flatten();
        let node = grid.regions.node_of(of.leaf);
        let change = view.changes.get(k).and_then(Option::as_ref).and_then(|since| since.series.get(s));
        let line = Line {
            codes: [grid.regions.code(node), &grid.products.groups[of.group], &grid.products.codes[of.product]],
            names: [grid.regions.name(node), grid.products.name(of.product)],
            month: (&view.months[k], view.outlook.origin.lag(view.outlook.months()[k])),
            now: Value::Number(row.as_ref().map_or(0.0, |row| row.units)),
            last: change.map(|c| Value::Number(tidy(c.last))),
            change,
            decimals: decimals(view, of.group),
            answered: given.of(node, Scope::Product(of.product), k),
            bounds: row.as_ref().and_then(|row| row.bounds),
            revenue: row.and_then(|row| row.revenue),
            ids: (0.0, id(book, (node, of.group, k))),
        };
        page.row(line.values(book));
    }
    form::close(book, &mut page, Form::Overrides, None);
    page.finish(2, "forecast.csv")
}

/// A row.
struct Line<'l> {
    /// Region, group, product.
    codes: [&'l str; 3],
    /// Region, product.
    names: [&'l str; 2],
    month: (&'l str, i32),
    now: Value<'static>,
    last: Option<Value<'static>>,
    change: Option<&'l Change>,
    decimals: usize,
    answered: String,
    bounds: Option<[f64; 4]>,
    revenue: Option<f64>,
    ids: (f64, f64),
}

impl<'l> Line<'l> {
    fn values(self, book: &Book) -> Vec<Value<'l>> {
        let [region, group, product] = self.codes;
        let [region_name, product_name] = self.names;
        let moved = self.change.filter(|c| tidy(c.units()) != 0.0);
        let causes = moved.map(|c| in_words(c, self.decimals).1.get(book.look.lang).to_owned());
        let mut out: Vec<Value> = vec![
            region.into(),
            region_name.into(),
            group.into(),
            product.into(),
            product_name.into(),
            self.month.0.into(),
            self.month.1.into(),
            self.last.unwrap_or(Value::Empty),
            self.now,
            self.change.map(|c| tidy(c.units())).into(),
            causes.into(),
            self.answered.into(),
        ];
        out.extend(form::asked(Form::Overrides));
        out.extend((0..4).map(|i| self.bounds.map(|b| b[i]).into()));
        if book.view.figures.any_price {
            out.push(self.revenue.into());
        }
        out.push(Value::Number(self.ids.0));
        out.push(Value::Number(self.ids.1));
        out.push(row_key(region, if product.is_empty() { group } else { product }, self.month.0).into());
        out
    }
}

/// The answers that a folder has for this run, by what they speak of.
pub struct Given<'a>(Vec<&'a Answer>, &'a [crate::month::Month]);

impl<'a> Given<'a> {
    /// A planner's overrides.
    fn new(book: &'a Book<'_, '_>) -> Given<'a> {
        Given::all(book, &book.view.known.overrides)
    }

    /// Some answers.
    pub fn all(book: &'a Book<'_, '_>, answers: &[&'a Answer]) -> Given<'a> {
        let mut list = answers.to_vec();
        list.sort_by_key(|a| (a.node, a.scope, a.month));
        Given(list, book.view.outlook.months())
    }

    /// What has been answered, as a cell shows it; empty where nothing has.
    pub fn of(&self, node: usize, scope: Scope, month: usize) -> String {
        let Some(month) = self.1.get(month) else { return String::new() };
        let key = (node, scope, *month);
        let first = self.0.partition_point(|a| (a.node, a.scope, a.month) < key);
        let these = self.0.iter().skip(first).take_while(|a| (a.node, a.scope, a.month) == key);
        let said = |a: &&Answer| {
            let number = match a.says {
                Says::Units(units) => table::number(units, usize::from(units.fract() != 0.0)),
                share => share.to_string(),
            };
            say::answered(&number, &a.by, &a.reason)
        };
        these.map(said).collect::<Vec<_>>().join("; ")
    }
}
