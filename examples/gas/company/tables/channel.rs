//! Month-end stock of the franchised dealers and of the decorators' shops below them.

use rand_distr::{Distribution, StandardNormal};

use super::super::calendar::{MONTHS, month};
use super::super::catalogue::{REGIONS, region};
use super::super::{World, stream};
use super::Table;
use super::books::Books;
use crate::row;

/// Months counted.
const COUNTED: i32 = 24;
/// The usual cover of each tier in months of its sell-out, and the spread of a month's around it (log scale).
const DEALER_COVER: f64 = 0.45;
const DOWNSTREAM_COVER: f64 = 0.80;
const SPREAD: f64 = 0.06;
/// Centres with dealers, and their downstream cover at the end of the tables as a multiple of the usual one: one far
/// over it (above 1.5), one over it (1.25 to 1.5), two as usual.
const CENTRES: [(&str, f64); 4] = [("chengdong", 1.0), ("chengnan", 1.0), ("gaoxin", 1.75), ("binhu", 1.38)];
/// The last month's push empties the dealers' warehouses into the shops below, where it was.
const EMPTIED: f64 = 0.5;
/// Groups counted.
const GROUPS: [&str; 2] = ["stove", "water_heater"];
/// The one centre whose dealers report what they sold.
const REPORTS: &str = "chengdong";

/// A tier's month-end stock and what it sold in the month.
struct Tier {
    stock: Vec<u32>,
    sold: Vec<u32>,
}

impl Tier {
    /// Lets a tier take in goods month by month and hold the cover it aims at: of the stocks that are possible, the
    /// one whose cover (stock over the mean of the last three months' sell-out) is nearest. Months before the first
    /// count as sold like it.
    fn hold(taken_in: &[u32], aim: impl Fn(usize) -> f64) -> Tier {
        let first = f64::from(taken_in.first().copied().unwrap_or(0));
        let mut tier = Tier { stock: Vec::new(), sold: Vec::new() };
        let mut before = (first * aim(0)).round() as u32;
        for (i, &taken) in taken_in.iter().enumerate() {
            let had = before + taken;
            let earlier = |back: usize| i.checked_sub(back).map_or(first, |j| f64::from(tier.sold[j]));
            let rest = earlier(1) + earlier(2);
            let miss = |stock: u32| {
                let mean = (f64::from(had - stock) + rest) / 3.0;
                if mean > 0.0 { (f64::from(stock) / mean - aim(i)).abs() } else { f64::INFINITY }
            };
            let stock = (0..=had).min_by(|a, b| miss(*a).total_cmp(&miss(*b))).unwrap_or(0);
            tier.sold.push(had - stock);
            tier.stock.push(stock);
            before = stock;
        }
        tier
    }
}

/// `channel_stock`.
pub fn channel_stock(world: &World, books: &Books) -> Table {
    let mut rng = stream(world.seed, 12);
    let mut rows = Vec::new();
    for (code, last) in CENTRES {
        for group in GROUPS {
            let sell_in: Vec<u32> =
                (MONTHS - COUNTED..MONTHS).map(|t| books.category(t, region(code), group)).collect();
            let mut aims = |usual: f64| -> Vec<f64> {
                let luck = (0..COUNTED).map(|_| -> f64 { StandardNormal.sample(&mut rng) });
                luck.map(|luck| usual * (SPREAD * luck).exp()).collect()
            };
            let (mut dealer, mut below) = (aims(DEALER_COVER), aims(DOWNSTREAM_COVER));
            let end = COUNTED as usize - 1;
            below[end] = DOWNSTREAM_COVER * last;
            if last > 1.0 {
                dealer[end] = DEALER_COVER * EMPTIED;
                // The shops began to fill a month earlier.
                below[end - 1] = DOWNSTREAM_COVER * last.sqrt();
            }
            let dealers = Tier::hold(&sell_in, |i| dealer[i]);
            let shops = Tier::hold(&dealers.sold, |i| below[i]);
            for i in 0..COUNTED {
                let at = month(MONTHS - COUNTED + i);
                let i = i as usize;
                let sold = if code == REPORTS && i > 0 { dealers.sold[i].to_string() } else { String::new() };
                let centre = REGIONS[region(code)].code;
                rows.push(row![at, centre, group, "dealer", dealers.stock[i], sold]);
                rows.push(row![at, centre, group, "downstream", shops.stock[i], ""]);
            }
        }
    }
    Table { name: "channel_stock", columns: &["month", "region", "product", "tier", "units", "sell_out"], rows }
}
