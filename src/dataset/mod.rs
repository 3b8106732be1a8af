//! The checked data: dense, finite, every name resolved. Past this door nothing fails.

pub mod known;
pub mod ledger;
mod breakdown;
mod build;
mod catalog;
pub mod commissions;
pub mod communities;
pub mod counters;
mod dense;
mod doubts;
mod frame;
mod index;
pub(crate) mod keys;
mod kinds;
mod language;
pub mod leads;
pub mod mode;
pub mod moved;
mod names;
pub mod orders;
mod overlap;
mod part;
mod periods;
mod places;
mod plans;
pub mod rates;
mod renamed;
mod repeats;
pub mod reported;
mod rows;
mod sales;
mod spelling;
pub mod stock;
mod sums;
pub mod suppliers;
pub mod totals;

use chrono::NaiveDate;
use ndarray::Array2;

use crate::across::Across;
use crate::calendar::Calendar;
use crate::error::Place;
use crate::grid::{Grid, Kind, Scope};
use crate::month::Month;
use crate::schema::Table;
use crate::settings::{Service, Settings};

pub use build::NEW_MONTHS;
pub use communities::Communities;
pub use frame::Frame;
pub use known::{Known, Origin};
pub use ledger::{Issue, IssuedMonth};
pub use mode::Mode;
pub use places::Places;
pub use plans::MOST_OF_TARGET;
pub use stock::{Count, Location, Order, Stock};
pub use suppliers::{Suppliers, Vendor};

/// Everything a run knows, checked.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Regions, products, series.
    pub grid: Grid,
    /// First month of the history.
    pub start: Month,
    /// Net sales in units, series x month; 0 where a month has no row.
    pub units: Array2<f64>,
    /// Revenue in yuan, series x month, where `sales` has it.
    pub revenue: Option<Array2<f64>>,
    /// Share of selling days with stock, series x month, within [0, 1]; none where no stockout is recorded anywhere.
    pub availability: Option<Array2<f64>>,
    /// Where a month was out of stock and nobody knows how long, series x month; none where no row says so. Its
    /// availability is 1.
    pub was_out: Option<Array2<bool>>,
    /// Stock day by day, where `sales` is in days and notes it.
    pub days: Option<StockDays>,
    /// Where each cell of `units` was read (an id of `places`; 0: no row).
    pub rows: Array2<u32>,
    /// Files and lines behind the ids of `rows`.
    pub places: Places,
    /// First and last month index with a row, per series; none for products still to come.
    pub seen: Vec<Option<(usize, usize)>>,
    /// Whether all units of a group are whole, per group.
    pub whole: Vec<bool>,
    /// What is known of each product.
    pub products: Vec<Product>,
    /// Days of months.
    pub calendar: Calendar,
    /// How far sales follow Monday to Friday, by how many months of the history are seen.
    pub trading: Vec<f64>,
    /// What a day of the folder's own festival sells over another, on logs, by how many months of the history are seen.
    pub festival: Vec<f64>,
    /// The folder's settings.
    pub settings: Settings,
    /// Dated events.
    pub factors: Vec<Factor>,
    /// A planner's own growth rates.
    pub growth: Vec<Growth>,
    /// Targets.
    pub targets: Vec<Target>,
    /// The stages of the target chain, in order; the last one is conserved downwards.
    pub stages: Vec<String>,
    /// Stock in the channel.
    pub channel: Vec<ChannelStock>,
    /// The front line's estimates.
    pub frontline: Vec<Answer>,
    /// A planner's last words.
    pub overrides: Vec<Answer>,
    /// Month to date.
    pub progress: Vec<Progress>,
    /// Goods counted at our own locations.
    pub stock: Stock,
    /// On what terms suppliers deliver.
    pub suppliers: Suppliers,
    /// New communities, their signings and purchases, and policies sold.
    pub communities: Communities,
    /// Registered intents to buy, in the order of the rows.
    pub leads: Vec<leads::Lead>,
    /// Commission rates, in the order of the rows.
    pub commissions: Vec<commissions::Commission>,
    /// Rates of new communities as stated, in the order of the rows.
    pub rates: Vec<rates::Rate>,
    /// Counters by date, in the order of the rows.
    pub counters_by_date: Vec<counters::Counters>,
    /// Figures printed elsewhere, in the order of the rows.
    pub totals: Vec<totals::Total>,
    /// Counters of each region node at which contracts are signed, where `regions` says so.
    pub counters: Vec<Option<f64>>,
    /// The party of commissions that sells at each region node in another's place.
    pub sells_as: Vec<Option<String>>,
    /// What was issued, by month made and version.
    pub ledger: Vec<Issue>,
    /// The tables that the folder has.
    pub tables: Vec<Table>,
    /// The last selling day of the last month of the history, where sales are in days and that month is complete: from
    /// that day on, and not only from the month's last, it is.
    pub closed: Option<NaiveDate>,
    /// Everything later than this day is hidden: the day asked for, else today or the newest observation, whichever is
    /// earlier.
    pub as_of: NaiveDate,
    /// Whether that day was asked for.
    pub asked: bool,
    /// The last day with sales of a month that has begun, where it is not complete.
    pub unfinished: Option<NaiveDate>,
    /// Days of the table of months to date, of whatever regions.
    pub counted: Vec<NaiveDate>,
    /// Who reported which month.
    pub reported: reported::Reports,
    /// How far everything moved from month to month, once it is asked for ([`Dataset::moved`]).
    pub moves: std::sync::OnceLock<moved::Moved>,
    /// Whether other regions' rows lie elsewhere, and what is known of them.
    pub across: Across,
}

