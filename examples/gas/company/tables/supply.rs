//! Stock at the centres and in the central warehouse.

use rand::Rng;

use super::super::calendar::MONTHS;
use super::super::catalogue::{Product, REGIONS, Supply};
use super::super::{World, catalogue, stream};
use super::Table;
use super::books::Books;
use super::plans::AS_OF;
use crate::row;

/// Months of recent sales that a centre and the warehouse hold (assumption; the spread is drawn).
const CENTRE_COVER: (f64, f64) = (0.3, 1.1);
const WAREHOUSE_COVER: (f64, f64) = (0.2, 0.8);
/// The warehouse: it belongs to no centre.
const WAREHOUSE: &str = "DC-1";

/// `stock`: goods on hand and on order on the day of the count.
pub fn stock(world: &World, books: &Books) -> Table {
    let mut rng = stream(world.seed, 11);
    let mut rows = Vec::new();
    let held = |p: &Product| p.supply.is_some() && p.on_range(MONTHS);
    let goods = || catalogue::PRODUCTS.iter().enumerate().filter(|(_, p)| held(p));
    // Sales a month, over the last three.
    let pace = |r: usize, p: usize| (MONTHS - 3..MONTHS).map(|t| f64::from(books.units(t, r, p))).sum::<f64>() / 3.0;
    for (r, region) in REGIONS.iter().enumerate() {
        for (p, product) in goods() {
            let out = world.outages.is_out(MONTHS, r, p, AS_OF.1);
            let cover = rng.random_range(CENTRE_COVER.0..CENTRE_COVER.1);
            let on_hand = if out { 0 } else { (pace(r, p) * cover).round() as u32 };
            let backorders = if out { (pace(r, p) / 10.0).ceil() as u32 } else { 0 };
            let low = cover < 0.55 || out;
            let order = if low { order(pace(r, p), product, false) } else { 0 };
            let due = due(order, rng.random_range(3..=12));
            let location = format!("SC-{}", region.code);
            rows.push(row![location, region.code, product.code, on_hand, AS_OF.0, order, due, backorders]);
        }
    }
    for (p, product) in goods() {
        let pace: f64 = (0..REGIONS.len()).map(|r| pace(r, p)).sum();
        let on_hand = (pace * rng.random_range(WAREHOUSE_COVER.0..WAREHOUSE_COVER.1)).round() as u32;
        // What leaves the range is not bought again.
        let order = if product.retire.is_some() { 0 } else { order(pace, product, true) };
        let due = due(order, rng.random_range(5..=20));
        rows.push(row![WAREHOUSE, "", product.code, on_hand, AS_OF.0, order, due, 0]);
    }
    let columns = &["location", "region", "product", "on_hand", "as_of", "on_order", "due", "backorders"];
    Table { name: "stock", columns, rows }
}

/// An order of a month's sales in whole packs; one to the supplier is at least the smallest order.
fn order(pace: f64, product: &Product, to_supplier: bool) -> u32 {
    let Some(Supply { moq, pack, .. }) = product.supply else { return 0 };
    let packs = (pace.ceil() as u32).div_ceil(pack) * pack;
    if to_supplier { packs.max(moq) } else { packs }
}

/// The day an order is due, some days after the count.
fn due(order: u32, days: u32) -> String {
    if order == 0 { String::new() } else { format!("2014-07-{:02}", AS_OF.1 + days) }
}
