//! `stock.csv`, `transfers.csv`, `suppliers.csv`, `lost.csv`: the stock plan, its transfers, its orders by supplier and
//! month of arrival, and what stockouts cost. The lists for calls to suppliers are in [`super::papers`].

use std::collections::{BTreeMap, HashSet};

use super::{STOCK_TABLES, View};

use super::cell;
use super::columns::Kind;
use super::data::Table;
use super::names::{place, supplier, supplier_of};
use super::papers as lists;
use crate::messages::Text;
use crate::messages::orders as papers;
use crate::messages::stock as say;
use crate::messages::suppliers as terms;
use crate::messages::workbook as sheets;
use crate::month::Month;
use crate::stock::{Change, Counted, Echelon, Line, Plan, Reason, Term, Terms, Urgency};

/// The columns of the order list, which come first, then what lies behind them.
#[rustfmt::skip]
const HEADERS: [&str; 52] = [
    "urgency", "product", "location", "on_hand", "need_by", "order", "supplier", "value", "reason", "name", "region",
    "action", "buys", "buys_for", "on_order", "overdue", "due", "owed", "counted", "sold_since", "echelon_on_hand",
    "echelon_on_order", "echelon_owed", "position", "cover_days", "interval_days", "interval_months", "demand",
    "bought_for", "deviation", "errors", "service", "service_by", "safety_stock", "level", "reorder_point", "raw_need",
    "transfer_in", "pack", "moq", "excess", "transfer_out", "order_by", "arrives", "runs_out", "month_1", "stock_end_1",
    "month_2", "stock_end_2", "short", "surplus", "retires",
];
/// How many of them the order list shows.
pub const LISTED: usize = 9;

/// The tables, by name; those with nothing to say are left out.
pub fn tables(view: &View, plan: &Plan) -> Vec<(&'static str, Table)> {
    let tables = [
        ("stock", Some(table(view, plan))),
        ("transfers", (!plan.transfers.is_empty()).then(|| transfers(view, plan))),
        ("suppliers", Some(suppliers(view, plan))),
        ("chase", lists::chase_table(view, plan)),
        ("reschedule", lists::reschedule_table(view, plan)),
        ("late", lists::late_table(view, plan)),
        ("overstock", lists::overstock_table(view, plan)),
        ("lost", (!plan.lost.is_empty()).then(|| lost(view, plan))),
    ];
    tables.into_iter().filter_map(|(name, table)| Some((name, table?))).collect()
}

/// The same as JSON: the day, and the rows of every table, also of those with nothing to say.
pub fn json(view: &View, plan: &Plan) -> Vec<u8> {
    let mut whole = serde_json::Map::new();
    whole.insert("as_of".to_owned(), plan.day.to_string().into());
    STOCK_TABLES.into_iter().for_each(|name| _ = whole.insert(name.to_owned(), serde_json::Value::Array(Vec::new())));
    for (name, table) in tables(view, plan) {
        whole.insert(name.to_owned(), table.json().into());
    }
    cell::json(&whole)
}

/// The word for programs.
pub fn action(line: &Line) -> &'static str {
    match line.reason {
        _ if line.order > 0.0 => "order",
        _ if line.transfer_in > 0.0 => "transfer",
        Reason::WaitsForAbove { .. } => "wait",
        _ => "none",
    }
}

/// What a term is called.
fn named(term: Term) -> Text {
    match term {
        Term::Break => terms::price_break(),
        Term::Container => terms::container(),
        Term::LeastValue => terms::least_value(),
        Term::FreeFreight => terms::free_freight(),
        Term::ShelfLife => terms::shelf_life(),
    }
}

