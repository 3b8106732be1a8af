//! `suppliers`: on what terms suppliers deliver. Every amount is kept in yuan; without a row nothing changes.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};

use super::Dataset;
use super::names::Names;
use super::stock::not_negative;
use crate::error::Problems;
use crate::messages::data as say;
use crate::messages::suppliers as tell;
use crate::schema::nearest;
use crate::sheet::{Row, Rows, Sheet};

/// The terms of all suppliers.
#[derive(Clone, Debug, Default)]
pub struct Suppliers {
    /// The suppliers with terms.
    pub list: Vec<Vendor>,
    /// Price breaks by product and units, ascending.
    pub breaks: Vec<Break>,
    by_name: HashMap<String, usize>,
}

/// A supplier.
#[derive(Clone, Debug)]
pub struct Vendor {
    /// Its name, as in `products`.
    pub name: String,
    /// Smallest value of an order, in yuan; 0: none.
    pub least: f64,
    /// Value of an order from which freight is free, in yuan; 0: none.
    pub free_freight: f64,
    /// What the freight of an order costs below that, in yuan.
    pub freight: f64,
    /// What a container holds, in the unit of `products.load`; 0: none.
    pub container: f64,
    /// Weekdays on which it takes orders, from Monday.
    pub days: [bool; 7],
    /// Calendar weeks in which it does.
    pub weeks: Weeks,
    /// Its currency; empty: yuan.
    pub currency: String,
    /// Yuan for one unit of its currency.
    pub rate: f64,
}

/// Calendar weeks (ISO 8601).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Weeks {
    /// All.
    #[default]
    All,
    /// Odd ones.
    Odd,
    /// Even ones.
    Even,
    /// Those of these numbers; `LAST_WEEK` is the last one of a year, in most years the 52nd.
    Listed(Vec<u32>),
}

/// From so many units ordered on a product costs less.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Break {
    /// Product index.
    pub product: usize,
    /// Units ordered from which it holds, over 0.
    pub from: f64,
    /// Price of every unit of such an order, in yuan.
    pub price: f64,
}

/// The last week of a long year.
const LAST_WEEK: u32 = 53;
/// Days looked ahead for one on which orders are taken: a year of weeks.
const AHEAD: u64 = 371;

impl Vendor {
    /// Days from `day` to its first order, and from that to the next: the first day on which it takes orders at least
    /// `review` days after `day`.
    pub fn orders(&self, day: NaiveDate, review: usize) -> (usize, usize) {
        let wait = self.next_order(day, 0);
        (wait, self.next_order(day, review.max(wait + 1)) - wait)
    }

    /// Days from `day` plus `after` to the first day on which it takes orders; `after` where there is none within a year.
    pub fn next_order(&self, day: NaiveDate, after: usize) -> usize {
        let takes = |ahead: &u64| {
            let at = day + chrono::Days::new(*ahead);
            let week = at.iso_week().week();
            let in_week = match &self.weeks {
                Weeks::All => true,
                Weeks::Odd => !week.is_multiple_of(2),
                Weeks::Even => week.is_multiple_of(2),
                Weeks::Listed(weeks) => {
                    // The 28th of December lies in the last week of its year.
                    let end = NaiveDate::from_ymd_opt(at.iso_week().year(), 12, 28).map(|day| day.iso_week().week());
                    weeks.contains(&week) || (weeks.contains(&LAST_WEEK) && end == Some(week))
                }
            };
            in_week && self.days[at.weekday().num_days_from_monday() as usize]
        };
        let after = after as u64;
        (after..=after + AHEAD).find(takes).unwrap_or(after) as usize
    }
}

