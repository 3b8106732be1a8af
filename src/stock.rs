//! The stock plan (docs/METHOD.md#stock): what to order, when, and how sure.
//!
//! A *shelf* is one product at the locations that supply one region node. A shelf with another one above it (a central
//! warehouse supplies the regions below its own) is filled from there by transfers; one without buys, for itself and for
//! all below it. The order-up-to level of a shelf covers demand over its *protection interval*: lead time (or the time of
//! a transfer) plus the time to the next look at the stock.
//!
//! `raw need = demand + safety - (on hand + on order - owed)`, then whole packs, then the smallest order. Safety stock is
//! the quantile of demand at the service asked for, less its mean; the quantile comes from the errors of past forecasts
//! of sums over as many months.
//!
//! Source: Silver, Pyke, Thomas 2017, ch. 6 (order-up-to at periodic review), ch. 11 (echelon stock).

mod budget;
mod days;
mod goods;
mod lost;
mod lumpy;
mod open;
mod order;
mod played;
mod rolled;
mod settle;
mod shelf;
mod source;
mod spreads;
mod terms;
mod transfer;

use chrono::NaiveDate;
use ndarray::ArrayView2;
use rayon::prelude::*;

use crate::dataset::Known;
use crate::month::Month;
use crate::settings::Service;

pub use budget::{Budget, within};
pub use days::{Horizon, Span};
pub use goods::{Counted, OnWay, Shelf};
pub use lost::{Lost, lost};
pub use lumpy::Lumpy;
pub use open::{Open, open};
pub use played::Sums;
pub use shelf::shelves;
pub use source::Source;
pub use spreads::{Demand, Goal, LEDGER_ISSUES, Of, Spreads, order_up_to};
pub use terms::Terms;
pub use transfer::Transfer;

/// What a plan is made from.
pub struct Inputs<'a> {
    /// The data as visible.
    pub known: &'a Known<'a>,
    /// Days of the months forecast.
    pub horizon: Horizon,
    /// Units forecast, series x month of the horizon.
    pub units: ArrayView2<'a, f64>,
    /// How far off sums of months may be.
    pub spreads: &'a Spreads,
}

/// Why a line is as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason {
    /// There is enough.
    Enough,
    /// What there is does not last until an order after the next look would arrive.
    Needed,
    /// New, nothing sold yet: bought cautiously.
    FirstBuy,
    /// New: bought more boldly month by month.
    Growing {
        /// How far it is trusted, 0 to 1.
        trust: f64,
    },
    /// The last order before it retires.
    LastBuy {
        /// Its last month.
        last: Month,
    },
    /// It is retiring, and the smallest order is more than will still be sold.
    LastBuyTooSmall {
        /// Its last month.
        last: Month,
    },
    /// An order would arrive after its last month.
    TooLate {
        /// Its last month.
        last: Month,
    },
    /// It has left the range.
    Retired,
    /// Its launch is past, and nothing has been sold.
    Slipped {
        /// The month of the launch.
        launch: Month,
    },
    /// Marked: never ordered.
    DoNotBuy,
    /// Nothing is expected to be sold.
    NoDemand,
    /// Filled from above.
    Transfer,
    /// To be filled from above, which has too little.
    WaitsForAbove {
        /// Units missing.
        short: f64,
    },
}

/// What terms or a budget made of an order. Need, rounding to lots and changes make the order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// Larger than its need.
    Raised {
        /// For what.
        term: Term,
        /// By so many units.
        by: f64,
    },
    /// Smaller than its need.
    Lowered {
        /// For what.
        term: Term,
        /// By so many units.
        by: f64,
    },
    /// The whole order waits for the next one.
    Held {
        /// For what.
        term: Term,
        /// Its units.
        units: f64,
    },
    /// A term that the supplier's order does not reach, not even filled up: it is as it was without.
    Missed {
        /// Which.
        term: Term,
    },
    /// The budget does not reach.
    Budget {
        /// Units left out.
        left_out: f64,
    },
}

impl Change {
    /// Units by which the order is more than without it.
    pub fn units(&self) -> f64 {
        match *self {
            Change::Raised { by, .. } => by,
            Change::Lowered { by, .. } => -by,
            Change::Held { units, .. } => -units,
            Change::Missed { .. } => 0.0,
            Change::Budget { left_out } => -left_out,
        }
    }
}

/// A term of a supplier, or of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// A price break.
    Break,
    /// Whole containers.
    Container,
    /// The smallest value of an order.
    LeastValue,
    /// The value from which freight is free.
    FreeFreight,
    /// How long a unit keeps.
    ShelfLife,
}