/// Why a line is as it is, in words.
pub fn reason(view: &View, line: &Line) -> Text {
    let settings = &view.outlook.dataset.settings;
    let cautious = settings.lifecycle.cautious;
    let said = match line.reason {
        Reason::Enough => say::enough(),
        Reason::Needed => say::needed(line.slack, line.review as i64),
        Reason::FirstBuy => say::first_buy(cautious),
        Reason::Growing { trust } => say::growing(cautious + (1.0 - cautious) * trust),
        Reason::LastBuy { last } => say::last_buy(last),
        Reason::LastBuyTooSmall { last } => say::last_buy_too_small(last),
        Reason::TooLate { last } => say::too_late(last),
        Reason::Retired => say::retired(),
        Reason::Slipped { launch } => papers::slipped(launch),
        Reason::DoNotBuy => say::do_not_buy(),
        Reason::NoDemand => say::no_demand(),
        Reason::Transfer => say::transfer(),
        Reason::WaitsForAbove { short } => say::waits(&super::table::number(short, 0)),
    };
    let changed = |change: &Change| {
        let units = super::table::number(change.units().abs(), 0);
        match *change {
            Change::Raised { term, .. } => terms::raised(&units, &named(term)),
            Change::Lowered { term, .. } => terms::lowered(&units, &named(term)),
            Change::Held { term, .. } => terms::held(&units, &named(term)),
            Change::Missed { term } => terms::missed(&named(term)),
            Change::Budget { .. } => say::cut_by_budget(&units),
        }
    };
    // As printed: need, what is said of it and rounding make the order.
    let said_of: f64 = line.changes.iter().map(|change| change.units().round()).sum();
    let rounding = line.order.round() - line.need().round() - said_of;
    let is_ordered = line.order > 0.0 || !line.changes.is_empty();
    let rounding = (is_ordered && rounding >= 1.0).then(|| say::excess(&super::table::number(rounding, 0)));
    let stale = match line.counted {
        Counted::Stale { day, sold } => Some(papers::stale(day, &super::table::number(sold, 0))),
        Counted::Rolled { day, sold } if sold > 0.0 => Some(papers::rolled_by(day, &super::table::number(sold, 0))),
        _ => None,
    };
    let more = line.changes.iter().map(changed).chain(rounding).chain(stale);
    more.fold(said, |said, more| Text {
        en: format!("{}; {}", said.en, more.en),
        zh: format!("{}；{}", said.zh, more.zh),
    })
}

/// `stock.csv`, the most urgent line first; money in the settings' unit, the reason in the run's language.
pub fn table(view: &View, plan: &Plan) -> Table {
    lines(view, plan, HEADERS.len(), |_| true)
}

/// The order list: the first columns of the rows of `stock.csv` with an order.
pub fn orders(view: &View, plan: &Plan) -> Table {
    lines(view, plan, LISTED, |line| line.order > 0.0)
}

/// A day, or nothing.
fn lines(view: &View, plan: &Plan, columns: usize, shown: impl Fn(&Line) -> bool) -> Table {
    let (data, grid) = (&view.outlook.dataset, &view.outlook.dataset.grid);
    let yuan = data.settings.units.money.yuan();
    let mut table = Table::new(HEADERS.into_iter().take(columns))
        .with("level", |head| head.of(Kind::Units).titled(sheets::order_up_to()));
    for line in plan.lines.iter().filter(|line| shown(line)) {
        table.text(line.urgency().map_or("", Urgency::word));
        table.text(&grid.products.codes[line.product]);
        table.text(&place(view, &line.locations));
        table.number(line.on_hand);
        table.day(line.need_by());
        table.number(line.order);
        table.text(supplier(view, line.product));
        table.maybe(line.value.map(|v| v / yuan));
        table.text(reason(view, line).get(view.lang));
        if columns > LISTED {
            behind(view, plan, line, &mut table);
        }
        table.end();
    }
    table
}

/// What lies behind the order list.
fn behind(view: &View, plan: &Plan, line: &Line, table: &mut Table) {
    let grid = &view.outlook.dataset.grid;
    let terms = Terms::of(&view.known, line.product);
    table.text(grid.products.name(line.product));
    table.text(grid.regions.code(line.node));
    table.text(action(line));
    table.text(if line.buys { "yes" } else { "no" });
    table.whole(line.below as i64);
    [line.on_order, line.overdue].into_iter().for_each(|x| table.number(x));
    table.day(line.due);
    table.number(line.owed);
    let (counted, sold) = match line.counted {
        Counted::Today => (None, None),
        Counted::Rolled { day, sold } | Counted::Stale { day, sold } => (Some(day), Some(sold)),
    };
    table.day(counted);
    table.maybe(sold);
    let Echelon { on_hand, in_time, owed, .. } = line.echelon;
    [on_hand, in_time, owed, line.position].into_iter().for_each(|x| table.number(x));
    table.maybe(line.cover_days.map(|d| d as f64));
    table.whole(line.days as i64);
    [line.months, line.demand, line.bought_for, line.deviation].into_iter().for_each(|x| table.number(x));
    table.text(line.source.word());
    table.number(line.service.0);
    table.text(line.service.1.word());
    let numbers = [
        line.safety,
        line.level,
        line.reorder_point,
        line.raw,
        line.transfer_in,
        terms.lot.pack,
        terms.lot.least,
        line.excess(),
        line.transfer_out,
    ];
    numbers.into_iter().for_each(|x| table.number(x));
    [line.order_by, line.arrives, line.runs_out].into_iter().for_each(|day| table.day(day));
    for (month, end) in plan.months.iter().zip(line.month_ends) {
        table.month(*month);
        table.number(end);
    }
    [line.short, line.surplus].into_iter().for_each(|x| table.number(x));
    table.month(terms.retires);
}

