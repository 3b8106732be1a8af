//! Every region, group and month: the rows of `regions.csv`, sums as formulas over the regions below.

use rust_xlsxwriter::{ConditionalFormatCell, ConditionalFormatCellRule, Worksheet, column_number_to_name};

use super::Book;
use super::page::{Page, Value};
use super::styles;
use crate::messages::workbook as say;
use crate::report::columns::Head;
use crate::report::names::region_name;
use crate::report::regions;

/// The columns, in the order of the sheet.
const COLUMNS: [&str; 24] = [
    "region",
    "region_name",
    "group",
    "month",
    "lag",
    "last_year",
    "growth",
    "forecast",
    "low80",
    "high80",
    "target",
    "attainment",
    "attainment_factor",
    "year_to_date",
    "year_outlook",
    "year_target",
    "gap",
    "base",
    "base_growth",
    "forecast_exact",
    "low95",
    "high95",
    "id",
    "above",
];

/// A formula looks at every row of its sheet; beyond so many looks in all sums are written as numbers, so that a large
/// workbook opens at once.
const LOOKS: usize = 20_000_000;

/// Sums as formulas: each row has a number of its own and that of the row it is part of, so that they stay right
/// however the rows are sorted.
pub struct Sums {
    first: u32,
    last: u32,
    own: u16,
    above: u16,
    used: bool,
}

impl Sums {
    /// For a table of so many rows, of which so many are sums; the numbers stand in the columns `id` and `above`.
    pub fn new(page: &Page, rows: usize, sums: usize) -> Sums {
        let first = page.next_row();
        Sums {
            first,
            last: first + rows.saturating_sub(1) as u32,
            own: page.at("id").unwrap_or_default(),
            above: page.at("above").unwrap_or_default(),
            used: rows.saturating_mul(sums) <= LOOKS,
        }
    }

    /// The sum of a column in a row, and what it comes to.
    pub fn of(&self, row: u32, column: Option<u16>, result: f64) -> Value<'static> {
        let Some(column) = column.filter(|_| self.used) else { return Value::Number(result) };
        let [own, above, of] = [self.own, self.above, column].map(column_number_to_name);
        let (first, last, row) = (self.first + 1, self.last + 1, row + 1);
        let ids = format!("${above}${first}:${above}${last}");
        Value::Sum(format!("=SUMIF({ids},${own}{row},{of}${first}:{of}${last})"), result)
    }
}

/// The sheet.
pub fn sheet(book: &Book) -> Worksheet {
    let view = book.view;
    let grid = &view.outlook.dataset.grid;
    let mut page = Page::new(&say::regions(), &say::about_regions(), book.look);
    page.table(COLUMNS.map(Head::named).to_vec());
    let rows = &view.figures.rows;
    let is_sum = |node: usize| grid.regions.leaf_of(node).is_none();
    let sums = Sums::new(&page, rows.len(), rows.iter().filter(|r| is_sum(r.node)).count());
    let at = |id: &str| page.at(id);
    let columns = ["last_year", "forecast", "target", "year_to_date", "year_outlook", "year_target", "base"].map(at);
    for (figure, row) in rows.iter().zip(regions::rows(view)) {
        let here = page.next_row();
        let adds = is_sum(figure.node);
        let sum = |i: usize, x: Option<f64>| match x {
            Some(x) if adds => sums.of(here, columns[i], x),
            x => x.into(),
        };
        let bound = |i: usize| row.bounds.map(|b| b[i]);
        let values = [
            row.region.into(),
            region_name(view, figure.node).into(),
            row.group.into(),
            row.month.to_string().into(),
            row.lag.into(),
            sum(0, row.last_year),
            row.growth.into(),
            sum(1, Some(row.forecast)),
            bound(0).into(),
            bound(1).into(),
            sum(2, row.target),
            row.attainment.into(),
            row.attainment_factor.into(),
            sum(3, Some(row.year_to_date)),
            sum(4, Some(row.year_outlook)),
            sum(5, row.year_target),
            row.gap.into(),
            sum(6, Some(row.base)),
            row.base_growth.into(),
            row.exact.into(),
            bound(2).into(),
            bound(3).into(),
            Value::Number(id(book, (figure.node, figure.group, figure.month))),
            Value::Number(above(book, (figure.node, figure.group, figure.month))),
        ];
        if adds { page.sum_row(values) } else { page.row(values) }
    }
    attained(&mut page);
    page.finish(4, "regions.csv")
}

/// The number of a row of a node, group and month, from 1.
pub fn id(book: &Book, (node, group, month): (usize, usize, usize)) -> f64 {
    let view = book.view;
    let groups = view.outlook.dataset.grid.group_count();
    ((node * groups + group) * view.outlook.months().len() + month + 1) as f64
}

/// The number of the row it is part of; 0 for the company's.
pub fn above(book: &Book, (node, group, month): (usize, usize, usize)) -> f64 {
    if node == crate::grid::COMPANY {
        return 0.0;
    }
    id(book, (book.view.outlook.dataset.grid.regions.parent(node), group, month))
}

/// Attainment below 90% and from 100% on stands out.
pub fn attained(page: &mut Page) {
    const SHORT: f64 = 0.9;
    let (first, last) = (page.head_row() + 1, page.next_row().saturating_sub(1));
    let Some(column) = page.at("attainment").filter(|_| last >= first) else { return };
    let rules = [
        (ConditionalFormatCellRule::LessThan(SHORT), styles::short()),
        (ConditionalFormatCellRule::GreaterThanOrEqualTo(1.0), styles::on_target()),
    ];
    // An empty cell counts as 0 in a rule: it is left alone first.
    let blank = rust_xlsxwriter::ConditionalFormatBlank::new().set_stop_if_true(true);
    let _ = page.sheet.add_conditional_format(first, column, last, column, &blank);
    for (rule, format) in rules {
        let rule = ConditionalFormatCell::new().set_rule(rule).set_format(format);
        let _ = page.sheet.add_conditional_format(first, column, last, column, &rule);
    }
}
