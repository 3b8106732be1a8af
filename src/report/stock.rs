//! `stock.csv`, `transfers.csv`, `suppliers.csv`, `lost.csv`: the stock plan, its transfers, its orders by supplier and
//! month of arrival, and what stockouts cost. The lists for calls to suppliers are in [`super::papers`].

use std::collections::{BTreeMap, HashSet};

use super::View;
use super::cell::Csv;
use super::papers as lists;
use super::typed::{Kind, kind};
use crate::messages::Text;
use crate::messages::orders as papers;
use crate::messages::stock as say;
use crate::messages::suppliers as terms;
use crate::month::Month;
use crate::stages::stock::{Change, Counted, Echelon, Line, Open, Plan, Reason, Term, Terms, Urgency};

/// The columns of the order list, which come first, then what lies behind them.
const HEADERS: [&str; 52] = [
    "urgency",
    "product",
    "location",
    "on_hand",
    "need_by",
    "order",
    "supplier",
    "value",
    "reason",
    "name",
    "region",
    "action",
    "buys",
    "buys_for",
    "on_order",
    "overdue",
    "due",
    "owed",
    "counted",
    "sold_since",
    "echelon_on_hand",
    "echelon_on_order",
    "echelon_owed",
    "position",
    "cover_days",
    "interval_days",
    "interval_months",
    "demand",
    "bought_for",
    "deviation",
    "errors",
    "service",
    "service_by",
    "safety_stock",
    "level",
    "reorder_point",
    "raw_need",
    "transfer_in",
    "pack",
    "moq",
    "excess",
    "transfer_out",
    "order_by",
    "arrives",
    "runs_out",
    "month_1",
    "stock_end_1",
    "month_2",
    "stock_end_2",
    "short",
    "surplus",
    "retires",
];
/// How many of them the order list shows.
pub const LISTED: usize = 9;

/// The files of a stock plan, those with nothing to say left out.
pub fn files(view: &View, plan: &Plan) -> Vec<(String, Vec<u8>)> {
    let given = |there: bool, bytes: &dyn Fn() -> Vec<u8>| there.then(bytes);
    let files = [
        ("stock.csv", Some(csv(view, plan))),
        ("transfers.csv", given(!plan.transfers.is_empty(), &|| transfers_csv(view, plan))),
        ("suppliers.csv", Some(suppliers_csv(view, plan))),
        ("chase.csv", lists::chase_csv(view, plan)),
        ("reschedule.csv", lists::reschedule_csv(view, plan)),
        ("late.csv", lists::late_csv(view, plan)),
        ("overstock.csv", lists::overstock_csv(view, plan)),
        ("lost.csv", given(!plan.lost.is_empty(), &|| lost_csv(view, plan))),
    ];
    files.into_iter().filter_map(|(name, bytes)| Some((name.to_owned(), bytes?))).collect()
}

/// The rows of `stock.csv` and the transfers as JSON, an object a row.
pub fn json(view: &View, plan: &Plan) -> Vec<u8> {
    let rows = |bytes: Vec<u8>| -> Vec<serde_json::Map<String, serde_json::Value>> {
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let headers = reader.headers().cloned().unwrap_or_default();
        // Codes, names and order numbers stay words, whatever they look like.
        let cell = |header: &str, cell: &str| match kind(header) {
            Kind::Text => cell.into(),
            _ => cell.parse::<f64>().map_or_else(|_| cell.into(), serde_json::Value::from),
        };
        let row = |record: csv::StringRecord| {
            let cells = headers.iter().zip(record.iter()).map(|(header, text)| (header.to_owned(), cell(header, text)));
            cells.collect::<serde_json::Map<_, _>>()
        };
        reader.records().filter_map(Result::ok).map(row).collect()
    };
    let whole = serde_json::json!({
        "as_of": plan.day.to_string(),
        "stock": rows(csv(view, plan)),
        "transfers": rows(transfers_csv(view, plan)),
        "suppliers": rows(suppliers_csv(view, plan)),
        "lost": rows(lost_csv(view, plan)),
        "chase": lists::chase_csv(view, plan).map(rows).unwrap_or_default(),
        "reschedule": lists::reschedule_csv(view, plan).map(rows).unwrap_or_default(),
        "late": lists::late_csv(view, plan).map(rows).unwrap_or_default(),
        "overstock": lists::overstock_csv(view, plan).map(rows).unwrap_or_default(),
    });
    let mut text = serde_json::to_vec_pretty(&whole).unwrap_or_default();
    text.push(b'\n');
    text
}

/// The names of locations that supply one node.
pub fn place(view: &View, locations: &[usize]) -> String {
    let names = locations.iter().filter_map(|l| view.outlook.dataset.stock.locations.get(*l));
    names.map(|l| l.name.as_str()).collect::<Vec<_>>().join(" + ")
}

/// Who delivers a product; empty where nobody says.
pub fn supplier<'v>(view: &'v View, product: usize) -> &'v str {
    view.outlook.dataset.products.get(product).map_or("", |p| p.supply.supplier.as_str())
}

/// Who delivers an open order.
pub fn supplier_of<'v>(view: &'v View, open: &Open) -> &'v str {
    let listed = open.order.and_then(|at| view.known.orders.get(at)).map(|order| order.supplier.as_str());
    listed.filter(|name| !name.is_empty()).unwrap_or_else(|| supplier(view, open.product))
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
pub fn csv(view: &View, plan: &Plan) -> Vec<u8> {
    table(view, plan, HEADERS.len(), |_| true)
}

