//! A purchase order for each supplier, as it is sent: a workbook with headers in both languages, and the same rows as CSV
//! for an ERP.

use std::collections::{BTreeMap, HashSet};

use rust_xlsxwriter::Worksheet;

use super::columns::{Column, Kind};
use super::page::{Page, Value};
use super::{Book, bytes};
use crate::messages::Text;
use crate::messages::orders as say;
use crate::report::View;
use crate::report::cell::Csv;
use crate::report::stock::{place, supplier};
use crate::stages::stock::{Line, Plan, Terms};

/// The folder of the files.
pub const FOLDER: &str = "purchase";
/// The currency of suppliers that state none.
const YUAN: &str = "CNY";
/// No disk takes names of more bytes than 255.
const LONGEST: usize = 60;

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
        let stem = stem(supplier, &mut seen);
        let order = Order { number, supplier, lines };
        out.push((format!("{FOLDER}/{stem}.csv"), csv(view, plan, &order)));
        out.push((format!("{FOLDER}/{stem}.xlsx"), bytes(view, vec![sheet(&book, plan, &order)])));
    }
    out
}

/// A name that every disk can hold, of its own.
fn stem(supplier: &str, seen: &mut HashSet<String>) -> String {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' };
    let mut stem: String = supplier.chars().map(safe).take(LONGEST).collect();
    if stem.is_empty() {
        stem = "no_supplier".to_owned();
    }
    let mut tried = stem.clone();
    let mut n = 2;
    while !seen.insert(tried.to_lowercase()) {
        tried = format!("{stem}-{n}");
        n += 1;
    }
    tried
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

fn csv(view: &View, plan: &Plan, order: &Order) -> Vec<u8> {
    let products = &view.outlook.dataset.grid.products;
    let mut csv = Csv::new(COLUMNS);
    for line in &order.lines {
        let (price, value, currency) = money(view, line);
        csv.word(&order.number);
        csv.text(order.supplier);
        csv.text(&place(view, &line.locations));
        csv.text(&products.codes[line.product]);
        csv.text(products.name(line.product));
        csv.word(&line.placed.unwrap_or(plan.day).to_string());
        csv.word(&line.arrives.map(|day| day.to_string()).unwrap_or_default());
        csv.number(line.order);
        csv.number(line.order / Terms::of(&view.known, line.product).lot.pack);
        csv.maybe(price);
        csv.text(&currency);
        csv.maybe(value);
        csv.end();
    }
    csv.bytes()
}

fn sheet(book: &Book, plan: &Plan, order: &Order) -> Worksheet {
    let view = book.view;
    let products = &view.outlook.dataset.grid.products;
    let about = say::purchase_order_of(&order.number, order.supplier, plan.day);
    let mut page = Page::new(&say::both(&say::purchase_order()), &say::both(&about), book.look);
    let kinds = |id: &str| match id {
        "units" | "packs" => Kind::Exact,
        "price" | "value" => Kind::Exact,
        _ => Kind::Text,
    };
    let columns = COLUMNS.into_iter().filter(|id| *id != "supplier");
    page.table(columns.map(|id| Column::of(id, kinds(id)).titled(say::both(&say::purchase_column(id)))).collect());
    let mut total = Some(0.0);
    let mut units = 0.0;
    for line in &order.lines {
        let (price, value, currency) = money(view, line);
        total = total.zip(value).map(|(sum, value)| sum + value);
        units += line.order;
        page.row([
            Value::from(order.number.clone()),
            place(view, &line.locations).into(),
            products.codes[line.product].as_str().into(),
            products.name(line.product).into(),
            line.placed.unwrap_or(plan.day).to_string().into(),
            line.arrives.map(|day| day.to_string()).unwrap_or_default().into(),
            line.order.into(),
            (line.order / Terms::of(&view.known, line.product).lot.pack).into(),
            price.into(),
            currency.into(),
            value.into(),
        ]);
    }
    page.end_table();
    let Text { en, zh } = say::purchase_total();
    let mut last: Vec<Value> = vec![Value::from(format!("{en} {zh}"))];
    last.extend((0..5).map(|_| Value::Empty));
    last.extend([Value::from(units), Value::Empty, Value::Empty, Value::Empty, Value::from(total)]);
    page.sum_row(last);
    page.finish(0, "")
}
