//! `chase.csv`, `reschedule.csv`, `late.csv`, `overstock.csv`: what a purchaser calls suppliers about, and what lies
//! too long.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::View;
use super::data::Table;

use super::names::{place, supplier, supplier_of};
use crate::month::Month;
use crate::stock::{Line, Open, Plan, Terms};

/// Why an open order is chased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chased {
    /// Its day has passed.
    Overdue,
    /// It comes after stock has run out.
    TooLate,
    /// The supplier has not confirmed it.
    Unconfirmed,
}

impl Chased {
    /// The word in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Chased::Overdue => "overdue",
            Chased::TooLate => "too_late",
            Chased::Unconfirmed => "unconfirmed",
        }
    }
}

/// An open order to call the supplier about.
#[derive(Clone, Copy, Debug)]
pub struct Chase<'p> {
    /// The order.
    pub open: &'p Open,
    /// Why.
    pub why: Chased,
    /// Days that it is late: after its day, or after the day on which stock runs out; 0 where it is not confirmed.
    pub days: i64,
    /// The day on which stock runs out where the order goes, what is on order counted on its day (today where that has
    /// passed); none: beyond the months forecast.
    pub runs_out: Option<NaiveDate>,
}

/// Orders to call suppliers about: overdue ones, those that come after stock has run out, those not confirmed; in this
/// order, the latest first.
pub fn chase<'p>(view: &View, plan: &'p Plan) -> Vec<Chase<'p>> {
    let mut lines: HashMap<(usize, usize), &Line> = HashMap::new();
    for line in &plan.lines {
        line.locations.iter().for_each(|at| {
            lines.insert((line.product, *at), line);
        });
    }
    let of = |open: &'p Open| {
        let line = lines.get(&(open.product, open.location));
        let runs_out = line.and_then(|line| line.runs_out);
        let confirmed = open.order.and_then(|at| view.known.orders.get(at)).and_then(|order| order.confirmed);
        let after = |day: NaiveDate, limit: NaiveDate| (day - limit).num_days();
        let (why, days) = match (open.due, runs_out) {
            (Some(due), _) if due < plan.day => (Chased::Overdue, after(plan.day, due)),
            (Some(due), Some(out)) if due > out => (Chased::TooLate, after(due, out)),
            _ if confirmed == Some(false) => (Chased::Unconfirmed, 0),
            _ => return None,
        };
        Some(Chase { open, why, days, runs_out })
    };
    let mut out: Vec<Chase> = plan.open.iter().filter(|open| open.units > 0.0).filter_map(of).collect();
    out.sort_by_key(|c| (c.why as usize, -c.days, c.open.product, c.open.location));
    out
}

/// The number of an open order; empty where nobody says.
pub fn number<'v>(view: &'v View, open: &Open) -> &'v str {
    open.order.and_then(|at| view.known.orders.get(at)).map_or("", |order| order.number.as_str())
}

/// The cells that name an open order.
fn named(view: &View, open: &Open, table: &mut Table) {
    let products = &view.outlook.dataset.grid.products;
    table.text(number(view, open));
    table.text(supplier_of(view, open));
    table.text(&place(view, &[open.location]));
    table.text(&products.codes[open.product]);
    table.text(products.name(open.product));
}

/// `chase.csv`; none without any.
pub fn chase_table(view: &View, plan: &Plan) -> Option<Table> {
    let found = chase(view, plan);
    let headers =
        ["order_number", "supplier", "location", "product", "name", "on_order", "due", "chased", "days", "runs_out"];
    let mut table = Table::new(headers);
    for c in &found {
        named(view, c.open, &mut table);
        table.number(c.open.units);
        table.day(c.open.due);
        table.text(c.why.word());
        table.whole(c.days);
        table.day(c.runs_out);
        table.end();
    }
    (!found.is_empty()).then_some(table)
}

/// What an open order costs, in yuan.
pub fn value(view: &View, open: &Open, units: f64) -> Option<f64> {
    Terms::of(&view.known, open.product).cost.map(|cost| cost * units)
}