impl Suppliers {
    /// The terms of a supplier; none where the table has none.
    pub fn of(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The price breaks of a product, ascending.
    pub fn breaks(&self, product: usize) -> &[Break] {
        let from = self.breaks.partition_point(|b| b.product < product);
        let to = self.breaks.partition_point(|b| b.product <= product);
        self.breaks.get(from..to).unwrap_or_default()
    }
}

/// Reads the table.
pub fn read(data: &Dataset, names: &Names, sheets: &[&Sheet], problems: &mut Problems) -> Suppliers {
    let mut out = Suppliers::default();
    let mut prices: Vec<(String, Break)> = Vec::new();
    let of_products = data.products.iter().map(|p| p.supply.supplier.as_str());
    let of_orders = data.stock.orders.iter().map(|order| order.supplier.as_str());
    let known: BTreeSet<&str> = of_products.chain(of_orders).filter(|s| !s.is_empty()).collect();
    for sheet in sheets {
        let Some(mut rows) = Rows::open(sheet, &data.settings.columns, problems) else { continue };
        let [supplier, product, from, price] = ["supplier", "product", "from_units", "price"].map(|c| rows.column(c));
        let [least, free, freight, container] =
            ["min_order_value", "free_freight", "freight", "container"].map(|c| rows.column(c));
        let [days, weeks, currency, rate] = ["order_days", "order_weeks", "currency", "rate"].map(|c| rows.column(c));
        while let Some(row) = rows.next(problems) {
            let Some(name) = row.need_name(supplier, problems) else { continue };
            if !known.contains(name) {
                let near = nearest(name, known.iter().copied());
                problems.warn(
                    row.place(supplier),
                    "unknown_supplier",
                    tell::unknown_supplier(name, near),
                    say::ignored(),
                );
                continue;
            }
            if row.has(product) {
                let found = names.product(row, product, problems);
                let units = row.need_number(from, problems);
                let a_price = row.need_number(price, problems);
                let (Some(found), Some(units), Some(a_price)) = (found, units, a_price) else { continue };
                if units <= 0.0 || a_price < 0.0 {
                    problems.error(row.place(from), "bad_break", tell::bad_break());
                    continue;
                }
                if data.products.get(found).is_none_or(|p| p.supply.supplier != name) {
                    let message = tell::other_supplier(&row.quoted(product), name);
                    problems.error(row.place(product), "other_supplier", message);
                    continue;
                }
                prices.push((name.to_owned(), Break { product: found, from: units, price: a_price }));
                continue;
            }
            if out.by_name.contains_key(name) {
                problems.error(row.place(supplier), "listed_twice", say::listed_twice(name));
                continue;
            }
            let money = row.text(currency).to_owned();
            let stated = row.number(rate, problems);
            if stated.is_some_and(|r| r <= 0.0) {
                problems.error(row.place(rate), "bad_rate", tell::bad_rate(&row.quoted(rate)));
            } else if stated.is_none() && !money.is_empty() && !is_yuan(&money) {
                problems.error(row.place(currency), "no_rate", tell::no_rate(&money));
            }
            if stated.is_some() && money.is_empty() {
                problems.error(row.place(rate), "no_currency", tell::no_currency(&row.quoted(rate)));
            }
            let yuan = stated.filter(|r| *r > 0.0).unwrap_or(1.0);
            let mut amount = |col| not_negative(row, col, problems) * yuan;
            let [least, free_freight, freight] = [least, free, freight].map(&mut amount);
            let vendor = Vendor {
                name: name.to_owned(),
                least,
                free_freight,
                freight,
                container: not_negative(row, container, problems),
                days: order_days(row, days, problems),
                weeks: order_weeks(row, weeks, problems),
                currency: money,
                rate: yuan,
            };
            out.by_name.insert(name.to_owned(), out.list.len());
            out.list.push(vendor);
        }
    }
    // A break is in the currency that the supplier's own row states, wherever that stands.
    for (name, mut price) in prices {
        let rate = out.of(&name).and_then(|at| out.list.get(at)).map_or(1.0, |vendor| vendor.rate);
        price.price *= rate;
        out.breaks.push(price);
    }
    out.breaks.sort_by(|a, b| a.product.cmp(&b.product).then(a.from.total_cmp(&b.from)));
    out
}

fn order_days(row: Row, col: crate::sheet::Col, problems: &mut Problems) -> [bool; 7] {
    let mut days = [false; 7];
    for word in parts(row.text(col)) {
        match word.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).and_then(|at| days.get_mut(at)) {
            Some(day) => *day = true,
            None => problems.error(row.place(col), "bad_order_days", tell::bad_order_days(&row.quoted(col))),
        }
    }
    match (days.contains(&true), row.has(col)) {
        (true, _) => days,
        (false, given) => {
            // A list without a weekday in it, as `;`.
            if given && parts(row.text(col)).next().is_none() {
                problems.error(row.place(col), "bad_order_days", tell::bad_order_days(&row.quoted(col)));
            }
            [true; 7]
        }
    }
}

fn order_weeks(row: Row, col: crate::sheet::Col, problems: &mut Problems) -> Weeks {
    let mut weeks = Vec::new();
    match row.text(col).trim().to_lowercase().as_str() {
        "" => return Weeks::All,
        "odd" | "单周" | "单" => return Weeks::Odd,
        "even" | "双周" | "双" => return Weeks::Even,
        _ => {}
    }
    for word in parts(row.text(col)) {
        match word.parse::<u32>().ok().filter(|week| (1..=LAST_WEEK).contains(week)) {
            Some(week) => weeks.push(week),
            None => problems.error(row.place(col), "bad_order_weeks", tell::bad_order_weeks(&row.quoted(col))),
        }
    }
    if parts(row.text(col)).next().is_none() {
        problems.error(row.place(col), "bad_order_weeks", tell::bad_order_weeks(&row.quoted(col)));
    }
    Weeks::Listed(weeks)
}

/// Whether a currency is the yuan.
fn is_yuan(currency: &str) -> bool {
    matches!(currency.trim().to_lowercase().as_str(), "cny" | "rmb" | "yuan" | "元" | "人民币")
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '；', ',', '，', '、', '/', ' ']).map(str::trim).filter(|part| !part.is_empty())
}