/// Days of months as bits: bit `d` is the day `d + 1`.
#[derive(Clone, Debug)]
pub struct StockDays {
    /// Days with a row, series x month.
    pub rows: Array2<u32>,
    /// Days without stock, series x month; [`StockDays::UNKNOWN`] where some row speaks of more than its day.
    pub out: Array2<u32>,
}

impl StockDays {
    /// No day: months end before bit 31.
    pub const UNKNOWN: u32 = 1 << 31;
}

/// What `products` says of one product.
#[derive(Clone, Debug, Default)]
pub struct Product {
    /// Goods, policy or service; goods where nothing is said.
    pub kind: Option<Kind>,
    /// Yuan a unit.
    pub price: Option<f64>,
    /// Yuan a unit.
    pub cost: Option<f64>,
    /// The insurer's fee on a policy, as a share of its price; none: as `[insurance] fee` says.
    pub fee: Option<f64>,
    /// First day of sale, as `products` has it.
    pub launch: Option<NaiveDate>,
    /// The month in which it first sold, where that was before its launch.
    pub sold_before: Option<Month>,
    /// Last month sold.
    pub retire: Option<Month>,
    /// How long a policy runs, in months.
    pub term_months: Option<i32>,
    /// The product it takes the place of.
    pub replaces: Option<usize>,
    /// The product it is expected to sell like.
    pub like: Option<usize>,
    /// Since when launch and retirement are known; none: assumed known.
    pub known: Option<NaiveDate>,
    /// How it is bought.
    pub supply: Supply,
    /// Where it stands.
    pub place: Option<Place>,
}

/// How a product is bought.
#[derive(Clone, Debug, Default)]
pub struct Supply {
    /// Who delivers it; empty where nobody says.
    pub supplier: String,
    /// Days from order to delivery.
    pub lead_days: Option<f64>,
    /// Standard deviation of these days.
    pub lead_spread: f64,
    /// Smallest order, in units.
    pub least: f64,
    /// Units in a pack; 1 where nothing is said.
    pub pack: Option<f64>,
    /// Service asked for, within (0, 1).
    pub service: Option<f64>,
    /// What that service means.
    pub measure: Option<Service>,
    /// Least units on every shelf.
    pub shelf: f64,
    /// Whether it may not be ordered.
    pub do_not_buy: bool,
    /// Days that a unit keeps; none: it keeps.
    pub shelf_life: Option<u32>,
    /// What one unit takes of a container; 0 where nobody says.
    pub load: f64,
}

/// A dated event that moved sales, or will.
#[derive(Clone, Debug)]
pub struct Factor {
    /// Region node.
    pub node: usize,
    /// Products meant.
    pub scope: Scope,
    /// First month.
    pub from: Month,
    /// Last month.
    pub to: Month,
    /// Reason code.
    pub reason: String,
    /// +1 where the reason raises sales, -1 where it lowers them, 0 where the effect alone says.
    pub sign: i8,
    /// Share of that period's sales gained or lost; -1 is closed.
    pub effect: Option<f64>,
    /// Since when it is known.
    pub known: NaiveDate,
    /// Where it stands.
    pub place: Place,
}

impl Factor {
    /// Whether its effect is measured in its own months: none is stated, or it says that nothing could be sold (-100%),
    /// which leaves nothing to go back from.
    pub fn is_measured(&self) -> bool {
        is_measured(self.effect)
    }

    /// Whether it says that nothing could be sold.
    pub fn is_closed(&self) -> bool {
        self.effect.is_some() && self.is_measured()
    }
}

/// [`Factor::is_measured`] of an effect.
fn is_measured(effect: Option<f64>) -> bool {
    effect.is_none_or(|effect| effect <= -1.0)
}