/// `reschedule.csv`: open orders to cancel or to put off; none without any.
pub fn reschedule_table(view: &View, plan: &Plan) -> Option<Table> {
    let yuan = view.outlook.dataset.settings.units.money.yuan();
    let headers =
        ["order_number", "supplier", "location", "product", "name", "on_order", "due", "action", "needed", "value"];
    let mut table = Table::new(headers);
    for r in &plan.reschedules {
        let Some(open) = plan.open.get(r.open) else { continue };
        named(view, open, &mut table);
        table.number(r.units);
        table.day(open.due);
        table.text(if r.to.is_some() { "put_off" } else { "cancel" });
        table.day(r.to);
        table.maybe(value(view, open, r.units).map(|v| v / yuan));
        table.end();
    }
    (!plan.reschedules.is_empty()).then_some(table)
}

/// Lines that run short before anything ordered today can arrive, the costliest first.
pub fn late<'p>(view: &View, plan: &'p Plan) -> Vec<(&'p Line, Option<f64>)> {
    let cost = |line: &Line| Terms::of(&view.known, line.product).margin().map(|margin| margin * line.short);
    let mut out: Vec<(&Line, Option<f64>)> =
        plan.lines.iter().filter(|line| line.short > 0.0).map(|line| (line, cost(line))).collect();
    out.sort_by(|a, b| b.1.unwrap_or(0.0).total_cmp(&a.1.unwrap_or(0.0)).then(b.0.short.total_cmp(&a.0.short)));
    out
}

/// The day on which what is ordered today arrives at a line.
pub fn earliest(view: &View, plan: &Plan, line: &Line) -> NaiveDate {
    line.arrives.unwrap_or_else(|| plan.day + chrono::Days::new(Terms::of(&view.known, line.product).lead as u64))
}

/// `late.csv`: what cannot arrive in time, and the margin that it costs; none without any.
pub fn late_table(view: &View, plan: &Plan) -> Option<Table> {
    let yuan = view.outlook.dataset.settings.units.money.yuan();
    let products = &view.outlook.dataset.grid.products;
    let found = late(view, plan);
    let mut table = Table::new(["product", "name", "location", "supplier", "runs_out", "arrives", "short", "margin"]);
    for (line, margin) in &found {
        table.text(&products.codes[line.product]);
        table.text(products.name(line.product));
        table.text(&place(view, &line.locations));
        table.text(supplier(view, line.product));
        table.day(line.runs_out);
        table.day(earliest(view, plan, line));
        table.number(line.short);
        table.maybe(margin.map(|m| m / yuan));
        table.end();
    }
    (!found.is_empty()).then_some(table)
}

/// Units that will not be sold.
#[derive(Clone, Copy, Debug)]
pub struct Surplus<'p> {
    /// Where.
    pub line: &'p Line,
    /// The last month of the product; none: it stays in the range, and there is too much of it.
    pub retires: Option<Month>,
    /// What they cost, in yuan.
    pub value: Option<f64>,
}

/// Leftovers of retiring products first, then overstock; the most money first.
pub fn surplus<'p>(view: &View, plan: &'p Plan) -> Vec<Surplus<'p>> {
    let of = |line: &'p Line| {
        let terms = Terms::of(&view.known, line.product);
        Surplus { line, retires: terms.retires, value: terms.cost.map(|cost| cost * line.surplus) }
    };
    let mut out: Vec<Surplus> = plan.lines.iter().filter(|line| line.surplus > 0.0).map(of).collect();
    let size = |s: &Surplus| (s.value.unwrap_or(0.0), s.line.surplus);
    out.sort_by(|a, b| {
        let (x, y) = (size(a), size(b));
        a.retires.is_none().cmp(&b.retires.is_none()).then(y.0.total_cmp(&x.0)).then(y.1.total_cmp(&x.1))
    });
    out
}

/// `overstock.csv`; none without any.
pub fn overstock_table(view: &View, plan: &Plan) -> Option<Table> {
    let yuan = view.outlook.dataset.settings.units.money.yuan();
    let products = &view.outlook.dataset.grid.products;
    let found = surplus(view, plan);
    let headers =
        ["product", "name", "location", "supplier", "echelon_on_hand", "all_on_order", "surplus", "value", "retires"];
    let mut table = Table::new(headers);
    for s in &found {
        table.text(&products.codes[s.line.product]);
        table.text(products.name(s.line.product));
        table.text(&place(view, &s.line.locations));
        table.text(supplier(view, s.line.product));
        [s.line.echelon.on_hand, s.line.echelon.on_order, s.line.surplus].into_iter().for_each(|x| table.number(x));
        table.maybe(s.value.map(|v| v / yuan));
        table.month(s.retires);
        table.end();
    }
    (!found.is_empty()).then_some(table)
}
