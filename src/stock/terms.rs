//! On what terms a product is stocked: lead time, lots, service, what a missing unit and one too many cost.

use super::Reason;
use crate::dataset::suppliers::Break;
use crate::dataset::{Known, Supply};
use crate::grid::{COMPANY, Kind, Scope};
use crate::month::Month;
use crate::settings::{MOST_SERVICE, Service};
use crate::stats::stock::{Lot, critical_ratio};

/// Days of a year, for what holding costs.
const YEAR: f64 = 365.0;
/// A last buy is at most this quantile of what will still be sold (docs/METHOD.md#stock).
const LAST_BUY_AT_MOST: f64 = 0.95;
/// A product is new for so many months.
const FIRST_YEAR: i32 = 12;

/// The terms of a product.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Whether it is goods: policies and services are never stocked.
    pub goods: bool,
    /// Whether it may be ordered.
    pub buy: bool,
    /// Who delivers it, by index into the suppliers with terms.
    pub supplier: Option<usize>,
    /// Days from today to the first on which its supplier takes orders.
    pub wait: usize,
    /// Days from that order to the next: the time between two looks, or until its supplier takes orders again.
    pub review: usize,
    /// Price breaks, ascending.
    pub breaks: Vec<Break>,
    /// What one unit takes of a container; 0 where nobody says.
    pub load: f64,
    /// Days that a unit keeps; none: it keeps.
    pub shelf_life: Option<u32>,
    /// Days from order to delivery, with those until an order is taken.
    pub lead: usize,
    /// Standard deviation of these days.
    pub lead_spread: f64,
    /// Packs and smallest order, units.
    pub lot: Lot,
    /// What its service means.
    pub measure: Service,
    /// The level asked for, within (0, 1); where costs decide, their critical ratio.
    pub service: f64,
    /// Quantile of what will still be sold to which a retiring product is bought.
    pub last_buy: f64,
    /// Least units on a shelf.
    pub shelf: f64,
    /// Yuan a unit, to buy.
    pub cost: Option<f64>,
    /// Yuan a unit, to sell.
    pub price: Option<f64>,
    /// Last month sold, as known.
    pub retires: Option<Month>,
    /// Months with sales of its own, of a product in its first year (0: not yet sold); none of older ones.
    pub young: Option<u32>,
    /// The month of its launch, where that is over and nothing has been sold: it slipped.
    pub slipped: Option<Month>,
}

impl Terms {
    /// The terms of a product as the folder has them, its settings where it is silent.
    pub fn of(known: &Known, product: usize) -> Terms {
        let (data, settings) = (known.data, &known.data.settings.stock);
        let row = data.products.get(product).cloned().unwrap_or_default();
        let supplier = data.suppliers.of(&row.supply.supplier);
        let Supply {
            lead_days, lead_spread, least, pack, service, measure, shelf, do_not_buy, shelf_life, load, ..
        } = row.supply;
        let (wait, review) = match supplier.and_then(|at| data.suppliers.list.get(at)) {
            Some(vendor) => vendor.orders(known.origin.as_of, settings.review_days as usize),
            None => (0, settings.review_days as usize),
        };
        let group = data.grid.products.group.get(product).and_then(|g| data.grid.products.groups.get(*g));
        let of_group = group.and_then(|g| data.settings.service.get(g));
        let margin = row.price.zip(row.cost).map(|(price, cost)| (price - cost).max(0.0));
        let holding = row.cost.map(|cost| cost * settings.holding * review as f64 / YEAR);
        let mut measure = measure.unwrap_or(settings.measure);
        let asked = service.or(of_group.copied()).unwrap_or(settings.service);
        let by_cost = margin.zip(holding).map(|(missing, over)| critical_ratio(missing, over).min(MOST_SERVICE));
        if measure == Service::Cost && by_cost.is_none() {
            measure = Service::Cycle;
        }
        let left_over = row.cost.map(|cost| cost * (1.0 - settings.salvage));
        let last_buy = margin.zip(left_over).map_or(asked, |(missing, over)| critical_ratio(missing, over));
        let age = known.launch(product).map(|launch| known.origin.cutoff.since(Month::of(launch)) + 1);
        Terms {
            goods: row.kind.is_none_or(|kind| kind == Kind::Goods),
            buy: !do_not_buy,
            supplier,
            wait,
            review,
            breaks: data.suppliers.breaks(product).to_vec(),
            load,
            shelf_life,
            lead: wait + lead_days.unwrap_or(f64::from(settings.lead_days)).round() as usize,
            lead_spread,
            lot: Lot { pack: pack.unwrap_or(1.0), least },
            measure,
            service: by_cost.filter(|_| measure == Service::Cost).unwrap_or(asked),
            last_buy: last_buy.min(LAST_BUY_AT_MOST),
            shelf,
            cost: row.cost,
            price: row.price,
            retires: known.retire(product),
            young: age.filter(|age| *age < FIRST_YEAR).map(|_| sold_in(known, product)),
            slipped: known
                .launch(product)
                .map(Month::of)
                .filter(|launch| *launch <= known.origin.cutoff && sold_in(known, product) == 0),
        }
    }

    /// Price of a unit in an order of so many, in yuan: that of the last break reached, else the cost.
    pub fn price_of(&self, units: f64) -> Option<f64> {
        self.breaks.iter().rev().find(|b| b.from <= units).map(|b| b.price).or(self.cost)
    }

    /// Why it is not ordered, whatever it needs; none: it may be.
    pub fn stopped(&self) -> Option<Reason> {
        match self.slipped {
            Some(launch) => Some(Reason::Slipped { launch }),
            None => (!self.buy).then_some(Reason::DoNotBuy),
        }
    }

    /// Whether more may be ordered than is needed: of nothing that is not ordered at all, and of nothing still to prove
    /// itself.
    pub fn may_grow(&self, proven: u32) -> bool {
        self.stopped().is_none() && self.trust(proven) >= 1.0
    }

    /// How far a product in its first year is trusted, 0 to 1: by its months of sales over those that prove it.
    pub fn trust(&self, proven: u32) -> f64 {
        self.young.map_or(1.0, |months| (f64::from(months) / f64::from(proven.max(1))).min(1.0))
    }

    /// What a missing unit loses, in yuan: its margin.
    pub fn margin(&self) -> Option<f64> {
        self.price.zip(self.cost).map(|(price, cost)| (price - cost).max(0.0))
    }
}

/// Months visible in which a product was sold anywhere, at most those of a year.
fn sold_in(known: &Known, product: usize) -> u32 {
    let series = known.data.grid.in_scope(COMPANY, Scope::Product(product));
    let is_sold = |t: &usize| series.iter().any(|s| known.units[(*s, *t)] > 0.0);
    (0..known.months()).rev().filter(is_sold).take(FIRST_YEAR as usize).count() as u32
}