/// One product at one shelf.
#[derive(Clone, Debug)]
pub struct Line {
    /// The locations of the shelf, by index.
    pub locations: Vec<usize>,
    /// The region node they supply.
    pub node: usize,
    /// Product index.
    pub product: usize,
    /// Whether it buys; else it is filled from above.
    pub buys: bool,
    /// How many shelves it buys for besides itself.
    pub below: usize,
    /// Units on hand here.
    pub on_hand: f64,
    /// Units on order for here.
    pub on_order: f64,
    /// Of these, units whose day has passed.
    pub overdue: f64,
    /// When the next of them is due.
    pub due: Option<NaiveDate>,
    /// Units owed to customers.
    pub owed: f64,
    /// How old its count is.
    pub counted: Counted,
    /// What its position is made of: here and, where it buys, below.
    pub echelon: Echelon,
    /// On hand + on order and due within the interval - owed, here and (where it buys) below: what need is compared with.
    /// In units.
    pub position: f64,
    /// Days that the stock on hand (here and, where it buys, below) lasts without anything arriving; none: beyond the
    /// months forecast.
    pub cover_days: Option<usize>,
    /// Days of the protection interval.
    pub days: usize,
    /// Days from its order to the next: the time between two looks, or until its supplier takes orders again.
    pub review: usize,
    /// Its length in months, by working days.
    pub months: f64,
    /// Demand expected over it, in units; whole where the product's units are.
    pub demand: f64,
    /// The part of it that is bought for: of a new product less. In units.
    pub bought_for: f64,
    /// Standard deviation of that demand's forecast, in units.
    pub deviation: f64,
    /// Where the deviation comes from.
    pub source: Source,
    /// The service asked for, and what it means.
    pub service: (f64, Service),
    /// Safety stock, in units.
    pub safety: f64,
    /// Order-up-to level: demand that is bought for plus safety stock, in units.
    pub level: f64,
    /// Reorder point: at that position one orders, not waiting for the next look: the part of the level that covers the
    /// lead time alone. In units.
    pub reorder_point: f64,
    /// Level less position, at least 0, in units.
    pub raw: f64,
    /// Ordered from the supplier, in units.
    pub order: f64,
    /// Most units that its position may be with an order: what is sold until a unit that arrives with it no longer keeps,
    /// or until it leaves the range. Infinite: no limit.
    pub most: f64,
    /// Units that come from other shelves of our own.
    pub transfer_in: f64,
    /// Units that go to them.
    pub transfer_out: f64,
    /// The day by which to order so that stock lasts.
    pub order_by: Option<NaiveDate>,
    /// The day on which what is ordered or moved today arrives.
    pub arrives: Option<NaiveDate>,
    /// The day on which stock runs out with what is on order and without today's order; none: beyond the months
    /// forecast.
    pub runs_out: Option<NaiveDate>,
    /// Days between running out and arriving: negative where it runs out before.
    pub slack: i64,
    /// Units that will be ordered at the next look at the stock and at the one after, if sales are as forecast and today's
    /// order is made.
    pub later: [f64; 2],
    /// The day on which its supplier takes the order.
    pub placed: Option<NaiveDate>,
    /// What the order costs, in yuan.
    pub value: Option<f64>,
    /// Stock expected at the end of the first and the second month forecast, in units.
    pub month_ends: [f64; 2],
    /// Units asked for before an order made today can arrive, and not there; of lines that buy.
    pub short: f64,
    /// Units on hand and on order beyond what will be sold; of lines that buy.
    pub surplus: f64,
    /// Why.
    pub reason: Reason,
    /// What terms and a budget made of its order, one after the other.
    pub changes: Vec<Change>,
}

/// Stock of a shelf and, where it buys, of all that it buys for, in units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Echelon {
    /// On hand.
    pub on_hand: f64,
    /// On order.
    pub on_order: f64,
    /// Of these, due within the protection interval.
    pub in_time: f64,
    /// Owed to customers.
    pub owed: f64,
}

/// How much an order hurries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Stock runs out before what is ordered today can arrive.
    Late,
    /// An order at the next look would come too late.
    Now,
    /// It lasts if the forecast holds.
    Soon,
}

impl Urgency {
    /// The word in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Urgency::Late => "late",
            Urgency::Now => "now",
            Urgency::Soon => "soon",
        }
    }
}

impl Line {
    /// How much it hurries; none where nothing is ordered.
    pub fn urgency(&self) -> Option<Urgency> {
        let urgency = match self.slack {
            days if days < 0 => Urgency::Late,
            days if days < self.review as i64 => Urgency::Now,
            _ => Urgency::Soon,
        };
        (self.order > 0.0).then_some(urgency)
    }

    /// Units of transfers that count towards its need: what moves below a shelf that buys for all of it moves nothing of
    /// its position.
    pub fn moved_in(&self) -> f64 {
        if self.below > 0 { 0.0 } else { self.transfer_in }
    }

    /// What is to be ordered before lots and terms, at least 0, in units.
    pub fn need(&self) -> f64 {
        (self.raw - self.moved_in()).max(0.0)
    }

