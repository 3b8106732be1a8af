//! On what terms a product is stocked: lead time, lots, service, what a missing unit and one too many cost.

use crate::dataset::{Known, Supply};
use crate::grid::Kind;
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
    /// Days from order to delivery.
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
    /// Months of sales of its own, of a product in its first year (0: not yet sold); none of older ones.
    pub young: Option<u32>,
}

impl Terms {
    /// The terms of a product as the folder has them, its settings where it is silent.
    pub fn of(known: &Known, product: usize) -> Terms {
        let (data, settings) = (known.data, &known.data.settings.stock);
        let row = data.products.get(product).cloned().unwrap_or_default();
        let Supply { lead_days, lead_spread, least, pack, service, measure, shelf, do_not_buy, .. } = row.supply;
        let group = data.grid.products.group.get(product).and_then(|g| data.grid.products.groups.get(*g));
        let of_group = group.and_then(|g| data.settings.service.get(g));
        let margin = row.price.zip(row.cost).map(|(price, cost)| (price - cost).max(0.0));
        let holding = row.cost.map(|cost| cost * settings.holding * f64::from(settings.review_days) / YEAR);
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
            lead: lead_days.unwrap_or(f64::from(settings.lead_days)).round() as usize,
            lead_spread,
            lot: Lot { pack: pack.unwrap_or(1.0), least },
            measure,
            service: by_cost.filter(|_| measure == Service::Cost).unwrap_or(asked),
            last_buy: last_buy.min(LAST_BUY_AT_MOST),
            shelf,
            cost: row.cost,
            price: row.price,
            retires: known.retire(product),
            young: age.filter(|age| *age < FIRST_YEAR).map(|age| u32::try_from(age).unwrap_or(0)),
        }
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