/// A planner's growth rate for a fiscal year.
#[derive(Clone, Debug)]
pub struct Growth {
    /// Region node.
    pub node: usize,
    /// Products meant.
    pub scope: Scope,
    /// Fiscal year.
    pub year: i32,
    /// Growth on last year's actual sales, a share (.11 for 11%).
    pub growth: f64,
    /// Whether the target split must keep it.
    pub lock: bool,
    /// Reason code.
    pub reason: String,
    /// Since when it is known; none: assumed known.
    pub known: Option<NaiveDate>,
    /// Where it stands.
    pub place: Place,
}

/// What a target is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Units.
    Units,
    /// Yuan.
    Revenue,
}

/// One row of `targets`.
#[derive(Clone, Debug)]
pub struct Target {
    /// Fiscal year.
    pub year: i32,
    /// Index into `stages`.
    pub stage: usize,
    /// Region node.
    pub node: usize,
    /// Products meant.
    pub scope: Scope,
    /// The month, where the row speaks of one.
    pub month: Option<Month>,
    /// What it counts.
    pub measure: Measure,
    /// The target, in units or yuan; none where the row gives bounds only.
    pub value: Option<f64>,
    /// Lower bound.
    pub min: Option<f64>,
    /// Upper bound.
    pub max: Option<f64>,
    /// Whether the split must keep it.
    pub lock: bool,
    /// Since when it is known; none: assumed known.
    pub known: Option<NaiveDate>,
    /// Where it stands.
    pub place: Place,
}

/// Where in the channel stock lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Our own customers, the dealers.
    Dealer,
    /// The tiers and shops below them.
    Downstream,
}

/// A month-end count in the channel.
#[derive(Clone, Debug)]
pub struct ChannelStock {
    /// Month at whose end it was counted.
    pub month: Month,
    /// Region node.
    pub node: usize,
    /// Products meant.
    pub scope: Scope,
    /// Tier counted.
    pub tier: Tier,
    /// Stock, in units.
    pub units: f64,
    /// What the tier sold in the month, in units, where counted.
    pub sell_out: Option<f64>,
    /// Where it stands.
    pub place: Place,
}

/// What an answer says of its month (R7).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Says {
    /// So many units.
    Units(f64),
    /// A share of the month's target.
    Attainment(f64),
    /// A change of our own number, as a share of it.
    Change(f64),
}

impl Says {
    /// In units, of our own number and the month's target; none where there is no target to take a share of.
    pub fn units(self, ours: f64, target: Option<f64>) -> Option<f64> {
        match self {
            Says::Units(units) => Some(units),
            Says::Attainment(share) => target.map(|target| target * share),
            Says::Change(share) => Some(ours * (1.0 + share)),
        }
    }
}

impl std::fmt::Display for Says {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        // To a millionth of a percent; more digits are those of the binary share.
        let percent = |share: f64| (share * 1e8).round() / 1e6;
        match self {
            Says::Units(units) => write!(f, "{units}"),
            Says::Attainment(share) => write!(f, "{}%", percent(*share)),
            Says::Change(share) => write!(f, "{:+}%", percent(*share)),
        }
    }
}

/// A front-line estimate or a planner's override.
#[derive(Clone, Debug)]
pub struct Answer {
    /// When it was made.
    pub made: NaiveDate,
    /// The month it speaks of.
    pub month: Month,
    /// Region node.
    pub node: usize,
    /// Products meant.
    pub scope: Scope,
    /// What it says.
    pub says: Says,
    /// Who says so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Whether it must be kept against coarser answers (overrides).
    pub lock: bool,
    /// Where it stands.
    pub place: Place,
}

/// Month to date.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Up to and including this day.
    pub as_of: NaiveDate,
    /// Region node.
    pub node: usize,
    /// Products meant.
    pub scope: Scope,
    /// Units since the month began.
    pub units: f64,
    /// Where it stands.
    pub place: Place,
}

impl Dataset {
    /// Whether a product is sold in whole units.
    pub fn is_whole(&self, product: usize) -> bool {
        let group = self.grid.products.group.get(product);
        group.and_then(|group| self.whole.get(*group)).copied().unwrap_or(false)
    }

    /// The month with an index.
    pub fn month(&self, index: usize) -> Month {
        self.start.plus(index as i32)
    }

    /// How many months of history.
    pub fn months(&self) -> usize {
        self.units.ncols()
    }

    /// Whether a month of the history is complete by a day.
    pub fn is_complete(&self, index: usize, by: NaiveDate) -> bool {
        if index + self.reported.open >= self.months() {
            return false;
        }
        let closed = self.closed.filter(|_| index + 1 == self.months());
        closed.unwrap_or_else(|| self.month(index).last_day()) <= by
    }

    /// The fiscal year a month lies in.
    pub fn fiscal_year(&self, month: Month) -> i32 {
        month.fiscal_year(self.settings.fiscal.start)
    }

    /// Where a cell of `units` was read; none where the month has no row.
    pub fn place(&self, series: usize, month: usize) -> Option<Place> {
        self.places.get(*self.rows.get((series, month))?)
    }
}