/// The order list: the first columns of the rows of `stock.csv` with an order.
pub fn orders_csv(view: &View, plan: &Plan) -> Vec<u8> {
    table(view, plan, LISTED, |line| line.order > 0.0)
}

/// A day, or nothing.
pub(super) fn day(csv: &mut Csv, day: Option<chrono::NaiveDate>) {
    csv.word(&day.map(|day| day.to_string()).unwrap_or_default());
}

fn table(view: &View, plan: &Plan, columns: usize, shown: impl Fn(&Line) -> bool) -> Vec<u8> {
    let (data, grid) = (&view.outlook.dataset, &view.outlook.dataset.grid);
    let yuan = data.settings.units.money.yuan();
    let mut csv = Csv::new(HEADERS.into_iter().take(columns));
    for line in plan.lines.iter().filter(|line| shown(line)) {
        csv.word(line.urgency().map_or("", Urgency::word));
        csv.text(&grid.products.codes[line.product]);
        csv.text(&place(view, &line.locations));
        csv.number(line.on_hand);
        day(&mut csv, line.need_by());
        csv.number(line.order);
        csv.text(supplier(view, line.product));
        csv.maybe(line.value.map(|v| v / yuan));
        csv.text(reason(view, line).get(view.lang));
        if columns > LISTED {
            behind(view, plan, line, &mut csv);
        }
        csv.end();
    }
    csv.bytes()
}

/// What lies behind the order list.
fn behind(view: &View, plan: &Plan, line: &Line, csv: &mut Csv) {
    let grid = &view.outlook.dataset.grid;
    let terms = Terms::of(&view.known, line.product);
    csv.text(grid.products.name(line.product));
    csv.text(grid.regions.code(line.node));
    csv.word(action(line));
    csv.word(if line.buys { "yes" } else { "no" });
    csv.whole(line.below as i64);
    [line.on_order, line.overdue].into_iter().for_each(|x| csv.number(x));
    day(csv, line.due);
    csv.number(line.owed);
    let (counted, sold) = match line.counted {
        Counted::Today => (None, None),
        Counted::Rolled { day, sold } | Counted::Stale { day, sold } => (Some(day), Some(sold)),
    };
    day(csv, counted);
    csv.maybe(sold);
    let Echelon { on_hand, in_time, owed, .. } = line.echelon;
    [on_hand, in_time, owed, line.position].into_iter().for_each(|x| csv.number(x));
    csv.maybe(line.cover_days.map(|d| d as f64));
    csv.whole(line.days as i64);
    [line.months, line.demand, line.bought_for, line.deviation].into_iter().for_each(|x| csv.number(x));
    csv.word(line.source.word());
    csv.number(line.service.0);
    csv.word(line.service.1.word());
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
    numbers.into_iter().for_each(|x| csv.number(x));
    [line.order_by, line.arrives, line.runs_out].into_iter().for_each(|d| day(csv, d));
    for (month, end) in plan.months.iter().zip(line.month_ends) {
        csv.word(&month.to_string());
        csv.number(end);
    }
    [line.short, line.surplus].into_iter().for_each(|x| csv.number(x));
    csv.word(&terms.retires.map(|month| month.to_string()).unwrap_or_default());
}

/// `transfers.csv`.
pub fn transfers_csv(view: &View, plan: &Plan) -> Vec<u8> {
    let mut csv = Csv::new(["product", "name", "from", "to", "units"]);
    let products = &view.outlook.dataset.grid.products;
    for transfer in &plan.transfers {
        csv.text(&products.codes[transfer.product]);
        csv.text(products.name(transfer.product));
        csv.text(&place(view, &transfer.from.1));
        csv.text(&place(view, &transfer.to.1));
        csv.number(transfer.units);
        csv.end();
    }
    csv.bytes()
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
pub fn suppliers_csv(view: &View, plan: &Plan) -> Vec<u8> {
    let yuan = view.outlook.dataset.settings.units.money.yuan();
    let mut csv = Csv::new(["supplier", "month", "product", "name", "on_order", "order", "value", "planned"]);
    let products = &view.outlook.dataset.grid.products;
    for ((supplier, month, product), delivery) in deliveries(view, plan) {
        csv.text(&supplier);
        csv.word(&month.to_string());
        csv.text(&products.codes[product]);
        csv.text(products.name(product));
        csv.number(delivery.due);
        csv.number(delivery.order);
        csv.maybe(delivery.value.map(|v| v / yuan));
        csv.number(delivery.planned);
        csv.end();
    }
    csv.bytes()
}

/// `lost.csv`.
pub fn lost_csv(view: &View, plan: &Plan) -> Vec<u8> {
    let yuan = view.outlook.dataset.settings.units.money.yuan();
    let mut csv = Csv::new(["region", "product", "name", "months_out", "lost", "net", "margin", "net_margin"]);
    let grid = &view.outlook.dataset.grid;
    for lost in &plan.lost {
        let series = grid.series[lost.series];
        csv.text(grid.regions.code(grid.regions.node_of(series.leaf)));
        csv.text(&grid.products.codes[series.product]);
        csv.text(grid.products.name(series.product));
        csv.whole(lost.months as i64);
        csv.number(lost.units);
        csv.number(lost.net);
        csv.maybe(lost.margin.map(|m| m / yuan));
        csv.maybe(lost.net_margin.map(|m| m / yuan));
        csv.end();
    }
    csv.bytes()
}
