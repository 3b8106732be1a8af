//! A purchase order for each supplier, as it is sent: a workbook with headers in both languages, and the same rows as CSV
//! for an ERP.

use std::collections::{BTreeMap, HashSet};

use rust_xlsxwriter::Worksheet;

use super::page::{Page, Value};
use super::sheet::cell;
use super::{Book, bytes};
use crate::messages::Text;
use crate::messages::orders as say;
use crate::report::View;
use crate::report::cell::stem;
use crate::report::columns::{Head, Kind, Type};
use crate::report::data::Table;
use crate::report::names::{place, supplier};
use crate::stock::{Line, Plan, Terms};

/// The folder of the files.
pub const FOLDER: &str = "purchase";
/// The currency of suppliers that state none.
const YUAN: &str = "CNY";
/// The file of what nobody is named for.
const NO_SUPPLIER: &str = "no_supplier";
/// The columns, as the CSV has them.
const COLUMNS: [&str; 12] = [
    "order_number",
    "supplier",
    "location",
    "product",
    "name",
    "order_date",
    "delivery_date",
    "units",
    "packs",
    "price",
    "currency",
    "value",
];

/// An order as it is sent: its number, its supplier, its lines by delivery place and product.
struct Order<'p> {
    number: String,
    supplier: &'p str,
    lines: Vec<&'p Line>,
}

/// The files: of each supplier a workbook and a CSV. Numbers are proposals: the day and a running number by supplier.
pub fn files<'v>(view: &'v View<'v>, plan: &Plan) -> Vec<(String, Vec<u8>)> {
    let book = Book::new(view, &[], &[]);
    let mut by_supplier: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    for line in plan.lines.iter().filter(|line| line.order > 0.0) {
        by_supplier.entry(supplier(view, line.product)).or_default().push(line);
    }
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    for (i, (supplier, mut lines)) in by_supplier.into_iter().enumerate() {
        lines.sort_by_key(|line| (line.node, line.product));
        let number = format!("{}-{:02}", plan.day.format("%Y%m%d"), i + 1);
        let stem = stem(if supplier.is_empty() { NO_SUPPLIER } else { supplier }, &mut seen);
        let order = Order { number, supplier, lines };
        let table = table(view, plan, &order);
        out.push((format!("{FOLDER}/{stem}.csv"), table.csv()));
        out.push((format!("{FOLDER}/{stem}.xlsx"), bytes(view, vec![sheet(&book, plan, &order, &table)])));
    }
    out
}

/// What a line says of money: price of a unit and value, in the supplier's currency; none without a cost.
fn money(view: &View, line: &Line) -> (Option<f64>, Option<f64>, String) {
    let suppliers = view.known.data.suppliers;
    let vendor = suppliers.of(supplier(view, line.product)).and_then(|at| suppliers.list.get(at));
    let rate = vendor.map_or(1.0, |vendor| vendor.rate);
    let currency = vendor.map(|vendor| vendor.currency.as_str()).filter(|currency| !currency.is_empty());
    let value = line.value.map(|value| value / rate);
    (value.map(|value| value / line.order), value, currency.unwrap_or(YUAN).to_owned())
}

/// The lines of an order as they are sent.
fn table(view: &View, plan: &Plan, order: &Order) -> Table {
    let products = &view.outlook.dataset.grid.products;
    // Both languages in one: the supplier may read either.
    let head = |name| {
        let head = Head::named(name).titled(say::both(&say::purchase_column(name)));
        if head.kind.stored() == Type::Number { head.of(Kind::Exact) } else { head }
    };
    let mut table = Table::new(COLUMNS.map(head));
    for line in &order.lines {
        let (price, value, currency) = money(view, line);
        table.text(&order.number);
        table.text(order.supplier);
        table.text(&place(view, &line.locations));
        table.text(&products.codes[line.product]);
        table.text(products.name(line.product));
        table.day(line.placed.unwrap_or(plan.day));
        table.day(line.arrives);
        table.number(line.order);
        table.number(line.order / Terms::of(&view.known, line.product).lot.pack);
        table.maybe(price);
        table.text(&currency);
        table.maybe(value);
        table.end();
    }
    table
}

fn sheet(book: &Book, plan: &Plan, order: &Order, table: &Table) -> Worksheet {
    let view = book.view;
    let about = say::purchase_order_of(&order.number, order.supplier, plan.day);
    let mut page = Page::new(&say::both(&say::purchase_order()), &say::both(&about), book.look);
    // The supplier stands above the table.
    let shown = |id: &str| id != "supplier";
    let columns = || table.columns.iter().filter(|column| shown(column.name()));
    page.table(columns().map(|column| column.head.clone()).collect());
    for row in 0..table.rows() {
        page.row(columns().map(|column| cell(column.value(row), column.head.kind)));
    }
    page.end_table();
    let total: Option<f64> = order.lines.iter().map(|line| money(view, line).1).sum();
    let units: f64 = order.lines.iter().map(|line| line.order).sum();
    let Text { en, zh } = say::purchase_total();
    let sums = COLUMNS.into_iter().filter(|id| shown(id)).map(|id| match id {
        "order_number" => Value::from(format!("{en} {zh}")),
        "units" => Value::from(units),
        "value" => Value::from(total),
        _ => Value::Empty,
    });
    page.sum_row(sums.collect::<Vec<Value>>());
    page.finish(0, "")
}
