//! `orders`: what has been ordered and has not come, a line of an order a row.

use std::collections::HashMap;

use super::Dataset;
use super::names::Names;
use super::repeats::Identical;
use super::stock::{Order, is_goods, not_negative};
use crate::error::{Place, Problems};
use crate::messages::data as say;
use crate::messages::orders as tell;
use crate::month::Period;
use crate::schema::nearest;
use crate::sheet::{Col, Row, Rows, Sheet, cell};

/// Reads the table into the stock of `data`, whose locations it names.
pub fn read(data: &mut Dataset, names: &Names, sheets: &[&Sheet], problems: &mut Problems) {
    let mut seen = Identical::default();
    let mut orders: Vec<Order> = Vec::new();
    let locations: HashMap<String, usize> =
        data.stock.locations.iter().enumerate().map(|(i, l)| (l.name.clone(), i)).collect();
    for sheet in sheets {
        let Some(mut rows) = Rows::open(sheet, &data.settings.columns, problems) else { continue };
        let [number, supplier, location, product] =
            ["order_number", "supplier", "location", "product"].map(|c| rows.column(c));
        let [units, due, placed, confirmed] = ["units", "due", "placed", "confirmed"].map(|c| rows.column(c));
        while let Some(row) = rows.next(problems) {
            if seen.again(row, problems) {
                continue;
            }
            let at = at(&locations, row, location, problems);
            let found = names.product(row, product, problems);
            let ordered = row.has(units).then(|| not_negative(row, units, problems));
            if ordered.is_none() {
                row.need_number(units, problems);
            }
            let due_day = row.period(due, problems).map(|p| p.last_day());
            let placed_day = row.period(placed, problems).map(|p| p.first_day());
            if let (Some(from), Some(to)) = (placed_day, due_day)
                && to < from
            {
                problems.error(row.place(due), "due_before_placed", tell::due_before_placed(&row.quoted(due)));
            }
            let is_confirmed = is_confirmed(row, confirmed, problems);
            let of = row.name(supplier, problems).unwrap_or_default();
            let its_number = row.name(number, problems).unwrap_or_default();
            let (Some(location), Some(found), Some(ordered)) = (at, found, ordered) else { continue };
            if !is_goods(data, found) {
                let message = crate::messages::stock::not_goods(&row.quoted(product));
                problems.warn(row.place(product), "not_goods", message, say::ignored());
                continue;
            }
            if ordered <= 0.0 {
                continue;
            }
            if due_day.is_some_and(|d| d < data.as_of) {
                problems.warn(row.place(due), "overdue", say::overdue(&row.quoted(due)), say::due_now());
            }
            orders.push(Order {
                number: its_number.into(),
                supplier: of.into(),
                location,
                product: found,
                units: ordered,
                due: due_day,
                placed: placed_day,
                confirmed: is_confirmed,
                place: row.row_place(),
            });
        }
    }
    of_products(data, &orders);
    data.stock.orders = orders;
}

/// A product of which `products` names no supplier has that of its last order placed.
fn of_products(data: &mut Dataset, orders: &[Order]) {
    let as_of = data.as_of;
    let mut named: Vec<&Order> =
        orders.iter().filter(|o| !o.supplier.is_empty() && o.placed.is_none_or(|day| day <= as_of)).collect();
    named.sort_by_key(|order| order.placed);
    let last: HashMap<usize, &str> = named.into_iter().map(|order| (order.product, order.supplier.as_str())).collect();
    for (product, supplier) in last {
        if let Some(row) = data.products.get_mut(product).filter(|row| row.supply.supplier.is_empty()) {
            row.supply.supplier = supplier.into();
        }
    }
}

/// The location that a row names: one of those that `stock` has.
fn at(locations: &HashMap<String, usize>, row: Row, location: Col, problems: &mut Problems) -> Option<usize> {
    let name = row.need_name(location, problems)?;
    let found = locations.get(name).copied();
    if found.is_none() {
        problems.error_with(row.place(location), "unknown_location", || {
            tell::unknown_location(name, nearest(name, locations.keys().map(String::as_str)))
        });
    }
    found
}

/// Whether an order is confirmed: yes, or the day on which it was; none where the table does not say.
fn is_confirmed(row: Row, col: Col, problems: &mut Problems) -> Option<bool> {
    if !col.is_there() {
        return None;
    }
    let word = row.text(col);
    let found = cell::yes(word).or_else(|| Period::parse(word).map(|_| true));
    if found.is_none() {
        problems.error(row.place(col), "bad_confirmed", tell::bad_confirmed(&row.quoted(col)));
    }
    found
}

/// Open orders stand in one table: where both have them, those of `stock` are not added, and a difference is told.
pub fn beside_counts(data: &Dataset, problems: &mut Problems) {
    let visible = |o: &&Order| o.placed.is_none_or(|day| day <= data.as_of);
    let mut listed: HashMap<(usize, usize), f64> = HashMap::new();
    for order in data.stock.orders.iter().filter(visible) {
        *listed.entry((order.location, order.product)).or_default() += order.units;
    }
    if listed.is_empty() {
        return;
    }
    let counted = |c: &&super::Count| !c.orders.is_empty();
    let newest = data.stock.newest(data.as_of);
    let mut first: Option<&Place> = None;
    let (mut different, mut in_stock, mut in_orders) = (0_usize, 0.0, 0.0);
    for count in newest.into_iter().filter(counted) {
        let own: f64 = count.orders.iter().map(|o| o.0).sum();
        let listed = listed.get(&(count.location, count.product)).copied().unwrap_or(0.0);
        if (own - listed).abs() > SLACK {
            different += 1;
            in_stock += own;
            in_orders += listed;
            first.get_or_insert(&count.place);
        }
    }
    if let Some(place) = first {
        let message = tell::on_order_differs(different, in_stock, in_orders);
        problems.warn(place.clone(), "on_order_differs", message, tell::orders_win());
    }
}

/// Less than this of a unit is rounding.
const SLACK: f64 = 1e-6;
