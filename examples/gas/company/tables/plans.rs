//! What people plan and say: factors, targets, growth rates, front-line estimates, overrides, month to date.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::super::calendar::{MONTHS, month};
use super::super::catalogue::{CATEGORIES, INSURANCE, PRODUCTS, REGIONS, region};
use super::super::{World, events, stream};
use super::Table;
use super::books::Books;
use crate::row;

/// The day of the count of the month after the tables, and of the stock.
pub const AS_OF: (&str, u32) = ("2014-07-10", 10);
/// Growth of the targets in units: year, stage, goods, insurance. Marketing asks for more, the department knows its
/// centres (assumptions).
const TARGETS: [(i32, &str, f64, f64); 4] = [
    (2014, "marketing", 1.60, 1.35),
    (2014, "department", 1.50, 1.30),
    (2015, "marketing", 1.32, 1.22),
    (2015, "department", 1.24, 1.18),
];
/// Of the last year's targets: a centre's heaters are fixed at this growth, another's hoods may not grow by more.
const LOCKED: (&str, &str, f64) = ("chengnan", "water_heater", 1.15);
const LIMITED: (&str, &str, f64) = ("binhu", "hood", 1.25);
/// Spread of a front-line estimate around the person's own bias, on the log scale (assumption).
const FRONT_NOISE: f64 = 0.07;
/// Months in which estimates were made, as index: April to July 2014.
const ROUNDS: std::ops::RangeInclusive<i32> = 33..=36;

/// Every group that has targets and estimates.
fn groups() -> impl Iterator<Item = &'static str> {
    CATEGORIES.iter().map(|category| category.code).chain([INSURANCE])
}

/// `factors`.
pub fn factors() -> Table {
    let columns = &["region", "product", "from", "to", "reason", "effect", "known", "note"];
    Table { name: "factors", columns, rows: events::rows(false) }
}

/// `targets`: units by group, at both stages, for the last year and the next.
pub fn targets(books: &Books) -> Table {
    let mut rows = Vec::new();
    for (year, stage, goods, insurance) in TARGETS {
        let before = (year - 1 - super::super::calendar::FIRST_YEAR) * 12;
        for group in groups() {
            let growth = if group == INSURANCE { insurance } else { goods };
            let units = round_to(f64::from(books.year(before, group)) * growth, 10);
            rows.push(row![year, stage, "", "", group, units, "", "", "", ""]);
        }
    }
    let last = MONTHS - 12;
    let (centre, group, growth) = LOCKED;
    let units = round_to(f64::from(books.centre_year(last, region(centre), group)) * growth, 1);
    rows.push(row![2015, "department", centre, "", group, units, "", "", "", "yes"]);
    let (centre, group, growth) = LIMITED;
    let most = round_to(f64::from(books.centre_year(last, region(centre), group)) * growth, 1);
    rows.push(row![2015, "department", centre, "", group, "", "", "", most, ""]);
    let columns = &["year", "stage", "region", "month", "product", "units", "revenue", "min", "max", "lock"];
    Table { name: "targets", columns, rows }
}

/// `growth`: a planner's own rate for the suppressed centre, a little above the company's target.
pub fn growth() -> Table {
    let rows = vec![row!["kaifa", "", 2015, "28%", "", "cooperation", "Lin Hai"]];
    Table { name: "growth", columns: &["region", "product", "year", "growth", "lock", "reason", "by"], rows }
}

/// `frontline`: each centre's head estimates the two months to come, by group; bias and luck are the head's own.
pub fn frontline(world: &World, books: &Books) -> Table {
    let mut rng = stream(world.seed, 10);
    let mut rows = Vec::new();
    for made in ROUNDS {
        for (r, centre) in REGIONS.iter().enumerate() {
            let (name, bias) = centre.head;
            // Not everybody answers every time.
            if rng.random_bool(0.15) {
                continue;
            }
            for ahead in 1..=2 {
                for group in groups().filter(|group| *group != "pipe" && *group != "alarm") {
                    let luck: f64 = StandardNormal.sample(&mut rng);
                    // Two months ahead less is known.
                    let noise = (FRONT_NOISE * f64::from(ahead).sqrt() * luck).exp();
                    let seen = f64::from(books.category(made + ahead, r, group));
                    let units = round_to(seen * bias * noise, 1);
                    let (reason, note) = reason(bias * noise);
                    rows.push(row![month(made), month(made + ahead), centre.code, group, units, name, reason, note]);
                }
            }
        }
    }
    let columns = &["made", "month", "region", "product", "units", "by", "reason", "note"];
    Table { name: "frontline", columns, rows }
}

/// Why a head answers high, low or as expected.
fn reason(answer: f64) -> (&'static str, &'static str) {
    match answer {
        a if a > 1.10 => ("promotion", "fitting teams bring customers along"),
        a if a > 1.02 => ("cooperation", "property managers send their households"),
        a if a < 0.90 => ("competitor", "appliance market nearby discounts"),
        a if a < 0.98 => ("weather", "rain keeps fitters from working"),
        _ => ("other", "as registered"),
    }
}

/// `overrides`: a planner's last words, one made at the close of June and two made during July.
pub fn overrides(books: &Books) -> Table {
    let near = |t: i32, centre: &str, product: &str, factor: f64| {
        let p = PRODUCTS.iter().position(|p| p.code == product).unwrap_or(0);
        round_to(f64::from(books.units(t, region(centre), p)) * factor, 1)
    };
    let rows = vec![
        row![
            month(35),
            month(36),
            "gaoxin",
            "WH-13L",
            near(36, "gaoxin", "WH-13L", 1.05),
            "Lin Hai",
            "promotion",
            "",
            "winter stock sold off early"
        ],
        row![
            month(36),
            month(37),
            "chengxi",
            "HD-S2",
            near(37, "chengxi", "HD-S2", 0.95),
            "Lin Hai",
            "competitor",
            "yes",
            "agreed with the centre"
        ],
        row![
            month(36),
            month(38),
            "chengdong",
            "ST-D4",
            near(38, "chengdong", "ST-D4", 1.1),
            "Gao Yan",
            "promotion",
            "",
            "stoves first at the autumn fair"
        ],
    ];
    let columns = &["made", "month", "region", "product", "units", "by", "reason", "lock", "note"];
    Table { name: "overrides", columns, rows }
}

/// `progress`: the first ten days of the month after the tables.
pub fn progress(world: &World) -> Table {
    let mut units = vec![vec![0; PRODUCTS.len()]; REGIONS.len()];
    for purchase in world.purchases().filter(|p| p.t == MONTHS && p.day <= AS_OF.1) {
        units[purchase.region][purchase.product] += purchase.units;
    }
    let mut rows = Vec::new();
    for (region, units) in REGIONS.iter().zip(units) {
        let on_range = PRODUCTS.iter().zip(units).filter(|(product, _)| product.on_range(MONTHS));
        rows.extend(on_range.map(|(product, units)| row![AS_OF.0, region.code, product.code, units]));
    }
    Table { name: "progress", columns: &["as_of", "region", "product", "units"], rows }
}

/// The nearest multiple of `step`.
pub fn round_to(value: f64, step: u32) -> u32 {
    (value / f64::from(step)).round() as u32 * step
}