/// `transfers.csv`.
pub fn transfers(view: &View, plan: &Plan) -> Table {
    let mut table =
        Table::new(["product", "name", "from", "to", "units"]).with("units", |head| head.titled(sheets::moved()));
    let products = &view.outlook.dataset.grid.products;
    for transfer in &plan.transfers {
        table.text(&products.codes[transfer.product]);
        table.text(products.name(transfer.product));
        table.text(&place(view, &transfer.from.1));
        table.text(&place(view, &transfer.to.1));
        table.number(transfer.units);
        table.end();
    }
    table
}

/// What a supplier delivers of a product in a month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delivery {
    /// Units already on order that arrive in it.
    pub due: f64,
    /// Units ordered now that arrive in it.
    pub order: f64,
    /// Units that the next two looks at the stock will order, if sales are as forecast.
    pub planned: f64,
    /// What is ordered now costs, in yuan; none where a cost is not known.
    pub value: Option<f64>,
}

impl Delivery {
    /// Nothing that costs nothing.
    pub const NOTHING: Delivery = Delivery { due: 0.0, order: 0.0, planned: 0.0, value: Some(0.0) };

    /// Another one of the same kind; what costs an unknown sum makes the sum unknown.
    pub fn add(&mut self, more: &Delivery) {
        self.due += more.due;
        self.order += more.order;
        self.planned += more.planned;
        self.value = self.value.zip(more.value).map(|(sum, value)| sum + value);
    }
}

/// Deliveries by supplier, month of arrival and product; what is on order without a day, and what is overdue, counts in the
/// month of the plan. Only what is bought: goods on their way between our own locations come from nobody.
pub fn deliveries(view: &View, plan: &Plan) -> BTreeMap<(String, Month, usize), Delivery> {
    let mut out: BTreeMap<(String, Month, usize), Delivery> = BTreeMap::new();
    let now = Month::of(plan.day);
    let nothing = Delivery::NOTHING;
    let add = |out: &mut BTreeMap<_, Delivery>, product: usize, month: Month, more: Delivery| {
        out.entry((supplier(view, product).to_owned(), month, product)).or_insert(nothing).add(&more);
    };
    let buyers: Vec<&Line> = plan.lines.iter().filter(|line| line.buys).collect();
    for line in &buyers {
        if let Some(arrives) = line.arrives.filter(|_| line.order > 0.0) {
            add(
                &mut out,
                line.product,
                Month::of(arrives),
                Delivery { order: line.order, value: line.value, ..nothing },
            );
        }
        for (look, planned) in (1..).zip(line.later).filter(|(_, units)| *units > 0.0) {
            let days = look * line.review + Terms::of(&view.known, line.product).lead;
            let month = Month::of(plan.day + chrono::Days::new(days as u64));
            add(&mut out, line.product, month, Delivery { planned, ..nothing });
        }
    }
    let bought: HashSet<(usize, usize)> =
        buyers.iter().flat_map(|l| l.locations.iter().map(|at| (l.product, *at))).collect();
    for open in plan.open.iter().filter(|o| o.units > 0.0 && bought.contains(&(o.product, o.location))) {
        let month = open.due.map_or(now, |due| Month::of(due).max(now));
        let key = (supplier_of(view, open).to_owned(), month, open.product);
        out.entry(key).or_insert(nothing).add(&Delivery { due: open.units, ..nothing });
    }
    out
}

/// `suppliers.csv`.
pub fn suppliers(view: &View, plan: &Plan) -> Table {
    let yuan = view.outlook.dataset.settings.units.money.yuan();
    let mut table = Table::new(["supplier", "month", "product", "name", "on_order", "order", "value", "planned"]);
    let products = &view.outlook.dataset.grid.products;
    for ((supplier, month, product), delivery) in deliveries(view, plan) {
        table.text(&supplier);
        table.month(month);
        table.text(&products.codes[product]);
        table.text(products.name(product));
        table.number(delivery.due);
        table.number(delivery.order);
        table.maybe(delivery.value.map(|v| v / yuan));
        table.number(delivery.planned);
        table.end();
    }
    table
}

/// `lost.csv`.
pub fn lost(view: &View, plan: &Plan) -> Table {
    let yuan = view.outlook.dataset.settings.units.money.yuan();
    let mut table = Table::new(["region", "product", "name", "months_out", "lost", "net", "margin", "net_margin"]);
    let grid = &view.outlook.dataset.grid;
    for lost in &plan.lost {
        let series = grid.series[lost.series];
        table.text(grid.regions.code(grid.regions.node_of(series.leaf)));
        table.text(&grid.products.codes[series.product]);
        table.text(grid.products.name(series.product));
        table.whole(lost.months as i64);
        table.number(lost.units);
        table.number(lost.net);
        table.maybe(lost.margin.map(|m| m / yuan));
        table.maybe(lost.net_margin.map(|m| m / yuan));
        table.end();
    }
    table
}