    /// Units ordered beyond the need, because of packs, the smallest order and terms.
    pub fn excess(&self) -> f64 {
        if self.order > 0.0 { (self.order - self.need()).max(0.0) } else { 0.0 }
    }

    /// The day on which what is ordered is needed: when stock runs out without it. None where nothing is ordered, or stock
    /// lasts beyond the months forecast.
    pub fn need_by(&self) -> Option<NaiveDate> {
        self.runs_out.filter(|_| self.order > 0.0)
    }
}

/// An open order that is not needed on its day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reschedule {
    /// Which of the open orders.
    pub open: usize,
    /// Its units.
    pub units: f64,
    /// The day on which it is needed; none: it is not.
    pub to: Option<NaiveDate>,
}

/// An order that is settled.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// Region node of its shelf.
    pub node: usize,
    /// Units.
    pub units: f64,
    /// What made it so.
    pub changes: Vec<Change>,
}

/// A stock plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The day of the plan.
    pub day: NaiveDate,
    /// The two months of the month-end stocks.
    pub months: [Month; 2],
    /// The lines, the most urgent first: what runs out longest before it can arrive.
    pub lines: Vec<Line>,
    /// Goods to be moved between our own locations.
    pub transfers: Vec<Transfer>,
    /// Orders that have not come.
    pub open: Vec<Open>,
    /// Those of them that are not needed on their day, by product.
    pub reschedules: Vec<Reschedule>,
    /// Region x product that is forecast and stocked nowhere.
    pub unstocked: usize,
    /// The budget, where one was given, and what it left out.
    pub budget: Option<Budget>,
    /// What stockouts cost in the last twelve months.
    pub lost: Vec<Lost>,
}

/// What is planned of all shelves.
#[derive(Clone, Debug, Default)]
pub struct Planned {
    /// The lines in the order of urgency.
    pub lines: Vec<Line>,
    /// Transfers in the order of products.
    pub transfers: Vec<Transfer>,
    /// Open orders that are not needed on their day, in the order of products.
    pub reschedules: Vec<Reschedule>,
    /// What became of a budget.
    pub budget: Option<Budget>,
}

/// Plans every shelf, which stand by product, within a budget in yuan where there is one.
///
/// Each product is planned on its own; what is settled over several of them (terms, a budget) changes orders, and the
/// products whose orders it changes are planned once more with these orders given, so that every figure of a line is that
/// of its order.
pub fn plan(inputs: &Inputs, shelves: &[Shelf], budget: Option<f64>) -> Planned {
    let by_product: Vec<&[Shelf]> = shelves.chunk_by(|a, b| a.product == b.product).collect();
    let mut found: Vec<order::Product> =
        by_product.par_iter().map(|shelves| order::product(inputs, shelves, &[])).collect();
    let mut out = Planned::default();
    let suppliers = inputs.known.data.suppliers;
    if budget.is_some() || !suppliers.list.is_empty() || !suppliers.breaks.is_empty() {
        let mut lines: Vec<Line> = found.iter().flat_map(|f| f.lines.iter().cloned()).collect();
        settle::settle(inputs, &mut lines);
        out.budget = budget.map(|given| within(inputs.known, &mut lines, given));
        let mut from = 0;
        let of_product = |f: &order::Product| {
            let settled = lines.get(from..from + f.lines.len()).unwrap_or_default();
            from += f.lines.len();
            let changed =
                f.lines.iter().zip(settled).filter(|(was, is)| was.order != is.order || was.changes != is.changes);
            changed.map(|(_, is)| Given { node: is.node, units: is.order, changes: is.changes.clone() }).collect()
        };
        let given: Vec<Vec<Given>> = found.iter().map(of_product).collect();
        let again = found.par_iter_mut().zip(&by_product).zip(&given).filter(|(_, given)| !given.is_empty());
        again.for_each(|((found, shelves), given)| *found = order::product(inputs, shelves, given));
    }
    let mut lines = Vec::with_capacity(shelves.len());
    for of_product in found {
        lines.extend(of_product.lines);
        out.transfers.extend(of_product.transfers);
        out.reschedules.extend(of_product.reschedules);
    }
    let acts = |line: &Line| line.order > 0.0 || line.transfer_in > 0.0 || waits(line);
    // Lines are long: their keys are sorted, and each line is moved once.
    let key = |(i, line): (usize, &Line)| (!acts(line), line.slack, line.product, line.node, i);
    let mut keys: Vec<_> = lines.par_iter().enumerate().map(key).collect();
    keys.par_sort_unstable();
    let mut lines: Vec<Option<Line>> = lines.into_iter().map(Some).collect();
    out.lines = keys.into_iter().filter_map(|key| lines.get_mut(key.4)?.take()).collect();
    out
}

fn waits(line: &Line) -> bool {
    matches!(line.reason, Reason::WaitsForAbove { .. })
}
